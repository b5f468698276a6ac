//! Encryption with symmetric keys.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kms_emulator::clouds::CloudApi;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;

use super::key_pairs::{DECRYPTER, SIGNER, openssl};
use super::{INVALID, KEY, create, decrypt, encrypt, text};
use crate::alibaba::key_states::{HELLO, HELLO_IN_CONTEXT};
use crate::alibaba::session::Session;

/// The ciphertexts were made by another program, from the format that the real service's begin with.
#[test]
fn ciphertexts_of_a_fixed_key_decrypt() {
    let session = Session::with_keys();
    assert_eq!(decrypt(&session, HELLO, ""), Ok("aGVsbG8=".to_owned()));
    // The page *EncryptionContext*: equal contexts need not be equal texts.
    for context in [r#"{"a":"1","b":"2"}"#, r#"{ "b": "2", "a": "1" }"#] {
        assert_eq!(
            decrypt(&session, HELLO_IN_CONTEXT, context),
            Ok("aGVsbG8=".to_owned())
        );
    }
    for context in ["", "{}", r#"{"a":"1"}"#, r#"{"a":"2","b":"1"}"#] {
        assert_eq!(
            decrypt(&session, HELLO_IN_CONTEXT, context),
            Err(INVALID.to_owned())
        );
    }
    let mut flattened = vec![("CiphertextBlob", HELLO_IN_CONTEXT)];
    flattened.extend([("EncryptionContext.a", "1"), ("EncryptionContext.b", "2")]);
    session.ok("Decrypt", &flattened);
}

