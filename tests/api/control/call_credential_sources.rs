//! Calls of credential sources: they are described like operations, and sent as clients send them.

use std::collections::BTreeSet;

use kms_emulator::clouds::auth::rate_limit::RateLimiter;
use kms_emulator::clouds::context::AuthMode;
use kms_emulator::model::SecretKey;
use serde_json::{Map, Value, json};

use super::Controlled;
use crate::support::{TestRequest, emulator};

const KEY_OF_ECS: &str = "/latest/meta-data/ram/security-credentials/[role]";
const KEY_OF_CVM: &str = "/latest/meta-data/cam/security-credentials/[role]";
const TOKEN: &str = "/latest/api/token";
const URI: &str = "/_emulator/credentials";
const LIFETIME: &str = "X-aliyun-ecs-metadata-token-ttl-seconds";

/// The descriptions of the resources of all credential sources.
fn resources(server: &Controlled) -> Vec<Value> {
    let described = server.ok("GET", "operations", "");
    let operations = described["operations"].as_array().unwrap().iter();
    let resources = operations.filter(|operation| operation["method"].is_string());
    resources.cloned().collect()
}

/// Values for the parameters that a resource needs.
fn needed(resource: &Value) -> Value {
    let parameters = resource["parameters"].as_array().unwrap().iter();
    let required = parameters.filter(|parameter| parameter["required"] == true);
    let values = required.map(|parameter| {
        let name = parameter["name"].as_str().unwrap();
        let value = parameter.get("minimum").cloned();
        (name.to_owned(), value.unwrap_or_else(|| json!("reader")))
    });
    values.collect::<Map<_, _>>().into()
}

fn call(server: &Controlled, cloud: &str, action: &str, parameters: &Value) -> Value {
    let call_body = json!({"cloud": cloud, "action": action, "parameters": parameters});
    server.ok("POST", "call", &call_body.to_string())
}

/// The reply to the request of a call, sent by a client.
fn sent_by_client(server: &Controlled, result: &Value) -> (u16, String) {
    let text = |name: &str| result["request"][name].as_str().unwrap().to_owned();
    let headers = result["request"]["headers"].as_array().unwrap().iter();
    let headers = headers.map(|header| {
        let text = |index: usize| header[index].as_str().unwrap().to_owned();
        (text(0), text(1))
    });
    let request = TestRequest {
        method: text("method"),
        path: text("path"),
        query: text("query"),
        headers: headers.collect(),
        body: text("body"),
    };
    let reply = request.ask(&server.emulator);
    (
        reply.status,
        String::from_utf8(reply.body.to_vec()).unwrap(),
    )
}

fn body(result: &Value) -> Value {
    serde_json::from_str(result["reply"]["body"].as_str().unwrap()).unwrap()
}

fn entry(server: &Controlled, result: &Value) -> Value {
    let id = result["request_id"].as_str().unwrap();
    server.ok("GET", &format!("journal/{id}"), "")
}

#[test]
fn resources_are_described_after_the_operations_of_their_cloud() {
    let server = Controlled::empty();
    for (cloud, count) in [("alibaba", 11), ("tencent", 10)] {
        let described = server.ok("GET", &format!("operations?cloud={cloud}"), "");
        let operations = described["operations"].as_array().unwrap();
        let (operations, resources) = operations.split_at(operations.len() - count);
        let is_resource =
            |operation: &Value| operation["action"].as_str().unwrap().starts_with('/');
        assert!(!operations.iter().any(is_resource));
        assert!(
            operations
                .iter()
                .all(|operation| operation.get("method").is_none())
        );
        for resource in resources {
            assert!(is_resource(resource), "{resource}");
            let method = if resource["action"] == TOKEN {
                "PUT"
            } else {
                "GET"
            };
            assert_eq!(resource["method"], method);
        }
        // Fault rules and coverage know the same names.
        let coverage = server.ok("GET", "coverage", "");
        let clouds = coverage["clouds"].as_array().unwrap();
        let coverage = clouds.iter().find(|found| found["cloud"] == cloud).unwrap();
        let unused = coverage["unused_operations"].as_array().unwrap();
        let names = resources.iter().map(|resource| &resource["action"]);
        assert!(unused.iter().skip(unused.len() - count).eq(names));
    }
}

