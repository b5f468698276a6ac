//! A reply of `ListSecrets` is a fixture in each shape that SDKs and tools print.
//!
//! The files were printed by the programs that their names say; only the headers of the HTTP reply were
//! shortened.

use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use kms_emulator::clouds::context::AuthMode;
use kms_emulator::clouds::fixture::{Fixture, ParseError};
use kms_emulator::emulator::Emulator;
use kms_emulator::emulator::clock::FixedClock;
use kms_emulator::fixtures::baseline::Baseline;
use kms_emulator::fixtures::{self, Defaults, Progress};
use kms_emulator::model::{Cloud, SecretData, State};
use kms_emulator::store::{Store, StoredSecret};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::support::{TestRequest, defaults, emulator_on, hint_of, now};
use crate::tencent::session::request as tencent_request;

fn file(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/api/fixture_shapes")
        .join(name);
    fs::read(path).unwrap()
}

fn parse(file: &[u8]) -> Result<Vec<Fixture>, ParseError> {
    let defaults = Defaults {
        time: now(),
        ..defaults()
    };
    fixtures::parse(file, &defaults)
}

/// The secrets of a file, all of the same cloud, without members that were ignored.
fn secrets(cloud: Cloud, file: &[u8]) -> Vec<StoredSecret> {
    let fixtures = parse(file).unwrap();
    let secrets = fixtures.into_iter().flat_map(|fixture| {
        assert_eq!(fixture.cloud, cloud);
        assert_eq!(fixture.ignored, [""; 0]);
        fixture.secrets
    });
    secrets.collect()
}

