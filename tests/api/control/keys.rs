//! Keys, and the secrets that they encrypt, in snapshots and after a reset.

use std::fs;

use chrono::TimeDelta;
use kms_emulator::fixtures::baseline::Baseline;
use kms_emulator::fixtures::{Progress, Sources};
use kms_emulator::model::{KeyState, ScopeSelection};
use kms_emulator::store::Store;
use serde_json::{Value, json};

use super::{Controlled, alibaba};
use crate::alibaba::session::Session;
use crate::support::{defaults, now};

const SECRET: &str = r#"{"SecretList":{"Secret":[{"SecretName":"s","CreateTime":"2024-01-01T00:00:00Z","EncryptionKeyId":"key-a",
    "Versions":[{"VersionId":"1","SecretData":"x"}]}]}}"#;

/// The status, and the code of an error.
fn verdict(server: &Controlled, action: &str, parameters: &[(&str, &str)]) -> String {
    let reply = alibaba(action, parameters).ask(&server.emulator);
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    format!(
        "{} {}",
        reply.status,
        body["Code"].as_str().unwrap_or_default()
    )
}

#[test]
fn snapshots_restore_the_states_of_keys_and_keep_deleted_keys_deleted() {
    let server = Controlled::empty();
    server.ok("POST", "state", SECRET);
    let key = ("KeyId", "key-a");
    let read = || verdict(&server, "GetSecretValue", &[("SecretName", "s")]);
    assert_eq!(read(), "200 ");
    verdict(&server, "DisableKey", &[key]);
    server.ok("PUT", "snapshots/disabled", "");
    verdict(&server, "EnableKey", &[key]);
    assert_eq!(read(), "200 ");
    server.ok("POST", "snapshots/disabled/restore", "");
    assert_eq!(read(), "409 Rejected.Disabled");
    verdict(
        &server,
        "ScheduleKeyDeletion",
        &[key, ("PendingWindowInDays", "7")],
    );
    server.clock.set(now() + TimeDelta::days(7));
    assert_eq!(read(), "404 Forbidden.KeyNotFound");
    server.ok("PUT", "snapshots/deleted", "");
    server.ok("POST", "snapshots/deleted/restore", "");
    assert_eq!(read(), "404 Forbidden.KeyNotFound");
    assert_eq!(
        verdict(&server, "DescribeKey", &[key]),
        "404 Forbidden.KeyNotFound"
    );
    server.clock.set(now());
    server.ok("POST", "snapshots/disabled/restore", "");
    assert_eq!(read(), "409 Rejected.Disabled");
    server.ok("POST", "reset", r#"{"fixtures":false}"#);
    assert_eq!(
        verdict(&server, "DescribeKey", &[key]),
        "404 Forbidden.KeyNotFound"
    );
}

#[test]
fn a_reset_restores_the_keys_of_the_fixtures_with_and_without_a_spare() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("secrets.json");
    fs::write(&path, SECRET).unwrap();
    let store = Store::in_memory().unwrap();
    let progress = Progress::default();
    let baseline = Baseline::load(&store, vec![path], defaults(), &progress).unwrap();
    for has_spare in [false, true] {
        if has_spare {
            baseline.make_spares(&store).unwrap();
        }
        let key = |store: &Store| {
            store
                .read(|store| store.cmk(&Session::scope(), "key-a"))
                .unwrap()
        };
        let (id, before) = key(&store).unwrap();
        let after = kms_emulator::model::Cmk {
            state: KeyState::Disabled,
            ..before.clone()
        };
        store
            .write(|store| store.update_cmk(id, &before, &after))
            .unwrap();
        baseline
            .restore(&store, &ScopeSelection::default())
            .unwrap();
        let (_, restored) = key(&store).unwrap();
        assert_eq!(restored, before, "{has_spare}");
        let keys = store
            .read(|store| store.all_cmks(&Session::scope()))
            .unwrap();
        assert_eq!(keys.len(), 1);
    }
}

