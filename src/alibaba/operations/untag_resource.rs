//! `UntagResource`: takes tags from a secret.

use super::Operation;
use super::tag_resource::{CERTIFICATE_ID, KEY_ID, SECRET_NAME, selected};
use crate::alibaba::Call;
use crate::alibaba::error::{ApiError, NOT_FOUND, Refusal};
use crate::alibaba::parameter::{Arguments, Json, Parameter, Required};
use crate::alibaba::resource::SecretReference;
use crate::alibaba::shapes::Done;
use crate::alibaba::tags;

const TAG_KEYS: Required<Json<Vec<String>>> = Required(Json {
    name: "TagKeys",
    help: "The keys, as a JSON list or with commas between them.",
    max_items: Some(tags::MOST_TAGS),
    sensitive: false,
    keys: Vec::new,
    parse: tags::parse_keys,
});

/// Removes tags from a secret; keys that it does not have do no harm.
pub struct UntagResource {
    secret: Option<SecretReference>,
    keys: Vec<String>,
}

impl Operation for UntagResource {
    const ACTION: &'static str = "UntagResource";
    const SUMMARY: &'static str = "Removes tags from a secret.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-untagresource";
    const EVIDENCE: &'static str = "documented; unknown keys: choice";
    const DIFFERENCES: &'static str = "There are no keys and certificates to untag.";
    const PARAMETERS: &'static [&'static dyn Parameter] =
        &[&TAG_KEYS, &SECRET_NAME, &KEY_ID, &CERTIFICATE_ID];
    const ERRORS: &'static [&'static Refusal] = &[&NOT_FOUND];
    const WRITES: bool = true;
    type Response = Done;

    fn parse(arguments: &Arguments) -> Result<Self, ApiError> {
        Ok(Self {
            keys: TAG_KEYS.read(arguments)?,
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
            after.tags.retain(|tag| !self.keys.contains(&tag.key));
            store.update_secret(id, &secret, &after)?;
            Ok(Done::new(call))
        })
    }
}
