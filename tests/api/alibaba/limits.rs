//! Every documented limit, with a value at the limit and one beyond.

use serde_json::json;

use crate::alibaba::session::Session;

const S: (&str, &str) = ("SecretName", "s");
const INVALID: &str = "400 InvalidParameter";

/// Checks that a request is accepted with each value within a limit and rejected with each value beyond.
fn check(action: &str, fixed: &[(&str, &str)], name: &str, within: &[&str], beyond: &[&str]) {
    let ask = |value: &str| {
        let session = Session::new();
        session.create("s");
        session.put("s", "v2");
        let mut parameters = fixed.to_vec();
        parameters.push((name, value));
        session.verdict(action, &parameters)
    };
    for value in within {
        assert_eq!(
            ask(value),
            "OK",
            "{action} {name}: {value:.40} of {}",
            value.len()
        );
    }
    for value in beyond {
        assert_eq!(
            ask(value),
            INVALID,
            "{action} {name}: {value:.40} of {}",
            value.len()
        );
    }
}

fn of(length: usize) -> String {
    "x".repeat(length)
}

#[test]
fn names_ids_data_and_descriptions_have_maximum_lengths() {
    let new = [
        ("SecretName", "new"),
        ("VersionId", "1"),
        ("SecretData", "x"),
    ];
    let [name, version, data] = new;
    check(
        "CreateSecret",
        &[version, data],
        "SecretName",
        &[&of(192), "aZ09_/+=.@-$"],
        &[&of(193), "a b", "a:b", "a*", "é", "密", "$Auto"],
    );
    check(
        "CreateSecret",
        &[name, data],
        "VersionId",
        &[&of(64)],
        &[&of(65)],
    );
    check(
        "CreateSecret",
        &[name, version],
        "SecretData",
        &[&of(30_720), &"密".repeat(10_240)],
        &[&of(30_721), &"密".repeat(10_241)],
    );
    check(
        "CreateSecret",
        &new,
        "SecretDataType",
        &["text", "binary"],
        &["blob"],
    );
    check(
        "CreateSecret",
        &new,
        "Description",
        &[&of(256), &"密".repeat(256)],
        &[&of(257)],
    );
    check(
        "PutSecretValue",
        &[S, data],
        "VersionId",
        &[&of(64)],
        &[&of(65)],
    );
    check(
        "PutSecretValue",
        &[S, ("VersionId", "9")],
        "SecretData",
        &[&of(30_720)],
        &[&of(30_721)],
    );
    check(
        "UpdateSecret",
        &[S],
        "Description",
        &[&of(256)],
        &[&of(257)],
    );
    check("DescribeSecret", &[], "SecretName", &["s"], &[&of(193)]);
    check("RotateSecret", &[S], "VersionId", &[], &[&of(65)]);
}

