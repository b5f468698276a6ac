//! `ListSecrets`: members, order, filters and pages.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::session::{Session, request};

/// A session with secrets and tags, created in this order; three of them in the same second.
fn with_secrets() -> Session {
    let session = Session::new();
    for (seconds, name, tags) in [
        (0, "app-db", json!([{"TagKey": "env", "TagValue": "dev"}])),
        (
            10,
            "app-cache",
            json!([{"TagKey": "env", "TagValue": "prod"}, {"TagKey": "team", "TagValue": "a"}]),
        ),
        (
            0,
            "zeta",
            json!([{"TagKey": "env", "TagValue": "prod"}, {"TagKey": "team", "TagValue": "b"}]),
        ),
        (0, "Alpha", json!([{"TagKey": "team", "TagValue": "prod"}])),
        (10, "last", json!([])),
    ] {
        session.advance(TimeDelta::seconds(seconds));
        session.ok(
            "CreateSecret",
            &json!({"SecretName": name, "SecretString": "x", "Tags": tags}),
        );
    }
    session
}

const OLDEST_FIRST: [&str; 5] = ["app-db", "app-cache", "zeta", "Alpha", "last"];

#[test]
fn the_order_is_by_creation_also_within_a_second() {
    let session = with_secrets();
    let (names, total) = session.list(&json!({"OrderType": 1}));
    assert_eq!(
        (names, total),
        (OLDEST_FIRST.map(str::to_owned).to_vec(), 5)
    );
    let (mut names, _) = session.list(&json!({}));
    names.reverse();
    assert_eq!(names, OLDEST_FIRST);
}

#[test]
fn pages_do_not_overlap_and_keep_the_total() {
    let session = with_secrets();
    for order in [0, 1] {
        let whole = session.list(&json!({"OrderType": order})).0;
        let mut pages = Vec::new();
        for offset in [0, 2, 4, 6] {
            let (names, total) =
                session.list(&json!({"OrderType": order, "Offset": offset, "Limit": 2}));
            assert_eq!(total, 5);
            pages.extend(names);
        }
        assert_eq!(pages, whole);
    }
    let past = session.list(&json!({"Offset": u64::MAX, "Limit": 200}));
    assert_eq!(past, (vec![], 5));
}

#[test]
fn a_limit_of_0_is_the_default_of_20() {
    let session = Session::new();
    for number in 0..21 {
        session.create(&format!("s{number}"));
    }
    for parameters in [json!({}), json!({"Limit": 0}), json!({"Limit": 20})] {
        assert_eq!(session.list(&parameters).0.len(), 20);
    }
    assert_eq!(session.list(&json!({"Limit": 21})).0.len(), 21);
}

#[test]
fn a_search_finds_a_literal_part_of_the_name_case_sensitively() {
    let session = with_secrets();
    for (search, names) in [
        ("", vec!["last", "Alpha", "zeta", "app-cache", "app-db"]),
        ("a", vec!["last", "Alpha", "zeta", "app-cache", "app-db"]),
        ("A", vec!["Alpha"]),
        ("ta", vec!["zeta"]),
        ("app", vec!["app-cache", "app-db"]),
        ("pp-c", vec!["app-cache"]),
        ("app-db", vec!["app-db"]),
        ("APP", vec![]),
        ("a%", vec![]),
        ("a*a", vec![]),
        ("app_", vec![]),
        ("\" OR \"", vec![]),
        ("密", vec![]),
        // Found by fuzzing: this text ended the query of the index.
        ("a\0b", vec![]),
        ("\0\0\0", vec![]),
    ] {
        let (found, total) = session.list(&json!({"SearchSecretName": search}));
        assert_eq!(found, names, "{search}");
        assert_eq!(total, names.len() as u64);
    }
}

#[test]
fn a_secret_must_match_every_tag_filter_with_one_of_its_values() {
    let session = with_secrets();
    for (filters, names) in [
        (
            json!([{"TagKey": "env"}]),
            vec!["zeta", "app-cache", "app-db"],
        ),
        (
            json!([{"TagKey": "env", "TagValue": []}]),
            vec!["zeta", "app-cache", "app-db"],
        ),
        (
            json!([{"TagKey": "env", "TagValue": ["prod"]}]),
            vec!["zeta", "app-cache"],
        ),
        (
            json!([{"TagKey": "env", "TagValue": ["prod", "dev"]}]),
            vec!["zeta", "app-cache", "app-db"],
        ),
        (
            json!([{"TagKey": "env", "TagValue": ["prod"]}, {"TagKey": "team", "TagValue": ["b"]}]),
            vec!["zeta"],
        ),
        (
            json!([{"TagKey": "env", "TagValue": ["prod"]}, {"TagKey": "env", "TagValue": ["dev"]}]),
            vec![],
        ),
        (json!([{"TagKey": "ENV"}]), vec![]),
        (json!([{"TagKey": "env", "TagValue": ["Prod"]}]), vec![]),
        // The value of another key.
        (json!([{"TagKey": "team", "TagValue": ["dev"]}]), vec![]),
        (json!([{"TagKey": "nothing", "TagValue": ["x"]}]), vec![]),
    ] {
        let (found, total) = session.list(&json!({"TagFilters": filters}));
        assert_eq!(found, names, "{filters}");
        assert_eq!(total, names.len() as u64);
    }
}

