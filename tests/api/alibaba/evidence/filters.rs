//! Evidence about filters and tags.

use kms_emulator::clouds::alibaba::{Alibaba, FilterMatch, FilterValues, Settings};
use kms_emulator::clouds::context::AuthMode::Lenient;
use kms_emulator::fixtures;
use kms_emulator::model::{Cloud, Scope};
use serde_json::{Value, json};

use super::S;
use crate::alibaba::session::Session;
use crate::support::{TestRequest, emulator, hint_of};

/// The number of secrets that a filter lists, and the hint.
fn filtered(session: &Session, filters: &Value) -> (Value, Option<String>) {
    let mut request = TestRequest::get("Action=ListSecrets");
    request.add_to_query("Filters", &filters.to_string());
    let reply = request.ask(&session.emulator);
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    (body["TotalCount"].clone(), hint_of(&reply))
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
        assert_eq!(fixture.secrets.len(), 4_005);
        let added = store.write(|store| fixtures::add(store, &fixture, &scope));
        added.unwrap();
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
