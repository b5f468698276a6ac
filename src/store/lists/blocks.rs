//! The members of a list in blocks, with the columns that lists of secrets show.
//!
//! A block has the members of one range of level 1, so a page is read from one or two rows instead of about 25: the members
//! before it in its range, and its own. Only the list of all secrets of a scope of Alibaba Cloud has blocks. Names are the
//! tie-breaks of that list.
//!
//! The last range has none: new members are usually added there, and each would write the whole block again. Nor has a range
//! without members. The marker of a range has the id of its block.

use std::cmp::Ordering;
use std::ops::Range;

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, Rows, params};
use serde::{Deserialize, Serialize};

use super::{FoundList, Member, SortKey, level_of};
use crate::model::Cloud;
use crate::store::list_keys::ListKey;

/// The columns that [`ListedColumns::from_row`] reads.
macro_rules! listed_columns {
    () => {
        "secret_id, name, secret_type, created_at, updated_at, state, planned_delete_at, owing_service"
    };
}
pub(in crate::store) use listed_columns;

/// The columns of a secret that lists show. Blocks have the values of the table `secrets`. The order and the types are part
/// of the file format: a change needs a migration that stores all blocks again.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(in crate::store) struct ListedColumns<'a> {
    pub secret_id: i64,
    pub name: &'a str,
    pub secret_type: &'a str,
    pub created_at: i64,
    pub updated_at: i64,
    pub state: &'a str,
    pub planned_delete_at: Option<i64>,
    pub owing_service: Option<&'a str>,
}

impl<'a> ListedColumns<'a> {
    /// Reads by position: this is the innermost loop of lists without blocks.
    pub(in crate::store) fn from_row(row: &'a Row) -> rusqlite::Result<Self> {
        Ok(Self {
            secret_id: row.get(0)?,
            name: row.get_ref(1)?.as_str()?,
            secret_type: row.get_ref(2)?.as_str()?,
            created_at: row.get(3)?,
            updated_at: row.get(4)?,
            state: row.get_ref(5)?.as_str()?,
            planned_delete_at: row.get(6)?,
            owing_service: row.get_ref(7)?.as_str_or_null()?,
        })
    }
}

/// Whether a list has blocks.
pub(super) fn has_blocks(cloud: Cloud, key: &ListKey) -> bool {
    cloud == Cloud::Alibaba && *key == ListKey::default()
}

/// Changes the blocks of one list, after its members and markers.
pub(super) struct Blocks<'c> {
    pub(super) connection: &'c Connection,
    pub(super) list_id: i64,
}

