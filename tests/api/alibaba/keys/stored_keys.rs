//! Keys in database files, fixtures and exports, and in their scopes.

use kms_emulator::fixtures;
use kms_emulator::model::ScopeSelection;
use kms_emulator::store::Store;

use super::{KEY, create, decrypt, describe, encrypt};
use crate::alibaba::key_states::HELLO;
use crate::alibaba::session::Session;
use crate::support::now;

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
