//! Planned work, and differences between snapshots.

use serde_json::{Value, json};

use super::Controlled;

fn pick(list: &Value, members: &[&str]) -> Value {
    let items = list.as_array().unwrap().iter();
    items
        .map(|item| {
            members
                .iter()
                .map(|member| item[member].clone())
                .collect::<Value>()
        })
        .collect()
}

#[test]
fn planned_deletions_and_rotations_are_listed_in_the_order_of_their_times() {
    let server = Controlled::empty();
    assert_eq!(
        server.ok("GET", "clock/due", ""),
        json!({"count": 0, "due": []})
    );
    server.create("kept");
    server.create("a");
    server.create("b");
    server.create_rds("managed");
    for (name, days) in [("a", "30"), ("b", "7")] {
        let parameters = [("SecretName", name), ("RecoveryWindowInDays", days)];
        assert_eq!(server.alibaba("DeleteSecret", &parameters).0, 200);
    }
    let planned = server.ok("GET", "clock/due", "");
    assert_eq!(planned["count"], 3);
    assert_eq!(
        pick(
            &planned["due"],
            &["at", "work", "secret", "cloud", "region"]
        ),
        json!([
            [
                "2026-01-09T03:04:05Z",
                "deletion",
                "b",
                "alibaba",
                "cn-hangzhou"
            ],
            [
                "2026-01-09T03:04:05Z",
                "rotation",
                "managed",
                "alibaba",
                "cn-hangzhou"
            ],
            [
                "2026-02-01T03:04:05Z",
                "deletion",
                "a",
                "alibaba",
                "cn-hangzhou"
            ],
        ])
    );
    let first = server.ok("GET", "clock/due?limit=1", "");
    assert_eq!(
        (&first["count"], first["due"].as_array().unwrap().len()),
        (&json!(3), 1)
    );
    server.ok("POST", "clock/advance", r#"{"by":"8d"}"#);
    let left = server.ok("GET", "clock/due", "");
    assert_eq!(
        pick(&left["due"], &["work", "secret"]),
        json!([["rotation", "managed"], ["deletion", "a"]])
    );
    assert_eq!(
        server
            .error("GET", "clock/due?account=1000000000000000", "")
            .1,
        "TenantNotFound"
    );
}

#[test]
fn planned_work_on_keys_is_listed_with_their_ids() {
    let server = Controlled::empty();
    let create = |parameters: &[(&str, &str)]| {
        let (status, body) = server.alibaba("CreateKey", parameters);
        assert_eq!(status, 200, "{body}");
        let id = &body["KeyMetadata"]["KeyId"];
        id.as_str().unwrap().to_owned()
    };
    let rotated = create(&[
        ("EnableAutomaticRotation", "true"),
        ("RotationInterval", "14d"),
    ]);
    let deleted = create(&[
        ("EnableAutomaticRotation", "true"),
        ("RotationInterval", "7d"),
    ]);
    let parameters = [("KeyId", &*deleted), ("PendingWindowInDays", "20")];
    assert_eq!(server.alibaba("ScheduleKeyDeletion", &parameters).0, 200);
    server.create("secret");
    assert_eq!(
        server
            .alibaba("DeleteSecret", &[("SecretName", "secret")])
            .0,
        200
    );
    let planned = server.ok("GET", "clock/due", "");
    assert_eq!(planned["count"], 3);
    // A key that is planned to be deleted is not rotated.
    assert_eq!(
        pick(&planned["due"], &["at", "work", "key", "secret", "cloud"]),
        json!([
            ["2026-01-16T03:04:05Z", "rotation", rotated, null, "alibaba"],
            ["2026-01-22T03:04:05Z", "deletion", deleted, null, "alibaba"],
            [
                "2026-02-01T03:04:05Z",
                "deletion",
                null,
                "secret",
                "alibaba"
            ],
        ])
    );
    server.ok("POST", "clock/advance", r#"{"by":"21d"}"#);
    let left = server.ok("GET", "clock/due", "");
    assert_eq!(
        pick(&left["due"], &["at", "work", "key", "secret"]),
        json!([
            ["2026-01-30T03:04:05Z", "rotation", rotated, null],
            ["2026-02-01T03:04:05Z", "deletion", null, "secret"],
        ])
    );
}

#[test]
fn planned_work_of_a_tenant_with_a_clock_of_its_own_is_listed_apart() {
    let server = Controlled::empty();
    let tenant = server.ok("POST", "tenants", r#"{"clock":true}"#);
    let account = tenant["account"].as_str().unwrap();
    let call = |action: &str, parameters: Value| {
        let body = json!({"cloud": "alibaba", "account": account, "action": action, "parameters": parameters});
        let reply = server.ok("POST", "call", &body.to_string());
        assert_eq!(reply["reply"]["status"], 200, "{reply}");
    };
    call(
        "CreateSecret",
        json!({"SecretName": "a", "VersionId": "v1", "SecretData": "x"}),
    );
    call("DeleteSecret", json!({"SecretName": "a"}));
    assert_eq!(server.ok("GET", "clock/due", "")["count"], 0);
    let own = server.ok("GET", &format!("clock/due?account={account}"), "");
    assert_eq!(
        pick(&own["due"], &["account", "secret"]),
        json!([[account, "a"]])
    );
}

#[test]
fn differences_name_added_removed_and_changed_secrets_without_their_values() {
    let server = Controlled::empty();
    for name in ["changed", "described", "deleted", "removed", "same"] {
        server.create(name);
    }
    server.ok("PUT", "snapshots/before", "");
    let compare = || server.ok("GET", "snapshots/before/differences", "");
    assert_eq!(compare(), json!({"count": 0, "secrets": []}));

    server.create("added");
    let one = |action: &str, parameters: &[(&str, &str)]| {
        let (status, body) = server.alibaba(action, parameters);
        assert_eq!(status, 200, "{body}");
    };
    one(
        "PutSecretValue",
        &[
            ("SecretName", "changed"),
            ("VersionId", "v2"),
            ("SecretData", "hunter3"),
        ],
    );
    one(
        "UpdateSecret",
        &[("SecretName", "described"), ("Description", "new")],
    );
    one(
        "TagResource",
        &[
            ("SecretName", "described"),
            ("Tags", r#"[{"TagKey":"k","TagValue":"v"}]"#),
        ],
    );
    one("DeleteSecret", &[("SecretName", "deleted")]);
    one(
        "DeleteSecret",
        &[
            ("SecretName", "removed"),
            ("ForceDeleteWithoutRecovery", "true"),
        ],
    );
    let found = compare();
    assert_eq!(
        pick(&found["secrets"], &["name", "change", "parts"]),
        json!([
            ["added", "added", []],
            ["changed", "changed", ["values", "stages"]],
            ["deleted", "changed", ["state"]],
            ["described", "changed", ["description", "tags"]],
            ["removed", "removed", []],
        ])
    );
    assert!(!found.to_string().contains("hunter"));

    server.ok("PUT", "snapshots/after", "");
    assert_eq!(
        server.ok("GET", "snapshots/before/differences?to=after", ""),
        found
    );
    let back = server.ok("GET", "snapshots/after/differences?to=before&limit=1", "");
    assert_eq!(back["count"], 5);
    assert_eq!(
        pick(&back["secrets"], &["name", "change"]),
        json!([["added", "removed"]])
    );
    server.ok("POST", "snapshots/before/restore", "");
    assert_eq!(compare()["count"], 0);
    for path in [
        "snapshots/none/differences",
        "snapshots/before/differences?to=none",
    ] {
        assert_eq!(server.error("GET", path, "").1, "SnapshotNotFound");
    }
}

#[test]
fn differences_compare_tencent_secrets_in_the_scopes_of_the_snapshot() {
    let server = Controlled::empty();
    let create = |name: &str| {
        let parameters = json!({"SecretName": name, "VersionId": "v1", "SecretString": "hunter2"});
        assert!(server.tencent("CreateSecret", &parameters)["Error"].is_null());
    };
    create("a");
    server.ok("PUT", "snapshots/before?cloud=tencent", "");
    server.create("of-the-other-cloud");
    server.tencent(
        "UpdateSecret",
        &json!({"SecretName": "a", "VersionId": "v1", "SecretString": "hunter3"}),
    );
    let found = server.ok("GET", "snapshots/before/differences", "");
    assert_eq!(
        pick(&found["secrets"], &["cloud", "name", "change", "parts"]),
        json!([["tencent", "a", "changed", ["values"]]])
    );
}
