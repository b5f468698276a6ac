//! The command line of the server, as `clap` reads it, and its description for documents.

use std::path::PathBuf;

use clap::{ArgAction, CommandFactory, Parser, Subcommand};

use super::LogFormat;
use super::client::{GetArguments, PutArguments};
use super::compare::{COMPARE_HELP, CompareArguments};
use super::control::ControlArguments;
use super::env::EnvArguments;
use super::files::{ExportArguments, FixturesArguments, ImportArguments};
use super::server::ServerArguments;
use crate::clouds::alibaba;
use crate::clouds::context::AuthMode;
use crate::clouds::tencent;

/// The variable of `--port`. Kubernetes sets it to `tcp://…` for a service named `kms-emulator`.
pub(super) const PORT_VARIABLE: &str = "KMS_EMULATOR_PORT";

/// The end of the help.
const CONTROL_API_HELP: &str = "\
Control API for tests, JSON over HTTP: /_emulator/health, ready, metrics, reset, state,
snapshots, tenants, credentials, clock, faults, policies, journal, coverage, ca.pem,
ca-bundle.pem and others, which /_emulator/openapi.json describes.
  curl -X POST http://127.0.0.1:8080/_emulator/reset -d '{\"fixtures\":true}'
  curl http://127.0.0.1:8080/_emulator/faults -d '{\"error\":\"Rejected.Throttling\",\"times\":2}'";

