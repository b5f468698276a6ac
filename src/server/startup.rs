//! A server that answers before its emulator is there: how far it is, and the rest once it is.

use std::sync::Arc;

use tokio::sync::SetOnce;

use crate::control::{self, Readiness};
use crate::emulator::Emulator;
use crate::fixtures::Progress;
use crate::http::wire::WireReply;
use crate::server::tls::Tls;

/// An emulator on its way.
#[derive(Default)]
pub struct Startup {
    emulator: SetOnce<Arc<Emulator>>,
    tls: SetOnce<Option<Tls>>,
    progress: Progress,
}

impl Startup {
    /// One that is at its end, of a server that speaks no TLS.
    #[must_use]
    pub fn done(emulator: Arc<Emulator>) -> Self {
        let startup = Self::default();
        startup.finish(emulator, None);
        startup
    }

    /// Where progress is noted.
    #[must_use]
    pub fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Lets everybody have the emulator who waits for it, by https too if there is what TLS is spoken
    /// with. Only the first one counts.
    pub fn finish(&self, emulator: Arc<Emulator>, tls: Option<Tls>) {
        let _ = self.emulator.set(emulator);
        let _ = self.tls.set(tls);
    }

    /// The emulator, if it is there.
    #[must_use]
    pub fn emulator(&self) -> Option<&Arc<Emulator>> {
        self.emulator.get()
    }

    /// Waits for the emulator.
    pub async fn wait(&self) -> &Arc<Emulator> {
        self.emulator.wait().await
    }

    /// Waits for what TLS is spoken with; absent when none is.
    pub async fn tls(&self) -> Option<&Tls> {
        self.tls.wait().await.as_ref()
    }

    /// What is answered to a request for `path` without the emulator; absent where the request has to
    /// wait for it.
    #[must_use]
    pub fn answer(&self, path: &str) -> Option<WireReply> {
        let readiness = match self.progress.loaded_of() {
            None => Readiness::database(),
            Some((loaded, secrets)) => Readiness::fixtures(loaded, secrets),
        };
        control::starting(path, readiness)
    }
}
