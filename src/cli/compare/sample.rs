//! The values of placeholders: secrets of the account's list, and names of the comparison's own secrets.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use crate::cli::pull::list::name;
use crate::model::Cloud;

/// Values of placeholders by name.
pub(super) type Values = HashMap<String, Value>;

/// The values from the account's list; a placeholder is absent if no secret has a suitable value. Secrets whose
/// name begins with `preferred` are used first.
pub(super) fn of_list(
    cloud: Cloud,
    region: &str,
    secrets: &[Value],
    preferred: Option<&str>,
) -> Values {
    let mut values = Values::from([("region".to_owned(), region.into())]);
    let mut put = |name: &str, value: Value| {
        values.entry(name.to_owned()).or_insert(value);
    };
    let names: HashSet<&str> = secrets.iter().map(name).collect();
    let is_preferred =
        |secret: &&Value| preferred.is_some_and(|prefix| name(secret).starts_with(prefix));
    let own = secrets.iter().filter(is_preferred);
    let others = secrets.iter().filter(|secret| !is_preferred(secret));
    let ordered: Vec<&Value> = own.chain(others).collect();
    // No other secret may have the part, or the name in the other case.
    for secret in &ordered {
        let name = name(secret);
        if let Some(part) = part(name).filter(|part| !names.contains(part)) {
            put("name", name.into());
            put("part", part.into());
        }
        let swapped = swapped(name);
        if !names.contains(&*swapped) && swapped != name {
            put("swapped", swapped.into());
        }
    }
    let first = values.get("name").cloned();
    let second = ordered
        .iter()
        .map(|secret| name(secret))
        .find(|name| first.as_ref().is_some_and(|first| first != name));
    if let Some(second) = second {
        values.insert("second".to_owned(), second.into());
    }
    match cloud {
        Cloud::Alibaba => put_tags(&mut values, &ordered),
        Cloud::Tencent => {
            let product = secrets.iter().find(|secret| {
                secret["SecretType"].as_u64().is_some_and(|kind| kind > 0)
                    && secret["ResourceID"]
                        .as_str()
                        .is_some_and(|id| !id.is_empty())
            });
            if let Some(product) = product {
                values.insert("product type".to_owned(), product["SecretType"].clone());
                values.insert("instance".to_owned(), product["ResourceID"].clone());
            }
        }
    }
    values
}

/// Two tags of one secret that differ in both key and value.
fn put_tags(values: &mut Values, secrets: &[&Value]) {
    for secret in secrets {
        let tags = secret.pointer("/Tags/Tag").and_then(Value::as_array);
        let tags = tags.map(Vec::as_slice).unwrap_or_default();
        let Some(first) = tags.first() else {
            continue;
        };
        let other = tags
            .iter()
            .find(|tag| tag["TagKey"] != first["TagKey"] && tag["TagValue"] != first["TagValue"]);
        let is_better = other.is_some() && !values.contains_key("other value");
        if is_better || !values.contains_key("tag key") {
            values.insert("tag key".to_owned(), first["TagKey"].clone());
            values.insert("tag value".to_owned(), first["TagValue"].clone());
        }
        if let Some(other) = other {
            values
                .entry("other value".to_owned())
                .or_insert_with(|| other["TagValue"].clone());
        }
    }
}

/// The middle of a name, at least two characters shorter. A symbol at an end could be trimmed, so there is none.
fn part(name: &str) -> Option<&str> {
    if !name.is_ascii() {
        return None;
    }
    let middle = name.get(1..name.len().checked_sub(1)?)?;
    let part = middle.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    (part.len() >= 3).then_some(part)
}

/// The name with upper and lower case swapped.
fn swapped(name: &str) -> String {
    let swap = |c: char| {
        if c.is_ascii_lowercase() {
            c.to_ascii_uppercase()
        } else {
            c.to_ascii_lowercase()
        }
    };
    name.chars().map(swap).collect()
}

/// The parameters of a step with the values of its placeholders. An error is the name of one without a value.
pub(super) fn filled(template: &str, values: &Values) -> Result<Map<String, Value>, String> {
    let parsed: Value =
        serde_json::from_str(template).expect("the parameters of probes are JSON objects");
    match fill(parsed, values)? {
        Value::Object(members) => Ok(members),
        _ => unreachable!("the parameters of probes are JSON objects"),
    }
}

fn fill(value: Value, values: &Values) -> Result<Value, String> {
    Ok(match value {
        Value::String(text) => fill_text(&text, values)?,
        Value::Array(items) => {
            let items = items.into_iter().map(|item| fill(item, values));
            Value::Array(items.collect::<Result<_, _>>()?)
        }
        Value::Object(members) => {
            let members = members
                .into_iter()
                .map(|(name, value)| Ok((name, fill(value, values)?)));
            Value::Object(members.collect::<Result<_, String>>()?)
        }
        value => value,
    })
}

fn fill_text(text: &str, values: &Values) -> Result<Value, String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        let value = values.get(name).ok_or_else(|| name.to_owned())?;
        if before.is_empty() && after.is_empty() && filled.is_empty() {
            // The value may be a number.
            return Ok(value.clone());
        }
        filled.push_str(before);
        match value {
            Value::String(text) => filled.push_str(text),
            value => filled.push_str(&value.to_string()),
        }
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled.into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn placeholders_get_secrets_that_show_the_behaviour() {
        let secrets = [
            json!({"SecretName": "ab"}),
            json!({"SecretName": "x--2-x"}),
            json!({"SecretName": "xservicex", "Tags": {"Tag": [{"TagKey": "a", "TagValue": "1"}]}}),
            json!({"SecretName": "service"}),
            json!({"SecretName": "database", "Tags": {"Tag": [
                {"TagKey": "b", "TagValue": "2"}, {"TagKey": "c", "TagValue": "3"}]}}),
        ];
        let values = of_list(Cloud::Alibaba, "cn-hangzhou", &secrets, None);
        for (name, value) in [
            ("name", "service"),
            ("part", "ervic"),
            ("swapped", "AB"),
            ("second", "ab"),
            ("tag key", "b"),
            ("tag value", "2"),
            ("other value", "3"),
        ] {
            assert_eq!(values[name], value, "{name}");
        }
        let preferred = of_list(Cloud::Alibaba, "cn-hangzhou", &secrets, Some("data"));
        assert_eq!(preferred["name"], "database");
        let none = of_list(Cloud::Alibaba, "cn-hangzhou", &[], None);
        assert_eq!(none.len(), 1);
    }

    #[test]
    fn placeholders_are_replaced_in_texts_and_by_numbers() {
        let values = Values::from([("own".into(), json!("p-1")), ("kind".into(), json!(4))]);
        let template = r#"{"a":"{own}","b":["{own} x"],"c":"{kind}","d":"no { brace"}"#;
        assert_eq!(
            Value::Object(filled(template, &values).unwrap()),
            json!({"a": "p-1", "b": ["p-1 x"], "c": 4, "d": "no { brace"})
        );
        assert_eq!(filled(r#"{"a":"{none}"}"#, &values), Err("none".into()));
    }
}
