//! `TagResource`: adds tags to a secret.

use crate::clouds::alibaba::kms::errors::NOT_FOUND;
use crate::clouds::alibaba::kms::resource::SecretReference;
use crate::clouds::alibaba::kms::shapes::EmptyResponse;
use crate::clouds::alibaba::kms::tags;
use crate::clouds::alibaba::rpc::error::{ApiError, Refusal};
use crate::clouds::alibaba::rpc::parameter::{
    Arguments, Json, Optional, Required, Text, TextRule, invalid,
};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::Tag;

const TAGS: Required<Json<Vec<Tag>>> = Required(Json {
    name: "Tags",
    help: "Objects with a `TagKey` and a `TagValue`.",
    max_items: Some(tags::MAX_TAGS),
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

pub(super) const SECRET_NAME: Text = selector("SecretName", "The name of the secret.");
pub(super) const KEY_ID: Text = selector("KeyId", "The id of a key. The emulator has no keys.");
pub(super) const CERTIFICATE_ID: Text = selector(
    "CertificateId",
    "The id of a certificate. The emulator has no certificates.",
);

/// The resource of the request; `None` for a key or certificate, of which the emulator has none.
///
/// # Errors
///
/// `MissingParameter` without a resource, `InvalidParameter` for more than one.
pub(super) fn selected(arguments: &Arguments) -> Result<Option<SecretReference>, ApiError> {
    let secret = SECRET_NAME.find(arguments)?;
    let others = [KEY_ID.find(arguments)?, CERTIFICATE_ID.find(arguments)?];
    match (secret, others.iter().flatten().count()) {
        (Some(name), 0) => Ok(Some(name.into())),
        (None, 1) => Ok(None),
        (None, 0) => Err(ApiError::MissingParameter("SecretName")),
        _ => Err(invalid("SecretName")),
    }
}

/// Adds tags to a secret. An existing key gets the new value.
pub(super) struct TagResource {
    secret: Option<SecretReference>,
    tags: Vec<Tag>,
}

impl Operation<Rpc> for TagResource {
    const ACTION: &'static str = "TagResource";
    const SUMMARY: &'static str = "Adds tags to a secret.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-tagresource";
    const EVIDENCE: &'static str = "documented (spaces: quick start); too many tags: assumption";
    const DIFFERENCES: &'static str = "The emulator has no keys and certificates.";
    const PARAMETERS: &'static [&'static dyn Parameter] =
        &[&TAGS, &SECRET_NAME, &KEY_ID, &CERTIFICATE_ID];
    const ERRORS: &'static [&'static Refusal] = &[&NOT_FOUND];
    const WRITES: bool = true;
    type Response = EmptyResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            tags: TAGS.read(arguments)?,
            secret: selected(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<EmptyResponse, ApiError> {
        let Some(reference) = self.secret else {
            return Err((&NOT_FOUND).into());
        };
        call.write(|store| {
            let (id, secret) = call.find(store, &reference, &NOT_FOUND)?;
            let mut after = secret.clone();
            after.tags = tags::merge(&secret.tags, &self.tags).ok_or_else(|| invalid("Tags"))?;
            store.update_secret(id, &secret, &after)?;
            Ok(EmptyResponse::new(call))
        })
    }
}
