//! Entries of the journal as clients read them: JSON with sensitive values masked.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use super::exchange::{Entry, Exchange, Source};
use super::searched_text;
use crate::clouds;
use crate::clouds::auth::policy::Decision;
use crate::clouds::diagnosis::Mismatch;
use crate::clouds::outcome::Verdict;
use crate::emulator::values::{CloudName, Moment};

/// A request in the journal.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RequestEntry {
    /// The number of the request since the server started, from 1.
    pub(super) number: u64,
    /// When it arrived, by the server's clock.
    pub(super) time: Moment,
    /// When it arrived, by the clock of the tenant; absent if the account does not have its own clock.
    pub(super) tenant_time: Option<Moment>,
    /// `client`, or `call` for a request that `POST call` made, for the page for example.
    pub(super) source: Source,
    /// The cloud.
    pub(super) cloud: CloudName,
    /// The requested operation, even if it does not exist.
    pub(super) action: Option<String>,
    /// The parameters by name, without the common ones; sensitive values are `***`. Absent if they could
    /// not be read.
    pub(super) parameters: Option<BTreeMap<String, String>>,
    /// The id of the access key.
    pub(super) access_key_id: Option<String>,
    /// The result of checking the signature.
    pub(super) verdict: Verdict,
    /// The account; absent if the request was rejected earlier.
    pub(super) account: Option<String>,
    /// The region; absent if the request was rejected earlier.
    pub(super) region: Option<String>,
    /// The HTTP status of the reply.
    pub(super) status: u16,
    /// The error code of the reply; `OK` = success.
    pub(super) code: String,
    /// The request id, as in the reply.
    pub(super) request_id: String,
    /// The duration in milliseconds, without the latency of a fault rule.
    pub(super) duration_ms: f64,
    /// The number of the fault rule that applied.
    pub(super) fault: Option<u64>,
    /// The explanation of a signature that does not match.
    pub(super) mismatch: Option<Mismatch>,
    /// The decision of the policies; absent if none applies to the caller.
    pub(super) permission: Option<Decision>,
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
            tenant_time: exchange.tenant_time.map(Moment::from),
            source: exchange.source,
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
            permission: exchange.permission.as_deref().cloned(),
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
    /// The recorded entry for a search. Weak, so that the journal can discard it and reuse its memory.
    recorded: Weak<Entry>,
}

impl RenderedEntry {
    pub(super) fn of(recorded: &Arc<Entry>) -> Self {
        let exchange = recorded.read();
        let mut entry = RequestEntry::of(&exchange);
        let text = match serde_json::to_string(&entry) {
            Ok(data) => format!("id: {}\nevent: request\ndata: {data}\n\n", entry.number),
            Err(error) => {
                tracing::error!(%error, "an entry of the journal could not be printed");
                String::new()
            }
        };
        // No filter reads it, and it may be large.
        entry.mismatch = None;
        Self {
            entry,
            time: exchange.time,
            duration: exchange.duration,
            text: text.into(),
            recorded: Arc::downgrade(recorded),
        }
    }

    /// The text that the filter `text` searches; absent if the journal has discarded the entry.
    pub(super) fn searched_text(&self) -> Option<String> {
        let recorded = self.recorded.upgrade()?;
        Some(searched_text::of(&recorded.read()))
    }

    pub(super) fn number(&self) -> u64 {
        self.entry.number
    }
}
