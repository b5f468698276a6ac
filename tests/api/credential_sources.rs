//! Requests for metadata and for the credentials URI are recorded, and struck by fault rules, like requests of the
//! clouds' APIs.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use kms_emulator::clouds::auth::rate_limit::RateLimiter;
use kms_emulator::clouds::context::AuthMode;
use kms_emulator::http::wire::Cut;
use kms_emulator::router::{self, Served};
use serde_json::{Value, json};

use crate::control::Controlled;
use crate::support::{TestRequest, emulator};

/// A credential source: its cloud, a path that issues a key, its name for fault rules, and the members with secrets.
struct Source {
    cloud: &'static str,
    path: &'static str,
    action: &'static str,
    id: &'static str,
    secrets: [&'static str; 2],
}

const SOURCES: [Source; 4] = [
    Source {
        cloud: "alibaba",
        path: "/latest/meta-data/ram/security-credentials/reader",
        action: "/latest/meta-data/ram/security-credentials/[role]",
        id: "AccessKeyId",
        secrets: ["AccessKeySecret", "SecurityToken"],
    },
    Source {
        cloud: "tencent",
        path: "/latest/meta-data/cam/security-credentials/reader",
        action: "/latest/meta-data/cam/security-credentials/[role]",
        id: "TmpSecretId",
        secrets: ["TmpSecretKey", "Token"],
    },
    Source {
        cloud: "tencent",
        path: "/meta-data/cam/service-role-security-credentials/reader",
        action: "/latest/meta-data/cam/service-role-security-credentials/[role]",
        id: "TmpSecretId",
        secrets: ["TmpSecretKey", "Token"],
    },
    Source {
        cloud: "alibaba",
        path: "/_emulator/credentials",
        action: "/_emulator/credentials",
        id: "AccessKeyId",
        secrets: ["AccessKeySecret", "SecurityToken"],
    },
];

fn get(path: &str) -> TestRequest {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    TestRequest {
        path: path.to_owned(),
        ..TestRequest::get(query)
    }
}

fn read(path: &str, server: &Controlled) -> (u16, Value) {
    let reply = get(path).ask(&server.emulator);
    let value = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
    (reply.status, value)
}

/// The last entry of the journal.
fn last(server: &Controlled) -> Value {
    let journal = server.ok("GET", "journal", "");
    journal["requests"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone()
}

#[test]
fn a_request_for_a_key_is_in_the_journal_with_its_secrets_masked() {
    let server = Controlled::empty();
    for source in SOURCES {
        let (status, key) = read(source.path, &server);
        assert_eq!(status, 200, "{}", source.path);
        let entry = last(&server);
        assert_eq!(entry["cloud"], source.cloud);
        assert_eq!(entry["action"], source.action);
        assert_eq!(entry["account"], "1000000000000000");
        assert_eq!(
            (&entry["status"], &entry["code"]),
            (&json!(200), &json!("OK"))
        );
        assert_eq!(entry["verdict"], "unsigned");
        let id = entry["request_id"].as_str().unwrap();
        let exchange = server.ok("GET", &format!("journal/{id}"), "");
        assert_eq!(exchange["received"]["path"], source.path, "{exchange}");
        let body = exchange["reply"]["body"].as_str().unwrap();
        let shown: Value = serde_json::from_str(body).unwrap();
        assert_eq!(shown[source.id], key[source.id]);
        for secret in source.secrets {
            assert_eq!(shown[secret], "***");
            let sent = key[secret].as_str().unwrap();
            assert!(!exchange.to_string().contains(sent), "{secret}");
        }
    }
    let entries = server.ok("GET", "journal?parameter=role=reader", "");
    assert_eq!(entries["count"], 3);
}

#[test]
fn the_account_of_a_credentials_uri_and_the_token_of_metadata_are_in_the_journal_as_sent_and_masked()
 {
    let server = Controlled::empty();
    read("/_emulator/credentials?account=2000000000000000", &server);
    let entry = last(&server);
    assert_eq!(entry["parameters"], json!({"account": "2000000000000000"}));
    assert_eq!(entry["account"], "2000000000000000");

    let request = TestRequest {
        method: "PUT".to_owned(),
        ..get("/latest/api/token")
    };
    let ttl = "X-aliyun-ecs-metadata-token-ttl-seconds";
    let token = request.header(ttl, "60").ask(&server.emulator);
    let token = String::from_utf8(token.body.to_vec()).unwrap();
    let request = get("/latest/meta-data/region-id");
    request
        .header("X-aliyun-ecs-metadata-token", &token)
        .ask(&server.emulator);
    assert_eq!(
        last(&server)["parameters"],
        json!({"X-aliyun-ecs-metadata-token": "***"})
    );
    let entries = server.ok("GET", "journal", "");
    assert_eq!(entries["requests"][1]["parameters"], json!({ttl: "60"}));
    for entry in entries["requests"].as_array().unwrap() {
        let id = entry["request_id"].as_str().unwrap();
        let exchange = server.ok("GET", &format!("journal/{id}"), "").to_string();
        assert!(!exchange.contains(&token), "{exchange}");
    }
}

#[test]
fn fault_rules_strike_requests_for_keys() {
    let server = Controlled::empty();
    for source in SOURCES {
        let matches =
            json!({"match": {"cloud": source.cloud, "action": source.action}, "times": 1});
        let with = |effect: Value| {
            let mut rule = matches.clone();
            for (name, value) in effect.as_object().unwrap() {
                rule[name] = value.clone();
            }
            server.ok("POST", "faults", &rule.to_string());
        };
        for status in [404, 500, 503] {
            with(json!({"error": "Failed", "status": status, "message": "no key for {Account}"}));
            let expected = json!({"Code": "Failed", "Message": "no key for 1000000000000000"});
            assert_eq!(
                read(source.path, &server),
                (status, expected),
                "{}",
                source.path
            );
            assert_eq!(last(&server)["code"], "Failed");
            assert_eq!(read(source.path, &server).0, 200);
        }
        with(json!({"reset": true}));
        let reply = get(source.path).ask(&server.emulator);
        assert_eq!(reply.delivery.cut, Some(Cut::Reset));
        with(json!({"truncate": 10}));
        let reply = get(source.path).ask(&server.emulator);
        assert_eq!(reply.delivery.cut, Some(Cut::Body(10)));
        with(json!({"error": "Failed", "status": 500, "when": "after"}));
        assert_eq!(read(source.path, &server).0, 500);
        let entry = last(&server);
        let id = entry["request_id"].as_str().unwrap();
        let exchange = server.ok("GET", &format!("journal/{id}"), "");
        assert!(
            exchange["reply"]["body"]
                .as_str()
                .unwrap()
                .contains("Failed")
        );
        server.ok("DELETE", "faults", "");
    }
    let (status, code, message) = server.error(
        "POST",
        "faults",
        r#"{"match":{"action":"/latest/meta-data/ram/security-credential/[role]"},"reset":true}"#,
    );
    assert_eq!((status, &*code), (400, "InvalidBody"));
    assert!(message.contains("body.match.action"), "{message}");
}

#[test]
fn a_latency_passes_before_or_after_a_key_is_issued() {
    let server = Controlled::empty();
    for source in SOURCES {
        for (when, before, after) in [("before", 3, 0), ("after", 0, 3)] {
            let rule = json!({
                "match": {"cloud": source.cloud, "action": source.action},
                "latency": "3s",
                "when": when,
                "times": 1,
            });
            server.ok("POST", "faults", &rule.to_string());
            get(source.path).with_wire(|wire| {
                let plan =
                    router::plan(&server.emulator, Arc::new(wire.clone()), Served::default());
                assert_eq!(plan.delay(), Duration::from_secs(before), "{rule}");
                let reply = router::answer(&server.emulator, plan);
                assert_eq!(reply.delivery.delay, Duration::from_secs(after), "{rule}");
                assert_eq!(reply.status, 200, "{rule}");
            });
        }
    }
}

#[test]
fn an_error_of_the_clouds_apis_does_not_strike_requests_for_keys_that_the_rule_does_not_name() {
    let server = Controlled::empty();
    server.ok(
        "POST",
        "faults",
        r#"{"error":"Rejected.Throttling","times":1}"#,
    );
    assert_eq!(read("/_emulator/credentials", &server).0, 200);
    assert_eq!(read("/latest/meta-data/region-id", &server).0, 200);
    assert_eq!(server.alibaba("ListSecrets", &[]).0, 429);
    // A failure of the network is not an error of an API.
    server.ok("POST", "faults", r#"{"reset":true,"times":1}"#);
    let reply = get("/latest/meta-data/region-id").ask(&server.emulator);
    assert_eq!(reply.delivery.cut, Some(Cut::Reset));
    let rule = r#"{"match":{"action":"/_emulator/credentials"},"error":"Rejected.Throttling"}"#;
    server.ok("POST", "faults", rule);
    assert_eq!(read("/_emulator/credentials", &server).0, 429);
}

#[test]
fn coverage_counts_requests_for_keys() {
    let server = Controlled::empty();
    let report = || {
        let coverage = server.ok("GET", "coverage", "");
        let clouds = coverage["clouds"].as_array().unwrap().clone();
        move |cloud: &str| {
            clouds
                .iter()
                .find(|found| found["cloud"] == cloud)
                .unwrap()
                .clone()
        }
    };
    for source in &SOURCES {
        let unused = &report()(source.cloud)["unused_operations"];
        assert!(unused.as_array().unwrap().contains(&json!(source.action)));
        read(source.path, &server);
        let coverage = report()(source.cloud);
        let operations = coverage["operations"].as_array().unwrap();
        let used = operations
            .iter()
            .find(|used| used["action"] == source.action);
        assert_eq!(used.unwrap()["requests"], 1, "{}", source.action);
        assert_eq!(coverage["unsupported_operations"], json!({}));
    }
    let role = "/latest/meta-data/ram/security-credentials/reader";
    get(role)
        .header("X-Aliyun-Ecs-Metadata-Token", "wrong")
        .ask(&server.emulator);
    let coverage = report()("alibaba");
    let of = |action: &str| {
        let operations = coverage["operations"].as_array().unwrap();
        let used = operations.iter().find(|used| used["action"] == action);
        let used = used.unwrap();
        (
            used["parameters"].clone(),
            used["unused_parameters"].clone(),
        )
    };
    let parameters = json!(["role", "X-aliyun-ecs-metadata-token"]);
    let of_role = of("/latest/meta-data/ram/security-credentials/[role]");
    assert_eq!(of_role, (parameters, json!([])));
    let unused = json!(["account", "tenant"]);
    assert_eq!(of("/_emulator/credentials"), (json!([]), unused));
    assert_eq!(read("/latest/meta-data/mac", &server).0, 404);
    let coverage = report()("alibaba");
    assert_eq!(coverage["unknown_operations"]["/latest/meta-data/mac"], 1);
    assert_eq!(coverage["codes"]["NotFound"], 1);
}

#[test]
fn the_rate_limit_applies_to_requests_for_keys() {
    for source in SOURCES {
        let mut server = Controlled::empty();
        server.emulator.rate_limiter = Some(RateLimiter::default());
        for _ in 0..30 {
            assert_eq!(read(source.path, &server).0, 200);
        }
        let (status, body) = read(source.path, &server);
        assert_eq!((status, &body["Code"]), (429, &json!("TooManyRequests")));
        // Other resources have their own limit.
        assert_eq!(read("/latest/meta-data/region-id", &server).0, 200);
        server
            .clock
            .set(crate::support::now() + TimeDelta::seconds(1));
        assert_eq!(read(source.path, &server).0, 200);
    }
}

#[test]
fn a_role_named_like_an_account_has_the_keys_and_the_clock_of_that_account() {
    let server = Controlled::with(emulator(AuthMode::Strict));
    let account = server.tenant_frozen_at("2030-01-01");
    let request = TestRequest {
        method: "PUT".to_owned(),
        ..get("/latest/api/token")
    };
    let request = request.header("X-aliyun-ecs-metadata-token-ttl-seconds", "60");
    let token = request.ask(&server.emulator);
    let token = String::from_utf8(token.body.to_vec()).unwrap();
    for directory in ["ram/security-credentials", "cam/security-credentials"] {
        let path = format!("/latest/meta-data/{directory}/{account}");
        // The SDK sends the same token with requests for all roles.
        let request = get(&path).header("X-aliyun-ecs-metadata-token", &token);
        let reply = request.ask(&server.emulator);
        assert_eq!(reply.status, 200, "{directory}");
        let key: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(key["Expiration"], "2030-01-01T06:00:00Z");
        let entry = last(&server);
        assert_eq!(entry["account"], account);
        assert_eq!(entry["tenant_time"], "2030-01-01T00:00:00Z");
    }
}

#[test]
fn percent_encoded_paths_name_the_same_resources() {
    let server = Controlled::empty();
    for (path, status) in [
        ("/latest/meta-data/region%2Did", 200),
        ("/latest/meta-data/ram/security-credentials/my%2drole", 200),
        ("/latest/meta-data/ram/security-credentials/a%20b", 404),
        ("/latest/meta-data/ram/security-credentials/a%2Fb", 404),
        ("/latest/meta-data/ram/security-credentials/%ff", 404),
        ("/latest/meta-data/cam/security-credentials/my%2drole", 200),
        (
            "/latest/meta-data/ram/security-credentials/../region-id",
            404,
        ),
    ] {
        assert_eq!(read(path, &server).0, status, "{path}");
    }
}

#[test]
fn rejected_requests_for_keys_are_in_the_journal() {
    let server = Controlled::empty();
    for (method, path, status, code) in [
        ("GET", "/latest/user-data", 404, "NotFound"),
        (
            "POST",
            "/latest/meta-data/region-id",
            405,
            "MethodNotAllowed",
        ),
        ("PUT", "/latest/api/token", 400, "BadRequest"),
        (
            "DELETE",
            "/meta-data/cam/security-credentials/a",
            405,
            "MethodNotAllowed",
        ),
        (
            "GET",
            "/_emulator/credentials?tenant=2000000000000000",
            404,
            "TenantNotFound",
        ),
        (
            "GET",
            "/_emulator/credentials?other=1",
            400,
            "InvalidParameter",
        ),
    ] {
        let request = TestRequest {
            method: method.to_owned(),
            ..get(path)
        };
        assert_eq!(
            request.ask(&server.emulator).status,
            status,
            "{method} {path}"
        );
        let entry = last(&server);
        assert_eq!(
            (&entry["status"], &entry["code"]),
            (&json!(status), &json!(code))
        );
    }
}

#[test]
fn requests_for_keys_from_pages_of_other_sites_are_rejected() {
    let server = Controlled::empty();
    for source in SOURCES {
        for (name, value) in [
            ("Sec-Fetch-Site", "cross-site"),
            ("Origin", "http://evil.example"),
        ] {
            let reply = get(source.path).header(name, value).ask(&server.emulator);
            assert_eq!(reply.status, 403, "{} {name}", source.path);
        }
        if source.path.contains("meta-data") {
            let browser = get(source.path).header("User-Agent", "Mozilla/5.0");
            assert_eq!(browser.ask(&server.emulator).status, 403);
        }
    }
    assert_eq!(server.ok("GET", "journal", "")["count"], 0);
}
