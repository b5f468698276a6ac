//! Entries of the journal as clients read them: JSON with sensitive values masked.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use super::exchange::Exchange;
use crate::clouds;
use crate::clouds::outcome::{Mismatch, Verdict};
use crate::emulator::values::{CloudName, Moment};

/// A request, and what was made of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RequestEntry {
    /// Its number since the server started, from 1.
    pub(super) number: u64,
    /// When it arrived, by the clock of the server.
    pub(super) time: Moment,
    /// The cloud it was for.
    pub(super) cloud: CloudName,
    /// The operation it asked for, whether or not there is such a one.
    pub(super) action: Option<String>,
    /// Its parameters by name, without the common ones; values that may be secret are `***`. Absent
    /// where they could not be read.
    pub(super) parameters: Option<BTreeMap<String, String>>,
    /// The id of the access key that it named.
    pub(super) access_key_id: Option<String>,
    /// What was made of its signature.
    pub(super) verdict: Verdict,
    /// The account it worked on, if it came so far.
    pub(super) account: Option<String>,
    /// The region it worked in, if it came so far.
    pub(super) region: Option<String>,
    /// The HTTP status of the answer.
    pub(super) status: u16,
    /// The error code of the answer; `OK` for success.
    pub(super) code: String,
    /// The id that the answer has.
    pub(super) request_id: String,
    /// How long it took in milliseconds, without the latency of a fault.
    pub(super) duration_ms: f64,
    /// The number of the fault that it met with.
    pub(super) fault: Option<u64>,
    /// How the signature does not match.
    pub(super) mismatch: Option<Mismatch>,
}

impl RequestEntry {
    /// The entry of an exchange.
    #[must_use]
    pub fn of(exchange: &Exchange) -> Self {
        let cloud = clouds::with_default_settings().get(exchange.cloud);
        let parameters = cloud.shown_parameters(&exchange.request);
        Self {
            number: exchange.number,
            time: exchange.time.into(),
            cloud: exchange.cloud.into(),
            action: exchange.action.map(str::to_owned),
            parameters: parameters.map(|pairs| pairs.into_iter().collect()),
            access_key_id: exchange.access_key_id.map(str::to_owned),
            verdict: exchange.verdict,
            account: exchange.account.map(str::to_owned),
            region: exchange.region.map(str::to_owned),
            status: exchange.status,
            code: exchange.code.to_owned(),
            request_id: exchange.request_id.to_owned(),
            duration_ms: exchange.duration.as_secs_f64() * 1000.0,
            fault: exchange.fault,
            mismatch: exchange.mismatch.as_deref().cloned(),
        }
    }
}

/// An entry as a server-sent event: rendered once for all listeners.
#[derive(Debug)]
pub(super) struct RenderedEntry {
    pub(super) entry: RequestEntry,
    pub(super) time: DateTime<Utc>,
    pub(super) duration: Duration,
    /// The event.
    pub(super) text: Bytes,
}

impl RenderedEntry {
    pub(super) fn of(exchange: &Exchange) -> Self {
        let mut entry = RequestEntry::of(exchange);
        let text = match serde_json::to_string(&entry) {
            Ok(data) => format!("id: {}\nevent: request\ndata: {data}\n\n", entry.number),
            Err(error) => {
                tracing::error!(%error, "an entry of the journal could not be printed");
                String::new()
            }
        };
        // It may be large, and no filter looks at it.
        entry.mismatch = None;
        Self {
            entry,
            time: exchange.time,
            duration: exchange.duration,
            text: text.into(),
        }
    }

    pub(super) fn number(&self) -> u64 {
        self.entry.number
    }
}
