//! Remembers which nonces were used, so that a request cannot be replayed.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::clouds::digest;

/// The most uses remembered; the oldest by order of use are forgotten first. Some 15 MB.
const CAPACITY: usize = 100_000;

/// A timestamp may be 15 minutes off either way, so a request cannot be valid at two times that are
/// further apart.
const LIFETIME: TimeDelta = TimeDelta::minutes(30);

/// The nonces used last, with the time of each use, in bounded memory.
///
/// The clock can be set to any time. So a use is not forgotten when the clock is past its lifetime:
/// the clock may be set back to it. Only newer uses displace it.
#[derive(Debug, Default)]
pub struct Nonces {
    used: Mutex<Used>,
}

/// A nonce in a period of [`LIFETIME`], in which it can be used once: two uses in one period would
/// be too close.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Use {
    /// Of access key id and nonce, because these may be of any length.
    digest: [u8; 32],
    period: i64,
}

#[derive(Debug, Default)]
struct Used {
    times: HashMap<Use, DateTime<Utc>>,
    in_order: VecDeque<Use>,
}

impl Nonces {
    /// Remembers a nonce of an access key. Returns whether it was not used within the lifetime of a
    /// nonce before or after `now`.
    pub fn remember(&self, access_key_id: &str, nonce: &str, now: DateTime<Utc>) -> bool {
        let digest = digest::sha256(format!("{access_key_id}\n{nonce}").as_bytes());
        let period = now.timestamp().div_euclid(LIFETIME.num_seconds());
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let was_used = (period - 1..=period + 1).any(|period| {
            let time = used.times.get(&Use { digest, period });
            time.is_some_and(|time| (now - *time).abs() <= LIFETIME)
        });
        if was_used {
            return false;
        }
        if used.in_order.len() >= CAPACITY
            && let Some(oldest) = used.in_order.pop_front()
        {
            used.times.remove(&oldest);
        }
        let this = Use { digest, period };
        used.times.insert(this, now);
        used.in_order.push_back(this);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minute)
    }

    #[test]
    fn a_nonce_is_new_once_for_each_key_and_again_when_its_time_is_over() {
        let nonces = Nonces::default();
        assert!(nonces.remember("a", "n", at(0)));
        assert!(!nonces.remember("a", "n", at(0)));
        assert!(nonces.remember("b", "n", at(0)));
        assert!(!nonces.remember("a", "n", at(30)));
        assert!(nonces.remember("a", "n", at(31)));
    }

    #[test]
    fn a_nonce_stays_used_when_the_clock_is_moved_and_set_back() {
        let day = 24 * 60;
        // In the middle, at the start and at the end of a period, and before 1970.
        for start in [45, 60, 89, 0, -1] {
            let nonces = Nonces::default();
            assert!(nonces.remember("a", "n", at(start)));
            // Other requests on the next day, the same nonce among them.
            assert!(nonces.remember("a", "other", at(start + day)));
            assert!(nonces.remember("a", "n", at(start + day)));
            for minute in [start - 30, start, start + 30, start + day] {
                assert!(!nonces.remember("a", "n", at(minute)), "{start} {minute}");
            }
            assert!(nonces.remember("a", "n", at(start - 31)));
            assert!(nonces.remember("a", "n", at(start + 31)));
        }
    }

    #[test]
    fn the_oldest_are_forgotten_when_there_are_too_many() {
        let nonces = Nonces::default();
        // By order of use, whatever the clock showed.
        assert!(nonces.remember("a", "first", at(1_000_000)));
        for number in 0..CAPACITY {
            assert!(nonces.remember("a", &number.to_string(), at(0)));
        }
        let used = nonces.used.lock().unwrap();
        assert_eq!(
            (used.times.len(), used.in_order.len()),
            (CAPACITY, CAPACITY)
        );
        drop(used);
        assert!(!nonces.remember("a", "0", at(0)));
        assert!(nonces.remember("a", "first", at(1_000_000)));
    }
}
