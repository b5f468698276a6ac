//! KMS instances.

use kms_emulator::fixtures;
use kms_emulator::model::ScopeSelection;
use kms_emulator::store::Store;
use serde_json::{Value, json};

use super::{create, describe, text};
use crate::alibaba::session::Session;
use crate::support::{TestRequest, now};

const NOT_FOUND: &str = "403 Forbidden.DKMSInstanceNotFound";

/// The sample reply on the page of `GetKmsInstance`, with the members that the newest SDK (3.3.1) has in addition.
const SAMPLE: &str = r#"{
  "RequestId": "46b4a94a-57d2-44b4-9810-1e87d31abb33",
  "KmsInstance": {
    "InstanceId": "kst-bjj62f5ba3dnpb6v80000",
    "InstanceName": "payments",
    "Status": "Connected",
    "CreateTime": "2023-09-05T12:44:20Z",
    "Spec": 1000,
    "KeyNum": 2,
    "SecretNum": "1",
    "VpcNum": 5,
    "VpcId": "vpc-bp19z7cwmltad5dff0000",
    "ZoneIds": ["cn-hangzhou-k", "cn-hangzhou-j"],
    "VswitchIds": ["vsw-bp1i512amda6d10a00000"],
    "EndDate": "2023-10-05T16:00:00Z",
    "StartDate": "2023-09-05T12:44:19Z",
    "CaCertificateChainPem": "-----BEGIN CERTIFICATE-----\r\nMIID\r\n-----END CERTIFICATE-----",
    "BindVpcs": {"BindVpc": [{"RegionId": "cn-hangzhou", "VSwitchId": "vsw-a", "VpcId": "vpc-a", "VpcOwnerId": "120708975881"}]},
    "ChargeType": "PREPAY",
    "ProductType": "kms_ddi_public_cn",
    "ProductVersion": "3",
    "SaleStatus": "Normal",
    "Log": 1,
    "LogStorage": 1000,
    "DeletionProtection": true,
    "DeletionProtectionDescription": "in use"
  }
}"#;
const SAMPLE_ID: &str = "kst-bjj62f5ba3dnpb6v80000";

fn ids(session: &Session) -> Vec<String> {
    let reply = session.ok("ListKmsInstances", &[]);
    let instances = reply["KmsInstances"]["KmsInstance"].as_array().unwrap();
    let ids = instances
        .iter()
        .map(|instance| text(&instance["KmsInstanceId"]));
    ids.collect()
}

fn default_id(session: &Session) -> String {
    text(&session.ok("GetDefaultKmsInstance", &[])["DefaultKmsInstanceId"])
}

fn get(session: &Session, id: &str) -> Value {
    session.ok("GetKmsInstance", &[("KmsInstanceId", id)])["KmsInstance"].clone()
}

fn create_secret(session: &Session, name: &str, more: &[(&str, &str)]) -> String {
    let mut parameters = vec![
        ("SecretName", name),
        ("VersionId", "v"),
        ("SecretData", "x"),
    ];
    parameters.extend(more);
    session.verdict("CreateSecret", &parameters)
}

#[test]
fn an_account_has_no_instance_by_default() {
    let session = Session::new();
    assert!(ids(&session).is_empty());
    assert_eq!(default_id(&session), "");
    let in_instance = [("DKMSInstanceId", "kst-a")];
    assert_eq!(session.verdict("CreateKey", &in_instance), NOT_FOUND);
    assert_eq!(create_secret(&session, "s", &in_instance), NOT_FOUND);
    assert!(
        ids(&session).is_empty(),
        "a rejected request creates no instance"
    );
    let mut xml =
        TestRequest::get("Action=CreateKey&Version=2016-01-20&Format=XML&DKMSInstanceId=kst-a");
    xml.add_to_query("Description", "");
    let reply = xml.ask(&session.emulator);
    let body = String::from_utf8_lossy(&reply.body).into_owned();
    assert_eq!(reply.status, 403, "{body}");
    assert!(
        body.contains("<Message>The specified DKMS Instance is not found.</Message>"),
        "{body}"
    );
}

