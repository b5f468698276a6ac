//! Every operation in every state of a secret. Each row names its source: a vendor's page, an SDK, a recorded
//! reply, or an assumption.

use chrono::TimeDelta;
use kms_emulator::clouds::{self, CloudApi};
use kms_emulator::model::{Cloud, Scope, SecretType, State};
use kms_emulator::store::{StoreError, StoredSecret};
use serde_json::{Value, json};

use super::session::{Session, resource};
use crate::support::ACCOUNT;

const STATES: [&str; 8] = [
    "absent",
    "enabled",
    "disabled",
    "without versions",
    "pending deletion",
    "purged",
    "of a product",
    "being created",
];

const OK: &str = "OK";
const ABSENT: &str = "ResourceNotFound";
const FAILED: &str = "FailedOperation";
const EXISTS: &str = "ResourceInUse.SecretExists";
const VERSION: &str = "ResourceInUse.VersionIdExists";
const DISABLED: &str = "ResourceUnavailable.ResourceDisabled";
const PENDING: &str = "ResourceUnavailable.ResourcePendingDeleted";
const UNINITIALIZED: &str = "ResourceUnavailable.ResourceUninitialized";
const NO_RESOURCE: &str = "InvalidParameterValue.ResourceDescriptionError";
const FORBIDDEN: &str = "FailedOperation.RotationForbidden";
const PURCHASED: &str = "ResourceInUse.ServiceAlreadyEnabled";
const NO_TAG: &str = "ResourceNotFound.AttachedTagKeyNotFound";
const ROTATED: &str = "OperationDenied.AutoRotatedResource";

