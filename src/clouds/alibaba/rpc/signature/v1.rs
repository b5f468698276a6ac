//! V1, `SignatureVersion=1.0`: the parameters are signed and the signature is one of them.
//!
//! The vendor's pages: *Signature* of KMS, and *Request syntax and signature method V2 for RPC
//! APIs*, whose name does not mean the version.

use std::fmt::{self, Display};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::diagnosis::{Expectation, Mistake};
use super::percent::{canonical_query, encode, encoded};
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::request::{RawParameter, Request, Source};
use crate::clouds::digest;
use crate::http::shown::shortened;
use crate::model::SecretKey;

/// The value of `SignatureMethod`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureMethod {
    HmacSha1,
    HmacSha256,
}

impl SignatureMethod {
    fn of(request: &Request) -> Result<Self, ApiError> {
        match request.parameter("SignatureMethod") {
            None | Some("HMAC-SHA1") => Ok(Self::HmacSha1),
            Some("HMAC-SHA256") => Ok(Self::HmacSha256),
            Some(_) => Err(ApiError::InvalidParameter("SignatureMethod".to_owned())),
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC-SHA1",
            Self::HmacSha256 => "HMAC-SHA256",
        }
    }
}

pub fn string_to_sign(http_method: &str, canonical_query: impl Display) -> impl Display {
    let canonical_query = encoded(canonical_query);
    fmt::from_fn(move |f| write!(f, "{http_method}&{}&{canonical_query}", encode("/")))
}

/// The signature, with the secret and an `&` as the key.
pub fn signature(
    method: SignatureMethod,
    secret: &SecretKey,
    string_to_sign: impl Display,
) -> String {
    keyed(method, &format!("{}&", secret.expose()), string_to_sign)
}

fn keyed(method: SignatureMethod, key: &str, string_to_sign: impl Display) -> String {
    let key = key.as_bytes();
    STANDARD.encode(match method {
        SignatureMethod::HmacSha1 => digest::hmac_sha1(key, string_to_sign),
        SignatureMethod::HmacSha256 => digest::hmac_sha256(key, string_to_sign),
    })
}

/// Checks that the signature covers all parameters: it covers those of query and form. The host, which
/// names the region, is no part of this signature.
pub fn check_coverage(request: &Request) -> Result<(), ApiError> {
    if request
        .parameters()
        .iter()
        .any(|parameter| parameter.source == Source::Json)
    {
        return Err(ApiError::incomplete_signature(
            "parameters in a JSON body are not signed",
        ));
    }
    // Else the header `x-acs-action`, which is not signed, would name the operation.
    if request.parameter("Action").is_none() {
        return Err(ApiError::MissingAction);
    }
    Ok(())
}

/// The signature that a request should have.
pub fn signature_of(request: &Request, secret: &SecretKey) -> Result<String, ApiError> {
    Ok(signature(
        SignatureMethod::of(request)?,
        secret,
        string_to_sign_of(request, false),
    ))
}

/// What a request should have been signed over, to be shown.
pub fn expectation(request: &Request) -> Expectation {
    let shown = shortened(string_to_sign_of(request, true));
    Expectation {
        explanation: format!("server string to sign is:{shown}"),
        shown,
        fault: None,
    }
}

fn string_to_sign_of(request: &Request, masked: bool) -> impl Display {
    string_to_sign(&request.wire.method, canonical_query_of(request, masked))
}

fn canonical_query_of(request: &Request, masked: bool) -> impl Display {
    canonical_query(
        signed_parameters(request).map(move |parameter| request.pair(parameter, masked)),
    )
}

/// The parameters of query and form, but for the signature itself.
fn signed_parameters(request: &Request) -> impl Iterator<Item = &RawParameter> {
    request
        .parameters()
        .iter()
        .filter(|parameter| parameter.source != Source::Json && parameter.name != "Signature")
}

/// What signers get wrong, each with what they would have signed.
pub fn mistakes<'r>(request: &'r Request, secret: &'r SecretKey) -> Vec<Mistake<'r>> {
    let method = SignatureMethod::of(request).unwrap_or(SignatureMethod::HmacSha1);
    let wire = &*request.wire;
    let other = if wire.method == "GET" { "POST" } else { "GET" };
    let sign = move |text: &str| signature(method, secret, text);
    let canonical = move |masked| canonical_query_of(request, masked).to_string();
    // The string to sign of a changed canonical query, and of some of the parameters.
    let changed = |what, change: fn(&str) -> String| {
        Mistake::new(what, sign, move |masked| {
            string_to_sign(&wire.method, change(&canonical(masked))).to_string()
        })
    };
    let without = |what, is_signed: fn(&RawParameter) -> bool| {
        Mistake::new(what, sign, move |masked| {
            let kept = signed_parameters(request).filter(|parameter| is_signed(parameter));
            let kept = kept.map(|parameter| request.pair(parameter, masked));
            string_to_sign(&wire.method, canonical_query(kept)).to_string()
        })
    };
    vec![
        Mistake::new(
            "the HTTP method signed is not the one sent",
            sign,
            move |masked| string_to_sign(other, canonical(masked)).to_string(),
        ),
        Mistake::new(
            "the canonical query is not percent-encoded a second time",
            sign,
            move |masked| format!("{}&%2F&{}", wire.method, canonical(masked)),
        ),
        changed("spaces are encoded as `+`, not `%20`", |canonical| {
            canonical.replace("%20", "+")
        }),
        changed("`*` is left unencoded", |canonical| {
            canonical.replace("%2A", "*")
        }),
        changed("`~` is encoded as `%7E`", |canonical| {
            canonical.replace('~', "%7E")
        }),
        without("parameters of the form body are not signed", |parameter| {
            parameter.source != Source::Form
        }),
        without("empty parameters are not signed", |parameter| {
            !parameter.value.is_empty()
        }),
        Mistake::new(
            "the key lacks the `&` that follows the secret",
            move |text| keyed(method, secret.expose(), text),
            move |masked| string_to_sign_of(request, masked).to_string(),
        ),
    ]
}
