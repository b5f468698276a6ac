//! Tenants with their own clock.

mod due_work;
mod filters;
mod isolation;

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use kms_emulator::clouds::auth::rate_limit::RateLimiter;
use kms_emulator::clouds::context::AuthMode;
use kms_emulator::emulator::clock::FixedClock;
use kms_emulator::store::Store;
use serde_json::{Value, json};

use super::{Controlled, alibaba};
use crate::support::{TestRequest, TestServer, emulator_on, now};
use crate::tencent;

/// A tenant of a server.
struct Tenant<'s> {
    server: &'s Controlled,
    account: String,
    id: String,
    secret: String,
}

impl<'s> Tenant<'s> {
    fn new(server: &'s Controlled, body: &Value) -> Self {
        let tenant = server.ok("POST", "tenants", &body.to_string());
        let text = |name: &str| tenant[name].as_str().unwrap().to_owned();
        Self {
            server,
            account: text("account"),
            id: text("access_key_id"),
            secret: text("access_key_secret"),
        }
    }

    fn with_clock(server: &'s Controlled) -> Self {
        Self::new(server, &json!({"clock": true}))
    }

    fn path(&self, path: &str) -> String {
        format!("{path}?account={}", self.account)
    }

    fn clock(&self) -> Value {
        self.server.ok("GET", &self.path("clock"), "")
    }

    fn advance(&self, by: &str) -> Value {
        let body = json!({"by": by}).to_string();
        self.server.ok("POST", &self.path("clock/advance"), &body)
    }

    fn set(&self, now: &str) -> Value {
        let body = json!({"now": now, "frozen": true}).to_string();
        self.server.ok("PUT", &self.path("clock"), &body)
    }

    /// A request to Alibaba Cloud for this account, whose signature is not checked in lenient mode.
    fn request(&self, action: &str, parameters: &[(&str, &str)]) -> TestRequest {
        of_account(Some(&self.account), action, parameters)
    }

    fn alibaba(&self, action: &str, parameters: &[(&str, &str)]) -> Value {
        let reply = self.request(action, parameters).ask(&self.server.emulator);
        assert_eq!(reply.status, 200, "{action} {:?}", reply.body);
        serde_json::from_slice(&reply.body).unwrap()
    }

    fn tencent(&self, action: &str, parameters: &Value, time: DateTime<Utc>) -> Value {
        let reply = tencent::session::request(action, parameters)
            .sign_tc3(&self.id, &self.secret, time)
            .ask(&self.server.emulator);
        let mut body: Value = serde_json::from_slice(&reply.body).unwrap();
        body["Response"].take()
    }

    fn create(&self, name: &str) {
        let version = [("VersionId", "v1"), ("SecretData", "x")];
        self.alibaba(
            "CreateSecret",
            &[&[("SecretName", name)], &version[..]].concat(),
        );
    }

    fn delete_in(&self, name: &str, days: &str) {
        let parameters = [("SecretName", name), ("RecoveryWindowInDays", days)];
        self.alibaba("DeleteSecret", &parameters);
    }

    fn names(&self) -> Vec<String> {
        self.server.names(Some(&self.account))
    }
}

/// A request to Alibaba Cloud for an account, or for the default account.
fn of_account(account: Option<&str>, action: &str, parameters: &[(&str, &str)]) -> TestRequest {
    let mut request = alibaba(action, parameters);
    if let Some(account) = account {
        request.add_to_query("AccessKeyId", account);
        request.add_to_query("Signature", "unchecked");
    }
    request
}