/// An operation, its parameters except the name, the expected code in each of [`STATES`], and the source.
type Row = (&'static str, &'static str, [&'static str; 8], &'static str);

#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("CreateSecret", r#"{"SecretString":"x"}"#,
        [OK, EXISTS, EXISTS, EXISTS, EXISTS, OK, EXISTS, EXISTS], "CreateSecret page; pending: assumption"),
    ("DescribeSecret", "{}",
        [ABSENT, OK, OK, OK, OK, ABSENT, OK, OK], "DescribeSecret page; pending: assumption"),
    ("ListSecrets", "",
        [OK, OK, OK, OK, OK, OK, OK, OK], "ListSecrets page"),
    ("GetSecretValue", r#"{"VersionId":"v1"}"#,
        [ABSENT, OK, DISABLED, ABSENT, PENDING, ABSENT, OK, UNINITIALIZED], "GetSecretValue page; codes: SDK, recorded"),
    ("GetSecretValue", r#"{"VersionId":"v9"}"#,
        [ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, UNINITIALIZED], "recorded; disabled: Terraform's destroy"),
    ("PutSecretValue", r#"{"VersionId":"v9","SecretString":"x"}"#,
        [ABSENT, OK, OK, OK, FAILED, ABSENT, ROTATED, ROTATED], "PutSecretValue page; codes: SDK, assumption"),
    ("PutSecretValue", r#"{"VersionId":"v1","SecretString":"one"}"#,
        [ABSENT, VERSION, VERSION, OK, FAILED, ABSENT, ROTATED, ROTATED], "PutSecretValue page; same value: assumption"),
    ("UpdateSecret", r#"{"VersionId":"v1","SecretString":"x"}"#,
        [ABSENT, OK, OK, ABSENT, FAILED, ABSENT, ROTATED, ROTATED], "UpdateSecret page; codes: assumption"),
    ("UpdateSecret", r#"{"VersionId":"v9","SecretString":"x"}"#,
        [ABSENT, ABSENT, ABSENT, ABSENT, FAILED, ABSENT, ROTATED, ROTATED], "UpdateSecret page; codes: assumption"),
    ("UpdateDescription", r#"{"Description":"d"}"#,
        [ABSENT, OK, OK, OK, FAILED, ABSENT, OK, UNINITIALIZED], "UpdateDescription page; codes: assumption"),
    ("EnableSecret", "{}",
        [ABSENT, OK, OK, OK, FAILED, ABSENT, OK, UNINITIALIZED], "EnableSecret page; enabled already: assumption"),
    ("DisableSecret", "{}",
        [ABSENT, OK, OK, OK, FAILED, ABSENT, OK, UNINITIALIZED], "DisableSecret page; disabled already: assumption"),
    ("DeleteSecret", "{}",
        [ABSENT, FAILED, OK, FAILED, FAILED, ABSENT, FAILED, UNINITIALIZED], "DeleteSecret page; codes: assumption"),
    ("DeleteSecret", r#"{"RecoveryWindowInDays":30}"#,
        [ABSENT, FAILED, OK, FAILED, FAILED, ABSENT, FAILED, UNINITIALIZED], "DeleteSecret page; codes: assumption"),
    ("RestoreSecret", "{}",
        [ABSENT, FAILED, FAILED, FAILED, OK, ABSENT, FAILED, UNINITIALIZED], "RestoreSecret page; codes: assumption"),
    ("DeleteSecretVersion", r#"{"VersionId":"v1"}"#,
        [ABSENT, OK, OK, ABSENT, OK, ABSENT, OK, OK], "DeleteSecretVersion page: any state"),
    ("ListSecretVersionIds", "{}",
        [ABSENT, OK, OK, OK, OK, ABSENT, OK, OK], "ListSecretVersionIds page; pending: assumption"),
    ("DescribeResourceTagsByResourceIds", r#"{"ServiceType":"ssm","ResourcePrefix":"secret",
        "ResourceIds":["creatorUin/1000000000000000/s"],"ResourceRegion":"ap-guangzhou"}"#,
        [OK, OK, OK, OK, OK, OK, OK, OK], "SDK; absent: assumption"),
    ("DescribeResourceTags", r#"{"ResourceId":"creatorUin/1000000000000000/s"}"#,
        [OK, OK, OK, OK, OK, OK, OK, OK], "SDK; absent: assumption"),
    ("ModifyResourceTags", r#"{"Resource":"{resource}","ReplaceTags":[{"TagKey":"k","TagValue":"v"}]}"#,
        [NO_RESOURCE, OK, OK, OK, OK, NO_RESOURCE, OK, OK], "SDK; absent: assumption"),
    ("AddResourceTag", r#"{"Resource":"{resource}","TagKey":"k","TagValue":"v"}"#,
        [NO_RESOURCE, OK, OK, OK, OK, NO_RESOURCE, OK, OK], "SDK; absent: assumption"),
    ("UpdateResourceTagValue", r#"{"Resource":"{resource}","TagKey":"k","TagValue":"v"}"#,
        [NO_RESOURCE, NO_TAG, NO_TAG, NO_TAG, NO_TAG, NO_RESOURCE, NO_TAG, NO_TAG], "SDK; absent: assumption"),
    ("DeleteResourceTag", r#"{"Resource":"{resource}","TagKey":"k"}"#,
        [NO_RESOURCE, NO_TAG, NO_TAG, NO_TAG, NO_TAG, NO_RESOURCE, NO_TAG, NO_TAG], "SDK; absent: assumption"),
    ("CreateProductSecret", r#"{"UserNamePrefix":"app","ProductName":"Mysql","InstanceID":"cdb-1","Domains":["%"],
        "PrivilegesList":[{"PrivilegeName":"GlobalPrivileges","Privileges":["SELECT"]}]}"#,
        [OK, EXISTS, EXISTS, EXISTS, EXISTS, OK, EXISTS, EXISTS], "SDK"),
    ("CreateSSHKeyPairSecret", r#"{"ProjectId":0}"#,
        [OK, EXISTS, EXISTS, EXISTS, EXISTS, OK, EXISTS, EXISTS], "SDK"),
    ("RotateProductSecret", "{}",
        [ABSENT, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, ABSENT, OK, UNINITIALIZED], "SDK; states: assumption"),
    ("UpdateRotationStatus", r#"{"EnableRotation":true,"Frequency":30}"#,
        [ABSENT, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, ABSENT, OK, UNINITIALIZED], "SDK; states: assumption"),
    ("DescribeRotationDetail", "{}",
        [ABSENT, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, ABSENT, OK, OK], "SDK; custom: assumption"),
    ("DescribeRotationHistory", "{}",
        [ABSENT, FORBIDDEN, FORBIDDEN, FORBIDDEN, FORBIDDEN, ABSENT, OK, OK], "SDK; custom: assumption"),
    ("GetSSHKeyPairValue", "{}",
        [ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT], "SDK; custom: assumption"),
    ("DescribeAsyncRequestInfo", r#"{"FlowID":1}"#,
        [ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT], "SDK; unknown task: assumption"),
    ("CreateService", r#"{"PayMode":"PostPay","ClientToken":"t"}"#,
        [PURCHASED, PURCHASED, PURCHASED, PURCHASED, PURCHASED, PURCHASED, PURCHASED, PURCHASED], "SDK; assumption"),
    ("AssumeRole", r#"{"RoleArn":"qcs::cam::uin/1000000000000000:roleName/reader","RoleSessionName":"test"}"#,
        [OK, OK, OK, OK, OK, OK, OK, OK], "SDK"),
    // The token expires in 2100.
    ("AssumeRoleWithWebIdentity", r#"{"RoleArn":"qcs::cam::uin/1000000000000000:roleName/reader",
        "RoleSessionName":"test","ProviderId":"cluster","WebIdentityToken":"eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwic3ViIjoiYXBwIiwiYXVkIjoic3RzIiwiZXhwIjo0MTAyNDQ0ODAwfQ.AA"}"#,
        [OK, OK, OK, OK, OK, OK, OK, OK], "SDK"),
    ("GetFederationToken", r#"{"Name":"test","Policy":"{\"version\":\"2.0\",\"statement\":[]}"}"#,
        [OK, OK, OK, OK, OK, OK, OK, OK], "SDK"),
    ("GetCallerIdentity", "",
        [OK, OK, OK, OK, OK, OK, OK, OK], "GetCallerIdentity page"),
    ("GetRegions", "",
        [OK, OK, OK, OK, OK, OK, OK, OK], "GetRegions page"),
    ("GetServiceStatus", "",
        [OK, OK, OK, OK, OK, OK, OK, OK], "GetServiceStatus page"),
    ("DescribeSupportedProducts", "",
        [OK, OK, OK, OK, OK, OK, OK, OK], "DescribeSupportedProducts page"),
];

