//! Faults on order: rules that make requests fail, slow or break off.
//!
//! A rule says which requests it is for, what happens to them, and how often. Rules are tried in the
//! order in which they were added; the first that fires has the request to itself, and the later ones
//! neither see nor count it. While there are no rules, asking costs a request one look at a flag.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rand::rngs::{StdRng, SysRng};
use rand::{RngExt, SeedableRng, TryRng};
use wildmatch::WildMatch;

use crate::clouds::RequestFacts;
use crate::clouds::description::ErrorSample;
use crate::model::Cloud;

/// The most rules at a time: each request is compared with all of them, on the thread that serves it.
pub const MOST_RULES: usize = 256;

/// The most characters of a pattern, and bytes of a secret name that is compared with it: matching
/// takes time in proportion to their product. No secret has a longer name.
pub const MOST_PATTERN_CHARACTERS: usize = 256;
const MOST_NAME_BYTES: usize = 256;

/// Which requests a rule is for. What is absent holds for any.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Match {
    /// The cloud they are for.
    pub cloud: Option<Cloud>,
    /// The operation they ask for.
    pub action: Option<String>,
    /// The name of the secret they are about: `*` stands for any characters, `?` for one.
    pub secret: Option<String>,
    /// The id of the access key they name.
    pub access_key_id: Option<String>,
    /// Of those that all the above holds for, only this one, counted from 1.
    pub nth: Option<u64>,
    /// Of those that all the above holds for, each that this number divides.
    pub every: Option<u64>,
    /// How likely each of them is hit, from 0 to 1.
    pub probability: Option<f64>,
    /// What the chance is drawn from: the same seed gives the same sequence.
    pub seed: Option<u64>,
}

/// What happens to the requests of a rule.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Effect {
    /// They are answered with this error.
    pub error: Option<ErrorOfClouds>,
    /// They take longer by a time from this one …
    pub latency_min: Duration,
    /// … to this one, all equally likely.
    pub latency_max: Duration,
    /// Their connection is reset in place of a reply.
    pub reset: bool,
    /// Their replies break off behind this many bytes of the body.
    pub truncate: Option<usize>,
    /// Whether an error or a reset comes after the work is done, and a latency after it.
    pub after: bool,
}

/// An error code as clouds document it: on one of them, or on several.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorOfClouds(pub Vec<(Cloud, Arc<ErrorSample>)>);

impl ErrorOfClouds {
    /// The error of this cloud.
    #[must_use]
    pub fn of(&self, cloud: Cloud) -> Option<Arc<ErrorSample>> {
        let (_, error) = self.0.iter().find(|(of, _)| *of == cloud)?;
        Some(Arc::clone(error))
    }
}

/// A rule with its counters.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its number.
    pub id: u64,
    /// Which requests it is for.
    pub matches: Match,
    /// What happens to them.
    pub effect: Effect,
    /// How often it fires; without end when absent.
    pub times: Option<u64>,
    /// How many requests it was for, whether or not it fired.
    pub seen: u64,
    /// How often it fired.
    pub hits: u64,
}

/// A rule at work.
#[derive(Debug)]
struct Active {
    rule: Rule,
    chance: Chance,
    pattern: Option<WildMatch>,
}

/// What happens to one request.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Strike {
    /// The rule that decided it.
    pub rule: u64,
    /// The error to answer.
    pub error: Option<Arc<ErrorSample>>,
    /// How much longer it takes.
    pub latency: Duration,
    /// Whether its connection is reset.
    pub reset: bool,
    /// Where its body breaks off.
    pub truncate: Option<usize>,
    /// Whether the work is done first.
    pub after: bool,
}

/// Draws whether a rule fires and how long it takes.
struct Chance(StdRng);

impl fmt::Debug for Chance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Chance")
    }
}

impl Chance {
    fn new(seed: Option<u64>) -> Self {
        let seed = seed.or_else(|| SysRng.try_next_u64().ok());
        Self(StdRng::seed_from_u64(seed.unwrap_or_default()))
    }
}

/// The rules of a server.
#[derive(Debug, Default)]
pub struct Faults {
    any: AtomicBool,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    added: u64,
    rules: Vec<Active>,
}