fn time(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Checks the first secret, which is the same in every file of Alibaba Cloud.
fn check_first(
    StoredSecret {
        secret, versions, ..
    }: &StoredSecret,
) {
    assert_eq!(secret.name, "shapes/one");
    assert_eq!(secret.created_at, time("2024-03-04T08:15:30Z"));
    assert_eq!(secret.updated_at, time("2024-03-05T08:15:30Z"));
    assert_eq!(secret.secret_type.name(), "Generic");
    assert_eq!(
        (&*secret.tags[0].key, &*secret.tags[0].value),
        ("Env_Name", "prod")
    );
    assert!(versions.is_empty());
}

fn check_two(name: &str) {
    let [first, second] = &secrets(Cloud::Alibaba, &file(name))[..] else {
        panic!("two secrets expected in {name}");
    };
    check_first(first);
    assert_eq!(
        (&*first.secret.tags[1].key, &*first.secret.tags[1].value),
        ("empty", "")
    );
    assert_eq!(first.secret.tags.len(), 2);
    assert_eq!(second.secret.name, "shapes/two");
    assert_eq!(second.secret.created_at, time("2024-03-04T08:15:31Z"));
    assert_eq!(
        second.secret.state,
        State::PendingDeletion {
            planned_delete_at: time("2098-01-01T00:00:00Z")
        }
    );
    assert!(second.secret.tags.is_empty());
}

fn check_one(name: &str) {
    let [first] = &secrets(Cloud::Alibaba, &file(name))[..] else {
        panic!("one secret expected in {name}");
    };
    check_first(first);
    assert_eq!(first.secret.tags.len(), 1);
}

/// Files of Tencent Cloud are read from their end: the newest secret is listed first and stored last.
fn check_tencent(name: &str) {
    let mut secrets = secrets(Cloud::Tencent, &file(name));
    secrets.sort_by_key(|stored| stored.secret.created_at);
    let [older, newer] = &secrets[..] else {
        panic!("two secrets expected in {name}");
    };
    assert_eq!(newer.secret.name, "shapes-one");
    assert_eq!(newer.secret.created_at.timestamp(), 1_709_540_130);
    assert_eq!(newer.secret.description, "d");
    assert_eq!(newer.secret.creator.as_deref(), Some("100012345678"));
    assert_eq!(newer.secret.encryption_key_id, None);
    assert_eq!(older.secret.name, "shapes-two");
    assert_eq!(older.secret.state, State::Disabled);
    assert_eq!(older.secret.encryption_key_id.as_deref(), Some("k"));
}

macro_rules! shapes {
    ($($test:ident: $check:ident($file:literal);)*) => {$(
        #[test]
        fn $test() {
            $check($file);
        }
    )*};
}

shapes! {
    python_sdk_reply_as_a_map_is_a_fixture: check_two("python_tea_to_map.json");
    python_sdk_reply_by_its_variables_is_a_fixture: check_two("python_tea_vars.json");
    go_sdk_reply_is_a_fixture: check_two("go_tea_prettify.json");
    node_sdk_reply_is_a_fixture: check_two("node_json_stringify.json");
    secret_list_picked_by_jq_is_a_fixture: check_two("jq_secret_list.json");
    array_of_secrets_is_a_fixture: check_two("jq_bare_array.json");
    arrays_of_secrets_joined_by_jq_are_a_fixture: check_two("jq_slurped_arrays.json");
    one_reply_per_line_is_a_fixture: check_two("one_reply_per_line.jsonl");
    one_secret_per_line_is_a_fixture: check_two("one_secret_per_line.jsonl");
    replies_appended_to_one_file_are_a_fixture: check_two("replies_appended.json");
    array_of_pages_is_a_fixture: check_two("array_of_pages.json");
    array_of_sdk_replies_is_a_fixture: check_two("array_of_tea_replies.json");
    reply_as_xml_is_a_fixture: check_two("reply.xml");
    xml_of_the_vendors_page_is_a_fixture: check_two("reply_of_documentation.xml");
    xml_converted_by_xmltodict_is_a_fixture: check_two("xmltodict.json");
    xml_converted_by_fast_xml_parser_is_a_fixture: check_two("fast_xml_parser.json");
    single_secret_converted_by_xmltodict_is_a_fixture: check_one("xmltodict_one_secret.json");
    single_secret_converted_by_xml_js_is_a_fixture: check_one("xml_js_one_secret.json");
    utf_16_as_powershell_writes_it_is_a_fixture: check_two("powershell_utf16le.json");
    big_endian_utf_16_is_a_fixture: check_two("utf16be.json");
    utf_8_with_a_byte_order_mark_is_a_fixture: check_two("utf8_bom.json");
    tencent_node_sdk_reply_is_a_fixture: check_tencent("tencent_node_json_stringify.json");
    tencent_go_sdk_reply_is_a_fixture: check_tencent("tencent_go_to_json_string.json");
    tencent_array_of_secrets_is_a_fixture: check_tencent("tencent_jq_bare_array.json");
    tencent_reply_per_line_is_a_fixture: check_tencent("tencent_one_reply_per_line.jsonl");
    tencent_reply_in_camel_case_is_a_fixture: check_tencent("tencent_camel_case.json");
}

#[test]
fn utf_16_needs_no_byte_order_mark() {
    let text = r#"{"SecretList":{"Secret":[{"SecretName":"a"}]}}"#;
    for bytes in [
        text.encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<_>>(),
        text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
    ] {
        assert_eq!(secrets(Cloud::Alibaba, &bytes)[0].secret.name, "a");
    }
}

#[test]
fn empty_lists_and_values_are_read_in_every_spelling() {
    for tags in [
        "{}",
        "null",
        r#""""#,
        r#"{"Tag":null}"#,
        r#"{"Tag":[]}"#,
        r#"{"Tag":""}"#,
        "[]",
    ] {
        let text = format!(
            r#"{{"SecretList":{{"Secret":[{{"SecretName":"a","CreateTime":"2024-03-04T08:15:30Z","Tags":{tags}}}]}}}}"#
        );
        let secrets = secrets(Cloud::Alibaba, text.as_bytes());
        assert_eq!(secrets[0].secret.tags, [], "{tags}");
    }
    for tag in [r#"{"TagKey":"k","TagValue":null}"#, r#"{"TagKey":"k"}"#] {
        for text in [
            format!(
                r#"{{"SecretList":{{"Secret":[{{"SecretName":"a","Tags":{{"Tag":[{tag}]}}}}]}}}}"#
            ),
            format!(r#"{{"SecretMetadatas":[{{"SecretName":"a","Tags":[{tag}]}}]}}"#),
        ] {
            let fixtures = parse(text.as_bytes()).unwrap();
            let tag = &fixtures[0].secrets[0].secret.tags[0];
            assert_eq!((&*tag.key, &*tag.value), ("k", ""), "{text}");
        }
    }
    for text in [
        r#"{"SecretList":{}}"#,
        r#"{"SecretList":{"Secret":null}}"#,
        r#"{"SecretMetadatas":null,"TotalCount":0}"#,
        r#"{"Response":{"SecretMetadatas":[],"RequestId":"r"}}"#,
        "<KMS><SecretList></SecretList><RequestId>r</RequestId></KMS>",
        "[]",
    ] {
        let fixtures = parse(text.as_bytes()).unwrap();
        let count: usize = fixtures.iter().map(|fixture| fixture.secrets.len()).sum();
        assert_eq!(count, 0, "{text}");
    }
}

#[test]
fn only_the_name_of_a_secret_is_required() {
    for (cloud, text) in [
        (
            Cloud::Alibaba,
            r#"{"SecretList":{"Secret":[{"SecretName":"a"}]}}"#,
        ),
        (Cloud::Alibaba, r#"[{"SecretName":"a"}]"#),
        (Cloud::Alibaba, r#"{"SecretName":"a"}"#),
        (
            Cloud::Tencent,
            r#"{"SecretMetadatas":[{"SecretName":"a"}]}"#,
        ),
        (Cloud::Tencent, r#"[{"SecretName":"a","Status":"Enabled"}]"#),
    ] {
        let secrets = secrets(cloud, text.as_bytes());
        assert_eq!(secrets[0].secret.name, "a", "{text}");
        assert_eq!(secrets[0].secret.created_at, now(), "{text}");
        assert_eq!(secrets[0].secret.updated_at, now(), "{text}");
    }
}

#[test]
fn versions_without_an_id_get_one_that_no_other_has() {
    let text = r#"[{"SecretName":"a","Versions":[
        {"SecretData":"1","VersionStages":["ACSCurrent"]},
        {"VersionId":"v1","SecretData":"2"},
        {"VersionId":null,"SecretData":"3"}]}]"#;
    let secrets = secrets(Cloud::Alibaba, text.as_bytes());
    let versions = secrets[0].versions.iter();
    let versions: Vec<_> = versions
        .map(|version| (&*version.version_id, version.data.expose()))
        .collect();
    assert_eq!(versions, [("v2", "1"), ("v1", "2"), ("v3", "3")]);
}

#[test]
fn get_secret_value_reply_is_a_secret_with_a_value() {
    let text = r#"{"SecretName":"a","VersionId":"x","SecretData":"value","SecretDataType":"text",
        "VersionStages":{"VersionStage":["ACSCurrent"]},"CreateTime":"2024-03-04T08:15:30Z","RequestId":"r"}"#;
    let fixtures = parse(text.as_bytes()).unwrap();
    let version = &fixtures[0].secrets[0].versions[0];
    assert_eq!(
        (&*version.version_id, version.data.expose()),
        ("x", "value")
    );
    assert_eq!(version.stages, ["ACSCurrent"]);
    let text = r#"{"SecretName":"a","VersionId":"x","SecretBinary":"","SecretString":"value"}"#;
    let secrets = secrets(Cloud::Tencent, text.as_bytes());
    assert_eq!(secrets[0].versions[0].data.expose(), "value");
}

#[test]
fn get_secret_value_reply_is_read_in_every_format_of_a_reply() {
    let members = r#""SecretName":"a","VersionId":"x","SecretData":"value","SecretDataType":"text",
        "VersionStages":{"VersionStage":["ACSCurrent"]},"CreateTime":"2024-03-04T08:15:30Z","RequestId":"r""#;
    let xml = "<SecretName>a</SecretName><VersionId>x</VersionId><SecretData>value</SecretData>\
        <SecretDataType>text</SecretDataType><CreateTime>2024-03-04T08:15:30Z</CreateTime>\
        <VersionStages><VersionStage>ACSCurrent</VersionStage></VersionStages><RequestId>r</RequestId>";
    for text in [
        format!("{{{members}}}"),
        format!(r#"{{"headers":{{"date":"d"}},"statusCode":200,"body":{{{members}}}}}"#),
        format!("<KMS>{xml}</KMS>"),
        format!("<GetSecretValueResponse>{xml}</GetSecretValueResponse>"),
        r#"{"KMS":{"SecretName":"a","VersionId":"x","SecretData":"value","CreateTime":"2024-03-04T08:15:30Z",
            "VersionStages":{"VersionStage":"ACSCurrent"},"RequestId":"r"}}"#
            .to_owned(),
    ] {
        let secrets = secrets(Cloud::Alibaba, text.as_bytes());
        assert_eq!(secrets[0].secret.name, "a", "{text}");
        let version = &secrets[0].versions[0];
        assert_eq!(
            (&*version.version_id, version.data.expose()),
            ("x", "value"),
            "{text}"
        );
        assert_eq!(version.stages, ["ACSCurrent"], "{text}");
    }
    let members = r#""SecretName":"a","VersionId":"x","SecretBinary":"","SecretString":"value""#;
    for text in [
        format!(r#"{{{members},"RequestId":"r"}}"#),
        format!(r#"{{"Response":{{{members},"RequestId":"r"}}}}"#),
        format!(r#"{{"Response":{{{members}}}}}"#),
        format!(r#"[{{"Response":{{{members},"RequestId":"r"}}}}]"#),
        format!("{{\"Response\":{{{members}}}}}\n{{\"Response\":{{{members}}}}}\n"),
    ] {
        let secrets = secrets(Cloud::Tencent, text.as_bytes());
        let version = &secrets[0].versions[0];
        assert_eq!(
            (&*version.version_id, version.data.expose()),
            ("x", "value"),
            "{text}"
        );
    }
}

/// An emulator that started with a file.
fn started(text: &str, value: Option<&str>) -> Emulator {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("saved.json");
    fs::write(&path, text).unwrap();
    let store = Store::in_memory().unwrap();
    let mut emulator = emulator_on(store, FixedClock::new(now()), AuthMode::Lenient);
    let defaults = Defaults {
        value: value.map(SecretData::from),
        ..emulator.defaults()
    };
    emulator.fixtures =
        Baseline::load(&emulator.store, vec![path], defaults, &Progress::default()).unwrap();
    emulator
}

fn alibaba_value(emulator: &Emulator, name: &str) -> (Value, Option<String>) {
    let query = format!("Action=GetSecretValue&Version=2016-01-20&SecretName={name}");
    let reply = TestRequest::get(&query).ask(emulator);
    let body = serde_json::from_slice(&reply.body).unwrap();
    (body, hint_of(&reply))
}

fn tencent_value(emulator: &Emulator, parameters: &Value) -> (Value, Option<String>) {
    let reply = tencent_request("GetSecretValue", parameters).ask(emulator);
    let mut body: Value = serde_json::from_slice(&reply.body).unwrap();
    (body["Response"].take(), hint_of(&reply))
}

#[test]
fn object_of_names_and_values_is_a_fixture() {
    let emulator = started(
        r#"{"app/database": "not a real password", "app/b": "c"}"#,
        None,
    );
    let (body, _) = alibaba_value(&emulator, "app/database");
    assert_eq!(body["SecretData"], "not a real password", "{body}");
    assert_eq!(
        body["VersionStages"],
        json!({"VersionStage": ["ACSCurrent"]})
    );
    assert_eq!(alibaba_value(&emulator, "app/b").0["SecretData"], "c");

    let emulator = started(r#"{"SecretMetadatas": {"app-database": "value"}}"#, None);
    let wanted = json!({"SecretName": "app-database", "VersionId": "v1"});
    assert_eq!(tencent_value(&emulator, &wanted).0["SecretString"], "value");

    let text = r#"{"Account":"2222222222222222","Region":"cn-beijing","SecretList":{"a":"b"}}"#;
    let fixtures = parse(text.as_bytes()).unwrap();
    assert_eq!(fixtures[0].account.as_deref(), Some("2222222222222222"));
    assert_eq!(fixtures[0].region.as_deref(), Some("cn-beijing"));
    assert_eq!(fixtures[0].secrets[0].versions[0].data.expose(), "b");
}

#[test]
fn secret_without_a_value_is_explained_when_its_value_is_read() {
    let emulator = started(r#"[{"SecretName":"a"}]"#, None);
    let (body, hint) = alibaba_value(&emulator, "a");
    assert_eq!(body["Code"], "Forbidden.ResourceNotFound");
    let hint = hint.unwrap();
    assert!(
        hint.contains("`a` has no value") && hint.contains("--default-secret-value"),
        "{hint}"
    );

    let emulator = started(r#"{"SecretMetadatas":[{"SecretName":"a"}]}"#, None);
    let (body, hint) = tencent_value(&emulator, &json!({"SecretName": "a", "VersionId": "v1"}));
    assert_eq!(body["Error"]["Code"], "ResourceNotFound");
    assert!(hint.unwrap().contains("`a` has no value"));
}

#[test]
fn default_value_is_given_to_secrets_without_one() {
    let text = r#"[[{"SecretName":"a"},{"SecretName":"b","SecretData":"own"}],{"SecretMetadatas":[{"SecretName":"a"}]}]"#;
    let emulator = started(text, Some("fallback"));
    assert_eq!(alibaba_value(&emulator, "a").0["SecretData"], "fallback");
    assert_eq!(alibaba_value(&emulator, "b").0["SecretData"], "own");
    let wanted = json!({"SecretName": "a", "VersionId": "v1"});
    assert_eq!(
        tencent_value(&emulator, &wanted).0["SecretString"],
        "fallback"
    );
}

#[test]
fn unknown_shape_is_refused_with_the_known_ones_and_without_values() {
    for (text, found) in [
        (r#"{"name":7,"other":"hunter2"}"#, "members `name`, `other`"),
        (r#"["hunter2"]"#, "a text"),
        ("[7777777]", "a number"),
        ("{}", "an object without members"),
        ("null", "`null`"),
        ("<html><body>hunter2</body></html>", "root element `html`"),
        ("<KMS>hunter2</KMS>", "root element `KMS`"),
        (r#"{"SecretList":"hunter2"}"#, "not a list"),
    ] {
        let mistake = parse(text.as_bytes()).unwrap_err();
        assert!(mistake.reason.contains(found), "{text}: {mistake:?}");
        assert!(
            mistake.reason.contains("a reply of ListSecrets"),
            "{mistake:?}"
        );
        assert!(!mistake.reason.contains("hunter2"), "{mistake:?}");
        assert!(!mistake.reason.contains("777"), "{mistake:?}");
    }
}

#[test]
fn saved_error_is_not_taken_for_secrets() {
    for text in [
        r#"{"RequestId":"r","HostId":"h","Code":"Forbidden.NoPermission","Message":"m"}"#,
        r#"{"Response":{"Error":{"Code":"Forbidden.NoPermission","Message":"m"},"RequestId":"r"}}"#,
        "<Error><RequestId>r</RequestId><Code>Forbidden.NoPermission</Code></Error>",
    ] {
        let mistake = parse(text.as_bytes()).unwrap_err();
        let expected = "the reply is the error `Forbidden.NoPermission`";
        assert!(mistake.reason.contains(expected), "{text}: {mistake:?}");
    }
}

#[test]
fn mistake_in_another_shape_has_its_place() {
    for (text, place) in [
        (
            r#"[{"SecretName":"a"},{"SecretName":"b","CreateTime":"yesterday"}]"#,
            "SecretList.Secret[1].CreateTime",
        ),
        (
            "{\"SecretList\":{\"Secret\":[]}}\n{\"secretList\":{\"secret\":[{\"secretName\":\"b\",\"createTime\":\"x\"}]}}",
            "[1].SecretList.Secret[0].CreateTime",
        ),
        (
            r#"{"SecretMetadatas":[{"SecretName":"b","secretName":"c"}]}"#,
            "SecretMetadatas[0]",
        ),
    ] {
        let mistake = parse(text.as_bytes()).unwrap_err();
        assert_eq!(mistake.place, place, "{mistake:?}");
    }
}

#[test]
fn member_that_occurs_twice_is_refused() {
    for text in [
        r#"{"SecretName":"a","SecretName":"b"}"#,
        r#"{"a":"1","a":"2"}"#,
    ] {
        let mistake = parse(text.as_bytes()).unwrap_err();
        assert!(mistake.reason.contains("duplicate field"), "{mistake:?}");
    }
}

#[test]
fn truncated_and_nested_texts_are_refused() {
    for text in [
        "<KMS><SecretList>".to_owned(),
        "<KMS>".repeat(100_000),
        "<!DOCTYPE a [<!ENTITY b \"c\">]><KMS><SecretList>&b;</SecretList></KMS>".to_owned(),
        "[".repeat(100_000),
        format!("[{}]", "7,".repeat(1_000_001)),
        "<a/>".repeat(1_000_001),
        String::new(),
        "\u{feff}".to_owned(),
    ] {
        let mistake = parse(text.as_bytes()).unwrap_err();
        assert!(
            !mistake.place.is_empty() && mistake.reason.len() < 500,
            "{mistake:?}"
        );
    }
    for bytes in [&b"\xff\xfe{"[..], b"\xff\xfe\x00\xd8", b"\xff"] {
        assert!(parse(bytes).is_err());
    }
}

proptest! {
    /// The parts of known shapes in any order are read, or refused with a place and a reason.
    #[test]
    fn any_mixture_of_known_parts_is_read_or_refused(
        parts in vec(select(PARTS.to_vec()), 0..24),
    ) {
        let text = parts.concat();
        match parse(text.as_bytes()) {
            Ok(fixtures) => {
                for stored in fixtures.iter().flat_map(|fixture| &fixture.secrets) {
                    prop_assert!(!stored.secret.name.is_empty());
                }
            }
            Err(mistake) => prop_assert!(
                !mistake.place.is_empty() && !mistake.reason.is_empty(),
                "{text}: {mistake:?}"
            ),
        }
    }
}

const PARTS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "null",
    "7",
    "\"\"",
    "\"a\"",
    "\"SecretName\":\"a\"",
    "\"SecretList\":",
    "\"Secret\":",
    "\"SecretMetadatas\":",
    "\"Response\":",
    "\"body\":",
    "\"Tags\":",
    "\"Tag\":",
    "\"Versions\":",
    "\"VersionId\":",
    "\"SecretData\":\"v\"",
    "\"secretString\":\"v\"",
    "\"KMS\":",
    "\"_text\":",
    "<KMS>",
    "</KMS>",
    "<Secret>",
    "</Secret>",
    "<Tags/>",
    "&amp;",
    "\n",
    "\u{feff}",
];
