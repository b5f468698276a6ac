//! The one source of the time of day, so that a test can hold it still.

use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use crate::model::Times;
use chrono::{DateTime, TimeDelta, Utc};

/// Tells the time. Everything in the emulator that depends on time asks one of these.
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> DateTime<Utc>;
}

impl<C: Clock> Clock for Arc<C> {
    fn now(&self) -> DateTime<Utc> {
        C::now(self)
    }
}

/// The machine's clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that stands still until it is set.
#[derive(Debug)]
pub struct FixedClock {
    microseconds: AtomicI64,
}

impl FixedClock {
    /// A clock that shows `now`, to the microsecond.
    #[must_use]
    pub fn new(now: DateTime<Utc>) -> Self {
        Self {
            microseconds: AtomicI64::new(now.timestamp_micros()),
        }
    }

    /// Moves the clock to `now`, forwards or backwards.
    pub fn set(&self, now: DateTime<Utc>) {
        self.microseconds
            .store(now.timestamp_micros(), Ordering::SeqCst);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.microseconds.load(Ordering::SeqCst))
            .unwrap_or_default()
    }
}

/// The first and the last moment that a clock can be set to: what both clouds can print.
const EARLIEST: DateTime<Utc> = DateTime::UNIX_EPOCH;
/// The end of the year 9998: a year before the last one, so that what is planned can be printed too.
const LATEST_SECONDS: i64 = 253_370_764_799;

/// Whether a clock can be set to this moment.
#[must_use]
pub fn can_show(time: DateTime<Utc>) -> bool {
    time >= EARLIEST && time.timestamp() <= LATEST_SECONDS
}

/// A clock that can be frozen, set and moved, on top of another one.
pub struct AdjustableClock {
    base: Box<dyn Clock>,
    /// Spares each request the lock, as long as nobody has touched the clock.
    is_adjusted: AtomicBool,
    setting: RwLock<Setting>,
}

/// How a clock stands to the one below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Setting {
    Running { ahead: TimeDelta },
    Frozen { at: DateTime<Utc> },
}

/// What a clock shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockFace {
    /// The present moment.
    pub now: DateTime<Utc>,
    /// Whether it stands still.
    pub frozen: bool,
    /// How far it is ahead of the clock below it; negative when behind.
    pub ahead: TimeDelta,
}

/// A moment that no clock can be set to: before 1970 or behind the year 9998.
#[derive(Debug, thiserror::Error)]
#[error("the clock shows times from 1970-01-01T00:00:00Z to 9998-12-31T23:59:59Z")]
pub struct OutOfRange;

impl AdjustableClock {
    /// A clock that shows what `base` shows, until it is told otherwise.
    #[must_use]
    pub fn new(base: impl Clock + 'static) -> Self {
        Self {
            base: Box::new(base),
            is_adjusted: AtomicBool::new(false),
            setting: RwLock::new(Setting::Running {
                ahead: TimeDelta::zero(),
            }),
        }
    }

