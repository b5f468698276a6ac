//! Coverage: the operations, parameters and error codes that clients have used. Also has the counters of
//! the metrics.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clouds::outcome::Outcome;
use crate::emulator::metrics::Counts;
use crate::model::Cloud;

/// The maximum number of unknown names to store: of operations, and of parameters per operation.
const MAX_UNKNOWN: usize = 100;

/// The coverage since the start, or since it was last cleared.
#[derive(Debug, Default)]
pub struct Coverage {
    inner: Mutex<Inner>,
}

/// Coverage and counters share a lock, which each request takes once.
#[derive(Debug, Default)]
struct Inner {
    used: Used,
    /// Since the start; never cleared.
    counts: Counts,
}

/// The used operations and codes.
#[derive(Debug, Clone, Default)]
pub struct Used {
    /// The used operations.
    pub operations: BTreeMap<(Cloud, &'static str), UsedOperation>,
    /// Unknown action names, with the number of requests.
    pub unknown_actions: BTreeMap<(Cloud, String), u64>,
    /// The codes of replies to requests without a known operation, with their numbers.
    pub codes: BTreeMap<(Cloud, &'static str), u64>,
}

/// The use of an operation.
#[derive(Debug, Clone, Default)]
pub struct UsedOperation {
    /// The codes of its replies with their numbers; `OK` for success.
    pub codes: BTreeMap<&'static str, u64>,
    /// The used parameters: one bit for each, in the order of the description.
    pub parameters: u64,
    /// Unknown parameters of requests.
    pub unknown_parameters: BTreeSet<String>,
}

impl Coverage {
    /// Records a request.
    pub fn note(&self, cloud: Cloud, outcome: &Outcome, duration: Duration, fault: Option<u64>) {
        let mut inner = self.lock();
        inner.counts.add(cloud, outcome, duration, fault);
        let used = &mut inner.used;
        if let Some(name) = &outcome.unknown_action {
            let unknown = &mut used.unknown_actions;
            if let Some(count) = unknown.get_mut(&(cloud, name.clone())) {
                *count += 1;
            } else if unknown.len() < MAX_UNKNOWN {
                unknown.insert((cloud, name.clone()), 1);
            }
        }
        let Some(action) = outcome.action else {
            *used.codes.entry((cloud, outcome.code)).or_default() += 1;
            return;
        };
        let operation = used.operations.entry((cloud, action)).or_default();
        *operation.codes.entry(outcome.code).or_default() += 1;
        operation.parameters |= outcome.parameters;
        for ignored in &outcome.ignored {
            if operation.unknown_parameters.len() < MAX_UNKNOWN {
                operation.unknown_parameters.insert(ignored.name.clone());
            }
        }
    }

    /// The coverage.
    #[must_use]
    pub fn used(&self) -> Used {
        self.lock().used.clone()
    }

    /// The coverage, which is cleared.
    #[must_use]
    pub fn take(&self) -> Used {
        std::mem::take(&mut self.lock().used)
    }

    /// The counters.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.lock().counts.clone()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
