//! Each mistake in an Alibaba Cloud signature is named in the journal.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kms_emulator::clouds::context::AuthMode::{self, Lenient, Off, Strict};
use kms_emulator::emulator::Emulator;
use kms_emulator::model::SecretKey;
use serde_json::Value;
use sha2::{Digest, Sha256};
use sm3::Sm3;

use crate::control::Controlled;
use crate::support::{
    FORM, NOW, TestRequest, emulator, encode, hmac_sha1_base64, hmac_sha256_hex, hmac_sm3_hex,
    rsa_public_key, rsa_signature,
};

const SECRET: &str = "c2VjcmV0Cg==";
const KEY_ID: &str = "LTAIexample";
const RSA_KEY_ID: &str = "LTAIrsa";

fn emulator_with_key(mode: AuthMode) -> Emulator {
    let emulator = emulator(mode);
    let secret = SecretKey::new(SECRET);
    let credentials = &emulator.auth.credentials;
    credentials.add(KEY_ID, secret, None);
    credentials.add_rsa(RSA_KEY_ID, rsa_public_key(), None);
    emulator
}

/// The `mismatch` of the journal, and the hint of the reply.
fn mismatch(request: &TestRequest, mode: AuthMode) -> (Value, String) {
    Controlled::with(emulator_with_key(mode)).mismatch(request)
}

#[track_caller]
fn assert_mistake(request: &TestRequest, mode: AuthMode, mistake: &str) {
    Controlled::with(emulator_with_key(mode)).assert_mistake(request, mistake, SECRET);
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

/// `V1` for the RSA key.
fn v1_by_rsa() -> String {
    V1.replace(KEY_ID, RSA_KEY_ID)
        .replace("HMAC-SHA1", "SHA256withRSA")
}

/// A V1 request with the parameters `v1`, signed with the key that they name.
fn v1_signed_by_its_key(v1: &str, string_to_sign: &str) -> TestRequest {
    let signature = if v1.contains(RSA_KEY_ID) {
        STANDARD.encode(rsa_signature(string_to_sign))
    } else {
        hmac_sha1_base64(&format!("{SECRET}&"), string_to_sign)
    };
    v1_request(v1, &encode(&signature))
}

fn v1_right() -> String {
    format!("GET&%2F&{}", encode(V1))
}

#[test]
fn mistakes_in_the_encoding_of_v1_are_named() {
    for v1 in [V1, &v1_by_rsa()] {
        assert_mistakes_in_the_encoding(v1);
    }
}

fn assert_mistakes_in_the_encoding(v1: &str) {
    let twice = |from: &str, to: &str| encode(&v1.replace(from, to));
    let java = v1
        .replace("%20", "+")
        .replace("%2A", "*")
        .replace('~', "%7E");
    let script = v1
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
    let lower = v1
        .replace("%2A", "%2a")
        .replace("%2F", "%2f")
        .replace("%3D", "%3d")
        .replace("%3A", "%3a");
    let lower_twice = encode(&lower).replace("%3D", "%3d");
    for (mistake, path, query) in [
        ("query_encoded_once", "%2F", v1.to_owned()),
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
        let request = v1_signed_by_its_key(v1, &format!("GET&{path}&{query}"));
        assert_mistake(&request, Lenient, mistake);
    }
}

#[test]
fn mistakes_in_the_parameters_and_the_method_of_v1_are_named() {
    for v1 in [V1, &v1_by_rsa()] {
        assert_mistakes_in_the_parameters_and_the_method(v1);
    }
}

fn assert_mistakes_in_the_parameters_and_the_method(v1: &str) {
    let sign = |text: &str| v1_signed_by_its_key(v1, text);
    let right = sign(&format!("GET&%2F&{}", encode(v1)));
    assert_eq!(mismatch(&right, Lenient).0, Value::Null);
    let post = format!("POST&%2F&{}", encode(v1));
    assert_mistake(&sign(&post), Lenient, "http_method");
    let natural = v1.replace("Tag.10.Key=b&Tag.2.Key=", "Tag.2.Key=&Tag.10.Key=b");
    let natural = format!("GET&%2F&{}", encode(&natural));
    assert_mistake(&sign(&natural), Lenient, "natural_order");
    let without_empty = format!("GET&%2F&{}", encode(&v1.replace("&Tag.2.Key=", "")));
    assert_mistake(&sign(&without_empty), Lenient, "empty_unsigned");

    let mut reversed: Vec<_> = v1.split('&').collect();
    reversed.reverse();
    let reversed = reversed.join("&");
    let text = format!("GET&%2F&{}", encode(&reversed));
    let request = v1_signed_by_its_key(&reversed, &text);
    assert_mistake(&request, Lenient, "parameters_unsorted");

    let mut form = sign(&post).header("Content-Type", FORM);
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
        for algorithm in [Algorithm::Sha256, Algorithm::Sm3] {
            let request = Acs3 {
                algorithm,
                ..Acs3::default()
            };
            assert_mistake(&request.sent(&secret), Lenient, mistake);
        }
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

/// A signature algorithm of ACS3.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Algorithm {
    Sha256,
    Sm3,
    Rsa,
}

impl Algorithm {
    const ALL: [Self; 3] = [Self::Sha256, Self::Sm3, Self::Rsa];

    fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "ACS3-HMAC-SHA256",
            Self::Sm3 => "ACS3-HMAC-SM3",
            Self::Rsa => "ACS3-RSA-SHA256",
        }
    }

    fn key_id(self) -> &'static str {
        match self {
            Self::Sha256 | Self::Sm3 => KEY_ID,
            Self::Rsa => RSA_KEY_ID,
        }
    }

    fn hash(self, text: &str) -> String {
        match self {
            Self::Sha256 | Self::Rsa => hex::encode(Sha256::digest(text)),
            Self::Sm3 => hex::encode(Sm3::digest(text)),
        }
    }

    /// The signature with this secret, or with the RSA key.
    fn sign(self, secret: &str, text: &str) -> String {
        match self {
            Self::Sha256 => hmac_sha256_hex(secret, text),
            Self::Sm3 => hmac_sm3_hex(secret, text),
            Self::Rsa => hex::encode(rsa_signature(text)),
        }
    }
}

