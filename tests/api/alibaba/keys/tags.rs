//! Tags of keys.

use serde_json::json;

use super::key_pairs::SIGNER;
use super::{INVALID, KEY, text};
use crate::alibaba::session::Session;

#[test]
fn tags_of_keys_are_listed() {
    let session = Session::with_keys();
    let tags = session.ok("ListResourceTags", &[("KeyId", "alias/orders")]);
    assert_eq!(
        tags["Tags"]["Tag"],
        json!([
            {"KeyId": KEY, "TagKey": "env", "TagValue": "test"},
            {"KeyId": KEY, "TagKey": "team", "TagValue": "shop"},
        ])
    );
    session.ok(
        "TagResource",
        &[
            ("KeyId", KEY),
            ("Tags", r#"[{"TagKey":"env","TagValue":"prod"}]"#),
        ],
    );
    session.ok("UntagResource", &[("KeyId", KEY), ("TagKeys", "team")]);
    session.ok(
        "TagResources",
        &[
            ("ResourceType", "key"),
            ("ResourceId.1", KEY),
            ("ResourceId.2", SIGNER),
            ("Tag.1.Key", "all"),
        ],
    );
    let listed = |parameters: &[(&str, &str)]| {
        let mut all = vec![("ResourceType", "key")];
        all.extend(parameters);
        let reply = session.ok("ListTagResources", &all);
        let rows = reply["TagResources"]["TagResource"]
            .as_array()
            .unwrap()
            .iter();
        rows.map(|row| {
            assert_eq!(row["ResourceType"], "key");
            format!(
                "{} {}={}",
                &text(&row["ResourceId"])[24..],
                text(&row["TagKey"]),
                text(&row["TagValue"])
            )
        })
        .collect::<Vec<_>>()
    };
    assert_eq!(listed(&[]), ["1 env=prod", "1 all=", "5 all="]);
    assert_eq!(
        listed(&[("Tag.1.Key", "env"), ("Tag.1.Value", "prod")]),
        ["1 env=prod", "1 all="]
    );
    assert_eq!(
        listed(&[("Tag.1.Key", "env"), ("Tag.1.Value", "test")]),
        Vec::<String>::new()
    );
    assert_eq!(listed(&[("ResourceId.1", SIGNER)]), ["5 all="]);
    session.ok(
        "UntagResources",
        &[
            ("ResourceType", "key"),
            ("ResourceId.1", KEY),
            ("All", "true"),
        ],
    );
    assert_eq!(listed(&[]), ["5 all="]);
    // Secrets are not affected.
    assert_eq!(
        session.ok("ListTagResources", &[("ResourceType", "secret")])["TagResources"]["TagResource"],
        json!([])
    );
    let both = [("KeyId", KEY), ("SecretName", "s"), ("TagKeys", "k")];
    assert_eq!(session.verdict("UntagResource", &both), INVALID);
}
