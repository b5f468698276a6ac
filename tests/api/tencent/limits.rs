//! Every documented limit: values at the limit and one beyond it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kms_emulator::clouds::tencent::{Search, Settings, Tencent};
use serde_json::{Value, json};

use super::session::{Session, request};

const INVALID: &str = "InvalidParameterValue";

/// Checks that values `within` the limits of a parameter are accepted, and those `beyond` are rejected.
fn check(action: &str, fixed: &Value, name: &str, within: &[Value], beyond: &[Value]) {
    let ask = |value: &Value| {
        let session = Session::new();
        session.create("s");
        session.disable("s");
        let mut parameters = fixed.clone();
        parameters[name] = value.clone();
        session.verdict(action, &parameters)
    };
    for value in within {
        assert_eq!(
            ask(value),
            "OK",
            "{action} {name}: {:.60}",
            value.to_string()
        );
    }
    for value in beyond {
        assert_eq!(
            ask(value),
            INVALID,
            "{action} {name}: {:.60}",
            value.to_string()
        );
    }
}

fn text_of(length: usize) -> String {
    "x".repeat(length)
}

#[test]
fn names_have_1_to_128_plain_characters_and_begin_with_a_letter_or_digit() {
    let within = [json!("a"), json!("0"), json!("A_-z9"), json!(text_of(128))];
    let beyond = [
        "",
        "_a",
        "-a",
        "a.b",
        "a/b",
        "a+b",
        "a b",
        "密",
        "a\n",
        &text_of(129),
    ];
    check(
        "CreateSecret",
        &json!({"SecretString": "x"}),
        "SecretName",
        &within,
        &beyond.map(|name| json!(name)),
    );
}

#[test]
fn version_ids_have_1_to_64_plain_characters_and_begin_with_a_letter_or_digit() {
    let within = [json!("2"), json!("v1.0_a-b"), json!(text_of(64))];
    let beyond = ["_v", ".v", "v/1", "v 1", "密", &text_of(65)].map(|id| json!(id));
    let fixed = json!({"SecretName": "s", "SecretString": "x"});
    check("PutSecretValue", &fixed, "VersionId", &within, &beyond);
    check("PutSecretValue", &fixed, "VersionId", &[], &[json!("")]);
    let fixed = json!({"SecretName": "new", "SecretString": "x"});
    check("CreateSecret", &fixed, "VersionId", &within, &beyond);
}

#[test]
fn descriptions_have_up_to_2048_bytes() {
    let within = [json!(""), json!(text_of(2048)), json!("密".repeat(682))];
    let beyond = [json!(text_of(2049)), json!("密".repeat(683))];
    let fixed = json!({"SecretName": "new", "SecretString": "x"});
    check("CreateSecret", &fixed, "Description", &within, &beyond);
    let fixed = json!({"SecretName": "s"});
    check("UpdateDescription", &fixed, "Description", &within, &beyond);
}

#[test]
fn values_have_1_to_32768_bytes_of_text_or_of_base64() {
    let text = json!({"SecretName": "s", "VersionId": "v2"});
    let within = [
        json!("x"),
        json!(text_of(32_768)),
        json!("密".repeat(10_922)),
    ];
    let beyond = [
        json!(""),
        json!(text_of(32_769)),
        json!("密".repeat(10_923)),
    ];
    check("PutSecretValue", &text, "SecretString", &within, &beyond);
    let base64 = |bytes: usize| json!(STANDARD.encode(vec![7; bytes]));
    let within = [json!("AA=="), base64(24_576)];
    let beyond = [
        json!(""),
        json!("AA"),
        json!("A A="),
        json!("ä"),
        base64(24_577),
    ];
    check("PutSecretValue", &text, "SecretBinary", &within, &beyond);
}

#[test]
fn an_additional_configuration_is_json_of_4096_bytes() {
    let within = [json!(""), json!("{}"), json!(format!("{:>4096}", 1))];
    let beyond = [json!("not json"), json!("{"), json!(format!("{:>4097}", 1))];
    let fixed = json!({"SecretName": "new", "SecretString": "x"});
    check("CreateSecret", &fixed, "AdditionalConfig", &within, &beyond);
}

