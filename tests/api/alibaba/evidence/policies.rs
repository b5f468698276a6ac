//! Evidence about the policies of secrets, and access from other accounts.

use kms_emulator::clouds::context::AuthMode::Off;
use kms_emulator::fixtures;
use serde_json::{Value, json};

use super::{INVALID, S};
use crate::alibaba::session::Session;
use crate::support::{TestRequest, defaults, hint_of};

/// A policy with one statement, some of whose members are replaced.
fn policy(members: &[(&str, Value)]) -> String {
    let mut statement = json!({
        "Sid": "kms default secret policy",
        "Effect": "Allow",
        "Principal": {"RAM": ["acs:ram::1000000000000000:*"]},
        "Action": ["kms:*"],
        "Resource": ["*"],
    });
    for (name, value) in members {
        if value.is_null() {
            statement.as_object_mut().unwrap().remove(*name);
        } else {
            statement[name] = value.clone();
        }
    }
    json!({"Version": "1", "Statement": [statement]}).to_string()
}

/// Asserts that a secret and a key with a policy can be loaded from a fixture, or the place of the error.
#[track_caller]
fn assert_in_fixture(policy: &str, is_valid: bool) {
    let time = "2024-01-01T00:00:00Z";
    let secret = json!({"SecretName": "s", "CreateTime": time, "Policy": policy});
    let key = json!({"KeyId": "key-1", "CreationDate": time, "Policy": policy});
    for (fixture, place) in [
        (
            json!({"SecretList": {"Secret": [secret]}}),
            "SecretList.Secret[0].Policy",
        ),
        (json!({"Keys": {"Key": [key]}}), "Keys.Key[0].Policy"),
    ] {
        let parsed = fixtures::parse(fixture.to_string().as_bytes(), &defaults());
        let found = parsed.map(drop).map_err(|error| error.place);
        let expected = if is_valid {
            Ok(())
        } else {
            Err(place.to_owned())
        };
        assert_eq!(found, expected, "{policy}");
    }
}

#[test]
fn reason_for_an_invalid_policy_in_a_fixture_names_the_element_and_quotes_nothing() {
    let condition = json!({"StringIs": {"hunter2": "hunter2"}});
    for (text, reason) in [
        ("x".repeat(32_769), "more than 32768 bytes"),
        ("hunter2".to_owned(), "not JSON"),
        (policy(&[]) + " hunter2", "not JSON"),
        (
            r#""hunter2""#.to_owned(),
            "`Version` or `Statement` is not valid",
        ),
        (
            r#"{"Version":"1"}"#.to_owned(),
            "`Version` or `Statement` is not valid",
        ),
        (
            r#"{"Version":"hunter2","Statement":[]}"#.to_owned(),
            "`Version` is not valid",
        ),
        (
            r#"{"Version":"1","Statement":[]}"#.to_owned(),
            "`Statement` is not valid",
        ),
        (
            policy(&[("Effect", json!("hunter2"))]),
            "`Statement[0].Effect` is not valid",
        ),
        (
            policy(&[("Action", json!(["hunter2"]))]),
            "`Statement[0]` is not valid",
        ),
        (
            policy(&[("Condition", condition)]),
            "`Statement[0]` is not valid",
        ),
        (
            policy(&[("hunter2", json!("Allow"))]),
            "`Statement[0]` is not valid",
        ),
    ] {
        let secret =
            json!({"SecretName": "s", "CreateTime": "2024-01-01T00:00:00Z", "Policy": text});
        let fixture = json!({"SecretList": {"Secret": [secret]}}).to_string();
        let error = fixtures::parse(fixture.as_bytes(), &defaults()).unwrap_err();
        assert_eq!(error.reason, format!("not a policy: {reason}"), "{text}");
    }
}

