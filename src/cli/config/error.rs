//! Errors in settings.

use thiserror::Error;

use crate::model::{is_account, is_region};

/// An error of the command line or the environment.
#[derive(Debug, Error)]
pub(crate) enum ConfigError {
    /// The text of `--help` or `--version`; not an error.
    #[error("{0}")]
    Information(String),
    /// An invalid setting: one line that names the flag.
    #[error("{0}")]
    Invalid(String),
    /// A wrong command line: the text of the argument parser, with its suggestions.
    #[error("{0}")]
    Usage(String),
    /// A health check without an address to request.
    #[error("{0}")]
    Unhealthy(String),
}

pub(super) fn invalid(flag: &str, variable: &str, reason: &str) -> ConfigError {
    ConfigError::Invalid(format!("{flag} ({variable}): {reason}"))
}

pub(super) fn check_account(account: &str) -> Result<(), ConfigError> {
    if is_account(account) {
        return Ok(());
    }
    let reason = "an account number has 16 digits";
    Err(invalid("--account", "KMS_EMULATOR_ACCOUNT", reason))
}

/// Checks the default region of Alibaba Cloud.
pub(super) fn check_region(region: &str) -> Result<(), ConfigError> {
    if is_region(region) {
        return Ok(());
    }
    let reason = "a region id looks like `cn-hangzhou`";
    Err(invalid("--region", "KMS_EMULATOR_REGION", reason))
}