#[test]
fn parameters_are_described_with_the_part_of_the_request_that_has_them() {
    let server = Controlled::empty();
    let resources = resources(&server);
    let parameter = |action: &str, name: &str| {
        let resource = resources
            .iter()
            .find(|resource| resource["action"] == action);
        let parameters = resource.unwrap()["parameters"].as_array().unwrap();
        let found = parameters.iter().find(|found| found["name"] == name);
        found.unwrap().clone()
    };
    for (action, name, expected) in [
        (KEY_OF_ECS, "role", json!(["path", "text", true, false])),
        (KEY_OF_CVM, "role", json!(["path", "text", true, false])),
        (URI, "account", json!(["query", "text", false, false])),
        (URI, "tenant", json!(["query", "text", false, false])),
        (TOKEN, LIFETIME, json!(["header", "integer", true, false])),
        (
            KEY_OF_ECS,
            "X-aliyun-ecs-metadata-token",
            json!(["header", "text", false, true]),
        ),
    ] {
        let found = parameter(action, name);
        let found = ["sent_in", "type", "required", "sensitive"].map(|name| &found[name]);
        assert_eq!(json!(found), expected, "{action} {name}");
    }
    // The page "Instance metadata" of ECS: 1 to 21600.
    let lifetime = parameter(TOKEN, LIFETIME);
    assert_eq!([&lifetime["minimum"], &lifetime["maximum"]], [1, 21_600]);
}

#[test]
fn each_resource_is_called_as_a_client_calls_it() {
    let server = Controlled::with(emulator(AuthMode::Strict));
    for resource in resources(&server) {
        let (cloud, action) = (&resource["cloud"], &resource["action"]);
        let (cloud, action) = (cloud.as_str().unwrap(), action.as_str().unwrap());
        let result = call(&server, cloud, action, &needed(&resource));
        assert_eq!(result["reply"]["status"], 200, "{action}: {result}");
        assert_eq!(
            [&result["signing"], &result["code"]],
            [&json!([]), &json!([])]
        );
        let path = action.replace("[role]", "reader");
        assert_eq!(result["request"]["method"], resource["method"]);
        assert_eq!(result["request"]["path"], path);
        assert_eq!(result["request"]["url"], format!("http://localhost{path}"));

        let (status, sent) = sent_by_client(&server, &result);
        assert_eq!(status, 200, "{action}: {sent}");
        match serde_json::from_str::<Value>(&sent) {
            Ok(Value::Object(sent)) => {
                let names: BTreeSet<_> = sent.keys().collect();
                let called = body(&result);
                assert_eq!(
                    called.as_object().unwrap().keys().collect::<BTreeSet<_>>(),
                    names
                );
            }
            _ if action == TOKEN => assert_ne!(result["reply"]["body"], sent, "a token is random"),
            _ => assert_eq!(result["reply"]["body"], sent, "{action}"),
        }

        let recorded = entry(&server, &result)["request"].clone();
        assert_eq!([&recorded["cloud"], &recorded["action"]], [cloud, action]);
        assert_eq!(
            [&recorded["source"], &recorded["verdict"]],
            ["call", "unsigned"]
        );
    }
}

#[test]
fn calls_are_not_counted_in_coverage() {
    let server = Controlled::empty();
    for (cloud, action) in [
        ("alibaba", URI),
        ("tencent", "/latest/meta-data/instance-id"),
    ] {
        call(&server, cloud, action, &json!({}));
    }
    let coverage = server.ok("GET", "coverage", "");
    for cloud in coverage["clouds"].as_array().unwrap() {
        assert_eq!(cloud["operations"], json!([]));
    }
}

