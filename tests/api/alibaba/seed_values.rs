//! The managed secrets of the shipped seed have values in the documented shapes, before and after a rotation.

use kms_emulator::clouds::context::AuthMode;
use kms_emulator::emulator::Emulator;
use serde_json::Value;

use crate::support::{NOW, TestRequest, emulator};

fn ok(emulator: &Emulator, action: &str, name: &str) -> Value {
    // The id of the new version; values are read by stage.
    let version = if action == "RotateSecret" { "v2" } else { "" };
    let mut request = TestRequest::get(&format!(
        "Action={action}&FetchExtendedConfig=true&VersionId={version}"
    ));
    request.add_to_query("SecretName", name);
    let reply = request.ask(emulator);
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(reply.status, 200, "{action} {name}: {body}");
    body
}

fn value(emulator: &Emulator, name: &str) -> Value {
    let reply = ok(emulator, "GetSecretValue", name);
    assert!(
        reply["ExtendedConfig"]
            .as_str()
            .unwrap()
            .contains("SecretSubType")
    );
    serde_json::from_str(reply["SecretData"].as_str().unwrap()).unwrap()
}

#[test]
fn managed_secrets_of_the_seed_keep_the_documented_shape_when_they_are_rotated() {
    let emulator = emulator(AuthMode::Lenient);
    for (name, same, new) in [
        ("orders/rds", "AccountName", "AccountPassword"),
        ("acs/ecs/bastion", "UserName", "Password"),
    ] {
        let before = value(&emulator, name);
        ok(&emulator, "RotateSecret", name);
        let after = value(&emulator, name);
        assert_eq!(before[same], after[same], "{name}");
        assert_ne!(before[new], after[new], "{name}");
        assert!(after[new].is_string(), "{name}");
    }
    let name = "acs/ram/user/deployer";
    let before = value(&emulator, name);
    assert_eq!(before["GenerateTimestamp"], "2025-06-15T06:45:59Z");
    ok(&emulator, "RotateSecret", name);
    let after = value(&emulator, name);
    assert_eq!(after["GenerateTimestamp"], NOW);
    assert_ne!(before["AccessKeyId"], after["AccessKeyId"]);
    assert!(after["AccessKeySecret"].is_string());
}
