//! `GetRegions`: lists the regions of the service.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};

/// Lists the regions.
pub(super) struct GetRegions;

impl Operation<Api3> for GetRegions {
    const ACTION: &'static str = "GetRegions";
    const SUMMARY: &'static str = "Lists the regions of the service.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1078/38650";
    const EVIDENCE: &'static str = "documented";
    const DIFFERENCES: &'static str = "`--tencent-region` sets the list.";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[];
    const ERRORS: &'static [&'static ErrorDescription] = &[];
    const RATE_LIMIT: u32 = 100;
    type Response = GetRegionsResponse;

    fn parse(_: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self)
    }

    fn run(self, call: &Call) -> Result<GetRegionsResponse, ApiError> {
        Ok(GetRegionsResponse {
            regions: call.settings.regions.clone(),
            request_id: call.request_id(),
        })
    }
}

/// The reply to `GetRegions`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetRegionsResponse {
    /// The regions.
    regions: Vec<String>,
    /// The id of the request.
    request_id: String,
}
