//! Settings, from flags and environment variables; a flag goes before its variable.

mod control;
mod env;
mod error;
mod files;
mod server;
mod usage;

use std::ffi::OsString;
use std::path::PathBuf;

use chrono::TimeDelta;
use clap::builder::Resettable;
use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};

use self::control::ControlArguments;
pub use self::control::ControlConfig;
use self::env::EnvArguments;
pub use self::error::ConfigError;
use self::error::{check_account, invalid};
pub use self::files::{Export, Import};
use self::files::{ExportArguments, FixturesArguments, ImportArguments};
use self::server::ServerArguments;
use crate::cli::client_settings::Output;
use crate::clouds::Clouds;
use crate::clouds::alibaba::{self, Alibaba};
use crate::clouds::auth::credentials::Credentials;
use crate::clouds::context::AuthMode;
use crate::clouds::tencent::{self, Tencent};
use crate::emulator::guard::AllowedOrigins;
use crate::model::is_region;
use crate::model::{SecretKey, is_account};
use crate::server::tls::Identity;
use crate::server::{Limits, ListenAddress};

/// What the command line asks for.
#[derive(Debug)]
pub enum Command {
    /// Serve.
    Serve(Box<Config>),
    /// Ask a running emulator whether it is well.
    Healthcheck {
        /// The address to ask.
        url: String,
    },
    /// Print what clients are to be told.
    Env(Box<Output>),
    /// Write out what a database holds.
    Export(Box<Export>),
    /// Load fixture files into a database.
    Import(Box<Import>),
    /// See whether fixture files can be loaded.
    CheckFixtures {
        /// The files and directories.
        paths: Vec<PathBuf>,
    },
}

/// The settings of a server.
#[derive(Debug)]
pub struct Config {
    /// The addresses to listen on.
    pub listen: Vec<ListenAddress>,
    /// The database file; in memory when absent.
    pub database: Option<PathBuf>,
    /// Fixture files and directories, loaded in this order.
    pub fixtures: Vec<PathBuf>,
    /// The value of secrets of fixtures without one.
    pub default_secret_value: Option<SecretKey>,
    /// The account of requests that name none.
    pub account: String,
    /// The access keys.
    pub credentials: Credentials,
    /// How much of a signature is checked.
    pub auth: AuthMode,
    /// Whether only so many requests a second are answered.
    pub rate_limit: bool,
    /// The clouds with their settings.
    pub clouds: Clouds,
    /// How the controls are served.
    pub control: ControlConfig,
    /// Who it is to clients that speak TLS.
    pub identity: Identity,
    /// Names by which it is known too.
    pub names: Vec<String>,
    /// Origins of other sites whose pages may use the server.
    pub allowed_origins: AllowedOrigins,
    /// What a client may do.
    pub limits: Limits,
    /// What is logged, as `tracing-subscriber`'s filter directives.
    pub log: String,
    /// How it is logged.
    pub log_format: LogFormat,
}

/// The form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For reading.
    Text,
    /// One JSON object per line.
    Json,
}

/// The variable of `--port`. Kubernetes sets it to `tcp://…` for a service named `kms-emulator`.
const PORT_VARIABLE: &str = "KMS_EMULATOR_PORT";

/// The most bytes of a value on Alibaba Cloud.
const MOST_VALUE_BYTES: usize = 30_720;

/// What the help says of the controls.
const CONTROLS: &str = "\
Controls of a test pipeline, JSON over HTTP: /_emulator/health, ready, metrics, reset, state,
snapshots, tenants, clock, faults, journal, coverage, ca.pem. /_emulator/openapi.json describes them.
  curl -X POST http://127.0.0.1:8080/_emulator/reset -d '{\"fixtures\":true}'
  curl http://127.0.0.1:8080/_emulator/faults -d '{\"error\":\"Rejected.Throttling\",\"times\":2}'";

/// A local stand-in for two secrets managers: Alibaba Cloud KMS and Tencent Cloud SSM.
///
/// Point the unmodified SDK of either at it and list secrets as from the cloud.
#[derive(Parser)]
#[command(
    name = "kms-emulator",
    version,
    args_conflicts_with_subcommands = true,
    after_help = CONTROLS
)]
struct Arguments {
    #[command(subcommand)]
    subcommand: Option<SubcommandArguments>,

