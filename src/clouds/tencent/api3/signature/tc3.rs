//! TC3-HMAC-SHA256: headers and body are signed, and the signature is in the `Authorization` header.
//!
//! The vendor's page: *Signature v3*.

mod mistakes;

use std::borrow::Cow;
use std::fmt::Display;

use chrono::TimeDelta;

use super::{hosts, paths, seconds};
pub(crate) use crate::clouds::canonical_request::canonical_request;
use crate::clouds::diagnosis::Mismatch;
use crate::clouds::diagnosis::{self, Encoding, Mistake};
use crate::clouds::digest::{self, Hash};
use crate::clouds::tencent::api3::request::Request;
use crate::http::headers;
use crate::http::shown::{MASK, shortened};
use crate::model::{Cloud, SecretKey};

const ALGORITHM: &str = "TC3-HMAC-SHA256";
const TERMINATOR: &str = "tc3_request";
/// The value of a header for an unsigned body. The SDKs sign the digest of this text instead.
const UNSIGNED_PAYLOAD: &str = "UNSIGNED-PAYLOAD";

/// Headers whose values are not sensitive. The values of others are masked.
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

/// The parts of the `Authorization` header.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Authorization<'a> {
    pub secret_id: &'a str,
    /// The UTC date of the time stamp.
    pub date: &'a str,
    /// `ssm`, or the first label of the host, which some SDKs use.
    pub service: &'a str,
    pub signed_headers: &'a str,
    pub signature: &'a str,
}

