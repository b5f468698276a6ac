//! Used nonces, so that a request cannot be replayed.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::clouds::digest;

/// The maximum number of nonces, which take about 15 MB. The first used are discarded first.
const CAPACITY: usize = 100_000;

/// A time stamp may differ by 15 minutes in either direction, so a request cannot be valid at two times that
/// are further apart.
const LIFETIME: TimeDelta = TimeDelta::minutes(30);

/// The last used nonces with the time of use, in bounded memory.
///
/// A nonce is not discarded after its lifetime, because the clock may be set back. Only newer nonces
/// displace it.
#[derive(Debug, Default)]
pub struct Nonces {
    used: Mutex<Used>,
}

/// A nonce in a period of [`LIFETIME`]. Two uses in one period are always too close.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Use {
    /// A digest of access key id and nonce, because these may be long.
    digest: [u8; 32],
    period: i64,
}

#[derive(Debug, Default)]
struct Used {
    times: HashMap<Use, DateTime<Utc>>,
    in_order: VecDeque<Use>,
}

impl Nonces {
    /// Records a nonce of an access key. Returns false if it was used within the lifetime before or after
    /// `now`.
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
    fn nonce_can_be_used_once_per_key_and_lifetime() {
        let nonces = Nonces::default();
        assert!(nonces.remember("a", "n", at(0)));
        assert!(!nonces.remember("a", "n", at(0)));
        assert!(nonces.remember("b", "n", at(0)));
        assert!(!nonces.remember("a", "n", at(30)));
        assert!(nonces.remember("a", "n", at(31)));
    }

    #[test]
    fn nonce_stays_invalid_after_the_clock_is_moved_and_set_back() {
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
    fn oldest_nonces_are_discarded_at_the_limit() {
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
