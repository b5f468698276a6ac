//! `UpdateKeyDescription`: changes the description of a key.

use super::create_key::DESCRIPTION;
use crate::clouds::alibaba::kms::errors::{
    ALIAS_NOT_FOUND, KEY_NOT_FOUND, KEY_PENDING_DELETION, UNSUPPORTED_FOR_KEY,
};
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference, check_kept};
use crate::clouds::alibaba::kms::shapes::EmptyResponse;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Required, Text};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::Cmk;

const REQUIRED_DESCRIPTION: Required<Text> = Required(DESCRIPTION);

/// Changes the description of a key.
pub(crate) struct UpdateKeyDescription {
    key: KeyReference,
    description: String,
}

impl Operation<Rpc> for UpdateKeyDescription {
    const ACTION: &'static str = "UpdateKeyDescription";
    const SUMMARY: &'static str = "Changes the description of a key.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatekeydescription";
    const EVIDENCE: &'static str = "documented (states: *Impact of CMK states*)";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&KEY_ID, &REQUIRED_DESCRIPTION];
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
            description: REQUIRED_DESCRIPTION.read(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<EmptyResponse, ApiError> {
        call.write(|store| {
            let (id, cmk) = call.find_user_key(store, &self.key)?;
            check_kept(&cmk)?;
            let after = Cmk {
                description: self.description.clone(),
                ..cmk.clone()
            };
            store.update_cmk(id, &cmk, &after)?;
            Ok(EmptyResponse::new(call))
        })
    }
}
