//! The `Filters` of `ListSecrets`: a JSON array of keys with values.

use std::fmt;

use serde_json::Value;

use crate::clouds::alibaba::kms::resource::NAME_RULE;
use crate::clouds::alibaba::kms::tags::TAG_CHARACTERS;
use crate::clouds::alibaba::rpc::parameter::TextRule;
use crate::clouds::description::KeyDescription;
use crate::clouds::hint::Hint;
use crate::clouds::ignored::{Ignored, nearest};
use crate::http::shown::MASK;
use crate::model::{Condition, SecretType};

/// The maximum number of objects with a key and values.
pub(super) const MAX_PAIRS: usize = 10;
const MAX_VALUES: usize = 10;

/// A tag has at most 128 characters; the page of filters says 256.
const TAG_RULE: TextRule = TextRule::Plain(256, TAG_CHARACTERS);

/// The maximum number of characters of a value in an explanation.
const MAX_SHOWN: usize = 64;

/// The keys, and the rule for the values of each.
const KEYS: [(&str, Rule); 7] = [
    ("SecretName", Rule::Text(NAME_RULE, Condition::Name)),
    (
        "Description",
        Rule::Text(TextRule::Characters(256), Condition::Description),
    ),
    ("TagKey", Rule::Text(TAG_RULE, Condition::TagKey)),
    ("TagValue", Rule::Text(TAG_RULE, Condition::TagValue)),
    (
        "DKMSInstanceId",
        Rule::Text(TextRule::Characters(256), Condition::InstanceId),
    ),
    ("SecretType", Rule::SecretType),
    (
        "Creator",
        Rule::Text(TextRule::Characters(256), Condition::Creator),
    ),
];

/// Which values a key accepts, and the condition that they become.
enum Rule {
    /// A text, not empty.
    Text(TextRule, fn(Vec<String>) -> Condition),
    /// A type of secret, ignoring case.
    SecretType,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(rule, _) => rule.fmt(f),
            Self::SecretType => write!(
                f,
                "in any letter case, {}",
                SecretType::ALL.map(SecretType::name).join(", ")
            ),
        }
    }
}

impl Rule {
    fn allows(&self, value: &str) -> bool {
        match self {
            Self::Text(rule, _) => !value.is_empty() && rule.allows(value),
            Self::SecretType => SecretType::from_name(value).is_some(),
        }
    }

    /// The condition with these values. No secret has a value that the rule does not allow.
    fn condition(&self, values: &[&str]) -> Condition {
        match self {
            Self::Text(_, condition) => {
                condition(values.iter().map(|value| (*value).to_owned()).collect())
            }
            Self::SecretType => {
                let types = values.iter().copied().filter_map(SecretType::from_name);
                Condition::Type(types.collect())
            }
        }
    }
}

/// The keys, for documents.
pub(super) fn keys() -> Vec<KeyDescription> {
    KEYS.iter()
        .map(|(name, rule)| KeyDescription {
            name,
            max_values: MAX_VALUES,
            value: rule.to_string(),
        })
        .collect()
}

/// The conditions of a list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Filters {
    pub conditions: Vec<Condition>,
    /// Names the first value that no secret can have, and the rule.
    pub rejected: Option<Hint>,
    /// The first member of a filter that has no effect.
    pub ignored: Option<Ignored>,
}

/// Parses the parameter; `None` if it is not as documented. Members other than `Key` and `Values` are
/// ignored. A key without values does not filter.
pub(super) fn parse(text: &str) -> Option<Filters> {
    let Value::Array(pairs) = serde_json::from_str(text).ok()? else {
        return None;
    };
    if pairs.len() > MAX_PAIRS {
        return None;
    }
    let mut conditions = Vec::with_capacity(pairs.len());
    let mut rejected = None;
    let mut ignored = None;
    for pair in &pairs {
        ignored = ignored.or_else(|| ignored_member(pair));
        let key = pair.get("Key")?.as_str()?;
        let (_, rule) = KEYS.iter().find(|(name, _)| *name == key)?;
        let values = match pair.get("Values") {
            None => continue,
            Some(values) => values.as_array()?,
        };
        if values.len() > MAX_VALUES {
            return None;
        }
        let values = values
            .iter()
            .map(Value::as_str)
            .collect::<Option<Vec<_>>>()?;
        if let Some(value) = values.iter().find(|value| !rule.allows(value)) {
            rejected.get_or_insert_with(|| rejection(key, value, rule));
        }
        if !values.is_empty() {
            conditions.push(rule.condition(&values));
        }
    }
    Some(Filters {
        conditions,
        rejected,
        ignored,
    })
}

/// The members that a filter has.
const MEMBERS: [&str; 2] = ["Key", "Values"];

/// The first member of a filter that it does not have; masked, unless it is nearly one of those.
fn ignored_member(pair: &Value) -> Option<Ignored> {
    let mut names = pair.as_object()?.keys();
    let name = names.find(|name| !MEMBERS.contains(&&***name))?;
    let (name, known) = match nearest(name, MEMBERS.into_iter()) {
        Some(known) => (&**name, known),
        None => (MASK, "Values"),
    };
    Some(Ignored {
        name: format!("Filters.{name}"),
        hint: Hint::FilterMember {
            name: name.to_owned(),
            member: known.to_owned(),
        },
        has_suggestion: true,
    })
}

/// The beginning of a value.
pub(super) fn shown(value: &str) -> String {
    value.chars().take(MAX_SHOWN).collect()
}

