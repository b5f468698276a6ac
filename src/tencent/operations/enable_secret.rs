//! `EnableSecret`: lets the values of a secret be read.

use super::Operation;
use crate::model::State;
use crate::tencent::Call;
use crate::tencent::error::{
    ApiError, NOT_FOUND, NOT_WHILE_PENDING_DELETE, Refusal, UNINITIALIZED,
};
use crate::tencent::parameter::{Arguments, Parameter};
use crate::tencent::resource::SECRET_NAME;
use crate::tencent::shapes::NamedSecret;

/// Enables a secret; one that is enabled stays as it is.
pub struct EnableSecret {
    name: String,
}

impl Operation for EnableSecret {
    const ACTION: &'static str = "EnableSecret";
    const SUMMARY: &'static str = "Enables a secret.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1078/38651";
    const EVIDENCE: &'static str = "documented; one that is enabled already: choice";
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
        call.set_state(&self.name, State::Enabled)
    }
}