#[test]
fn saved_replies_about_instances_load() {
    let session = Session::new();
    session.load(SAMPLE.as_bytes());
    let sample: Value = serde_json::from_str(SAMPLE).unwrap();
    assert_eq!(get(&session, SAMPLE_ID), sample["KmsInstance"]);
    assert_eq!(
        default_id(&session),
        "",
        "no instance is the default unless a fixture says so"
    );
    session.load(
        br#"{"RequestId": "d3eca5c8-a856-4347-8eb6-e1898c3fda2e", "KmsInstances": {"KmsInstance": [
            {"KmsInstanceArn": "acs:kms:pre-hangzhou:120708975881:keystore/kst-a", "KmsInstanceId": "kst-a"}]},
            "TotalCount": 1, "PageNumber": 1, "PageSize": 10}"#,
    );
    session.load(br#"{"RequestId": "bbc4e9ab-c76f-48ca-9c2a-8535772117e2", "DefaultKmsInstanceId": "kst-b"}"#);
    assert_eq!(ids(&session), ["kst-a", "kst-b", SAMPLE_ID]);
    assert_eq!(default_id(&session), "kst-b");
    let reply = session.ok(
        "ListKmsInstances",
        &[("PageSize", "1"), ("PageNumber", "2")],
    );
    assert_eq!(reply["TotalCount"], 3);
    assert_eq!(
        reply["KmsInstances"]["KmsInstance"],
        json!([{
            "KmsInstanceId": "kst-b",
            "KmsInstanceArn": "acs:kms:cn-hangzhou:1000000000000000:keystore/kst-b",
        }])
    );
}

#[test]
fn replies_about_instances_load_as_tools_and_sdks_save_them() {
    let expected = |id: &str| {
        (
            id.to_owned(),
            json!("2023-09-05T12:44:20Z"),
            json!(2),
            json!("1"),
            json!(["z"]),
            json!(true),
        )
    };
    for (file, id) in [
        // XML of the service, and of the vendor's pages.
        (
            r"<KMS><KmsInstance><InstanceId>kst-1</InstanceId><CreateTime>2023-09-05T12:44:20Z</CreateTime><KeyNum>2</KeyNum><SecretNum>1</SecretNum><ZoneIds>z</ZoneIds><DeletionProtection>True</DeletionProtection></KmsInstance></KMS>",
            "kst-1",
        ),
        (
            r"<GetKmsInstanceResponse><KmsInstance><InstanceId>kst-1</InstanceId><CreateTime>2023-09-05T12:44:20Z</CreateTime><KeyNum>2</KeyNum><SecretNum>1</SecretNum><ZoneIds>z</ZoneIds><VswitchIds/><BindVpcs></BindVpcs><DeletionProtection>true</DeletionProtection></KmsInstance></GetKmsInstanceResponse>",
            "kst-1",
        ),
        // The SDKs for Python (`vars`) and Node.js.
        (
            r#"{"headers":{},"statusCode":200,"body":{"kms_instance":{"instance_id":"kst-2","create_time":"2023-09-05T12:44:20Z","key_num":2,"secret_num":"1","zone_ids":["z"],"deletion_protection":true,"end_date":null}}}"#,
            "kst-2",
        ),
        (
            r#"{"body":{"kmsInstance":{"instanceId":"kst-3","createTime":"2023-09-05T12:44:20Z","keyNum":2,"secretNum":"1","zoneIds":["z"],"deletionProtection":true,"instanceName":""}}}"#,
            "kst-3",
        ),
        // Older pages have no wrapper around the list.
        (
            r#"{"KmsInstances":[{"KmsInstanceId":"kst-4","CreateTime":"2023-09-05T12:44:20Z","KeyNum":"2","SecretNum":1,"ZoneIds":["z"],"DeletionProtection":"true"}]}"#,
            "kst-4",
        ),
        // `xmltodict` makes an object of a list with one item.
        (
            r#"{"KMS":{"KmsInstances":{"KmsInstance":{"KmsInstanceId":"kst-5","CreateTime":"2023-09-05T12:44:20Z","KeyNum":"2","SecretNum":"1","ZoneIds":"z","DeletionProtection":"true"}}}}"#,
            "kst-5",
        ),
    ] {
        let session = Session::new();
        session.load(file.as_bytes());
        let found = get(&session, id);
        let members = [
            "CreateTime",
            "KeyNum",
            "SecretNum",
            "ZoneIds",
            "DeletionProtection",
        ]
        .map(|name| found[name].clone());
        let [time, keys, secrets, zones, protection] = members;
        assert_eq!(
            (
                text(&found["InstanceId"]),
                time,
                keys,
                secrets,
                zones,
                protection
            ),
            expected(id),
            "{file}"
        );
    }
    for empty in [
        r#"{"KmsInstances":{"KmsInstance":[]},"TotalCount":0}"#,
        r#"{"KmsInstances":{},"TotalCount":0}"#,
        r#"{"KMS":{"KmsInstances":""}}"#,
        "<KMS><KmsInstances/></KMS>",
    ] {
        let session = Session::new();
        session.load(empty.as_bytes());
        assert!(ids(&session).is_empty(), "{empty}");
    }
}

