//! The members of a secret that only this cloud has. The store keeps them as JSON.

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::clouds::cause::Cause;
use crate::clouds::digest;
use crate::clouds::tencent::api3::error::ApiError;

/// The number of the account's application, with which resource ids begin.
const APP_ID: u64 = 1_250_000_000;

/// Members of `SecretMetadata`. Those of cloud products come from fixtures only.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Details {
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
    /// The beginning of the names of accounts.
    pub user_name_prefix: String,
    /// The hosts from which the accounts can log in.
    pub domains: Vec<String>,
    /// The task that has not ended.
    pub task: Option<Task>,
}

/// A task of a cloud product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Task {
    pub kind: TaskKind,
    /// When it ends, in Unix seconds.
    pub end: i64,
}

/// The kind of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum TaskKind {
    /// Creates the first account.
    Create,
    /// Creates an account with which the clients log in from now on.
    Rotate,
}

/// Which KMS key encrypts a secret.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum KmsKeyType {
    /// The key that the service created.
    #[default]
    Default,
    /// A key that the user chose.
    Customer,
}

impl KmsKeyType {
    /// The name on the wire.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Default => "DEFAULT",
            Self::Customer => "CUSTOMER",
        }
    }
}

impl Details {
    /// The details in the `extended_config` of a secret.
    ///
    /// # Errors
    ///
    /// `InternalError` if the stored JSON cannot be read.
    pub(super) fn parse(extended_config: Option<&str>) -> Result<Self, ApiError> {
        let Some(text) = extended_config else {
            return Ok(Self::default());
        };
        serde_json::from_str(text).map_err(|error| ApiError::InternalError(Cause::new(error)))
    }

    /// The JSON for the store, without members that have their default value: most have it, and a list parses the
    /// JSON of each secret.
    pub(super) fn to_json(&self) -> String {
        let defaults = json!(Self::default());
        let mut members = json!(self);
        if let Some(members) = members.as_object_mut() {
            members.retain(|name, value| defaults[name.as_str()] != *value);
        }
        members.to_string()
    }
}

/// The `ResourceID` of a custom secret: `<app id>_<uin>_customize_<nanoseconds>_<3 letters or digits>`.
/// `seed` determines the last part.
pub(super) fn resource_id(account: &str, nanoseconds: i64, seed: &str) -> String {
    let digest = digest::sha256_hex(seed.as_bytes()).to_ascii_uppercase();
    format!(
        "{APP_ID}_{account}_customize_{nanoseconds}_{}",
        &digest[..3]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_members_without_default_values_are_stored() {
        let details = Details {
            resource_id: "1250000000_100_customize_1_ABC".to_owned(),
            rotation_frequency: 30,
            ..Details::default()
        };
        let stored = details.to_json();
        assert_eq!(
            stored,
            r#"{"resource_id":"1250000000_100_customize_1_ABC","rotation_frequency":30}"#
        );
        assert_eq!(Details::parse(Some(&stored)).unwrap(), details);
    }
}
