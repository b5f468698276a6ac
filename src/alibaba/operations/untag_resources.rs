//! `UntagResources`: takes tags from many secrets.

use super::Operation;
use super::tag_resources::{REGION_ID, RESOURCE_ID, RESOURCE_TYPE, ResourceType, find};
use crate::alibaba::Call;
use crate::alibaba::error::{ApiError, RESOURCE_ID_NOT_FOUND, Refusal};
use crate::alibaba::parameter::{Arguments, Boolean, List, Optional, Parameter, Required};
use crate::alibaba::shapes::Done;
use crate::alibaba::tags;

const RESOURCE_IDS: Required<List> = Required(RESOURCE_ID);

const TAG_KEY: List = List {
    name: "TagKey",
    max_items: tags::MOST_TAGS,
    rule: tags::TAG_RULE,
    help: "The keys to remove.",
};

const ALL: Boolean = Boolean {
    name: "All",
    default: false,
    help: "Whether all tags are removed. Means nothing beside keys.",
};

/// Removes tags from all of the secrets, or, if one of them is not there, from none.
pub struct UntagResources {
    names: Vec<String>,
    keys: Vec<String>,
    all: bool,
}

impl Operation for UntagResources {
    const ACTION: &'static str = "UntagResources";
    const SUMMARY: &'static str = "Removes tags from secrets.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-untagresources";
    const EVIDENCE: &'static str = "documented, SDK; all or none: choice";
    const DIFFERENCES: &'static str =
        "There are no keys to untag. `RegionId` may be missing and does not choose the region.";
    const PARAMETERS: &'static [&'static dyn Parameter] =
        &[&REGION_ID, &RESOURCE_TYPE, &RESOURCE_IDS, &TAG_KEY, &ALL];
    const ERRORS: &'static [&'static Refusal] = &[&RESOURCE_ID_NOT_FOUND];
    const WRITES: bool = true;
    type Response = Done;

    fn parse(arguments: &Arguments) -> Result<Self, ApiError> {
        REGION_ID.find(arguments)?;
        let resource_type = RESOURCE_TYPE.read(arguments)?;
        let names = RESOURCE_IDS.read(arguments)?;
        let keys = TAG_KEY.find(arguments)?.unwrap_or_default();
        let all = ALL.read(arguments);
        if keys.is_empty() && !all {
            return Err(ApiError::MissingParameter("TagKey"));
        }
        if resource_type == ResourceType::Key {
            return Err((&RESOURCE_ID_NOT_FOUND).into());
        }
        Ok(Self { names, keys, all })
    }

    fn run(self, call: &Call) -> Result<Done, ApiError> {
        let all = self.all && self.keys.is_empty();
        call.write(|store| {
            for name in &self.names {
                let (id, secret) = find(call, store, name)?;
                let mut after = secret.clone();
                after
                    .tags
                    .retain(|tag| !all && !self.keys.contains(&tag.key));
                store.update_secret(id, &secret, &after)?;
            }
            Ok(Done::new(call))
        })
    }
}
