use std::sync::Arc;

use chrono::TimeDelta;
use kms_emulator::clouds::context::AuthMode;
use kms_emulator::emulator::clock::{Clock, FixedClock};
use kms_emulator::store::Store;
use serde_json::json;

use super::{Controlled, alibaba};
use crate::support::{TestRequest, emulator_on, hint_of, now};
use crate::tencent;

/// An account with its key.
struct Tenant {
    account: String,
    id: String,
    secret: String,
}

impl Tenant {
    fn new(server: &Controlled, settings: &str) -> Self {
        let tenant = server.ok("POST", "tenants", settings);
        let text = |name: &str| tenant[name].as_str().unwrap().to_owned();
        Self {
            account: text("account"),
            id: text("access_key_id"),
            secret: text("access_key_secret"),
        }
    }

    fn request(&self, action: &str, parameters: &[(&str, &str)]) -> TestRequest {
        let key = [("AccessKeyId", &*self.id)];
        alibaba(action, parameters).sign_v1(&self.secret, &key)
    }

    /// Creates a secret named `a`.
    fn create_secret(&self, server: &Controlled) -> (u16, String) {
        let parameters = [
            ("SecretName", "a"),
            ("VersionId", "v1"),
            ("SecretData", "x"),
        ];
        let request = self.request("CreateSecret", &parameters);
        request.verdict(&server.emulator)
    }
}

#[test]
fn tenant_has_a_key_for_both_clouds_and_its_own_secrets() {
    let server = Controlled::new();
    let [one, two] = ["", "{}"].map(|settings| Tenant::new(&server, settings));
    assert_ne!(one.account, two.account);
    assert_eq!(one.account.len(), 16);
    // Below 2^53, so that clients that read floating-point numbers read it exactly.
    assert!(one.account.parse::<u64>().unwrap() < 1 << 53);
    for tenant in [&one, &two] {
        assert_eq!(tenant.create_secret(&server).1, "OK");
    }
    let get = one.request("GetSecretValue", &[("SecretName", "a")]);
    assert_eq!(get.verdict(&server.emulator).1, "OK");
    let forged = alibaba("ListSecrets", &[]).sign_v1("wrong", &[("AccessKeyId", &one.id)]);
    assert_eq!(forged.verdict(&server.emulator).1, "IncompleteSignature");

    let reply = tencent::session::request("ListSecrets", &json!({}))
        .sign_tc3(&one.id, &one.secret, crate::support::now())
        .ask(&server.emulator);
    let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(body["Response"]["TotalCount"], 0, "{body}");
    assert_eq!(server.names(None).len(), 8);
}

#[test]
fn deleted_tenant_has_no_secrets_and_its_key_is_unknown() {
    let server = Controlled::new();
    let tenant = Tenant::new(&server, "");
    tenant.create_secret(&server);
    let deleted = server.ok("DELETE", &format!("tenants/{}", tenant.account), "");
    assert_eq!(deleted, json!({"account": tenant.account, "removed": 1}));
    // Also in lenient mode the key does not reach secrets of another account.
    let list = tenant.request("ListSecrets", &[]);
    assert_eq!(
        list.verdict(&server.emulator),
        (404, "InvalidAccessKeyId.NotFound".into())
    );
    let reply = tencent::session::request("ListSecrets", &json!({}))
        .sign_tc3(&tenant.id, &tenant.secret, crate::support::now())
        .ask(&server.emulator);
    let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(
        body["Response"]["Error"]["Code"],
        "AuthFailure.SecretIdNotFound"
    );
    assert_eq!(server.ok("GET", "tenants", ""), json!({"tenants": []}));
}

