//! The two clocks that work falls due by.

use chrono::{DateTime, Utc};

/// A moment by the emulator's clock and by the machine's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// By the emulator's clock, which clients see.
    pub now: DateTime<Utc>,
    /// By the machine's clock, which cannot be moved.
    pub machine: DateTime<Utc>,
}

impl From<DateTime<Utc>> for Times {
    /// The same moment by both clocks.
    fn from(now: DateTime<Utc>) -> Self {
        Self { now, machine: now }
    }
}
