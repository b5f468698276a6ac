//! How the controls are served, and how much they remember.

use clap::{ArgAction, Args};

use super::{ConfigError, invalid};
use crate::credentials::SecretKey;
use crate::journal::DEFAULT_CAPACITY;
use crate::server::ListenAddress;

/// How the controls are served.
#[derive(Debug)]
pub struct ControlConfig {
    /// Whether they are at all, beside health and readiness.
    pub on: bool,
    /// The address of their own; those of the clouds' faces when absent.
    pub listen: Option<ListenAddress>,
    /// What they must be asked with, if anything.
    pub token: Option<SecretKey>,
    /// How many requests the journal remembers.
    pub journal: usize,
}

#[derive(Args)]
pub(super) struct ControlArguments {
    /// Serve no controls below /_emulator/ but health, readiness and ca.pem
    #[arg(
        long,
        env = "KMS_EMULATOR_NO_CONTROL",
        value_name = "BOOL",
        num_args = 0..=1,
        require_equals = true,
        default_value = "false",
        default_missing_value = "true",
        action = ArgAction::Set
    )]
    no_control: bool,

    /// Address of their own for the controls, instead of the addresses that the clouds' faces have
    #[arg(long, env = "KMS_EMULATOR_CONTROL_LISTEN", value_name = "ADDRESS")]
    control_listen: Option<String>,

    /// Token that the controls must be asked with, as `Authorization: Bearer TOKEN`
    #[arg(
        long,
        env = "KMS_EMULATOR_CONTROL_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true
    )]
    control_token: Option<String>,

    /// How many of the last requests the journal remembers; 0 switches it off
    #[arg(
        long,
        env = "KMS_EMULATOR_JOURNAL",
        value_name = "NUMBER",
        default_value_t = DEFAULT_CAPACITY
    )]
    journal: usize,
}

impl ControlArguments {
    pub(super) fn config(self) -> Result<ControlConfig, ConfigError> {
        let listen = self.control_listen.filter(|text| !text.is_empty());
        let listen = listen.map(|text| {
            ListenAddress::parse(&text).map_err(|reason| {
                invalid("--control-listen", "KMS_EMULATOR_CONTROL_LISTEN", &reason)
            })
        });
        let listen = listen.transpose()?;
        if self.no_control && listen.is_some() {
            return Err(invalid(
                "--no-control",
                "KMS_EMULATOR_NO_CONTROL",
                "there is an address for the controls too: --control-listen (KMS_EMULATOR_CONTROL_LISTEN)",
            ));
        }
        let token = self.control_token.filter(|token| !token.is_empty());
        Ok(ControlConfig {
            on: !self.no_control,
            listen,
            token: token.map(SecretKey::new),
            journal: self.journal,
        })
    }
}
