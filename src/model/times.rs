//! The current time by the emulator's clock and by the system clock.

use chrono::{DateTime, Utc};

/// The same moment by the emulator's clock and by the system clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// By the emulator's clock, which clients see and tests can change.
    pub now: DateTime<Utc>,
    /// By the system clock.
    pub machine: DateTime<Utc>,
}

impl From<DateTime<Utc>> for Times {
    /// Both clocks show `now`.
    fn from(now: DateTime<Utc>) -> Self {
        Self { now, machine: now }
    }
}
