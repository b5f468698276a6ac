//! Sends the entries of the journal to listeners as they are recorded.
//!
//! While there are listeners, a thread renders each new entry once, and publishes the latest entries as
//! a `Window`. Listeners read the window on their workers: each applies its filter and copies the entries
//! that match. A slow listener continues with the latest window; it misses entries only if the journal has
//! discarded them in the meantime.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::watch;
use tokio::task::yield_now;
use tokio::time::{Instant, timeout_at};

use super::Journal;
use super::entry::RenderedEntry;
use super::filter::Filter;
use crate::http::wire::Parts;

/// The interval of comments that tell a client that the connection is alive.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// The comment.
const COMMENT: Bytes = Bytes::from_static(b":\n\n");

/// The shortest time from one window to the next.
const PAUSE: Duration = Duration::from_millis(20);
/// The longest time from one window to the next.
const MAX_PAUSE: Duration = Duration::from_secs(2);
/// The bytes per second that all listeners together receive, so that workers have time for other requests.
const BYTES_PER_SECOND: usize = 100_000_000;
/// The cost of waking a listener, in bytes that could be sent in that time.
const WAKE_COST: usize = 64 * 1024;
/// The interval at which the thread checks whether there are listeners.
const CHECK_INTERVAL: Duration = Duration::from_secs(1);

/// The maximum size of the rendered entries of a window, in bytes.
const MAX_WINDOW_BYTES: usize = 12 * 1024 * 1024;
/// The approximate number of bytes that a listener sends at once.
const CHUNK: usize = 32 * 1024;
/// The number of entries that a listener filters before it yields to others on its worker.
const MAX_FILTERED: usize = 200;

/// The latest entries of the journal, rendered.
#[derive(Debug, Default)]
struct Window {
    /// The number of listeners that had joined before the window was made.
    joined: u64,
    /// The window has all entries up to this number, except those that were discarded.
    last: u64,
    /// The entries, the oldest first.
    entries: VecDeque<Arc<RenderedEntry>>,
}

/// The clients that follow the journal.
#[derive(Debug, Default)]
pub struct Feeds {
    windows: watch::Sender<Arc<Window>>,
    listeners: AtomicUsize,
    joined: AtomicU64,
    /// The lowest number after which a listener that joined since the last window needs entries.
    needed_after: Mutex<Option<u64>>,
    /// The bytes that were sent to listeners since the last window, including [`WAKE_COST`].
    sent: AtomicUsize,
    is_running: Mutex<bool>,
}

/// A listener: one connection.
pub struct Listener {
    journal: Arc<Journal>,
    /// The number of the last entry that was sent or did not match.
    after: u64,
    filter: Arc<Filter>,
    windows: watch::Receiver<Arc<Window>>,
    /// The number of listeners at the time it joined: only a later window has the old entries it needs.
    ticket: u64,
    /// The unsent rest of an entry larger than [`CHUNK`].
    rest: Bytes,
    /// The time of the last bytes sent.
    sent_at: Instant,
}

impl Listener {
    /// Starts to follow the entries that match a filter and have a number greater than `after`.
    #[must_use]
    pub fn join(journal: &Arc<Journal>, after: u64, filter: Arc<Filter>) -> Self {
        let feeds = &journal.feeds;
        feeds.listeners.fetch_add(1, Ordering::SeqCst);
        let ticket = {
            let mut needed = lock(&feeds.needed_after);
            *needed = Some(needed.map_or(after, |needed| needed.min(after)));
            feeds.joined.fetch_add(1, Ordering::SeqCst) + 1
        };
        let listener = Self {
            windows: feeds.windows.subscribe(),
            ticket,
            after,
            filter,
            // Tells the client at once that it is connected.
            rest: COMMENT,
            sent_at: Instant::now(),
            journal: Arc::clone(journal),
        };
        start(journal);
        journal.wake();
        listener
    }

    /// The next bytes to send. Waits for entries, at most until the next heartbeat.
    async fn next(&mut self) -> Bytes {
        loop {
            let window = Arc::clone(&self.windows.borrow_and_update());
            let chunk = self.read(&window);
            let cost = chunk.len() + WAKE_COST;
            self.journal.feeds.sent.fetch_add(cost, Ordering::Relaxed);
            if !chunk.is_empty() {
                self.sent_at = Instant::now();
                return chunk;
            }
            if self.after < window.last && self.ticket <= window.joined {
                yield_now().await;
                continue;
            }
            drop(window);
            let heartbeat = self.sent_at + HEARTBEAT;
            if timeout_at(heartbeat, self.windows.changed()).await.is_err() {
                self.sent_at = Instant::now();
                return COMMENT;
            }
        }
    }

