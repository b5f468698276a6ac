//! Limits of keys, from the pages of the operations.

use kms_emulator::clouds::alibaba::{Alibaba, Settings};
use serde_json::json;

use super::{INVALID, KEY, create};
use crate::alibaba::session::Session;

/// A policy of this many bytes.
fn policy(bytes: usize) -> String {
    let of_length = |length| {
        json!({
            "Version": "1",
            "Statement": [{
                "Effect": "Allow",
                "Principal": {"RAM": ["acs:ram::1000000000000000:*"]},
                "Action": [format!("kms:{}", "a".repeat(length))],
                "Resource": ["*"],
            }],
        })
        .to_string()
    };
    of_length(bytes - of_length(0).len())
}

fn tags(count: usize) -> String {
    let tags: Vec<_> = (0..count)
        .map(|n| json!({"TagKey": format!("k{n}")}))
        .collect();
    json!(tags).to_string()
}

#[test]
fn values_up_to_the_limit_are_accepted_and_longer_ones_rejected() {
    let text = |length: usize| "é".repeat(length);
    let alias = |length: usize| format!("alias/{}", "a".repeat(length - "alias/".len()));
    for (action, name, longest, longer) in [
        ("CreateKey", "Description", text(8192), text(8193)),
        (
            "UpdateKeyDescription",
            "Description",
            text(8192),
            text(8193),
        ),
        ("CreateKey", "Policy", policy(32_768), policy(32_769)),
        ("SetKeyPolicy", "Policy", policy(32_768), policy(32_769)),
        ("CreateKey", "Tags", tags(20), tags(21)),
        ("TagResource", "Tags", tags(20), tags(21)),
        ("CreateAlias", "AliasName", alias(255), alias(256)),
        (
            "ScheduleKeyDeletion",
            "PendingWindowInDays",
            "366".to_owned(),
            "367".to_owned(),
        ),
        ("ListKeys", "PageSize", "100".to_owned(), "101".to_owned()),
        (
            "ListAliases",
            "PageSize",
            "100".to_owned(),
            "101".to_owned(),
        ),
        (
            "ListKeyVersions",
            "PageSize",
            "100".to_owned(),
            "101".to_owned(),
        ),
    ] {
        let session = Session::new();
        let key = create(&session, &[]);
        let takes_key = !["CreateKey", "ListKeys", "ListAliases"].contains(&action);
        let verdict = |value: &str| {
            let mut parameters = vec![(name, value)];
            if takes_key {
                parameters.push(("KeyId", &key));
            }
            session.verdict(action, &parameters)
        };
        assert_eq!(verdict(&longer), INVALID, "{action} {name}");
        assert_eq!(verdict(&longest), "OK", "{action} {name}");
    }
}

#[test]
fn a_key_has_at_most_twenty_tags() {
    let session = Session::new();
    let key = create(&session, &[("Tags", &tags(20))]);
    let one_more = [("KeyId", &*key), ("Tags", r#"[{"TagKey":"other"}]"#)];
    assert_eq!(session.verdict("TagResource", &one_more), INVALID);
    let other_value = [
        ("KeyId", &*key),
        ("Tags", r#"[{"TagKey":"k0","TagValue":"v"}]"#),
    ];
    session.ok("TagResource", &other_value);
}

/// The notes on the pages `GetKeyPolicy` and `GetSecretPolicy`.
#[test]
fn keys_and_secrets_have_only_the_policy_named_default() {
    let session = Session::with_keys();
    session.create("s");
    for (name, result) in [
        ("default", "OK"),
        ("other", "404 Forbidden.ResourceNotFound"),
    ] {
        let name = ("PolicyName", name);
        assert_eq!(
            session.verdict("GetKeyPolicy", &[("KeyId", KEY), name]),
            result
        );
        let secret = [("SecretName", "s"), name];
        assert_eq!(session.verdict("GetSecretPolicy", &secret), result);
    }
}

/// The page *Limits* (2025). Keys of services do not count.
#[test]
fn quotas_apply_to_keys_aliases_and_versions_of_users() {
    let full = "400 Rejected.LimitExceeded";
    let session_with = |keys: usize, aliases: usize, versions: usize| {
        let aliases: Vec<_> = (0..aliases)
            .map(|n| json!({"AliasName": format!("alias/{n}")}))
            .collect();
        let versions: Vec<_> = (0..versions)
            .map(|n| json!({"KeyVersionId": n.to_string()}))
            .collect();
        let entry = |n| json!({"KeyId": format!("key-{n}")});
        let mut list: Vec<_> = (0..keys).map(entry).collect();
        list[0]["Aliases"] = aliases.into();
        list[0]["Versions"] = versions.into();
        list.push(json!({"KeyId": "key-s", "CreatorType": "Service", "Aliases": [{"AliasName": "alias/acs/ecs"}]}));
        let mut session = Session::new();
        session.emulator.clouds.alibaba = Alibaba::new(Settings {
            applies_quotas: true,
            ..Settings::default()
        });
        session.load(json!({"Keys": {"Key": list}}).to_string().as_bytes());
        session
    };
    let key = ("KeyId", "key-1");
    let session = session_with(199, 299, 1);
    for result in ["OK", full] {
        assert_eq!(session.verdict("CreateKey", &[]), result);
        let alias = [key, ("AliasName", &*format!("alias/new-{result:.2}"))];
        assert_eq!(session.verdict("CreateAlias", &alias), result);
    }
    assert_eq!(session.verdict("CreateKeyVersion", &[key]), "OK");
    session.create("s");
    assert_eq!(
        session.verdict(
            "Encrypt",
            &[("KeyId", "alias/acs/oss"), ("Plaintext", "aGk=")]
        ),
        "OK"
    );
    let other = [("AccessKeyId", "2000000000000000"), ("Signature", "x")];
    assert_eq!(
        session.verdict("CreateKey", &other),
        "OK",
        "the quota of an account"
    );

    let session = session_with(2, 1, 9_997);
    assert_eq!(session.verdict("CreateKeyVersion", &[key]), "OK");
    assert_eq!(session.verdict("CreateKey", &[]), "OK");
    assert_eq!(session.verdict("CreateKeyVersion", &[key]), full);
    assert_eq!(session.verdict("CreateKey", &[]), full);
}

#[test]
fn more_keys_and_aliases_than_the_quotas_are_accepted_by_default() {
    let session = Session::new();
    for number in 0..201 {
        let key = create(&session, &[]);
        for half in ["a", "b"] {
            let name = format!("alias/{half}{number}");
            session.ok("CreateAlias", &[("KeyId", &key), ("AliasName", &name)]);
        }
    }
    assert_eq!(
        session.ok("ListKeys", &[("PageSize", "1")])["TotalCount"],
        201
    );
    assert_eq!(
        session.ok("ListAliases", &[("PageSize", "1")])["TotalCount"],
        402
    );
}
