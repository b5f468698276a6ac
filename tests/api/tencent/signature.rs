//! Each mistake in a Tencent Cloud signature is named in the journal.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use kms_emulator::clouds::context::AuthMode::{self, Lenient, Strict};
use kms_emulator::model::SecretKey;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::control::Controlled;
use crate::support::{FORM, TestRequest, emulator, encode, hmac_sha1_base64, now, tc3_signature};

const SECRET_ID: &str = "AKIDexample";
const SECRET_KEY: &str = "c2VjcmV0Cg==";
const HOST: &str = "127.0.0.1:8080";

fn server_with_key(mode: AuthMode) -> Controlled {
    let controlled = Controlled::with(emulator(mode));
    let credentials = &controlled.emulator.auth.credentials;
    credentials.add(SECRET_ID, SecretKey::new(SECRET_KEY), None);
    controlled
}

/// The `mismatch` of the journal, and the hint of the reply.
fn mismatch(request: &TestRequest, mode: AuthMode) -> (Value, String) {
    server_with_key(mode).mismatch(request)
}

#[track_caller]
fn assert_mistake(request: &TestRequest, mode: AuthMode, mistake: &str) {
    server_with_key(mode).assert_mistake(request, mistake, SECRET_KEY);
}

/// A TC3 request with one part signed differently.
struct Tc3<'a> {
    secret_id: &'a str,
    method: &'a str,
    sent_method: &'a str,
    query: &'a str,
    sent_query: &'a str,
    host: &'a str,
    digest: Option<&'a str>,
    body: &'a str,
    date: &'a str,
    timestamp: i64,
}

impl Default for Tc3<'_> {
    fn default() -> Self {
        Self {
            secret_id: SECRET_ID,
            method: "POST",
            sent_method: "POST",
            query: "",
            sent_query: "",
            host: HOST,
            digest: None,
            body: "{}",
            date: "2026-01-02",
            timestamp: now().timestamp(),
        }
    }
}

impl Tc3<'_> {
    fn sent(&self, secret: &str) -> TestRequest {
        let payload = if self.sent_method == "GET" {
            ""
        } else {
            self.body
        };
        let of_body = hex::encode(Sha256::digest(payload));
        let canonical = format!(
            "{}\n/\n{}\ncontent-type:{FORM}\nhost:{}\n\ncontent-type;host\n{}",
            self.method,
            self.query,
            self.host,
            self.digest.unwrap_or(&of_body)
        );
        let Self {
            timestamp,
            date,
            secret_id,
            ..
        } = self;
        let canonical = hex::encode(Sha256::digest(canonical));
        let string_to_sign =
            format!("TC3-HMAC-SHA256\n{timestamp}\n{date}/ssm/tc3_request\n{canonical}");
        let signature = tc3_signature(secret, date, &string_to_sign);
        TestRequest {
            method: self.sent_method.into(),
            path: "/".into(),
            query: self.sent_query.into(),
            body: payload.into(),
            ..TestRequest::default()
        }
        .header("Content-Type", FORM)
        .header("Host", HOST)
        .header("X-TC-Action", "ListSecrets")
        .header("X-TC-Version", "2019-09-23")
        .header("X-TC-Region", "ap-tokyo")
        .header("X-TC-Timestamp", &timestamp.to_string())
        .header(
            "Authorization",
            &format!("TC3-HMAC-SHA256 Credential={secret_id}/{date}/ssm/tc3_request, SignedHeaders=content-type;host, Signature={signature}"),
        )
    }
}

/// Signs a v1 string, and sends these parameters.
fn v1(key: &str, string_to_sign: &str, parameters: &str) -> TestRequest {
    let signature = encode(&hmac_sha1_base64(key, string_to_sign));
    v1_request(parameters, &signature)
}

fn v1_request(parameters: &str, signature: &str) -> TestRequest {
    TestRequest::get(&format!("{parameters}&Signature={signature}")).header("Host", HOST)
}

const PARAMETERS: &str = "Action=ListSecrets&Nonce=1&Region=ap-tokyo&SearchSecretName=&SecretId=AKIDexample&TagFilters.10.TagKey=a%2Fb%3D&TagFilters.2.TagKey=c&Timestamp=1767323045&Version=2019-09-23";
const DECODED: &str = "Action=ListSecrets&Nonce=1&Region=ap-tokyo&SearchSecretName=&SecretId=AKIDexample&TagFilters.10.TagKey=a/b=&TagFilters.2.TagKey=c&Timestamp=1767323045&Version=2019-09-23";

