//! `AddResourceTag`: adds a tag to a resource.

use super::shapes::EmptyResponse;
use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::tags::MAX_TAGS;
use crate::clouds::tencent::tag::errors::{
    KEY_ATTACHED, KEY_CHARACTER, KEY_EMPTY, KEY_RESERVED, KEY_TOO_LONG, NOT_FOUND, TOO_MANY_TAGS,
    VALUE_CHARACTER, VALUE_TOO_LONG,
};
use crate::clouds::tencent::tag::resource::{RESOURCE, Resource};
use crate::clouds::tencent::tag::rules::{self, TAG_KEY, TAG_VALUE};
use crate::model::Tag;

/// Adds a tag to a secret.
pub(super) struct AddResourceTag {
    resource: Resource,
    tag: Tag,
}

impl Operation<Api3> for AddResourceTag {
    const ACTION: &'static str = "AddResourceTag";
    const SUMMARY: &'static str = "Adds a tag to a secret.";
    const PAGE: &'static str = "https://console.cloud.tencent.com/api/explorer?Product=tag&Version=2018-08-13&Action=AddResourceTag";
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
        &KEY_ATTACHED,
        &TOO_MANY_TAGS,
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
            if tags.iter().any(|tag| tag.key == self.tag.key) {
                return Err((&KEY_ATTACHED).into());
            }
            if tags.len() >= MAX_TAGS {
                return Err((&TOO_MANY_TAGS).into());
            }
            tags.push(self.tag);
            Ok(())
        })?;
        Ok(EmptyResponse::new(call))
    }
}
