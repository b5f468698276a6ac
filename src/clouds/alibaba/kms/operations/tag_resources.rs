//! `TagResources`: adds tags to several secrets or keys.

use crate::clouds::alibaba::kms::errors::{
    DUPLICATE_TAG_KEY, INVALID_TAG_KEY, INVALID_TAG_VALUE, KEY_PENDING_DELETION,
    RESOURCE_ID_NOT_FOUND, UNSUPPORTED_FOR_KEY,
};
use crate::clouds::alibaba::kms::keys::reference::{KeyReference, check_kept};
use crate::clouds::alibaba::kms::keys::service_keys::check_user_key;
use crate::clouds::alibaba::kms::shapes::EmptyResponse;
use crate::clouds::alibaba::kms::tags;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{
    Arguments, Choice, List, Optional, Required, TagList, Text, TextRule, invalid,
};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::{Cmk, Tag};
use crate::store::{CmkId, ReadTransaction, WriteTransaction};

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
    help: "The type of the resources.",
});

const MAX_RESOURCES: usize = 50;

pub(super) const RESOURCE_ID: List = List {
    name: "ResourceId",
    max_items: MAX_RESOURCES,
    rule: TextRule::Characters(192),
    help: "The names of the secrets, or the ids of the keys.",
};

const RESOURCE_IDS: Required<List> = Required(RESOURCE_ID);

pub(super) const TAG: TagList = TagList {
    name: "Tag",
    max_items: tags::MAX_TAGS,
    help: "The tags.",
};

const TAGS: Required<TagList> = Required(TAG);

/// Adds tags to secrets or keys. If one of them does not exist, none is changed.
pub(super) struct TagResources {
    resource_type: ResourceType,
    names: Vec<String>,
    tags: Vec<Tag>,
}

impl Operation<Rpc> for TagResources {
    const ACTION: &'static str = "TagResources";
    const SUMMARY: &'static str = "Adds tags to secrets or keys.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-tagresources";
    const EVIDENCE: &'static str = "documented (spaces: quick start), SDK; all or none: assumption";
    const DIFFERENCES: &'static str = "`RegionId` is optional and ignored.";
    const PARAMETERS: &'static [&'static dyn Parameter] =
        &[&REGION_ID, &RESOURCE_TYPE, &RESOURCE_IDS, &TAGS];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &INVALID_TAG_KEY,
        &INVALID_TAG_VALUE,
        &DUPLICATE_TAG_KEY,
        &RESOURCE_ID_NOT_FOUND,
        &KEY_PENDING_DELETION,
        &UNSUPPORTED_FOR_KEY,
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
        Ok(Self {
            resource_type,
            names,
            tags,
        })
    }

    fn run(self, call: &Call) -> Result<EmptyResponse, ApiError> {
        call.write(|store| {
            for name in &self.names {
                change_tags(call, store, self.resource_type, name, |tags| {
                    tags::merge(tags, &self.tags).ok_or_else(|| invalid("Tag"))
                })?;
            }
            Ok(EmptyResponse::new(call))
        })
    }
}

/// Changes the tags of the secret of this name, or of the key with this id. These operations have their own error
/// for an unknown resource.
pub(super) fn change_tags(
    call: &Call,
    store: &WriteTransaction,
    resource_type: ResourceType,
    name: &str,
    change: impl FnOnce(&[Tag]) -> Result<Vec<Tag>, ApiError> + Send,
) -> Result<(), ApiError> {
    match resource_type {
        ResourceType::Secret => {
            let reference = name.to_owned().into();
            let (id, secret) = call.find(store, &reference, &RESOURCE_ID_NOT_FOUND)?;
            let mut after = secret.clone();
            after.tags = change(&secret.tags)?;
            store.update_secret(id, &secret, &after)?;
        }
        ResourceType::Key => {
            let (id, cmk) = find_key(call, store, name)?;
            check_user_key(&cmk)?;
            check_kept(&cmk)?;
            let tags = change(&store.cmk_tags(id)?)?;
            store.set_cmk_tags(id, &tags)?;
        }
    }
    Ok(())
}

/// The key with this id, alias or ARN.
pub(super) fn find_key(
    call: &Call,
    store: &ReadTransaction,
    name: &str,
) -> Result<(CmkId, Cmk), ApiError> {
    let reference = KeyReference::parse(name).ok_or(&RESOURCE_ID_NOT_FOUND)?;
    match call.find_key(store, &reference) {
        Err(ApiError::Operation(_)) => Err((&RESOURCE_ID_NOT_FOUND).into()),
        found => found,
    }
}
