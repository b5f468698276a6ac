use std::fmt;

use chrono::{DateTime, Utc};

/// One value of a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretVersion {
    /// Its id, unique in the secret.
    pub version_id: String,
    /// When it was stored, to the second.
    pub created_at: DateTime<Utc>,
    /// The value itself.
    pub data: String,
    /// How the client declared the value.
    pub data_type: DataType,
    /// The labels that mark this version, such as `ACSCurrent`.
    pub stages: Vec<String>,
}

/// What is known of a version without its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionInfo {
    /// Its id, unique in the secret.
    pub version_id: String,
    /// When it was stored, to the second.
    pub created_at: DateTime<Utc>,
    /// The labels that mark it, in alphabetical order.
    pub stages: Vec<String>,
}

/// How a value is to be read. Either way it is stored and returned unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataType {
    /// Text.
    Text,
    /// Base64 of bytes.
    Binary,
}

impl DataType {
    /// The vendor's name, also used in the store.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Binary => "binary",
        }
    }

    /// The type of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Text, Self::Binary]
            .into_iter()
            .find(|data_type| data_type.name() == name)
    }
}

/// Leaves the value out: it must never reach a log.
impl fmt::Debug for SecretVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretVersion")
            .field("version_id", &self.version_id)
            .field("stages", &self.stages)
            .finish_non_exhaustive()
    }
}