/// The explanation that no secret can have a value.
fn rejection(key: &str, value: &str, rule: &Rule) -> Hint {
    Hint::FilterValue {
        key: key.to_owned(),
        value: shown(value),
        rule: rule.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(ToString::to_string).collect()
    }

    /// The conditions, if all of their values are possible.
    fn parse(text: &str) -> Option<Vec<Condition>> {
        let filters = super::parse(text)?;
        filters.rejected.is_none().then_some(filters.conditions)
    }

    #[test]
    fn keys_and_values_become_conditions() {
        use Condition::{Creator, Description, InstanceId, Name, TagKey, TagValue, Type};
        for (text, conditions) in [
            ("[]", vec![]),
            (" [ ] ", vec![]),
            (
                r#"[{"Key":"SecretName","Values":["a/b","A-z_0+=.@"]}]"#,
                vec![Name(texts(&["a/b", "A-z_0+=.@"]))],
            ),
            (
                r#"[{"Key":"Description","Values":["数据库 & more"]}]"#,
                vec![Description(texts(&["数据库 & more"]))],
            ),
            (
                r#"[{"Key":"DKMSInstanceId","Values":["kst-1"]}]"#,
                vec![InstanceId(texts(&["kst-1"]))],
            ),
            (
                r#"[{"Key":"Creator","Values":["1"]}]"#,
                vec![Creator(texts(&["1"]))],
            ),
            (
                r#"[{"Key":"TagKey","Values":["k:1"]},{"Key":"TagValue","Values":["v"]}]"#,
                vec![TagKey(texts(&["k:1"])), TagValue(texts(&["v"]))],
            ),
            (
                r#"[{"Key":"TagKey","Values":["a"]},{"Key":"TagKey","Values":["b"]}]"#,
                vec![TagKey(texts(&["a"])), TagKey(texts(&["b"]))],
            ),
            // The vendor's pages print `Rds` and `RDS`.
            (
                r#"[{"Key":"SecretType","Values":["RDS","generic"]}]"#,
                vec![Type(vec![SecretType::Rds, SecretType::Generic])],
            ),
            (
                r#"[{"Key":"SecretName","Values":[]},{"Key":"TagKey"}]"#,
                vec![],
            ),
            (
                r#"[{"Values":["v"],"Key":"TagValue","Other":{}}]"#,
                vec![TagValue(texts(&["v"]))],
            ),
            (
                r#"[{"Key":"Description","Values":["\ud83d\udd11"]}]"#,
                vec![Description(texts(&["🔑"]))],
            ),
        ] {
            assert_eq!(parse(text), Some(conditions), "{text}");
        }
    }

    #[test]
    fn invalid_lists_of_keys_and_values_are_rejected() {
        let deep = format!("[{{\"Key\":\"TagKey\",\"Other\":{}", "[".repeat(100_000));
        for text in [
            "x",
            "[",
            "{}",
            "null",
            "1",
            "\"[]\"",
            "[null]",
            "[1]",
            "[[]]",
            "[{}]",
            r#"[{"Values":["v"]}]"#,
            r#"[{"Key":"Unknown","Values":["v"]}]"#,
            r#"[{"Key":"secretname","Values":["v"]}]"#,
            r#"[{"Key":1,"Values":["v"]}]"#,
            r#"[{"Key":"SecretName","Values":"v"}]"#,
            r#"[{"Key":"SecretName","Values":null}]"#,
            r#"[{"Key":"SecretName","Values":[1]}]"#,
            r#"[{"Key":"SecretName","Values":[""]}]"#,
            r#"[{"Key":"SecretName","Values":["a b"]}]"#,
            r#"[{"Key":"SecretName","Values":["a*"]}]"#,
            r#"[{"Key":"TagKey","Values":["a*b"]}]"#,
            r#"[{"Key":"TagValue","Values":["\u0000"]}]"#,
            r#"[{"Key":"Description","Values":["\ud800"]}]"#,
            r#"[{"Key":"SecretType","Values":["Oracle"]}]"#,
            "[{\"Key\":\"Description\",\"Values\":[\"line\nbreak\"]}]",
            &deep,
        ] {
            assert_eq!(parse(text), None, "{text:.80}");
        }
    }

    #[test]
    fn numbers_and_lengths_are_limited() {
        let pairs = |count| {
            format!(
                "[{}]",
                vec![r#"{"Key":"TagKey","Values":["k"]}"#; count].join(",")
            )
        };
        let values = |key: &str, count| {
            format!(
                r#"[{{"Key":"{key}","Values":[{}]}}]"#,
                vec!["\"v\""; count].join(",")
            )
        };
        let long = |key: &str, length| {
            format!(r#"[{{"Key":"{key}","Values":["{}"]}}]"#, "v".repeat(length))
        };
        assert!(parse(&pairs(10)).is_some());
        assert!(parse(&pairs(11)).is_none());
        assert!(parse(&values("TagKey", 10)).is_some());
        assert!(parse(&values("TagKey", 11)).is_none());
        for (key, most) in [
            ("SecretName", 192),
            ("Description", 256),
            ("TagKey", 256),
            ("TagValue", 256),
        ] {
            assert!(parse(&long(key, most)).is_some(), "{key}");
            assert!(parse(&long(key, most + 1)).is_none(), "{key}");
        }
        let characters = format!(
            r#"[{{"Key":"Description","Values":["{}"]}}]"#,
            "密".repeat(256)
        );
        assert!(parse(&characters).is_some(), "characters count, not bytes");
    }
}
