//! Operations with keys.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Call, read_bytes};
use crate::alibaba::session::Session;
use crate::control::Controlled;
use crate::support::ACCOUNT;

const KEY: &str = "key-hzz000000000000000001";
const VERSION: &str = "00000001-0000-4000-8000-000000000000";
const SIGNER: &str = "key-hzz000000000000000005";
const RSA: &str = "key-hzz000000000000000006";

/// The fields of a reply, and the version of the key in its header.
struct Reply {
    fields: Vec<(u8, Vec<u8>)>,
    version_id: String,
}

impl Reply {
    /// The bytes of a field, by default none.
    fn bytes(&self, field: u8) -> &[u8] {
        let mut fields = self.fields.iter();
        let found = fields.find(|(number, _)| *number == field);
        found.map_or(&[], |(_, bytes)| bytes)
    }

    fn text(&self, field: u8) -> &str {
        str::from_utf8(self.bytes(field)).unwrap()
    }
}

/// A message with these fields.
fn message(fields: &[(u8, &[u8])]) -> Vec<u8> {
    super::message(fields)
}

#[track_caller]
fn ok(session: &Session, name: &str, fields: &[(u8, &[u8])]) -> Reply {
    succeed(session, &Call::new(name, &message(fields)))
}

#[track_caller]
fn succeed(session: &Session, call: &Call) -> Reply {
    let reply = call.ask(&session.emulator);
    let fields = read_bytes(&reply.body);
    assert_eq!(reply.status, 200, "{fields:?}");
    let mut headers = reply.headers.iter();
    let header = headers.find(|(name, _)| *name == "x-kms-migrationkeyversionid");
    Reply {
        fields,
        version_id: header.map_or(String::new(), |(_, value)| value.to_string()),
    }
}

/// The status and the code of an error.
fn error(session: &Session, name: &str, fields: &[(u8, &[u8])]) -> String {
    let (status, code, _) = Call::new(name, &message(fields)).error(&session.emulator);
    format!("{status} {code}")
}

