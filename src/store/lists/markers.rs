//! The markers of a list, by which its members are counted.

use rusqlite::{Connection, OptionalExtension, params};

use super::{Member, SortKey, level_of};

/// Changes the markers of one list.
pub(super) struct Markers<'c> {
    pub(super) connection: &'c Connection,
    pub(super) list_id: i64,
}

impl Markers<'_> {
    /// The marker whose range contains `sort_key`, and its count.
    fn range_of(&self, level: u32, sort_key: &SortKey) -> rusqlite::Result<(SortKey, u64)> {
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

    /// Adds `change` to the count of the marker whose range contains `sort_key`.
    pub(super) fn change_count(
        &self,
        level: u32,
        sort_key: &SortKey,
        change: i64,
    ) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached(
                "UPDATE list_markers SET count = count + ?5
                 WHERE list_id = ?1 AND level = ?2 AND (created_at, tie_break) = (
                     SELECT created_at, tie_break FROM list_markers
                     WHERE list_id = ?1 AND level = ?2 AND (created_at, tie_break) <= (?3, ?4)
                     ORDER BY created_at DESC, tie_break DESC LIMIT 1)",
            )?
            .execute(params![
                self.list_id,
                level,
                sort_key.created_at,
                sort_key.tie_break,
                change
            ])?;
        Ok(())
    }

    /// Adds a marker, or changes its count.
    pub(super) fn set(&self, level: u32, start: &SortKey, count: u64) -> rusqlite::Result<()> {
        self.connection
            .prepare_cached("REPLACE INTO list_markers VALUES (?1, ?2, ?3, ?4, ?5)")?
            .execute(params![
                self.list_id,
                level,
                start.created_at,
                start.tie_break,
                count
            ])?;
        Ok(())
    }

    /// Counts new members, which are sorted and already counted on the lower levels, and adds a marker for each
    /// of them that is one on this level.
    pub(super) fn insert(&self, level: u32, mut members: &[Member]) -> rusqlite::Result<()> {
        if let [member] = members
            && level_of(member.row_id) < level
        {
            return self.change_count(level, &member.sort_key, 1);
        }
        while let Some(first) = members.first() {
            let (mut start, mut count) = self.range_of(level, &first.sort_key)?;
            let inside = match self.end_of(level, &start, members)? {
                Some(end) => members.partition_point(|member| member.sort_key < end),
                None => members.len(),
            };
            let (inside, others) = members.split_at(inside);
            members = others;
            count += inside.len() as u64;
            let inside = inside.iter();
            for marker in inside.filter(|member| level_of(member.row_id) >= level) {
                let before = self.count_between(level - 1, &start, &marker.sort_key)?;
                self.set(level, &start, before)?;
                start = marker.sort_key.clone();
                count -= before;
            }
            self.set(level, &start, count)?;
        }
        Ok(())
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

    /// Deletes a marker and returns its count.
    pub(super) fn take(&self, level: u32, start: &SortKey) -> rusqlite::Result<i64> {
        let key = params![self.list_id, level, start.created_at, start.tie_break];
        let count = self
            .connection
            .prepare_cached(
                "SELECT count FROM list_markers
                 WHERE list_id = ?1 AND level = ?2 AND created_at = ?3 AND tie_break = ?4",
            )?
            .query_row(key, |row| row.get(0))?;
        self.connection
            .prepare_cached(
                "DELETE FROM list_markers
                 WHERE list_id = ?1 AND level = ?2 AND created_at = ?3 AND tie_break = ?4",
            )?
            .execute(key)?;
        Ok(count)
    }

    /// The number of members from `start` to before `end`. Both must be markers of `level`, on which
    /// the counts are added; level 0 counts the members themselves.
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
