//! Lists with pages of equal cost.
//!
//! `LIMIT … OFFSET …` reads every row that it skips, and `COUNT(*)` reads every row. The store looks
//! both up instead. For each scope, and for each value that the secrets of a scope can be filtered
//! by (a type, a tag key, …), there is a *list*: a row in `lists` with the number of members, and
//! the members in `list_members`, sorted by creation time and tie-break. A page in descending order
//! is a page in ascending order, reversed.
//!
//! `list_keys.rs` defines which lists exist.
//!
//! The n-th member is found through `list_markers`, an indexable skip list. About one member in
//! [`FANOUT`] is also a marker of level 1, one in `FANOUT`² a marker of level 2, and so on. A marker
//! has the number of members from itself to the next marker of its level; the last one has the number
//! of members before it ([`Extent`]). Each level also has a marker before all members, so that the
//! first members are counted too. To find a member, counts are added on the highest level, from the
//! nearer end, until the range with the member is found; then on the next lower level inside that
//! range. The rest, about a `FANOUT` on average, is skipped in the members themselves. [`Positions`]
//! keeps one of the upper levels in memory, so that the search begins below it.
//!
//! A hash of the secret's row id decides which members are markers. So the markers depend only on
//! the members, not on the order of changes, and need no rebalancing. A new member is usually the last
//! of its list; it then changes no marker unless it is one itself. Any other new or removed member
//! changes at most two rows per level, or three where it is a marker: about eight rows for a million
//! members.
//!
//! The members of the list of all secrets of Alibaba Cloud are also in [`blocks`], from which its pages are read.
//!
//! Every change of a secret calls [`add`] or [`replace_memberships`] in the same transaction, and there is one
//! writer. A reader sees lists and secrets of one snapshot. The property test compares every page
//! with a model, and [`check`] recounts all lists.

use std::collections::{BTreeMap, BTreeSet};
use std::slice;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::list_keys::{ListKey, ListName, keys_of};
use super::rows::{ScopeRow, SecretId};
use crate::model::{Cloud, Scope, Secret};

pub(super) mod blocks;
#[cfg(test)]
mod check;
mod markers;
mod positions;

use blocks::{Blocks, has_blocks};
#[cfg(test)]
pub(super) use check::check;
use markers::{Extent, Markers};
use positions::UpperMarkers;
pub(super) use positions::{FoundList, Positions};

/// On average, one member in this many is a marker of the next level. Measured with 100,000 secrets:
/// of 16, 32 and 64, 16 has the cheapest pages. Unit tests use 2 to get many levels from few members.
const FANOUT: u64 = 1 << FANOUT_BITS;
const FANOUT_BITS: u32 = if cfg!(test) { 1 } else { 4 };

/// The key by which lists are sorted. Unique in a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct SortKey {
    pub created_at: i64,
    /// Orders secrets that were created in the same second. On Alibaba Cloud the name; on Tencent
    /// Cloud the row id of the secret in ten hexadecimal digits, followed by its name.
    pub tie_break: String,
}

impl SortKey {
    pub(super) fn of(id: SecretId, secret: &Secret) -> Self {
        let tie_break = match id.cloud {
            Cloud::Alibaba => secret.name.clone(),
            Cloud::Tencent => format!("{:010x}{}", id.secret_id, secret.name),
        };
        Self {
            created_at: secret.created_at.timestamp(),
            tie_break,
        }
    }

    /// The position in a tie-break, counted from 1, at which the name begins.
    pub(super) fn name_start(cloud: Cloud) -> u32 {
        match cloud {
            Cloud::Alibaba => 1,
            Cloud::Tencent => 11,
        }
    }

    /// Less than the key of every member.
    const fn start() -> Self {
        Self {
            created_at: i64::MIN,
            tie_break: String::new(),
        }
    }

    /// Greater than the key of every member.
    const fn end() -> Self {
        Self {
            created_at: i64::MAX,
            tie_break: String::new(),
        }
    }

    /// Reads the first two columns.
    fn from_row(row: &Row) -> rusqlite::Result<Self> {
        Ok(Self {
            created_at: row.get(0)?,
            tie_break: row.get(1)?,
        })
    }
}

/// A row of `lists`.
#[derive(Debug, Clone, Copy)]
pub(super) struct List {
    pub id: i64,
    /// The number of members.
    pub total: u64,
    /// The number of levels of markers.
    levels: u32,
}

