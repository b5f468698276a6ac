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
    copy.load(br#"{"KeyMetadata":{"KeyId":"k","KeyState":"PendingImport"}}"#);
    assert_eq!(describe(&copy, "k")["Origin"], "EXTERNAL");
}

#[test]
fn saved_replies_in_xml_load() {
    let session = Session::with_keys();
    let xml = |action: &str, more: &[(&str, &str)]| {
        let mut parameters = vec![("Format", "XML")];
        parameters.extend(more);
        session.reply(action, &parameters).body.to_vec()
    };
    for (list, total) in [
        (xml("ListKeys", &[]), 7),
        (xml("ListKeys", &[("PageSize", "1")]), 1),
        (xml("ListKeys", &[("PageNumber", "9")]), 0),
        (
            b"<ListKeysResponse><TotalCount>1</TotalCount><Keys><Key><KeyId>k</KeyId><KeyArn>a</KeyArn></Key></Keys></ListKeysResponse>".to_vec(),
            1,
        ),
        // The output of xml2js, xmltodict and jq, and a key alone.
        (br#"{"KMS":{"Keys":{"Key":{"KeyId":{"_text":"k"}}}}}"#.to_vec(), 1),
        (br#"{"KMS":{"Keys":"","TotalCount":"0"}}"#.to_vec(), 0),
        (br#"[{"KeyId":"k","KeyArn":"a"},{"KeyId":"l","KeyArn":"a"}]"#.to_vec(), 2),
        (br#"{"keyId":"k","keyState":"Enabled"}"#.to_vec(), 1),
    ] {
        let copy = Session::new();
        copy.load(&list);
        let text = String::from_utf8_lossy(&list);
        assert_eq!(copy.ok("ListKeys", &[])["TotalCount"], total, "{text}");
    }
    let described = session.ok("DescribeKey", &[("KeyId", KEY)]);
    let copy = Session::new();
    copy.load(&xml("DescribeKey", &[("KeyId", KEY)]));
    assert_eq!(
        copy.ok("DescribeKey", &[("KeyId", KEY)])["KeyMetadata"],
        described["KeyMetadata"]
    );
    let tagged = b"<KMS><KeyMetadata><KeyId>k</KeyId><Tags><Tag><TagKey>a</TagKey></Tag></Tags><Aliases><Alias><AliasName>alias/a</AliasName></Alias></Aliases></KeyMetadata></KMS>";
    copy.load(tagged);
    let tags = copy.ok("ListResourceTags", &[("KeyId", "alias/a")]);
    assert_eq!(tags["Tags"]["Tag"][0]["TagKey"], "a");
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
            r#"{"KeyId":"k","Versions":"c2VjcmV0"}"#,
            "Keys.Key[0].Versions",
            "expected a sequence",
        ),
        (
            r#"{"KeyId":"alias/k"}"#,
            "Keys.Key[0].KeyId",
            "`alias/k` is not the id of a key",
        ),
        (
            r#"{"KeyId":"acs:kms:cn-hangzhou:1000000000000000:key/k"}"#,
            "Keys.Key[0].KeyId",
            "is not the id of a key",
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
