//! `DescribeAsyncRequestInfo`: reports the state of a task.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, Int64, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::errors::NO_TASK;
use crate::clouds::tencent::ssm::schedule;

const FLOW_ID: Int64 = Int64 {
    name: "FlowID",
    minimum: 0,
    maximum: None,
    default: None,
    required: true,
    help: "The id of the task, from the reply that started it.",
};

/// Reports the state of a task.
pub(super) struct DescribeAsyncRequestInfo {
    id: i64,
}

impl Operation<Api3> for DescribeAsyncRequestInfo {
    const ACTION: &'static str = "DescribeAsyncRequestInfo";
    const SUMMARY: &'static str = "Reports the state of a task that creates or rotates a secret.";
    const PAGE: &'static str = "https://console.cloud.tencent.com/api/explorer?Product=ssm&Version=2019-09-23&Action=DescribeAsyncRequestInfo";
    const EVIDENCE: &'static str = "documented, SDK; the description of a running task, the error for an unknown task: assumption";
    const DIFFERENCES: &'static str =
        "A task ends after two seconds by the clock of its account. It never fails.";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[&FLOW_ID];
    const ERRORS: &'static [&'static ErrorDescription] = &[&NO_TASK];
    const RATE_LIMIT: u32 = 20;
    type Response = DescribeAsyncRequestInfoResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let id = FLOW_ID.any(arguments).unwrap_or_default();
        Ok(Self { id })
    }

    fn run(self, call: &Call) -> Result<DescribeAsyncRequestInfoResponse, ApiError> {
        let end = schedule::end_of_task(&call.scope, self.id).ok_or(&NO_TASK)?;
        let (task_status, description) = if end <= call.now() {
            (1, "success")
        } else {
            (0, "processing")
        };
        Ok(DescribeAsyncRequestInfoResponse {
            task_status,
            description,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `DescribeAsyncRequestInfo`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeAsyncRequestInfoResponse {
    /// 0: the task is running; 1: it succeeded; 2: it failed.
    task_status: i64,
    /// The state in words.
    description: &'static str,
    /// The id of the request.
    request_id: String,
}
