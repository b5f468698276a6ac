//! The keys that encrypt secrets.

use chrono::TimeDelta;
use kms_emulator::fixtures;
use kms_emulator::model::ScopeSelection;

use super::{INVALID, KEY, create, describe, text};
use crate::alibaba::session::Session;

const DISABLED: &str = "409 Rejected.Disabled";
const DELETING: &str = "409 Rejected.PendingDeletion";
const NOT_FOUND: &str = "404 Forbidden.KeyNotFound";

fn create_with(session: &Session, name: &str, key: &str, more: &[(&str, &str)]) -> String {
    let mut parameters = vec![
        ("SecretName", name),
        ("VersionId", "v1"),
        ("SecretData", "one"),
        ("EncryptionKeyId", key),
    ];
    parameters.extend(more);
    session.verdict("CreateSecret", &parameters)
}

/// The pages `CreateSecret` (the key is symmetric and of the same instance) and *Impact of CMK states*; which code
/// follows: assumption.
#[test]
fn a_new_secret_needs_an_enabled_symmetric_key_of_its_scope_and_instance() {
    for (key, result) in [
        (KEY, "OK"),
        ("alias/orders", "OK"),
        (
            "acs:kms:cn-hangzhou:1000000000000000:key/key-hzz000000000000000001",
            "OK",
        ),
        (
            "acs:kms:cn-hangzhou:1000000000000000:alias/shop/orders",
            "OK",
        ),
        ("", "OK"),
        ("key-hzz000000000000000002", DISABLED),
        ("key-hzz000000000000000003", DELETING),
        ("key-hzz000000000000000004", "409 Rejected.PendingImport"),
        ("alias/signer", "400 UnsupportedOperation"),
        ("key-hzz000000000000000006", "400 UnsupportedOperation"),
        ("key-hzz000000000000000009", NOT_FOUND),
        ("alias/unknown", "404 Forbidden.AliasNotFound"),
        (
            "acs:kms:cn-beijing:1000000000000000:key/key-hzz000000000000000001",
            NOT_FOUND,
        ),
        (
            "acs:kms:cn-hangzhou:2000000000000000:key/key-hzz000000000000000001",
            NOT_FOUND,
        ),
        ("acs:kms:cn-hangzhou:1000000000000000:secret/s", INVALID),
        ("alias/", INVALID),
        ("alias/a b", INVALID),
        (&"k".repeat(193), INVALID),
    ] {
        let session = Session::with_keys();
        assert_eq!(create_with(&session, "s", key, &[]), result, "{key}");
        let (status, secret) = session.call("DescribeSecret", &[("SecretName", "s")]);
        assert_eq!(status == 200, result == "OK", "{key}");
        if status == 200 && !key.is_empty() {
            assert_eq!(secret["EncryptionKeyId"], KEY, "{key}");
        }
    }
    let session = Session::with_instances(&["kst-a", "kst-b"]);
    let in_instance = create(&session, &[("DKMSInstanceId", "kst-a")]);
    let in_none = create(&session, &[]);
    let instance = |id| [("DKMSInstanceId", id)];
    assert_eq!(
        create_with(&session, "a", &in_instance, &instance("kst-a")),
        "OK"
    );
    assert_eq!(
        create_with(&session, "b", &in_instance, &instance("kst-b")),
        INVALID
    );
    assert_eq!(create_with(&session, "c", &in_instance, &[]), INVALID);
    assert_eq!(
        create_with(&session, "d", &in_none, &instance("kst-a")),
        INVALID
    );
}

/// Decryption and encryption need the key; the code for a key that does not exist is on the page `GetSecretValue`.
#[test]
fn values_are_read_and_stored_only_while_the_key_is_enabled() {
    let session = Session::new();
    let key = create(&session, &[]);
    assert_eq!(create_with(&session, "s", &key, &[]), "OK");
    session.create_rds("rds", &[("EncryptionKeyId", &key)]);
    let check = |result: &str| {
        let name = ("SecretName", "s");
        for (action, parameters) in [
            ("GetSecretValue", vec![name]),
            ("GetSecretValue", vec![name, ("VersionId", "v1")]),
            (
                "PutSecretValue",
                vec![name, ("VersionId", "v1"), ("SecretData", "one")],
            ),
            (
                "RotateSecret",
                vec![("SecretName", "rds"), ("VersionId", "v1")],
            ),
        ] {
            assert_eq!(session.verdict(action, &parameters), result, "{action}");
        }
        let batch = session.ok(
            "BatchGetSecretValue",
            &[(
                "SecretsList",
                r#"[{"SecretName":"s"},{"SecretName":"rds"}]"#,
            )],
        );
        let errors = batch["Errors"].as_array().unwrap();
        let codes: Vec<_> = errors
            .iter()
            .map(|error| format!("{} {}", error["HttpStatus"], text(&error["Code"])))
            .collect();
        let expected = if result == "OK" {
            vec![]
        } else {
            vec![result; 2]
        };
        assert_eq!(codes, expected);
        // Metadata is not encrypted.
        for (action, parameters) in [
            ("DescribeSecret", vec![name]),
            ("ListSecretVersionIds", vec![name]),
            ("UpdateSecret", vec![name, ("Description", "d")]),
        ] {
            session.ok(action, &parameters);
        }
        assert_eq!(session.ok("ListSecrets", &[])["TotalCount"], 2);
    };
    let change = |action, more: &[(&str, &str)]| {
        let mut parameters = vec![("KeyId", &*key)];
        parameters.extend(more);
        session.ok(action, &parameters);
    };
    check("OK");
    change("DisableKey", &[]);
    check(DISABLED);
    change("EnableKey", &[]);
    check("OK");
    change("ScheduleKeyDeletion", &[("PendingWindowInDays", "7")]);
    check(DELETING);
    change("CancelKeyDeletion", &[]);
    check("OK");
    change("ScheduleKeyDeletion", &[("PendingWindowInDays", "7")]);
    session.advance(TimeDelta::days(7));
    check(NOT_FOUND);
    session.ok(
        "DeleteSecret",
        &[("SecretName", "s"), ("ForceDeleteWithoutRecovery", "true")],
    );
}

