//! The commands of the program and their exit codes.

mod client_settings;
mod compare;
pub mod config;
mod database;
mod files;
mod healthcheck;
mod log;
mod pull;
mod remote;
mod secrets;
mod serve;
mod stdin;

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;
use std::{panic, thread};

use crate::cli::config::{Command, ConfigError};
use crate::fixtures::FixtureError;

/// The exit code for invalid settings and fixtures, and for all errors of `compare`.
const MISCONFIGURED: u8 = 2;
/// The exit code for other errors.
const FAILED: u8 = 1;
/// The exit code of `compare` if it finds differences.
const DIFFERENT: u8 = 1;

/// The error of a command: the message and the exit code.
struct Failure {
    message: String,
    exit_code: u8,
}

impl Failure {
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            exit_code: FAILED,
        }
    }

    /// An error with its own text.
    fn of(error: impl Display) -> Self {
        Self::new(error.to_string())
    }

    /// An error in a setting or a fixture.
    fn misconfigured(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            exit_code: MISCONFIGURED,
        }
    }

    fn of_fixtures(error: &FixtureError) -> Self {
        match error {
            FixtureError::Store(_) => Self::of(error),
            FixtureError::Unreadable { .. } | FixtureError::Invalid { .. } => {
                Self::misconfigured(error.to_string())
            }
        }
    }

    /// The line to print. The message may have texts of a server or of a file, which must not control the
    /// terminal.
    fn line(&self) -> String {
        let is_unprintable = |character: char| {
            character.is_control()
                || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        let message = self.message.replace(is_unprintable, "\u{fffd}");
        format!("kms-emulator: {message}\n")
    }
}

/// Runs the command of the arguments and the environment.
#[must_use]
pub fn run() -> ExitCode {
    report_panics();
    let result = match Command::from_args(std::env::args_os()) {
        Ok(Command::Compare(arguments)) => match compare::compare(&arguments) {
            Ok(true) => return ExitCode::from(DIFFERENT),
            Ok(false) => Ok(()),
            Err(failure) => Err(failure),
        },
        Ok(Command::Serve(config)) => return serve::serve(*config),
        Ok(Command::Healthcheck { url }) => healthcheck::healthcheck(&url),
        Ok(Command::Export(export)) => files::export(&export),
        Ok(Command::Import(import)) => files::import(&import),
        Ok(Command::CheckFixtures { paths }) => files::check(&paths),
        Ok(Command::Put(put)) => secrets::put(&put),
        Ok(Command::Get(get)) => secrets::get(&get),
        Ok(Command::Pull(arguments)) => pull::pull(&arguments),
        Ok(Command::Env(output)) => print(&output.to_string()),
        Err(ConfigError::Information(text)) => print(&text),
        Err(ConfigError::Usage(text)) => {
            print_error(&text);
            return ExitCode::from(MISCONFIGURED);
        }
        Err(ConfigError::Unhealthy(message)) => Err(Failure::new(message)),
        Err(ConfigError::Invalid(message)) => Err(Failure::misconfigured(message)),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            print_error(&failure.line());
            ExitCode::from(failure.exit_code)
        }
    }
}

/// Logs panics, or writes them to standard error before the log is set up. The default hook panics again
/// or blocks if standard error is closed or full.
fn report_panics() {
    panic::set_hook(Box::new(|panic| {
        let thread = thread::current();
        let thread = thread.name().unwrap_or("unnamed");
        if tracing::dispatcher::has_been_set() {
            tracing::error!(thread, "{panic}");
        } else {
            print_error(&format!("kms-emulator: thread {thread} {panic}\n"));
        }
    }));
}

/// Prints the result of a command. A broken pipe is ignored.
fn print(text: &str) -> Result<(), Failure> {
    write(&mut io::stdout().lock(), text.as_bytes())
}

/// Writes the result of a command to standard output. A broken pipe is ignored.
fn write(out: &mut impl Write, bytes: &[u8]) -> Result<(), Failure> {
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::new(format!(
            "cannot write to standard output: {error}"
        ))),
        _ => Ok(()),
    }
}

/// Prints a message to standard error. Errors are ignored.
fn print_error(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_is_one_line_that_does_not_control_the_terminal() {
        let failure = Failure::new("密 \u{1b}[31m\u{7}\r\n\u{9b}\u{202e}x");
        let unprintable = "\u{fffd}";
        let expected = format!(
            "kms-emulator: 密 {unprintable}[31m{}x\n",
            unprintable.repeat(5)
        );
        assert_eq!(failure.line(), expected);
    }
}
