//! ACS3 and ACS4: headers, query and a digest of the body are signed; the signature is in the
//! `Authorization` header.
//!
//! The vendor's page: *Request syntax and signature method V3*. ACS4 is on no page; it is as the
//! official Python SDK makes it with `signature_version='v4'`.

use std::fmt::{self, Display};
use std::rc::Rc;

use super::diagnosis::{Expectation, Mistake};
use super::percent::canonical_query;
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::request::{Request, Source};
use crate::clouds::digest;
use crate::http::headers;
use crate::http::shown::{MASK, shortened};
use crate::model::SecretKey;

/// Headers whose values may be shown to anybody; the others are taken for secrets.
const HARMLESS_HEADERS: [&str; 13] = [
    "accept",
    "accept-encoding",
    "content-type",
    "host",
    "user-agent",
    "x-acs-accesskey-id",
    "x-acs-action",
    "x-acs-content-sha256",
    "x-acs-credentials-provider",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-signature-type",
    "x-acs-version",
];

/// A parsed `Authorization` header.
#[derive(Debug, Clone, Copy)]
pub struct Authorization<'r> {
    pub algorithm: Algorithm<'r>,
    pub access_key_id: &'r str,
    /// Lower-case header names joined with `;`, in the order in which they are signed.
    pub signed_headers: &'r str,
    pub signature: &'r str,
}

/// How the string to sign is made and keyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Algorithm<'r> {
    /// `ACS3-HMAC-SHA256`: the secret is the key.
    Acs3,
    /// `ACS4-HMAC-SHA256`: a key derived for one day, region and product.
    Acs4 {
        date: &'r str,
        region: &'r str,
        product: &'r str,
    },
}

impl Algorithm<'_> {
    pub fn name(self) -> &'static str {
        match self {
            Self::Acs3 => "ACS3-HMAC-SHA256",
            Self::Acs4 { .. } => "ACS4-HMAC-SHA256",
        }
    }

    /// The `Credential` of a signature made with this key.
    pub fn credential(self, access_key_id: &str) -> String {
        match self {
            Self::Acs3 => access_key_id.to_owned(),
            Self::Acs4 {
                date,
                region,
                product,
            } => format!("{access_key_id}/{date}/{region}/{product}/aliyun_v4_request"),
        }
    }
}

