//! The state during start-up: the server accepts connections before the emulator is ready.

use std::sync::Arc;

use tokio::sync::SetOnce;

use crate::control::{self, Readiness};
use crate::emulator::Emulator;
use crate::fixtures::Progress;
use crate::http::wire::WireReply;
use crate::server::tls::Tls;

/// The emulator, which may not be ready yet.
#[derive(Default)]
pub struct Startup {
    emulator: SetOnce<Arc<Emulator>>,
    tls: SetOnce<Option<Tls>>,
    progress: Progress,
}

impl Startup {
    /// A finished start-up without TLS.
    #[must_use]
    pub fn done(emulator: Arc<Emulator>) -> Self {
        let startup = Self::default();
        startup.finish(emulator, None);
        startup
    }

    /// The progress of loading fixtures.
    #[must_use]
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Sets the emulator and the TLS settings, and wakes all waiting tasks. Only the first call has an
    /// effect.
    pub fn finish(&self, emulator: Arc<Emulator>, tls: Option<Tls>) {
        let _ = self.emulator.set(emulator);
        let _ = self.tls.set(tls);
    }

    /// The emulator, if it is ready.
    #[must_use]
    pub fn emulator(&self) -> Option<&Arc<Emulator>> {
        self.emulator.get()
    }

    /// Waits for the emulator.
    pub async fn wait(&self) -> &Arc<Emulator> {
        self.emulator.wait().await
    }

    /// Waits for the TLS settings; absent if TLS is off.
    pub async fn tls(&self) -> Option<&Tls> {
        self.tls.wait().await.as_ref()
    }

    /// The reply to a request for `path` before the emulator is ready; absent if the request must wait.
    #[must_use]
    pub fn answer(&self, path: &str) -> Option<WireReply> {
        let readiness = match self.progress.loaded_of() {
            None => Readiness::database(),
            Some((loaded, secrets)) => Readiness::fixtures(loaded, secrets),
        };
        control::starting(path, readiness)
    }
}