#[test]
fn secrets_and_tokens_are_in_the_reply_and_masked_in_the_journal() {
    let server = Controlled::empty();
    for (cloud, action, parameters, secrets) in [
        (
            "alibaba",
            KEY_OF_ECS,
            json!({"role": "a"}),
            ["AccessKeySecret", "SecurityToken"],
        ),
        (
            "alibaba",
            URI,
            json!({}),
            ["AccessKeySecret", "SecurityToken"],
        ),
        (
            "tencent",
            KEY_OF_CVM,
            json!({"role": "a"}),
            ["TmpSecretKey", "Token"],
        ),
    ] {
        let result = call(&server, cloud, action, &parameters);
        let recorded = entry(&server, &result).to_string();
        let key = body(&result);
        for secret in secrets {
            assert!(
                !recorded.contains(key[secret].as_str().unwrap()),
                "{secret}"
            );
        }
    }
    let result = call(&server, "alibaba", TOKEN, &json!({LIFETIME: 60}));
    let token = result["reply"]["body"].as_str().unwrap();
    assert!(!entry(&server, &result).to_string().contains(token));

    let header = "X-aliyun-ecs-metadata-token";
    let result = call(
        &server,
        "alibaba",
        KEY_OF_ECS,
        &json!({"role": "a", header: token}),
    );
    assert_eq!(result["reply"]["status"], 200);
    let recorded = entry(&server, &result);
    assert!(!recorded.to_string().contains(token));
    assert_eq!(
        recorded["request"]["parameters"],
        json!({"role": "a", header: "***"})
    );
}

#[test]
fn the_parameters_select_the_account_and_its_clock() {
    let server = Controlled::with(emulator(AuthMode::Strict));
    let account = server.tenant_frozen_at("2030-01-01");
    for (cloud, action, name, expiration) in [
        ("alibaba", KEY_OF_ECS, "role", "2030-01-01T06:00:00Z"),
        ("tencent", KEY_OF_CVM, "role", "2030-01-01T06:00:00Z"),
        ("alibaba", URI, "account", "2030-01-01T01:00:00Z"),
        ("alibaba", URI, "tenant", "2030-01-01T01:00:00Z"),
    ] {
        let result = call(&server, cloud, action, &json!({name: account}));
        assert_eq!(body(&result)["Expiration"], expiration, "{action} {name}");
        let recorded = &entry(&server, &result)["request"];
        assert_eq!(recorded["account"], account);
        assert_eq!(recorded["tenant_time"], "2030-01-01T00:00:00Z");
    }
}

#[test]
fn fault_rules_apply_to_calls_that_ask_for_it() {
    let server = Controlled::empty();
    for (cloud, action) in [("alibaba", URI), ("tencent", "/latest/meta-data/cam/")] {
        let rule = json!({"match": {"action": action}, "error": "ServerError", "status": 500, "latency": "2s", "times": 1});
        server.ok("POST", "faults", &rule.to_string());
        assert_eq!(
            call(&server, cloud, action, &json!({}))["reply"]["status"],
            200
        );
        let call_body = json!({"cloud": cloud, "action": action, "faults": true});
        let result = server.ok("POST", "call", &call_body.to_string());
        assert_eq!(result["reply"]["status"], 500);
        assert_eq!(body(&result)["Code"], "ServerError");
        assert_eq!(result["latency_ms"], 2000.0);
    }
}

