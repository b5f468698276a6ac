//! The threads for work that blocks: writes, controls, and large requests.
//!
//! All workers share them. There is one writer, so a few threads do as much as many would, and each
//! thread keeps a connection to the database with its descriptors and its cache.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio::task::JoinError;

use crate::server::startup::Startup;

/// The number of threads. More requests than this wait for a free one.
const THREADS: usize = 4;

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
                    // What this thread has freed can be returned soon.
                    emulator.call_housekeeper();
                }
            })
            .build()?;
        Ok(Self {
            handle: runtime.handle().clone(),
            _threads: Arc::new(Threads(Some(runtime))),
        })
    }

    /// Runs `work` on one of the threads, as soon as one is free.
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
