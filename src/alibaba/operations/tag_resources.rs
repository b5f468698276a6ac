//! `TagResources`: tags for many secrets.

use super::Operation;
use crate::alibaba::Call;
use crate::alibaba::error::{
    ApiError, DUPLICATE_TAG_KEY, INVALID_TAG_KEY, INVALID_TAG_VALUE, RESOURCE_ID_NOT_FOUND, Refusal,
};
use crate::alibaba::parameter::{
    Arguments, Choice, List, Optional, Parameter, Required, TagList, Text, TextRule, invalid,
};
use crate::alibaba::shapes::Done;
use crate::alibaba::tags;
use crate::model::{Secret, Tag};
use crate::store::{SecretId, WriteTransaction};

/// The vendor's page demands it, but not all of the vendor's SDKs can send it.
pub const REGION_ID: Text = Text {
    name: "RegionId",
    rule: TextRule::Characters(64),
    sensitive: false,
    help: "The region. It means nothing: the endpoint chooses the region.",
};

/// What can be tagged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResourceType {
    Key,
    Secret,
}

pub const RESOURCE_TYPE: Required<Choice<ResourceType>> = Required(Choice {
    name: "ResourceType",
    values: &[("secret", ResourceType::Secret), ("key", ResourceType::Key)],
    help: "What the resources are. There are no keys here.",
});

const MOST_RESOURCES: usize = 50;

pub const RESOURCE_ID: List = List {
    name: "ResourceId",
    max_items: MOST_RESOURCES,
    rule: TextRule::Characters(192),
    help: "The names of the secrets.",
};

const RESOURCE_IDS: Required<List> = Required(RESOURCE_ID);

pub const TAG: TagList = TagList {
    name: "Tag",
    max_items: tags::MOST_TAGS,
    help: "The tags.",
};

const TAGS: Required<TagList> = Required(TAG);

/// Adds tags to all of the secrets, or, if one of them is not there, to none.
pub struct TagResources {
    names: Vec<String>,
    tags: Vec<Tag>,
}

impl Operation for TagResources {
    const ACTION: &'static str = "TagResources";
    const SUMMARY: &'static str = "Adds tags to secrets.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-tagresources";
    const EVIDENCE: &'static str = "documented (spaces: quick start), SDK; all or none: choice";
    const DIFFERENCES: &'static str =
        "There are no keys to tag. `RegionId` may be missing and does not choose the region.";
    const PARAMETERS: &'static [&'static dyn Parameter] =
        &[&REGION_ID, &RESOURCE_TYPE, &RESOURCE_IDS, &TAGS];
    const ERRORS: &'static [&'static Refusal] = &[
        &INVALID_TAG_KEY,
        &INVALID_TAG_VALUE,
        &DUPLICATE_TAG_KEY,
        &RESOURCE_ID_NOT_FOUND,
    ];
    const WRITES: bool = true;
    type Response = Done;

    fn parse(arguments: &Arguments) -> Result<Self, ApiError> {
        REGION_ID.find(arguments)?;
        let resource_type = RESOURCE_TYPE.read(arguments)?;
        let names = RESOURCE_IDS.read(arguments)?;
        let tags = TAGS.read(arguments)?;
        if !tags.iter().all(|tag| tags::is_key(&tag.key)) {
            return Err((&INVALID_TAG_KEY).into());
        }
        if !tags.iter().all(|tag| tags::is_value(&tag.value)) {
            return Err((&INVALID_TAG_VALUE).into());
        }
        if tags::has_duplicate(&tags) {
            return Err((&DUPLICATE_TAG_KEY).into());
        }
        if resource_type == ResourceType::Key {
            return Err((&RESOURCE_ID_NOT_FOUND).into());
        }
        Ok(Self { names, tags })
    }

    fn run(self, call: &Call) -> Result<Done, ApiError> {
        call.write(|store| {
            for name in &self.names {
                let (id, secret) = find(call, store, name)?;
                let mut after = secret.clone();
                after.tags = tags::merge(&secret.tags, &self.tags).ok_or_else(|| invalid("Tag"))?;
                store.update_secret(id, &secret, &after)?;
            }
            Ok(Done::new(call))
        })
    }
}

/// The secret of this name, which these operations have an error of their own for.
pub fn find(
    call: &Call,
    store: &WriteTransaction,
    name: &str,
) -> Result<(SecretId, Secret), ApiError> {
    call.find(store, &name.to_owned().into(), &RESOURCE_ID_NOT_FOUND)
}
