//! Fixtures: saved replies of `ListSecrets`.

use std::fs;

use kms_emulator::clouds::context::AuthMode;
use kms_emulator::clouds::fixture::{Fixture, ParseError};
use kms_emulator::emulator::clock::FixedClock;
use kms_emulator::fixtures::{self, Progress, load};
use kms_emulator::store::Store;
use serde_json::{Value, json};

use super::session::request;
use crate::support::{defaults, emulator_on, fixture, now};

/// The reply to `ListSecrets` after the fixture `text` was loaded.
fn listed(text: &str, parameters: &Value) -> Value {
    answered(text, "ListSecrets", parameters)
}

/// The reply to an operation after the fixture `text` was loaded.
fn answered(text: &str, action: &str, parameters: &Value) -> Value {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("saved.json");
    fs::write(&path, text).unwrap();
    let store = Store::in_memory().unwrap();
    // Loading a fixture again changes nothing.
    for _ in 0..2 {
        load(
            &store,
            &vec![path.clone()].into(),
            &defaults(),
            &Progress::default(),
        )
        .unwrap();
    }
    let emulator = emulator_on(store, FixedClock::new(now()), AuthMode::Lenient);
    let reply = request(action, parameters).ask(&emulator);
    let mut body: Value = serde_json::from_slice(&reply.body).unwrap();
    body["Response"].take()
}

#[test]
fn base64_in_a_fixture_may_have_line_breaks() {
    let text = r#"{"SecretMetadatas":[{"SecretName":"a","CreateTime":1,"Versions":
        [{"VersionId":"v1","SecretBinary":"AAEC\nAwQF\r\n"}]}]}"#;
    let wanted = json!({"SecretName": "a", "VersionId": "v1"});
    let value = answered(text, "GetSecretValue", &wanted);
    assert_eq!(value["SecretBinary"], "AAECAwQF", "{value}");
}

/// Reads a file that holds one fixture.
fn parse(text: &str) -> Result<Fixture, ParseError> {
    fixtures::parse(text.as_bytes(), &defaults()).map(|mut files| files.remove(0))
}

/// The sample of the vendor's newest model.
const EXAMPLE: &str = r#"{
    "Response": {
        "SecretMetadatas": [
            {
                "AssociatedInstanceIDs": [],
                "CreateTime": 1784724042,
                "CreateUin": 700000579952,
                "CreateUinString": "700000579952",
                "DeleteTime": 0,
                "Description": "",
                "EncryptSwitching": false,
                "EncryptType": 0,
                "KmsKeyId": "31da3478-85b2-11f1-9b54-525400f44230",
                "KmsKeyType": "CUSTOMER",
                "NextRotationTime": 0,
                "ProductName": "default",
                "ProjectID": 0,
                "ResourceID": "251237300_700000579952_customize_1784724042855182311_RcI",
                "ResourceName": "",
                "RotationBeginTime": "",
                "RotationFrequency": 0,
                "RotationStatus": 0,
                "SecretName": "x1_003",
                "SecretType": 0,
                "Status": "Enabled",
                "TargetUin": 0,
                "TargetUinString": "0"
            }
        ],
        "TotalCount": 3,
        "RequestId": "2b80ea44-668c-456f-b298-2bdef4374efc"
    }
}"#;

#[test]
fn a_saved_reply_is_listed_as_it_was_saved() {
    let saved: Value = serde_json::from_str(EXAMPLE).unwrap();
    let expected = &saved["Response"]["SecretMetadatas"];
    assert_eq!(listed(EXAMPLE, &json!({}))["SecretMetadatas"], *expected);
    assert!(parse(EXAMPLE).unwrap().ignored.is_empty());
    // SDKs and the command line print the reply without the envelope.
    let bare = saved["Response"].to_string();
    assert_eq!(listed(&bare, &json!({}))["SecretMetadatas"], *expected);
    assert!(parse(&bare).unwrap().ignored.is_empty());
}

