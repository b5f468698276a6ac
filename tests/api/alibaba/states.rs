//! The result of every operation in every state of a secret. The table is the specification. Its source is the
//! vendor's pages, or an assumption.

use chrono::TimeDelta;
use kms_emulator::clouds::description::OperationDescription;
use kms_emulator::clouds::{self, CloudApi};

use crate::alibaba::key_states;
use crate::alibaba::session::Session;

const STATES: [&str; 6] = [
    "absent",
    "live",
    "live with deprecated versions",
    "pending deletion",
    "purged",
    "managed",
];

const OK: &str = "OK";
const ABSENT: &str = "404 Forbidden.ResourceNotFound";
const NO_RESOURCE: &str = "404 InvalidResourceId.NotFound";
const NO_KEY: &str = "404 Forbidden.KeyNotFound";
const EXISTS: &str = "409 Rejected.ResourceExist";
const DELETING: &str = "409 Rejected.ResourceInDeleteWindow";
const IN_USE: &str = "409 Rejected.ResourceInUse";
const UNSUPPORTED: &str = "400 UnsupportedOperation";
const OPENED: &str = "400 Forbidden.Opened";
const MISMATCH: &str = "400 Rejected.InvalidRequest";

type Row = (
    &'static str,
    &'static [(&'static str, &'static str)],
    [&'static str; 6],
    &'static str,
);

const S: (&str, &str) = ("SecretName", "s");
const REGION: (&str, &str) = ("RegionId", "cn-hangzhou");
const TYPE: (&str, &str) = ("ResourceType", "secret");
const ID: (&str, &str) = ("ResourceId.1", "s");

#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("CreateSecret", &[S, ("VersionId", "v9"), ("SecretData", "x")],
        [OK, EXISTS, EXISTS, DELETING, OK, EXISTS], "CreateSecret page"),
    ("CreateSecret", &[S, ("VersionId", "v1"), ("SecretData", "one")],
        [OK, EXISTS, EXISTS, DELETING, OK, EXISTS], "assumption: not idempotent"),
    ("DescribeSecret", &[S],
        [ABSENT, OK, OK, OK, ABSENT, OK], "DescribeSecret page, model"),
    ("ListSecrets", &[("Filters", r#"[{"Key":"SecretName","Values":["s"]}]"#)],
        [OK, OK, OK, OK, OK, OK], "ListSecrets page"),
    ("GetSecretValue", &[S],
        [ABSENT, OK, OK, DELETING, ABSENT, OK], "GetSecretValue page; pending: assumption"),
    ("GetSecretValue", &[S, ("VersionId", "v1")],
        [ABSENT, OK, OK, DELETING, ABSENT, OK], "deprecated: overview page; managed: instance gateway page"),
    ("GetSecretValue", &[S, ("VersionStage", "ACSPrevious")],
        [ABSENT, ABSENT, OK, DELETING, ABSENT, ABSENT], "GetSecretValue page"),
    ("GetSecretValue", &[S, ("VersionStage", "Mine")],
        [ABSENT, ABSENT, ABSENT, DELETING, ABSENT, ABSENT], "GetSecretValue page"),
    ("GetSecretValue", &[S, ("DryRun", "true")],
        ["400 ValidationError", "400 DryRunOperationError", "400 DryRunOperationError", "400 ValidationError",
         "400 ValidationError", "400 DryRunOperationError"], "GetSecretValue page; statuses: assumption"),
    ("BatchGetSecretValue", &[("SecretsList", r#"[{"SecretName":"s"}]"#)],
        [OK, OK, OK, OK, OK, OK], "SDK: failures are items"),
    ("PutSecretValue", &[S, ("VersionId", "v9"), ("SecretData", "x")],
        [ABSENT, OK, OK, DELETING, ABSENT, UNSUPPORTED], "PutSecretValue page; pending, managed: assumption"),
    ("PutSecretValue", &[S, ("VersionId", "v1"), ("SecretData", "one")],
        [ABSENT, OK, OK, DELETING, ABSENT, UNSUPPORTED], "PutSecretValue page: idempotent"),
    ("PutSecretValue", &[S, ("VersionId", "v1"), ("SecretData", "other")],
        [ABSENT, EXISTS, EXISTS, DELETING, ABSENT, UNSUPPORTED], "PutSecretValue page"),
    ("ListSecretVersionIds", &[S],
        [ABSENT, OK, OK, OK, ABSENT, OK], "ListSecretVersionIds page; pending: assumption"),
    ("UpdateSecret", &[S, ("Description", "d")],
        [ABSENT, OK, OK, DELETING, ABSENT, OK], "UpdateSecret page"),
    ("UpdateSecret", &[S, ("ExtendedConfig.CustomData", r#"{"a":"b"}"#)],
        [ABSENT, UNSUPPORTED, UNSUPPORTED, DELETING, ABSENT, OK], "UpdateSecret page; code for generic: assumption"),
    ("UpdateSecretVersionStage", &[S, ("VersionStage", "Mine"), ("MoveToVersion", "v1")],
        [ABSENT, OK, OK, DELETING, ABSENT, UNSUPPORTED], "UpdateSecretVersionStage page; managed: assumption"),
    ("UpdateSecretVersionStage", &[S, ("VersionStage", "Mine"), ("RemoveFromVersion", "v1")],
        [ABSENT, MISMATCH, MISMATCH, DELETING, ABSENT, UNSUPPORTED], "UpdateSecretVersionStage page"),
    ("UpdateSecretVersionStage", &[S, ("VersionStage", "Mine"), ("MoveToVersion", "v8")],
        [ABSENT, ABSENT, ABSENT, DELETING, ABSENT, UNSUPPORTED], "assumption"),
    ("UpdateSecretRotationPolicy", &[S, ("EnableAutomaticRotation", "true"), ("RotationInterval", "7d")],
        [ABSENT, UNSUPPORTED, UNSUPPORTED, DELETING, ABSENT, OK], "assumption"),
    ("RotateSecret", &[S, ("VersionId", "v9")],
        [ABSENT, UNSUPPORTED, UNSUPPORTED, DELETING, ABSENT, OK], "RotateSecret page; codes: assumption"),
    ("RotateSecret", &[S, ("VersionId", "v1")],
        [ABSENT, UNSUPPORTED, UNSUPPORTED, DELETING, ABSENT, OK], "RotateSecret page: no action"),
    ("DeleteSecret", &[S],
        [ABSENT, OK, OK, DELETING, ABSENT, OK], "DeleteSecret page"),
    ("DeleteSecret", &[S, ("ForceDeleteWithoutRecovery", "true")],
        [ABSENT, OK, OK, OK, ABSENT, OK], "DeleteSecret page; pending: assumption"),
    ("RestoreSecret", &[S],
        [ABSENT, IN_USE, IN_USE, OK, ABSENT, IN_USE], "RestoreSecret page"),
    ("GetRandomPassword", &[],
        [OK, OK, OK, OK, OK, OK], "GetRandomPassword page"),
    ("SetSecretPolicy", &[S, ("Policy", r#"{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":["acs:ram::1000000000000000:*"]},"Action":["kms:*"],"Resource":["*"]}]}"#)],
        [ABSENT, OK, OK, OK, ABSENT, OK], "SetSecretPolicy page; pending: assumption"),
    ("GetSecretPolicy", &[S],
        [ABSENT, OK, OK, OK, ABSENT, OK], "GetSecretPolicy page; pending: assumption"),
    ("TagResource", &[S, ("Tags", r#"[{"TagKey":"k","TagValue":"v"}]"#)],
        [ABSENT, OK, OK, OK, ABSENT, OK], "TagResource page; pending: assumption"),
    ("UntagResource", &[S, ("TagKeys", r#"["k"]"#)],
        [ABSENT, OK, OK, OK, ABSENT, OK], "UntagResource page; pending: assumption"),
    ("TagResources", &[REGION, TYPE, ID, ("Tag.1.Key", "k"), ("Tag.1.Value", "v")],
        [NO_RESOURCE, OK, OK, OK, NO_RESOURCE, OK], "TagResources page; pending: assumption"),
    ("UntagResources", &[REGION, TYPE, ID, ("TagKey.1", "k")],
        [NO_RESOURCE, OK, OK, OK, NO_RESOURCE, OK], "UntagResources page; pending: assumption"),
    ("ListTagResources", &[REGION, TYPE, ID],
        [NO_RESOURCE, OK, OK, OK, NO_RESOURCE, OK], "ListTagResources page; pending: assumption"),
    ("ListResourceTags", &[("KeyId", "s")],
        [NO_KEY; 6], "ListResourceTags page: keys only"),
    ("DescribeRegions", &[],
        [OK, OK, OK, OK, OK, OK], "DescribeRegions page"),
    ("DescribeAccountKmsStatus", &[],
        [OK, OK, OK, OK, OK, OK], "DescribeAccountKmsStatus page"),
    ("OpenKmsService", &[],
        [OPENED, OPENED, OPENED, OPENED, OPENED, OPENED], "OpenKmsService page"),
];

/// An emulator whose secret `s` is in a state.
fn in_state(state: &str) -> Session {
    let session = Session::new();
    match state {
        "absent" => {}
        "managed" => {
            session.create_rds("s", &[]);
        }
        _ => session.create("s"),
    }
    match state {
        "live with deprecated versions" => {
            session.put("s", "v2");
            session.put("s", "v3");
        }
        "pending deletion" | "purged" => {
            session.ok("DeleteSecret", &[S, ("RecoveryWindowInDays", "7")]);
        }
        _ => {}
    }
    if state == "purged" {
        session.advance(TimeDelta::days(7));
    }
    session
}

#[test]
fn every_operation_has_the_specified_result_in_every_state() {
    let mut wrong = Vec::new();
    for (action, parameters, expected, source) in TABLE {
        for (state, expected) in STATES.iter().zip(expected) {
            let answered = in_state(state).verdict(action, parameters);
            if answered != *expected {
                wrong.push(format!(
                    "{action} {parameters:?}, {state}: {answered} instead of {expected} ({source})"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The operations of KMS.
fn operations() -> impl Iterator<Item = OperationDescription> {
    let all = clouds::with_default_settings().alibaba.operations();
    all.into_iter()
        .filter(|operation| operation.product == "Kms")
}

#[test]
fn the_table_has_every_operation() {
    for operation in operations() {
        assert!(
            TABLE.iter().any(|(action, ..)| *action == operation.action)
                || key_states::has(operation.action),
            "{}",
            operation.action
        );
    }
}

#[test]
fn a_rejected_request_changes_nothing() {
    for (action, parameters, expected, _) in TABLE {
        for (state, expected) in STATES.iter().zip(expected) {
            if *expected == OK {
                continue;
            }
            let session = in_state(state);
            let look = || {
                [
                    session.call("DescribeSecret", &[S, ("FetchTags", "true")]),
                    session.call("ListSecretVersionIds", &[S, ("IncludeDeprecated", "true")]),
                ]
                .map(|(status, mut body)| {
                    body["RequestId"].take();
                    (status, body)
                })
            };
            let before = look();
            session.advance(TimeDelta::seconds(1));
            session.call(action, parameters);
            assert_eq!(look(), before, "{action} {parameters:?}, {state}");
        }
    }
}

/// The operations of the real service that the emulator does not support.
#[rustfmt::skip]
const UNSUPPORTED_ACTIONS: [&str; 28] = [
    "ConnectKmsInstance", "CreateApplicationAccessPoint", "CreateClientKey", "CreateNetworkRule",
    "CreatePolicy", "DeleteApplicationAccessPoint", "DeleteClientKey", "DeleteNetworkRule",
    "DeletePolicy", "DescribeApplicationAccessPoint", "DescribeNetworkRule", "DescribePolicy",
    "GenerateMac", "GetChallenge", "GetClientKey", "GetManagedDataKey", "IssueTemporaryCredential",
    "ListApplicationAccessPoints", "ListClientKeys", "ListManagedDataKeyVersions",
    "ListNetworkRules", "ListPolicies", "ReleaseKmsInstance", "UpdateApplicationAccessPoint",
    "UpdateKmsInstanceBindVpc", "UpdateNetworkRule", "UpdatePolicy", "VerifyMac",
];

#[test]
fn every_other_operation_is_known_and_not_supported() {
    let session = Session::new();
    for action in UNSUPPORTED_ACTIONS {
        assert_eq!(session.verdict(action, &[]), UNSUPPORTED, "{action}");
    }
    assert_eq!(operations().count() + UNSUPPORTED_ACTIONS.len(), 92);
}

/// They are in the vendor's metadata of 2024, but not in the newest SDK.
#[test]
fn operations_on_certificates_are_known_and_not_supported() {
    let session = Session::new();
    for action in [
        "CertificatePrivateKeyDecrypt",
        "CertificatePrivateKeySign",
        "CertificatePublicKeyEncrypt",
        "CertificatePublicKeyVerify",
        "CreateCertificate",
        "DeleteCertificate",
        "DescribeCertificate",
        "GetCertificate",
        "UpdateCertificateStatus",
        "UploadCertificate",
    ] {
        assert_eq!(session.verdict(action, &[]), UNSUPPORTED, "{action}");
    }
}
