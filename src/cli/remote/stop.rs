//! Stops a command when the user presses Ctrl-C.

use std::io;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::os::StopSignals;

/// Whether the user has stopped the command.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop(Arc<(Mutex<bool>, Condvar)>);

impl Stop {
    /// Is set by the first [signal](StopSignals). Later ones are ignored, so that the secrets that the command created can be deleted.
    pub(crate) fn on_signals() -> io::Result<Self> {
        let stop = Self::default();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build()?;
        let mut signals = {
            let _entered = runtime.enter();
            StopSignals::listen()?
        };
        let seen = stop.clone();
        thread::spawn(move || {
            runtime.block_on(signals.recv());
            seen.set();
            // Dropped signals would keep their handlers, which do nothing.
        });
        Ok(stop)
    }

    /// Stops the command.
    pub(crate) fn set(&self) {
        let (stopped, changed) = &*self.0;
        *stopped.lock().unwrap_or_else(PoisonError::into_inner) = true;
        changed.notify_all();
    }

    /// Waits. Returns whether the command was stopped before the end.
    pub(crate) fn wait(&self, time: Duration) -> bool {
        let (stopped, changed) = &*self.0;
        let guard = stopped.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = changed.wait_timeout_while(guard, time, |stopped| !*stopped);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wait_ends_when_the_command_is_stopped() {
        let stop = Stop::default();
        assert!(!stop.wait(Duration::ZERO));
        let other = stop.clone();
        let waiting = thread::spawn(move || other.wait(Duration::from_hours(1)));
        stop.set();
        assert!(waiting.join().unwrap());
    }
}