#[test]
fn mistakes_in_the_secret_are_named() {
    for (secret, mistake) in [
        (String::new(), "secret_empty"),
        (SECRET_ID.to_owned(), "secret_is_key_id"),
        (format!("{SECRET_KEY}\n"), "secret_line_break"),
        (
            format!("\r\n{SECRET_KEY}").replace('\r', ""),
            "secret_line_break",
        ),
        (format!(" {SECRET_KEY}"), "secret_white_space"),
        (format!("'{SECRET_KEY}'"), "secret_quoted"),
        (format!("\u{feff}{SECRET_KEY}"), "secret_byte_order_mark"),
        (STANDARD.encode(SECRET_KEY), "secret_base64"),
        ("secret\n".to_owned(), "secret_decoded"),
        ("other".to_owned(), "wrong_secret"),
    ] {
        let tc3 = Tc3::default().sent(&secret);
        let v1 = v1(&secret, &format!("GET{HOST}/?{DECODED}"), PARAMETERS);
        for request in [tc3, v1] {
            assert_mistake(&request, Lenient, mistake);
        }
    }
    let (_, plain) = mismatch(&Tc3::default().sent("other"), Lenient);
    assert!(
        plain.starts_with("the SecretKey is probably wrong; "),
        "{plain}"
    );
}

#[test]
fn mistakes_in_the_canonical_request_of_tc3_are_named() {
    assert_eq!(
        mismatch(&Tc3::default().sent(SECRET_KEY), Lenient).0,
        Value::Null
    );
    let get = Tc3 {
        method: "GET",
        ..Tc3::default()
    };
    assert_mistake(&get.sent(SECRET_KEY), Lenient, "http_method");
    for (mistake, query) in [
        ("query_unsigned", ""),
        ("space_as_plus", "SearchSecretName=%21+%2A~%2F"),
        ("asterisk_unencoded", "SearchSecretName=%21%20*~%2F"),
        ("sub_delimiters_unencoded", "SearchSecretName=!%20*~%2F"),
        ("tilde_encoded", "SearchSecretName=%21%20%2A%7E%2F"),
        ("java_url_encoder", "SearchSecretName=%21+*%7E%2F"),
        ("slash_unencoded", "SearchSecretName=%21%20%2A~/"),
        ("lower_case_hex", "SearchSecretName=%21%20%2a~%2f"),
    ] {
        let request = Tc3 {
            method: "GET",
            sent_method: "GET",
            query,
            sent_query: "SearchSecretName=%21%20%2A~%2F",
            ..Tc3::default()
        };
        assert_mistake(&request.sent(SECRET_KEY), Lenient, mistake);
    }
}

