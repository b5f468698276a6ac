//! A cache of the results of combined queries.
//!
//! A query with several values or keys, or with a part of a text, does not have its own list: its first
//! page scans a list. Clients then request the next pages, which are looked up here: the ids of all
//! matching secrets, oldest first, with the scope's number of changes. A scope counts its changes in
//! the transactions that make them, so a result is valid exactly if the reader's snapshot has the
//! same number.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::{Condition, PartCondition};

/// The part of a query that decides which secrets match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Selection {
    /// Normalized and sorted, so that equivalent selections are equal.
    pub conditions: Vec<Condition>,
    pub parts: Vec<PartCondition>,
}

/// The maximum size of all results in bytes: ids, and the texts of their conditions.
const CAPACITY: usize = 4_000_000;

/// The maximum number of results: a look-up is a linear search.
const MAX_RESULTS: usize = 64;

/// The results of the most recent queries.
#[derive(Default)]
pub(super) struct Results {
    /// Sorted by their last use, the latest last.
    entries: Mutex<VecDeque<CachedResult>>,
}

struct CachedResult {
    scope_id: i64,
    selection: Selection,
    changes: i64,
    ids: Arc<[i64]>,
}

impl CachedResult {
    fn size(&self) -> usize {
        let Selection { conditions, parts } = &self.selection;
        let conditions: usize = conditions.iter().map(text_size).sum();
        let parts = parts.iter().flat_map(PartCondition::parts);
        size_of_val(&*self.ids) + conditions + parts.map(String::len).sum::<usize>()
    }
}

/// The bytes of the texts in a condition.
fn text_size(condition: &Condition) -> usize {
    match condition {
        Condition::Name(texts)
        | Condition::TagKey(texts)
        | Condition::TagValue(texts)
        | Condition::Description(texts)
        | Condition::InstanceId(texts)
        | Condition::OwingService(texts)
        | Condition::Creator(texts) => texts.iter().map(String::len).sum(),
        Condition::Tag(tags) => tags.iter().map(|tag| tag.key.len() + tag.value.len()).sum(),
        Condition::Type(_) | Condition::State(_) | Condition::Encryption(_) => 0,
    }
}

impl Results {
    /// The ids of the selected secrets, if they were stored with this number of changes.
    pub(super) fn get(
        &self,
        scope_id: i64,
        changes: i64,
        selection: &Selection,
    ) -> Option<Arc<[i64]>> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let same =
            |entry: &CachedResult| entry.scope_id == scope_id && entry.selection == *selection;
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

    /// Stores a result, and drops the least recently used ones if there are too many.
    pub(super) fn put(&self, scope_id: i64, changes: i64, selection: Selection, ids: Arc<[i64]>) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.retain(|entry| entry.scope_id != scope_id || entry.selection != selection);
        entries.push_back(CachedResult {
            scope_id,
            selection,
            changes,
            ids,
        });
        while entries.len() > MAX_RESULTS
            || entries.len() > 1 && entries.iter().map(CachedResult::size).sum::<usize>() > CAPACITY
        {
            entries.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conditions(value: &str) -> Selection {
        Selection {
            conditions: vec![Condition::TagKey(vec![value.to_owned()])],
            parts: Vec::new(),
        }
    }

    #[test]
    fn selections_with_different_name_parts_differ() {
        let results = Results::default();
        results.put(1, 7, conditions("a"), vec![3].into());
        let part = Selection {
            parts: vec![PartCondition::Name(vec!["x".to_owned()])],
            ..conditions("a")
        };
        assert_eq!(results.get(1, 7, &part), None);
    }

    #[test]
    fn a_result_is_valid_for_its_scope_conditions_and_number_of_changes() {
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
            "an outdated result is dropped"
        );
    }

    #[test]
    fn the_least_recently_used_result_is_dropped_first() {
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
    fn the_number_of_results_is_limited() {
        let results = Results::default();
        for number in 0..=MAX_RESULTS {
            results.put(1, 1, conditions(&number.to_string()), Arc::new([]));
        }
        assert_eq!(results.entries.lock().unwrap().len(), MAX_RESULTS);
        assert!(results.get(1, 1, &conditions("0")).is_none());
        results.put(1, 1, conditions(&"long".repeat(CAPACITY)), Arc::new([]));
        assert_eq!(results.entries.lock().unwrap().len(), 1);
    }
}
