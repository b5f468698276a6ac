//! Decisions on the examples of the vendors' documents. Each row names the page that its policy is from.

use std::net::IpAddr;
use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::clouds::auth::issued::Principal;
use crate::http::wire::Client;
use crate::model::{Cloud, Tag};

const ACCOUNT: &str = "1000000000000000";

/// A request, with what conditions compare.
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
    let facts = Facts {
        caller: &caller,
        permission: &permission,
        now: asked.now.parse().unwrap(),
        client: Client {
            ip: asked.ip.parse::<IpAddr>().ok(),
            is_encrypted: asked.is_encrypted,
        },
    };
    decide(&policies, &facts)
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

#[test]
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn examples_of_alibaba_cloud_kms() {
    let page = "Use RAM to control access to KMS resources";
    let all = ram(&json!([{"Effect": "Allow", "Action": ["kms:*"], "Resource": ["*"]}]));
    check(
        page,
        &all,
        &[
            (ask("kms:GetSecretValue", SECRET), true),
            (ask("kms:Encrypt", KEY), true),
            (
                ask("sts:AssumeRole", "acs:ram::1000000000000000:role/r"),
                false,
            ),
        ],
    );
    let query = ram(&json!([{
        "Effect": "Allow",
        "Action": ["kms:List*", "kms:Describe*", "kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": ["*"],
    }]));
    check(
        page,
        &query,
        &[
            (
                ask("kms:ListKeys", "acs:kms:cn-hangzhou:1000000000000000:key"),
                true,
            ),
            (ask("kms:DescribeKey", KEY), true),
            (ask("kms:Decrypt", KEY), true),
            (
                ask("kms:CreateKey", "acs:kms:cn-hangzhou:1000000000000000:key"),
                false,
            ),
            (ask("kms:GenerateDataKeyWithoutPlaintext", KEY), false),
        ],
    );
    let tagged = ram(&json!([{
        "Effect": "Allow",
        "Action": ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": ["*"],
        "Condition": {"StringEqualsIgnoreCase": {"kms:tag/Project": ["Apollo"]}},
    }]));
    let with_tag = |tags| Asked {
        tags,
        ..ask("kms:Encrypt", KEY)
    };
    check(
        page,
        &tagged,
        &[
            (with_tag(&[("Project", "Apollo")]), true),
            (with_tag(&[("Project", "apollo")]), true),
            (with_tag(&[("Project", "Gemini")]), false),
            (with_tag(&[("project", "Apollo")]), false),
            (with_tag(&[]), false),
        ],
    );
    let secrets = ram(&json!([{
        "Effect": "Allow",
        "Action": ["kms:List*", "kms:Describe*", "kms:GetSecretValue", "kms:Decrypt", "kms:GetRandomPassword"],
        "Resource": ["*"],
    }]));
    check(
        page,
        &secrets,
        &[
            (ask("kms:GetSecretValue", SECRET), true),
            (ask("kms:GetRandomPassword", "*"), true),
            (ask("kms:PutSecretValue", SECRET), false),
        ],
    );
    let user = json!({"Statement": [
        {"Effect": "Allow", "Action": ["kms:GetSecretValue"], "Resource": "*"},
        {"Effect": "Allow", "Action": ["kms:DescribeSecret", "kms:ListSecretVersionIds"], "Resource": "*"},
    ], "Version": "1"});
    check(
        "AliyunKMSSecretUserAccess",
        &user,
        &[
            (ask("kms:GetSecretValue", SECRET), true),
            (ask("kms:ListSecretVersionIds", SECRET), true),
            (
                ask(
                    "kms:ListSecrets",
                    "acs:kms:cn-hangzhou:1000000000000000:secret",
                ),
                false,
            ),
        ],
    );
    let one_key = ram(&json!([{
        "Effect": "Allow",
        "Action": ["kms:Encrypt", "kms:Decrypt"],
        "Resource": ["acs:kms:cn-hangzhou:1000000000000000:key/key-1"],
    }]));
    check(
        "Authorization information",
        &one_key,
        &[
            (ask("kms:Encrypt", KEY), true),
            (ask("kms:DisableKey", KEY), false),
            (
                ask(
                    "kms:Encrypt",
                    "acs:kms:cn-hangzhou:1000000000000000:key/key-2",
                ),
                false,
            ),
            (
                ask(
                    "kms:Encrypt",
                    "acs:kms:cn-beijing:1000000000000000:key/key-1",
                ),
                false,
            ),
        ],
    );
    let from = json!({"Statement": [{
        "Action": "kms:GenerateDataKey",
        "Effect": "Allow",
        "Resource": "*",
        "Condition": {"IpAddress": {"acs:SourceIp": "116.62.0.0/24"}},
    }], "Version": "1"});
    let at = |ip| Asked {
        ip,
        ..ask("kms:GenerateDataKey", KEY)
    };
    check(
        "Policy condition keys",
        &from,
        &[
            (at("116.62.0.7"), true),
            (at("::ffff:116.62.0.7"), true),
            (at("116.62.1.7"), false),
            (at("unknown"), false),
        ],
    );
}

#[test]
fn examples_of_alibaba_cloud_ram() {
    let ip = json!({"Statement": [{
        "Action": "ecs:*",
        "Effect": "Allow",
        "Resource": "*",
        "Condition": {"IpAddress": {"acs:SourceIp": ["192.168.0.0/16", "172.16.215.218"]}},
    }], "Version": "1"});
    let at = |ip| Asked {
        ip,
        ..ask("ecs:DescribeInstances", "*")
    };
    check(
        "Access Alibaba Cloud resources by using a specific IP address or CIDR block",
        &ip,
        &[
            (at("192.168.7.8"), true),
            (at("172.16.215.218"), true),
            (at("172.16.215.219"), false),
        ],
    );
    let page = "Policy elements";
    let listed = ram(&json!([{
        "Effect": "Allow",
        "Action": ["oss:ListBuckets", "ecs:Describe*", "rds:Describe*"],
        "Resource": ["acs:ecs:*:*:instance/inst-001", "acs:ecs:*:*:instance/inst-002", "acs:oss:*:*:mybucket", "acs:oss:*:*:mybucket/*"],
    }]));
    check(
        page,
        &listed,
        &[
            (
                ask(
                    "ecs:DescribeInstances",
                    "acs:ecs:cn-hangzhou:1:instance/inst-001",
                ),
                true,
            ),
            (
                ask(
                    "ecs:DescribeInstances",
                    "acs:ecs:cn-hangzhou:1:instance/inst-003",
                ),
                false,
            ),
            (
                ask(
                    "oss:ListBuckets",
                    "acs:oss:cn-hangzhou:1:mybucket/dir1/object1.jpg",
                ),
                true,
            ),
            (
                ask(
                    "ecs:StopInstance",
                    "acs:ecs:cn-hangzhou:1:instance/inst-001",
                ),
                false,
            ),
            // "In most cases not case-sensitive."
            (
                ask(
                    "ecs:describeinstances",
                    "acs:ecs:cn-hangzhou:1:instance/inst-001",
                ),
                true,
            ),
        ],
    );
    let not_ram = ram(&json!([{"Effect": "Allow", "NotAction": "ram:*", "Resource": "*"}]));
    check(
        page,
        &not_ram,
        &[
            (ask("kms:GetSecretValue", SECRET), true),
            (ask("ram:CreateUser", "*"), false),
        ],
    );
    let page = "Conditional operators";
    let team = ram(&json!([{
        "Effect": "Allow",
        "Action": "ecs:*",
        "Resource": "*",
        "Condition": {"StringEquals": {"acs:ResourceTag/team": ["dev"]}},
    }]));
    let of_team = |tags| Asked {
        tags,
        ..ask("ecs:StopInstance", "*")
    };
    check(
        page,
        &team,
        &[
            (of_team(&[("team", "dev"), ("other", "x")]), true),
            (of_team(&[("team", "Dev")]), false),
            (of_team(&[("other", "dev")]), false),
        ],
    );
    // No request has `oss:Prefix` here, so its condition is not met.
    let folder = ram(&json!([
        {"Effect": "Allow", "Action": ["oss:GetObject"], "Resource": ["acs:oss:*:*:myphotos/hangzhou/2015/*"]},
        {
            "Effect": "Allow",
            "Action": ["oss:ListObjects"],
            "Resource": ["acs:oss:*:*:myphotos"],
            "Condition": {"StringLike": {"oss:Prefix": "hangzhou/2015/*"}},
        },
    ]));
    assert_eq!(parse(&folder).unwrap().unknown_keys, ["oss:Prefix"]);
    check(
        page,
        &folder,
        &[
            (
                ask("oss:GetObject", "acs:oss:cn:1:myphotos/hangzhou/2015/a.jpg"),
                true,
            ),
            (
                ask("oss:GetObject", "acs:oss:cn:1:myphotos/hangzhou/2016/a.jpg"),
                false,
            ),
            (ask("oss:ListObjects", "acs:oss:cn:1:myphotos"), false),
        ],
    );
    let assume = json!({"Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Resource": "*"}], "Version": "1"});
    check(
        "AliyunSTSAssumeRoleAccess",
        &assume,
        &[
            (
                ask("sts:AssumeRole", "acs:ram::1000000000000000:role/reader"),
                true,
            ),
            (ask("kms:GetSecretValue", SECRET), false),
        ],
    );
}

