//! `DeleteAlias`: removes an alias.

use super::alias_name::ALIAS_NAME;
use crate::clouds::alibaba::kms::errors::ALIAS_NOT_FOUND;
use crate::clouds::alibaba::kms::shapes::EmptyResponse;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

/// Removes an alias, but not its key.
pub(crate) struct DeleteAlias {
    name: String,
}

impl Operation<Rpc> for DeleteAlias {
    const ACTION: &'static str = "DeleteAlias";
    const SUMMARY: &'static str = "Removes an alias, but not its key.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-deletealias";
    const EVIDENCE: &'static str = "documented (states: *Impact of CMK states*)";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&ALIAS_NAME];
    const ERRORS: &'static [&'static ErrorDescription] = &[&ALIAS_NOT_FOUND];
    const WRITES: bool = true;
    type Response = EmptyResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            name: ALIAS_NAME.read(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<EmptyResponse, ApiError> {
        call.write(|store| {
            let alias = store.alias(&call.scope, &self.name)?;
            store.remove_alias(&alias.ok_or(&ALIAS_NOT_FOUND)?)?;
            Ok(EmptyResponse::new(call))
        })
    }
}