    /// Address to listen on: HOST:PORT, `:PORT` for every interface, or PORT for localhost; a host name
    /// means all of its addresses, and port 0 any free port [repeatable]
    #[arg(
        long,
        env = "KMS_EMULATOR_LISTEN",
        value_name = "ADDRESS",
        default_value = "localhost:8080"
    )]
    listen: Vec<String>,

    /// Port to listen on; replaces the port of the address
    #[arg(long, env = PORT_VARIABLE, value_name = "PORT")]
    port: Option<u16>,

    /// Database file, created if missing; without it all data is in memory
    #[arg(long, env = "KMS_EMULATOR_DATABASE", value_name = "FILE")]
    database: Option<PathBuf>,

    /// Fixture file, or directory with *.json files, to load at the start [repeatable]
    #[arg(long, env = "KMS_EMULATOR_FIXTURES", value_name = "PATH")]
    fixtures: Vec<String>,

    /// Value for secrets of fixtures that have none, 1 to 30720 bytes
    #[arg(
        long,
        env = "KMS_EMULATOR_DEFAULT_SECRET_VALUE",
        value_name = "TEXT",
        hide_env_values = true
    )]
    default_secret_value: Option<String>,

    /// Default region of Alibaba Cloud, for hosts that do not name one
    #[arg(
        long,
        env = "KMS_EMULATOR_REGION",
        value_name = "REGION",
        default_value = "cn-hangzhou"
    )]
    region: String,

    /// Default account, for unsigned requests and for access keys without an account
    #[arg(
        long,
        env = "KMS_EMULATOR_ACCOUNT",
        value_name = "16 DIGITS",
        default_value = "1000000000000000"
    )]
    account: String,

    /// Access key that clients may sign with [repeatable] [default: test:test]
    #[arg(
        long,
        env = "KMS_EMULATOR_ACCESS_KEYS",
        value_name = "ID:SECRET[:ACCOUNT]",
        hide_env_values = true
    )]
    access_key: Vec<String>,

    /// How signatures are checked: off, lenient or strict
    #[arg(
        long,
        env = "KMS_EMULATOR_AUTH",
        value_name = "MODE",
        default_value = "lenient"
    )]
    auth: AuthMode,

    /// Limit requests per second as the real services do
    #[arg(
        long,
        env = "KMS_EMULATOR_RATE_LIMIT",
        value_name = "BOOL",
        num_args = 0..=1,
        require_equals = true,
        default_value = "false",
        default_missing_value = "true",
        action = ArgAction::Set
    )]
    rate_limit: bool,

    /// Values that `Filters` of Alibaba Cloud accept: possible (those that a secret can have) or any
    #[arg(
        long,
        env = "KMS_EMULATOR_ALIBABA_FILTER_VALUES",
        value_name = "WHICH",
        default_value = "possible"
    )]
    alibaba_filter_values: alibaba::FilterValues,

    /// How `SecretName` and `Description` in `Filters` of Alibaba Cloud match: exact or contains
    #[arg(
        long,
        env = "KMS_EMULATOR_ALIBABA_FILTER_MATCH",
        value_name = "HOW",
        default_value = "exact"
    )]
    alibaba_filter_match: alibaba::FilterMatch,

    /// Region of Tencent Cloud SSM; the first one is the default for requests without a region
    /// [repeatable]
    #[arg(
        long,
        env = "KMS_EMULATOR_TENCENT_REGIONS",
        value_name = "REGION",
        default_values_t = tencent::Settings::default().regions
    )]
    tencent_region: Vec<String>,

    /// Maximum `Limit` of Tencent Cloud's `ListSecrets`; at least 20, which is the default of `Limit`
    #[arg(
        long,
        env = "KMS_EMULATOR_TENCENT_MAX_LIMIT",
        value_name = "NUMBER",
        value_parser = clap::value_parser!(u32).range(20..),
        default_value_t = tencent::Settings::default().max_limit
    )]
    tencent_max_limit: u32,

    /// How `SearchSecretName` of Tencent Cloud matches: substring or exact
    #[arg(
        long,
        env = "KMS_EMULATOR_TENCENT_SEARCH",
        value_name = "HOW",
        default_value = "substring"
    )]
    tencent_search: tencent::Search,

    /// Maximum size of a secret value of Tencent Cloud, in bytes
    #[arg(
        long,
        env = "KMS_EMULATOR_TENCENT_MAX_VALUE_BYTES",
        value_name = "NUMBER",
        value_parser = clap::value_parser!(u32).range(1..),
        default_value_t = tencent::Settings::default().max_value_bytes
    )]
    tencent_max_value_bytes: u32,

    /// Seconds that a time stamp of Tencent Cloud may differ in strict mode; 0 = unlimited
    #[arg(
        long,
        env = "KMS_EMULATOR_TENCENT_CLOCK_SKEW",
        value_name = "SECONDS",
        default_value = "300"
    )]
    tencent_clock_skew: u32,

    #[command(flatten)]
    control: ControlArguments,

    #[command(flatten)]
    server: ServerArguments,

    /// Log level for standard error: error, warn, info or debug, or a list of levels per module
    #[arg(
        long,
        env = "KMS_EMULATOR_LOG",
        value_name = "FILTER",
        default_value = "warn,kms_emulator=info"
    )]
    log: String,

    /// Format of the log: text or json
    #[arg(
        long,
        env = "KMS_EMULATOR_LOG_FORMAT",
        value_name = "FORMAT",
        default_value = "text"
    )]
    log_format: LogFormat,
}