/// What the API accepts, a snapshot restores.
#[test]
fn snapshots_restore_keys_with_many_versions_and_aliases_and_with_the_latest_times() {
    let server = Controlled::empty();
    // The latest time of a clock.
    server.clock.set("9998-12-31T23:59:59Z".parse().unwrap());
    let created = |parameters: &[(&str, &str)]| {
        let (status, reply) = server.alibaba("CreateKey", parameters);
        assert_eq!(status, 200, "{reply}");
        reply["KeyMetadata"]["KeyId"].as_str().unwrap().to_owned()
    };
    // As many calls of CreateAlias and CreateKeyVersion would take long.
    let aliases: Vec<_> = (0..1001)
        .map(|number| json!({"AliasName": format!("alias/{number}")}))
        .collect();
    let versions: Vec<_> = (0..1001)
        .map(|number| json!({"KeyVersionId": number.to_string(), "KeyMaterial": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="}))
        .collect();
    let key = "k".to_owned();
    let entry = json!({"KeyMetadata": {"KeyId": key, "Aliases": aliases, "Versions": versions}});
    server.ok("POST", "state", &entry.to_string());
    let rotated = created(&[
        ("EnableAutomaticRotation", "true"),
        ("RotationInterval", "730d"),
    ]);
    let deleted = [("KeyId", &*key), ("PendingWindowInDays", "366")];
    assert_eq!(verdict(&server, "ScheduleKeyDeletion", &deleted), "200 ");
    let describe = || {
        [&key, &rotated].map(|key| {
            let (status, reply) = server.alibaba("DescribeKey", &[("KeyId", key)]);
            assert_eq!(status, 200, "{reply}");
            reply["KeyMetadata"].clone()
        })
    };
    let before = describe();
    assert_eq!(before[0]["DeleteDate"], "9999-12-31T23:59:59Z");
    assert_eq!(before[1]["NextRotationDate"], "9999-12-31T23:59:59Z");
    server.ok("PUT", "snapshots/all", "");
    server.ok("POST", "reset", r#"{"fixtures":false}"#);
    server.ok("POST", "snapshots/all/restore", "");
    assert_eq!(describe(), before);
    let versions = server.alibaba("ListKeyVersions", &[("KeyId", &key)]).1;
    assert_eq!(versions["TotalCount"], 1001);
    let aliases = server.alibaba("ListAliasesByKeyId", &[("KeyId", &key)]).1;
    assert_eq!(aliases["TotalCount"], 1001);
}

#[test]
fn snapshots_and_resets_restore_instances() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("instances.json");
    fs::write(
        &path,
        r#"{"KmsInstance":{"InstanceId":"kst-a","InstanceName":"a"}}"#,
    )
    .unwrap();
    let mut server = Controlled::empty();
    let sources = Sources {
        kms_instances: vec!["kst-a".to_owned(), "kst-b".to_owned()],
        ..Sources::from(vec![path])
    };
    let progress = Progress::default();
    let store = &server.emulator.store;
    let baseline = Baseline::load(store, sources, defaults(), &progress).unwrap();
    server.emulator.fixtures = baseline;
    let names = |server: &Controlled| {
        ["kst-a", "kst-b", "kst-c"].map(|id| {
            let (_, reply) = server.alibaba("GetKmsInstance", &[("KmsInstanceId", id)]);
            reply["KmsInstance"]["InstanceName"].clone()
        })
    };
    assert_eq!(names(&server), [json!("a"), json!("kst-b"), Value::Null]);
    server.ok("POST", "state", r#"{"DefaultKmsInstanceId":"kst-c"}"#);
    server.ok("PUT", "snapshots/all", "");
    for has_spare in [false, true] {
        if has_spare {
            let emulator = &server.emulator;
            emulator.fixtures.make_spares(&emulator.store).unwrap();
        }
        server.ok("POST", "reset", "");
        assert_eq!(
            names(&server),
            [json!("a"), json!("kst-b"), Value::Null],
            "{has_spare}"
        );
    }
    server.ok("POST", "snapshots/all/restore", "");
    assert_eq!(names(&server), [json!("a"), json!("kst-b"), json!("kst-c")]);
    let (_, default) = server.alibaba("GetDefaultKmsInstance", &[]);
    assert_eq!(default["DefaultKmsInstanceId"], "kst-c");
    server.ok("POST", "reset", r#"{"fixtures":false}"#);
    assert_eq!(names(&server), [Value::Null, Value::Null, Value::Null]);
}
