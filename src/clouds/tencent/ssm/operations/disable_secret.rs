//! `DisableSecret`: disables a secret, so that its values cannot be read.

use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::errors::{NOT_FOUND, NOT_WHILE_PENDING_DELETE, UNINITIALIZED};
use crate::clouds::tencent::ssm::resource::SECRET_NAME;
use crate::clouds::tencent::ssm::shapes::NamedSecret;
use crate::model::State;

/// Disables a secret; no effect if it is disabled.
pub(super) struct DisableSecret {
    name: String,
}

impl Operation<Api3> for DisableSecret {
    const ACTION: &'static str = "DisableSecret";
    const SUMMARY: &'static str = "Disables a secret.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1078/38652";
    const EVIDENCE: &'static str = "documented; a secret that is disabled already: assumption";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[&SECRET_NAME];
    const ERRORS: &'static [&'static ErrorDescription] =
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
