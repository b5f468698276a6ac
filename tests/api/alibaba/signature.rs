//! Each mistake in an Alibaba Cloud signature is named in the journal.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kms_emulator::clouds::context::AuthMode::{self, Lenient, Strict};
use kms_emulator::emulator::Emulator;
use kms_emulator::model::SecretKey;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::control::Controlled;
use crate::support::{FORM, NOW, TestRequest, emulator, encode, hmac_sha1_base64, hmac_sha256_hex};

const SECRET: &str = "c2VjcmV0Cg==";
const KEY_ID: &str = "LTAIexample";

fn emulator_with_key(mode: AuthMode) -> Emulator {
    let emulator = emulator(mode);
    let secret = SecretKey::new(SECRET);
    emulator.auth.credentials.add(KEY_ID, secret, None);
    emulator
}

/// The `mismatch` of the journal, and the hint of the reply.
fn mismatch(request: &TestRequest, mode: AuthMode) -> (Value, String) {
    let controlled = Controlled::with(emulator_with_key(mode));
    let reply = request.ask(&controlled.emulator);
    let mut headers = reply.headers.iter();
    let hint = headers.find(|(name, _)| *name == "x-emulator-hint");
    let hint = hint.map_or("", |(_, value)| value).to_owned();
    let mut listed = controlled.ok("GET", "journal", "");
    (listed["requests"][0]["mismatch"].take(), hint)
}

#[track_caller]
fn assert_mistake(request: &TestRequest, mode: AuthMode, mistake: &str) {
    let (mismatch, hint) = mismatch(request, mode);
    assert_eq!(mismatch["mistake"], mistake, "{mismatch}");
    let diagnosis = mismatch["diagnosis"].as_str().unwrap();
    assert!(
        diagnosis.starts_with(&hint) && !hint.is_empty(),
        "{hint}: {diagnosis}"
    );
    assert!(!mismatch.to_string().contains(SECRET), "{mismatch}");
}

/// The parameters of a V1 request, encoded and sorted.
const V1: &str = "AccessKeyId=LTAIexample&Action=TagResources&Filters=%21%27%28%29%2A%20~%2F%3Dx&SignatureMethod=HMAC-SHA1&Tag.10.Key=b&Tag.2.Key=&Timestamp=2026-01-02T03%3A04%3A05Z&Version=2016-01-20";

/// A V1 request with these parameters and this signature, which is already encoded.
fn v1_request(parameters: &str, signature: &str) -> TestRequest {
    TestRequest::get(&format!("{parameters}&Signature={signature}"))
}

fn v1_signed(key: &str, string_to_sign: &str) -> TestRequest {
    v1_request(V1, &encode(&hmac_sha1_base64(key, string_to_sign)))
}

fn v1_right() -> String {
    format!("GET&%2F&{}", encode(V1))
}

#[test]
fn mistakes_in_the_encoding_of_v1_are_named() {
    let twice = |from: &str, to: &str| encode(&V1.replace(from, to));
    let java = V1
        .replace("%20", "+")
        .replace("%2A", "*")
        .replace('~', "%7E");
    let script = V1
        .replace("%21", "!")
        .replace("%27", "'")
        .replace("%28", "(")
        .replace("%29", ")")
        .replace("%2A", "*");
    let script_twice = encode(&script)
        .replace("%21", "!")
        .replace("%27", "'")
        .replace("%28", "(")
        .replace("%29", ")")
        .replace("%2A", "*");
    let lower = V1
        .replace("%2A", "%2a")
        .replace("%2F", "%2f")
        .replace("%3D", "%3d")
        .replace("%3A", "%3a");
    let lower_twice = encode(&lower).replace("%3D", "%3d");
    for (mistake, path, query) in [
        ("query_encoded_once", "%2F", V1.to_owned()),
        ("space_as_plus", "%2F", twice("%20", "+")),
        ("asterisk_unencoded", "%2F", twice("%2A", "*")),
        (
            "asterisk_unencoded",
            "%2F",
            twice("%2A", "*").replace("%2A", "*"),
        ),
        ("tilde_encoded", "%2F", twice("~", "%7E")),
        ("sub_delimiters_unencoded", "%2F", encode(&script)),
        ("sub_delimiters_unencoded", "%2F", script_twice),
        ("java_url_encoder", "%2F", encode(&java)),
        ("java_url_encoder", "%2F", encode(&java).replace("%2A", "*")),
        ("slash_unencoded", "%2F", twice("%2F", "/")),
        (
            "slash_unencoded",
            "%2F",
            twice("%2F", "/").replace("%2F", "/"),
        ),
        (
            "slash_unencoded",
            "/",
            twice("%2F", "/").replace("%2F", "/"),
        ),
        ("lower_case_hex", "%2F", encode(&lower)),
        ("lower_case_hex", "%2f", lower_twice),
    ] {
        let request = v1_signed(&format!("{SECRET}&"), &format!("GET&{path}&{query}"));
        assert_mistake(&request, Lenient, mistake);
    }
}

