//! Fault rules, which make requests fail, delay replies or cut them.
//!
//! Rules are tried in the order in which they were added. The first rule that fires handles the request; later
//! rules neither see nor count it. Without rules a request costs one read of an atomic flag.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rand::rngs::{StdRng, SysRng};
use rand::{RngExt, SeedableRng, TryRng};
use wildmatch::WildMatch;

use super::injected_error::InjectedError;
use crate::clouds::RequestProperties;
use crate::clouds::description::ErrorSample;
use crate::model::Cloud;

/// The maximum number of rules: each request is compared with all of them, on the thread that serves it.
pub const MAX_RULES: usize = 256;

/// The maximum length of a pattern, and of a secret name that is compared with one: the time of matching grows
/// with their product. No secret has a longer name.
pub const MAX_PATTERN_CHARACTERS: usize = 256;
const MAX_NAME_BYTES: usize = 256;

/// The conditions of a rule. All given ones must hold.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Match {
    /// The cloud.
    pub cloud: Option<Cloud>,
    /// The operation.
    pub action: Option<String>,
    /// A pattern for the name of the secret: `*` matches any text, `?` one character.
    pub secret: Option<String>,
    /// The id of the access key.
    pub access_key_id: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// Only the n-th of the requests that match the conditions above, counted from 1.
    pub nth: Option<u64>,
    /// Every n-th of the requests that match the conditions above.
    pub every: Option<u64>,
    /// The probability with which the rule fires for each request that matches, from 0 to 1.
    pub probability: Option<f64>,
    /// The seed of the random numbers: the same seed gives the same sequence.
    pub seed: Option<u64>,
}

/// The effects of a rule.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Effect {
    /// The error to return.
    pub error: Option<InjectedError>,
    /// The minimum delay.
    pub latency_min: Duration,
    /// The maximum delay; delays are uniformly distributed.
    pub latency_max: Duration,
    /// Whether to reset the connection instead of sending a reply.
    pub reset: bool,
    /// Cut the body of the reply after this many bytes.
    pub truncate: Option<usize>,
    /// Whether the operation is executed before the error, the reset or the latency.
    pub after: bool,
}

/// A rule with its counters.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The id of the rule.
    pub id: u64,
    /// The conditions.
    pub matches: Match,
    /// The effects.
    pub effect: Effect,
    /// How often the rule fires; unlimited if absent.
    pub times: Option<u64>,
    /// The number of requests that matched, whether or not the rule fired.
    pub seen: u64,
    /// How often the rule fired.
    pub hits: u64,
}

/// A rule with its random numbers and its compiled pattern.
#[derive(Debug)]
struct ActiveRule {
    rule: Rule,
    random: Random,
    pattern: Option<WildMatch>,
}

/// A rule that fired for a request, with its effects on this request.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct FiredRule {
    /// The id of the rule.
    pub id: u64,
    /// The error to return.
    pub error: Option<Arc<ErrorSample>>,
    /// The delay. The server waits before the operation is executed, or before it sends the reply (`after`).
    pub latency: Duration,
    /// Whether the connection is reset.
    pub reset: bool,
    /// Cut the body after this many bytes.
    pub truncate: Option<usize>,
    /// Whether the operation is executed first.
    pub after: bool,
}

/// The random numbers of a rule.
struct Random(StdRng);

impl fmt::Debug for Random {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Random")
    }
}

impl Random {
    fn new(seed: Option<u64>) -> Self {
        let seed = seed.or_else(|| SysRng.try_next_u64().ok());
        Self(StdRng::seed_from_u64(seed.unwrap_or_default()))
    }
}

/// The fault rules of a server.
#[derive(Debug, Default)]
pub struct Faults {
    any: AtomicBool,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    added: u64,
    rules: Vec<ActiveRule>,
}

