//! JSON text from clients: bounds that are checked before a tree of it is built, and masking.

use std::borrow::Cow;

use serde_json::Value;

use super::shown::{MASK, shortened};

/// The most values of a text that is shown member by member.
const MOST_SHOWN_VALUES: usize = 1000;

/// The beginning of a JSON document to be shown: only the `known` members keep their names and values. Absent when it is
/// no JSON object or array, or too long to be looked at.
#[must_use]
pub fn masked<'t>(text: &'t str, known: &[&str]) -> Option<Cow<'t, str>> {
    if has_more_values(text.as_bytes(), MOST_SHOWN_VALUES) {
        return None;
    }
    match serde_json::from_str::<Value>(text) {
        Ok(mut value @ (Value::Array(_) | Value::Object(_))) => Some(if mask(&mut value, known) {
            Cow::Owned(shortened(value))
        } else {
            Cow::Borrowed(text)
        }),
        _ => None,
    }
}

/// Masks the members of objects that are not `known`. Returns whether there are any.
pub fn mask(value: &mut Value, known: &[&str]) -> bool {
    match value {
        Value::Array(items) => items
            .iter_mut()
            .fold(false, |masked, item| mask(item, known) | masked),
        Value::Object(members) => {
            let is_unknown = |name: &String| !known.contains(&name.as_str());
            let has_unknown = members.keys().any(is_unknown);
            if has_unknown {
                members.retain(|name, _| !is_unknown(name));
                members.insert(MASK.to_owned(), MASK.into());
            }
            members
                .values_mut()
                .fold(has_unknown, |masked, member| mask(member, known) | masked)
        }
        _ => false,
    }
}

/// Whether a text has more than `most` values. Brackets and commas are counted, which is never too few
/// and, of nested values, a few too many. A tree takes some 70
/// bytes for each value, where the text may have as few as two: `0,`.
#[must_use]
pub fn has_more_values(text: &[u8], most: usize) -> bool {
    let mut values = 1;
    let mut in_string = false;
    let mut bytes = text.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => in_string = !in_string,
            b'\\' if in_string => {
                bytes.next();
            }
            b',' | b'[' | b'{' if !in_string => {
                values += 1;
                if values > most {
                    return true;
                }
            }
            _ => {}
        }
    }
    values > most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_members_are_masked() {
        for (text, shown) in [
            (r#"[{"Key": "SecretName"}]"#, r#"[{"Key": "SecretName"}]"#),
            (r#"{"Key":"a","hunter2":1}"#, r#"{"Key":"a","***":"***"}"#),
            (
                r#"[["x"],{"Key":{"hunter2":"hunter2"}}]"#,
                r#"[["x"],{"Key":{"***":"***"}}]"#,
            ),
        ] {
            assert_eq!(masked(text, &["Key"]).as_deref(), Some(shown));
        }
        for text in [
            "",
            "hunter2",
            r#""hunter2""#,
            r#"[{"hunter2""#,
            &"[".repeat(2000),
        ] {
            assert_eq!(masked(text, &["Key"]), None, "{text}");
        }
    }

    #[test]
    fn values_are_counted_outside_of_strings() {
        for (text, values) in [
            ("", 1),
            ("7", 1),
            (r#"{"a":1}"#, 2),
            ("[0,0,0]", 4),
            (r#"[{"a":[1,2]},{}]"#, 7),
            (r#"{"a":"[,{\",\\"}"#, 2),
            ("[[[[", 5),
        ] {
            assert!(!has_more_values(text.as_bytes(), values), "{text}");
            assert!(has_more_values(text.as_bytes(), values - 1), "{text}");
        }
    }
}
