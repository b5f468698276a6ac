//! `TagResource`: adds tags to a secret or a key.

use crate::clouds::alibaba::kms::errors::{
    ALIAS_NOT_FOUND, KEY_NOT_FOUND, KEY_PENDING_DELETION, NOT_FOUND, UNSUPPORTED_FOR_KEY,
};
use crate::clouds::alibaba::kms::keys;
use crate::clouds::alibaba::kms::keys::reference::{KeyReference, check_kept};
use crate::clouds::alibaba::kms::resource::SecretReference;
use crate::clouds::alibaba::kms::shapes::EmptyResponse;
use crate::clouds::alibaba::kms::tags;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{
    Arguments, Json, Optional, Parsed, Required, Text, TextRule, invalid,
};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::Tag;

pub(super) const TAGS: Required<Json<Vec<Tag>>> = Required(Json {
    name: "Tags",
    help: "Objects with a `TagKey` and a `TagValue`.",
    max_items: Some(tags::MAX_TAGS),
    sensitive: false,
    keys: Vec::new,
    parse: tags::parse,
});

/// The errors of operations on the tags of one resource.
pub(super) const TAGGING_ERRORS: &[&ErrorDescription] = &[
    &NOT_FOUND,
    &KEY_NOT_FOUND,
    &ALIAS_NOT_FOUND,
    &KEY_PENDING_DELETION,
    &UNSUPPORTED_FOR_KEY,
];

const fn selector(name: &'static str, help: &'static str) -> Text {
    Text {
        name,
        rule: TextRule::Characters(192),
        sensitive: false,
        help,
    }
}

pub(super) const SECRET_NAME: Text = selector("SecretName", "The name of the secret.");
pub(super) const KEY_ID: Parsed<KeyReference> = keys::reference::KEY_ID.0;
pub(super) const CERTIFICATE_ID: Text = selector(
    "CertificateId",
    "The id of a certificate. The emulator has no certificates.",
);

/// The resource of a request.
pub(super) enum Tagged {
    Secret(SecretReference),
    Key(KeyReference),
    /// The emulator has no certificates.
    Certificate,
}

/// The resource of the request.
///
/// # Errors
///
/// `MissingParameter` without a resource, `InvalidParameter` for more than one.
pub(super) fn selected(arguments: &Arguments) -> Result<Tagged, ApiError> {
    let secret = SECRET_NAME.find(arguments)?;
    let key = KEY_ID.find(arguments)?;
    let certificate = CERTIFICATE_ID.find(arguments)?;
    match (secret, key, certificate) {
        (Some(name), None, None) => Ok(Tagged::Secret(name.into())),
        (None, Some(key), None) => Ok(Tagged::Key(key)),
        (None, None, Some(_)) => Ok(Tagged::Certificate),
        (None, None, None) => Err(ApiError::MissingParameter("SecretName")),
        _ => Err(invalid("SecretName")),
    }
}

/// Changes the tags of a resource.
pub(super) fn change_tags(
    call: &Call,
    tagged: &Tagged,
    change: impl FnOnce(&[Tag]) -> Result<Vec<Tag>, ApiError> + Send,
) -> Result<EmptyResponse, ApiError> {
    call.write(|store| {
        match tagged {
            Tagged::Secret(reference) => {
                let (id, secret) = call.find(store, reference, &NOT_FOUND)?;
                let mut after = secret.clone();
                after.tags = change(&secret.tags)?;
                store.update_secret(id, &secret, &after)?;
            }
            Tagged::Key(reference) => {
                let (id, cmk) = call.find_user_key(store, reference)?;
                check_kept(&cmk)?;
                let tags = change(&store.cmk_tags(id)?)?;
                store.set_cmk_tags(id, &tags)?;
            }
            Tagged::Certificate => return Err((&NOT_FOUND).into()),
        }
        Ok(EmptyResponse::new(call))
    })
}

/// Adds tags to a secret or a key. An existing key of a tag gets the new value.
pub(super) struct TagResource {
    tagged: Tagged,
    tags: Vec<Tag>,
}

impl Operation<Rpc> for TagResource {
    const ACTION: &'static str = "TagResource";
    const SUMMARY: &'static str = "Adds tags to a secret or a key.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-tagresource";
    const EVIDENCE: &'static str = "documented (spaces: quick start; states of keys: *Impact of CMK states*); too many tags: assumption";
    const DIFFERENCES: &'static str = "The emulator has no certificates.";
    const PARAMETERS: &'static [&'static dyn Parameter] =
        &[&TAGS, &SECRET_NAME, &KEY_ID, &CERTIFICATE_ID];
    const ERRORS: &'static [&'static ErrorDescription] = TAGGING_ERRORS;
    const WRITES: bool = true;
    type Response = EmptyResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            tags: TAGS.read(arguments)?,
            tagged: selected(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<EmptyResponse, ApiError> {
        change_tags(call, &self.tagged, |tags| {
            tags::merge(tags, &self.tags).ok_or_else(|| invalid("Tags"))
        })
    }
}
