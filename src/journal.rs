//! Remembers the last requests with their replies.
//!
//! What a request costs here is one copy of it and of its reply; it is only taken apart, and its secret
//! values masked, when somebody reads the journal. The copy stands in one piece, in the memory of the
//! request that is forgotten for it: what costs time is not to copy, but to touch memory that was not
//! touched for a thousand requests, here and there.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt;
use std::mem::take;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use crate::context::{Mismatch, Outcome, Verdict};
use crate::model::Cloud;
use crate::wire::{Cut, WireReply, WireRequest};

/// The most that all entries together may take, in bytes.
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// How many requests are remembered unless set otherwise: as many as cost nothing. A list of ten secrets
/// takes 2.5 kB, and a thousand of them push what every request needs out of a core's cache.
pub const DEFAULT_CAPACITY: usize = 250;

/// Memory beyond this is not kept for the next request, in bytes.
const MOST_KEPT: usize = 64 * 1024;

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
    pub number: u64,
    /// When it arrived, by the emulator's clock.
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub time: DateTime<Utc>,
    /// The cloud it was for.
    pub cloud: Cloud,
    /// The request as it arrived.
    #[serde(borrow)]
    pub request: Cow<'a, WireRequest<'a>>,
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
    fn new(wire: &'a WireRequest<'a>, reply: &'a WireReply, facts: &Facts<'a>) -> Self {
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
}

/// A request that is remembered.
#[derive(Debug)]
pub struct Entry {
    number: u64,
    /// The exchange, one part behind the other.
    bytes: Vec<u8>,
}

impl Entry {
    /// What is remembered of it.
    ///
    /// # Panics
    ///
    /// Never: it was written by this program.
    #[must_use]
    pub fn read(&self) -> Exchange<'_> {
        postcard::from_bytes(&self.bytes).expect("what was written can be read")
    }

    fn size(&self) -> usize {
        self.bytes.capacity() + size_of::<Self>()
    }
}

/// The last requests, in bounded memory.
#[derive(Debug)]
pub struct Journal {
    capacity: usize,
    inner: Mutex<Inner>,
    /// Wakes those who listen.
    recorded: Notify,
}

#[derive(Debug, Default)]
struct Inner {
    /// The oldest first.
    entries: VecDeque<Arc<Entry>>,
    bytes: usize,
    recorded: u64,
    /// How many wait for a request.
    listeners: usize,
}

impl Inner {
    fn forget_oldest(&mut self) -> Option<Arc<Entry>> {
        let oldest = self.entries.pop_front()?;
        self.bytes -= oldest.size();
        Some(oldest)
    }
}

impl Default for Journal {
    fn default() -> Self {
        Self::new(DEFAULT_CAPACITY)
    }
}