/// An ACS3 request with one part signed differently.
struct Acs3<'a> {
    algorithm: Algorithm,
    digest_header: &'a str,
    method: &'a str,
    query: &'a str,
    host: &'a str,
    digest: Option<&'a str>,
    sent_query: &'a str,
    sent_host: &'a str,
    body: &'a str,
    declared: Option<&'a str>,
    canonical_hash: Option<Algorithm>,
    date: &'a str,
}

impl Default for Acs3<'_> {
    fn default() -> Self {
        Self {
            algorithm: Algorithm::Sha256,
            digest_header: "x-acs-content-sha256",
            method: "POST",
            query: "Filters=%21%27%28%29%2A%20~%2F&Tag.10.Key=b&Tag.2.Key=a",
            host: "127.0.0.1:8080",
            digest: None,
            sent_query: "Filters=%21%27%28%29%2A%20~%2F&Tag.10.Key=b&Tag.2.Key=a",
            sent_host: "127.0.0.1:8080",
            body: "",
            declared: None,
            canonical_hash: None,
            date: NOW,
        }
    }
}

impl Acs3<'_> {
    /// A request that is valid apart from its signature.
    fn with_valid_query(algorithm: Algorithm) -> Self {
        Self {
            algorithm,
            query: "PageSize=1",
            sent_query: "PageSize=1",
            ..Self::default()
        }
    }

    fn sent(&self, secret: &str) -> TestRequest {
        let Self {
            algorithm,
            digest_header,
            ..
        } = self;
        let names = format!(
            "host;x-acs-action;{digest_header};x-acs-date;x-acs-signature-nonce;x-acs-version"
        );
        let of_body = algorithm.hash(self.body);
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
            "{method}\n/\n{query}\nhost:{host}\nx-acs-action:ListSecrets\n{digest_header}:{declared}\nx-acs-date:{date}\nx-acs-signature-nonce:n\nx-acs-version:2016-01-20\n\n{names}\n{digest}"
        );
        let digest = match self.canonical_hash {
            Some(other) => other.hash(&canonical),
            None => algorithm.hash(&canonical),
        };
        let name = algorithm.name();
        let signature = algorithm.sign(secret, &format!("{name}\n{digest}"));
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
        .header(digest_header, declared)
        .header("x-acs-date", date)
        .header("x-acs-signature-nonce", "n")
        .header(
            "Authorization",
            &format!(
                "{name} Credential={},SignedHeaders={names},Signature={signature}",
                algorithm.key_id()
            ),
        )
    }
}

#[test]
fn mistakes_in_the_canonical_request_of_acs3_are_named() {
    for algorithm in Algorithm::ALL {
        assert_mistakes_in_the_canonical_request(algorithm);
    }
}

fn assert_mistakes_in_the_canonical_request(algorithm: Algorithm) {
    let right = Acs3 {
        algorithm,
        ..Acs3::default()
    };
    assert_eq!(mismatch(&right.sent(SECRET), Lenient).0, Value::Null);
    let get = Acs3 {
        algorithm,
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
            algorithm,
            query,
            ..Acs3::default()
        };
        assert_mistake(&request.sent(SECRET), Lenient, mistake);
    }
    let unsorted = Acs3 {
        algorithm,
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
            assert_eq!(mismatch["signed_host"], host);
        }
    }
}

