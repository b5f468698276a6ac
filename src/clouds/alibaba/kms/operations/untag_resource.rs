//! `UntagResource`: removes tags from a secret or a key.

use super::tag_resource::{
    CERTIFICATE_ID, KEY_ID, SECRET_NAME, TAGGING_ERRORS, Tagged, change_tags, selected,
};
use crate::clouds::alibaba::kms::shapes::EmptyResponse;
use crate::clouds::alibaba::kms::tags;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Json, Required};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

const TAG_KEYS: Required<Json<Vec<String>>> = Required(Json {
    name: "TagKeys",
    help: "The keys, as a JSON list or separated by commas.",
    max_items: Some(tags::MAX_TAGS),
    sensitive: false,
    keys: Vec::new,
    parse: tags::parse_keys,
});

/// Removes tags from a secret or a key. Keys that it does not have are ignored.
pub(super) struct UntagResource {
    tagged: Tagged,
    keys: Vec<String>,
}

impl Operation<Rpc> for UntagResource {
    const ACTION: &'static str = "UntagResource";
    const SUMMARY: &'static str = "Removes tags from a secret or a key.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-untagresource";
    const EVIDENCE: &'static str =
        "documented (states of keys: *Impact of CMK states*); unknown keys: assumption";
    const DIFFERENCES: &'static str = "The emulator has no certificates.";
    const PARAMETERS: &'static [&'static dyn Parameter] =
        &[&TAG_KEYS, &SECRET_NAME, &KEY_ID, &CERTIFICATE_ID];
    const ERRORS: &'static [&'static ErrorDescription] = TAGGING_ERRORS;
    const WRITES: bool = true;
    type Response = EmptyResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            keys: TAG_KEYS.read(arguments)?,
            tagged: selected(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<EmptyResponse, ApiError> {
        change_tags(call, &self.tagged, |tags| {
            let kept = tags.iter().filter(|tag| !self.keys.contains(&tag.key));
            Ok(kept.cloned().collect())
        })
    }
}
