//! Rules that the vendor's pages, its SDKs and recorded replies agree on. Each test names its source:
//! D is a page of the vendor, S is code of the vendor or of an SDK, R is a recorded reply.

use kms_emulator::clouds::alibaba::{Alibaba, FilterMatch, FilterValues, Settings};
use kms_emulator::clouds::context::AuthMode::{Lenient, Off, Strict};
use kms_emulator::clouds::description::OperationDescription;
use kms_emulator::clouds::{self, CloudApi};
use kms_emulator::fixtures;
use kms_emulator::http::wire::WireReply;
use kms_emulator::model::{Cloud, Scope};
use serde_json::{Value, json};

use crate::alibaba::session::Session;
use crate::support::{NOW, TestRequest, emulator};

const S: (&str, &str) = ("SecretName", "s");
const INVALID: &str = "400 InvalidParameter";

/// The managed types: name of a new secret, its value and its configuration.
const MANAGED: [(&str, &str, &str, &str); 5] = [
    (
        "Rds",
        "rds",
        r#"{"Accounts":[{"AccountName":"a","AccountPassword":"p"}]}"#,
        r#"{"SecretSubType":"SingleUser","DBInstanceId":"rm-1"}"#,
    ),
    (
        "Redis",
        "redis",
        r#"{"Accounts":[{"AccountName":"a","AccountPassword":"p"}]}"#,
        r#"{"SecretSubType":"SingleUser","InstanceId":"r-1"}"#,
    ),
    (
        "PolarDB",
        "polardb",
        r#"{"Accounts":[{"AccountName":"a","AccountPassword":"p"}]}"#,
        r#"{"SecretSubType":"SingleUser","DBClusterId":"pc-1"}"#,
    ),
    (
        "RAMCredentials",
        "$Auto",
        r#"{"AccessKeys":[{"AccessKeyId":"a","AccessKeySecret":"s"}]}"#,
        r#"{"SecretSubType":"RamUserAccessKey","UserName":"deployer"}"#,
    ),
    (
        "ECS",
        "acs/ecs/host",
        r#"{"UserName":"root","Password":"p"}"#,
        r#"{"SecretSubType":"Password","RegionId":"cn-hangzhou","InstanceId":"i-1"}"#,
    ),
];

/// The hint of a reply.
fn hint_of(reply: &WireReply) -> Option<String> {
    let mut headers = reply.headers.iter();
    let hint = headers.find(|(name, _)| *name == "x-emulator-hint");
    hint.map(|(_, value)| value.to_string())
}

/// The number of secrets that a filter lists, and the hint.
fn filtered(session: &Session, filters: &Value) -> (Value, Option<String>) {
    let mut request = TestRequest::get("Action=ListSecrets");
    request.add_to_query("Filters", &filters.to_string());
    let reply = request.ask(&session.emulator);
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    (body["TotalCount"].clone(), hint_of(&reply))
}

/// Creates a managed secret.
fn create_managed(
    session: &Session,
    (secret_type, name, data, config): (&str, &str, &str, &str),
    more: &[(&str, &str)],
) -> (u16, Value) {
    let mut parameters = vec![
        ("SecretName", name),
        ("VersionId", "v1"),
        ("SecretData", data),
        ("SecretType", secret_type),
        ("ExtendedConfig", config),
    ];
    parameters.extend(more);
    session.call("CreateSecret", &parameters)
}

/// D: the pages of these operations, 2026-01: "the name or ARN of the secret".
#[test]
fn operations_on_a_secret_accept_its_name_or_its_arn() {
    const OWN: &str = "acs:kms:cn-hangzhou:1000000000000000:secret/s";
    let operations: [(&str, &[(&str, &str)]); 6] = [
        ("DescribeSecret", &[]),
        ("UpdateSecret", &[("Description", "new")]),
        (
            "UpdateSecretRotationPolicy",
            &[
                ("EnableAutomaticRotation", "true"),
                ("RotationInterval", "7d"),
            ],
        ),
        ("RotateSecret", &[("VersionId", "v2")]),
        ("DeleteSecret", &[("RecoveryWindowInDays", "7")]),
        ("RestoreSecret", &[]),
    ];
    let session = Session::new();
    session.create_rds("s", &[]);
    let ask = |action: &str, arn: &str, more: &[(&str, &str)]| {
        let mut parameters = vec![("SecretName", arn)];
        parameters.extend(more);
        session.call(action, &parameters)
    };
    for (action, more) in operations {
        for elsewhere in [
            "acs:kms:cn-beijing:1000000000000000:secret/s",
            "acs:kms:cn-hangzhou:2000000000000000:secret/s",
            "acs:kms:cn-hangzhou:1000000000000000:secret/other",
        ] {
            let (status, reply) = ask(action, elsewhere, more);
            assert_eq!(
                (status, &reply["Code"]),
                (404, &json!("Forbidden.ResourceNotFound")),
                "{action} {elsewhere}"
            );
        }
        for malformed in ["acs:kms:cn-hangzhou", "acs:kms:a:b:key/s"] {
            let (status, reply) = ask(action, malformed, more);
            assert_eq!(
                (status, &reply["Code"]),
                (400, &json!("InvalidParameter")),
                "{action} {malformed}"
            );
        }
        let (status, reply) = ask(action, OWN, more);
        assert_eq!(status, 200, "{action}: {reply}");
        assert_eq!(reply["SecretName"], "s", "{action}");
    }
    let described = session.ok("DescribeSecret", &[S]);
    assert_eq!(described["Description"], "new");
    assert_eq!(described["AutomaticRotation"], "Enabled");
    assert_eq!(session.versions("s").len(), 2, "rotated");
}

