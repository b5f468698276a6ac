//! Mistakes in settings.

use thiserror::Error;

use crate::model::is_account;

/// Why there is no command. What is wrong with a setting reads as one line and names the flag.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// `--help` or `--version` was asked for: the text is not an error.
    #[error("{0}")]
    Information(String),
    /// Something is wrong.
    #[error("{0}")]
    Invalid(String),
    /// The command line is not understood: the text of the argument parser, with its suggestions.
    #[error("{0}")]
    Usage(String),
    /// Nothing can be asked for its health: the answer is no.
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
