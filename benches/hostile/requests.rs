//! The bytes of requests: unsigned, or with a valid or an invalid signature.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::Utc;
use hmac::{Hmac, KeyInit, Mac};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;
use sha2::{Digest, Sha256};

pub const FORM: &str = "application/x-www-form-urlencoded";
pub const JSON: &str = "application/json";

/// The host that requests are signed for.
pub const HOST: &str = "127.0.0.1:8080";
const TENCENT_HOST: &str = "ssm.tencentcloudapi.com";

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// How a request is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    No,
    /// With a valid signature.
    Valid,
    /// With a signature of the right form and a wrong value.
    Invalid,
}

impl Signed {
    pub fn name(self) -> &'static str {
        match self {
            Self::No => "unsigned",
            Self::Valid => "right",
            Self::Invalid => "wrong",
        }
    }
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

fn mac<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = <M as KeyInit>::new_from_slice(key).expect("a key of any length");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

fn hash(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// A request.
pub fn http(method: &str, target: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut head = format!("{method} {target} HTTP/1.1\r\n");
    if !headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("host"))
    {
        head.extend(["Host: ", HOST, "\r\n"]);
    }
    for (name, value) in headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    if method != "GET" || !body.is_empty() {
        head.extend(["Content-Length: ", &body.len().to_string(), "\r\n"]);
    }
    head += "\r\n";
    let mut bytes = head.into_bytes();
    bytes.extend_from_slice(body.as_bytes());
    bytes
}

/// Parameters for Alibaba Cloud in a query or a form, signed with V1.
fn v1_parameters(method: &str, action: &str, signed: Signed, parameters: &str) -> String {
    let mut all = format!("Action={action}&Version=2016-01-20&Format=JSON");
    if signed != Signed::No {
        let time = Utc::now().format("%Y-%m-%dT%H%%3A%M%%3A%SZ");
        all += "&AccessKeyId=test&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0&SignatureNonce=hostile";
        all.extend(["&Timestamp=", &time.to_string()]);
    }
    all.extend(["&", parameters]);
    let signature = match signed {
        Signed::No => return all,
        Signed::Invalid => vec![0; 20],
        Signed::Valid => {
            let mut pairs: Vec<_> = form_urlencoded::parse(all.as_bytes()).collect();
            pairs.sort();
            let mut canonical = String::with_capacity(all.len() * 2);
            for (name, value) in &pairs {
                if !canonical.is_empty() {
                    canonical.push('&');
                }
                canonical.extend(utf8_percent_encode(name, RESERVED));
                canonical.push('=');
                canonical.extend(utf8_percent_encode(value, RESERVED));
            }
            let string_to_sign = format!("{method}&%2F&{}", encode(&canonical));
            mac::<Hmac<Sha1>>(b"test&", string_to_sign.as_bytes())
        }
    };
    all.extend(["&Signature=", &encode(&STANDARD.encode(signature))]);
    all
}

/// A form for Alibaba Cloud, signed with V1.
pub fn alibaba_form(action: &str, signed: Signed, parameters: &str) -> Vec<u8> {
    let form = v1_parameters("POST", action, signed, parameters);
    http("POST", "/", &[("Content-Type", FORM)], &form)
}

/// A query for Alibaba Cloud, signed with V1.
pub fn alibaba_query(action: &str, signed: Signed, parameters: &str) -> Vec<u8> {
    let query = v1_parameters("GET", action, signed, parameters);
    http("GET", &format!("/?{query}"), &[], "")
}

/// A JSON body for Alibaba Cloud with a query that is signed with V1, which does not cover the body.
pub fn alibaba_v1_json(action: &str, signed: Signed, body: &str) -> Vec<u8> {
    let query = v1_parameters("POST", action, signed, "");
    let target = format!("/?{}", query.replace("&&", "&"));
    http("POST", &target, &[("Content-Type", JSON)], body)
}