/// A local emulator of Alibaba Cloud KMS and Tencent Cloud SSM.
///
/// Use its address as the endpoint of an unmodified SDK.
#[derive(Parser)]
#[command(
    name = "kms-emulator",
    version,
    args_conflicts_with_subcommands = true,
    after_help = CONTROL_API_HELP
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) subcommand: Option<SubcommandArguments>,

    /// Address to listen on: HOST:PORT, `:PORT` for every interface, or PORT for localhost; a host name
    /// means all of its addresses, and port 0 any free port [repeatable]
    #[arg(
        long,
        env = "KMS_EMULATOR_LISTEN",
        value_name = "ADDRESS",
        default_value = "localhost:8080"
    )]
    pub(super) listen: Vec<String>,

    /// Port to listen on; replaces the port of the address
    #[arg(long, env = PORT_VARIABLE, value_name = "PORT")]
    pub(super) port: Option<u16>,

    /// Database file, created if missing; without it all data is in memory
    #[arg(long, env = "KMS_EMULATOR_DATABASE", value_name = "FILE")]
    pub(super) database: Option<PathBuf>,

    /// Fixture file, `.env` file, or directory with *.json files, to load at start-up [repeatable]
    #[arg(long, env = "KMS_EMULATOR_FIXTURES", value_name = "PATH")]
    pub(super) fixtures: Vec<String>,

    /// Secret to create in both clouds at start-up, after the fixtures; the prefix `alibaba:` or `tencent:` selects
    /// one, and NAME=@FILE reads the value from a file [repeatable; one per line in the variable]
    #[arg(
        long,
        env = "KMS_EMULATOR_SECRETS",
        value_name = "NAME=VALUE",
        hide_env_values = true
    )]
    pub(super) secret: Vec<String>,

    /// Id of a dedicated KMS instance of Alibaba Cloud to create at start-up, in the default account and region
    /// [repeatable]
    #[arg(long, env = "KMS_EMULATOR_KMS_INSTANCES", value_name = "ID")]
    pub(super) kms_instance: Vec<String>,

    /// Value for fixture secrets without one, 1 to 30720 bytes
    #[arg(
        long,
        env = "KMS_EMULATOR_DEFAULT_SECRET_VALUE",
        value_name = "TEXT",
        hide_env_values = true
    )]
    pub(super) default_secret_value: Option<String>,

    /// Default region of Alibaba Cloud, for hosts that do not name one
    #[arg(
        long,
        env = "KMS_EMULATOR_REGION",
        value_name = "REGION",
        default_value = "cn-hangzhou"
    )]
    pub(super) region: String,

    /// Default account, 16 digits, for unsigned requests and for access keys without an account
    #[arg(
        long,
        env = "KMS_EMULATOR_ACCOUNT",
        value_name = "ACCOUNT",
        default_value = "1000000000000000"
    )]
    pub(super) account: String,

    /// Access key that clients may sign with [repeatable] [default: test:test]
    #[arg(
        long,
        env = "KMS_EMULATOR_ACCESS_KEYS",
        value_name = "ID:SECRET[:ACCOUNT]",
        hide_env_values = true
    )]
    pub(super) access_key: Vec<String>,

    /// RSA public key of 2048 to 8192 bits, in a PEM file, of a client that signs with the private key, such as a
    /// client key of an application access point [repeatable]
    #[arg(
        long,
        visible_alias = "client-key",
        env = "KMS_EMULATOR_RSA_KEYS",
        value_name = "ID:FILE[:ACCOUNT]"
    )]
    pub(super) rsa_key: Vec<String>,

    /// OpenID Connect issuer whose tokens STS accepts; `jwks` is a file, or a URL on this machine, with the keys to
    /// verify signatures; tokens may be `issuance-limit` hours old [repeatable; one per line in the variable] [default: any issuer]
    #[arg(
        long,
        env = "KMS_EMULATOR_OIDC_ISSUERS",
        value_name = "URL[,aud=AUDIENCE][,jwks=FILE-OR-URL][,issuance-limit=HOURS]"
    )]
    pub(super) oidc_issuer: Vec<String>,

    /// JSON file with a policy of Alibaba Cloud RAM or Tencent Cloud CAM, and the access keys, roles and accounts to
    /// attach it to; without any, it is attached to the default account [repeatable; one per line in the variable]
    #[arg(
        long,
        env = "KMS_EMULATOR_POLICIES",
        value_name = "FILE[,name=NAME][,key=ID][,role=ARN][,account=ACCOUNT]"
    )]
    pub(super) policy: Vec<String>,

    /// How signatures are checked: off, lenient or strict
    #[arg(
        long,
        env = "KMS_EMULATOR_AUTH",
        value_name = "MODE",
        default_value = "lenient"
    )]
    pub(super) auth: AuthMode,

    /// Limit requests per second: Tencent Cloud as documented, Alibaba Cloud to 30 per operation
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
    pub(super) rate_limit: bool,

    /// Values that `Filters` of Alibaba Cloud accept: possible (those that a secret can have) or any
    #[arg(
        long,
        env = "KMS_EMULATOR_ALIBABA_FILTER_VALUES",
        value_name = "WHICH",
        default_value = "possible"
    )]
    pub(super) alibaba_filter_values: alibaba::FilterValues,

    /// How `SecretName` and `Description` in `Filters` of Alibaba Cloud match: exact or contains
    #[arg(
        long,
        env = "KMS_EMULATOR_ALIBABA_FILTER_MATCH",
        value_name = "HOW",
        default_value = "exact"
    )]
    pub(super) alibaba_filter_match: alibaba::FilterMatch,

    /// Whether accounts of Alibaba Cloud have the default quotas in each region: 200 keys, 300 aliases and 10,000
    /// versions of keys
    #[arg(
        long,
        env = "KMS_EMULATOR_ALIBABA_QUOTAS",
        value_name = "BOOL",
        num_args = 0..=1,
        require_equals = true,
        default_value = "false",
        default_missing_value = "true",
        action = ArgAction::Set
    )]
    pub(super) alibaba_quotas: bool,

    /// Region of Tencent Cloud SSM; the first one is the default for requests without a region
    /// [repeatable]
    #[arg(
        long,
        env = "KMS_EMULATOR_TENCENT_REGIONS",
        value_name = "REGION",
        default_values_t = tencent::Settings::default().regions
    )]
    pub(super) tencent_region: Vec<String>,

    /// Maximum `Limit` of Tencent Cloud's `ListSecrets`; at least 20, which is the default of `Limit`
    #[arg(
        long,
        env = "KMS_EMULATOR_TENCENT_MAX_LIMIT",
        value_name = "NUMBER",
        value_parser = clap::value_parser!(u32).range(20..),
        default_value_t = tencent::Settings::default().max_limit
    )]
    pub(super) tencent_max_limit: u32,

    /// How `SearchSecretName` of Tencent Cloud matches: substring or exact
    #[arg(
        long,
        env = "KMS_EMULATOR_TENCENT_SEARCH",
        value_name = "HOW",
        default_value = "substring"
    )]
    pub(super) tencent_search: tencent::Search,

    /// Maximum size of a secret value of Tencent Cloud, in bytes
    #[arg(
        long,
        env = "KMS_EMULATOR_TENCENT_MAX_VALUE_BYTES",
        value_name = "NUMBER",
        value_parser = clap::value_parser!(u32).range(1..),
        default_value_t = tencent::Settings::default().max_value_bytes
    )]
    pub(super) tencent_max_value_bytes: u32,

    /// Maximum difference of a Tencent Cloud time stamp from the clock in strict mode, in seconds; 0 = unlimited
    #[arg(
        long,
        env = "KMS_EMULATOR_TENCENT_CLOCK_SKEW",
        value_name = "SECONDS",
        default_value = "300"
    )]
    pub(super) tencent_clock_skew: u32,

    #[command(flatten)]
    pub(super) control: ControlArguments,

    #[command(flatten)]
    pub(super) server: ServerArguments,

    /// Log level for standard error: error, warn, info or debug, or a list of levels per module
    #[arg(
        long,
        env = "KMS_EMULATOR_LOG",
        value_name = "FILTER",
        default_value = "warn,kms_emulator=info"
    )]
    pub(super) log: String,

    /// Format of the log: text or json
    #[arg(
        long,
        env = "KMS_EMULATOR_LOG_FORMAT",
        value_name = "FORMAT",
        default_value = "text"
    )]
    pub(super) log_format: LogFormat,

    /// Stop when standard input ends, so that a server that reads from a pipe stops with the program
    /// at its other end
    #[arg(
        long,
        env = "KMS_EMULATOR_EXIT_WITH_STDIN",
        value_name = "BOOL",
        num_args = 0..=1,
        require_equals = true,
        default_value = "false",
        default_missing_value = "true",
        action = ArgAction::Set
    )]
    pub(super) exit_with_stdin: bool,
}