#[test]
fn every_operator_of_alibaba_cloud_compares_its_type() {
    let of = |condition: Value| {
        ram(&json!([{"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition}]))
    };
    let page = "Conditional operators";
    let asked = || Asked {
        tags: &[("env", "Prod"), ("size", "10")],
        request_tags: &[("owner", "me")],
        ..ask("kms:Encrypt", KEY)
    };
    for (condition, is_met) in [
        (json!({"StringEquals": {"kms:tag/env": "Prod"}}), true),
        (
            json!({"StringEquals": {"kms:tag/env": ["Dev", "Prod"]}}),
            true,
        ),
        (json!({"StringNotEquals": {"kms:tag/env": "Dev"}}), true),
        (
            json!({"StringNotEquals": {"kms:tag/env": ["Dev", "Prod"]}}),
            false,
        ),
        (json!({"StringNotEquals": {"kms:tag/absent": "Dev"}}), true),
        (
            json!({"StringEqualsIgnoreCase": {"kms:tag/env": "PROD"}}),
            true,
        ),
        (
            json!({"StringNotEqualsIgnoreCase": {"kms:tag/env": "PROD"}}),
            false,
        ),
        (json!({"StringLike": {"kms:tag/env": "P?o*"}}), true),
        (json!({"StringNotLike": {"kms:tag/env": "P*"}}), false),
        (json!({"NumericEquals": {"kms:tag/size": 10}}), true),
        (json!({"NumericNotEquals": {"kms:tag/size": "10"}}), false),
        (json!({"NumericLessThan": {"kms:tag/size": "10"}}), false),
        (
            json!({"NumericLessThanEquals": {"kms:tag/size": "10"}}),
            true,
        ),
        (json!({"NumericGreaterThan": {"kms:tag/size": "9.5"}}), true),
        (
            json!({"NumericGreaterThanEquals": {"kms:tag/size": "11"}}),
            false,
        ),
        (json!({"NumericEquals": {"kms:tag/env": "10"}}), false),
        (
            json!({"DateEquals": {"acs:CurrentTime": "2026-01-02T11:04:05+08:00"}}),
            true,
        ),
        (
            json!({"DateNotEquals": {"acs:CurrentTime": "2026-01-02T03:04:05Z"}}),
            false,
        ),
        (
            json!({"DateLessThan": {"acs:CurrentTime": "2026-01-02T03:04:05Z"}}),
            false,
        ),
        (
            json!({"DateLessThanEquals": {"acs:CurrentTime": "2026-01-02T03:04:05Z"}}),
            true,
        ),
        (
            json!({"DateGreaterThan": {"acs:CurrentTime": "2012-11-11T23:59:59Z"}}),
            true,
        ),
        (
            json!({"DateGreaterThanEquals": {"acs:CurrentTime": "2027-01-01T00:00:00Z"}}),
            false,
        ),
        (json!({"Bool": {"acs:SecureTransport": "false"}}), true),
        (json!({"Bool": {"acs:SecureTransport": true}}), false),
        (json!({"Bool": {"acs:MFAPresent": "true"}}), false),
        (json!({"IpAddress": {"acs:SourceIp": "127.0.0.0/8"}}), true),
        (
            json!({"NotIpAddress": {"acs:SourceIp": ["10.0.0.0/8", "127.0.0.1"]}}),
            false,
        ),
        (
            json!({"StringEquals": {"acs:RequestTag/owner": "me"}}),
            true,
        ),
        // All keys of an operator and all operators must be met.
        (
            json!({"StringEquals": {"kms:tag/env": "Prod", "kms:tag/size": "11"}}),
            false,
        ),
        (
            json!({"StringEquals": {"kms:tag/env": "Prod"}, "Bool": {"acs:SecureTransport": "true"}}),
            false,
        ),
        (json!({}), true),
        (json!({"StringEquals": {"kms:tag/env": []}}), false),
    ] {
        check(page, &of(condition), &[(asked(), is_met)]);
    }
}

const TENCENT_SECRET: &str =
    "qcs::ssm:ap-guangzhou:uin/1000000000000000:secret/creatorUin/1000000000000000/db";

#[test]
fn examples_of_tencent_cloud_ssm() {
    let page = "Creating an Access Control Policy";
    let on = |resource: &str| {
        cam(&json!([{"effect": "allow", "action": ["ssm:*"], "resource": [resource]}]))
    };
    let elsewhere =
        "qcs::ssm:ap-shanghai:uin/1000000000000000:secret/creatorUin/1000000000000000/db";
    for resource in [
        "qcs::ssm:ap-guangzhou:uin/1000000000000000:*",
        "qcs::ssm:ap-guangzhou::*",
        "qcs::ssm:ap-guangzhou:uin/1000000000000000:secret/*",
        "qcs::ssm:ap-guangzhou:uin/1000000000000000:secret/creatorUin/*",
        TENCENT_SECRET,
    ] {
        check(
            page,
            &on(resource),
            &[
                (ask("ssm:GetSecretValue", TENCENT_SECRET), true),
                (ask("ssm:GetSecretValue", elsewhere), false),
                // An operation without a resource is denied if the policy restricts it to one.
                (ask("ssm:ListSecrets", "*"), false),
            ],
        );
    }
    check(
        page,
        &on("*"),
        &[
            (ask("ssm:ListSecrets", "*"), true),
            (ask("ssm:GetSecretValue", elsewhere), true),
            (ask("tag:ModifyResourceTags", "*"), false),
        ],
    );
    check(
        "Secrets Manager (CAM-Enabled API)",
        &on("qcs::ssm::uin/1000000000000000:secret/*"),
        &[
            (
                ask(
                    "ssm:CreateSecret",
                    "qcs::ssm:ap-guangzhou:uin/1000000000000000:secret/*",
                ),
                true,
            ),
            (ask("ssm:GetSecretValue", elsewhere), true),
            (
                ask(
                    "ssm:CreateSecret",
                    "qcs::ssm:ap-guangzhou:uin/2000000000000000:secret/*",
                ),
                false,
            ),
        ],
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn examples_of_tencent_cloud_cam() {
    let page = "Overview of Effective Conditions";
    let upload = cam(&json!([{
        "effect": "allow",
        "action": "cos:PutObject",
        "resource": "*",
        "condition": {"ip_equal": {"qcs:ip": ["10.217.182.3/24", "111.21.33.72/24"]}},
    }]));
    let at = |ip| Asked {
        ip,
        ..ask("cos:PutObject", "*")
    };
    check(
        page,
        &upload,
        &[
            (at("10.217.182.200"), true),
            (at("111.21.33.1"), true),
            (at("10.217.183.1"), false),
        ],
    );
    let until = cam(&json!([{
        "effect": "allow",
        "action": "*",
        "resource": "*",
        "condition": {
            "ip_equal": {"qcs:ip": "192.168.1.1"},
            "date_less_than": {"qcs:current_time": "2022-05-31 00:00:00"},
        },
    }]));
    let when = |ip, now| Asked {
        ip,
        now,
        ..ask("ssm:ListSecrets", "*")
    };
    check(
        page,
        &until,
        &[
            (when("192.168.1.1", "2022-05-30T23:59:59Z"), true),
            (when("192.168.1.1", "2022-05-31T00:00:00Z"), false),
            (when("192.168.1.2", "2022-05-30T23:59:59Z"), false),
        ],
    );
    let page = "Scenarios of effective conditions";
    let peering = cam(&json!([{
        "effect": "allow",
        "action": "name/vpc:AcceptVpcPeeringConnection",
        "resource": "qcs::vpc:sh::pcx/2341",
        "condition": {"string_equal_if_exist": {"vpc:region": "sh"}},
    }]));
    check(
        page,
        &peering,
        &[
            (
                ask(
                    "vpc:AcceptVpcPeeringConnection",
                    "qcs::vpc:sh:uin/1:pcx/2341",
                ),
                true,
            ),
            (
                ask(
                    "vpc:AcceptVpcPeeringConnection",
                    "qcs::vpc:gz:uin/1:pcx/2341",
                ),
                false,
            ),
        ],
    );
    let department = cam(&json!([{
        "effect": "allow",
        "action": ["cvm:RebootInstances"],
        "resource": "*",
        "condition": {"for_any_value:string_equal": {"qcs:resource_tag": ["部门&研发部"]}},
    }]));
    let of = |tags| Asked {
        tags,
        ..ask("cvm:RebootInstances", "*")
    };
    check(
        page,
        &department,
        &[
            (of(&[("env", "prod"), ("部门", "研发部")]), true),
            (of(&[("部门", "财务部")]), false),
            (of(&[]), false),
        ],
    );
    let certificates = json!({
        "version": "2.0",
        "statement": [{"action": "name/ssl:*", "resource": "qcs::ssl:::*", "effect": "allow"}],
    });
    check(
        "CLB Certificate Operation Permissions",
        &certificates,
        &[
            (
                ask("ssl:DescribeCertificates", "qcs::ssl::uin/1:certificate/a"),
                true,
            ),
            (ask("ssl:DescribeCertificates", "*"), false),
            (ask("ssm:ListSecrets", "*"), false),
        ],
    );
}

#[test]
fn every_operator_of_tencent_cloud_compares_its_type() {
    let of = |condition: Value| {
        cam(&json!([{"effect": "allow", "action": "*", "resource": "*", "condition": condition}]))
    };
    let page = "Condition Keys and Condition Operators";
    let asked = || Asked {
        tags: &[("env", "Prod"), ("size", "10")],
        request_tags: &[("owner", "me")],
        ..ask("ssm:GetSecretValue", TENCENT_SECRET)
    };
    for (condition, is_met) in [
        (json!({"string_equal": {"qcs:tag/env": "Prod"}}), true),
        (json!({"binary_equal": {"qcs:tag/env": "prod"}}), false),
        (json!({"string_not_equal": {"qcs:tag/env": "Dev"}}), true),
        // Only the suffix is met by a request without the key.
        (
            json!({"string_not_equal": {"qcs:tag/absent": "Dev"}}),
            false,
        ),
        (
            json!({"string_not_equal_if_exist": {"qcs:tag/absent": "Dev"}}),
            true,
        ),
        (
            json!({"string_equal_ignore_case": {"qcs:tag/env": "PROD"}}),
            true,
        ),
        (
            json!({"string_not_equal_ignore_case": {"qcs:tag/env": "PROD"}}),
            false,
        ),
        (json!({"string_like": {"qcs:tag/env": "P*"}}), true),
        (json!({"string_not_like": {"qcs:tag/env": "P*"}}), false),
        (json!({"numeric_equal": {"qcs:tag/size": 10}}), true),
        (json!({"numeric_not_equal": {"qcs:tag/size": 10}}), false),
        (json!({"numeric_less_than": {"qcs:tag/size": 11}}), true),
        (
            json!({"numeric_less_than_equal": {"qcs:tag/size": 9}}),
            false,
        ),
        (json!({"numeric_greater_than": {"qcs:tag/size": 10}}), false),
        (
            json!({"numeric_greater_than_equal": {"qcs:tag/size": 10}}),
            true,
        ),
        (
            json!({"date_equal": {"qcs:current_time": "2026-01-02T03:04:05Z"}}),
            true,
        ),
        (
            json!({"date_not_equal": {"qcs:current_time": "2026-01-02T03:04:05Z"}}),
            false,
        ),
        (
            json!({"date_less_than_equal": {"qcs:current_time": "2016-06-01T 00:01:00Z"}}),
            false,
        ),
        (
            json!({"date_greater_than": {"qcs:current_time": "2016-06-01T00:01:00Z"}}),
            true,
        ),
        (
            json!({"date_greater_than_equal": {"qcs:current_time": "2027-06-01T00:01:00Z"}}),
            false,
        ),
        (json!({"bool_equal": {"qcs:tag/env": "true"}}), false),
        (
            json!({"ip_not_equal": {"qcs:ip": ["10.121.2.10/24", "10.121.2.20/24"]}}),
            true,
        ),
        (json!({"null_equal": {"qcs:tag/absent": "true"}}), true),
        (json!({"null_equal": {"qcs:tag/env": "true"}}), false),
        (json!({"null_equal": {"qcs:tag/env": "false"}}), true),
        (
            json!({"for_any_value:string_equal": {"qcs:resource_tag": "env&Prod"}}),
            true,
        ),
        (
            json!({"for_all_value:string_equal": {"qcs:resource_tag": ["env&Prod"]}}),
            false,
        ),
        (
            json!({"for_all_value:string_equal": {"qcs:resource_tag": ["env&Prod", "size&10"]}}),
            true,
        ),
        (
            json!({"for_any_value:string_equal": {"qcs:request_tag": "owner&me"}}),
            true,
        ),
        // Condition keys are case-sensitive.
        (json!({"ip_equal": {"qcs:IP": "127.0.0.1"}}), false),
    ] {
        check(page, &of(condition), &[(asked(), is_met)]);
    }
}

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
