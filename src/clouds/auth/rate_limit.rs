//! Counts requests per second, for the rate limit.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

use crate::model::Scope;

/// Counts requests within each second of the clock.
#[derive(Debug, Default)]
pub struct RateLimiter {
    second: Mutex<Second>,
}

/// The requests of one second.
#[derive(Debug, Default)]
struct Second {
    number: i64,
    counts: HashMap<Caller, u32>,
}

/// The requests that are counted together.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Caller {
    scope: Scope,
    action: &'static str,
    access_key_id: String,
}

impl RateLimiter {
    /// Counts a request. Returns the number of requests in its second, including this one, with the same
    /// access key, action and scope.
    pub fn count(
        &self,
        scope: &Scope,
        action: &'static str,
        access_key_id: &str,
        now: DateTime<Utc>,
    ) -> u32 {
        let mut second = self.second.lock().unwrap_or_else(PoisonError::into_inner);
        if second.number != now.timestamp() {
            second.number = now.timestamp();
            second.counts.clear();
        }
        let caller = Caller {
            scope: scope.clone(),
            action,
            access_key_id: access_key_id.to_owned(),
        };
        let count = second.counts.entry(caller).or_default();
        *count = count.saturating_add(1);
        *count
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Cloud;

    #[test]
    fn requests_are_counted_by_second_key_action_and_scope() {
        let limiter = RateLimiter::default();
        let scope = |cloud, region: &str| Scope {
            cloud,
            account: "1".to_owned(),
            region: region.to_owned(),
        };
        let at = |second| DateTime::from_timestamp(second, 999_000_000).unwrap();
        let here = scope(Cloud::Tencent, "ap-guangzhou");
        assert_eq!(limiter.count(&here, "ListSecrets", "k", at(1)), 1);
        assert_eq!(limiter.count(&here, "ListSecrets", "k", at(1)), 2);
        assert_eq!(limiter.count(&here, "GetSecretValue", "k", at(1)), 1);
        assert_eq!(limiter.count(&here, "ListSecrets", "other", at(1)), 1);
        let elsewhere = scope(Cloud::Tencent, "ap-tokyo");
        assert_eq!(limiter.count(&elsewhere, "ListSecrets", "k", at(1)), 1);
        let other = scope(Cloud::Alibaba, "ap-guangzhou");
        assert_eq!(limiter.count(&other, "ListSecrets", "k", at(1)), 1);
        assert_eq!(limiter.count(&here, "ListSecrets", "k", at(1)), 3);
        assert_eq!(limiter.count(&here, "ListSecrets", "k", at(2)), 1);
    }
}