#[test]
fn a_secret_of_another_account_is_read_with_the_key_of_that_account() {
    let session = Session::new();
    let key = create(&session, &[]);
    let policy = r#"{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":["acs:ram::2000000000000000:*"]},"Action":["kms:GetSecretValue","kms:PutSecretValue"],"Resource":["*"]}]}"#;
    assert_eq!(
        create_with(&session, "s", &key, &[("Policy", policy)]),
        "OK"
    );
    let arn = (
        "SecretName",
        "acs:kms:cn-hangzhou:1000000000000000:secret/s",
    );
    let other = [("AccessKeyId", "2000000000000000"), ("Signature", "x")];
    let get = || session.verdict("GetSecretValue", &[arn, other[0], other[1]]);
    let put = || {
        let value = [("VersionId", "v1"), ("SecretData", "one")];
        session.verdict(
            "PutSecretValue",
            &[arn, value[0], value[1], other[0], other[1]],
        )
    };
    assert_eq!((get(), put()), ("OK".to_owned(), "OK".to_owned()));
    session.ok("DisableKey", &[("KeyId", &key)]);
    assert_eq!((get(), put()), (DISABLED.to_owned(), DISABLED.to_owned()));
}

const SECRETS: &str = r#"{"SecretList":{"Secret":[
    {"SecretName":"a","CreateTime":"2024-01-01T00:00:00Z","EncryptionKeyId":"key-a","Versions":[{"VersionId":"1","SecretData":"x"}]},
    {"SecretName":"b","CreateTime":"2025-01-01T00:00:00Z","EncryptionKeyId":"key-a","DKMSInstanceId":"kst-a","Versions":[{"VersionId":"1","SecretData":"x"}]},
    {"SecretName":"c","CreateTime":"2024-01-01T00:00:00Z","EncryptionKeyId":"acs:kms:cn-beijing:3000000000000000:key/key-c","Versions":[{"VersionId":"1","SecretData":"x"}]},
    {"SecretName":"d","CreateTime":"2024-01-01T00:00:00Z","EncryptionKeyId":"alias/d","Versions":[{"VersionId":"1","SecretData":"x"}]},
    {"SecretName":"e","CreateTime":"2024-01-01T00:00:00Z","EncryptionKeyId":"alias/not an alias","Versions":[{"VersionId":"1","SecretData":"x"}]},
    {"SecretName":"f","CreateTime":"2024-01-01T00:00:00Z","Versions":[{"VersionId":"1","SecretData":"x"}]}
]}}"#;

#[test]
fn keys_that_secrets_of_a_fixture_name_are_created_with_it() {
    let session = Session::new();
    session.load(SECRETS.as_bytes());
    for name in ["a", "b", "c", "d", "e", "f"] {
        session.ok("GetSecretValue", &[("SecretName", name)]);
    }
    assert_eq!(session.ok("ListKeys", &[])["TotalCount"], 3);
    assert_eq!(
        describe(&session, "key-a")["CreationDate"],
        "2024-01-01T00:00:00Z"
    );
    assert_eq!(describe(&session, "key-c")["Creator"], "1000000000000000");
    let secret = session.ok("DescribeSecret", &[("SecretName", "c")]);
    assert_eq!(secret["EncryptionKeyId"], "key-c");
    session.ok("DisableKey", &[("KeyId", "alias/d")]);
    assert_eq!(
        session.verdict("GetSecretValue", &[("SecretName", "d")]),
        DISABLED
    );
}

#[test]
fn keys_of_a_fixture_replace_those_that_secrets_name_in_either_order() {
    let keys = br#"{"Keys":{"Key":[{"KeyId":"key-a","KeyState":"Disabled"}]}}"#;
    for files in [[SECRETS.as_bytes(), keys], [keys, SECRETS.as_bytes()]] {
        let session = Session::new();
        for file in files {
            session.load(file);
        }
        assert_eq!(
            session.verdict("GetSecretValue", &[("SecretName", "a")]),
            DISABLED
        );
        assert_eq!(session.ok("ListKeys", &[])["TotalCount"], 3);
    }
}

#[test]
fn an_export_restores_secrets_with_their_keys() {
    let session = Session::new();
    session.load(SECRETS.as_bytes());
    session.ok("DisableKey", &[("KeyId", "key-c")]);
    let export = |session: &Session| {
        let all = ScopeSelection::default();
        let store = &session.emulator.store;
        store
            .read(|store| fixtures::export_text(store, &all, true))
            .unwrap()
    };
    let exported = export(&session);
    let copy = Session::new();
    copy.load(exported.as_bytes());
    assert_eq!(export(&copy), exported);
    assert_eq!(
        copy.verdict("GetSecretValue", &[("SecretName", "c")]),
        DISABLED
    );
}
