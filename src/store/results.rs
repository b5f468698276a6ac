//! Remembers what a combined query found, for as long as nothing changes.
//!
//! A query for several values or keys, or for a part of a value, has no list of its own: its first page costs a walk over a
//! list. Clients then ask for the second page, and the third. Their cost is a look-up here: the ids
//! of all that matched, oldest first, with the number of changes that its scope had seen. A scope counts
//! its changes in the transactions that make them, so a result is as good as new exactly when the
//! reader's snapshot shows the same number.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::Condition;

/// What a query looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selection {
    /// Sorted, so that the same ones are equal.
    pub conditions: Vec<Condition>,
    pub containing: Vec<Condition>,
}

/// The most that all results together may take, in bytes: ids, and the conditions that lead to them.
const CAPACITY: usize = 4_000_000;

/// The most results; each is looked at to find one.
const MOST_RESULTS: usize = 64;

/// The results of the latest queries.
#[derive(Default)]
pub(super) struct Results {
    /// The latest last.
    entries: Mutex<VecDeque<Entry>>,
}

struct Entry {
    scope_id: i64,
    selection: Selection,
    changes: i64,
    ids: Arc<[i64]>,
}

impl Entry {
    fn size(&self) -> usize {
        let Selection {
            conditions,
            containing,
        } = &self.selection;
        let conditions = conditions.iter().chain(containing);
        let values = conditions.flat_map(|condition| &condition.any_of);
        size_of_val(&*self.ids) + values.map(String::len).sum::<usize>()
    }
}

impl Results {
    /// The ids of what is looked for, if they were found when the scope had seen as many
    /// changes as now.
    pub fn get(&self, scope_id: i64, changes: i64, selection: &Selection) -> Option<Arc<[i64]>> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |entry: &Entry| entry.scope_id == scope_id && entry.selection == *selection;
        let entry = entries
            .iter()
            .position(same)
            .and_then(|index| entries.remove(index))?;
        if entry.changes != changes {
            return None;
        }
        let ids = Arc::clone(&entry.ids);
        entries.push_back(entry);
        Some(ids)
    }

    /// Remembers a result, and forgets the oldest when there are too many.
    pub fn put(&self, scope_id: i64, changes: i64, selection: Selection, ids: Arc<[i64]>) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|entry| entry.scope_id != scope_id || entry.selection != selection);
        entries.push_back(Entry {
            scope_id,
            selection,
            changes,
            ids,
        });
        while entries.len() > MOST_RESULTS
            || entries.len() > 1 && entries.iter().map(Entry::size).sum::<usize>() > CAPACITY
        {
            entries.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Attribute;

    fn conditions(value: &str) -> Selection {
        Selection {
            conditions: vec![Condition {
                attribute: Attribute::TagKey,
                any_of: vec![value.to_owned()],
            }],
            containing: Vec::new(),
        }
    }

    #[test]
    fn a_part_of_the_name_makes_another_selection() {
        let results = Results::default();
        results.put(1, 7, conditions("a"), vec![3].into());
        let part = Selection {
            containing: conditions("x").conditions,
            ..conditions("a")
        };
        assert_eq!(results.get(1, 7, &part), None);
    }

    #[test]
    fn a_result_is_good_for_its_scope_its_conditions_and_its_moment() {
        let results = Results::default();
        results.put(1, 7, conditions("a"), vec![3, 4].into());
        assert_eq!(
            results.get(1, 7, &conditions("a")).as_deref(),
            Some(&[3, 4][..])
        );
        assert_eq!(results.get(2, 7, &conditions("a")), None);
        assert_eq!(results.get(1, 7, &conditions("b")), None);
        assert_eq!(results.get(1, 8, &conditions("a")), None);
        assert_eq!(
            results.get(1, 7, &conditions("a")),
            None,
            "the past does not come back"
        );
    }

    #[test]
    fn the_result_not_asked_for_the_longest_goes_first() {
        let results = Results::default();
        let third: Arc<[i64]> = vec![0; CAPACITY / size_of::<i64>() / 3 + 1].into();
        results.put(1, 1, conditions("a"), Arc::clone(&third));
        results.put(1, 1, conditions("b"), Arc::clone(&third));
        assert!(results.get(1, 1, &conditions("a")).is_some());
        results.put(1, 1, conditions("c"), third);
        assert!(results.get(1, 1, &conditions("a")).is_some());
        assert!(results.get(1, 1, &conditions("b")).is_none());
        assert!(results.get(1, 1, &conditions("c")).is_some());
    }

    #[test]
    fn many_small_results_do_not_pile_up() {
        let results = Results::default();
        for number in 0..=MOST_RESULTS {
            results.put(1, 1, conditions(&number.to_string()), Arc::new([]));
        }
        assert_eq!(results.entries.lock().unwrap().len(), MOST_RESULTS);
        assert!(results.get(1, 1, &conditions("0")).is_none());
        results.put(1, 1, conditions(&"long".repeat(CAPACITY)), Arc::new([]));
        assert_eq!(results.entries.lock().unwrap().len(), 1);
    }
}
