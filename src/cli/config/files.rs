//! The arguments of `export`, `import` and `fixtures`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::error::{ConfigError, check_account};
use crate::cli::pull::Pull;
use crate::cli::remote::{Account, AccountArguments};
use crate::clouds::Clouds;
use crate::clouds::alibaba::{self, Alibaba};
use crate::fixtures::Defaults;
use crate::model::{Cloud, ScopeSelection, is_region};

/// The settings of an export.
#[derive(Debug)]
pub(crate) struct Export {
    /// The database file.
    pub database: PathBuf,
    /// The scopes to export.
    pub selection: ScopeSelection,
    /// Whether to export values.
    pub values: bool,
    /// The file to write; standard output if absent.
    pub output: Option<PathBuf>,
}

/// The settings of an import.
#[derive(Debug)]
pub(crate) struct Import {
    /// The database file.
    pub database: PathBuf,
    /// The scopes of files without account or region.
    pub defaults: Defaults,
    /// The files and directories to load.
    pub paths: Vec<PathBuf>,
}

#[derive(Args)]
pub(super) struct ExportArguments {
    /// Database file
    #[arg(long, env = "KMS_EMULATOR_DATABASE", value_name = "FILE")]
    database: PathBuf,

    /// Only scopes of this cloud: alibaba or tencent
    #[arg(long, value_name = "NAME", value_parser = cloud)]
    cloud: Option<Cloud>,

    /// Only scopes of this account, 16 digits
    #[arg(long, value_name = "ACCOUNT")]
    account: Option<String>,

    /// Only scopes of this region
    #[arg(long, value_name = "REGION")]
    region: Option<String>,

    /// Export the values of secrets too
    #[arg(long)]
    values: bool,

    /// File to write to [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl ExportArguments {
    pub(super) fn checked(self) -> Result<Export, ConfigError> {
        if let Some(account) = &self.account {
            check_account(account)?;
        }
        check_region(self.region.as_deref())?;
        Ok(Export {
            database: self.database,
            selection: ScopeSelection {
                cloud: self.cloud,
                account: self.account,
                region: self.region,
            },
            values: self.values,
            output: self.output,
        })
    }
}

#[derive(Args)]
pub(super) struct ImportArguments {
    /// Database file, created if missing
    #[arg(long, env = "KMS_EMULATOR_DATABASE", value_name = "FILE")]
    database: PathBuf,

    /// Account, 16 digits, of secrets in files without an account
    #[arg(
        long,
        env = "KMS_EMULATOR_ACCOUNT",
        value_name = "ACCOUNT",
        default_value = "1000000000000000"
    )]
    account: String,

    /// Region of secrets in files without a region [default: the default region of the cloud]
    #[arg(long, value_name = "REGION")]
    region: Option<String>,

    /// Fixture files, `.env` files, and directories with *.json files
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
}

impl ImportArguments {
    pub(super) fn with_defaults(self, alibaba_region: String) -> Result<Import, ConfigError> {
        check_account(&self.account)?;
        check_region(self.region.as_deref())?;
        Ok(Import {
            database: self.database,
            defaults: Defaults {
                account: self.account,
                region: self.region,
                clouds: Clouds {
                    alibaba: Alibaba::new(alibaba::Settings {
                        default_region: alibaba_region,
                        ..alibaba::Settings::default()
                    }),
                    ..Clouds::default()
                },
                ..Defaults::default()
            },
            paths: self.paths,
        })
    }
}

#[derive(Subcommand)]
pub(super) enum FixturesArguments {
    /// Exit with 0 if the files can be loaded, with 2 and the first error if not
    Check {
        /// Fixture files, `.env` files, and directories with *.json files
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
    },

    /// Save the secrets of an account as a fixture; an interrupted pull continues
    Pull(PullArguments),
}

#[derive(Args)]
pub(super) struct PullArguments {
    #[command(flatten)]
    account: AccountArguments,

    /// Save the values of secrets too
    #[arg(long)]
    values: bool,

    /// File to write to; FILE.partial contains the progress until it is complete [default: standard output]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Maximum requests per second
    #[arg(long, value_name = "NUMBER", default_value = "10", value_parser = rate)]
    rate: f64,
}

impl PullArguments {
    pub(super) fn checked(self) -> Result<Pull, ConfigError> {
        Ok(Pull {
            account: account(self.account)?,
            values: self.values,
            output: self.output,
            rate: self.rate,
        })
    }
}

/// The account of flags and environment.
pub(super) fn account(arguments: AccountArguments) -> Result<Account, ConfigError> {
    let account = arguments.account();
    account.map_err(|error| ConfigError::Invalid(error.to_string()))
}

/// Requests per second.
pub(super) fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if (0.01..=10_000.0).contains(&rate) => Ok(rate),
        _ => Err("expected a number from 0.01 to 10000".to_owned()),
    }
}

fn check_region(region: Option<&str>) -> Result<(), ConfigError> {
    match region {
        Some(region) if !is_region(region) => {
            let reason = format!("--region: `{region}` is not a region id like `cn-hangzhou`");
            Err(ConfigError::Invalid(reason))
        }
        _ => Ok(()),
    }
}

pub(super) fn cloud(name: &str) -> Result<Cloud, String> {
    Cloud::from_name(name).ok_or_else(|| "expected `alibaba` or `tencent`".to_owned())
}
