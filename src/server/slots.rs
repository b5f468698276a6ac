//! The limit of connections. When it is reached, the connection that has been idle the longest is
//! closed for a new one.

use std::collections::HashMap;
use std::io;
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How often a connection that waits looks for an idle one again.
const RESCAN: Duration = Duration::from_millis(100);

/// The value of `idle_since` while a request is under way.
const BUSY: u64 = 0;

/// The slots for connections.
pub(super) struct Slots {
    permits: Arc<Semaphore>,
    taken: Mutex<HashMap<u64, Arc<Activity>>>,
    next: AtomicU64,
    /// What `idle_since` counts from.
    started: Instant,
}

/// The slot of a connection, free again when this is dropped.
pub(super) struct Slot {
    slots: Arc<Slots>,
    id: u64,
    activity: Arc<Activity>,
    _permit: OwnedSemaphorePermit,
}

/// Whether a connection is idle, that is between two requests or before the first, and since when.
pub(super) struct Activity {
    /// Microseconds from the start of the server, from 1; [`BUSY`] while a request is under way.
    idle_since: AtomicU64,
    started: Instant,
    close: CancellationToken,
}

/// A request under way: its connection is not idle until this is dropped.
pub(super) struct Work(Arc<Activity>);

impl Slots {
    pub(super) fn new(most: u32) -> Self {
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Self {
            permits: Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS))),
            taken: Mutex::default(),
            next: AtomicU64::new(0),
            started: Instant::now(),
        }
    }

    /// Waits for a slot. While none is free, idle connections are closed. The connection in the slot
    /// is also told to close when `stopping` is cancelled.
    pub(super) async fn acquire(
        self: &Arc<Self>,
        stopping: &CancellationToken,
    ) -> io::Result<Slot> {
        let permits = Arc::clone(&self.permits);
        let mut permit = pin!(permits.acquire_owned());
        let permit = loop {
            // Looks for an idle connection only if there is no free slot at once.
            match timeout(Duration::ZERO, &mut permit).await {
                Ok(permit) => break permit,
                Err(_) => self.close_longest_idle(),
            }
            if let Ok(permit) = timeout(RESCAN, &mut permit).await {
                break permit;
            }
        };
        let activity = Arc::new(Activity {
            idle_since: AtomicU64::new(BUSY),
            started: self.started,
            close: stopping.child_token(),
        });
        activity.set_idle();
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        self.lock().insert(id, Arc::clone(&activity));
        Ok(Slot {
            slots: Arc::clone(self),
            id,
            activity,
            _permit: permit.map_err(io::Error::other)?,
        })
    }

    fn close_longest_idle(&self) {
        let taken = self.lock();
        let idle = taken.values().filter_map(|activity| {
            let since = activity.idle_since.load(Ordering::Relaxed);
            (since != BUSY && !activity.close.is_cancelled()).then_some((since, activity))
        });
        if let Some((_, longest)) = idle.min_by_key(|(since, _)| *since) {
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
    /// Cancelled when the connection is to be closed as soon as it is between two requests.
    pub(super) fn close(&self) -> &CancellationToken {
        &self.close
    }

    /// Some of a request has arrived.
    pub(super) fn set_busy(&self) {
        self.idle_since.store(BUSY, Ordering::Relaxed);
    }

    fn set_idle(&self) {
        let since = self.started.elapsed().as_micros();
        let since = u64::try_from(since).unwrap_or(u64::MAX).saturating_add(1);
        self.idle_since.store(since, Ordering::Relaxed);
    }

    /// A request begins.
    pub(super) fn begin(self: &Arc<Self>) -> Work {
        self.set_busy();
        Work(Arc::clone(self))
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.0.set_idle();
    }
}
