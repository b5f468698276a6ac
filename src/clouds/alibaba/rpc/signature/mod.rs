//! Authentication of requests.
//!
//! There are three signature versions: *V1* has its signature in a parameter (the vendor's page calls it
//! "V2"), *ACS3* and *ACS4* in the `Authorization` header. Requests can also have a bearer token or no
//! signature. V1 and ACS3 can be signed with an RSA private key instead of a secret. The steps of each
//! version are pure functions named as on the vendor's pages.

pub(crate) mod acs;
pub(crate) mod percent;
pub(crate) mod v1;
mod verifier;

use chrono::{DateTime, TimeDelta, Utc};

use self::verifier::Verifier;
use super::error::ApiError;
use super::request::Request;
use crate::clouds::alibaba::settings::Settings;
use crate::clouds::auth::credentials::VerificationKey;
use crate::clouds::auth::lookup::{self, UnknownKey};
use crate::clouds::context::{AuthMode, Context};
use crate::clouds::diagnosis::{self, Mismatch, Mistake};
use crate::clouds::outcome::{Outcome, Verdict};
use crate::model::{Cloud, is_region_in_host};

/// The greatest difference between a time stamp and the clock.
const TOLERANCE: TimeDelta = TimeDelta::minutes(15);

/// Checks the signature as the mode requires and returns the access key id of the request.
///
/// # Errors
///
/// The errors of the real service for a missing, unknown, wrong, stale or repeated signature.
pub(crate) fn authenticate<'r>(
    request: &'r Request,
    context: &Context,
    settings: &Settings,
    outcome: &mut Outcome,
) -> Result<Option<&'r str>, ApiError> {
    let mode = context.auth.mode;
    outcome.verdict = Verdict::Refused;
    let credential = match Credential::of(request) {
        Ok(credential) => credential,
        Err(_) if mode == AuthMode::Off => {
            outcome.verdict = Verdict::Unchecked;
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    match credential {
        Credential::Signed {
            access_key_id,
            signature,
        } => {
            outcome.access_key_id = Some(access_key_id.to_owned());
            let checked = check_signature(
                access_key_id,
                &signature,
                request,
                context,
                settings,
                outcome,
            );
            outcome.verdict = checked?;
            Ok(Some(access_key_id))
        }
        Credential::Bearer if mode == AuthMode::Strict => {
            Err(ApiError::InvalidParameter("BearerToken".to_owned()))
        }
        Credential::Bearer => {
            outcome.verdict = Verdict::Unchecked;
            Ok(None)
        }
        Credential::Anonymous => match mode {
            AuthMode::Strict => {
                let missing = request
                    .parameter("AccessKeyId")
                    .map_or("AccessKeyId", |_| "Signature");
                note_empty_signature(request, outcome);
                Err(ApiError::MissingParameter(missing))
            }
            AuthMode::Lenient => {
                outcome.verdict = Verdict::Unsigned;
                note_empty_signature(request, outcome);
                Ok(None)
            }
            // The key id still selects the account.
            AuthMode::Off => {
                outcome.verdict = Verdict::Unsigned;
                let claimed = request.parameter("AccessKeyId");
                outcome.access_key_id = claimed.map(str::to_owned);
                Ok(claimed)
            }
        },
    }
}

/// Checks the signature of a signed request as the mode requires.
fn check_signature(
    access_key_id: &str,
    signature: &Signature,
    request: &Request,
    context: &Context,
    settings: &Settings,
    outcome: &mut Outcome,
) -> Result<Verdict, ApiError> {
    let mode = context.auth.mode;
    let keys = context.auth.credentials.keys();
    let note = |mistake| signature.note(mistake, request, outcome);
    let key = lookup::find(&keys, Cloud::Alibaba, access_key_id, mode, note)
        .map_err(|UnknownKey| ApiError::AccessKeyNotFound)?;
    let key = match (mode, key) {
        (AuthMode::Off, _) | (AuthMode::Lenient, None) => return Ok(Verdict::Unchecked),
        (AuthMode::Strict, None) => return Err(ApiError::AccessKeyNotFound),
        (AuthMode::Lenient | AuthMode::Strict, Some(key)) => key,
    };
    if mode == AuthMode::Strict {
        match signature {
            Signature::V1 { .. } => v1::check_coverage(request)?,
            Signature::Acs(authorization) => acs::check_coverage(request, authorization)?,
        }
        signature.check_time(request, context.now, outcome)?;
    }
    let checked = Checked {
        access_key_id,
        signature,
        key: &key.key,
        settings,
    };
    checked.verify(request, context, outcome)?;
    if let Some(session) = &key.session {
        session.check(signature.security_token(request), context.now)?;
    }
    if mode == AuthMode::Strict {
        // A nonce is used only by a request with a valid signature.
        let nonce = signature.nonce(request);
        let nonces = &context.auth.nonces;
        if !nonces.remember(access_key_id, nonce, context.now) {
            return Err(ApiError::NonceUsed);
        }
    }
    Ok(Verdict::Valid)
}

/// The id of the access key that a request is signed with.
pub(crate) fn access_key_id(request: &Request) -> Option<&str> {
    match Credential::of(request) {
        Ok(Credential::Signed { access_key_id, .. }) => Some(access_key_id),
        _ => None,
    }
}

/// The id of the access key that [`authenticate`] returns for an accepted request.
pub(crate) fn account_key_id(request: &Request, mode: AuthMode) -> Option<&str> {
    match Credential::of(request) {
        Ok(Credential::Signed { access_key_id, .. }) => Some(access_key_id),
        Ok(Credential::Anonymous) if mode == AuthMode::Off => request.parameter("AccessKeyId"),
        _ => None,
    }
}

/// Notes that a request has the parameter `Signature`, but no value of it.
fn note_empty_signature(request: &Request, outcome: &mut Outcome) {
    let mut parameters = request.parameters().iter();
    if parameters.any(|parameter| parameter.name == "Signature") {
        let server = v1::expectation(request).shown;
        let mismatch = diagnosis::mismatch(Mistake::SignatureEmpty, Cloud::Alibaba, server);
        outcome.note_mismatch(mismatch);
    }
}

/// The expected string to sign of a request, with sensitive values masked.
pub(crate) struct Expectation {
    /// The end of the error message, for comparison with the client's text.
    pub(crate) explanation: String,
    /// The text that is compared with the client's.
    pub(crate) shown: String,
}

/// The credential of a request.
enum Credential<'r> {
    Signed {
        access_key_id: &'r str,
        signature: Signature<'r>,
    },
    Bearer,
    Anonymous,
}

