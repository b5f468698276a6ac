//! ACS3 and ACS4: headers, query and a digest of the body are signed; the signature is in the
//! `Authorization` header.
//!
//! The vendor's page: *Request syntax and signature method V3*. ACS4 is not documented; this is
//! the algorithm of the official Python SDK with `signature_version='v4'`. SM3 and RSA are not documented
//! either; the SDKs have them as `signature_algorithm`.

mod mistakes;

use std::borrow::Cow;
use std::fmt::Display;

use super::Expectation;
use super::percent::canonical_query;
use super::verifier::{Encoding, Verifier};
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::request::{Request, Source};
use crate::clouds::auth::credentials::VerificationKey;
use crate::clouds::canonical_request;
use crate::clouds::diagnosis::Mistake;
use crate::clouds::digest::{self, Hash};
use crate::http::headers;
use crate::http::shown::{MASK, shortened};
use crate::model::SecretKey;
pub(crate) use mistakes::attempts;

/// Headers whose values are not sensitive. The values of others are masked.
const HARMLESS_HEADERS: [&str; 14] = [
    "accept",
    "accept-encoding",
    "content-type",
    "host",
    "user-agent",
    "x-acs-accesskey-id",
    "x-acs-action",
    "x-acs-content-sha256",
    "x-acs-content-sm3",
    "x-acs-credentials-provider",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-signature-type",
    "x-acs-version",
];

/// A parsed `Authorization` header.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Authorization<'r> {
    pub algorithm: Algorithm<'r>,
    pub access_key_id: &'r str,
    /// Lower-case header names joined with `;`, in the order in which they are signed.
    pub signed_headers: &'r str,
    pub signature: &'r str,
}

/// The algorithm of the string to sign and of the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm<'r> {
    /// `ACS3-HMAC-SHA256`: the secret is the key.
    Acs3,
    /// `ACS3-HMAC-SM3`: the same with SM3, also for the digests.
    Acs3Sm3,
    /// `ACS3-RSA-SHA256`: the client has a private key.
    Acs3Rsa,
    /// `ACS4-HMAC-SHA256`: a key derived for one day, region and product.
    Acs4(KeyScope<'r>),
    /// `ACS4-HMAC-SM3`: the same with SM3, also for the digests.
    Acs4Sm3(KeyScope<'r>),
}

/// The purpose of a derived key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeyScope<'r> {
    pub date: &'r str,
    pub region: &'r str,
    pub product: &'r str,
}

impl<'r> Algorithm<'r> {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Acs3 => "ACS3-HMAC-SHA256",
            Self::Acs3Sm3 => "ACS3-HMAC-SM3",
            Self::Acs3Rsa => "ACS3-RSA-SHA256",
            Self::Acs4(_) => "ACS4-HMAC-SHA256",
            Self::Acs4Sm3(_) => "ACS4-HMAC-SM3",
        }
    }

    /// The hash function of the digests, and of the HMAC if there is one.
    pub(crate) fn hash(self) -> Hash {
        match self {
            Self::Acs3 | Self::Acs3Rsa | Self::Acs4(_) => Hash::Sha256,
            Self::Acs3Sm3 | Self::Acs4Sm3(_) => Hash::Sm3,
        }
    }

    /// The value of `Credential` for this key.
    pub(crate) fn credential(self, access_key_id: &str) -> String {
        match self.key_scope() {
            None => access_key_id.to_owned(),
            Some(KeyScope {
                date,
                region,
                product,
            }) => format!("{access_key_id}/{date}/{region}/{product}/aliyun_v4_request"),
        }
    }

    fn key_scope(self) -> Option<KeyScope<'r>> {
        match self {
            Self::Acs3 | Self::Acs3Sm3 | Self::Acs3Rsa => None,
            Self::Acs4(scope) | Self::Acs4Sm3(scope) => Some(scope),
        }
    }

    /// Verifies signatures with a key; absent if the key is for other algorithms.
    pub(crate) fn verifier(self, key: &VerificationKey) -> Option<Verifier<'_>> {
        match (self, key) {
            (Self::Acs3Rsa, VerificationKey::Rsa(key)) => {
                Some(Verifier::of_rsa(key, Encoding::Hexadecimal))
            }
            (Self::Acs3Rsa, VerificationKey::Secret(_)) | (_, VerificationKey::Rsa(_)) => None,
            (_, VerificationKey::Secret(secret)) => {
                Some(self.verifier_of_bytes(secret.expose().as_bytes()))
            }
        }
    }

    fn verifier_of_bytes(self, secret: &[u8]) -> Verifier<'static> {
        let key = signing_key_of_bytes(self, secret);
        Verifier::of_hmac(self.hash(), key, Encoding::Hexadecimal)
    }

    /// The headers that may have the digest of the body. With SM3, `aliyun-java-sdk-core` and ACS4 send the
    /// last one, other SDKs the first one.
    fn digest_headers(self) -> &'static [&'static str] {
        match self.hash() {
            Hash::Sm3 => &["x-acs-content-sha256", "x-acs-content-sm3"],
            Hash::Sha1 | Hash::Sha256 => &["x-acs-content-sha256"],
        }
    }
}

