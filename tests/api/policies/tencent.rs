//! Policies of Tencent Cloud.

use std::net::{IpAddr, Ipv4Addr};

use kms_emulator::http::wire::Client;
use serde_json::{Value, json};

use super::{ask_from, attach, cam, decision};
use crate::control::Controlled;
use crate::support::{ACCOUNT, hint_of, now};
use crate::tencent::session::{request, resource};

fn create(server: &Controlled, name: &str) {
    let reply = server.tencent(
        "CreateSecret",
        &json!({"SecretName": name, "VersionId": "v1", "SecretString": "hunter2",
            "Tags": [{"TagKey": "env", "TagValue": "prod"}]}),
    );
    assert_eq!(reply["Error"], Value::Null, "{reply}");
}

fn get(name: &str) -> Value {
    json!({"SecretName": name, "VersionId": "v1"})
}

/// The form of the text is recorded for CVM, with a resource, and for SMS, with `*`.
#[test]
fn a_denied_request_has_the_recorded_error_and_the_journal_the_statement() {
    let server = Controlled::empty();
    create(&server, "db");
    attach(
        &server,
        json!({"name": "lists"}),
        &cam(&[("allow", "name/ssm:ListSecrets", "*")]),
    );
    assert_eq!(
        server.tencent("ListSecrets", &json!({}))["Error"],
        Value::Null
    );
    let allowed = decision(&server);
    assert_eq!(
        (&allowed["policy"], &allowed["effect"]),
        (&json!("lists"), &json!("Allow"))
    );

    let reply = request("GetSecretValue", &get("db")).ask(&server.emulator);
    assert_eq!(reply.status, 200);
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    let response = &body["Response"];
    let id = response["RequestId"].as_str().unwrap();
    let arn = resource("db");
    assert_eq!(
        response["Error"],
        json!({
            "Code": "UnauthorizedOperation",
            "Message": format!(
                "[request id:{id}]you are not authorized to perform operation (ssm:GetSecretValue)\nresource ({arn}) has no permission\n"
            ),
        })
    );
    let sentence = format!("no statement of policy `lists` allows ssm:GetSecretValue on {arn}");
    assert_eq!(hint_of(&reply).as_deref(), Some(&*sentence));
    let denied = decision(&server);
    assert_eq!(denied["explanation"], sentence);
    assert_eq!(
        (&denied["allowed"], &denied["policy"]),
        (&json!(false), &Value::Null)
    );
}

/// *Secrets Manager* in *CAM-Enabled API*: the granularity of each operation.
#[test]
fn operations_need_the_documented_actions_and_resources() {
    let server = Controlled::empty();
    create(&server, "db");
    let all = format!("qcs::ssm:ap-guangzhou:uin/{ACCOUNT}:secret/*");
    for (action, parameters, needed) in [
        ("ListSecrets", json!({}), "*".to_owned()),
        ("GetRegions", json!({}), "*".to_owned()),
        ("GetServiceStatus", json!({}), "*".to_owned()),
        (
            "CreateSecret",
            json!({"SecretName": "n", "VersionId": "v1", "SecretString": "x"}),
            all,
        ),
        (
            "DescribeSecret",
            json!({"SecretName": "db"}),
            resource("db"),
        ),
        ("GetSecretValue", get("db"), resource("db")),
        ("GetSecretValue", get("absent"), resource("absent")),
        (
            "ListSecretVersionIds",
            json!({"SecretName": "db"}),
            resource("db"),
        ),
        ("DisableSecret", json!({"SecretName": "db"}), resource("db")),
        ("EnableSecret", json!({"SecretName": "db"}), resource("db")),
    ] {
        let name = format!("ssm:{action}");
        let id = attach(&server, json!({}), &cam(&[]));
        let error = server.tencent(action, &parameters)["Error"].take();
        assert_eq!(error["Code"], "UnauthorizedOperation", "{action}");
        let denied = decision(&server);
        assert_eq!(
            (&denied["action"], &denied["resource"]),
            (&json!(name), &json!(needed))
        );
        server.ok("DELETE", &format!("policies/{id}"), "");
        let id = attach(&server, json!({}), &cam(&[("allow", &name, &needed)]));
        let error = server.tencent(action, &parameters)["Error"].take();
        assert_ne!(error["Code"], "UnauthorizedOperation", "{action}: {error}");
        server.ok("DELETE", &format!("policies/{id}"), "");
    }
}

