//! `RestoreSecret`: cancels the planned deletion of a secret.

use crate::clouds::alibaba::kms::errors::{NOT_DELETED, NOT_FOUND};
use crate::clouds::alibaba::kms::resource::{SECRET_NAME_OR_ARN, SecretReference};
use crate::clouds::alibaba::kms::shapes::NamedSecret;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::State;

/// Restores a secret within its recovery window.
///
/// `Rejected.ResourceInUse` (409) if no deletion is planned.
pub(super) struct RestoreSecret {
    secret: SecretReference,
}

impl Operation<Rpc> for RestoreSecret {
    const ACTION: &'static str = "RestoreSecret";
    const SUMMARY: &'static str = "Restores a secret that is pending deletion.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-restoresecret";
    const EVIDENCE: &'static str = "documented (name or ARN: 2026)";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&SECRET_NAME_OR_ARN];
    const ERRORS: &'static [&'static ErrorDescription] = &[&NOT_FOUND, &NOT_DELETED];
    const WRITES: bool = true;
    type Response = NamedSecret;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            secret: SECRET_NAME_OR_ARN.read(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<NamedSecret, ApiError> {
        call.write(|store| {
            let (id, secret) = call.find(store, &self.secret, &NOT_FOUND)?;
            if secret.state == State::Enabled {
                return Err((&NOT_DELETED).into());
            }
            let mut after = secret.clone();
            after.state = State::Enabled;
            store.update_secret(id, &secret, &after)?;
            Ok(NamedSecret::new(secret.name, call))
        })
    }
}
