//! The last requests, with what was made of them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::feed::Feed;
use super::values::{Account, CloudName, Moment, Region, Span};
use super::{Call, ControlError, Endpoint, ErrorCode, Json, NoBody, ReplyBody};
use crate::context::{Mismatch, Verdict};
use crate::journal::Exchange;
use crate::model::Cloud;
use crate::wire::{Cut, WireReply};
use crate::{alibaba, tencent};

/// How many requests are listed unless asked otherwise.
const DEFAULT_LIMIT: usize = 100;

/// A request, and what was made of it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RequestEntry {
    /// Its number since the server started, from 1.
    number: u64,
    /// When it arrived, by the clock of the server.
    time: Moment,
    /// The cloud it was for.
    cloud: CloudName,
    /// The operation it asked for, whether or not there is such a one.
    action: Option<String>,
    /// Its parameters by name, without the common ones; values that may be secret are `***`. Absent
    /// where they could not be read.
    parameters: Option<BTreeMap<String, String>>,
    /// The id of the access key that it named.
    access_key_id: Option<String>,
    /// What was made of its signature.
    verdict: Verdict,
    /// The account it worked on, if it came so far.
    account: Option<String>,
    /// The region it worked in, if it came so far.
    region: Option<String>,
    /// The HTTP status of the answer.
    status: u16,
    /// The error code of the answer; `OK` for success.
    code: String,
    /// The id that the answer has.
    request_id: String,
    /// How long it took in milliseconds, without the latency of a fault.
    duration_ms: f64,
    /// The number of the fault that it met with.
    fault: Option<u64>,
    /// How the signature does not match.
    mismatch: Option<Mismatch>,
}

impl RequestEntry {
    fn of(exchange: &Exchange) -> Self {
        let parameters = match exchange.cloud {
            Cloud::Alibaba => alibaba::shown_parameters(&exchange.request),
            Cloud::Tencent => tencent::shown_parameters(&exchange.request),
        };
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

type Parameters = BTreeMap<String, String>;

/// What a filter looks at, beside the parameters.
struct Considered<'a> {
    number: u64,
    time: DateTime<Utc>,
    cloud: CloudName,
    action: Option<&'a str>,
    access_key_id: Option<&'a str>,
    verdict: Verdict,
    account: Option<&'a str>,
    region: Option<&'a str>,
    status: u16,
    code: &'a str,
    request_id: &'a str,
    duration: Duration,
    fault: Option<u64>,
}

impl<'a> From<&'a Exchange<'_>> for Considered<'a> {
    fn from(exchange: &'a Exchange) -> Self {
        Self {
            number: exchange.number,
            time: exchange.time,
            cloud: exchange.cloud.into(),
            action: exchange.action,
            access_key_id: exchange.access_key_id,
            verdict: exchange.verdict,
            account: exchange.account,
            region: exchange.region,
            status: exchange.status,
            code: exchange.code,
            request_id: exchange.request_id,
            duration: exchange.duration,
            fault: exchange.fault,
        }
    }
}

impl<'a> From<&'a RenderedEntry> for Considered<'a> {
    fn from(rendered: &'a RenderedEntry) -> Self {
        let entry = &rendered.entry;
        Self {
            number: entry.number,
            time: rendered.time,
            cloud: entry.cloud,
            action: entry.action.as_deref(),
            access_key_id: entry.access_key_id.as_deref(),
            verdict: entry.verdict,
            account: entry.account.as_deref(),
            region: entry.region.as_deref(),
            status: entry.status,
            code: &entry.code,
            request_id: &entry.request_id,
            duration: rendered.duration,
            fault: entry.fault,
        }
    }
}