#[test]
fn mistakes_in_the_parameters_and_the_method_of_v1_are_named() {
    let key = format!("{SECRET}&");
    let sign = |text: &str| v1_signed(&key, text);
    assert_mistake(
        &sign(&v1_right().replacen("GET", "POST", 1)),
        Lenient,
        "http_method",
    );
    let natural = V1.replace("Tag.10.Key=b&Tag.2.Key=", "Tag.2.Key=&Tag.10.Key=b");
    let natural = format!("GET&%2F&{}", encode(&natural));
    assert_mistake(&sign(&natural), Lenient, "natural_order");
    let without_empty = format!("GET&%2F&{}", encode(&V1.replace("&Tag.2.Key=", "")));
    assert_mistake(&sign(&without_empty), Lenient, "empty_unsigned");

    let mut reversed: Vec<_> = V1.split('&').collect();
    reversed.reverse();
    let reversed = reversed.join("&");
    let signature = hmac_sha1_base64(&key, &format!("GET&%2F&{}", encode(&reversed)));
    let request = v1_request(&reversed, &encode(&signature));
    assert_mistake(&request, Lenient, "parameters_unsorted");

    let signature = hmac_sha1_base64(&key, &format!("POST&%2F&{}", encode(V1)));
    let mut form = v1_request(V1, &encode(&signature)).header("Content-Type", FORM);
    form.method = "POST".into();
    form.body = "Description=hunter2".into();
    assert_mistake(&form, Lenient, "form_unsigned");
}

