//! `ListResourceTags`: the tags of a key. The emulator has no keys.

use schemars::JsonSchema;
use serde::Serialize;

use super::tag_resource::KEY_ID;
use crate::clouds::alibaba::kms::errors::KEY_NOT_FOUND;
use crate::clouds::alibaba::rpc::error::{ApiError, Refusal};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Required, Text};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

const REQUIRED_KEY_ID: Required<Text> = Required(KEY_ID);

/// Always `Forbidden.KeyNotFound` (404).
pub(super) struct ListResourceTags;

impl Operation<Rpc> for ListResourceTags {
    const ACTION: &'static str = "ListResourceTags";
    const SUMMARY: &'static str = "Lists the tags of a key. The emulator has no keys.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listresourcetags";
    const EVIDENCE: &'static str = "documented";
    const DIFFERENCES: &'static str =
        "The emulator has no keys: the reply is always `Forbidden.KeyNotFound`.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&REQUIRED_KEY_ID];
    const ERRORS: &'static [&'static Refusal] = &[&KEY_NOT_FOUND];
    type Response = ListResourceTagsResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        REQUIRED_KEY_ID.read(arguments)?;
        Ok(Self)
    }

    fn run(self, _: &Call) -> Result<ListResourceTagsResponse, ApiError> {
        Err((&KEY_NOT_FOUND).into())
    }
}

/// The reply to `ListResourceTags`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListResourceTagsResponse {
    /// The tags.
    tags: KeyTags,
    /// The id of the request.
    request_id: String,
}

/// A list of tags of keys.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct KeyTags {
    /// The tags.
    tag: Vec<KeyTag>,
}

/// A tag of a key.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct KeyTag {
    /// The id of the key.
    key_id: String,
    /// The key of the tag.
    tag_key: String,
    /// The value of the tag.
    tag_value: String,
}
