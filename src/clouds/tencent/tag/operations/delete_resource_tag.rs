//! `DeleteResourceTag`: removes a tag from a resource.

use super::shapes::EmptyResponse;
use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::tag::errors::{
    KEY_CHARACTER, KEY_EMPTY, KEY_NOT_ATTACHED, KEY_RESERVED, KEY_TOO_LONG, NOT_FOUND,
};
use crate::clouds::tencent::tag::resource::{RESOURCE, Resource};
use crate::clouds::tencent::tag::rules::{self, TAG_KEY};

/// Removes a tag from a secret.
pub(super) struct DeleteResourceTag {
    resource: Resource,
    key: String,
}

impl Operation<Api3> for DeleteResourceTag {
    const ACTION: &'static str = "DeleteResourceTag";
    const SUMMARY: &'static str = "Removes a tag from a secret.";
    const PAGE: &'static str = "https://console.cloud.tencent.com/api/explorer?Product=tag&Version=2018-08-13&Action=DeleteResourceTag";
    const EVIDENCE: &'static str = "documented, SDK; error texts, an unknown secret: assumption";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[&TAG_KEY, &RESOURCE];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &NOT_FOUND,
        &KEY_EMPTY,
        &KEY_TOO_LONG,
        &KEY_CHARACTER,
        &KEY_RESERVED,
        &KEY_NOT_ATTACHED,
    ];
    const WRITES: bool = true;
    type Response = EmptyResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let key = TAG_KEY.read(arguments)?;
        rules::check_key(&key)?;
        Ok(Self {
            resource: Resource::parse(&RESOURCE.read(arguments)?)?,
            key,
        })
    }

    fn run(self, call: &Call) -> Result<EmptyResponse, ApiError> {
        self.resource.change_tags(call, |tags| {
            let attached = tags.iter().position(|tag| tag.key == self.key);
            tags.remove(attached.ok_or(&KEY_NOT_ATTACHED)?);
            Ok(())
        })?;
        Ok(EmptyResponse::new(call))
    }
}