#[test]
fn a_value_is_either_text_or_binary() {
    let session = Session::new();
    session.create("s");
    for value in [
        json!({"SecretString": "x", "SecretBinary": "AA=="}),
        json!({"SecretString": "", "SecretBinary": ""}),
        json!({"SecretBinary": "\n"}),
        json!({}),
    ] {
        for action in ["CreateSecret", "PutSecretValue", "UpdateSecret"] {
            let mut parameters = value.clone();
            parameters["SecretName"] = if action == "CreateSecret" { "new" } else { "s" }.into();
            parameters["VersionId"] = "v1".into();
            assert_eq!(
                session.verdict(action, &parameters),
                INVALID,
                "{action} {value}"
            );
        }
    }
    // An empty value counts as absent.
    for parameters in [
        json!({"SecretName": "s", "VersionId": "v2", "SecretString": "x", "SecretBinary": ""}),
        json!({"SecretName": "s", "VersionId": "v3", "SecretString": "", "SecretBinary": "AA=="}),
    ] {
        session.ok("PutSecretValue", &parameters);
    }
}

#[test]
fn a_secret_value_is_in_no_error_text() {
    let session = Session::new();
    let parameters = json!({"SecretName": "s", "SecretBinary": "hunter2!"});
    let (_, message) = session.error(&request("CreateSecret", &parameters));
    assert_eq!(
        message,
        "The value specified in the parameter `SecretBinary` is not valid."
    );
    // A secret value that is sent as a parameter name.
    let mut misplaced = request("CreateSecret", &json!({}));
    misplaced.headers.retain(|(name, _)| name != "Content-Type");
    misplaced.body = "SecretName=s&aHVudGVyMg/==".into();
    let (code, message) = session.error(&misplaced);
    assert_eq!(code, "UnknownParameter");
    assert!(!message.contains("aHVudGVy"), "{message}");
}

#[test]
fn json_is_read_as_json_whatever_its_content_type() {
    let session = Session::new();
    for (name, content_type) in [
        ("none", None),
        ("form", Some("application/x-www-form-urlencoded")),
        ("text", Some("text/plain")),
    ] {
        let mut untyped = request(
            "CreateSecret",
            &json!({"SecretName": name, "VersionId": "1", "SecretString": "hunter2"}),
        );
        untyped.headers.retain(|(name, _)| name != "Content-Type");
        if let Some(content_type) = content_type {
            untyped = untyped.header("Content-Type", content_type);
        }
        assert_eq!(session.ask(&untyped)["SecretName"], name);
    }
}

#[test]
fn a_recovery_window_has_up_to_30_days() {
    check(
        "DeleteSecret",
        &json!({"SecretName": "s"}),
        "RecoveryWindowInDays",
        &[json!(0), json!(30)],
        &[json!(31), json!(u64::MAX)],
    );
}

#[test]
fn tags_follow_the_rules_of_the_tag_service() {
    let tag = |key: &str, value: &str| json!([{"TagKey": key, "TagValue": value}]);
    let many = |count: usize| -> Value {
        (0..count)
            .map(|number| json!({"TagKey": format!("k{number}"), "TagValue": "v"}))
            .collect()
    };
    let within = [
        json!([]),
        tag("k", "v"),
        tag(&"密".repeat(127), &"码".repeat(255)),
        tag("a b", "c d"),
        tag("my project", "v"),
        tag("tencentcloud", "v"),
        many(50),
    ];
    let beyond = [
        tag("", "v"),
        tag("k", ""),
        tag(&text_of(128), "v"),
        tag("k", &text_of(256)),
        tag(" k", "v"),
        tag("k", "v "),
        tag("qcs:k", "v"),
        tag("project", "v"),
        tag("项目", "v"),
        tag("tencent", "v"),
        tag("qcloud", "v"),
        tag("a\nb", "v"),
        tag("k", "a\u{0}b"),
        many(51),
    ];
    let fixed = json!({"SecretName": "new", "SecretString": "x"});
    check("CreateSecret", &fixed, "Tags", &within, &beyond);
}