#[derive(Subcommand)]
pub(super) enum SubcommandArguments {
    /// Exit with 0 if a running emulator is ready, with 1 if not
    Healthcheck {
        /// Address to check [default: the first address to listen on]
        url: Option<String>,
    },

    /// Print the settings for clients: endpoint, access key and certificate authority
    Env(EnvArguments),

    /// Create a secret in a running emulator, or add a version to it
    Put(PutArguments),

    /// Print the value of a secret in a running emulator
    Get(GetArguments),

    /// Export the secrets of a database as a fixture file
    Export(ExportArguments),

    /// Load fixture files into a database, in one transaction
    Import(ImportArguments),

    /// Send the same requests to a cloud and to an emulator, and report what differs
    #[command(after_help = COMPARE_HELP)]
    Compare(CompareArguments),

    /// Check fixture files, or save one from an account
    #[command(subcommand)]
    Fixtures(FixturesArguments),
}

/// The descriptions of the flags of the server.
#[must_use]
pub fn settings() -> Vec<Setting> {
    let command = Arguments::command();
    let settings = command.get_arguments().filter_map(|argument| {
        let flag = argument.get_long()?;
        let value = argument.get_value_names()?.join(" ");
        let default: Vec<_> = argument
            .get_default_values()
            .iter()
            .map(|value| value.to_string_lossy())
            .collect();
        Some(Setting {
            flag: if argument.is_require_equals_set() {
                format!("--{flag}[={value}]")
            } else {
                format!("--{flag} {value}")
            },
            variable: argument.get_env()?.to_string_lossy().into_owned(),
            default: default.join(","),
            help: argument.get_help()?.to_string(),
        })
    });
    settings.collect()
}

/// The description of a flag.
#[derive(Debug)]
pub struct Setting {
    /// The flag and the name of its value.
    pub flag: String,
    /// The environment variable that can be set instead.
    pub variable: String,
    /// The default; may be empty.
    pub default: String,
    /// The help.
    pub help: String,
}