#[derive(Subcommand)]
enum SubcommandArguments {
    /// Exit with 0 if a running emulator answers, with 1 if not
    Healthcheck {
        /// Address to ask [default: the first address to listen on]
        url: Option<String>,
    },

    /// Print what clients are to be told: the endpoint, the keys and the certificate authority
    Env(EnvArguments),

    /// Write out what a database holds as a fixture file
    Export(ExportArguments),

    /// Load fixture files into a database: all of them, or nothing
    Import(ImportArguments),

    /// Look after fixture files
    #[command(subcommand)]
    Fixtures(FixturesArguments),
}

/// The flags of the server, described.
#[must_use]
pub fn settings() -> Vec<Setting> {
    let command = Arguments::command();
    let settings = command.get_arguments().filter_map(|argument| {
        let default: Vec<_> = argument
            .get_default_values()
            .iter()
            .map(|value| value.to_string_lossy())
            .collect();
        Some(Setting {
            flag: format!(
                "--{} {}",
                argument.get_long()?,
                argument.get_value_names()?.join(" ")
            ),
            variable: argument.get_env()?.to_string_lossy().into_owned(),
            default: default.join(","),
            help: argument.get_help()?.to_string(),
        })
    });
    settings.collect()
}

/// A flag with its variable.
#[derive(Debug)]
pub struct Setting {
    /// The flag and the name of its value.
    pub flag: String,
    /// The environment variable that stands in for the flag.
    pub variable: String,
    /// What holds without either; may be empty.
    pub default: String,
    /// What it sets.
    pub help: String,
}

