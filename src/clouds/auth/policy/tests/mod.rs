//! Decisions on the examples of the vendors' documents. Each test names the pages that its policies are from.

mod alibaba;
mod tencent;

use std::net::IpAddr;
use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::clouds::auth::issued::Principal;
use crate::http::wire::Client;
use crate::model::{Cloud, Tag};

const ACCOUNT: &str = "1000000000000000";

/// A request, with the values that conditions compare.
struct Asked<'a> {
    action: &'a str,
    resource: &'a str,
    tags: &'a [(&'a str, &'a str)],
    request_tags: &'a [(&'a str, &'a str)],
    ip: &'a str,
    is_encrypted: bool,
    now: &'a str,
}

impl Default for Asked<'_> {
    fn default() -> Self {
        Self {
            action: "",
            resource: "*",
            tags: &[],
            request_tags: &[],
            ip: "127.0.0.1",
            is_encrypted: false,
            now: "2026-01-02T03:04:05Z",
        }
    }
}

fn ask<'a>(action: &'a str, resource: &'a str) -> Asked<'a> {
    Asked {
        action,
        resource,
        ..Asked::default()
    }
}

fn tags(pairs: &[(&str, &str)]) -> Vec<Tag> {
    let tag = |(key, value): &(&str, &str)| Tag {
        key: (*key).to_owned(),
        value: (*value).to_owned(),
    };
    pairs.iter().map(tag).collect()
}

/// The decision on a request of the access key `test`.
fn decide_on(
    identity: &[&Value],
    session: Option<&Value>,
    resource: Option<&Value>,
    asked: &Asked,
) -> Decision {
    let policies = Policies::default();
    let target = || vec![Target::AccessKey("test".to_owned())];
    let mut cloud = Cloud::Alibaba;
    for document in identity {
        let policy = parse(document).unwrap();
        cloud = policy.cloud;
        policies.attach(None, target(), policy, Value::Null);
    }
    let caller = Caller::new(cloud, ACCOUNT, Some("test"), None);
    let policies = ApplicablePolicies {
        identity: policies.of(cloud, &caller),
        session: session.map(|document| Arc::new(parse(document).unwrap())),
    };
    let permission = Permission {
        action: asked.action.to_owned(),
        resource: asked.resource.to_owned(),
        tags: tags(asked.tags),
        request_tags: tags(asked.request_tags),
        resource_policy: resource.map(Value::to_string),
    };
    let request = RequestContext {
        caller: &caller,
        permission: &permission,
        now: asked.now.parse().unwrap(),
        client: Client {
            ip: asked.ip.parse::<IpAddr>().ok(),
            is_encrypted: asked.is_encrypted,
        },
    };
    decide(&policies, &request)
}

#[track_caller]
fn check(page: &str, policy: &Value, rows: &[(Asked, bool)]) {
    for (asked, is_allowed) in rows {
        let decision = decide_on(&[policy], None, None, asked);
        assert_eq!(
            decision.allowed, *is_allowed,
            "{page}: {} on {}: {}",
            asked.action, asked.resource, decision.explanation
        );
    }
}

fn ram(statements: &Value) -> Value {
    json!({"Version": "1", "Statement": statements})
}

fn cam(statements: &Value) -> Value {
    json!({"version": "2.0", "statement": statements})
}

const SECRET: &str = "acs:kms:cn-hangzhou:1000000000000000:secret/db";
const KEY: &str = "acs:kms:cn-hangzhou:1000000000000000:key/key-1";

const TENCENT_SECRET: &str =
    "qcs::ssm:ap-guangzhou:uin/1000000000000000:secret/creatorUin/1000000000000000/db";

