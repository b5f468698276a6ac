//! v1: the parameters are signed, and the signature is a parameter.
//!
//! The vendor's page: *Signature*.

use std::fmt::{self, Display};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{hosts, paths};
use crate::clouds::diagnosis::Mismatch;
use crate::clouds::diagnosis::{
    self, Attempt, Mistake, natural_order, other_hosts, transfer_mistakes, wrong_secrets,
};
use crate::clouds::digest::{self, Hash};
use crate::clouds::tencent::api3::error::ApiError;
use crate::clouds::tencent::api3::request::Request;
use crate::http::percent::encode;
use crate::http::shown::shortened;
use crate::model::{Cloud, SecretKey};

/// The maximum size of a body that this method can sign, in bytes.
const MAX_BODY_BYTES: usize = 1024 * 1024;

/// A signature with its parameters.
pub(crate) struct Signature<'r> {
    pub secret_id: &'r str,
    method: SignatureMethod,
    signature: &'r str,
}

/// The value of `SignatureMethod`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignatureMethod {
    HmacSha1,
    HmacSha256,
}

impl SignatureMethod {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HmacSHA1",
            Self::HmacSha256 => "HmacSHA256",
        }
    }
}

impl<'r> Signature<'r> {
    /// The signature of a request.
    ///
    /// # Errors
    ///
    /// `MissingParameter` for a required parameter, `InvalidParameterValue` for an unknown method.
    pub(crate) fn of(request: &'r Request) -> Result<Self, ApiError> {
        request.required("Timestamp")?;
        let nonce = request.required("Nonce")?;
        let secret_id = request.required("SecretId")?;
        let signature = request.required("Signature")?;
        // With or without a sign: some clients send negative random numbers.
        if nonce.parse::<u64>().is_err() && nonce.parse::<i64>().is_err() {
            return Err(ApiError::WrongType {
                name: "Nonce".to_owned(),
                wire_type: "uint64",
            });
        }
        let method = request.common("SignatureMethod");
        let method = match method {
            None | Some("HmacSHA1") => SignatureMethod::HmacSha1,
            Some("HmacSHA256") => SignatureMethod::HmacSha256,
            Some(other) => {
                return Err(ApiError::InvalidValue {
                    name: "SignatureMethod".to_owned(),
                    value: Some(other.to_owned()),
                });
            }
        };
        Ok(Self {
            secret_id,
            method,
            signature,
        })
    }
}

/// `parameters` are all except the signature, decoded.
pub(crate) fn string_to_sign<'p>(
    http_request_method: &str,
    host: &str,
    path: &str,
    parameters: impl IntoIterator<Item = (&'p str, &'p str)>,
) -> impl Display {
    let mut sorted: Vec<_> = parameters.into_iter().collect();
    sorted.sort_unstable();
    joined(http_request_method, host, path, sorted)
}

/// The string to sign with the parameters in this order.
fn joined(
    http_request_method: &str,
    host: &str,
    path: &str,
    parameters: Vec<(impl Display, impl Display)>,
) -> impl Display {
    fmt::from_fn(move |f| {
        write!(f, "{http_request_method}{host}{path}?")?;
        for (index, (name, value)) in parameters.iter().enumerate() {
            let separator = if index == 0 { "" } else { "&" };
            write!(f, "{separator}{name}={value}")?;
        }
        Ok(())
    })
}

pub(crate) fn signature(
    method: SignatureMethod,
    secret: &SecretKey,
    string_to_sign: impl Display,
) -> String {
    keyed(method, secret.expose().as_bytes(), string_to_sign)
}

fn keyed(method: SignatureMethod, key: &[u8], string_to_sign: impl Display) -> String {
    let hash = match method {
        SignatureMethod::HmacSha1 => Hash::Sha1,
        SignatureMethod::HmacSha256 => Hash::Sha256,
    };
    STANDARD.encode(hash.hmac(key, string_to_sign))
}

