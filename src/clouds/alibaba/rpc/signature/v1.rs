//! V1, `SignatureVersion=1.0`: the parameters are signed, and the signature is a parameter.
//!
//! The vendor's pages: *Signature* of KMS, and *Request syntax and signature method V2 for RPC
//! APIs*, where "V2" is not the value of `SignatureVersion`.

use std::fmt::{self, Display};
use std::rc::Rc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Expectation;
use super::percent::{canonical_query, encode, encoded, joined_query, natural_query};
use super::verifier::{Encoding as SignatureEncoding, Verifier};
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::request::{RawParameter, Request, Source};
use crate::clouds::auth::credentials::VerificationKey;
use crate::clouds::diagnosis::{Attempt, Encoding, Mistake, transfer_mistakes, wrong_secrets};
use crate::clouds::digest::Hash;
use crate::http::shown::shortened;
use crate::model::SecretKey;

/// The value of `SignatureMethod`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignatureMethod {
    HmacSha1,
    HmacSha256,
    /// The client has a private key. SDKs add `SignatureType=PRIVATEKEY`.
    RsaSha256,
}

impl SignatureMethod {
    fn of(request: &Request) -> Result<Self, ApiError> {
        match request.parameter("SignatureMethod") {
            None | Some("HMAC-SHA1") => Ok(Self::HmacSha1),
            Some("HMAC-SHA256") => Ok(Self::HmacSha256),
            Some("SHA256withRSA") => Ok(Self::RsaSha256),
            Some(_) => Err(ApiError::InvalidParameter("SignatureMethod".to_owned())),
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::HmacSha1 => "HMAC-SHA1",
            Self::HmacSha256 => "HMAC-SHA256",
            Self::RsaSha256 => "SHA256withRSA",
        }
    }

    fn hash(self) -> Hash {
        match self {
            Self::HmacSha1 => Hash::Sha1,
            Self::HmacSha256 | Self::RsaSha256 => Hash::Sha256,
        }
    }

    fn verifier_of_bytes(self, key: Vec<u8>) -> Verifier<'static> {
        Verifier::of_hmac(self.hash(), key, SignatureEncoding::Base64)
    }
}

pub(crate) fn string_to_sign(http_method: &str, canonical_query: impl Display) -> impl Display {
    let canonical_query = encoded(canonical_query);
    fmt::from_fn(move |f| write!(f, "{http_method}&{}&{canonical_query}", encode("/")))
}

/// The signature by HMAC, with the secret and an `&` as the key.
pub(crate) fn signature(
    method: SignatureMethod,
    secret: &SecretKey,
    string_to_sign: impl Display,
) -> String {
    STANDARD.encode(method.hash().hmac(&signing_key(secret), string_to_sign))
}

fn signing_key(secret: &SecretKey) -> Vec<u8> {
    format!("{}&", secret.expose()).into_bytes()
}

/// Verifies signatures of a request with a key; absent if the key is for other methods.
///
/// # Errors
///
/// For an unknown method.
pub(crate) fn verifier<'k>(
    request: &Request,
    key: &'k VerificationKey,
) -> Result<Option<Verifier<'k>>, ApiError> {
    let method = SignatureMethod::of(request)?;
    Ok(match (method, key) {
        (SignatureMethod::RsaSha256, VerificationKey::Rsa(key)) => {
            Some(Verifier::of_rsa(key, SignatureEncoding::Base64))
        }
        (SignatureMethod::RsaSha256, VerificationKey::Secret(_)) | (_, VerificationKey::Rsa(_)) => {
            None
        }
        (_, VerificationKey::Secret(secret)) => Some(method.verifier_of_bytes(signing_key(secret))),
    })
}

/// Checks that the signature covers all parameters: it covers those of query and form. It does not cover
/// the host, which selects the region.
pub(crate) fn check_coverage(request: &Request) -> Result<(), ApiError> {
    if request
        .parameters()
        .iter()
        .any(|parameter| parameter.source == Source::Json)
    {
        return Err(ApiError::incomplete_signature(
            "parameters in a JSON body are not signed",
        ));
    }
    // Without it, the unsigned header `x-acs-action` would select the operation.
    if request.parameter("Action").is_none() {
        return Err(ApiError::MissingAction);
    }
    Ok(())
}

/// The expected string to sign of a request.
pub(crate) fn expectation(request: &Request) -> Expectation {
    let shown = shortened(string_to_sign_of(request, true));
    Expectation {
        explanation: format!("server string to sign is:{shown}"),
        shown,
    }
}

/// The string to sign of a request, with sensitive values as they are or masked.
pub(crate) fn string_to_sign_of(request: &Request, masked: bool) -> impl Display {
    string_to_sign(&request.wire.method, canonical_query_of(request, masked))
}