#[test]
fn mistakes_in_sending_a_v1_signature_are_named() {
    // A signature with a `+`.
    let key = format!("{SECRET}&");
    let signed = (0..200).find_map(|number| {
        let parameters = V1.replace("Filters=", &format!("Filters={number}"));
        let signature = hmac_sha1_base64(&key, &format!("GET&%2F&{}", encode(&parameters)));
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

/// Wrong spellings of the secret with the codes of their mistakes.
fn spellings() -> Vec<(String, &'static str)> {
    let decoded = "secret\n".to_owned();
    vec![
        (String::new(), "secret_empty"),
        (KEY_ID.to_owned(), "secret_is_key_id"),
        (format!("{SECRET}\n"), "secret_line_break"),
        (format!("{SECRET}\r\n"), "secret_line_break"),
        (format!("{SECRET} "), "secret_white_space"),
        (format!("\t{SECRET}"), "secret_white_space"),
        (format!("\"{SECRET}\""), "secret_quoted"),
        (format!("'{SECRET}'"), "secret_quoted"),
        (format!("\u{feff}{SECRET}"), "secret_byte_order_mark"),
        (STANDARD.encode(SECRET), "secret_base64"),
        (STANDARD.encode(format!("{SECRET}\n")), "secret_base64"),
        (decoded, "secret_decoded"),
        ("other".to_owned(), "wrong_secret"),
    ]
}

#[test]
fn mistakes_in_the_secret_are_named() {
    for (secret, mistake) in spellings() {
        let request = v1_signed(&format!("{secret}&"), &v1_right());
        assert_mistake(&request, Lenient, mistake);
        assert_mistake(&Acs3::default().sent(&secret), Lenient, mistake);
    }
    assert_mistake(
        &v1_signed(SECRET, &v1_right()),
        Lenient,
        "ampersand_missing",
    );
    let with_ampersand = Acs3::default().sent(&format!("{SECRET}&"));
    assert_mistake(&with_ampersand, Lenient, "ampersand_added");

    let plain = mismatch(&v1_signed("other&", &v1_right()), Lenient).1;
    assert!(
        plain.starts_with("the AccessKey Secret is probably wrong; "),
        "{plain}"
    );
}

#[test]
fn white_space_around_the_configured_secret_is_named() {
    let controlled = Controlled::with(emulator(Lenient));
    let padded = SecretKey::new(format!("'{SECRET}'\n"));
    let credentials = &controlled.emulator.auth.credentials;
    credentials.add(KEY_ID, padded, None);
    Acs3::default().sent(SECRET).ask(&controlled.emulator);
    let listed = controlled.ok("GET", "journal", "");
    let mistake = &listed["requests"][0]["mismatch"]["mistake"];
    assert_eq!(mistake, "configured_secret_padded");
}

#[test]
fn mistakes_in_the_key_id_are_named() {
    for (key_id, mistake) in [
        (format!("{KEY_ID} "), "key_id_white_space"),
        (format!("{KEY_ID}\n"), "key_id_white_space"),
        (format!("\"{KEY_ID}\""), "key_id_quoted"),
        (format!("\u{feff}{KEY_ID}"), "key_id_byte_order_mark"),
        (STANDARD.encode(KEY_ID), "key_id_base64"),
        (STANDARD.encode(format!("{KEY_ID}\n")), "key_id_base64"),
    ] {
        let mut request = TestRequest::get("Action=ListSecrets&Version=2016-01-20");
        request.add_to_query("AccessKeyId", &key_id);
        request.add_to_query("Signature", "x");
        request.add_to_query("Timestamp", NOW);
        for mode in [Lenient, Strict] {
            assert_mistake(&request, mode, mistake);
        }
        let (_, code) = request.verdict(&emulator_with_key(Strict));
        assert_eq!(code, "InvalidAccessKeyId.NotFound", "{mistake}");
    }
    // An unknown id that is no spelling of a known one.
    let unknown = "AccessKeyId=%22other%22&Action=ListSecrets&Version=2016-01-20&Signature=x";
    assert_eq!(mismatch(&TestRequest::get(unknown), Lenient).0, Value::Null);
}

/// An ACS3 request with one part signed differently.
struct Acs3<'a> {
    method: &'a str,
    query: &'a str,
    host: &'a str,
    digest: Option<&'a str>,
    sent_query: &'a str,
    sent_host: &'a str,
    body: &'a str,
    declared: Option<&'a str>,
    date: &'a str,
}

impl Default for Acs3<'_> {
    fn default() -> Self {
        Self {
            method: "POST",
            query: "Filters=%21%27%28%29%2A%20~%2F&Tag.10.Key=b&Tag.2.Key=a",
            host: "127.0.0.1:8080",
            digest: None,
            sent_query: "Filters=%21%27%28%29%2A%20~%2F&Tag.10.Key=b&Tag.2.Key=a",
            sent_host: "127.0.0.1:8080",
            body: "",
            declared: None,
            date: NOW,
        }
    }
}

impl Acs3<'_> {
    fn sent(&self, secret: &str) -> TestRequest {
        const NAMES: &str =
            "host;x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version";
        let of_body = hex::encode(Sha256::digest(self.body));
        let declared = self.declared.unwrap_or(&of_body);
        let digest = self.digest.unwrap_or(declared);
        let Self {
            method,
            query,
            host,
            date,
            ..
        } = self;
        let canonical = format!(
            "{method}\n/\n{query}\nhost:{host}\nx-acs-action:ListSecrets\nx-acs-content-sha256:{declared}\nx-acs-date:{date}\nx-acs-signature-nonce:n\nx-acs-version:2016-01-20\n\n{NAMES}\n{digest}"
        );
        let digest = hex::encode(Sha256::digest(canonical));
        let signature = hmac_sha256_hex(secret, &format!("ACS3-HMAC-SHA256\n{digest}"));
        TestRequest {
            method: "POST".into(),
            path: "/".into(),
            query: self.sent_query.into(),
            body: self.body.into(),
            ..TestRequest::default()
        }
        .header("Host", self.sent_host)
        .header("x-acs-action", "ListSecrets")
        .header("x-acs-version", "2016-01-20")
        .header("x-acs-content-sha256", declared)
        .header("x-acs-date", date)
        .header("x-acs-signature-nonce", "n")
        .header(
            "Authorization",
            &format!(
                "ACS3-HMAC-SHA256 Credential={KEY_ID},SignedHeaders={NAMES},Signature={signature}"
            ),
        )
    }
}