/// An entry as a server-sent event: rendered once for all listeners.
#[derive(Debug)]
pub(super) struct RenderedEntry {
    entry: RequestEntry,
    time: DateTime<Utc>,
    duration: Duration,
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

/// Which requests are meant. What is absent holds for any.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Only those for this cloud.
    cloud: Option<CloudName>,
    /// Only those that asked for this operation.
    action: Option<String>,
    /// Only those with this parameter: `SecretName`, or `SecretName=db/password`. Values that may be
    /// secret are found as `***` only.
    parameter: Option<String>,
    /// Only those that named this access key.
    access_key_id: Option<String>,
    /// Only those of whose signature this was made.
    verdict: Option<Verdict>,
    /// Only those that worked on this account.
    account: Option<Account>,
    /// Only those that worked in this region.
    region: Option<Region>,
    /// Only those answered with this HTTP status.
    status: Option<u16>,
    /// Only those answered with this error code, or with `OK`.
    code: Option<String>,
    /// Only the one of this id.
    request_id: Option<String>,
    /// Only those that met with this fault.
    fault: Option<u64>,
    /// Only those that took as long as this, or longer.
    min_duration: Option<Span>,
    /// Only those that arrived at this time, or later, by the clock of the server.
    since: Option<DateTime<Utc>>,
    /// Only those that arrived before this time, by the clock of the server.
    until: Option<DateTime<Utc>>,
    /// Only those with a greater number.
    after: Option<u64>,
    /// How many are listed at the most, the latest of all that are meant. 0 lists none, and counts.
    limit: Option<usize>,
}

impl Filter {
    /// The number given for `after`.
    pub(super) fn after(&self) -> Option<u64> {
        self.after
    }

    fn allows(&self, exchange: &Exchange) -> bool {
        let parameters = || RequestEntry::of(exchange).parameters.map(Cow::Owned);
        self.allows_considered(&Considered::from(exchange), parameters)
    }

    /// Whether an entry is meant that is rendered already.
    pub(super) fn allows_rendered(&self, rendered: &RenderedEntry) -> bool {
        let parameters = || rendered.entry.parameters.as_ref().map(Cow::Borrowed);
        self.allows_considered(&Considered::from(rendered), parameters)
    }

    fn allows_considered<'a>(
        &self,
        exchange: &Considered,
        parameters: impl FnOnce() -> Option<Cow<'a, Parameters>>,
    ) -> bool {
        fn is<T: PartialEq + Copy>(wanted: Option<T>, found: Option<T>) -> bool {
            wanted.is_none_or(|wanted| found == Some(wanted))
        }
        let account = self.account.as_ref();
        let region = self.region.as_ref();
        is(self.cloud, Some(exchange.cloud))
            && is(self.action.as_deref(), exchange.action)
            && is(self.access_key_id.as_deref(), exchange.access_key_id)
            && is(self.verdict, Some(exchange.verdict))
            && is(account.map(|account| &*account.0), exchange.account)
            && is(region.map(|region| &*region.0), exchange.region)
            && is(self.status, Some(exchange.status))
            && is(self.code.as_deref(), Some(exchange.code))
            && is(self.request_id.as_deref(), Some(exchange.request_id))
            && is(self.fault, exchange.fault)
            && self
                .min_duration
                .is_none_or(|least| exchange.duration >= least.0)
            && self.since.is_none_or(|since| exchange.time >= since)
            && self.until.is_none_or(|until| exchange.time < until)
            && self.after.is_none_or(|after| exchange.number > after)
            && self
                .parameter
                .as_deref()
                .is_none_or(|wanted| has_parameter(&parameters().unwrap_or_default(), wanted))
    }
}

fn has_parameter(parameters: &Parameters, wanted: &str) -> bool {
    let (name, value) = match wanted.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (wanted, None),
    };
    parameters
        .get(name)
        .is_some_and(|found| value.is_none_or(|value| found == value))
}

/// Lists requests.
pub struct List;

/// Some of the last requests.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Requests {
    /// How many there are, listed or not.
    count: usize,
    /// The earliest first.
    requests: Vec<RequestEntry>,
}

impl Endpoint for List {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/journal";
    const SUMMARY: &'static str =
        "Lists and counts the last requests; filters select some of them.";
    type Parameters = Filter;
    type Body = NoBody;
    type Reply = Json<Requests>;

    fn run(call: &Call, filter: Filter, _: NoBody) -> Result<Self::Reply, ControlError> {
        let mut entries = call.emulator.journal.entries();
        entries.retain(|entry| filter.allows(&entry.read()));
        let count = entries.len();
        let limit = filter.limit.unwrap_or(DEFAULT_LIMIT);
        let listed = entries.iter().skip(count.saturating_sub(limit));
        Ok(Json(Requests {
            count,
            requests: listed
                .map(|entry| RequestEntry::of(&entry.read()))
                .collect(),
        }))
    }
}

/// Tells requests as they come.
pub struct Follow;

/// Server-sent events.
pub struct Events(Feed);

impl ReplyBody for Events {
    const MEDIA_TYPE: &'static str = "text/event-stream";

    fn describe(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string"})
    }

