//! `ModifyResourceTags`: adds, changes and removes tags of a resource.

use serde::Deserialize;

use super::shapes::EmptyResponse;
use crate::clouds::description::ValueType;
use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, TypedParameter};
use crate::clouds::tencent::api3::parameter::{Member, Structs, WireType};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::tags::MAX_TAGS;
use crate::clouds::tencent::tag::errors::{
    DELETED_AND_REPLACED, KEY_CHARACTER, KEY_EMPTY, KEY_RESERVED, KEY_TOO_LONG, NOT_FOUND,
    TAG_INVALID, TOO_MANY_IN_REQUEST, TOO_MANY_TAGS, VALUE_CHARACTER, VALUE_TOO_LONG,
};
use crate::clouds::tencent::tag::resource::{RESOURCE, Resource};
use crate::clouds::tencent::tag::rules;
use crate::model::Tag;

/// The maximum number of tags in either list.
const MAX_IN_REQUEST: usize = 10;

const KEY: Member = Member {
    name: "TagKey",
    wire_type: WireType::String,
    required: true,
};

const REPLACE_TAGS: Structs = Structs {
    name: "ReplaceTags",
    value_type: ValueType::TagList,
    item: &WireType::Struct(&[
        KEY,
        Member {
            name: "TagValue",
            wire_type: WireType::String,
            required: true,
        },
        Member {
            name: "Category",
            wire_type: WireType::String,
            required: false,
        },
    ]),
    max_items: MAX_IN_REQUEST,
    required: false,
    help: "The tags to add, or to change if their keys are attached. This, `DeleteTags` or both, which cannot have a key in common.",
};

const DELETE_TAGS: Structs = Structs {
    name: "DeleteTags",
    value_type: ValueType::ObjectList,
    item: &WireType::Struct(&[KEY]),
    max_items: MAX_IN_REQUEST,
    required: false,
    help: "Objects with the `TagKey` of a tag to remove. Keys that are not attached are ignored.",
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TagEntry {
    tag_key: String,
    tag_value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct KeyEntry {
    tag_key: String,
}

/// Adds, changes and removes tags of a secret.
pub(super) struct ModifyResourceTags {
    resource: Resource,
    replace: Vec<Tag>,
    delete: Vec<String>,
}

impl Operation<Api3> for ModifyResourceTags {
    const ACTION: &'static str = "ModifyResourceTags";
    const SUMMARY: &'static str = "Adds, changes and removes tags of a secret.";
    const PAGE: &'static str = "https://console.cloud.tencent.com/api/explorer?Product=tag&Version=2018-08-13&Action=ModifyResourceTags";
    const EVIDENCE: &'static str =
        "documented, SDK; error texts, an unknown secret, an empty or missing list: assumption";
    const PARAMETERS: &'static [&'static dyn TypedParameter] =
        &[&RESOURCE, &REPLACE_TAGS, &DELETE_TAGS];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &NOT_FOUND,
        &KEY_EMPTY,
        &KEY_TOO_LONG,
        &KEY_CHARACTER,
        &KEY_RESERVED,
        &VALUE_TOO_LONG,
        &VALUE_CHARACTER,
        &TAG_INVALID,
        &DELETED_AND_REPLACED,
        &TOO_MANY_IN_REQUEST,
        &TOO_MANY_TAGS,
    ];
    const WRITES: bool = true;
    type Response = EmptyResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let replaced: Option<Vec<TagEntry>> = REPLACE_TAGS.find(arguments)?;
        let deleted: Option<Vec<KeyEntry>> = DELETE_TAGS.find(arguments)?;
        let lengths = [
            replaced.as_ref().map(Vec::len),
            deleted.as_ref().map(Vec::len),
        ];
        if lengths == [None, None] || lengths.contains(&Some(0)) {
            return Err((&TAG_INVALID).into());
        }
        let (replaced, deleted) = (replaced.unwrap_or_default(), deleted.unwrap_or_default());
        if replaced.len() > MAX_IN_REQUEST || deleted.len() > MAX_IN_REQUEST {
            return Err((&TOO_MANY_IN_REQUEST).into());
        }
        let replace = checked(replaced)?;
        for KeyEntry { tag_key } in &deleted {
            rules::check_key(tag_key)?;
            if replace.iter().any(|tag| tag.key == *tag_key) {
                return Err((&DELETED_AND_REPLACED).into());
            }
        }
        Ok(Self {
            resource: Resource::parse(&RESOURCE.read(arguments)?)?,
            replace,
            delete: deleted.into_iter().map(|entry| entry.tag_key).collect(),
        })
    }

    fn run(self, call: &Call) -> Result<EmptyResponse, ApiError> {
        self.resource.change_tags(call, |tags| {
            tags.retain(|tag| !self.delete.contains(&tag.key));
            for new in self.replace {
                match tags.iter_mut().find(|tag| tag.key == new.key) {
                    Some(tag) => tag.value = new.value,
                    None => tags.push(new),
                }
            }
            if tags.len() > MAX_TAGS {
                return Err((&TOO_MANY_TAGS).into());
            }
            Ok(())
        })?;
        Ok(EmptyResponse::new(call))
    }
}

/// Checks tags.
fn checked(entries: Vec<TagEntry>) -> Result<Vec<Tag>, ApiError> {
    let mut tags: Vec<Tag> = Vec::with_capacity(entries.len());
    for TagEntry { tag_key, tag_value } in entries {
        rules::check_key(&tag_key)?;
        rules::check_value(&tag_value)?;
        if tags.iter().any(|tag| tag.key == tag_key) {
            return Err((&TAG_INVALID).into());
        }
        tags.push(Tag {
            key: tag_key,
            value: tag_value,
        });
    }
    Ok(tags)
}
