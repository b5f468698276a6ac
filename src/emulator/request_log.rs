//! The log line of a request to a cloud's API. Each request has one line, with the same fields in every
//! format and without secret values.

use std::time::Duration;

use tracing::Level;

use super::journal::Source;
use crate::clouds::outcome::{Outcome, reason};
use crate::model::Cloud;

/// The maximum number of bytes of a text that the client sent.
const MAX_TEXT_BYTES: usize = 256;

/// The data of a log line.
#[derive(Debug)]
pub struct RequestLine<'a> {
    /// The cloud.
    pub cloud: Cloud,
    /// The outcome.
    pub outcome: &'a Outcome,
    /// The HTTP status.
    pub status: u16,
    /// A hint for the client, such as the scope in which the secret exists.
    pub hint: Option<&'a str>,
    /// The number of the fault rule that applied.
    pub fault: Option<u64>,
    /// The source of the request.
    pub source: Source,
    /// The id of the request.
    pub request_id: &'a str,
    /// The duration of handling the request.
    pub duration: Duration,
}

/// Whether log lines are written, so that data for them must be collected.
#[must_use]
pub fn is_enabled() -> bool {
    tracing::enabled!(Level::INFO)
}

impl RequestLine<'_> {
    /// Writes the line: as a warning if there is an explanation that the real service does not give.
    pub fn log(&self) {
        let outcome = self.outcome;
        let unknown_action = outcome.unknown_action.as_deref();
        let scope = outcome.scope.as_ref();
        let diagnosis = outcome.mismatch.as_ref().map(|mismatch| {
            let diagnosis = &mismatch.diagnosis;
            if mismatch.mistake.is_in_signature() {
                reason(format_args!("signature does not match: {diagnosis}"))
            } else {
                reason(diagnosis)
            }
        });
        let reason = diagnosis.as_deref().or(outcome.reason.as_deref());
        let source = (self.source == Source::Call).then_some("call");
        macro_rules! log {
            ($level:expr) => {
                tracing::event!(
                    $level,
                    cloud = self.cloud.name(),
                    action = outcome
                        .action
                        .or(unknown_action)
                        .map_or("-", |text| shortened(text, MAX_TEXT_BYTES)),
                    secret = outcome
                        .secret_name
                        .as_deref()
                        .map(|text| shortened(text, MAX_TEXT_BYTES)),
                    account = scope.map(|scope| &*scope.account),
                    region = scope.map(|scope| &*scope.region),
                    access_key_id = outcome
                        .access_key_id
                        .as_deref()
                        .map(|text| shortened(text, MAX_TEXT_BYTES)),
                    status = self.status,
                    code = outcome.code,
                    reason,
                    hint = self.hint,
                    fault = self.fault,
                    source,
                    request_id = self.request_id,
                    duration_us = u64::try_from(self.duration.as_micros()).unwrap_or(u64::MAX),
                    "request"
                )
            };
        }
        if diagnosis.is_some() || self.hint.is_some() {
            log!(Level::WARN);
        } else {
            log!(Level::INFO);
        }
    }
}

/// The first bytes of a text that may be as long as a request.
fn shortened(text: &str, max_bytes: usize) -> &str {
    &text[..text.floor_char_boundary(max_bytes)]
}
