//! The API of KMS instances, with messages of Protocol Buffers.

mod keys;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use kms_emulator::clouds::context::AuthMode;
use kms_emulator::emulator::Emulator;
use kms_emulator::http::wire::{WireReply, WireRequest};
use kms_emulator::router;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::control::{self, Controlled};
use crate::support::{ACCOUNT, emulator, now, rsa_public_key, rsa_signature};

const HOST: &str = "kst-hzz62f1cb66fa42qo.cryptoservice.kms.aliyuncs.com";
const KEY: &str = "KAAP.client";

/// A message with these texts or bytes, by field number.
fn message<T: AsRef<[u8]>>(values: &[(u8, T)]) -> Vec<u8> {
    let mut message = Vec::new();
    for (field, value) in values {
        message.push(field << 3 | 2);
        add_number(&mut message, value.as_ref().len());
        message.extend_from_slice(value.as_ref());
    }
    message
}

fn add_number(message: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        message.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    message.push(number.to_le_bytes()[0]);
}

/// The texts and bytes in a message, by field number. A number is in decimal digits.
fn read_bytes(mut message: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let number = |message: &mut &[u8]| {
        let mut number = 0_usize;
        for shift in (0..).step_by(7) {
            let (byte, rest) = message.split_first().unwrap();
            *message = rest;
            number |= usize::from(byte & 0x7F) << shift;
            if byte & 0x80 == 0 {
                break;
            }
        }
        number
    };
    let mut fields = Vec::new();
    while !message.is_empty() {
        let tag = number(&mut message);
        let value = number(&mut message);
        let field = u8::try_from(tag >> 3).unwrap();
        if tag.is_multiple_of(8) {
            fields.push((field, value.to_string().into_bytes()));
        } else {
            let (bytes, rest) = message.split_at(value);
            message = rest;
            fields.push((field, bytes.to_owned()));
        }
    }
    fields
}

/// The texts and numbers in a message, by field number.
fn read(message: &[u8]) -> Vec<(u8, String)> {
    let fields = read_bytes(message).into_iter();
    fields
        .map(|(field, bytes)| (field, String::from_utf8(bytes).unwrap()))
        .collect()
}

/// The text of a field.
fn text(fields: &[(u8, String)], field: u8) -> &str {
    let found = fields.iter().find(|(number, _)| *number == field);
    found.map_or("", |(_, text)| text)
}

/// A request, as the instance SDK builds it. Headers with an empty value are left out.
struct Call {
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
}

impl Call {
    fn new(name: &str, body: &[u8]) -> Self {
        let headers = [
            ("host", HOST),
            ("accept", "application/x-protobuf"),
            ("content-type", "application/x-protobuf"),
            ("x-kms-apiversion", "dkms-gcs-0.2"),
            ("x-kms-apiname", name),
            ("x-kms-signaturemethod", "RSA_PKCS1_SHA_256"),
        ];
        Self {
            headers: headers.map(|(name, value)| (name, value.to_owned())).into(),
            body: body.to_vec(),
        }
    }

    fn set(mut self, name: &'static str, value: &str) -> Self {
        self.headers.retain(|(known, _)| *known != name);
        if !value.is_empty() {
            self.headers.push((name, value.to_owned()));
        }
        self
    }

    /// Signs method, digest, content type, date and the headers `x-kms-`.
    fn sign(mut self, id: &str, time: DateTime<Utc>) -> Self {
        let digest = hex::encode_upper(Sha256::digest(&self.body));
        let date = time.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        self = self
            .set("x-kms-acccesskeyid", id)
            .set("date", &date)
            .set("content-sha256", &digest);
        let mut signed: Vec<_> = self
            .headers
            .iter()
            .filter(|(name, _)| name.starts_with("x-kms-"))
            .map(|(name, value)| format!("{name}:{value}\n"))
            .collect();
        signed.sort();
        let content_type = "application/x-protobuf";
        let text = format!(
            "POST\n{digest}\n{content_type}\n{date}\n{}/",
            signed.concat()
        );
        let signature = STANDARD.encode(rsa_signature(&text));
        self.set("authorization", &format!("Bearer {signature}"))
    }

    fn wire(&self) -> WireRequest {
        let headers = self.headers.iter().map(|(name, value)| (*name, &**value));
        let body = Bytes::copy_from_slice(&self.body);
        WireRequest::new("POST", "/", "", headers, Ok(body))
    }