impl<'r> Authorization<'r> {
    /// Parses `<algorithm> Credential=…,SignedHeaders=…,Signature=…`.
    pub(crate) fn parse(header: &'r str) -> Option<Self> {
        let (name, fields) = header.split_once(' ')?;
        let untrimmed = |name: &str| {
            fields
                .split(',')
                .find_map(|field| field.trim_start().strip_prefix(name)?.strip_prefix('='))
        };
        let field = |name: &str| untrimmed(name).map(str::trim_end);
        // White space around a key id is kept, so that the key is unknown and the mistake is reported.
        let credential = untrimmed("Credential")?;
        let (algorithm, access_key_id) = match name {
            "ACS3-HMAC-SHA256" => (Algorithm::Acs3, credential),
            "ACS3-HMAC-SM3" => (Algorithm::Acs3Sm3, credential),
            "ACS3-RSA-SHA256" => (Algorithm::Acs3Rsa, credential),
            "ACS4-HMAC-SHA256" | "ACS4-HMAC-SM3" => {
                let parts: Vec<_> = credential.trim_end().split('/').collect();
                let [access_key_id, date, region, product, "aliyun_v4_request"] = parts[..] else {
                    return None;
                };
                let scope = KeyScope {
                    date,
                    region,
                    product,
                };
                let algorithm = if name == "ACS4-HMAC-SM3" {
                    Algorithm::Acs4Sm3(scope)
                } else {
                    Algorithm::Acs4(scope)
                };
                (algorithm, access_key_id)
            }
            _ => return None,
        };
        let signed_headers = field("SignedHeaders")?;
        if !headers::are_distinct(signed_headers) {
            return None;
        }
        Some(Self {
            algorithm,
            access_key_id,
            signed_headers,
            signature: field("Signature")?,
        })
    }
}

/// The canonical request. `headers` are the signed ones, in order.
pub(crate) fn canonical_request<'h>(
    http_method: &str,
    canonical_query: impl Display,
    headers: impl AsRef<[(&'h str, String)]>,
    signed_headers: &str,
    hashed_payload: &str,
) -> impl Display {
    canonical_request::canonical_request(
        http_method,
        "/",
        canonical_query,
        headers,
        signed_headers,
        hashed_payload,
    )
}

pub(crate) fn string_to_sign(algorithm: Algorithm, canonical_request: impl Display) -> String {
    format!(
        "{}\n{}",
        algorithm.name(),
        algorithm.hash().hex_of_text(canonical_request)
    )
}

pub(crate) fn signing_key(algorithm: Algorithm, secret: &SecretKey) -> Vec<u8> {
    signing_key_of_bytes(algorithm, secret.expose().as_bytes())
}

fn signing_key_of_bytes(algorithm: Algorithm, secret: &[u8]) -> Vec<u8> {
    let Some(scope) = algorithm.key_scope() else {
        return secret.to_vec();
    };
    let key = [b"aliyun_v4", secret].concat();
    [scope.date, scope.region, scope.product, "aliyun_v4_request"]
        .iter()
        .fold(key, |key, part| algorithm.hash().hmac(&key, part))
}

/// The signature by HMAC.
pub(crate) fn signature(algorithm: Algorithm, signing_key: &[u8], string_to_sign: &str) -> String {
    hex::encode(algorithm.hash().hmac(signing_key, string_to_sign))
}

/// The string to sign of a request.
pub(crate) fn string_to_sign_of(request: &Request, authorization: &Authorization) -> String {
    let hashed_payload = hashed_payload(request, authorization.algorithm);
    let canonical_request = canonical_request_of(request, authorization, &hashed_payload, false);
    string_to_sign(authorization.algorithm, canonical_request)
}

/// The expected string to sign of a request.
pub(crate) fn expectation(request: &Request, authorization: &Authorization) -> Expectation {
    let hashed_payload = hashed_payload(request, authorization.algorithm);
    let canonical = |masked| canonical_request_of(request, authorization, &hashed_payload, masked);
    let string_to_sign = string_to_sign(authorization.algorithm, canonical(false));
    let shown = shortened(canonical(true));
    Expectation {
        explanation: format!(
            "server canonical request is:{shown} server string to sign is:{string_to_sign}"
        ),
        shown,
    }
}

/// The value of a header that is not the digest of the body, but should be.
pub(crate) fn wrong_digest<'r>(
    request: &'r Request,
    authorization: &Authorization,
) -> Option<&'r str> {
    let headers = authorization.algorithm.digest_headers().iter();
    let mut declared = headers
        .filter_map(|name| request.wire.header(name))
        .peekable();
    declared.peek()?;
    let hashed_payload = hashed_payload(request, authorization.algorithm);
    declared.find(|declared| !declared.eq_ignore_ascii_case(&hashed_payload))
}