#[test]
fn each_described_error_is_returned() {
    let mut server = Controlled::empty();
    let token = "X-aliyun-ecs-metadata-token";
    for resource in resources(&server) {
        let (cloud, action) = (&resource["cloud"], &resource["action"]);
        let (cloud, action) = (cloud.as_str().unwrap(), action.as_str().unwrap());
        for error in resource["errors"].as_array().unwrap() {
            let mut parameters = needed(&resource);
            let code = error["code"].as_str().unwrap();
            let changed = match code {
                "BadRequest" => Some((LIFETIME, "21601")),
                "Forbidden" => Some((token, "made-up")),
                "NotFound" => Some(("role", "a b")),
                "InvalidParameter" => Some(("account", "1")),
                "TenantNotFound" => Some(("tenant", "2000000000000000")),
                _ => None,
            };
            if let Some((name, value)) = changed {
                parameters[name] = value.into();
            }
            let (status, text) = match code {
                "MethodNotAllowed" => {
                    let mut result = call(&server, cloud, action, &parameters);
                    result["request"]["method"] = "DELETE".into();
                    sent_by_client(&server, &result)
                }
                "InvalidBody" => {
                    let mut result = call(&server, cloud, action, &parameters);
                    result["request"]["body"] = "account=1".into();
                    sent_by_client(&server, &result)
                }
                "TooManyRequests" => {
                    server.emulator.rate_limiter = Some(RateLimiter::default());
                    for _ in 0..30 {
                        call(&server, cloud, action, &parameters);
                    }
                    let result = call(&server, cloud, action, &parameters);
                    server.emulator.rate_limiter = None;
                    sent(&result)
                }
                _ => sent(&call(&server, cloud, action, &parameters)),
            };
            let reply: Value = serde_json::from_str(&text).unwrap();
            let found = reply["Code"].as_str().or(reply["code"].as_str());
            let message = reply["Message"].as_str().or(reply["message"].as_str());
            assert_eq!(message, error["message"].as_str(), "{action}: {text}");
            assert_eq!(
                (found, &json!(status)),
                (Some(code), &error["status"]),
                "{action}: {text}"
            );
        }
    }
}

/// The status and the body of the reply to a call.
fn sent(result: &Value) -> (u16, String) {
    let status = result["reply"]["status"].as_u64().unwrap();
    let text = result["reply"]["body"].as_str().unwrap();
    (status.try_into().unwrap(), text.to_owned())
}

#[test]
fn the_host_selects_the_cloud_of_a_path_that_both_have() {
    let server = Controlled::empty();
    let at = |host: &str, cloud: &str, action: &str| -> Value {
        let call_body = json!({"cloud": cloud, "action": action});
        let request = TestRequest {
            method: "POST".to_owned(),
            path: "/_emulator/call".to_owned(),
            body: call_body.to_string(),
            ..TestRequest::default()
        };
        let reply = request.header("Host", host).ask(&server.emulator);
        serde_json::from_slice(&reply.body).unwrap()
    };
    let id = "/latest/meta-data/instance-id";
    for (host, cloud, sent_host, id_of_machine) in [
        (
            "localhost:8080",
            "alibaba",
            "localhost:8080",
            "i-kmsemulator00000001",
        ),
        (
            "localhost:8080",
            "tencent",
            "metadata.tencentyun.com",
            "ins-kmsemu01",
        ),
        (
            "169.254.0.23",
            "alibaba",
            "100.100.100.200",
            "i-kmsemulator00000001",
        ),
        ("169.254.0.23", "tencent", "169.254.0.23", "ins-kmsemu01"),
    ] {
        let result = at(host, cloud, id);
        assert_eq!(result["reply"]["body"], id_of_machine);
        assert_eq!(result["request"]["headers"], json!([["host", sent_host]]));
        assert_eq!(result["request"]["url"], format!("http://{host}{id}"));
        assert_eq!(
            sent_by_client(&server, &result),
            (200, id_of_machine.to_owned())
        );
        let mut curl = format!("curl http://{host}{id}");
        if sent_host != host {
            curl = format!("{curl} \\\n  -H 'host: {sent_host}'");
        }
        assert_eq!(result["curl"], curl);
    }
    // A browser cannot send another host, and shows this machine only that the user has opened the URL.
    assert_eq!(
        at("localhost:8080", "alibaba", id)["browser_url"],
        format!("http://localhost:8080{id}")
    );
    for (host, cloud) in [("localhost:8080", "tencent"), ("192.0.2.1", "alibaba")] {
        assert_eq!(at(host, cloud, id)["browser_url"], Value::Null);
    }
}

