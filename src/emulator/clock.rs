//! The clock of the emulator. Tests can freeze, set and advance it.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use crate::model::Times;
use chrono::{DateTime, TimeDelta, Utc};

/// A source of the current time. All code that depends on the time uses one.
pub trait Clock: Send + Sync {
    /// The current time.
    fn now(&self) -> DateTime<Utc>;
}

impl<C: Clock> Clock for Arc<C> {
    fn now(&self) -> DateTime<Utc> {
        C::now(self)
    }
}

/// The system clock.
#[derive(Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that changes only when it is set.
#[derive(Debug)]
pub struct FixedClock {
    microseconds: AtomicI64,
}

impl FixedClock {
    /// A clock that shows `now`, with a resolution of a microsecond.
    #[must_use]
    pub fn new(now: DateTime<Utc>) -> Self {
        Self {
            microseconds: AtomicI64::new(now.timestamp_micros()),
        }
    }

    /// Sets the clock.
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

/// The earliest time that a clock can be set to: both clouds can print it.
const EARLIEST: DateTime<Utc> = DateTime::UNIX_EPOCH;
/// The latest time that a clock can be set to, the end of the year 9998. Planned times are later and must
/// be printable too.
const LATEST_SECONDS: i64 = 253_370_764_799;

/// Whether a clock can be set to this time.
#[must_use]
pub fn can_show(time: DateTime<Utc>) -> bool {
    time >= EARLIEST && time.timestamp() <= LATEST_SECONDS
}

/// A clock that is based on another one, and can be frozen, set and advanced.
pub struct AdjustableClock {
    base: Arc<dyn Clock>,
    /// The number of changes of this clock and of those with the same base.
    changes: Arc<AtomicU64>,
    /// Makes reads of an unchanged clock cheap: no lock.
    is_adjusted: AtomicBool,
    setting: RwLock<Setting>,
}

/// The relation of a clock to its base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Setting {
    Running { ahead: TimeDelta },
    Frozen { at: DateTime<Utc> },
}

/// The state of a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockState {
    /// The current time.
    pub now: DateTime<Utc>,
    /// Whether it is frozen.
    pub frozen: bool,
    /// The difference to its base; negative if its time is earlier.
    pub ahead: TimeDelta,
}

/// A time that no clock can be set to: before 1970 or after the year 9998.
#[derive(Debug, thiserror::Error)]
#[error("the clock shows times from 1970-01-01T00:00:00Z to 9998-12-31T23:59:59Z")]
pub struct OutOfRange;

impl AdjustableClock {
    /// A clock that initially shows the time of `base`.
    #[must_use]
    pub fn new(base: impl Clock + 'static) -> Self {
        Self::on(Arc::new(base), Arc::default())
    }

    /// Another clock on the same base, which initially shows its time.
    #[must_use]
    pub fn with_same_base(&self) -> Self {
        Self::on(Arc::clone(&self.base), Arc::clone(&self.changes))
    }

    fn on(base: Arc<dyn Clock>, changes: Arc<AtomicU64>) -> Self {
        Self {
            base,
            changes,
            is_adjusted: AtomicBool::new(false),
            setting: RwLock::new(Setting::Running {
                ahead: TimeDelta::zero(),
            }),
        }
    }