/// Whether an operation has the parameter `SecretName`, if it has any.
fn has_secret_name(action: &str) -> bool {
    let others = [
        "AssumeRole",
        "AssumeRoleWithWebIdentity",
        "CreateService",
        "DescribeAsyncRequestInfo",
        "GetFederationToken",
    ];
    !action.contains("ResourceTag") && !others.contains(&action)
}

/// The parameters of a row, with the name of the secret `s` if the operation has one.
fn parameters(row: &Row) -> Value {
    if row.1.is_empty() {
        return json!({});
    }
    let text = row.1.replace("{resource}", &resource("s"));
    let mut parameters: Value = serde_json::from_str(&text).unwrap();
    if has_secret_name(row.0) {
        parameters["SecretName"] = "s".into();
    }
    parameters
}

/// A session in which the secret `s` is in this state.
fn in_state(state: &str) -> Session {
    let session = Session::new();
    if state != "absent" {
        session.create("s");
    }
    match state {
        "disabled" => session.disable("s"),
        "without versions" => {
            session.ok(
                "DeleteSecretVersion",
                &json!({"SecretName": "s", "VersionId": "v1"}),
            );
        }
        "pending deletion" | "purged" => {
            session.disable("s");
            session.ok(
                "DeleteSecret",
                &json!({"SecretName": "s", "RecoveryWindowInDays": 7}),
            );
        }
        "of a product" => convert_to_product_secret(&session, State::Enabled),
        "being created" => convert_to_product_secret(&session, State::Creating),
        _ => {}
    }
    if state == "purged" {
        session.advance(TimeDelta::days(7));
    }
    session
}

/// Makes `s` a secret of a cloud product, in a state that it has only for some seconds.
fn convert_to_product_secret(session: &Session, state: State) {
    let scope = Scope {
        cloud: Cloud::Tencent,
        account: ACCOUNT.into(),
        region: "ap-guangzhou".into(),
    };
    let changed = session.emulator.store.write(|store| {
        let (id, mut secret) = store.secret(&scope, "s")?.unwrap();
        let version = store.version(id, "v1")?.unwrap();
        secret.secret_type = SecretType::Rds;
        secret.state = state;
        let stored = StoredSecret {
            secret,
            versions: vec![version],
            policy: None,
        };
        store.replace_secrets(&scope, &[stored])
    });
    changed.map_err(|error: StoreError| error).unwrap();
}

#[test]
fn every_operation_returns_the_code_of_the_table_in_every_state() {
    let mut wrong = Vec::new();
    for row in TABLE {
        let (action, _, expected, source) = row;
        for (state, expected) in STATES.iter().zip(expected) {
            let answered = in_state(state).verdict(action, &parameters(row));
            if answered != *expected {
                wrong.push(format!(
                    "{action} {}, {state}: {answered} instead of {expected} ({source})",
                    parameters(row)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_has_every_operation() {
    for operation in clouds::with_default_settings().tencent.operations() {
        assert!(
            TABLE.iter().any(|(action, ..)| *action == operation.action),
            "{}",
            operation.action
        );
    }
}

#[test]
fn a_rejected_request_changes_nothing() {
    for row in TABLE {
        let (action, _, expected, _) = row;
        for (state, expected) in STATES.iter().zip(expected) {
            if *expected == OK {
                continue;
            }
            let session = in_state(state);
            let look = || {
                ["DescribeSecret", "ListSecretVersionIds"].map(|action| {
                    let mut response = session.call(action, &json!({"SecretName": "s"}));
                    response["RequestId"].take();
                    response
                })
            };
            let before = look();
            session.advance(TimeDelta::seconds(1));
            session.call(action, &parameters(row));
            assert_eq!(look(), before, "{action}, {state}");
        }
    }
}

/// The operations that the emulator has, of all of each service.
#[test]
fn ssm_is_complete_and_tag_and_sts_have_the_operations_that_programs_need() {
    let session = Session::new();
    let operations = clouds::with_default_settings().tencent.operations();
    let of = |product: &str| {
        let of_product = operations.iter().filter(|known| known.product == product);
        of_product.count()
    };
    assert_eq!(["ssm", "tag", "sts"].map(of), [25, 6, 4]);
    for action in [
        "AssumeRoleWithSAML",
        "GetSessionToken",
        "QueryApiKey",
        "DescribeResourceTagsByTagKeys",
        "DescribeResourceTagsByResourceIdsSeq",
    ] {
        assert_eq!(session.verdict(action, &json!({})), "UnsupportedOperation");
    }
}