#[test]
fn a_secret_has_up_to_10_versions() {
    let session = Session::new();
    session.create("s");
    let put = |number: usize| {
        let parameters =
            json!({"SecretName": "s", "VersionId": format!("v{number}"), "SecretString": "x"});
        session.verdict("PutSecretValue", &parameters)
    };
    for number in 2..=10 {
        assert_eq!(put(number), "OK");
    }
    assert_eq!(put(11), "LimitExceeded");
    session.ok(
        "DeleteSecretVersion",
        &json!({"SecretName": "s", "VersionId": "v3"}),
    );
    assert_eq!(put(11), "OK");
}

#[test]
fn a_region_has_up_to_1000_secrets() {
    let session = Session::new();
    for number in 0..1000 {
        session.create(&format!("s{number}"));
    }
    let one_more = json!({"SecretName": "one-more", "SecretString": "x"});
    assert_eq!(session.verdict("CreateSecret", &one_more), "LimitExceeded");
    let elsewhere = request("CreateSecret", &one_more).header("X-TC-Region", "ap-tokyo");
    assert_eq!(session.ask(&elsewhere)["Error"], Value::Null);
    session.disable("s0");
    session.ok("DeleteSecret", &json!({"SecretName": "s0"}));
    session.ok("CreateSecret", &one_more);
}

#[test]
fn the_numbers_of_list_secrets_have_bounds() {
    for (name, within, beyond) in [
        ("Limit", vec![0, 1, 200], vec![201, u64::MAX]),
        ("Offset", vec![0, 1, u64::MAX], vec![]),
        ("OrderType", vec![0, 1], vec![2]),
        ("State", vec![0, 1, 2, 3, 4, 5], vec![6]),
        ("SecretType", vec![0, 1, 2, 3, 4], vec![5]),
        ("EncryptType", vec![0, 1], vec![2]),
    ] {
        let json =
            |numbers: Vec<u64>| -> Vec<Value> { numbers.into_iter().map(Value::from).collect() };
        check(
            "ListSecrets",
            &json!({}),
            name,
            &json(within),
            &json(beyond),
        );
    }
}

#[test]
fn a_list_accepts_6_tag_filters_of_10_values() {
    let filters = |count: usize, values: usize| -> Value {
        let values: Vec<_> = (0..values).map(|number| number.to_string()).collect();
        (0..count)
            .map(|number| json!({"TagKey": number.to_string(), "TagValue": values}))
            .collect()
    };
    let within = [json!([]), filters(1, 0), filters(6, 10)];
    let beyond = [filters(7, 1), filters(1, 11)];
    check("ListSecrets", &json!({}), "TagFilters", &within, &beyond);
}

#[test]
fn limits_that_documents_contradict_can_be_set() {
    let mut session = Session::new();
    session.create("secret-one");
    session.create("secret-two");
    session.emulator.clouds.tencent = Tencent::new(Settings {
        max_limit: 300,
        search: Search::Exact,
        max_value_bytes: 4096,
        ..Settings::default()
    });
    assert_eq!(session.verdict("ListSecrets", &json!({"Limit": 300})), "OK");
    assert_eq!(
        session.verdict("ListSecrets", &json!({"Limit": 301})),
        INVALID
    );
    let found = |name: &str| session.list(&json!({"SearchSecretName": name}));
    assert_eq!(found("secret-one"), (vec!["secret-one".to_owned()], 1));
    assert_eq!(found("secret"), (vec![], 0));
    assert_eq!(found("").1, 2);
    let put = |length| json!({"SecretName": "secret-one", "VersionId": format!("v{length}"), "SecretString": text_of(length)});
    assert_eq!(session.verdict("PutSecretValue", &put(4096)), "OK");
    assert_eq!(session.verdict("PutSecretValue", &put(4097)), INVALID);
}
