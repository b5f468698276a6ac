//! `DescribeAccountKmsStatus`: whether the account can use the service.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

/// The status of the account, which is always `Enabled`.
pub(super) struct DescribeAccountKmsStatus;

impl Operation<Rpc> for DescribeAccountKmsStatus {
    const ACTION: &'static str = "DescribeAccountKmsStatus";
    const SUMMARY: &'static str = "Returns whether the account can use the service. It always can.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describeaccountkmsstatus";
    const EVIDENCE: &'static str = "documented";
    const DIFFERENCES: &'static str = "Always `Enabled`.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[];
    const ERRORS: &'static [&'static ErrorDescription] = &[];
    type Response = DescribeAccountKmsStatusResponse;

    fn parse(_: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self)
    }

    fn run(self, call: &Call) -> Result<DescribeAccountKmsStatusResponse, ApiError> {
        Ok(DescribeAccountKmsStatusResponse {
            account_status: "Enabled",
            request_id: call.request_id(),
        })
    }
}

/// The reply to `DescribeAccountKmsStatus`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeAccountKmsStatusResponse {
    /// `Enabled`.
    account_status: &'static str,
    /// The id of the request.
    request_id: String,
}
