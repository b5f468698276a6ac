//! TC3-HMAC-SHA256: headers and body are signed, and the signature is in the `Authorization` header.
//!
//! The vendor's page: *Signature v3*.

use std::borrow::Cow;
use std::fmt::{self, Display};

use super::{hosts, paths, seconds, unexplained};
use crate::clouds::digest;
use crate::clouds::outcome::Mismatch;
use crate::clouds::tencent::api3::request::Request;
use crate::http::headers;
use crate::http::shown::{MASK, shortened};
use crate::model::SecretKey;

const ALGORITHM: &str = "TC3-HMAC-SHA256";
const TERMINATOR: &str = "tc3_request";
/// Says in a header that the body is not signed. The SDKs sign the hash of these words instead.
const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

/// The headers whose values may be shown to anybody.
const HARMLESS_HEADERS: [&str; 12] = [
    "accept",
    "accept-encoding",
    "content-type",
    "host",
    "user-agent",
    "x-tc-action",
    "x-tc-content-sha256",
    "x-tc-language",
    "x-tc-region",
    "x-tc-requestclient",
    "x-tc-timestamp",
    "x-tc-version",
];

/// The parts of the header.
#[derive(Debug, PartialEq, Eq)]
pub struct Authorization<'a> {
    pub secret_id: &'a str,
    /// The UTC date of the time stamp.
    pub date: &'a str,
    /// Mostly `ssm`; some SDKs take it from the host, so it can be anything.
    pub service: &'a str,
    pub signed_headers: &'a str,
    pub signature: &'a str,
}

