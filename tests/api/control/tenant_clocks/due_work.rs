//! Due work follows the clock of its tenant.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::Tenant;
use crate::control::{Controlled, RDS};
use crate::support::now;

#[test]
fn planned_deletions_are_done_by_the_clock_of_the_tenant() {
    let server = Controlled::empty();
    let [one, two] = [(); 2].map(|()| Tenant::with_clock(&server));
    let plain = Tenant::new(&server, &json!({}));
    for tenant in [&one, &two, &plain] {
        tenant.create("week");
        tenant.create("kept");
        tenant.delete_in("week", "7");
    }
    let counts = || {
        let mut counts = Vec::new();
        for tenant in [&one, &two, &plain] {
            let ready = server.ok("GET", "ready", "");
            let mut scopes = ready["scopes"].as_array().unwrap().iter();
            let scope = scopes.find(|scope| scope["account"] == *tenant.account);
            counts.push(scope.unwrap()["secrets"].as_u64().unwrap());
        }
        counts
    };
    one.advance("6d 23h");
    assert_eq!(counts(), [2, 2, 2]);
    one.advance("1h");
    assert_eq!(counts(), [1, 2, 2]);
    server.ok("POST", "clock/advance", r#"{"by":"30d"}"#);
    assert_eq!(counts(), [1, 2, 1]);
    two.advance("7d");
    assert_eq!(counts(), [1, 1, 1]);
    assert_eq!(one.names(), ["kept"]);
}

#[test]
fn rotations_are_done_in_order_of_time_by_the_clock_of_the_tenant() {
    let server = Controlled::empty();
    let [one, two] = [(); 2].map(|()| Tenant::with_clock(&server));
    for tenant in [&one, &two] {
        tenant.alibaba(
            "CreateSecret",
            &[&[("SecretName", "rds")], &RDS[..]].concat(),
        );
    }
    one.advance("15d");
    let dates = |tenant: &Tenant| {
        let secret = tenant.alibaba("DescribeSecret", &[("SecretName", "rds")]);
        ["LastRotationDate", "NextRotationDate"].map(|name| secret[name].clone())
    };
    assert_eq!(
        dates(&one),
        [json!("2026-01-16T03:04:05Z"), json!("2026-01-23T03:04:05Z")]
    );
    assert_eq!(dates(&two), [Value::Null, json!("2026-01-09T03:04:05Z")]);
    let parameters = [("SecretName", "rds"), ("IncludeDeprecated", "true")];
    let versions = one.alibaba("ListSecretVersionIds", &parameters);
    let times = versions["VersionIds"]["VersionId"].as_array().unwrap();
    let times: Vec<_> = times.iter().map(|version| &version["CreateTime"]).collect();
    assert_eq!(
        times,
        [
            "2026-01-02T03:04:05Z",
            "2026-01-09T03:04:05Z",
            "2026-01-16T03:04:05Z"
        ]
    );
}

#[test]
fn due_work_of_a_running_clock_is_done_without_a_request_of_its_tenant() {
    let server = Controlled::empty();
    let [running, frozen] = [(); 2].map(|()| Tenant::with_clock(&server));
    for tenant in [&running, &frozen] {
        tenant.create("a");
        tenant.delete_in("a", "7");
        tenant.advance("6d");
    }
    server.ok("POST", &frozen.path("clock/freeze"), "");
    let counts = || {
        server
            .emulator
            .store
            .read(|store| store.count_secrets())
            .unwrap()
    };
    server.clock.set(now() + TimeDelta::hours(23));
    assert!(!server.emulator.has_due());
    server.clock.set(now() + TimeDelta::days(1));
    assert!(server.emulator.has_due());
    // As the housekeeper does.
    server.emulator.do_due_work();
    assert!(!server.emulator.has_due());
    let left: Vec<_> = counts()
        .into_iter()
        .map(|count| (count.account, count.secrets))
        .collect();
    assert_eq!(left, [(frozen.account.clone(), 1)]);
    server.ok("POST", &frozen.path("clock/resume"), "");
    server.clock.set(now() + TimeDelta::days(2));
    assert!(server.emulator.has_due());
    server.alibaba("ListSecrets", &[]);
    assert_eq!(counts(), []);
}

#[test]
fn a_key_is_deleted_by_the_clock_of_its_tenant_and_its_secrets_cannot_be_read() {
    let server = Controlled::empty();
    let [one, two] = [(); 2].map(|()| Tenant::with_clock(&server));
    let keys = [&one, &two].map(|tenant| {
        let key = tenant.alibaba("CreateKey", &[])["KeyMetadata"]["KeyId"].clone();
        let key = key.as_str().unwrap().to_owned();
        let secret = [
            ("SecretName", "s"),
            ("VersionId", "v1"),
            ("SecretData", "x"),
            ("EncryptionKeyId", &*key),
        ];
        tenant.alibaba("CreateSecret", &secret);
        tenant.alibaba(
            "ScheduleKeyDeletion",
            &[("KeyId", &key), ("PendingWindowInDays", "7")],
        );
        key
    });
    one.advance("7d");
    let status = |tenant: &Tenant, action: &str, parameter| {
        tenant
            .request(action, &[parameter])
            .ask(&server.emulator)
            .status
    };
    for (tenant, key, described, read) in [(&one, &keys[0], 404, 404), (&two, &keys[1], 200, 409)] {
        assert_eq!(status(tenant, "DescribeKey", ("KeyId", key)), described);
        assert_eq!(status(tenant, "GetSecretValue", ("SecretName", "s")), read);
    }
}
