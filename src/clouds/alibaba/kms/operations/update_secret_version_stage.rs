//! `UpdateSecretVersionStage`: moves a stage from one version to another.

use super::get_secret_value::STAGE_RULE;
use crate::clouds::alibaba::kms::errors::{
    IN_DELETE_PERIOD, NOT_FOUND, PARAM_MISMATCH, TOO_MANY_STAGES, UNNORMAL_STAGES, UNSUPPORTED,
};
use crate::clouds::alibaba::kms::resource::{SECRET_NAME_OR_ARN, SecretReference};
use crate::clouds::alibaba::kms::shapes::NamedSecret;
use crate::clouds::alibaba::kms::versions::{self, CURRENT, PREVIOUS};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{
    Arguments, Optional, Required, Text, TextRule, invalid,
};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::SecretType;

const VERSION_STAGE: Required<Text> = Required(Text {
    name: "VersionStage",
    rule: STAGE_RULE,
    sensitive: false,
    help: "The stage.",
});

const REMOVE_FROM_VERSION: Text = Text {
    name: "RemoveFromVersion",
    rule: TextRule::Characters(64),
    sensitive: false,
    help: "The version that currently has the stage.",
};

const MOVE_TO_VERSION: Text = Text {
    name: "MoveToVersion",
    rule: TextRule::Characters(64),
    sensitive: false,
    help: "The version to move the stage to. Required for `ACSCurrent` and `ACSPrevious`.",
};

/// Moves a stage, or removes it.
///
/// `Rejected.InvalidRequest` (400) if `RemoveFromVersion` does not have the stage, and
/// `Rejected.UnsupportedOperation` (400) if `ACSPrevious` would move to the current version.
pub(super) struct UpdateSecretVersionStage {
    secret: SecretReference,
    stage: String,
    remove_from: Option<String>,
    move_to: Option<String>,
}

impl Operation<Rpc> for UpdateSecretVersionStage {
    const ACTION: &'static str = "UpdateSecretVersionStage";
    const SUMMARY: &'static str = "Moves a stage to another version, or removes it.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecretversionstage";
    const EVIDENCE: &'static str =
        "documented; where `ACSPrevious` moves with `ACSCurrent`, unknown versions: assumption";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[
        &SECRET_NAME_OR_ARN,
        &VERSION_STAGE,
        &REMOVE_FROM_VERSION,
        &MOVE_TO_VERSION,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &NOT_FOUND,
        &IN_DELETE_PERIOD,
        &UNSUPPORTED,
        &PARAM_MISMATCH,
        &UNNORMAL_STAGES,
        &TOO_MANY_STAGES,
    ];
    const WRITES: bool = true;
    type Response = NamedSecret;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let operation = Self {
            secret: SECRET_NAME_OR_ARN.read(arguments)?,
            stage: VERSION_STAGE.read(arguments)?,
            remove_from: REMOVE_FROM_VERSION.find(arguments)?,
            move_to: MOVE_TO_VERSION.find(arguments)?,
        };
        let must_move = versions::is_reserved(&operation.stage) || operation.remove_from.is_none();
        if must_move && operation.move_to.is_none() {
            return Err(invalid("MoveToVersion"));
        }
        Ok(operation)
    }

    fn run(self, call: &Call) -> Result<NamedSecret, ApiError> {
        call.write(|store| {
            let (id, secret) = call.find_in_use(store, &self.secret, &NOT_FOUND)?;
            if secret.secret_type != SecretType::Generic {
                return Err((&UNSUPPORTED).into());
            }
            let mut kept = store.versions(id)?;
            for named in [&self.remove_from, &self.move_to].into_iter().flatten() {
                if kept.iter().all(|version| version.version_id != *named) {
                    return Err((&NOT_FOUND).into());
                }
            }
            let holder = versions::version_with(&kept, &self.stage);
            if self.remove_from.is_some() && holder != self.remove_from.as_deref() {
                return Err((&PARAM_MISMATCH).into());
            }
            match &self.move_to {
                Some(version_id) => {
                    let current = versions::version_with(&kept, CURRENT);
                    if self.stage == PREVIOUS && current == Some(version_id) {
                        return Err((&UNNORMAL_STAGES).into());
                    }
                    versions::set_stages(&mut kept, version_id, &[self.stage])?;
                }
                None => versions::remove_stage(&mut kept, &self.stage),
            }
            store.keep_versions(id, &kept)?;
            let mut after = secret.clone();
            after.updated_at = call.now();
            store.update_secret(id, &secret, &after)?;
            Ok(NamedSecret::new(secret.name, call))
        })
    }
}