#[test]
fn mistakes_in_the_digest_of_the_body_are_named() {
    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const EMPTY_SM3: &str = "1ab21d8355cfa17f8e61194831e81a8f22bec8c728fefb747ed035eb5082aa2b";
    let upper = EMPTY.to_uppercase();
    let upper_sm3 = EMPTY_SM3.to_uppercase();
    for (algorithm, empty, upper) in [
        (Algorithm::Sha256, EMPTY, &upper),
        (Algorithm::Rsa, EMPTY, &upper),
        (Algorithm::Sm3, EMPTY_SM3, &upper_sm3),
    ] {
        for (mistake, body, declared, digest) in [
            ("empty_body_unhashed", "", None, Some("")),
            ("digest_upper_case", "", None, Some(&**upper)),
            ("body_unsigned", "PageSize=1", None, Some(empty)),
            ("body_changed", "PageSize=1", Some(empty), None),
            ("content_digest", "PageSize=1", Some(empty), Some("other")),
        ] {
            let request = Acs3 {
                algorithm,
                digest,
                body,
                declared,
                ..Acs3::default()
            };
            assert_mistake(&request.sent(SECRET), Lenient, mistake);
        }
    }
}

#[test]
fn a_sha256_digest_in_a_signature_by_sm3_is_named() {
    let body = "PageSize=1";
    let sha256 = Algorithm::Sha256.hash(body);
    let request = Acs3 {
        algorithm: Algorithm::Sm3,
        body,
        ..Acs3::default()
    };
    assert_eq!(mismatch(&request.sent(SECRET), Lenient).0, Value::Null);
    for (declared, digest, canonical_hash) in [
        // In the header, which is then signed; only in the canonical request; of the canonical request.
        (Some(&*sha256), None, None),
        (None, Some(&*sha256), None),
        (None, None, Some(Algorithm::Sha256)),
    ] {
        let request = Acs3 {
            declared,
            digest,
            canonical_hash,
            algorithm: Algorithm::Sm3,
            body,
            ..Acs3::default()
        };
        assert_mistake(&request.sent(SECRET), Lenient, "digest_not_sm3");
    }
}

#[test]
fn sm3_digest_is_in_either_header_and_checked_in_both() {
    let request = |digest_header| Acs3 {
        digest_header,
        ..Acs3::with_valid_query(Algorithm::Sm3)
    };
    for header in ["x-acs-content-sha256", "x-acs-content-sm3"] {
        let (status, code) = request(header)
            .sent(SECRET)
            .verdict(&emulator_with_key(Strict));
        assert_eq!((status, &*code), (200, "OK"), "{header}");
        let wrong = Acs3 {
            declared: Some("00"),
            ..request(header)
        };
        assert_mistake(&wrong.sent(SECRET), Lenient, "body_changed");
    }
    let sha256 = Acs3 {
        algorithm: Algorithm::Sha256,
        digest_header: "x-acs-content-sm3",
        ..Acs3::default()
    };
    let verdict = sha256.sent(SECRET).verdict(&emulator_with_key(Strict));
    assert_eq!(verdict, (400, "MissingParameter".to_owned()));
}

#[test]
fn rsa_and_sm3_signatures_are_checked_in_each_mode() {
    const WRONG: (u16, &str) = (400, "IncompleteSignature");
    const UNKNOWN: (u16, &str) = (404, "InvalidAccessKeyId.NotFound");
    const OK: (u16, &str) = (200, "OK");
    for algorithm in [Algorithm::Sm3, Algorithm::Rsa] {
        let right = Acs3::with_valid_query(algorithm).sent(SECRET);
        let replace = |from: &str, to: &str| {
            let mut request = right.clone();
            for (_, value) in &mut request.headers {
                *value = value.replace(from, to);
            }
            request
        };
        let mut other_query = right.clone();
        other_query.query = other_query.query.replace("=1", "=2");
        let mut other_body = right.clone();
        other_body.body = "PageSize=1".into();
        let other_region = right.clone().header("x-acs-region-id", "cn-beijing");
        for (case, request, lenient, strict) in [
            ("right", right.clone(), OK, OK),
            ("other query", other_query, WRONG, WRONG),
            ("other body", other_body, WRONG, WRONG),
            (
                "other operation",
                replace("ListSecrets", "DescribeRegions"),
                WRONG,
                WRONG,
            ),
            ("unsigned header", other_region, OK, WRONG),
            (
                "unknown key",
                replace(algorithm.key_id(), "unknown"),
                OK,
                UNKNOWN,
            ),
        ] {
            for (mode, expected) in [(Off, OK), (Lenient, lenient), (Strict, strict)] {
                let (status, code) = request.verdict(&emulator_with_key(mode));
                assert_eq!(
                    (status, &*code),
                    expected,
                    "{algorithm:?}, {case}, {mode:?}"
                );
            }
        }
    }
}