/// D: the page of `SetSecretPolicy`, 2024 and 2025, and *Overview of secret policies*.
#[test]
fn a_policy_has_the_documented_elements() {
    let session = Session::new();
    session.create("s");
    let user =
        json!({"RAM": ["acs:ram::2000000000000000:user/u", "acs:ram::2000000000000000:role/r"]});
    let condition = json!({"StringEquals": {"acs:SourceIp": ["10.0.0.0/8"]}});
    for (index, text) in [
        policy(&[]),
        policy(&[("Sid", Value::Null)]),
        policy(&[("Sid", json!("s".repeat(128)))]),
        policy(&[("Effect", json!("Deny"))]),
        policy(&[("Principal", user)]),
        policy(&[("Principal", json!({"RAM": "acs:ram::1000000000000000:*"}))]),
        policy(&[("Action", json!("kms:GetSecretValue"))]),
        policy(&[("Action", json!(["kms:List*", "kms:DescribeSecret"]))]),
        policy(&[("Resource", json!("*"))]),
        policy(&[("Condition", condition)]),
    ]
    .iter()
    .enumerate()
    {
        assert_eq!(
            session.verdict("SetSecretPolicy", &[S, ("Policy", text)]),
            "OK",
            "{text}"
        );
        let read = session.ok("GetSecretPolicy", &[S]);
        assert_eq!(read["Policy"], **text);
        let name = format!("s{index}");
        let create = [
            ("SecretName", &*name),
            ("VersionId", "v1"),
            ("SecretData", "x"),
            ("Policy", text),
        ];
        assert_eq!(session.verdict("CreateSecret", &create), "OK", "{text}");
        assert_in_fixture(text, true);
    }
    for text in [
        json!({"Version": "1", "Statement": []}).to_string(),
        json!({"Version": "1", "Statement": [1]}).to_string(),
        json!({"Version": "1"}).to_string(),
        policy(&[("Sid", json!("s".repeat(129)))]),
        policy(&[("Sid", json!(1))]),
        policy(&[("Effect", json!("allow"))]),
        policy(&[("Effect", Value::Null)]),
        policy(&[("Principal", Value::Null)]),
        policy(&[("Principal", json!({}))]),
        policy(&[("Principal", json!({"RAM": []}))]),
        policy(&[("Principal", json!("*"))]),
        policy(&[("Action", Value::Null)]),
        policy(&[("Action", json!([]))]),
        policy(&[("Action", json!(["*"]))]),
        policy(&[("Action", json!(["kms:*", "ecs:*"]))]),
        policy(&[("Resource", json!(["acs:kms:*:*:*"]))]),
        policy(&[("Resource", json!(["*", "*"]))]),
        policy(&[("Resource", Value::Null)]),
        // Documents with which no request could be checked.
        policy(&[(
            "Condition",
            json!({"StringIs": {"acs:SourceIp": "127.0.0.1"}}),
        )]),
        policy(&[("Condition", json!({"IpAddress": {"acs:SourceIp": "home"}}))]),
        policy(&[(
            "Condition",
            json!({"Bool": {"acs:SecureTransport": "maybe"}}),
        )]),
        policy(&[(
            "Condition",
            json!({"DateLessThan": {"acs:CurrentTime": "soon"}}),
        )]),
        policy(&[("Condition", json!({"StringEquals": "x"}))]),
        policy(&[("Condition", json!([]))]),
        policy(&[("NotAction", json!(["kms:*"]))]),
        policy(&[("Effects", json!("Allow"))]),
    ] {
        assert_in_fixture(&text, false);
        for (action, more) in [
            ("SetSecretPolicy", &[S][..]),
            (
                "CreateSecret",
                &[
                    ("SecretName", "new"),
                    ("VersionId", "v1"),
                    ("SecretData", "x"),
                ],
            ),
        ] {
            let mut parameters = more.to_vec();
            parameters.push(("Policy", &text));
            assert_eq!(
                session.verdict(action, &parameters),
                INVALID,
                "{action} {text}"
            );
        }
    }
}

const OTHER: &str = "2000000000000000";

const SHARED: &str = "acs:kms:cn-hangzhou:1000000000000000:secret/s";

/// A statement of a policy.
fn statement(principal: &str, actions: &[&str], effect: &str) -> Value {
    json!({
        "Effect": effect,
        "Principal": {"RAM": [principal]},
        "Action": actions,
        "Resource": ["*"],
    })
}

/// Requests of account 2000000000000000 for the secret `s` of account 1000000000000000, whose policy has these
/// statements: verdict and hint.
fn ask_other_account(action: &str, arn: &str, statements: &[Value]) -> (String, Option<String>) {
    let mut session = Session::new();
    session.emulator.auth.mode = Off;
    session.create("s");
    if !statements.is_empty() {
        let policy = json!({"Version": "1", "Statement": statements}).to_string();
        session.ok("SetSecretPolicy", &[S, ("Policy", &policy)]);
    }
    let mut request = TestRequest::get(&format!("Action={action}&AccessKeyId={OTHER}"));
    let list = json!([{"SecretName": arn}]).to_string();
    let parameters: &[(&str, &str)] = match action {
        "BatchGetSecretValue" => &[("SecretsList", &list)],
        "PutSecretValue" => &[
            ("SecretName", arn),
            ("VersionId", "v2"),
            ("SecretData", "two"),
        ],
        _ => &[("SecretName", arn)],
    };
    for (name, value) in parameters {
        request.add_to_query(name, value);
    }
    let reply = request.ask(&session.emulator);
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    let error = if body["Errors"][0].is_object() {
        &body["Errors"][0]
    } else {
        &body
    };
    let code = error["Code"].as_str().unwrap_or("OK").to_owned();
    if code == "OK" && action == "PutSecretValue" {
        assert_eq!(session.versions("s").len(), 2, "stored for the owner");
    }
    (code, hint_of(&reply))
}