impl<'a> Authorization<'a> {
    /// Reads `TC3-HMAC-SHA256 Credential=…/…/…/tc3_request, SignedHeaders=…, Signature=…`.
    ///
    /// # Errors
    ///
    /// The first part that is not as it must be, in the service's words.
    pub fn parse(header: &'a str) -> Result<Self, &'static str> {
        let rest = header
            .strip_prefix(ALGORITHM)
            .and_then(|rest| rest.strip_prefix(' '))
            .ok_or("`Algorithm`")?;
        let (mut credential, mut signed_headers, mut signature) = (None, None, None);
        for part in rest.split(',') {
            match part.trim().split_once('=') {
                Some(("Credential", value)) => credential = Some(value),
                Some(("SignedHeaders", value)) => signed_headers = Some(value),
                Some(("Signature", value)) => signature = Some(value),
                _ => {}
            }
        }
        let (secret_id, scope) = credential
            .and_then(|credential| credential.split_once('/'))
            .filter(|(secret_id, _)| !secret_id.is_empty())
            .ok_or("`SecretId` in Credential")?;
        let (date, scope) = scope
            .split_once('/')
            .filter(|(date, _)| is_date(date))
            .ok_or("`Date` in Credential")?;
        let service = scope
            .strip_suffix(TERMINATOR)
            .and_then(|scope| scope.strip_suffix('/'))
            .filter(|service| !service.is_empty())
            .ok_or("`Service` in Credential")?;
        Ok(Self {
            secret_id,
            date,
            service,
            signed_headers: signed_headers
                .filter(|names| !names.is_empty() && headers::are_distinct(names))
                .ok_or("`SignedHeaders`")?,
            signature: signature
                .filter(|signature| !signature.is_empty())
                .ok_or("`Signature`")?,
        })
    }

    /// Whether the headers that the vendor's page demands are signed.
    pub fn covers_what_it_must(&self) -> bool {
        ["content-type", "host"]
            .iter()
            .all(|name| self.signed_headers.split(';').any(|signed| signed == *name))
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// `headers` are the signed ones, in the order of their names in `signed_headers`.
pub fn canonical_request<'h>(
    http_request_method: &str,
    canonical_uri: &str,
    canonical_query_string: impl Display,
    headers: impl IntoIterator<Item = (&'h str, impl Display)>,
    signed_headers: &str,
    hashed_request_payload: &str,
) -> impl Display {
    let headers: Vec<_> = headers.into_iter().collect();
    fmt::from_fn(move |f| {
        write!(
            f,
            "{http_request_method}\n{canonical_uri}\n{canonical_query_string}\n"
        )?;
        for (name, value) in &headers {
            writeln!(f, "{name}:{value}")?;
        }
        write!(f, "\n{signed_headers}\n{hashed_request_payload}")
    })
}

pub fn string_to_sign(
    timestamp: &str,
    date: &str,
    service: &str,
    canonical_request: impl Display,
) -> String {
    let hashed = digest::sha256_hex_of_text(canonical_request);
    format!("{ALGORITHM}\n{timestamp}\n{date}/{service}/{TERMINATOR}\n{hashed}")
}

pub fn secret_date(secret: &SecretKey, date: &str) -> Vec<u8> {
    let key = format!("TC3{}", secret.expose());
    digest::hmac_sha256(key.as_bytes(), date)
}

pub fn secret_service(secret_date: &[u8], service: &str) -> Vec<u8> {
    digest::hmac_sha256(secret_date, service)
}

pub fn secret_signing(secret_service: &[u8]) -> Vec<u8> {
    digest::hmac_sha256(secret_service, TERMINATOR)
}

pub fn signature(secret_signing: &[u8], string_to_sign: &str) -> String {
    hex::encode(digest::hmac_sha256(secret_signing, string_to_sign))
}

/// The value of the header `Authorization`.
pub fn authorization(
    secret_id: &str,
    date: &str,
    service: &str,
    signed_headers: &str,
    signature: &str,
) -> String {
    format!(
        "{ALGORITHM} Credential={secret_id}/{date}/{service}/{TERMINATOR}, SignedHeaders={signed_headers}, Signature={signature}"
    )
}

/// Signs the request in the ways in which clients do, and says what is wrong when none of them leads
/// to the signature given.
pub fn verify(
    request: &Request,
    authorization: &Authorization,
    timestamp: &str,
    secret: &SecretKey,
) -> Option<Mismatch> {
    let date = seconds(timestamp).map(|time| time.format("%Y-%m-%d").to_string());
    let hash = hashed_request_payload(request);
    let shown = || {
        let (path, host) = (paths(request)[0], hosts(request)[0]);
        shortened(canonical_request_of(
            request,
            authorization,
            path,
            host,
            Text::Shown,
            &hash,
        ))
    };
    if date.as_deref() != Some(authorization.date) {
        return Some(Mismatch {
            diagnosis: "the date in the credential is not the UTC date of the time stamp"
                .to_owned(),
            ..unexplained(shown())
        });
    }
    let Authorization { date, service, .. } = *authorization;
    let key = secret_signing(&secret_service(&secret_date(secret, date), service));
    for path in paths(request) {
        for host in hosts(request) {
            for text in [Text::AsSent, Text::Lowered] {
                let signed = canonical_request_of(request, authorization, path, host, text, &hash);
                let expected = signature(&key, &string_to_sign(timestamp, date, service, signed));
                if digest::equal(authorization.signature, &expected) {
                    return None;
                }
            }
        }
    }
    Some(unexplained(shown()))
}

/// In which form the headers and the query stand in a canonical request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Text {
    /// As SDKs leave them.
    AsSent,
    /// With header values in lower case, as the vendor's page demands.
    Lowered,
    /// To be shown: secret values are masked.
    Shown,
}

fn canonical_request_of<'r>(
    request: &'r Request,
    authorization: &'r Authorization,
    path: &'r str,
    host: &'r str,
    text: Text,
    hashed_request_payload: &'r str,
) -> impl Display + use<'r> {
    let wire = &*request.wire;
    let headers = authorization.signed_headers.split(';').map(move |name| {
        let value = if name == "host" {
            host
        } else {
            wire.header(name).unwrap_or_default()
        };
        let value = match text {
            Text::AsSent => Cow::Borrowed(value),
            Text::Lowered => Cow::Owned(value.trim().to_lowercase()),
            Text::Shown if HARMLESS_HEADERS.contains(&name) => Cow::Borrowed(value),
            Text::Shown => Cow::Borrowed(MASK),
        };
        (name, value)
    });
    let query = match (&*wire.method, text) {
        ("GET", Text::Shown) => Cow::Owned(shown_query(request)),
        ("GET", _) => Cow::Borrowed(&*wire.query),
        _ => Cow::Borrowed(""),
    };
    canonical_request(
        &wire.method,
        path,
        query,
        headers,
        authorization.signed_headers,
        hashed_request_payload,
    )
}

fn shown_query(request: &Request) -> String {
    let pairs = request.pairs().iter();
    let shown: Vec<_> = pairs
        .map(|(name, value)| {
            let (name, value) = request.masked(name, value);
            format!("{name}={value}")
        })
        .collect();
    shown.join("&")
}

fn hashed_request_payload(request: &Request) -> String {
    let wire = &*request.wire;
    let payload = if wire.header("x-tc-content-sha256") == Some(UNSIGNED_PAYLOAD) {
        UNSIGNED_PAYLOAD.as_bytes()
    } else if wire.method == "GET" {
        &[]
    } else {
        wire.whole_body()
    };
    digest::sha256_hex(payload)
}