impl Command {
    /// Reads the command line and the environment.
    ///
    /// # Errors
    ///
    /// For a flag or variable that is unknown or cannot be used. Values are left out of the error
    /// where they are secret.
    pub fn from_args(
        arguments: impl IntoIterator<Item = impl Into<OsString> + Clone>,
    ) -> Result<Self, ConfigError> {
        let given: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
        let mut command = command();
        let matches = command
            .try_get_matches_from_mut(&given)
            .map_err(|error| usage::explain(&error, &given))?;
        let mut arguments = Arguments::from_arg_matches(&matches)
            .map_err(|error| usage::explain(&error.format(&mut command), &given))?;
        arguments.listen = values(&matches, "listen");
        let port = port(&matches, arguments.port);
        arguments.fixtures = values(&matches, "fixtures");
        arguments.access_key = values(&matches, "access_key");
        arguments.tencent_region = values(&matches, "tencent_region");
        arguments.server.tls_name = values(&matches, "tls_name");
        arguments.server.allow_origin = values(&matches, "allow_origin");

        match arguments.subcommand {
            Some(SubcommandArguments::Healthcheck { url: Some(url) }) => Ok(Self::Healthcheck {
                url: ready_page(url),
            }),
            Some(SubcommandArguments::Healthcheck { url: None }) => {
                let listen = port
                    .and_then(|port| listen(&arguments.listen, port))
                    .map_err(|error| ConfigError::Unhealthy(error.to_string()))?;
                let url = format!("http://{}/_emulator/ready", listen[0].local());
                Ok(Self::Healthcheck { url })
            }
            Some(SubcommandArguments::Env(mut env)) => {
                if let Some(matches) = matches.subcommand_matches("env") {
                    env.access_key = values(matches, "access_key");
                }
                // For what is wrong with any of them.
                credentials(&env.access_key, &arguments.account)?;
                let key = first_key(&env.access_key);
                let listen = listen(&arguments.listen, port?)?;
                let tencent_region = tencent_regions(&arguments.tencent_region)?.swap_remove(0);
                let regions = [arguments.region, tencent_region];
                env.output(listen[0].local(), key, regions)
                    .map(|output| Self::Env(Box::new(output)))
            }
            Some(SubcommandArguments::Export(export)) => {
                let export = export.checked()?;
                Ok(Self::Export(Box::new(export)))
            }
            Some(SubcommandArguments::Import(import)) => {
                let import = import.with_defaults(arguments.region)?;
                Ok(Self::Import(Box::new(import)))
            }
            Some(SubcommandArguments::Fixtures(FixturesArguments::Check { paths })) => {
                Ok(Self::CheckFixtures { paths })
            }
            None => {
                let listen = listen(&arguments.listen, port?)?;
                Config::new(arguments, listen).map(|config| Self::Serve(Box::new(config)))
            }
        }
    }
}

/// The command line. An empty variable counts as unset.
fn command() -> clap::Command {
    let command = without_empty_variables(Arguments::command());
    let command = match std::env::var(PORT_VARIABLE) {
        Ok(value) if value.contains("://") => {
            command.mut_arg("port", |flag| flag.env(Resettable::Reset))
        }
        _ => command,
    };
    ["env", "export", "import"]
        .into_iter()
        .fold(command, |command, name| {
            command.mut_subcommand(name, without_empty_variables)
        })
}

fn without_empty_variables(command: clap::Command) -> clap::Command {
    let flags: Vec<_> = command.get_arguments().cloned().collect();
    let empty = |flag: &clap::Arg| {
        flag.get_env()
            .and_then(std::env::var_os)
            .is_some_and(|value| value.is_empty())
    };
    flags
        .iter()
        .filter(|flag| empty(flag))
        .fold(command, |command, flag| {
            command.mut_arg(flag.get_id(), |flag| flag.env(Resettable::Reset))
        })
}

/// The values of a repeatable flag; in its variable they are separated by commas.
fn values(matches: &ArgMatches, flag: &str) -> Vec<String> {
    let given = matches.get_many::<String>(flag).into_iter().flatten();
    if matches.value_source(flag) == Some(ValueSource::EnvVariable) {
        let split = given.flat_map(|values| values.split(','));
        split
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
            .collect()
    } else {
        given.cloned().collect()
    }
}

