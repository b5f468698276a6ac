//! `GetDefaultKmsInstance`: the default KMS instance.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

/// Returns the id of the default KMS instance, or an empty text without one.
pub(crate) struct GetDefaultKmsInstance;

impl Operation<Rpc> for GetDefaultKmsInstance {
    const ACTION: &'static str = "GetDefaultKmsInstance";
    const SUMMARY: &'static str = "Returns the id of the default KMS instance.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getdefaultkmsinstance";
    const EVIDENCE: &'static str =
        "documented (2025), SDK 3.3.1; the reply without a default instance: assumption";
    const DIFFERENCES: &'static str = "An account has a default instance only if a fixture with `DefaultKmsInstanceId` was loaded.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[];
    const ERRORS: &'static [&'static ErrorDescription] = &[];
    type Response = GetDefaultKmsInstanceResponse;

    fn parse(_: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self)
    }

    fn run(self, call: &Call) -> Result<GetDefaultKmsInstanceResponse, ApiError> {
        let instance = call.read(|store| Ok(store.default_kms_instance(&call.scope)?))?;
        Ok(GetDefaultKmsInstanceResponse {
            default_kms_instance_id: instance
                .map(|instance| instance.instance_id)
                .unwrap_or_default(),
            request_id: call.request_id(),
        })
    }
}

/// The reply to `GetDefaultKmsInstance`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetDefaultKmsInstanceResponse {
    /// The id of the instance; empty without one.
    default_kms_instance_id: String,
    /// The id of the request.
    request_id: String,
}