#[test]
fn mistakes_in_the_canonical_request_of_acs3_are_named() {
    let right = Acs3::default();
    assert_eq!(mismatch(&right.sent(SECRET), Lenient).0, Value::Null);
    let get = Acs3 {
        method: "GET",
        ..Acs3::default()
    };
    assert_mistake(&get.sent(SECRET), Lenient, "http_method");
    for (mistake, query) in [
        (
            "space_as_plus",
            "Filters=%21%27%28%29%2A+~%2F&Tag.10.Key=b&Tag.2.Key=a",
        ),
        (
            "asterisk_unencoded",
            "Filters=%21%27%28%29*%20~%2F&Tag.10.Key=b&Tag.2.Key=a",
        ),
        (
            "tilde_encoded",
            "Filters=%21%27%28%29%2A%20%7E%2F&Tag.10.Key=b&Tag.2.Key=a",
        ),
        (
            "sub_delimiters_unencoded",
            "Filters=!'()*%20~%2F&Tag.10.Key=b&Tag.2.Key=a",
        ),
        (
            "java_url_encoder",
            "Filters=%21%27%28%29*+%7E%2F&Tag.10.Key=b&Tag.2.Key=a",
        ),
        (
            "slash_unencoded",
            "Filters=%21%27%28%29%2A%20~/&Tag.10.Key=b&Tag.2.Key=a",
        ),
        (
            "lower_case_hex",
            "Filters=%21%27%28%29%2a%20~%2f&Tag.10.Key=b&Tag.2.Key=a",
        ),
        (
            "natural_order",
            "Filters=%21%27%28%29%2A%20~%2F&Tag.2.Key=a&Tag.10.Key=b",
        ),
        ("query_unsigned", ""),
    ] {
        let request = Acs3 {
            query,
            ..Acs3::default()
        };
        assert_mistake(&request.sent(SECRET), Lenient, mistake);
    }
    let unsorted = Acs3 {
        query: "Tag.2.Key=a&PageSize=1",
        sent_query: "Tag.2.Key=a&PageSize=1",
        ..Acs3::default()
    };
    assert_mistake(&unsorted.sent(SECRET), Lenient, "parameters_unsorted");
    let empty = right
        .sent(SECRET)
        .value_of("Authorization")
        .unwrap()
        .to_owned();
    let (start, _) = empty.rsplit_once('=').unwrap();
    let mut empty = right.sent(SECRET);
    empty.headers.retain(|(name, _)| name != "Authorization");
    let empty = empty.header("Authorization", &format!("{start}="));
    assert_mistake(&empty, Lenient, "signature_empty");
}

#[test]
fn a_host_that_is_changed_after_signing_is_named() {
    for (host, mistake) in [
        ("127.0.0.1", "host_without_port"),
        ("127.0.0.1:443", "other_host"),
        ("localhost", "other_host"),
        ("localhost:8080", "other_host"),
        ("kms.cn-hangzhou.aliyuncs.com", "other_host"),
        ("kms-vpc.cn-shanghai.aliyuncs.com", "other_host"),
        ("kms.aliyuncs.com", "other_host"),
        ("proxy.example", "other_host"),
        ("example.com", "wrong_secret"),
    ] {
        let request = Acs3 {
            host,
            query: "RegionId=cn-shanghai",
            sent_query: "RegionId=cn-shanghai",
            ..Acs3::default()
        };
        let request = request
            .sent(SECRET)
            .header("X-Forwarded-Host", "proxy.example");
        assert_mistake(&request, Lenient, mistake);
        if mistake == "other_host" {
            let (mismatch, _) = mismatch(&request, Lenient);
            let diagnosis = mismatch["diagnosis"].as_str().unwrap();
            assert!(
                diagnosis.contains(&format!("(signed: {host:?})")),
                "{diagnosis}"
            );
        }
    }
}

#[test]
fn mistakes_in_the_digest_of_the_body_are_named() {
    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let upper = EMPTY.to_uppercase();
    for (mistake, body, declared, digest) in [
        ("empty_body_unhashed", "", None, Some("")),
        ("digest_upper_case", "", None, Some(&*upper)),
        ("body_unsigned", "PageSize=1", None, Some(EMPTY)),
        ("body_changed", "PageSize=1", Some(EMPTY), None),
        ("content_digest", "PageSize=1", Some(EMPTY), Some("other")),
    ] {
        let request = Acs3 {
            digest,
            body,
            declared,
            ..Acs3::default()
        };
        assert_mistake(&request.sent(SECRET), Lenient, mistake);
    }
}

#[test]
fn local_time_that_is_sent_as_utc_is_named() {
    for (time, mistake) in [
        ("2026-01-02T11:04:05Z", Some("local_time")),
        ("2026-01-02T11:19:05Z", Some("local_time")),
        ("2026-01-02T10:49:05Z", Some("local_time")),
        ("2026-01-01T19:04:05Z", Some("local_time")),
        ("2026-01-02T11:19:06Z", None),
        ("2026-01-02T10:49:04Z", None),
    ] {
        let v1 = TestRequest::get("Action=ListSecrets&Version=2016-01-20")
            .sign_v1("test", &[("Timestamp", time)]);
        let acs3 = Acs3 {
            date: time,
            ..Acs3::default()
        };
        for request in [v1, acs3.sent(SECRET)] {
            match mistake {
                Some(mistake) => assert_mistake(&request, Strict, mistake),
                None => assert_eq!(mismatch(&request, Strict).0, Value::Null, "{time}"),
            }
        }
    }
}

#[test]
fn a_large_request_is_not_searched_for_a_mistake() {
    let request = Acs3 {
        body: &"a".repeat(33 * 1024),
        ..Acs3::default()
    };
    assert_mistake(&request.sent("other"), Lenient, "too_large");
}