    /// The next entries that match the filter; empty if none of the entries read does.
    fn read(&mut self, window: &Window) -> Bytes {
        if !self.rest.is_empty() {
            return self.rest.split_to(self.rest.len().min(CHUNK));
        }
        if window.joined < self.ticket {
            return Bytes::new();
        }
        let mut chunk = BytesMut::new();
        let after = self.after;
        let first = window
            .entries
            .partition_point(|entry| entry.number() <= after);
        for entry in window.entries.range(first..).take(MAX_FILTERED) {
            let text = if self.filter.allows_rendered(entry) {
                &entry.text
            } else {
                &Bytes::new()
            };
            if !chunk.is_empty() && chunk.len() + text.len() > CHUNK {
                return chunk.freeze();
            }
            self.after = entry.number();
            if text.len() > CHUNK {
                self.rest = text.clone();
                return self.rest.split_to(CHUNK);
            }
            chunk.extend_from_slice(text);
        }
        if first + MAX_FILTERED >= window.entries.len() {
            // Entries that were discarded in the meantime are skipped.
            self.after = self.after.max(window.last);
        }
        chunk.freeze()
    }
}

impl Parts for Listener {
    fn next(&mut self) -> BoxFuture<'_, Bytes> {
        Listener::next(self).boxed()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let before = self.journal.feeds.listeners.fetch_sub(1, Ordering::SeqCst);
        if before == 1 {
            self.journal.wake();
        }
    }
}

/// Starts the thread unless it runs.
fn start(journal: &Arc<Journal>) {
    let mut is_running = lock(&journal.feeds.is_running);
    if *is_running {
        return;
    }
    let shared = Arc::clone(journal);
    let thread = thread::Builder::new().name("journal feed".to_owned());
    match thread.spawn(move || run(&shared)) {
        Ok(_) => *is_running = true,
        Err(error) => tracing::error!(%error, "the journal cannot be followed"),
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Publishes windows until there are no listeners.
fn run(journal: &Journal) {
    // Clears the flag after a panic, so that the next listener starts a new thread.
    let _ending = Ending(&journal.feeds);
    let feeds = &journal.feeds;
    let mut window = Arc::new(Window::default());
    loop {
        let has_listeners = || feeds.listeners.load(Ordering::SeqCst) > 0;
        let has_joined = || feeds.joined.load(Ordering::SeqCst) > window.joined;
        let is_over = || journal.last() > window.last || has_joined() || !has_listeners();
        journal.wait(CHECK_INTERVAL, is_over);
        if !has_listeners() {
            let mut is_running = lock(&feeds.is_running);
            // A listener that joins later starts a new thread.
            if !has_listeners() {
                *is_running = false;
                feeds.windows.send_replace(Arc::default());
                return;
            }
        }
        if journal.last() > window.last || has_joined() {
            window = Arc::new(next_window(journal, &window));
            feeds.windows.send_replace(Arc::clone(&window));
            pause(feeds);
        }
    }
}

struct Ending<'f>(&'f Feeds);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            *lock(&self.0.is_running) = false;
        }
    }
}

fn next_window(journal: &Journal, window: &Window) -> Window {
    let feeds = &journal.feeds;
    let (joined, needed) = {
        let mut needed = lock(&feeds.needed_after);
        (feeds.joined.load(Ordering::SeqCst), needed.take())
    };
    let mut last = journal.last();
    // A new listener may need older entries. The first window has no others, because rendering all of a large
    // journal takes long.
    let after = match needed {
        Some(needed) if window.joined == 0 => needed,
        Some(needed) => needed.min(window.last),
        None => window.last,
    };
    let added = journal.since(after);
    let mut entries = window.entries.clone();
    entries.truncate(entries.partition_point(|entry| entry.number() <= after));
    for entry in added {
        let number = entry.number;
        let known = window
            .entries
            .binary_search_by_key(&number, |entry| entry.number());
        entries.push_back(match known {
            Ok(index) => Arc::clone(&window.entries[index]),
            Err(_) => Arc::new(RenderedEntry::of(&entry)),
        });
        last = last.max(number);
    }
    let excess = entries.len().saturating_sub(journal.capacity());
    entries.drain(..excess);
    let mut bytes: usize = entries.iter().map(|entry| entry.text.len()).sum();
    while bytes > MAX_WINDOW_BYTES && entries.len() > 1 {
        bytes -= entries.pop_front().map_or(0, |entry| entry.text.len());
    }
    Window {
        joined,
        last,
        entries,
    }
}

/// Waits before the next window: longer if more bytes were sent to listeners.
fn pause(feeds: &Feeds) {
    thread::sleep(PAUSE);
    let sent = feeds.sent.swap(0, Ordering::Relaxed);
    let micros = u64::try_from(sent / (BYTES_PER_SECOND / 1_000_000)).unwrap_or(u64::MAX);
    let pause = Duration::from_micros(micros).min(MAX_PAUSE);
    thread::sleep(pause.saturating_sub(PAUSE));
}
