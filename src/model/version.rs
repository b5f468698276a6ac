use chrono::{DateTime, Utc};

use super::secret_data::SecretData;

/// A version: one value of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretVersion {
    /// Its id, unique in the secret.
    pub version_id: String,
    /// When it was stored, in whole seconds.
    pub created_at: DateTime<Utc>,
    /// The value.
    pub data: SecretData,
    /// The type of the value, as the client declared it.
    pub data_type: DataType,
    /// Its stages, such as `ACSCurrent`.
    pub stages: Vec<String>,
}

/// A version without its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionInfo {
    /// Its id, unique in the secret.
    pub version_id: String,
    /// When it was stored, in whole seconds.
    pub created_at: DateTime<Utc>,
    /// Its stages, in alphabetical order.
    pub stages: Vec<String>,
}

/// The type of a value. The emulator stores and returns the value unchanged for both types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataType {
    /// Text.
    Text,
    /// Base64 of bytes.
    Binary,
}

impl DataType {
    /// The name that Alibaba Cloud uses, also in the store.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Binary => "binary",
        }
    }

    /// The type with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Text, Self::Binary]
            .into_iter()
            .find(|data_type| data_type.name() == name)
    }
}
