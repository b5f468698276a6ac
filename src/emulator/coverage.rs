//! Counts what clients made use of, so that a suite can tell what it touched, and how long it took.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clouds::outcome::Outcome;
use crate::emulator::metrics::Counts;
use crate::model::Cloud;

/// How many names that nobody has are remembered: of operations, and of parameters of each operation.
const MOST_UNKNOWN: usize = 100;

/// What was used since the start, or since it was last cleared.
#[derive(Debug, Default)]
pub struct Coverage {
    inner: Mutex<Inner>,
}

/// Both behind one lock, which each request takes once.
#[derive(Debug, Default)]
struct Inner {
    used: Used,
    /// From the start, never cleared.
    counts: Counts,
}

/// What was used.
#[derive(Debug, Clone, Default)]
pub struct Used {
    /// Of operations that the services have.
    pub operations: BTreeMap<(Cloud, &'static str), UsedOperation>,
    /// Names that no operation has, with the number of requests.
    pub unknown_actions: BTreeMap<(Cloud, String), u64>,
    /// Answers of requests that came to no operation, by their code.
    pub codes: BTreeMap<(Cloud, &'static str), u64>,
}

/// What was used of an operation.
#[derive(Debug, Clone, Default)]
pub struct UsedOperation {
    /// How often each code was answered, `OK` for success.
    pub codes: BTreeMap<&'static str, u64>,
    /// Which parameters were sent: a bit for each, in the order described.
    pub parameters: u64,
    /// Parameters sent that it does not have.
    pub unknown_parameters: BTreeSet<String>,
}

impl Coverage {
    /// Notes what a request used, and counts it.
    pub fn note(&self, cloud: Cloud, outcome: &Outcome, duration: Duration, fault: Option<u64>) {
        let mut inner = self.lock();
        inner.counts.add(cloud, outcome, duration, fault);
        let used = &mut inner.used;
        if let Some(name) = &outcome.unknown_action {
            let unknown = &mut used.unknown_actions;
            if let Some(count) = unknown.get_mut(&(cloud, name.clone())) {
                *count += 1;
            } else if unknown.len() < MOST_UNKNOWN {
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
            if operation.unknown_parameters.len() < MOST_UNKNOWN {
                operation.unknown_parameters.insert(ignored.name.clone());
            }
        }
    }

    /// All that was used.
    #[must_use]
    pub fn used(&self) -> Used {
        self.lock().used.clone()
    }

    /// All that was used, which is forgotten then.
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