/// D: the pages of these operations: "when you access a secret in another Alibaba Cloud account, you must specify the
/// ARN"; *Overview of secret policies*, 2024 to 2026: the policy must allow it, and a denial overrides it; *Modify a
/// secret policy*: the actions that a policy can have, without `kms:BatchGetSecretValue`.
#[test]
fn a_secret_of_another_account_is_reached_by_its_arn_if_its_policy_allows_it() {
    const USER: &str = "acs:ram::2000000000000000:user/reader";
    for (operation, action) in [
        ("GetSecretValue", "kms:GetSecretValue"),
        ("BatchGetSecretValue", "kms:GetSecretValue"),
        ("PutSecretValue", "kms:PutSecretValue"),
        ("ListSecretVersionIds", "kms:ListSecretVersionIds"),
    ] {
        let code =
            |arn: &str, statements: &[Value]| ask_other_account(operation, arn, statements).0;
        for principal in [
            USER,
            "acs:ram::2000000000000000:role/reader",
            "acs:ram::2000000000000000:*",
        ] {
            for actions in [&[action][..], &["kms:*"], &["kms:Describe*", action]] {
                let allowed = statement(principal, actions, "Allow");
                assert_eq!(code(SHARED, &[allowed]), "OK", "{operation} {principal}");
            }
        }
        for statements in [
            vec![],
            vec![statement(
                "acs:ram::1000000000000000:*",
                &["kms:*"],
                "Allow",
            )],
            vec![statement(
                "acs:ram::20000000000000000:*",
                &["kms:*"],
                "Allow",
            )],
            vec![statement(USER, &["kms:DescribeSecret"], "Allow")],
            vec![
                statement(USER, &["kms:*"], "Allow"),
                statement(USER, &[action], "Deny"),
            ],
        ] {
            let (code, hint) = ask_other_account(operation, SHARED, &statements);
            assert_eq!(
                code, "Forbidden.ResourceNotFound",
                "{operation} {statements:?}"
            );
            assert_eq!(
                hint.unwrap(),
                format!(
                    "secret `s` exists in account 1000000000000000, region cn-hangzhou; its policy does not allow \
                     {action} to account {OTHER}; requested in account {OTHER}, region cn-hangzhou"
                )
            );
        }
        let allowed = [statement(USER, &["kms:*"], "Allow")];
        for arn in [
            "acs:kms:cn-hangzhou:1000000000000000:secret/absent",
            "acs:kms:cn-beijing:1000000000000000:secret/s",
            "acs:kms:cn-hangzhou:gone:1000000000000000:secret/s",
            "s",
        ] {
            let code = code(arn, &allowed);
            assert!(
                ["Forbidden.ResourceNotFound", "InvalidParameter"].contains(&&*code),
                "{operation} {arn}: {code}"
            );
        }
    }
}

#[test]
fn other_operations_do_not_reach_other_accounts_and_say_where_the_secret_is() {
    let allowed = [statement(
        "acs:ram::2000000000000000:*",
        &["kms:*"],
        "Allow",
    )];
    for action in ["DescribeSecret", "GetSecretPolicy", "RestoreSecret"] {
        let (code, hint) = ask_other_account(action, SHARED, &allowed);
        assert_eq!(code, "Forbidden.ResourceNotFound", "{action}");
        assert_eq!(
            hint.unwrap(),
            format!(
                "secret `s` exists in account 1000000000000000, region cn-hangzhou; the operation does not reach it; \
                 requested in account {OTHER}, region cn-hangzhou"
            )
        );
    }
    let elsewhere = "acs:kms:cn-beijing:2000000000000000:secret/s";
    let (_, hint) = ask_other_account("DescribeSecret", elsewhere, &[]);
    assert_eq!(
        hint.unwrap(),
        format!(
            "secret `s` exists in account 1000000000000000, region cn-hangzhou; requested in account {OTHER}, \
             region cn-hangzhou"
        )
    );
}
