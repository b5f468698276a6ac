//! Parts of replies that several operations use.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use super::details::Details;
use super::resource::{DEFAULT_KEY, default_key_id};
use super::{managed, schedule};
use crate::clouds::tencent::api3::protocol::Call;
use crate::model::{Encryption, Secret, SecretType, State};
use crate::store::{ReadTransaction, SecretId, StoreError};

/// A time as on the wire: Unix seconds.
pub(super) fn time(time: DateTime<Utc>) -> u64 {
    u64::try_from(time.timestamp()).unwrap_or_default()
}

/// The vendor's name of a state.
pub(super) fn status(state: State) -> &'static str {
    match state {
        State::Enabled => "Enabled",
        State::Disabled => "Disabled",
        State::PendingDeletion { .. } => "PendingDelete",
        State::Creating => "Creating",
        State::Failed => "Failed",
    }
}

/// The types of secret by their numbers.
pub(super) const TYPES: [SecretType; 5] = [
    SecretType::Generic,
    // The login of a database.
    SecretType::Rds,
    // An SSH key pair.
    SecretType::Ecs,
    // An API key of a user.
    SecretType::RamCredentials,
    SecretType::Redis,
];

/// The number of a type.
pub(super) fn type_number(secret_type: SecretType) -> i64 {
    let index = TYPES.iter().position(|known| *known == secret_type);
    index
        .and_then(|index| i64::try_from(index).ok())
        .unwrap_or(0)
}

/// The account that created a secret, as a number and as text.
pub(super) fn creator(creator: Option<&str>, call: &Call) -> (u64, String) {
    let creator = creator.unwrap_or(&call.scope.account);
    (creator.parse().unwrap_or_default(), creator.to_owned())
}

/// The id of the KMS key that encrypts a secret; empty for a software key.
pub(super) fn kms_key_id(encryption_key_id: Option<&str>, call: &Call) -> String {
    match encryption_key_id {
        None => String::new(),
        Some(DEFAULT_KEY) => default_key_id(&call.scope.region),
        Some(id) => id.to_owned(),
    }
}

/// The cloud product that a secret belongs to; `default` for a custom secret.
pub(super) fn product_name(owing_service: Option<&str>) -> String {
    owing_service.unwrap_or("default").to_owned()
}

/// The number of the encryption: 0 for a KMS key, 1 for a software key.
pub(super) fn encrypt_type(encryption: Encryption) -> u64 {
    match encryption {
        Encryption::Kms => 0,
        Encryption::Software => 1,
    }
}

/// An account of a cloud product, of a version of a secret.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AccountInfo {
    /// The name of the account.
    account_name: String,
    /// The hosts from which it can log in.
    host: Vec<String>,
    /// The id of the version that has the account: `SSM_Current` for the one in use.
    version: String,
    /// When the version was created, in Beijing time.
    rotated_time: String,
}

/// The accounts of a secret of a database, the one in use first.
///
/// # Errors
///
/// Those of the store.
pub(super) fn accounts(
    store: &ReadTransaction,
    id: SecretId,
    secret: &Secret,
    details: &Details,
) -> Result<Vec<AccountInfo>, StoreError> {
    if !matches!(secret.secret_type, SecretType::Rds | SecretType::Redis) {
        return Ok(Vec::new());
    }
    let mut accounts = Vec::new();
    for known in store.versions(id)?.into_iter().rev() {
        let version = store.version(id, &known.version_id)?;
        accounts.extend(version.map(|version| AccountInfo {
            account_name: managed::account_name(&version),
            host: details.domains.clone(),
            version: version.version_id,
            rotated_time: schedule::beijing_time(version.created_at),
        }));
    }
    Ok(accounts)
}

/// A reply with the name of the secret.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct NamedSecret {
    /// The name of the secret.
    secret_name: String,
    /// The id of the request.
    request_id: String,
}

impl NamedSecret {
    /// The reply to `call` about the secret of this name.
    pub(crate) fn new(secret_name: String, call: &Call) -> Self {
        Self {
            secret_name,
            request_id: call.request_id(),
        }
    }
}

/// A reply with the name of the secret and the id of the version.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct NamedVersion {
    /// The name of the secret.
    secret_name: String,
    /// The id of the version.
    version_id: String,
    /// The id of the request.
    request_id: String,
}

impl NamedVersion {
    /// The reply to `call` about this version of the secret of this name.
    pub(super) fn new(secret_name: String, version_id: String, call: &Call) -> Self {
        Self {
            secret_name,
            version_id,
            request_id: call.request_id(),
        }
    }
}
