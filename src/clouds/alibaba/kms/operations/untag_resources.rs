//! `UntagResources`: removes tags from several secrets or keys.

use super::tag_resources::{REGION_ID, RESOURCE_ID, RESOURCE_TYPE, ResourceType, change_tags};
use crate::clouds::alibaba::kms::errors::{
    KEY_PENDING_DELETION, RESOURCE_ID_NOT_FOUND, UNSUPPORTED_FOR_KEY,
};
use crate::clouds::alibaba::kms::shapes::EmptyResponse;
use crate::clouds::alibaba::kms::tags;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Boolean, List, Optional, Required};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

const RESOURCE_IDS: Required<List> = Required(RESOURCE_ID);

const TAG_KEY: List = List {
    name: "TagKey",
    max_items: tags::MAX_TAGS,
    rule: tags::TAG_RULE,
    help: "The keys to remove.",
};

const ALL: Boolean = Boolean {
    name: "All",
    default: false,
    help: "Whether to remove all tags. Ignored if `TagKey` is present.",
};

/// Removes tags from secrets or keys. If one of them does not exist, none is changed.
pub(super) struct UntagResources {
    resource_type: ResourceType,
    names: Vec<String>,
    keys: Vec<String>,
    all: bool,
}

impl Operation<Rpc> for UntagResources {
    const ACTION: &'static str = "UntagResources";
    const SUMMARY: &'static str = "Removes tags from secrets or keys.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-untagresources";
    const EVIDENCE: &'static str = "documented, SDK; all or none: assumption";
    const DIFFERENCES: &'static str = "`RegionId` is optional and ignored.";
    const PARAMETERS: &'static [&'static dyn Parameter] =
        &[&REGION_ID, &RESOURCE_TYPE, &RESOURCE_IDS, &TAG_KEY, &ALL];
    const ERRORS: &'static [&'static ErrorDescription] = &[
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
        let keys = TAG_KEY.find(arguments)?.unwrap_or_default();
        let all = ALL.read(arguments);
        if keys.is_empty() && !all {
            return Err(ApiError::MissingParameter("TagKey"));
        }
        Ok(Self {
            resource_type,
            names,
            keys,
            all,
        })
    }

    fn run(self, call: &Call) -> Result<EmptyResponse, ApiError> {
        let all = self.all && self.keys.is_empty();
        call.write(|store| {
            for name in &self.names {
                change_tags(call, store, self.resource_type, name, |tags| {
                    let mut kept = tags.to_vec();
                    kept.retain(|tag| !all && !self.keys.contains(&tag.key));
                    Ok(kept)
                })?;
            }
            Ok(EmptyResponse::new(call))
        })
    }
}
