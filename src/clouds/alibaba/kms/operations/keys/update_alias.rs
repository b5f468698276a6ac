//! `UpdateAlias`: moves an alias to another key.

use super::alias_name::ALIAS_NAME;
use crate::clouds::alibaba::kms::errors::{
    ALIAS_NOT_FOUND, KEY_NOT_FOUND, KEY_PENDING_DELETION, UNSUPPORTED_FOR_KEY,
};
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference, check_kept};
use crate::clouds::alibaba::kms::shapes::EmptyResponse;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

/// Moves an alias to another key.
pub(crate) struct UpdateAlias {
    key: KeyReference,
    name: String,
}

impl Operation<Rpc> for UpdateAlias {
    const ACTION: &'static str = "UpdateAlias";
    const SUMMARY: &'static str = "Moves an alias to another key.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatealias";
    const EVIDENCE: &'static str = "documented (states: *Impact of CMK states*)";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&KEY_ID, &ALIAS_NAME];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &KEY_NOT_FOUND,
        &ALIAS_NOT_FOUND,
        &KEY_PENDING_DELETION,
        &UNSUPPORTED_FOR_KEY,
    ];
    const WRITES: bool = true;
    type Response = EmptyResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            key: KEY_ID.read(arguments)?,
            name: ALIAS_NAME.read(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<EmptyResponse, ApiError> {
        call.write(|store| {
            let alias = store.alias(&call.scope, &self.name)?;
            let alias = alias.ok_or(&ALIAS_NOT_FOUND)?;
            let (id, cmk) = call.find_user_key(store, &self.key)?;
            check_kept(&cmk)?;
            store.move_alias(&alias, id, &cmk)?;
            Ok(EmptyResponse::new(call))
        })
    }
}
