//! `DeleteKeyMaterial`: deletes imported material.

use crate::clouds::alibaba::kms::errors::{ALIAS_NOT_FOUND, KEY_NOT_FOUND, UNSUPPORTED_ORIGIN};
use crate::clouds::alibaba::kms::keys::due;
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference};
use crate::clouds::alibaba::kms::shapes::EmptyResponse;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::KeyOrigin;

/// Deletes the imported material of a key. The key stays, and waits for an import of the same material.
pub(crate) struct DeleteKeyMaterial {
    key: KeyReference,
}

impl Operation<Rpc> for DeleteKeyMaterial {
    const ACTION: &'static str = "DeleteKeyMaterial";
    const SUMMARY: &'static str = "Deletes the imported material of a key, but not the key.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-deletekeymaterial";
    const EVIDENCE: &'static str = "documented, SDK (states: *Impact of CMK states*)";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&KEY_ID];
    const ERRORS: &'static [&'static ErrorDescription] =
        &[&KEY_NOT_FOUND, &ALIAS_NOT_FOUND, &UNSUPPORTED_ORIGIN];
    const WRITES: bool = true;
    type Response = EmptyResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            key: KEY_ID.read(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<EmptyResponse, ApiError> {
        call.write(|store| {
            let (id, cmk) = call.find_key(store, &self.key)?;
            if cmk.origin != KeyOrigin::External {
                return Err((&UNSUPPORTED_ORIGIN).into());
            }
            due::remove_material(store, id, &cmk)?;
            Ok(EmptyResponse::new(call))
        })
    }
}
