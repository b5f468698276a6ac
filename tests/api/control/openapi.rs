use bytes::Bytes;
use serde_json::{Value, json};

use super::Controlled;

#[test]
fn document_describes_every_endpoint() {
    let server = Controlled::new();
    let document = server.ok("GET", "openapi.json", "");
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    let operations: usize = paths
        .values()
        .map(|path| path.as_object().unwrap().len())
        .sum();
    assert_eq!(operations, 44);
    let restore = &paths["/_emulator/snapshots/{name}/restore"]["post"];
    assert_eq!(restore["parameters"][0]["in"], "path");
    assert_eq!(
        restore["parameters"][0]["schema"]["pattern"],
        "^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$"
    );
    assert!(
        restore["responses"]["404"]["description"]
            .as_str()
            .unwrap()
            .contains("SnapshotNotFound")
    );
    let add = &paths["/_emulator/faults"]["post"];
    assert_eq!(
        add["requestBody"]["content"]["application/json"]["schema"],
        json!({"$ref": "#/components/schemas/FaultRule"})
    );
    assert_eq!(document["components"]["securitySchemes"], Value::Null);
}

#[test]
fn body_of_a_request_without_a_documented_body_is_rejected() {
    let server = Controlled::new();
    let document = server.ok("GET", "openapi.json", "");
    let mut tried = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/_emulator/").unwrap();
        let path = path
            .replace("{account}", "1000000000000000")
            .replace("{id}", "1")
            .replace("{name}", "before");
        for (method, operation) in methods.as_object().unwrap() {
            let responses = &operation["responses"];
            let described = |status: &str| responses[status]["description"].as_str().unwrap();
            assert!(described("400").contains("InvalidBody"), "{method} {path}");
            assert!(described("413").contains("BodyTooLarge"), "{method} {path}");
            if operation.get("requestBody").is_some() {
                continue;
            }
            tried += 1;
            let method = method.to_uppercase();
            let invalid = (400, "InvalidBody".to_owned(), "body".to_owned());
            for body in [r#"{"account":"1000000000000000"}"#, "[]", "account=1"] {
                assert_eq!(
                    server.error(&method, &path, body),
                    invalid,
                    "{method} {path} {body}"
                );
            }
            for empty in ["", "\n", "{}"] {
                let (_, reply) = server.ask(&method, &path, empty);
                assert_ne!(reply["code"], "InvalidBody", "{method} {path} {empty:?}");
            }
        }
    }
    assert_eq!(tried, 36);
}

#[test]
fn every_reference_is_defined() {
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    if name == "$ref" {
                        found.push(value.as_str().unwrap().to_owned());
                    }
                    references(value, found);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }
    let document = Controlled::new().ok("GET", "openapi.json", "");
    let mut found = Vec::new();
    references(&document, &mut found);
    assert!(found.len() > 20);
    for reference in found {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(pointer).is_some(), "{reference}");
    }
}

#[test]
fn token_is_described_if_one_is_set() {
    let mut emulator = crate::support::emulator(kms_emulator::clouds::context::AuthMode::Lenient);
    let reply = |emulator: &kms_emulator::emulator::Emulator| -> Value {
        let wire = kms_emulator::http::wire::WireRequest::new(
            "GET",
            "/_emulator/openapi.json",
            "",
            [("authorization", "Bearer t")],
            Ok(Bytes::new()),
        );
        serde_json::from_slice(&kms_emulator::router::handle(emulator, &wire).body).unwrap()
    };
    emulator.control_token = Some(kms_emulator::model::SecretKey::new("t"));
    let document = reply(&emulator);
    assert_eq!(
        document["components"]["securitySchemes"]["token"]["scheme"],
        "bearer"
    );
    assert_eq!(
        document["paths"]["/_emulator/journal"]["get"]["security"],
        json!([{"token": []}])
    );
    assert_eq!(
        document["paths"]["/_emulator/health"]["get"]["security"],
        Value::Null
    );
}

