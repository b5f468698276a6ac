//! Sets up the log on standard error.

use std::fmt;
use std::io;
use std::time::SystemTime;

use crate::cli::config::{Config, LogFormat};
use crate::emulator::log::LineSink;
use crate::os::{StandardStream, duplicate};
use humantime::format_rfc3339_micros;
use tracing::Level;
use tracing::field::Field;
use tracing_subscriber::field::MakeExt;
use tracing_subscriber::fmt::format::{FieldFn, Writer, debug_fn};
use tracing_subscriber::fmt::time::FormatTime;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Sends the log to standard error.
pub(super) fn start(config: &Config) -> io::Result<LineSink> {
    let log = sink(&io::stderr(), |lines| {
        tracing::warn!(
            lines,
            "log lines were dropped, because standard error could not be written"
        );
    })?;
    let builder = tracing_subscriber::fmt()
        .with_max_level(Level::TRACE)
        .with_target(false)
        .with_timer(LogTime)
        // They would be written to standard error without the sink.
        .log_internal_errors(false)
        .with_writer(log.clone());
    let levels = config.log.clone();
    match config.log_format {
        LogFormat::Text => builder
            .with_ansi(false)
            .fmt_fields(fields().delimited(" "))
            .finish()
            .with(levels)
            .init(),
        LogFormat::Json => builder
            .json()
            .flatten_event(true)
            .finish()
            .with(levels)
            .init(),
    }
    Ok(log)
}

/// Sends lines to a standard stream.
pub(super) fn sink(
    stream: &impl StandardStream,
    on_recovery: impl Fn(u64) + Send + 'static,
) -> io::Result<LineSink> {
    LineSink::spawn(duplicate(stream)?, on_recovery)
}

/// Formats the fields of a log line as the library does, but without preparing colors.
fn fields() -> FieldFn<impl Fn(&mut Writer<'_>, &Field, &dyn fmt::Debug) -> fmt::Result + Clone> {
    debug_fn(|writer, field, value| match field.name() {
        "message" => write!(writer, "{value:?}"),
        name => {
            writer.write_str(name)?;
            write!(writer, "={value:?}")
        }
    })
}

/// Formats the time of a log line, faster than the default of the library.
struct LogTime;

impl FormatTime for LogTime {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        let now = SystemTime::now().max(SystemTime::UNIX_EPOCH);
        write!(writer, "{}", format_rfc3339_micros(now))
    }
}