#[test]
fn the_seed_is_listed_in_its_order() {
    let seed = fs::read_to_string(fixture("seed-tencent.json")).unwrap();
    let saved: Value = serde_json::from_str(&seed).unwrap();
    let saved = saved["Response"]["SecretMetadatas"].as_array().unwrap();
    let mut count = 0;
    for secret_type in 0..=4 {
        let expected: Vec<Value> = saved
            .iter()
            .filter(|secret| secret["SecretType"] == secret_type)
            .map(|secret| {
                let mut secret = secret.as_object().unwrap().clone();
                secret.retain(|name, _| !["Tags", "Versions"].contains(&&**name));
                Value::Object(secret)
            })
            .collect();
        count += expected.len();
        let reply = listed(&seed, &json!({"SecretType": secret_type}));
        assert_eq!(reply["SecretMetadatas"], Value::Array(expected));
    }
    assert_eq!(count, 9);
    for (parameters, names) in [
        (
            json!({"SecretType": 1, "ProductName": "Mysql, Tdsql-mysql"}),
            vec!["mysql-reports", "mysql-orders"],
        ),
        (
            json!({"SecretType": 1, "ProductName": "Tdsql-mysql"}),
            vec![],
        ),
        (
            json!({"SecretType": 1, "InstanceID": "cdb-2a1b3c4d"}),
            vec!["mysql-orders"],
        ),
        (
            json!({"SecretType": 2, "InstanceID": "ins-3c4d5e6f"}),
            vec!["bastion-ssh-key"],
        ),
        (
            json!({"SecretType": 2, "InstanceID": "skey-a1b2c3d4"}),
            vec![],
        ),
        (json!({"SecretType": 1, "State": 4}), vec!["mysql-reports"]),
        (json!({"EncryptType": 1}), vec!["mail-relay"]),
    ] {
        let reply = listed(&seed, &parameters);
        let found: Vec<_> = reply["SecretMetadatas"]
            .as_array()
            .unwrap()
            .iter()
            .map(|secret| &secret["SecretName"])
            .collect();
        assert_eq!(found, names, "{parameters}");
    }
}

/// The vendor's model: `ResourceID` is the instance of a cloud product; `ResourceName`, `ProjectID` and
/// `AssociatedInstanceIDs` are valid for SSH key pairs.
#[test]
fn the_members_of_a_seed_secret_are_those_of_its_type() {
    let seed = fs::read_to_string(fixture("seed-tencent.json")).unwrap();
    let saved: Value = serde_json::from_str(&seed).unwrap();
    let saved = saved["Response"]["SecretMetadatas"].as_array().unwrap();
    for secret in saved {
        let id = secret["ResourceID"].as_str().unwrap();
        let is_expected_id = match secret["SecretType"].as_i64().unwrap() {
            0 => id.contains("_customize_"),
            1 => id.starts_with("cdb-"),
            2 => id.starts_with("skey-"),
            _ => false,
        };
        assert!(is_expected_id, "{secret}");
        let is_ssh_key = secret["SecretType"] == 2;
        assert_eq!(secret["ResourceName"] != "", is_ssh_key, "{secret}");
        assert_eq!(
            secret["AssociatedInstanceIDs"] != json!([]),
            is_ssh_key,
            "{secret}"
        );
    }
}

/// An older sample of the vendor's command line has instances and a name in a secret of a database.
#[test]
fn a_saved_secret_of_a_product_keeps_all_its_members() {
    let saved = r#"{"SecretMetadatas":[{"SecretName":"a","CreateTime":1,"SecretType":1,"ProductName":"Mysql",
        "ResourceID":"cdb-mrhoqymb","ResourceName":"testname","AssociatedInstanceIDs":["ins-abfa"]}]}"#;
    for id in ["cdb-mrhoqymb", "ins-abfa"] {
        let reply = listed(saved, &json!({"SecretType": 1, "InstanceID": id}));
        let secret = &reply["SecretMetadatas"][0];
        assert_eq!(secret["ResourceID"], "cdb-mrhoqymb", "{id}");
        assert_eq!(secret["ResourceName"], "testname");
        assert_eq!(secret["AssociatedInstanceIDs"], json!(["ins-abfa"]));
    }
}

