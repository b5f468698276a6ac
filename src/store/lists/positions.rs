//! A cache of the positions of markers, so that [`List::seek`] reads fewer of them.
//!
//! The markers of the upper levels are few, and all pages of a list need them. After several pages of one state of a
//! list, the lowest level with at most about [`MAX_MARKERS`] markers is kept in memory.
//!
//! The key of a state has the scope's number of changes, from the snapshot that is read, as in
//! [`results`](super::super::results). So a cached state can never be outdated.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;
use rusqlite::{Connection, params};

use super::{FANOUT_BITS, List, Range, SortKey};
use crate::store::rows::ScopeRow;

/// About the maximum number of cached markers of a list. A marker is as long as the name of a secret.
const MAX_MARKERS: u64 = if cfg!(test) { 4 } else { 1024 };

/// The maximum number of lists with cached markers.
const MAX_LISTS: usize = 16;

/// The page of one state of a list for which the markers are read. Reading them takes longer than seeking one page, which
/// is wasted if a secret changes soon.
const READING_PAGE: u32 = if cfg!(test) { 2 } else { 16 };

/// The cached markers of the lists that were used last.
#[derive(Default)]
pub(in crate::store) struct Positions {
    /// Sorted by their last use, the latest last.
    lists: Mutex<VecDeque<CachedList>>,
}

/// A state of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    scope_id: i64,
    list_id: i64,
    changes: i64,
}

struct CachedList {
    state: State,
    /// The number of pages that were read of this state.
    pages: u32,
    markers: Option<Arc<UpperMarkers>>,
}

/// The markers of one level.
pub(in crate::store) struct UpperMarkers {
    pub(super) level: u32,
    /// The index of the first member of each range, and the key from which the range begins.
    starts: Vec<(u64, SortKey)>,
    total: u64,
}

impl Positions {
    /// The markers of one level of a list, in the snapshot that `scope` and `list` were read from; absent if they are
    /// not worth reading.
    pub(in crate::store) fn of(
        &self,
        connection: &Connection,
        scope: ScopeRow,
        list: List,
    ) -> rusqlite::Result<Option<Arc<UpperMarkers>>> {
        let level = cached_level(list);
        if level > list.levels {
            return Ok(None);
        }
        let state = State {
            scope_id: scope.id,
            list_id: list.id,
            changes: scope.changes,
        };
        let (pages, markers) = self.count_page(state);
        if markers.is_some() || pages != READING_PAGE {
            return Ok(markers);
        }
        let markers = Arc::new(UpperMarkers::read(connection, list, level)?);
        let mut lists = self.lists.lock();
        if let Some(cached) = lists.iter_mut().find(|cached| cached.state == state) {
            cached.markers = Some(Arc::clone(&markers));
        }
        Ok(Some(markers))
    }

    /// Counts a page of a list. Returns the number of its pages in this state, and the cached markers.
    fn count_page(&self, state: State) -> (u32, Option<Arc<UpperMarkers>>) {
        let mut lists = self.lists.lock();
        let index = lists.iter().position(|cached| {
            (cached.state.scope_id, cached.state.list_id) == (state.scope_id, state.list_id)
        });
        let cached = index.and_then(|index| lists.remove(index));
        let mut cached = cached
            .filter(|cached| cached.state == state)
            .unwrap_or(CachedList {
                state,
                pages: 0,
                markers: None,
            });
        cached.pages = cached.pages.saturating_add(1);
        let found = (cached.pages, cached.markers.clone());
        lists.push_back(cached);
        if lists.len() > MAX_LISTS {
            lists.pop_front();
        }
        found
    }
}

/// The lowest level that has few enough markers, by its expected number.
fn cached_level(list: List) -> u32 {
    let mut level = 1;
    while list.total >> (level * FANOUT_BITS) > MAX_MARKERS {
        level += 1;
    }
    level
}

impl UpperMarkers {
    fn read(connection: &Connection, list: List, level: u32) -> rusqlite::Result<Self> {
        let mut statement = connection.prepare_cached(
            "SELECT created_at, tie_break, count FROM list_markers WHERE list_id = ?1 AND level = ?2
             ORDER BY created_at, tie_break",
        )?;
        let mut rows = statement.query(params![list.id, level])?;
        let (mut starts, mut index) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            starts.push((index, SortKey::from_row(row)?));
            index += row.get::<_, u64>(2)?;
        }
        Ok(Self {
            level,
            starts,
            total: index,
        })
    }

    /// The range with the member of this index, and the offset of the member in it.
    pub(super) fn range_of(&self, index: u64) -> Option<(Range, u64)> {
        let next = self.starts.partition_point(|(first, _)| *first <= index);
        let (first, start) = self.starts.get(next.checked_sub(1)?)?;
        let (end_index, end) = match self.starts.get(next) {
            Some((first, start)) => (*first, start.clone()),
            None => (self.total, SortKey::end()),
        };
        let range = Range {
            start: start.clone(),
            end,
            count: end_index - first,
        };
        Some((range, index - first))
    }
}