#[test]
fn a_denying_statement_decides_and_the_default_is_to_deny() {
    // "Policy evaluation process" of RAM, "Evaluation Logic" of CAM.
    let allow = ram(&json!([{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]));
    let deny =
        ram(&json!([{"Sid": "no", "Effect": "Deny", "Action": "kms:Delete*", "Resource": "*"}]));
    let none = ram(&json!([]));
    let get = ask("kms:GetSecretValue", SECRET);
    let delete = ask("kms:DeleteSecret", SECRET);
    let by = |policies: &[&Value], asked| decide_on(policies, None, None, asked);
    assert!(by(&[&allow, &deny], &get).allowed);
    let denied = by(&[&allow, &deny], &delete);
    assert!(!denied.allowed);
    assert_eq!(denied.policy.as_deref(), Some("policy-2"));
    assert_eq!(
        (denied.statement, denied.sid.as_deref()),
        (Some(0), Some("no"))
    );
    assert_eq!(denied.effect, Some(Effect::Deny));
    let implicit = by(&[&none, &deny], &get);
    assert!(!implicit.allowed);
    assert_eq!((implicit.policy, implicit.effect), (None, None));
    assert_eq!(
        implicit.explanation,
        format!(
            "no statement of policy `policy-1`, policy `policy-2` allows kms:GetSecretValue on {SECRET}"
        )
    );
    let cam_deny = cam(&json!([
        {"effect": "allow", "action": "*", "resource": "*"},
        {"effect": "deny", "action": "ssm:GetSecretValue", "resource": "*"},
    ]));
    check(
        "Evaluation Logic",
        &cam_deny,
        &[
            (ask("ssm:ListSecrets", "*"), true),
            (ask("ssm:GetSecretValue", TENCENT_SECRET), false),
        ],
    );
}

#[test]
fn a_session_policy_must_allow_too() {
    // "Policy evaluation process", session policy evaluation.
    let all = ram(&json!([{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]));
    let get = ram(&json!([{"Effect": "Allow", "Action": "kms:Get*", "Resource": "*"}]));
    let list = ram(&json!([{"Effect": "Allow", "Action": "kms:List*", "Resource": "*"}]));
    let asked = ask("kms:GetSecretValue", SECRET);
    for (identity, session, is_allowed) in [
        (vec![&all], Some(&get), true),
        (vec![&all], Some(&list), false),
        (vec![&list], Some(&all), false),
        // A role without policies may do what the session policy allows.
        (vec![], Some(&get), true),
        (vec![], Some(&list), false),
    ] {
        let decision = decide_on(&identity, session, None, &asked);
        assert_eq!(decision.allowed, is_allowed, "{}", decision.explanation);
    }
}

#[test]
fn the_policy_of_a_secret_grants_or_denies_within_its_account() {
    // "Overview of secret policies", permission evaluation priority.
    let of = |effect: &str, principal: &str| {
        ram(&json!([{
            "Effect": effect,
            "Principal": {"RAM": [principal]},
            "Action": ["kms:GetSecretValue"],
            "Resource": ["*"],
        }]))
    };
    let user = "acs:ram::1000000000000000:user/test";
    let all = ram(&json!([{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]));
    let none = ram(&json!([]));
    let denying = ram(&json!([{"Effect": "Deny", "Action": "kms:*", "Resource": "*"}]));
    let asked = ask("kms:GetSecretValue", SECRET);
    for (identity, resource, is_allowed) in [
        (&all, None, true),
        (&none, Some(of("Allow", user)), true),
        (&all, Some(of("Allow", user)), true),
        (&denying, Some(of("Allow", user)), false),
        (&all, Some(of("Deny", user)), false),
        (&all, Some(of("Deny", "acs:ram::1000000000000000:*")), false),
        (
            &all,
            Some(of("Deny", "acs:ram::1000000000000000:user/other")),
            true,
        ),
        (
            &none,
            Some(of("Allow", "acs:ram::1000000000000000:user/other")),
            false,
        ),
        // The default policy leaves the decision to RAM.
        (
            &none,
            Some(of("Allow", "acs:ram::1000000000000000:*")),
            false,
        ),
        (
            &none,
            Some(of("Allow", "acs:ram::1000000000000000:root")),
            false,
        ),
        (&none, None, false),
    ] {
        let decision = decide_on(&[identity], None, resource.as_ref(), &asked);
        assert_eq!(
            decision.allowed, is_allowed,
            "{resource:?}: {}",
            decision.explanation
        );
    }
}

#[test]
fn a_policy_applies_to_its_callers_on_its_cloud() {
    let policies = Policies::default();
    let allow = || {
        let document = ram(&json!([{"Effect": "Allow", "Action": "*", "Resource": "*"}]));
        parse(&document).unwrap()
    };
    assert!(policies.are_off());
    let role = "acs:ram::1000000000000000:role/reader";
    for target in [
        Target::AccessKey("key".to_owned()),
        Target::Role(role.to_owned()),
        Target::Account("2000000000000000".to_owned()),
    ] {
        policies.attach(None, vec![target], allow(), Value::Null);
    }
    assert!(!policies.are_off());
    let session = Principal {
        arn: "acs:ram::1000000000000000:assumed-role/reader/s".to_owned(),
        id: "1:s".to_owned(),
        role: role.to_owned(),
        requester: "1000000000000000".to_owned(),
    };
    let ids = |cloud, account, key, session| {
        let caller = Caller::new(cloud, account, key, session);
        let of_caller = policies.of(cloud, &caller);
        of_caller.iter().map(|policy| policy.id).collect::<Vec<_>>()
    };
    let alibaba = Cloud::Alibaba;
    assert_eq!(ids(alibaba, ACCOUNT, Some("key"), None), [1]);
    assert_eq!(ids(alibaba, ACCOUNT, Some("STS.x"), Some(&session)), [2]);
    assert_eq!(ids(alibaba, "2000000000000000", None, None), [3]);
    assert_eq!(ids(alibaba, "2000000000000000", Some("key"), None), [1, 3]);
    assert_eq!(ids(alibaba, ACCOUNT, None, None), [0; 0]);
    assert_eq!(ids(Cloud::Tencent, ACCOUNT, Some("key"), None), [0; 0]);

    policies.remove_account(ACCOUNT, |id| id == "key");
    let left: Vec<_> = policies.all().iter().map(|policy| policy.id).collect();
    assert_eq!(left, [3]);
    policies.remove(|_| true);
    assert!(policies.are_off());
}

#[test]
fn principals_of_statements_select_callers() {
    let of = |principal: Value| {
        cam(&json!([{"effect": "allow", "action": "*", "resource": "*", "principal": principal}]))
    };
    let asked = ask("ssm:ListSecrets", "*");
    for (principal, is_allowed) in [
        (
            json!({"qcs": ["qcs::cam::uin/1000000000000000:uin/test"]}),
            true,
        ),
        (json!({"qcs": "qcs::cam::uin/1000000000000000:uin/*"}), true),
        (json!({"qcs": ["qcs::cam::anyone:anyone"]}), true),
        (json!("*"), true),
        (
            json!({"qcs": ["qcs::cam::uin/1000000000000000:uin/1000000000000000"]}),
            false,
        ),
        (json!({"service": ["cvm.qcloud.com"]}), false),
    ] {
        check(
            "Element Reference Overview",
            &of(principal),
            &[(ask(asked.action, "*"), is_allowed)],
        );
    }
    let common = json!({
        "version": "2.0",
        "principal": {"qcs": ["qcs::cam::uin/1000000000000000:uin/other"]},
        "statement": [{"effect": "allow", "action": "*", "resource": "*"}],
    });
    check("Syntax Structure", &common, &[(asked, false)]);
}

#[test]
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn mistakes_in_policies_are_located() {
    let statement = |members: Value| {
        let mut statement = json!({"Effect": "Allow", "Action": "kms:*", "Resource": "*"});
        for (name, value) in members.as_object().unwrap() {
            statement[name] = value.clone();
        }
        ram(&json!([{"Effect": "Allow", "Action": "*", "Resource": "*"}, statement]))
    };
    for (document, place) in [
        (json!([]), ""),
        (json!({}), ""),
        (json!({"Version": "1", "version": "2.0"}), ""),
        (json!({"Version": "1"}), ""),
        (json!({"Statement": []}), ""),
        (json!({"Version": 1, "Statement": []}), "Version"),
        (json!({"Version": "2.0", "Statement": []}), "Version"),
        (json!({"version": "1", "statement": []}), "version"),
        (json!({"Version": "1", "Statement": {}}), "Statement"),
        (json!({"Version": "1", "Statement": [1]}), "Statement[0]"),
        (json!({"Version": "1", "Statement": [], "Id": "x"}), "Id"),
        (statement(json!({"Effect": "allow"})), "Statement[1].Effect"),
        (statement(json!({"Effect": null})), "Statement[1].Effect"),
        (
            statement(json!({"Action": "GetSecretValue"})),
            "Statement[1].Action",
        ),
        (
            statement(json!({"Action": ["kms:*", 1]})),
            "Statement[1].Action[1]",
        ),
        (
            statement(json!({"NotAction": "kms:*"})),
            "Statement[1].Action",
        ),
        (statement(json!({"Resource": {}})), "Statement[1].Resource"),
        (
            statement(json!({"NotResource": "*"})),
            "Statement[1].NotResource",
        ),
        (
            statement(json!({"Resource": "secret/db"})),
            "Statement[1].Resource",
        ),
        (
            statement(json!({"Resource": ["*", "qcs::ssm:::secret/db"]})),
            "Statement[1].Resource[1]",
        ),
        // An empty list of exceptions would allow everything.
        (statement(json!({"Action": []})), "Statement[1].Action"),
        (
            ram(&json!([{"Effect": "Allow", "NotAction": [], "Resource": "*"}])),
            "Statement[0].NotAction",
        ),
        (statement(json!({"Resource": []})), "Statement[1].Resource"),
        (
            statement(json!({"Principal": {}})),
            "Statement[1].Principal",
        ),
        (
            statement(json!({"Principal": {"RAM": []}})),
            "Statement[1].Principal.RAM",
        ),
        (
            statement(json!({"Principal": {"AWS": "*"}})),
            "Statement[1].Principal.AWS",
        ),
        (statement(json!({"action": "kms:*"})), "Statement[1].action"),
        (statement(json!({"Sid": 1})), "Statement[1].Sid"),
        (
            statement(json!({"Sid": "s".repeat(129)})),
            "Statement[1].Sid",
        ),
        (
            statement(json!({"Principal": ["x"]})),
            "Statement[1].Principal",
        ),
        (
            statement(json!({"Condition": []})),
            "Statement[1].Condition",
        ),
        (
            statement(json!({"Condition": {"StringEqualsIfExists": {}}})),
            "Statement[1].Condition.StringEqualsIfExists",
        ),
        (
            statement(json!({"Condition": {"ForAllValues:StringEquals": {}}})),
            "Statement[1].Condition.ForAllValues:StringEquals",
        ),
        (
            statement(
                json!({"Condition": {"IpAddress": {"acs:SourceIp": ["10.0.0.1", "10.0.0.0/40"]}}}),
            ),
            "Statement[1].Condition.IpAddress.acs:SourceIp[1]",
        ),
        (
            statement(json!({"Condition": {"DateLessThan": {"acs:CurrentTime": "soon"}}})),
            "Statement[1].Condition.DateLessThan.acs:CurrentTime",
        ),
        (
            statement(json!({"Condition": {"Bool": {"acs:SecureTransport": {}}}})),
            "Statement[1].Condition.Bool.acs:SecureTransport",
        ),
        (
            cam(&json!([{"effect": "Allow", "action": "*", "resource": "*"}])),
            "statement[0].effect",
        ),
        (
            cam(&json!([{"effect": "allow", "action": "permid/280649", "resource": "*"}])),
            "statement[0].action",
        ),
        (
            cam(&json!([{"effect": "allow", "not_action": "*", "resource": "*"}])),
            "statement[0].not_action",
        ),
        (
            cam(&json!([{"effect": "allow", "action": "*", "resource": ["acs:kms:*:*:*"]}])),
            "statement[0].resource[0]",
        ),
        (
            cam(
                &json!([{"effect": "allow", "action": "*", "resource": "*", "principal": {"RAM": "*"}}]),
            ),
            "statement[0].principal.RAM",
        ),
        (
            cam(
                &json!([{"effect": "allow", "action": "*", "resource": "*", "condition": {"null_equal_if_exist": {}}}]),
            ),
            "statement[0].condition.null_equal_if_exist",
        ),
    ] {
        let error = parse(&document)
            .map(|_| ())
            .expect_err(&document.to_string());
        assert_eq!(error.place, place, "{document}: {error}");
    }
    let long = statement(json!({"Resource": "r".repeat(6144)}));
    assert!(parse(&long).unwrap_err().reason.contains("6144 characters"));
    let error = parse_text("{\"Version\": \"1\",\n  // a comment\n}").map(|_| ());
    assert!(error.unwrap_err().reason.contains("line 2"));
}