impl<'r> Authorization<'r> {
    /// Parses `<algorithm> Credential=…,SignedHeaders=…,Signature=…`.
    pub fn parse(header: &'r str) -> Option<Self> {
        let (name, fields) = header.split_once(' ')?;
        let untrimmed = |name: &str| {
            fields
                .split(',')
                .find_map(|field| field.trim_start().strip_prefix(name)?.strip_prefix('='))
        };
        let field = |name: &str| untrimmed(name).map(str::trim_end);
        // White space around a key id is a mistake that is reported, not repaired.
        let credential = untrimmed("Credential")?;
        let (algorithm, access_key_id) = match name {
            "ACS3-HMAC-SHA256" => (Algorithm::Acs3, credential),
            "ACS4-HMAC-SHA256" => {
                let parts: Vec<_> = credential.trim_end().split('/').collect();
                let [access_key_id, date, region, product, "aliyun_v4_request"] = parts[..] else {
                    return None;
                };
                (
                    Algorithm::Acs4 {
                        date,
                        region,
                        product,
                    },
                    access_key_id,
                )
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

/// The request in the form that is digested and signed. `headers` are the signed ones, in order.
pub fn canonical_request<'h>(
    http_method: &str,
    canonical_query: impl Display,
    headers: impl AsRef<[(&'h str, String)]>,
    signed_headers: &str,
    hashed_payload: &str,
) -> impl Display {
    fmt::from_fn(move |f| {
        write!(f, "{http_method}\n/\n{canonical_query}\n")?;
        for (name, value) in headers.as_ref() {
            writeln!(f, "{name}:{value}")?;
        }
        write!(f, "\n{signed_headers}\n{hashed_payload}")
    })
}

pub fn string_to_sign(algorithm: Algorithm, canonical_request: impl Display) -> String {
    format!(
        "{}\n{}",
        algorithm.name(),
        digest::sha256_hex_of_text(canonical_request)
    )
}

pub fn signing_key(algorithm: Algorithm, secret: &SecretKey) -> Vec<u8> {
    match algorithm {
        Algorithm::Acs3 => secret.expose().as_bytes().to_vec(),
        Algorithm::Acs4 {
            date,
            region,
            product,
        } => {
            let key = format!("aliyun_v4{}", secret.expose()).into_bytes();
            [date, region, product, "aliyun_v4_request"]
                .iter()
                .fold(key, |key, part| digest::hmac_sha256(&key, part))
        }
    }
}

pub fn signature(signing_key: &[u8], string_to_sign: &str) -> String {
    hex::encode(digest::hmac_sha256(signing_key, string_to_sign))
}

/// The signature that a request should have.
pub fn signature_of(
    request: &Request,
    authorization: &Authorization,
    secret: &SecretKey,
) -> String {
    let hashed_payload = hashed_payload(request);
    let canonical_request = canonical_request_of(
        request,
        authorization,
        &hashed_payload,
        false,
        str::to_owned,
    );
    let string_to_sign = string_to_sign(authorization.algorithm, canonical_request);
    signature(
        &signing_key(authorization.algorithm, secret),
        &string_to_sign,
    )
}

/// What a request should have been signed over, to be shown.
pub fn expectation(request: &Request, authorization: &Authorization) -> Expectation {
    let hashed_payload = hashed_payload(request);
    let canonical = |masked| {
        canonical_request_of(
            request,
            authorization,
            &hashed_payload,
            masked,
            str::to_owned,
        )
    };
    let string_to_sign = string_to_sign(authorization.algorithm, canonical(false));
    let shown = shortened(canonical(true));
    Expectation {
        explanation: format!(
            "server canonical request is:{shown} server string to sign is:{string_to_sign}"
        ),
        shown,
        fault: fault(request),
    }
}

/// Whether the request contradicts itself, whatever its signature.
pub fn fault(request: &Request) -> Option<&'static str> {
    let declared = request.wire.header("x-acs-content-sha256")?;
    (!declared.eq_ignore_ascii_case(&hashed_payload(request)))
        .then_some("x-acs-content-sha256 is not the digest of the body that arrived")
}

/// Checks that the signature covers what the newest SDKs sign: all `x-acs-` headers, the host, which
/// names the region, and the content type, which says how the body is read. Anybody could change what
/// is left out.
///
/// `aliyun-java-sdk-core` signs neither host nor content type; its requests are recognized by their
/// `User-Agent` and accepted without.
pub fn check_coverage(request: &Request, authorization: &Authorization) -> Result<(), ApiError> {
    const REQUIRED: [&str; 3] = [
        "x-acs-content-sha256",
        "x-acs-date",
        "x-acs-signature-nonce",
    ];
    let wire = &*request.wire;
    if let Some(missing) = REQUIRED.iter().find(|name| wire.header(name).is_none()) {
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
    let is_demanded = |name: &str| {
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        name.get(..6)
            .is_some_and(|prefix| prefix.eq_ignore_ascii_case("x-acs-"))
            || !is_java_core && (is("host") || is("content-type") && has_body)
    };
    let mut sent = wire.headers.iter().map(|(name, _)| &**name);
    if let Some(unsigned) = sent.find(|name| is_demanded(name) && !is_signed(name)) {
        return Err(ApiError::incomplete_signature(&format!(
            "the header is not among SignedHeaders: {unsigned}"
        )));
    }
    // Values of a repeated header are signed in sorted order, so that two could change places.
    if let Some(repeated) = wire
        .headers
        .iter()
        .map(|(name, _)| &**name)
        .find(|name| is_demanded(name) && wire.header_values(name).count() > 1)
    {
        return Err(ApiError::incomplete_signature(&format!(
            "the header is sent more than once: {repeated}"
        )));
    }
    let Algorithm::Acs4 { date, product, .. } = authorization.algorithm else {
        return Ok(());
    };
    let today = request
        .wire
        .header("x-acs-date")
        .unwrap_or_default()
        .replace('-', "");
    if !today.starts_with(date) || date.len() != 8 || product != "Kms" {
        return Err(ApiError::incomplete_signature(
            "the credential is for another day or product: Credential",
        ));
    }
    Ok(())
}

fn hashed_payload(request: &Request) -> String {
    digest::sha256_hex(request.wire.whole_body())
}

fn canonical_request_of(
    request: &Request,
    authorization: &Authorization,
    hashed_payload: &str,
    masked: bool,
    host: impl Fn(&str) -> String,
) -> impl Display {
    let query = request
        .parameters()
        .iter()
        .filter(|parameter| parameter.source == Source::Query);
    let query = query.map(move |parameter| request.pair(parameter, masked));
    let headers: Vec<_> = authorization
        .signed_headers
        .split(';')
        .map(|name| {
            let mut values: Vec<_> = request.wire.header_values(name).map(str::trim).collect();
            values.sort_unstable();
            let value = match name {
                _ if masked && !HARMLESS_HEADERS.contains(&name) => MASK.to_owned(),
                "host" => host(&values.join(",")),
                _ => values.join(","),
            };
            (name, value)
        })
        .collect();
    canonical_request(
        &request.wire.method,
        canonical_query(query),
        headers,
        authorization.signed_headers,
        hashed_payload,
    )
}

/// What signers get wrong, each with what they would have signed.
pub fn mistakes<'r>(
    request: &'r Request,
    authorization: &'r Authorization,
    secret: &'r SecretKey,
) -> Vec<Mistake<'r>> {
    let algorithm = authorization.algorithm;
    let keyed = move |key: Vec<u8>| {
        move |canonical: &str| signature(&key, &string_to_sign(algorithm, canonical))
    };
    let key = signing_key(algorithm, secret);
    let hash: Rc<str> = hashed_payload(request).into();
    // Canonical requests with another host, another hash, and changed afterwards.
    let canonical = move |masked, hash: &str, host: fn(&str) -> String| {
        canonical_request_of(request, authorization, hash, masked, host).to_string()
    };
    let changed = |what, change: fn(&str) -> String| {
        let hash = Rc::clone(&hash);
        Mistake::new(what, keyed(key.clone()), move |masked| {
            change(&canonical(masked, &hash, str::to_owned))
        })
    };
    let (hash_without_port, hash_with_ampersand) = (Rc::clone(&hash), Rc::clone(&hash));
    vec![
        Mistake::new(
            "the host is signed without its port",
            keyed(key.clone()),
            move |masked| {
                canonical(masked, &hash_without_port, |host| {
                    host.rsplit_once(':')
                        .map_or(host, |(name, _)| name)
                        .to_owned()
                })
            },
        ),
        changed(
            "the HTTP method signed is not the one sent",
            |canonical| match canonical.strip_prefix("GET") {
                Some(rest) => format!("POST{rest}"),
                None => canonical.replacen("POST", "GET", 1),
            },
        ),
        changed("spaces are encoded as `+`, not `%20`", |canonical| {
            canonical.replace("%20", "+")
        }),
        changed("`*` is left unencoded", |canonical| {
            canonical.replace("%2A", "*")
        }),
        Mistake::new(
            "the empty body is signed as an empty text, not as its digest",
            keyed(key.clone()),
            move |masked| canonical(masked, "", str::to_owned),
        ),
        Mistake::new(
            "the key has an `&` after the secret, as in V1",
            keyed(signing_key(
                algorithm,
                &SecretKey::new(format!("{}&", secret.expose())),
            )),
            move |masked| canonical(masked, &hash_with_ampersand, str::to_owned),
        ),
    ]
}
