//! `UpdateRotationStatus`: turns the automatic rotation of a secret on or off.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{
    Arguments, Bool, Int64, Text, TextRule, TypedParameter,
};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::errors::{
    NOT_FOUND, NOT_WHILE_PENDING_DELETE, ROTATION_FORBIDDEN, UNINITIALIZED,
};
use crate::clouds::tencent::ssm::resource::{SECRET_NAME, check_usable};
use crate::clouds::tencent::ssm::schedule;

const ENABLE_ROTATION: Bool = Bool {
    name: "EnableRotation",
    required: true,
    help: "Whether the secret is rotated automatically.",
};

const FREQUENCY: Int64 = Int64 {
    name: "Frequency",
    minimum: 30,
    maximum: Some(365),
    default: None,
    required: false,
    help: "The days from one rotation to the next; unchanged if it is absent.",
};

pub(super) const ROTATION_BEGIN_TIME: Text = Text {
    name: "RotationBeginTime",
    rule: TextRule::Any,
    required: false,
    sensitive: false,
    help: "When automatic rotation begins, in Beijing time, such as `2026-01-31 03:00:00`. If it is in the past, the first rotation is a whole number of periods later.",
};

/// Turns the automatic rotation of a secret of a cloud product on or off.
pub(super) struct UpdateRotationStatus {
    name: String,
    is_on: bool,
    frequency: Option<u32>,
    begin: Option<DateTime<Utc>>,
}

impl Operation<Api3> for UpdateRotationStatus {
    const ACTION: &'static str = "UpdateRotationStatus";
    const SUMMARY: &'static str = "Turns the automatic rotation of a secret on or off.";
    const PAGE: &'static str = "https://console.cloud.tencent.com/api/explorer?Product=ssm&Version=2019-09-23&Action=UpdateRotationStatus";
    const EVIDENCE: &'static str = "documented, SDK; the time zone, a begin in the past, codes for other types and states: assumption";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[
        &SECRET_NAME,
        &ENABLE_ROTATION,
        &FREQUENCY,
        &ROTATION_BEGIN_TIME,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &NOT_FOUND,
        &ROTATION_FORBIDDEN,
        &NOT_WHILE_PENDING_DELETE,
        &UNINITIALIZED,
    ];
    const RATE_LIMIT: u32 = 20;
    const WRITES: bool = true;
    type Response = UpdateRotationStatusResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            name: SECRET_NAME.read(arguments)?,
            is_on: ENABLE_ROTATION.read(arguments),
            frequency: FREQUENCY.find(arguments)?,
            begin: begin_time(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<UpdateRotationStatusResponse, ApiError> {
        let now = call.now();
        call.write(|store| {
            let (id, secret, mut details) = call.find_managed(store, &self.name)?;
            check_usable(&secret)?;
            let days = self.frequency.map(i64::from);
            details.rotation_frequency = days.unwrap_or(details.rotation_frequency).max(1);
            details.rotation_status = self.is_on.into();
            details.next_rotation_time = 0;
            // Documented: the time of the request by default.
            let begin = self.begin.or(self.is_on.then_some(now));
            if let Some(begin) = begin {
                details.rotation_begin_time = schedule::beijing_time(begin);
            }
            if let Some(begin) = begin.filter(|_| self.is_on) {
                details.plan_rotations(begin, now);
            }
            let mut after = secret.clone();
            after.updated_at = now;
            after.rotation.next_at = details.due_at(secret.state);
            after.extended_config = Some(details.to_json());
            store.update_secret(id, &secret, &after)?;
            Ok(())
        })?;
        Ok(UpdateRotationStatusResponse {
            request_id: call.request_id(),
        })
    }
}

/// Reads `RotationBeginTime`.
///
/// # Errors
///
/// `InvalidParameterValue` for a text that is not a time.
pub(super) fn begin_time(arguments: &Arguments) -> Result<Option<DateTime<Utc>>, ApiError> {
    let Some(text) = ROTATION_BEGIN_TIME.find(arguments)? else {
        return Ok(None);
    };
    let begin = schedule::parse(&text);
    begin
        .map(Some)
        .ok_or_else(|| ROTATION_BEGIN_TIME.invalid(&text))
}

/// The reply to `UpdateRotationStatus`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdateRotationStatusResponse {
    /// The id of the request.
    request_id: String,
}
