//! Threads that wait for a request.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Blocks threads until a request is recorded.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    /// Whether a thread waits.
    is_awaited: AtomicBool,
    /// Held by a waiting thread until it sleeps, so that it cannot miss a notification.
    falling_asleep: Mutex<()>,
    arrived: Condvar,
}

impl Waiting {
    /// Blocks until [`notify`](Self::notify) or [`wake`](Self::wake) is called, or the time `timeout` has passed.
    /// Returns at once if `is_over` returns true, which is called after the thread is marked as waiting.
    pub(super) fn wait(&self, timeout: Duration, is_over: impl Fn() -> bool) {
        let awake = self.lock();
        // This order is the reverse of the one in which a request is recorded, so that no notification is lost.
        self.is_awaited.store(true, Ordering::SeqCst);
        if !is_over() {
            // The caller checks again, whatever woke the thread.
            let _ = self.arrived.wait_timeout(awake, timeout);
        }
    }

    /// Wakes all threads if one waits.
    pub(super) fn notify(&self) {
        if self.is_awaited.load(Ordering::SeqCst) {
            self.is_awaited.store(false, Ordering::SeqCst);
            self.wake();
        }
    }

    /// Wakes all threads.
    pub(super) fn wake(&self) {
        drop(self.lock());
        self.arrived.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, ()> {
        self.falling_asleep
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