/// The mistake of a request with a [wrong digest](wrong_digest): the body was changed if the signature is
/// correct for the digest.
pub(crate) fn mistake_in_digest(
    request: &Request,
    authorization: &Authorization,
    verifier: &Verifier,
    declared: &str,
) -> Mistake {
    if authorization.algorithm.hash() == Hash::Sm3
        && declared.eq_ignore_ascii_case(&digest::sha256_hex(request.wire.whole_body()))
    {
        return Mistake::DigestNotSm3;
    }
    let signed = canonical_request_of(request, authorization, declared, false);
    let string_to_sign = string_to_sign(authorization.algorithm, signed);
    if verifier.accepts(authorization.signature, string_to_sign) {
        Mistake::BodyChanged
    } else {
        Mistake::ContentDigest
    }
}

/// Checks that the signature covers the headers that the newest SDKs sign: all `x-acs-` headers, the host,
/// which selects the region, and the content type, which selects the parser of the body. Unsigned headers
/// could be changed by a proxy.
///
/// `aliyun-java-sdk-core` signs neither host nor content type; its requests are recognized by their
/// `User-Agent` and accepted without these.
pub(crate) fn check_coverage(
    request: &Request,
    authorization: &Authorization,
) -> Result<(), ApiError> {
    let wire = &*request.wire;
    let is_missing = |name: &&&'static str| wire.header(name).is_none();
    let digests = authorization.algorithm.digest_headers();
    if digests.iter().all(|name| is_missing(&name)) {
        return Err(ApiError::MissingParameter(digests[0]));
    }
    if let Some(missing) = ["x-acs-date", "x-acs-signature-nonce"]
        .iter()
        .find(is_missing)
    {
        return Err(ApiError::MissingParameter(missing));
    }
    let is_signed = |header: &str| {
        authorization
            .signed_headers
            .split(';')
            .any(|name| name.eq_ignore_ascii_case(header))
    };
    let is_java_core = wire
        .header("user-agent")
        .is_some_and(|agent| agent.contains("Java/") && agent.contains("Core/"));
    let has_body = !wire.whole_body().is_empty();
    let is_required = |name: &str| {
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        name.get(..6)
            .is_some_and(|prefix| prefix.eq_ignore_ascii_case("x-acs-"))
            || !is_java_core && (is("host") || is("content-type") && has_body)
    };
    let mut sent = wire.headers.iter().map(|(name, _)| &**name);
    if let Some(unsigned) = sent.find(|name| is_required(name) && !is_signed(name)) {
        return Err(ApiError::incomplete_signature(&format!(
            "the header is not among SignedHeaders: {unsigned}"
        )));
    }
    // Values of a repeated header are signed in sorted order, so their order could be changed.
    if let Some(repeated) = wire
        .headers
        .iter()
        .map(|(name, _)| &**name)
        .find(|name| is_required(name) && wire.header_values(name).count() > 1)
    {
        return Err(ApiError::incomplete_signature(&format!(
            "the header is sent more than once: {repeated}"
        )));
    }
    let Some(KeyScope { date, product, .. }) = authorization.algorithm.key_scope() else {
        return Ok(());
    };
    let today = request
        .wire
        .header("x-acs-date")
        .unwrap_or_default()
        .replace('-', "");
    if !today.starts_with(date) || date.len() != 8 || product != request.service().product {
        return Err(ApiError::incomplete_signature(
            "the credential is for another day or product: Credential",
        ));
    }
    Ok(())
}

fn hashed_payload(request: &Request, algorithm: Algorithm) -> String {
    algorithm.hash().hex(request.wire.whole_body())
}

fn canonical_request_of(
    request: &Request,
    authorization: &Authorization,
    hashed_payload: &str,
    masked: bool,
) -> impl Display {
    let query = canonical_query(query_parameters(request, masked));
    let method = &*request.wire.method;
    let host = None;
    canonical_request(
        method,
        query,
        signed_headers(request, authorization, host, masked),
        authorization.signed_headers,
        hashed_payload,
    )
}

fn query_parameters(request: &Request, masked: bool) -> impl Iterator<Item = (&str, Cow<'_, str>)> {
    let parameters = request.parameters().iter();
    parameters
        .filter(|parameter| parameter.source == Source::Query)
        .map(move |parameter| request.pair(parameter, masked))
}

/// The signed headers in order, with `host` instead of the one sent.
fn signed_headers<'r>(
    request: &Request,
    authorization: &Authorization<'r>,
    host: Option<&str>,
    masked: bool,
) -> Vec<(&'r str, String)> {
    let names = authorization.signed_headers.split(';');
    names
        .map(|name| {
            let mut values: Vec<_> = request.wire.header_values(name).map(str::trim).collect();
            values.sort_unstable();
            let value = match (name, host) {
                _ if masked && !HARMLESS_HEADERS.contains(&name) => MASK.to_owned(),
                ("host", Some(host)) => host.to_owned(),
                _ => values.join(","),
            };
            (name, value)
        })
        .collect()
}