#[test]
fn curl_command_has_the_method_the_encoded_path_and_the_headers() {
    let server = Controlled::empty();
    let header = "X-aliyun-ecs-metadata-token";
    for (action, parameters, curl) in [
        (
            TOKEN,
            json!({LIFETIME: 60}),
            format!("curl http://localhost{TOKEN} \\\n  -H '{LIFETIME}: 60' \\\n  -X PUT"),
        ),
        (
            KEY_OF_ECS,
            json!({"role": "a b", header: ""}),
            format!(
                "curl http://localhost/latest/meta-data/ram/security-credentials/a%20b \\\n  -H '{header};'"
            ),
        ),
        (
            URI,
            json!({"account": "2000000000000000"}),
            format!("curl 'http://localhost{URI}?account=2000000000000000'"),
        ),
    ] {
        let result = call(&server, "alibaba", action, &parameters);
        assert_eq!(result["curl"], curl);
        let has_url = action == URI;
        assert_eq!(result["browser_url"].is_string(), has_url, "{action}");
    }
}

#[test]
fn curl_command_for_the_credentials_uri_has_the_token_of_the_control_api() {
    let mut server = Controlled::empty();
    server.emulator.control_token = Some(SecretKey::new("hush"));
    server.emulator.clouds_address = Some("127.0.0.1:9000".parse().unwrap());
    let called = |action: &str| -> Value {
        let request = TestRequest {
            method: "POST".to_owned(),
            path: "/_emulator/call".to_owned(),
            body: json!({"cloud": "alibaba", "action": action}).to_string(),
            ..TestRequest::default()
        };
        let request = request.header("Host", "localhost:8080");
        let reply = request
            .header("Authorization", "Bearer hush")
            .ask(&server.emulator);
        serde_json::from_slice(&reply.body).unwrap()
    };
    let result = called(URI);
    assert_eq!(body(&result)["Code"], "Success");
    assert_eq!(result["browser_url"], Value::Null);
    assert_eq!(
        result["curl"],
        format!(
            "curl http://localhost:8080{URI} \\\n  -H \"Authorization: Bearer $KMS_EMULATOR_CONTROL_TOKEN\""
        )
    );
    // The metadata is served where the clouds' APIs are.
    let result = called("/latest/meta-data/region-id");
    assert_eq!(
        result["curl"],
        "curl http://127.0.0.1:9000/latest/meta-data/region-id"
    );
}

#[test]
fn call_of_a_credential_source_that_cannot_be_sent_is_rejected_with_its_place() {
    let server = Controlled::empty();
    for (change, place) in [
        (json!({"parameters": {}}), "body.parameters.role"),
        (
            json!({"parameters": {"role": ".."}}),
            "body.parameters.role",
        ),
        (
            json!({"parameters": {"role": "a", "Role": "b"}}),
            "body.parameters.Role",
        ),
        (
            json!({"parameters": {"role": "a", "X-aliyun-ecs-metadata-token": "a\nb"}}),
            "body.parameters.X-aliyun-ecs-metadata-token",
        ),
        (json!({"account": "2000000000000000"}), "body.account"),
        (json!({"region": "cn-hangzhou"}), "body.region"),
        (json!({"method": "GET"}), "body.method"),
        (json!({"format": "JSON"}), "body.format"),
        (json!({"signature": "none"}), "body.signature"),
        (json!({"cloud": "tencent"}), "body.action"),
        (json!({"action": "/latest/meta-data/mac"}), "body.action"),
        (
            json!({"action": "/latest/meta-data/ram/security-credentials/a"}),
            "body.action",
        ),
    ] {
        let mut call_body = json!({"cloud": "alibaba", "action": KEY_OF_ECS, "parameters": {"role": "a"}, "language": "zh-CN"});
        for (name, value) in change.as_object().unwrap() {
            call_body[name] = value.clone();
        }
        assert_eq!(
            server.error("POST", "call", &call_body.to_string()),
            (400, "InvalidBody".into(), place.into()),
            "{change}"
        );
    }
    assert_eq!(server.ok("GET", "journal?source=any", "")["count"], 0);
}
