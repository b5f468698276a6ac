//! Examples of the documents of Tencent Cloud.

use super::*;

#[test]
fn examples_of_ssm() {
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
fn examples_of_cam() {
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
fn every_operator_compares_its_type() {
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
