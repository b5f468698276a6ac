//! What the argument parser says about a command line that it does not understand.

use std::ffi::OsString;

use super::error::ConfigError;
use crate::http::shown::MASK;

/// Flags whose values are secret. Flags that begin like them are taken for misspellings.
const SECRET: [&str; 2] = ["--access", "--control-t"];

/// The parser's text in full: usage and suggestions included, values of secret flags left out.
pub(super) fn explain(error: &clap::Error, given: &[OsString]) -> ConfigError {
    let text = error.to_string();
    if !error.use_stderr() {
        return ConfigError::Information(text);
    }
    let text = secrets(given).fold(text, |text, secret| text.replace(&secret, MASK));
    ConfigError::Usage(text)
}

/// What follows a secret flag: behind `=`, and up to the next flag.
fn secrets(given: &[OsString]) -> impl Iterator<Item = String> {
    let mut is_secret = false;
    given.iter().filter_map(move |argument| {
        let argument = argument.to_string_lossy();
        if !argument.starts_with('-') {
            return (is_secret && !argument.is_empty()).then(|| argument.into_owned());
        }
        is_secret = SECRET.iter().any(|flag| argument.starts_with(flag));
        let (_, value) = argument.split_once('=')?;
        (is_secret && !value.is_empty()).then(|| value.to_owned())
    })
}
