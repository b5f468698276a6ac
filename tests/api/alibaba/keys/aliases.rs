//! Aliases and ARNs of keys.

use serde_json::json;

use super::{INVALID, KEY, describe, text};
use crate::alibaba::session::Session;

#[test]
fn an_alias_or_an_arn_names_a_key_in_every_operation() {
    for reference in [
        "alias/orders",
        "alias/shop/orders",
        "acs:kms:cn-hangzhou:1000000000000000:key/key-hzz000000000000000001",
        "acs:kms:cn-hangzhou:1000000000000000:alias/orders",
    ] {
        let session = Session::with_keys();
        assert_eq!(describe(&session, reference)["KeyId"], KEY);
        let encrypted = session.ok("Encrypt", &[("KeyId", reference), ("Plaintext", "aGk=")]);
        assert_eq!(encrypted["KeyId"], KEY);
        let aliases = session.ok("ListAliasesByKeyId", &[("KeyId", reference)]);
        assert_eq!(aliases["TotalCount"], 2);
        for action in ["DisableKey", "EnableKey"] {
            session.ok(action, &[("KeyId", reference)]);
        }
        session.ok(
            "UpdateKeyDescription",
            &[("KeyId", reference), ("Description", "d")],
        );
        session.ok(
            "ScheduleKeyDeletion",
            &[("KeyId", reference), ("PendingWindowInDays", "7")],
        );
        session.ok("CancelKeyDeletion", &[("KeyId", reference)]);
        assert_eq!(describe(&session, KEY)["Description"], "d");
    }
    let session = Session::with_keys();
    for (reference, expected) in [
        ("alias/unknown", "404 Forbidden.AliasNotFound"),
        (
            "acs:kms:cn-beijing:1000000000000000:key/key-hzz000000000000000001",
            "404 Forbidden.KeyNotFound",
        ),
        (
            "acs:kms:cn-hangzhou:2000000000000000:alias/orders",
            "404 Forbidden.AliasNotFound",
        ),
        ("acs:kms:cn-hangzhou:1000000000000000:secret/s", INVALID),
        ("alias/", INVALID),
        ("", "400 MissingParameter"),
    ] {
        assert_eq!(
            session.verdict("DescribeKey", &[("KeyId", reference)]),
            expected,
            "{reference}"
        );
    }
}

#[test]
fn aliases_are_listed_and_moved() {
    let session = Session::with_keys();
    let other = "key-hzz000000000000000002";
    let of = |key: &str| {
        let reply = session.ok("ListAliasesByKeyId", &[("KeyId", key)]);
        let aliases = reply["Aliases"]["Alias"].as_array().unwrap().iter();
        aliases
            .map(|alias| text(&alias["AliasName"]))
            .collect::<Vec<_>>()
    };
    assert_eq!(of(KEY), ["alias/orders", "alias/shop/orders"]);
    session.ok(
        "UpdateAlias",
        &[("KeyId", other), ("AliasName", "alias/orders")],
    );
    assert_eq!(
        (of(KEY), of(other)),
        (
            vec!["alias/shop/orders".into()],
            vec!["alias/orders".into()]
        )
    );
    let all = session.ok("ListAliases", &[("PageSize", "1"), ("PageNumber", "2")]);
    assert_eq!(all["TotalCount"], 3);
    assert_eq!(
        all["Aliases"]["Alias"],
        json!([{
            "KeyId": KEY,
            "AliasName": "alias/shop/orders",
            "AliasArn": "acs:kms:cn-hangzhou:1000000000000000:alias/shop/orders",
        }])
    );
    session.ok("DeleteAlias", &[("AliasName", "alias/orders")]);
    assert!(of(other).is_empty());
    let long = format!("alias/{}", "a".repeat(250));
    for name in ["orders", "alias/", "alias/acs/ecs", "alias/a b", &long] {
        let parameters = [("KeyId", KEY), ("AliasName", name)];
        assert_eq!(
            session.verdict("CreateAlias", &parameters),
            INVALID,
            "{name}"
        );
    }
}
