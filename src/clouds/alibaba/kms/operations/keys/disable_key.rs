//! `DisableKey`: disables a key.

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

/// Disables a key. A key that is disabled stays so.
pub(crate) struct DisableKey {
    key: KeyReference,
}

impl Operation<Rpc> for DisableKey {
    const ACTION: &'static str = "DisableKey";
    const SUMMARY: &'static str = "Disables a key, so that it cannot be used until it is enabled.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-disablekey";
    const EVIDENCE: &'static str = "documented (states: *Impact of CMK states*)";
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
            if !matches!(cmk.state, KeyState::Enabled | KeyState::Disabled) {
                return Err((&STATE_NOT_MODIFIED).into());
            }
            let after = Cmk {
                state: KeyState::Disabled,
                ..cmk.clone()
            };
            store.update_cmk(id, &cmk, &after)?;
            Ok(EmptyResponse::new(call))
        })
    }
}
