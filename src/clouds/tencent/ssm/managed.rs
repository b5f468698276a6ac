//! Secrets of cloud products: their accounts, and their rotation, which is due work. Rotation only changes the
//! stored credentials; there is no database to change.
//!
//! The version `SSM_Current` has the account in use. A rotation creates another account, and keeps the version
//! before under an id with the time of the rotation.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::details::{Details, TaskKind};
use super::resource::CURRENT;
use super::schedule::{digits, seconds};
use crate::clouds::password::{self, PasswordRules};
use crate::model::{DataType, Secret, SecretData, SecretType, SecretVersion, State};
use crate::store::{SecretId, StoreError, WriteTransaction};

/// The maximum number of versions before the current one. Documented as the number that is shown.
pub(super) const MAX_HISTORY: usize = 10;

/// The beginning of the ids of versions before the current one.
const HISTORY: &str = "SSM_Rotate_";

/// Whether the service manages the values of secrets of this type, and can rotate them.
pub(super) fn can_rotate(secret_type: SecretType) -> bool {
    match secret_type {
        SecretType::Rds | SecretType::Redis | SecretType::RamCredentials => true,
        SecretType::Generic | SecretType::Ecs | SecretType::PolarDb => false,
    }
}

/// New credentials: an account of a database, or an API key.
pub(super) fn credentials(secret_type: SecretType, prefix: &str) -> SecretData {
    let value = match secret_type {
        SecretType::RamCredentials => json!({
            "SecretId": format!("AKID{}", password::alphanumeric(32)),
            "SecretKey": password::alphanumeric(32),
        }),
        _ => json!({
            "UserName": format!("{prefix}_SSM_{}", password::alphanumeric(3)),
            "Password": new_password(),
        }),
    };
    value.to_string().into()
}

/// A password of characters that every one of the databases allows.
fn new_password() -> String {
    PasswordRules::new(32, [true, true, true, false], "", true)
        .generate()
        .unwrap_or_default()
}

/// The current version of a secret with new credentials.
pub(super) fn current_version(
    secret_type: SecretType,
    prefix: &str,
    at: DateTime<Utc>,
) -> SecretVersion {
    SecretVersion {
        version_id: CURRENT.to_owned(),
        created_at: at,
        data: credentials(secret_type, prefix),
        data_type: DataType::Text,
        stages: Vec::new(),
    }
}

/// Does the first work of a secret that is due: the end of a task, or an automatic rotation.
///
/// # Errors
///
/// Those of the store.
pub(crate) fn do_due_work(
    store: &WriteTransaction,
    id: SecretId,
    secret: &Secret,
    due_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut after = secret.clone();
    let Ok(mut details) = Details::parse(secret.extended_config.as_deref()) else {
        after.rotation.next_at = None;
        return store.update_secret(id, secret, &after);
    };
    let mut at = due_at;
    let task = details.task.take_if(|task| task.end <= due_at.timestamp());
    match task.map(|task| task.kind) {
        Some(TaskKind::Create) => {
            if after.state == State::Creating {
                after.state = State::Enabled;
            }
            let version = current_version(secret.secret_type, &details.user_name_prefix, at);
            if store.version(id, CURRENT)?.is_none() {
                store.add_version(id, &version)?;
            }
            after.rotation.last_at = Some(at);
        }
        Some(TaskKind::Rotate) => rotate(store, id, &mut after, &details, at)?,
        None if details.next_rotation().is_some() && secret.state == State::Enabled => {
            at = latest_kept(due_at, now, details.period());
            rotate(store, id, &mut after, &details, at)?;
            details.next_rotation_time = seconds(at.timestamp() + details.period());
        }
        None => {}
    }
    after.updated_at = at;
    after.rotation.next_at = details.due_at(after.state);
    after.extended_config = Some(details.to_json());
    store.update_secret(id, secret, &after)
}

/// The first overdue rotation whose version is kept until `now`.
fn latest_kept(due_at: DateTime<Utc>, now: DateTime<Utc>, period: i64) -> DateTime<Utc> {
    let kept = i64::try_from(MAX_HISTORY).unwrap_or(i64::MAX);
    let overdue = (now - due_at).num_seconds() / period;
    due_at + TimeDelta::seconds((overdue - kept).max(0) * period)
}

/// Creates new credentials, and keeps those before.
pub(super) fn rotate(
    store: &WriteTransaction,
    id: SecretId,
    secret: &mut Secret,
    details: &Details,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let before = store.version(id, CURRENT)?;
    let prefix = before.as_ref().map(|version| prefix_of(version, details));
    let history_id = format!("{HISTORY}{}", digits(at));
    let mut kept = store.versions(id)?;
    kept.retain(|version| version.version_id != CURRENT && version.version_id != history_id);
    let room = MAX_HISTORY - usize::from(before.is_some());
    kept.drain(..kept.len().saturating_sub(room));
    store.keep_versions(id, &kept)?;
    if let Some(mut before) = before {
        before.version_id = history_id;
        store.add_version(id, &before)?;
    }
    let prefix = prefix.unwrap_or_else(|| details.user_name_prefix.clone());
    store.add_version(id, &current_version(secret.secret_type, &prefix, at))?;
    secret.rotation.last_at = Some(at);
    Ok(())
}

/// The beginning of the account names of a secret. A secret from a fixture has only the name of its account.
fn prefix_of(current: &SecretVersion, details: &Details) -> String {
    if !details.user_name_prefix.is_empty() {
        return details.user_name_prefix.clone();
    }
    let name = account_name(current);
    name.split("_SSM_").next().unwrap_or_default().to_owned()
}

/// The name of the account of a version; empty if it has none.
pub(super) fn account_name(version: &SecretVersion) -> String {
    let value: Value = serde_json::from_str(version.data.expose()).unwrap_or_default();
    value["UserName"].as_str().unwrap_or_default().to_owned()
}
