//! The text of the argument parser for a wrong command line or variable, without secrets.

use std::ffi::OsString;
use std::iter;

use clap::Command;
use clap::error::{ContextKind, ContextValue};

use super::error::ConfigError;
use crate::http::shown::MASK;

/// Prefixes of flags with secret values, so that misspelled flags are included.
const SECRET: [&str; 3] = ["--access", "--control-t", "--secret"];

/// The full text of the parser, with the values of secret flags masked, and with the variable that has the invalid value.
pub(super) fn explain(
    error: &clap::Error,
    command: &Command,
    arguments: &[OsString],
) -> ConfigError {
    let text = error.to_string();
    if !error.use_stderr() {
        return ConfigError::Information(text);
    }
    let text = match variable(error, command, arguments) {
        Some((flag, variable)) => {
            text.replacen(&format!("'{flag}'"), &format!("'{flag}' ({variable})"), 1)
        }
        None => text,
    };
    let text = secrets(arguments).fold(text, |text, secret| text.replace(&secret, MASK));
    let text = values_of_put(arguments).fold(text, |text, value| {
        text.replace(&format!("'{value}'"), &format!("'{MASK}'"))
    });
    ConfigError::Usage(text)
}

/// The flag that an error names, with its variable, if the flag is not on the command line.
fn variable<'e>(
    error: &'e clap::Error,
    command: &Command,
    arguments: &[OsString],
) -> Option<(&'e str, String)> {
    let Some(ContextValue::String(shown)) = error.get(ContextKind::InvalidArg) else {
        return None;
    };
    let name = shown.strip_prefix("--")?.split(['[', '=', ' ']).next()?;
    let given = |argument: &OsString| {
        let argument = argument.to_string_lossy();
        let argument = argument.strip_prefix("--").unwrap_or_default();
        argument.split('=').next() == Some(name)
    };
    if arguments.iter().any(given) {
        return None;
    }
    let commands = iter::once(command).chain(command.get_subcommands());
    let mut flags = commands.flat_map(Command::get_arguments);
    let flag = flags.find(|flag| flag.get_long() == Some(name))?;
    let variable = flag.get_env()?.to_string_lossy().into_owned();
    Some((shown, variable))
}

/// The values of secret flags: the text after `=`, and all arguments up to the next flag.
fn secrets(arguments: &[OsString]) -> impl Iterator<Item = String> {
    let mut is_secret = false;
    arguments.iter().filter_map(move |argument| {
        let argument = argument.to_string_lossy();
        if !argument.starts_with('-') {
            return (is_secret && !argument.is_empty()).then(|| argument.into_owned());
        }
        is_secret = SECRET.iter().any(|flag| argument.starts_with(flag));
        let (_, value) = argument.split_once('=')?;
        (is_secret && !value.is_empty()).then(|| value.to_owned())
    })
}

/// The arguments of `put` after the first word, which is the name of the secret unless flags are before it.
/// They are masked only in quotes: a value may be a single letter.
fn values_of_put(arguments: &[OsString]) -> impl Iterator<Item = String> {
    let is_put = |argument: &OsString| argument == "put";
    let start = arguments.iter().position(is_put);
    let after = &arguments[start.unwrap_or(arguments.len())..];
    let texts = after.iter().map(|argument| argument.to_string_lossy());
    let words = texts.filter(|text| !text.is_empty() && !text.starts_with("--"));
    words.skip(2).map(|text| text.into_owned())
}