#[test]
fn a_resource_of_tag_without_an_account_belongs_to_that_of_the_request() {
    let server = Controlled::empty();
    create(&server, "db");
    let denied = format!("qcs::ssm:*:uin/{ACCOUNT}:secret/*");
    let policy = cam(&[("allow", "*", "*"), ("deny", "tag:*", &denied)]);
    attach(&server, json!({}), &policy);
    for account in [ACCOUNT, ""] {
        let secret = format!("qcs::ssm:ap-guangzhou:uin/{account}:secret/creatorUin/{ACCOUNT}/db");
        let tag = json!({"TagKey": "k", "TagValue": "v", "Resource": secret});
        let request = request("AddResourceTag", &tag).header("Host", "tag.tencentcloudapi.com");
        let reply = request.ask(&server.emulator);
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(
            body["Response"]["Error"]["Code"], "UnauthorizedOperation",
            "{secret}: {body}"
        );
        assert_eq!(decision(&server)["statement"], 1);
    }
}

#[test]
fn listing_tags_by_ids_needs_the_permission_for_each_named_secret() {
    let server = Controlled::empty();
    create(&server, "db");
    create(&server, "other");
    let id = |name: &str| format!("creatorUin/{ACCOUNT}/{name}");
    let by_ids = |names: &[&str]| {
        let ids: Vec<_> = names.iter().map(|name| id(name)).collect();
        json!({"ServiceType": "ssm", "ResourcePrefix": "secret", "ResourceRegion": "ap-guangzhou",
            "ResourceIds": ids})
    };
    let ask = |action: &str, parameters: &Value| {
        let request = request(action, parameters).header("Host", "tag.tencentcloudapi.com");
        let reply = request.ask(&server.emulator);
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        let code = body["Response"]["Error"]["Code"].as_str();
        code.unwrap_or("OK").to_owned()
    };
    attach(
        &server,
        json!({}),
        &cam(&[("allow", "tag:*", &resource("db"))]),
    );
    let by_id = "DescribeResourceTagsByResourceIds";
    let listed = "DescribeResourceTags";
    for (action, parameters, denied) in [
        (by_id, by_ids(&["db"]), None),
        (by_id, by_ids(&["other"]), Some(resource("other"))),
        (by_id, by_ids(&["db", "other"]), Some(resource("other"))),
        (listed, json!({"ResourceId": id("db")}), None),
        (listed, json!({"ResourceId": "db"}), None),
        (
            listed,
            json!({"ResourceId": id("other")}),
            Some(resource("other")),
        ),
        (
            listed,
            json!({"ResourceId": "db", "ResourceRegion": "ap-beijing"}),
            Some(resource("db").replace("ap-guangzhou", "ap-beijing")),
        ),
        (listed, json!({}), Some("*".to_owned())),
    ] {
        let code = ask(action, &parameters);
        match denied {
            None => assert_eq!(code, "OK", "{action} {parameters}"),
            Some(denied) => {
                assert_eq!(code, "UnauthorizedOperation", "{action} {parameters}");
                assert_eq!(decision(&server)["resource"], denied);
            }
        }
    }
}

#[test]
fn a_key_pair_that_is_read_by_its_id_needs_the_permission_for_its_secret() {
    let server = Controlled::empty();
    let created = server.tencent(
        "CreateSSHKeyPairSecret",
        &json!({"SecretName": "pair", "ProjectId": 0}),
    );
    let by_id = json!({"SSHKeyId": created["SSHKeyID"]});
    let policy = cam(&[("allow", "*", "*"), ("deny", "*", &resource("pair"))]);
    let id = attach(&server, json!({}), &policy);
    let with_empty_name = json!({"SecretName": "", "SSHKeyId": created["SSHKeyID"]});
    for parameters in [
        json!({"SecretName": "pair"}),
        by_id.clone(),
        with_empty_name,
    ] {
        let error = server.tencent("GetSSHKeyPairValue", &parameters)["Error"].take();
        assert_eq!(error["Code"], "UnauthorizedOperation", "{parameters}");
        assert_eq!(decision(&server)["resource"], resource("pair"));
    }
    server.ok("DELETE", &format!("policies/{id}"), "");
    attach(
        &server,
        json!({}),
        &cam(&[("allow", "ssm:GetSSHKeyPairValue", &resource("pair"))]),
    );
    let read = server.tencent("GetSSHKeyPairValue", &by_id);
    assert_eq!(read["SSHKeyID"], created["SSHKeyID"], "{read}");
}