/// The invalid contexts of the page *`EncryptionContext`*, and others.
#[test]
fn invalid_contexts_are_rejected() {
    let session = Session::with_keys();
    let of_length =
        |length: usize| format!(r#"{{"a":"{}"}}"#, "x".repeat(length - r#"{"a":""}"#.len()));
    for (context, result) in [
        (r#"[{"Key":"Value"}]"#, INVALID),
        (r#"{"Key":12345}"#, INVALID),
        (r#"{"Key":["value1","value2"]}"#, INVALID),
        ("x", INVALID),
        ("null", INVALID),
        (r#"{"Key":null}"#, INVALID),
        (r#"{"Key":{"a":"b"}}"#, INVALID),
        (r#"{"Key":"a"} x"#, INVALID),
        (&of_length(8192), "OK"),
        (&of_length(8193), INVALID),
        // The limit is that of the text as sent, with spaces and escapes.
        (&format!("{} ", of_length(8191)), "OK"),
        (&format!("{} ", of_length(8192)), INVALID),
        (&format!(r#"{{"a":"{}"}}"#, r"\u00e9".repeat(1364)), "OK"),
        (&format!(r#"{{"a":"{}"}}"#, r"\u00e9".repeat(1365)), INVALID),
        // Characters, not bytes.
        (&format!(r#"{{"a":"{}"}}"#, "é".repeat(8184)), "OK"),
    ] {
        let parameters = [
            ("KeyId", KEY),
            ("Plaintext", "aGk="),
            ("EncryptionContext", context),
        ];
        assert_eq!(
            session.verdict("Encrypt", &parameters),
            result,
            "{context:.40}"
        );
    }
}

#[test]
fn changed_ciphertexts_are_rejected() {
    let session = Session::with_keys();
    let bytes = STANDARD.decode(HELLO).unwrap();
    for index in 36..bytes.len() {
        let mut changed = bytes.clone();
        changed[index] ^= 1;
        let result = decrypt(&session, &STANDARD.encode(changed), "");
        assert_eq!(result, Err(INVALID.to_owned()), "byte {index}");
    }
    let other = encrypt(&session, &create(&session, &[]), "aGVsbG8=", "");
    let mut of_other_key = STANDARD.decode(other).unwrap();
    of_other_key[36..].copy_from_slice(&bytes[36..]);
    assert_eq!(
        decrypt(&session, &STANDARD.encode(of_other_key), ""),
        Err(INVALID.to_owned()),
        "a ciphertext with the version of another key"
    );
    let mut unknown = bytes.clone();
    unknown[0] = b'f';
    assert_eq!(
        decrypt(&session, &STANDARD.encode(unknown), ""),
        Err("404 Forbidden.KeyNotFound".to_owned())
    );
    for blob in [
        "!",
        "AAAA",
        &STANDARD.encode(&bytes[..60]),
        &STANDARD.encode([0; 9000]),
    ] {
        assert_eq!(
            decrypt(&session, blob, ""),
            Err(INVALID.to_owned()),
            "{blob:.20}"
        );
    }
}

/// The pages *Encrypt* and *`GenerateDataKey`*.
#[test]
fn lengths_are_limited() {
    let session = Session::with_keys();
    for (length, result) in [(1, "OK"), (6144, "OK"), (6145, INVALID)] {
        let plaintext = STANDARD.encode(vec![1; length]);
        let parameters = [("KeyId", KEY), ("Plaintext", &*plaintext)];
        assert_eq!(session.verdict("Encrypt", &parameters), result, "{length}");
    }
    assert_eq!(
        session.verdict("Encrypt", &[("KeyId", KEY)]),
        "400 MissingParameter"
    );
    for (name, value, length) in [
        ("KeySpec", "", Some(32)),
        ("KeySpec", "AES_256", Some(32)),
        ("KeySpec", "AES_128", Some(16)),
        ("KeySpec", "AES_512", None),
        ("NumberOfBytes", "0", Some(32)),
        ("NumberOfBytes", "1", Some(1)),
        ("NumberOfBytes", "1024", Some(1024)),
        ("NumberOfBytes", "1025", None),
        ("NumberOfBytes", "-1", None),
    ] {
        let (status, reply) = session.call("GenerateDataKey", &[("KeyId", KEY), (name, value)]);
        let plaintext = reply["Plaintext"]
            .as_str()
            .map(|text| STANDARD.decode(text).unwrap());
        assert_eq!(
            plaintext.map(|bytes| bytes.len()),
            length,
            "{name}={value}: {status}"
        );
    }
    // "If both are specified, KMS ignores the KeySpec parameter."
    let both = [
        ("KeyId", KEY),
        ("KeySpec", "AES_512"),
        ("NumberOfBytes", "64"),
    ];
    let reply = session.ok("GenerateDataKey", &both);
    let ciphertext = text(&reply["CiphertextBlob"]);
    assert_eq!(
        decrypt(&session, &ciphertext, ""),
        Ok(text(&reply["Plaintext"]))
    );
    assert_eq!(
        STANDARD.decode(text(&reply["Plaintext"])).unwrap().len(),
        64
    );
    let without = session.ok("GenerateDataKeyWithoutPlaintext", &both);
    assert!(without["Plaintext"].is_null());
    let plaintext = decrypt(&session, &text(&without["CiphertextBlob"]), "").unwrap();
    assert_eq!(STANDARD.decode(plaintext).unwrap().len(), 64);
}

/// A tutorial of Function Compute, 2019, has the real replies for `root` and `123456`.
#[test]
fn a_text_that_is_not_base64_is_decrypted_unchanged() {
    let session = Session::with_keys();
    let longest = "!".repeat(6144);
    for plaintext in [
        "root",
        "123456",
        "a",
        "aGk",
        "aGl=",
        "a=",
        "=",
        " aGk=",
        "aGk=\n",
        "p@ss w+rd/~*é&=%",
        "密钥\u{0}\u{1f600}",
        &longest,
    ] {
        let ciphertext = encrypt(&session, KEY, plaintext, r#"{"a":"1"}"#);
        let decrypted = decrypt(&session, &ciphertext, r#"{"a":"1"}"#);
        assert_eq!(decrypted.as_deref(), Ok(plaintext));
        assert_eq!(decrypt(&session, &ciphertext, ""), Err(INVALID.to_owned()));
        let again = [
            ("CiphertextBlob", &*ciphertext),
            ("SourceEncryptionContext", r#"{"a":"1"}"#),
            ("DestinationKeyId", KEY),
        ];
        let again = text(&session.ok("ReEncrypt", &again)["CiphertextBlob"]);
        assert_eq!(decrypt(&session, &again, "").as_deref(), Ok(plaintext));
        let in_xml = [("CiphertextBlob", &*again), ("Format", "XML")];
        assert_eq!(session.reply("Decrypt", &in_xml).status, 200);
    }
    let too_long = [("KeyId", KEY), ("Plaintext", &*"!".repeat(6145))];
    assert_eq!(session.verdict("Encrypt", &too_long), INVALID);
}

/// A text and the bytes that it is Base64 of differ, although a key encrypts the same bytes.
#[test]
fn a_ciphertext_of_a_text_is_not_one_of_bytes() {
    let session = Session::with_keys();
    let ciphertext = encrypt(&session, KEY, "hello!", "");
    assert_eq!(decrypt(&session, &ciphertext, "").as_deref(), Ok("hello!"));
    let ciphertext = encrypt(&session, KEY, "aGVsbG8h", "");
    assert_eq!(
        decrypt(&session, &ciphertext, "").as_deref(),
        Ok("aGVsbG8h")
    );
}

#[test]
fn data_is_encrypted_again_with_another_key_and_context() {
    let session = Session::with_keys();
    let other = create(&session, &[("KeySpec", "Aliyun_SM4")]);
    let reply = session.ok(
        "ReEncrypt",
        &[
            ("CiphertextBlob", HELLO_IN_CONTEXT),
            ("SourceEncryptionContext", r#"{"b":"2","a":"1"}"#),
            ("DestinationKeyId", &other),
            ("DestinationEncryptionContext", r#"{"c":"3"}"#),
        ],
    );
    assert_eq!(reply["KeyId"], other.as_str());
    let ciphertext = text(&reply["CiphertextBlob"]);
    assert_eq!(
        decrypt(&session, &ciphertext, r#"{"c":"3"}"#),
        Ok("aGVsbG8=".to_owned())
    );
}

/// The page *`ReEncrypt`*: the ciphertext can be of a public key; then the key, its version and the algorithm are
/// needed.
#[test]
fn data_of_a_public_key_is_encrypted_again() {
    let session = Session::with_keys();
    let pair = [
        ("KeyId", DECRYPTER),
        ("KeyVersionId", "00000006-0000-4000-8000-000000000000"),
    ];
    let public_key = text(&session.ok("GetPublicKey", &pair)["PublicKey"]);
    let arguments = [
        "pkeyutl",
        "-encrypt",
        "-pubin",
        "-inkey",
        "key",
        "-in",
        "text",
        "-pkeyopt",
        "rsa_padding_mode:oaep",
    ];
    let files = [("key", public_key.as_bytes()), ("text", b"hello")];
    let ciphertext = STANDARD.encode(openssl(&arguments, &files));
    let whole = [
        ("CiphertextBlob", &*ciphertext),
        ("SourceKeyId", pair[0].1),
        ("SourceKeyVersionId", pair[1].1),
        ("SourceEncryptionAlgorithm", "RSAES_OAEP_SHA_1"),
        ("DestinationKeyId", KEY),
        ("DestinationEncryptionContext", r#"{"c":"3"}"#),
    ];
    let reply = session.ok("ReEncrypt", &whole);
    assert_eq!(reply["KeyId"], KEY);
    let again = text(&reply["CiphertextBlob"]);
    assert_eq!(
        decrypt(&session, &again, r#"{"c":"3"}"#),
        Ok("aGVsbG8=".to_owned())
    );
    let with = |index: usize, value| {
        let mut parameters = whole;
        parameters[index].1 = value;
        let (status, reply) = session.call("ReEncrypt", &parameters);
        format!(
            "{status} {} {}",
            text(&reply["Code"]),
            text(&reply["Message"])
        )
    };
    let invalid =
        |name| format!("400 InvalidParameter The specified parameter {name} is not valid.");
    assert_eq!(with(0, HELLO), invalid("CiphertextBlob"));
    assert!(with(1, SIGNER).starts_with("404 Forbidden.KeyVersionNotFound"));
    assert!(with(1, KEY).starts_with("404 Forbidden.KeyVersionNotFound"));
    assert!(with(2, "").starts_with("400 MissingParameter"));
    assert!(with(2, "unknown").starts_with("404 Forbidden.KeyVersionNotFound"));
    assert!(with(3, "").starts_with("400 MissingParameter"));
    assert_eq!(with(3, "SM2PKE"), invalid("SourceEncryptionAlgorithm"));
    assert_eq!(with(3, "RSAES_OAEP_SHA_256"), invalid("CiphertextBlob"));
    assert!(with(4, DECRYPTER).starts_with("400 UnsupportedOperation"));
    session.ok("DisableKey", &[("KeyId", DECRYPTER)]);
    assert!(with(3, "RSAES_OAEP_SHA_1").starts_with("409 Rejected.Disabled"));
}

/// Keys of fixtures can have versions with the same id, such as `v1`.
#[test]
fn a_ciphertext_is_decrypted_by_the_key_that_made_it_of_several_with_the_same_version() {
    let session = Session::new();
    session.load(br#"{"Keys":{"Key":[{"KeyId":"a","PrimaryKeyVersion":"v1"},{"KeyId":"b","PrimaryKeyVersion":"v1"}]}}"#);
    let of_b = encrypt(&session, "b", "aGk=", "");
    for key in ["a", "b"] {
        let ciphertext = encrypt(&session, key, "aGk=", "");
        let decrypted = session.ok("Decrypt", &[("CiphertextBlob", &ciphertext)]);
        assert_eq!(decrypted["KeyId"], key);
        session.ok("DisableKey", &[("KeyId", "a")]);
    }
    session.ok("DisableKey", &[("KeyId", "b")]);
    assert_eq!(
        decrypt(&session, &of_b, ""),
        Err("409 Rejected.Disabled".to_owned())
    );
}

/// "KMS always returns a failed result and a failure reason": of the three documented reasons, an invalid parameter is
/// `ValidationError`.
#[test]
fn a_request_that_is_only_checked_is_never_an_error_of_the_operation() {
    let session = Session::with_keys();
    let long = "a".repeat(8193);
    for (action, parameters) in [
        ("Encrypt", vec![]),
        ("Encrypt", vec![("KeyId", KEY)]),
        ("Encrypt", vec![("KeyId", KEY), ("Plaintext", &*long)]),
        ("Encrypt", vec![("KeyId", "alias/"), ("Plaintext", "aGk=")]),
        (
            "Encrypt",
            vec![
                ("KeyId", KEY),
                ("Plaintext", "aGk="),
                ("EncryptionContext", "x"),
            ],
        ),
        ("Encrypt", vec![("KeyId", "unknown"), ("Plaintext", "aGk=")]),
        ("Decrypt", vec![("CiphertextBlob", "!")]),
        ("ReEncrypt", vec![("CiphertextBlob", HELLO)]),
        (
            "GenerateDataKey",
            vec![("KeyId", KEY), ("KeySpec", "AES_512")],
        ),
        ("GetPublicKey", vec![("KeyId", KEY)]),
        (
            "AsymmetricSign",
            vec![("KeyId", SIGNER), ("Algorithm", "x")],
        ),
        (
            "GenerateMac",
            vec![("KeyId", KEY), ("Algorithm", "HMAC_SHA_256")],
        ),
        ("ExportDataKey", vec![("CiphertextBlob", HELLO)]),
        ("GetSecretValue", vec![]),
        ("GetSecretValue", vec![("SecretName", "a b")]),
    ] {
        let code = session.verdict(action, &parameters);
        assert_ne!(code, "400 ValidationError", "{action} {parameters:?}");
        let checked = [&*parameters, &[("DryRun", "true")]].concat();
        assert_eq!(
            session.verdict(action, &checked),
            "400 ValidationError",
            "{action} {parameters:?}, {code} otherwise"
        );
    }
    // An operation without the parameter ignores it.
    let described = [("KeyId", "unknown"), ("DryRun", "true")];
    assert_eq!(
        session.verdict("DescribeKey", &described),
        "404 Forbidden.KeyNotFound"
    );
}

#[test]
fn a_key_of_another_account_needs_a_policy_that_allows_the_operation() {
    let session = Session::new();
    let policy = |action: &str| {
        format!(
            r#"{{"Version":"1","Statement":[{{"Effect":"Allow","Principal":{{"RAM":["acs:ram::2000000000000000:*"]}},"Action":["{action}"],"Resource":["*"]}}]}}"#
        )
    };
    let allowed = create(&session, &[("Policy", &policy("kms:Encrypt"))]);
    let other = create(&session, &[]);
    let as_other_account = |key: &str| {
        // An unsigned request selects its account by the id.
        let arn = format!("acs:kms:cn-hangzhou:1000000000000000:key/{key}");
        let parameters = [
            ("KeyId", &*arn),
            ("Plaintext", "aGk="),
            ("AccessKeyId", "2000000000000000"),
            ("Signature", "x"),
        ];
        session.verdict("Encrypt", &parameters)
    };
    assert_eq!(as_other_account(&allowed), "OK");
    assert_eq!(as_other_account(&other), "404 Forbidden.KeyNotFound");
}

#[test]
fn key_material_and_plaintexts_are_masked_in_the_journal() {
    let session = Session::with_keys();
    for (action, name) in [
        ("Encrypt", "Plaintext"),
        ("AsymmetricEncrypt", "Plaintext"),
        ("ImportKeyMaterial", "EncryptedKeyMaterial"),
        ("ImportKeyMaterial", "ImportToken"),
        ("Encrypt", "EncryptionContext"),
    ] {
        let operations = kms_emulator::clouds::with_default_settings()
            .alibaba
            .operations();
        let operation = operations
            .iter()
            .find(|operation| operation.action == action)
            .unwrap();
        let parameter = operation
            .parameters
            .iter()
            .find(|parameter| parameter.name == name)
            .unwrap();
        assert!(parameter.sensitive, "{action} {name}");
    }
    let export = session
        .emulator
        .store
        .read(|store| store.all_cmks(&Session::scope()))
        .unwrap();
    let printed = format!("{export:?}");
    assert!(
        printed.contains("KeyMaterial(…)") && !printed.contains("[0, 1, 2"),
        "{printed}"
    );
}

/// The page `ExportDataKey`: the public key is an RSA key of 2,048 bits or a key of SM2.
#[test]
fn data_keys_are_exported_to_a_key_of_sm2() {
    let session = Session::with_keys();
    let generate = [
        "genpkey",
        "-algorithm",
        "EC",
        "-pkeyopt",
        "ec_paramgen_curve:SM2",
    ];
    let private_key = openssl(&generate, &[]);
    let arguments = ["pkey", "-in", "key", "-pubout", "-outform", "DER"];
    let public_key = STANDARD.encode(openssl(&arguments, &[("key", &private_key)]));
    let wrapping = [
        ("PublicKeyBlob", &*public_key),
        ("WrappingKeySpec", "EC_SM2"),
        ("WrappingAlgorithm", "SM2PKE"),
    ];
    let generated = [("KeyId", KEY), wrapping[0], wrapping[1], wrapping[2]];
    let reply = session.ok("GenerateAndExportDataKey", &generated);
    let ciphertext = text(&reply["CiphertextBlob"]);
    let plaintext = STANDARD
        .decode(decrypt(&session, &ciphertext, "").unwrap())
        .unwrap();
    let again = [
        ("CiphertextBlob", &*ciphertext),
        wrapping[0],
        wrapping[1],
        wrapping[2],
    ];
    for exported in [&reply, &session.ok("ExportDataKey", &again)] {
        let exported = STANDARD.decode(text(&exported["ExportedDataKey"])).unwrap();
        let arguments = ["pkeyutl", "-decrypt", "-inkey", "key", "-in", "data"];
        let decrypted = openssl(&arguments, &[("key", &private_key), ("data", &exported)]);
        assert_eq!(decrypted, plaintext);
    }
    for (spec, algorithm) in [
        ("RSA_2048", "SM2PKE"),
        ("EC_SM2", "RSAES_OAEP_SHA_256"),
        ("RSA_2048", "RSAES_OAEP_SHA_256"),
    ] {
        let parameters = [
            ("KeyId", KEY),
            wrapping[0],
            ("WrappingKeySpec", spec),
            ("WrappingAlgorithm", algorithm),
        ];
        let result = session.verdict("GenerateAndExportDataKey", &parameters);
        assert_eq!(result, INVALID, "{spec} {algorithm}");
    }
}

const SPECS: [&str; 4] = [
    "Aliyun_AES_256",
    "Aliyun_AES_192",
    "Aliyun_AES_128",
    "Aliyun_SM4",
];

/// At most 8,192 characters of JSON.
fn any_context() -> impl Strategy<Value = BTreeMap<String, String>> {
    btree_map(
        ".{0,20}",
        prop_oneof![9 => ".{0,20}", 1 => "[a-z]{500,1500}"],
        0..5,
    )
}

/// Bytes in Base64, or a text.
fn any_plaintext() -> impl Strategy<Value = String> {
    let bytes = prop_oneof![
        vec(any::<u8>(), 1..200),
        vec(any::<u8>(), 1..=6144),
        vec(any::<u8>(), 6140..=6144),
    ];
    prop_oneof![bytes.prop_map(|bytes| STANDARD.encode(bytes)), ".{1,200}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn decryption_returns_what_was_encrypted(
        plaintext in any_plaintext(),
        context in any_context(),
        other in any_context(),
        spec in select(&SPECS[..]),
    ) {
        let session = Session::new();
        let key = create(&session, &[("KeySpec", spec)]);
        let in_json = serde_json::to_string(&context).unwrap();
        let ciphertext = encrypt(&session, &key, &plaintext, &in_json);
        prop_assert_eq!(decrypt(&session, &ciphertext, &in_json), Ok(plaintext));
        if other != context {
            let other = serde_json::to_string(&other).unwrap();
            prop_assert_eq!(decrypt(&session, &ciphertext, &other), Err(INVALID.to_owned()));
        }
    }

    #[test]
    fn encryption_with_another_key_and_context_keeps_the_data(
        plaintext in any_plaintext(),
        context in any_context(),
        other in any_context(),
        specs in [select(&SPECS[..]), select(&SPECS[..])],
        is_same_key in any::<bool>(),
    ) {
        let session = Session::new();
        let key = create(&session, &[("KeySpec", specs[0])]);
        let destination = if is_same_key {
            key.clone()
        } else {
            create(&session, &[("KeySpec", specs[1])])
        };
        let [context, other] = [context, other].map(|map| serde_json::to_string(&map).unwrap());
        let ciphertext = encrypt(&session, &key, &plaintext, &context);
        let parameters = |source: &str| {
            let texts = [
                ("CiphertextBlob", &*ciphertext),
                ("SourceEncryptionContext", source),
                ("DestinationKeyId", &*destination),
                ("DestinationEncryptionContext", &*other),
            ];
            session.call("ReEncrypt", &texts)
        };
        let (status, reply) = parameters(&context);
        prop_assert_eq!(status, 200);
        prop_assert_eq!(&reply["KeyId"], destination.as_str());
        let moved = text(&reply["CiphertextBlob"]);
        prop_assert_eq!(decrypt(&session, &moved, &other), Ok(plaintext.clone()));
        // The source stays valid.
        prop_assert_eq!(decrypt(&session, &ciphertext, &context), Ok(plaintext));
        if context != other {
            prop_assert_eq!(parameters(&other).0, 400);
            prop_assert_eq!(decrypt(&session, &moved, &context), Err(INVALID.to_owned()));
        }
    }

    #[test]
    fn bytes_that_no_key_made_are_rejected(
        bytes in vec(any::<u8>(), 0..200),
        cut in any::<proptest::sample::Index>(),
    ) {
        let session = Session::with_keys();
        let made = STANDARD.decode(HELLO).unwrap();
        let truncated = made[..cut.index(made.len())].to_vec();
        for blob in [bytes, truncated] {
            let result = decrypt(&session, &STANDARD.encode(&blob), "");
            let is_expected = matches!(
                result.as_ref().map_err(|code| &**code),
                Err("400 InvalidParameter" | "400 MissingParameter" | "404 Forbidden.KeyNotFound")
            );
            prop_assert!(is_expected, "{:?}: {:?}", blob, result);
        }
    }
}
