//! `GetServiceStatus`: returns whether the account can use the service.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::creation::MAX_SECRETS;

/// Returns the state of the service, which is always enabled.
pub(super) struct GetServiceStatus;

impl Operation<Api3> for GetServiceStatus {
    const ACTION: &'static str = "GetServiceStatus";
    const SUMMARY: &'static str = "Returns whether the account can use the service.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1078/38648";
    const EVIDENCE: &'static str = "documented, SDK; values: assumption";
    const DIFFERENCES: &'static str = "The service is always enabled.";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[];
    const ERRORS: &'static [&'static ErrorDescription] = &[];
    const RATE_LIMIT: u32 = 50;
    type Response = GetServiceStatusResponse;

    fn parse(_: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self)
    }

    fn run(self, call: &Call) -> Result<GetServiceStatusResponse, ApiError> {
        let total_count = call.read(|store| Ok(store.count_secrets_of(&call.scope)?))?;
        Ok(GetServiceStatusResponse {
            service_enabled: true,
            invalid_type: 1,
            access_key_escrow_enabled: true,
            expire_time: "",
            qps_limit: 1000,
            secret_limit: MAX_SECRETS,
            pay_model: "Postpaid_SSM",
            renew_flag: 0,
            resource_id: "",
            total_count,
            resource_region: 0,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `GetServiceStatus`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetServiceStatusResponse {
    /// Whether the service can be used.
    service_enabled: bool,
    /// 0: not purchased, 1: normal, 2: suspended for arrears, 3: released.
    invalid_type: i64,
    /// Whether the service can manage API keys.
    access_key_escrow_enabled: bool,
    /// When the service expires; empty for pay as you go.
    expire_time: &'static str,
    /// The purchased requests per second.
    #[serde(rename = "QPSLimit")]
    qps_limit: i64,
    /// The purchased number of secrets.
    secret_limit: u64,
    /// The billing mode.
    pay_model: &'static str,
    /// 0: manual renewal, 1: automatic renewal, 2: no renewal.
    renew_flag: i64,
    /// The id of the purchased resource.
    resource_id: &'static str,
    /// The number of secrets.
    total_count: u64,
    /// The number of the region in which the resource was purchased.
    resource_region: i64,
    /// The id of the request.
    request_id: String,
}