/// A signature of one of the versions.
enum Signature<'r> {
    V1 { signature: &'r str },
    Acs(acs::Authorization<'r>),
}

impl<'r> Credential<'r> {
    fn of(request: &'r Request) -> Result<Self, ApiError> {
        let authorization = request.wire.header("authorization").unwrap_or_default();
        if authorization.starts_with("ACS3-") || authorization.starts_with("ACS4-") {
            let authorization = acs::Authorization::parse(authorization).ok_or_else(|| {
                let reason =
                    "the Authorization header is malformed or names an algorithm not known here";
                ApiError::incomplete_signature(reason)
            })?;
            let access_key_id = authorization.access_key_id;
            return Ok(Self::Signed {
                access_key_id,
                signature: Signature::Acs(authorization),
            });
        }
        if let Some(signature) = request.parameter("Signature") {
            let access_key_id = request
                .parameter("AccessKeyId")
                .ok_or(ApiError::MissingParameter("AccessKeyId"))?;
            return Ok(Self::Signed {
                access_key_id,
                signature: Signature::V1 { signature },
            });
        }
        let bearer = request.wire.header("x-acs-bearer-token").is_some()
            || request.parameter("BearerToken").is_some()
            || request.parameter("SignatureType") == Some("BEARERTOKEN")
            || authorization.starts_with("Bearer ");
        Ok(if bearer {
            Self::Bearer
        } else {
            Self::Anonymous
        })
    }
}

impl Signature<'_> {
    /// The string to sign of a correct signature.
    fn expectation(&self, request: &Request) -> Expectation {
        match self {
            Self::V1 { .. } => v1::expectation(request),
            Self::Acs(authorization) => acs::expectation(request, authorization),
        }
    }

    /// Notes a mistake that is not in the signature itself.
    fn note(&self, mistake: Mistake, request: &Request, outcome: &mut Outcome) {
        let server = self.expectation(request).shown;
        let mismatch = diagnosis::mismatch(mistake, Cloud::Alibaba, server);
        outcome.note_mismatch(mismatch);
    }

    /// The value that must not be repeated. V1 requires no nonce; without one it is the signature.
    fn nonce<'r>(&'r self, request: &'r Request) -> &'r str {
        match self {
            Self::V1 { signature } => request.parameter("SignatureNonce").unwrap_or(signature),
            Self::Acs(_) => request
                .wire
                .header("x-acs-signature-nonce")
                .unwrap_or_default(),
        }
    }

    /// The security token of a temporary key.
    fn security_token<'r>(&self, request: &'r Request) -> Option<&'r str> {
        match self {
            Self::V1 { .. } => request.parameter("SecurityToken"),
            Self::Acs(_) => request.wire.header("x-acs-security-token"),
        }
    }

    fn check_time(
        &self,
        request: &Request,
        now: DateTime<Utc>,
        outcome: &mut Outcome,
    ) -> Result<(), ApiError> {
        let sent = match self {
            Self::V1 { .. } => request.parameter("Timestamp"),
            Self::Acs(_) => request.wire.header("x-acs-date"),
        };
        if let Some(time) = sent.and_then(timestamp)
            && diagnosis::is_eight_hours_off(time, now)
        {
            self.note(Mistake::LocalTime, request, outcome);
        }
        match self {
            Self::V1 { .. } => match sent.and_then(timestamp) {
                Some(time) if is_fresh(time, now) => Ok(()),
                _ => Err(ApiError::IllegalTimestamp),
            },
            Self::Acs(_) => {
                let date = sent.ok_or(ApiError::MissingParameter("x-acs-date"))?;
                match timestamp(date) {
                    Some(time) if is_fresh(time, now) => Ok(()),
                    Some(_) => Err(ApiError::TimestampExpired),
                    None => Err(ApiError::TimestampFormat),
                }
            }
        }
    }
}