#[test]
fn conditions_compare_client_time_and_tags() {
    let server = Controlled::empty();
    create(&server, "db");
    let local = Client {
        ip: Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
        is_encrypted: false,
    };
    for (condition, is_allowed) in [
        (json!({"ip_equal": {"qcs:ip": "127.0.0.1/8"}}), true),
        (json!({"ip_not_equal": {"qcs:ip": "127.0.0.1/8"}}), false),
        (
            json!({"date_less_than": {"qcs:current_time": "2026-01-02 03:04:05"}}),
            false,
        ),
        (
            json!({"date_greater_than_equal": {"qcs:current_time": "2026-01-02 03:04:05"}}),
            true,
        ),
        (
            json!({"for_any_value:string_equal": {"qcs:resource_tag": ["env&prod"]}}),
            true,
        ),
        (
            json!({"for_any_value:string_equal": {"qcs:resource_tag": ["env&dev"]}}),
            false,
        ),
    ] {
        let policy = json!({"version": "2.0", "statement": [
            {"effect": "allow", "action": "*", "resource": "*", "condition": condition},
        ]});
        let id = attach(&server, json!({}), &policy);
        let body = ask_from(&server, &request("GetSecretValue", &get("db")), local);
        let code = &body["Response"]["Error"]["Code"];
        assert_eq!(code.is_null(), is_allowed, "{condition}: {code}");
        server.ok("DELETE", &format!("policies/{id}"), "");
    }
    let tagged = json!({"version": "2.0", "statement": [{
        "effect": "allow", "action": "ssm:CreateSecret", "resource": "*",
        "condition": {"for_any_value:string_equal": {"qcs:request_tag": "owner&me"}},
    }]});
    attach(&server, json!({}), &tagged);
    let mut new = json!({"SecretName": "new", "VersionId": "v1", "SecretString": "x"});
    assert_eq!(
        server.tencent("CreateSecret", &new)["Error"]["Code"],
        "UnauthorizedOperation"
    );
    new["Tags"] = json!([{"TagKey": "owner", "TagValue": "me"}]);
    assert_eq!(server.tencent("CreateSecret", &new)["Error"], Value::Null);
}

#[test]
fn unknown_parameters_and_wrong_types_are_reported_first() {
    let server = Controlled::empty();
    attach(&server, json!({}), &cam(&[]));
    for (parameters, code) in [
        (json!({}), "MissingParameter"),
        (
            json!({"SecretName": 1, "VersionId": "v1"}),
            "InvalidParameter",
        ),
        (
            json!({"SecretName": "a", "VersionId": "v1", "Other": 1}),
            "UnknownParameter",
        ),
    ] {
        let error = server.tencent("GetSecretValue", &parameters)["Error"].take();
        assert_eq!(error["Code"], code);
    }
}

/// The `Response` for a request that is signed with a key: its id, its secret and its token.
fn signed(server: &Controlled, action: &str, parameters: &Value, key: &[String; 3]) -> Value {
    let [id, secret, token] = key;
    let mut request = request(action, parameters);
    if request.value_of("X-TC-Version") == Some("2018-08-13") {
        request = request.header("Host", "sts.tencentcloudapi.com");
    }
    if !token.is_empty() {
        request = request.header("X-TC-Token", token);
    }
    let reply = request.sign_tc3(id, secret, now()).ask(&server.emulator);
    let mut body: Value = serde_json::from_slice(&reply.body).unwrap();
    body["Response"].take()
}

fn code(server: &Controlled, action: &str, parameters: &Value, key: &[String; 3]) -> String {
    let response = signed(server, action, parameters, key);
    let code = response["Error"]["Code"].as_str();
    code.unwrap_or("OK").to_owned()
}

fn test_key() -> [String; 3] {
    ["test", "test", ""].map(str::to_owned)
}

