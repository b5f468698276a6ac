//! The journal of the last requests.

use std::sync::Arc;

use bytes::Bytes;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::endpoint::{Call, Endpoint, Json, NoBody, ReplyBody};
use super::error::{ControlError, ErrorCode};
use crate::clouds::hint::Hint;
use crate::clouds::shown_request::ShownRequest;
use crate::emulator::journal::entry::RequestEntry;
use crate::emulator::journal::feed::Listener;
use crate::emulator::journal::filter::Filter;
use crate::http::wire::{Continuation, Cut, WireReply};

/// The number of requests that are listed if the request does not limit it.
const DEFAULT_LIMIT: usize = 100;

/// Lists requests.
pub(super) struct List;

/// The selected requests.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Requests {
    /// The number of requests that match, also of those that are not listed.
    count: usize,
    /// The requests, the oldest first.
    requests: Vec<RequestEntry>,
}

impl Endpoint for List {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/journal";
    const SUMMARY: &'static str = "Lists and counts the latest requests of clients; filters select some of them, and `source` those of the page.";
    type Parameters = Filter;
    type Body = NoBody;
    type Reply = Json<Requests>;

    fn run(call: &Call, filter: Filter, _: NoBody) -> Result<Self::Reply, ControlError> {
        let filter = filter.of_clients();
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

/// Sends requests as they arrive.
pub(super) struct Follow;

/// Server-sent events.
pub(super) struct Events(Continuation);

impl ReplyBody for Events {
    const MEDIA_TYPE: &'static str = "text/event-stream";

    fn describe(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string"})
    }

    fn print(self) -> Bytes {
        Bytes::new()
    }

    fn continuation(&self) -> Option<Continuation> {
        Some(self.0.clone())
    }
}

impl Endpoint for Follow {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/journal/events";
    const SUMMARY: &'static str = "Sends requests as server-sent events when they arrive; filters select some of them. Starts after `after` \
         or `Last-Event-ID`, by default with the next request. `limit` is ignored.";
    type Parameters = Filter;
    type Body = NoBody;
    type Reply = Events;

    fn run(call: &Call, filter: Filter, _: NoBody) -> Result<Self::Reply, ControlError> {
        let newest = call.emulator.journal.last();
        let received: Option<u64> = call
            .wire
            .header("last-event-id")
            .and_then(|id| id.parse().ok());
        // Numbers start from 1 with the server, so a greater one is of an earlier server.
        let received = received.map(|id| if id > newest { 0 } else { id });
        let after = received.or(filter.after()).unwrap_or(newest);
        let (journal, filter) = (
            Arc::clone(&call.emulator.journal),
            Arc::new(filter.of_clients()),
        );
        Ok(Events(Continuation::new(move || {
            Box::new(Listener::join(&journal, after, Arc::clone(&filter)))
        })))
    }
}

/// Deletes requests.
pub(super) struct Clear;

/// The result of a deletion.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Removed {
    /// The number of requests that were deleted.
    removed: usize,
}

impl Endpoint for Clear {
    const METHOD: &'static str = "DELETE";
    const PATH: &'static str = "/_emulator/journal";
    const SUMMARY: &'static str =
        "Deletes the recorded requests; filters select some of them. `limit` is ignored.";
    type Parameters = Filter;
    type Body = NoBody;
    type Reply = Json<Removed>;

    fn run(call: &Call, filter: Filter, _: NoBody) -> Result<Self::Reply, ControlError> {
        let removed = call
            .emulator
            .journal
            .delete(|exchange| filter.allows(exchange));
        Ok(Json(Removed { removed }))
    }
}

/// Returns a request with its reply.
pub(super) struct Read;

/// The id of a request.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RequestIdParameter {
    /// The id, as in the reply.
    request_id: String,
}

/// A request with its reply.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RequestAndReply {
    /// The request.
    request: RequestEntry,
    /// The request as it was received, with sensitive values masked.
    received: ReceivedRequest,
    /// The reply exactly as it was sent, except that the secrets of keys from credential sources are masked. It may
    /// contain secret values.
    reply: ExactReply,
}

/// A request as it was received. `***` replaces sensitive values, those of unknown parameters and headers,
/// signatures, paths other than `/` and those of credential sources, and a body that cannot be read.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ReceivedRequest {
    /// The HTTP method.
    method: String,
    /// The path.
    path: String,
    /// The text after `?`, still encoded.
    query: String,
    /// Names and values of the headers, in the order received.
    headers: Vec<(String, String)>,
    /// The body.
    body: String,
}

impl From<ShownRequest> for ReceivedRequest {
    fn from(request: ShownRequest) -> Self {
        let ShownRequest {
            method,
            path,
            query,
            headers,
            body,
        } = request;
        Self {
            method,
            path,
            query,
            headers,
            body,
        }
    }
}

impl ExactReply {
    pub(super) fn new(reply: WireReply, hints: Vec<Hint>) -> Self {
        Self {
            status: reply.status,
            headers: owned(reply.headers),
            body: String::from_utf8_lossy(&reply.body).into_owned(),
            cut: reply.delivery.cut.map(ReplyCut::from),
            hints,
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

/// A reply as it was sent.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ExactReply {
    /// The HTTP status.
    status: u16,
    /// Names and values of the headers, without those of every reply.
    headers: Vec<(String, String)>,
    /// The body.
    body: String,
    /// How a fault rule cut it off; absent if it was sent whole.
    cut: Option<ReplyCut>,
    /// The hints in its header `x-emulator-hint`, as codes with arguments.
    hints: Vec<Hint>,
}

/// How a reply was cut off.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ReplyCut {
    /// The connection was reset.
    Reset,
    /// The body was truncated after this number of bytes.
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
    const SUMMARY: &'static str =
        "Returns a request as it was received, with sensitive values masked, and its exact reply.";
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::RequestNotFound];
    type Parameters = RequestIdParameter;
    type Body = NoBody;
    type Reply = Json<RequestAndReply>;

    fn run(
        call: &Call,
        parameters: RequestIdParameter,
        _: NoBody,
    ) -> Result<Self::Reply, ControlError> {
        let entries = call.emulator.journal.entries();
        let mut exchanges = entries.iter().map(|entry| entry.read());
        let exchange = exchanges
            .rfind(|exchange| exchange.request_id == parameters.request_id)
            .ok_or_else(|| {
                ControlError::new(
                    ErrorCode::RequestNotFound,
                    "path",
                    "the journal does not contain a request with this id",
                )
            })?;
        Ok(Json(RequestAndReply {
            request: RequestEntry::of(&exchange),
            received: exchange.shown_request().into(),
            reply: ExactReply {
                status: exchange.status,
                headers: owned(exchange.headers),
                body: String::from_utf8_lossy(exchange.body).into_owned(),
                cut: exchange.cut.map(ReplyCut::from),
                hints: exchange.hints.into_owned(),
            },
        }))
    }
}