/// Parses an ISO 8601 time in UTC. The pages document whole seconds and `Z`; JavaScript clients send
/// milliseconds, and the Rust crate `aliyun-openapi-core-rust-sdk` nanoseconds.
fn timestamp(text: &str) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc3339(text).ok()?;
    let is_utc = time.offset().local_minus_utc() == 0;
    // RFC 3339 allows a space too.
    let is_iso = text.as_bytes().get(10) == Some(&b'T');
    (is_utc && is_iso).then(|| time.to_utc())
}

fn is_fresh(time: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    (now - time).abs() <= TOLERANCE
}

/// A signature with the key to verify it.
struct Checked<'r> {
    access_key_id: &'r str,
    signature: &'r Signature<'r>,
    key: &'r VerificationKey,
    settings: &'r Settings,
}

impl Checked<'_> {
    /// Verifies the signature, and explains one that is wrong.
    fn verify(
        &self,
        request: &Request,
        context: &Context,
        outcome: &mut Outcome,
    ) -> Result<(), ApiError> {
        let verifier = match self.signature {
            Signature::V1 { .. } => v1::verifier(request, self.key)?,
            Signature::Acs(authorization) => authorization.algorithm.verifier(self.key),
        };
        if let Some(verifier) = &verifier
            && self.is_correct(verifier, request)
        {
            return Ok(());
        }
        let expected = self.signature.expectation(request);
        let mismatch = if let Some(verifier) = verifier {
            self.explain(verifier, request, expected.shown)
        } else {
            let mistake = match self.key {
                VerificationKey::Rsa(_) => Mistake::KeyIsRsa,
                VerificationKey::Secret(_) => Mistake::KeyIsSecret,
            };
            diagnosis::mismatch(mistake, Cloud::Alibaba, expected.shown)
        };
        tracing::debug!(
            request_id = context.request_id,
            access_key_id = ?self.access_key_id,
            diagnosis = %mismatch.diagnosis,
            "signature does not match"
        );
        outcome.note_mismatch(mismatch);
        Err(if request.service().envelope.has_gateway_errors {
            ApiError::SignatureMismatch(expected.explanation)
        } else {
            ApiError::IncompleteSignature(expected.explanation)
        })
    }

    fn is_correct(&self, verifier: &Verifier, request: &Request) -> bool {
        match self.signature {
            Signature::V1 { signature } => {
                verifier.accepts(signature, v1::string_to_sign_of(request, false))
            }
            Signature::Acs(authorization) => {
                acs::wrong_digest(request, authorization).is_none()
                    && verifier.accepts(
                        authorization.signature,
                        acs::string_to_sign_of(request, authorization),
                    )
            }
        }
    }

    /// Explains a wrong signature. `server` is the text that the server expected to be signed, to be shown.
    fn explain(&self, verifier: Verifier, request: &Request, server: String) -> Mismatch {
        let size = request.wire.query.len() + request.wire.whole_body().len();
        let otherwise = verifier.wrong_key();
        let secret = match self.key {
            VerificationKey::Secret(secret) => Some(secret),
            VerificationKey::Rsa(_) => None,
        };
        match self.signature {
            Signature::V1 { signature } => {
                let attempts = || v1::attempts(request, self.access_key_id, &verifier, secret);
                diagnosis::explain(Cloud::Alibaba, signature, server, size, otherwise, attempts)
            }
            Signature::Acs(authorization) => {
                if let Some(declared) = acs::wrong_digest(request, authorization) {
                    let mistake =
                        acs::mistake_in_digest(request, authorization, &verifier, declared);
                    return diagnosis::mismatch(mistake, Cloud::Alibaba, server);
                }
                let given = authorization.signature;
                let attempts = || {
                    let hosts = self.hosts(request);
                    acs::attempts(request, authorization, verifier, secret, hosts)
                };
                diagnosis::explain(Cloud::Alibaba, given, server, size, otherwise, attempts)
            }
        }
    }

    /// The hosts of the cloud that the client may have signed.
    fn hosts(&self, request: &Request) -> Vec<String> {
        let region = request.parameter("RegionId");
        let region = region.filter(|region| is_region_in_host(region));
        let regions = region.into_iter().chain([&*self.settings.default_region]);
        let labels = request.service().hosts;
        let global = labels.iter().map(|label| format!("{label}.aliyuncs.com"));
        let regional = regions.flat_map(|region| {
            let labels = labels.iter();
            labels.map(move |label| format!("{label}.{region}.aliyuncs.com"))
        });
        global.chain(regional).collect()
    }
}

#[cfg(test)]
mod tests;
