//! The requests of the control API for policies.

use serde_json::{Value, json};

use super::{attach, cam, ram};
use crate::control::Controlled;
use crate::support::ACCOUNT;

#[test]
fn policies_are_listed_read_and_removed() {
    let server = Controlled::empty();
    let policy = json!({"Version": "1", "Statement": [{
        "Effect": "Allow", "Action": "*", "Resource": "*",
        "Condition": {"StringEquals": {"acs:SourceVpc": "vpc-1"}},
    }]});
    let role = "acs:ram::1000000000000000:role/reader";
    let body =
        json!({"name": "reader", "access_key_ids": ["test"], "roles": [role], "policy": policy});
    let attached = server.ok("POST", "policies", &body.to_string());
    assert_eq!(
        attached,
        json!({
            "id": 1, "name": "reader", "cloud": "alibaba", "access_key_ids": ["test"], "roles": [role],
            "accounts": [], "unknown_condition_keys": ["acs:SourceVpc"], "policy": policy,
        })
    );
    attach(&server, json!({}), &cam(&[("allow", "ssm:*", "*")]));
    let second = server.ok("GET", "policies/2", "");
    assert_eq!(
        (&second["name"], &second["cloud"]),
        (&json!("policy-2"), &json!("tencent"))
    );
    assert_eq!(second["accounts"], json!([ACCOUNT]));
    let listed = server.ok("GET", "policies", "");
    assert_eq!(listed["policies"], json!([attached, second]));
    assert_eq!(server.ok("DELETE", "policies/1", ""), attached);
    let cleared = server.ok("DELETE", "policies", "");
    assert_eq!(cleared["policies"], json!([second]));
    for method in ["GET", "DELETE"] {
        assert_eq!(
            server.error(method, "policies/1", ""),
            (404, "PolicyNotFound".to_owned(), "path".to_owned())
        );
    }
}

#[test]
fn mistakes_in_a_request_are_located() {
    let server = Controlled::empty();
    let long = "x".repeat(129);
    let with = |members: Value| {
        let mut body = json!({"policy": ram(&[("Allow", "*", "*")])});
        for (name, value) in members.as_object().unwrap() {
            body[name] = value.clone();
        }
        body
    };
    for (body, place) in [
        (json!({}), "body"),
        (json!({"policy": 1}), "body.policy"),
        (json!({"policy": {}}), "body.policy"),
        (
            with(json!({"policy": ram(&[("allow", "*", "*")])})),
            "body.policy.Statement[0].Effect",
        ),
        (
            with(json!({"policy": ram(&[("Allow", "Get", "*")])})),
            "body.policy.Statement[0].Action",
        ),
        (
            with(json!({"policy": cam(&[("Allow", "*", "*")])})),
            "body.policy.statement[0].effect",
        ),
        (with(json!({"name": ""})), "body.name"),
        (with(json!({"name": long})), "body.name"),
        (with(json!({"accounts": ["12"]})), "body.accounts[0]"),
        (
            with(json!({"accounts": [ACCOUNT, "１000000000000000"]})),
            "body.accounts[1]",
        ),
        (
            with(json!({"access_key_ids": [""]})),
            "body.access_key_ids[0]",
        ),
        (with(json!({"roles": ["r".repeat(257)]})), "body.roles[0]"),
        (with(json!({"roles": vec!["r"; 101]})), "body"),
        (
            with(json!({"roles": ["acs:ram::1000000000000000:role/reader", "reader"]})),
            "body.roles[1]",
        ),
        (
            with(json!({"roles": ["acs:ram::12:role/reader"]})),
            "body.roles[0]",
        ),
        (
            with(json!({"roles": ["qcs::cam::uin/1000000000000000:roleName/reader"]})),
            "body.roles[0]",
        ),
        (
            json!({
                "policy": cam(&[("allow", "*", "*")]),
                "roles": ["acs:ram::1000000000000000:role/reader"],
            }),
            "body.roles[0]",
        ),
    ] {
        let (status, code, at) = server.error("POST", "policies", &body.to_string());
        assert_eq!(
            (status, &*code, &*at),
            (400, "InvalidBody", place),
            "{body}"
        );
    }
    for body in [
        with(json!({"user": "x"})),
        with(json!({"roles": "acs:ram::1000000000000000:role/reader"})),
        with(json!({"accounts": [1]})),
        json!([]),
    ] {
        let (status, code, _) = server.error("POST", "policies", &body.to_string());
        assert_eq!((status, &*code), (400, "InvalidBody"), "{body}");
    }
    assert_eq!(server.ok("GET", "policies", "")["policies"], json!([]));
}

#[test]
fn number_of_policies_is_limited() {
    let server = Controlled::empty();
    for _ in 0..64 {
        attach(&server, json!({}), &ram(&[]));
    }
    let body = json!({"policy": ram(&[])}).to_string();
    let (status, code, _) = server.error("POST", "policies", &body);
    assert_eq!((status, &*code), (409, "TooManyPolicies"));
    server.ok("DELETE", "policies/64", "");
    assert_eq!(attach(&server, json!({}), &ram(&[])), 65);
}
