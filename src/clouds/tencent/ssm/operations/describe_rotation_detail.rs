//! `DescribeRotationDetail`: describes the automatic rotation of a secret.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::errors::{NOT_FOUND, ROTATION_FORBIDDEN};
use crate::clouds::tencent::ssm::resource::SECRET_NAME;
use crate::clouds::tencent::ssm::schedule;

/// Describes the automatic rotation of a secret of a cloud product.
pub(super) struct DescribeRotationDetail {
    name: String,
}

impl Operation<Api3> for DescribeRotationDetail {
    const ACTION: &'static str = "DescribeRotationDetail";
    const SUMMARY: &'static str = "Describes the automatic rotation of a secret.";
    const PAGE: &'static str = "https://console.cloud.tencent.com/api/explorer?Product=ssm&Version=2019-09-23&Action=DescribeRotationDetail";
    const EVIDENCE: &'static str =
        "documented, SDK; the time zone, the code for other types: assumption";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[&SECRET_NAME];
    const ERRORS: &'static [&'static ErrorDescription] = &[&NOT_FOUND, &ROTATION_FORBIDDEN];
    const RATE_LIMIT: u32 = 20;
    type Response = DescribeRotationDetailResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let name = SECRET_NAME.read(arguments)?;
        Ok(Self { name })
    }

    fn run(self, call: &Call) -> Result<DescribeRotationDetailResponse, ApiError> {
        let (_, secret, details) = call.read(|store| call.find_managed(store, &self.name))?;
        let is_on = details.rotation_status != 0;
        let next = if is_on { details.next_rotation_time } else { 0 };
        let latest = secret.rotation.last_at.map(schedule::beijing_time);
        Ok(DescribeRotationDetailResponse {
            enable_rotation: is_on,
            frequency: details.rotation_frequency,
            latest_rotate_time: latest.unwrap_or_default(),
            next_rotate_begin_time: schedule::beijing_time_of_seconds(next),
            request_id: call.request_id(),
        })
    }
}

/// The reply to `DescribeRotationDetail`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeRotationDetailResponse {
    /// Whether automatic rotation is on.
    enable_rotation: bool,
    /// The days from one rotation to the next.
    frequency: i64,
    /// The last rotation, or the creation of the first credentials, in Beijing time; empty if there was none.
    latest_rotate_time: String,
    /// The next automatic rotation, in Beijing time; empty if it is off.
    next_rotate_begin_time: String,
    /// The id of the request.
    request_id: String,
}
