//! `EnableSecret`: enables a secret, so that its values can be read.

use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::errors::{NOT_FOUND, NOT_WHILE_PENDING_DELETE, UNINITIALIZED};
use crate::clouds::tencent::ssm::resource::SECRET_NAME;
use crate::clouds::tencent::ssm::shapes::NamedSecret;
use crate::model::State;

/// Enables a secret; no effect if it is enabled.
pub(super) struct EnableSecret {
    name: String,
}

impl Operation<Api3> for EnableSecret {
    const ACTION: &'static str = "EnableSecret";
    const SUMMARY: &'static str = "Enables a secret.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1078/38651";
    const EVIDENCE: &'static str = "documented; a secret that is enabled already: assumption";
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
        call.set_state(&self.name, State::Enabled)
    }
}
