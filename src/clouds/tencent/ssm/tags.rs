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
pub(crate) const RESERVED_KEYS: [&str; 3] = ["qcs:", "project", "项目"];

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
    help: "Objects with a `TagKey` of 1 to 127 characters and a `TagValue` of 1 to 255, without spaces at either end; each key once. Keys that begin with `qcs:`, `project` or `项目` are reserved.",
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

fn is_valid_key(key: &str) -> bool {
    is_valid_text(key, MAX_KEY_CHARACTERS)
        && RESERVED_KEYS
            .iter()
            .all(|reserved| !key.starts_with(reserved))
}

fn is_valid_text(text: &str, most: usize) -> bool {
    (1..=most).contains(&text.chars().count()) && text.trim() == text
}