impl Config {
    fn new(arguments: Arguments, listen: Vec<ListenAddress>) -> Result<Self, ConfigError> {
        check_account(&arguments.account)?;
        if !is_region(&arguments.region) {
            return Err(invalid(
                "--region",
                "KMS_EMULATOR_REGION",
                "a region id is like `cn-hangzhou`",
            ));
        }
        let tencent = tencent_settings(&arguments)?;
        tracing_subscriber::EnvFilter::try_new(&arguments.log)
            .map_err(|error| invalid("--log", "KMS_EMULATOR_LOG", &error.to_string()))?;
        Ok(Self {
            control: arguments.control.config()?,
            identity: arguments.server.identity()?,
            names: arguments.server.names(&listen)?,
            allowed_origins: arguments.server.allowed_origins()?,
            limits: arguments.server.limits(),
            listen,
            credentials: credentials(&arguments.access_key, &arguments.account)?,
            // What SQLite itself calls a database in memory.
            database: arguments
                .database
                .filter(|path| path.as_os_str() != ":memory:"),
            fixtures: arguments.fixtures.into_iter().map(PathBuf::from).collect(),
            default_secret_value: default_secret_value(arguments.default_secret_value)?,
            account: arguments.account,
            auth: arguments.auth,
            rate_limit: arguments.rate_limit,
            clouds: Clouds {
                alibaba: Alibaba::new(alibaba::Settings {
                    default_region: arguments.region,
                    filter_values: arguments.alibaba_filter_values,
                    filter_match: arguments.alibaba_filter_match,
                }),
                tencent: Tencent::new(tencent),
            },
            log: arguments.log,
            log_format: arguments.log_format,
        })
    }
}

/// The port that stands in for those of the addresses, if any.
fn port(matches: &ArgMatches, port: Option<u16>) -> Result<Option<u16>, ConfigError> {
    let is_flag = |name| matches.value_source(name) == Some(ValueSource::CommandLine);
    match (is_flag("port"), is_flag("listen")) {
        (true, true) => Err(invalid(
            "--port",
            PORT_VARIABLE,
            "--listen is given too; write the port into its address",
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
        // With one port for all, addresses may have become the same.
        if port.is_none() || !addresses.contains(&address) {
            addresses.push(address);
        }
    }
    if addresses.is_empty() {
        return Err(invalid("there is no address"));
    }
    Ok(addresses)
}

/// The page of the server at this URL that tells whether it is ready, unless the URL names a page itself.
fn ready_page(url: String) -> String {
    let host = url.split_once("://").map_or(&*url, |(_, rest)| rest);
    if host.trim_end_matches('/').contains('/') {
        url
    } else {
        format!("{}/_emulator/ready", url.trim_end_matches('/'))
    }
}

fn default_secret_value(text: Option<String>) -> Result<Option<SecretKey>, ConfigError> {
    match text {
        Some(text) if !(1..=MOST_VALUE_BYTES).contains(&text.len()) => Err(invalid(
            "--default-secret-value",
            "KMS_EMULATOR_DEFAULT_SECRET_VALUE",
            "a value has 1 to 30720 bytes",
        )),
        text => Ok(text.map(SecretKey::new)),
    }
}

/// The access key to sign with: the first.
fn first_key(access_keys: &[String]) -> (String, SecretKey) {
    let first = access_keys.iter().find(|key| !key.is_empty());
    let mut parts = first.map_or("test:test", String::as_str).splitn(3, ':');
    let mut part = || parts.next().unwrap_or_default();
    (part().to_owned(), SecretKey::new(part()))
}

fn credentials(access_keys: &[String], default_account: &str) -> Result<Credentials, ConfigError> {
    let credentials = Credentials::new(default_account);
    let given: Vec<_> = access_keys
        .iter()
        .map(String::as_str)
        .filter(|key| !key.is_empty())
        .collect();
    for key in if given.is_empty() {
        vec!["test:test"]
    } else {
        given
    } {
        let wrong = |reason: &str| invalid("--access-key", "KMS_EMULATOR_ACCESS_KEYS", reason);
        let (id, rest) = key
            .split_once(':')
            .ok_or_else(|| wrong("an access key is ID:SECRET or ID:SECRET:ACCOUNT"))?;
        let (secret, account) = match rest.split_once(':') {
            Some((secret, account)) => (secret, Some(account.to_owned())),
            None => (rest, None),
        };
        if id.is_empty() || secret.is_empty() {
            return Err(wrong("an access key has an id and a secret"));
        }
        if account
            .as_deref()
            .is_some_and(|account| !is_account(account))
        {
            return Err(wrong(&format!(
                "the account of access key `{id}` is not a number of 16 digits"
            )));
        }
        if credentials.keys().get(id).is_some() {
            return Err(wrong(&format!("access key `{id}` is given twice")));
        }
        credentials.add(id, SecretKey::new(secret), account);
    }
    Ok(credentials)
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