fn canonical_query_of(request: &Request, masked: bool) -> impl Display {
    canonical_query(
        signed_parameters(request).map(move |parameter| request.pair(parameter, masked)),
    )
}

/// The parameters of query and form, except the signature.
fn signed_parameters(request: &Request) -> impl Iterator<Item = &RawParameter> {
    request
        .parameters()
        .iter()
        .filter(|parameter| parameter.source != Source::Json && parameter.name != "Signature")
}

/// The mistakes of V1 clients. `secret` is that of the key, if it has one.
pub(crate) fn attempts<'r>(
    request: &'r Request,
    access_key_id: &str,
    verifier: &Verifier<'r>,
    secret: Option<&SecretKey>,
) -> Vec<Attempt<'r>> {
    let method = SignatureMethod::of(request).unwrap_or(SignatureMethod::HmacSha1);
    let right: Rc<str> = string_to_sign_of(request, false).to_string().into();
    let mut attempts = attempts_with_other_texts(request, verifier);
    let (signed, is_right) = (Rc::clone(&right), verifier.clone());
    attempts.extend(transfer_mistakes(move |given: &str| {
        is_right.accepts(given, &signed)
    }));
    let Some(secret) = secret else {
        return attempts;
    };
    let mut keys = vec![(
        Mistake::AmpersandMissing,
        secret.expose().as_bytes().to_vec(),
    )];
    let secrets = wrong_secrets(access_key_id, secret.expose()).into_iter();
    keys.extend(secrets.map(|(mistake, wrong)| (mistake, [&wrong[..], b"&"].concat())));
    for (mistake, key) in keys {
        let (signed, verifier) = (Rc::clone(&right), method.verifier_of_bytes(key));
        attempts.push(Attempt::new(mistake, move |given| {
            verifier.accepts(given, &signed)
        }));
    }
    attempts
}

/// The mistakes that change the string to sign.
fn attempts_with_other_texts<'r>(
    request: &'r Request,
    verifier: &Verifier<'r>,
) -> Vec<Attempt<'r>> {
    let http_method = &*request.wire.method;
    let other = if http_method == "GET" { "POST" } else { "GET" };
    let verifier = Rc::new(verifier.clone());
    let is_signature = move || {
        let verifier = Rc::clone(&verifier);
        move |given: &str, text: &str| verifier.accepts(given, text)
    };
    let canonical = move |masked| canonical_query_of(request, masked).to_string();
    let mut attempts = vec![
        Attempt::of_text(Mistake::HttpMethod, is_signature(), move |masked| {
            string_to_sign(other, canonical(masked)).to_string()
        }),
        Attempt::of_text(Mistake::QueryEncodedOnce, is_signature(), move |masked| {
            format!("{http_method}&%2F&{}", canonical(masked))
        }),
    ];
    for encoding in Encoding::ALL {
        let query = move |masked| encoding.apply(&canonical(masked));
        let whole = move |masked| {
            let query = encode(&query(masked)).to_string();
            encoding.apply(&query)
        };
        attempts.extend([
            Attempt::of_text(encoding.mistake(), is_signature(), move |masked| {
                let path = encoding.apply("%2F");
                format!("{http_method}&{path}&{}", whole(masked))
            }),
            // The path may be a constant, and the second encoding by another function.
            Attempt::of_text(encoding.mistake(), is_signature(), move |masked| {
                format!("{http_method}&%2F&{}", whole(masked))
            }),
            Attempt::of_text(encoding.mistake(), is_signature(), move |masked| {
                string_to_sign(http_method, query(masked)).to_string()
            }),
        ]);
    }
    let pairs = move |masked, is_signed: fn(&RawParameter) -> bool| {
        signed_parameters(request)
            .filter(move |parameter| is_signed(parameter))
            .map(move |parameter| request.pair(parameter, masked))
    };
    let without = |mistake, is_signed: fn(&RawParameter) -> bool| {
        Attempt::of_text(mistake, is_signature(), move |masked| {
            string_to_sign(http_method, canonical_query(pairs(masked, is_signed))).to_string()
        })
    };
    attempts.extend([
        without(Mistake::FormUnsigned, |parameter| {
            parameter.source != Source::Form
        }),
        without(Mistake::EmptyUnsigned, |parameter| {
            !parameter.value.is_empty()
        }),
        Attempt::of_text(Mistake::NaturalOrder, is_signature(), move |masked| {
            let query = natural_query(pairs(masked, |_| true));
            string_to_sign(http_method, query).to_string()
        }),
        Attempt::of_text(Mistake::ParametersUnsorted, is_signature(), move |masked| {
            let query = joined_query(pairs(masked, |_| true).collect());
            string_to_sign(http_method, query).to_string()
        }),
    ]);
    attempts
}
