//! Settings from flags and environment variables. A flag overrides its variable.

mod access_keys;
mod arguments;
mod client;
mod command_line;
mod compare;
mod control;
mod env;
mod error;
mod files;
mod policies;
mod secrets;
mod server;
mod usage;

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

use chrono::TimeDelta;
use clap::parser::ValueSource;
use clap::{ArgMatches, ValueEnum};
use tracing_subscriber::filter::{LevelFilter, Targets};

use self::access_keys::{credentials, first_key};
use self::arguments::{Arguments, PORT_VARIABLE, SubcommandArguments};
pub use self::arguments::{Setting, settings};
pub(super) use self::client::{Client, Get, Put};
use self::command_line::values;
pub(super) use self::control::ControlConfig;
use self::env::EnvArguments;
pub(super) use self::error::ConfigError;
use self::error::{check_account, check_region, invalid};
use self::files::FixturesArguments;
pub(super) use self::files::{Export, Import};
use crate::cli::client_settings::Output;
use crate::cli::compare::Compare;
use crate::cli::pull::Pull;
use crate::clouds::Clouds;
use crate::clouds::alibaba::{self, Alibaba};
use crate::clouds::auth::credentials::Credentials;
use crate::clouds::auth::oidc::Issuers;
use crate::clouds::context::AuthMode;
use crate::clouds::tencent::{self, Tencent};
use crate::emulator::guard::AllowedOrigins;
use crate::fixtures::Sources;
use crate::model::SecretData;
use crate::model::is_region;
use crate::server::tls::Identity;
use crate::server::{Limits, ListenAddress};

/// A parsed command line.
#[derive(Debug)]
pub(super) enum Command {
    /// Run the server.
    Serve(Box<Config>),
    /// Check a running emulator.
    Healthcheck {
        /// The URL to request.
        url: String,
    },
    /// Print the settings for clients.
    Env(Box<Output>),
    /// Create a secret in a running emulator.
    Put(Box<Put>),
    /// Print the value of a secret in a running emulator.
    Get(Box<Get>),
    /// Export a database.
    Export(Box<Export>),
    /// Load fixture files into a database.
    Import(Box<Import>),
    /// Check whether fixture files can be loaded.
    CheckFixtures {
        /// The files and directories.
        paths: Vec<PathBuf>,
    },
    /// Compare with a cloud.
    Compare(Box<Compare>),
    /// Save the secrets of an account as a fixture.
    Pull(Box<Pull>),
}

/// The settings of a server.
#[derive(Debug)]
pub(super) struct Config {
    /// The addresses to listen on.
    pub listen: Vec<ListenAddress>,
    /// The database file; in memory when absent.
    pub database: Option<PathBuf>,
    /// Fixture files and directories, loaded in this order, and further secrets.
    pub fixtures: Sources,
    /// The value for secrets of fixtures that have none.
    pub default_secret_value: Option<SecretData>,
    /// The access keys.
    pub credentials: Credentials,
    /// How signatures are checked.
    pub auth: AuthMode,
    /// Whether the rate of requests is limited.
    pub rate_limit: bool,
    /// The clouds with their settings.
    pub clouds: Clouds,
    /// The settings of the control API.
    pub control: ControlConfig,
    /// The TLS certificates.
    pub identity: Identity,
    /// Further host names and addresses of the server.
    pub names: Vec<String>,
    /// Origins of other web pages that may use the server.
    pub allowed_origins: AllowedOrigins,
    /// The limits for clients.
    pub limits: Limits,
    /// The log levels.
    pub log: Targets,
    /// The format of the log.
    pub log_format: LogFormat,
    /// Whether the server stops at the end of standard input.
    pub exit_with_stdin: bool,
}

/// The format of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// Text for people.
    Text,
    /// One JSON object per line.
    Json,
}