    /// What it shows.
    #[must_use]
    pub fn face(&self) -> ClockFace {
        self.face_of(*self.setting.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The time of the machine, whatever this clock is set to.
    #[must_use]
    pub fn machine_now(&self) -> DateTime<Utc> {
        self.base.now()
    }

    /// The present moment by this clock and by the machine's.
    #[must_use]
    pub fn times(&self) -> Times {
        if self.is_adjusted() {
            let ClockFace { now, ahead, .. } = self.face();
            // The difference stays far within what the type holds.
            let machine = now.checked_sub_signed(ahead).unwrap_or(now);
            Times { now, machine }
        } else {
            Times::from(self.base.now())
        }
    }

    /// Whether it shows something else than the clock below it.
    #[must_use]
    pub fn is_adjusted(&self) -> bool {
        self.is_adjusted.load(Ordering::SeqCst)
    }

    /// Stops it where it is.
    pub fn freeze(&self) {
        self.change(|face| Setting::Frozen { at: face.now });
    }

    /// Lets it run on from where it is.
    pub fn resume(&self) {
        self.change(|face| Setting::Running { ahead: face.ahead });
    }

    /// Lets it show again what the clock below it shows.
    pub fn reset(&self) {
        self.change(|_| Setting::Running {
            ahead: TimeDelta::zero(),
        });
    }

    /// Sets it; it stands or runs on as before.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`].
    pub fn set(&self, now: DateTime<Utc>) -> Result<(), OutOfRange> {
        self.move_to(|_| Some(now))
    }

    /// Moves it on by `time`; it stands or runs on as before.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`].
    pub fn advance(&self, time: TimeDelta) -> Result<(), OutOfRange> {
        self.move_to(|now| now.checked_add_signed(time))
    }

    fn move_to(
        &self,
        to: impl FnOnce(DateTime<Utc>) -> Option<DateTime<Utc>>,
    ) -> Result<(), OutOfRange> {
        let mut setting = self.setting.write().unwrap_or_else(PoisonError::into_inner);
        let face = self.face_of(*setting);
        let now = to(face.now)
            .filter(|now| can_show(*now))
            .ok_or(OutOfRange)?;
        *setting = if face.frozen {
            Setting::Frozen { at: now }
        } else {
            Setting::Running {
                ahead: face.ahead + (now - face.now),
            }
        };
        self.note(*setting);
        Ok(())
    }

    fn change(&self, change: impl FnOnce(ClockFace) -> Setting) {
        let mut setting = self.setting.write().unwrap_or_else(PoisonError::into_inner);
        *setting = change(self.face_of(*setting));
        self.note(*setting);
    }

    fn note(&self, setting: Setting) {
        let untouched = Setting::Running {
            ahead: TimeDelta::zero(),
        };
        self.is_adjusted
            .store(setting != untouched, Ordering::SeqCst);
    }

    fn face_of(&self, setting: Setting) -> ClockFace {
        let base = self.base.now();
        match setting {
            Setting::Running { ahead } => ClockFace {
                // The sum stays far within what the type holds.
                now: base.checked_add_signed(ahead).unwrap_or(base),
                frozen: false,
                ahead,
            },
            Setting::Frozen { at } => ClockFace {
                now: at,
                frozen: true,
                ahead: at - base,
            },
        }
    }
}

impl Clock for AdjustableClock {
    fn now(&self) -> DateTime<Utc> {
        if self.is_adjusted() {
            self.face().now
        } else {
            self.base.now()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_clock_can_be_frozen_moved_set_resumed_and_reset() {
        let base = Arc::new(FixedClock::new(at("2026-01-01T00:00:00Z")));
        let clock = AdjustableClock::new(Arc::clone(&base));
        assert!(!clock.is_adjusted());
        clock.freeze();
        base.set(at("2026-01-01T00:00:10Z"));
        assert_eq!(clock.now(), at("2026-01-01T00:00:00Z"));
        clock.advance(TimeDelta::days(7)).unwrap();
        assert_eq!(clock.now(), at("2026-01-08T00:00:00Z"));
        clock.resume();
        base.set(at("2026-01-01T00:00:11Z"));
        assert_eq!(clock.now(), at("2026-01-08T00:00:01Z"));
        clock.set(at("2020-02-02T00:00:00Z")).unwrap();
        base.set(at("2026-01-01T00:00:12Z"));
        assert_eq!(clock.now(), at("2020-02-02T00:00:01Z"));
        let times = Times {
            now: clock.now(),
            machine: base.now(),
        };
        assert_eq!(clock.times(), times);
        assert!(clock.is_adjusted());
        clock.reset();
        assert_eq!(clock.now(), base.now());
        assert_eq!(clock.times(), Times::from(base.now()));
        assert!(!clock.is_adjusted());
    }

    #[test]
    fn a_clock_keeps_within_the_years_that_can_be_printed() {
        let clock = AdjustableClock::new(FixedClock::new(at("9998-12-31T23:59:58Z")));
        clock.advance(TimeDelta::seconds(1)).unwrap();
        assert!(clock.advance(TimeDelta::seconds(1)).is_err());
        assert!(clock.advance(TimeDelta::MAX).is_err());
        assert!(clock.set(at("1969-12-31T23:59:59Z")).is_err());
        assert_eq!(clock.now(), at("9998-12-31T23:59:59Z"));
    }
}
