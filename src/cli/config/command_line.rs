//! Reads flags and environment variables with `clap`. Empty variables count as unset.

use std::ffi::OsString;

use clap::builder::Resettable;
use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory, FromArgMatches};

use super::arguments::{Arguments, PORT_VARIABLE};
use super::error::ConfigError;
use super::usage;

/// Reads the command line.
///
/// # Errors
///
/// For an unknown flag, or a flag or variable with an invalid value.
pub(super) fn parse(arguments: &[OsString]) -> Result<(Arguments, ArgMatches), ConfigError> {
    let mut command = command();
    let matches = command
        .try_get_matches_from_mut(arguments)
        .map_err(|error| usage::explain(&error, &command, arguments))?;
    let parsed = Arguments::from_arg_matches(&matches).map_err(|error| {
        let error = error.format(&mut command);
        usage::explain(&error, &command, arguments)
    })?;
    Ok((with_repeated(parsed, &matches), matches))
}

fn command() -> clap::Command {
    let command = without_empty_variables(Arguments::command());
    let command = match std::env::var(PORT_VARIABLE) {
        Ok(value) if value.contains("://") => {
            command.mut_arg("port", |flag| flag.env(Resettable::Reset))
        }
        _ => command,
    };
    ["env", "put", "get", "export", "import"]
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

/// The values of a repeatable flag. In its variable they are separated by commas.
pub(super) fn values(matches: &ArgMatches, flag: &str) -> Vec<String> {
    repeated(matches, flag, |values| values.split(',').collect())
}

/// The values of a repeatable flag whose values may contain commas. In its variable each is on a line.
fn lines(matches: &ArgMatches, flag: &str) -> Vec<String> {
    repeated(matches, flag, |values| values.lines().collect())
}

fn repeated(matches: &ArgMatches, flag: &str, split: fn(&str) -> Vec<&str>) -> Vec<String> {
    let given = matches.get_many::<String>(flag).into_iter().flatten();
    if matches.value_source(flag) == Some(ValueSource::EnvVariable) {
        let split = given.flat_map(|values| split(values));
        split
            .filter(|value| !value.is_empty())
            .map(str::to_owned)
            .collect()
    } else {
        given.cloned().collect()
    }
}

/// The arguments with the values of repeatable flags split.
fn with_repeated(parsed: Arguments, matches: &ArgMatches) -> Arguments {
    let mut server = parsed.server;
    server.tls_name = values(matches, "tls_name");
    server.allow_origin = values(matches, "allow_origin");
    Arguments {
        listen: values(matches, "listen"),
        fixtures: values(matches, "fixtures"),
        secret: lines(matches, "secret"),
        kms_instance: values(matches, "kms_instance"),
        access_key: values(matches, "access_key"),
        rsa_key: values(matches, "rsa_key"),
        oidc_issuer: lines(matches, "oidc_issuer"),
        policy: lines(matches, "policy"),
        tencent_region: values(matches, "tencent_region"),
        server,
        ..parsed
    }
}
