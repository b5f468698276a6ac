//! The journal: the last requests with their replies.
//!
//! Recording costs one copy of the request and its reply. Parsing and masking happen when the journal is
//! read. The copy is one buffer, which reuses the memory of the entry that it replaces: copying is cheap,
//! but touching many places of memory that are no longer in the cache is not.

pub mod entry;
mod exchange;
pub mod feed;
pub mod filter;
mod searched_text;
#[cfg(test)]
mod tests;
mod waiting;

use std::collections::{HashSet, VecDeque};
use std::mem::take;
use std::num::NonZero;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

pub use exchange::{Entry, EntryDetails, Exchange, Source};
use feed::Feeds;
use waiting::Waiting;

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
/// because the threads that answer requests that write come and go.
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
    /// The threads that wait for a request.
    waiting: Waiting,
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
            waiting: Waiting::default(),
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
    pub fn record(&self, wire: &WireRequest, reply: &WireReply, details: &EntryDetails) {
        if !self.is_on() {
            return;
        }
        let cut = cut(wire);
        let exchange = Exchange::new(cut.as_ref().unwrap_or(wire), reply, details);
        let mut share = self.shares[THREAD.with(|thread| thread % self.shares.len())].lock();
        let entries = share.of(details.source);
        // A share has room for all entries, because one thread may handle all requests.
        let mut oldest = if entries.len() < self.capacity {
            None
        } else {
            entries.pop_front()
        };
        let discarded = oldest.as_ref().map_or(0, |entry| entry.size());
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
                self.bytes.fetch_sub(discarded, Ordering::Relaxed);
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
        let difference = added.wrapping_sub(discarded);
        let bytes = self.bytes.fetch_add(difference, Ordering::Relaxed);
        if bytes.wrapping_add(difference) > self.max_bytes {
            self.discard_for_space();
        }
        self.waiting.notify();
    }

    /// Discards the oldest entries until the rest fits into the limit, those of calls first.
    fn discard_for_space(&self) {
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
        self.waiting.wait(timeout, is_over);
    }

    /// Wakes all threads in [`wait`](Self::wait).
    pub fn wake(&self) {
        self.waiting.wake();
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
    pub fn delete(&self, which: impl Fn(&Exchange) -> bool) -> usize {
        let entries = self.entries();
        let mut deleted = HashSet::new();
        let mut oldest = [(Source::Client, None), (Source::Call, None)];
        for entry in &entries {
            let exchange = entry.read();
            if which(&exchange) {
                deleted.insert(entry.number);
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
                    let is_kept = entry.number >= oldest && !deleted.contains(&entry.number);
                    if !is_kept {
                        self.bytes.fetch_sub(entry.size(), Ordering::Relaxed);
                    }
                    is_kept
                });
            }
        }
        deleted.len()
    }

    /// Locks all shares, always in the same order.
    fn lock(&self) -> Vec<MutexGuard<'_, Entries>> {
        self.shares.iter().map(Share::lock).collect()
    }
}
