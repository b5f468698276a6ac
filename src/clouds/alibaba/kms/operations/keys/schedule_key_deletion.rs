//! `ScheduleKeyDeletion`: plans the deletion of a key.

use crate::clouds::alibaba::kms::errors::{
    ALIAS_NOT_FOUND, KEY_NOT_FOUND, STATE_NOT_MODIFIED, UNSUPPORTED_FOR_KEY,
};
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference};
use chrono::TimeDelta;

use crate::clouds::alibaba::kms::shapes::{self, EmptyResponse};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Integer, Required};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::{Cmk, KeyState};

const PENDING_WINDOW_IN_DAYS: Required<Integer> = Required(Integer {
    name: "PendingWindowInDays",
    minimum: 7,
    maximum: 366,
    default: 7,
    help: "The number of days until the deletion.",
});

/// Plans the deletion of a key. Until then it cannot be used, and the deletion can be cancelled.
pub(crate) struct ScheduleKeyDeletion {
    key: KeyReference,
    days: u32,
}

impl Operation<Rpc> for ScheduleKeyDeletion {
    const ACTION: &'static str = "ScheduleKeyDeletion";
    const SUMMARY: &'static str = "Plans the deletion of a key.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-schedulekeydeletion";
    const EVIDENCE: &'static str = "documented (states: *Impact of CMK states*); a window of up to 366 days: documented (2024; before: 30); that the window is required: SDK 3.3.1; a key with protection: assumption";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&KEY_ID, &PENDING_WINDOW_IN_DAYS];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &KEY_NOT_FOUND,
        &ALIAS_NOT_FOUND,
        &STATE_NOT_MODIFIED,
        &UNSUPPORTED_FOR_KEY,
    ];
    const WRITES: bool = true;
    type Response = EmptyResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            key: KEY_ID.read(arguments)?,
            days: PENDING_WINDOW_IN_DAYS.read(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<EmptyResponse, ApiError> {
        call.write(|store| {
            let (id, cmk) = call.find_user_key(store, &self.key)?;
            let is_planned = matches!(cmk.state, KeyState::PendingDeletion { .. });
            if is_planned || cmk.deletion_protection.is_some() {
                return Err((&STATE_NOT_MODIFIED).into());
            }
            let window = TimeDelta::days(self.days.into());
            let after = Cmk {
                state: KeyState::PendingDeletion {
                    planned_delete_at: shapes::later(call.now(), window),
                },
                ..cmk.clone()
            };
            store.update_cmk(id, &cmk, &after)?;
            Ok(EmptyResponse::new(call))
        })
    }
}