fn create(session: &Session, spec: &str, usage: &str) -> String {
    let reply = session.ok("CreateKey", &[("KeySpec", spec), ("KeyUsage", usage)]);
    reply["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned()
}

/// The expected bytes were computed with OpenSSL: AES-256-GCM with the bytes 0 to 31 as key.
#[test]
fn data_is_encrypted_as_other_programs_do() {
    let session = Session::with_keys();
    let (plaintext, aad, iv) = (b"a card number", b"order 17", b"initial iv 1");
    let fields: &[(u8, &[u8])] = &[(1, b"alias/orders"), (2, plaintext), (4, aad), (5, iv)];
    let reply = ok(&session, "Encrypt", fields);
    let expected = "417ddddfa97db812a938bcffb9c0d124d48eb2b06ecc58f0db1ec45947";
    assert_eq!(hex::encode(reply.bytes(2)), expected);
    assert_eq!((reply.text(1), reply.text(5)), (KEY, "AES_GCM"));
    assert_eq!(reply.bytes(3), iv);
    assert_eq!(reply.text(4).len(), 36);
    assert_eq!(reply.version_id, VERSION);
}

#[test]
fn decryption_needs_the_same_key_vector_and_associated_data() {
    let session = Session::with_keys();
    let sealed = ok(
        &session,
        "Encrypt",
        &[(1, KEY.as_bytes()), (2, b"secret"), (4, b"aad")],
    );
    let (blob, iv) = (sealed.bytes(2), sealed.bytes(3));
    assert_eq!((blob.len(), iv.len()), (6 + 16, 12));

    let right: [(u8, &[u8]); 4] = [(1, blob), (2, KEY.as_bytes()), (4, b"aad"), (5, iv)];
    let opened = ok(&session, "Decrypt", &right);
    assert_eq!((opened.text(1), opened.text(2)), (KEY, "secret"));
    assert_eq!((opened.text(4), &*opened.version_id), ("AES_GCM", VERSION));
    let advanced = ok(&session, "AdvanceDecrypt", &right);
    assert_eq!((advanced.text(2), advanced.text(6)), ("secret", VERSION));

    let other = create(&session, "Aliyun_AES_256", "ENCRYPT/DECRYPT");
    for (field, value, expected) in [
        (1, &blob[1..], "400 InvalidParameter"),
        (1, b"", "400 MissingParameter"),
        (2, other.as_bytes(), "400 InvalidParameter"),
        (4, b"other", "400 InvalidParameter"),
        (5, b"initial iv 1", "400 InvalidParameter"),
        (5, &iv[1..], "400 InvalidParameter"),
        (5, b"", "400 MissingParameter"),
    ] {
        let mut wrong = right;
        wrong
            .iter_mut()
            .find(|(number, _)| *number == field)
            .unwrap()
            .1 = value;
        assert_eq!(error(&session, "Decrypt", &wrong), expected, "{wrong:?}");
        assert_eq!(
            error(&session, "AdvanceDecrypt", &wrong),
            expected,
            "{wrong:?}"
        );
    }
}

/// The vendor's page of `AdvanceEncrypt`: `Encrypt` uses the initial version, `AdvanceEncrypt` the primary one, and
/// `AdvanceDecrypt` needs only the ciphertext of the latter.
#[test]
fn a_rotated_key_decrypts_the_data_of_both_versions() {
    let session = Session::with_keys();
    let rotated = session.ok("CreateKeyVersion", &[("KeyId", KEY)]);
    let newest = rotated["KeyVersion"]["KeyVersionId"].as_str().unwrap();
    let key = KEY.as_bytes();

    let initial = ok(&session, "Encrypt", &[(1, key), (2, b"one")]);
    assert_eq!(initial.version_id, VERSION);
    let fields: &[(u8, &[u8])] = &[(1, initial.bytes(2)), (2, key), (5, initial.bytes(3))];
    for name in ["Decrypt", "AdvanceDecrypt"] {
        assert_eq!(ok(&session, name, fields).text(2), "one", "{name}");
    }

    let primary = ok(
        &session,
        "AdvanceEncrypt",
        &[(1, key), (2, b"two"), (4, b"aad")],
    );
    assert_eq!((primary.text(7), &*primary.version_id), (newest, newest));
    let blob = primary.bytes(2);
    for fields in [
        &[(1, blob), (4, b"aad".as_slice())][..],
        &[(1, blob), (2, key), (4, b"aad"), (5, primary.bytes(3))],
    ] {
        let opened = ok(&session, "AdvanceDecrypt", fields);
        assert_eq!((opened.text(2), opened.text(6)), ("two", newest));
    }
    assert_eq!(
        error(&session, "AdvanceDecrypt", &[(1, blob)]),
        "400 InvalidParameter"
    );
    let garbage: &[(u8, &[u8])] = &[(1, &[7; 80])];
    assert_eq!(
        error(&session, "AdvanceDecrypt", garbage),
        "404 Forbidden.KeyNotFound"
    );
    assert_eq!(
        error(&session, "AdvanceDecrypt", &garbage[..0]),
        "400 MissingParameter"
    );
}

#[test]
fn a_ciphertext_that_names_another_key_is_not_decrypted_with_the_given_one() {
    let session = Session::with_keys();
    let other = create(&session, "Aliyun_AES_256", "ENCRYPT/DECRYPT");
    let sealed = ok(
        &session,
        "AdvanceEncrypt",
        &[(1, KEY.as_bytes()), (2, b"one")],
    );
    let fields: &[(u8, &[u8])] = &[
        (1, sealed.bytes(2)),
        (2, other.as_bytes()),
        (5, sealed.bytes(3)),
    ];
    assert_eq!(
        error(&session, "AdvanceDecrypt", fields),
        "400 InvalidParameter"
    );
}

/// The vendor's transfer SDKs send the version of the key in a header, and no key.
#[test]
fn the_version_in_the_header_replaces_the_key() {
    let session = Session::with_keys();
    let sealed = ok(&session, "Encrypt", &[(1, KEY.as_bytes()), (2, b"one")]);
    let body = message(&[(1, sealed.bytes(2)), (5, sealed.bytes(3))]);
    let call =
        |version_id| Call::new("Decrypt", &body).set("x-kms-migrationkeyversionid", version_id);
    let opened = succeed(&session, &call(&sealed.version_id));
    assert_eq!((opened.text(1), opened.text(2)), (KEY, "one"));
    assert_eq!(opened.version_id, sealed.version_id);
    for (version_id, expected) in [
        ("absent", "Forbidden.KeyNotFound"),
        ("00000002-0000-4000-8000-000000000000", "Rejected.Disabled"),
        ("", "MissingParameter"),
    ] {
        let (_, code, _) = call(version_id).error(&session.emulator);
        assert_eq!(code, expected, "{version_id}");
    }
}

#[test]
fn a_data_key_is_returned_with_its_ciphertext() {
    let session = Session::with_keys();
    let key = KEY.as_bytes();
    for (bytes, expected) in [(None, 32), (Some(1), 1), (Some(64), 64)] {
        let mut body = message(&[(1, key), (4, b"aad")]);
        body.extend(bytes.into_iter().flat_map(|bytes| [3 << 3, bytes]));
        let reply = succeed(&session, &Call::new("GenerateDataKey", &body));
        assert_eq!((reply.bytes(3).len(), reply.text(6)), (expected, "AES_GCM"));
        let fields: &[(u8, &[u8])] = &[
            (1, reply.bytes(4)),
            (2, key),
            (4, b"aad"),
            (5, reply.bytes(2)),
        ];
        assert_eq!(ok(&session, "Decrypt", fields).bytes(2), reply.bytes(3));

        let mut body = message(&[(1, key), (3, b"aad")]);
        body.extend(bytes.into_iter().flat_map(|bytes| [2 << 3, bytes]));
        let reply = succeed(&session, &Call::new("AdvanceGenerateDataKey", &body));
        assert_eq!((reply.bytes(3).len(), reply.text(7)), (expected, VERSION));
        let fields: &[(u8, &[u8])] = &[(1, reply.bytes(4)), (4, b"aad")];
        assert_eq!(
            ok(&session, "AdvanceDecrypt", fields).bytes(2),
            reply.bytes(3)
        );
    }
    let mut body = message(&[(1, key)]);
    body.extend([3 << 3, 0x81, 0x08]);
    let (_, code, _) = Call::new("GenerateDataKey", &body).error(&session.emulator);
    assert_eq!(code, "InvalidParameter");
}

#[test]
fn sm4_and_key_pairs_encrypt_too() {
    let session = Session::with_keys();
    let sm4 = create(&session, "Aliyun_SM4", "ENCRYPT/DECRYPT");
    let sm2 = create(&session, "EC_SM2", "ENCRYPT/DECRYPT");
    for (key, algorithm) in [
        (&*sm4, "SM4_GCM"),
        (&*sm2, "SM2PKE"),
        (RSA, "RSAES_OAEP_SHA_256"),
    ] {
        for sent in ["", algorithm] {
            let key = key.as_bytes();
            let fields: &[(u8, &[u8])] = &[(1, key), (2, b"one"), (3, sent.as_bytes())];
            let sealed = ok(&session, "Encrypt", fields);
            assert_eq!(sealed.text(5), algorithm);
            let fields: &[(u8, &[u8])] = &[
                (1, sealed.bytes(2)),
                (2, key),
                (3, sent.as_bytes()),
                (5, sealed.bytes(3)),
            ];
            let opened = ok(&session, "Decrypt", fields);
            assert_eq!((opened.text(2), opened.text(4)), ("one", algorithm));
        }
    }
}

#[test]
fn a_message_or_its_digest_is_signed_and_verified() {
    let session = Session::with_keys();
    let sm2 = create(&session, "EC_SM2", "SIGN/VERIFY");
    let k256 = create(&session, "EC_P256K", "SIGN/VERIFY");
    let digest = Sha256::digest(b"a message");
    for (key, default, others) in [
        (SIGNER, "RSA_PSS_SHA_256", &["RSA_PKCS1_SHA_256"][..]),
        ("key-hzz000000000000000007", "ECDSA_SHA_256", &[]),
        (&*k256, "ECDSA_SHA_256", &[]),
        (&*sm2, "SM2DSA", &[]),
    ] {
        for (algorithm, expected) in [("", default)]
            .into_iter()
            .chain([(default, default)])
            .chain(others.iter().map(|other| (*other, *other)))
        {
            for (kind, message) in [
                ("", &b"a message"[..]),
                ("RAW", b"a message"),
                ("DIGEST", &digest),
            ] {
                let (key, algorithm) = (key.as_bytes(), algorithm.as_bytes());
                let fields: &[(u8, &[u8])] =
                    &[(1, key), (3, algorithm), (4, message), (5, kind.as_bytes())];
                let signed = ok(&session, "Sign", fields);
                assert_eq!(signed.text(4), expected);
                assert_eq!(signed.text(5), if kind.is_empty() { "RAW" } else { kind });
                let signature = signed.bytes(2);
                let verify = |message: &[u8]| {
                    let fields: &[(u8, &[u8])] = &[
                        (1, key),
                        (3, signature),
                        (4, algorithm),
                        (5, message),
                        (6, kind.as_bytes()),
                    ];
                    ok(&session, "Verify", fields).text(2) == "1"
                };
                assert!(verify(message), "{expected} {kind}");
                assert!(!verify(&Sha256::digest(message)), "{expected} {kind}");
            }
        }
    }
}

#[test]
fn kms_verifies_the_signature_of_an_instance() {
    let session = Session::with_keys();
    let fields: &[(u8, &[u8])] = &[(1, b"alias/signer"), (4, b"a message")];
    let signed = ok(&session, "Sign", fields);
    let version_id = "00000005-0000-4000-8000-000000000000";
    assert_eq!(signed.version_id, version_id);
    let verified = session.ok(
        "AsymmetricVerify",
        &[
            ("KeyId", SIGNER),
            ("KeyVersionId", version_id),
            ("Algorithm", "RSA_PSS_SHA_256"),
            ("Digest", &STANDARD.encode(Sha256::digest(b"a message"))),
            ("Value", &STANDARD.encode(signed.bytes(2))),
        ],
    );
    assert_eq!(verified["Value"], true);
    let key = [("KeyId", SIGNER), ("KeyVersionId", version_id)];
    let public_key = session.ok("GetPublicKey", &key)["PublicKey"].clone();
    let reply = ok(&session, "GetPublicKey", &[(1, SIGNER.as_bytes())]);
    assert_eq!(
        json!([reply.text(1), reply.text(2)]),
        json!([SIGNER, public_key])
    );
}

#[test]
fn a_request_that_a_key_cannot_execute_has_the_error_of_kms() {
    let session = Session::with_keys();
    let none: &[u8] = b"";
    for (name, key, third, expected) in [
        ("Encrypt", "", none, "400 MissingParameter"),
        ("Encrypt", "absent", none, "404 Forbidden.KeyNotFound"),
        (
            "Encrypt",
            "alias/absent",
            none,
            "404 Forbidden.AliasNotFound",
        ),
        (
            "Encrypt",
            "key-hzz000000000000000002",
            none,
            "409 Rejected.Disabled",
        ),
        (
            "Encrypt",
            "key-hzz000000000000000003",
            none,
            "409 Rejected.PendingDeletion",
        ),
        ("Encrypt", SIGNER, none, "400 Rejected.UnsupportedOperation"),
        ("Encrypt", KEY, b"AES_CBC", "400 UnsupportedOperation"),
        ("Encrypt", KEY, b"SM4_GCM", "400 InvalidParameter"),
        ("Encrypt", RSA, b"AES_GCM", "400 InvalidParameter"),
        (
            "Encrypt",
            RSA,
            b"ECIES_DH_SHA_1_XOR_HMAC",
            "400 UnsupportedOperation",
        ),
        (
            "AdvanceEncrypt",
            RSA,
            none,
            "400 Rejected.UnsupportedOperation",
        ),
        ("GenerateDataKey", RSA, none, "400 UnsupportedOperation"),
        (
            "GetPublicKey",
            KEY,
            none,
            "400 Rejected.UnsupportedOperation",
        ),
        ("Sign", KEY, none, "400 Rejected.UnsupportedOperation"),
        ("Sign", SIGNER, b"ECDSA_SHA_256", "400 InvalidParameter"),
        ("Sign", SIGNER, b"MD5", "400 InvalidParameter"),
    ] {
        let mut fields = vec![(1, key.as_bytes())];
        match name {
            "Sign" => fields.extend([(3, third), (4, b"text")]),
            "Encrypt" | "AdvanceEncrypt" => fields.extend([(2, &b"text"[..]), (3, third)]),
            _ => {}
        }
        fields.retain(|(_, value)| !value.is_empty());
        assert_eq!(error(&session, name, &fields), expected, "{name} {key}");
    }
    let signer = SIGNER.as_bytes();
    for (fields, expected) in [
        (&[(1, signer)][..], "400 MissingParameter"),
        (
            &[(1, signer), (4, b"text"), (5, b"OTHER")],
            "400 InvalidParameter",
        ),
        (
            &[(1, signer), (4, b"text"), (5, b"DIGEST")],
            "400 InvalidParameter",
        ),
        (
            &[(1, signer), (4, b"text"), (5, &[0xFF])],
            "400 InvalidParameter",
        ),
    ] {
        assert_eq!(error(&session, "Sign", fields), expected, "{fields:?}");
    }
}

#[test]
fn a_policy_for_a_key_applies_to_the_instance_api() {
    let session = Session::with_keys();
    let key = KEY.as_bytes();
    let sealed = ok(&session, "Encrypt", &[(1, key), (2, b"one")]);
    let whole = ok(&session, "AdvanceEncrypt", &[(1, key), (2, b"one")]);
    let with_key: &[(u8, &[u8])] = &[(1, sealed.bytes(2)), (2, key), (5, sealed.bytes(3))];
    let without_key: &[(u8, &[u8])] = &[(1, whole.bytes(2))];

    let server = Controlled::with(session.emulator);
    for (allowed, status) in [(KEY, 200), ("other", 403)] {
        let resource = format!("acs:kms:*:*:key/{allowed}");
        let statement = json!({"Effect": "Allow", "Action": "kms:Decrypt", "Resource": resource});
        let policy = json!({"Version": "1", "Statement": [statement]});
        let body = json!({"accounts": [ACCOUNT], "policy": policy}).to_string();
        server.ok("DELETE", "policies", "");
        server.ok("POST", "policies", &body);
        for (name, fields) in [
            ("Decrypt", with_key),
            ("AdvanceDecrypt", with_key),
            ("AdvanceDecrypt", without_key),
        ] {
            let reply = Call::new(name, &message(fields)).ask(&server.emulator);
            assert_eq!(reply.status, status, "{name} {allowed}");
        }
        let encrypt = Call::new("Encrypt", &message(&[(1, key), (2, b"one")]));
        assert_eq!(encrypt.ask(&server.emulator).status, 403);
    }
}