impl List {
    fn from_row(row: &Row) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            total: row.get(1)?,
            levels: row.get(2)?,
        })
    }

    /// The list with this key. An empty list has no row.
    pub(super) fn find(
        connection: &Connection,
        scope_id: i64,
        key: &impl ListName,
    ) -> rusqlite::Result<Option<Self>> {
        let (kind, value) = key.kind_and_value();
        connection
            .prepare_cached(
                "SELECT list_id, total, levels FROM lists WHERE scope_id = ?1 AND kind = ?2 AND value = ?3",
            )?
            .query_row(params![scope_id, kind, value], Self::from_row)
            .optional()
    }

    /// The list with this key in a scope, and the row of the scope.
    pub(super) fn find_in(
        connection: &Connection,
        scope: &Scope,
        key: &impl ListName,
    ) -> rusqlite::Result<Option<(Self, ScopeRow)>> {
        let (kind, value) = key.kind_and_value();
        connection
            .prepare_cached(
                "SELECT list_id, total, levels, scope_id, changes FROM scopes CROSS JOIN lists USING (scope_id)
                 WHERE cloud = ?1 AND account = ?2 AND region = ?3 AND kind = ?4 AND value = ?5",
            )?
            .query_row(
                params![scope.cloud.name(), scope.account, scope.region, kind, value],
                |row| {
                    let scope = ScopeRow {
                        cloud: scope.cloud,
                        id: row.get(3)?,
                        changes: row.get(4)?,
                    };
                    Ok((Self::from_row(row)?, scope))
                },
            )
            .optional()
    }

    fn set_total(&self, connection: &Connection) -> rusqlite::Result<()> {
        connection
            .prepare_cached("UPDATE lists SET total = ?2 WHERE list_id = ?1")?
            .execute(params![self.id, self.total])?;
        Ok(())
    }

    /// Finds the member with this index, counted from 0: returns the key to start from, and how many
    /// members to skip from there. `upper` are cached markers of this list.
    pub(super) fn seek(
        &self,
        connection: &Connection,
        index: u64,
        upper: Option<&UpperMarkers>,
    ) -> rusqlite::Result<(SortKey, u64)> {
        // Near the start, skipping members is cheaper than reading markers.
        if index <= FANOUT {
            return Ok((SortKey::start(), index));
        }
        let cached = upper.and_then(|upper| Some((upper.level - 1, upper.range_of(index)?)));
        let (levels, (mut range, mut offset)) = cached.unwrap_or_else(|| {
            let all = Range {
                start: SortKey::start(),
                end: SortKey::end(),
                count: self.total,
            };
            (self.levels, (all, index))
        });
        for level in (1..=levels).rev() {
            (range, offset) = self.narrow(connection, level, range, offset)?;
        }
        Ok((range.start, offset))
    }

    /// Splits `range` at the markers of `level`. Returns the part with the member at `offset`, and the
    /// member's offset in that part. Searches from the nearer end.
    fn narrow(
        &self,
        connection: &Connection,
        level: u32,
        range: Range,
        mut offset: u64,
    ) -> rusqlite::Result<(Range, u64)> {
        if offset < range.count / 2 {
            let mut statement = connection.prepare_cached(
                "SELECT created_at, tie_break, count FROM list_markers
                 WHERE list_id = ?1 AND level = ?2 AND (created_at, tie_break) >= (?3, ?4)
                 ORDER BY created_at, tie_break",
            )?;
            let start = &range.start;
            let mut markers =
                statement.query(params![self.id, level, start.created_at, start.tie_break])?;
            while let Some(marker) = markers.next()? {
                let count = marker.get::<_, Extent>(2)?.count(self.total);
                if offset < count {
                    let start = SortKey::from_row(marker)?;
                    let end = match markers.next()? {
                        Some(next) => SortKey::from_row(next)?.min(range.end),
                        None => range.end,
                    };
                    return Ok((Range { start, end, count }, offset));
                }
                offset -= count;
            }
        } else {
            let mut statement = connection.prepare_cached(
                "SELECT created_at, tie_break, count FROM list_markers
                 WHERE list_id = ?1 AND level = ?2 AND (created_at, tie_break) < (?3, ?4)
                 ORDER BY created_at DESC, tie_break DESC",
            )?;
            let mut end = range.end.clone();
            let mut to_end = range.count - offset;
            let mut markers =
                statement.query(params![self.id, level, end.created_at, end.tie_break])?;
            while let Some(marker) = markers.next()? {
                let count = marker.get::<_, Extent>(2)?.count(self.total);
                let start = SortKey::from_row(marker)?;
                if to_end <= count {
                    return Ok((Range { start, end, count }, count - to_end));
                }
                to_end -= count;
                end = start;
            }
        }
        // The counts of a level add up to the total, unless the cached list is older than the snapshot; then the page is
        // read again.
        Ok((range, offset))
    }
}

