//! `PutSecretValue`: a new version of a generic secret.

use schemars::JsonSchema;
use serde::Serialize;

use super::create_secret::{SECRET_DATA, SECRET_DATA_TYPE, VERSION_ID};
use super::get_secret_value::STAGE_RULE;
use crate::clouds::alibaba::kms::errors::{
    IN_DELETE_PERIOD, KEY_DISABLED, KEY_NOT_FOUND, KEY_PENDING_DELETION, KEY_PENDING_IMPORT,
    NOT_FOUND, TOO_MANY_STAGES, UNSUPPORTED, VERSION_EXISTS,
};
use crate::clouds::alibaba::kms::resource::{SECRET_NAME_OR_ARN, SecretReference};
use crate::clouds::alibaba::kms::shapes::{StageList, VersionStages};
use crate::clouds::alibaba::kms::versions::{self, CURRENT, MAX_STAGES, PREVIOUS};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Json, Optional};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::{DataType, SecretData, SecretType, SecretVersion, VersionInfo};

const VERSION_STAGES: Json<Vec<String>> = Json {
    name: "VersionStages",
    help: "The stages of the version; the default is `ACSCurrent`. A list, or an object with the list in `VersionStage`.",
    max_items: Some(MAX_STAGES),
    sensitive: false,
    keys: Vec::new,
    parse,
};

/// A version cannot be both the current and the previous one.
fn parse(text: &str) -> Option<Vec<String>> {
    let stages: StageList = serde_json::from_str(text).ok()?;
    let mut stages = stages.into_vec();
    stages.sort_unstable();
    stages.dedup();
    let contradicts = [CURRENT, PREVIOUS]
        .iter()
        .all(|reserved| stages.iter().any(|stage| stage == reserved));
    let valid = stages
        .iter()
        .all(|stage| !stage.is_empty() && STAGE_RULE.allows(stage));
    (valid && !contradicts).then_some(stages)
}

/// Stores a version. Its stages are removed from the versions that had them.
///
/// If the version exists with the same data, only its stages change. `Rejected.ResourceExist` (409) for other
/// data, `Rejected.LimitExceeded` (400) for a ninth stage.
pub(super) struct PutSecretValue {
    secret: SecretReference,
    version_id: String,
    data: SecretData,
    data_type: DataType,
    stages: Vec<String>,
}

impl Operation<Rpc> for PutSecretValue {
    const ACTION: &'static str = "PutSecretValue";
    const SUMMARY: &'static str = "Stores a new version of a secret.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-putsecretvalue";
    const EVIDENCE: &'static str = "documented, SDK; a secret of another account: documented; a secret pending deletion, the ninth stage: assumption";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[
        &SECRET_NAME_OR_ARN,
        &SECRET_DATA,
        &VERSION_ID,
        &SECRET_DATA_TYPE,
        &VERSION_STAGES,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &UNSUPPORTED,
        &NOT_FOUND,
        &IN_DELETE_PERIOD,
        &VERSION_EXISTS,
        &TOO_MANY_STAGES,
        &KEY_NOT_FOUND,
        &KEY_DISABLED,
        &KEY_PENDING_DELETION,
        &KEY_PENDING_IMPORT,
    ];
    const WRITES: bool = true;
    type Response = PutSecretValueResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            secret: SECRET_NAME_OR_ARN.read(arguments)?,
            data: SECRET_DATA.read(arguments)?.into(),
            version_id: VERSION_ID.read(arguments)?,
            data_type: SECRET_DATA_TYPE.read(arguments)?,
            stages: VERSION_STAGES.find(arguments)?.unwrap_or_default(),
        })
    }

    fn run(self, call: &Call) -> Result<PutSecretValueResponse, ApiError> {
        let now = call.now();
        call.write(|store| {
            let (id, secret) =
                call.find_shared_in_use(store, &self.secret, "kms:PutSecretValue", &NOT_FOUND)?;
            if secret.secret_type != SecretType::Generic {
                return Err((&UNSUPPORTED).into());
            }
            call.check_key_of_secret(store, &self.secret, &secret)?;
            let mut kept = store.versions(id)?;
            let mut stages = self.stages;
            if let Some(same) = store.version(id, &self.version_id)? {
                if (&same.data, same.data_type) != (&self.data, self.data_type) {
                    return Err((&VERSION_EXISTS).into());
                }
            } else {
                if stages.is_empty() {
                    stages.push(CURRENT.to_owned());
                }
                store.add_version(
                    id,
                    &SecretVersion {
                        version_id: self.version_id.clone(),
                        created_at: now,
                        data: self.data,
                        data_type: self.data_type,
                        stages: Vec::new(),
                    },
                )?;
                kept.push(VersionInfo {
                    version_id: self.version_id.clone(),
                    created_at: now,
                    stages: Vec::new(),
                });
            }
            versions::set_stages(&mut kept, &self.version_id, &stages)?;
            store.keep_versions(id, &kept)?;
            let mut after = secret.clone();
            after.updated_at = now;
            store.update_secret(id, &secret, &after)?;
            let stored = kept
                .into_iter()
                .find(|version| version.version_id == self.version_id);
            Ok(PutSecretValueResponse {
                secret_name: secret.name,
                version_id: self.version_id,
                version_stages: VersionStages {
                    version_stage: stored.map(|version| version.stages).unwrap_or_default(),
                },
                request_id: call.request_id(),
            })
        })
    }
}

/// The reply to `PutSecretValue`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct PutSecretValueResponse {
    /// The name of the secret.
    secret_name: String,
    /// The id of the version.
    version_id: String,
    /// The stages of the version.
    version_stages: VersionStages,
    /// The id of the request.
    request_id: String,
}
