//! Secrets of cloud products: tasks, accounts, rotation by the clock, and SSH key pairs.

use chrono::TimeDelta;
use kms_emulator::emulator::clock::Clock;
use serde_json::{Value, json};

use super::session::{Session, request};

fn product(name: &str) -> Value {
    json!({"SecretName": name, "UserNamePrefix": "app", "ProductName": "Mysql", "InstanceID": "cdb-1",
        "Domains": ["10.0.0.%", "%"],
        "PrivilegesList": [{"PrivilegeName": "GlobalPrivileges", "Privileges": ["SELECT", "ALTER ROUTINE"]}]})
}

/// The parameters for a secret with these changes.
fn product_with(changes: &Value) -> Value {
    let mut parameters = product("s");
    for (name, value) in changes.as_object().unwrap() {
        parameters[name] = value.clone();
    }
    parameters
}

/// Creates `s`, and waits until its account exists.
fn created(session: &Session, changes: &Value) {
    session.ok("CreateProductSecret", &product_with(changes));
    session.advance(TimeDelta::seconds(2));
}

fn name() -> Value {
    json!({"SecretName": "s"})
}

fn value(session: &Session, version: &str) -> Value {
    let response = session.ok(
        "GetSecretValue",
        &json!({"SecretName": "s", "VersionId": version}),
    );
    serde_json::from_str(response["SecretString"].as_str().unwrap()).unwrap()
}