impl Blocks<'_> {
    /// Adds new members, which are sorted, to the blocks of their ranges.
    pub(super) fn add(&self, members: &[Member]) -> rusqlite::Result<()> {
        if let [member] = members
            && level_of(member.row_id) == 0
        {
            return self.put(member);
        }
        // The end of the range that was stored last.
        let mut stored = None::<SortKey>;
        for Member { sort_key, row_id } in members {
            if level_of(*row_id) > 0 && stored.as_ref() != Some(sort_key) {
                self.store_before(sort_key)?;
            }
            if stored.as_ref().is_some_and(|end| sort_key < end) {
                continue;
            }
            let Some(end) = self.end_of(sort_key)? else {
                // The others are in the last range, too.
                break;
            };
            self.store_before(&end)?;
            stored = Some(end);
        }
        Ok(())
    }

    /// Adds a new member, which is no marker, to the block of its range, or replaces a changed one, which may be a marker.
    pub(super) fn put(&self, member: &Member) -> rusqlite::Result<()> {
        let mut select = self.connection.prepare_cached(concat!(
            "SELECT ",
            listed_columns!(),
            " FROM secrets WHERE secret_id = ?1"
        ))?;
        self.edit(&member.sort_key, || {
            select.query_row([member.row_id], |row| {
                encode(&ListedColumns::from_row(row)?)
            })
        })
    }

    /// Removes a member from the block of its range. If it was a marker, its range now belongs to the one before.
    pub(super) fn remove(&self, member: &Member) -> rusqlite::Result<()> {
        let Member { sort_key, row_id } = member;
        if level_of(*row_id) == 0 {
            return self.edit(sort_key, || Ok(Vec::new()));
        }
        match (self.end_of(sort_key)?, self.range_before(sort_key)?) {
            (Some(end), _) => self.store_before(&end),
            // It was the last marker: the range before it is now the last one.
            (None, Some(last)) => self.store(&last, &[]),
            (None, None) => Ok(()),
        }
    }

    /// Replaces the member with this key in the block of its range by the result of `member`: an encoded one, or nothing.
    fn edit(
        &self,
        sort_key: &SortKey,
        member: impl FnOnce() -> rusqlite::Result<Vec<u8>>,
    ) -> rusqlite::Result<()> {
        let range = self.range_of(sort_key)?;
        let Some((block_id, range)) = range.and_then(|range| Some((range.block_id?, range))) else {
            // The last range, or one that had no members.
            return match self.end_of(sort_key)? {
                Some(end) => self.store_before(&end),
                None => Ok(()),
            };
        };
        let mut block = self
            .connection
            .prepare_cached("SELECT members FROM list_blocks WHERE block_id = ?1")?
            .query_row([block_id], |row| row.get::<_, Vec<u8>>(0))?;
        let place = place_of(&block, sort_key)?;
        block.splice(place, member()?);
        self.store(&range, &block)
    }

    /// Stores all ranges but the last one.
    pub(super) fn store_all(&self) -> rusqlite::Result<()> {
        let mut statement = self.connection.prepare(
            "SELECT created_at, tie_break FROM list_markers WHERE list_id = ?1 AND level = 1
             ORDER BY created_at, tie_break",
        )?;
        let starts = statement
            .query_map([self.list_id], SortKey::from_row)?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        starts
            .iter()
            .skip(1)
            .try_for_each(|end| self.store_before(end))
    }

    /// Stores the members of the range that ends at a marker.
    fn store_before(&self, end: &SortKey) -> rusqlite::Result<()> {
        match self.range_before(end)? {
            Some(range) => self.store(&range, &self.members_of(&range.start, end)?),
            None => Ok(()),
        }
    }

    /// Members in the form of a block.
    fn members_of(&self, start: &SortKey, end: &SortKey) -> rusqlite::Result<Vec<u8>> {
        let mut select = self.connection.prepare_cached(concat!(
            "SELECT ",
            listed_columns!(),
            " FROM (
                 SELECT created_at AS at, tie_break, secret_id AS id FROM list_members
                 WHERE list_id = ?1 AND (created_at, tie_break) >= (?2, ?3) AND (created_at, tie_break) < (?4, ?5)
             ) CROSS JOIN secrets ON secret_id = id ORDER BY at, tie_break"
        ))?;
        let mut rows = select.query(params![
            self.list_id,
            start.created_at,
            start.tie_break,
            end.created_at,
            end.tie_break
        ])?;
        let mut members = Vec::new();
        while let Some(row) = rows.next()? {
            members.extend(encode(&ListedColumns::from_row(row)?)?);
        }
        Ok(members)
    }

    /// Stores the block of a range; none if it has no members.
    fn store(&self, range: &BlockRange, members: &[u8]) -> rusqlite::Result<()> {
        let block_id = match (range.block_id, members) {
            (None, []) => return Ok(()),
            (Some(block_id), []) => {
                delete(self.connection, block_id)?;
                None
            }
            (Some(block_id), _) => {
                self.connection
                    .prepare_cached("UPDATE list_blocks SET members = ?2 WHERE block_id = ?1")?
                    .execute(params![block_id, members])?;
                return Ok(());
            }
            (None, _) => {
                self.connection
                    .prepare_cached("INSERT INTO list_blocks (members) VALUES (?1)")?
                    .execute([members])?;
                Some(self.connection.last_insert_rowid())
            }
        };
        let SortKey {
            created_at,
            tie_break,
        } = &range.start;
        self.connection
            .prepare_cached(
                "UPDATE list_markers SET block_id = ?4
                 WHERE list_id = ?1 AND level = 1 AND created_at = ?2 AND tie_break = ?3",
            )?
            .execute(params![self.list_id, created_at, tie_break, block_id])?;
        Ok(())
    }

    /// The range that contains a key. Absent if the list has no markers.
    fn range_of(&self, sort_key: &SortKey) -> rusqlite::Result<Option<BlockRange>> {
        self.last_range("<=", sort_key)
    }

    /// The range that ends at a marker.
    fn range_before(&self, end: &SortKey) -> rusqlite::Result<Option<BlockRange>> {
        self.last_range("<", end)
    }

    /// The last range whose start is before a key (`<`), or before or at it (`<=`).
    fn last_range(
        &self,
        comparison: &str,
        sort_key: &SortKey,
    ) -> rusqlite::Result<Option<BlockRange>> {
        self.connection
            .prepare_cached(&format!(
                "SELECT created_at, tie_break, block_id FROM list_markers
                 WHERE list_id = ?1 AND level = 1 AND (created_at, tie_break) {comparison} (?2, ?3)
                 ORDER BY created_at DESC, tie_break DESC LIMIT 1"
            ))?
            .query_row(
                params![self.list_id, sort_key.created_at, sort_key.tie_break],
                BlockRange::from_row,
            )
            .optional()
    }

    /// The end of the range that contains a key; absent for the last range.
    fn end_of(&self, sort_key: &SortKey) -> rusqlite::Result<Option<SortKey>> {
        self.connection
            .prepare_cached(
                "SELECT created_at, tie_break FROM list_markers
                 WHERE list_id = ?1 AND level = 1 AND (created_at, tie_break) > (?2, ?3)
                 ORDER BY created_at, tie_break LIMIT 1",
            )?
            .query_row(
                params![self.list_id, sort_key.created_at, sort_key.tie_break],
                SortKey::from_row,
            )
            .optional()
    }
}

