//! The life cycle of a secret.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::session::Session;

const S: &str = "s";

fn status(session: &Session) -> (String, u64) {
    let described = session.ok("DescribeSecret", &json!({"SecretName": S}));
    (
        described["Status"].as_str().unwrap().to_owned(),
        described["DeleteTime"].as_u64().unwrap(),
    )
}

#[test]
fn a_secret_is_deleted_at_once_or_at_the_end_of_its_window() {
    let session = Session::new();
    session.create(S);
    session.disable(S);
    let reply = session.ok("DeleteSecret", &json!({"SecretName": S}));
    assert_eq!(reply["DeleteTime"], 1_767_323_045);
    assert_eq!(reply["FlowID"], 0);
    assert_eq!(
        session.verdict("DescribeSecret", &json!({"SecretName": S})),
        "ResourceNotFound"
    );

    session.create(S);
    session.disable(S);
    let reply = session.ok(
        "DeleteSecret",
        &json!({"SecretName": S, "RecoveryWindowInDays": 2}),
    );
    let delete_time = 1_767_323_045 + 2 * 86_400;
    assert_eq!(reply["DeleteTime"], delete_time);
    assert_eq!(status(&session), ("PendingDelete".to_owned(), delete_time));
    session.advance(TimeDelta::days(2) - TimeDelta::seconds(1));
    assert_eq!(session.list(&json!({})).1, 1);
    session.advance(TimeDelta::seconds(1));
    assert_eq!(session.list(&json!({})).1, 0);
    session.create(S);
}

#[test]
fn a_restored_secret_is_disabled_and_keeps_its_values() {
    let session = Session::new();
    session.create(S);
    session.disable(S);
    session.ok(
        "DeleteSecret",
        &json!({"SecretName": S, "RecoveryWindowInDays": 1}),
    );
    session.ok("RestoreSecret", &json!({"SecretName": S}));
    assert_eq!(status(&session), ("Disabled".to_owned(), 0));
    session.advance(TimeDelta::days(3));
    session.ok("EnableSecret", &json!({"SecretName": S}));
    let value = session.ok(
        "GetSecretValue",
        &json!({"SecretName": S, "VersionId": "v1"}),
    );
    assert_eq!(value["SecretString"], "one");
}

#[test]
fn an_overwritten_version_keeps_its_creation_time_and_its_position() {
    let session = Session::new();
    session.create(S);
    session.advance(TimeDelta::seconds(5));
    let put = json!({"SecretName": S, "VersionId": "v2", "SecretString": "two"});
    session.ok("PutSecretValue", &put);
    session.advance(TimeDelta::seconds(5));
    let update = json!({"SecretName": S, "VersionId": "v1", "SecretBinary": "AAEC"});
    session.ok("UpdateSecret", &update);
    let versions = session.ok("ListSecretVersionIds", &json!({"SecretName": S}));
    assert_eq!(
        versions["Versions"],
        json!([
            {"VersionId": "v2", "CreateTime": 1_767_323_050},
            {"VersionId": "v1", "CreateTime": 1_767_323_045},
        ])
    );
    let value = session.ok(
        "GetSecretValue",
        &json!({"SecretName": S, "VersionId": "v1"}),
    );
    assert_eq!(value["SecretBinary"], "AAEC");
    assert_eq!(value["SecretString"], "");
}

#[test]
fn the_first_version_is_ssm_current_unless_an_id_is_given() {
    let session = Session::new();
    let created = session.ok(
        "CreateSecret",
        &json!({"SecretName": S, "SecretString": "x"}),
    );
    assert_eq!(created["VersionId"], "SSM_Current");
    let created = session.ok(
        "CreateSecret",
        &json!({"SecretName": "t", "VersionId": "", "SecretString": "x"}),
    );
    assert_eq!(created["VersionId"], "SSM_Current");
}

/// Some clients send an empty version id if their user gives none.
#[test]
fn an_empty_version_id_reads_ssm_current_if_there_is_one() {
    let session = Session::new();
    session.create(S);
    let read = json!({"SecretName": S, "VersionId": ""});
    assert_eq!(
        session.verdict("GetSecretValue", &read),
        "InvalidParameterValue"
    );
    let put = json!({"SecretName": S, "VersionId": "SSM_Current", "SecretString": "now"});
    session.ok("PutSecretValue", &put);
    let value = session.ok("GetSecretValue", &read);
    assert_eq!(
        (&value["SecretString"], &value["VersionId"]),
        (&json!("now"), &json!("SSM_Current"))
    );
}

