//! The text of the argument parser for a wrong command line, without secrets.

use std::ffi::OsString;

use super::error::ConfigError;
use crate::http::shown::MASK;

/// Prefixes of flags with secret values, so that misspelled flags are included.
const SECRET: [&str; 2] = ["--access", "--control-t"];

/// The full text of the parser, with the values of secret flags masked.
pub(super) fn explain(error: &clap::Error, arguments: &[OsString]) -> ConfigError {
    let text = error.to_string();
    if !error.use_stderr() {
        return ConfigError::Information(text);
    }
    let text = secrets(arguments).fold(text, |text, secret| text.replace(&secret, MASK));
    ConfigError::Usage(text)
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
