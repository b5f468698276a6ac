//! What only this cloud says of a secret. The store keeps it as JSON.

use serde::{Deserialize, Serialize};

use crate::clouds::cause::Cause;
use crate::clouds::digest;
use crate::clouds::tencent::api3::error::ApiError;

/// The number of the account that the real service puts in front of resource ids.
const APP_ID: u64 = 1_250_000_000;

/// The rarer members of `SecretMetadata`. Those of cloud products come from fixtures only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    pub kms_key_type: KmsKeyType,
    pub additional_config: String,
    pub resource_id: String,
    pub resource_name: String,
    pub project_id: i64,
    pub target_uin: u64,
    pub rotation_status: i64,
    pub rotation_frequency: i64,
    pub rotation_begin_time: String,
    pub next_rotation_time: u64,
    pub encrypt_switching: bool,
}

/// Whose key encrypts a secret.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum KmsKeyType {
    /// One that the service made.
    #[default]
    Default,
    /// One that the client named.
    Customer,
}

impl KmsKeyType {
    pub fn name(self) -> &'static str {
        match self {
            Self::Default => "DEFAULT",
            Self::Customer => "CUSTOMER",
        }
    }
}

impl Details {
    /// Reads the `extended_config` of a secret.
    ///
    /// # Errors
    ///
    /// `InternalError` where the store has something else.
    pub fn parse(extended_config: Option<&str>) -> Result<Self, ApiError> {
        let Some(text) = extended_config else {
            return Ok(Self::default());
        };
        serde_json::from_str(text).map_err(|error| ApiError::InternalError(Cause::new(error)))
    }

    /// As the store keeps them.
    pub fn to_json(&self) -> String {
        // Plain texts and numbers: this prints always.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The id of a secret as a resource: `<app id>_<uin>_customize_<nanoseconds>_<3 letters or digits>`.
/// The last part comes from `seed`.
pub fn resource_id(account: &str, nanoseconds: i64, seed: &str) -> String {
    let digest = digest::sha256_hex(seed.as_bytes()).to_ascii_uppercase();
    format!(
        "{APP_ID}_{account}_customize_{nanoseconds}_{}",
        &digest[..3]
    )
}