impl Command {
    /// Reads the command line and the environment.
    ///
    /// # Errors
    ///
    /// For an unknown flag, or a flag or variable with an invalid value. The error does not contain
    /// secrets.
    pub(super) fn from_args(
        arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    ) -> Result<Self, ConfigError> {
        let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
        let (mut parsed, matches) = command_line::parse(&arguments)?;
        let port = port(&matches, parsed.port);
        match parsed.subcommand.take() {
            Some(SubcommandArguments::Healthcheck { url: Some(url) }) => Ok(Self::Healthcheck {
                url: ready_url(url),
            }),
            Some(SubcommandArguments::Healthcheck { url: None }) => {
                let listen = port
                    .and_then(|port| listen(&parsed.listen, port))
                    .map_err(|error| ConfigError::Unhealthy(error.to_string()))?;
                let url = format!("http://{}/_emulator/ready", listen[0].local());
                Ok(Self::Healthcheck { url })
            }
            Some(SubcommandArguments::Env(mut env)) => {
                if let Some(matches) = matches.subcommand_matches("env") {
                    env.access_key = values(matches, "access_key");
                }
                let output = env_output(env, parsed, port)?;
                Ok(Self::Env(Box::new(output)))
            }
            Some(SubcommandArguments::Put(put)) => {
                let clouds = Clouds {
                    tencent: Tencent::new(tencent_settings(&parsed)?),
                    ..Clouds::default()
                };
                let control = parsed.control.config()?;
                let local = || local_control(control.listen, &parsed.listen, port);
                let put = put.put(local, control.token, &clouds)?;
                Ok(Self::Put(Box::new(put)))
            }
            Some(SubcommandArguments::Get(get)) => {
                let control = parsed.control.config()?;
                let local = || local_control(control.listen, &parsed.listen, port);
                let get = get.get(local, control.token)?;
                Ok(Self::Get(Box::new(get)))
            }
            Some(SubcommandArguments::Export(export)) => {
                let export = export.checked()?;
                Ok(Self::Export(Box::new(export)))
            }
            Some(SubcommandArguments::Import(import)) => {
                check_region(&parsed.region)?;
                let import = import.with_defaults(parsed.region)?;
                Ok(Self::Import(Box::new(import)))
            }
            Some(SubcommandArguments::Fixtures(FixturesArguments::Check { paths })) => {
                Ok(Self::CheckFixtures { paths })
            }
            Some(SubcommandArguments::Compare(compare)) => {
                let alibaba = alibaba_settings(&parsed);
                let tencent = tencent_settings(&parsed)?;
                let compare = compare.checked(alibaba, tencent)?;
                Ok(Self::Compare(Box::new(compare)))
            }
            Some(SubcommandArguments::Fixtures(FixturesArguments::Pull(pull))) => {
                let pull = pull.checked()?;
                Ok(Self::Pull(Box::new(pull)))
            }
            None => {
                let listen = listen(&parsed.listen, port?)?;
                Config::new(parsed, listen).map(|config| Self::Serve(Box::new(config)))
            }
        }
    }
}

/// The output of `env`.
fn env_output(
    env: EnvArguments,
    parsed: Arguments,
    port: Result<Option<u16>, ConfigError>,
) -> Result<Output, ConfigError> {
    // Only the first key is used, but an error in any of them is reported.
    credentials(&env.access_key, &[], &parsed.account)?;
    check_region(&parsed.region)?;
    let key = first_key(&env.access_key);
    let listen = listen(&parsed.listen, port?)?;
    let tencent_region = tencent_regions(&parsed.tencent_region)?.swap_remove(0);
    env.output(listen[0].local(), key, [parsed.region, tencent_region])
}

impl Config {
    fn new(arguments: Arguments, listen: Vec<ListenAddress>) -> Result<Self, ConfigError> {
        check_account(&arguments.account)?;
        check_region(&arguments.region)?;
        let alibaba = alibaba_settings(&arguments);
        let tencent = tencent_settings(&arguments)?;
        let log = log_levels(&arguments.log)
            .map_err(|reason| invalid("--log", "KMS_EMULATOR_LOG", &reason))?;
        let clouds = Clouds {
            alibaba: Alibaba::new(alibaba),
            tencent: Tencent::new(tencent),
        };
        Ok(Self {
            control: arguments.control.config()?,
            identity: arguments.server.identity()?,
            names: arguments.server.names(&listen)?,
            allowed_origins: arguments.server.allowed_origins()?,
            limits: arguments.server.limits(),
            listen,
            credentials: {
                let (keys, rsa_keys) = (&arguments.access_key, &arguments.rsa_key);
                let mut credentials = credentials(keys, rsa_keys, &arguments.account)?;
                credentials.set_oidc_issuers(oidc_issuers(&arguments.oidc_issuer)?);
                let policies = credentials.policies();
                policies::attach(&arguments.policy, policies, &arguments.account)?;
                credentials
            },
            // The name that SQLite has for a database in memory.
            database: arguments
                .database
                .filter(|path| path.as_os_str() != ":memory:"),
            fixtures: Sources {
                paths: arguments.fixtures.into_iter().map(PathBuf::from).collect(),
                named: secrets::named_secrets(&arguments.secret, &clouds)?,
                kms_instances: kms_instances(arguments.kms_instance)?,
            },
            default_secret_value: default_secret_value(arguments.default_secret_value)?,
            auth: arguments.auth,
            rate_limit: arguments.rate_limit,
            clouds,
            log,
            log_format: arguments.log_format,
            exit_with_stdin: arguments.exit_with_stdin,
        })
    }
}

fn kms_instances(ids: Vec<String>) -> Result<Vec<String>, ConfigError> {
    ids.iter()
        .try_for_each(|id| alibaba::check_instance_id(id))
        .map_err(|reason| invalid("--kms-instance", "KMS_EMULATOR_KMS_INSTANCES", &reason))?;
    Ok(ids)
}

