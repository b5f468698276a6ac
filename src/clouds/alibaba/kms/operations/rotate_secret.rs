//! `RotateSecret`: new credentials for a managed secret.

use schemars::JsonSchema;
use serde::Serialize;

use super::create_secret::VERSION_ID;
use crate::clouds::alibaba::kms::errors::{
    IN_DELETE_PERIOD, KEY_DISABLED, KEY_NOT_FOUND, KEY_PENDING_DELETION, KEY_PENDING_IMPORT,
    NOT_FOUND, UNSUPPORTED,
};
use crate::clouds::alibaba::kms::managed;
use crate::clouds::alibaba::kms::resource::{SECRET_NAME_OR_ARN, SecretReference};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::SecretType;

/// Rotates a managed secret. Does nothing if the version exists.
///
/// `UnsupportedOperation` (400) for a generic secret.
pub(super) struct RotateSecret {
    secret: SecretReference,
    version_id: String,
}

impl Operation<Rpc> for RotateSecret {
    const ACTION: &'static str = "RotateSecret";
    const SUMMARY: &'static str = "Replaces the credentials of a managed secret.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-rotatesecret";
    const EVIDENCE: &'static str =
        "documented (name or ARN: 2026), SDK; refusal of generic secrets: assumption";
    const DIFFERENCES: &'static str = "The new credentials change no database, user or machine. There is no limit of 50 rotations per hour. New SSH keys are Ed25519.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&SECRET_NAME_OR_ARN, &VERSION_ID];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &NOT_FOUND,
        &IN_DELETE_PERIOD,
        &UNSUPPORTED,
        &KEY_NOT_FOUND,
        &KEY_DISABLED,
        &KEY_PENDING_DELETION,
        &KEY_PENDING_IMPORT,
    ];
    const WRITES: bool = true;
    type Response = RotateSecretResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            secret: SECRET_NAME_OR_ARN.read(arguments)?,
            version_id: VERSION_ID.read(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<RotateSecretResponse, ApiError> {
        call.write(|store| {
            let (id, secret) = call.find_in_use(store, &self.secret, &NOT_FOUND)?;
            if secret.secret_type == SecretType::Generic {
                return Err((&UNSUPPORTED).into());
            }
            call.check_key_of_secret(store, &self.secret, &secret)?;
            if store.version(id, &self.version_id)?.is_none() {
                managed::rotate(store, id, &secret, &self.version_id, call.now())?;
            }
            Ok(RotateSecretResponse {
                arn: call.arn(&secret.name),
                secret_name: secret.name,
                version_id: self.version_id,
                request_id: call.request_id(),
            })
        })
    }
}

/// The reply to `RotateSecret`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RotateSecretResponse {
    /// The ARN of the secret.
    arn: String,
    /// Its name.
    secret_name: String,
    /// The id of the version.
    version_id: String,
    /// The id of the request.
    request_id: String,
}