/// D: *Overview of secret policies*, 2024 to 2026: the creator is the account that created the secret.
#[test]
fn a_created_secret_is_found_by_its_creator() {
    let session = Session::new();
    session.create("s");
    for (creator, total) in [("1000000000000000", 1), ("2000000000000000", 0)] {
        let filters = json!([{"Key": "Creator", "Values": [creator]}]).to_string();
        let listed = session.ok("ListSecrets", &[("Filters", &filters)]);
        assert_eq!(listed["TotalCount"], total, "{creator}");
    }
}

/// D: the newest quick start tags secrets with keys and values that contain spaces.
#[test]
fn tags_may_contain_spaces() {
    let session = Session::new();
    let tags = r#"[{"TagKey":"cost center","TagValue":"team \\ one"}]"#;
    session.ok(
        "CreateSecret",
        &[S, ("VersionId", "v1"), ("SecretData", "x"), ("Tags", tags)],
    );
    session.ok(
        "TagResource",
        &[S, ("Tags", r#"[{"TagKey":"a b","TagValue":"c d"}]"#)],
    );
    session.ok(
        "TagResources",
        &[
            ("ResourceType", "secret"),
            ("ResourceId.1", "s"),
            ("Tag.1.Key", "e f"),
            ("Tag.1.Value", "g h"),
        ],
    );
    let described = session.ok("DescribeSecret", &[S, ("FetchTags", "true")]);
    assert_eq!(
        described["Tags"]["Tag"],
        json!([
            {"TagKey": "cost center", "TagValue": "team \\ one"},
            {"TagKey": "a b", "TagValue": "c d"},
            {"TagKey": "e f", "TagValue": "g h"},
        ])
    );
    session.ok("UntagResource", &[S, ("TagKeys", r#"["cost center"]"#)]);
    session.ok(
        "UntagResources",
        &[
            ("ResourceType", "secret"),
            ("ResourceId.1", "s"),
            ("TagKey.1", "e f"),
        ],
    );
    let described = session.ok("DescribeSecret", &[S, ("FetchTags", "true")]);
    assert_eq!(
        described["Tags"]["Tag"],
        json!([{"TagKey": "a b", "TagValue": "c d"}])
    );
}

/// D: the page of `ListSecrets`, whose sample filters by `$Val1`; the pages of `CreateSecret` and
/// `TagResource`, which name the characters of names and tags.
#[test]
fn every_name_and_tag_that_can_be_created_can_be_found() {
    let session = Session::new();
    let name = "Az09_/+=.@-$";
    let (key, value) = ("Az09 /\\_-.+=:@", "a value \\ of :@");
    session.ok(
        "CreateSecret",
        &[
            ("SecretName", name),
            ("VersionId", "v1"),
            ("SecretData", "x"),
            (
                "Tags",
                &json!([{"TagKey": key, "TagValue": value}]).to_string(),
            ),
        ],
    );
    let total = |key: &str, value: &str| {
        let filters = json!([{"Key": key, "Values": [value]}]).to_string();
        session.ok("ListSecrets", &[("Filters", &filters)])["TotalCount"].clone()
    };
    assert_eq!(total("SecretName", name), 1);
    assert_eq!(total("TagKey", key), 1);
    assert_eq!(total("TagValue", value), 1);
    for key in ["SecretName", "TagKey", "TagValue"] {
        assert_eq!(
            total(
                key,
                if key == "SecretName" {
                    "$Val1"
                } else {
                    "Val 1"
                }
            ),
            0
        );
    }
}

#[test]
fn a_hint_names_a_rejected_filter_value_and_the_rule() {
    let emulator = emulator(Lenient);
    for (key, value, hint) in [
        (
            "SecretName",
            "a*",
            "Filters: `a*` is not a possible value of SecretName: 1 to 192 ASCII letters, digits and `_/+=.@-$`",
        ),
        (
            "TagKey",
            "é",
            "Filters: `%C3%A9` is not a possible value of TagKey: 1 to 256 ASCII letters, digits, spaces and `/\\_-.+=:@`",
        ),
        (
            "SecretType",
            "Oracle",
            "Filters: `Oracle` is not a possible value of SecretType: in any letter case, Generic, Rds, Redis, RAMCredentials, ECS, PolarDB",
        ),
    ] {
        let mut request = TestRequest::get("Action=ListSecrets");
        let filters = json!([{"Key": key, "Values": ["fine", value]}]).to_string();
        request.add_to_query("Filters", &filters.replace("\"fine\",", ""));
        let reply = request.ask(&emulator);
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(body["Code"], "InvalidParameter");
        assert_eq!(hint_of(&reply).as_deref(), Some(hint));
    }
}

/// D: the pages of 2025-10 and later restrict no value.
#[test]
fn every_filter_value_is_accepted_with_the_setting() {
    let mut session = Session::new();
    session.create("s");
    let list = |session: &Session, key: &str, value: &str| {
        let filters = json!([{"Key": key, "Values": [value]}]).to_string();
        session.call("ListSecrets", &[("Filters", &filters)])
    };
    let long = "x".repeat(300);
    let values = [
        ("SecretName", "a*"),
        ("SecretName", &long),
        ("TagKey", "密"),
        ("TagValue", "{}"),
        ("SecretType", "Oracle"),
        ("Creator", ""),
    ];
    for (key, value) in values {
        assert_eq!(list(&session, key, value).0, 400, "{key} {value}");
    }
    session.emulator.clouds.alibaba = Alibaba::new(Settings {
        filter_values: FilterValues::Any,
        ..Settings::default()
    });
    for (key, value) in values {
        let (status, reply) = list(&session, key, value);
        assert_eq!((status, &reply["TotalCount"]), (200, &json!(0)), "{key}");
    }
    for (key, value) in [("SecretName", "s"), ("SecretType", "GENERIC")] {
        assert_eq!(list(&session, key, value).1["TotalCount"], 1, "{key}");
    }
    let unknown_key = list(&session, "Nothing", "s");
    assert_eq!(unknown_key.0, 400);
}

/// D: the pages of `CreateSecret` and `UpdateSecretRotationPolicy`; S, R: the acceptance test of the
/// Terraform provider, in which a secret whose rotation was switched off has no interval.
#[test]
fn only_rotating_secrets_have_an_interval() {
    for managed in MANAGED {
        let secret_type = managed.0;
        let create = |more: &[(&str, &str)]| {
            let session = Session::new();
            let (status, reply) = create_managed(&session, managed, more);
            (session, status, reply)
        };
        let (_, status, reply) = create(&[("EnableAutomaticRotation", "true")]);
        assert_eq!((status, &reply["Code"]), (400, &json!("MissingParameter")));
        for interval in ["7d", "not an interval"] {
            let (_, status, reply) = create(&[
                ("EnableAutomaticRotation", "false"),
                ("RotationInterval", interval),
            ]);
            assert_eq!(status, 200, "{secret_type}: {reply}");
            assert_eq!(reply["AutomaticRotation"], "Disabled");
            assert_eq!(reply.get("RotationInterval"), None, "{secret_type}");
        }
        let (session, status, reply) = create(&[
            ("EnableAutomaticRotation", "true"),
            ("RotationInterval", "7d"),
        ]);
        assert_eq!(status, 200, "{secret_type}: {reply}");
        assert_eq!(reply["RotationInterval"], "604800s", "{secret_type}");
        let name = reply["SecretName"].as_str().unwrap();
        let name = ("SecretName", name);
        let members = || {
            ["DescribeSecret", "GetSecretValue"].map(|action| {
                let reply = session.ok(action, &[name]);
                (
                    reply["AutomaticRotation"].clone(),
                    reply.get("RotationInterval").cloned(),
                    reply.get("NextRotationDate").is_some(),
                )
            })
        };
        let on = (json!("Enabled"), Some(json!("604800s")), true);
        assert_eq!(members(), [on.clone(), on.clone()], "{secret_type}");
        let policy = |more: &[(&str, &str)]| {
            let mut parameters = vec![name];
            parameters.extend(more);
            session.verdict("UpdateSecretRotationPolicy", &parameters)
        };
        assert_eq!(
            policy(&[("EnableAutomaticRotation", "true")]),
            "400 MissingParameter",
            "{secret_type}"
        );
        let off = (json!("Disabled"), None, false);
        for interval in ["8d", "x"] {
            assert_eq!(
                policy(&[
                    ("EnableAutomaticRotation", "false"),
                    ("RotationInterval", interval),
                ]),
                "OK"
            );
            assert_eq!(members(), [off.clone(), off.clone()], "{secret_type}");
        }
        assert_eq!(
            policy(&[("EnableAutomaticRotation", "true")]),
            "400 MissingParameter",
            "{secret_type}: the interval of the time before is not kept"
        );
        assert_eq!(
            policy(&[
                ("EnableAutomaticRotation", "true"),
                ("RotationInterval", "604800s"),
            ]),
            "OK"
        );
        assert_eq!(members(), [on.clone(), on], "{secret_type}");
    }
}

/// D: the page of `CreateSecret` restricts the two parameters to managed types; public Terraform files
/// send them for generic secrets.
#[test]
fn a_generic_secret_ignores_automatic_rotation() {
    let session = Session::new();
    let created = session.ok(
        "CreateSecret",
        &[
            S,
            ("VersionId", "v1"),
            ("SecretData", "x"),
            ("EnableAutomaticRotation", "true"),
            ("RotationInterval", "7d"),
        ],
    );
    let described = session.ok("DescribeSecret", &[S]);
    for reply in [created, described] {
        assert_eq!(reply["SecretType"], "Generic");
        for member in ["AutomaticRotation", "RotationInterval", "NextRotationDate"] {
            assert_eq!(reply.get(member), None, "{member}");
        }
    }
    assert_eq!(
        session.verdict(
            "CreateSecret",
            &[
                ("SecretName", "without-interval"),
                ("VersionId", "v1"),
                ("SecretData", "x"),
                ("EnableAutomaticRotation", "true"),
            ],
        ),
        "OK"
    );
}

/// S: JavaScript's `toISOString` has milliseconds, the Rust crate `aliyun-openapi-core-rust-sdk` 1.1
/// nanoseconds; R: other products accept both.
#[test]
fn time_stamps_may_have_fractions_and_a_utc_offset() {
    let list = || TestRequest::get("Action=ListSecrets&Version=2016-01-20");
    let acs_list = || {
        let mut request = TestRequest::get("")
            .header("x-acs-action", "ListSecrets")
            .header("x-acs-version", "2016-01-20");
        request.method = "POST".into();
        request
    };
    let codes = |time: &str| {
        [
            list().sign_v1("test", &[("Timestamp", time)]),
            acs_list().sign_acs3("test", "test", time, "n"),
        ]
        .map(|request| request.verdict(&emulator(Strict)).1)
    };
    for time in [
        NOW,
        "2026-01-02T03:04:05.678Z",
        "2026-01-02T03:04:05.123456789Z",
        "2026-01-02T03:04:05.678+00:00",
        "2026-01-02T03:04:05+00:00",
    ] {
        assert_eq!(codes(time), ["OK", "OK"], "{time}");
    }
    for stale in ["2026-01-02T02:40:05.678Z", "2026-01-02T03:30:05.123456789Z"] {
        assert_eq!(
            codes(stale),
            ["IllegalTimestamp", "InvalidTimeStamp.Expired"],
            "{stale}"
        );
    }
    for malformed in [
        "2026-01-02T11:04:05.678+08:00",
        "2026-01-02 03:04:05Z",
        "2026-01-02T03:04:05.Z",
        "2026-01-02T03:04:05",
        "2026-01-02",
    ] {
        assert_eq!(
            codes(malformed),
            ["IllegalTimestamp", "InvalidTimeStamp.Format"],
            "{malformed}"
        );
    }
}

/// I: a key id with white space around it is the id of no key.
#[test]
fn an_access_key_id_with_white_space_around_it_is_rejected_with_an_explanation() {
    let acs = |id: &str| {
        let mut request = TestRequest::get("")
            .header("x-acs-action", "ListSecrets")
            .header("x-acs-version", "2016-01-20");
        request.method = "POST".into();
        request.sign_acs3(id, "test", NOW, "n")
    };
    let v1 =
        |id: &str| TestRequest::get("Action=ListSecrets").sign_v1("test", &[("AccessKeyId", id)]);
    for (id, request) in [
        (" test", acs(" test")),
        ("test ", acs("test ")),
        ("test\t", acs("test\t")),
        (" test", v1(" test")),
        ("test ", v1("test ")),
        ("test\n", v1("test\n")),
        ("\r\ntest", v1("\r\ntest")),
        ("test\u{a0}", v1("test\u{a0}")),
        ("unknown ", v1("unknown ")),
    ] {
        for mode in [Lenient, Strict] {
            let reply = request.ask(&emulator(mode));
            let body: Value = serde_json::from_slice(&reply.body).unwrap();
            assert_eq!(
                (reply.status, &body["Code"]),
                (404, &json!("InvalidAccessKeyId.NotFound")),
                "{id:?} {mode:?}"
            );
            let hint = reply
                .headers
                .iter()
                .find(|(name, _)| *name == "x-emulator-hint")
                .map(|(_, value)| value.to_string());
            assert_eq!(
                hint.as_deref(),
                Some("the AccessKey ID has white space before or after it"),
                "{id:?} {mode:?}"
            );
        }
        assert_eq!(request.verdict(&emulator(Off)).1, "OK", "{id:?}");
    }
}

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
    ] {
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

/// R, S: the unmodified classic Python SDK splits the message at these words, and fails with an
/// `IndexError` where they are absent.
#[test]
fn every_signature_error_ends_with_the_string_that_the_server_signed() {
    const TAIL: &str = " server string to sign is:";
    for (code, beginning) in [
        (
            "IncompleteSignature",
            "The request signature does not conform to Aliyun standards. server string to sign is:",
        ),
        (
            "SignatureDoesNotMatch",
            "Specified signature is not matched with our calculation. server string to sign is:",
        ),
    ] {
        assert!(
            clouds::with_default_settings()
                .alibaba
                .documented_codes()
                .contains(&code)
        );
        assert_eq!(
            clouds::with_default_settings()
                .alibaba
                .documented_error(code, None)
                .unwrap()
                .message,
            beginning
        );
    }
    let acs = || {
        let mut request = TestRequest::get("")
            .header("x-acs-action", "ListSecrets")
            .header("x-acs-version", "2016-01-20");
        request.method = "POST".into();
        request
    };
    let mut json_body = TestRequest::get("Action=ListSecrets")
        .sign_v1("test", &[])
        .header("Content-Type", "application/json");
    json_body.body = r#"{"PageSize":1}"#.into();
    for request in [
        TestRequest::get("Action=ListSecrets").sign_v1("wrong", &[]),
        acs().sign_acs3("test", "wrong", NOW, "n"),
        acs().header("Authorization", "ACS3-HMAC-SHA256 Credential"),
        acs()
            .sign_acs3("test", "test", NOW, "n")
            .header("x-acs-other", "unsigned"),
        json_body,
    ] {
        let reply = request.ask(&emulator(Strict));
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(body["Code"], "IncompleteSignature");
        let message = body["Message"].as_str().unwrap();
        assert!(
            message.starts_with("The request signature does not conform to Aliyun standards. "),
            "{message}"
        );
        assert!(message.contains(TAIL), "{message}");
    }
}

/// R, S: recorded replies and the retry rules of public clients.
#[test]
fn throttling_has_the_recorded_text() {
    let error = clouds::with_default_settings()
        .alibaba
        .documented_error("Rejected.Throttling", None)
        .unwrap();
    assert_eq!((error.status, &*error.message), (429, "QPS Limit Exceeded"));
}

/// R: `The parameter  KeyId  needed but no provided.` and `The specified parameter KeySpec is not valid.`
#[test]
fn messages_name_parameters_as_recorded() {
    let session = Session::new();
    for (parameters, message) in [
        (
            &[S, ("SecretData", "x")][..],
            "The parameter  VersionId  needed but no provided.",
        ),
        (
            &[("SecretName", "a b")],
            "The specified parameter SecretName is not valid.",
        ),
    ] {
        let (status, reply) = session.call("CreateSecret", parameters);
        assert_eq!((status, &reply["Message"]), (400, &json!(message)));
    }
    let filters = r#"[{"Key":"SecretName","Values":["a b"]}]"#;
    let (_, reply) = session.call("ListSecrets", &[("Filters", filters)]);
    assert_eq!(
        reply["Message"],
        "The specified parameter Filters is not valid."
    );
}

/// D: the tables of errors of `CreateSecret`, `GetSecretValue`, `SetSecretPolicy` and `OpenKmsService`; the `DryRun`
/// parameter of `GetSecretValue`. S: `MissingAccessKeyId` in clients of other products. I: `InvalidAccessKeyId`.
#[test]
fn every_documented_code_can_be_a_fault() {
    let alibaba = &clouds::with_default_settings().alibaba;
    for (code, status, message) in [
        (
            "Rejected.ShareQuotaExceedLimit",
            400,
            "Instance Share Quota Exceed Limit.",
        ),
        (
            "Forbidden.DKMSInstanceNotFound",
            403,
            "The specified DKMS Instance is not found.",
        ),
        (
            "Forbidden.DKMSInstanceStateInvalid",
            403,
            "The DKMS instance state is invalid.",
        ),
        (
            "Forbidden.KeyPolicyUnSupported",
            400,
            "The specified key does not support key policy.",
        ),
        (
            "Forbidden.NoRealNameAuthentication",
            400,
            "Real name authentication is needed.",
        ),
        ("CreateLXOrderFailed", 400, "Create order failed."),
        ("Forbidden.Opened", 400, "Your kms service has been opened."),
        (
            "Forbidden.NoPermission",
            403,
            "This operation for {Resource} is forbidden by permission system.",
        ),
    ] {
        let error = alibaba.documented_error(code, None).expect(code);
        assert_eq!((error.status, &*error.message), (status, message), "{code}");
    }
    for (code, status) in [
        ("AccessDeniedError", 403),
        ("MissingAccessKeyId", 400),
        ("InvalidAccessKeyId", 404),
    ] {
        let error = alibaba.documented_error(code, None).expect(code);
        assert_eq!(error.status, status, "{code}");
        assert!(alibaba.documented_codes().contains(&code));
    }
}

/// D: the tables of errors belong to one operation each.
#[test]
fn fault_texts_do_not_speak_of_another_operation() {
    let alibaba = &clouds::with_default_settings().alibaba;
    let operations = alibaba.operations();
    let names = |operation: &OperationDescription| {
        let parameters = operation.parameters.iter();
        parameters
            .map(|parameter| parameter.name)
            .collect::<Vec<_>>()
    };
    let all: Vec<_> = operations.iter().flat_map(names).collect();
    for operation in operations.iter().filter(|known| known.product == "Kms") {
        let own = names(operation);
        // The codes of another service are for its operations.
        let others = operations.iter();
        let others = others.filter(|other| other.product != operation.product);
        let foreign_codes: Vec<_> = others
            .flat_map(|other| &other.errors)
            .map(|error| error.code)
            .collect();
        let codes = alibaba.documented_codes().into_iter();
        for code in codes.filter(|code| !foreign_codes.contains(code)) {
            let error = alibaba.documented_error(code, Some(operation.action));
            let message = error.expect(code).message;
            let mut words = message.split(|character: char| !character.is_alphanumeric());
            // These two codes themselves speak of the parameter.
            let foreign = words.find(|word| {
                !["DryRun", "ResourceId"].contains(word)
                    && all.contains(word)
                    && !own.contains(word)
            });
            assert_eq!(foreign, None, "{} {code}: {message}", operation.action);
        }
    }
    for (code, message) in [
        (
            "InvalidParameter",
            "The specified parameter Filters is not valid.",
        ),
        ("MissingParameter", "The parameter needed but no provided."),
        ("Forbidden.ResourceNotFound", "Resource not found"),
        ("Rejected.ResourceInUse", "The resource is in use."),
        (
            "Rejected.UnsupportedOperation",
            "This action is not supported.",
        ),
    ] {
        let error = alibaba.documented_error(code, Some("ListSecrets")).unwrap();
        assert_eq!(error.message, message);
    }
    let of_restore = alibaba.documented_error("Rejected.ResourceInUse", Some("RestoreSecret"));
    assert_eq!(of_restore.unwrap().message, "restore normal secret");
}

/// D: the page of `ListSecrets` writes `(SecretName=sec1 OR SecretName=sec2)`. S, against: an application of the
/// vendor's staff, in use from 2023 to 2025, lists with the name of a user to find `acs/ram/user/<name>`; an older
/// page says "the value to be contained".
#[test]
fn names_and_descriptions_are_matched_whole_or_by_a_part() {
    let mut session = Session::new();
    let create = |name: &str, description: &str| {
        session.ok(
            "CreateSecret",
            &[
                ("SecretName", name),
                ("VersionId", "v1"),
                ("SecretData", "x"),
                ("Description", description),
                ("Tags", r#"[{"TagKey":"env","TagValue":"test"}]"#),
            ],
        );
    };
    create("app/user/deployer", "key of the deployer");
    create("app/user/tester", "key of the tester");
    create("Deployer", "");
    let one = |key: &str, values: &[&str]| json!([{"Key": key, "Values": values}]);
    let both = json!([
        {"Key": "SecretName", "Values": ["user/"]},
        {"Key": "Description", "Values": ["deployer", "nothing"]},
        {"Key": "TagKey", "Values": ["env"]},
    ]);
    let cases = [
        (one("SecretName", &["deployer"]), 0, 1),
        (one("SecretName", &["er"]), 0, 3),
        (one("SecretName", &["app/user/tester"]), 1, 1),
        (one("SecretName", &["tester", "deployer"]), 0, 2),
        (one("SecretName", &["absent"]), 0, 0),
        (one("Description", &["key of"]), 0, 2),
        (one("Description", &["KEY OF"]), 0, 0),
        (one("TagKey", &["en"]), 0, 0),
        (both, 0, 1),
    ];
    for (filters, exact, _) in &cases {
        assert_eq!(filtered(&session, filters).0, *exact, "{filters}");
    }
    session.emulator.clouds.alibaba = Alibaba::new(Settings {
        filter_match: FilterMatch::Contains,
        ..Settings::default()
    });
    for (filters, _, contains) in &cases {
        let (total, hint) = filtered(&session, filters);
        assert_eq!((total, hint), (json!(contains), None), "{filters}");
    }
}

#[test]
fn a_hint_says_that_a_value_contains_the_filter() {
    let session = Session::new();
    for name in ["app/user/deployer", "db"] {
        session.ok(
            "CreateSecret",
            &[
                ("SecretName", name),
                ("VersionId", "v1"),
                ("SecretData", "x"),
                ("Description", "密 of the deployer"),
            ],
        );
    }
    for (filters, hint) in [
        (
            json!([{"Key": "SecretName", "Values": ["deployer"]}]),
            Some(
                "Filters: SecretName `app/user/deployer` contains a value but does not equal it; \
                 --alibaba-filter-match contains finds it",
            ),
        ),
        (
            json!([{"Key": "SecretName", "Values": ["us"]}]),
            Some(
                "Filters: SecretName `app/user/deployer` contains a value but does not equal it; \
                 --alibaba-filter-match contains finds it",
            ),
        ),
        (
            json!([{"Key": "Description", "Values": ["deployer"]}]),
            Some(
                "Filters: Description `%E5%AF%86 of the deployer` contains a value but does not equal it; \
                 --alibaba-filter-match contains finds it",
            ),
        ),
        (json!([{"Key": "SecretName", "Values": ["absent"]}]), None),
        (json!([{"Key": "SecretName", "Values": ["db"]}]), None),
        (
            json!([{"Key": "SecretName", "Values": ["db"]}, {"Key": "TagKey", "Values": ["k"]}]),
            None,
        ),
    ] {
        assert_eq!(filtered(&session, &filters).1.as_deref(), hint, "{filters}");
    }
}

/// D: the page of `ListSecrets`, 2021 to 2026: filtered by tags, at most 4,000 resources are returned.
#[test]
fn a_filter_by_tags_lists_at_most_4000_secrets() {
    let session = Session::new();
    let secrets: Vec<_> = (0..4_005)
        .map(|number| {
            json!({
                "SecretName": format!("s{number:04}"),
                "SecretType": "Generic",
                "CreateTime": "2024-02-21T15:39:26Z",
                "UpdateTime": "2024-02-21T15:39:26Z",
                "Tags": {"Tag": [{"TagKey": "env", "TagValue": "test"}]},
            })
        })
        .collect();
    let fixture = json!({"SecretList": {"Secret": secrets}}).to_string();
    let scope = Scope {
        cloud: Cloud::Alibaba,
        account: "1000000000000000".to_owned(),
        region: "cn-hangzhou".to_owned(),
    };
    for fixture in fixtures::parse(fixture.as_bytes(), &session.emulator.defaults()).unwrap() {
        let store = &session.emulator.store;
        let added = store.write(|store| fixtures::add(store, &fixture, &scope));
        assert_eq!(added.unwrap(), 4_005);
    }
    let page = |filters: Value, number: &str| {
        let reply = session.ok(
            "ListSecrets",
            &[
                ("Filters", &filters.to_string()),
                ("PageSize", "30"),
                ("PageNumber", number),
            ],
        );
        let listed = reply["SecretList"]["Secret"].as_array().unwrap();
        let last = listed.last().map(|secret| secret["SecretName"].clone());
        assert_eq!(reply["PageSize"], 30);
        (reply["TotalCount"].clone(), listed.len(), last)
    };
    for key in ["TagKey", "TagValue"] {
        let value = if key == "TagKey" { "env" } else { "test" };
        let filters = json!([{"Key": key, "Values": [value]}]);
        assert_eq!(
            page(filters.clone(), "134"),
            (json!(4_000), 10, Some(json!("s3999"))),
            "{key}"
        );
        assert_eq!(page(filters, "135"), (json!(4_000), 0, None), "{key}");
    }
    assert_eq!(
        page(json!([]), "134"),
        (json!(4_005), 15, Some(json!("s4004")))
    );
}

/// The configuration of Redis and `PolarDB` for `$Auto`.
const AUTO: [(&str, &[(&str, &str)]); 2] = [
    (
        "Redis",
        &[
            ("SecretSubType", "DoubleUsers"),
            ("RegionId", "cn-hangzhou"),
            ("InstanceId", "r-1"),
            ("AccountName", "app"),
            ("CloneAccountName", "app_clone"),
            ("AccountPrivilege", "RoleReadWrite"),
        ],
    ),
    (
        "PolarDB",
        &[
            ("SecretSubType", "DoubleUsers"),
            ("RegionId", "cn-hangzhou"),
            ("DBClusterId", "pc-1"),
            ("DBType", "MySQL"),
            ("AccountName", "app"),
        ],
    ),
];

/// D: `CreateSecret` (SDK 3.3.1, 2025) and the page on secrets of Redis and Tair (2024): `$Auto` creates two accounts
/// with the same password, of which `ACSCurrent` has the first and `ACSPrevious` the clone. A rotation
/// resets the password of the account of `ACSPrevious`, then the two change places.
#[test]
fn the_service_creates_the_accounts_of_redis_and_polardb() {
    for (secret_type, config) in AUTO {
        let session = Session::new();
        let config: serde_json::Map<_, _> = config
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!(value)))
            .collect();
        let config = Value::Object(config).to_string();
        let managed = (secret_type, "s", "$Auto", &*config);
        let (status, reply) = create_managed(&session, managed, &[]);
        assert_eq!(status, 200, "{secret_type}: {reply}");
        assert_eq!(reply["VersionId"], "v1");
        let value = |stage: &str| {
            let reply = session.ok("GetSecretValue", &[S, ("VersionStage", stage)]);
            let data: Value = serde_json::from_str(reply["SecretData"].as_str().unwrap()).unwrap();
            (
                data["AccountName"].clone(),
                data["AccountPassword"].as_str().unwrap().to_owned(),
                reply["VersionId"].clone(),
            )
        };
        let (name, password, version) = value("ACSCurrent");
        assert_eq!((name, version), (json!("app"), json!("v1")));
        let (clone_name, clone_password, _) = value("ACSPrevious");
        assert_eq!(clone_name, "app_clone");
        assert!(password.len() >= 8);
        assert_eq!(password, clone_password);

        session.ok("RotateSecret", &[S, ("VersionId", "v2")]);
        let (name, new_password, version) = value("ACSCurrent");
        assert_eq!((name, version), (json!("app_clone"), json!("v2")));
        assert_ne!(new_password, password);
        assert_eq!(
            value("ACSPrevious"),
            (json!("app"), password, json!("v1")),
            "{secret_type}"
        );
    }
}

/// D: the same pages name what is required, and the name of the clone.
#[test]
fn the_accounts_of_redis_and_polardb_need_the_documented_configuration() {
    let verdict = |secret_type: &str, config: &[(&str, &str)]| {
        let config: serde_json::Map<_, _> = config
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!(value)))
            .collect();
        let config = Value::Object(config).to_string();
        let managed = (secret_type, "s", "$Auto", &*config);
        let (status, reply) = create_managed(&Session::new(), managed, &[]);
        (
            status,
            reply["Message"].as_str().unwrap_or_default().to_owned(),
        )
    };
    let invalid = |name: &str| (400, format!("The specified parameter {name} is not valid."));
    for (secret_type, config) in AUTO {
        assert_eq!(verdict(secret_type, config).0, 200, "{secret_type}");
        for left_out in config {
            let rest: Vec<_> = config
                .iter()
                .filter(|pair| *pair != left_out)
                .copied()
                .collect();
            assert_eq!(
                verdict(secret_type, &rest),
                invalid("ExtendedConfig"),
                "{secret_type} without {left_out:?}"
            );
        }
        for (name, value) in [
            ("SecretSubType", "SingleUser"),
            ("CloneAccountName", "other"),
            ("AccountName", ""),
        ] {
            let mut config: Vec<_> = config
                .iter()
                .filter(|pair| pair.0 != name)
                .copied()
                .collect();
            config.push((name, value));
            assert_eq!(
                verdict(secret_type, &config),
                invalid("ExtendedConfig"),
                "{secret_type} {name} {value}"
            );
        }
    }
    let polardb = AUTO[1].1;
    for (name, value, status) in [
        ("DBType", "PostgreSQL", 200),
        ("DBType", "Oracle", 400),
        ("AccountType", "Normal", 200),
        ("AccountType", "Super", 400),
        ("CloneAccountName", "app_clone", 200),
    ] {
        let mut config: Vec<_> = polardb
            .iter()
            .filter(|pair| pair.0 != name)
            .copied()
            .collect();
        config.push((name, value));
        assert_eq!(verdict("PolarDB", &config).0, status, "{name} {value}");
    }
    let rds = [("SecretSubType", "DoubleUsers"), ("DBInstanceId", "rm-1")];
    assert_eq!(verdict("Rds", &rds), invalid("SecretData"));
}

/// D: `CreateSecret`: with `DoubleUsers`, `ACSCurrent` and `ACSPrevious` each point to one of the accounts.
#[test]
fn each_stage_of_two_accounts_has_its_own() {
    let session = Session::new();
    let managed = (
        "Rds",
        "s",
        r#"{"Accounts":[{"AccountName":"a","AccountPassword":"1"},{"AccountName":"b","AccountPassword":"2"}]}"#,
        r#"{"SecretSubType":"DoubleUsers","DBInstanceId":"rm-1"}"#,
    );
    let (status, reply) = create_managed(&session, managed, &[]);
    assert_eq!(status, 200, "{reply}");
    for (stage, value) in [
        (
            "ACSCurrent",
            json!({"AccountName": "a", "AccountPassword": "1"}),
        ),
        (
            "ACSPrevious",
            json!({"AccountName": "b", "AccountPassword": "2"}),
        ),
    ] {
        let reply = session.ok("GetSecretValue", &[S, ("VersionStage", stage)]);
        let data: Value = serde_json::from_str(reply["SecretData"].as_str().unwrap()).unwrap();
        assert_eq!(data, value, "{stage}");
    }
    let (_, labels) = &session.versions("s")[1];
    assert!(session.versions("s").len() == 2 && labels.len() == 1);
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
                     {action} to account {OTHER}; asked for in account {OTHER}, region cn-hangzhou"
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
                 asked for in account {OTHER}, region cn-hangzhou"
            )
        );
    }
    let elsewhere = "acs:kms:cn-beijing:2000000000000000:secret/s";
    let (_, hint) = ask_other_account("DescribeSecret", elsewhere, &[]);
    assert_eq!(
        hint.unwrap(),
        format!(
            "secret `s` exists in account 1000000000000000, region cn-hangzhou; asked for in account {OTHER}, \
             region cn-hangzhou"
        )
    );
}
