//! `TagResources`: adds tags to several secrets.

use crate::clouds::alibaba::kms::errors::{
    DUPLICATE_TAG_KEY, INVALID_TAG_KEY, INVALID_TAG_VALUE, RESOURCE_ID_NOT_FOUND,
};
use crate::clouds::alibaba::kms::shapes::EmptyResponse;
use crate::clouds::alibaba::kms::tags;
use crate::clouds::alibaba::rpc::error::{ApiError, Refusal};
use crate::clouds::alibaba::rpc::parameter::{
    Arguments, Choice, List, Optional, Required, TagList, Text, TextRule, invalid,
};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::{Secret, Tag};
use crate::store::{SecretId, WriteTransaction};

/// Required on the vendor's page, but not all of its SDKs can send it.
pub(super) const REGION_ID: Text = Text {
    name: "RegionId",
    rule: TextRule::Characters(64),
    sensitive: false,
    help: "The region. Ignored: the endpoint determines the region.",
};

/// The types of resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ResourceType {
    Key,
    Secret,
}

pub(super) const RESOURCE_TYPE: Required<Choice<ResourceType>> = Required(Choice {
    name: "ResourceType",
    values: &[("secret", ResourceType::Secret), ("key", ResourceType::Key)],
    help: "The type of the resources. The emulator has no keys.",
});

const MAX_RESOURCES: usize = 50;

pub(super) const RESOURCE_ID: List = List {
    name: "ResourceId",
    max_items: MAX_RESOURCES,
    rule: TextRule::Characters(192),
    help: "The names of the secrets.",
};

const RESOURCE_IDS: Required<List> = Required(RESOURCE_ID);

pub(super) const TAG: TagList = TagList {
    name: "Tag",
    max_items: tags::MAX_TAGS,
    help: "The tags.",
};

const TAGS: Required<TagList> = Required(TAG);

/// Adds tags to secrets. If one of the secrets does not exist, none is changed.
pub(super) struct TagResources {
    names: Vec<String>,
    tags: Vec<Tag>,
}

impl Operation<Rpc> for TagResources {
    const ACTION: &'static str = "TagResources";
    const SUMMARY: &'static str = "Adds tags to secrets.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-tagresources";
    const EVIDENCE: &'static str = "documented (spaces: quick start), SDK; all or none: assumption";
    const DIFFERENCES: &'static str =
        "The emulator has no keys. `RegionId` is optional and ignored.";
    const PARAMETERS: &'static [&'static dyn Parameter] =
        &[&REGION_ID, &RESOURCE_TYPE, &RESOURCE_IDS, &TAGS];
    const ERRORS: &'static [&'static Refusal] = &[
        &INVALID_TAG_KEY,
        &INVALID_TAG_VALUE,
        &DUPLICATE_TAG_KEY,
        &RESOURCE_ID_NOT_FOUND,
    ];
    const WRITES: bool = true;
    type Response = EmptyResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
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

    fn run(self, call: &Call) -> Result<EmptyResponse, ApiError> {
        call.write(|store| {
            for name in &self.names {
                let (id, secret) = find(call, store, name)?;
                let mut after = secret.clone();
                after.tags = tags::merge(&secret.tags, &self.tags).ok_or_else(|| invalid("Tag"))?;
                store.update_secret(id, &secret, &after)?;
            }
            Ok(EmptyResponse::new(call))
        })
    }
}

/// The secret of this name. These operations have their own error for an unknown secret.
pub(super) fn find(
    call: &Call,
    store: &WriteTransaction,
    name: &str,
) -> Result<(SecretId, Secret), ApiError> {
    call.find(store, &name.to_owned().into(), &RESOURCE_ID_NOT_FOUND)
}
