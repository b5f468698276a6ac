//! Remembers the last requests with their replies.
//!
//! What a request costs here is one copy of it and a share in its reply; it is only taken apart, and
//! its secret values masked, when somebody reads the journal.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::context::Outcome;
use crate::model::Cloud;
use crate::wire::{OwnedRequest, WireReply};

/// The most that all entries together may take, in bytes.
const MOST_BYTES: usize = 32 * 1024 * 1024;

/// How many requests are remembered unless set otherwise.
pub const DEFAULT_CAPACITY: usize = 1000;

/// A request with what became of it.
#[derive(Debug)]
pub struct Entry {
    /// Its number since the start, from 1.
    pub number: u64,
    /// When it arrived, by the emulator's clock.
    pub time: DateTime<Utc>,
    /// The cloud it was for.
    pub cloud: Cloud,
    /// The request as it arrived.
    pub request: OwnedRequest,
    /// The id that the reply has.
    pub request_id: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The reply.
    pub reply: WireReply,
    /// How long it took, without the latency of a fault.
    pub duration: Duration,
    /// The fault that it met with.
    pub fault: Option<u64>,
}

impl Entry {
    fn size(&self) -> usize {
        let mismatch = self.outcome.mismatch.as_ref();
        let shown = mismatch.map_or(0, |mismatch| {
            mismatch.server.len() + mismatch.client.as_ref().map_or(0, String::len)
        });
        self.request.size() + self.reply.body.len() + shown + size_of::<Self>()
    }
}

/// The last requests, in bounded memory.
#[derive(Debug)]
pub struct Journal {
    capacity: usize,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// The oldest first.
    entries: VecDeque<Arc<Entry>>,
    bytes: usize,
    recorded: u64,
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
        }
    }

    /// Whether it remembers anything.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.capacity > 0
    }

    /// Remembers a request, and forgets the oldest where there are too many.
    pub fn record(&self, mut entry: Entry) {
        if !self.is_on() {
            return;
        }
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.recorded += 1;
        entry.number = inner.recorded;
        inner.bytes += entry.size();
        inner.entries.push_back(Arc::new(entry));
        while inner.entries.len() > self.capacity || inner.bytes > MOST_BYTES {
            let Some(oldest) = inner.entries.pop_front() else {
                break;
            };
            inner.bytes -= oldest.size();
        }
    }

    /// All that is remembered, the oldest first.
    #[must_use]
    pub fn entries(&self) -> Vec<Arc<Entry>> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.entries.iter().map(Arc::clone).collect()
    }

    /// Forgets the entries that `which` holds for, and says how many there were.
    pub fn forget(&self, which: impl Fn(&Entry) -> bool) -> usize {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let before = inner.entries.len();
        inner.entries.retain(|entry| !which(entry));
        inner.bytes = inner.entries.iter().map(|entry| entry.size()).sum();
        before - inner.entries.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::WireRequest;

    fn entry(body: &[u8]) -> Entry {
        let wire = WireRequest {
            method: "POST",
            path: "/",
            query: "",
            headers: Vec::new(),
            body: Ok(body),
        };
        Entry {
            number: 0,
            time: DateTime::UNIX_EPOCH,
            cloud: Cloud::Alibaba,
            request: OwnedRequest::from(&wire),
            request_id: String::new(),
            outcome: Outcome::new(),
            reply: WireReply::default(),
            duration: Duration::ZERO,
            fault: None,
        }
    }

    fn numbers(journal: &Journal) -> Vec<u64> {
        let entries = journal.entries();
        entries.iter().map(|entry| entry.number).collect()
    }

    #[test]
    fn the_last_requests_are_remembered() {
        let journal = Journal::new(2);
        for _ in 0..3 {
            journal.record(entry(b""));
        }
        assert_eq!(numbers(&journal), [2, 3]);
        assert_eq!(journal.forget(|entry| entry.number == 2), 1);
        assert_eq!(numbers(&journal), [3]);
        let none = Journal::new(0);
        none.record(entry(b""));
        assert_eq!(numbers(&none), [0; 0]);
    }

    #[test]
    fn large_requests_do_not_pile_up() {
        let journal = Journal::new(1000);
        let large = vec![0; 10 * 1024 * 1024];
        for _ in 0..9 {
            journal.record(entry(&large));
        }
        assert_eq!(numbers(&journal), [7, 8, 9]);
        journal.forget(|_| true);
        journal.record(entry(b""));
        assert_eq!(numbers(&journal), [10]);
    }
}