impl Faults {
    /// Adds a rule after the others and returns it; absent if there are [`MAX_RULES`].
    pub fn add(&self, matches: Match, effect: Effect, times: Option<u64>) -> Option<Rule> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.rules.len() >= MAX_RULES {
            return None;
        }
        inner.added += 1;
        let rule = Rule {
            id: inner.added,
            matches,
            effect,
            times,
            seen: 0,
            hits: 0,
        };
        inner.rules.push(ActiveRule {
            rule: rule.clone(),
            random: Random::new(rule.matches.seed),
            pattern: rule.matches.secret.as_deref().map(WildMatch::new),
        });
        self.any.store(true, Ordering::SeqCst);
        Some(rule)
    }

    /// The rules, in the order in which they are tried.
    #[must_use]
    pub fn all(&self) -> Vec<Rule> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner
            .rules
            .iter()
            .map(|active| active.rule.clone())
            .collect()
    }

    /// Removes the rules that `is_removed` selects, and returns them.
    pub fn remove(&self, is_removed: impl Fn(&Rule) -> bool) -> Vec<Rule> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let removed = inner
            .rules
            .extract_if(.., |active| is_removed(&active.rule));
        let removed = removed.map(|active| active.rule).collect();
        self.any.store(!inner.rules.is_empty(), Ordering::SeqCst);
        removed
    }

    /// The first rule that fires for a request; absent if none does. Counts the request.
    pub fn fire(&self, request: &(impl RequestProperties + ?Sized)) -> Option<FiredRule> {
        if !self.any.load(Ordering::SeqCst) {
            return None;
        }
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner
            .rules
            .iter_mut()
            .find_map(|active| active.fire(request))
    }
}

impl ActiveRule {
    fn fire(&mut self, request: &(impl RequestProperties + ?Sized)) -> Option<FiredRule> {
        let cloud = request.cloud();
        let error = match &self.rule.effect.error {
            // A credential source returns no errors of the cloud's API, unless the rule names it.
            Some(error)
                if error.is_documented
                    && self.rule.matches.action.is_none()
                    && request.is_for_credential_source() =>
            {
                return None;
            }
            // A rule with a documented error applies to the clouds that document it.
            Some(error) => Some(error.of(cloud, request.action())?),
            None => None,
        };
        if !self.matches(cloud, request) {
            return None;
        }
        self.rule.seen += 1;
        let Match {
            nth,
            every,
            probability,
            ..
        } = self.rule.matches;
        let fires = self.rule.times.is_none_or(|times| self.rule.hits < times)
            && nth.is_none_or(|nth| self.rule.seen == nth)
            && every.is_none_or(|every| self.rule.seen.is_multiple_of(every))
            && probability.is_none_or(|probability| self.random.0.random_bool(probability));
        if !fires {
            return None;
        }
        self.rule.hits += 1;
        let Effect {
            latency_min,
            latency_max,
            reset,
            truncate,
            after,
            ..
        } = self.rule.effect;
        Some(FiredRule {
            id: self.rule.id,
            error,
            latency: self.random.0.random_range(latency_min..=latency_max),
            reset,
            truncate,
            after,
        })
    }