#[test]
fn tags_are_limited_in_number_length_characters_and_prefix() {
    let tags = |count: usize| {
        let tags: Vec<_> = (0..count)
            .map(|n| json!({"TagKey": format!("k{n}"), "TagValue": ""}))
            .collect();
        json!(tags).to_string()
    };
    let tag = |key: &str, value: &str| json!([{"TagKey": key, "TagValue": value}]).to_string();
    let twice = r#"[{"TagKey":"a","TagValue":"1"},{"TagKey":"a","TagValue":"2"}]"#;
    let within = [
        tags(20),
        tag(&of(128), &of(128)),
        tag("a /\\_-.+=:@Z9", "b c"),
    ];
    let beyond = [
        tags(21),
        tag(&of(129), ""),
        tag("k", &of(129)),
        tag("a;b", ""),
        tag("k", "a*"),
        tag("", ""),
        tag("aliyun", ""),
        tag("acs:k", ""),
        twice.to_owned(),
        "{}".to_owned(),
    ];
    let (within, beyond) = (
        within.each_ref().map(|text| &**text),
        beyond.each_ref().map(|text| &**text),
    );
    let new = [
        ("SecretName", "new"),
        ("VersionId", "1"),
        ("SecretData", "x"),
    ];
    check("CreateSecret", &new, "Tags", &within, &beyond);
    check("TagResource", &[S], "Tags", &within, &beyond);

    let session = Session::new();
    session.create("s");
    session.ok("TagResource", &[S, ("Tags", &tags(20))]);
    assert_eq!(
        session.verdict("TagResource", &[S, ("Tags", &tags(20))]),
        "OK",
        "replaced"
    );
    assert_eq!(
        session.verdict("TagResource", &[S, ("Tags", &tag("one-more", ""))]),
        INVALID
    );
    let plural = [
        ("RegionId", "r"),
        ("ResourceType", "secret"),
        ("ResourceId.1", "s"),
    ];
    let tag_plural = |key: &str, value: &str| {
        let mut parameters = plural.to_vec();
        parameters.extend([("Tag.1.Key", key), ("Tag.1.Value", value)]);
        session.verdict("TagResources", &parameters)
    };
    assert_eq!(tag_plural("k0", &of(128)), "OK");
    assert_eq!(tag_plural("k0", &of(129)), "400 InvalidParameter.TagValue");
    assert_eq!(tag_plural(&of(129), ""), "400 InvalidParameter.TagKey");
    assert_eq!(tag_plural("acs:k", ""), "400 InvalidParameter.TagKey");
    assert_eq!(tag_plural("one-more", ""), INVALID);
    let mut twice = plural.to_vec();
    twice.extend([("Tag.1.Key", "a"), ("Tag.2.Key", "a")]);
    assert_eq!(
        session.verdict("TagResources", &twice),
        "400 Duplicate.TagKey"
    );
}

#[test]
fn at_most_fifty_resources_get_at_most_twenty_tags() {
    let session = Session::new();
    for number in 1..=51 {
        session.create(&format!("s{number}"));
    }
    let ask = |action: &str, resources: usize, numbered: usize, name: &dyn Fn(usize) -> String| {
        let resources = (1..=resources).map(|n| (format!("ResourceId.{n}"), format!("s{n}")));
        let numbered = (1..=numbered).map(|n| (name(n), format!("k{n}")));
        let all: Vec<_> = resources.chain(numbered).collect();
        let mut parameters = vec![("RegionId", "r"), ("ResourceType", "secret")];
        parameters.extend(all.iter().map(|(name, value)| (&**name, &**value)));
        session.verdict(action, &parameters)
    };
    let tag = |n: usize| format!("Tag.{n}.Key");
    let key = |n: usize| format!("TagKey.{n}");
    assert_eq!(ask("TagResources", 50, 20, &tag), "OK");
    assert_eq!(ask("TagResources", 51, 1, &tag), INVALID);
    assert_eq!(ask("TagResources", 1, 21, &tag), INVALID);
    assert_eq!(ask("ListTagResources", 50, 20, &tag), "OK");
    assert_eq!(ask("ListTagResources", 51, 0, &tag), INVALID);
    assert_eq!(ask("UntagResources", 50, 20, &key), "OK");
    assert_eq!(ask("UntagResources", 51, 1, &key), INVALID);
    assert_eq!(ask("UntagResources", 1, 21, &key), INVALID);
    assert_eq!(ask("UntagResources", 1, 0, &key), "400 MissingParameter");
    assert_eq!(ask("TagResources", 0, 1, &tag), "400 MissingParameter");
    assert_eq!(ask("TagResources", 1, 0, &tag), "400 MissingParameter");
}

