//! The connection limit. When it is reached, the connection that has been silent longest is closed for a
//! new one: an idle connection, or one whose request has not arrived completely.

use std::collections::HashMap;
use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How often a waiting connection searches for a silent one again.
const RESCAN: Duration = Duration::from_millis(100);

/// The value of `silent_since` while a request is processed.
const BUSY: u64 = 0;

/// The slots for connections.
pub(super) struct Slots {
    permits: Arc<Semaphore>,
    taken: Mutex<HashMap<u64, Arc<Activity>>>,
    next: AtomicU64,
    /// The time that `silent_since` is relative to.
    started: Instant,
}

/// The slot of a connection, released on drop.
pub(super) struct Slot {
    slots: Arc<Slots>,
    id: u64,
    activity: Arc<Activity>,
    _permit: OwnedSemaphorePermit,
}

/// Whether a connection waits for its client, and since when it does.
pub(super) struct Activity {
    /// When the client last sent something, in microseconds since the start of the server plus 1; [`BUSY`]
    /// while a request is processed.
    silent_since: AtomicU64,
    started: Instant,
    close: CancellationToken,
    /// Whether it is closed for another connection, even if a request has arrived in part.
    is_evicted: AtomicBool,
}

/// A request that is processed. Its connection is not closed for another one until this is dropped.
pub(super) struct Work(Arc<Activity>);

impl Slots {
    pub(super) fn new(max: u32) -> Self {
        let max = usize::try_from(max).unwrap_or(usize::MAX);
        Self {
            permits: Arc::new(Semaphore::new(max.min(Semaphore::MAX_PERMITS))),
            taken: Mutex::default(),
            next: AtomicU64::new(0),
            started: Instant::now(),
        }
    }

    /// Waits for a slot. If none is free, silent connections are closed. Cancelling `stopping` closes the
    /// connection of the slot too.
    pub(super) async fn acquire(
        self: &Arc<Self>,
        stopping: &CancellationToken,
    ) -> io::Result<Slot> {
        let permits = Arc::clone(&self.permits);
        let mut permit = pin!(permits.acquire_owned());
        let permit = loop {
            // Searches for a silent connection only if there is no free slot.
            match timeout(Duration::ZERO, &mut permit).await {
                Ok(permit) => break permit,
                Err(_) => self.close_longest_silent(),
            }
            if let Ok(permit) = timeout(RESCAN, &mut permit).await {
                break permit;
            }
        };
        let activity = Arc::new(Activity {
            silent_since: AtomicU64::new(BUSY),
            started: self.started,
            close: stopping.child_token(),
            is_evicted: AtomicBool::new(false),
        });
        activity.touch();
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        self.lock().insert(id, Arc::clone(&activity));
        Ok(Slot {
            slots: Arc::clone(self),
            id,
            activity,
            _permit: permit.map_err(io::Error::other)?,
        })
    }

    fn close_longest_silent(&self) {
        let taken = self.lock();
        let silent = taken.values().filter_map(|activity| {
            let since = activity.silent_since.load(Ordering::Relaxed);
            (since != BUSY && !activity.close.is_cancelled()).then_some((since, activity))
        });
        if let Some((_, longest)) = silent.min_by_key(|(since, _)| *since) {
            longest.is_evicted.store(true, Ordering::Relaxed);
            longest.close.cancel();
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Arc<Activity>>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slot {
    pub(super) fn activity(&self) -> &Arc<Activity> {
        &self.activity
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.slots.lock().remove(&self.id);
    }
}

impl Activity {
    /// Cancelled if the connection is to be closed when it is idle.
    pub(super) fn close(&self) -> &CancellationToken {
        &self.close
    }

    /// Whether the connection is to be closed for another one, even if a request has arrived in part.
    pub(super) fn is_evicted(&self) -> bool {
        self.is_evicted.load(Ordering::Relaxed)
    }

    /// Records that the client has sent something. Ignored while a request is processed.
    pub(super) fn received(&self) {
        if self.silent_since.load(Ordering::Relaxed) != BUSY {
            self.touch();
        }
    }

    fn touch(&self) {
        let since = self.started.elapsed().as_micros();
        let since = u64::try_from(since).unwrap_or(u64::MAX).saturating_add(1);
        self.silent_since.store(since, Ordering::Relaxed);
    }

    /// Marks the connection as busy with a request.
    pub(super) fn begin(self: &Arc<Self>) -> Work {
        self.silent_since.store(BUSY, Ordering::Relaxed);
        Work(Arc::clone(self))
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.0.touch();
    }
}
