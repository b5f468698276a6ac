//! A request with its reply and outcome, serialized into one buffer.

use std::borrow::Cow;
use std::time::Duration;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clouds;
use crate::clouds::auth::policy::Decision;
use crate::clouds::diagnosis::Mismatch;
use crate::clouds::hint::Hint;
use crate::clouds::outcome::{Outcome, Verdict};
use crate::clouds::shown_reply;
use crate::clouds::shown_request::ShownRequest;
use crate::http::wire::{Cut, WireReply, WireRequest};
use crate::model::Cloud;

/// The source of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A client of the clouds' APIs.
    Client,
    /// A call that a request of the control API made, for the page for example.
    Call,
}

/// The data of a journal entry besides the request and its reply.
#[derive(Debug)]
pub struct EntryDetails<'a> {
    /// When it arrived, by the server's clock.
    pub time: DateTime<Utc>,
    /// When it arrived, by the tenant's own clock, if it has one.
    pub tenant_time: Option<DateTime<Utc>>,
    /// The cloud.
    pub cloud: Cloud,
    /// The source of the request.
    pub source: Source,
    /// The request id, as in the reply.
    pub request_id: &'a str,
    /// The outcome.
    pub outcome: &'a Outcome,
    /// The hints in the reply.
    pub hints: &'a [Hint],
    /// The duration, without the latency of a fault rule.
    pub duration: Duration,
    /// The number of the fault rule that applied.
    pub fault: Option<u64>,
}

/// A request with its reply and outcome.
#[derive(Debug, Serialize, Deserialize)]
pub struct Exchange<'a> {
    /// The number of the request since the server started, from 1.
    #[serde(skip)]
    pub number: u64,
    /// When it arrived, by the server's clock.
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub time: DateTime<Utc>,
    /// When it arrived, by the tenant's own clock, if it has one.
    #[serde(with = "chrono::serde::ts_microseconds_option")]
    pub tenant_time: Option<DateTime<Utc>>,
    /// The source of the request.
    pub source: Source,
    /// The cloud.
    pub cloud: Cloud,
    /// The request as it arrived.
    pub request: Cow<'a, WireRequest>,
    /// The requested operation, even if it does not exist.
    pub action: Option<&'a str>,
    /// The id of the access key.
    pub access_key_id: Option<&'a str>,
    /// The result of checking the signature.
    pub verdict: Verdict,
    /// The explanation of a signature that does not match.
    pub mismatch: Option<Cow<'a, Mismatch>>,
    /// The hints in the reply.
    #[serde(with = "as_json")]
    pub hints: Cow<'a, [Hint]>,
    /// The decision of the policies that apply to the caller.
    pub permission: Option<Cow<'a, Decision>>,
    /// The account; absent if the request was rejected earlier.
    pub account: Option<&'a str>,
    /// The region; absent if the request was rejected earlier.
    pub region: Option<&'a str>,
    /// The error code of the reply, or `OK`.
    pub code: &'a str,
    /// The request id, as in the reply.
    pub request_id: &'a str,
    /// The status of the reply.
    pub status: u16,
    /// The headers of the reply.
    pub headers: Vec<(&'a str, &'a str)>,
    /// The body of the reply; of a new temporary key, with its secrets masked.
    #[serde(with = "serde_bytes")]
    pub body: &'a [u8],
    /// How a fault rule cut the reply off.
    pub cut: Option<Cut>,
    /// The duration, without the latency of a fault rule.
    pub duration: Duration,
    /// The number of the fault rule that applied.
    pub fault: Option<u64>,
}

impl<'a> Exchange<'a> {
    pub(super) fn new(
        wire: &'a WireRequest,
        reply: &'a WireReply,
        details: &EntryDetails<'a>,
    ) -> Self {
        let outcome = details.outcome;
        let scope = outcome.scope.as_ref();
        let headers = reply.headers.iter();
        Self {
            number: 0,
            time: details.time,
            tenant_time: details.tenant_time,
            source: details.source,
            cloud: details.cloud,
            request: Cow::Borrowed(wire),
            action: outcome.action.or(outcome.unknown_action.as_deref()),
            access_key_id: outcome.access_key_id.as_deref(),
            verdict: outcome.verdict,
            mismatch: outcome.mismatch.as_deref().map(Cow::Borrowed),
            hints: Cow::Borrowed(details.hints),
            permission: outcome.permission.as_deref().map(Cow::Borrowed),
            account: scope.map(|scope| &*scope.account),
            region: scope.map(|scope| &*scope.region),
            code: outcome.code,
            request_id: details.request_id,
            status: reply.status,
            headers: headers.map(|(name, value)| (*name, &**value)).collect(),
            body: outcome.shown_body.as_ref().unwrap_or(&reply.body),
            cut: reply.delivery.cut,
            duration: details.duration,
            fault: details.fault,
        }
    }

    /// The request as it was received, with sensitive values masked.
    #[must_use]
    pub fn shown_request(&self) -> ShownRequest {
        let cloud = clouds::with_default_settings().get(self.cloud);
        cloud.shown_request(&self.request)
    }

    /// The body of the reply, with sensitive values masked.
    pub(super) fn shown_reply_body(&self) -> Cow<'_, str> {
        let mut headers = self.headers.iter();
        let content_type = headers.find(|(name, _)| *name == "content-type");
        let content_type = content_type.map_or("", |(_, value)| value);
        shown_reply::masked(self.body, content_type)
    }

    /// The number of bytes of the parts that may be large.
    pub(super) fn large_bytes(&self) -> usize {
        let mismatch = self.mismatch.as_deref().map_or(0, |mismatch| {
            mismatch.server.len() + mismatch.client.as_ref().map_or(0, String::len)
        });
        self.request.query.len() + self.request.received().len() + self.body.len() + mismatch
    }
}

/// Serializes hints as JSON text, because postcard cannot decode a tagged enum. The text is empty
/// without hints.
mod as_json {
    use std::borrow::Cow;

    use serde::{Deserialize, Deserializer, Serializer, de, ser};

    use crate::clouds::hint::Hint;

    pub(super) fn serialize<S: Serializer>(
        hints: &[Hint],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        if hints.is_empty() {
            return serializer.serialize_str("");
        }
        let text = serde_json::to_string(hints).map_err(ser::Error::custom)?;
        serializer.serialize_str(&text)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Cow<'static, [Hint]>, D::Error> {
        let text = <&str>::deserialize(deserializer)?;
        if text.is_empty() {
            return Ok(Cow::Borrowed(&[]));
        }
        let hints: Vec<Hint> = serde_json::from_str(text).map_err(de::Error::custom)?;
        Ok(hints.into())
    }
}

/// A journal entry.
#[derive(Debug)]
pub struct Entry {
    pub(super) number: u64,
    /// The serialized exchange.
    pub(super) bytes: Vec<u8>,
}

impl Entry {
    /// The exchange.
    ///
    /// # Panics
    ///
    /// Never, because this program wrote the bytes.
    #[must_use]
    pub fn read(&self) -> Exchange<'_> {
        let exchange =
            postcard::from_bytes(&self.bytes).expect("the bytes were serialized by this program");
        Exchange {
            number: self.number,
            ..exchange
        }
    }

    pub(super) fn size(&self) -> usize {
        self.bytes.capacity() + size_of::<Self>()
    }
}