#[test]
fn optional_members_are_not_required() {
    let server = Controlled::new();
    let document = server.ok("GET", "openapi.json", "");
    let schemas = &document["components"]["schemas"];
    server.ok("POST", "tenants", "{}");
    assert_eq!(schemas["TenantRequest"]["required"], Value::Null);
    // Rules are in requests and replies; members of the reply are not required in a request.
    server.ok("POST", "faults", r#"{"reset":true}"#);
    assert_eq!(schemas["FaultRule"]["required"], Value::Null);
}

#[test]
fn latency_examples_are_accepted() {
    let server = Controlled::new();
    let document = server.ok("GET", "openapi.json", "");
    let schemas = &document["components"]["schemas"];
    let fixed = &schemas["Latency"]["anyOf"][0];
    let ends = &schemas["Between"]["properties"];
    let (min, max) = (&ends["min"]["examples"][0], &ends["max"]["examples"][0]);
    let mut latencies = vec![json!({"min": min, "max": max})];
    latencies.extend(fixed["examples"].as_array().unwrap().clone());
    for latency in latencies {
        server.ok("POST", "faults", &json!({"latency": latency}).to_string());
    }
}

#[test]
fn numbers_are_described_with_a_maximum() {
    let server = Controlled::new();
    let document = server.ok("GET", "openapi.json", "");
    let id = &document["paths"]["/_emulator/faults/{id}"]["get"]["parameters"][0]["schema"];
    assert_eq!(id["maximum"], u64::MAX);
    let rule = &document["components"]["schemas"]["FaultRule"]["properties"];
    assert_eq!(rule["truncate"]["maximum"], u32::MAX);
    assert_eq!(rule["times"]["maximum"], u64::MAX);
}

#[test]
fn described_durations_are_accepted() {
    let server = Controlled::new();
    let document = server.ok("GET", "openapi.json", "");
    let pattern = &document["components"]["schemas"]["Step"]["properties"]["by"]["pattern"];
    assert_eq!(
        pattern,
        "^(0|[0-9]{1,4}(ms|s|m|h|d)( ?[0-9]{1,4}(ms|s|m|h|d)){0,4})$"
    );
    for by in ["0", "90s", "1h 30m", "1h30m"] {
        server.ok("POST", "clock/advance", &json!({"by": by}).to_string());
    }
}

#[test]
fn fixture_is_described_as_an_object_or_an_array() {
    let server = Controlled::new();
    let document = server.ok("GET", "openapi.json", "");
    let import = &document["paths"]["/_emulator/state"]["post"]["requestBody"];
    for schema in [
        &import["content"]["application/json"]["schema"],
        &document["components"]["schemas"]["TenantRequest"]["properties"]["fixture"],
    ] {
        assert_eq!(schema["items"], json!({"type": "object"}));
    }
}

#[test]
fn document_describes_the_operations_of_the_clouds() {
    let server = Controlled::new();
    let document = server.ok("GET", "openapi.json", "");
    let schemas = &document["components"]["schemas"];
    let list = &schemas["alibaba.ListSecrets"];
    assert_eq!(
        list["properties"]["PageSize"],
        json!({"type": "integer", "minimum": 1, "maximum": 100, "default": 10, "description": "The number of secrets on a page."})
    );
    assert_eq!(
        schemas["tencent.CreateSecret"]["required"],
        json!(["SecretName"])
    );
    let operations = server.ok("GET", "operations", "");
    let operations = operations["operations"].as_array().unwrap().iter();
    // Resources of credential sources have a method, and are not operations of the clouds' APIs.
    for operation in operations.filter(|operation| operation["method"].is_null()) {
        let name = format!(
            "{}.{}",
            operation["cloud"].as_str().unwrap(),
            operation["action"].as_str().unwrap()
        );
        let reply = &schemas[format!("{name}.reply")];
        assert!(reply["properties"].is_object(), "{name}");
        for parameter in operation["parameters"].as_array().unwrap() {
            let known = &schemas[&name]["properties"][parameter["name"].as_str().unwrap()];
            assert!(known["type"].is_string(), "{name} {parameter}");
        }
    }
    // All references are defined.
    let text = document.to_string();
    for part in text.split("\"$ref\":\"#").skip(1) {
        let pointer = part.split('"').next().unwrap();
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
}
