//! `RotateProductSecret`: rotates a secret of a cloud product.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::details::{Task, TaskKind};
use crate::clouds::tencent::ssm::errors::{
    DISABLED, NOT_FOUND, PENDING_DELETED, ROTATING, ROTATION_FORBIDDEN, UNINITIALIZED,
};
use crate::clouds::tencent::ssm::managed;
use crate::clouds::tencent::ssm::resource::{SECRET_NAME, check_enabled};
use crate::clouds::tencent::ssm::schedule::{self, TASK_DURATION};
use crate::model::SecretType;

/// Rotates an enabled secret of a cloud product.
pub(super) struct RotateProductSecret {
    name: String,
}

impl Operation<Api3> for RotateProductSecret {
    const ACTION: &'static str = "RotateProductSecret";
    const SUMMARY: &'static str = "Rotates a secret of a cloud product.";
    const PAGE: &'static str = "https://console.cloud.tencent.com/api/explorer?Product=ssm&Version=2019-09-23&Action=RotateProductSecret";
    const EVIDENCE: &'static str = "documented, SDK; codes for other types and states, the ids of earlier versions: assumption";
    const DIFFERENCES: &'static str =
        "No database or user gets the new credentials. An API key is rotated at once.";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[&SECRET_NAME];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &NOT_FOUND,
        &ROTATION_FORBIDDEN,
        &DISABLED,
        &PENDING_DELETED,
        &UNINITIALIZED,
        &ROTATING,
    ];
    const RATE_LIMIT: u32 = 20;
    const WRITES: bool = true;
    type Response = RotateProductSecretResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let name = SECRET_NAME.read(arguments)?;
        Ok(Self { name })
    }

    fn run(self, call: &Call) -> Result<RotateProductSecretResponse, ApiError> {
        let now = call.now();
        let end = now + TASK_DURATION;
        let flow_id = call.write(|store| {
            let (id, secret, mut details) = call.find_managed(store, &self.name)?;
            check_enabled(&secret)?;
            if details.task.is_some() {
                return Err((&ROTATING).into());
            }
            let mut after = secret.clone();
            after.updated_at = now;
            let flow_id = if secret.secret_type == SecretType::RamCredentials {
                managed::rotate(store, id, &mut after, &details, now)?;
                0
            } else {
                details.task = Some(Task {
                    kind: TaskKind::Rotate,
                    end: end.timestamp(),
                });
                after.rotation.next_at = details.due_at(after.state);
                after.extended_config = Some(details.to_json());
                schedule::task_id(&call.scope, &self.name, end)
            };
            store.update_secret(id, &secret, &after)?;
            Ok(flow_id)
        })?;
        Ok(RotateProductSecretResponse {
            flow_id,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `RotateProductSecret`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RotateProductSecretResponse {
    /// The id of the task that rotates the secret; 0 for an API key.
    #[serde(rename = "FlowID")]
    flow_id: i64,
    /// The id of the request.
    request_id: String,
}
