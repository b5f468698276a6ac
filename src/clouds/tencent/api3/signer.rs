//! Builds and signs requests as clients of this cloud do.

use serde_json::{Map, Value};

use super::protocol::Api3;
use super::signature::{tc3, v1};
use crate::clouds::digest;
use crate::clouds::draft::{self, Draft, FORM, Method, Signed, SigningStep, StepName};
use crate::clouds::service::Service;

const JSON: &str = "application/json";
/// The signed headers: the required ones, and the one that the vendor's page adds.
const SIGNED_HEADERS: &str = "content-type;host;x-tc-action";

/// The signature method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignatureMethod {
    /// Signs headers, query and body, as SDKs do by default.
    Tc3,
    /// Signs the parameters with SHA-1.
    HmacSha1,
    /// Signs the parameters with SHA-256.
    HmacSha256,
    /// No signature.
    Unsigned,
}

impl SignatureMethod {
    /// Every method, the default first.
    pub(crate) const ALL: [Self; 4] = [Self::Tc3, Self::HmacSha1, Self::HmacSha256, Self::Unsigned];

    /// The name in requests.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Tc3 => "TC3-HMAC-SHA256",
            Self::HmacSha1 => "HmacSHA1",
            Self::HmacSha256 => "HmacSHA256",
            Self::Unsigned => "none",
        }
    }
}

/// Signs a request.
#[must_use]
pub(crate) fn sign(draft: &Draft, method: SignatureMethod, service: &Service<Api3>) -> Signed {
    match method {
        SignatureMethod::Tc3 => with_headers(draft, service, true),
        SignatureMethod::Unsigned => with_headers(draft, service, false),
        SignatureMethod::HmacSha1 => sign_v1(draft, service, v1::SignatureMethod::HmacSha1),
        SignatureMethod::HmacSha256 => sign_v1(draft, service, v1::SignatureMethod::HmacSha256),
    }
}

/// The query of a request without a signature for the address bar of a browser, which cannot send headers
/// of this cloud. It names no key, because with a key a signature is required.
#[must_use]
pub(crate) fn unsigned_query(draft: &Draft, service: &Service<Api3>) -> String {
    let timestamp = draft.time.timestamp().to_string();
    let nonce = draft.nonce.to_string();
    let common = [
        ("Action", draft.action),
        ("Version", service.version),
        ("Region", draft.region),
        ("Timestamp", &timestamp),
        ("Nonce", &nonce),
    ];
    let flat = flattened(draft.parameters);
    query(&draft::joined(&common, &flat))
}

fn with_headers(draft: &Draft, service: &Service<Api3>, signed: bool) -> Signed {
    let (query, body, content_type) = match draft.method {
        Method::Get => {
            let query = match draft.extras.payload {
                Some(payload) => payload.to_owned(),
                None => query(&draft::joined(&[], &flattened(draft.parameters))),
            };
            (query, String::new(), FORM)
        }
        Method::Post => {
            let body = match draft.extras.payload {
                Some(payload) => payload.to_owned(),
                None => Value::Object(draft.parameters.clone()).to_string(),
            };
            (String::new(), body, JSON)
        }
    };
    let timestamp = draft.time.timestamp().to_string();
    let mut headers = vec![
        ("host", draft.host.to_owned()),
        ("content-type", content_type.to_owned()),
        ("x-tc-action", draft.action.to_owned()),
        ("x-tc-version", service.version.to_owned()),
        ("x-tc-timestamp", timestamp.clone()),
        ("x-tc-language", draft.language.name().to_owned()),
    ];
    if !draft.region.is_empty() {
        // After the version, as SDKs send it.
        headers.insert(4, ("x-tc-region", draft.region.to_owned()));
    }
    headers.extend(
        draft
            .extras
            .token
            .map(|token| ("x-tc-token", token.to_owned())),
    );
    let mut steps = Vec::new();
    if signed {
        let action = draft.action.to_lowercase();
        let canonical_request = tc3::canonical_request(
            draft.method.name(),
            "/",
            &query,
            [
                ("content-type", content_type),
                ("host", draft.host),
                ("x-tc-action", &action),
            ],
            SIGNED_HEADERS,
            &digest::sha256_hex(body.as_bytes()),
        )
        .to_string();
        let date = draft.time.format("%Y-%m-%d").to_string();
        let string_to_sign =
            tc3::string_to_sign(&timestamp, &date, service.product, &canonical_request);
        let (secret_id, secret) = draft.key;
        let key = tc3::secret_service(&tc3::secret_date(secret, &date), service.product);
        let signature = tc3::signature(&tc3::secret_signing(&key), &string_to_sign);
        headers.push((
            "authorization",
            tc3::authorization(
                secret_id,
                &date,
                service.product,
                SIGNED_HEADERS,
                &signature,
            ),
        ));
        steps = vec![
            SigningStep::new(StepName::CanonicalRequest, canonical_request),
            SigningStep::new(StepName::StringToSign, string_to_sign),
            SigningStep::new(StepName::Signature, signature),
        ];
    }
    Signed {
        method: draft.method,
        query,
        headers,
        body,
        steps,
    }
}

fn sign_v1(draft: &Draft, service: &Service<Api3>, method: v1::SignatureMethod) -> Signed {
    let (secret_id, secret) = draft.key;
    let (nonce, timestamp) = (draft.nonce.to_string(), draft.time.timestamp().to_string());
    let mut common = vec![
        ("Action", draft.action),
        ("Version", service.version),
        ("Region", draft.region),
        ("Language", draft.language.name()),
        ("Timestamp", &timestamp),
        ("Nonce", &nonce),
        ("SecretId", secret_id),
        ("SignatureMethod", method.name()),
    ];
    common.extend(draft.extras.token.map(|token| ("Token", token)));
    let flat = flattened(draft.parameters);
    let mut parameters = draft::joined(&common, &flat);
    let string_to_sign = v1::string_to_sign(
        draft.method.name(),
        draft.host,
        "/",
        parameters.iter().copied(),
    )
    .to_string();
    let signature = v1::signature(method, secret, &string_to_sign);
    parameters.push(("Signature", &signature));
    let steps = vec![
        SigningStep::new(StepName::StringToSign, string_to_sign),
        SigningStep::new(StepName::Signature, &*signature),
    ];
    draft.with_parameters(query(&parameters), steps)
}

/// Parameters one by one: `TagFilters.0.TagValue.1`.
fn flattened(parameters: &Map<String, Value>) -> Vec<(String, String)> {
    fn put(pairs: &mut Vec<(String, String)>, name: String, value: &Value) {
        match value {
            Value::Null => {}
            Value::String(text) => pairs.push((name, text.clone())),
            Value::Bool(_) | Value::Number(_) => pairs.push((name, value.to_string())),
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    put(pairs, format!("{name}.{index}"), item);
                }
            }
            Value::Object(members) => {
                for (member, value) in members {
                    put(pairs, format!("{name}.{member}"), value);
                }
            }
        }
    }
    let mut pairs = Vec::new();
    for (name, value) in parameters {
        put(&mut pairs, name.clone(), value);
    }
    pairs
}

fn query(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}
