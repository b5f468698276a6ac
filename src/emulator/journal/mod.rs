//! The journal: the last requests with their replies.
//!
//! Recording costs one copy of the request and its reply. Parsing and masking happen when the journal is
//! read. The copy is one buffer, which reuses the memory of the entry that it replaces: copying is cheap,
//! but touching many places of memory that are no longer in the cache is not.

pub mod entry;
mod exchange;
pub mod feed;
pub mod filter;

use std::collections::{HashSet, VecDeque};
use std::mem::take;
use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

pub use exchange::{Entry, Exchange, Facts, Source};
use feed::Feeds;

use crate::http::wire::{WireReply, WireRequest};

/// The maximum size of all entries in bytes: one request of the maximum size, and many of the usual size.
const MAX_BYTES: usize = 12 * 1024 * 1024;

/// The bytes for each request of a journal that does not fit into [`MAX_BYTES`].
const BYTES_PER_REQUEST: usize = 4 * 1024;

/// The default number of requests. A larger journal does not fit into the cache of a core; the benchmark
/// measures the cost.
pub const DEFAULT_CAPACITY: usize = 250;

/// Memory for the other parts of an entry, such as headers and ids, in bytes. Longer parts make the buffer grow.
const USUAL_BYTES: usize = 2 * 1024;

/// The largest buffer that is reused, in bytes.
const MAX_REUSED_BYTES: usize = 64 * 1024;

/// The maximum number of bytes that are kept of a query and of a request body. Valid requests are much
/// shorter.
const MAX_PART_BYTES: usize = 128 * 1024;

/// The beginning of a request that is too long to be kept whole. Its body counts as received in part.
fn cut(wire: &WireRequest) -> Option<WireRequest> {
    let body = wire.received();
    if body.len() <= MAX_PART_BYTES && wire.query.len() <= MAX_PART_BYTES {
        return None;
    }
    let query_end = wire.query.floor_char_boundary(MAX_PART_BYTES);
    Some(WireRequest {
        query: wire.query.slice_ref(&wire.query[..query_end]),
        body: if body.len() <= MAX_PART_BYTES {
            wire.body.clone()
        } else {
            Err(body.slice(..MAX_PART_BYTES))
        },
        ..wire.clone()
    })
}

/// The last requests, in bounded memory. Those of clients and those of [`Source::Call`] are kept separately,
/// so that opening the page does not discard the requests of a test.
///
/// There is a share for each core, and each thread writes to one share: waiting for a common lock and
/// sharing cache lines between cores would take longer than the copy. A share per thread would not do,
/// because threads that write to the disk come and go.
#[derive(Debug)]
pub struct Journal {
    capacity: usize,
    /// The maximum size of all entries in bytes.
    max_bytes: usize,
    shares: Vec<Share>,
    /// The number of requests recorded.
    recorded: AtomicU64,
    /// The size of the entries in bytes.
    bytes: AtomicUsize,
    /// Whether a thread waits for a request.
    is_awaited: AtomicBool,
    /// Held by a waiting thread until it sleeps, so that it cannot miss a notification.
    falling_asleep: Mutex<()>,
    arrived: Condvar,
    /// The clients that follow the journal.
    feeds: Feeds,
}

/// The entries of some threads, on separate cache lines.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Share(Mutex<Entries>);

/// The entries of each source, the oldest first.
#[derive(Debug, Default)]
struct Entries {
    of_clients: VecDeque<Arc<Entry>>,
    of_calls: VecDeque<Arc<Entry>>,
}

impl Entries {
    fn of(&mut self, source: Source) -> &mut VecDeque<Arc<Entry>> {
        match source {
            Source::Client => &mut self.of_clients,
            Source::Call => &mut self.of_calls,
        }
    }
}

impl Share {
    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

thread_local! {
    /// The number of this thread among those that have recorded a request.
    static THREAD: usize = {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        NEXT.fetch_add(1, Ordering::Relaxed)
    };
}

impl Default for Journal {
    fn default() -> Self {
        Self::new(DEFAULT_CAPACITY)
    }
}

impl Journal {
    /// A journal of at most `capacity` requests of each source; 0 switches it off.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        let shares = thread::available_parallelism().map_or(1, NonZero::get);
        Self {
            capacity,
            max_bytes: MAX_BYTES.max(capacity.saturating_mul(BYTES_PER_REQUEST)),
            shares: (0..shares).map(|_| Share::default()).collect(),
            recorded: AtomicU64::new(0),
            bytes: AtomicUsize::new(0),
            is_awaited: AtomicBool::new(false),
            falling_asleep: Mutex::new(()),
            arrived: Condvar::new(),
            feeds: Feeds::default(),
        }
    }

