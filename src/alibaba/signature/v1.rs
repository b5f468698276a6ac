//! V1, `SignatureVersion=1.0`: the parameters are signed and the signature is one of them.
//!
//! The vendor's pages: *Signature* of KMS, and *Request syntax and signature method V2 for RPC
//! APIs*, whose name does not mean the version.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::diagnosis::{Expectation, Mistake};
use super::percent::{canonical_query, encode};
use crate::alibaba::error::ApiError;
use crate::alibaba::request::{Request, Source};
use crate::context::MASK;
use crate::credentials::SecretKey;
use crate::digest;

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

pub fn string_to_sign(http_method: &str, canonical_query: &str) -> String {
    let mut text = format!("{http_method}&{}&", encode("/"));
    text.extend(encode(canonical_query));
    text
}

/// The signature, with the secret and an `&` as the key.
pub fn signature(method: SignatureMethod, secret: &SecretKey, string_to_sign: &str) -> String {
    keyed(method, &format!("{}&", secret.expose()), string_to_sign)
}

fn keyed(method: SignatureMethod, key: &str, string_to_sign: &str) -> String {
    let (key, message) = (key.as_bytes(), string_to_sign.as_bytes());
    STANDARD.encode(match method {
        SignatureMethod::HmacSha1 => digest::hmac_sha1(key, message),
        SignatureMethod::HmacSha256 => digest::hmac_sha256(key, message),
    })
}

/// The signature that a request should have.
pub fn signature_of(request: &Request, secret: &SecretKey) -> Result<String, ApiError> {
    Ok(signature(
        SignatureMethod::of(request)?,
        secret,
        &string_to_sign_of(request, false),
    ))
}

/// What a request should have been signed over, to be shown.
pub fn expectation(request: &Request) -> Expectation {
    let shown = string_to_sign_of(request, true);
    Expectation {
        explanation: format!("server string to sign is:{shown}"),
        shown,
        fault: None,
    }
}

fn string_to_sign_of(request: &Request, masked: bool) -> String {
    string_to_sign(
        request.wire.method,
        &canonical_query(signed_parameters(request, masked)),
    )
}

/// The parameters of query and form, but for the signature itself.
fn signed_parameters<'r>(
    request: &'r Request,
    masked: bool,
) -> impl Iterator<Item = (&'r str, &'r str)> {
    request
        .parameters()
        .iter()
        .filter(|parameter| parameter.source != Source::Json && parameter.name != "Signature")
        .map(move |parameter| {
            let masked = masked && !parameter.may_be_shown();
            (
                &*parameter.name,
                if masked { MASK } else { &*parameter.value },
            )
        })
}

/// What signers get wrong, each with what they would have signed.
pub fn mistakes(request: &Request, secret: &SecretKey) -> Vec<Mistake> {
    let method = SignatureMethod::of(request).unwrap_or(SignatureMethod::HmacSha1);
    let wire = request.wire;
    let other = if wire.method == "GET" { "POST" } else { "GET" };
    let canonical = |masked| canonical_query(signed_parameters(request, masked));
    let mistake = |what, sign: &dyn Fn(bool) -> String| Mistake {
        what,
        signature: signature(method, secret, &sign(false)),
        shown: sign(true),
    };
    vec![
        mistake("the HTTP method signed is not the one sent", &|masked| {
            string_to_sign(other, &canonical(masked))
        }),
        mistake(
            "the canonical query is not percent-encoded a second time",
            &|masked| format!("{}&%2F&{}", wire.method, canonical(masked)),
        ),
        mistake("spaces are encoded as `+`, not `%20`", &|masked| {
            string_to_sign(wire.method, &canonical(masked).replace("%20", "+"))
        }),
        mistake("`*` is left unencoded", &|masked| {
            string_to_sign(wire.method, &canonical(masked).replace("%2A", "*"))
        }),
        mistake("`~` is encoded as `%7E`", &|masked| {
            string_to_sign(wire.method, &canonical(masked).replace('~', "%7E"))
        }),
        mistake("parameters of the form body are not signed", &|masked| {
            let form = request
                .parameters()
                .iter()
                .filter(|parameter| parameter.source == Source::Form);
            let form: Vec<&str> = form.map(|parameter| &*parameter.name).collect();
            let kept = signed_parameters(request, masked).filter(|(name, _)| !form.contains(name));
            string_to_sign(wire.method, &canonical_query(kept))
        }),
        mistake("empty parameters are not signed", &|masked| {
            let kept = signed_parameters(request, masked).filter(|(_, value)| !value.is_empty());
            string_to_sign(wire.method, &canonical_query(kept))
        }),
        Mistake {
            what: "the key lacks the `&` behind the secret",
            signature: keyed(
                method,
                secret.expose(),
                &string_to_sign(wire.method, &canonical(false)),
            ),
            shown: string_to_sign(wire.method, &canonical(true)),
        },
    ]
}