/// Consecutive members.
#[derive(Debug)]
struct Range {
    /// Less than or equal to the key of the first member.
    start: SortKey,
    /// Greater than the key of the last member.
    end: SortKey,
    count: u64,
}

/// Adds new secrets to their lists and blocks. For several, a marker before them is changed once.
pub(super) fn add(
    connection: &Connection,
    secrets: &[(SecretId, &Secret)],
) -> rusqlite::Result<()> {
    let mut lists = BTreeMap::<_, Vec<Member>>::new();
    for &(id, secret) in secrets {
        let sort_key = SortKey::of(id, secret);
        for key in keys_of(id.cloud, secret) {
            lists
                .entry((id.scope_id, id.cloud, key))
                .or_default()
                .push(Member {
                    sort_key: sort_key.clone(),
                    row_id: id.secret_id,
                });
        }
    }
    for ((scope_id, cloud, key), mut members) in lists {
        members.sort_unstable();
        let (list_id, are_last) = insert(connection, scope_id, &key, &members)?;
        if has_blocks(cloud, &key) && !are_last {
            Blocks {
                connection,
                list_id,
            }
            .add(&members)?;
        }
    }
    Ok(())
}

/// Removes a secret from the lists that only `before` belongs to, adds it to those that only `after` belongs to, and changes
/// it in its block. `after` is absent for a removed secret.
pub(super) fn replace_memberships(
    connection: &Connection,
    id: SecretId,
    before: &Secret,
    after: Option<&Secret>,
) -> rusqlite::Result<()> {
    let of = |secret| Memberships {
        sort_key: SortKey::of(id, secret),
        lists: keys_of(id.cloud, secret),
    };
    let (before, after) = (of(before), after.map(of));
    replace(
        connection,
        id.scope_id,
        id.secret_id,
        Some(&before),
        after.as_ref(),
    )?;
    let all = ListKey::default();
    if has_blocks(id.cloud, &all)
        && let Some(list) = List::find(connection, id.scope_id, &all)?
    {
        let blocks = Blocks {
            connection,
            list_id: list.id,
        };
        let member = Member {
            sort_key: before.sort_key,
            row_id: id.secret_id,
        };
        match after {
            Some(_) => blocks.put(&member)?,
            None => blocks.remove(&member)?,
        }
    }
    Ok(())
}

/// Stores the blocks of all lists, for a file of a schema without them.
pub(super) fn store_blocks(connection: &Connection) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(
        "SELECT list_id FROM scopes JOIN lists USING (scope_id) WHERE cloud = ?1 AND kind = ?2",
    )?;
    let (kind, _) = ListKey::default().kind_and_value();
    let lists = statement.query_map(params![Cloud::Alibaba.name(), kind], |row| row.get(0))?;
    for list_id in lists {
        let list_id = list_id?;
        Blocks {
            connection,
            list_id,
        }
        .store_all()?;
    }
    Ok(())
}

/// Deletes blocks of a list with their markers, at most this number. Returns how many were deleted.
pub(super) fn delete_blocks(
    connection: &Connection,
    list_id: i64,
    most: usize,
) -> rusqlite::Result<usize> {
    Markers {
        connection,
        list_id,
    }
    .delete_blocks(most)
}

/// The lists that a row belongs to, and its place in them.
#[derive(Debug)]
pub(super) struct Memberships<L> {
    pub sort_key: SortKey,
    pub lists: BTreeSet<L>,
}

/// Removes a row of a scope from the lists that only `before` has, and adds it to those that only `after` has.
pub(super) fn replace<L: ListName + Ord>(
    connection: &Connection,
    scope_id: i64,
    row_id: i64,
    before: Option<&Memberships<L>>,
    after: Option<&Memberships<L>>,
) -> rusqlite::Result<()> {
    let member = |memberships: &Memberships<L>| Member {
        sort_key: memberships.sort_key.clone(),
        row_id,
    };
    let is_in = |memberships: Option<&Memberships<L>>, member: &Member, list: &L| {
        memberships.is_some_and(|memberships| {
            memberships.sort_key == member.sort_key && memberships.lists.contains(list)
        })
    };
    if let Some(before) = before {
        let member = member(before);
        let lists = before.lists.iter();
        for list in lists.filter(|list| !is_in(after, &member, list)) {
            remove(connection, scope_id, list, &member)?;
        }
    }
    if let Some(after) = after {
        let member = member(after);
        let lists = after.lists.iter();
        for list in lists.filter(|list| !is_in(before, &member, list)) {
            insert(connection, scope_id, list, slice::from_ref(&member))?;
        }
    }
    Ok(())
}

