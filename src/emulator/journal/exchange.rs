//! A request with its reply and what became of it, in one piece of memory.

use std::borrow::Cow;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::clouds::outcome::{Mismatch, Outcome, Verdict};
use crate::http::wire::{Cut, WireReply, WireRequest};
use crate::model::Cloud;

/// What the journal is told of a request beside the request and its reply.
#[derive(Debug)]
pub struct Facts<'a> {
    /// When it arrived, by the emulator's clock.
    pub time: DateTime<Utc>,
    /// The cloud it was for.
    pub cloud: Cloud,
    /// The id that the reply has.
    pub request_id: &'a str,
    /// What became of it.
    pub outcome: &'a Outcome,
    /// How long it took, without the latency of a fault.
    pub duration: Duration,
    /// The fault that it met with.
    pub fault: Option<u64>,
}

/// A request with what became of it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Exchange<'a> {
    /// Its number since the start, from 1.
    #[serde(skip)]
    pub number: u64,
    /// When it arrived, by the emulator's clock.
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub time: DateTime<Utc>,
    /// The cloud it was for.
    pub cloud: Cloud,
    /// The request as it arrived.
    pub request: Cow<'a, WireRequest>,
    /// The operation it asked for, whether or not there is such a one.
    pub action: Option<&'a str>,
    /// The id of the access key that it named.
    pub access_key_id: Option<&'a str>,
    /// What was made of its signature.
    pub verdict: Verdict,
    /// How the signature does not match.
    pub mismatch: Option<Cow<'a, Mismatch>>,
    /// The account it worked on, as far as it came.
    pub account: Option<&'a str>,
    /// The region it worked in, as far as it came.
    pub region: Option<&'a str>,
    /// The error code of the reply, or `OK`.
    pub code: &'a str,
    /// The id that the reply has.
    pub request_id: &'a str,
    /// The status of the reply.
    pub status: u16,
    /// The headers of the reply.
    pub headers: Vec<(&'a str, &'a str)>,
    /// The body of the reply.
    #[serde(with = "serde_bytes")]
    pub body: &'a [u8],
    /// Where the reply broke off.
    pub cut: Option<Cut>,
    /// How long it took, without the latency of a fault.
    pub duration: Duration,
    /// The fault that it met with.
    pub fault: Option<u64>,
}

impl<'a> Exchange<'a> {
    pub(super) fn new(wire: &'a WireRequest, reply: &'a WireReply, facts: &Facts<'a>) -> Self {
        let outcome = facts.outcome;
        let scope = outcome.scope.as_ref();
        let headers = reply.headers.iter();
        Self {
            number: 0,
            time: facts.time,
            cloud: facts.cloud,
            request: Cow::Borrowed(wire),
            action: outcome.action.or(outcome.unknown_action.as_deref()),
            access_key_id: outcome.access_key_id.as_deref(),
            verdict: outcome.verdict,
            mismatch: outcome.mismatch.as_deref().map(Cow::Borrowed),
            account: scope.map(|scope| &*scope.account),
            region: scope.map(|scope| &*scope.region),
            code: outcome.code,
            request_id: facts.request_id,
            status: reply.status,
            headers: headers.map(|(name, value)| (*name, &**value)).collect(),
            body: &reply.body,
            cut: reply.delivery.cut,
            duration: facts.duration,
            fault: facts.fault,
        }
    }

    /// The bytes of those parts that may be large.
    pub(super) fn large_bytes(&self) -> usize {
        let mismatch = self.mismatch.as_deref().map_or(0, |mismatch| {
            mismatch.server.len() + mismatch.client.as_ref().map_or(0, String::len)
        });
        self.request.query.len() + self.request.received().len() + self.body.len() + mismatch
    }
}

/// A request that is remembered.
#[derive(Debug)]
pub struct Entry {
    pub(super) number: u64,
    /// The exchange, one part behind the other.
    pub(super) bytes: Vec<u8>,
}

impl Entry {
    /// What is remembered of it.
    ///
    /// # Panics
    ///
    /// Never: it was written by this program.
    #[must_use]
    pub fn read(&self) -> Exchange<'_> {
        let exchange = postcard::from_bytes(&self.bytes).expect("what was written can be read");
        Exchange {
            number: self.number,
            ..exchange
        }
    }

    pub(super) fn size(&self) -> usize {
        self.bytes.capacity() + size_of::<Self>()
    }
}
