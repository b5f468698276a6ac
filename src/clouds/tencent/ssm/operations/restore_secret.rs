//! `RestoreSecret`: cancels the planned deletion of a secret.

use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::errors::{
    NOT_FOUND, NOT_WHILE_DISABLED, NOT_WHILE_ENABLED, UNINITIALIZED,
};
use crate::clouds::tencent::ssm::resource::SECRET_NAME;
use crate::clouds::tencent::ssm::shapes::NamedSecret;
use crate::model::State;

/// Restores a secret within its recovery window. Its state is `Disabled` afterwards.
pub(super) struct RestoreSecret {
    name: String,
}

impl Operation<Api3> for RestoreSecret {
    const ACTION: &'static str = "RestoreSecret";
    const SUMMARY: &'static str =
        "Restores a secret that is pending deletion; it is disabled afterwards.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1078/38644";
    const EVIDENCE: &'static str = "documented; codes for wrong states: assumption";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[&SECRET_NAME];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &NOT_FOUND,
        &NOT_WHILE_ENABLED,
        &NOT_WHILE_DISABLED,
        &UNINITIALIZED,
    ];
    const RATE_LIMIT: u32 = 50;
    const WRITES: bool = true;
    type Response = NamedSecret;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let name = SECRET_NAME.read(arguments)?;
        Ok(Self { name })
    }

    fn run(self, call: &Call) -> Result<NamedSecret, ApiError> {
        call.write(|store| {
            let (id, secret) = call.find(store, &self.name)?;
            match secret.state {
                State::PendingDeletion { .. } => {}
                State::Enabled => return Err((&NOT_WHILE_ENABLED).into()),
                State::Disabled => return Err((&NOT_WHILE_DISABLED).into()),
                State::Creating | State::Failed => return Err((&UNINITIALIZED).into()),
            }
            let mut after = secret.clone();
            after.state = State::Disabled;
            store.update_secret(id, &secret, &after)?;
            Ok(NamedSecret::new(secret.name, call))
        })
    }
}
