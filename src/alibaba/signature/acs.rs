//! ACS3 and ACS4: headers, query and a digest of the body are signed; the signature is in the
//! `Authorization` header.
//!
//! The vendor's page: *Request syntax and signature method V3*. ACS4 is on no page; it is as the
//! official Python SDK makes it with `signature_version='v4'`.

use super::diagnosis::{Expectation, Mistake};
use super::percent::canonical_query;
use crate::alibaba::error::ApiError;
use crate::alibaba::request::{Request, Source};
use crate::context::MASK;
use crate::credentials::SecretKey;
use crate::digest;

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
        let field = |name: &str| {
            fields
                .split(',')
                .find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='))
        };
        let credential = field("Credential")?;
        let (algorithm, access_key_id) = match name {
            "ACS3-HMAC-SHA256" => (Algorithm::Acs3, credential),
            "ACS4-HMAC-SHA256" => {
                let parts: Vec<_> = credential.split('/').collect();
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
        Some(Self {
            algorithm,
            access_key_id,
            signed_headers,
            signature: field("Signature")?,
        })
    }
}

/// The request in the form that is digested and signed. `headers` are the signed ones, in order.
pub fn canonical_request(
    http_method: &str,
    canonical_query: &str,
    headers: &[(&str, String)],
    signed_headers: &str,
    hashed_payload: &str,
) -> String {
    let mut lines = String::new();
    for (name, value) in headers {
        lines.extend([name, ":", value, "\n"]);
    }
    format!("{http_method}\n/\n{canonical_query}\n{lines}\n{signed_headers}\n{hashed_payload}")
}

pub fn string_to_sign(algorithm: Algorithm, canonical_request: &str) -> String {
    format!(
        "{}\n{}",
        algorithm.name(),
        digest::sha256_hex(canonical_request.as_bytes())
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
                .fold(key, |key, part| digest::hmac_sha256(&key, part.as_bytes()))
        }
    }
}

pub fn signature(signing_key: &[u8], string_to_sign: &str) -> String {
    hex::encode(digest::hmac_sha256(signing_key, string_to_sign.as_bytes()))
}

/// The signature that a request should have.
pub fn signature_of(
    request: &Request,
    authorization: &Authorization,
    secret: &SecretKey,
) -> String {
    let canonical_request = canonical_request_of(
        request,
        authorization,
        &hashed_payload(request),
        false,
        str::to_owned,
    );
    let string_to_sign = string_to_sign(authorization.algorithm, &canonical_request);
    signature(
        &signing_key(authorization.algorithm, secret),
        &string_to_sign,
    )
}

/// What a request should have been signed over, to be shown.
pub fn expectation(request: &Request, authorization: &Authorization) -> Expectation {
    let canonical = |masked| {
        canonical_request_of(
            request,
            authorization,
            &hashed_payload(request),
            masked,
            str::to_owned,
        )
    };
    let string_to_sign = string_to_sign(authorization.algorithm, &canonical(false));
    let shown = canonical(true);
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

/// Checks that the signature covers what the vendor's page demands: whatever is left out could be
/// changed by somebody else, the nonce first of all. The page demands the host too, but
/// `aliyun-java-sdk-core` does not sign it.
pub fn check_coverage(request: &Request, authorization: &Authorization) -> Result<(), ApiError> {
    const REQUIRED: [&str; 3] = [
        "x-acs-content-sha256",
        "x-acs-date",
        "x-acs-signature-nonce",
    ];
    if let Some(missing) = REQUIRED
        .iter()
        .find(|name| request.wire.header(name).is_none())
    {
        return Err(ApiError::MissingParameter(missing));
    }
    let is_signed = |header: &str| {
        authorization
            .signed_headers
            .split(';')
            .any(|name| name.eq_ignore_ascii_case(header))
    };
    let sent = request.wire.headers.iter().map(|(name, _)| *name);
    let mut demanded = sent.filter(|name| name.to_ascii_lowercase().starts_with("x-acs-"));
    if let Some(unsigned) = demanded.find(|name| !is_signed(name)) {
        return Err(ApiError::IncompleteSignature(format!(
            "the header is not among SignedHeaders: {unsigned}"
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
        return Err(ApiError::IncompleteSignature(
            "the credential is for another day or product: Credential".to_owned(),
        ));
    }
    Ok(())
}

fn hashed_payload(request: &Request) -> String {
    digest::sha256_hex(request.wire.body.unwrap_or_default())
}

fn canonical_request_of(
    request: &Request,
    authorization: &Authorization,
    hashed_payload: &str,
    masked: bool,
    host: impl Fn(&str) -> String,
) -> String {
    let query = request
        .parameters()
        .iter()
        .filter(|parameter| parameter.source == Source::Query);
    let query = query.map(|parameter| {
        let masked = masked && !parameter.may_be_shown();
        (
            &*parameter.name,
            if masked { MASK } else { &*parameter.value },
        )
    });
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
        request.wire.method,
        &canonical_query(query),
        &headers,
        authorization.signed_headers,
        hashed_payload,
    )
}

/// What signers get wrong, each with what they would have signed.
pub fn mistakes(
    request: &Request,
    authorization: &Authorization,
    secret: &SecretKey,
) -> Vec<Mistake> {
    let algorithm = authorization.algorithm;
    let key = signing_key(algorithm, secret);
    let hashed_payload = hashed_payload(request);
    let mistake = |what, canonical: &dyn Fn(bool) -> String| Mistake {
        what,
        signature: signature(&key, &string_to_sign(algorithm, &canonical(false))),
        shown: canonical(true),
    };
    let plain = |masked| {
        canonical_request_of(
            request,
            authorization,
            &hashed_payload,
            masked,
            str::to_owned,
        )
    };
    let other = if request.wire.method == "GET" {
        "POST"
    } else {
        "GET"
    };
    vec![
        mistake("the host is signed without its port", &|masked| {
            canonical_request_of(request, authorization, &hashed_payload, masked, |host| {
                host.rsplit_once(':')
                    .map_or(host, |(name, _)| name)
                    .to_owned()
            })
        }),
        mistake("the HTTP method signed is not the one sent", &|masked| {
            plain(masked).replacen(request.wire.method, other, 1)
        }),
        mistake("spaces are encoded as `+`, not `%20`", &|masked| {
            plain(masked).replace("%20", "+")
        }),
        mistake("`*` is left unencoded", &|masked| {
            plain(masked).replace("%2A", "*")
        }),
        mistake(
            "the empty body is signed as an empty text, not as its digest",
            &|masked| canonical_request_of(request, authorization, "", masked, str::to_owned),
        ),
        Mistake {
            what: "the key has an `&` behind the secret, as in V1",
            signature: signature(
                &signing_key(algorithm, &SecretKey::new(format!("{}&", secret.expose()))),
                &string_to_sign(algorithm, &plain(false)),
            ),
            shown: plain(true),
        },
    ]
}
