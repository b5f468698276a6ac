//! The last requests, with what was made of them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::values::{Account, CloudName, Moment, Region, Span};
use super::{Call, ControlError, Endpoint, ErrorCode, Json, NoBody, ReplyBody};
use crate::context::{Mismatch, Verdict};
use crate::journal::{Entry, Feed};
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
    code: &'static str,
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
    fn of(entry: &Entry) -> Self {
        let wire = entry.request.as_wire();
        let outcome = &entry.facts.outcome;
        let parameters = match entry.facts.cloud {
            Cloud::Alibaba => alibaba::shown_parameters(&wire),
            Cloud::Tencent => tencent::shown_parameters(&wire),
        };
        let scope = outcome.scope.as_ref();
        Self {
            number: entry.number,
            time: entry.facts.time.into(),
            cloud: entry.facts.cloud.into(),
            action: asked_for(entry),
            parameters: parameters.map(|pairs| pairs.into_iter().collect()),
            access_key_id: outcome.access_key_id.clone(),
            verdict: outcome.verdict,
            account: scope.map(|scope| scope.account.clone()),
            region: scope.map(|scope| scope.region.clone()),
            status: entry.status,
            code: outcome.code,
            request_id: entry.facts.request_id.clone(),
            duration_ms: entry.facts.duration.as_secs_f64() * 1000.0,
            fault: entry.facts.fault,
            mismatch: outcome.mismatch.as_deref().cloned(),
        }
    }
}

fn asked_for(entry: &Entry) -> Option<String> {
    let outcome = &entry.facts.outcome;
    let known = outcome.action.map(str::to_owned);
    known.or_else(|| outcome.unknown_action.clone())
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
    fn allows(&self, entry: &Entry) -> bool {
        fn is<T: PartialEq>(wanted: Option<&T>, found: Option<&T>) -> bool {
            wanted.is_none_or(|wanted| found == Some(wanted))
        }
        let outcome = &entry.facts.outcome;
        let scope = outcome.scope.as_ref();
        is(self.cloud.as_ref(), Some(&entry.facts.cloud.into()))
            && is(self.action.as_ref(), asked_for(entry).as_ref())
            && is(self.access_key_id.as_ref(), outcome.access_key_id.as_ref())
            && is(self.verdict.as_ref(), Some(&outcome.verdict))
            && is(
                self.account.as_ref().map(|account| &account.0),
                scope.map(|scope| &scope.account),
            )
            && is(
                self.region.as_ref().map(|region| &region.0),
                scope.map(|scope| &scope.region),
            )
            && is(self.status.as_ref(), Some(&entry.status))
            && self.code.as_deref().is_none_or(|code| code == outcome.code)
            && is(self.request_id.as_ref(), Some(&entry.facts.request_id))
            && is(self.fault.as_ref(), entry.facts.fault.as_ref())
            && self
                .min_duration
                .is_none_or(|least| entry.facts.duration >= least.0)
            && self.since.is_none_or(|since| entry.facts.time >= since)
            && self.until.is_none_or(|until| entry.facts.time < until)
            && self.after.is_none_or(|after| entry.number > after)
            && self
                .parameter
                .as_deref()
                .is_none_or(|wanted| has_parameter(entry, wanted))
    }
}

fn has_parameter(entry: &Entry, wanted: &str) -> bool {
    let (name, value) = match wanted.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (wanted, None),
    };
    let parameters = RequestEntry::of(entry).parameters.unwrap_or_default();
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
    const SUMMARY: &'static str = "Lists and counts the last requests, of all or of some.";
    type Parameters = Filter;
    type Body = NoBody;
    type Reply = Json<Requests>;

    fn run(call: &Call, filter: Filter, _: NoBody) -> Result<Self::Reply, ControlError> {
        let mut entries = call.emulator.journal.entries();
        entries.retain(|entry| filter.allows(entry));
        let count = entries.len();
        let limit = filter.limit.unwrap_or(DEFAULT_LIMIT);
        let listed = entries.iter().skip(count.saturating_sub(limit));
        Ok(Json(Requests {
            count,
            requests: listed.map(|entry| RequestEntry::of(entry)).collect(),
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

    fn print(self) -> Vec<u8> {
        Vec::new()
    }

    fn feed(&self) -> Option<Feed> {
        Some(self.0.clone())
    }
}

impl Endpoint for Follow {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/journal/events";
    const SUMMARY: &'static str = "Tells requests as they come, all or some, as server-sent events: those behind `after` or `Last-Event-ID`, \
         else those from now on. `limit` means nothing here.";
    type Parameters = Filter;
    type Body = NoBody;
    type Reply = Events;

    fn run(call: &Call, filter: Filter, _: NoBody) -> Result<Self::Reply, ControlError> {
        let last = call.wire.header("last-event-id");
        let after = last.and_then(|id| id.parse().ok()).or(filter.after);
        let after = after.unwrap_or_else(|| call.emulator.journal.last());
        Ok(Events(Feed::new(after, move |entry| {
            let told = filter.allows(entry).then(|| RequestEntry::of(entry))?;
            let data = serde_json::to_string(&told).ok()?;
            Some(format!(
                "id: {}\nevent: request\ndata: {data}\n\n",
                told.number
            ))
        })))
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
        "Forgets the last requests, all or some; `limit` means nothing here.";
    type Parameters = Filter;
    type Body = NoBody;
    type Reply = Json<Forgotten>;

    fn run(call: &Call, filter: Filter, _: NoBody) -> Result<Self::Reply, ControlError> {
        let removed = call.emulator.journal.forget(|entry| filter.allows(entry));
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
            headers: reply.headers,
            body: String::from_utf8_lossy(&reply.body).into_owned(),
            cut: reply.delivery.cut.map(ReplyCut::from),
        }
    }
}

/// An answer as it was sent.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ExactReply {
    /// The HTTP status.
    status: u16,
    /// The names and values of its headers, beside those that any answer has.
    headers: Vec<(&'static str, String)>,
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
    const SUMMARY: &'static str = "Tells a request with its exact answer.";
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::RequestNotFound];
    type Parameters = OfId;
    type Body = NoBody;
    type Reply = Json<RequestAndReply>;

    fn run(call: &Call, parameters: OfId, _: NoBody) -> Result<Self::Reply, ControlError> {
        let entries = call.emulator.journal.entries();
        let entry = entries
            .iter()
            .rfind(|entry| entry.facts.request_id == parameters.request_id)
            .ok_or_else(|| {
                ControlError::new(
                    ErrorCode::RequestNotFound,
                    "path",
                    "the journal has no request of this id, or not any more",
                )
            })?;
        Ok(Json(RequestAndReply {
            request: RequestEntry::of(entry),
            reply: ExactReply {
                status: entry.status,
                headers: entry.headers.clone(),
                body: String::from_utf8_lossy(&entry.body).into_owned(),
                cut: entry.cut.map(ReplyCut::from),
            },
        }))
    }
}