#[test]
fn mistakes_in_the_digest_of_the_body_are_named() {
    let digest = |text: &str| hex::encode(Sha256::digest(text));
    let body = r#"{"Limit":1,"Offset":0}"#;
    for (mistake, digest) in [
        ("empty_body_unhashed", String::new()),
        ("digest_upper_case", digest(body).to_uppercase()),
        ("body_unsigned", digest("")),
        ("body_reserialized", digest(r#"{"Limit": 1, "Offset": 0}"#)),
        ("wrong_secret", digest("other")),
    ] {
        let request = Tc3 {
            body,
            digest: Some(&digest),
            ..Tc3::default()
        };
        assert_mistake(&request.sent(SECRET_KEY), Lenient, mistake);
    }
}

#[test]
fn a_host_that_is_changed_after_signing_is_named() {
    for host in [
        "localhost",
        "localhost:8080",
        "127.0.0.1:443",
        "ssm.tencentcloudapi.com",
        "ssm.ap-tokyo.tencentcloudapi.com",
        "proxy.example",
    ] {
        let tc3 = Tc3 {
            host,
            ..Tc3::default()
        };
        let v1 = v1(SECRET_KEY, &format!("GET{host}/?{DECODED}"), PARAMETERS);
        for request in [tc3.sent(SECRET_KEY), v1] {
            let request = request.header("X-Forwarded-Host", "proxy.example");
            assert_mistake(&request, Lenient, "other_host");
            let (mismatch, _) = mismatch(&request, Lenient);
            let diagnosis = mismatch["diagnosis"].to_string();
            let shown = format!("(signed: \\\"{host}\\\")");
            assert!(diagnosis.contains(&shown), "{diagnosis}");
            assert_eq!(mismatch["signed_host"], host);
        }
    }
}

#[test]
fn mistakes_in_the_string_to_sign_of_v1_are_named() {
    let right = format!("GET{HOST}/?{DECODED}");
    let natural = right.replace(
        "TagFilters.10.TagKey=a/b=&TagFilters.2.TagKey=c",
        "TagFilters.2.TagKey=c&TagFilters.10.TagKey=a/b=",
    );
    assert_eq!(
        mismatch(&v1(SECRET_KEY, &right, PARAMETERS), Lenient).0,
        Value::Null
    );
    for (mistake, signed) in [
        ("http_method", right.replacen("GET", "POST", 1)),
        ("values_encoded", format!("GET{HOST}/?{PARAMETERS}")),
        ("empty_unsigned", right.replace("&SearchSecretName=", "")),
        ("natural_order", natural),
    ] {
        assert_mistake(&v1(SECRET_KEY, &signed, PARAMETERS), Lenient, mistake);
    }
    let reversed = |text: &str| {
        let mut pairs: Vec<_> = text.split('&').collect();
        pairs.reverse();
        pairs.join("&")
    };
    let signed = format!("GET{HOST}/?{}", reversed(DECODED));
    let request = v1(SECRET_KEY, &signed, &reversed(PARAMETERS));
    assert_mistake(&request, Lenient, "parameters_unsorted");
}

#[test]
fn mistakes_in_sending_a_v1_signature_are_named() {
    // A signature with a `+`.
    let signed = (0..200).find_map(|number| {
        let nonce = format!("Nonce={number}");
        let text = format!("GET{HOST}/?{}", DECODED.replace("Nonce=1", &nonce));
        let signature = hmac_sha1_base64(SECRET_KEY, &text);
        let parameters = PARAMETERS.replace("Nonce=1", &nonce);
        signature.contains('+').then_some((parameters, signature))
    });
    let (parameters, signature) = signed.unwrap();
    let request = |signature: &str| v1_request(&parameters, signature);
    assert_eq!(
        mismatch(&request(&encode(&signature)), Lenient).0,
        Value::Null
    );
    assert_mistake(&request(&signature), Lenient, "signature_unencoded");
    let twice = encode(&encode(&signature));
    assert_mistake(&request(&twice), Lenient, "signature_encoded_twice");
    for mode in [Lenient, Strict] {
        assert_mistake(&request(""), mode, "signature_empty");
    }
}

#[test]
fn an_empty_tc3_signature_is_named() {
    let mut request = Tc3::default().sent(SECRET_KEY);
    for (name, value) in &mut request.headers {
        if name == "Authorization" {
            let end = value.find("Signature=").unwrap() + "Signature=".len();
            value.truncate(end);
        }
    }
    assert_mistake(&request, Lenient, "signature_empty");
}

#[test]
fn mistakes_in_the_key_id_are_named() {
    for (key_id, mistake) in [
        (format!("{SECRET_ID} "), "key_id_white_space"),
        (format!("\"{SECRET_ID}\""), "key_id_quoted"),
        (format!("\u{feff}{SECRET_ID}"), "key_id_byte_order_mark"),
        (STANDARD.encode(SECRET_ID), "key_id_base64"),
    ] {
        let tc3 = Tc3 {
            secret_id: &key_id,
            ..Tc3::default()
        };
        let parameters = PARAMETERS.replace(SECRET_ID, &encode(&key_id));
        for request in [tc3.sent(SECRET_KEY), v1_request(&parameters, "x")] {
            for mode in [Lenient, Strict] {
                assert_mistake(&request, mode, mistake);
            }
        }
    }
}

#[test]
fn local_time_that_is_sent_as_utc_is_diagnosed() {
    for (hours, mistake) in [(8, Some("local_time")), (-8, Some("local_time")), (7, None)] {
        let time = now() + TimeDelta::hours(hours);
        let date = time.format("%Y-%m-%d").to_string();
        let request = Tc3 {
            date: &date,
            timestamp: time.timestamp(),
            ..Tc3::default()
        };
        let request = request.sent(SECRET_KEY);
        match mistake {
            Some(mistake) => assert_mistake(&request, Strict, mistake),
            None => assert_eq!(mismatch(&request, Strict).0, Value::Null),
        }
    }
    // 20:00 UTC on January 1 is 04:00 on January 2 in UTC+8.
    let request = Tc3 {
        timestamp: now().timestamp() - 7 * 3600,
        ..Tc3::default()
    };
    assert_mistake(&request.sent(SECRET_KEY), Lenient, "credential_local_date");
    let request = Tc3 {
        date: "2026-01-03",
        ..Tc3::default()
    };
    assert_mistake(&request.sent(SECRET_KEY), Lenient, "credential_date");
}