/// A member in a block, after its length, by which it can be skipped.
fn encode(columns: &ListedColumns) -> rusqlite::Result<Vec<u8>> {
    let member = postcard::to_allocvec(columns).map_err(invalid)?;
    postcard::to_allocvec(member.as_slice()).map_err(invalid)
}

/// Where the member with this key is in a block, or has to be inserted.
fn place_of(block: &[u8], sort_key: &SortKey) -> rusqlite::Result<Range<usize>> {
    let mut rest = block;
    while !rest.is_empty() {
        let start = block.len() - rest.len();
        let (member, others) = postcard::take_from_bytes(rest).map_err(invalid)?;
        rest = others;
        let member: ListedColumns = postcard::from_bytes(member).map_err(invalid)?;
        match (member.created_at, member.name).cmp(&(sort_key.created_at, &sort_key.tie_break)) {
            Ordering::Less => {}
            Ordering::Equal => return Ok(start..block.len() - rest.len()),
            Ordering::Greater => return Ok(start..start),
        }
    }
    Ok(block.len()..block.len())
}

/// A range of level 1.
struct BlockRange {
    start: SortKey,
    block_id: Option<i64>,
}

impl BlockRange {
    fn from_row(row: &Row) -> rusqlite::Result<Self> {
        Ok(Self {
            start: SortKey::from_row(row)?,
            block_id: row.get(2)?,
        })
    }
}

/// Deletes a block. The caller changes or deletes its marker.
pub(super) fn delete(connection: &Connection, block_id: i64) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM list_blocks WHERE block_id = ?1")?
        .execute([block_id])?;
    Ok(())
}

/// Calls `take` with members of a list: those after the first `first`, at most `limit`, and none of the last range.
pub(in crate::store) fn read(
    connection: &Connection,
    found: &FoundList,
    first: u64,
    limit: u64,
    take: impl FnMut(ListedColumns) -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let markers = found.markers.as_deref();
    // The markers may be older than the snapshot. Blocks may then be missing, but the page is read again.
    if let Some((block_ids, skip)) = markers.and_then(|markers| markers.blocks_from(first)) {
        let mut reader = BlockReader { skip, limit, take };
        let mut statement = connection.prepare_cached(
            "SELECT members FROM list_blocks WHERE block_id BETWEEN ?1 AND ?2 ORDER BY block_id",
        )?;
        let mut block_ids = block_ids.iter().map_while(|block_id| *block_id).peekable();
        while reader.limit > 0
            && let Some(from) = block_ids.next()
        {
            // Blocks that were stored one after the other are read together. Each has a member at least.
            let mut to = from;
            while to.abs_diff(from) < reader.limit && block_ids.next_if_eq(&(to + 1)).is_some() {
                to += 1;
            }
            reader.read_all(statement.query([from, to])?)?;
        }
        return Ok(());
    }
    let (start, skip) = found.list.seek(connection, first, markers)?;
    let mut reader = BlockReader { skip, limit, take };
    let mut statement = connection.prepare_cached(
        "SELECT members FROM list_markers CROSS JOIN list_blocks USING (block_id)
         WHERE list_id = ?1 AND level = 1 AND (created_at, tie_break) >= (?2, ?3)
         ORDER BY created_at, tie_break",
    )?;
    reader.read_all(statement.query(params![found.list.id, start.created_at, start.tie_break])?)
}

/// Reads members from consecutive blocks.
pub(super) struct BlockReader<F> {
    /// How many members to skip.
    pub(super) skip: u64,
    /// How many members to take then.
    pub(super) limit: u64,
    pub(super) take: F,
}

impl<F: FnMut(ListedColumns) -> rusqlite::Result<()>> BlockReader<F> {
    fn read_all(&mut self, mut blocks: Rows) -> rusqlite::Result<()> {
        while self.limit > 0
            && let Some(block) = blocks.next()?
        {
            self.read(block.get_ref(0)?.as_blob()?)?;
        }
        Ok(())
    }

    pub(super) fn read(&mut self, mut members: &[u8]) -> rusqlite::Result<()> {
        while self.limit > 0 && !members.is_empty() {
            let (member, rest) = postcard::take_from_bytes::<&[u8]>(members).map_err(invalid)?;
            members = rest;
            if self.skip > 0 {
                self.skip -= 1;
            } else {
                (self.take)(postcard::from_bytes(member).map_err(invalid)?)?;
                self.limit -= 1;
            }
        }
        Ok(())
    }
}

fn invalid(error: postcard::Error) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(0, Type::Blob, error.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_of_a_member_is_that_of_existing_files() {
        let member = encode(&ListedColumns {
            secret_id: 5,
            name: "a",
            secret_type: "Generic",
            created_at: 100,
            updated_at: -1,
            state: "enabled",
            planned_delete_at: None,
            owing_service: Some("rds"),
        });
        // Numbers are zigzag-encoded; texts follow their length, the value of an option follows 1.
        let expected = b"\x1c\x0a\x01a\x07Generic\xc8\x01\x01\x07enabled\x00\x01\x03rds";
        assert_eq!(member.unwrap(), expected);
    }
}
