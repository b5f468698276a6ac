//! Keys: their life cycle, what they encrypt, and where they are kept.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use kms_emulator::clouds::CloudApi;
use kms_emulator::fixtures;
use kms_emulator::model::ScopeSelection;
use kms_emulator::store::Store;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::alibaba::key_states::{HELLO, HELLO_IN_CONTEXT};
use crate::alibaba::session::Session;
use crate::support::now;

const KEY: &str = "key-hzz000000000000000001";
const INVALID: &str = "400 InvalidParameter";

fn create(session: &Session, parameters: &[(&str, &str)]) -> String {
    let reply = session.ok("CreateKey", parameters);
    text(&reply["KeyMetadata"]["KeyId"])
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value}"))
        .to_owned()
}

fn describe(session: &Session, key: &str) -> Value {
    session.ok("DescribeKey", &[("KeyId", key)])["KeyMetadata"].clone()
}

fn encrypt(session: &Session, key: &str, plaintext: &str, context: &str) -> String {
    let parameters = [
        ("KeyId", key),
        ("Plaintext", plaintext),
        ("EncryptionContext", context),
    ];
    text(&session.ok("Encrypt", &parameters)["CiphertextBlob"])
}

fn decrypt(session: &Session, ciphertext: &str, context: &str) -> Result<String, String> {
    let parameters = [
        ("CiphertextBlob", ciphertext),
        ("EncryptionContext", context),
    ];
    match session.call("Decrypt", &parameters) {
        (200, reply) => Ok(text(&reply["Plaintext"])),
        (status, reply) => Err(format!("{status} {}", reply["Code"].as_str().unwrap())),
    }
}

#[test]
fn a_new_key_has_the_documented_metadata() {
    let session = Session::new();
    let reply = session.ok("CreateKey", &[("Description", "key description example")]);
    let mut created = reply["KeyMetadata"].clone();
    let key_id = text(&created["KeyId"].take());
    let version = text(&created["PrimaryKeyVersion"].take());
    assert!(key_id.starts_with("key-") && key_id.len() == 25, "{key_id}");
    assert_eq!(version.len(), 36);
    assert_eq!(
        created,
        json!({
            "CreationDate": "2026-01-02T03:04:05Z",
            "Description": "key description example",
            "KeyId": null,
            "KeySpec": "Aliyun_AES_256",
            "KeyState": "Enabled",
            "KeyUsage": "ENCRYPT/DECRYPT",
            "PrimaryKeyVersion": null,
            "DeleteDate": "",
            "Creator": "1000000000000000",
            "Arn": format!("acs:kms:cn-hangzhou:1000000000000000:key/{key_id}"),
            "Origin": "Aliyun_KMS",
            "MaterialExpireTime": "",
            "ProtectionLevel": "SOFTWARE",
            "LastRotationDate": "2026-01-02T03:04:05Z",
            "AutomaticRotation": "Disabled",
        })
    );
    let described = describe(&session, &key_id);
    assert_eq!(described["PrimaryKeyVersion"], version.as_str());
    assert_eq!(described["DeletionProtection"], "Disabled");
}

/// The pages *`CreateKey`* and *Key management types and key specifications*.
#[test]
fn a_key_has_a_usage_that_fits_its_spec() {
    let session = Session::new();
    for (spec, usage, result) in [
        ("Aliyun_AES_128", "", "OK ENCRYPT/DECRYPT"),
        ("Aliyun_AES_192", "ENCRYPT/DECRYPT", "OK ENCRYPT/DECRYPT"),
        ("Aliyun_SM4", "", "OK ENCRYPT/DECRYPT"),
        ("Aliyun_AES_256", "SIGN/VERIFY", INVALID),
        ("EC_P256", "ENCRYPT/DECRYPT", INVALID),
        ("AES_256", "", INVALID),
        ("aliyun_aes_256", "", INVALID),
        ("Aliyun_AES_256", "encrypt/decrypt", INVALID),
    ] {
        let parameters = [("KeySpec", spec), ("KeyUsage", usage)];
        let answered = match session.call("CreateKey", &parameters) {
            (200, reply) => format!("OK {}", text(&reply["KeyMetadata"]["KeyUsage"])),
            (status, reply) => format!("{status} {}", text(&reply["Code"])),
        };
        assert_eq!(answered, result, "{spec} {usage}");
    }
}

