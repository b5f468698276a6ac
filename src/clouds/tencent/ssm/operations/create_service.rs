//! `CreateService`: purchases the service.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, Text, TextRule, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::errors::ALREADY_ENABLED;

const POST_PAY: &str = "PostPay";

const PAY_MODE: Text = Text {
    name: "PayMode",
    rule: TextRule::Any,
    required: true,
    sensitive: false,
    help: "`PostPay`, with letter case.",
};

/// The longest token, in characters.
const MAX_TOKEN: usize = 64;

const CLIENT_TOKEN: Text = Text {
    name: "ClientToken",
    rule: TextRule::Any,
    required: true,
    sensitive: false,
    help: "1 to 64 visible ASCII characters, the same when the request is repeated.",
};

/// Purchases the service, which is always enabled here.
pub(super) struct CreateService;

impl Operation<Api3> for CreateService {
    const ACTION: &'static str = "CreateService";
    const SUMMARY: &'static str = "Purchases the service.";
    const PAGE: &'static str = "https://console.cloud.tencent.com/api/explorer?Product=ssm&Version=2019-09-23&Action=CreateService";
    const EVIDENCE: &'static str =
        "documented, SDK; the error for a service that is enabled: assumption";
    const DIFFERENCES: &'static str =
        "The service is always enabled, so it cannot be purchased: see `GetServiceStatus`.";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[&PAY_MODE, &CLIENT_TOKEN];
    const ERRORS: &'static [&'static ErrorDescription] = &[&ALREADY_ENABLED];
    const RATE_LIMIT: u32 = 20;
    type Response = CreateServiceResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let mode = PAY_MODE.read(arguments)?;
        if mode != POST_PAY {
            return Err(PAY_MODE.invalid(&mode));
        }
        let token = CLIENT_TOKEN.read(arguments)?;
        let is_visible = token.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_visible || !(1..=MAX_TOKEN).contains(&token.len()) {
            return Err(CLIENT_TOKEN.invalid(&token));
        }
        Ok(Self)
    }

    fn run(self, _: &Call) -> Result<CreateServiceResponse, ApiError> {
        Err((&ALREADY_ENABLED).into())
    }
}

/// The reply to `CreateService`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreateServiceResponse {
    /// The id of the service as a resource.
    resource_id: String,
    /// The id of the order.
    order_id: String,
    /// The id of the request.
    request_id: String,
}