fn version_ids(session: &Session) -> Vec<String> {
    let response = session.ok("ListSecretVersionIds", &name());
    let versions = response["Versions"].as_array().unwrap().iter();
    versions
        .map(|version| version["VersionId"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn a_secret_is_created_by_a_task_that_ends_by_the_clock() {
    let session = Session::new();
    let response = session.ok("CreateProductSecret", &product("s"));
    assert_eq!(
        [&response["TagCode"], &response["TagMsg"]],
        [&json!(0), &json!("ok")]
    );
    let task = json!({"FlowID": response["FlowID"]});
    let status =
        |session: &Session| session.ok("DescribeAsyncRequestInfo", &task)["TaskStatus"].clone();
    assert_eq!(status(&session), 0);
    assert_eq!(session.ok("DescribeSecret", &name())["Status"], "Creating");
    assert_eq!(
        session.verdict(
            "GetSecretValue",
            &json!({"SecretName": "s", "VersionId": "SSM_Current"})
        ),
        "ResourceUnavailable.ResourceUninitialized"
    );
    session.advance(TimeDelta::seconds(1));
    assert_eq!(status(&session), 0);
    session.advance(TimeDelta::seconds(1));
    assert_eq!(status(&session), 1);
    let secret = session.ok("DescribeSecret", &name());
    assert_eq!(secret["Status"], "Enabled");
    assert_eq!(
        [&secret["SecretType"], &secret["RotationFrequency"]],
        [1, 1]
    );
    assert_eq!(
        [&secret["ProductName"], &secret["ResourceID"]],
        ["Mysql", "cdb-1"]
    );
    let account = value(&session, "SSM_Current");
    let user = account["UserName"].as_str().unwrap();
    assert!(user.starts_with("app_SSM_") && user.len() == 11, "{user}");
    assert_eq!(account["Password"].as_str().unwrap().len(), 32);
    assert_eq!(account.as_object().unwrap().len(), 2);
    assert_eq!(
        secret["AccountInfoList"],
        json!([{"AccountName": user, "Host": ["10.0.0.%", "%"], "Version": "SSM_Current",
            "RotatedTime": "2026-01-02 11:04:07"}])
    );
    let listed = session.ok(
        "ListSecrets",
        &json!({"SecretType": 1, "ProductName": "Mysql", "InstanceID": "cdb-1"}),
    );
    assert_eq!(listed["TotalCount"], 1);
    assert_eq!(session.ok("ListSecrets", &json!({}))["TotalCount"], 0);
}

#[test]
fn tasks_that_end_at_the_same_time_have_different_ids() {
    let session = Session::new();
    let create = |name: &str| session.ok("CreateProductSecret", &product(name))["FlowID"].clone();
    let ids = ["a", "b", "c"].map(create);
    assert!(
        ids[0] != ids[1] && ids[1] != ids[2] && ids[0] != ids[2],
        "{ids:?}"
    );
    session.advance(TimeDelta::seconds(2));
    for id in ids {
        let task = session.ok("DescribeAsyncRequestInfo", &json!({"FlowID": id}));
        assert_eq!(task["TaskStatus"], 1);
    }
}

#[test]
fn a_task_is_known_only_to_its_account_and_region() {
    let session = Session::new();
    let task = json!({"FlowID": session.ok("CreateProductSecret", &product("s"))["FlowID"]});
    let code = |request| {
        session.ask(&request)["Error"]["Code"]
            .as_str()
            .unwrap_or("OK")
            .to_owned()
    };
    let ask = || request("DescribeAsyncRequestInfo", &task);
    assert_eq!(code(ask()), "OK");
    assert_eq!(
        code(ask().header("X-TC-Region", "ap-beijing")),
        "ResourceNotFound"
    );
    let other = "TC3-HMAC-SHA256 Credential=2000000000000000/2026-01-02/ssm/tc3_request, SignedHeaders=content-type;host, Signature=00";
    assert_eq!(
        code(ask().header("Authorization", other)),
        "ResourceNotFound"
    );
    for (id, expected) in [
        (json!(-1), "ResourceNotFound"),
        (json!(0), "ResourceNotFound"),
        (json!(i64::MAX), "ResourceNotFound"),
        (json!(u64::MAX), "InvalidParameter"),
        (json!("1"), "InvalidParameter"),
        (json!(1.5), "InvalidParameter"),
        (Value::Null, "MissingParameter"),
    ] {
        assert_eq!(
            session.verdict("DescribeAsyncRequestInfo", &json!({"FlowID": id})),
            expected,
            "{id}"
        );
    }
}

#[test]
fn a_rotation_by_request_creates_another_account_and_keeps_the_one_before() {
    let session = Session::new();
    created(&session, &json!({}));
    let first = value(&session, "SSM_Current");
    let response = session.ok("RotateProductSecret", &name());
    assert_eq!(value(&session, "SSM_Current"), first, "the task is running");
    assert_eq!(
        session.verdict("RotateProductSecret", &name()),
        "FailedOperation"
    );
    session.advance(TimeDelta::seconds(2));
    let task = session.ok(
        "DescribeAsyncRequestInfo",
        &json!({"FlowID": response["FlowID"]}),
    );
    assert_eq!(
        [&task["TaskStatus"], &task["Description"]],
        [&json!(1), &json!("success")]
    );
    let second = value(&session, "SSM_Current");
    assert_ne!(second["UserName"], first["UserName"]);
    assert_ne!(second["Password"], first["Password"]);
    // The end of the task in Beijing time.
    let before = "SSM_Rotate_20260102110409";
    assert_eq!(version_ids(&session), ["SSM_Current", before]);
    assert_eq!(value(&session, before), first);
    let history = session.ok("DescribeRotationHistory", &name());
    assert_eq!(history["VersionIDs"], json!([before]));
    assert_eq!(history["TotalCount"], 1);
    let names: Vec<_> = history["AccountInfoList"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["AccountName"])
        .collect();
    assert_eq!(names, [&second["UserName"], &first["UserName"]]);
    let detail = session.ok("DescribeRotationDetail", &name());
    assert_eq!(detail["LatestRotateTime"], "2026-01-02 11:04:09");
    assert_eq!(detail["NextRotateBeginTime"], "");
    assert_eq!(detail["EnableRotation"], false);
}

#[test]
fn automatic_rotation_follows_the_clock_and_keeps_ten_versions() {
    let session = Session::new();
    created(
        &session,
        &json!({"EnableRotation": true, "RotationBeginTime": "2026-02-01 03:00:00", "RotationFrequency": 30}),
    );
    let detail = session.ok("DescribeRotationDetail", &name());
    assert_eq!(detail["EnableRotation"], true);
    assert_eq!(detail["Frequency"], 30);
    assert_eq!(detail["LatestRotateTime"], "2026-01-02 11:04:07");
    assert_eq!(detail["NextRotateBeginTime"], "2026-02-01 03:00:00");
    let listed = session.ok("ListSecrets", &json!({"SecretType": 1}));
    let listed = &listed["SecretMetadatas"][0];
    assert_eq!(
        [&listed["RotationStatus"], &listed["RotationFrequency"]],
        [1, 30]
    );
    assert_eq!(listed["RotationBeginTime"], "2026-02-01 03:00:00");
    // 2026-01-31T19:00:00Z.
    assert_eq!(listed["NextRotationTime"], 1_769_886_000);
    let first = value(&session, "SSM_Current");

    session.clock.set("2026-01-31T18:59:59Z".parse().unwrap());
    assert_eq!(value(&session, "SSM_Current"), first);
    session.advance(TimeDelta::seconds(1));
    assert_ne!(value(&session, "SSM_Current"), first);
    assert_eq!(
        version_ids(&session),
        ["SSM_Current", "SSM_Rotate_20260201030000"]
    );
    let detail = session.ok("DescribeRotationDetail", &name());
    assert_eq!(detail["LatestRotateTime"], "2026-02-01 03:00:00");
    assert_eq!(detail["NextRotateBeginTime"], "2026-03-03 03:00:00");

    // Twelve more rotations at once.
    session.advance(TimeDelta::days(12 * 30));
    let ids = version_ids(&session);
    assert_eq!(ids.len(), 11);
    assert_eq!(ids[0], "SSM_Current");
    assert_eq!(ids[1], "SSM_Rotate_20270127030000");
    assert_eq!(ids[10], "SSM_Rotate_20260502030000");
    let history = session.ok("DescribeRotationHistory", &name());
    assert_eq!(history["TotalCount"], 10);
    assert_eq!(
        session.ok("DescribeRotationDetail", &name())["NextRotateBeginTime"],
        "2027-02-26 03:00:00"
    );
}

#[test]
fn a_very_long_time_is_skipped_at_once() {
    let session = Session::new();
    created(
        &session,
        &json!({"EnableRotation": true, "RotationBeginTime": "2026-02-01 03:00:00"}),
    );
    session.clock.set("9998-12-30T00:00:00Z".parse().unwrap());
    assert_eq!(version_ids(&session).len(), 11);
    assert_eq!(
        session.ok("DescribeRotationDetail", &name())["LatestRotateTime"],
        "9998-12-30 03:00:00"
    );
}

#[test]
fn a_disabled_secret_is_not_rotated_and_misses_its_rotations() {
    let session = Session::new();
    created(
        &session,
        &json!({"EnableRotation": true, "RotationBeginTime": "2026-02-01 03:00:00", "RotationFrequency": 30}),
    );
    session.disable("s");
    assert_eq!(
        session.verdict("RotateProductSecret", &name()),
        "ResourceUnavailable.ResourceDisabled"
    );
    session.advance(TimeDelta::days(45));
    assert_eq!(version_ids(&session), ["SSM_Current"]);
    session.ok("EnableSecret", &name());
    assert_eq!(version_ids(&session), ["SSM_Current"]);
    assert_eq!(
        session.ok("DescribeRotationDetail", &name())["NextRotateBeginTime"],
        "2026-03-03 03:00:00"
    );
    session.advance(TimeDelta::days(30));
    assert_eq!(version_ids(&session).len(), 2);
    // A task that has begun ends, whether the secret is enabled or not.
    session.ok("RotateProductSecret", &name());
    session.disable("s");
    session.advance(TimeDelta::seconds(2));
    assert_eq!(version_ids(&session).len(), 3);
    session.ok(
        "DeleteSecret",
        &json!({"SecretName": "s", "RecoveryWindowInDays": 30}),
    );
    session.advance(TimeDelta::days(29));
    assert_eq!(version_ids(&session).len(), 3);
    assert_eq!(
        session.verdict(
            "UpdateRotationStatus",
            &json!({"SecretName": "s", "EnableRotation": false})
        ),
        "FailedOperation"
    );
    session.ok("RestoreSecret", &name());
    session.ok("EnableSecret", &name());
    assert_eq!(version_ids(&session).len(), 3);
}

#[test]
fn the_rotation_status_is_changed() {
    let session = Session::new();
    created(&session, &json!({}));
    let update = |changes: Value| {
        let mut parameters = changes;
        parameters["SecretName"] = "s".into();
        session.verdict("UpdateRotationStatus", &parameters)
    };
    let detail = || {
        let detail = session.ok("DescribeRotationDetail", &name());
        (
            detail["EnableRotation"].clone(),
            detail["Frequency"].clone(),
            detail["NextRotateBeginTime"].clone(),
        )
    };
    assert_eq!(
        update(
            json!({"EnableRotation": true, "Frequency": 35, "RotationBeginTime": "2006-01-02 15:04:05"})
        ),
        "OK"
    );
    // 209 periods of 35 days after the begin.
    assert_eq!(
        detail(),
        (json!(true), json!(35), json!("2026-01-12 15:04:05"))
    );
    assert_eq!(update(json!({"EnableRotation": false})), "OK");
    assert_eq!(detail(), (json!(false), json!(35), json!("")));
    session.advance(TimeDelta::days(100));
    assert_eq!(version_ids(&session), ["SSM_Current"]);
    // Without a begin, rotation begins now.
    assert_eq!(update(json!({"EnableRotation": true})), "OK");
    assert_eq!(version_ids(&session).len(), 2);
    assert_eq!(
        detail(),
        (json!(true), json!(35), json!("2026-05-17 11:04:07"))
    );
    for (changes, code) in [
        (json!({}), "MissingParameter"),
        (json!({"EnableRotation": "true"}), "InvalidParameter"),
        (
            json!({"EnableRotation": true, "Frequency": 29}),
            "InvalidParameterValue",
        ),
        (
            json!({"EnableRotation": true, "Frequency": 366}),
            "InvalidParameterValue",
        ),
        (
            json!({"EnableRotation": true, "Frequency": -30}),
            "InvalidParameterValue",
        ),
        (
            json!({"EnableRotation": true, "RotationBeginTime": "tomorrow"}),
            "InvalidParameterValue",
        ),
        (
            json!({"EnableRotation": true, "RotationBeginTime": "2026-02-30 00:00:00"}),
            "InvalidParameterValue",
        ),
    ] {
        assert_eq!(update(changes.clone()), code, "{changes}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn the_parameters_of_a_product_secret_have_bounds() {
    let session = Session::new();
    let privileges = |unit: Value| json!({"PrivilegesList": [unit]});
    for (changes, code) in [
        (
            json!({"UserNamePrefix": "123456789"}),
            "InvalidParameterValue",
        ),
        (json!({"UserNamePrefix": "1app"}), "InvalidParameterValue"),
        (json!({"UserNamePrefix": "a-b"}), "InvalidParameterValue"),
        (json!({"UserNamePrefix": ""}), "InvalidParameterValue"),
        (json!({"ProductName": "mysql"}), "InvalidParameterValue"),
        (json!({"ProductName": "Redis"}), "InvalidParameterValue"),
        (json!({"InstanceID": ""}), "InvalidParameterValue"),
        (json!({"Domains": []}), "InvalidParameterValue"),
        (json!({"Domains": [""]}), "InvalidParameterValue"),
        (json!({"Domains": ["a b"]}), "InvalidParameterValue"),
        (json!({"Domains": "%"}), "InvalidParameter"),
        (json!({"PrivilegesList": []}), "InvalidParameterValue"),
        (json!({"PrivilegesList": null}), "MissingParameter"),
        (
            privileges(json!({"Privileges": ["SELECT"]})),
            "MissingParameter",
        ),
        (
            privileges(json!({"PrivilegeName": "Global", "Privileges": ["SELECT"]})),
            "InvalidParameterValue",
        ),
        (
            privileges(json!({"PrivilegeName": "GlobalPrivileges", "Privileges": []})),
            "InvalidParameterValue",
        ),
        (
            privileges(json!({"PrivilegeName": "GlobalPrivileges", "Privileges": ["select"]})),
            "InvalidParameterValue",
        ),
        (
            privileges(json!({"PrivilegeName": "DatabasePrivileges", "Privileges": ["SELECT"]})),
            "InvalidParameterValue",
        ),
        (
            privileges(
                json!({"PrivilegeName": "DatabasePrivileges", "Privileges": ["PROCESS"], "Database": "d"}),
            ),
            "InvalidParameterValue",
        ),
        (
            privileges(
                json!({"PrivilegeName": "TablePrivileges", "Privileges": ["SELECT"], "Database": "d", "TableName": ""}),
            ),
            "InvalidParameterValue",
        ),
        (
            privileges(
                json!({"PrivilegeName": "ColumnPrivileges", "Privileges": ["DELETE"], "Database": "d", "TableName": "t", "ColumnName": "c"}),
            ),
            "InvalidParameterValue",
        ),
        (
            privileges(
                json!({"PrivilegeName": "ColumnPrivileges", "Privileges": ["SELECT"], "Database": "d", "TableName": "t"}),
            ),
            "InvalidParameterValue",
        ),
        (
            privileges(
                json!({"PrivilegeName": "GlobalPrivileges", "Privileges": ["SELECT"], "Foo": ""}),
            ),
            "UnknownParameter",
        ),
        (json!({"EnableRotation": true}), "MissingParameter"),
        (
            json!({"EnableRotation": true, "RotationBeginTime": ""}),
            "MissingParameter",
        ),
        (
            json!({"RotationBeginTime": "2026-02-01"}),
            "InvalidParameterValue",
        ),
        (json!({"RotationFrequency": 0}), "InvalidParameterValue"),
        (json!({"RotationFrequency": 366}), "InvalidParameterValue"),
        (json!({"EncryptType": 2}), "InvalidParameterValue"),
        (
            json!({"Tags": [{"TagKey": "k", "TagValue": "1"}, {"TagKey": "k", "TagValue": "2"}]}),
            "InvalidParameterValue.TagKeysDuplicated",
        ),
        (json!({"SecretName": "a.b"}), "InvalidParameterValue"),
        // As Terraform sends it.
        (
            privileges(
                json!({"PrivilegeName": "GlobalPrivileges", "Privileges": ["SELECT"], "Database": "", "TableName": "", "ColumnName": ""}),
            ),
            "OK",
        ),
        (
            json!({"SecretName": "mongo", "ProductName": "MongoDB", "PrivilegesList": [{"PrivilegeName": "GlobalPrivileges", "Privileges": ["READ_ONLY"]}]}),
            "OK",
        ),
    ] {
        assert_eq!(
            session.verdict("CreateProductSecret", &product_with(&changes)),
            code,
            "{changes}"
        );
    }
}

#[test]
fn a_redis_secret_has_an_account_at_once() {
    let session = Session::new();
    // The configuration of the Terraform provider's example.
    let config = r#"{"InstanceId":"crs-1","Privilege":"r","ReadonlyPolicy":["master"],"Region":"ap-guangzhou","Remark":"for tf test"}"#;
    let redis = json!({"SecretName": "s", "SecretType": 4, "AdditionalConfig": config});
    let response = session.ok("CreateSecret", &redis);
    assert_eq!(response["VersionId"], "SSM_Current");
    let secret = session.ok("DescribeSecret", &name());
    assert_eq!(secret["AdditionalConfig"], config);
    assert_eq!(
        [
            &secret["Status"],
            &secret["ProductName"],
            &secret["ResourceID"]
        ],
        ["Enabled", "Redis", "crs-1"]
    );
    assert_eq!(secret["SecretType"], 4);
    let first = value(&session, "SSM_Current");
    assert!(first["UserName"].is_string() && first["Password"].is_string());
    session.ok("RotateProductSecret", &name());
    session.advance(TimeDelta::seconds(2));
    assert_ne!(value(&session, "SSM_Current"), first);
    for (changes, code) in [
        (json!({"SecretType": 1}), "InvalidParameterValue"),
        (json!({"SecretType": 2}), "InvalidParameterValue"),
        (json!({"SecretType": 3}), "InvalidParameterValue"),
        (json!({"SecretType": 5}), "InvalidParameterValue"),
        (json!({"AdditionalConfig": ""}), "InvalidParameterValue"),
        (json!({"AdditionalConfig": "{}"}), "InvalidParameterValue"),
        (json!({"AdditionalConfig": "[]"}), "InvalidParameterValue"),
        (
            json!({"AdditionalConfig": "{\"InstanceId\":1}"}),
            "InvalidParameterValue",
        ),
        (json!({"SecretString": "x"}), "InvalidParameterValue"),
        (json!({"SecretBinary": "AA=="}), "InvalidParameterValue"),
        (json!({"VersionId": "v1"}), "OK"),
    ] {
        let mut parameters = redis.clone();
        parameters["SecretName"] = "t".into();
        for (name, value) in changes.as_object().unwrap() {
            parameters[name] = value.clone();
        }
        assert_eq!(
            session.verdict("CreateSecret", &parameters),
            code,
            "{changes}"
        );
    }
}

#[test]
fn an_ssh_key_pair_is_read_by_name_and_by_id() {
    let session = Session::new();
    let response = session.ok(
        "CreateSSHKeyPairSecret",
        &json!({"SecretName": "s", "ProjectId": 7, "SSHKeyName": "deploy", "Description": "d"}),
    );
    let id = response["SSHKeyID"].as_str().unwrap().to_owned();
    assert!(id.starts_with("skey-"), "{id}");
    assert_eq!(response["SSHKeyName"], "deploy");
    let listed = session.ok(
        "ListSecrets",
        &json!({"SecretType": 2, "SearchSecretName": "s"}),
    );
    let listed = &listed["SecretMetadatas"][0];
    assert_eq!(
        [
            &listed["ResourceName"],
            &listed["ResourceID"],
            &listed["ProductName"]
        ],
        ["deploy", &*id, "Cvm"]
    );
    assert_eq!(listed["ProjectID"], 7);
    let read = |parameters: Value| {
        let mut pair = session.ok("GetSSHKeyPairValue", &parameters);
        pair["RequestId"].take();
        pair
    };
    let pair = read(name());
    assert_eq!(read(json!({"SSHKeyId": id})), pair);
    assert_eq!(read(json!({"SecretName": "s", "SSHKeyId": id})), pair);
    let text = |name: &str| pair[name].as_str().unwrap();
    assert!(text("PublicKey").starts_with("ssh-rsa AAAA") && text("PublicKey").ends_with(&id));
    assert!(text("PrivateKey").starts_with("-----BEGIN RSA PRIVATE KEY-----\n"));
    assert_eq!([text("SSHKeyID"), text("SSHKeyName")], [&*id, "deploy"]);
    assert_eq!(pair["ProjectID"], 7);
    for (parameters, code) in [
        (json!({}), "MissingParameter"),
        (
            json!({"SecretName": "", "SSHKeyId": ""}),
            "MissingParameter",
        ),
        (json!({"SSHKeyId": "skey-0"}), "ResourceNotFound"),
        (
            json!({"SecretName": "s", "SSHKeyId": "skey-0"}),
            "ResourceNotFound",
        ),
        (json!({"SecretName": "a.b"}), "InvalidParameterValue"),
    ] {
        assert_eq!(
            session.verdict("GetSSHKeyPairValue", &parameters),
            code,
            "{parameters}"
        );
    }
    assert_eq!(
        session.verdict("RotateProductSecret", &name()),
        "FailedOperation.RotationForbidden"
    );
    session.disable("s");
    // The acceptance test of the Terraform provider (2026-07) creates a disabled pair and reads its id here.
    assert_eq!(read(name()), pair);
    session.ok(
        "DeleteSecret",
        &json!({"SecretName": "s", "CleanSSHKey": true}),
    );
    assert_eq!(
        session.verdict("GetSSHKeyPairValue", &json!({"SSHKeyId": id})),
        "ResourceNotFound"
    );
    for (changes, code) in [
        (json!({"ProjectId": -1}), "InvalidParameterValue"),
        (json!({"ProjectId": null}), "MissingParameter"),
        (json!({"SSHKeyName": "_k"}), "InvalidParameterValue"),
        (json!({"SSHKeyName": "a-b"}), "InvalidParameterValue"),
    ] {
        let mut parameters = json!({"SecretName": "t", "ProjectId": 0});
        for (name, value) in changes.as_object().unwrap() {
            parameters[name] = value.clone();
        }
        assert_eq!(
            session.verdict("CreateSSHKeyPairSecret", &parameters),
            code,
            "{changes}"
        );
    }
}

#[test]
fn an_exported_secret_is_rotated_where_it_is_loaded() {
    let session = Session::new();
    created(
        &session,
        &json!({"EnableRotation": true, "RotationBeginTime": "2026-02-01 03:00:00", "RotationFrequency": 30}),
    );
    session.ok("CreateProductSecret", &product("t"));
    let exported = session.control("GET", "state?values=true", "");
    let other = Session::new();
    other.clock.set(session.clock.now());
    other.control("POST", "state", &exported);
    let shown = |session: &Session, name: &str| {
        let mut secret = session.ok("DescribeSecret", &json!({"SecretName": name}));
        secret["RequestId"].take();
        secret
    };
    assert_eq!(shown(&other, "s"), shown(&session, "s"));
    assert_eq!(shown(&other, "t"), shown(&session, "t"));
    assert_eq!(shown(&other, "t")["Status"], "Creating");
    assert_eq!(
        other.ok("DescribeRotationDetail", &name())["LatestRotateTime"],
        session.ok("DescribeRotationDetail", &name())["LatestRotateTime"]
    );
    other.advance(TimeDelta::days(30));
    assert_eq!(shown(&other, "t")["Status"], "Enabled");
    assert_eq!(version_ids(&other).len(), 2);
}
