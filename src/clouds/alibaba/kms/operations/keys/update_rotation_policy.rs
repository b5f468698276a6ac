//! `UpdateRotationPolicy`: the automatic rotation of a key.

use crate::clouds::alibaba::kms::errors::{
    ALIAS_NOT_FOUND, KEY_DISABLED, KEY_NOT_FOUND, KEY_PENDING_DELETION, KEY_PENDING_IMPORT,
    UNSUPPORTED_FOR_KEY,
};
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference, check_enabled};
use crate::clouds::alibaba::kms::keys::rotation::{
    self, ENABLE_AUTOMATIC_ROTATION, ROTATION_INTERVAL,
};
use crate::clouds::alibaba::kms::shapes::EmptyResponse;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Boolean, Required};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::Cmk;

const REQUIRED_FLAG: Required<Boolean> = Required(ENABLE_AUTOMATIC_ROTATION);

/// Enables or disables the automatic rotation of a key.
pub(crate) struct UpdateRotationPolicy {
    key: KeyReference,
    interval: Option<u32>,
}

impl Operation<Rpc> for UpdateRotationPolicy {
    const ACTION: &'static str = "UpdateRotationPolicy";
    const SUMMARY: &'static str = "Enables or disables the automatic rotation of a key.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updaterotationpolicy";
    const EVIDENCE: &'static str = "documented (states: *Impact of CMK states*; a time in the past: *Automatic key rotation*); an interval of up to 730 days: documented (2021; later 365)";
    const PARAMETERS: &'static [&'static dyn Parameter] =
        &[&KEY_ID, &REQUIRED_FLAG, &ROTATION_INTERVAL];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &KEY_NOT_FOUND,
        &ALIAS_NOT_FOUND,
        &UNSUPPORTED_FOR_KEY,
        &KEY_DISABLED,
        &KEY_PENDING_DELETION,
        &KEY_PENDING_IMPORT,
    ];
    const WRITES: bool = true;
    type Response = EmptyResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let key = KEY_ID.read(arguments)?;
        REQUIRED_FLAG.read(arguments)?;
        let interval = rotation::requested(&ENABLE_AUTOMATIC_ROTATION, arguments)?;
        Ok(Self { key, interval })
    }

    fn run(self, call: &Call) -> Result<EmptyResponse, ApiError> {
        call.write(|store| {
            let (id, cmk) = call.find_user_key(store, &self.key)?;
            check_enabled(&cmk)?;
            if !rotation::can_rotate(&cmk) {
                return Err((&UNSUPPORTED_FOR_KEY).into());
            }
            let last_at = cmk.rotation.last_at.unwrap_or(cmk.created_at);
            let after = Cmk {
                rotation: rotation::policy(last_at, self.interval),
                ..cmk.clone()
            };
            store.update_cmk(id, &cmk, &after)?;
            Ok(EmptyResponse::new(call))
        })
    }
}