#[test]
fn tenant_starts_with_the_given_fixtures() {
    let server = Controlled::new();
    let secret = json!({"SecretName": "given", "CreateTime": "2024-01-01T00:00:00Z"});
    // The account of the fixture is ignored.
    let fixture = json!({"Account": "3000000000000000", "SecretList": {"Secret": [secret]}});
    let tenant = server.ok("POST", "tenants", &json!({"fixture": fixture}).to_string());
    assert_eq!(tenant["secrets"], 1);
    assert_eq!(server.names(Some("3000000000000000")), [""; 0]);
    let tenant = server.ok("POST", "tenants", r#"{"start_fixtures":true}"#);
    assert_eq!(tenant["secrets"], 17);
    assert_eq!(
        server.error(
            "POST",
            "tenants",
            r#"{"fixture":{"SecretList":{"Secret":[{}]}}}"#
        ),
        (
            400,
            "InvalidFixture".into(),
            "body.fixture.SecretList.Secret[0]".into()
        )
    );
}

#[test]
fn tenant_expires_by_the_system_clock() {
    let server = Controlled::empty();
    let tenant = Tenant::new(&server, r#"{"ttl":"10m"}"#);
    let lasting = Tenant::new(&server, "");
    tenant.create_secret(&server);
    let status = |tenant: &Tenant| {
        let list = tenant.request("ListSecrets", &[]);
        list.verdict(&server.emulator).0
    };
    let listed = || {
        let listed = server.ok("GET", "tenants", "");
        listed["tenants"].as_array().unwrap().clone()
    };
    let expiry = || {
        let expiry: Vec<_> = listed()
            .iter()
            .filter_map(|tenant| tenant["expires_at"].as_str().map(str::to_owned))
            .collect();
        expiry
    };
    // Ten minutes later by the system clock, which the server's clock does not change.
    assert_eq!(expiry(), ["2026-01-02T03:14:05Z"]);
    for (method, path, body) in [
        ("POST", "clock/advance", r#"{"by":"8d"}"#),
        ("PUT", "clock", r#"{"now":"1999-01-01"}"#),
        ("POST", "clock/freeze", ""),
    ] {
        server.ok(method, path, body);
        assert_eq!(status(&tenant), 200, "{path}");
    }
    let made_later = Tenant::new(&server, r#"{"ttl":"10m"}"#);
    assert_eq!(expiry(), ["2026-01-02T03:14:05Z"; 2]);
    server.clock.set(now() + TimeDelta::seconds(599));
    assert_eq!((status(&tenant), listed().len()), (200, 3));
    // The tenant expires also while the server's clock is stopped.
    server.clock.set(now() + TimeDelta::seconds(600));
    assert_eq!((status(&tenant), status(&made_later)), (404, 404));
    assert_eq!(listed().len(), 1);
    assert_eq!(listed()[0]["account"], json!(lasting.account));
    assert_eq!(status(&lasting), 200);
    assert_eq!(server.ok("GET", "ready", "")["scopes"], json!([]));
}

#[test]
fn key_of_a_deleted_tenant_is_rejected_with_the_reason() {
    for mode in [AuthMode::Off, AuthMode::Lenient, AuthMode::Strict] {
        let clock = Arc::new(FixedClock::new(now()));
        let store = Store::in_memory().unwrap();
        let emulator = emulator_on(store, Arc::clone(&clock), mode);
        let server = Controlled { emulator, clock };
        let [expired, deleted] = [r#"{"ttl":"10m"}"#, ""].map(|body| Tenant::new(&server, body));
        let unknown = Tenant {
            account: "9000000000000001".to_owned(),
            id: "LTAItenant9000000000000001".to_owned(),
            secret: "s".to_owned(),
        };
        server.ok("DELETE", &format!("tenants/{}", deleted.account), "");
        server.clock.set(now() + TimeDelta::seconds(601));
        for (tenant, reason) in [
            (expired, "expired at 2026-01-02T03:14:05Z"),
            (deleted, "was deleted at 2026-01-02T03:04:05Z"),
            (unknown, "does not exist here"),
        ] {
            let list = tenant.request("ListSecrets", &[]);
            let alibaba = list.ask(&server.emulator);
            let tencent = tencent::session::request("ListSecrets", &json!({}))
                .sign_tc3(&tenant.id, &tenant.secret, server.emulator.clock.now())
                .ask(&server.emulator);
            for reply in [alibaba, tencent] {
                let hint = hint_of(&reply).unwrap_or_default();
                assert!(
                    hint.contains(reason) && hint.contains(&tenant.id),
                    "{mode:?} {reason}: {hint}"
                );
            }
        }
        // Requests with other keys get no hint about tenants.
        let other = alibaba("ListSecrets", &[]).sign_v1("s", &[("AccessKeyId", "someone")]);
        assert_eq!(hint_of(&other.ask(&server.emulator)), None);
    }
}

#[test]
fn list_of_tenants_has_no_secret_keys() {
    let server = Controlled::empty();
    let tenant = Tenant::new(&server, "");
    assert_eq!(tenant.secret.len(), 30);
    let reply = server.raw("GET", "tenants", "");
    assert!(!String::from_utf8_lossy(&reply.body).contains(&tenant.secret));
}

#[test]
fn reset_restores_the_fixtures_that_a_tenant_was_created_with() {
    let server = Controlled::new();
    for round in 0..2 {
        // First without a spare copy, then with one.
        let tenant = server.ok("POST", "tenants", r#"{"start_fixtures":true}"#);
        let account = tenant["account"].as_str().unwrap();
        assert_eq!(tenant["secrets"], 17);
        let before = server.names(Some(account));
        let body = json!({"account": account, "fixtures": true}).to_string();
        let done = server.ok("POST", "reset", &body);
        assert_eq!(
            done,
            json!({"reset_to": "fixtures", "removed": 17, "loaded": 17}),
            "{round}"
        );
        assert_eq!(server.names(Some(account)), before);
        server
            .emulator
            .fixtures
            .make_spares(&server.emulator.store)
            .unwrap();
    }
    // Other tenants are reset to no secrets.
    let bare = server.ok("POST", "tenants", "");
    let body = json!({"account": bare["account"], "fixtures": true}).to_string();
    assert_eq!(server.ok("POST", "reset", &body)["loaded"], 0);
    // All tenants together.
    assert_eq!(
        server.ok("POST", "reset", r#"{"fixtures":true}"#)["loaded"],
        3 * 17
    );
}

#[test]
fn lifetime_must_end_within_the_range_of_the_clock() {
    let server = Controlled::empty();
    assert_eq!(
        server.error("POST", "tenants", r#"{"ttl":"9000y"}"#),
        (409, "ClockOutOfRange".into(), "body.ttl".into())
    );
}
