//! Requests as they were received, to be shown: sensitive values are masked.

use std::borrow::Cow;
use std::fmt;

use serde::Deserializer;
use serde::de::{MapAccess, Visitor};
use serde_json::Value;

use crate::http::form;
use crate::http::json;
use crate::http::percent;
use crate::http::shown::{MASK, shortened};
use crate::http::wire::WireRequest;

/// The maximum number of values in a JSON body that is shown.
const MAX_VALUES: usize = 10_000;

/// The headers whose values are shown besides `Authorization`.
const SHOWN_HEADERS: [&str; 37] = [
    "accept",
    "accept-encoding",
    "accept-language",
    "connection",
    "content-length",
    "content-md5",
    "content-type",
    "date",
    "expect",
    "host",
    "transfer-encoding",
    "user-agent",
    "x-acs-accesskey-id",
    "x-acs-action",
    "x-acs-content-sha256",
    "x-acs-content-sm3",
    "x-acs-credentials-provider",
    "x-acs-date",
    "x-acs-region-id",
    "x-acs-signature-method",
    "x-acs-signature-nonce",
    "x-acs-signature-type",
    "x-acs-signature-version",
    "x-acs-version",
    "x-aliyun-ecs-metadata-token-ttl-seconds",
    "x-sdk-client",
    "x-sdk-invoke-type",
    "x-tc-action",
    "x-tc-content-sha256",
    "x-tc-language",
    "x-tc-region",
    "x-tc-requestclient",
    "x-tc-sdkversion",
    "x-tc-timestamp",
    "x-tc-traceid",
    "x-tc-version",
    "sec-fetch-site",
];

/// A request with sensitive values masked.
#[derive(Debug, PartialEq, Eq)]
pub struct ShownRequest {
    /// The HTTP method.
    pub method: String,
    /// The path; masked unless it is `/`, or that of a credential source.
    pub path: String,
    /// The query, still encoded.
    pub query: String,
    /// Names and values of the headers in the order received.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// How a body carries parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyFormat {
    Form,
    Json,
    /// Parameters cannot be read from it, so it is masked as a whole.
    Unreadable,
}

/// The rules of a cloud for masking.
pub(crate) struct Masking<'m> {
    /// Masks the decoded name and value of a parameter.
    pub(crate) pair: &'m dyn Fn(&str, &str) -> (String, String),
    /// The members of JSON objects that are shown.
    pub(crate) members: &'m [&'static str],
    pub(crate) body: BodyFormat,
}

impl ShownRequest {
    /// The request, masked by the rules of `masking`.
    #[must_use]
    pub(crate) fn of(wire: &WireRequest, masking: &Masking) -> Self {
        let path = if wire.path == "/" {
            "/".to_owned()
        } else {
            format!("/{MASK}")
        };
        let headers = wire.headers.iter();
        Self {
            method: wire.method.to_string(),
            path,
            query: shortened(masking.pairs(wire.query.as_bytes())),
            headers: headers
                .map(|(name, value)| (name.to_string(), header(name, value)))
                .collect(),
            body: shortened(masking.body(wire)),
        }
    }
}

impl Masking<'_> {
    fn pairs(&self, text: &[u8]) -> String {
        let pairs: Vec<_> = form::pairs(text)
            .map(|(name, value)| self.encoded_pair(name, value))
            .collect();
        pairs.join("&")
    }

    /// A pair as it was received, or encoded again if a part of it is masked.
    fn encoded_pair(&self, name: &[u8], value: Option<&[u8]>) -> String {
        let encoded_value = value.unwrap_or_default();
        let (Ok(name_text), Ok(value_text)) = (form::decode(name), form::decode(encoded_value))
        else {
            return MASK.to_owned();
        };
        let (shown_name, shown_value) = (self.pair)(&name_text, &value_text);
        let part = |shown: &str, decoded: &str, received: &[u8]| {
            if shown == decoded {
                String::from_utf8_lossy(received).into_owned()
            } else if shown == MASK {
                MASK.to_owned()
            } else {
                percent::encode(shown).to_string()
            }
        };
        let shown = part(&shown_name, &name_text, name);
        match value {
            None => shown,
            Some(value) => format!("{shown}={}", part(&shown_value, &value_text, value)),
        }
    }

    fn body(&self, wire: &WireRequest) -> String {
        let received = wire.received();
        if received.is_empty() {
            return String::new();
        }
        let shown = match self.body {
            _ if wire.body.is_err() => None,
            BodyFormat::Form => Some(self.pairs(received)),
            BodyFormat::Json => self.json(received),
            BodyFormat::Unreadable => None,
        };
        shown.unwrap_or_else(|| MASK.to_owned())
    }

    /// A JSON object as it was received, or printed again if a part of it is masked.
    fn json(&self, received: &[u8]) -> Option<String> {
        if json::has_more_values(received, MAX_VALUES) {
            return None;
        }
        let text = std::str::from_utf8(received).ok()?;
        let mut reader = serde_json::Deserializer::from_str(text);
        let members = reader.deserialize_map(Members).ok()?;
        reader.end().ok()?;
        let mut is_masked = false;
        let printed: Vec<_> = members
            .into_iter()
            .map(|(name, mut value)| {
                let value_text = match &value {
                    Value::String(text) => Cow::Borrowed(text.as_str()),
                    other => Cow::Owned(other.to_string()),
                };
                let (shown_name, shown_value) = (self.pair)(&name, &value_text);
                is_masked |= shown_name != name;
                if shown_value == MASK || (value.is_string() && shown_value != value_text) {
                    is_masked = true;
                    value = shown_value.into();
                } else {
                    is_masked |= json::mask(&mut value, self.members);
                }
                format!("{}:{value}", Value::from(shown_name))
            })
            .collect();
        Some(if is_masked {
            format!("{{{}}}", printed.join(","))
        } else {
            text.to_owned()
        })
    }
}

