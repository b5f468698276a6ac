//! Authentication of requests.
//!
//! There are two signature methods: *TC3-HMAC-SHA256* in the `Authorization` header, and *v1*, HMAC-SHA1 or
//! HMAC-SHA256, in a parameter. Requests can also have the word `SKIP` or no signature. The steps of each
//! method are pure functions named as on the vendor's pages.

pub(crate) mod tc3;
pub(crate) mod v1;

use chrono::{DateTime, Utc};

use super::error::ApiError;
use super::region;
use super::request::{Request, Transport};
use crate::clouds::auth::credentials::AccessKey;
use crate::clouds::auth::lookup::{self, UnknownKey};
use crate::clouds::context::{AuthMode, Context};
use crate::clouds::diagnosis::{self, Mistake};
use crate::clouds::outcome::{Outcome, Verdict};
use crate::clouds::tencent::settings::Settings;
use crate::model::{Cloud, SecretKey};

/// The value of `Authorization` from SDKs whose signatures are turned off.
const SKIP: &str = "SKIP";

/// Checks the signature as the mode requires and returns the key id of the request.
///
/// # Errors
///
/// The errors of the real service for a missing, unknown, wrong or stale signature.
pub(crate) fn authenticate<'r>(
    request: &'r Request,
    context: &Context,
    settings: &Settings,
    outcome: &mut Outcome,
) -> Result<Option<&'r str>, ApiError> {
    let mode = context.auth.mode;
    outcome.verdict = Verdict::Refused;
    if mode == AuthMode::Strict {
        request.required("Timestamp")?;
        request.required("Version")?;
    }
    let signature = match Signature::of(request, mode) {
        Ok(Some(signature)) => signature,
        // The key id still selects the account.
        Ok(None) | Err(_) if mode == AuthMode::Off => {
            let claimed = request.common("SecretId");
            outcome.access_key_id = claimed.map(str::to_owned);
            outcome.verdict = Verdict::Unsigned;
            return Ok(claimed);
        }
        Ok(None) => {
            outcome.verdict = Verdict::Unsigned;
            note_empty_signature(request, outcome);
            return Ok(None);
        }
        Err(error) => {
            note_empty_signature(request, outcome);
            return Err(error);
        }
    };
    let secret_id = signature.secret_id();
    outcome.access_key_id = Some(secret_id.to_owned());
    let keys = context.auth.credentials.keys();
    let note = |mistake| signature.note(mistake, request, outcome);
    let key = lookup::find(&keys, Cloud::Tencent, secret_id, mode, note)
        .map_err(|UnknownKey| ApiError::SecretIdNotFound)?;
    // Tencent Cloud has no RSA keys.
    let secret = key.as_deref().and_then(AccessKey::secret);
    match (mode, secret) {
        (AuthMode::Off, _) | (AuthMode::Lenient, None) => {
            outcome.verdict = Verdict::Unchecked;
            return Ok(Some(secret_id));
        }
        (AuthMode::Lenient, Some(secret)) => {
            signature.verify(request, context, settings, secret, outcome)?;
        }
        (AuthMode::Strict, secret) => {
            signature.check_coverage(request)?;
            check_time(request, context, settings).inspect_err(|_| {
                let time = request.common("Timestamp").and_then(seconds);
                if time.is_some_and(|time| diagnosis::is_eight_hours_off(time, context.now)) {
                    signature.note(Mistake::LocalTime, request, outcome);
                }
            })?;
            let secret = secret.ok_or(ApiError::SecretIdNotFound)?;
            signature.verify(request, context, settings, secret, outcome)?;
        }
    }
    if let Some(session) = key.as_deref().and_then(|key| key.session.as_ref()) {
        session.check(request.common("Token"), context.now)?;
    }
    outcome.verdict = Verdict::Valid;
    Ok(Some(secret_id))
}

/// The id of the key that a request is signed with.
pub(crate) fn secret_id(request: &Request) -> Option<&str> {
    let signature = Signature::of(request, AuthMode::Lenient).ok()??;
    Some(signature.secret_id())
}

/// The id of the key that [`authenticate`] returns for an accepted request.
pub(crate) fn account_key_id(request: &Request, mode: AuthMode) -> Option<&str> {
    match Signature::of(request, mode) {
        Ok(Some(signature)) => Some(signature.secret_id()),
        Ok(None) | Err(_) if mode == AuthMode::Off => request.common("SecretId"),
        Ok(None) | Err(_) => None,
    }
}

/// The service in the scope of a TC3 signature.
pub(crate) fn scope_service(request: &Request) -> Option<&str> {
    match Signature::of(request, AuthMode::Lenient).ok()?? {
        Signature::Tc3(authorization) => Some(authorization.service),
        Signature::V1(_) => None,
    }
}