/// The highest level on which a secret is a marker: 0 for most. The hash function is `SplitMix64`.
fn level_of(secret_id: i64) -> u32 {
    let mut mixed = secret_id
        .cast_unsigned()
        .wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ (mixed >> 31)).trailing_zeros() / FANOUT_BITS
}

/// A member of a list.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Member {
    sort_key: SortKey,
    row_id: i64,
}

/// Adds members, which are sorted, to a list. Returns its id, and whether all were added to the last range of level 1 and
/// none is a marker.
fn insert(
    connection: &Connection,
    scope_id: i64,
    key: &impl ListName,
    members: &[Member],
) -> rusqlite::Result<(i64, bool)> {
    let list = grow(connection, scope_id, key, members.len() as u64)?;
    let mut add = connection
        .prepare_cached("INSERT INTO list_members (list_id, created_at, tie_break, secret_id) VALUES (?1, ?2, ?3, ?4)")?;
    for Member { sort_key, row_id } in members {
        add.execute(params![
            list.id,
            sort_key.created_at,
            sort_key.tie_break,
            row_id
        ])?;
    }
    let highest = members.iter().map(|member| level_of(member.row_id));
    let highest = highest.max().unwrap_or_default();
    let levels = highest.max(list.levels);
    let markers = Markers {
        connection,
        list_id: list.id,
    };
    let mut are_last = highest == 0;
    for level in 1..=levels {
        if level > list.levels {
            // A new level begins with one range.
            markers.set(level, &SortKey::start(), Extent::After(0))?;
        }
        if !markers.insert(level, members)? {
            are_last = false;
        } else if level >= highest {
            break;
        }
    }
    if levels > list.levels {
        connection
            .prepare_cached("UPDATE lists SET levels = ?2 WHERE list_id = ?1")?
            .execute(params![list.id, levels])?;
    }
    Ok((list.id, are_last))
}

/// Counts new members of a list, which is created if it does not exist.
fn grow(
    connection: &Connection,
    scope_id: i64,
    key: &impl ListName,
    members: u64,
) -> rusqlite::Result<List> {
    if let Some(mut list) = List::find(connection, scope_id, key)? {
        list.total += members;
        list.set_total(connection)?;
        return Ok(list);
    }
    let (kind, value) = key.kind_and_value();
    connection
        .prepare_cached(
            "INSERT INTO lists (scope_id, kind, value, total, levels) VALUES (?1, ?2, ?3, ?4, 0)",
        )?
        .execute(params![scope_id, kind, value, members])?;
    Ok(List {
        id: connection.last_insert_rowid(),
        total: members,
        levels: 0,
    })
}

fn remove(
    connection: &Connection,
    scope_id: i64,
    key: &impl ListName,
    member: &Member,
) -> rusqlite::Result<()> {
    let Some(mut list) = List::find(connection, scope_id, key)? else {
        return Err(rusqlite::Error::QueryReturnedNoRows);
    };
    list.total -= 1;
    list.set_total(connection)?;
    connection
        .prepare_cached(
            "DELETE FROM list_members WHERE list_id = ?1 AND created_at = ?2 AND tie_break = ?3",
        )?
        .execute(params![
            list.id,
            member.sort_key.created_at,
            member.sort_key.tie_break
        ])?;
    if list.total == 0 {
        // There is no block: the last member was in the last range, and the other ranges were empty.
        connection
            .prepare_cached("DELETE FROM list_markers WHERE list_id = ?1")?
            .execute([list.id])?;
        connection
            .prepare_cached("DELETE FROM lists WHERE list_id = ?1")?
            .execute([list.id])?;
        return Ok(());
    }
    let markers = Markers {
        connection,
        list_id: list.id,
    };
    for level in 1..=list.levels {
        if markers.remove(level, member)? && level >= level_of(member.row_id) {
            break;
        }
    }
    Ok(())
}