fn header(name: &str, value: &str) -> String {
    if name.eq_ignore_ascii_case("authorization") {
        return authorization(value);
    }
    let is_shown = SHOWN_HEADERS
        .iter()
        .any(|shown| shown.eq_ignore_ascii_case(name));
    if is_shown { value } else { MASK }.to_owned()
}

/// The header `Authorization` of the clouds without its signature; of other schemes nothing is shown.
fn authorization(value: &str) -> String {
    let scheme = value.split(' ').next().unwrap_or_default();
    let is_of_cloud = ["ACS3-", "ACS4-", "TC3-"]
        .iter()
        .any(|prefix| scheme.starts_with(prefix) && scheme.len() <= 20);
    if !is_of_cloud {
        return MASK.to_owned();
    }
    let parts: Vec<_> = value[scheme.len()..]
        .split(',')
        .map(|part| match part.split_once('=') {
            Some((name, _)) if matches!(name.trim(), "Credential" | "SignedHeaders") => {
                part.to_owned()
            }
            Some((name, _)) if name.trim() == "Signature" => format!("{name}={MASK}"),
            _ => format!(" {MASK}"),
        })
        .collect();
    format!("{scheme}{}", parts.join(","))
}

/// The members of a JSON object in the order received, also those of equal names.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(String, Value)>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn shown(query: &str, body: &str, format: BodyFormat) -> ShownRequest {
        let pair = |name: &str, value: &str| match name {
            "SecretData" => (name.to_owned(), MASK.to_owned()),
            "SecretName" | "Tags" => (name.to_owned(), value.to_owned()),
            _ => (MASK.to_owned(), MASK.to_owned()),
        };
        let wire = WireRequest::new(
            "POST",
            "/",
            query,
            [],
            Ok(Bytes::copy_from_slice(body.as_bytes())),
        );
        let masking = Masking {
            pair: &pair,
            members: &["TagKey"],
            body: format,
        };
        ShownRequest::of(&wire, &masking)
    }

    #[test]
    fn harmless_pairs_keep_their_encoding() {
        for (query, text) in [
            ("SecretName=a%2fb+c", "SecretName=a%2fb+c"),
            (
                "SecretName=a&SecretData=hunter2",
                "SecretName=a&SecretData=***",
            ),
            ("hunter2", "***"),
            ("hunter2=hunter2&SecretName", "***=***&SecretName"),
            ("SecretData=%ffhunter2", "***"),
        ] {
            assert_eq!(shown(query, "", BodyFormat::Form).query, text);
            assert_eq!(shown("", query, BodyFormat::Form).body, text);
        }
    }

    #[test]
    fn json_bodies_are_shown_as_received_unless_a_value_is_masked() {
        for (body, text) in [
            (r#"{ "SecretName": "a" }"#, r#"{ "SecretName": "a" }"#),
            (
                r#"{"SecretName":"a", "SecretData":"hunter2"}"#,
                r#"{"SecretName":"a","SecretData":"***"}"#,
            ),
            (
                r#"{"SecretData":"hunter2","SecretData":{}}"#,
                r#"{"SecretData":"***","SecretData":"***"}"#,
            ),
            (
                r#"{"Tags":[{"TagKey":"k","hunter2":1}]}"#,
                r#"{"Tags":[{"TagKey":"k","***":"***"}]}"#,
            ),
            (r#"{"SecretData":"hunter2"#, "***"),
            (r#"["hunter2"]"#, "***"),
            (r#"{"SecretName":"a"} hunter2"#, "***"),
        ] {
            assert_eq!(shown("", body, BodyFormat::Json).body, text);
        }
        assert_eq!(shown("", "hunter2", BodyFormat::Unreadable).body, "***");
    }

    #[test]
    fn authorization_of_the_clouds_is_shown_without_its_signature() {
        for (value, shown) in [
            ("Bearer hunter2", "***"),
            ("hunter2", "***"),
            ("", "***"),
            (
                "ACS3-HMAC-SHA256 Credential=test,SignedHeaders=host;x-acs-date,Signature=hunter2",
                "ACS3-HMAC-SHA256 Credential=test,SignedHeaders=host;x-acs-date,Signature=***",
            ),
            (
                "TC3-HMAC-SHA256 Credential=test/2026-01-02/ssm/tc3_request, SignedHeaders=host, Signature=hunter2",
                "TC3-HMAC-SHA256 Credential=test/2026-01-02/ssm/tc3_request, SignedHeaders=host, Signature=***",
            ),
            ("TC3-HMAC-SHA256 hunter2", "TC3-HMAC-SHA256 ***"),
        ] {
            assert_eq!(header("Authorization", value), shown);
        }
        assert_eq!(header("HOST", "localhost"), "localhost");
        assert_eq!(header("X-Tc-Token", "hunter2"), MASK);
    }
}