/// A body for Alibaba Cloud, signed with ACS3, or with an invalid ACS4 signature.
pub fn alibaba_acs(
    version: u8,
    action: &str,
    signed: Signed,
    content_type: &str,
    body: &str,
) -> Vec<u8> {
    let digest = hash(body.as_bytes());
    let date = Utc::now().format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let headers = [
        ("content-type", content_type),
        ("host", HOST),
        ("x-acs-action", action),
        ("x-acs-content-sha256", &digest),
        ("x-acs-date", &date),
        ("x-acs-signature-nonce", "hostile"),
        ("x-acs-version", "2016-01-20"),
    ];
    let names = headers.map(|(name, _)| name).join(";");
    let signature = if signed == Signed::Valid {
        let lines: String = headers
            .iter()
            .flat_map(|(name, value)| [*name, ":", *value, "\n"])
            .collect();
        let canonical = format!("POST\n/\n\n{lines}\n{names}\n{digest}");
        let string_to_sign = format!("ACS3-HMAC-SHA256\n{}", hash(canonical.as_bytes()));
        hex::encode(mac::<Hmac<Sha256>>(b"test", string_to_sign.as_bytes()))
    } else {
        "0".repeat(64)
    };
    let credential = match version {
        4 => format!(
            "test/{}/cn-hangzhou/Kms/aliyun_v4_request",
            Utc::now().format("%Y%m%d")
        ),
        _ => "test".to_owned(),
    };
    let authorization = format!(
        "ACS{version}-HMAC-SHA256 Credential={credential},SignedHeaders={names},Signature={signature}"
    );
    let mut headers = headers.to_vec();
    if signed != Signed::No {
        headers.push(("Authorization", &authorization));
    }
    http("POST", "/", &headers, body)
}

/// Parameters for Tencent Cloud in a query or a form, signed with v1.
fn tencent_parameters(method: &str, action: &str, signed: Signed, parameters: &str) -> String {
    let mut all = format!(
        "Action={action}&Version=2019-09-23&Nonce=11886&Timestamp={}",
        Utc::now().timestamp()
    );
    if signed != Signed::No {
        all += "&SecretId=test";
    }
    all.extend(["&", parameters]);
    let signature = match signed {
        Signed::No => return all,
        Signed::Invalid => vec![0; 20],
        Signed::Valid => {
            let mut pairs: Vec<_> = form_urlencoded::parse(all.as_bytes()).collect();
            pairs.sort();
            let mut text = format!("{method}{TENCENT_HOST}/?");
            for (index, (name, value)) in pairs.iter().enumerate() {
                let separator = if index == 0 { "" } else { "&" };
                text.extend([separator, name, "=", value]);
            }
            mac::<Hmac<Sha1>>(b"test", text.as_bytes())
        }
    };
    all.extend(["&Signature=", &encode(&STANDARD.encode(signature))]);
    all
}

/// A form for Tencent Cloud, signed with v1.
pub fn tencent_form(action: &str, signed: Signed, parameters: &str) -> Vec<u8> {
    let form = tencent_parameters("POST", action, signed, parameters);
    let headers = [("Host", TENCENT_HOST), ("Content-Type", FORM)];
    http("POST", "/", &headers, &form)
}

/// A query for Tencent Cloud, signed with v1.
pub fn tencent_query(action: &str, signed: Signed, parameters: &str) -> Vec<u8> {
    let query = tencent_parameters("GET", action, signed, parameters);
    http("GET", &format!("/?{query}"), &[("Host", TENCENT_HOST)], "")
}

/// A body for Tencent Cloud, signed with TC3.
pub fn tencent_tc3(action: &str, signed: Signed, content_type: &str, body: &str) -> Vec<u8> {
    let now = Utc::now();
    let timestamp = now.timestamp().to_string();
    let date = now.format("%Y-%m-%d").to_string();
    let signature = if signed == Signed::Valid {
        let canonical = format!(
            "POST\n/\n\ncontent-type:{content_type}\nhost:{TENCENT_HOST}\n\ncontent-type;host\n{}",
            hash(body.as_bytes())
        );
        let string_to_sign = format!(
            "TC3-HMAC-SHA256\n{timestamp}\n{date}/ssm/tc3_request\n{}",
            hash(canonical.as_bytes())
        );
        let key = [&*date, "ssm", "tc3_request"]
            .iter()
            .fold(b"TC3test".to_vec(), |key, part| {
                mac::<Hmac<Sha256>>(&key, part.as_bytes())
            });
        hex::encode(mac::<Hmac<Sha256>>(&key, string_to_sign.as_bytes()))
    } else {
        "0".repeat(64)
    };
    let authorization = format!(
        "TC3-HMAC-SHA256 Credential=test/{date}/ssm/tc3_request, SignedHeaders=content-type;host, Signature={signature}"
    );
    let mut headers = vec![
        ("Host", TENCENT_HOST),
        ("Content-Type", content_type),
        ("X-TC-Action", action),
        ("X-TC-Version", "2019-09-23"),
        ("X-TC-Timestamp", &*timestamp),
    ];
    if signed != Signed::No {
        headers.push(("Authorization", &authorization));
    }
    http("POST", "/", &headers, body)
}

/// A request of the control API.
pub fn control(method: &str, path: &str, body: &str) -> Vec<u8> {
    http(method, &format!("/_emulator/{path}"), &[], body)
}