    /// The maximum number of requests of each source.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Whether it records requests.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.capacity > 0
    }

    /// Records a request, and discards the oldest if there are too many.
    pub fn record(&self, wire: &WireRequest, reply: &WireReply, facts: &Facts) {
        if !self.is_on() {
            return;
        }
        let cut = cut(wire);
        let exchange = Exchange::new(cut.as_ref().unwrap_or(wire), reply, facts);
        let mut share = self.shares[THREAD.with(|thread| thread % self.shares.len())].lock();
        let entries = share.of(facts.source);
        // A share has room for all entries, because one thread may handle all requests.
        let mut oldest = if entries.len() < self.capacity {
            None
        } else {
            entries.pop_front()
        };
        let forgotten = oldest.as_ref().map_or(0, |entry| entry.size());
        // A buffer is not reused if a reader still has it, or if it is large.
        let memory = oldest
            .as_mut()
            .and_then(Arc::get_mut)
            .filter(|entry| entry.size() <= MAX_REUSED_BYTES);
        let mut memory = memory.map_or_else(Vec::new, |entry| take(&mut entry.bytes));
        memory.clear();
        // Reserved at once, because a growing vector takes up to twice the memory of its content.
        memory.reserve(exchange.large_bytes() + USUAL_BYTES);
        let mut bytes = match postcard::to_extend(&exchange, memory) {
            Ok(bytes) => bytes,
            Err(error) => {
                tracing::error!(%error, "a request could not be recorded in the journal");
                self.bytes.fetch_sub(forgotten, Ordering::Relaxed);
                return;
            }
        };
        if bytes.capacity() > MAX_REUSED_BYTES {
            bytes.shrink_to_fit();
        }
        // Numbered under the lock, so that a reader that locks all shares sees all numbered requests.
        let number = self.recorded.fetch_add(1, Ordering::SeqCst) + 1;
        let entry = Entry { number, bytes };
        let added = entry.size();
        entries.push_back(Arc::new(entry));
        drop(share);
        // A negative difference wraps, and the sum wraps back.
        let difference = added.wrapping_sub(forgotten);
        let bytes = self.bytes.fetch_add(difference, Ordering::Relaxed);
        if bytes.wrapping_add(difference) > self.max_bytes {
            self.forget_for_space();
        }
        if self.is_awaited.load(Ordering::SeqCst) {
            self.is_awaited.store(false, Ordering::SeqCst);
            self.wake();
        }
    }

    /// Discards the oldest entries until the rest fits into the limit, those of calls first.
    fn forget_for_space(&self) {
        let mut shares = self.lock();
        for source in [Source::Call, Source::Client] {
            while self.bytes.load(Ordering::Relaxed) > self.max_bytes {
                let oldest = shares
                    .iter_mut()
                    .map(|share| share.of(source))
                    .filter(|entries| !entries.is_empty())
                    .min_by_key(|entries| entries.front().map(|entry| entry.number));
                let Some(oldest) = oldest.and_then(VecDeque::pop_front) else {
                    break;
                };
                self.bytes.fetch_sub(oldest.size(), Ordering::Relaxed);
            }
        }
    }

    /// The number of the last request.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.recorded.load(Ordering::SeqCst)
    }

    /// Blocks until a request is recorded, [`wake`](Self::wake) is called, or the time `timeout` has passed.
    /// Returns at once if `is_over` returns true, which is called after the thread is marked as waiting.
    pub fn wait(&self, timeout: Duration, is_over: impl Fn() -> bool) {
        let awake = self
            .falling_asleep
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        // This order is the reverse of the one in `record`, so that no notification is lost.
        self.is_awaited.store(true, Ordering::SeqCst);
        if !is_over() {
            // The caller checks again, whatever woke the thread.
            let _ = self.arrived.wait_timeout(awake, timeout);
        }
    }

    /// Wakes all threads in [`wait`](Self::wait).
    pub fn wake(&self) {
        drop(
            self.falling_asleep
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        );
        self.arrived.notify_all();
    }

    /// The entries with a number greater than `after`, the oldest first.
    #[must_use]
    pub fn since(&self, after: u64) -> Vec<Arc<Entry>> {
        let mut shares = self.lock();
        let mut all = Vec::new();
        for source in [Source::Client, Source::Call] {
            let mut entries = Vec::new();
            for share in &mut shares {
                let of_share = share.of(source);
                let first = of_share.partition_point(|entry| entry.number <= after);
                entries.extend(of_share.range(first..).cloned());
            }
            entries.sort_unstable_by_key(|entry| entry.number);
            all.extend(entries.split_off(entries.len().saturating_sub(self.capacity)));
        }
        drop(shares);
        all.sort_unstable_by_key(|entry| entry.number);
        all
    }

    /// All entries, the oldest first.
    #[must_use]
    pub fn entries(&self) -> Vec<Arc<Entry>> {
        self.since(0)
    }

    /// Deletes the entries that `which` selects, and returns their number.
    pub fn forget(&self, which: impl Fn(&Exchange) -> bool) -> usize {
        let entries = self.entries();
        let mut forgotten = HashSet::new();
        let mut oldest = [(Source::Client, None), (Source::Call, None)];
        for entry in &entries {
            let exchange = entry.read();
            if which(&exchange) {
                forgotten.insert(entry.number);
            }
            for (source, oldest) in &mut oldest {
                if *source == exchange.source {
                    oldest.get_or_insert(entry.number);
                }
            }
        }
        for mut share in self.lock() {
            for (source, oldest) in oldest {
                // Shares may have older entries, which are not listed.
                let oldest = oldest.unwrap_or_default();
                share.of(source).retain(|entry| {
                    let is_kept = entry.number >= oldest && !forgotten.contains(&entry.number);
                    if !is_kept {
                        self.bytes.fetch_sub(entry.size(), Ordering::Relaxed);
                    }
                    is_kept
                });
            }
        }
        forgotten.len()
    }

    /// Locks all shares, always in the same order.
    fn lock(&self) -> Vec<MutexGuard<'_, Entries>> {
        self.shares.iter().map(Share::lock).collect()
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use chrono::DateTime;

    use super::*;
    use crate::clouds::diagnosis::{Mismatch, Mistake};
    use crate::clouds::outcome::{Outcome, Verdict};
    use crate::http::wire::Cut;
    use crate::model::Cloud;
    use crate::model::Scope;

    fn record(journal: &Journal, body: &[u8]) {
        record_from(Source::Client, journal, body);
    }

    fn record_from(source: Source, journal: &Journal, body: &[u8]) {
        let wire = WireRequest::new("POST", "/", "", [], Ok(Bytes::copy_from_slice(body)));
        let facts = Facts {
            time: DateTime::UNIX_EPOCH,
            tenant_time: None,
            cloud: Cloud::Alibaba,
            source,
            request_id: "",
            outcome: &Outcome::new(),
            hints: &[],
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
    fn last_requests_are_kept() {
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
    fn calls_do_not_discard_the_requests_of_clients() {
        let journal = Journal::new(2);
        record(&journal, b"");
        for _ in 0..3 {
            record_from(Source::Call, &journal, b"");
        }
        record(&journal, b"");
        assert_eq!(numbers(&journal), [1, 3, 4, 5]);
        assert_eq!(journal.forget(|entry| entry.source == Source::Call), 2);
        assert_eq!(numbers(&journal), [1, 5]);
        for _ in 0..2 * FIT {
            record_from(Source::Call, &journal, &vec![0; LARGE]);
        }
        assert_eq!(numbers(&journal)[..2], [1, 5]);
    }

    /// The number of requests that fill the journal.
    const LARGE: usize = 125 * 1024;
    const FIT: u64 = (MAX_BYTES / LARGE) as u64;

    #[test]
    fn size_of_large_requests_is_bounded() {
        let journal = Journal::new(1000);
        for _ in 0..2 * FIT {
            record(&journal, &vec![0; LARGE]);
        }
        let remembered = numbers(&journal);
        assert!((FIT - 2..=FIT).contains(&(remembered.len() as u64)));
        assert_eq!(remembered.last(), Some(&(2 * FIT)));
        journal.forget(|_| true);
        record(&journal, b"");
        assert_eq!(numbers(&journal), [2 * FIT + 1]);
    }

    #[test]
    fn large_journal_keeps_as_many_usual_requests_as_it_was_started_with() {
        let journal = Journal::new(10_000);
        for _ in 0..10_001 {
            record(&journal, &[0; 500]);
        }
        let remembered = numbers(&journal);
        assert_eq!(remembered.len(), 10_000);
        assert_eq!(remembered.last(), Some(&10_001));
    }

    #[test]
    fn size_of_large_requests_of_several_threads_is_bounded() {
        let journal = Journal::new(1000);
        thread::scope(|threads| {
            for _ in 0..4 {
                threads.spawn(|| (0..FIT).for_each(|_| record(&journal, &vec![0; LARGE])));
            }
        });
        let remembered = numbers(&journal);
        assert!((FIT - 2..=FIT).contains(&(remembered.len() as u64)));
        assert_eq!(remembered.last(), Some(&(4 * FIT)));
    }

    #[test]
    fn only_the_beginning_of_a_very_large_request_is_kept() {
        let journal = Journal::new(1);
        record(&journal, &vec![b'a'; 2 * MAX_PART_BYTES]);
        let entries = journal.entries();
        let body = entries[0].read().request.body.clone();
        assert_eq!(body, Err(vec![b'a'; MAX_PART_BYTES].into()));
    }

    #[test]
    fn entry_is_read_as_it_was_recorded() {
        let mismatch = Mismatch {
            mistake: Mistake::WrongSecret,
            diagnosis: "the secret is another one".to_owned(),
            server: "GET&%2F&".to_owned(),
            client: None,
            signed_host: Some("localhost".to_owned()),
            first_difference: Some(4),
        };
        let outcome = Outcome {
            code: "SignatureDoesNotMatch",
            unknown_action: Some("ListSecretz".to_owned()),
            access_key_id: Some("test".to_owned()),
            verdict: Verdict::Refused,
            scope: Some(Scope {
                cloud: Cloud::Tencent,
                account: "1".to_owned(),
                region: "ap-guangzhou".to_owned(),
            }),
            mismatch: Some(Box::new(mismatch.clone())),
            ..Outcome::new()
        };
        let wire = WireRequest::new(
            "POST",
            "/",
            "Action=ListSecretz&名=密",
            [("host", "localhost"), ("x-empty", "")],
            Err(Bytes::from_static(b"\xff\0{")),
        );
        let reply = WireReply {
            status: 400,
            headers: vec![("x-acs-request-id", "1".to_owned().into())],
            body: Bytes::from_static(b"{\"Code\""),
            ..WireReply::default()
        };
        // The clock can be set to the past.
        let time = DateTime::from_timestamp_micros(-1).unwrap();
        let facts = Facts {
            time,
            tenant_time: Some(time),
            cloud: Cloud::Tencent,
            source: Source::Call,
            request_id: "1",
            outcome: &outcome,
            hints: &[],
            duration: Duration::from_nanos(1_000_000_001),
            fault: Some(3),
        };
        for cut in [None, Some(Cut::Reset), Some(Cut::Body(7))] {
            let journal = Journal::new(1);
            let mut reply = reply.clone();
            reply.delivery.cut = cut;
            journal.record(&wire, &reply, &facts);
            let entries = journal.entries();
            let exchange = entries[0].read();
            let request = &*exchange.request;
            assert_eq!((&*request.method, &*request.path), ("POST", "/"));
            assert_eq!(request.query, wire.query);
            assert_eq!(request.headers, wire.headers);
            assert_eq!(request.body, wire.body);
            assert_eq!((exchange.time, exchange.cloud), (time, Cloud::Tencent));
            assert_eq!(exchange.tenant_time, Some(time));
            assert_eq!(exchange.source, Source::Call);
            assert_eq!(exchange.action, Some("ListSecretz"));
            assert_eq!(exchange.access_key_id, Some("test"));
            assert_eq!(exchange.verdict, Verdict::Refused);
            assert_eq!(exchange.mismatch.as_deref(), Some(&mismatch));
            assert_eq!(exchange.account, Some("1"));
            assert_eq!(exchange.region, Some("ap-guangzhou"));
            assert_eq!(exchange.code, "SignatureDoesNotMatch");
            assert_eq!(exchange.request_id, "1");
            assert_eq!(exchange.status, 400);
            assert_eq!(exchange.headers, [("x-acs-request-id", "1")]);
            assert_eq!(exchange.body, b"{\"Code\"");
            assert_eq!(exchange.cut, cut);
            assert_eq!(exchange.duration, facts.duration);
            assert_eq!(exchange.fault, Some(3));
        }
    }

    #[test]
    fn requests_of_several_threads_are_in_one_journal() {
        let journal = Journal::new(10);
        thread::scope(|threads| {
            for _ in 0..4 {
                threads.spawn(|| (0..25).for_each(|_| record(&journal, b"")));
            }
        });
        assert_eq!(numbers(&journal), (91..=100).collect::<Vec<_>>());
        assert_eq!(journal.forget(|exchange| exchange.number % 2 == 0), 5);
        assert_eq!(numbers(&journal), [91, 93, 95, 97, 99]);
    }

    #[test]
    fn reused_buffer_has_nothing_of_the_discarded_entry() {
        let journal = Journal::new(1);
        record(&journal, b"long and secret");
        let kept = journal.entries();
        for body in [&b"short"[..], b""] {
            record(&journal, body);
            let entries = journal.entries();
            assert_eq!(entries[0].read().request.body.as_deref(), Ok(body));
        }
        assert_eq!(
            kept[0].read().request.body.as_deref(),
            Ok(&b"long and secret"[..])
        );
    }
}