#[test]
fn policies_and_configurations_have_maximum_sizes() {
    let policy = |length: usize| {
        let with = |user: &str| {
            let statement = json!({
                "Effect": "Allow",
                "Principal": {"RAM": [user]},
                "Action": ["kms:*"],
                "Resource": ["*"],
            });
            json!({"Version": "1", "Statement": [statement]}).to_string()
        };
        with(&of(length - with("").len()))
    };
    check(
        "SetSecretPolicy",
        &[S],
        "Policy",
        &[&policy(32_768)],
        &[
            &policy(32_769),
            "x",
            "[]",
            "{}",
            &policy(200).replace(r#""1""#, r#""2""#),
        ],
    );
    check(
        "GetSecretPolicy",
        &[S],
        "PolicyName",
        &["default", ""],
        &[&of(129)],
    );
    let new = [
        ("SecretName", "new"),
        ("VersionId", "1"),
        ("SecretData", "x"),
    ];
    check(
        "CreateSecret",
        &new,
        "Policy",
        &[&policy(32_768)],
        &[&policy(32_769), "x"],
    );

    let config = |length: usize| {
        let of_padding = |padding: usize| {
            json!({"SecretSubType": "SingleUser", "DBInstanceId": of(padding)}).to_string()
        };
        of_padding(length - of_padding(0).len())
    };
    let custom = |pairs: usize| {
        let pairs: serde_json::Map<_, _> =
            (0..pairs).map(|n| (format!("k{n}"), json!("v"))).collect();
        json!({"SecretSubType": "SingleUser", "DBInstanceId": "rm", "CustomData": pairs})
            .to_string()
    };
    let rds = [
        ("SecretName", "new"),
        ("VersionId", "1"),
        ("SecretType", "Rds"),
        (
            "SecretData",
            r#"{"Accounts":[{"AccountName":"a","AccountPassword":"p"}]}"#,
        ),
    ];
    check(
        "CreateSecret",
        &rds,
        "ExtendedConfig",
        &[&config(1_024), &custom(10)],
        &[&config(1_025), &custom(11)],
    );
    let mut rotating = rds.to_vec();
    rotating.extend([
        (
            "ExtendedConfig",
            r#"{"SecretSubType":"SingleUser","DBInstanceId":"rm"}"#,
        ),
        ("EnableAutomaticRotation", "true"),
    ]);
    check(
        "CreateSecret",
        &rotating,
        "RotationInterval",
        &["6h", "21600s", "8760h", "365d"],
        &["21599s", "5h", "8761h", "366d", "7", "x"],
    );
}

#[test]
fn numbers_have_bounds() {
    check(
        "DeleteSecret",
        &[S],
        "RecoveryWindowInDays",
        &["7", "30", ""],
        &["6", "31", "x", "-7"],
    );
    check(
        "GetRandomPassword",
        &[],
        "PasswordLength",
        &["8", "128"],
        &["7", "129"],
    );
    check(
        "ListSecretVersionIds",
        &[S],
        "PageSize",
        &["1", "100"],
        &["0", "101"],
    );
    check(
        "ListSecretVersionIds",
        &[S],
        "PageNumber",
        &["1", "2147483647"],
        &["0"],
    );
    let entries = |count: usize| json!(vec![json!({"SecretName": "s"}); count]).to_string();
    check(
        "BatchGetSecretValue",
        &[],
        "SecretsList",
        &[&entries(1), &entries(20)],
        &[&entries(0), &entries(21), "{}", "x"],
    );
}

#[test]
fn passwords_follow_the_options() {
    let session = Session::new();
    let password = |parameters: &[(&str, &str)]| {
        let reply = session.ok("GetRandomPassword", parameters);
        reply["RandomPassword"].as_str().unwrap().to_owned()
    };
    assert_eq!(password(&[]).len(), 32);
    for _ in 0..50 {
        let made = password(&[
            ("PasswordLength", "8"),
            ("ExcludePunctuation", "true"),
            ("ExcludeNumbers", "true"),
        ]);
        assert_eq!(made.len(), 8);
        assert!(
            made.chars()
                .all(|character| character.is_ascii_alphabetic()),
            "{made}"
        );
        assert!(
            made.chars().any(char::is_lowercase) && made.chars().any(char::is_uppercase),
            "{made}"
        );
        let made = password(&[("ExcludeCharacters", "abc!\"#")]);
        assert!(!made.contains(['a', 'b', 'c', '!', '"', '#']), "{made}");
    }
    let all = [
        "ExcludeLowercase",
        "ExcludeUppercase",
        "ExcludeNumbers",
        "ExcludePunctuation",
    ]
    .map(|name| (name, "true"));
    assert_eq!(session.verdict("GetRandomPassword", &all), INVALID);
    assert_eq!(
        session.verdict("GetRandomPassword", &[("ExcludeCharacters", "é")]),
        INVALID
    );
}
