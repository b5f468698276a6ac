//! Examples of the documents of Alibaba Cloud.

use super::*;

#[test]
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn examples_of_kms() {
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
fn examples_of_ram() {
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
fn every_operator_compares_its_type() {
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
        (
            json!({"StringEquals": {"acs:PrincipalARN": "acs:ram::1000000000000000:user/test"}}),
            true,
        ),
        (
            json!({"StringLike": {"acs:PrincipalARN": "acs:ram::*:role/*"}}),
            false,
        ),
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
