//! Which requests a fault rule applies to, and what it does.

use std::sync::Arc;
use std::time::Duration;

use kms_emulator::http::wire::Cut;
use kms_emulator::router::{self, Served};
use serde_json::{Value, json};

use super::fault_errors::{alibaba_elsewhere, tencent_elsewhere};
use super::{Controlled, alibaba};
use crate::support::TestRequest;
use crate::tencent;

#[test]
fn two_throttled_requests_and_a_success_need_one_rule() {
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
fn an_error_before_the_operation_prevents_it_and_an_error_after_it_does_not() {
    for (when, expected) in [("before", 0), ("after", 1)] {
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
        assert_eq!(server.names(None).len(), expected, "{when}");
    }
}

#[test]
fn a_rule_applies_only_to_requests_that_match() {
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
    assert!(!ask("DescribeSecret", "db-password", "another-key"));
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
fn a_rule_applies_to_the_requests_of_its_region() {
    let server = Controlled::new();
    for region in ["cn-shanghai", "ap-shanghai"] {
        let rule = json!({"match": {"region": region}, "error": "ServiceUnavailable"});
        server.ok("POST", "faults", &rule.to_string());
    }
    let listed = server.ok("GET", "faults/1", "");
    assert_eq!(listed["rule"]["match"], json!({"region": "cn-shanghai"}));
    for (host, status) in [
        ("kms.cn-shanghai.aliyuncs.com", 503),
        ("cn-shanghai.localhost:8080", 503),
        ("kms.cn-hangzhou.aliyuncs.com", 200),
        ("127.0.0.1:8080", 200),
    ] {
        let request = alibaba("ListSecrets", &[]).header("host", host);
        assert_eq!(request.ask(&server.emulator).status, status, "{host}");
    }
    // The region of Tencent Cloud is a parameter; one that it does not have is none.
    for (region, code) in [
        ("ap-shanghai", "ServiceUnavailable"),
        ("ap-guangzhou", ""),
        ("cn-shanghai", "InvalidParameterValue"),
    ] {
        let request = tencent::session::request("ListSecrets", &json!({}));
        let reply = request.header("X-TC-Region", region).ask(&server.emulator);
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        let found = body["Response"]["Error"]["Code"].as_str();
        assert_eq!(found.unwrap_or_default(), code, "{body}");
    }
    let rule = r#"{"match":{"region":"Shanghai"},"reset":true}"#;
    let (status, code, _) = server.error("POST", "faults", rule);
    assert_eq!((status, &*code), (400, "InvalidBody"));
}

#[test]
fn region_that_no_request_of_a_rule_can_have_is_rejected() {
    let server = Controlled::new();
    let metadata = "/latest/meta-data/cam/security-credentials/[role]";
    for (rule, is_accepted) in [
        // Hosts of Alibaba Cloud can name any region.
        (json!({"region": "cn-new-1", "cloud": "alibaba"}), true),
        (json!({"region": "shanghai", "cloud": "alibaba"}), false),
        (json!({"region": "shanghai"}), false),
        (json!({"region": "cn-shanghai"}), true),
        (json!({"region": "cn-shanghai", "cloud": "tencent"}), false),
        (json!({"region": "ap-shanghai", "cloud": "tencent"}), true),
        // Secrets are not offered there, but STS and Tag are.
        (json!({"region": "ap-seoul", "cloud": "tencent"}), true),
        (
            json!({"region": "ap-seoul", "action": "GetFederationToken"}),
            true,
        ),
        (
            json!({"region": "ap-seoul", "action": "UpdateDescription"}),
            false,
        ),
        (
            json!({"region": "ap-shanghai", "action": "UpdateDescription"}),
            true,
        ),
        // Only Tencent Cloud has the operation.
        (
            json!({"region": "cn-shanghai", "action": "UpdateDescription"}),
            false,
        ),
        // The machine is in the default region.
        (json!({"region": "ap-guangzhou", "action": metadata}), true),
        (json!({"region": "ap-shanghai", "action": metadata}), false),
        (
            json!({"region": "cn-hangzhou", "action": "/_emulator/credentials"}),
            true,
        ),
        (
            json!({"region": "cn-shanghai", "action": "/_emulator/credentials"}),
            false,
        ),
    ] {
        let region = rule["region"].as_str().unwrap().to_owned();
        let rule = json!({"match": rule, "reset": true}).to_string();
        let (status, reply) = server.ask("POST", "faults", &rule);
        if is_accepted {
            assert_eq!(status, 201, "{rule}: {reply}");
        } else {
            assert_eq!(
                (status, &reply["code"]),
                (400, &json!("InvalidBody")),
                "{rule}"
            );
            assert_eq!(reply["place"], "body.match.region");
            let message = reply["message"].as_str().unwrap();
            assert!(message.contains(&format!("`{region}`")), "{message}");
        }
    }
    // Only Tencent Cloud documents the error.
    let rule = json!({"match": {"region": "cn-shanghai"}, "error": "RequestLimitExceeded"});
    let (_, _, place) = server.error("POST", "faults", &rule.to_string());
    assert_eq!(place, "body.match.region");
    let rule = json!({"match": {"region": "ap-shangai", "cloud": "tencent"}, "reset": true});
    let (_, reply) = server.ask("POST", "faults", &rule.to_string());
    assert_eq!(
        reply["message"],
        "no request that the rule applies to can be in region `ap-shangai`; did you mean `ap-shanghai`?"
    );
}

#[test]
fn the_journal_has_the_account_and_region_of_a_request_that_a_rule_answers() {
    let server = Controlled::new();
    for effect in [r#"{"error":"Code","status":503}"#, r#"{"reset":true}"#] {
        server.ok("DELETE", "faults", "");
        server.ok("DELETE", "journal", "");
        server.ok("POST", "faults", effect);
        alibaba_elsewhere("ListSecrets", &[]).ask(&server.emulator);
        tencent_elsewhere("ListSecrets", &json!({})).ask(&server.emulator);
        for (filter, count) in [
            ("account=2000000000000000&region=cn-beijing", 1),
            ("account=2000000000000000&region=ap-beijing", 1),
            ("account=2000000000000000", 2),
            ("account=1000000000000000", 0),
        ] {
            let listed = server.ok("GET", &format!("journal?{filter}"), "");
            assert_eq!(listed["count"], count, "{effect} {filter}: {listed}");
        }
    }
    // Tencent Cloud does not have the region.
    server.ok("DELETE", "journal", "");
    tencent::session::request("ListSecrets", &json!({}))
        .header("X-TC-Region", "cn-beijing")
        .ask(&server.emulator);
    let listed = server.ok("GET", "journal", "");
    assert_eq!(listed["requests"][0]["code"], "ConnectionReset");
    assert_eq!(listed["requests"][0]["region"], Value::Null);
}

#[test]
fn unknown_operation_is_recorded_under_its_name_if_a_rule_answers_the_request() {
    let recorded = |request: &TestRequest, rule: Option<&str>| {
        let server = Controlled::new();
        if let Some(rule) = rule {
            server.ok("POST", "faults", rule);
        }
        request.ask(&server.emulator);
        let listed = server.ok("GET", "journal", "");
        assert_eq!(listed["requests"][0]["fault"].is_u64(), rule.is_some());
        let unknown = |cloud: &Value| cloud["unknown_operations"].clone();
        let coverage = server.ok("GET", "coverage", "");
        let coverage = coverage["clouds"].as_array().unwrap().iter().map(unknown);
        let action = listed["requests"][0]["action"].clone();
        (action, coverage.collect::<Vec<_>>())
    };
    let query = |query: &str| TestRequest::get(query);
    let tencent = |action: &str| tencent::session::request(action, &json!({}));
    let path = |path: &str| TestRequest {
        path: path.to_owned(),
        ..TestRequest::get("")
    };
    for (request, action) in [
        (alibaba("ListSecretz", &[]), json!("ListSecretz")),
        (
            query("Action=ListSecretz&Version=1999-01-01"),
            json!("unknown product 1999-01-01 ListSecretz"),
        ),
        (
            query("Action=ListSecrets&Version=2016-01-20")
                .header("host", "ecs.cn-hangzhou.aliyuncs.com"),
            json!("ecs 2016-01-20 ListSecrets"),
        ),
        (
            query("").header("host", "ecs.cn-hangzhou.aliyuncs.com"),
            json!("ecs - -"),
        ),
        (query("Version=2016-01-20"), Value::Null),
        (
            query("")
                .header("x-kms-apiname", "Advance")
                .header("x-kms-apiversion", "dkms-gcs-0.2"),
            json!("Advance"),
        ),
        (
            path("/latest/meta-data/mac"),
            json!("/latest/meta-data/mac"),
        ),
        (tencent("ListSecretz"), json!("ListSecretz")),
        (
            tencent("DescribeInstances").header("host", "cvm.tencentcloudapi.com"),
            json!("cvm 2019-09-23 DescribeInstances"),
        ),
        (
            tencent("ListSecrets").header("host", "tag.tencentcloudapi.com"),
            json!("tag 2019-09-23 ListSecrets"),
        ),
        (tencent("ListSecrets"), json!("ListSecrets")),
        (alibaba("CreateClientKey", &[]), json!("CreateClientKey")),
    ] {
        let without_rule = recorded(&request, None);
        assert_eq!(without_rule.0, action);
        for rule in [
            r#"{"error":"Code","status":503}"#,
            r#"{"reset":true}"#,
            r#"{"reset":true,"when":"after"}"#,
        ] {
            assert_eq!(recorded(&request, Some(rule)), without_rule, "{rule}");
        }
    }
}

#[test]
fn a_latency_passes_before_or_after_the_operation() {
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
fn a_reset_or_a_cut_applies_to_the_delivery() {
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
    // The journal has the code of the delivery, because the client does not receive the reply.
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
    // Ids are not used again.
    assert_eq!(server.ok("POST", "faults", r#"{"reset":true}"#)["id"], 3);
}

#[test]
fn an_invalid_rule_is_rejected_with_its_place() {
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
        (json!({"status": 503}), "body.status"),
        (json!({"reset": true, "message": "m"}), "body.message"),
        (json!({"error": "A", "status": 399}), "body.status"),
        (json!({"error": "A", "status": 600}), "body.status"),
        (
            json!({"error": "A", "status": 200, "match": {"cloud": "alibaba"}}),
            "body.status",
        ),
        (
            json!({"error": "InternalError", "status": 199, "match": {"cloud": "tencent"}}),
            "body.status",
        ),
        (
            json!({"error": "A", "status": 204, "match": {"cloud": "tencent"}}),
            "body.status",
        ),
        (json!({"error": "", "status": 500}), "body.error"),
        (json!({"error": "Ä", "status": 500}), "body.error"),
        (json!({"error": "a\nb", "status": 500}), "body.error"),
        (
            json!({"error": "a".repeat(129), "status": 500}),
            "body.error",
        ),
        (
            json!({"error": "A", "message": "m".repeat(1025)}),
            "body.message",
        ),
        (
            json!({"error": "InternalFailure", "message": "\u{0}"}),
            "body.message",
        ),
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
fn the_most_similar_known_name_is_suggested_for_an_unknown_one() {
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
