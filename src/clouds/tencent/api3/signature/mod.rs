//! Who sent a request, and whether the signature proves it.
//!
//! Two methods: *TC3-HMAC-SHA256* in the `Authorization` header, and *v1*, HMAC-SHA1 or HMAC-SHA256,
//! among the parameters. Beside them stand the word `SKIP` and requests without a signature. The
//! steps of each are pure functions named as on the vendor's pages.

pub(crate) mod tc3;
pub(crate) mod v1;

use chrono::{DateTime, Utc};

use super::error::ApiError;
use super::request::{Request, Transport};
use crate::clouds::auth::credentials::is_of_a_tenant;
use crate::clouds::context::{AuthMode, Context};
use crate::clouds::outcome::{Mismatch, Outcome, Verdict};
use crate::clouds::tencent::settings::Settings;
use crate::model::SecretKey;

/// What an SDK sends instead of a signature when it is told not to make one.
const SKIP: &str = "SKIP";

/// Checks the request as the mode demands and returns the id of the key that it claims.
///
/// # Errors
///
/// What the real service answers to a missing, unknown, wrong or stale signature.
pub fn authenticate<'r>(
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
        // Nothing is checked, so the claim stands.
        Ok(None) | Err(_) if mode == AuthMode::Off => {
            let claimed = request.common("SecretId");
            outcome.access_key_id = claimed.map(str::to_owned);
            outcome.verdict = Verdict::Unsigned;
            return Ok(claimed);
        }
        Ok(None) => {
            outcome.verdict = Verdict::Unsigned;
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let secret_id = signature.secret_id();
    outcome.access_key_id = Some(secret_id.to_owned());
    if mode != AuthMode::Off && secret_id.trim() != secret_id {
        outcome.hint = Some("the SecretId has white space before or after it".to_owned());
        return Err(ApiError::SecretIdNotFound);
    }
    let keys = context.auth.credentials.keys();
    let key = keys.get(secret_id);
    if key.is_none() && is_of_a_tenant(secret_id) {
        return Err(ApiError::SecretIdNotFound);
    }
    match (mode, key) {
        (AuthMode::Off, _) | (AuthMode::Lenient, None) => {
            outcome.verdict = Verdict::Unchecked;
            return Ok(Some(secret_id));
        }
        (AuthMode::Lenient, Some(key)) => {
            signature.verify(request, context, &key.secret, outcome)?;
        }
        (AuthMode::Strict, key) => {
            signature.check_coverage(request)?;
            check_time(request, context, settings)?;
            let key = key.ok_or(ApiError::SecretIdNotFound)?;
            signature.verify(request, context, &key.secret, outcome)?;
        }
    }
    outcome.verdict = Verdict::Valid;
    Ok(Some(secret_id))
}

/// The id of the key that a request is signed with.
pub fn secret_id(request: &Request) -> Option<&str> {
    let signature = Signature::of(request, AuthMode::Lenient).ok()??;
    Some(signature.secret_id())
}

/// A signature by one of the methods.
enum Signature<'r> {
    Tc3(tc3::Authorization<'r>),
    V1(v1::Signature<'r>),
}

impl<'r> Signature<'r> {
    /// The signature of a request; absent where it has none and needs none.
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

    /// TC3 signs the headers that it names; some it must. v1 signs query and form, but no JSON.
    fn check_coverage(&self, request: &Request) -> Result<(), ApiError> {
        match self {
            Self::Tc3(authorization) if !authorization.covers_what_it_must() => {
                Err(ApiError::InvalidAuthorization("`SignedHeaders`"))
            }
            Self::V1(_) if request.has_json_body() => Err(ApiError::SignatureFailure),
            Self::Tc3(_) | Self::V1(_) => Ok(()),
        }
    }

    /// Signs the request as its sender should have and compares.
    fn verify(
        &self,
        request: &Request,
        context: &Context,
        secret: &SecretKey,
        outcome: &mut Outcome,
    ) -> Result<(), ApiError> {
        let mismatch = match self {
            Self::Tc3(authorization) => {
                let timestamp = request.required("Timestamp")?;
                tc3::verify(request, authorization, timestamp, secret)
            }
            Self::V1(signature) => v1::verify(request, signature, secret)?,
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
        outcome.mismatch = Some(Box::new(mismatch));
        Err(ApiError::SignatureFailure)
    }
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
        _ => Err(ApiError::SignatureExpire(context.now.timestamp())),
    }
}

/// Reads a time stamp: Unix seconds.
fn seconds(timestamp: &str) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(timestamp.parse().ok()?, 0)
}

/// How a signature does not match, where no mistake is known that leads to it.
fn unexplained(server: String) -> Mismatch {
    Mismatch {
        diagnosis: "the secret is another one, or something else was signed".to_owned(),
        server,
        client: None,
        first_difference: None,
    }
}

/// The values of the `Host` header that may have been signed: as sent, and without a port, which is
/// what the Node SDK signs.
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

/// The paths that may have been signed: always `/` by the vendor's page; some clients sign the one
/// they ask for.
fn paths(request: &Request) -> Vec<&str> {
    let mut paths = vec!["/"];
    if request.wire.path != "/" {
        paths.push(&request.wire.path);
    }
    paths
}

#[cfg(test)]
mod tests;