    fn ask(&self, emulator: &Emulator) -> WireReply {
        router::handle(emulator, &self.wire())
    }

    /// The status, the code and the text of an error.
    fn error(&self, emulator: &Emulator) -> (u16, String, String) {
        let reply = self.ask(emulator);
        let fields = read(&reply.body);
        assert_eq!(text(&fields, 1), reply.status.to_string());
        assert_eq!(text(&fields, 4).len(), 36, "{fields:?}");
        let text = |field| text(&fields, field).to_owned();
        (reply.status, text(2), text(3))
    }
}

fn with_client_key(mode: AuthMode) -> Emulator {
    let emulator = emulator(mode);
    let key = rsa_public_key();
    emulator.auth.credentials.add_rsa(KEY, key, None);
    emulator
}

fn get(name: &str) -> Call {
    Call::new("GetSecretValue", &message(&[(1, name)]))
}

#[test]
fn a_secret_value_is_read_with_a_client_key() {
    let emulator = with_client_key(AuthMode::Strict);
    let reply = get("shop/db/password").sign(KEY, now()).ask(&emulator);
    assert_eq!(reply.status, 200);
    assert!(
        reply
            .headers
            .contains(&("content-type", "application/x-protobuf".into()))
    );
    let fields = read(&reply.body);
    assert_eq!(text(&fields, 1), "shop/db/password");
    assert_eq!(text(&fields, 2), "Generic");
    assert_eq!(text(&fields, 4), "text");
    assert_eq!(text(&fields, 5), "ACSCurrent");
    for field in [3, 6, 7, 8] {
        assert!(!text(&fields, field).is_empty(), "{field}: {fields:?}");
    }
}

#[test]
fn a_managed_secret_has_its_rotation_and_with_the_flag_its_configuration() {
    let emulator = with_client_key(AuthMode::Strict);
    for flag in [false, true] {
        let mut body = message(&[(1, "orders/rds"), (2, "ACSCurrent")]);
        if flag {
            body.extend([4 << 3, 1]);
        }
        let call = Call::new("GetSecretValue", &body).sign(KEY, now());
        let fields = read(&call.ask(&emulator).body);
        assert_eq!(text(&fields, 2), "Rds", "{fields:?}");
        assert!(text(&fields, 3).contains("AccountName"), "{fields:?}");
        assert_eq!(text(&fields, 11).contains("SecretSubType"), flag);
        assert!(!text(&fields, 12).is_empty(), "{fields:?}");
    }
}

#[test]
fn errors_of_kms_are_messages_too() {
    let emulator = with_client_key(AuthMode::Strict);
    assert_eq!(
        get("absent").sign(KEY, now()).error(&emulator),
        (
            404,
            "Forbidden.ResourceNotFound".to_owned(),
            "Resource not found.".to_owned()
        )
    );
    let (status, code, _) = get("").sign(KEY, now()).error(&emulator);
    assert_eq!((status, &*code), (400, "MissingParameter"));
}

