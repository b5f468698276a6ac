//! Builds and signs requests as clients of this cloud do.

use chrono::SecondsFormat;
use serde_json::{Map, Value};

use super::protocol::Rpc;
use super::signature::percent::canonical_query;
use super::signature::{acs, v1};
use crate::clouds::description::{ParameterDescription, ValueType};
use crate::clouds::draft::{self, Draft, FORM, Method, Signed, SigningStep, StepName, text_of};
use crate::clouds::service::Services;

/// The signature method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignatureMethod {
    /// Signs headers, query and body, as SDKs do since 2023.
    Acs3,
    /// Like ACS3, with SM3 instead of SHA-256.
    Acs3Sm3,
    /// Like ACS3, with a key for one day and region.
    Acs4,
    /// Signs the parameters with SHA-1, as the classic SDKs do.
    HmacSha1,
    /// Signs the parameters with SHA-256.
    HmacSha256,
    /// No signature.
    Unsigned,
}

impl SignatureMethod {
    /// Every method, the default first.
    pub(crate) const ALL: [Self; 6] = [
        Self::Acs3,
        Self::Acs4,
        Self::HmacSha1,
        Self::HmacSha256,
        Self::Acs3Sm3,
        Self::Unsigned,
    ];

    /// The name in requests.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Acs3 => "ACS3-HMAC-SHA256",
            Self::Acs3Sm3 => "ACS3-HMAC-SM3",
            Self::Acs4 => "ACS4-HMAC-SHA256",
            Self::HmacSha1 => "HMAC-SHA1",
            Self::HmacSha256 => "HMAC-SHA256",
            Self::Unsigned => "none",
        }
    }
}

/// Signs a request.
#[must_use]
pub(crate) fn sign(draft: &Draft, method: SignatureMethod, services: Services<Rpc>) -> Signed {
    let service = services.of_action(draft.action);
    let described = services.parameters_of(draft.action).unwrap_or_default();
    let pairs = pairs_of(&described, draft.parameters);
    let version = service.version;
    match method {
        SignatureMethod::Acs3 => sign_acs(draft, version, &pairs, acs::Algorithm::Acs3),
        SignatureMethod::Acs3Sm3 => sign_acs(draft, version, &pairs, acs::Algorithm::Acs3Sm3),
        SignatureMethod::Acs4 => {
            let date = draft.time.format("%Y%m%d").to_string();
            let algorithm = acs::Algorithm::Acs4(acs::KeyScope {
                date: &date,
                region: draft.region,
                product: service.product,
            });
            sign_acs(draft, version, &pairs, algorithm)
        }
        SignatureMethod::HmacSha1 => sign_v1(draft, version, &pairs, v1::SignatureMethod::HmacSha1),
        SignatureMethod::HmacSha256 => {
            sign_v1(draft, version, &pairs, v1::SignatureMethod::HmacSha256)
        }
        SignatureMethod::Unsigned => {
            let common = [
                ("Action", draft.action),
                ("Version", version),
                ("Format", draft.format.name()),
            ];
            draft.with_parameters(
                canonical_query(draft::joined(&common, &pairs)).to_string(),
                Vec::new(),
            )
        }
    }
}

/// The parameters of an operation as they are sent: lists as numbered parameters, other values that are
/// not texts as JSON.
#[must_use]
pub(crate) fn pairs_of(
    described: &[ParameterDescription],
    parameters: &Map<String, Value>,
) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for (name, value) in parameters {
        let known = described.iter().find(|parameter| parameter.name == name);
        let is_numbered = matches!(
            known.map(|parameter| parameter.value_type),
            None | Some(ValueType::List | ValueType::TagList)
        );
        match value {
            Value::Array(items) if is_numbered => {
                for (item, number) in items.iter().zip(1..) {
                    match item {
                        Value::Object(members) => {
                            pairs.extend(members.iter().map(|(member, value)| {
                                (format!("{name}.{number}.{member}"), text_of(value))
                            }));
                        }
                        item => pairs.push((format!("{name}.{number}"), text_of(item))),
                    }
                }
            }
            Value::Null => {}
            value => pairs.push((name.clone(), text_of(value))),
        }
    }
    pairs
}

