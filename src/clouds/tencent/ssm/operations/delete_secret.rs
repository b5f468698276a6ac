//! `DeleteSecret`: deletes a disabled secret, at once or after a recovery window.

use chrono::TimeDelta;
use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, Bool, TypedParameter, Uint64};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::errors::{
    NOT_FOUND, NOT_WHILE_ENABLED, NOT_WHILE_PENDING_DELETE, UNINITIALIZED,
};
use crate::clouds::tencent::ssm::resource::SECRET_NAME;
use crate::clouds::tencent::ssm::shapes;
use crate::model::State;

const WINDOW: Uint64 = Uint64 {
    name: "RecoveryWindowInDays",
    minimum: 0,
    maximum: Some(30),
    default: 0,
    help: "The number of days in which the secret can be restored; 0 deletes it at once.",
};

const CLEAN_SSH_KEY: Bool = Bool {
    name: "CleanSSHKey",
    required: false,
    help: "Whether to delete an SSH key pair from CVM too. Ignored.",
};

const DELETE_MODE: Uint64 = Uint64 {
    name: "DeleteMode",
    minimum: 0,
    maximum: None,
    default: 0,
    help: "How secrets of cloud products are deleted. Ignored.",
};

/// Deletes a secret, which must be disabled.
pub(super) struct DeleteSecret {
    name: String,
    window: u32,
}

impl Operation<Api3> for DeleteSecret {
    const ACTION: &'static str = "DeleteSecret";
    const SUMMARY: &'static str = "Deletes a disabled secret, at once or after a recovery window.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1078/38655";
    const EVIDENCE: &'static str =
        "documented, SDK; codes for wrong states, DeleteTime of a deletion at once: assumption";
    const DIFFERENCES: &'static str = "`FlowID` is always 0.";
    const PARAMETERS: &'static [&'static dyn TypedParameter] =
        &[&SECRET_NAME, &WINDOW, &CLEAN_SSH_KEY, &DELETE_MODE];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &NOT_FOUND,
        &NOT_WHILE_ENABLED,
        &NOT_WHILE_PENDING_DELETE,
        &UNINITIALIZED,
    ];
    const RATE_LIMIT: u32 = 50;
    const WRITES: bool = true;
    type Response = DeleteSecretResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            name: SECRET_NAME.read(arguments)?,
            window: WINDOW.read(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<DeleteSecretResponse, ApiError> {
        let planned_delete_at = call.now() + TimeDelta::days(self.window.into());
        call.write(|store| {
            let (id, secret) = call.find_usable(store, &self.name)?;
            if secret.state == State::Enabled {
                return Err((&NOT_WHILE_ENABLED).into());
            }
            if self.window == 0 {
                store.remove_secret(id, &secret)?;
            } else {
                let mut after = secret.clone();
                after.state = State::PendingDeletion { planned_delete_at };
                store.update_secret(id, &secret, &after)?;
            }
            Ok(())
        })?;
        Ok(DeleteSecretResponse {
            secret_name: self.name,
            delete_time: shapes::time(planned_delete_at),
            flow_id: 0,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `DeleteSecret`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DeleteSecretResponse {
    /// The name of the secret.
    secret_name: String,
    /// The time of the deletion, in Unix seconds.
    delete_time: u64,
    /// The id of the asynchronous deletion task.
    #[serde(rename = "FlowID")]
    flow_id: i64,
    /// The id of the request.
    request_id: String,
}
