//! Remembers which requests were seen, so that none can be sent twice.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};

use crate::digest;

/// The most nonces remembered; the oldest are forgotten first. Some 20 MB.
const CAPACITY: usize = 100_000;

/// A time stamp may be 15 minutes off either way, so after twice that a nonce cannot come back.
const LIFETIME: TimeDelta = TimeDelta::minutes(30);

/// The nonces of the last half hour, in bounded memory.
#[derive(Debug, Default)]
pub struct Nonces {
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    digests: HashSet<String>,
    by_age: VecDeque<(DateTime<Utc>, String)>,
}

impl Nonces {
    /// Remembers a nonce of an access key. Returns whether it is new.
    pub fn remember(&self, access_key_id: &str, nonce: &str, now: DateTime<Utc>) -> bool {
        // A digest, because the text may be of any length.
        let digest = digest::sha256_hex(format!("{access_key_id}\n{nonce}").as_bytes());
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some((time, _)) = seen.by_age.front() {
            if now - *time <= LIFETIME && seen.by_age.len() < CAPACITY {
                break;
            }
            if let Some((_, oldest)) = seen.by_age.pop_front() {
                seen.digests.remove(&oldest);
            }
        }
        let new = seen.digests.insert(digest.clone());
        if new {
            seen.by_age.push_back((now, digest));
        }
        new
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
    fn the_oldest_are_forgotten_when_there_are_too_many() {
        let nonces = Nonces::default();
        for number in 0..=CAPACITY {
            assert!(nonces.remember("a", &number.to_string(), at(0)));
        }
        assert_eq!(nonces.seen.lock().unwrap().digests.len(), CAPACITY);
        assert!(!nonces.remember("a", &CAPACITY.to_string(), at(0)));
        assert!(nonces.remember("a", "0", at(0)));
    }
}