#[test]
fn a_nonce_of_an_rsa_signature_is_accepted_once() {
    let emulator = emulator_with_key(Strict);
    let request = Acs3::with_valid_query(Algorithm::Rsa).sent(SECRET);
    assert_eq!(request.verdict(&emulator).1, "OK");
    assert_eq!(request.verdict(&emulator).1, "SignatureNonceUsed");
}

#[test]
fn a_key_of_another_kind_is_diagnosed() {
    for mode in [Lenient, Strict] {
        for (algorithm, key_id, mistake) in [
            (Algorithm::Sha256, RSA_KEY_ID, "key_is_rsa"),
            (Algorithm::Sm3, RSA_KEY_ID, "key_is_rsa"),
            (Algorithm::Rsa, KEY_ID, "key_is_secret"),
        ] {
            let request = Acs3 {
                algorithm,
                ..Acs3::default()
            };
            let mut request = request.sent(SECRET);
            for (_, value) in &mut request.headers {
                *value = value.replace(algorithm.key_id(), key_id);
            }
            assert_mistake(&request, mode, mistake);
            let verdict = request.verdict(&emulator_with_key(mode));
            assert_eq!(
                verdict,
                (400, "IncompleteSignature".to_owned()),
                "{mistake}"
            );
        }
    }
    let by_secret = V1.replace(KEY_ID, RSA_KEY_ID);
    let request = v1_request(&by_secret, "x");
    assert_mistake(&request, Lenient, "key_is_rsa");
    let by_rsa = v1_by_rsa().replace(RSA_KEY_ID, KEY_ID);
    assert_mistake(&v1_request(&by_rsa, "x"), Lenient, "key_is_secret");
    let unknown_method = V1.replace("HMAC-SHA1", "HMAC-SM3");
    let verdict = v1_request(&unknown_method, "x").verdict(&emulator_with_key(Lenient));
    assert_eq!(verdict, (400, "InvalidParameter".to_owned()));
}

#[test]
fn another_private_key_is_explained_in_one_sentence_with_the_string_to_sign() {
    let v1 = v1_by_rsa();
    let mut other = rsa_signature(&format!("GET&%2F&{}", encode(&v1)));
    other[100] ^= 1;
    let v1 = v1_request(&v1, &encode(&STANDARD.encode(&other)));
    let acs3 = Acs3 {
        algorithm: Algorithm::Rsa,
        digest: Some("other"),
        ..Acs3::default()
    };
    for (request, server) in [
        (v1, "GET&%2F&AccessKeyId%3DLTAIrsa%26"),
        (acs3.sent(SECRET), "POST\n/\nFilters="),
    ] {
        assert_mistake(&request, Lenient, "wrong_private_key");
        let (mismatch, hint) = mismatch(&request, Lenient);
        assert!(
            hint.starts_with("the client probably signs with another private key; "),
            "{hint}"
        );
        assert!(mismatch["server"].as_str().unwrap().starts_with(server));
        let reply = request.ask(&emulator_with_key(Lenient));
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        assert!(text.contains("server string to sign is:"), "{text}");
    }
}

#[test]
fn an_rsa_key_is_unknown_to_tencent_cloud() {
    let request = || {
        TestRequest {
            method: "POST".into(),
            path: "/".into(),
            body: "{}".into(),
            ..TestRequest::default()
        }
        .header("X-TC-Action", "ListSecrets")
        .sign_tc3(RSA_KEY_ID, "x", crate::support::now())
    };
    for (mode, expected) in [
        (Lenient, "\"TotalCount\""),
        (Strict, "AuthFailure.SecretIdNotFound"),
    ] {
        let reply = request().ask(&emulator_with_key(mode));
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn settings_list_rsa_keys_without_their_content() {
    let controlled = Controlled::with(emulator_with_key(Lenient));
    let settings = controlled.ok("GET", "settings", "");
    let accounts = settings["accounts"].as_array().unwrap();
    let key = |id: &str| {
        accounts
            .iter()
            .find(|key| key["access_key_id"] == id)
            .unwrap()
    };
    assert_eq!(key(KEY_ID)["kind"], "secret");
    assert_eq!(
        key(RSA_KEY_ID),
        &serde_json::json!({"access_key_id": RSA_KEY_ID, "account": "1000000000000000", "kind": "rsa", "tenant": false, "has_test_secret": false})
    );
}

#[test]
fn local_time_that_is_sent_as_utc_is_diagnosed() {
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
