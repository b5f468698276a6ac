//! Texts of any content stay inside the strings of a program.

use proptest::prelude::*;
use serde_json::json;

use super::lexer::{hostile, lex};
use super::*;
use crate::model::SecretKey;
use serde_json::Value;

/// Programs with these texts, by the typed and by the generic clients, and the examples.
fn programs_with(texts: &[String; 8]) -> Vec<(Language, String)> {
    let [address, region, name, text, tag, ca, id, secret] = texts;
    let connection = Connection {
        address,
        https: true,
        ca,
        region,
        key: KeySource::Literal(id, &SecretKey::new(secret)),
    };
    let tags = |key: &str, value: &str| json!([{key: tag, value: tag}]);
    let alibaba = json!({"SecretName": name, "SecretData": text});
    let alibaba_tags = json!({"Tag": tags("Key", "Value"), "ResourceId": [name]});
    let tencent = json!({
        "SecretName": name, "SecretString": text, "Tags": tags("TagKey", "TagValue")
    });
    let generic = json!({"SecretName": name, format!("{text} "): {"a": [tag]}});
    let calls = [
        (Cloud::Alibaba, "CreateSecret", alibaba),
        (Cloud::Alibaba, "TagResources", alibaba_tags),
        (Cloud::Alibaba, "CreateSecret", generic.clone()),
        (Cloud::Tencent, "CreateSecret", tencent),
        (Cloud::Tencent, "CreateSecret", generic),
    ];
    let programs = calls.iter().flat_map(|(cloud, action, parameters)| {
        let call = ApiCall {
            cloud: *cloud,
            action,
            parameters: parameters.as_object().unwrap(),
        };
        programs(&call, &connection)
    });
    let programs = programs.map(|program| (program.language, program.text));
    let examples = examples().map(|example| (example.language(), example.program(&connection)));
    let is_lexed = |(language, _): &(Language, String)| *language != Language::Shell;
    programs.chain(examples).filter(is_lexed).collect()
}

/// A JSON value with its texts mapped.
fn mapped(value: Value, map: &impl Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(mapped_text(&text, map)),
        Value::Array(items) => items.into_iter().map(|item| mapped(item, map)).collect(),
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| (map(&name), mapped(value, map)))
            .collect(),
        other => other,
    }
}

/// A text, or the texts of the JSON in it, mapped.
fn mapped_text(text: &str, map: &impl Fn(&str) -> String) -> String {
    match serde_json::from_str::<Value>(text) {
        Ok(json @ (Value::Array(_) | Value::Object(_))) => mapped(json, map).to_string(),
        _ => map(text),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn texts_appear_in_a_program_as_strings_only(
        hostile in prop::array::uniform8(hostile())
    ) {
        let benign = ["ADDRESS", "REGION", "NAME", "TEXT", "TAG", "CA", "ID", "SECRET"];
        let benign = benign.map(str::to_owned);
        let map = |text: &str| {
            let known = text.strip_prefix("https://").unwrap_or(text);
            let known = known.strip_suffix(' ').unwrap_or(known);
            match benign.iter().zip(&hostile).find(|(name, _)| *name == known) {
                Some((name, value)) => text.replace(name.as_str(), value),
                None => text.to_owned(),
            }
        };
        let json = |text: &String| match serde_json::from_str::<Value>(text) {
            Ok(json @ (Value::Array(_) | Value::Object(_))) => json.to_string(),
            _ => text.clone(),
        };
        let expected = programs_with(&benign);
        let found = programs_with(&hostile);
        prop_assert_eq!(found.len(), expected.len());
        for ((language, program), (_, expected)) in found.iter().zip(expected) {
            let (found, expected) = (lex(*language, program), lex(*language, &expected));
            prop_assert_eq!(found.code, expected.code, "{}", program);
            let strings = expected.strings.iter().map(|text| mapped_text(text, &map));
            let strings: Vec<_> = strings.collect();
            let found_strings: Vec<_> = found.strings.iter().map(json).collect();
            prop_assert_eq!(found_strings, strings, "{}", program);
            let comments = found.comments.iter().filter(|text| *text != " coding: utf-8");
            prop_assert_eq!(comments.count(), expected.comments.len());
        }
    }
}
