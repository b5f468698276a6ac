//! `UpdateDescription`: changes the description of a secret.

use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, Text, TextRule, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::creation::MAX_DESCRIPTION_BYTES;
use crate::clouds::tencent::ssm::errors::{NOT_FOUND, NOT_WHILE_PENDING_DELETE, UNINITIALIZED};
use crate::clouds::tencent::ssm::resource::SECRET_NAME;
use crate::clouds::tencent::ssm::shapes::NamedSecret;

const DESCRIPTION: Text = Text {
    name: "Description",
    rule: TextRule::Bytes(MAX_DESCRIPTION_BYTES),
    required: true,
    sensitive: false,
    help: "The new description; may be empty.",
};

/// Changes the description of a secret.
pub(super) struct UpdateDescription {
    name: String,
    description: String,
}

impl Operation<Api3> for UpdateDescription {
    const ACTION: &'static str = "UpdateDescription";
    const SUMMARY: &'static str = "Changes the description of a secret.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1078/38643";
    const EVIDENCE: &'static str = "documented; codes for wrong states: assumption";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[&SECRET_NAME, &DESCRIPTION];
    const ERRORS: &'static [&'static ErrorDescription] =
        &[&NOT_FOUND, &NOT_WHILE_PENDING_DELETE, &UNINITIALIZED];
    const RATE_LIMIT: u32 = 20;
    const WRITES: bool = true;
    type Response = NamedSecret;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            name: SECRET_NAME.read(arguments)?,
            description: DESCRIPTION.read(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<NamedSecret, ApiError> {
        let now = call.now();
        call.write(|store| {
            let (id, secret) = call.find_usable(store, &self.name)?;
            let mut after = secret.clone();
            after.description = self.description;
            after.updated_at = now;
            store.update_secret(id, &secret, &after)?;
            Ok(NamedSecret::new(secret.name, call))
        })
    }
}
