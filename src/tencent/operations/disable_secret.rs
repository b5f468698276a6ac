//! `DisableSecret`: lets the values of a secret be read no more.

use super::Operation;
use crate::model::State;
use crate::tencent::Call;
use crate::tencent::error::{
    ApiError, NOT_FOUND, NOT_WHILE_PENDING_DELETE, Refusal, UNINITIALIZED,
};
use crate::tencent::parameter::{Arguments, Parameter};
use crate::tencent::resource::SECRET_NAME;
use crate::tencent::shapes::NamedSecret;

/// Disables a secret; one that is disabled stays as it is.
pub struct DisableSecret {
    name: String,
}

impl Operation for DisableSecret {
    const ACTION: &'static str = "DisableSecret";
    const SUMMARY: &'static str = "Disables a secret.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1078/38652";
    const EVIDENCE: &'static str = "documented; one that is disabled already: choice";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&SECRET_NAME];
    const ERRORS: &'static [&'static Refusal] =
        &[&NOT_FOUND, &NOT_WHILE_PENDING_DELETE, &UNINITIALIZED];
    const RATE_LIMIT: u32 = 50;
    const WRITES: bool = true;
    type Response = NamedSecret;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let name = SECRET_NAME.read(arguments)?;
        Ok(Self { name })
    }

    fn run(self, call: &Call) -> Result<NamedSecret, ApiError> {
        call.set_state(&self.name, State::Disabled)
    }
}
