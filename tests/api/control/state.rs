//! Reset, export, import and snapshots.

use std::fs;
use std::sync::Arc;

use kms_emulator::clouds::context::AuthMode;
use kms_emulator::clouds::tencent::{Settings, Tencent};
use kms_emulator::emulator::Emulator;
use kms_emulator::emulator::clock::FixedClock;
use kms_emulator::fixtures::Progress;
use kms_emulator::fixtures::baseline::Baseline;
use kms_emulator::store::Store;
use serde_json::{Value, json};

use super::Controlled;
use crate::support::{emulator_on, now};

const OTHER: &str = "2000000000000000";

fn create_in(server: &Controlled, account: &str, name: &str) {
    let mut request = super::alibaba(
        "CreateSecret",
        &[
            ("SecretName", name),
            ("VersionId", "v1"),
            ("SecretData", "x"),
        ],
    );
    request.add_to_query("AccessKeyId", account);
    request.add_to_query("Signature", "unchecked");
    assert_eq!(request.ask(&server.emulator).status, 200);
}

#[test]
fn reset_removes_all_secrets_or_those_of_a_scope() {
    let server = Controlled::new();
    create_in(&server, OTHER, "theirs");
    let counts = server.ok("POST", "reset", &json!({"account": OTHER}).to_string());
    // The fixtures name another account.
    assert_eq!(
        counts,
        json!({"reset_to": "fixtures", "removed": 1, "loaded": 0})
    );
    assert_eq!(server.names(Some(OTHER)), [""; 0]);
    assert_eq!(server.names(None).len(), 8);

    create_in(&server, OTHER, "theirs");
    let body = r#"{"cloud":"tencent","fixtures":false}"#;
    let counts = server.ok("POST", "reset", body);
    assert_eq!(
        counts,
        json!({"reset_to": "empty", "removed": 9, "loaded": 0})
    );
    assert_eq!(server.tencent("ListSecrets", &json!({}))["TotalCount"], 0);
    assert_eq!(server.names(None).len(), 8);

    assert_eq!(
        server.ok("POST", "reset", r#"{"fixtures":false}"#),
        json!({"reset_to": "empty", "removed": 9, "loaded": 0})
    );
    assert_eq!(server.ok("GET", "ready", "")["scopes"], json!([]));
    server.create("new");
    assert_eq!(server.names(None), ["new"]);
}

#[test]
fn reset_restores_the_start_up_fixtures() {
    let server = Controlled::new();
    let before = server.names(None);
    let listed = server.tencent("ListSecrets", &json!({}));
    create_in(&server, OTHER, "theirs");
    // First without a spare copy, then with one.
    for _ in 0..3 {
        server.create("new");
        server.alibaba(
            "DeleteSecret",
            &[
                ("SecretName", &before[0]),
                ("ForceDeleteWithoutRecovery", "true"),
            ],
        );
        assert_ne!(server.names(None), before);
        let body = json!({"fixtures": true, "account": "1000000000000000"});
        let counts = server.ok("POST", "reset", &body.to_string());
        assert_eq!(
            counts,
            json!({"reset_to": "fixtures", "removed": 17, "loaded": 17})
        );
        assert_eq!(server.names(None), before);
        let again = server.tencent("ListSecrets", &json!({}));
        assert_eq!(again["SecretMetadatas"], listed["SecretMetadatas"]);
        server
            .emulator
            .fixtures
            .make_spares(&server.emulator.store)
            .unwrap();
    }
    assert_eq!(server.names(Some(OTHER)), ["theirs"]);
    assert_eq!(
        server.ok("GET", "ready", "")["scopes"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
}

#[test]
fn a_secret_of_several_fixtures_is_loaded_once() {
    let mut server = Controlled::empty();
    let directory = tempfile::tempdir().unwrap();
    let paths = ["a", "b"].map(|name| directory.path().join(name).with_extension("json"));
    fs::write(&paths[0], r#"{"token": "a", "other": "a"}"#).unwrap();
    fs::write(&paths[1], r#"{"token": "b"}"#).unwrap();
    let defaults = server.emulator.defaults();
    let progress = Progress::default();
    let store = &server.emulator.store;
    server.emulator.fixtures = Baseline::load(store, paths.to_vec(), defaults, &progress).unwrap();
    assert_eq!(server.emulator.fixtures.secrets(), 2);
    // First without a spare copy, then with one.
    for _ in 0..2 {
        assert_eq!(server.ok("POST", "reset", "{}")["loaded"], 2);
        let tenant = server.ok("POST", "tenants", r#"{"start_fixtures": true}"#);
        assert_eq!(tenant["secrets"], 2);
        let account = tenant["account"].as_str().unwrap();
        server.ok("DELETE", &format!("tenants/{account}"), "");
        let fixtures = &server.emulator.fixtures;
        fixtures.make_spares(&server.emulator.store).unwrap();
    }
}

#[test]
fn an_import_counts_a_secret_of_several_fixtures_once() {
    let server = Controlled::empty();
    let of = |account: &str, name: &str| json!({"Account": account, "SecretList": {"Secret": [{"SecretName": name}]}});
    let (own, other) = ("1000000000000000", "2000000000000000");
    let file = json!([
        of(own, "token"),
        of(own, "token"),
        of(other, "token"),
        of(own, "b")
    ]);
    assert_eq!(server.ok("POST", "state", &file.to_string())["loaded"], 3);
}

#[test]
fn reset_without_a_body_restores_fixtures_if_there_are_any() {
    let server = Controlled::new();
    let before = server.names(None);
    for body in ["", "{}", r#"{"fixtures":true}"#] {
        server.create("new");
        create_in(&server, OTHER, "theirs");
        let counts = server.ok("POST", "reset", body);
        assert_eq!(
            counts,
            json!({"reset_to": "fixtures", "removed": 19, "loaded": 17}),
            "{body}"
        );
        assert_eq!(server.names(None), before);
        assert_eq!(server.names(Some(OTHER)), [""; 0]);
    }
    // A part of the scopes.
    let counts = server.ok("POST", "reset", r#"{"cloud":"tencent"}"#);
    assert_eq!(
        counts,
        json!({"reset_to": "fixtures", "removed": 9, "loaded": 9})
    );

    let server = Controlled::empty();
    for body in ["", "{}", r#"{"fixtures":true}"#, r#"{"fixtures":false}"#] {
        server.create("new");
        let counts = server.ok("POST", "reset", body);
        assert_eq!(
            counts,
            json!({"reset_to": "empty", "removed": 1, "loaded": 0}),
            "{body}"
        );
    }
}

#[test]
fn secrets_removed_by_a_reset_are_garbage_collected() {
    let server = Controlled::new();
    let store = &server.emulator.store;
    server.ok("POST", "reset", r#"{"fixtures":true}"#);
    let mut rounds = 0;
    while store.write(|store| store.collect_garbage(5)).unwrap() {
        rounds += 1;
    }
    assert!(rounds > 10, "a little at a time: {rounds}");
    assert_eq!(server.names(None).len(), 8);
    // Only the other secrets are left, in their order.
    let export = server.raw("GET", "state?values=true", "").body;
    server.ok("POST", "reset", r#"{"fixtures":false}"#);
    while store.write(|store| store.collect_garbage(1000)).unwrap() {}
    server.ok("POST", "state", std::str::from_utf8(&export).unwrap());
    assert_eq!(server.raw("GET", "state?values=true", "").body, export);
}

/// A state with every member of a fixture, and with results of calls.
fn full() -> Controlled {
    let server = Controlled::new();
    server.create("db/password");
    let more = |action: &str, parameters: &[(&str, &str)]| {
        let (status, body) = server.alibaba(action, parameters);
        assert_eq!(status, 200, "{action} {body}");
    };
    more(
        "PutSecretValue",
        &[
            ("SecretName", "db/password"),
            ("VersionId", "v2"),
            ("SecretData", "naïve 密码"),
            ("VersionStages", r#"["ACSCurrent","mine"]"#),
        ],
    );
    more(
        "TagResource",
        &[
            ("SecretName", "db/password"),
            (
                "Tags",
                r#"[{"TagKey":"team","TagValue":"a"},{"TagKey":"env","TagValue":""}]"#,
            ),
        ],
    );
    more(
        "SetSecretPolicy",
        &[
            ("SecretName", "db/password"),
            (
                "Policy",
                r#"{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":["acs:ram::1000000000000000:*"]},"Action":["kms:*"],"Resource":["*"]}]}"#,
            ),
        ],
    );
    server.create_rds("rds");
    more(
        "DeleteSecret",
        &[("SecretName", "rds"), ("RecoveryWindowInDays", "9")],
    );
    for number in 0..4 {
        let name = format!("same-second-{number}");
        let create = json!({"SecretName": name, "VersionId": "v1", "SecretBinary": "AAE=", "Tags": [{"TagKey": "k", "TagValue": "v"}]});
        assert_eq!(
            server.tencent("CreateSecret", &create)["Error"],
            Value::Null
        );
    }
    server.tencent("DisableSecret", &json!({"SecretName": "same-second-1"}));
    server.tencent(
        "DeleteSecret",
        &json!({"SecretName": "same-second-2", "RecoveryWindowInDays": 3}),
    );
    create_in(&server, OTHER, "theirs");
    server
}

/// The lists of both clouds, and some values.
fn seen(server: &Controlled) -> Value {
    let mut replies = vec![
        server
            .alibaba("ListSecrets", &[("PageSize", "100"), ("FetchTags", "true")])
            .1,
        server.tencent("ListSecrets", &json!({"Limit": 100})),
        server
            .alibaba("GetSecretValue", &[("SecretName", "db/password")])
            .1,
        server
            .alibaba(
                "GetSecretValue",
                &[
                    ("SecretName", "db/password"),
                    ("VersionStage", "ACSPrevious"),
                ],
            )
            .1,
        server
            .alibaba("GetSecretPolicy", &[("SecretName", "db/password")])
            .1,
        server
            .alibaba("ListSecretVersionIds", &[("SecretName", "db/password")])
            .1,
        server
            .alibaba(
                "DescribeSecret",
                &[("SecretName", "rds"), ("FetchTags", "true")],
            )
            .1,
        server.tencent(
            "GetSecretValue",
            &json!({"SecretName": "same-second-0", "VersionId": "v1"}),
        ),
        server.tencent("DescribeSecret", &json!({"SecretName": "same-second-2"})),
        json!(server.names(Some(OTHER))),
    ];
    for reply in &mut replies {
        if let Some(members) = reply.as_object_mut() {
            members.remove("RequestId");
        }
    }
    json!(replies)
}

#[test]
fn export_loads_to_the_same_state() {
    let server = full();
    let export = server.raw("GET", "state?values=true", "");
    assert_eq!(export.status, 200);
    let text = std::str::from_utf8(&export.body).unwrap();

    let imported = Controlled::empty();
    assert_eq!(
        imported.ok("POST", "state", text),
        json!({"loaded": 24, "ignored": []})
    );
    assert_eq!(seen(&imported), seen(&server));
    assert_eq!(
        imported.raw("GET", "state?values=true", "").body,
        export.body
    );

    // The export also loads as a start-up fixture.
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("export.json");
    std::fs::write(&path, text).unwrap();
    let emulator = emulator_on(
        Store::in_memory().unwrap(),
        FixedClock::new(now()),
        AuthMode::Lenient,
    );
    let loaded = Baseline::load(
        &emulator.store,
        vec![path],
        emulator.defaults(),
        &Progress::default(),
    )
    .unwrap();
    assert_eq!(loaded.secrets(), 24);
    assert_eq!(seen(&Controlled::with(emulator)), seen(&server));
}

#[test]
fn export_has_values_only_on_request() {
    let server = full();
    let export = server.raw("GET", "state", "");
    let text = std::str::from_utf8(&export.body).unwrap();
    for value in ["hunter2", "naïve", "AAE=", "Versions"] {
        assert!(!text.contains(value), "{value}");
    }
    let imported = Controlled::empty();
    imported.ok("POST", "state", text);
    assert_eq!(imported.names(None), server.names(None));
    assert_eq!(imported.raw("GET", "state", "").body, export.body);
}

#[test]
fn single_scope_can_be_exported() {
    let server = full();
    let scopes = |query: &str| {
        let fixtures = server.ok("GET", &format!("state?{query}"), "");
        let fixtures = fixtures.as_array().unwrap().clone();
        let mut scopes = fixtures
            .iter()
            .map(|fixture| {
                (
                    fixture["Account"].as_str().unwrap().to_owned(),
                    fixture["Region"].as_str().unwrap().to_owned(),
                )
            })
            .collect::<Vec<_>>();
        // The keys of a scope are in a separate part.
        scopes.dedup();
        scopes
    };
    assert_eq!(scopes("").len(), 3);
    assert_eq!(
        scopes("account=2000000000000000"),
        [(OTHER.into(), "cn-hangzhou".into())]
    );
    assert_eq!(
        scopes("cloud=tencent"),
        [("1000000000000000".into(), "ap-guangzhou".into())]
    );
    assert_eq!(scopes("region=cn-shanghai"), []);
}

#[test]
fn region_of_an_import_is_one_of_the_cloud_that_it_selects() {
    let env = "TOKEN=abc";
    let secret = json!({"SecretName": "a", "CreateTime": 1_700_000_000});
    let tencent = json!({"SecretMetadatas": [secret], "TotalCount": 1});
    let mut elsewhere = tencent.clone();
    elsewhere["Region"] = "ap-beijing".into();
    let alibaba = json!({"SecretList": {"Secret": [{"SecretName": "a"}]}});
    let both = json!([tencent, alibaba]).to_string();
    let only_alibaba_has_none = json!([elsewhere, alibaba]).to_string();
    let tencent = tencent.to_string();
    let loaded_into: [(&str, &str, &[&str]); 9] = [
        ("", env, &["alibaba cn-hangzhou", "tencent ap-guangzhou"]),
        ("cloud=alibaba", env, &["alibaba cn-hangzhou"]),
        (
            "cloud=alibaba&region=cn-beijing",
            env,
            &["alibaba cn-beijing"],
        ),
        (
            "cloud=tencent&region=ap-shanghai",
            env,
            &["tencent ap-shanghai"],
        ),
        (
            "cloud=tencent&region=ap-shanghai",
            &both,
            &["tencent ap-shanghai"],
        ),
        ("region=ap-shanghai", &tencent, &["tencent ap-shanghai"]),
        (
            "region=cn-beijing",
            &only_alibaba_has_none,
            &["alibaba cn-beijing", "tencent ap-beijing"],
        ),
        ("cloud=tencent", "[]", &[]),
        ("region=cn-beijing", "[]", &[]),
    ];
    for (query, file, scopes) in loaded_into {
        let server = Controlled::empty();
        let loaded = server.ok("POST", &format!("state?{query}"), file);
        assert_eq!(loaded["loaded"], scopes.len(), "{query} {file}");
        let found = server.ok("GET", "ready", "");
        let found = found["scopes"].as_array().unwrap().iter();
        let found = found.map(|scope| {
            let text = |name: &str| scope[name].as_str().unwrap();
            format!("{} {}", text("cloud"), text("region"))
        });
        assert_eq!(found.collect::<Vec<_>>(), scopes, "{query} {file}");
    }
    for (query, file, place, message) in [
        (
            "region=cn-beijing",
            env,
            "region",
            "the clouds have different regions; choose one with `cloud`",
        ),
        (
            "region=ap-beijing",
            &both,
            "region",
            "the clouds have different regions; choose one with `cloud`",
        ),
        (
            "region=cn-beijing",
            &tencent,
            "region",
            "Tencent Cloud does not offer secrets in region `cn-beijing`",
        ),
        (
            "cloud=tencent&region=ap-seoul",
            env,
            "region",
            "Tencent Cloud does not offer secrets in region `ap-seoul`",
        ),
        (
            "cloud=alibaba&region=beijing",
            env,
            "region",
            "Alibaba Cloud does not offer secrets in region `beijing`",
        ),
        (
            "cloud=alibaba",
            &tencent,
            "cloud",
            "the fixture is for another cloud",
        ),
    ] {
        let server = Controlled::empty();
        let (status, error) = server.ask("POST", &format!("state?{query}"), file);
        assert_eq!(
            (status, error),
            (
                400,
                json!({"code": "InvalidParameter", "message": message, "place": format!("query.{place}")})
            ),
            "{query} {file}"
        );
        assert_eq!(server.ok("GET", "ready", "")["scopes"], json!([]));
    }
}

#[test]
fn import_uses_the_given_scope_unless_the_fixture_has_one() {
    let server = Controlled::empty();
    let secret = json!({"SecretName": "a", "CreateTime": "2024-01-01T00:00:00Z", "New": 1});
    let fixture = json!({"SecretList": {"Secret": [secret]}});
    let path = format!("state?account={OTHER}&region=cn-beijing");
    let imported = server.ok("POST", &path, &fixture.to_string());
    assert_eq!(
        imported,
        json!({"loaded": 1, "ignored": ["SecretList.Secret.0.New"]})
    );
    let named = json!({"Region": "cn-hongkong", "SecretList": {"Secret": []}, "Account": OTHER});
    server.ok("POST", "state", &json!([fixture, named]).to_string());
    let scopes = server.ok("GET", "ready", "");
    assert_eq!(scopes["scopes"][1]["region"], "cn-beijing");
    // Nothing is loaded if one secret is invalid.
    let bad = json!([{"SecretList": {"Secret": [{"SecretName": "b", "CreateTime": "2024-01-01T00:00:00Z"}]}}, {"SecretList": {"Secret": [{}]}}]);
    assert_eq!(
        server.error("POST", "state", &bad.to_string()).1,
        "InvalidFixture"
    );
    assert_eq!(server.names(None), ["a"]);
}

#[test]
fn snapshot_is_saved_listed_restored_and_deleted() {
    let server = full();
    let before = seen(&server);
    let saved = server.ok("PUT", "snapshots/clean", "");
    assert_eq!(saved["secrets"], 24);
    server.create("later");
    server.ok("POST", "reset", r#"{"cloud":"tencent","fixtures":false}"#);
    let restored = server.ok("POST", "snapshots/clean/restore", "");
    assert_eq!(restored, json!({"removed": 12, "loaded": 24}));
    assert_eq!(seen(&server), before);
    let listed = server.ok("GET", "snapshots", "");
    assert_eq!(
        listed["snapshots"],
        json!([{"name": "clean", "created_at": "2026-01-02T03:04:05Z", "secrets": 24, "cloud": null, "account": null, "region": null}])
    );
    server.ok("DELETE", "snapshots/clean", "");
    assert_eq!(
        server.error("POST", "snapshots/clean/restore", "").1,
        "SnapshotNotFound"
    );
    assert_eq!(seen(&server), before);
}

#[test]
fn account_with_the_number_of_a_tenant_is_restored() {
    // Tenants get numbers in this range, but every account may have them.
    let account = "9000000000000001";
    let server = full();
    create_in(&server, account, "mine");
    server.ok("PUT", "snapshots/all", "");
    server.ok("POST", "snapshots/all/restore", "");
    assert_eq!(server.names(Some(account)), ["mine"]);
}

#[test]
fn snapshot_of_an_account_does_not_change_other_accounts() {
    let server = full();
    server.ok("PUT", "snapshots/theirs?account=2000000000000000", "");
    create_in(&server, OTHER, "more");
    server.create("mine");
    let restored = server.ok("POST", "snapshots/theirs/restore", "");
    assert_eq!(restored, json!({"removed": 2, "loaded": 1}));
    assert_eq!(server.names(Some(OTHER)), ["theirs"]);
    assert!(server.names(None).contains(&"mine".to_owned()));
    // Saving again replaces the snapshot.
    create_in(&server, OTHER, "more");
    server.ok("PUT", "snapshots/theirs?account=2000000000000000", "");
    server.ok("POST", "reset", "");
    assert_eq!(
        server.ok("POST", "snapshots/theirs/restore", "")["loaded"],
        2
    );
}

#[test]
fn snapshots_and_tenants_are_kept_in_the_database_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("kms.db");
    let open = || {
        let clock = Arc::new(FixedClock::new(now()));
        let emulator = emulator_on(
            Store::open(&path).unwrap(),
            Arc::clone(&clock),
            AuthMode::Lenient,
        );
        emulator.load_tenants().unwrap();
        Controlled { emulator, clock }
    };
    let (account, key) = {
        let server = open();
        server.create("a");
        server.ok("PUT", "snapshots/one", "");
        let tenant = server.ok("POST", "tenants", "");
        let text = |name: &str| tenant[name].as_str().unwrap().to_owned();
        (text("account"), text("access_key_id"))
    };
    let server = open();
    server.ok("POST", "reset", "");
    server.ok("POST", "snapshots/one/restore", "");
    assert_eq!(server.names(None), ["a"]);
    let tenants = server.ok("GET", "tenants", "");
    assert_eq!(tenants["tenants"][0]["account"], json!(account));
    assert!(server.emulator.auth.credentials.keys().get(&key).is_some());
}

#[test]
fn longest_values_are_restored_from_a_snapshot() {
    let mut server = Controlled::empty();
    server.emulator.clouds.tencent = Tencent::new(Settings {
        max_value_bytes: 65_536,
        ..Settings::default()
    });
    let value = "x".repeat(60_000);
    let create = json!({"SecretName": "long", "VersionId": "v1", "SecretString": value});
    assert_eq!(
        server.tencent("CreateSecret", &create)["Error"],
        Value::Null
    );
    server.ok("PUT", "snapshots/long", "");
    server.ok("POST", "reset", "");
    assert_eq!(server.ok("POST", "snapshots/long/restore", "")["loaded"], 1);
    let get = json!({"SecretName": "long", "VersionId": "v1"});
    assert_eq!(
        server.tencent("GetSecretValue", &get)["SecretString"],
        value
    );
}

#[test]
fn reset_reads_changed_fixture_files() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("start.json");
    let write = |names: &[&str], region: &str| {
        let secrets: Vec<_> = names
            .iter()
            .map(|name| json!({"SecretName": name, "CreateTime": "2024-01-01T00:00:00Z"}))
            .collect();
        let file = json!({"Region": region, "SecretList": {"Secret": secrets}});
        std::fs::write(&path, file.to_string()).unwrap();
    };
    write(&["one"], "cn-hangzhou");
    let mut server = Controlled::empty();
    let loaded = Baseline::load(
        &server.emulator.store,
        vec![path.clone()],
        server.emulator.defaults(),
        &Progress::default(),
    );
    server.emulator.fixtures = loaded.unwrap();
    let make_spares = || {
        let Emulator {
            fixtures, store, ..
        } = &server.emulator;
        fixtures.make_spares(store).unwrap();
    };
    make_spares();
    write(&["one", "two"], "cn-hangzhou");
    make_spares();
    assert_eq!(
        server.ok("POST", "reset", r#"{"fixtures":true}"#)["loaded"],
        2
    );
    assert_eq!(server.names(None), ["one", "two"]);
    make_spares();
    // The changed file has another scope, and the first scope is empty.
    write(&["three"], "cn-beijing");
    assert_eq!(
        server.ok("POST", "reset", r#"{"fixtures":true}"#),
        json!({"reset_to": "fixtures", "removed": 2, "loaded": 1})
    );
    assert_eq!(
        server.ok("GET", "ready", "")["scopes"][0]["region"],
        "cn-beijing"
    );
    make_spares();
    // If a file does not exist any more, the reset fails and removes nothing.
    std::fs::remove_file(&path).unwrap();
    for _ in 0..2 {
        assert_eq!(
            server.error("POST", "reset", r#"{"fixtures":true}"#).1,
            "FixturesFailed"
        );
    }
    assert_eq!(server.ok("GET", "ready", "")["scopes"][0]["secrets"], 1);
}

#[test]
fn snapshot_does_not_restore_secrets_of_a_deleted_tenant() {
    let server = Controlled::empty();
    let tenants = ["kept", "dropped"].map(|name| {
        let secret = json!({"SecretName": name, "CreateTime": "2024-01-01T00:00:00Z"});
        let body = json!({"fixture": {"SecretList": {"Secret": [secret]}}});
        server.ok("POST", "tenants", &body.to_string())["account"]
            .as_str()
            .unwrap()
            .to_owned()
    });
    server.ok("PUT", "snapshots/all", "");
    server.ok("DELETE", &format!("tenants/{}", tenants[1]), "");
    assert_eq!(
        server.ok("POST", "snapshots/all/restore", ""),
        json!({"removed": 1, "loaded": 1})
    );
    assert_eq!(server.names(Some(&tenants[0])), ["kept"]);
    assert_eq!(server.names(Some(&tenants[1])), [""; 0]);
}