    fn matches(&self, cloud: Cloud, request: &(impl RequestProperties + ?Sized)) -> bool {
        let Match {
            cloud: wanted,
            action,
            access_key_id,
            region,
            ..
        } = &self.rule.matches;
        wanted.is_none_or(|wanted| wanted == cloud)
            && action
                .as_deref()
                .is_none_or(|action| request.action() == Some(action))
            && (access_key_id.is_none() || request.access_key_id() == access_key_id.as_deref())
            && (region.is_none() || request.region() == *region)
            && self.pattern.as_ref().is_none_or(|pattern| {
                request
                    .secret_name()
                    .is_some_and(|name| name.len() <= MAX_NAME_BYTES && pattern.matches(name))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Request(&'static str);

    impl RequestProperties for Request {
        fn cloud(&self) -> Cloud {
            Cloud::Alibaba
        }
        fn action(&self) -> Option<&'static str> {
            Some("GetSecretValue")
        }
        fn secret_name(&self) -> Option<&str> {
            Some(self.0)
        }
        fn access_key_id(&self) -> Option<&str> {
            Some("test")
        }
        fn region(&self) -> Option<String> {
            Some("cn-hangzhou".to_owned())
        }
    }

    fn reset() -> Effect {
        Effect {
            reset: true,
            ..Effect::default()
        }
    }

    fn pattern_of_hits(matches: Match, times: Option<u64>, requests: u32) -> String {
        let faults = Faults::default();
        faults.add(matches, reset(), times);
        (0..requests)
            .map(|_| match faults.fire(&Request("db/password")) {
                Some(_) => 'x',
                None => '.',
            })
            .collect()
    }

    #[test]
    fn a_rule_fires_for_the_requests_that_match_and_at_most_times() {
        let nothing = Match::default;
        for (matches, times, hits) in [
            (nothing(), None, "xxxxxx"),
            (nothing(), Some(2), "xx...."),
            (
                Match {
                    nth: Some(3),
                    ..nothing()
                },
                None,
                "..x...",
            ),
            (
                Match {
                    every: Some(2),
                    ..nothing()
                },
                None,
                ".x.x.x",
            ),
            (
                Match {
                    every: Some(2),
                    ..nothing()
                },
                Some(1),
                ".x....",
            ),
            (
                Match {
                    probability: Some(0.0),
                    ..nothing()
                },
                None,
                "......",
            ),
            (
                Match {
                    probability: Some(1.0),
                    ..nothing()
                },
                None,
                "xxxxxx",
            ),
            (
                Match {
                    cloud: Some(Cloud::Tencent),
                    ..nothing()
                },
                None,
                "......",
            ),
            (
                Match {
                    action: Some("GetSecretValue".to_owned()),
                    ..nothing()
                },
                None,
                "xxxxxx",
            ),
            (
                Match {
                    action: Some("getSecretValue".to_owned()),
                    ..nothing()
                },
                None,
                "......",
            ),
            (
                Match {
                    access_key_id: Some("other".to_owned()),
                    ..nothing()
                },
                None,
                "......",
            ),
            (
                Match {
                    secret: Some("db/*".to_owned()),
                    ..nothing()
                },
                None,
                "xxxxxx",
            ),
            (
                Match {
                    secret: Some("db/passwor?".to_owned()),
                    ..nothing()
                },
                None,
                "xxxxxx",
            ),
            (
                Match {
                    secret: Some("db".to_owned()),
                    ..nothing()
                },
                None,
                "......",
            ),
        ] {
            assert_eq!(
                pattern_of_hits(matches.clone(), times, 6),
                hits,
                "{matches:?}"
            );
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_hits() {
        let of_seed = |seed| {
            let matches = Match {
                probability: Some(0.5),
                seed: Some(seed),
                ..Match::default()
            };
            pattern_of_hits(matches, None, 64)
        };
        assert_eq!(of_seed(7), of_seed(7));
        assert_ne!(of_seed(7), of_seed(8));
        assert!(of_seed(7).contains('x') && of_seed(7).contains('.'));
    }

    #[test]
    fn later_rules_do_not_count_a_request_for_which_a_rule_fired() {
        let faults = Faults::default();
        let first = faults.add(Match::default(), reset(), Some(1)).unwrap();
        let second = faults.add(Match::default(), reset(), None).unwrap();
        assert_eq!(faults.fire(&Request("a")).unwrap().id, first.id);
        assert_eq!(faults.fire(&Request("a")).unwrap().id, second.id);
        let counts: Vec<_> = faults
            .all()
            .iter()
            .map(|rule| (rule.seen, rule.hits))
            .collect();
        assert_eq!(counts, [(2, 1), (1, 1)]);
        assert_eq!(faults.remove(|rule| rule.id == first.id).len(), 1);
        assert_eq!(faults.remove(|_| true).len(), 1);
        assert_eq!(faults.fire(&Request("a")), None);
    }

    #[test]
    fn a_random_latency_is_between_its_bounds() {
        let faults = Faults::default();
        let effect = Effect {
            latency_min: Duration::from_millis(10),
            latency_max: Duration::from_millis(20),
            ..Effect::default()
        };
        faults.add(Match::default(), effect, None);
        for _ in 0..50 {
            let latency = faults.fire(&Request("a")).unwrap().latency;
            assert!((10..=20).contains(&latency.as_millis()), "{latency:?}");
        }
    }
}
