//! Message authentication codes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::key_pairs::openssl;
use super::{INVALID, create, text};
use crate::alibaba::session::Session;

/// A session with a key of this spec and material.
fn with_key(spec: &str, material: &[u8]) -> Session {
    let session = Session::new();
    let key = json!({"KeyId": "mac", "KeySpec": spec, "KeyMaterial": STANDARD.encode(material)});
    session.load(json!({"Keys": {"Key": [key]}}).to_string().as_bytes());
    session
}

fn generate(session: &Session, algorithm: &str, message: &[u8]) -> Vec<u8> {
    let parameters = [
        ("KeyId", "mac"),
        ("Algorithm", algorithm),
        ("Message", &STANDARD.encode(message)),
    ];
    let reply = session.ok("GenerateMac", &parameters);
    assert_eq!(
        (&reply["KeyId"], &reply["Algorithm"]),
        (&json!("mac"), &json!(algorithm))
    );
    STANDARD.decode(text(&reply["Mac"])).unwrap()
}

/// RFC 4231, test case 1. HMAC fills a key with zeros, so that the key of 20 bytes is equal to a longer one.
#[test]
fn codes_are_those_of_the_rfc() {
    for (algorithm, length, code) in [
        (
            "HMAC_SHA_224",
            28,
            "896fb1128abbdf196832107cd49df33f47b4b1169912ba4f53684b22",
        ),
        (
            "HMAC_SHA_256",
            32,
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        ),
        (
            "HMAC_SHA_384",
            48,
            "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af152e8b2fa9cb6",
        ),
        (
            "HMAC_SHA_512",
            64,
            "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
        ),
    ] {
        let mut key = vec![0; length];
        key[..20].fill(0x0b);
        let session = with_key(algorithm, &key);
        let generated = generate(&session, algorithm, b"Hi There");
        assert_eq!(hex::encode(generated), code, "{algorithm}");
    }
}

#[test]
fn openssl_computes_the_same_code_with_sm3() {
    let key: Vec<u8> = (0..32).collect();
    let session = with_key("HMAC_SM3", &key);
    let option = format!("hexkey:{}", hex::encode(&key));
    let arguments = [
        "dgst", "-sm3", "-mac", "HMAC", "-macopt", &option, "-binary", "message",
    ];
    assert_eq!(
        generate(&session, "HMAC_SM3", b"hello"),
        openssl(&arguments, &[("message", b"hello")])
    );
}

#[test]
fn only_the_code_of_the_message_is_valid() {
    let session = with_key("HMAC_SHA_256", &[1; 32]);
    let code = generate(&session, "HMAC_SHA_256", b"hello");
    let verify = |message: &[u8], code: &[u8]| {
        let parameters = [
            ("KeyId", "mac"),
            ("Algorithm", "HMAC_SHA_256"),
            ("Message", &STANDARD.encode(message)),
            ("Mac", &STANDARD.encode(code)),
        ];
        session.ok("VerifyMac", &parameters)["Value"].clone()
    };
    assert_eq!(verify(b"hello", &code), true);
    assert_eq!(verify(b"hellO", &code), false);
    assert_eq!(verify(b"hello", &code[..31]), false);
    for index in 0..code.len() {
        let mut changed = code.clone();
        changed[index] ^= 1;
        assert_eq!(verify(b"hello", &changed), false, "byte {index}");
    }
}

#[test]
fn a_key_for_codes_has_no_other_use() {
    let session = Session::new();
    let key = create(&session, &[("KeySpec", "HMAC_SHA_384")]);
    let id = ("KeyId", &*key);
    let rotation = [
        ("EnableAutomaticRotation", "true"),
        ("RotationInterval", "7d"),
    ];
    for (action, parameters, result) in [
        (
            "Encrypt",
            vec![id, ("Plaintext", "aGk=")],
            "400 UnsupportedOperation",
        ),
        ("GenerateDataKey", vec![id], "400 UnsupportedOperation"),
        (
            "CreateKeyVersion",
            vec![id],
            "400 Rejected.UnsupportedOperation",
        ),
        (
            "UpdateRotationPolicy",
            vec![id, rotation[0], rotation[1]],
            "400 Rejected.UnsupportedOperation",
        ),
        (
            "GenerateMac",
            vec![id, ("Algorithm", "HMAC_SHA_256"), ("Message", "aGk=")],
            INVALID,
        ),
        (
            "GenerateMac",
            vec![id, ("Algorithm", "HMAC_SHA_1"), ("Message", "aGk=")],
            INVALID,
        ),
        (
            "GenerateMac",
            vec![id, ("Algorithm", "HMAC_SHA_384"), ("Message", "no Base64")],
            INVALID,
        ),
        (
            "GenerateMac",
            vec![id, ("Algorithm", "HMAC_SHA_384")],
            "400 MissingParameter",
        ),
        (
            "VerifyMac",
            vec![id, ("Algorithm", "HMAC_SHA_384"), ("Message", "aGk=")],
            "400 MissingParameter",
        ),
        (
            "GenerateMac",
            vec![
                id,
                ("Algorithm", "HMAC_SHA_384"),
                ("Message", "aGk="),
                ("DryRun", "true"),
            ],
            "400 DryRunOperationError",
        ),
    ] {
        assert_eq!(
            session.verdict(action, &parameters),
            result,
            "{action} {parameters:?}"
        );
    }
    let spec = ("KeySpec", "HMAC_SM3");
    let rotated = [spec, rotation[0], rotation[1]];
    assert_eq!(
        session.verdict("CreateKey", &rotated),
        "400 UnsupportedOperation"
    );
    let signing = [spec, ("KeyUsage", "SIGN/VERIFY")];
    assert_eq!(session.verdict("CreateKey", &signing), INVALID);
}

#[test]
fn a_message_has_at_most_6_kb() {
    let session = with_key("HMAC_SHA_256", &[1; 32]);
    for (length, result) in [(1, "OK"), (6144, "OK"), (6145, INVALID)] {
        let parameters = [
            ("KeyId", "mac"),
            ("Algorithm", "HMAC_SHA_256"),
            ("Message", &STANDARD.encode(vec![1; length])),
        ];
        assert_eq!(
            session.verdict("GenerateMac", &parameters),
            result,
            "{length}"
        );
    }
}
