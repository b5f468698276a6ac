//! The arguments of `compare`.

use std::path::PathBuf;

use clap::Args;

use super::error::ConfigError;
use super::files::{account, rate};
use crate::cli::compare::{self, Compare, ReportFormat};
use crate::cli::remote::AccountArguments;
use crate::clouds::{alibaba, tencent};

/// The end of the help.
pub(super) const COMPARE_HELP: &str = "\
The access key is read from ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and
ALIBABA_CLOUD_SECURITY_TOKEN, or from TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and TENCENTCLOUD_TOKEN.
The emulator is started with the settings of the variables KMS_EMULATOR_*.
Exit codes: 0 no differences, 1 differences, 2 an error, also of a single probe.";

#[derive(Args)]
pub(super) struct CompareArguments {
    #[command(flatten)]
    account: AccountArguments,

    /// Also send probes that create secrets, whose names begin with PREFIX, and delete them
    #[arg(long, value_name = "PREFIX")]
    write: Option<String>,

    /// Send only this probe [repeatable]
    #[arg(long, value_name = "NAME")]
    probe: Vec<String>,

    /// Maximum requests per second
    #[arg(long, value_name = "NUMBER", default_value = "5", value_parser = rate)]
    rate: f64,

    /// Format of the report on standard output: text or json
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ReportFormat,

    /// File to write the report to as JSON, in addition to standard output
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// The maximum length of a prefix; a random part and a number follow it.
const MAX_PREFIX: usize = 30;

impl CompareArguments {
    pub(super) fn checked(
        self,
        alibaba: alibaba::Settings,
        tencent: tencent::Settings,
    ) -> Result<Compare, ConfigError> {
        let account = account(self.account)?;
        let is_prefix = |prefix: &String| {
            (1..=MAX_PREFIX).contains(&prefix.len())
                && prefix.starts_with(|c: char| c.is_ascii_alphanumeric())
                && prefix
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        if self.write.as_ref().is_some_and(|prefix| !is_prefix(prefix)) {
            return Err(ConfigError::Invalid(format!(
                "--write: a prefix has 1 to {MAX_PREFIX} letters, digits, `-` and `_`, and begins with a letter or digit"
            )));
        }
        for wanted in &self.probe {
            if !compare::names(account.cloud).any(|name| name == wanted) {
                let names: Vec<_> = compare::names(account.cloud).collect();
                return Err(ConfigError::Invalid(format!(
                    "--probe: there is no probe `{wanted}`; the probes are {}",
                    names.join(", ")
                )));
            }
        }
        Ok(Compare {
            account,
            alibaba,
            tencent,
            write: self.write,
            only: self.probe,
            rate: self.rate,
            format: self.format,
            json: self.json,
        })
    }
}
