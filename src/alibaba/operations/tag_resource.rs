//! `TagResource`: tags for a secret.

use super::Operation;
use crate::alibaba::Call;
use crate::alibaba::error::{ApiError, NOT_FOUND, Refusal};
use crate::alibaba::parameter::{
    Arguments, Json, Optional, Parameter, Required, Text, TextRule, invalid,
};
use crate::alibaba::resource::SecretReference;
use crate::alibaba::shapes::Done;
use crate::alibaba::tags;
use crate::model::Tag;

const TAGS: Required<Json<Vec<Tag>>> = Required(Json {
    name: "Tags",
    help: "Objects of a `TagKey` and its `TagValue`.",
    max_items: Some(tags::MOST_TAGS),
    sensitive: false,
    keys: Vec::new,
    parse: tags::parse,
});

const fn selector(name: &'static str, help: &'static str) -> Text {
    Text {
        name,
        rule: TextRule::Characters(192),
        sensitive: false,
        help,
    }
}

pub const SECRET_NAME: Text = selector("SecretName", "The name of the secret.");
pub const KEY_ID: Text = selector("KeyId", "The id of a key. There are none here.");
pub const CERTIFICATE_ID: Text = selector(
    "CertificateId",
    "The id of a certificate. There are none here.",
);

/// The one thing that is meant; absent when it is of a kind that does not exist here.
///
/// # Errors
///
/// `MissingParameter` for none, `InvalidParameter` for several.
pub fn selected(arguments: &Arguments) -> Result<Option<SecretReference>, ApiError> {
    let secret = SECRET_NAME.find(arguments)?;
    let others = [KEY_ID.find(arguments)?, CERTIFICATE_ID.find(arguments)?];
    match (secret, others.iter().flatten().count()) {
        (Some(name), 0) => Ok(Some(name.into())),
        (None, 1) => Ok(None),
        (None, 0) => Err(ApiError::MissingParameter("SecretName")),
        _ => Err(invalid("SecretName")),
    }
}

/// Adds tags to a secret; a key that it has gets the new value.
pub struct TagResource {
    secret: Option<SecretReference>,
    tags: Vec<Tag>,
}

impl Operation for TagResource {
    const ACTION: &'static str = "TagResource";
    const SUMMARY: &'static str = "Adds tags to a secret.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-tagresource";
    const EVIDENCE: &'static str = "documented (spaces: quick start); too many tags: choice";
    const DIFFERENCES: &'static str = "There are no keys and certificates to tag.";
    const PARAMETERS: &'static [&'static dyn Parameter] =
        &[&TAGS, &SECRET_NAME, &KEY_ID, &CERTIFICATE_ID];
    const ERRORS: &'static [&'static Refusal] = &[&NOT_FOUND];
    const WRITES: bool = true;
    type Response = Done;

    fn parse(arguments: &Arguments) -> Result<Self, ApiError> {
        Ok(Self {
            tags: TAGS.read(arguments)?,
            secret: selected(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<Done, ApiError> {
        let Some(reference) = self.secret else {
            return Err((&NOT_FOUND).into());
        };
        call.write(|store| {
            let (id, secret) = call.find(store, &reference, &NOT_FOUND)?;
            let mut after = secret.clone();
            after.tags = tags::merge(&secret.tags, &self.tags).ok_or_else(|| invalid("Tags"))?;
            store.update_secret(id, &secret, &after)?;
            Ok(Done::new(call))
        })
    }
}