/// Accepts the signature if it is that of one of the forms in which clients sign; otherwise explains it.
/// `of_cloud` lists the hosts of the cloud.
///
/// # Errors
///
/// `AuthFailure.SignatureFailure` for a body that is too large for this method.
pub(crate) fn verify(
    request: &Request,
    given: &Signature,
    secret: &SecretKey,
    of_cloud: impl FnOnce() -> Vec<String>,
) -> Result<Option<Mismatch>, ApiError> {
    if request.wire.whole_body().len() > MAX_BODY_BYTES {
        return Err(ApiError::TooLargeForSignature);
    }
    // The Ruby SDK sends a line break after its signature.
    let given_signature = given.signature.trim_end_matches('\n');
    let method = &*request.wire.method;
    let signs = move |key: &[u8], method: &str, given_signature: &str| {
        let mut forms = accepted_forms(request);
        forms.any(|(host, path)| {
            let signed = string_to_sign_of(request, method, host, path, false);
            digest::equal(given_signature, &keyed(given.method, key, signed))
        })
    };
    if signs(secret.expose().as_bytes(), method, given_signature) {
        return Ok(None);
    }
    let attempts = || {
        let other = if method == "GET" { "POST" } else { "GET" };
        let mut attempts = attempts_with_other_texts(request, given, secret, of_cloud());
        let (host, path) = (hosts(request)[0], paths(request)[0]);
        let text = Attempt::showing(
            Mistake::HttpMethod,
            move |given| signs(secret.expose().as_bytes(), other, given),
            move || string_to_sign_of(request, other, host, path, true).to_string(),
        );
        attempts.insert(0, text);
        attempts.extend(transfer_mistakes(move |given: &str| {
            signs(secret.expose().as_bytes(), method, given)
        }));
        for (mistake, wrong) in wrong_secrets(given.secret_id, secret.expose()) {
            attempts.push(Attempt::new(mistake, move |given| {
                signs(&wrong, method, given)
            }));
        }
        attempts
    };
    let size = request.wire.query.len() + request.wire.whole_body().len();
    Ok(Some(diagnosis::explain(
        Cloud::Tencent,
        given_signature,
        shown(request),
        size,
        Mistake::WrongSecret,
        attempts,
    )))
}

/// The string to sign, with sensitive values masked.
pub(crate) fn shown(request: &Request) -> String {
    let (host, path) = (hosts(request)[0], paths(request)[0]);
    let method = &request.wire.method;
    shortened(string_to_sign_of(request, method, host, path, true))
}

/// The hosts and paths that clients sign and the service accepts.
fn accepted_forms(request: &Request) -> impl Iterator<Item = (&str, &str)> {
    let hosts = hosts(request);
    paths(request)
        .into_iter()
        .flat_map(move |path| hosts.clone().into_iter().map(move |host| (host, path)))
}

/// The mistakes that change the string to sign.
fn attempts_with_other_texts<'r>(
    request: &'r Request,
    given: &Signature,
    secret: &'r SecretKey,
    of_cloud: Vec<String>,
) -> Vec<Attempt<'r>> {
    let (wire, signature_method) = (&*request.wire, given.method);
    let is_signature = move |given: &str, text: &str| {
        digest::equal(given, &signature(signature_method, secret, text))
    };
    let pairs = move |masked| signed_pairs(request, masked);
    let mut attempts = Vec::new();
    for (host, path) in accepted_forms(request) {
        let method = &*wire.method;
        attempts.extend([
            Attempt::of_text(Mistake::ValuesEncoded, is_signature, move |masked| {
                let mut sorted: Vec<_> = pairs(masked).collect();
                sorted.sort_unstable();
                let encoded = sorted
                    .into_iter()
                    .map(|(name, value)| (name, encode(value)));
                joined(method, host, path, encoded.collect()).to_string()
            }),
            Attempt::of_text(Mistake::EmptyUnsigned, is_signature, move |masked| {
                let kept = pairs(masked).filter(|(_, value)| !value.is_empty());
                string_to_sign(method, host, path, kept).to_string()
            }),
            Attempt::of_text(Mistake::NaturalOrder, is_signature, move |masked| {
                let mut sorted: Vec<_> = pairs(masked).collect();
                sorted.sort_by(|(name, _), (other, _)| natural_order(name, other));
                joined(method, host, path, sorted).to_string()
            }),
            Attempt::of_text(Mistake::ParametersUnsorted, is_signature, move |masked| {
                joined(method, host, path, pairs(masked).collect()).to_string()
            }),
        ]);
    }
    let sent = wire.header("host").unwrap_or_default();
    let forwarded = wire.header("x-forwarded-host");
    for host in other_hosts(sent, forwarded, of_cloud) {
        let signed = host.clone();
        let text = move |masked| {
            let path = paths(request)[0];
            string_to_sign_of(request, &wire.method, &signed, path, masked).to_string()
        };
        attempts.push(Attempt::of_text(Mistake::OtherHost, is_signature, text).with_host(host));
    }
    attempts
}

fn string_to_sign_of(
    request: &Request,
    method: &str,
    host: &str,
    path: &str,
    masked: bool,
) -> impl Display {
    string_to_sign(method, host, path, signed_pairs(request, masked))
}

/// The parameters of query and form without the signature.
fn signed_pairs(request: &Request, masked: bool) -> impl Iterator<Item = (&str, &str)> {
    request
        .pairs()
        .iter()
        .filter(|(name, _)| name != "Signature")
        .map(move |(name, value)| {
            if masked {
                request.masked(name, value)
            } else {
                (&**name, &**value)
            }
        })
}
