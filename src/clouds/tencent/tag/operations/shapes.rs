//! Parameters and parts of replies that several operations use.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::digest;
use crate::clouds::tencent::api3::error::ApiError;
use crate::clouds::tencent::api3::parameter::{Arguments, Uint64};
use crate::clouds::tencent::api3::protocol::Call;
use crate::clouds::tencent::tag::errors::OFFSET_INVALID;
use crate::clouds::tencent::tag::resource::SERVICE_TYPE;
use crate::model::Tag;

pub(super) const OFFSET: Uint64 = Uint64 {
    name: "Offset",
    minimum: 0,
    maximum: None,
    default: 0,
    help: "The number of tags to skip, a multiple of `Limit`.",
};

pub(super) const LIMIT: Uint64 = Uint64 {
    name: "Limit",
    minimum: 1,
    maximum: None,
    default: 15,
    help: "The maximum number of tags to return.",
};

/// Reads offset and limit.
///
/// # Errors
///
/// `InvalidParameterValue` for a number out of bounds, `.OffsetInvalid` for an offset that is not a multiple of
/// the limit.
pub(super) fn page(arguments: &Arguments) -> Result<(u32, u32), ApiError> {
    let (offset, limit) = (OFFSET.read(arguments)?, LIMIT.read(arguments)?);
    if offset.is_multiple_of(limit) {
        Ok((offset, limit))
    } else {
        Err((&OFFSET_INVALID).into())
    }
}

/// A tag of a resource.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TagResource {
    /// The key.
    tag_key: String,
    /// The value.
    tag_value: String,
    /// The id of the resource: `creatorUin/<uin>/<name>`.
    resource_id: String,
    /// The MD5 digest of the key.
    tag_key_md5: String,
    /// The MD5 digest of the value.
    tag_value_md5: String,
    /// The service of the resource: `ssm`.
    service_type: &'static str,
    /// `Custom`: the tag was not created by the system.
    category: &'static str,
}

impl TagResource {
    /// A tag of the secret with this name, which this account created.
    pub(super) fn new(creator: &str, name: &str, tag: Tag) -> Self {
        Self {
            tag_key_md5: digest::md5_hex(tag.key.as_bytes()),
            tag_value_md5: digest::md5_hex(tag.value.as_bytes()),
            tag_key: tag.key,
            tag_value: tag.value,
            resource_id: format!("creatorUin/{creator}/{name}"),
            service_type: SERVICE_TYPE,
            category: "Custom",
        }
    }
}

/// A reply with only the request id.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct EmptyResponse {
    /// The id of the request.
    request_id: String,
}

impl EmptyResponse {
    pub(super) fn new(call: &Call) -> Self {
        Self {
            request_id: call.request_id(),
        }
    }
}
