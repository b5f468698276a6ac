//! Policies of roles and of their sessions, and of secrets and keys, on Alibaba Cloud.

use serde_json::{Value, json};

use super::{OTHER, attach, decision, of_key, ram, secret};
use crate::control::{Controlled, alibaba};
use crate::support::{ACCOUNT, TestRequest};

fn assume(server: &Controlled, parameters: &[(&str, &str)]) -> Value {
    let mut request = TestRequest::get("Action=AssumeRole&Version=2015-04-01&RoleSessionName=test");
    request.add_to_query("RoleArn", &format!("acs:ram::{ACCOUNT}:role/reader"));
    for (name, value) in parameters {
        request.add_to_query(name, value);
    }
    serde_json::from_slice(&request.ask(&server.emulator).body).unwrap()
}

/// The status of a request with an issued key.
fn with_key(server: &Controlled, issued: &Value, action: &str, parameters: &[(&str, &str)]) -> u16 {
    let text = |name: &str| issued["Credentials"][name].as_str().unwrap();
    let mut request = alibaba(action, parameters);
    request.add_to_query("SecurityToken", text("SecurityToken"));
    let key = [("AccessKeyId", text("AccessKeyId"))];
    let signed = request.sign_v1(text("AccessKeySecret"), &key);
    signed.verdict(&server.emulator).0
}

#[test]
fn an_assumed_role_has_the_policies_of_the_role_and_of_its_session() {
    let server = Controlled::empty();
    server.create("db");
    let get = |issued: &Value| with_key(&server, issued, "GetSecretValue", &[("SecretName", "db")]);
    let list = |issued: &Value| with_key(&server, issued, "ListSecrets", &[]);
    let free = assume(&server, &[]);
    assert_eq!((get(&free), list(&free)), (200, 200));

    let session = ram(&[("Allow", "kms:Get*", "*"), ("Allow", "kms:List*", "*")]).to_string();
    let get_only = ram(&[("Allow", "kms:Get*", "*")]).to_string();
    let restricted = assume(&server, &[("Policy", &get_only)]);
    assert_eq!((get(&restricted), list(&restricted)), (200, 403));

    let role = format!("acs:ram::{ACCOUNT}:role/reader");
    attach(
        &server,
        json!({"roles": [role]}),
        &ram(&[("Allow", "kms:List*", "*")]),
    );
    assert_eq!((get(&free), list(&free)), (403, 200));
    let both = assume(&server, &[("Policy", &session)]);
    assert_eq!((get(&both), list(&both)), (403, 200));
    assert_eq!((get(&restricted), list(&restricted)), (403, 403));
    // The caller itself has no policy.
    assert_eq!(
        server.alibaba("GetSecretValue", &[("SecretName", "db")]).0,
        200
    );
}

#[test]
fn assuming_a_role_needs_permission() {
    let server = Controlled::empty();
    let one_role = format!("acs:ram:*:{ACCOUNT}:role/reader");
    let id = attach(
        &server,
        json!({}),
        &ram(&[("Allow", "sts:AssumeRole", &one_role)]),
    );
    assert!(assume(&server, &[])["Credentials"].is_object());
    server.ok("DELETE", &format!("policies/{id}"), "");
    attach(&server, json!({}), &ram(&[("Allow", "kms:*", "*")]));
    let refused = assume(&server, &[]);
    assert_eq!(refused["Code"], "NoPermission");
    assert_eq!(
        refused["Message"],
        "You are not authorized to do this action. You should be authorized by RAM."
    );
    let identity = TestRequest::get("Action=GetCallerIdentity&Version=2015-04-01");
    assert_eq!(identity.verdict(&server.emulator).0, 200);
}

/// "Overview of secret policies" and "Key policy overview": any Allow is sufficient within the account.
#[test]
fn the_policy_of_a_secret_or_key_takes_part() {
    let server = Controlled::empty();
    server.create("db");
    let (_, key) = server.alibaba("CreateKey", &[]);
    let key_id = key["KeyMetadata"]["KeyId"].as_str().unwrap();
    let of = |effect: &str, principal: &str| {
        json!({"Version": "1", "Statement": [{
            "Effect": effect, "Principal": {"RAM": [principal]}, "Action": ["kms:*"], "Resource": ["*"],
        }]})
        .to_string()
    };
    let user = format!("acs:ram::{ACCOUNT}:user/test");
    let get = || {
        let request = alibaba("GetSecretValue", &[("SecretName", "db")]);
        request.sign_v1("test", &[]).verdict(&server.emulator).0
    };
    let encrypt = || {
        let request = alibaba("Encrypt", &[("KeyId", key_id), ("Plaintext", "eA==")]);
        request.sign_v1("test", &[]).verdict(&server.emulator).0
    };
    let set = |policy: &str| {
        let of_secret = [("SecretName", "db"), ("Policy", policy)];
        assert_eq!(server.alibaba("SetSecretPolicy", &of_secret).0, 200);
        let of_key = [("KeyId", key_id), ("Policy", policy)];
        assert_eq!(server.alibaba("SetKeyPolicy", &of_key).0, 200);
    };
    let id = attach(&server, json!({"access_key_ids": ["test"]}), &ram(&[]));
    assert_eq!((get(), encrypt()), (403, 403));
    set(&of("Allow", &user));
    assert_eq!((get(), encrypt()), (200, 200));
    assert_eq!(decision(&server)["policy"], "policy of the resource");
    set(&of("Allow", &format!("acs:ram::{ACCOUNT}:user/other")));
    assert_eq!((get(), encrypt()), (403, 403));
    server.ok("DELETE", &format!("policies/{id}"), "");
    attach(
        &server,
        json!({"access_key_ids": ["test"]}),
        &ram(&[("Allow", "*", "*")]),
    );
    assert_eq!((get(), encrypt()), (200, 200));
    set(&of("Deny", &user));
    assert_eq!((get(), encrypt()), (403, 403));
}

/// "Overview of secret policies": a caller of another account needs both policies.
#[test]
fn a_secret_of_another_account_needs_its_policy_and_that_of_the_caller() {
    let server = Controlled::empty();
    server.create("db");
    let policy = json!({"Version": "1", "Statement": [{
        "Effect": "Allow", "Principal": {"RAM": [format!("acs:ram::{OTHER}:*")]},
        "Action": ["kms:GetSecretValue"], "Resource": ["*"],
    }]})
    .to_string();
    let set = [("SecretName", "db"), ("Policy", &*policy)];
    assert_eq!(server.alibaba("SetSecretPolicy", &set).0, 200);
    let arn = secret("db");
    let get = || {
        of_key(OTHER, "GetSecretValue", &[("SecretName", &arn)])
            .verdict(&server.emulator)
            .0
    };
    assert_eq!(get(), 200);
    let id = attach(
        &server,
        json!({"accounts": [OTHER]}),
        &ram(&[("Allow", "kms:List*", "*")]),
    );
    assert_eq!(get(), 403);
    server.ok("DELETE", &format!("policies/{id}"), "");
    attach(
        &server,
        json!({"accounts": [OTHER]}),
        &ram(&[("Allow", "kms:Get*", &arn)]),
    );
    assert_eq!(get(), 200);
}
