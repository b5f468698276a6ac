use serde_json::{Value, json};

use super::Controlled;

#[test]
fn the_document_describes_every_control() {
    let server = Controlled::new();
    let document = server.ok("GET", "openapi.json", "");
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    let operations: usize = paths
        .values()
        .map(|path| path.as_object().unwrap().len())
        .sum();
    assert_eq!(operations, 31);
    let restore = &paths["/_emulator/snapshots/{name}/restore"]["post"];
    assert_eq!(restore["parameters"][0]["in"], "path");
    assert_eq!(
        restore["parameters"][0]["schema"]["pattern"],
        "^[A-Za-z0-9._-]{1,64}$"
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
fn every_reference_leads_somewhere() {
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
fn the_token_is_described_where_there_is_one() {
    let mut emulator = crate::support::emulator(kms_emulator::context::AuthMode::Lenient);
    let reply = |emulator: &kms_emulator::emulator::Emulator| -> Value {
        let wire = kms_emulator::wire::WireRequest {
            method: "GET",
            path: "/_emulator/openapi.json",
            query: "",
            headers: vec![("authorization", "Bearer t")],
            body: Ok(b""),
        };
        serde_json::from_slice(&emulator.handle(&wire).body).unwrap()
    };
    emulator.control_token = Some(kms_emulator::credentials::SecretKey::new("t"));
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
