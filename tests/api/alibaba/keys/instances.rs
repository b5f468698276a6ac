//! KMS instances.

use super::{create, describe, text};
use crate::alibaba::session::Session;

#[test]
fn an_account_has_the_instances_that_its_secrets_and_keys_name() {
    let session = Session::new();
    let ids = || {
        let reply = session.ok("ListKmsInstances", &[]);
        let instances = reply["KmsInstances"]["KmsInstance"]
            .as_array()
            .unwrap()
            .iter();
        instances
            .map(|instance| text(&instance["KmsInstanceId"]))
            .collect::<Vec<_>>()
    };
    assert!(ids().is_empty());
    assert_eq!(
        session.ok("GetDefaultKmsInstance", &[])["DefaultKmsInstanceId"],
        ""
    );
    create(&session, &[("DKMSInstanceId", "kst-b")]);
    session.ok(
        "CreateSecret",
        &[
            ("SecretName", "s"),
            ("VersionId", "v"),
            ("SecretData", "x"),
            ("DKMSInstanceId", "kst-a"),
        ],
    );
    assert_eq!(ids(), ["kst-a", "kst-b"]);
    assert_eq!(
        session.ok("GetDefaultKmsInstance", &[])["DefaultKmsInstanceId"],
        "kst-a"
    );
    assert_eq!(
        session.ok("GetKmsInstance", &[("KmsInstanceId", "kst-b")])["KmsInstance"]["Status"],
        "Connected"
    );
    let quotas = session.ok("GetKmsInstanceQuotaInfos", &[("KmsInstanceId", "kst-a")]);
    let used: Vec<_> = quotas["KmsInstanceQuotaInfos"]
        .as_array()
        .unwrap()
        .iter()
        .map(|quota| quota["UsedQuantity"].clone())
        .collect();
    assert_eq!(used, [0, 1, 0, 0]);
}

/// The order of the calls of cloud inventories.
#[test]
fn an_inventory_finds_instances_keys_and_secrets() {
    let session = Session::with_keys();
    session.create("s");
    session.ok("ListKmsInstances", &[("PageSize", "100")]);
    let keys = session.ok("ListKeys", &[("PageSize", "100")]);
    for key in keys["Keys"]["Key"].as_array().unwrap() {
        assert_eq!(
            describe(&session, &text(&key["KeyId"]))["Arn"],
            key["KeyArn"]
        );
    }
    session.ok("ListSecrets", &[]);
    session.ok("DescribeSecret", &[("SecretName", "s")]);
}
