//! A cache of the lists that were used last, and of the positions of their markers, so that a page of an unchanged
//! list needs one statement or two.
//!
//! A list is cached with the [`Revision`] of the database and with its scope's number of changes. A transaction of the
//! same revision uses it as it is. Any other transaction reads the list again; if the number of changes is the same, in its
//! snapshot, the markers are still valid.
//!
//! The markers of the upper levels are few, and all pages need them. The more pages of one state of a list are read, the
//! more markers are worth keeping in memory, down to level 1.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;
use rusqlite::{Connection, params};

use super::blocks::has_blocks;
use super::{Extent, FANOUT_BITS, List, Range, SortKey};
use crate::model::Scope;
use crate::store::list_keys::{ListKey, ListName};
use crate::store::revisions::Revision;
use crate::store::rows::ScopeRow;

/// About the maximum number of cached markers of a list: reading them delays the other requests of the thread.
const MAX_MARKERS: u64 = if cfg!(test) { 32 } else { 16 * 1024 };

/// How many markers are worth reading for each page of one state of a list. Reading them is wasted if a secret changes
/// soon.
const MARKERS_PER_PAGE: u64 = if cfg!(test) { 2 } else { 16 };

/// The maximum number of cached lists.
const MAX_LISTS: usize = 16;

/// The cached lists.
#[derive(Default)]
pub(in crate::store) struct Positions {
    /// Sorted by their last use, the latest last.
    lists: Mutex<VecDeque<CachedList>>,
}

struct CachedList {
    scope: Scope,
    kind: u8,
    value: String,
    /// Absent if the list was not read from the only snapshot of a revision.
    revision: Option<Revision>,
    found: FoundList,
    /// The number of pages that were read of this state.
    pages: u64,
}

/// A list in a snapshot of the database.
#[derive(Clone)]
pub(in crate::store) struct FoundList {
    pub(in crate::store) scope: ScopeRow,
    pub(in crate::store) list: List,
    /// Whether its ranges have blocks.
    pub(in crate::store) has_blocks: bool,
    pub(in crate::store) markers: Option<Arc<UpperMarkers>>,
}

impl FoundList {
    pub(in crate::store) fn new(scope: ScopeRow, list: List, key: &ListKey) -> Self {
        Self {
            scope,
            list,
            has_blocks: list.levels > 0 && has_blocks(scope.cloud, key),
            markers: None,
        }
    }
}

impl CachedList {
    fn is(&self, scope: &Scope, key: &ListKey) -> bool {
        let (kind, value) = key.kind_and_value();
        self.kind == kind && self.value == value && self.scope == *scope
    }

    /// The level of markers to keep after this number of pages; absent for none.
    fn worthwhile_level(&self) -> Option<u32> {
        let most = MAX_MARKERS.min(self.pages.saturating_mul(MARKERS_PER_PAGE));
        let list = self.found.list;
        (1..=list.levels).find(|level| list.total >> (level * FANOUT_BITS) <= most)
    }

    /// The level of markers to read, if those that are kept are of an upper level.
    fn level_to_read(&self) -> Option<u32> {
        let kept = self.found.markers.as_ref().map(|markers| markers.level);
        self.worthwhile_level()
            .filter(|level| kept.is_none_or(|kept| *level < kept))
    }
}

impl Positions {
    /// The list with this key in a scope, as it is in the snapshot of this revision. Absent if it has to be read with
    /// [`List::find_in`] and [`Self::add_markers`].
    pub(in crate::store) fn get(
        &self,
        revision: Revision,
        scope: &Scope,
        key: &ListKey,
    ) -> Option<FoundList> {
        let mut lists = self.lists.lock();
        let index = lists.iter().rposition(|cached| cached.is(scope, key))?;
        if index + 1 < lists.len() {
            let used = lists.remove(index)?;
            lists.push_back(used);
        }
        let cached = lists.back_mut()?;
        if cached.revision != Some(revision) {
            return None;
        }
        cached.pages += 1;
        let is_complete = cached.level_to_read().is_none();
        is_complete.then(|| cached.found.clone())
    }