    /// The state of the clock.
    #[must_use]
    pub fn state(&self) -> ClockState {
        self.state_with(*self.setting.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// The time of the base: the system clock.
    #[must_use]
    pub fn system_now(&self) -> DateTime<Utc> {
        self.base.now()
    }

    /// The current time by this clock and by the system clock.
    #[must_use]
    pub fn times(&self) -> Times {
        if self.is_adjusted() {
            let ClockState { now, ahead, .. } = self.state();
            // Cannot overflow: both times are limited.
            let system = now.checked_sub_signed(ahead).unwrap_or(now);
            Times { now, system }
        } else {
            Times::from(self.base.now())
        }
    }

    /// The number of changes of this clock and of all clocks with the same base.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    /// Counts a change of the set of clocks with the same base.
    pub(super) fn count_change(&self) {
        self.changes.fetch_add(1, Ordering::SeqCst);
    }

    /// The time of the base at which this clock shows `time` or a later time, unless it is changed before;
    /// absent if it is frozen at an earlier time.
    #[must_use]
    pub fn base_time_of(&self, time: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match *self.setting.read().unwrap_or_else(PoisonError::into_inner) {
            Setting::Running { ahead } => Some(
                time.checked_sub_signed(ahead)
                    .unwrap_or(DateTime::<Utc>::MIN_UTC),
            ),
            Setting::Frozen { at } => (at >= time).then_some(DateTime::<Utc>::MIN_UTC),
        }
    }

    /// Whether it differs from its base.
    #[must_use]
    pub fn is_adjusted(&self) -> bool {
        self.is_adjusted.load(Ordering::SeqCst)
    }

    /// Freezes the clock at the current time.
    pub fn freeze(&self) {
        self.change(|state| Setting::Frozen { at: state.now });
    }

    /// Lets a frozen clock continue from its time.
    pub fn resume(&self) {
        self.change(|state| Setting::Running { ahead: state.ahead });
    }

    /// Sets the clock to its base.
    pub fn reset(&self) {
        self.change(|_| Setting::Running {
            ahead: TimeDelta::zero(),
        });
    }

    /// Sets the clock. A frozen clock stays frozen.
    ///
    /// # Errors
    ///
    /// [`OutOfRange`].
    pub fn set(&self, now: DateTime<Utc>) -> Result<(), OutOfRange> {
        self.move_to(|_| Some(now))
    }

    /// Advances the clock. A frozen clock stays frozen.
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
        let state = self.state_with(*setting);
        let now = to(state.now)
            .filter(|now| can_show(*now))
            .ok_or(OutOfRange)?;
        *setting = if state.frozen {
            Setting::Frozen { at: now }
        } else {
            Setting::Running {
                ahead: state.ahead + (now - state.now),
            }
        };
        self.update_flag(*setting);
        Ok(())
    }

    fn change(&self, change: impl FnOnce(ClockState) -> Setting) {
        let mut setting = self.setting.write().unwrap_or_else(PoisonError::into_inner);
        *setting = change(self.state_with(*setting));
        self.update_flag(*setting);
    }

    fn update_flag(&self, setting: Setting) {
        let unchanged = Setting::Running {
            ahead: TimeDelta::zero(),
        };
        self.is_adjusted
            .store(setting != unchanged, Ordering::SeqCst);
        self.count_change();
    }

    fn state_with(&self, setting: Setting) -> ClockState {
        let base = self.base.now();
        match setting {
            Setting::Running { ahead } => ClockState {
                // Cannot overflow: both are limited.
                now: base.checked_add_signed(ahead).unwrap_or(base),
                frozen: false,
                ahead,
            },
            Setting::Frozen { at } => ClockState {
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
            self.state().now
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
            system: base.now(),
        };
        assert_eq!(clock.times(), times);
        assert!(clock.is_adjusted());
        clock.reset();
        assert_eq!(clock.now(), base.now());
        assert_eq!(clock.times(), Times::from(base.now()));
        assert!(!clock.is_adjusted());
    }

    #[test]
    fn clocks_with_the_same_base_move_independently() {
        let base = Arc::new(FixedClock::new(at("2026-01-01T00:00:00Z")));
        let first = AdjustableClock::new(Arc::clone(&base));
        first.set(at("2030-01-01T00:00:00Z")).unwrap();
        let second = first.with_same_base();
        assert_eq!(second.now(), base.now());
        let changes = second.changes();
        second.freeze();
        first.advance(TimeDelta::days(1)).unwrap();
        base.set(at("2026-01-01T00:00:10Z"));
        assert_eq!(first.now(), at("2030-01-02T00:00:10Z"));
        assert_eq!(second.now(), at("2026-01-01T00:00:00Z"));
        assert_eq!(second.changes(), changes + 2);
    }

    #[test]
    fn base_time_is_found_for_a_time_that_a_clock_will_show() {
        let clock = AdjustableClock::new(FixedClock::new(at("2026-01-01T00:00:00Z")));
        clock.advance(TimeDelta::days(1)).unwrap();
        assert_eq!(
            clock.base_time_of(at("2026-01-03T00:00:00Z")),
            Some(at("2026-01-02T00:00:00Z"))
        );
        clock.freeze();
        assert_eq!(clock.base_time_of(at("2026-01-02T00:00:01Z")), None);
        assert!(clock.base_time_of(at("2026-01-02T00:00:00Z")) < Some(clock.system_now()));
    }

    #[test]
    fn a_clock_rejects_times_that_cannot_be_printed() {
        let clock = AdjustableClock::new(FixedClock::new(at("9998-12-31T23:59:58Z")));
        clock.advance(TimeDelta::seconds(1)).unwrap();
        assert!(clock.advance(TimeDelta::seconds(1)).is_err());
        assert!(clock.advance(TimeDelta::MAX).is_err());
        assert!(clock.set(at("1969-12-31T23:59:59Z")).is_err());
        assert_eq!(clock.now(), at("9998-12-31T23:59:59Z"));
    }
}
