//! `DeleteSecret`: deletes a secret, at once or after a recovery window.

use chrono::{DateTime, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::alibaba::kms::errors::{IN_DELETE_PERIOD, NOT_FOUND};
use crate::clouds::alibaba::kms::resource::{SECRET_NAME_OR_ARN, SecretReference};
use crate::clouds::alibaba::kms::shapes::Time;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Boolean, Integer};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::State;

const FORCE: Boolean = Boolean {
    name: "ForceDeleteWithoutRecovery",
    default: false,
    help: "Whether to delete the secret at once.",
};

const WINDOW: Integer = Integer {
    name: "RecoveryWindowInDays",
    minimum: 7,
    maximum: 30,
    default: 30,
    help: "The number of days in which the secret can be restored. Ignored with `ForceDeleteWithoutRecovery`.",
};

/// Deletes a secret.
///
/// `Rejected.ResourceInDeleteWindow` (409) if a deletion is planned already, unless
/// `ForceDeleteWithoutRecovery` is set.
pub(super) struct DeleteSecret {
    secret: SecretReference,
    /// Absent to delete at once.
    window: Option<TimeDelta>,
}

impl Operation<Rpc> for DeleteSecret {
    const ACTION: &'static str = "DeleteSecret";
    const SUMMARY: &'static str = "Deletes a secret, at once or after a recovery window.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-deletesecret";
    const EVIDENCE: &'static str =
        "documented (name or ARN: 2026), SDK; force on a secret pending deletion: assumption";
    const DIFFERENCES: &'static str = "`PlannedDeleteTime` is always in seconds and UTC.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&SECRET_NAME_OR_ARN, &FORCE, &WINDOW];
    const ERRORS: &'static [&'static ErrorDescription] = &[&NOT_FOUND, &IN_DELETE_PERIOD];
    const WRITES: bool = true;
    type Response = DeleteSecretResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let secret = SECRET_NAME_OR_ARN.read(arguments)?;
        let window = if FORCE.read(arguments) {
            None
        } else {
            Some(TimeDelta::days(WINDOW.read(arguments)?.into()))
        };
        Ok(Self { secret, window })
    }

    fn run(self, call: &Call) -> Result<DeleteSecretResponse, ApiError> {
        let now = call.now();
        call.write(|store| {
            let (id, secret) = call.find(store, &self.secret, &NOT_FOUND)?;
            let planned_delete_at: DateTime<Utc> = match self.window {
                None => {
                    store.remove_secret(id, &secret)?;
                    now
                }
                Some(_) if secret.state != State::Enabled => {
                    return Err((&IN_DELETE_PERIOD).into());
                }
                Some(window) => {
                    let planned_delete_at = now + window;
                    let mut after = secret.clone();
                    after.state = State::PendingDeletion { planned_delete_at };
                    store.update_secret(id, &secret, &after)?;
                    planned_delete_at
                }
            };
            Ok(DeleteSecretResponse {
                secret_name: secret.name,
                request_id: call.request_id(),
                planned_delete_time: Time(planned_delete_at),
            })
        })
    }
}

/// The reply to `DeleteSecret`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeleteSecretResponse {
    /// The name of the secret.
    secret_name: String,
    /// The id of the request.
    request_id: String,
    /// When the secret is deleted.
    planned_delete_time: Time,
}