#[test]
fn wrong_instances_are_rejected_with_their_place() {
    let defaults = Session::new().emulator.defaults();
    for (file, place) in [
        (
            r#"{"KmsInstances":{"KmsInstance":[{"KmsInstanceId":"a"},{"InstanceId":"a"}]}}"#,
            "KmsInstances.KmsInstance[1].InstanceId",
        ),
        (
            r#"{"KmsInstance":{"InstanceId":"a","Status":"Sleeping"}}"#,
            "KmsInstance.Status",
        ),
        (
            r#"{"KmsInstance":{"InstanceId":"a","KeyNum":-1}}"#,
            "KmsInstance.KeyNum",
        ),
        (
            r#"{"KmsInstance":{"InstanceId":"a","SecretNum":"many"}}"#,
            "KmsInstance.SecretNum",
        ),
        (
            r#"{"KmsInstance":{"InstanceId":"a","CreateTime":"yesterday"}}"#,
            "KmsInstance.CreateTime",
        ),
        (
            r#"{"KmsInstance":{"InstanceId":""}}"#,
            "KmsInstance.InstanceId",
        ),
        (r#"{"KmsInstance":{"InstanceName":"a"}}"#, "KmsInstance"),
        (
            r#"{"KmsInstance":{"InstanceId":"a","BindVpcs":{"BindVpc":["b"]}}}"#,
            "KmsInstance.BindVpcs.BindVpc[0]",
        ),
    ] {
        let error = fixtures::parse(file.as_bytes(), &defaults).unwrap_err();
        assert_eq!(error.place, place, "{file}: {error:?}");
        assert!(!error.reason.contains("enum"), "{error:?}");
    }
    let unknown = br#"{"KmsInstance":{"InstanceId":"a","Color":"blue"}}"#;
    let fixture = fixtures::parse(unknown, &defaults).unwrap();
    assert_eq!(fixture[0].ignored, ["KmsInstance.Color"]);
}

#[test]
fn an_instance_without_properties_has_the_documented_members() {
    let session = Session::new();
    session.load(br#"{"KmsInstances":{"KmsInstance":[{"KmsInstanceId":"kst-a"}]}}"#);
    let found = get(&session, "kst-a");
    assert_eq!(found["InstanceName"], "kst-a");
    assert_eq!(found["CreateTime"], "2026-01-02T03:04:05Z");
    assert_eq!(found["Status"], "Connected");
    let members: Vec<_> = found
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    for member in [
        "BindVpcs",
        "ChargeType",
        "CreateTime",
        "DeletionProtection",
        "InstanceId",
        "InstanceName",
        "KeyNum",
        "Log",
        "LogStorage",
        "ProductType",
        "ProductVersion",
        "SecretNum",
        "Spec",
        "StartDate",
        "Status",
        "VpcId",
        "VpcNum",
        "VswitchIds",
        "ZoneIds",
    ] {
        assert!(members.contains(&member), "{member} of {members:?}");
    }
}

#[test]
fn the_certificate_of_an_instance_is_that_of_the_server() {
    let mut session = Session::new();
    session.emulator.authority = Some("the certificate".to_owned());
    session.load(SAMPLE.as_bytes());
    session.load(br#"{"KmsInstance":{"InstanceId":"kst-a"}}"#);
    assert_eq!(
        get(&session, "kst-a")["CaCertificateChainPem"],
        "the certificate"
    );
    let own = text(&get(&session, SAMPLE_ID)["CaCertificateChainPem"]);
    assert!(
        own.starts_with("-----BEGIN"),
        "a fixture can have another one: {own}"
    );
}

#[test]
fn secrets_and_keys_of_fixtures_have_their_instances() {
    let session = Session::new();
    session.load(
        br#"[{"Keys":{"Key":[{"KeyId":"key-1","DKMSInstanceId":"kst-a"}]}},
            {"SecretList":{"Secret":[{"SecretName":"s","CreateTime":"2025-01-01T00:00:00Z","DKMSInstanceId":"kst-b"}]}}]"#,
    );
    assert_eq!(ids(&session), ["kst-a", "kst-b"]);
    assert_eq!(get(&session, "kst-b")["CreateTime"], "2025-01-01T00:00:00Z");
    // Loading them again does not reset the properties.
    session.load(br#"{"KmsInstance":{"InstanceId":"kst-a","InstanceName":"mine"}}"#);
    session.load(br#"{"Keys":{"Key":[{"KeyId":"key-2","DKMSInstanceId":"kst-a"}]}}"#);
    assert_eq!(get(&session, "kst-a")["InstanceName"], "mine");
}

#[test]
fn instances_have_their_quotas_and_their_state() {
    let session = Session::new();
    session.load(SAMPLE.as_bytes());
    let in_instance = [("DKMSInstanceId", SAMPLE_ID)];
    let key = create(&session, &in_instance);
    assert_eq!(describe(&session, &key)["DKMSInstanceId"], SAMPLE_ID);
    assert_eq!(create_secret(&session, "a", &in_instance), "OK");
    create(&session, &in_instance);
    let full = "400 Rejected.LimitExceeded";
    assert_eq!(session.verdict("CreateKey", &in_instance), full);
    assert_eq!(create_secret(&session, "b", &in_instance), full);
    create(&session, &[]);
    assert_eq!(create_secret(&session, "b", &[]), "OK");
    let quotas = session.ok("GetKmsInstanceQuotaInfos", &[("KmsInstanceId", SAMPLE_ID)]);
    assert_eq!(
        quotas["KmsInstanceQuotaInfos"],
        json!([
            {"ResourceType": "key", "ResourceQuota": 2, "UsedQuantity": 2},
            {"ResourceType": "secret", "ResourceQuota": 1, "UsedQuantity": 1},
            {"ResourceType": "qps", "ResourceQuota": 1000, "UsedQuantity": 0},
            {"ResourceType": "vpc", "ResourceQuota": 5, "UsedQuantity": 1},
        ])
    );
    for status in ["Uninitialized", "Connecting", "Disconnected", "Error"] {
        session.load(
            format!(r#"{{"KmsInstance":{{"InstanceId":"kst-a","Status":"{status}"}}}}"#).as_bytes(),
        );
        let in_instance = [("DKMSInstanceId", "kst-a")];
        let invalid = "403 Forbidden.DKMSInstanceStateInvalid";
        assert_eq!(session.verdict("CreateKey", &in_instance), invalid);
        assert_eq!(create_secret(&session, "c", &in_instance), invalid);
        assert_eq!(get(&session, "kst-a")["Status"], status);
    }
}

/// The page of `GetDefaultKmsInstance`: what is created without an instance is created in the default instance.
#[test]
fn secrets_and_keys_without_an_instance_are_in_the_default_instance() {
    let session = Session::new();
    create_secret(&session, "before", &[]);
    session.load(br#"{"DefaultKmsInstanceId": "kst-a", "KmsInstances": {"KmsInstance": [{"KmsInstanceId": "kst-a"}, {"KmsInstanceId": "kst-b"}]}}"#);
    let instance_of = |name: &str| {
        session.ok("DescribeSecret", &[("SecretName", name)])["DKMSInstanceId"].clone()
    };
    let key = create(&session, &[]);
    assert_eq!(describe(&session, &key)["DKMSInstanceId"], "kst-a");
    let elsewhere = create(&session, &[("DKMSInstanceId", "kst-b")]);
    assert_eq!(describe(&session, &elsewhere)["DKMSInstanceId"], "kst-b");
    assert_eq!(
        create_secret(&session, "s", &[("EncryptionKeyId", &key)]),
        "OK"
    );
    assert_eq!(instance_of("s"), "kst-a");
    assert_eq!(
        create_secret(&session, "t", &[("EncryptionKeyId", &elsewhere)]),
        "400 InvalidParameter"
    );
    assert_eq!(instance_of("before"), Value::Null);
    let keys = session.ok(
        "ListKeys",
        &[(
            "Filters",
            r#"[{"Key":"DKMSInstanceId","Values":["kst-a"]}]"#,
        )],
    );
    assert_eq!(keys["Keys"]["Key"][0]["KeyId"], json!(key));
    assert_eq!(keys["TotalCount"], 1);
}

#[test]
fn exports_have_the_instances() {
    let session = Session::new();
    session.load(SAMPLE.as_bytes());
    session.load(br#"{"DefaultKmsInstanceId": "kst-a"}"#);
    let read = |session: &Session| {
        (
            ids(session),
            default_id(session),
            get(session, SAMPLE_ID),
            get(session, "kst-a"),
        )
    };
    let before = read(&session);
    let export = |session: &Session| {
        let everything = ScopeSelection::default();
        let store = &session.emulator.store;
        store
            .read(|store| fixtures::export_text(store, &everything, true))
            .unwrap()
    };
    let copy = Session::on(
        Store::in_memory().unwrap(),
        now() + chrono::TimeDelta::days(1),
    );
    copy.load(export(&session).as_bytes());
    assert_eq!(read(&copy), before);
    assert_eq!(export(&copy), export(&session));
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