#[test]
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn a_wrong_request_has_the_documented_error() {
    let emulator = with_client_key(AuthMode::Strict);
    let signed = || get("shop/db/password").sign(KEY, now());
    let called = |name: &str| Call::new(name, &[]).sign(KEY, now());
    for (call, status, code, text) in [
        (
            called("Foo"),
            400,
            "InvalidApiName",
            "The ApiName \"Foo\" is invalid.",
        ),
        (
            called("CreateSecret"),
            400,
            "InvalidApiName",
            "The ApiName \"CreateSecret\" is invalid.",
        ),
        (
            called("Hash"),
            400,
            "UnsupportedOperation",
            "Rejected.UnsupportedOperation",
        ),
        (
            signed().set("x-kms-apiversion", ""),
            400,
            "InvalidApiVersion",
            "The ApiVersion \"\" is invalid.",
        ),
        (
            signed().set("date", "2026-01-02"),
            400,
            "InvalidParam",
            "The Param Date is invalid.",
        ),
        (
            signed().set("date", ""),
            400,
            "InvalidParam",
            "The Param Date is invalid.",
        ),
        (
            signed().set("x-kms-signaturemethod", ""),
            400,
            "InvalidParam",
            "The Param x-kms-signaturemethod is invalid.",
        ),
        (
            signed().set("x-kms-signaturemethod", "HMAC"),
            400,
            "InvalidParam",
            "The Param x-kms-signaturemethod is invalid. message:\"HMAC\".",
        ),
        (
            signed().set("x-kms-acccesskeyid", ""),
            400,
            "MissingParameter",
            "Parameter x-kms-acccesskeyid does not exist in http header or body.",
        ),
        (
            get("shop/db/password").sign(KEY, now() - TimeDelta::seconds(901)),
            400,
            "RequestTimeTooSkewed",
            "Request time exceeds server time more than 15 minutes.",
        ),
        (
            signed().set("authorization", ""),
            400,
            "InvalidParam",
            "The Param Authorization is invalid.",
        ),
        (
            signed().set("authorization", "Bearer AAAA"),
            400,
            "InvalidParam",
            "The Param Authorization is invalid.",
        ),
        (
            signed().set("x-kms-more", "1"),
            400,
            "InvalidParam",
            "The Param Authorization is invalid.",
        ),
        (
            get("shop/db/password").sign("test", now()),
            400,
            "InvalidParam",
            "The Param Authorization is invalid.",
        ),
        (
            get("shop/db/password").sign("unknown", now()),
            401,
            "Unauthorized",
            "The Access Key ID provided does not exist in our records.",
        ),
        (
            Call::new("GetSecretValue", b"{\"SecretName\":\"a\"}").sign(KEY, now()),
            400,
            "InvalidParameter",
            "The specified parameter is not valid.",
        ),
    ] {
        let expected = (status, code.to_owned(), text.to_owned());
        assert_eq!(call.error(&emulator), expected);
    }
    // The digest covers the body.
    let mut changed = signed();
    changed.body = message(&[(1, "other")]);
    assert_eq!(changed.error(&emulator).1, "InvalidParam");
    assert_eq!(signed().ask(&emulator).status, 200);
}

#[test]
fn an_unsigned_request_and_an_unknown_key_are_accepted_unless_the_mode_is_strict() {
    for mode in [AuthMode::Off, AuthMode::Lenient] {
        let emulator = with_client_key(mode);
        let unsigned = get("shop/db/password");
        assert_eq!(unsigned.ask(&emulator).status, 200);
        let unknown = get("shop/db/password").sign("unknown", now());
        assert_eq!(unknown.ask(&emulator).status, 200);
        let other_account = get("shop/db/password").sign("2000000000000000", now());
        let (_, code, _) = other_account.error(&emulator);
        assert_eq!(code, "Forbidden.ResourceNotFound");
        let wrong = get("shop/db/password")
            .sign(KEY, now())
            .set("authorization", "Bearer AAAA");
        let is_checked = mode == AuthMode::Lenient;
        assert_eq!(wrong.ask(&emulator).status == 400, is_checked, "{mode:?}");
    }
}

#[test]
fn a_host_of_an_instance_accepts_the_rpc_protocol_too() {
    let emulator = with_client_key(AuthMode::Lenient);
    let request = control::alibaba("GetSecretValue", &[("SecretName", "shop/db/password")]);
    let reply = request.header("Host", HOST).ask(&emulator);
    assert_eq!(reply.status, 200);
    assert!(reply.body.starts_with(b"{"));
    // Without the name of an operation, the error is a message.
    let call = Call::new("", &[]).set("x-kms-apiname", "").sign(KEY, now());
    assert_eq!(call.error(&emulator).1, "InvalidApiName");
}

#[test]
fn faults_journal_and_rate_limits_see_the_operation() {
    let controlled = Controlled::with(with_client_key(AuthMode::Strict));
    let call = get("shop/db/password").sign(KEY, now());
    controlled.ok(
        "POST",
        "faults",
        &json!({"error": "Rejected.Throttling", "times": 1,
            "match": {"action": "GetSecretValue", "secret": "shop/*", "access_key_id": KEY}})
        .to_string(),
    );
    assert_eq!(
        call.error(&controlled.emulator),
        (
            429,
            "Rejected.Throttling".to_owned(),
            "QPS Limit Exceeded".to_owned()
        )
    );
    assert_eq!(call.ask(&controlled.emulator).status, 200);
    let path = "journal?action=GetSecretValue&parameter=SecretName=shop/db/password";
    let listed = controlled.ok("GET", path, "");
    assert_eq!(listed["count"], 2, "{listed}");
    let entry = &listed["requests"][1];
    assert_eq!(entry["verdict"], "valid", "{entry}");
    assert_eq!(entry["account"], ACCOUNT);
}