/// The key that an operation of STS issues to the key `test`.
fn issued(server: &Controlled, action: &str, parameters: &Value) -> [String; 3] {
    let response = signed(server, action, parameters, &test_key());
    ["TmpSecretId", "TmpSecretKey", "Token"].map(|name| {
        let text = response["Credentials"][name].as_str();
        text.unwrap_or_else(|| panic!("{response}")).to_owned()
    })
}

/// The codes of `ListSecrets` and `GetSecretValue`.
fn codes(server: &Controlled, key: &[String; 3]) -> [String; 2] {
    [
        code(server, "ListSecrets", &json!({}), key),
        code(server, "GetSecretValue", &get("db"), key),
    ]
}

const DENIED: &str = "UnauthorizedOperation";

#[test]
fn a_temporary_key_has_the_policies_of_its_role_and_of_its_session() {
    let server = Controlled::empty();
    create(&server, "db");
    let role = format!("qcs::cam::uin/{ACCOUNT}:roleName/reader");
    let assume = json!({"RoleArn": role, "RoleSessionName": "test"});
    let free = issued(&server, "AssumeRole", &assume);
    let mut assume = assume;
    assume["Policy"] = cam(&[("allow", "ssm:Get*", "*")]).to_string().into();
    let restricted = issued(&server, "AssumeRole", &assume);
    assert_eq!(codes(&server, &free), ["OK", "OK"]);
    assert_eq!(codes(&server, &restricted), [DENIED, "OK"]);
    attach(
        &server,
        json!({"roles": [role]}),
        &cam(&[("allow", "ssm:List*", "*")]),
    );
    assert_eq!(codes(&server, &free), ["OK", DENIED]);
    assert_eq!(codes(&server, &restricted), [DENIED, DENIED]);
    // The role's account has no policy itself.
    assert_eq!(codes(&server, &test_key()), ["OK", "OK"]);

    let mistaken = json!({"RoleArn": role, "RoleSessionName": "test",
        "Policy": cam(&[("perhaps", "ssm:*", "*")]).to_string()});
    assert_eq!(
        code(&server, "AssumeRole", &mistaken, &test_key()),
        "InvalidParameter.StrategyFormatError"
    );
}

/// "CAM-Enabled API", "Security Token Service": only `AssumeRole` has resources.
#[test]
fn assume_role_needs_the_permission_for_the_role() {
    let server = Controlled::empty();
    let role = |name: &str| format!("qcs::cam::uin/{ACCOUNT}:roleName/{name}");
    attach(
        &server,
        json!({"access_key_ids": ["test"]}),
        &cam(&[("allow", "name/sts:AssumeRole", &role("reader"))]),
    );
    let assume = |name: &str| json!({"RoleArn": role(name), "RoleSessionName": "test"});
    let test = test_key();
    assert_eq!(code(&server, "AssumeRole", &assume("reader"), &test), "OK");
    let response = signed(&server, "AssumeRole", &assume("admin"), &test);
    assert_eq!(response["Error"]["Code"], DENIED);
    let message = response["Error"]["Message"].as_str().unwrap();
    let arn = role("admin");
    assert!(
        message.ends_with(&format!(
            "(sts:AssumeRole)\nresource ({arn}) has no permission\n"
        )),
        "{message}"
    );
    let identity = code(&server, "GetCallerIdentity", &json!({}), &test);
    assert_eq!(identity, "OK");
}

/// "GetFederationToken": the permissions are the intersection of those of the caller and the policy.
#[test]
fn a_federated_user_has_the_policies_of_the_caller_and_of_the_session() {
    let server = Controlled::empty();
    create(&server, "db");
    let federate = |action: &str| {
        let policy = cam(&[("allow", action, "*")]).to_string();
        issued(
            &server,
            "GetFederationToken",
            &json!({"Name": "f", "Policy": policy}),
        )
    };
    let reader = federate("ssm:Get*");
    let everything = federate("*");
    assert_eq!(codes(&server, &reader), [DENIED, "OK"]);
    assert_eq!(codes(&server, &everything), ["OK", "OK"]);
    attach(
        &server,
        json!({"access_key_ids": ["test"]}),
        &cam(&[("allow", "ssm:List*", "*")]),
    );
    assert_eq!(codes(&server, &reader), [DENIED, DENIED]);
    assert_eq!(codes(&server, &everything), ["OK", DENIED]);
}