/// Terraform deletes a version and reads it until the code is exactly `ResourceNotFound`, in any state of the
/// secret.
#[test]
fn a_deleted_version_of_a_disabled_secret_is_not_found() {
    let session = Session::new();
    session.create(S);
    session.disable(S);
    let version = json!({"SecretName": S, "VersionId": "v1"});
    assert_eq!(
        session.verdict("GetSecretValue", &version),
        "ResourceUnavailable.ResourceDisabled"
    );
    session.ok("DeleteSecretVersion", &version);
    assert_eq!(
        session.verdict("GetSecretValue", &version),
        "ResourceNotFound"
    );
}

/// Terraform creates a secret with a version that it deletes at once.
#[test]
fn a_secret_without_versions_can_get_new_ones() {
    let session = Session::new();
    session.create(S);
    let version = json!({"SecretName": S, "VersionId": "v1"});
    session.ok("DeleteSecretVersion", &version);
    let versions = session.ok("ListSecretVersionIds", &json!({"SecretName": S}));
    assert_eq!(versions["Versions"], Value::Array(vec![]));
    assert_eq!(
        session.verdict("GetSecretValue", &version),
        "ResourceNotFound"
    );
    session.ok(
        "PutSecretValue",
        &json!({"SecretName": S, "VersionId": "v1", "SecretString": "again"}),
    );
    assert_eq!(
        session.ok("GetSecretValue", &version)["SecretString"],
        "again"
    );
}

#[test]
fn a_request_for_an_encrypted_reply_is_rejected() {
    let session = Session::new();
    session.create(S);
    let read = json!({"SecretName": S, "VersionId": "v1", "EncryptionPublicKey": "k", "EncryptionAlgorithm": "RSA"});
    assert_eq!(
        session.verdict("GetSecretValue", &read),
        "UnsupportedOperation"
    );
    let plain = json!({"SecretName": S, "VersionId": "v1", "EncryptionPublicKey": "", "EncryptionAlgorithm": ""});
    assert_eq!(session.verdict("GetSecretValue", &plain), "OK");
}

/// Terraform reads these members without a check for absence.
#[test]
fn a_description_has_every_member_of_the_newest_model() {
    let session = Session::new();
    session.ok(
        "CreateSecret",
        &json!({"SecretName": S, "SecretString": "x", "EncryptType": 1, "KmsKeyId": "ignored", "AdditionalConfig": "{\"a\":1}"}),
    );
    let mut described = session.ok("DescribeSecret", &json!({"SecretName": S}));
    for name in ["ResourceID", "RequestId"] {
        assert!(described[name].take().is_string(), "{name}");
    }
    assert_eq!(
        described,
        json!({
            "SecretName": "s",
            "Description": "",
            "KmsKeyId": "",
            "CreateUin": 1_000_000_000_000_000_u64,
            "Status": "Enabled",
            "DeleteTime": 0,
            "CreateTime": 1_767_323_045,
            "SecretType": 0,
            "ProductName": "default",
            "ResourceID": null,
            "RotationStatus": false,
            "RotationFrequency": 0,
            "ResourceName": "",
            "ProjectID": 0,
            "AssociatedInstanceIDs": [],
            "TargetUin": 0,
            "AdditionalConfig": "{\"a\":1}",
            "EncryptType": 1,
            "EncryptSwitching": false,
            "CreateUinString": "1000000000000000",
            "TargetUinString": "0",
            "AccountInfoList": [],
            "NextRotationTime": "",
            "RequestId": null,
        })
    );
}

#[test]
fn the_service_counts_its_secrets() {
    let session = Session::new();
    session.create("a");
    session.create("b");
    let status = session.ok("GetServiceStatus", &json!({}));
    assert_eq!(
        [
            &status["ServiceEnabled"],
            &status["InvalidType"],
            &status["TotalCount"],
            &status["SecretLimit"]
        ],
        [&json!(true), &json!(1), &json!(2), &json!(1000)]
    );
}