#[test]
fn parameters_of_a_new_key_are_checked() {
    let session = Session::new();
    let long = "d".repeat(8193);
    for (name, value, result) in [
        ("Description", &*long, INVALID),
        ("Origin", "aliyun_kms", INVALID),
        ("ProtectionLevel", "hsm", INVALID),
        ("EnableAutomaticRotation", "true", "400 MissingParameter"),
        ("RotationInterval", "1d", "OK"),
        ("KeyStorageMechanism", "Other", INVALID),
        ("KeyStorageMechanism", "HsmInternal", "OK"),
        ("Tags", r#"[{"TagKey":"aliyun"}]"#, INVALID),
        ("Policy", "{}", INVALID),
        ("DKMSInstanceId", "kst-1", "OK"),
    ] {
        assert_eq!(
            session.verdict("CreateKey", &[(name, value)]),
            result,
            "{name}"
        );
    }
    for interval in ["6d", "731d", "7", "-7d", "7w"] {
        let parameters = [
            ("EnableAutomaticRotation", "true"),
            ("RotationInterval", interval),
        ];
        assert_eq!(
            session.verdict("CreateKey", &parameters),
            INVALID,
            "{interval}"
        );
    }
    let rotated = [
        ("EnableAutomaticRotation", "true"),
        ("RotationInterval", "7d"),
    ];
    let external = [rotated[0], rotated[1], ("Origin", "EXTERNAL")];
    assert_eq!(
        session.verdict("CreateKey", &external),
        "400 UnsupportedOperation"
    );
}

#[test]
fn a_key_is_deleted_when_its_time_has_come() {
    let session = Session::new();
    let key = create(&session, &[]);
    session.ok("CreateAlias", &[("KeyId", &key), ("AliasName", "alias/a")]);
    session.ok(
        "ScheduleKeyDeletion",
        &[("KeyId", &key), ("PendingWindowInDays", "7")],
    );
    assert_eq!(
        describe(&session, &key)["DeleteDate"],
        "2026-01-09T03:04:05Z"
    );
    session.advance(TimeDelta::days(7) - TimeDelta::seconds(1));
    session.emulator.settle_due_work();
    assert_eq!(describe(&session, &key)["KeyState"], "PendingDeletion");
    session.advance(TimeDelta::seconds(1));
    assert_eq!(
        session.verdict("DescribeKey", &[("KeyId", &key)]),
        "404 Forbidden.KeyNotFound"
    );
    assert_eq!(session.ok("ListKeys", &[])["TotalCount"], 0);
    assert_eq!(session.ok("ListAliases", &[])["TotalCount"], 0);
    session.ok(
        "CreateAlias",
        &[("KeyId", &create(&session, &[])), ("AliasName", "alias/a")],
    );
}

#[test]
fn the_window_of_a_deletion_is_7_to_366_days() {
    let session = Session::new();
    for (days, result) in [
        ("6", INVALID),
        ("7", "OK"),
        ("366", "OK"),
        ("367", INVALID),
        ("x", INVALID),
    ] {
        let key = create(&session, &[]);
        let parameters = [("KeyId", &*key), ("PendingWindowInDays", days)];
        assert_eq!(
            session.verdict("ScheduleKeyDeletion", &parameters),
            result,
            "{days}"
        );
    }
}

#[test]
fn a_protected_key_is_not_deleted() {
    let session = Session::new();
    let key = create(&session, &[]);
    let delete = || {
        session.verdict(
            "ScheduleKeyDeletion",
            &[("KeyId", &key), ("PendingWindowInDays", "7")],
        )
    };
    let protect = |enabled| {
        let parameters = [
            ("KeyId", &*key),
            ("EnableDeletionProtection", enabled),
            ("DeletionProtectionDescription", "in use"),
        ];
        session.ok("SetDeletionProtection", &parameters);
        describe(&session, &key)
    };
    let protected = protect("true");
    assert_eq!(protected["DeletionProtection"], "Enabled");
    assert_eq!(protected["DeletionProtectionDescription"], "in use");
    assert_eq!(delete(), "409 Rejected.StateModifiedFailed");
    assert_eq!(protect("false")["DeletionProtectionDescription"], "");
    assert_eq!(delete(), "OK");
    let nothing = [("EnableDeletionProtection", "true")];
    assert_eq!(
        session.verdict("SetDeletionProtection", &nothing),
        "400 MissingParameter"
    );
    assert_eq!(
        session.verdict("SetDeletionProtection", &[("KeyId", &key)]),
        "400 MissingParameter"
    );
}

#[test]
fn lists_have_pages_and_filters() {
    let session = Session::with_keys();
    let ids = |parameters: &[(&str, &str)]| {
        let reply = session.ok("ListKeys", parameters);
        let keys = reply["Keys"]["Key"].as_array().unwrap().iter();
        let ids: Vec<_> = keys
            .map(|key| text(&key["KeyId"])[20..].to_owned())
            .collect();
        format!("{} of {}", ids.join(" "), reply["TotalCount"])
    };
    assert_eq!(ids(&[]), "00001 00002 00003 00004 00005 00006 00007 of 7");
    assert_eq!(ids(&[("PageSize", "3")]), "00001 00002 00003 of 7");
    assert_eq!(ids(&[("PageSize", "3"), ("PageNumber", "3")]), "00007 of 7");
    assert_eq!(
        ids(&[("PageNumber", "2147483647"), ("PageSize", "100")]),
        " of 7"
    );
    for (filters, expected) in [
        (
            r#"[{"Key":"KeyState","Values":["Enabled"]}]"#,
            "00001 00005 00006 00007 of 4",
        ),
        (
            r#"[{"Key":"KeyState","Values":["Enabled","Disabled"]},{"Key":"KeyState","Values":["PendingDeletion"]}]"#,
            "00001 00002 00003 00005 00006 00007 of 6",
        ),
        (
            r#"[{"Key":"KeySpec","Values":["Aliyun_AES_256"]},{"Key":"KeyState","Values":["Disabled"]}]"#,
            "00002 of 1",
        ),
        (
            r#"[{"Key":"KeySpec","Values":["EC_P256"]},{"Key":"KeyState","Values":["Disabled"]}]"#,
            " of 0",
        ),
        (r#"[{"Key":"CreatorType","Values":["Service"]}]"#, " of 0"),
        (r#"[{"Key":"DKMSInstanceId","Values":["kst-1"]}]"#, " of 0"),
        (
            r#"[{"Key":"keyId","Values":["key-hzz000000000000000002","x"]}]"#,
            "00002 of 1",
        ),
        (
            r#"[{"Key":"AliasName","Values":["alias/orders"]}]"#,
            "00001 of 1",
        ),
        (
            r#"[{"Key":"AliasName","Values":["alias/orders"]},{"Key":"KeyState","Values":["Disabled"]}]"#,
            " of 0",
        ),
        (
            r#"[{"Key":"AliasName","Values":["alias/unknown"]}]"#,
            " of 0",
        ),
    ] {
        assert_eq!(ids(&[("Filters", filters)]), expected, "{filters}");
    }
    session.ok("EnableKey", &[("KeyId", "key-hzz000000000000000002")]);
    assert_eq!(
        ids(&[("Filters", r#"[{"Key":"KeyState","Values":["Enabled"]}]"#)]),
        "00001 00002 00005 00006 00007 of 5"
    );
    for (name, value) in [
        ("PageSize", "0"),
        ("PageSize", "101"),
        ("PageNumber", "0"),
        ("Filters", "x"),
    ] {
        assert_eq!(
            session.verdict("ListKeys", &[(name, value)]),
            INVALID,
            "{name} {value}"
        );
    }
}

#[test]
fn an_alias_or_an_arn_names_a_key_in_every_operation() {
    for reference in [
        "alias/orders",
        "alias/shop/orders",
        "acs:kms:cn-hangzhou:1000000000000000:key/key-hzz000000000000000001",
        "acs:kms:cn-hangzhou:1000000000000000:alias/orders",
    ] {
        let session = Session::with_keys();
        assert_eq!(describe(&session, reference)["KeyId"], KEY);
        let encrypted = session.ok("Encrypt", &[("KeyId", reference), ("Plaintext", "aGk=")]);
        assert_eq!(encrypted["KeyId"], KEY);
        let aliases = session.ok("ListAliasesByKeyId", &[("KeyId", reference)]);
        assert_eq!(aliases["TotalCount"], 2);
        for action in ["DisableKey", "EnableKey"] {
            session.ok(action, &[("KeyId", reference)]);
        }
        session.ok(
            "UpdateKeyDescription",
            &[("KeyId", reference), ("Description", "d")],
        );
        session.ok(
            "ScheduleKeyDeletion",
            &[("KeyId", reference), ("PendingWindowInDays", "7")],
        );
        session.ok("CancelKeyDeletion", &[("KeyId", reference)]);
        assert_eq!(describe(&session, KEY)["Description"], "d");
    }
    let session = Session::with_keys();
    for (reference, expected) in [
        ("alias/unknown", "404 Forbidden.AliasNotFound"),
        (
            "acs:kms:cn-beijing:1000000000000000:key/key-hzz000000000000000001",
            "404 Forbidden.KeyNotFound",
        ),
        (
            "acs:kms:cn-hangzhou:2000000000000000:alias/orders",
            "404 Forbidden.AliasNotFound",
        ),
        ("acs:kms:cn-hangzhou:1000000000000000:secret/s", INVALID),
        ("alias/", INVALID),
        ("", "400 MissingParameter"),
    ] {
        assert_eq!(
            session.verdict("DescribeKey", &[("KeyId", reference)]),
            expected,
            "{reference}"
        );
    }
}

#[test]
fn aliases_are_listed_and_moved() {
    let session = Session::with_keys();
    let other = "key-hzz000000000000000002";
    let of = |key: &str| {
        let reply = session.ok("ListAliasesByKeyId", &[("KeyId", key)]);
        let aliases = reply["Aliases"]["Alias"].as_array().unwrap().iter();
        aliases
            .map(|alias| text(&alias["AliasName"]))
            .collect::<Vec<_>>()
    };
    assert_eq!(of(KEY), ["alias/orders", "alias/shop/orders"]);
    session.ok(
        "UpdateAlias",
        &[("KeyId", other), ("AliasName", "alias/orders")],
    );
    assert_eq!(
        (of(KEY), of(other)),
        (
            vec!["alias/shop/orders".into()],
            vec!["alias/orders".into()]
        )
    );
    let all = session.ok("ListAliases", &[("PageSize", "1"), ("PageNumber", "2")]);
    assert_eq!(all["TotalCount"], 3);
    assert_eq!(
        all["Aliases"]["Alias"],
        json!([{
            "KeyId": KEY,
            "AliasName": "alias/shop/orders",
            "AliasArn": "acs:kms:cn-hangzhou:1000000000000000:alias/shop/orders",
        }])
    );
    session.ok("DeleteAlias", &[("AliasName", "alias/orders")]);
    assert!(of(other).is_empty());
    let long = format!("alias/{}", "a".repeat(250));
    for name in ["orders", "alias/", "alias/acs/ecs", "alias/a b", &long] {
        let parameters = [("KeyId", KEY), ("AliasName", name)];
        assert_eq!(
            session.verdict("CreateAlias", &parameters),
            INVALID,
            "{name}"
        );
    }
}

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
        (&of_length(8192), "OK"),
        (&of_length(8193), INVALID),
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
        session.verdict("Encrypt", &[("KeyId", KEY), ("Plaintext", "no Base64")]),
        INVALID
    );
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
    let both = [
        ("KeyId", KEY),
        ("KeySpec", "AES_128"),
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
    let of_pair = [
        ("CiphertextBlob", HELLO),
        ("SourceKeyId", KEY),
        ("DestinationKeyId", KEY),
    ];
    assert_eq!(
        session.verdict("ReEncrypt", &of_pair),
        "400 UnsupportedOperation"
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
fn keys_and_ciphertexts_survive_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("kms.db");
    let open = || Session::on(Store::open(&path).unwrap(), now());
    let session = open();
    let key = create(&session, &[("KeySpec", "Aliyun_AES_192")]);
    let ciphertext = encrypt(&session, &key, "aGk=", r#"{"a":"b"}"#);
    let described = describe(&session, &key);
    drop(session);
    let session = open();
    assert_eq!(describe(&session, &key), described);
    assert_eq!(
        decrypt(&session, &ciphertext, r#"{"a":"b"}"#),
        Ok("aGk=".to_owned())
    );
}

#[test]
fn an_export_restores_keys_with_their_material() {
    let session = Session::with_keys();
    session.ok(
        "SetDeletionProtection",
        &[("KeyId", KEY), ("EnableDeletionProtection", "true")],
    );
    let rotated = create(
        &session,
        &[
            ("EnableAutomaticRotation", "true"),
            ("RotationInterval", "30d"),
        ],
    );
    let ciphertext = encrypt(&session, &rotated, "aGk=", "");
    let export = |session: &Session, values| {
        let all = ScopeSelection::default();
        session
            .emulator
            .store
            .read(|store| fixtures::export_text(store, &all, values))
            .unwrap()
    };
    let exported = export(&session, true);
    let copy = Session::new();
    copy.load(exported.as_bytes());
    assert_eq!(export(&copy, true), exported);
    assert_eq!(decrypt(&copy, &ciphertext, ""), Ok("aGk=".to_owned()));
    assert_eq!(
        describe(&copy, "alias/orders"),
        describe(&session, "alias/orders")
    );
    // Without values the material is left out.
    let without = export(&session, false);
    assert!(!without.contains("KeyMaterial"));
    assert!(without.contains(KEY));
}

#[test]
fn saved_replies_load() {
    let session = Session::with_keys();
    let list = session.ok("ListKeys", &[]);
    let described = session.ok("DescribeKey", &[("KeyId", KEY)]);
    let copy = Session::new();
    copy.load(list.to_string().as_bytes());
    assert_eq!(copy.ok("ListKeys", &[])["TotalCount"], 7);
    // The later file replaces the key.
    copy.load(described.to_string().as_bytes());
    assert_eq!(
        copy.ok("DescribeKey", &[("KeyId", KEY)])["KeyMetadata"],
        described["KeyMetadata"]
    );
    assert_eq!(copy.ok("ListKeys", &[])["TotalCount"], 7);
    // As the SDK for Python prints them, and a page of secrets beside them.
    let python = r#"[{"headers":{},"body":{"key_metadata":{"key_id":"k","key_state":"Disabled","dkmsinstance_id":"kst-1"}}},
        {"SecretList":{"Secret":[{"SecretName":"s"}]}}]"#;
    copy.load(python.as_bytes());
    assert_eq!(describe(&copy, "k")["KeyState"], "Disabled");
    assert_eq!(describe(&copy, "k")["DKMSInstanceId"], "kst-1");
    copy.ok("DescribeSecret", &[("SecretName", "s")]);
}

#[test]
fn mistakes_in_keys_of_fixtures_are_reported_without_material() {
    for (key, place, reason) in [
        (
            r#"{"KeyId":"k","KeyMaterial":"c2VjcmV0"}"#,
            "Keys.Key[0].KeyMaterial",
            "expected 32 bytes in Base64, found 6",
        ),
        (
            r#"{"KeyId":"k","KeyMaterial":"!secret!"}"#,
            "Keys.Key[0].KeyMaterial",
            "expected Base64",
        ),
        (
            r#"{"KeyId":"k","KeyMaterial":7}"#,
            "Keys.Key[0].KeyMaterial",
            "expected",
        ),
        (
            r#"{"KeyId":"k","KeySpec":"AES"}"#,
            "Keys.Key[0].KeySpec",
            "`AES` is not a known value",
        ),
        (
            r#"{"KeyId":"k","KeyState":"PendingDeletion"}"#,
            "Keys.Key[0].KeyState",
            "PendingDeletion has a DeleteDate",
        ),
        (
            r#"{"KeyId":"k","KeyUsage":"SIGN/VERIFY"}"#,
            "Keys.Key[0].KeyUsage",
            "cannot have this usage",
        ),
        (
            r#"{"KeyId":"k","Aliases":[{"AliasName":"a"}]}"#,
            "Keys.Key[0].Aliases[0].AliasName",
            "is not an alias",
        ),
        (
            r#"{"KeyId":"k"},{"KeyId":"k"}"#,
            "Keys.Key[1].KeyId",
            "`k` occurs twice",
        ),
        (
            r#"{"KeyId":"k","Aliases":[{"AliasName":"alias/a"}]},{"KeyId":"l","Aliases":[{"AliasName":"alias/a"}]}"#,
            "Keys.Key[1].Aliases",
            "`alias/a` occurs twice",
        ),
    ] {
        let file = format!(r#"{{"Keys":{{"Key":[{key}]}}}}"#);
        let error = fixtures::parse(file.as_bytes(), &crate::support::defaults()).unwrap_err();
        assert_eq!(error.place, place, "{key}: {error:?}");
        assert!(error.reason.contains(reason), "{key}: {error:?}");
        assert!(
            !error.reason.contains("secret") && !error.reason.contains("c2Vj"),
            "{error:?}"
        );
    }
}

#[test]
fn scopes_have_keys_of_their_own() {
    let session = Session::with_keys();
    let other = [("AccessKeyId", "2000000000000000"), ("Signature", "x")];
    assert_eq!(
        session.verdict("DescribeKey", &[("KeyId", KEY), other[0], other[1]]),
        "404 Forbidden.KeyNotFound"
    );
    assert_eq!(
        session.verdict("Decrypt", &[("CiphertextBlob", HELLO), other[0], other[1]]),
        "404 Forbidden.KeyNotFound"
    );
    assert_eq!(session.ok("ListKeys", &other)["TotalCount"], 0);
    session
        .emulator
        .store
        .write(|store| store.empty(&ScopeSelection::default()))
        .unwrap();
    assert_eq!(session.ok("ListKeys", &[])["TotalCount"], 0);
    // The rows of emptied scopes are deleted.
    while session
        .emulator
        .store
        .write(|store| store.collect_garbage(2))
        .unwrap()
    {}
    session.load_keys();
    assert_eq!(decrypt(&session, HELLO, ""), Ok("aGVsbG8=".to_owned()));
}

const SIGNER: &str = "key-hzz000000000000000005";
const DECRYPTER: &str = "key-hzz000000000000000006";

fn version_of(session: &Session, key: &str) -> String {
    let versions = session.ok("ListKeyVersions", &[("KeyId", key)]);
    text(&versions["KeyVersions"]["KeyVersion"][0]["KeyVersionId"])
}

/// Runs OpenSSL with files of these names and contents, and returns its output.
fn openssl(arguments: &[&str], files: &[(&str, &[u8])]) -> Vec<u8> {
    let directory = tempfile::tempdir().unwrap();
    for (name, content) in files {
        std::fs::write(directory.path().join(name), content).unwrap();
    }
    let output = std::process::Command::new("openssl")
        .args(arguments)
        .current_dir(directory.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    output.stdout
}

/// The digest of `hello`.
const DIGEST: &str = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";

#[test]
fn openssl_verifies_signatures() {
    let session = Session::with_keys();
    let pss = [
        "rsa_padding_mode:pss",
        "rsa_pss_saltlen:32",
        "digest:sha256",
    ];
    let pkcs1 = ["rsa_padding_mode:pkcs1", "digest:sha256"];
    for (parameters, algorithm, options) in [
        ([("KeySpec", "RSA_2048")], "RSA_PSS_SHA_256", &pss[..]),
        ([("KeySpec", "RSA_3072")], "RSA_PKCS1_SHA_256", &pkcs1[..]),
        ([("KeySpec", "EC_P256")], "ECDSA_SHA_256", &[]),
        ([("KeySpec", "EC_P256K")], "ECDSA_SHA_256", &[]),
    ] {
        let key = create(&session, &parameters);
        let version = version_of(&session, &key);
        let common = [("KeyId", &*key), ("KeyVersionId", &*version)];
        let public_key = text(&session.ok("GetPublicKey", &common)["PublicKey"]);
        assert!(
            public_key.starts_with("-----BEGIN PUBLIC KEY-----\n"),
            "{public_key}"
        );
        let sign = [
            common[0],
            common[1],
            ("Algorithm", algorithm),
            ("Digest", DIGEST),
        ];
        let signature = text(&session.ok("AsymmetricSign", &sign)["Value"]);
        let mut arguments = vec![
            "pkeyutl",
            "-verify",
            "-pubin",
            "-inkey",
            "key",
            "-in",
            "digest",
            "-sigfile",
            "signature",
        ];
        arguments.extend(options.iter().flat_map(|option| ["-pkeyopt", option]));
        let files = [
            ("key", public_key.as_bytes()),
            ("digest", &STANDARD.decode(DIGEST).unwrap()),
            ("signature", &STANDARD.decode(&signature).unwrap()),
        ];
        openssl(&arguments, &files);
        let verify = |signature: &str, digest: &str| {
            let parameters = [
                common[0],
                common[1],
                ("Algorithm", algorithm),
                ("Digest", digest),
                ("Value", signature),
            ];
            session.ok("AsymmetricVerify", &parameters)["Value"].clone()
        };
        assert_eq!(verify(&signature, DIGEST), true, "{algorithm}");
        assert_eq!(
            verify(&signature, &STANDARD.encode([7; 32])),
            false,
            "{algorithm}"
        );
        assert_eq!(verify("AAAA", DIGEST), false, "{algorithm}");
        let long = STANDARD.encode([7; 31]);
        let other = [
            common[0],
            common[1],
            ("Algorithm", algorithm),
            ("Digest", &*long),
        ];
        assert_eq!(
            session.verdict("AsymmetricSign", &other),
            INVALID,
            "{algorithm}"
        );
    }
}

#[test]
fn openssl_and_a_key_pair_encrypt_for_each_other() {
    let session = Session::with_keys();
    let common = [
        ("KeyId", DECRYPTER),
        ("KeyVersionId", "00000006-0000-4000-8000-000000000000"),
    ];
    let public_key = text(&session.ok("GetPublicKey", &common)["PublicKey"]);
    for (algorithm, digest, longest) in [
        ("RSAES_OAEP_SHA_256", "sha256", 190),
        ("RSAES_OAEP_SHA_1", "sha1", 214),
    ] {
        let options = [
            "rsa_padding_mode:oaep".to_owned(),
            format!("rsa_oaep_md:{digest}"),
            format!("rsa_mgf1_md:{digest}"),
        ];
        let mut arguments = vec![
            "pkeyutl", "-encrypt", "-pubin", "-inkey", "key", "-in", "text",
        ];
        arguments.extend(options.iter().flat_map(|option| ["-pkeyopt", &**option]));
        let ciphertext = STANDARD.encode(openssl(
            &arguments,
            &[("key", public_key.as_bytes()), ("text", b"hello")],
        ));
        let with = |name, value: &str| -> Vec<(&'static str, String)> {
            common
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned()))
                .chain([
                    ("Algorithm", algorithm.to_owned()),
                    (name, value.to_owned()),
                ])
                .collect()
        };
        let call = |action, parameters: &[(&'static str, String)]| {
            let parameters: Vec<_> = parameters
                .iter()
                .map(|(name, value)| (*name, &**value))
                .collect();
            session.call(action, &parameters)
        };
        let (_, decrypted) = call("AsymmetricDecrypt", &with("CiphertextBlob", &ciphertext));
        assert_eq!(decrypted["Plaintext"], "aGVsbG8=", "{decrypted}");
        let text_of = |length| STANDARD.encode(vec![7; length]);
        let (_, encrypted) = call("AsymmetricEncrypt", &with("Plaintext", &text_of(longest)));
        let (_, decrypted) = call(
            "AsymmetricDecrypt",
            &with("CiphertextBlob", &text(&encrypted["CiphertextBlob"])),
        );
        assert_eq!(decrypted["Plaintext"], text_of(longest), "{decrypted}");
        assert_eq!(
            call(
                "AsymmetricEncrypt",
                &with("Plaintext", &text_of(longest + 1))
            )
            .1["Code"],
            "InvalidParameter"
        );
        assert_eq!(
            call("AsymmetricDecrypt", &with("CiphertextBlob", &text_of(256))).1["Code"],
            "InvalidParameter"
        );
    }
    let sm2 = [
        common[0],
        common[1],
        ("Algorithm", "SM2PKE"),
        ("Plaintext", "aGk="),
    ];
    assert_eq!(session.verdict("AsymmetricEncrypt", &sm2), INVALID);
}

#[test]
fn sm2_signs_and_encrypts() {
    let session = Session::new();
    let signer = create(&session, &[("KeySpec", "EC_SM2")]);
    let version = version_of(&session, &signer);
    let common = [
        ("KeyId", &*signer),
        ("KeyVersionId", &*version),
        ("Algorithm", "SM2DSA"),
        ("Digest", DIGEST),
    ];
    let signature = text(&session.ok("AsymmetricSign", &common)["Value"]);
    let mut verify = common.to_vec();
    verify.push(("Value", &signature));
    assert_eq!(session.ok("AsymmetricVerify", &verify)["Value"], true);
    let pair = create(
        &session,
        &[("KeySpec", "EC_SM2"), ("KeyUsage", "ENCRYPT/DECRYPT")],
    );
    let version = version_of(&session, &pair);
    let common = [
        ("KeyId", &*pair),
        ("KeyVersionId", &*version),
        ("Algorithm", "SM2PKE"),
    ];
    let encrypted = session.ok(
        "AsymmetricEncrypt",
        &[common[0], common[1], common[2], ("Plaintext", "aGk=")],
    );
    let ciphertext = text(&encrypted["CiphertextBlob"]);
    let decrypted = session.ok(
        "AsymmetricDecrypt",
        &[
            common[0],
            common[1],
            common[2],
            ("CiphertextBlob", &ciphertext),
        ],
    );
    assert_eq!(decrypted["Plaintext"], "aGk=");
}

#[test]
fn key_pairs_survive_a_restart_and_an_export() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("kms.db");
    let session = Session::on(Store::open(&path).unwrap(), now());
    let key = create(&session, &[("KeySpec", "EC_P256")]);
    let version = version_of(&session, &key);
    let public_key = |session: &Session| {
        session.ok(
            "GetPublicKey",
            &[("KeyId", &key), ("KeyVersionId", &version)],
        )["PublicKey"]
            .clone()
    };
    let before = public_key(&session);
    let exported = session
        .emulator
        .store
        .read(|store| fixtures::export_text(store, &ScopeSelection::default(), true))
        .unwrap();
    drop(session);
    let session = Session::on(Store::open(&path).unwrap(), now());
    assert_eq!(public_key(&session), before);
    let copy = Session::new();
    copy.load(exported.as_bytes());
    assert_eq!(public_key(&copy), before);
}

#[test]
fn a_data_key_is_exported_to_the_caller() {
    let session = Session::with_keys();
    let private_key = openssl(&["genpkey", "-algorithm", "RSA"], &[]);
    let public_key = openssl(
        &["pkey", "-in", "key", "-pubout", "-outform", "DER"],
        &[("key", &private_key)],
    );
    let public_key = STANDARD.encode(public_key);
    let wrapping = [
        ("PublicKeyBlob", &*public_key),
        ("WrappingKeySpec", "RSA_2048"),
        ("WrappingAlgorithm", "RSAES_OAEP_SHA_256"),
    ];
    let generate = [
        ("KeyId", KEY),
        ("NumberOfBytes", "48"),
        wrapping[0],
        wrapping[1],
        wrapping[2],
    ];
    let generated = session.ok("GenerateAndExportDataKey", &generate);
    let ciphertext = text(&generated["CiphertextBlob"]);
    let exported = session.ok(
        "ExportDataKey",
        &[
            ("CiphertextBlob", &ciphertext),
            wrapping[0],
            wrapping[1],
            wrapping[2],
        ],
    );
    let plaintext = decrypt(&session, &ciphertext, "").unwrap();
    for reply in [generated, exported] {
        let wrapped = STANDARD.decode(text(&reply["ExportedDataKey"])).unwrap();
        let arguments = [
            "pkeyutl",
            "-decrypt",
            "-inkey",
            "key",
            "-in",
            "wrapped",
            "-pkeyopt",
            "rsa_padding_mode:oaep",
            "-pkeyopt",
            "rsa_oaep_md:sha256",
        ];
        let unwrapped = openssl(&arguments, &[("key", &private_key), ("wrapped", &wrapped)]);
        assert_eq!(STANDARD.encode(&unwrapped), plaintext);
        assert_eq!(unwrapped.len(), 48);
    }
}

fn import(session: &Session, key: &str, material: &[u8], more: &[(&str, &str)]) -> String {
    let asked = [
        ("KeyId", key),
        ("WrappingAlgorithm", "RSAES_OAEP_SHA_256"),
        ("WrappingKeySpec", "RSA_2048"),
    ];
    let parameters = session.ok("GetParametersForImport", &asked);
    assert_eq!(parameters["TokenExpireTime"], "2026-01-03T03:04:05Z");
    let public_key = STANDARD.decode(text(&parameters["PublicKey"])).unwrap();
    let arguments = [
        "pkeyutl",
        "-encrypt",
        "-pubin",
        "-keyform",
        "DER",
        "-inkey",
        "key",
        "-in",
        "material",
        "-pkeyopt",
        "rsa_padding_mode:oaep",
        "-pkeyopt",
        "rsa_oaep_md:sha256",
    ];
    let encrypted = STANDARD.encode(openssl(
        &arguments,
        &[("key", &public_key), ("material", material)],
    ));
    let token = text(&parameters["ImportToken"]);
    let mut request = vec![
        ("KeyId", key),
        ("EncryptedKeyMaterial", &*encrypted),
        ("ImportToken", &*token),
    ];
    request.extend(more);
    session.verdict("ImportKeyMaterial", &request)
}

/// The pages *`ImportKeyMaterial`*, *`DeleteKeyMaterial`* and *Import key material*.
#[test]
fn material_is_imported_expires_and_is_imported_again() {
    let session = Session::new();
    let key = create(&session, &[("Origin", "EXTERNAL")]);
    let state = || describe(&session, &key)["KeyState"].clone();
    assert_eq!(state(), "PendingImport");
    let material = [9; 32];
    assert_eq!(
        import(&session, &key, &[9; 31], &[]),
        "400 InvalidKeyMaterial"
    );
    assert_eq!(
        import(&session, &key, &material, &[("KeyMaterialExpireUnix", "1")]),
        INVALID
    );
    let expiry = (now() + TimeDelta::hours(1)).timestamp().to_string();
    assert_eq!(
        import(
            &session,
            &key,
            &material,
            &[("KeyMaterialExpireUnix", &expiry)]
        ),
        "OK"
    );
    assert_eq!(state(), "Enabled");
    assert_eq!(
        describe(&session, &key)["MaterialExpireTime"],
        "2026-01-02T04:04:05Z"
    );
    let ciphertext = encrypt(&session, &key, "aGk=", "");
    session.advance(TimeDelta::hours(1));
    assert_eq!(state(), "PendingImport");
    assert_eq!(
        decrypt(&session, &ciphertext, ""),
        Err("409 Rejected.PendingImport".to_owned())
    );
    session.clock.set(now());
    assert_eq!(
        import(&session, &key, &[8; 32], &[]),
        "400 InvalidKeyMaterial"
    );
    assert_eq!(
        import(&session, &key, &material, &[("KeyMaterialExpireUnix", "0")]),
        "OK"
    );
    assert_eq!(decrypt(&session, &ciphertext, ""), Ok("aGk=".to_owned()));
    session.ok("DeleteKeyMaterial", &[("KeyId", &key)]);
    assert_eq!(state(), "PendingImport");
    session.ok(
        "ScheduleKeyDeletion",
        &[("KeyId", &key), ("PendingWindowInDays", "7")],
    );
    session.ok("CancelKeyDeletion", &[("KeyId", &key)]);
    assert_eq!(state(), "PendingImport");
}

#[test]
fn a_token_of_an_import_expires_after_a_day_and_belongs_to_its_key() {
    let session = Session::new();
    let [key, other] = [(); 2].map(|()| create(&session, &[("Origin", "EXTERNAL")]));
    let asked = [
        ("KeyId", &*key),
        ("WrappingAlgorithm", "RSAES_PKCS1_V1_5"),
        ("WrappingKeySpec", "RSA_2048"),
    ];
    let token = text(&session.ok("GetParametersForImport", &asked)["ImportToken"]);
    let verdict = |key: &str| {
        session.verdict(
            "ImportKeyMaterial",
            &[
                ("KeyId", key),
                ("EncryptedKeyMaterial", "AAAA"),
                ("ImportToken", &token),
            ],
        )
    };
    assert_eq!(verdict(&other), "400 InvalidImportToken");
    assert_eq!(verdict(&key), "400 InvalidKeyMaterial");
    session.advance(TimeDelta::days(1) + TimeDelta::seconds(1));
    assert_eq!(verdict(&key), "400 ExpiredImportToken");
}

/// The page *Automatic key rotation*.
#[test]
fn a_key_is_rotated_by_the_clock_and_old_ciphertexts_decrypt() {
    let session = Session::new();
    let key = create(
        &session,
        &[
            ("EnableAutomaticRotation", "true"),
            ("RotationInterval", "7d"),
        ],
    );
    let first = describe(&session, &key);
    assert_eq!(first["AutomaticRotation"], "Enabled");
    assert_eq!(first["RotationInterval"], "604800s");
    assert_eq!(first["NextRotationDate"], "2026-01-09T03:04:05Z");
    let ciphertext = encrypt(&session, &key, "aGk=", "");
    session.advance(TimeDelta::days(7));
    let second = describe(&session, &key);
    assert_ne!(second["PrimaryKeyVersion"], first["PrimaryKeyVersion"]);
    assert_eq!(second["LastRotationDate"], "2026-01-09T03:04:05Z");
    assert_eq!(second["NextRotationDate"], "2026-01-16T03:04:05Z");
    assert_eq!(
        session.ok("ListKeyVersions", &[("KeyId", &key)])["TotalCount"],
        2
    );
    assert_eq!(decrypt(&session, &ciphertext, ""), Ok("aGk=".to_owned()));
    let again = session.ok("Encrypt", &[("KeyId", &key), ("Plaintext", "aGk=")]);
    assert_eq!(again["KeyVersionId"], second["PrimaryKeyVersion"]);
    session.ok("DisableKey", &[("KeyId", &key)]);
    assert_eq!(describe(&session, &key)["AutomaticRotation"], "Suspended");
    session.advance(TimeDelta::days(70));
    assert_eq!(
        session.ok("ListKeyVersions", &[("KeyId", &key)])["TotalCount"],
        2
    );
    session.ok("EnableKey", &[("KeyId", &key)]);
    // Overdue: one rotation at the last of its times.
    let third = describe(&session, &key);
    assert_eq!(third["LastRotationDate"], "2026-03-20T03:04:05Z");
    assert_eq!(
        session.ok("ListKeyVersions", &[("KeyId", &key)])["TotalCount"],
        3
    );
    session.ok(
        "UpdateRotationPolicy",
        &[("KeyId", &key), ("EnableAutomaticRotation", "false")],
    );
    assert_eq!(describe(&session, &key)["AutomaticRotation"], "Disabled");
    let without = [("KeyId", &*key), ("EnableAutomaticRotation", "true")];
    assert_eq!(
        session.verdict("UpdateRotationPolicy", &without),
        "400 MissingParameter"
    );
}

#[test]
fn tags_of_keys_are_listed() {
    let session = Session::with_keys();
    let tags = session.ok("ListResourceTags", &[("KeyId", "alias/orders")]);
    assert_eq!(
        tags["Tags"]["Tag"],
        json!([
            {"KeyId": KEY, "TagKey": "env", "TagValue": "test"},
            {"KeyId": KEY, "TagKey": "team", "TagValue": "shop"},
        ])
    );
    session.ok(
        "TagResource",
        &[
            ("KeyId", KEY),
            ("Tags", r#"[{"TagKey":"env","TagValue":"prod"}]"#),
        ],
    );
    session.ok("UntagResource", &[("KeyId", KEY), ("TagKeys", "team")]);
    session.ok(
        "TagResources",
        &[
            ("ResourceType", "key"),
            ("ResourceId.1", KEY),
            ("ResourceId.2", SIGNER),
            ("Tag.1.Key", "all"),
        ],
    );
    let listed = |parameters: &[(&str, &str)]| {
        let mut all = vec![("ResourceType", "key")];
        all.extend(parameters);
        let reply = session.ok("ListTagResources", &all);
        let rows = reply["TagResources"]["TagResource"]
            .as_array()
            .unwrap()
            .iter();
        rows.map(|row| {
            assert_eq!(row["ResourceType"], "key");
            format!(
                "{} {}={}",
                &text(&row["ResourceId"])[24..],
                text(&row["TagKey"]),
                text(&row["TagValue"])
            )
        })
        .collect::<Vec<_>>()
    };
    assert_eq!(listed(&[]), ["1 env=prod", "1 all=", "5 all="]);
    assert_eq!(
        listed(&[("Tag.1.Key", "env"), ("Tag.1.Value", "prod")]),
        ["1 env=prod", "1 all="]
    );
    assert_eq!(
        listed(&[("Tag.1.Key", "env"), ("Tag.1.Value", "test")]),
        Vec::<String>::new()
    );
    assert_eq!(listed(&[("ResourceId.1", SIGNER)]), ["5 all="]);
    session.ok(
        "UntagResources",
        &[
            ("ResourceType", "key"),
            ("ResourceId.1", KEY),
            ("All", "true"),
        ],
    );
    assert_eq!(listed(&[]), ["5 all="]);
    // Secrets are not affected.
    assert_eq!(
        session.ok("ListTagResources", &[("ResourceType", "secret")])["TagResources"]["TagResource"],
        json!([])
    );
    let both = [("KeyId", KEY), ("SecretName", "s"), ("TagKeys", "k")];
    assert_eq!(session.verdict("UntagResource", &both), INVALID);
}

#[test]
fn an_account_has_the_instances_that_its_secrets_and_keys_name() {
    let session = Session::new();
    let ids = || {
        let reply = session.ok("ListKmsInstances", &[]);
        let instances = reply["KmsInstances"]["KmsInstance"]
            .as_array()
            .unwrap()
            .iter();
        instances
            .map(|instance| text(&instance["KmsInstanceId"]))
            .collect::<Vec<_>>()
    };
    assert!(ids().is_empty());
    assert_eq!(
        session.ok("GetDefaultKmsInstance", &[])["DefaultKmsInstanceId"],
        ""
    );
    create(&session, &[("DKMSInstanceId", "kst-b")]);
    session.ok(
        "CreateSecret",
        &[
            ("SecretName", "s"),
            ("VersionId", "v"),
            ("SecretData", "x"),
            ("DKMSInstanceId", "kst-a"),
        ],
    );
    assert_eq!(ids(), ["kst-a", "kst-b"]);
    assert_eq!(
        session.ok("GetDefaultKmsInstance", &[])["DefaultKmsInstanceId"],
        "kst-a"
    );
    assert_eq!(
        session.ok("GetKmsInstance", &[("KmsInstanceId", "kst-b")])["KmsInstance"]["Status"],
        "Connected"
    );
    let quotas = session.ok("GetKmsInstanceQuotaInfos", &[("KmsInstanceId", "kst-a")]);
    let used: Vec<_> = quotas["KmsInstanceQuotaInfos"]
        .as_array()
        .unwrap()
        .iter()
        .map(|quota| quota["UsedQuantity"].clone())
        .collect();
    assert_eq!(used, [0, 1, 0, 0]);
}

/// The order of the calls of cloud inventories.
#[test]
fn an_inventory_finds_instances_keys_and_secrets() {
    let session = Session::with_keys();
    session.create("s");
    session.ok("ListKmsInstances", &[("PageSize", "100")]);
    let keys = session.ok("ListKeys", &[("PageSize", "100")]);
    for key in keys["Keys"]["Key"].as_array().unwrap() {
        assert_eq!(
            describe(&session, &text(&key["KeyId"]))["Arn"],
            key["KeyArn"]
        );
    }
    session.ok("ListSecrets", &[]);
    session.ok("DescribeSecret", &[("SecretName", "s")]);
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn decryption_returns_what_was_encrypted(
        bytes in prop_oneof![
            proptest::collection::vec(any::<u8>(), 1..200),
            proptest::collection::vec(any::<u8>(), 6140..=6144),
        ],
        context in proptest::collection::btree_map(".{0,20}", ".{0,20}", 0..5),
        other in proptest::collection::btree_map(".{0,20}", ".{0,20}", 0..5),
        spec in prop_oneof![Just("Aliyun_AES_256"), Just("Aliyun_AES_192"), Just("Aliyun_AES_128"), Just("Aliyun_SM4")],
    ) {
        let session = Session::new();
        let key = create(&session, &[("KeySpec", spec)]);
        let plaintext = STANDARD.encode(&bytes);
        let in_json = serde_json::to_string(&context).unwrap();
        let ciphertext = encrypt(&session, &key, &plaintext, &in_json);
        prop_assert_eq!(decrypt(&session, &ciphertext, &in_json), Ok(plaintext));
        if other != context {
            let other = serde_json::to_string(&other).unwrap();
            prop_assert_eq!(decrypt(&session, &ciphertext, &other), Err(INVALID.to_owned()));
        }
    }
}
