//! The markers of a list, by which its members are counted.

use rusqlite::types::{FromSql, FromSqlResult, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, ToSql, params};

use super::{Member, SortKey, blocks, level_of};

/// What is stored about the range that begins with a marker. The last range of a level has no end, so a member that is
/// added at the end of a list changes no marker, unless it becomes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Extent {
    /// The number of members, if another range of this level follows.
    Members(u64),
    /// The number of members before the range, if it is the last one of its level.
    After(u64),
}

impl Extent {
    /// The number of members, in a list with this total. The total may be a cached one that is older than the marker;
    /// then the page is read again.
    pub(super) const fn count(self, total: u64) -> u64 {
        match self {
            Self::Members(members) => members,
            Self::After(before) => total.saturating_sub(before),
        }
    }
}

/// A negative number is the complement of [`Extent::After`].
impl FromSql for Extent {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let stored = value.as_i64()?;
        Ok(if stored < 0 {
            Self::After((!stored).cast_unsigned())
        } else {
            Self::Members(stored.cast_unsigned())
        })
    }
}

impl ToSql for Extent {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let stored = match self {
            Self::Members(members) => members.cast_signed(),
            Self::After(before) => !before.cast_signed(),
        };
        Ok(stored.into())
    }
}

/// Changes the markers of one list.
pub(super) struct Markers<'c> {
    pub(super) connection: &'c Connection,
    pub(super) list_id: i64,
}

