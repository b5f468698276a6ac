//! The `Filters` of `ListKeys`: a JSON array of keys with values.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::clouds::description::KeyDescription;
use crate::model::{CreatorType, KeyCondition, KeySpec, KeyStateName, KeyUsage, ProtectionLevel};

/// The maximum numbers of objects, and of values of each.
pub(super) const MAX_PAIRS: usize = 10;
const MAX_VALUES: usize = 10;
const MAX_CHARACTERS: usize = 256;

/// The keys, and how their values become a condition. `keyId` is the vendor's spelling.
const KEYS: [(&str, Rule); 11] = [
    (
        "KeyState",
        Rule::Words(state_words, |values| {
            Some(KeyCondition::State(all(values, KeyStateName::from_name)?))
        }),
    ),
    (
        "KeySpec",
        Rule::Words(spec_words, |values| {
            Some(KeyCondition::Spec(all(values, KeySpec::from_name)?))
        }),
    ),
    (
        "KeyUsage",
        Rule::Words(usage_words, |values| {
            Some(KeyCondition::Usage(all(values, KeyUsage::from_name)?))
        }),
    ),
    (
        "ProtectionLevel",
        Rule::Words(level_words, |values| {
            Some(KeyCondition::Protection(all(
                values,
                ProtectionLevel::from_name,
            )?))
        }),
    ),
    (
        "CreatorType",
        Rule::Words(creator_words, |values| {
            Some(KeyCondition::CreatorType(all(
                values,
                CreatorType::from_name,
            )?))
        }),
    ),
    ("DKMSInstanceId", Rule::Text(KeyCondition::InstanceId)),
    ("keyId", Rule::Text(KeyCondition::KeyId)),
    ("AliasName", Rule::Text(KeyCondition::Alias)),
    ("Creator", Rule::Text(KeyCondition::Creator)),
    ("TagKey", Rule::Text(KeyCondition::TagKey)),
    ("TagValue", Rule::Text(KeyCondition::TagValue)),
];

/// Which values a key accepts.
enum Rule {
    /// Some words; absent for another word.
    Words(
        fn() -> Vec<&'static str>,
        fn(&[String]) -> Option<KeyCondition>,
    ),
    /// A text, not empty.
    Text(fn(Vec<String>) -> KeyCondition),
}

fn all<T>(values: &[String], from_name: fn(&str) -> Option<T>) -> Option<Vec<T>> {
    values.iter().map(|value| from_name(value)).collect()
}

fn state_words() -> Vec<&'static str> {
    KeyStateName::ALL.iter().map(|value| value.name()).collect()
}

fn spec_words() -> Vec<&'static str> {
    KeySpec::ALL.iter().map(|value| value.name()).collect()
}

fn usage_words() -> Vec<&'static str> {
    KeyUsage::ALL.iter().map(|value| value.name()).collect()
}

fn level_words() -> Vec<&'static str> {
    ProtectionLevel::ALL
        .iter()
        .map(|value| value.name())
        .collect()
}

fn creator_words() -> Vec<&'static str> {
    CreatorType::ALL.iter().map(|value| value.name()).collect()
}

impl Rule {
    fn condition(&self, values: Vec<String>) -> Option<KeyCondition> {
        match self {
            Self::Words(_, condition) => condition(&values),
            Self::Text(condition) => {
                let is_valid =
                    |value: &String| (1..=MAX_CHARACTERS).contains(&value.chars().count());
                values.iter().all(is_valid).then(|| condition(values))
            }
        }
    }

    fn describe(&self) -> String {
        match self {
            Self::Words(words, _) => words().join(", "),
            Self::Text(_) => format!("1 to {MAX_CHARACTERS} characters"),
        }
    }
}

/// The keys, for documents.
pub(super) fn keys() -> Vec<KeyDescription> {
    let key = |(name, rule): &(&'static str, Rule)| KeyDescription {
        name,
        max_values: MAX_VALUES,
        value: rule.describe(),
    };
    KEYS.iter().map(key).collect()
}

#[derive(Deserialize)]
struct Pair {
    #[serde(rename = "Key")]
    key: String,
    #[serde(rename = "Values", default)]
    values: Vec<String>,
}

/// Parses the parameter; absent if it is not as documented. The values of a key that occurs twice are alternatives,
/// as documented. A key without values does not filter.
pub(super) fn parse(text: &str) -> Option<Vec<KeyCondition>> {
    let pairs: Vec<Pair> = serde_json::from_str(text).ok()?;
    if pairs.len() > MAX_PAIRS {
        return None;
    }
    let mut values = BTreeMap::<usize, Vec<String>>::new();
    for pair in pairs {
        let index = KEYS.iter().position(|(name, _)| *name == pair.key)?;
        if pair.values.len() > MAX_VALUES {
            return None;
        }
        values.entry(index).or_default().extend(pair.values);
    }
    let values = values.into_iter().filter(|(_, values)| !values.is_empty());
    let condition = |(index, values): (usize, _)| KEYS.get(index)?.1.condition(values);
    values.map(condition).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_a_key_are_alternatives_and_keys_narrow() {
        // The example of the vendor's page.
        let text = r#"[{"Key":"KeyState","Values":["Enabled","Disabled"]},{"Key":"KeyState","Values":["PendingDeletion"]},{"Key":"KeySpec","Values":["Aliyun_AES_256"]}]"#;
        assert_eq!(
            parse(text),
            Some(vec![
                KeyCondition::State(vec![
                    KeyStateName::Enabled,
                    KeyStateName::Disabled,
                    KeyStateName::PendingDeletion
                ]),
                KeyCondition::Spec(vec![KeySpec::Aes256]),
            ])
        );
        assert_eq!(parse("[]"), Some(Vec::new()));
        assert_eq!(
            parse(r#"[{"Key":"KeySpec","Values":[]},{"Key":"AliasName"}]"#),
            Some(Vec::new())
        );
    }

    #[test]
    fn other_filters_are_rejected() {
        let eleven = [r#""a""#; 11].join(",");
        for text in [
            "x",
            "{}",
            "[1]",
            r#"[{"Values":["a"]}]"#,
            r#"[{"Key":"Unknown","Values":["a"]}]"#,
            r#"[{"Key":"keystate","Values":["Enabled"]}]"#,
            r#"[{"Key":"KeyState","Values":["enabled"]}]"#,
            r#"[{"Key":"KeyState","Values":"Enabled"}]"#,
            r#"[{"Key":"KeySpec","Values":["AES_256"]}]"#,
            r#"[{"Key":"AliasName","Values":[""]}]"#,
            &format!(r#"[{{"Key":"AliasName","Values":[{eleven}]}}]"#),
            &format!("[{}]", [r#"{"Key":"KeyState"}"#; 11].join(",")),
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