#[test]
fn absent_and_null_members_have_their_defaults() {
    let least = r#"{"SecretMetadatas":[{"SecretName":"b","CreateTime":1},{"SecretName":"a","CreateTime":1}]}"#;
    let members = [
        "Description",
        "KmsKeyId",
        "CreateUin",
        "Status",
        "DeleteTime",
        "KmsKeyType",
        "RotationStatus",
        "NextRotationTime",
        "SecretType",
        "ProductName",
        "ResourceName",
        "ProjectID",
        "AssociatedInstanceIDs",
        "TargetUin",
        "RotationFrequency",
        "ResourceID",
        "RotationBeginTime",
        "EncryptType",
        "EncryptSwitching",
        "CreateUinString",
        "TargetUinString",
        "AdditionalConfig",
        "Tags",
        "Versions",
    ];
    let nulls: Vec<_> = members
        .iter()
        .map(|name| format!(r#","{name}":null"#))
        .collect();
    let nulls = nulls.concat();
    let with_nulls = least.replace(r#""CreateTime":1"#, &format!(r#""CreateTime":1{nulls}"#));
    let expected = listed(least, &json!({}));
    assert_eq!(expected["SecretMetadatas"][0]["SecretName"], "b");
    assert_eq!(
        expected["SecretMetadatas"][0]["CreateUin"],
        1_000_000_000_000_000_u64
    );
    assert_eq!(expected["SecretMetadatas"][0]["Status"], "Enabled");
    let reply = listed(&with_nulls, &json!({}));
    assert_eq!(reply["SecretMetadatas"], expected["SecretMetadatas"]);
}

#[test]
fn a_list_saved_oldest_first_keeps_its_order_too() {
    let saved = r#"{"SecretMetadatas":[{"SecretName":"old","CreateTime":1},{"SecretName":"new","CreateTime":2},{"SecretName":"newer","CreateTime":2}]}"#;
    let reply = listed(saved, &json!({"OrderType": 1}));
    let names: Vec<_> = reply["SecretMetadatas"]
        .as_array()
        .unwrap()
        .iter()
        .map(|secret| &secret["SecretName"])
        .collect();
    assert_eq!(names, ["old", "new", "newer"]);
}

#[test]
fn an_error_names_its_place_and_no_secret_value() {
    let secret = |members: &str| {
        format!(
            r#"{{"Response":{{"SecretMetadatas":[{{"SecretName":"a","CreateTime":1}},{{"SecretName":"b","CreateTime":1,{members}}}]}}}}"#
        )
    };
    let of = "Response.SecretMetadatas[1]";
    for (text, place, reason) in [
        (
            secret(r#""SecretType":5"#),
            format!("{of}.SecretType"),
            "`5` is not a type of secret",
        ),
        (
            secret(r#""EncryptType":2"#),
            format!("{of}.EncryptType"),
            "`2` is neither 0 nor 1",
        ),
        (
            secret(r#""Status":"Lost""#),
            format!("{of}.Status"),
            "unknown variant `Lost`",
        ),
        (
            secret(r#""Status":"PendingDelete""#),
            format!("{of}.DeleteTime"),
            "needs a deletion time",
        ),
        (
            secret(r#""Tags":[{"TagKey":"k","TagValue":"1"},{"TagKey":"k","TagValue":"2"}]"#),
            format!("{of}.Tags[1].TagKey"),
            "`k` occurs twice",
        ),
        (
            secret(r#""Versions":[{"VersionId":"v","SecretString":"","SecretBinary":""}]"#),
            format!("{of}.Versions[0]"),
            "expected one of",
        ),
        (
            secret(r#""Versions":[{"VersionId":"v","SecretBinary":"hunter2"}]"#),
            format!("{of}.Versions[0].SecretBinary"),
            "expected Base64",
        ),
        (
            secret(r#""Versions":["hunter2"]"#),
            format!("{of}.Versions[0]"),
            "expected struct Version",
        ),
        (
            r#"{"SecretMetadatas":[{"CreateTime":1}]}"#.into(),
            "SecretMetadatas[0]".into(),
            "missing field `SecretName`",
        ),
        (
            r#"{"SecretMetadatas":[{"SecretName":"a","CreateTime":"today"}]}"#.into(),
            "SecretMetadatas[0].CreateTime".into(),
            "expected i64",
        ),
        (
            r#"{"Response":{"Error":{}}}"#.into(),
            ".".into(),
            "the reply is the error",
        ),
        (
            r#"{"Response":{"SecretMetadatas":[]},"Account":"7"}"#.into(),
            "Account".into(),
            "is not an account number",
        ),
    ] {
        let mistake = parse(&text).unwrap_err();
        assert_eq!(mistake.place, place, "{text}");
        assert!(mistake.reason.contains(reason), "{}", mistake.reason);
        assert!(!mistake.reason.contains("hunter2"), "{}", mistake.reason);
    }
    let unknown = r#"{"Response":{"SecretMetadatas":[{"SecretName":"a","CreateTime":1,"New":1}]}}"#;
    assert_eq!(
        parse(unknown).unwrap().ignored,
        ["Response.SecretMetadatas.0.New"]
    );
}

#[test]
fn an_empty_key_id_means_a_software_key_unless_encrypt_type_differs() {
    for (members, encrypt_type) in [
        (r#""KmsKeyId":"""#, 1),
        (r#""KmsKeyId":"","EncryptType":1"#, 1),
        (r#""KmsKeyId":"","EncryptType":0"#, 0),
        (r#""KmsKeyId":"k""#, 0),
        (r#""Status":"Initializing""#, 0),
    ] {
        let text =
            format!(r#"{{"SecretMetadatas":[{{"SecretName":"a","CreateTime":1,{members}}}]}}"#);
        let reply = listed(&text, &json!({}));
        let secret = &reply["SecretMetadatas"][0];
        assert_eq!(secret["EncryptType"], encrypt_type, "{members}");
        assert_eq!(secret["KmsKeyId"] == "", encrypt_type == 1, "{members}");
    }
}

#[test]
fn a_fixture_is_recognized_by_its_members_whatever_their_values() {
    for (text, place) in [
        (r#"{"SecretMetadatas":7}"#, "SecretMetadatas"),
        (r#"{"Response":7}"#, "."),
    ] {
        assert_eq!(parse(text).unwrap_err().place, place);
    }
    let text = r#"{"SecretMetadatas":[{"SecretName":"a","CreateTime":1,"AdditionalConfig":7777}]}"#;
    assert!(!parse(text).unwrap_err().reason.contains("777"));
}
