//! JSON: limits to check before parsing, masking, and the text of replies.

use std::borrow::Cow;

use serde::Serialize;
use serde_json::Value;

use super::shown::{MASK, shortened};

/// The memory that the text of a value begins with, which is enough for a page of ten secrets.
const CAPACITY: usize = 2048;

/// Serializes a value.
///
/// # Errors
///
/// If JSON cannot express the value.
pub fn to_vec(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut text = Vec::with_capacity(CAPACITY);
    serde_json::to_writer(&mut text, value)?;
    Ok(text)
}

/// The maximum number of values in a JSON document to mask.
const MAX_SHOWN_VALUES: usize = 1000;

/// Masks a JSON document for output and shortens it: only `known` members keep their names and values.
/// Absent if it is not a JSON object or array, or has too many values.
#[must_use]
pub fn masked<'t>(text: &'t str, known: &[&str]) -> Option<Cow<'t, str>> {
    if has_more_values(text.as_bytes(), MAX_SHOWN_VALUES) {
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

/// Replaces the members of objects that are not `known` by the mask. Returns whether there were any.
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

/// Whether a JSON text has more than `max` values. Counts brackets and commas; the result is never too
/// small, and a bit too large for nested values. Checked before parsing, because a parsed value takes
/// about 70 bytes, but as few as two in the text: `0,`.
#[must_use]
pub fn has_more_values(text: &[u8], max: usize) -> bool {
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
                if values > max {
                    return true;
                }
            }
            _ => {}
        }
    }
    values > max
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
    fn values_in_strings_are_not_counted() {
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
