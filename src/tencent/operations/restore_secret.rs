//! `RestoreSecret`: keeps a secret that was planned to be deleted.

use super::Operation;
use crate::model::State;
use crate::tencent::Call;
use crate::tencent::error::{
    ApiError, NOT_FOUND, NOT_WHILE_DISABLED, NOT_WHILE_ENABLED, Refusal, UNINITIALIZED,
};
use crate::tencent::parameter::{Arguments, Parameter};
use crate::tencent::resource::SECRET_NAME;
use crate::tencent::shapes::NamedSecret;

/// Restores a secret within its recovery window. It is disabled then.
pub struct RestoreSecret {
    name: String,
}

impl Operation for RestoreSecret {
    const ACTION: &'static str = "RestoreSecret";
    const SUMMARY: &'static str =
        "Restores a secret that is planned to be deleted; it is disabled then.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1078/38644";
    const EVIDENCE: &'static str = "documented; codes for wrong states: choice";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&SECRET_NAME];
    const ERRORS: &'static [&'static Refusal] = &[
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
