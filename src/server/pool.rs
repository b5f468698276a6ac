//! The thread pool for blocking work: writes, the control API, large requests, and operations with private keys.
//!
//! All workers share it. Changes that wait at the same time are committed together, so more threads let
//! more changes share a commit. A thread that reads has a connection to the database, with file descriptors
//! and a cache.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinError;

use crate::server::startup::Startup;

/// The maximum number of threads. Further requests wait.
const THREADS: usize = 16;

/// How long a thread without work is kept.
const IDLE: Duration = Duration::from_secs(3);

/// A handle to the threads.
#[derive(Clone)]
pub(super) struct Pool {
    handle: Handle,
    _threads: Arc<Threads>,
}

/// Owns the threads. They end when the last [`Pool`] is dropped.
struct Threads(Option<Runtime>);

impl Pool {
    /// A pool for the emulator of `startup`. Threads are started when there is work.
    pub(super) fn new(startup: Arc<Startup>) -> io::Result<Self> {
        let runtime = Builder::new_current_thread()
            .max_blocking_threads(THREADS)
            .thread_keep_alive(IDLE)
            .thread_name("blocking")
            .on_thread_stop(move || {
                if let Some(emulator) = startup.emulator() {
                    emulator.store.close_reader();
                    // Returns the freed memory to the operating system.
                    emulator.call_housekeeper();
                }
            })
            .build()?;
        Ok(Self {
            handle: runtime.handle().clone(),
            _threads: Arc::new(Threads(Some(runtime))),
        })
    }

    /// Runs `work` on a thread of the pool.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        self.handle.spawn_blocking(work).await
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            // Waiting for the threads here would block an async worker.
            runtime.shutdown_background();
        }
    }
}