fn text(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

#[test]
fn clocks_of_tenants_and_the_servers_clock_move_independently() {
    let server = Controlled::empty();
    // A new clock shows the system time, wherever the server's clock is.
    server.ok("PUT", "clock", r#"{"now":"2040-01-01","frozen":true}"#);
    let [one, two] = [(); 2].map(|()| Tenant::with_clock(&server));
    let plain = Tenant::new(&server, &json!({}));
    let machine = json!({"now": text(now()), "frozen": false, "ahead_seconds": 0.0});
    assert_eq!(one.clock(), machine);
    let moved = one.advance("1d");
    let ahead = json!({"now": "2026-01-03T03:04:05Z", "frozen": false, "ahead_seconds": 86_400.0});
    assert_eq!(moved, ahead);
    assert_eq!(two.set("2031-05-06")["now"], "2031-05-06T00:00:00Z");
    server.clock.set(now() + TimeDelta::seconds(10));
    assert_eq!(one.clock()["now"], "2026-01-03T03:04:15Z");
    assert_eq!(two.clock()["now"], "2031-05-06T00:00:00Z");
    assert_eq!(server.ok("GET", "clock", "")["now"], "2040-01-01T00:00:00Z");
    let stopped = server.ok("POST", &one.path("clock/freeze"), "");
    assert_eq!(stopped["frozen"], true);
    let running = server.ok("POST", &two.path("clock/resume"), "");
    assert_eq!(running["frozen"], false);
    server.ok("DELETE", "clock", "");
    server.clock.set(now() + TimeDelta::seconds(11));
    assert_eq!(one.clock()["now"], "2026-01-03T03:04:15Z");
    assert_eq!(two.clock()["now"], "2031-05-06T00:00:01Z");
    assert_eq!(server.ok("GET", "clock", "")["now"], "2026-01-02T03:04:16Z");
    let reset = server.ok("DELETE", &one.path("clock"), "");
    assert_eq!(reset["ahead_seconds"], 0.0);
    assert_eq!(reset["frozen"], false);

    let listed = server.ok("GET", "tenants", "");
    let clocks = listed["tenants"].as_array().unwrap().iter();
    let of = |account: &str| {
        let mut tenants = clocks.clone();
        tenants.find(|tenant| tenant["account"] == account).unwrap()["clock"].clone()
    };
    assert_eq!(
        [&one, &two, &plain].map(|tenant| of(&tenant.account)),
        [json!(true), json!(true), json!(false)]
    );
}

#[test]
fn clock_of_an_account_without_one_is_not_found() {
    let server = Controlled::empty();
    let plain = Tenant::new(&server, &json!({}));
    for (method, path, body) in [
        ("GET", "clock", ""),
        ("PUT", "clock", r#"{"now":"2030-01-01"}"#),
        ("DELETE", "clock", ""),
        ("POST", "clock/advance", r#"{"by":"1d"}"#),
        ("POST", "clock/freeze", ""),
        ("POST", "clock/resume", ""),
    ] {
        for (account, status, code) in [
            (&*plain.account, 404, "ClockNotFound"),
            ("1000000000000000", 404, "TenantNotFound"),
            ("9000000000000001", 404, "TenantNotFound"),
            ("12", 400, "InvalidParameter"),
        ] {
            assert_eq!(
                server.error(method, &format!("{path}?account={account}"), body),
                (status, code.into(), "query.account".into()),
                "{method} {path}"
            );
        }
    }
    assert_eq!(server.ok("GET", "clock", "")["ahead_seconds"], 0.0);
}

#[test]
fn requests_of_a_tenant_have_the_time_of_its_clock() {
    let server = Controlled::empty();
    let tenant = Tenant::with_clock(&server);
    tenant.set("2031-01-01T00:00:00Z");
    tenant.create("a");
    tenant.set("2031-01-02T00:00:00Z");
    let update = [("SecretName", "a"), ("Description", "d")];
    let reply = tenant
        .request("UpdateSecret", &update)
        .ask(&server.emulator);
    assert_eq!(reply.status, 200);
    assert_eq!(
        reply.delivery.date,
        Some("2031-01-02T00:00:00Z".parse().unwrap())
    );
    let secret = tenant.alibaba("DescribeSecret", &[("SecretName", "a")]);
    assert_eq!(secret["CreateTime"], "2031-01-01T00:00:00Z");
    assert_eq!(secret["UpdateTime"], "2031-01-02T00:00:00Z");
    let put = [
        ("SecretName", "a"),
        ("VersionId", "v2"),
        ("SecretData", "y"),
    ];
    tenant.alibaba("PutSecretValue", &put);
    let value = tenant.alibaba("GetSecretValue", &[("SecretName", "a")]);
    assert_eq!(value["CreateTime"], "2031-01-02T00:00:00Z");

    let created = tenant.tencent(
        "CreateSecret",
        &json!({"SecretName": "a", "SecretString": "x"}),
        now(),
    );
    assert_eq!(created["Error"], Value::Null, "{created}");
    let secret = tenant.tencent("DescribeSecret", &json!({"SecretName": "a"}), now());
    assert_eq!(secret["CreateTime"], 1_925_078_400);

    // Secrets of a fixture without times are created at the time of the tenant.
    let path = format!("state?account={}", tenant.account);
    server.ok("POST", &path, r#"{"loaded":"value"}"#);
    let secret = tenant.alibaba("DescribeSecret", &[("SecretName", "loaded")]);
    assert_eq!(secret["CreateTime"], "2031-01-02T00:00:00Z");

    server.create("a");
    let (_, secret) = server.alibaba("DescribeSecret", &[("SecretName", "a")]);
    assert_eq!(secret["CreateTime"], text(now()));
    let reply = alibaba("ListSecrets", &[]).ask(&server.emulator);
    assert_eq!(reply.delivery.date, None);
}

#[test]
fn date_header_shows_the_clock_of_the_account() {
    let server = TestServer::start(AuthMode::Lenient);
    let send = |method: &str, target: &str, body: &str| {
        let length = body.len();
        let head =
            format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}");
        server.send(format!("{head}\r\n\r\n{body}").as_bytes())
    };
    let tenant = send("POST", "/_emulator/tenants", r#"{"clock":true}"#).json();
    let account = tenant["account"].as_str().unwrap();
    let body = r#"{"now":"2031-01-01","frozen":true}"#;
    send(
        "PUT",
        "/_emulator/clock",
        r#"{"now":"2041-01-01","frozen":true}"#,
    );
    let date = |target: &str| {
        let head = send("GET", target, "").head;
        let mut lines = head.lines();
        let date = lines.find_map(|line| line.strip_prefix("date: "));
        date.unwrap().to_owned()
    };
    let list = format!("/?Action=ListSecrets&AccessKeyId={account}&Signature=unchecked");
    // The system clock, which the test server has stopped.
    assert_eq!(date(&list), "fri, 02 jan 2026 03:04:05 gmt");
    send("PUT", &format!("/_emulator/clock?account={account}"), body);
    assert_eq!(date(&list), "wed, 01 jan 2031 00:00:00 gmt");
    assert_eq!(
        date("/?Action=ListSecrets"),
        "tue, 01 jan 2041 00:00:00 gmt"
    );
    assert_eq!(date("/_emulator/health"), "tue, 01 jan 2041 00:00:00 gmt");
}

#[test]
fn journal_has_the_servers_time_and_the_tenants() {
    let server = Controlled::empty();
    let tenant = Tenant::with_clock(&server);
    tenant.set("2031-01-01");
    tenant.create("a");
    server.create("b");
    let listed = server.ok(
        "GET",
        "journal?since=2026-01-02T03:04:05Z&until=2026-01-02T03:04:06Z",
        "",
    );
    assert_eq!(listed["count"], 2);
    let [of_tenant, of_server] = [0, 1].map(|index| &listed["requests"][index]);
    assert_eq!(of_tenant["time"], text(now()));
    assert_eq!(of_tenant["tenant_time"], "2031-01-01T00:00:00Z");
    assert_eq!(of_server["time"], text(now()));
    assert_eq!(of_server["tenant_time"], Value::Null);
}

#[test]
fn request_belongs_to_a_tenant_in_every_mode() {
    for mode in [AuthMode::Off, AuthMode::Lenient, AuthMode::Strict] {
        let store = Store::in_memory().unwrap();
        let server = Controlled::with(emulator_on(store, FixedClock::new(now()), mode));
        let tenant = Tenant::with_clock(&server);
        let then: DateTime<Utc> = "2031-01-01T00:00:00Z".parse().unwrap();
        tenant.set(&text(then));
        let key = [("AccessKeyId", &*tenant.id), ("Timestamp", &text(then))];
        let mut requests = vec![alibaba("DescribeRegions", &[]).sign_v1(&tenant.secret, &key)];
        requests.push(
            tencent::session::request("ListSecrets", &json!({})).sign_tc3(
                &tenant.id,
                &tenant.secret,
                then,
            ),
        );
        if mode == AuthMode::Off {
            // Without a signature the key id still selects the account.
            requests.push(alibaba("ListSecrets", &[("AccessKeyId", &*tenant.account)]));
            let query = format!(
                "Action=ListSecrets&Version=2019-09-23&Region=ap-guangzhou&SecretId={}",
                tenant.account
            );
            requests.push(TestRequest::get(&query).header("Host", "ssm.tencentcloudapi.com"));
        }
        for request in requests {
            let reply = request.ask(&server.emulator);
            assert_eq!(reply.status, 200, "{mode:?} {:?}", reply.body);
            assert_eq!(reply.delivery.date, Some(then), "{mode:?} {request:?}");
        }
        for entry in server.ok("GET", "journal", "")["requests"]
            .as_array()
            .unwrap()
        {
            assert_eq!(entry["code"], "OK");
            assert_eq!(entry["account"], *tenant.account);
        }
    }
}

#[test]
fn skew_and_nonces_follow_the_clock_of_the_tenant() {
    let store = Store::in_memory().unwrap();
    let clock = FixedClock::new(now());
    let server = Controlled::with(emulator_on(store, clock, AuthMode::Strict));
    let [one, two] = [(); 2].map(|()| Tenant::with_clock(&server));
    one.advance("1h");
    let signed = |tenant: &Tenant, nonce: &str, time: &str| {
        let parameters = [
            ("AccessKeyId", &*tenant.id),
            ("SignatureNonce", nonce),
            ("Timestamp", time),
        ];
        let request = alibaba("ListSecrets", &[]).sign_v1(&tenant.secret, &parameters);
        request.verdict(&server.emulator).1
    };
    let (then, soon) = ("2026-01-02T03:04:05Z", "2026-01-02T04:04:05Z");
    assert_eq!(signed(&one, "a", then), "IllegalTimestamp");
    assert_eq!(signed(&one, "a", soon), "OK");
    assert_eq!(signed(&one, "a", soon), "SignatureNonceUsed");
    assert_eq!(signed(&two, "a", soon), "IllegalTimestamp");
    assert_eq!(signed(&two, "a", then), "OK");
    // A nonce can be used again after half an hour of the tenant.
    one.advance("31m");
    two.set(then);
    assert_eq!(signed(&one, "a", "2026-01-02T04:35:05Z"), "OK");
    assert_eq!(signed(&two, "a", then), "SignatureNonceUsed");

    let hour = TimeDelta::hours(1) + TimeDelta::minutes(31);
    let list = json!({});
    assert_eq!(
        one.tencent("ListSecrets", &list, now() + hour)["TotalCount"],
        0
    );
    assert_eq!(
        one.tencent("ListSecrets", &list, now())["Error"]["Code"],
        "AuthFailure.SignatureExpire"
    );
    assert_eq!(two.tencent("ListSecrets", &list, now())["TotalCount"], 0);

    // A call is signed with the time of the account.
    for cloud in ["alibaba", "tencent"] {
        let body = json!({"cloud": cloud, "action": "ListSecrets", "account": one.account});
        let result = server.ok("POST", "call", &body.to_string());
        let reply: Value = serde_json::from_str(result["reply"]["body"].as_str().unwrap()).unwrap();
        let reply = if cloud == "tencent" {
            &reply["Response"]
        } else {
            &reply
        };
        assert_eq!(reply["TotalCount"], 0, "{reply}");
    }
}

#[test]
fn rates_are_limited_by_the_clock_of_the_tenant() {
    let mut server = Controlled::empty();
    server.emulator.rate_limiter = Some(RateLimiter::default());
    let server = server;
    let [one, two] = [(); 2].map(|()| Tenant::with_clock(&server));
    one.set("2031-01-01");
    two.set("2041-01-01");
    let status = |account| {
        let list = of_account(account, "ListSecrets", &[]);
        list.ask(&server.emulator).status
    };
    let accounts = [Some(&*one.account), Some(&*two.account), None];
    // Alternating requests at different times do not start the counts of others again.
    for _ in 0..30 {
        assert_eq!(accounts.map(status), [200; 3]);
    }
    assert_eq!(accounts.map(status), [429; 3]);
    one.advance("1s");
    assert_eq!(accounts.map(status), [200, 429, 429]);
    server.ok("POST", "clock/advance", r#"{"by":"1s"}"#);
    assert_eq!(accounts.map(status), [200, 429, 200]);
}

#[test]
fn clock_ends_with_its_tenant() {
    let server = Controlled::empty();
    let dropped = Tenant::with_clock(&server);
    let expired = Tenant::new(&server, &json!({"clock": true, "ttl": "10m"}));
    for tenant in [&dropped, &expired] {
        tenant.create("a");
        tenant.delete_in("a", "7");
        // The lifetime does not follow the tenant's clock.
        tenant.advance("1h");
        assert_eq!(tenant.names(), ["a"]);
    }
    server.ok("DELETE", &format!("tenants/{}", dropped.account), "");
    server.clock.set(now() + TimeDelta::seconds(600));
    server.alibaba("ListSecrets", &[]);
    for tenant in [&dropped, &expired] {
        assert_eq!(
            server.error("GET", &tenant.path("clock"), "").1,
            "TenantNotFound"
        );
        assert!(server.emulator.tenants.get(&tenant.account).is_none());
    }
    server.clock.set(now() + TimeDelta::days(8));
    assert!(!server.emulator.has_due());
    assert_eq!(server.emulator.store.own_due(), []);
}

#[test]
fn reset_and_snapshots_keep_the_clock_and_restored_secrets_follow_it() {
    let server = Controlled::empty();
    let tenant = Tenant::with_clock(&server);
    tenant.create("a");
    tenant.delete_in("a", "7");
    let path = format!("snapshots/before?account={}", tenant.account);
    server.ok("PUT", &path, "");
    let stopped = tenant.set("2026-01-03T00:00:00Z");
    let body = json!({"account": tenant.account}).to_string();
    assert_eq!(server.ok("POST", "reset", &body)["removed"], 1);
    assert_eq!(tenant.clock(), stopped);
    assert_eq!(server.emulator.store.own_due(), []);
    server.ok("POST", "snapshots/before/restore", "");
    assert_eq!(tenant.clock(), stopped);
    server.ok("POST", "clock/advance", r#"{"by":"30d"}"#);
    assert_eq!(tenant.names(), ["a"]);
    tenant.advance("7d");
    assert_eq!(tenant.names(), [""; 0]);
}

#[test]
fn start_up_fixtures_follow_the_clock_of_the_tenant() {
    let server = Controlled::new();
    let default = server.names(None);
    // First without a spare copy, then with one.
    for round in 0..2 {
        let body = json!({"clock": true, "start_fixtures": true});
        let tenant = Tenant::new(&server, &body);
        let before = tenant.names();
        let pending = {
            let list = tenant.alibaba("ListSecrets", &[("PageSize", "100")]);
            let secrets = list["SecretList"]["Secret"].as_array().unwrap().clone();
            let mut pending = secrets.iter().filter_map(|secret| {
                let time = secret["PlannedDeleteTime"].as_str()?;
                Some((secret["SecretName"].as_str()?.to_owned(), time.to_owned()))
            });
            pending.next().expect("a seed is pending deletion")
        };
        tenant.set(&pending.1);
        let after = tenant.names();
        assert!(before.contains(&pending.0), "{round}");
        assert!(!after.contains(&pending.0), "{round}");
        assert_eq!(server.names(None), default);
        server
            .emulator
            .fixtures
            .make_spares(&server.emulator.store)
            .unwrap();
    }
}

#[test]
fn tenant_has_its_clock_after_a_restart_and_it_shows_the_system_time() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("kms.db");
    let clock = Arc::new(FixedClock::new(now()));
    let start = || {
        let store = Store::open(&path).unwrap();
        let emulator = emulator_on(store, Arc::clone(&clock), AuthMode::Lenient);
        emulator.load_tenants().unwrap();
        Controlled {
            emulator,
            clock: Arc::clone(&clock),
        }
    };
    let first = start();
    let tenant = Tenant::with_clock(&first);
    tenant.create("a");
    tenant.create("kept");
    tenant.delete_in("a", "7");
    tenant.advance("6d");
    first.ok("POST", "clock/advance", r#"{"by":"90d"}"#);
    let (account, id, secret) = (tenant.account, tenant.id, tenant.secret);
    drop(first);
    let second = start();
    let tenant = Tenant {
        server: &second,
        account,
        id,
        secret,
    };
    // As the server's clock does.
    assert_eq!(second.ok("GET", "clock", "")["now"], text(now()));
    assert_eq!(tenant.clock()["now"], text(now()));
    second.ok("POST", "clock/advance", r#"{"by":"90d"}"#);
    assert_eq!(tenant.names(), ["a", "kept"]);
    tenant.advance("7d");
    assert_eq!(tenant.names(), ["kept"]);
}
