//! v1: the parameters are signed and the signature is one of them.
//!
//! The vendor's page: *Signature*.

use std::fmt::{self, Display};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{hosts, paths, unexplained};
use crate::clouds::digest;
use crate::clouds::outcome::Mismatch;
use crate::clouds::tencent::api3::error::ApiError;
use crate::clouds::tencent::api3::request::Request;
use crate::http::shown::shortened;
use crate::model::SecretKey;

/// The most bytes of a body that can be signed so.
const MOST_BODY_BYTES: usize = 1024 * 1024;

/// A signature with what belongs to it.
pub struct Signature<'r> {
    pub secret_id: &'r str,
    method: SignatureMethod,
    signature: &'r str,
}

/// The value of `SignatureMethod`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureMethod {
    HmacSha1,
    HmacSha256,
}

impl SignatureMethod {
    pub fn name(self) -> &'static str {
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
    /// `MissingParameter` for what belongs to one and is not there, `InvalidParameterValue` for a
    /// method that is not known.
    pub fn of(request: &'r Request) -> Result<Self, ApiError> {
        request.required("Timestamp")?;
        let nonce = request.required("Nonce")?;
        let secret_id = request.required("SecretId")?;
        let signature = request.required("Signature")?;
        // 64 bits of either sign: some clients' random numbers come out negative.
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

/// `parameters` are all but the signature, decoded.
pub fn string_to_sign<'p>(
    http_request_method: &str,
    host: &str,
    path: &str,
    parameters: impl IntoIterator<Item = (&'p str, &'p str)>,
) -> impl Display {
    let mut sorted: Vec<_> = parameters.into_iter().collect();
    sorted.sort_unstable();
    fmt::from_fn(move |f| {
        write!(f, "{http_request_method}{host}{path}?")?;
        for (index, (name, value)) in sorted.iter().enumerate() {
            let separator = if index == 0 { "" } else { "&" };
            write!(f, "{separator}{name}={value}")?;
        }
        Ok(())
    })
}

pub fn signature(
    method: SignatureMethod,
    secret: &SecretKey,
    string_to_sign: impl Display,
) -> String {
    let key = secret.expose().as_bytes();
    STANDARD.encode(match method {
        SignatureMethod::HmacSha1 => digest::hmac_sha1(key, string_to_sign),
        SignatureMethod::HmacSha256 => digest::hmac_sha256(key, string_to_sign),
    })
}

/// Signs the request in the ways in which clients do, and says what is wrong when none of them leads
/// to the signature given.
///
/// # Errors
///
/// `AuthFailure.SignatureFailure` for a body that is too large to be signed so.
pub fn verify(
    request: &Request,
    given: &Signature,
    secret: &SecretKey,
) -> Result<Option<Mismatch>, ApiError> {
    if request.wire.whole_body().len() > MOST_BODY_BYTES {
        return Err(ApiError::TooLargeForSignature);
    }
    // The Ruby SDK sends a line break after its signature.
    let given_signature = given.signature.trim_end_matches('\n');
    let is_signed_as = |method: &str, host: &str, path: &str| {
        let expected = signature(
            given.method,
            secret,
            string_to_sign_of(request, method, host, path, false),
        );
        digest::equal(given_signature, &expected)
    };
    let is_signed_by = |method: &str| {
        let (hosts, paths) = (hosts(request), paths(request));
        paths
            .iter()
            .any(|path| hosts.iter().any(|host| is_signed_as(method, host, path)))
    };
    let method = &*request.wire.method;
    if is_signed_by(method) {
        return Ok(None);
    }
    let other = if method == "GET" { "POST" } else { "GET" };
    let (host, path) = (hosts(request)[0], paths(request)[0]);
    let server = shortened(string_to_sign_of(request, method, host, path, true));
    Ok(Some(if is_signed_by(other) {
        Mismatch {
            diagnosis: "the HTTP method signed is not the one sent".to_owned(),
            server,
            client: Some(shortened(string_to_sign_of(
                request, other, host, path, true,
            ))),
            // The method comes first.
            first_difference: Some(0),
        }
    } else {
        unexplained(server)
    }))
}

fn string_to_sign_of<'r>(
    request: &'r Request,
    method: &'r str,
    host: &'r str,
    path: &'r str,
    masked: bool,
) -> impl Display {
    let signed = request
        .pairs()
        .iter()
        .filter(|(name, _)| name != "Signature")
        .map(move |(name, value)| {
            if masked {
                request.masked(name, value)
            } else {
                (&**name, &**value)
            }
        });
    string_to_sign(method, host, path, signed)
}
