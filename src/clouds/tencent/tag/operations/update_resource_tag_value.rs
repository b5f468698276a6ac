//! `UpdateResourceTagValue`: changes the value of a tag of a resource.

use super::shapes::EmptyResponse;
use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::tag::errors::{
    KEY_CHARACTER, KEY_EMPTY, KEY_NOT_ATTACHED, KEY_RESERVED, KEY_TOO_LONG, NOT_FOUND,
    VALUE_CHARACTER, VALUE_TOO_LONG,
};
use crate::clouds::tencent::tag::resource::{RESOURCE, Resource};
use crate::clouds::tencent::tag::rules::{self, TAG_KEY, TAG_VALUE};
use crate::model::Tag;

/// Changes the value of a tag of a secret.
pub(super) struct UpdateResourceTagValue {
    resource: Resource,
    tag: Tag,
}

impl Operation<Api3> for UpdateResourceTagValue {
    const ACTION: &'static str = "UpdateResourceTagValue";
    const SUMMARY: &'static str = "Changes the value of a tag of a secret.";
    const PAGE: &'static str = "https://console.cloud.tencent.com/api/explorer?Product=tag&Version=2018-08-13&Action=UpdateResourceTagValue";
    const EVIDENCE: &'static str = "documented, SDK; error texts, an unknown secret: assumption";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[&TAG_KEY, &TAG_VALUE, &RESOURCE];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &NOT_FOUND,
        &KEY_EMPTY,
        &KEY_TOO_LONG,
        &KEY_CHARACTER,
        &KEY_RESERVED,
        &VALUE_TOO_LONG,
        &VALUE_CHARACTER,
        &KEY_NOT_ATTACHED,
    ];
    const WRITES: bool = true;
    type Response = EmptyResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let key = TAG_KEY.read(arguments)?;
        rules::check_key(&key)?;
        let value = TAG_VALUE.read(arguments)?;
        rules::check_value(&value)?;
        Ok(Self {
            resource: Resource::parse(&RESOURCE.read(arguments)?)?,
            tag: Tag { key, value },
        })
    }

    fn run(self, call: &Call) -> Result<EmptyResponse, ApiError> {
        self.resource.change_tags(call, |tags| {
            let attached = tags.iter_mut().find(|tag| tag.key == self.tag.key);
            attached.ok_or(&KEY_NOT_ATTACHED)?.value = self.tag.value;
            Ok(())
        })?;
        Ok(EmptyResponse::new(call))
    }
}
