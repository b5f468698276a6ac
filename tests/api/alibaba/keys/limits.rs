//! Limits of keys, from the pages of the operations.

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

/// No quota applies, and a fault rule can inject the documented error.
#[test]
fn more_keys_and_aliases_than_the_default_quotas_are_accepted() {
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
