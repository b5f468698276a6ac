//! Permissions: requests that policies allow and deny, and what the journal shows of the decision.

mod alibaba;
mod control;
mod roles;
mod tencent;

use kms_emulator::clouds::context::AuthMode;
use kms_emulator::http::wire::{Client, WireRequest};
use kms_emulator::router;
use serde_json::{Value, json};

use crate::control::{Controlled, alibaba};
use crate::support::{ACCOUNT, TestRequest, emulator};

const OTHER: &str = "2000000000000000";

/// An unsigned request of an access key id, which selects the account.
fn of_key(id: &str, action: &str, parameters: &[(&str, &str)]) -> TestRequest {
    let mut request = alibaba(action, parameters);
    request.add_to_query("AccessKeyId", id);
    request.add_to_query("Signature", "unchecked");
    request
}

fn secret(name: &str) -> String {
    format!("acs:kms:cn-hangzhou:{ACCOUNT}:secret/{name}")
}

/// Attaches a policy to the callers in `callers`, and returns its id.
#[track_caller]
fn attach(server: &Controlled, callers: Value, policy: &Value) -> u64 {
    let mut body = callers;
    body["policy"] = policy.clone();
    let attached = server.ok("POST", "policies", &body.to_string());
    attached["id"].as_u64().unwrap()
}

/// A policy of Alibaba Cloud with one statement for each item.
fn ram(statements: &[(&str, &str, &str)]) -> Value {
    let statements = statements.iter().map(
        |(effect, action, resource)| json!({"Effect": effect, "Action": action, "Resource": resource}),
    );
    json!({"Version": "1", "Statement": statements.collect::<Vec<_>>()})
}

/// A policy of Tencent Cloud with one statement for each item.
fn cam(statements: &[(&str, &str, &str)]) -> Value {
    let statements = statements.iter().map(
        |(effect, action, resource)| json!({"effect": effect, "action": action, "resource": resource}),
    );
    json!({"version": "2.0", "statement": statements.collect::<Vec<_>>()})
}

/// The decision in the newest entry of the journal.
fn decision(server: &Controlled) -> Value {
    let mut journal = server.ok("GET", "journal?limit=1", "");
    journal["requests"][0]["permission"].take()
}

/// The reply to a request that arrives from a client.
fn ask_from(server: &Controlled, request: &TestRequest, client: Client) -> Value {
    let reply = request.with_wire(|wire| {
        let wire = WireRequest {
            client,
            ..wire.clone()
        };
        router::handle(&server.emulator, &wire)
    });
    serde_json::from_slice(&reply.body).unwrap()
}

#[test]
fn a_policy_applies_to_requests_of_its_cloud() {
    let server = Controlled::with(emulator(AuthMode::Lenient));
    attach(&server, json!({}), &ram(&[]));
    assert_eq!(server.alibaba("ListSecrets", &[]).0, 403);
    assert_eq!(
        server.tencent("ListSecrets", &json!({}))["Error"],
        Value::Null
    );
    attach(&server, json!({}), &cam(&[]));
    let error = server.tencent("ListSecrets", &json!({}))["Error"].take();
    assert_eq!(error["Code"], "UnauthorizedOperation");
    server.ok("DELETE", "policies", "");
    assert_eq!(server.alibaba("ListSecrets", &[]).0, 200);
    assert_eq!(
        server.tencent("ListSecrets", &json!({}))["Error"],
        Value::Null
    );
    assert_eq!(decision(&server), Value::Null);
}

#[test]
fn cached_replies_are_not_returned_to_callers_without_permission() {
    let server = Controlled::new();
    assert_eq!(server.alibaba("ListSecrets", &[]).0, 200);
    assert_eq!(server.alibaba("ListSecrets", &[]).0, 200);
    attach(&server, json!({}), &ram(&[("Deny", "kms:List*", "*")]));
    assert_eq!(server.alibaba("ListSecrets", &[]).0, 403);
}

#[test]
fn policies_of_a_removed_tenant_are_removed() {
    let server = Controlled::new();
    let tenant = server.ok("POST", "tenants", "{}");
    let account = tenant["account"].as_str().unwrap();
    let key = tenant["access_key_id"].as_str().unwrap();
    let role = format!("acs:ram::{account}:role/reader");
    attach(&server, json!({"accounts": [account]}), &ram(&[]));
    attach(
        &server,
        json!({"access_key_ids": [key], "roles": [role]}),
        &ram(&[]),
    );
    let shared = attach(&server, json!({"access_key_ids": [key, "test"]}), &ram(&[]));
    server.ok("DELETE", &format!("tenants/{account}"), "");
    let left = server.ok("GET", "policies", "");
    let ids: Vec<_> = left["policies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|policy| &policy["id"])
        .collect();
    assert_eq!(ids, [&json!(shared)]);
}

#[test]
fn a_reset_keeps_policies() {
    let server = Controlled::new();
    attach(&server, json!({}), &ram(&[]));
    server.ok("POST", "reset", "{}");
    assert_eq!(server.alibaba("ListSecrets", &[]).0, 403);
}