    /// Adds the cached markers to a list that a transaction has found, and reads them if it is worthwhile. The revision
    /// is that of the transaction; absent if its snapshot may be another.
    pub(in crate::store) fn add_markers(
        &self,
        connection: &Connection,
        revision: Option<Revision>,
        scope: &Scope,
        key: &ListKey,
        (list, row): (List, ScopeRow),
    ) -> rusqlite::Result<FoundList> {
        let mut lists = self.lists.lock();
        let index = lists.iter().position(|cached| cached.is(scope, key));
        let cached = index.and_then(|index| lists.remove(index));
        drop(lists);
        let found = |cached: &CachedList| (cached.found.scope, cached.found.list.id);
        let cached = cached.filter(|cached| found(cached) == (row, list.id));
        let mut cached = cached.unwrap_or_else(|| {
            let (kind, value) = key.kind_and_value();
            CachedList {
                scope: scope.clone(),
                kind,
                value: value.into_owned(),
                revision: None,
                found: FoundList::new(row, list, key),
                pages: 0,
            }
        });
        cached.revision = revision;
        cached.pages += 1;
        if let Some(level) = cached.level_to_read() {
            let markers = UpperMarkers::read(connection, list, level)?;
            cached.found.markers = Some(Arc::new(markers));
        }
        let found = cached.found.clone();
        let mut lists = self.lists.lock();
        lists.retain(|cached| !cached.is(scope, key));
        lists.push_back(cached);
        if lists.len() > MAX_LISTS {
            lists.pop_front();
        }
        Ok(found)
    }
}

/// The markers of one level.
pub(in crate::store) struct UpperMarkers {
    pub(super) level: u32,
    /// The index of the first member of each range.
    firsts: Vec<u64>,
    /// The key from which each range begins.
    starts: Vec<SortKey>,
    /// The id of the block of each range that has one.
    block_ids: Vec<Option<i64>>,
    total: u64,
}

impl UpperMarkers {
    fn read(connection: &Connection, list: List, level: u32) -> rusqlite::Result<Self> {
        let mut statement = connection.prepare_cached(
            "SELECT created_at, tie_break, count, block_id FROM list_markers
             WHERE list_id = ?1 AND level = ?2 ORDER BY created_at, tie_break",
        )?;
        let mut rows = statement.query(params![list.id, level])?;
        let mut markers = Self {
            level,
            firsts: Vec::new(),
            starts: Vec::new(),
            block_ids: Vec::new(),
            total: list.total,
        };
        let mut index = 0;
        while let Some(row) = rows.next()? {
            markers.firsts.push(index);
            markers.starts.push(SortKey::from_row(row)?);
            markers.block_ids.push(row.get(3)?);
            index += row.get::<_, Extent>(2)?.count(list.total);
        }
        Ok(markers)
    }

    /// The ids of the blocks from the range with the member of this index on, and the offset of the member in that range.
    /// Absent if these are markers of an upper level.
    pub(super) fn blocks_from(&self, index: u64) -> Option<(&[Option<i64>], u64)> {
        if self.level != 1 {
            return None;
        }
        let range = self.range_at(index)?;
        let first = self.firsts.get(range)?;
        Some((self.block_ids.get(range..)?, index - first))
    }

    /// The number of the range with the member of this index.
    fn range_at(&self, index: u64) -> Option<usize> {
        let ranges = self.firsts.partition_point(|first| *first <= index);
        ranges.checked_sub(1)
    }

    /// The range with the member of this index, and the offset of the member in it.
    pub(super) fn range_of(&self, index: u64) -> Option<(Range, u64)> {
        let at = self.range_at(index)?;
        let (first, start) = (*self.firsts.get(at)?, self.starts.get(at)?.clone());
        let end_index = self.firsts.get(at + 1).copied().unwrap_or(self.total);
        let end = self
            .starts
            .get(at + 1)
            .cloned()
            .unwrap_or_else(SortKey::end);
        let range = Range {
            start,
            end,
            count: end_index - first,
        };
        Some((range, index - first))
    }
}
