//! The rules for tags: number, lengths, characters and reserved prefixes.
//!
//! See the vendor's pages `TagResource` and `TagResources`.

use serde::Deserialize;

use crate::clouds::alibaba::rpc::parameter::TextRule;
use crate::model::Tag;

/// The maximum number of tags of a secret, and of a request.
pub(super) const MAX_TAGS: usize = 20;

/// The characters of keys and values besides letters and digits. The vendor's pages list the backslash; its
/// newest quick start uses spaces.
pub(super) const TAG_CHARACTERS: &str = " /\\_-.+=:@";

/// The rule for keys and values.
pub(super) const TAG_RULE: TextRule = TextRule::Plain(128, TAG_CHARACTERS);

const RESERVED_KEYS: [&str; 2] = ["aliyun", "acs:"];

/// Whether a key is valid.
pub(super) fn is_key(key: &str) -> bool {
    let reserved = RESERVED_KEYS.iter().any(|prefix| key.starts_with(prefix));
    !key.is_empty() && TAG_RULE.allows(key) && !reserved
}

/// Whether a value is valid. It may be empty.
pub(super) fn is_value(value: &str) -> bool {
    TAG_RULE.allows(value)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TagParameter {
    tag_key: String,
    #[serde(default)]
    tag_value: String,
}

/// Parses `[{"TagKey":"…","TagValue":"…"}]`; `None` if a tag is invalid or a key occurs twice.
pub(super) fn parse(text: &str) -> Option<Vec<Tag>> {
    let entries: Vec<TagParameter> = serde_json::from_str(text).ok()?;
    let tags: Vec<Tag> = entries
        .into_iter()
        .map(|entry| Tag {
            key: entry.tag_key,
            value: entry.tag_value,
        })
        .collect();
    let valid = tags.len() <= MAX_TAGS
        && tags
            .iter()
            .all(|tag| is_key(&tag.key) && is_value(&tag.value))
        && !has_duplicate(&tags);
    valid.then_some(tags)
}

/// Parses keys as `["a","b"]` or as `a,b`.
pub(super) fn parse_keys(text: &str) -> Option<Vec<String>> {
    let keys: Vec<String> = if text.trim_start().starts_with('[') {
        serde_json::from_str(text).ok()?
    } else {
        text.split(',').map(|key| key.trim().to_owned()).collect()
    };
    let valid = (1..=MAX_TAGS).contains(&keys.len())
        && keys
            .iter()
            .all(|key| !key.is_empty() && TAG_RULE.allows(key));
    valid.then_some(keys)
}

/// Whether a key occurs twice.
pub(super) fn has_duplicate(tags: &[Tag]) -> bool {
    tags.iter()
        .enumerate()
        .any(|(index, tag)| tags[..index].iter().any(|other| other.key == tag.key))
}

/// Adds tags. An existing key keeps its position and gets the new value. `None` if there are too many tags.
pub(super) fn merge(present: &[Tag], new: &[Tag]) -> Option<Vec<Tag>> {
    let mut merged = present.to_vec();
    for tag in new {
        match merged.iter_mut().find(|known| known.key == tag.key) {
            Some(known) => known.value.clone_from(&tag.value),
            None => merged.push(tag.clone()),
        }
    }
    (merged.len() <= MAX_TAGS).then_some(merged)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn many(count: usize) -> String {
        let tags: Vec<_> = (0..count)
            .map(|number| format!(r#"{{"TagKey":"k{number}","TagValue":"v"}}"#))
            .collect();
        format!("[{}]", tags.join(","))
    }

    #[test]
    fn tags_are_limited() {
        let tag =
            |key: &str, value: &str| format!(r#"[{{"TagKey":"{key}","TagValue":"{value}"}}]"#);
        for (text, valid) in [
            (tag(&"k".repeat(128), &"v".repeat(128)), true),
            (tag(&"k".repeat(129), "v"), false),
            (tag("k", &"v".repeat(129)), false),
            (tag("a/_-.+=:@\\\\", ""), true),
            (tag("a b", "c d"), true),
            (tag("a*", ""), false),
            (tag("a", "é"), false),
            (tag("", "v"), false),
            (tag("aliyunX", "v"), false),
            (tag("acs:x", "v"), false),
            (tag("Aliyun", "acs:"), true),
            (r#"[{"TagKey":"k"}]"#.to_owned(), true),
            (r#"[{"TagValue":"k"}]"#.to_owned(), false),
            (r#"{"TagKey":"k"}"#.to_owned(), false),
            (r#"[{"TagKey":"k"},{"TagKey":"k"}]"#.to_owned(), false),
            ("[]".to_owned(), true),
            (many(20), true),
            (many(21), false),
        ] {
            assert_eq!(parse(&text).is_some(), valid, "{text}");
        }
    }

    #[test]
    fn keys_are_json_or_separated_by_commas() {
        let keys = Some(vec!["a".to_owned(), "b".to_owned()]);
        assert_eq!(parse_keys(r#"["a","b"]"#), keys);
        assert_eq!(parse_keys("a, b"), keys);
        assert_eq!(parse_keys("[]"), None);
        assert_eq!(parse_keys("a,,b"), None);
        assert_eq!(parse_keys("[1]"), None);
    }

    #[test]
    fn new_values_replace_old_values() {
        let tag = |key: &str, value: &str| Tag {
            key: key.to_owned(),
            value: value.to_owned(),
        };
        assert_eq!(
            merge(
                &[tag("a", "1"), tag("b", "2")],
                &[tag("c", "3"), tag("a", "4")]
            ),
            Some(vec![tag("a", "4"), tag("b", "2"), tag("c", "3")])
        );
        let twenty = parse(&many(20)).unwrap();
        assert!(merge(&twenty, &twenty).is_some());
        assert!(merge(&twenty, &[tag("new", "")]).is_none());
    }
}