impl<'a> Authorization<'a> {
    /// Parses `TC3-HMAC-SHA256 Credential=…/…/…/tc3_request, SignedHeaders=…, Signature=…`.
    ///
    /// # Errors
    ///
    /// The first invalid part, as the service names it.
    pub(crate) fn parse(header: &'a str) -> Result<Self, &'static str> {
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

    /// Whether the headers that the vendor's page requires are signed.
    pub(crate) fn covers_required_headers(&self) -> bool {
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

pub(crate) fn string_to_sign(
    timestamp: &str,
    date: &str,
    service: &str,
    canonical_request: impl Display,
) -> String {
    let hashed = Hash::Sha256.hex_of_text(canonical_request);
    format!("{ALGORITHM}\n{timestamp}\n{date}/{service}/{TERMINATOR}\n{hashed}")
}

pub(crate) fn secret_date(secret: &SecretKey, date: &str) -> Vec<u8> {
    secret_date_of_bytes(secret.expose().as_bytes(), date)
}

fn secret_date_of_bytes(secret: &[u8], date: &str) -> Vec<u8> {
    Hash::Sha256.hmac(&[b"TC3", secret].concat(), date)
}

pub(crate) fn secret_service(secret_date: &[u8], service: &str) -> Vec<u8> {
    Hash::Sha256.hmac(secret_date, service)
}

pub(crate) fn secret_signing(secret_service: &[u8]) -> Vec<u8> {
    Hash::Sha256.hmac(secret_service, TERMINATOR)
}

pub(crate) fn signature(secret_signing: &[u8], string_to_sign: &str) -> String {
    hex::encode(Hash::Sha256.hmac(secret_signing, string_to_sign))
}

/// The value of the header `Authorization`.
pub(crate) fn authorization(
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

/// Accepts the signature if it is that of one of the forms in which clients sign; otherwise explains it.
/// `of_cloud` lists the hosts of the cloud.
pub(crate) fn verify(
    request: &Request,
    authorization: &Authorization,
    timestamp: &str,
    secret: &SecretKey,
    of_cloud: impl FnOnce() -> Vec<String>,
) -> Option<Mismatch> {
    let time = seconds(timestamp);
    let date_of = |offset| {
        let time = time?.checked_add_signed(TimeDelta::hours(offset))?;
        Some(time.format("%Y-%m-%d").to_string())
    };
    if date_of(0).as_deref() != Some(authorization.date) {
        let mistake = if date_of(8).as_deref() == Some(authorization.date) {
            Mistake::CredentialLocalDate
        } else {
            Mistake::CredentialDate
        };
        let shown = shown(request, authorization);
        return Some(diagnosis::mismatch(mistake, Cloud::Tencent, shown));
    }
    let key = signing_key(authorization, secret.expose().as_bytes());
    let hash = hashed_request_payload(request);
    for form in accepted_forms(request, &hash) {
        let signed = form.canonical_request(request, authorization);
        let signed = string_to_sign_of(authorization, timestamp, signed);
        if digest::equal(authorization.signature, &signature(&key, &signed)) {
            return None;
        }
    }
    let size = request.wire.query.len() + request.wire.whole_body().len();
    let shown = shown_with_digest(request, authorization, &hash);
    let attempts = || mistakes::attempts(request, authorization, timestamp, secret, of_cloud());
    Some(diagnosis::explain(
        Cloud::Tencent,
        authorization.signature,
        shown,
        size,
        Mistake::WrongSecret,
        attempts,
    ))
}

/// The canonical request, with sensitive values masked.
pub(crate) fn shown(request: &Request, authorization: &Authorization) -> String {
    shown_with_digest(request, authorization, &hashed_request_payload(request))
}

fn shown_with_digest(request: &Request, authorization: &Authorization, hash: &str) -> String {
    let form = Form {
        text: Text::Shown,
        ..Form::documented(request, hash)
    };
    shortened(form.canonical_request(request, authorization))
}

fn signing_key(authorization: &Authorization, secret: &[u8]) -> Vec<u8> {
    let date = secret_date_of_bytes(secret, authorization.date);
    secret_signing(&secret_service(&date, authorization.service))
}

/// The form of header values and the query in a canonical request.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Text {
    /// Unchanged, as SDKs sign them.
    AsSent,
    /// With header values in lower case, as the vendor's page requires.
    Lowered,
    /// With sensitive values masked.
    Shown,
}

/// How a client signs the query of a GET.
#[derive(Clone, Copy)]
enum SignedQuery {
    AsSent,
    Encoded(Encoding),
    Absent,
}

/// The parts of a canonical request that clients write in different ways.
#[derive(Clone)]
struct Form<'f> {
    method: &'f str,
    path: &'f str,
    host: Cow<'f, str>,
    text: Text,
    query: SignedQuery,
    hash: Cow<'f, str>,
}

impl<'f> Form<'f> {
    fn documented(request: &'f Request, hash: &'f str) -> Self {
        Self {
            method: &request.wire.method,
            path: paths(request)[0],
            host: Cow::Borrowed(hosts(request)[0]),
            text: Text::AsSent,
            query: SignedQuery::AsSent,
            hash: Cow::Borrowed(hash),
        }
    }

    fn canonical_request<'c>(
        &'c self,
        request: &'c Request,
        authorization: &'c Authorization<'c>,
    ) -> impl Display + use<'c, 'f> {
        let wire = &*request.wire;
        let headers = authorization.signed_headers.split(';').map(|name| {
            let value = if name == "host" {
                &self.host
            } else {
                wire.header(name).unwrap_or_default()
            };
            let value = match self.text {
                Text::AsSent => Cow::Borrowed(value),
                Text::Lowered => Cow::Owned(value.trim().to_lowercase()),
                Text::Shown if HARMLESS_HEADERS.contains(&name) => Cow::Borrowed(value),
                Text::Shown => Cow::Borrowed(MASK),
            };
            (name, value)
        });
        let query = match self.text {
            _ if wire.method != "GET" => Cow::Borrowed(""),
            Text::Shown => Cow::Owned(shown_query(request)),
            Text::AsSent | Text::Lowered => Cow::Borrowed(&*wire.query),
        };
        let query = match self.query {
            SignedQuery::AsSent => query,
            SignedQuery::Encoded(encoding) => encoding.apply(&query).into(),
            SignedQuery::Absent => Cow::Borrowed(""),
        };
        canonical_request(
            self.method,
            self.path,
            query,
            headers.collect::<Vec<_>>(),
            authorization.signed_headers,
            &self.hash,
        )
    }
}

/// The forms that clients use and the service accepts.
fn accepted_forms<'f>(request: &'f Request, hash: &'f str) -> impl Iterator<Item = Form<'f>> {
    let form = Form::documented(request, hash);
    let hosts = hosts(request);
    paths(request).into_iter().flat_map(move |path| {
        let (form, hosts) = (form.clone(), hosts.clone());
        hosts.into_iter().flat_map(move |host| {
            let form = form.clone();
            [Text::AsSent, Text::Lowered].map(move |text| Form {
                path,
                host: Cow::Borrowed(host),
                text,
                ..form.clone()
            })
        })
    })
}

fn string_to_sign_of(
    authorization: &Authorization,
    timestamp: &str,
    canonical_request: impl Display,
) -> String {
    let Authorization { date, service, .. } = *authorization;
    string_to_sign(timestamp, date, service, canonical_request)
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
