//! The errors that fault rules inject.

use std::collections::HashSet;

use kms_emulator::clouds::CloudApi;
use kms_emulator::model::Cloud;
use serde_json::{Value, json};

use super::{Controlled, alibaba};
use crate::support::TestRequest;
use crate::tencent;

#[test]
fn an_injected_error_has_the_format_and_language_of_the_request() {
    let server = Controlled::new();
    server.ok("POST", "faults", r#"{"error":"Forbidden.NoPermission"}"#);
    let reply = alibaba("ListSecrets", &[("Format", "XML")]).ask(&server.emulator);
    assert_eq!(reply.status, 403);
    let body = String::from_utf8(reply.body.to_vec()).unwrap();
    assert!(
        body.contains("<KMS><HttpStatus>403</HttpStatus><Code>Forbidden.NoPermission</Code>"),
        "{body}"
    );
    // Only Alibaba Cloud documents the code, so the rule does not apply to Tencent Cloud.
    assert_eq!(
        server.tencent("ListSecrets", &json!({}))["Error"],
        Value::Null
    );

    server.ok("POST", "faults", r#"{"error":"RequestLimitExceeded"}"#);
    let request = tencent::session::request("ListSecrets", &json!({}));
    let error = |request: &TestRequest| {
        let reply = request.ask(&server.emulator);
        assert_eq!(reply.status, 200);
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        body["Response"]["Error"]["Message"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert!(error(&request).starts_with("Your current request times equals to `31` in a second"));
    let chinese = request.header("X-TC-Language", "zh-CN");
    assert!(error(&chinese).starts_with("您当前每秒请求 `31` 次"));
}

#[test]
fn every_documented_error_can_be_injected() {
    let server = Controlled::new();
    let mut codes = vec![
        "Throttling.User",
        "ServiceUnavailableTemporary",
        "InternalFailure",
        "InternalError",
        "LimitExceeded",
    ];
    let all = [
        kms_emulator::clouds::with_default_settings()
            .alibaba
            .operations(),
        kms_emulator::clouds::with_default_settings()
            .tencent
            .operations(),
    ];
    codes.extend(
        all.iter()
            .flatten()
            .flat_map(|operation| &operation.errors)
            .map(|error| error.code),
    );
    // Operations share codes, and the number of rules is limited.
    codes.sort_unstable();
    codes.dedup();
    for code in codes {
        server.ok("POST", "faults", &json!({"error": code}).to_string());
        server.ok("DELETE", "faults", "");
    }
    // The text is that of the operation.
    for (action, message) in [
        ("DescribeSecret", "Resource not found"),
        ("GetSecretValue", "Resource not found."),
    ] {
        let rule = json!({"match": {"action": action}, "error": "Forbidden.ResourceNotFound"});
        server.ok("POST", "faults", &rule.to_string());
        let (status, body) = server.alibaba(action, &[("SecretName", "x")]);
        assert_eq!(
            (status, &body["Message"]),
            (404, &json!(message)),
            "{action}"
        );
    }
}

/// What `action` of Tencent Cloud returns to a caller for whom a rule injects `code`.
fn tencent_error(server: &Controlled, action: &str, code: &str) -> (String, String) {
    server.ok("DELETE", "faults", "");
    let rule = json!({"error": code, "match": {"cloud": "tencent"}});
    server.ok("POST", "faults", &rule.to_string());
    let reply = server.tencent(action, &json!({}));
    assert_eq!(reply["Error"]["Code"], code, "{action}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (text(&reply["Error"]["Message"]), text(&reply["RequestId"]))
}

/// The codes of the vendor's page *Common error codes*. The suite of the Python SDK takes those of the
/// service from the SDK.
const COMMON_CODES_OF_TENCENT: [&str; 37] = [
    "ActionOffline",
    "AuthFailure.InvalidAuthorization",
    "AuthFailure.InvalidSecretId",
    "AuthFailure.MFAFailure",
    "AuthFailure.SecretIdNotFound",
    "AuthFailure.SignatureExpire",
    "AuthFailure.SignatureFailure",
    "AuthFailure.TokenFailure",
    "AuthFailure.UnauthorizedOperation",
    "DryRunOperation",
    "FailedOperation",
    "InternalError",
    "InvalidAction",
    "InvalidParameter",
    "InvalidParameterValue",
    "InvalidRequest",
    "IpInBlacklist",
    "IpNotInWhitelist",
    "LimitExceeded",
    "MissingParameter",
    "NoSuchProduct",
    "NoSuchVersion",
    "RequestLimitExceeded",
    "RequestLimitExceeded.GlobalRegionUinLimitExceeded",
    "RequestLimitExceeded.IPLimitExceeded",
    "RequestLimitExceeded.UinLimitExceeded",
    "RequestSizeLimitExceeded",
    "ResourceInUse",
    "ResourceInsufficient",
    "ResourceNotFound",
    "ResourceUnavailable",
    "ResponseSizeLimitExceeded",
    "ServiceUnavailable",
    "UnauthorizedOperation",
    "UnknownParameter",
    "UnsupportedOperation",
    "UnsupportedProtocol",
];

#[test]
fn every_common_code_of_tencent_cloud_can_be_injected() {
    let server = Controlled::new();
    for code in COMMON_CODES_OF_TENCENT {
        tencent_error(&server, "ListSecrets", code);
    }
    tencent_error(&server, "ListSecrets", "UnsupportedRegion");
}

#[test]
fn the_text_of_an_injected_error_is_that_of_the_operation() {
    let server = Controlled::new();
    for (action, code, expected) in [
        (
            "ListSecrets",
            "InvalidParameterValue",
            "The value specified in the parameter `Offset` is not valid.",
        ),
        (
            "GetSecretValue",
            "InvalidParameterValue",
            "The value specified in the parameter `SecretName` is not valid.",
        ),
        // GetRegions does not have parameters.
        (
            "GetRegions",
            "InvalidParameterValue",
            "A value specified in `Region` is not valid, is unsupported, or cannot be used.",
        ),
        (
            "ListSecrets",
            "MissingParameter",
            "The request is missing a required parameter `Timestamp`.",
        ),
        (
            "UpdateSecret",
            "MissingParameter",
            "The request is missing a required parameter `SecretName`.",
        ),
        ("ListSecrets", "FailedOperation", "The operation failed."),
        (
            "EnableSecret",
            "FailedOperation",
            "The operation is not possible in the state PendingDelete.",
        ),
        (
            "GetSecretValue",
            "RequestLimitExceeded",
            "Your current request times equals to `301` in a second, which exceeds the frequency limit `300` for a second. Please reduce the frequency of calls.",
        ),
        (
            "DescribeSecret",
            "InvalidAction",
            "The request action=`DescribeSecret` is invalid or not found in service=`ssm` and version=`2019-09-23`.",
        ),
    ] {
        let (message, _) = tencent_error(&server, action, code);
        assert_eq!(message, expected, "{action} {code}");
    }
}

#[test]
fn an_injected_error_names_no_parameter_of_another_operation() {
    let server = Controlled::new();
    let operations = kms_emulator::clouds::with_default_settings()
        .tencent
        .operations();
    let parameters = |action: &str| -> Vec<&str> {
        let operation = operations
            .iter()
            .find(|operation| operation.action == action);
        let parameters = operation.unwrap().parameters.iter();
        parameters.map(|parameter| parameter.name).collect()
    };
    let all: Vec<_> = operations
        .iter()
        .flat_map(|operation| parameters(operation.action))
        .collect();
    for operation in &operations {
        let own = parameters(operation.action);
        for code in COMMON_CODES_OF_TENCENT {
            let (message, _) = tencent_error(&server, operation.action, code);
            for foreign in all.iter().filter(|name| !own.contains(name)) {
                assert!(
                    !message.contains(&format!("`{foreign}`")),
                    "{} {code}: {message}",
                    operation.action
                );
            }
        }
    }
}

/// Recorded for `sms:SendSms` (2020), `cvm:StopInstances` and `cvm:AllocateAddresses`.
#[test]
fn an_unauthorized_operation_is_named_with_the_id_of_the_request() {
    let server = Controlled::new();
    let (message, id) = tencent_error(&server, "ListSecrets", "UnauthorizedOperation");
    let reason = format!(
        "[request id:{id}]you are not authorized to perform operation (ssm:ListSecrets)\nresource (*) has no permission\n"
    );
    assert_eq!(message, reason);
    let code = "AuthFailure.UnauthorizedOperation";
    let (message, id) = tencent_error(&server, "GetSecretValue", code);
    assert_eq!(
        message,
        format!(
            "You are not authorized to perform this operation. Check your CAM policies, and ensure that you are using the correct access keys. [[request id:{id}]you are not authorized to perform operation (ssm:GetSecretValue)\nresource (*) has no permission\n]"
        )
    );
}

/// A request of Alibaba Cloud from account 2000000000000000 in cn-beijing.
pub(super) fn alibaba_elsewhere(action: &str, parameters: &[(&str, &str)]) -> TestRequest {
    let mut request = alibaba(action, parameters).header("Host", "kms.cn-beijing.aliyuncs.com");
    request.add_to_query("AccessKeyId", "2000000000000000");
    request.add_to_query("Signature", "x");
    request
}

/// A request of Tencent Cloud from account 2000000000000000 in ap-beijing.
pub(super) fn tencent_elsewhere(action: &str, parameters: &Value) -> TestRequest {
    let credential = "2000000000000000/2026-01-02/ssm/tc3_request";
    tencent::session::request(action, parameters)
        .header("X-TC-Region", "ap-beijing")
        .header("X-TC-Timestamp", "1767323045")
        .header(
            "Authorization",
            &format!("TC3-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=x"),
        )
}

/// The message of the error in the reply to a request.
fn message_of(request: &TestRequest, server: &Controlled) -> String {
    let reply = request.ask(&server.emulator);
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    let message = match &body["Response"] {
        Value::Null => &body["Message"],
        response => &response["Error"]["Message"],
    };
    message
        .as_str()
        .unwrap_or_else(|| panic!("{body}"))
        .to_owned()
}

#[test]
fn no_injected_error_has_a_fact_of_another_request() {
    let server = Controlled::new();
    let clouds = kms_emulator::clouds::with_default_settings();
    for cloud in [&clouds.alibaba as &dyn CloudApi, &clouds.tencent] {
        let is_alibaba = cloud.cloud() == Cloud::Alibaba;
        let actions: Vec<_> = cloud
            .operations()
            .iter()
            .map(|known| known.action)
            .collect();
        let codes: HashSet<_> = cloud.documented_codes().into_iter().collect();
        for code in codes {
            server.ok("DELETE", "faults", "");
            server.ok("POST", "faults", &json!({"error": code}).to_string());
            for action in &actions {
                let request = if is_alibaba {
                    alibaba_elsewhere(action, &[("SecretName", "a/b")])
                } else {
                    tencent_elsewhere(action, &json!({"SecretName": "a-b"}))
                };
                let message = message_of(&request, &server);
                for foreign in [
                    "{",
                    "1000000000000000",
                    "cn-hangzhou",
                    "ap-guangzhou",
                    "server time 0",
                ] {
                    assert!(!message.contains(foreign), "{action}, {code}: {message}");
                }
                let mut words = message.split(|character: char| !character.is_ascii_alphanumeric());
                let other = words.find(|word| word != action && actions.contains(word));
                assert_eq!(other, None, "{action}, {code}: {message}");
            }
        }
    }
}

/// Recorded with the ARN of a key.
#[test]
fn forbidden_operation_of_alibaba_cloud_names_the_resource_of_the_request() {
    let server = Controlled::new();
    server.ok("POST", "faults", r#"{"error":"Forbidden.NoPermission"}"#);
    let own = "acs:kms:cn-beijing:2000000000000000";
    let arn = "acs:kms:cn-shanghai:3000000000000000:secret/c";
    let clouds = kms_emulator::clouds::with_default_settings();
    let operations = clouds.alibaba.operations();
    for operation in operations.iter().filter(|known| known.product == "Kms") {
        let has = |name: &str| {
            let mut parameters = operation.parameters.iter();
            parameters.any(|parameter| parameter.name == name)
        };
        let cases: Vec<(&str, &str, String)> = if has("SecretName") {
            vec![
                ("SecretName", "a/b", format!("{own}:secret/a/b")),
                ("SecretName", arn, arn.to_owned()),
                ("SecretName", "", format!("{own}:secret/*")),
            ]
        } else if has("ResourceId") {
            vec![
                ("ResourceId.1", "a/b", format!("{own}:secret/a/b")),
                ("ResourceId", r#"["a/b","c"]"#, format!("{own}:secret/a/b")),
                ("ResourceId", "[1]", format!("{own}:secret/*")),
            ]
        } else if has("SecretsList") {
            vec![
                (
                    "SecretsList",
                    r#"[{"SecretName":"a/b"},{"SecretName":"c"}]"#,
                    format!("{own}:secret/a/b"),
                ),
                ("SecretsList", "[]", format!("{own}:secret/*")),
            ]
        } else if has("KeyId") {
            let key = "acs:kms:cn-shanghai:3000000000000000:key/k";
            vec![
                ("KeyId", "k", format!("{own}:key/k")),
                ("KeyId", key, key.to_owned()),
            ]
        } else {
            vec![("Format", "JSON", format!("{own}:secret/*"))]
        };
        for (name, value, resource) in cases {
            let request = alibaba_elsewhere(operation.action, &[(name, value)]);
            assert_eq!(
                message_of(&request, &server),
                format!("This operation for {resource} is forbidden by permission system."),
                "{}, {name}={value}",
                operation.action
            );
        }
    }
}

#[test]
fn unauthorized_operation_of_tencent_cloud_names_the_resource_of_the_request() {
    let server = Controlled::new();
    server.ok("POST", "faults", r#"{"error":"UnauthorizedOperation"}"#);
    let clouds = kms_emulator::clouds::with_default_settings();
    let named = "qcs::ssm:ap-beijing:uin/2000000000000000:secret/creatorUin/2000000000000000/a-b";
    let operations = clouds.tencent.operations().into_iter();
    for operation in operations.filter(|operation| operation.product == "ssm") {
        let action = operation.action;
        for (parameters, resource) in [(json!({"SecretName": "a-b"}), named), (json!({}), "*")] {
            let message = message_of(&tencent_elsewhere(action, &parameters), &server);
            let expected = format!(
                "]you are not authorized to perform operation (ssm:{action})\nresource ({resource}) has no permission\n"
            );
            assert!(message.ends_with(&expected), "{message}");
        }
    }
}

#[test]
fn facts_of_the_request_are_filled_into_the_text_of_a_rule() {
    let server = Controlled::new();
    let text = "{Action} {Version} {Region} {Account} {Resource} {Time} {Other}";
    let rule = json!({"error": "Any.Code", "message": text});
    server.ok("POST", "faults", &rule.to_string());
    let request = alibaba_elsewhere("GetSecretValue", &[("SecretName", "{Account}")]);
    assert_eq!(
        message_of(&request, &server),
        "GetSecretValue 2016-01-20 cn-beijing 2000000000000000 acs:kms:cn-beijing:2000000000000000:secret/{Account} 1767323045 {Other}"
    );
    let request = tencent_elsewhere("ListSecrets", &json!({}));
    assert_eq!(
        message_of(&request, &server),
        "ListSecrets 2019-09-23 ap-beijing 2000000000000000 * 1767323045 {Other}"
    );
}

#[test]
fn a_code_that_no_cloud_documents_is_injected_with_its_status_and_text() {
    let server = Controlled::new();
    let rule = json!({"match": {}, "error": "Any.Code", "status": 503, "message": "no & yes, {RequestId}", "when": "before"});
    let added = server.ok("POST", "faults", &rule.to_string());
    assert_eq!(added["rule"], rule);
    let reply = alibaba("ListSecrets", &[("Format", "XML")]).ask(&server.emulator);
    let body = String::from_utf8(reply.body.to_vec()).unwrap();
    assert_eq!(reply.status, 503);
    assert!(
        body.contains("<HttpStatus>503</HttpStatus><Code>Any.Code</Code><Message>no &amp; yes, "),
        "{body}"
    );
    let (status, body) = server.alibaba("ListSecrets", &[]);
    assert_eq!((status, &body["Code"]), (503, &json!("Any.Code")));
    let id = body["RequestId"].as_str().unwrap();
    assert_eq!(body["Message"], format!("no & yes, {id}"));
    let request = tencent::session::request("ListSecrets", &json!({}));
    let reply = request.ask(&server.emulator);
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(reply.status, 503);
    let response = &body["Response"];
    assert_eq!(response["Error"]["Code"], "Any.Code");
    let id = response["RequestId"].as_str().unwrap();
    assert_eq!(response["Error"]["Message"], format!("no & yes, {id}"));
    let listed = server.ok("GET", "journal?code=Any.Code&limit=0", "");
    assert_eq!(listed["count"], 3);
}

#[test]
fn a_status_or_a_text_alone_is_enough_for_any_code() {
    for (rule, alibaba_status, tencent_status, message) in [
        (
            json!({"error": "Any.Code", "message": "m"}),
            400,
            200,
            Some("m"),
        ),
        (json!({"error": "Any.Code", "status": 418}), 418, 418, None),
    ] {
        let server = Controlled::new();
        server.ok("POST", "faults", &rule.to_string());
        let (status, body) = server.alibaba("ListSecrets", &[]);
        assert_eq!(status, alibaba_status, "{rule}");
        let text = body["Message"].as_str().unwrap();
        assert!(message.is_none_or(|message| text == message) && !text.is_empty());
        let request = tencent::session::request("ListSecrets", &json!({}));
        assert_eq!(
            request.ask(&server.emulator).status,
            tencent_status,
            "{rule}"
        );
    }
}

#[test]
fn a_documented_code_may_have_another_status_and_text() {
    let server = Controlled::new();
    let rule = json!({"error": "Rejected.Throttling", "status": 503});
    server.ok("POST", "faults", &rule.to_string());
    let (status, body) = server.alibaba("ListSecrets", &[]);
    assert_eq!(
        (status, &body["Message"]),
        (503, &json!("QPS Limit Exceeded"))
    );
    // The rule still applies only to the cloud that documents the code.
    assert_eq!(
        server.tencent("ListSecrets", &json!({}))["Error"],
        Value::Null
    );
    let rule = json!({"error": "RequestLimitExceeded", "message": "slow down"});
    server.ok("POST", "faults", &rule.to_string());
    let request = tencent::session::request("ListSecrets", &json!({}));
    let chinese = request.header("X-TC-Language", "zh-CN");
    let reply = chinese.ask(&server.emulator);
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(body["Response"]["Error"]["Message"], "slow down");
}

#[test]
fn metrics_escape_the_code_of_an_injected_error() {
    let server = Controlled::new();
    let rule = json!({"error": r#"a"b\c"#, "message": "m"});
    server.ok("POST", "faults", &rule.to_string());
    server.alibaba("ListSecrets", &[]);
    let reply = server.raw("GET", "metrics", "");
    let metrics = String::from_utf8(reply.body.to_vec()).unwrap();
    assert!(metrics.contains(r#"code="a\"b\\c""#), "{metrics}");
}
