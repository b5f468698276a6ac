//! Tokens of OpenID Connect, which clients exchange for temporary keys.
//!
//! See RFC 7515 (signatures), RFC 7517 (keys) and RFC 7519 (tokens).

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Datelike, TimeDelta, Utc};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384,
    RSA_PKCS1_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer};
use thiserror::Error;

use crate::clouds::hint::Hint;
use crate::http::host::Authority;

/// The audiences of tokens for an issuer that is configured without one.
const DEFAULT_AUDIENCES: [&str; 2] = ["sts.aliyuncs.com", "sts.cloud.tencent.com"];

/// The maximum length of a key set.
const MAX_KEY_SET_BYTES: u64 = 1024 * 1024;

/// The documented range of `IssuanceLimitTime`.
const ISSUANCE_LIMIT_HOURS: RangeInclusive<i64> = 1..=168;

/// How long the server waits for a key set.
const KEY_SET_TIMEOUT: Duration = Duration::from_secs(5);

/// The configured issuers. Without one, tokens of any issuer for any audience are accepted.
#[derive(Debug, Clone, Default)]
pub struct Issuers(Vec<Issuer>);

/// An issuer whose tokens are accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Issuer {
    url: String,
    audiences: Vec<String>,
    /// Without keys, signatures are not verified.
    keys: Option<KeySource>,
    /// `IssuanceLimitTime` of the identity provider: the maximum age of a token.
    issuance_limit: Option<TimeDelta>,
}

/// Where the keys of an issuer are. They are read for each token, because issuers change them.
#[derive(Debug, Clone, PartialEq, Eq)]
enum KeySource {
    File(PathBuf),
    /// On this machine.
    Url(String),
}

/// Why a setting is not an issuer.
#[derive(Debug, Error)]
pub enum IssuerError {
    /// It has no URL.
    #[error(
        "an issuer is URL[,aud=AUDIENCE][,jwks=FILE-OR-URL][,issuance-limit=HOURS], the URL begins with https:// or http://, and HOURS is 1 to 168"
    )]
    Syntax,
    /// The keys are on another machine.
    #[error("`{0}` is not on this machine: only loopback addresses are read")]
    NotLoopback(String),
    /// The keys cannot be read.
    #[error("`{0}`: {1}")]
    Keys(String, KeySetError),
    /// Another setting has the same URL.
    #[error("`{0}` is given twice; `aud=` can be repeated in one value")]
    Twice(String),
}

