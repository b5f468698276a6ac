//! `ListResourceTags`: the tags of a key.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::alibaba::kms::errors::{ALIAS_NOT_FOUND, KEY_NOT_FOUND};
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

/// Lists the tags of a key, in every state.
pub(super) struct ListResourceTags {
    key: KeyReference,
}

impl Operation<Rpc> for ListResourceTags {
    const ACTION: &'static str = "ListResourceTags";
    const SUMMARY: &'static str = "Lists the tags of a key.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listresourcetags";
    const EVIDENCE: &'static str = "documented";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&KEY_ID];
    const ERRORS: &'static [&'static ErrorDescription] = &[&KEY_NOT_FOUND, &ALIAS_NOT_FOUND];
    type Response = ListResourceTagsResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            key: KEY_ID.read(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<ListResourceTagsResponse, ApiError> {
        let (key_id, tags) = call.read(|store| {
            let (id, cmk) = call.find_key(store, &self.key)?;
            Ok((cmk.key_id, store.cmk_tags(id)?))
        })?;
        let tags = tags.into_iter().map(|tag| KeyTag {
            key_id: key_id.clone(),
            tag_key: tag.key,
            tag_value: tag.value,
        });
        Ok(ListResourceTagsResponse {
            tags: KeyTags {
                tag: tags.collect(),
            },
            request_id: call.request_id(),
        })
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
