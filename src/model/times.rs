//! The current time by the server's clock and by the system clock.

use chrono::{DateTime, Utc};

/// The same moment by the server's clock and by the system clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// By the server's clock, which tests can change.
    pub now: DateTime<Utc>,
    /// By the system clock.
    pub system: DateTime<Utc>,
}

impl From<DateTime<Utc>> for Times {
    /// Both clocks show `now`.
    fn from(now: DateTime<Utc>) -> Self {
        Self { now, system: now }
    }
}