impl Faults {
    /// Adds a rule after the others and returns it; absent when there are [`MOST_RULES`].
    pub fn add(&self, matches: Match, effect: Effect, times: Option<u64>) -> Option<Rule> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        if inner.rules.len() >= MOST_RULES {
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
        inner.rules.push(Active {
            rule: rule.clone(),
            chance: Chance::new(rule.matches.seed),
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

    /// Removes the rules that `which` holds for, and returns them.
    pub fn remove(&self, which: impl Fn(&Rule) -> bool) -> Vec<Rule> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let removed = inner.rules.extract_if(.., |active| which(&active.rule));
        let removed = removed.map(|active| active.rule).collect();
        self.any.store(!inner.rules.is_empty(), Ordering::SeqCst);
        removed
    }

    /// What happens to a request; absent when no rule fires.
    pub fn strike(&self, request: &(impl RequestFacts + ?Sized)) -> Option<Strike> {
        if !self.any.load(Ordering::SeqCst) {
            return None;
        }
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner
            .rules
            .iter_mut()
            .find_map(|active| active.strike(request))
    }
}

impl Active {
    fn strike(&mut self, request: &(impl RequestFacts + ?Sized)) -> Option<Strike> {
        let cloud = request.cloud();
        let error = match &self.rule.effect.error {
            // A rule with an error is for the clouds that document it.
            Some(error) => Some(error.of(cloud)?),
            None => None,
        };
        if !self.is_for(cloud, request) {
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
            && probability.is_none_or(|probability| self.chance.0.random_bool(probability));
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
        Some(Strike {
            rule: self.rule.id,
            error,
            latency: self.chance.0.random_range(latency_min..=latency_max),
            reset,
            truncate,
            after,
        })
    }

    fn is_for(&self, cloud: Cloud, request: &(impl RequestFacts + ?Sized)) -> bool {
        let Match {
            cloud: wanted,
            action,
            access_key_id,
            ..
        } = &self.rule.matches;
        wanted.is_none_or(|wanted| wanted == cloud)
            && action
                .as_deref()
                .is_none_or(|action| request.action() == Some(action))
            && (access_key_id.is_none() || request.access_key_id() == access_key_id.as_deref())
            && self.pattern.as_ref().is_none_or(|pattern| {
                request
                    .secret_name()
                    .is_some_and(|name| name.len() <= MOST_NAME_BYTES && pattern.matches(name))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Request(&'static str);

    impl RequestFacts for Request {
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
            .map(|_| match faults.strike(&Request("db/password")) {
                Some(_) => 'x',
                None => '.',
            })
            .collect()
    }

    #[test]
    fn a_rule_fires_as_often_and_at_such_requests_as_it_says() {
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
    fn the_first_rule_that_fires_has_the_request_to_itself() {
        let faults = Faults::default();
        let first = faults.add(Match::default(), reset(), Some(1)).unwrap();
        let second = faults.add(Match::default(), reset(), None).unwrap();
        assert_eq!(faults.strike(&Request("a")).unwrap().rule, first.id);
        assert_eq!(faults.strike(&Request("a")).unwrap().rule, second.id);
        let counts: Vec<_> = faults
            .all()
            .iter()
            .map(|rule| (rule.seen, rule.hits))
            .collect();
        assert_eq!(counts, [(2, 1), (1, 1)]);
        assert_eq!(faults.remove(|rule| rule.id == first.id).len(), 1);
        assert_eq!(faults.remove(|_| true).len(), 1);
        assert_eq!(faults.strike(&Request("a")), None);
    }

    #[test]
    fn a_latency_is_drawn_between_its_ends() {
        let faults = Faults::default();
        let effect = Effect {
            latency_min: Duration::from_millis(10),
            latency_max: Duration::from_millis(20),
            ..Effect::default()
        };
        faults.add(Match::default(), effect, None);
        for _ in 0..50 {
            let latency = faults.strike(&Request("a")).unwrap().latency;
            assert!((10..=20).contains(&latency.as_millis()), "{latency:?}");
        }
    }
}
