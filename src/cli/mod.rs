//! The commands of the program, and how they end.

pub mod client_settings;
pub mod config;
mod database;
mod files;
mod healthcheck;
mod log;
mod serve;

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;
use std::{panic, thread};

use crate::cli::config::{Command, ConfigError};
use crate::fixtures::FixtureError;

/// The exit code for wrong settings and wrong fixtures.
const MISCONFIGURED: u8 = 2;
/// The exit code for what fails at run time.
const FAILED: u8 = 1;

/// Why a command ends without success: what to print, and the exit code.
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

    /// A setting or a fixture is wrong.
    fn misconfigured(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            exit_code: MISCONFIGURED,
        }
    }

    fn of_fixtures(error: &FixtureError) -> Self {
        match error {
            FixtureError::Store(_) => Self::new(error.to_string()),
            FixtureError::Unreadable { .. } | FixtureError::Invalid { .. } => {
                Self::misconfigured(error.to_string())
            }
        }
    }

    /// The line to print.
    fn line(&self) -> String {
        format!("kms-emulator: {}\n", self.message)
    }
}

/// Runs the command that the arguments and the environment ask for.
#[must_use]
pub fn run() -> ExitCode {
    report_panics();
    let result = match Command::from_args(std::env::args_os()) {
        Ok(Command::Serve(config)) => return serve::serve(*config),
        Ok(Command::Healthcheck { url }) => healthcheck::healthcheck(&url),
        Ok(Command::Export(export)) => files::export(&export),
        Ok(Command::Import(import)) => files::import(&import),
        Ok(Command::CheckFixtures { paths }) => files::check(&paths),
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

/// Reports a panic in the log, or on standard error where there is none; the standard library's own report
/// panics again, or blocks, where standard error is closed or full.
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

/// Prints the result of a command. A reader that has seen enough and closed the pipe is no error.
fn print(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::new(format!(
            "cannot write to standard output: {error}"
        ))),
        _ => Ok(()),
    }
}

/// Prints a message for the user. A failure to print it is ignored.
fn print_error(text: &str) {
    let _ = io::stderr().write_all(text.as_bytes());
}