impl Markers<'_> {
    /// The marker whose range contains `sort_key`.
    fn range_of(&self, level: u32, sort_key: &SortKey) -> rusqlite::Result<(SortKey, Extent)> {
        let mut find = self.connection.prepare_cached(
            "SELECT created_at, tie_break, count FROM list_markers
             WHERE list_id = ?1 AND level = ?2 AND (created_at, tie_break) <= (?3, ?4)
             ORDER BY created_at DESC, tie_break DESC LIMIT 1",
        )?;
        find.query_row(
            params![self.list_id, level, sort_key.created_at, sort_key.tie_break],
            |row| Ok((SortKey::from_row(row)?, row.get(2)?)),
        )
    }

    /// Adds `change` to the number of members of the range that contains `sort_key`, and to the number before the last
    /// range. Returns false, and changes nothing, if that is the last range itself.
    fn change_count(&self, level: u32, sort_key: &SortKey, change: i64) -> rusqlite::Result<bool> {
        let changed = self
            .connection
            .prepare_cached(
                "UPDATE list_markers SET count = count + ?5
                 WHERE list_id = ?1 AND level = ?2 AND (created_at, tie_break) = (
                     SELECT created_at, tie_break FROM list_markers
                     WHERE list_id = ?1 AND level = ?2 AND (created_at, tie_break) <= (?3, ?4)
                     ORDER BY created_at DESC, tie_break DESC LIMIT 1) AND count >= 0",
            )?
            .execute(params![
                self.list_id,
                level,
                sort_key.created_at,
                sort_key.tie_break,
                change
            ])?;
        if changed == 0 {
            return Ok(false);
        }
        self.move_last(level, change)?;
        Ok(true)
    }

    /// Adds `change` to the number of members before the last range.
    fn move_last(&self, level: u32, change: i64) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE list_markers SET count = count - ?3
                 WHERE list_id = ?1 AND level = ?2 AND (created_at, tie_break) = (
                     SELECT created_at, tie_break FROM list_markers WHERE list_id = ?1 AND level = ?2
                     ORDER BY created_at DESC, tie_break DESC LIMIT 1)",
            )?
            .execute(params![self.list_id, level, change])?;
        Ok(())
    }

    /// Adds a marker, or changes what is stored about its range.
    pub(super) fn set(&self, level: u32, start: &SortKey, extent: Extent) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached(
                "INSERT INTO list_markers (list_id, level, created_at, tie_break, count) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO UPDATE SET count = excluded.count",
            )?
            .execute(params![
                self.list_id,
                level,
                start.created_at,
                start.tie_break,
                extent
            ])?;
        Ok(())
    }

    /// Counts new members, which are sorted and already counted on the lower levels, and adds a marker for each
    /// of them that is one on this level. Returns whether all of them were added to the range that was the last one. The
    /// upper levels then add them to their last ranges, too.
    pub(super) fn insert(&self, level: u32, mut members: &[Member]) -> rusqlite::Result<bool> {
        if let [member] = members
            && level_of(member.row_id) < level
        {
            return Ok(!self.change_count(level, &member.sort_key, 1)?);
        }
        // The number of new members in the ranges before the one that was the last.
        let mut before_last = 0;
        let mut is_last = false;
        while let Some(first) = members.first() {
            let (mut start, extent) = self.range_of(level, &first.sort_key)?;
            let inside = match self.end_of(level, &start, members)? {
                Some(end) => members.partition_point(|member| member.sort_key < end),
                None => members.len(),
            };
            let (inside, others) = members.split_at(inside);
            members = others;
            let added = inside.len() as u64;
            let mut before_marker = 0;
            let inside = inside.iter();
            for marker in inside.filter(|member| level_of(member.row_id) >= level) {
                let count = self.count_between(level - 1, &start, &marker.sort_key)?;
                self.set(level, &start, Extent::Members(count))?;
                start = marker.sort_key.clone();
                before_marker += count;
            }
            let rest = match extent {
                Extent::Members(count) => {
                    before_last += added;
                    Extent::Members(count + added - before_marker)
                }
                Extent::After(before) => {
                    is_last = true;
                    Extent::After(before + before_last + before_marker)
                }
            };
            self.set(level, &start, rest)?;
        }
        if !is_last {
            self.move_last(level, before_last.cast_signed())?;
        }
        Ok(before_last == 0)
    }

    /// Counts a removed member, which is already counted on the lower levels. Returns whether it was in the last range. It
    /// was then in the last range of each upper level, too; such a level changes only if the member is a marker there.
    pub(super) fn remove(&self, level: u32, member: &Member) -> rusqlite::Result<bool> {
        let Member { sort_key, row_id } = member;
        if level_of(*row_id) < level {
            return Ok(!self.change_count(level, sort_key, -1)?);
        }
        // The range that began here is added to the previous one.
        let removed = self.take(level, sort_key)?;
        let (start, extent) = self.range_of(level, sort_key)?;
        let merged = match (extent, removed) {
            (Extent::Members(before), Extent::Members(count)) => {
                self.move_last(level, -1)?;
                Extent::Members(before + count - 1)
            }
            (Extent::Members(count), Extent::After(before)) => Extent::After(before - count),
            // Impossible: the removed range followed this one.
            (Extent::After(_), _) => extent,
        };
        self.set(level, &start, merged)?;
        Ok(matches!(removed, Extent::After(_)))
    }

    /// Deletes blocks with their markers, at most this number. Returns how many were deleted.
    pub(super) fn delete_blocks(&self, most: usize) -> rusqlite::Result<usize> {
        let mut select = self.connection.prepare_cached(
            "SELECT created_at, tie_break FROM list_markers
             WHERE list_id = ?1 AND level = 1 AND block_id IS NOT NULL LIMIT ?2",
        )?;
        let starts = select
            .query_map(params![self.list_id, most], SortKey::from_row)?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        for start in &starts {
            self.take(1, start)?;
        }
        Ok(starts.len())
    }

    /// The end of the range that begins at `start`; absent if it contains all of these members.
    fn end_of(
        &self,
        level: u32,
        start: &SortKey,
        members: &[Member],
    ) -> rusqlite::Result<Option<SortKey>> {
        match members {
            [_, .., last] => self
                .connection
                .prepare_cached(
                    "SELECT created_at, tie_break FROM list_markers
                     WHERE list_id = ?1 AND level = ?2 AND (created_at, tie_break) > (?3, ?4)
                       AND (created_at, tie_break) < (?5, ?6)
                     ORDER BY created_at, tie_break LIMIT 1",
                )?
                .query_row(
                    params![
                        self.list_id,
                        level,
                        start.created_at,
                        start.tie_break,
                        last.sort_key.created_at,
                        last.sort_key.tie_break
                    ],
                    SortKey::from_row,
                )
                .optional(),
            _ => Ok(None),
        }
    }

    /// Deletes a marker with its block, and returns what was stored about its range.
    fn take(&self, level: u32, start: &SortKey) -> rusqlite::Result<Extent> {
        let key = params![self.list_id, level, start.created_at, start.tie_break];
        let (extent, block_id) = self
            .connection
            .prepare_cached(
                "SELECT count, block_id FROM list_markers
                 WHERE list_id = ?1 AND level = ?2 AND created_at = ?3 AND tie_break = ?4",
            )?
            .query_row(key, |row| Ok((row.get(0)?, row.get(1)?)))?;
        if let Some(block_id) = block_id {
            blocks::delete(self.connection, block_id)?;
        }
        self.connection
            .prepare_cached(
                "DELETE FROM list_markers
                 WHERE list_id = ?1 AND level = ?2 AND created_at = ?3 AND tie_break = ?4",
            )?
            .execute(key)?;
        Ok(extent)
    }

    /// The number of members from `start` to before `end`. Both must be markers of `level`, on which
    /// the counts are added; level 0 counts the members themselves. No range before `end` is the last one.
    fn count_between(&self, level: u32, start: &SortKey, end: &SortKey) -> rusqlite::Result<u64> {
        let (from, to) = (
            (start.created_at, &start.tie_break),
            (end.created_at, &end.tie_break),
        );
        if level == 0 {
            let mut count = self.connection.prepare_cached(
                "SELECT count(*) FROM list_members
                 WHERE list_id = ?1 AND (created_at, tie_break) >= (?2, ?3) AND (created_at, tie_break) < (?4, ?5)",
            )?;
            count.query_row(params![self.list_id, from.0, from.1, to.0, to.1], |row| {
                row.get(0)
            })
        } else {
            let mut sum = self.connection.prepare_cached(
                "SELECT coalesce(sum(count), 0) FROM list_markers
                 WHERE list_id = ?1 AND level = ?2 AND (created_at, tie_break) >= (?3, ?4)
                   AND (created_at, tie_break) < (?5, ?6)",
            )?;
            sum.query_row(
                params![self.list_id, level, from.0, from.1, to.0, to.1],
                |row| row.get(0),
            )
        }
    }
}