fn oidc_issuers(issuers: &[String]) -> Result<Issuers, ConfigError> {
    Issuers::new(issuers).map_err(|error| {
        invalid(
            "--oidc-issuer",
            "KMS_EMULATOR_OIDC_ISSUERS",
            &error.to_string(),
        )
    })
}

/// The port that replaces the ports of the addresses, if any.
fn port(matches: &ArgMatches, port: Option<u16>) -> Result<Option<u16>, ConfigError> {
    let is_flag = |name| matches.value_source(name) == Some(ValueSource::CommandLine);
    match (is_flag("port"), is_flag("listen")) {
        (true, true) => Err(invalid(
            "--port",
            PORT_VARIABLE,
            "cannot be combined with --listen; write the port into its address",
        )),
        // A flag overrides a variable.
        (false, true) => Ok(None),
        (_, false) => Ok(port),
    }
}

fn listen(texts: &[String], port: Option<u16>) -> Result<Vec<ListenAddress>, ConfigError> {
    let invalid = |reason: &str| invalid("--listen", "KMS_EMULATOR_LISTEN", reason);
    let mut addresses = Vec::new();
    for text in texts.iter().filter(|text| !text.is_empty()) {
        let mut address = ListenAddress::parse(text).map_err(|reason| invalid(&reason))?;
        address.port = port.unwrap_or(address.port);
        // With the same port, addresses may be equal.
        if port.is_none() || !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    if addresses.is_empty() {
        return Err(invalid("there is no address"));
    }
    Ok(addresses)
}

/// The address of the control API for clients on this machine.
fn local_control(
    control: Option<ListenAddress>,
    texts: &[String],
    port: Result<Option<u16>, ConfigError>,
) -> Result<SocketAddr, ConfigError> {
    match control {
        Some(address) => Ok(address.local()),
        None => Ok(listen(texts, port?)?[0].local()),
    }
}

/// Adds the path of the readiness check to a URL without a path.
fn ready_url(url: String) -> String {
    let host = url.split_once("://").map_or(&*url, |(_, rest)| rest);
    if host.trim_end_matches('/').contains('/') {
        url
    } else {
        format!("{}/_emulator/ready", url.trim_end_matches('/'))
    }
}

fn default_secret_value(text: Option<String>) -> Result<Option<SecretData>, ConfigError> {
    match text {
        Some(text) if !(1..=alibaba::MAX_VALUE_BYTES).contains(&text.len()) => Err(invalid(
            "--default-secret-value",
            "KMS_EMULATOR_DEFAULT_SECRET_VALUE",
            "a value has 1 to 30720 bytes",
        )),
        text => Ok(text.map(SecretData::from)),
    }
}

/// The regions of Tencent Cloud, at least one.
fn tencent_regions(given: &[String]) -> Result<Vec<String>, ConfigError> {
    let invalid =
        |reason: &str| invalid("--tencent-region", "KMS_EMULATOR_TENCENT_REGIONS", reason);
    let regions: Vec<String> = given
        .iter()
        .filter(|region| !region.is_empty())
        .cloned()
        .collect();
    if regions.is_empty() {
        return Err(invalid("there is no region"));
    }
    if let Some(wrong) = regions.iter().find(|region| !is_region(region)) {
        return Err(invalid(&format!(
            "`{wrong}` is not a region id like `ap-guangzhou`"
        )));
    }
    Ok(regions)
}

/// The levels of the log. The library reads a word that is not a level as the name of a module, and logs only this module.
fn log_levels(text: &str) -> Result<Targets, String> {
    for part in text.split(',') {
        if !part.contains('=') && LevelFilter::from_str(part.trim()).is_err() {
            return Err(format!(
                "`{part}` is neither a level (error, warn, info, debug, trace or off) nor MODULE=LEVEL"
            ));
        }
    }
    Targets::from_str(text).map_err(|error| error.to_string())
}

fn alibaba_settings(arguments: &Arguments) -> alibaba::Settings {
    alibaba::Settings {
        default_region: arguments.region.clone(),
        filter_values: arguments.alibaba_filter_values,
        filter_match: arguments.alibaba_filter_match,
        applies_quotas: arguments.alibaba_quotas,
    }
}

fn tencent_settings(arguments: &Arguments) -> Result<tencent::Settings, ConfigError> {
    let skew = arguments.tencent_clock_skew;
    Ok(tencent::Settings {
        regions: tencent_regions(&arguments.tencent_region)?,
        max_limit: arguments.tencent_max_limit,
        search: arguments.tencent_search,
        max_value_bytes: arguments.tencent_max_value_bytes,
        tolerance: (skew > 0).then(|| TimeDelta::seconds(skew.into())),
    })
}
