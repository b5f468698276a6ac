//! Authentication: the header `Authorization: Bearer SIGNATURE`, an RSA signature (PKCS #1 v1.5 with SHA-256) of
//! method, body and headers.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta};

use super::error::InstanceError;
use crate::clouds::auth::credentials::VerificationKey;
use crate::clouds::auth::lookup::{self, UnknownKey};
use crate::clouds::auth::rsa_key::RsaPublicKey;
use crate::clouds::context::{AuthMode, Context};
use crate::clouds::digest;
use crate::clouds::hint::Hint;
use crate::clouds::outcome::{Outcome, Verdict};
use crate::http::wire::WireRequest;
use crate::model::Cloud;

/// The name of the signature method.
const METHOD: &str = "RSA_PKCS1_SHA_256";

/// The header with the key id. The three c are the spelling of the SDKs.
const ACCESS_KEY_ID: &str = "x-kms-acccesskeyid";

/// The maximum difference between the date and the clock.
const TOLERANCE: TimeDelta = TimeDelta::minutes(15);

/// The id of the key that a request is signed with.
pub(super) fn access_key_id(wire: &WireRequest) -> Option<&str> {
    wire.header(ACCESS_KEY_ID).filter(|id| !id.is_empty())
}

/// Checks the signature as the mode requires, and returns the key id of the request.
///
/// # Errors
///
/// Those of the vendor's page, and [`InstanceError::Unauthorized`] for an unknown key.
pub(super) fn authenticate<'w>(
    wire: &'w WireRequest,
    context: &Context,
    outcome: &mut Outcome,
) -> Result<Option<&'w str>, InstanceError> {
    let mode = context.auth.mode;
    let id = access_key_id(wire);
    outcome.access_key_id = id.map(str::to_owned);
    outcome.verdict = Verdict::Refused;
    let authorization = wire.header("authorization").unwrap_or_default();
    if mode == AuthMode::Off || mode == AuthMode::Lenient && authorization.is_empty() {
        outcome.verdict = Verdict::Unsigned;
        return Ok(id);
    }
    let id = id.ok_or(InstanceError::MissingAccessKeyId)?;
    let keys = context.auth.credentials.keys();
    let key = lookup::find(&keys, Cloud::Alibaba, id, mode, |_| ())
        .map_err(|UnknownKey| InstanceError::Unauthorized)?;
    let key = match (mode, key) {
        (AuthMode::Strict, None) => return Err(InstanceError::Unauthorized),
        (_, None) => {
            outcome.verdict = Verdict::Unchecked;
            return Ok(Some(id));
        }
        (_, Some(key)) => key,
    };
    match wire.header("x-kms-signaturemethod") {
        Some(METHOD) => {}
        None | Some("") => return Err(InstanceError::MissingSignatureMethod),
        Some(other) => return Err(InstanceError::UnknownSignatureMethod(other.to_owned())),
    }
    let date = wire.header("date").unwrap_or_default();
    let date = DateTime::parse_from_rfc2822(date).map_err(|_| InstanceError::InvalidDate)?;
    if mode == AuthMode::Strict && (context.now - date.to_utc()).abs() > TOLERANCE {
        return Err(InstanceError::RequestTimeTooSkewed);
    }
    let is_valid = match &key.key {
        VerificationKey::Rsa(key) => verifies(key, wire, authorization),
        VerificationKey::Secret(_) => false,
    };
    if !is_valid {
        outcome.hint = Some(match &key.key {
            VerificationKey::Rsa(_) => Hint::ClientKeySignature,
            VerificationKey::Secret(_) => Hint::ClientKeyMissing,
        });
        return Err(InstanceError::InvalidAuthorization);
    }
    outcome.verdict = Verdict::Valid;
    Ok(Some(id))
}

fn verifies(key: &RsaPublicKey, wire: &WireRequest, authorization: &str) -> bool {
    let signature = authorization.strip_prefix("Bearer ").unwrap_or_default();
    let signature = STANDARD.decode(signature.trim()).unwrap_or_default();
    let body = digest::sha256_hex(wire.whole_body());
    let sent = wire.header("content-sha256").unwrap_or_default();
    sent.eq_ignore_ascii_case(&body) && key.verifies(string_to_sign(wire).as_bytes(), &signature)
}

/// Method, digest of the body, content type and date; then the headers `x-kms-…`, sorted by name; then the path.
fn string_to_sign(wire: &WireRequest) -> String {
    let header = |name| wire.header(name).unwrap_or_default();
    let mut text = format!(
        "{}\n{}\n{}\n{}\n",
        wire.method,
        header("content-sha256"),
        header("content-type"),
        header("date")
    );
    let mut headers: Vec<_> = wire
        .headers
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim()))
        .filter(|(name, _)| name.starts_with("x-kms-"))
        .collect();
    headers.sort_unstable();
    for (name, value) in headers {
        text.extend([&*name, ":", value, "\n"]);
    }
    text.push('/');
    text
}