impl Journal {
    /// A journal of so many requests; of none when `capacity` is 0.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity,
            inner: Mutex::default(),
            recorded: Notify::new(),
        }
    }

    /// How many requests it remembers at the most.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Whether it remembers anything.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.capacity > 0
    }

    /// Remembers a request, and forgets the oldest where there are too many.
    pub fn record(&self, wire: &WireRequest, reply: &WireReply, facts: &Facts) {
        if !self.is_on() {
            return;
        }
        let mut exchange = Exchange::new(wire, reply, facts);
        let mut inner = self.lock();
        inner.recorded += 1;
        let number = inner.recorded;
        exchange.number = number;
        let mut oldest = if inner.entries.len() < self.capacity {
            None
        } else {
            inner.forget_oldest()
        };
        // Somebody may be reading it, and what was large is given back.
        let memory = oldest
            .as_mut()
            .and_then(Arc::get_mut)
            .filter(|entry| entry.size() <= MOST_KEPT);
        let mut memory = memory.map_or_else(Vec::new, |entry| take(&mut entry.bytes));
        memory.clear();
        let mut bytes = match postcard::to_extend(&exchange, memory) {
            Ok(bytes) => bytes,
            Err(error) => {
                tracing::error!(%error, "a request could not be remembered");
                return;
            }
        };
        if bytes.capacity() > MOST_KEPT {
            bytes.shrink_to_fit();
        }
        let entry = Entry { number, bytes };
        inner.bytes += entry.size();
        inner.entries.push_back(Arc::new(entry));
        while inner.bytes > MOST_BYTES && inner.forget_oldest().is_some() {}
        if inner.listeners > 0 {
            inner.listeners = 0;
            drop(inner);
            self.recorded.notify_waiters();
        }
    }

    /// The number of the last request.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.lock().recorded
    }

    /// Waits for a request behind this number that is remembered.
    pub async fn wait(&self, after: u64) {
        loop {
            let recorded = self.recorded.notified();
            {
                let mut inner = self.lock();
                if inner.recorded > after {
                    return;
                }
                inner.listeners += 1;
            }
            recorded.await;
        }
    }

    /// The requests behind this number, the oldest first.
    #[must_use]
    pub fn since(&self, after: u64) -> Vec<Arc<Entry>> {
        let inner = self.lock();
        let first = inner.entries.partition_point(|entry| entry.number <= after);
        inner.entries.range(first..).map(Arc::clone).collect()
    }

    /// All that is remembered, the oldest first.
    #[must_use]
    pub fn entries(&self) -> Vec<Arc<Entry>> {
        self.since(0)
    }

    /// Forgets the requests that `which` holds for, and says how many there were.
    pub fn forget(&self, which: impl Fn(&Exchange) -> bool) -> usize {
        let mut inner = self.lock();
        let before = inner.entries.len();
        inner.entries.retain(|entry| !which(&entry.read()));
        inner.bytes = inner.entries.iter().map(|entry| entry.size()).sum();
        before - inner.entries.len()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells a request, or passes it over.
type Print = dyn Fn(&Exchange) -> Option<String> + Send + Sync;

/// Requests as they come, for somebody who listens.
#[derive(Clone)]
pub struct Feed {
    /// The number of the last request that was told, or passed over.
    pub after: u64,
    print: Arc<Print>,
}

impl Feed {
    /// The requests behind a number, as `print` tells them; absent for one that it passes over.
    pub fn new(
        after: u64,
        print: impl Fn(&Exchange) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        Self {
            after,
            print: Arc::new(print),
        }
    }

    /// What there is to tell now; nothing when none of it is meant.
    pub fn read(&mut self, journal: &Journal) -> Bytes {
        let mut text = String::new();
        let last = journal.last();
        for entry in journal.since(self.after) {
            self.after = entry.number;
            text.extend((self.print)(&entry.read()));
        }
        // What was forgotten meanwhile is passed over, or it would be waited for without end.
        self.after = self.after.max(last);
        text.into()
    }
}

impl fmt::Debug for Feed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Feed")
            .field("after", &self.after)
            .finish_non_exhaustive()
    }
}

impl PartialEq for Feed {
    fn eq(&self, other: &Self) -> bool {
        self.after == other.after && Arc::ptr_eq(&self.print, &other.print)
    }
}

impl Eq for Feed {}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(journal: &Journal, body: &[u8]) {
        let wire = WireRequest {
            method: "POST",
            path: "/",
            query: "",
            headers: Vec::new(),
            body: Ok(body),
        };
        let facts = Facts {
            time: DateTime::UNIX_EPOCH,
            cloud: Cloud::Alibaba,
            request_id: "",
            outcome: &Outcome::new(),
            duration: Duration::ZERO,
            fault: None,
        };
        journal.record(&wire, &WireReply::default(), &facts);
    }

    fn numbers(journal: &Journal) -> Vec<u64> {
        let entries = journal.entries();
        entries.iter().map(|entry| entry.number).collect()
    }

    #[test]
    fn the_last_requests_are_remembered() {
        let journal = Journal::new(2);
        for _ in 0..3 {
            record(&journal, b"");
        }
        assert_eq!(numbers(&journal), [2, 3]);
        assert_eq!(journal.forget(|entry| entry.number == 2), 1);
        assert_eq!(numbers(&journal), [3]);
        let none = Journal::new(0);
        record(&none, b"");
        assert_eq!(numbers(&none), [0; 0]);
    }

    #[test]
    fn large_requests_do_not_pile_up() {
        let journal = Journal::new(1000);
        let large = vec![0; 10 * 1024 * 1024];
        for _ in 0..9 {
            record(&journal, &large);
        }
        assert_eq!(numbers(&journal), [7, 8, 9]);
        journal.forget(|_| true);
        record(&journal, b"");
        assert_eq!(numbers(&journal), [10]);
    }

    #[test]
    fn a_feed_passes_over_what_was_forgotten() {
        let journal = Journal::new(2);
        record(&journal, b"");
        record(&journal, b"");
        journal.forget(|_| true);
        let mut feed = Feed::new(0, |entry| Some(entry.number.to_string()));
        assert_eq!(feed.read(&journal), "");
        assert_eq!(feed.after, 2);
        record(&journal, b"");
        assert_eq!(feed.read(&journal), "3");
    }

    #[test]
    fn what_is_forgotten_leaves_nothing_in_what_takes_its_place() {
        let journal = Journal::new(1);
        record(&journal, b"long and secret");
        let kept = journal.entries();
        for body in [&b"short"[..], b""] {
            record(&journal, body);
            let entries = journal.entries();
            assert_eq!(entries[0].read().request.body, Ok(body));
        }
        assert_eq!(kept[0].read().request.body, Ok(&b"long and secret"[..]));
    }
}