fn sign_v1(
    draft: &Draft,
    version: &str,
    pairs: &[(String, String)],
    method: v1::SignatureMethod,
) -> Signed {
    let (access_key_id, secret) = draft.key;
    let (nonce, timestamp) = (nonce_of(draft), timestamp(draft));
    let mut common = vec![
        ("Action", draft.action),
        ("Version", version),
        ("Format", draft.format.name()),
        ("AccessKeyId", access_key_id),
        ("SignatureMethod", method.name()),
        ("SignatureVersion", "1.0"),
        ("SignatureNonce", &nonce),
        ("Timestamp", &timestamp),
    ];
    common.extend(draft.extras.token.map(|token| ("SecurityToken", token)));
    let mut parameters = draft::joined(&common, pairs);
    let signed_query = canonical_query(parameters.iter().copied()).to_string();
    let string_to_sign = v1::string_to_sign(draft.method.name(), &signed_query).to_string();
    let signature = v1::signature(method, secret, &string_to_sign);
    parameters.push(("Signature", &signature));
    let steps = vec![
        SigningStep::new(StepName::CanonicalQuery, signed_query),
        SigningStep::new(StepName::StringToSign, string_to_sign),
        SigningStep::new(StepName::Signature, &*signature),
    ];
    draft.with_parameters(canonical_query(parameters).to_string(), steps)
}

fn sign_acs(
    draft: &Draft,
    version: &str,
    pairs: &[(String, String)],
    algorithm: acs::Algorithm,
) -> Signed {
    let (access_key_id, secret) = draft.key;
    let parameters = draft::joined(&[("Format", draft.format.name())], pairs);
    let parameters = match draft.extras.payload {
        Some(payload) => payload.to_owned(),
        None => canonical_query(parameters).to_string(),
    };
    let (query, body) = match draft.method {
        Method::Get => (parameters, String::new()),
        Method::Post => (String::new(), parameters),
    };
    let hashed_payload = algorithm.hash().hex(body.as_bytes());
    // In the order in which they are signed.
    let mut headers = vec![
        ("host", draft.host.to_owned()),
        ("x-acs-action", draft.action.to_owned()),
        ("x-acs-content-sha256", hashed_payload.clone()),
        ("x-acs-date", timestamp(draft)),
        ("x-acs-signature-nonce", nonce_of(draft)),
        ("x-acs-version", version.to_owned()),
    ];
    if draft.method == Method::Post {
        headers.insert(0, ("content-type", FORM.to_owned()));
    }
    if let Some(token) = draft.extras.token {
        headers.push(("x-acs-accesskey-id", access_key_id.to_owned()));
        headers.push(("x-acs-security-token", token.to_owned()));
        headers.sort_unstable_by_key(|(name, _)| *name);
    }
    let names: Vec<&str> = headers.iter().map(|(name, _)| *name).collect();
    let signed_headers = names.join(";");
    let canonical_request = acs::canonical_request(
        draft.method.name(),
        &query,
        &headers,
        &signed_headers,
        &hashed_payload,
    )
    .to_string();
    let string_to_sign = acs::string_to_sign(algorithm, &canonical_request);
    let signature = acs::signature(
        algorithm,
        &acs::signing_key(algorithm, secret),
        &string_to_sign,
    );
    headers.push((
        "authorization",
        format!(
            "{} Credential={},SignedHeaders={signed_headers},Signature={signature}",
            algorithm.name(),
            algorithm.credential(access_key_id)
        ),
    ));
    Signed {
        method: draft.method,
        query,
        headers,
        body,
        steps: vec![
            SigningStep::new(StepName::CanonicalRequest, canonical_request),
            SigningStep::new(StepName::StringToSign, string_to_sign),
            SigningStep::new(StepName::Signature, signature),
        ],
    }
}

fn timestamp(draft: &Draft) -> String {
    let precision = if draft.extras.milliseconds {
        SecondsFormat::Millis
    } else {
        SecondsFormat::Secs
    };
    draft.time.to_rfc3339_opts(precision, true)
}

/// A nonce of the length that SDKs send.
fn nonce_of(draft: &Draft) -> String {
    format!("{:032x}", draft.nonce)
}
