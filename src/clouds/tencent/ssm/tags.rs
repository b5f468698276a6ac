//! The rules for tags: 50 for a secret, the lengths of keys and values, reserved prefixes.
//!
//! See the vendor's page *Use Limits* of the tag service.

use serde::Deserialize;

use crate::clouds::description::ValueType;
use crate::clouds::tencent::api3::error::ApiError;
use crate::clouds::tencent::api3::parameter::{Member, Structs, WireType, invalid};
use crate::clouds::tencent::ssm::errors::DUPLICATE_TAG_KEYS;
use crate::model::Tag;

/// The maximum number of tags of a resource.
pub(crate) const MAX_TAGS: usize = 50;
pub(crate) const MAX_KEY_CHARACTERS: usize = 127;
pub(crate) const MAX_VALUE_CHARACTERS: usize = 255;
/// The beginnings of reserved keys.
const RESERVED_BEGINNINGS: [&str; 3] = ["qcs:", "project", "项目"];
/// Keys that are reserved as a whole.
const RESERVED_WORDS: [&str; 2] = ["qcloud", "tencent"];

/// The tags of a new secret.
pub(super) const TAGS: Structs = Structs {
    name: "Tags",
    value_type: ValueType::TagList,
    item: &WireType::Struct(&[
        Member {
            name: "TagKey",
            wire_type: WireType::String,
            required: true,
        },
        Member {
            name: "TagValue",
            wire_type: WireType::String,
            required: true,
        },
    ]),
    max_items: MAX_TAGS,
    required: false,
    help: "Objects with a `TagKey` of 1 to 127 characters and a `TagValue` of 1 to 255, without spaces at either end; each key once. Keys that begin with `qcs:`, `project` or `项目` are reserved, and so are `qcloud` and `tencent`.",
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TagEntry {
    tag_key: String,
    tag_value: String,
}

impl From<TagEntry> for Tag {
    fn from(entry: TagEntry) -> Self {
        Self {
            key: entry.tag_key,
            value: entry.tag_value,
        }
    }
}

/// Checks tags.
///
/// # Errors
///
/// `InvalidParameterValue` for an invalid key or value, `.TagKeysDuplicated` for a key that occurs twice.
pub(super) fn checked(entries: Vec<TagEntry>) -> Result<Vec<Tag>, ApiError> {
    let mut tags: Vec<Tag> = Vec::with_capacity(entries.len());
    for (index, entry) in entries.into_iter().enumerate() {
        if !is_valid_key(&entry.tag_key) {
            return Err(invalid(&format!("Tags.{index}.TagKey"), entry.tag_key));
        }
        if !is_valid_text(&entry.tag_value, MAX_VALUE_CHARACTERS) {
            return Err(invalid(&format!("Tags.{index}.TagValue"), entry.tag_value));
        }
        if tags.iter().any(|tag| tag.key == entry.tag_key) {
            return Err((&DUPLICATE_TAG_KEYS).into());
        }
        tags.push(entry.into());
    }
    Ok(tags)
}

/// Whether users cannot use a key.
pub(crate) fn is_reserved(key: &str) -> bool {
    let mut beginnings = RESERVED_BEGINNINGS.iter();
    beginnings.any(|beginning| key.starts_with(beginning)) || RESERVED_WORDS.contains(&key)
}

/// Whether a key or value has no control characters, and no spaces at either end.
pub(crate) fn has_valid_characters(text: &str) -> bool {
    text.trim() == text && !text.contains(char::is_control)
}

fn is_valid_key(key: &str) -> bool {
    is_valid_text(key, MAX_KEY_CHARACTERS) && !is_reserved(key)
}

fn is_valid_text(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.chars().count()) && has_valid_characters(text)
}
