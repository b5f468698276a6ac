//! `GetSecretValue`: the value of a version.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::alibaba::kms::dry_run::{DRY_RUN_FLAG, checked};
use crate::clouds::alibaba::kms::errors::{
    DRY_RUN, DRY_RUN_DENIED, DRY_RUN_INVALID, IN_DELETE_PERIOD, KEY_DISABLED, KEY_NOT_FOUND,
    KEY_PENDING_DELETION, KEY_PENDING_IMPORT, UNSUPPORTED, VALUE_NOT_FOUND,
};
use crate::clouds::alibaba::kms::managed::{self, ManagedMembers};
use crate::clouds::alibaba::kms::resource::{SECRET_NAME_OR_ARN, SecretReference};
use crate::clouds::alibaba::kms::shapes::{Time, VersionStages};
use crate::clouds::alibaba::kms::versions::{self, CURRENT};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{
    Arguments, Boolean, Optional, Text, TextRule, invalid,
};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::SecretType;
use crate::store::ReadTransaction;

const VERSION_ID: Text = Text {
    name: "VersionId",
    rule: TextRule::Characters(64),
    sensitive: false,
    help: "The version to read. Managed secrets ignore it.",
};

pub(super) const STAGE_RULE: TextRule = TextRule::Characters(128);

const VERSION_STAGE: Text = Text {
    name: "VersionStage",
    rule: STAGE_RULE,
    sensitive: false,
    help: "The stage of the version to read. The default is `ACSCurrent` if there is no `VersionId`.",
};

const FETCH_EXTENDED_CONFIG: Boolean = Boolean {
    name: "FetchExtendedConfig",
    default: false,
    help: "Whether to return the configuration of a managed secret.",
};

pub(super) const RECIPIENT: Text = Text {
    name: "Recipient",
    rule: TextRule::Bytes(65_536),
    sensitive: true,
    help: "The attestation of an enclave. Not supported.",
};

/// Reads the value of a version, by its id or stage, or of the current version.
///
/// `Forbidden.ResourceNotFound` (404) if the secret, version or stage does not exist, `InvalidParameter` (400)
/// if the version does not have the stage, and `Rejected.ResourceInDeleteWindow` (409) if the secret is planned
/// to be deleted.
pub(super) struct GetSecretValue {
    request: ValueRequest,
    dry_run: bool,
    recipient: Option<String>,
}

/// Identifies the value to read.
pub(super) struct ValueRequest {
    pub secret: SecretReference,
    pub version_id: Option<String>,
    pub version_stage: Option<String>,
    pub fetch_extended_config: bool,
}

impl Operation<Rpc> for GetSecretValue {
    const ACTION: &'static str = "GetSecretValue";
    const SUMMARY: &'static str = "Reads the value of a secret.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getsecretvalue";
    const EVIDENCE: &'static str = "documented, SDK, recorded; a secret of another account: documented; a secret pending deletion, contradicting version and stage, `CreateTime`, statuses of `DryRun`: assumption";
    const DIFFERENCES: &'static str = "A request with `Recipient` returns `UnsupportedOperation`.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[
        &SECRET_NAME_OR_ARN,
        &VERSION_ID,
        &VERSION_STAGE,
        &FETCH_EXTENDED_CONFIG,
        &DRY_RUN_FLAG,
        &RECIPIENT,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &UNSUPPORTED,
        &VALUE_NOT_FOUND,
        &IN_DELETE_PERIOD,
        &KEY_NOT_FOUND,
        &KEY_DISABLED,
        &KEY_PENDING_DELETION,
        &KEY_PENDING_IMPORT,
        &DRY_RUN,
        &DRY_RUN_INVALID,
        &DRY_RUN_DENIED,
    ];
    const IS_CACHED: bool = true;
    type Response = GetSecretValueResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            request: ValueRequest {
                secret: SECRET_NAME_OR_ARN.read(arguments)?,
                version_id: VERSION_ID.find(arguments)?,
                version_stage: VERSION_STAGE.find(arguments)?,
                fetch_extended_config: FETCH_EXTENDED_CONFIG.read(arguments),
            },
            dry_run: DRY_RUN_FLAG.read(arguments),
            recipient: RECIPIENT.find(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<GetSecretValueResponse, ApiError> {
        if self.recipient.is_some() {
            return Err((&UNSUPPORTED).into());
        }
        let value = call.read(|store| self.request.read(call, store));
        Ok(GetSecretValueResponse {
            value: checked(self.dry_run, value)?,
            request_id: call.request_id(),
        })
    }
}

impl ValueRequest {
    /// Reads the value; the errors are those of the operation.
    pub(super) fn read(
        &self,
        call: &Call,
        store: &ReadTransaction,
    ) -> Result<SecretValue, ApiError> {
        let (id, secret) =
            call.find_shared_in_use(store, &self.secret, "kms:GetSecretValue", &VALUE_NOT_FOUND)?;
        call.check_key_of_secret(store, &self.secret, &secret)?;
        let managed = secret.secret_type != SecretType::Generic;
        let stage = self.version_stage.as_deref();
        if managed && stage.is_some_and(|stage| !versions::is_reserved(stage)) {
            return Err((&VALUE_NOT_FOUND).into());
        }
        let version_id = match &self.version_id {
            Some(version_id) if !managed => Some(version_id.clone()),
            _ => store.version_with_stage(id, stage.unwrap_or(CURRENT))?,
        };
        let version = match version_id {
            Some(version_id) => store.version(id, &version_id)?,
            None => None,
        };
        let Some(version) = version else {
            if call.elsewhere(&self.secret).is_none() {
                call.context.notes.absent_secret(&secret.name);
            }
            return Err((&VALUE_NOT_FOUND).into());
        };
        if stage.is_some_and(|stage| version.stages.iter().all(|other| other != stage)) {
            return Err(invalid("VersionStage"));
        }
        Ok(SecretValue {
            managed: ManagedMembers::of(&secret, self.fetch_extended_config),
            secret_data: managed::unwrapped(secret.secret_type, version.data.into_inner()),
            secret_name: secret.name,
            version_id: version.version_id,
            secret_data_type: version.data_type.name(),
            secret_type: secret.secret_type.name(),
            version_stages: VersionStages {
                version_stage: version.stages,
            },
            create_time: Time(version.created_at),
        })
    }
}

/// The reply to `GetSecretValue`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetSecretValueResponse {
    #[serde(flatten)]
    value: SecretValue,
    /// The id of the request.
    request_id: String,
}

/// A version with its value.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SecretValue {
    /// The name of the secret.
    secret_name: String,
    /// The id of the version.
    version_id: String,
    /// The value.
    secret_data: String,
    /// The type of the value: `text` or `binary`.
    secret_data_type: &'static str,
    /// The type of the secret.
    secret_type: &'static str,
    /// The stages of the version.
    version_stages: VersionStages,
    /// When the version was created.
    create_time: Time,
    #[serde(flatten)]
    managed: ManagedMembers,
}
