use std::sync::Arc;
use std::time::Duration;

use kms_emulator::clouds::CloudApi;
use kms_emulator::http::wire::Cut;
use kms_emulator::router::{self, Served};
use serde_json::{Value, json};

use super::{Controlled, alibaba};
use crate::tencent;

#[test]
fn throttling_twice_and_then_success_is_one_line() {
    let server = Controlled::new();
    server.ok(
        "POST",
        "faults",
        r#"{"error":"Rejected.Throttling","times":2}"#,
    );
    for expected in [429, 429, 200] {
        let (status, body) = server.alibaba("ListSecrets", &[]);
        assert_eq!(status, expected);
        if expected == 429 {
            assert_eq!(body["Code"], "Rejected.Throttling");
            assert_eq!(body["Message"], "QPS Limit Exceeded");
        }
    }
    let fault = server.ok("GET", "faults/1", "");
    assert_eq!((&fault["hits"], &fault["seen"]), (&json!(2), &json!(3)));
}

#[test]
fn an_error_is_answered_in_the_dialect_and_the_format_of_the_request() {
    let server = Controlled::new();
    server.ok("POST", "faults", r#"{"error":"Forbidden.NoPermission"}"#);
    let reply = alibaba("ListSecrets", &[("Format", "XML")]).ask(&server.emulator);
    assert_eq!(reply.status, 403);
    let body = String::from_utf8(reply.body.to_vec()).unwrap();
    assert!(
        body.contains("<KMS><HttpStatus>403</HttpStatus><Code>Forbidden.NoPermission</Code>"),
        "{body}"
    );
    // The other cloud has no such code: the rule is not for it.
    assert_eq!(
        server.tencent("ListSecrets", &json!({}))["Error"],
        Value::Null
    );

    server.ok("POST", "faults", r#"{"error":"RequestLimitExceeded"}"#);
    let request = tencent::session::request("ListSecrets", &json!({}));
    let error = |request: &crate::support::TestRequest| {
        let reply = request.ask(&server.emulator);
        assert_eq!(reply.status, 200);
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        body["Response"]["Error"]["Message"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(error(&request).starts_with("Your current request times equals to `31` in a second"));
    let chinese = request.header("X-TC-Language", "zh-CN");
    assert!(error(&chinese).starts_with("您当前每秒请求 `31` 次"));
}

#[test]
fn every_documented_error_can_be_ordered() {
    let server = Controlled::new();
    let mut codes = vec![
        "Throttling.User",
        "ServiceUnavailableTemporary",
        "InternalFailure",
        "InternalError",
        "LimitExceeded",
    ];
    let all = [
        kms_emulator::clouds::with_default_settings()
            .alibaba
            .operations(),
        kms_emulator::clouds::with_default_settings()
            .tencent
            .operations(),
    ];
    codes.extend(
        all.iter()
            .flatten()
            .flat_map(|operation| &operation.errors)
            .map(|error| error.code),
    );
    for code in codes {
        server.ok("POST", "faults", &json!({"error": code}).to_string());
    }
    // As the operation words it.
    server.ok("DELETE", "faults", "");
    for (action, message) in [
        ("DescribeSecret", "Resource not found"),
        ("GetSecretValue", "Resource not found."),
    ] {
        let rule = json!({"match": {"action": action}, "error": "Forbidden.ResourceNotFound"});
        server.ok("POST", "faults", &rule.to_string());
        let (status, body) = server.alibaba(action, &[("SecretName", "x")]);
        assert_eq!(
            (status, &body["Message"]),
            (404, &json!(message)),
            "{action}"
        );
    }
}

#[test]
fn an_error_before_the_work_keeps_it_from_being_done_and_after_it_does_not() {
    for (when, held) in [("before", 0), ("after", 1)] {
        let server = Controlled::empty();
        let rule =
            json!({"match": {"action": "CreateSecret"}, "error": "InternalFailure", "when": when});
        server.ok("POST", "faults", &rule.to_string());
        let create = [
            ("SecretName", "a"),
            ("VersionId", "v1"),
            ("SecretData", "x"),
        ];
        let (status, body) = server.alibaba("CreateSecret", &create);
        assert_eq!((status, &body["Code"]), (500, &json!("InternalFailure")));
        assert_eq!(server.names(None).len(), held, "{when}");
    }
}

#[test]
fn a_rule_is_for_what_it_matches_only() {
    let server = Controlled::new();
    let rule = json!({
        "match": {"cloud": "tencent", "action": "DescribeSecret", "secret": "db-*", "access_key_id": "test"},
        "error": "InternalError",
    });
    server.ok("POST", "faults", &rule.to_string());
    let ask = |action: &str, name: &str, id: &str| {
        let request = tencent::session::request(action, &json!({"SecretName": name}));
        let reply = request
            .sign_tc3(id, "test", crate::support::now())
            .ask(&server.emulator);
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        body["Response"]["Error"]["Code"] == "InternalError"
    };
    assert!(ask("DescribeSecret", "db-password", "test"));
    assert!(!ask("DescribeSecret", "other", "test"));
    assert!(!ask("DescribeSecret", "db-password", "somebody"));
    assert!(!ask("ListSecretVersionIds", "db-password", "test"));
    assert_ne!(
        server
            .alibaba("DescribeSecret", &[("SecretName", "db-x")])
            .1["Code"],
        "InternalError"
    );
    assert_eq!(server.ok("GET", "faults/1", "")["seen"], 1);
}

#[test]
fn latency_passes_before_the_work_or_after_it() {
    let server = Controlled::new();
    let request = alibaba("ListSecrets", &[]);
    for (rule, before, after) in [
        (json!({"latency": "200ms"}), 200, 0),
        (json!({"latency": "1s", "when": "after"}), 0, 1000),
        (
            json!({"latency": {"min": "3s", "max": "3s"}, "error": "InternalFailure"}),
            3000,
            0,
        ),
    ] {
        server.ok("DELETE", "faults", "");
        server.ok("POST", "faults", &rule.to_string());
        request.with_wire(|wire| {
            let plan = router::plan(&server.emulator, Arc::new(wire.clone()), Served::default());
            assert_eq!(plan.delay(), Duration::from_millis(before), "{rule}");
            let reply = router::answer(&server.emulator, plan);
            assert_eq!(reply.delivery.delay, Duration::from_millis(after), "{rule}");
        });
    }
}

#[test]
fn a_reset_or_a_truncation_is_carried_out_on_the_way() {
    let server = Controlled::new();
    server.ok("POST", "faults", r#"{"reset":true,"times":1}"#);
    server.ok("POST", "faults", r#"{"truncate":10,"times":1}"#);
    let cut = || {
        alibaba("ListSecrets", &[])
            .ask(&server.emulator)
            .delivery
            .cut
    };
    assert_eq!(cut(), Some(Cut::Reset));
    assert_eq!(cut(), Some(Cut::Body(10)));
    assert_eq!(cut(), None);
    // What the client does not have was not answered.
    let listed = server.ok("GET", "journal", "");
    let codes: Vec<_> = listed["requests"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["ConnectionReset", "BodyTruncated", "OK"]);
    let report = server.ok("GET", "coverage", "");
    assert_eq!(report["clouds"][0]["codes"]["OK"], 1);
}

#[test]
fn faults_are_listed_removed_and_cleared() {
    let server = Controlled::new();
    let rule = json!({
        "match": {"nth": 3, "probability": 0.5, "seed": 7},
        "latency": {"min": "100ms", "max": "1s"},
        "when": "before",
        "times": 1,
    });
    let added = server.ok("POST", "faults", &rule.to_string());
    assert_eq!(added, json!({"id": 1, "rule": rule, "seen": 0, "hits": 0}));
    server.ok("POST", "faults", r#"{"reset":true}"#);
    let ids = || {
        let listed = server.ok("GET", "faults", "");
        let faults = listed["faults"].as_array().unwrap().clone();
        faults
            .iter()
            .map(|fault| fault["id"].as_u64().unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(), [1, 2]);
    assert_eq!(server.ok("DELETE", "faults/1", "")["id"], 1);
    assert_eq!(ids(), [2]);
    assert_eq!(
        server.ok("DELETE", "faults", "")["faults"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(ids(), [0; 0]);
    // Numbers are not used again.
    assert_eq!(server.ok("POST", "faults", r#"{"reset":true}"#)["id"], 3);
}

#[test]
fn a_rule_that_cannot_be_is_refused_with_the_place() {
    let server = Controlled::new();
    for (rule, place) in [
        (json!({}), "body"),
        (json!({"times": 2}), "body"),
        (json!({"error": "Nonsense"}), "body.error"),
        (
            json!({"error": "Rejected.Throttling", "match": {"cloud": "tencent"}}),
            "body.error",
        ),
        (
            json!({"error": "InternalFailure", "times": 0}),
            "body.times",
        ),
        (
            json!({"reset": true, "match": {"nth": 0}}),
            "body.match.nth",
        ),
        (
            json!({"reset": true, "match": {"every": 0}}),
            "body.match.every",
        ),
        (
            json!({"reset": true, "match": {"probability": 1.5}}),
            "body.match.probability",
        ),
        (
            json!({"reset": true, "match": {"action": "Frobnicate"}}),
            "body.match.action",
        ),
        (
            json!({"reset": true, "match": {"nht": 1}}),
            "body.match.nht",
        ),
        (json!({"reset": true, "truncate": 1}), "body.truncate"),
        (
            json!({"latency": {"min": "2s", "max": "1s"}}),
            "body.latency",
        ),
        (json!({"latency": "11m"}), "body.latency"),
        (json!({"latency": 5}), "body.latency"),
        (
            json!({"latency": {"min": "1s", "max": "2s", "mean": "1s"}}),
            "body.latency",
        ),
        (
            json!({"reset": true, "match": {"cloud": "tencent", "action": "SetSecretPolicy"}}),
            "body.match.action",
        ),
        (
            json!({"error": "RequestLimitExceeded", "match": {"action": "SetSecretPolicy"}}),
            "body.error",
        ),
    ] {
        let (status, code, found) = server.error("POST", "faults", &rule.to_string());
        assert_eq!(
            (status, &*code, &*found),
            (400, "InvalidBody", place),
            "{rule}"
        );
    }
}

#[test]
fn an_unknown_code_or_operation_is_answered_with_the_nearest_known_one() {
    let server = Controlled::new();
    for (rule, meant) in [
        (
            json!({"error": "Rejected.Throttle"}),
            Some("Rejected.Throttling"),
        ),
        (
            json!({"error": "rejected.throttling"}),
            Some("Rejected.Throttling"),
        ),
        (
            json!({"error": "RequestLimitExceded"}),
            Some("RequestLimitExceeded"),
        ),
        (
            json!({"error": "InternalFailur", "match": {"action": "ListSecrets", "cloud": "alibaba"}}),
            Some("InternalFailure"),
        ),
        (json!({"error": "Zzz"}), None),
        // Codes of the other cloud are not suggested.
        (
            json!({"error": "Rejected.Throttle", "match": {"cloud": "tencent"}}),
            None,
        ),
        (
            json!({"reset": true, "match": {"action": "GetSecretsValue"}}),
            Some("GetSecretValue"),
        ),
        (json!({"reset": true, "match": {"action": "Zzz"}}), None),
        (json!({"error": "R".repeat(1_000_000)}), None),
    ] {
        let (status, answer) = server.ask("POST", "faults", &rule.to_string());
        let message = answer["message"].as_str().unwrap();
        assert_eq!(status, 400, "{message}");
        match meant {
            Some(meant) => assert!(
                message.ends_with(&format!("did you mean `{meant}`?")),
                "{message}"
            ),
            None => assert!(!message.contains("did you mean"), "{message}"),
        }
    }
}
