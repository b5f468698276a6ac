//! `UpdateSecretVersionStage`: moves a label from version to version.

use super::Operation;
use super::get_secret_value::STAGE_RULE;
use crate::alibaba::Call;
use crate::alibaba::error::{
    ApiError, IN_DELETE_PERIOD, NOT_FOUND, PARAM_MISMATCH, Refusal, TOO_MANY_LABELS,
    UNNORMAL_STAGES, UNSUPPORTED,
};
use crate::alibaba::parameter::{
    Arguments, Optional, Parameter, Required, Text, TextRule, invalid,
};
use crate::alibaba::resource::{SECRET_NAME_OR_ARN, SecretReference};
use crate::alibaba::shapes::NamedSecret;
use crate::alibaba::versions::{self, CURRENT, PREVIOUS};
use crate::model::SecretType;

const VERSION_STAGE: Required<Text> = Required(Text {
    name: "VersionStage",
    rule: STAGE_RULE,
    sensitive: false,
    help: "The label.",
});

const REMOVE_FROM_VERSION: Text = Text {
    name: "RemoveFromVersion",
    rule: TextRule::Characters(64),
    sensitive: false,
    help: "The version that bears the label now.",
};

const MOVE_TO_VERSION: Text = Text {
    name: "MoveToVersion",
    rule: TextRule::Characters(64),
    sensitive: false,
    help: "The version that is to bear the label. Needed for `ACSCurrent` and `ACSPrevious`.",
};

/// Moves a label, or takes it away.
///
/// Answers `Rejected.InvalidRequest` (400) where the version to remove it from does not bear it,
/// and `Rejected.UnsupportedOperation` (400) where the current version would become the previous
/// one too.
pub struct UpdateSecretVersionStage {
    secret: SecretReference,
    stage: String,
    remove_from: Option<String>,
    move_to: Option<String>,
}

impl Operation for UpdateSecretVersionStage {
    const ACTION: &'static str = "UpdateSecretVersionStage";
    const SUMMARY: &'static str = "Moves a label to another version, or removes it.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-updatesecretversionstage";
    const EVIDENCE: &'static str =
        "documented; what moving `ACSCurrent` leaves behind, unknown versions: choice";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[
        &SECRET_NAME_OR_ARN,
        &VERSION_STAGE,
        &REMOVE_FROM_VERSION,
        &MOVE_TO_VERSION,
    ];
    const ERRORS: &'static [&'static Refusal] = &[
        &NOT_FOUND,
        &IN_DELETE_PERIOD,
        &UNSUPPORTED,
        &PARAM_MISMATCH,
        &UNNORMAL_STAGES,
        &TOO_MANY_LABELS,
    ];
    const WRITES: bool = true;
    type Response = NamedSecret;

    fn parse(arguments: &Arguments) -> Result<Self, ApiError> {
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
            let holder = versions::holder(&kept, &self.stage);
            if self.remove_from.is_some() && holder != self.remove_from.as_deref() {
                return Err((&PARAM_MISMATCH).into());
            }
            match &self.move_to {
                Some(version_id) => {
                    let current = versions::holder(&kept, CURRENT);
                    if self.stage == PREVIOUS && current == Some(version_id) {
                        return Err((&UNNORMAL_STAGES).into());
                    }
                    versions::mark(&mut kept, version_id, &[self.stage])?;
                }
                None => versions::unmark(&mut kept, &self.stage),
            }
            store.keep_versions(id, &kept)?;
            let mut after = secret.clone();
            after.updated_at = call.now();
            store.update_secret(id, &secret, &after)?;
            Ok(NamedSecret::new(secret.name, call))
        })
    }
}