/// Why keys cannot be read.
#[derive(Debug, Error)]
pub enum KeySetError {
    /// The file cannot be read.
    #[error("{0}")]
    File(#[from] std::io::Error),
    /// The URL cannot be read.
    #[error("{0}")]
    Url(#[from] ureq::Error),
    /// It is not a key set.
    #[error("it is not a JSON Web Key Set")]
    Malformed,
}

/// Why a token is rejected.
#[derive(Debug)]
pub(crate) enum TokenError {
    Malformed,
    NotYetValid,
    Expired,
    /// It was issued earlier than the issuer's limit allows.
    IssuedTooEarly,
    UnknownIssuer,
    OtherAudience,
    NoKeys(KeySetError),
    WrongSignature,
}

impl TokenError {
    /// The hint for the sender of the token.
    pub(crate) fn hint(&self) -> Hint {
        match self {
            Self::Malformed => Hint::TokenMalformed,
            Self::NotYetValid => Hint::TokenNotYetValid,
            Self::Expired | Self::IssuedTooEarly => Hint::TokenExpired,
            Self::UnknownIssuer => Hint::TokenIssuer,
            Self::OtherAudience => Hint::TokenAudience,
            Self::NoKeys(KeySetError::Malformed) => Hint::TokenKeySet,
            Self::NoKeys(error) => Hint::TokenKeys {
                error: error.to_string(),
            },
            Self::WrongSignature => Hint::TokenSignature,
        }
    }
}

/// The claims of a token.
#[derive(Debug, Deserialize)]
pub(crate) struct Claims {
    /// The issuer.
    pub iss: String,
    /// The subject.
    pub sub: String,
    aud: Audience,
    exp: NumericDate,
    nbf: Option<NumericDate>,
    iat: Option<NumericDate>,
}

/// A time in seconds since 1970, which may have a fraction.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "f64")]
struct NumericDate(DateTime<Utc>);

impl TryFrom<f64> for NumericDate {
    type Error = &'static str;

    fn try_from(seconds: f64) -> Result<Self, Self::Error> {
        // Saturates, and `from_timestamp` rejects what no calendar has.
        #[expect(clippy::cast_possible_truncation)]
        let time = DateTime::from_timestamp(seconds.floor() as i64, 0);
        // Replies have years of four digits.
        time.filter(|time| (0..=9999).contains(&time.year()))
            .map(Self)
            .ok_or("not a time")
    }
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Claims {
    /// The audiences.
    pub(crate) fn audiences(&self) -> &[String] {
        match &self.aud {
            Audience::One(audience) => std::slice::from_ref(audience),
            Audience::Many(audiences) => audiences,
        }
    }

    /// When the token expires.
    pub(crate) fn expires_at(&self) -> DateTime<Utc> {
        self.exp.0
    }

    /// When the token was issued.
    pub(crate) fn issued_at(&self) -> Option<DateTime<Utc>> {
        self.iat.map(|time| time.0)
    }
}

impl Issuers {
    /// Reads settings such as `https://issuer.example,aud=app,jwks=keys.json`.
    ///
    /// # Errors
    ///
    /// The first mistake found, and a file that cannot be read.
    pub fn new(settings: &[String]) -> Result<Self, IssuerError> {
        let mut issuers: Vec<Issuer> = Vec::new();
        for setting in settings.iter().filter(|setting| !setting.is_empty()) {
            let issuer = Issuer::parse(setting)?;
            if issuers.iter().any(|other| other.url == issuer.url) {
                return Err(IssuerError::Twice(issuer.url));
            }
            issuers.push(issuer);
        }
        Ok(Self(issuers))
    }

    /// Checks a token at a time.
    pub(crate) fn check(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, TokenError> {
        let token = Token::parse(token).ok_or(TokenError::Malformed)?;
        let claims = token.claims;
        let issuer = self.0.iter().find(|issuer| issuer.url == claims.iss);
        if issuer.is_none() && !self.0.is_empty() {
            return Err(TokenError::UnknownIssuer);
        }
        if let Some(keys) = issuer.and_then(|issuer| issuer.keys.as_ref()) {
            let keys = keys.read().map_err(TokenError::NoKeys)?;
            if !keys.verify(&token.header, token.signed, &token.signature) {
                return Err(TokenError::WrongSignature);
            }
        }
        if claims.expires_at() <= now {
            return Err(TokenError::Expired);
        }
        if claims.nbf.is_some_and(|begin| begin.0 > now) {
            return Err(TokenError::NotYetValid);
        }
        if issuer.is_some_and(|issuer| !issuer.accepts(claims.audiences())) {
            return Err(TokenError::OtherAudience);
        }
        Ok(claims)
    }

    /// Checks the age of a token that was accepted. Only identity providers of Alibaba Cloud limit it.
    pub(crate) fn check_age(&self, claims: &Claims, now: DateTime<Utc>) -> Result<(), TokenError> {
        let issuer = self.0.iter().find(|issuer| issuer.url == claims.iss);
        let limit = issuer.and_then(|issuer| issuer.issuance_limit);
        let age = claims.issued_at().map(|issued| now - issued);
        match age.zip(limit) {
            Some((age, limit)) if age > limit => Err(TokenError::IssuedTooEarly),
            _ => Ok(()),
        }
    }
}

impl Issuer {
    fn parse(setting: &str) -> Result<Self, IssuerError> {
        let mut parts = setting.split(',');
        let url = parts.next().unwrap_or_default();
        let scheme = ["https://", "http://"].into_iter();
        let has_host = |scheme| {
            url.strip_prefix(scheme)
                .is_some_and(|rest| !rest.is_empty())
        };
        if !scheme.into_iter().any(has_host) {
            return Err(IssuerError::Syntax);
        }
        let mut issuer = Self {
            url: url.to_owned(),
            audiences: Vec::new(),
            keys: None,
            issuance_limit: None,
        };
        for part in parts {
            match part.split_once('=') {
                Some(("aud", audience)) if !audience.is_empty() => {
                    issuer.audiences.push(audience.to_owned());
                }
                Some(("jwks", place)) if !place.is_empty() && issuer.keys.is_none() => {
                    issuer.keys = Some(KeySource::parse(place)?);
                }
                Some(("issuance-limit", hours)) if issuer.issuance_limit.is_none() => {
                    let hours = hours.parse().ok();
                    let hours = hours.filter(|hours| ISSUANCE_LIMIT_HOURS.contains(hours));
                    let hours = hours.ok_or(IssuerError::Syntax)?;
                    issuer.issuance_limit = Some(TimeDelta::hours(hours));
                }
                _ => return Err(IssuerError::Syntax),
            }
        }
        Ok(issuer)
    }

    fn accepts(&self, audiences: &[String]) -> bool {
        let is_accepted = |audience: &String| {
            if self.audiences.is_empty() {
                DEFAULT_AUDIENCES.contains(&&**audience)
            } else {
                self.audiences.contains(audience)
            }
        };
        audiences.iter().any(is_accepted)
    }
}

impl KeySource {
    /// A file is read at once, so that a mistake is found at start-up. A URL may be that of a program that
    /// starts later.
    fn parse(place: &str) -> Result<Self, IssuerError> {
        let is_url = place.starts_with("http://") || place.starts_with("https://");
        if !is_url {
            let source = Self::File(place.into());
            let keys = source.read();
            keys.map_err(|error| IssuerError::Keys(place.to_owned(), error))?;
            return Ok(source);
        }
        let host = place.split_once("://").and_then(|(_, rest)| {
            let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
            Authority::parse(&rest[..end])
        });
        if host.is_some_and(Authority::is_loopback) {
            Ok(Self::Url(place.to_owned()))
        } else {
            Err(IssuerError::NotLoopback(place.to_owned()))
        }
    }

    fn read(&self) -> Result<KeySet, KeySetError> {
        let text = match self {
            Self::File(path) => std::fs::read(path)?,
            Self::Url(url) => {
                // Neither a proxy nor a redirect may lead to another machine.
                let config = ureq::Agent::config_builder()
                    .timeout_global(Some(KEY_SET_TIMEOUT))
                    .max_redirects(0)
                    .proxy(None)
                    .build();
                let mut reply = config.new_agent().get(url).call()?;
                let body = reply.body_mut().with_config().limit(MAX_KEY_SET_BYTES);
                body.read_to_vec()?
            }
        };
        serde_json::from_slice(&text).map_err(|_| KeySetError::Malformed)
    }
}

/// A parsed token.
struct Token<'t> {
    header: Header,
    claims: Claims,
    /// The part that is signed.
    signed: &'t str,
    signature: Vec<u8>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    /// Extensions that a recipient must understand. None is understood.
    #[serde(default, deserialize_with = "is_present")]
    crit: bool,
}

/// Reads a member as present, whatever its value is.
fn is_present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

impl<'t> Token<'t> {
    fn parse(token: &'t str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let header: Header = document(header)?;
        if header.crit {
            return None;
        }
        Some(Self {
            header,
            claims: document(claims)?,
            signed,
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
        })
    }
}

fn document<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// A JSON Web Key Set. Keys of other kinds are ignored.
#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Key>,
}

#[derive(Deserialize)]
struct Key {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    n: Option<String>,
    e: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
}

impl KeySet {
    fn verify(&self, header: &Header, signed: &str, signature: &[u8]) -> bool {
        let fits = |key: &&Key| {
            let has_id = header.kid.is_none() || key.kid.is_none() || header.kid == key.kid;
            has_id && key.alg.as_ref().is_none_or(|alg| *alg == header.alg)
        };
        let mut keys = self.keys.iter().filter(fits);
        keys.any(|key| {
            key.verify(&header.alg, signed.as_bytes(), signature)
                .is_some()
        })
    }
}

impl Key {
    fn verify(&self, algorithm: &str, signed: &[u8], signature: &[u8]) -> Option<()> {
        let bytes = |text: &Option<String>| URL_SAFE_NO_PAD.decode(text.as_ref()?).ok();
        match (algorithm, &*self.kty) {
            ("ES256", "EC") if self.crv.as_deref() == Some("P-256") => {
                let point = [vec![4], bytes(&self.x)?, bytes(&self.y)?].concat();
                let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
                key.verify(signed, signature).ok()
            }
            (_, "RSA") => {
                let parameters: &RsaParameters = match algorithm {
                    "RS256" => &RSA_PKCS1_2048_8192_SHA256,
                    "RS384" => &RSA_PKCS1_2048_8192_SHA384,
                    "RS512" => &RSA_PKCS1_2048_8192_SHA512,
                    _ => return None,
                };
                let key = RsaPublicKeyComponents {
                    n: bytes(&self.n)?,
                    e: bytes(&self.e)?,
                };
                key.verify(parameters, signed, signature).ok()
            }
            _ => None,
        }
    }
}
