//! `CancelKeyDeletion`: cancels a planned deletion.

use crate::clouds::alibaba::kms::errors::{
    ALIAS_NOT_FOUND, KEY_NOT_FOUND, STATE_NOT_MODIFIED, UNSUPPORTED_FOR_KEY,
};
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference};
use crate::clouds::alibaba::kms::shapes::EmptyResponse;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::{Cmk, KeyState};

/// Cancels the deletion of a key, which is enabled then; without material it waits for an import.
pub(crate) struct CancelKeyDeletion {
    key: KeyReference,
}

impl Operation<Rpc> for CancelKeyDeletion {
    const ACTION: &'static str = "CancelKeyDeletion";
    const SUMMARY: &'static str = "Cancels the planned deletion of a key.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-cancelkeydeletion";
    const EVIDENCE: &'static str =
        "documented (states: *Impact of CMK states*); a key without material: assumption";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&KEY_ID];
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
        })
    }

    fn run(self, call: &Call) -> Result<EmptyResponse, ApiError> {
        call.write(|store| {
            let (id, cmk) = call.find_user_key(store, &self.key)?;
            if !matches!(cmk.state, KeyState::PendingDeletion { .. }) {
                return Err((&STATE_NOT_MODIFIED).into());
            }
            let version = store.primary_version(id)?;
            let has_material = version.is_some_and(|version| version.material.is_some());
            let after = Cmk {
                state: if has_material {
                    KeyState::Enabled
                } else {
                    KeyState::PendingImport
                },
                ..cmk.clone()
            };
            store.update_cmk(id, &cmk, &after)?;
            Ok(EmptyResponse::new(call))
        })
    }
}