    fn print(self) -> Bytes {
        Bytes::new()
    }

    fn feed(&self) -> Option<Feed> {
        Some(self.0.clone())
    }
}

impl Endpoint for Follow {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/journal/events";
    const SUMMARY: &'static str = "Sends requests as server-sent events when they arrive; filters select some of them. Starts after `after` \
         or `Last-Event-ID`, or else now. `limit` is ignored.";
    type Parameters = Filter;
    type Body = NoBody;
    type Reply = Events;

    fn run(call: &Call, filter: Filter, _: NoBody) -> Result<Self::Reply, ControlError> {
        let last = call.wire.header("last-event-id");
        let after = last.and_then(|id| id.parse().ok()).or(filter.after());
        let after = after.unwrap_or_else(|| call.emulator.journal.last());
        Ok(Events(Feed::new(after, filter)))
    }
}

/// Forgets requests.
pub struct Clear;

/// What was forgotten.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Forgotten {
    /// How many requests.
    removed: usize,
}

impl Endpoint for Clear {
    const METHOD: &'static str = "DELETE";
    const PATH: &'static str = "/_emulator/journal";
    const SUMMARY: &'static str =
        "Deletes the last requests; filters select some of them. `limit` is ignored.";
    type Parameters = Filter;
    type Body = NoBody;
    type Reply = Json<Forgotten>;

    fn run(call: &Call, filter: Filter, _: NoBody) -> Result<Self::Reply, ControlError> {
        let removed = call
            .emulator
            .journal
            .forget(|exchange| filter.allows(exchange));
        Ok(Json(Forgotten { removed }))
    }
}

/// Reads a request with its answer.
pub struct Read;

/// The id of a request.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OfId {
    /// The id that the answer has.
    request_id: String,
}

/// A request with its answer.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RequestAndReply {
    /// The request.
    request: RequestEntry,
    /// The answer, exactly as it was sent: with the values of secrets, where it has any.
    reply: ExactReply,
}

impl From<WireReply> for ExactReply {
    fn from(reply: WireReply) -> Self {
        Self {
            status: reply.status,
            headers: owned(reply.headers),
            body: String::from_utf8_lossy(&reply.body).into_owned(),
            cut: reply.delivery.cut.map(ReplyCut::from),
        }
    }
}

fn owned<'a>(
    headers: impl IntoIterator<Item = (&'a str, impl Into<String>)>,
) -> Vec<(String, String)> {
    let headers = headers.into_iter();
    headers
        .map(|(name, value)| (name.to_owned(), value.into()))
        .collect()
}

/// An answer as it was sent.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExactReply {
    /// The HTTP status.
    status: u16,
    /// The names and values of its headers, beside those that any answer has.
    headers: Vec<(String, String)>,
    /// Its body.
    body: String,
    /// How a fault broke it off: `reset`, or behind so many bytes of the body.
    cut: Option<ReplyCut>,
}

/// How an answer broke off.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReplyCut {
    /// The connection was reset.
    Reset,
    /// Only so many bytes of the body were sent.
    Body(usize),
}

impl From<Cut> for ReplyCut {
    fn from(cut: Cut) -> Self {
        match cut {
            Cut::Reset => Self::Reset,
            Cut::Body(bytes) => Self::Body(bytes),
        }
    }
}

impl Endpoint for Read {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/journal/{request_id}";
    const SUMMARY: &'static str = "Returns a request with its exact reply.";
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::RequestNotFound];
    type Parameters = OfId;
    type Body = NoBody;
    type Reply = Json<RequestAndReply>;

    fn run(call: &Call, parameters: OfId, _: NoBody) -> Result<Self::Reply, ControlError> {
        let entries = call.emulator.journal.entries();
        let mut exchanges = entries.iter().map(|entry| entry.read());
        let exchange = exchanges
            .rfind(|exchange| exchange.request_id == parameters.request_id)
            .ok_or_else(|| {
                ControlError::new(
                    ErrorCode::RequestNotFound,
                    "path",
                    "the journal has no request of this id, or not any more",
                )
            })?;
        Ok(Json(RequestAndReply {
            request: RequestEntry::of(&exchange),
            reply: ExactReply {
                status: exchange.status,
                headers: owned(exchange.headers),
                body: String::from_utf8_lossy(exchange.body).into_owned(),
                cut: exchange.cut.map(ReplyCut::from),
            },
        }))
    }
}
