//! `CreateAlias`: a new name for a key.

use super::alias_name::ALIAS_NAME;
use crate::clouds::alibaba::kms::errors::{
    ALIAS_EXISTS, ALIAS_NOT_FOUND, KEY_NOT_FOUND, STATE_NOT_MODIFIED, TOO_MANY_RESOURCES,
    UNSUPPORTED_FOR_KEY,
};
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference};
use crate::clouds::alibaba::kms::shapes::EmptyResponse;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::{KeyAlias, KeyState};

/// Adds an alias to a key. A key can have several.
pub(crate) struct CreateAlias {
    key: KeyReference,
    name: String,
}

impl Operation<Rpc> for CreateAlias {
    const ACTION: &'static str = "CreateAlias";
    const SUMMARY: &'static str = "Adds an alias to a key.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-createalias";
    const EVIDENCE: &'static str = "documented (states: *Impact of CMK states*; codes: *Responses*); the characters of aliases: documented (console)";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&KEY_ID, &ALIAS_NAME];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &KEY_NOT_FOUND,
        &ALIAS_NOT_FOUND,
        &ALIAS_EXISTS,
        &STATE_NOT_MODIFIED,
        &UNSUPPORTED_FOR_KEY,
        &TOO_MANY_RESOURCES,
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
        let alias = KeyAlias {
            name: self.name,
            created_at: call.now(),
        };
        call.write(|store| {
            let (id, cmk) = call.find_user_key(store, &self.key)?;
            if matches!(cmk.state, KeyState::PendingDeletion { .. }) {
                return Err((&STATE_NOT_MODIFIED).into());
            }
            if store.alias(&call.scope, &alias.name)?.is_some() {
                return Err((&ALIAS_EXISTS).into());
            }
            call.check_alias_quota(store)?;
            store.add_alias(id, &cmk, &alias)?;
            Ok(EmptyResponse::new(call))
        })
    }
}
