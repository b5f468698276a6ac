//! Parts of replies that several operations share.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use super::resource::{DEFAULT_KEY, default_key_id};
use crate::clouds::tencent::api3::protocol::Call;
use crate::model::{Encryption, SecretType, State};

/// A time as clients read it: Unix seconds.
pub fn time(time: DateTime<Utc>) -> u64 {
    u64::try_from(time.timestamp()).unwrap_or_default()
}

/// The vendor's name of a state.
pub fn status(state: State) -> &'static str {
    match state {
        State::Enabled => "Enabled",
        State::Disabled => "Disabled",
        State::PendingDeletion { .. } => "PendingDelete",
        State::Creating => "Creating",
        State::Failed => "Failed",
    }
}

/// The types of secret by their numbers.
pub const TYPES: [SecretType; 5] = [
    SecretType::Generic,
    // A database of a cloud product.
    SecretType::Rds,
    // The key pair of a machine.
    SecretType::Ecs,
    // The API key of a user.
    SecretType::RamCredentials,
    SecretType::Redis,
];

/// The number of a type.
pub fn type_number(secret_type: SecretType) -> i64 {
    let index = TYPES.iter().position(|known| *known == secret_type);
    index
        .and_then(|index| i64::try_from(index).ok())
        .unwrap_or(0)
}

/// The account that created a secret, as number and as text.
pub fn creator(creator: Option<&str>, call: &Call) -> (u64, String) {
    let creator = creator.unwrap_or(&call.scope.account);
    (creator.parse().unwrap_or_default(), creator.to_owned())
}

/// The id of the key that encrypts a secret; empty for a software key.
pub fn kms_key_id(encryption_key_id: Option<&str>, call: &Call) -> String {
    match encryption_key_id {
        None => String::new(),
        Some(DEFAULT_KEY) => default_key_id(&call.scope.region),
        Some(id) => id.to_owned(),
    }
}

/// The cloud product that a secret is of.
pub fn product_name(owing_service: Option<&str>) -> String {
    owing_service.unwrap_or("default").to_owned()
}

/// The number of what encrypts a secret.
pub fn encrypt_type(encryption: Encryption) -> u64 {
    match encryption {
        Encryption::Kms => 0,
        Encryption::Software => 1,
    }
}

/// A reply that names the secret concerned.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct NamedSecret {
    /// The name of the secret.
    secret_name: String,
    /// The id of the request.
    request_id: String,
}

impl NamedSecret {
    /// The reply to `call` about the secret of this name.
    pub fn new(secret_name: String, call: &Call) -> Self {
        Self {
            secret_name,
            request_id: call.request_id(),
        }
    }
}

/// A reply that names the secret and the version concerned.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct NamedVersion {
    /// The name of the secret.
    secret_name: String,
    /// The id of the version.
    version_id: String,
    /// The id of the request.
    request_id: String,
}

impl NamedVersion {
    /// The reply to `call` about this version of the secret of this name.
    pub fn new(secret_name: String, version_id: String, call: &Call) -> Self {
        Self {
            secret_name,
            version_id,
            request_id: call.request_id(),
        }
    }
}
