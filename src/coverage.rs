//! Counts what clients made use of, so that a suite can tell what it touched.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use crate::context::Outcome;
use crate::model::Cloud;

/// How many names that nobody has are remembered: of operations, and of parameters of each operation.
const MOST_UNKNOWN: usize = 100;

/// What was used since the start, or since it was last cleared.
#[derive(Debug, Default)]
pub struct Coverage {
    inner: Mutex<Used>,
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
    /// Notes what a request used.
    pub fn note(&self, cloud: Cloud, outcome: &Outcome) {
        let mut used = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
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
        for name in &outcome.unknown_parameters {
            if operation.unknown_parameters.len() < MOST_UNKNOWN {
                operation.unknown_parameters.insert(name.clone());
            }
        }
    }

    /// All that was used.
    #[must_use]
    pub fn used(&self) -> Used {
        let used = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        used.clone()
    }

    /// All that was used, which is forgotten then.
    #[must_use]
    pub fn take(&self) -> Used {
        let mut used = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *used)
    }
}