#[test]
fn state_selects_one_state_or_all() {
    let session = with_secrets();
    session.disable("zeta");
    session.disable("Alpha");
    session.ok(
        "DeleteSecret",
        &json!({"SecretName": "Alpha", "RecoveryWindowInDays": 1}),
    );
    for (state, names) in [
        (0, vec!["last", "Alpha", "zeta", "app-cache", "app-db"]),
        (1, vec!["last", "app-cache", "app-db"]),
        (2, vec!["zeta"]),
        (3, vec!["Alpha"]),
        (4, vec![]),
        (5, vec![]),
    ] {
        assert_eq!(session.list(&json!({"State": state})).0, names, "{state}");
    }
    let all = json!({"State": 1, "SearchSecretName": "a", "OrderType": 1, "EncryptType": 0,
        "TagFilters": [{"TagKey": "env", "TagValue": ["prod", "dev"]}], "Offset": 1});
    assert_eq!(session.list(&all), (vec!["app-cache".to_owned()], 2));
}

#[test]
fn secrets_of_other_types_are_listed_only_with_secret_type() {
    let session = with_secrets();
    for secret_type in 1..=4 {
        assert_eq!(
            session.list(&json!({"SecretType": secret_type})),
            (vec![], 0)
        );
    }
    let ignored = json!({"ProductName": "Mysql"});
    assert_eq!(session.list(&ignored).1, 5, "it counts with type 1 only");
    assert_eq!(session.list(&json!({"InstanceID": "cdb-1"})).1, 0);
}

#[test]
fn a_secret_is_listed_with_all_23_members() {
    let session = Session::new();
    session.ok(
        "CreateSecret",
        &json!({"SecretName": "s", "SecretString": "x", "KmsKeyId": "31da3478-85b2-11f1-9b54-525400f44230", "Description": "d"}),
    );
    let mut listed = session.ok("ListSecrets", &json!({}))["SecretMetadatas"][0].take();
    let resource_id = listed["ResourceID"].take();
    assert_eq!(
        listed,
        json!({
            "SecretName": "s",
            "Description": "d",
            "KmsKeyId": "31da3478-85b2-11f1-9b54-525400f44230",
            "CreateUin": 1_000_000_000_000_000_u64,
            "Status": "Enabled",
            "DeleteTime": 0,
            "CreateTime": 1_767_323_045,
            "KmsKeyType": "CUSTOMER",
            "RotationStatus": 0,
            "NextRotationTime": 0,
            "SecretType": 0,
            "ProductName": "default",
            "ResourceName": "",
            "ProjectID": 0,
            "AssociatedInstanceIDs": [],
            "TargetUin": 0,
            "RotationFrequency": 0,
            "ResourceID": null,
            "RotationBeginTime": "",
            "EncryptType": 0,
            "EncryptSwitching": false,
            "CreateUinString": "1000000000000000",
            "TargetUinString": "0",
        })
    );
    assert_eq!(listed.as_object().unwrap().len(), 23);
    let parts: Vec<_> = resource_id.as_str().unwrap().split('_').collect();
    let [app_id, uin, kind, nanoseconds, letters] = parts[..] else {
        panic!("{resource_id}")
    };
    assert!(app_id.parse::<u64>().is_ok());
    assert_eq!((uin, kind), ("1000000000000000", "customize"));
    assert_eq!(nanoseconds, "1767323045000000000");
    assert_eq!(letters.len(), 3);
    assert!(letters.bytes().all(|byte| byte.is_ascii_alphanumeric()));
}

#[test]
fn each_region_has_one_default_key() {
    let session = Session::new();
    let key_in = |region: &str| {
        let create = request(
            "CreateSecret",
            &json!({"SecretName": "s", "SecretString": "x"}),
        );
        session.ask(&create.header("X-TC-Region", region));
        let list = request("ListSecrets", &json!({})).header("X-TC-Region", region);
        let listed = session.ask(&list)["SecretMetadatas"][0].take();
        assert_eq!(listed["KmsKeyType"], "DEFAULT");
        let describe = request("DescribeSecret", &json!({"SecretName": "s"}));
        let described = session.ask(&describe.header("X-TC-Region", region));
        assert_eq!(described["KmsKeyId"], listed["KmsKeyId"]);
        let key = listed["KmsKeyId"].as_str().unwrap().to_owned();
        assert_eq!(
            key.split('-').map(str::len).collect::<Vec<_>>(),
            [8, 4, 4, 4, 12]
        );
        key
    };
    assert_ne!(key_in("ap-guangzhou"), key_in("ap-tokyo"));
}

#[test]
fn an_empty_list_is_an_empty_array() {
    let response = Session::new().ok("ListSecrets", &json!({}));
    assert_eq!(response["SecretMetadatas"], Value::Array(vec![]));
    assert_eq!(response["TotalCount"], 0);
}