/// A signature by one of the methods.
enum Signature<'r> {
    Tc3(tc3::Authorization<'r>),
    V1(v1::Signature<'r>),
}

impl<'r> Signature<'r> {
    /// The signature of a request; absent if it has none and the mode requires none.
    fn of(request: &'r Request, mode: AuthMode) -> Result<Option<Self>, ApiError> {
        match request.transport {
            Transport::Headers => match request.wire.header("authorization") {
                None | Some("") if mode == AuthMode::Strict => {
                    Err(ApiError::MissingParameter("Authorization".to_owned()))
                }
                Some(SKIP) if mode == AuthMode::Strict => {
                    Err(ApiError::InvalidAuthorization("`Algorithm`"))
                }
                None | Some("" | SKIP) => Ok(None),
                Some(header) => {
                    let authorization = tc3::Authorization::parse(header)
                        .map_err(ApiError::InvalidAuthorization)?;
                    Ok(Some(Self::Tc3(authorization)))
                }
            },
            Transport::Parameters => {
                if request.common("Signature").is_none() && mode != AuthMode::Strict {
                    return Ok(None);
                }
                v1::Signature::of(request).map(|signature| Some(Self::V1(signature)))
            }
        }
    }

    fn secret_id(&self) -> &'r str {
        match self {
            Self::Tc3(authorization) => authorization.secret_id,
            Self::V1(signature) => signature.secret_id,
        }
    }

    /// TC3 must sign the required headers. v1 signs query and form, but not a JSON body.
    fn check_coverage(&self, request: &Request) -> Result<(), ApiError> {
        match self {
            Self::Tc3(authorization) if !authorization.covers_required_headers() => {
                Err(ApiError::InvalidAuthorization("`SignedHeaders`"))
            }
            Self::V1(_) if request.has_json_body() => Err(ApiError::SignatureFailure),
            Self::Tc3(_) | Self::V1(_) => Ok(()),
        }
    }

    /// Computes the expected signature and compares.
    fn verify(
        &self,
        request: &Request,
        context: &Context,
        settings: &Settings,
        secret: &SecretKey,
        outcome: &mut Outcome,
    ) -> Result<(), ApiError> {
        let hosts = || hosts_of_cloud(request, settings);
        let mismatch = match self {
            Self::Tc3(authorization) => {
                let timestamp = request.required("Timestamp")?;
                tc3::verify(request, authorization, timestamp, secret, hosts)
            }
            Self::V1(signature) => v1::verify(request, signature, secret, hosts)?,
        };
        let Some(mismatch) = mismatch else {
            return Ok(());
        };
        let secret_id = self.secret_id();
        tracing::debug!(
            request_id = context.request_id,
            ?secret_id,
            diagnosis = mismatch.diagnosis,
            "signature does not match"
        );
        outcome.note_mismatch(mismatch);
        Err(ApiError::SignatureFailure)
    }

    /// Notes a mistake that is not in the signature itself.
    fn note(&self, mistake: Mistake, request: &Request, outcome: &mut Outcome) {
        let server = match self {
            Self::Tc3(authorization) => tc3::shown(request, authorization),
            Self::V1(_) => v1::shown(request),
        };
        let mismatch = diagnosis::mismatch(mistake, Cloud::Tencent, server);
        outcome.note_mismatch(mismatch);
    }
}

/// Notes that a request has a signature parameter or field, but no value of it.
fn note_empty_signature(request: &Request, outcome: &mut Outcome) {
    let server = match request.transport {
        Transport::Headers => {
            let header = request.wire.header("authorization").unwrap_or_default();
            let mut fields = header.split(',').map(str::trim);
            if !fields.any(|field| field == "Signature=") {
                return;
            }
            String::new()
        }
        Transport::Parameters => {
            let mut pairs = request.pairs().iter();
            if !pairs.any(|(name, value)| name == "Signature" && value.is_empty()) {
                return;
            }
            v1::shown(request)
        }
    };
    let mismatch = diagnosis::mismatch(Mistake::SignatureEmpty, Cloud::Tencent, server);
    outcome.note_mismatch(mismatch);
}

fn check_time(request: &Request, context: &Context, settings: &Settings) -> Result<(), ApiError> {
    let timestamp = request.required("Timestamp")?;
    let fresh = |time: DateTime<Utc>| {
        settings
            .tolerance
            .is_none_or(|tolerance| (context.now - time).abs() <= tolerance)
    };
    match seconds(timestamp) {
        Some(time) if fresh(time) => Ok(()),
        _ => Err(ApiError::SignatureExpire(
            context.now.timestamp().to_string(),
        )),
    }
}

/// Reads a time stamp: Unix seconds.
fn seconds(timestamp: &str) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(timestamp.parse().ok()?, 0)
}

/// The hosts of the cloud that the client may have signed.
fn hosts_of_cloud(request: &Request, settings: &Settings) -> Vec<String> {
    let region = request.common("Region");
    let region = region.filter(|region| region::is_known(region));
    let region = region.unwrap_or(settings.default_region());
    let mut hosts = Vec::new();
    for service in request.services.0 {
        let product = service.product;
        hosts.extend([
            format!("{product}.tencentcloudapi.com"),
            format!("{product}.{region}.tencentcloudapi.com"),
            format!("{product}.intl.tencentcloudapi.com"),
        ]);
    }
    hosts
}

/// The accepted spellings of the signed host: as sent, and without the port, as the Node SDK signs it.
fn hosts(request: &Request) -> Vec<&str> {
    let sent = request.wire.header("host").unwrap_or_default();
    let mut hosts = vec![sent];
    if let Some((host, port)) = sent.rsplit_once(':')
        && !port.is_empty()
        && port.bytes().all(|byte| byte.is_ascii_digit())
    {
        hosts.push(host);
    }
    hosts
}

/// The accepted paths: `/`, as the vendor's page documents, and the path of the request, which some
/// clients sign.
fn paths(request: &Request) -> Vec<&str> {
    let mut paths = vec!["/"];
    if request.wire.path != "/" {
        paths.push(&request.wire.path);
    }
    paths
}

#[cfg(test)]
mod tests;
