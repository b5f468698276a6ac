//! Lists whose pages cost the same wherever they lie.
//!
//! `LIMIT … OFFSET …` walks over every row it skips and `COUNT(*)` over every row there is. Here
//! both are looked up instead. For each scope, and for each value that secrets of the scope can be
//! filtered by (a type, a tag key, a tag value, …), there is a *list*: a row in `lists` with the
//! number of members, and the members themselves in `list_members`, in the order of every reply:
//! creation time, then what breaks ties on their cloud. A page of the opposite order is a page of
//! this one, read backwards.
//!
//! Which lists there are is said in `keys.rs`.
//!
//! The k-th member is found through `list_markers`, an indexable skip list. About one member in
//! [`FANOUT`] is also a marker of level 1, one in `FANOUT`² one of level 2, and so on; each marker
//! knows how many members lie between it and the next marker of its level. Whoever looks for the
//! k-th member sums counts on the highest level, from the end that is nearer, until the member's
//! span is found, goes down a level, and passes over the rest, on average half a `FANOUT`, on the
//! members themselves. The first span of a level has no member to start from; a marker before all
//! members stands there.
//!
//! Which members are markers follows from a hash of the secret's id, so the structure depends only
//! on what is in the list, never on the order of events; nothing needs rebalancing, and a member's
//! coming or going changes one row on each level: with a million members, four.
//!
//! It stays right because nobody keeps it right separately: every change of a secret goes through
//! [`replace_memberships`], in the transaction that changes the secret, and there is one writer. A
//! reader sees the lists and the secrets of one snapshot. The property test compares every page
//! with a model, and [`check`] recounts everything.

use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, params};

use super::keys::{ListKey, keys_of};
use super::rows::SecretId;
use crate::model::{Cloud, Secret};

/// On average, one member in this many is a marker of the next level. Of 16, 32 and 64, measured at
/// 100,000 secrets, 16 has the cheapest pages, and changes cost some 15 % more than with 32. Unit
/// tests build tall structures from few members.
const FANOUT: u64 = 1 << FANOUT_BITS;
const FANOUT_BITS: u32 = if cfg!(test) { 1 } else { 4 };

/// A member's place in the order of a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub created_at: i64,
    /// Tells apart what was created in the same second: on Alibaba Cloud the name, on Tencent Cloud
    /// the number of the secret, in ten hexadecimal digits, and then its name.
    pub tie_break: String,
}

impl Place {
    pub fn of(id: SecretId, secret: &Secret) -> Self {
        let tie_break = match id.cloud {
            Cloud::Alibaba => secret.name.clone(),
            Cloud::Tencent => format!("{:010x}{}", id.secret_id, secret.name),
        };
        Self {
            created_at: secret.created_at.timestamp(),
            tie_break,
        }
    }

    /// The number of the character of a tie-break, counted from 1, at which the name begins.
    pub fn name_start(cloud: Cloud) -> u32 {
        match cloud {
            Cloud::Alibaba => 1,
            Cloud::Tencent => 11,
        }
    }

    /// Before every member.
    const fn start() -> Self {
        Self {
            created_at: i64::MIN,
            tie_break: String::new(),
        }
    }

    /// Behind every member.
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

/// A list as its row says.
#[derive(Debug, Clone, Copy)]
pub(super) struct List {
    pub id: i64,
    /// The number of members.
    pub total: u64,
    /// How many levels of markers it has.
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

    /// The list of this key; absent when nothing is in it.
    pub fn find(
        connection: &Connection,
        scope_id: i64,
        key: &ListKey,
    ) -> rusqlite::Result<Option<Self>> {
        let (kind, value) = key.kind_and_value();
        connection
            .prepare_cached(
                "SELECT list_id, total, levels FROM lists WHERE scope_id = ?1 AND kind = ?2 AND value = ?3",
            )?
            .query_row(params![scope_id, kind, value], Self::from_row)
            .optional()
    }

    /// A place not after the member number `index` (from 0), and how many members lie between.
    pub fn seek(&self, connection: &Connection, index: u64) -> rusqlite::Result<(Place, u64)> {
        let mut span = Span {
            start: Place::start(),
            end: Place::end(),
            count: self.total,
        };
        let mut offset = index;
        // Near the start, passing over members is cheaper than looking at markers.
        if index > FANOUT {
            for level in (1..=self.levels).rev() {
                (span, offset) = self.narrow(connection, level, span, offset)?;
            }
        }
        Ok((span.start, offset))
    }

    /// Of the spans of `level` that make up `span`, the one that holds the member at `offset`, and
    /// the member's offset in it. Looks from the end of the span that is nearer.
    fn narrow(
        &self,
        connection: &Connection,
        level: u32,
        span: Span,
        mut offset: u64,
    ) -> rusqlite::Result<(Span, u64)> {
        if offset < span.count / 2 {
            let mut statement = connection.prepare_cached(
                "SELECT created_at, tie_break, count FROM list_markers
                 WHERE list_id = ?1 AND level = ?2 AND (created_at, tie_break) >= (?3, ?4)
                 ORDER BY created_at, tie_break",
            )?;
            let start = &span.start;
            let mut markers =
                statement.query(params![self.id, level, start.created_at, start.tie_break])?;
            while let Some(marker) = markers.next()? {
                let count = marker.get(2)?;
                if offset < count {
                    let start = Place::from_row(marker)?;
                    let end = match markers.next()? {
                        Some(next) => Place::from_row(next)?.min(span.end),
                        None => span.end,
                    };
                    return Ok((Span { start, end, count }, offset));
                }
                offset -= count;
            }
        } else {
            let mut statement = connection.prepare_cached(
                "SELECT created_at, tie_break, count FROM list_markers
                 WHERE list_id = ?1 AND level = ?2 AND (created_at, tie_break) < (?3, ?4)
                 ORDER BY created_at DESC, tie_break DESC",
            )?;
            let mut end = span.end.clone();
            let mut behind = span.count - offset;
            let mut markers =
                statement.query(params![self.id, level, end.created_at, end.tie_break])?;
            while let Some(marker) = markers.next()? {
                let count = marker.get(2)?;
                let start = Place::from_row(marker)?;
                if behind <= count {
                    return Ok((Span { start, end, count }, count - behind));
                }
                behind -= count;
                end = start;
            }
        }
        // The counts of a level add up to the total, so one of its spans was returned.
        Ok((span, offset))
    }
}

/// Members that follow each other.
#[derive(Debug)]
struct Span {
    /// At the first one, or before it.
    start: Place,
    /// Behind the last one.
    end: Place,
    count: u64,
}

/// Moves a secret from the lists that `before` belonged to into those of `after`; either may be
/// absent.
pub(super) fn replace_memberships(
    connection: &Connection,
    id: SecretId,
    before: Option<&Secret>,
    after: Option<&Secret>,
) -> rusqlite::Result<()> {
    let [from, to] = [before, after].map(|secret| secret.map(|secret| Place::of(id, secret)));
    let moved = from != to;
    let [old, new] = [before, after].map(|secret| {
        secret
            .map(|secret| keys_of(id.cloud, secret))
            .unwrap_or_default()
    });
    if let Some(place) = &from {
        for key in old.iter().filter(|key| moved || !new.contains(*key)) {
            remove(connection, id, key, place)?;
        }
    }
    if let Some(place) = &to {
        for key in new.iter().filter(|key| moved || !old.contains(*key)) {
            insert(connection, id, key, place)?;
        }
    }
    Ok(())
}

/// The highest level on which a secret is a marker; mostly 0. The mixing is `SplitMix64`'s.
fn level_of(secret_id: i64) -> u32 {
    let mut mixed = secret_id
        .cast_unsigned()
        .wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed ^ (mixed >> 31)).trailing_zeros() / FANOUT_BITS
}

fn insert(
    connection: &Connection,
    id: SecretId,
    key: &ListKey,
    place: &Place,
) -> rusqlite::Result<()> {
    let (kind, value) = key.kind_and_value();
    let list = connection
        .prepare_cached(
            "INSERT INTO lists (scope_id, kind, value, total, levels) VALUES (?1, ?2, ?3, 1, 0)
             ON CONFLICT (scope_id, kind, value) DO UPDATE SET total = total + 1
             RETURNING list_id, total, levels",
        )?
        .query_row(params![id.scope_id, kind, value], List::from_row)?;
    connection
        .prepare_cached("INSERT INTO list_members (list_id, created_at, tie_break, secret_id) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![list.id, place.created_at, place.tie_break, id.secret_id])?;

    let highest = level_of(id.secret_id);
    let mut markers = Markers::new(connection, list.id)?;
    for level in 1..=list.levels.max(highest) {
        if level > list.levels {
            // The first marker of a new level: before it, one span from the start.
            markers.add(level, &Place::start(), list.total)?;
        } else {
            markers.change_span_of(level, place, 1)?;
        }
        if level <= highest {
            let (start, count) = markers.span_of(level, place)?;
            let before = markers.count_between(level - 1, &start, place)?;
            markers.set_count(level, &start, before)?;
            markers.add(level, place, count - before)?;
        }
    }
    if highest > list.levels {
        connection
            .prepare_cached("UPDATE lists SET levels = ?2 WHERE list_id = ?1")?
            .execute(params![list.id, highest])?;
    }
    Ok(())
}

fn remove(
    connection: &Connection,
    id: SecretId,
    key: &ListKey,
    place: &Place,
) -> rusqlite::Result<()> {
    let (kind, value) = key.kind_and_value();
    let list = connection
        .prepare_cached(
            "UPDATE lists SET total = total - 1 WHERE scope_id = ?1 AND kind = ?2 AND value = ?3
             RETURNING list_id, total, levels",
        )?
        .query_row(params![id.scope_id, kind, value], List::from_row)?;
    connection
        .prepare_cached(
            "DELETE FROM list_members WHERE list_id = ?1 AND created_at = ?2 AND tie_break = ?3",
        )?
        .execute(params![list.id, place.created_at, place.tie_break])?;
    if list.total == 0 {
        connection
            .prepare_cached("DELETE FROM list_markers WHERE list_id = ?1")?
            .execute([list.id])?;
        connection
            .prepare_cached("DELETE FROM lists WHERE list_id = ?1")?
            .execute([list.id])?;
        return Ok(());
    }
    let highest = level_of(id.secret_id);
    let mut markers = Markers::new(connection, list.id)?;
    for level in 1..=list.levels {
        let mut change = -1;
        if level <= highest {
            // The span that began here joins the one before it.
            change += markers.take(level, place)?;
        }
        markers.change_span_of(level, place, change)?;
    }
    Ok(())
}

/// The statements that change one list's markers.
struct Markers<'c> {
    list_id: i64,
    find: CachedStatement<'c>,
    add: CachedStatement<'c>,
    set_count: CachedStatement<'c>,
    take: CachedStatement<'c>,
    sum: CachedStatement<'c>,
    members: CachedStatement<'c>,
}

impl<'c> Markers<'c> {
    fn new(connection: &'c Connection, list_id: i64) -> rusqlite::Result<Self> {
        Ok(Self {
            list_id,
            find: connection.prepare_cached(
                "SELECT created_at, tie_break, count FROM list_markers
                 WHERE list_id = ?1 AND level = ?2 AND (created_at, tie_break) <= (?3, ?4)
                 ORDER BY created_at DESC, tie_break DESC LIMIT 1",
            )?,
            add: connection.prepare_cached("INSERT INTO list_markers VALUES (?1, ?2, ?3, ?4, ?5)")?,
            set_count: connection.prepare_cached(
                "UPDATE list_markers SET count = ?5
                 WHERE list_id = ?1 AND level = ?2 AND created_at = ?3 AND tie_break = ?4",
            )?,
            take: connection.prepare_cached(
                "DELETE FROM list_markers
                 WHERE list_id = ?1 AND level = ?2 AND created_at = ?3 AND tie_break = ?4 RETURNING count",
            )?,
            sum: connection.prepare_cached(
                "SELECT coalesce(sum(count), 0) FROM list_markers
                 WHERE list_id = ?1 AND level = ?2 AND (created_at, tie_break) >= (?3, ?4)
                   AND (created_at, tie_break) < (?5, ?6)",
            )?,
            members: connection.prepare_cached(
                "SELECT count(*) FROM list_members
                 WHERE list_id = ?1 AND (created_at, tie_break) >= (?2, ?3) AND (created_at, tie_break) < (?4, ?5)",
            )?,
        })
    }

    /// The marker whose span holds `place`, and its count.
    fn span_of(&mut self, level: u32, place: &Place) -> rusqlite::Result<(Place, u64)> {
        self.find.query_row(
            params![self.list_id, level, place.created_at, place.tie_break],
            |row| {
                Ok((
                    Place {
                        created_at: row.get(0)?,
                        tie_break: row.get(1)?,
                    },
                    row.get(2)?,
                ))
            },
        )
    }

    fn change_span_of(&mut self, level: u32, place: &Place, change: i64) -> rusqlite::Result<()> {
        let (start, count) = self.span_of(level, place)?;
        self.set_count(level, &start, count.saturating_add_signed(change))
    }

    fn set_count(&mut self, level: u32, start: &Place, count: u64) -> rusqlite::Result<()> {
        self.set_count.execute(params![
            self.list_id,
            level,
            start.created_at,
            start.tie_break,
            count
        ])?;
        Ok(())
    }

    fn add(&mut self, level: u32, start: &Place, count: u64) -> rusqlite::Result<()> {
        self.add.execute(params![
            self.list_id,
            level,
            start.created_at,
            start.tie_break,
            count
        ])?;
        Ok(())
    }

    /// Deletes a marker and returns its count.
    fn take(&mut self, level: u32, start: &Place) -> rusqlite::Result<i64> {
        self.take.query_row(
            params![self.list_id, level, start.created_at, start.tie_break],
            |row| row.get(0),
        )
    }

    /// The members from `start` up to, but not including, `end`, summed on `level`, on which both
    /// begin a span; level 0 is the members themselves.
    fn count_between(&mut self, level: u32, start: &Place, end: &Place) -> rusqlite::Result<u64> {
        let (from, to) = (
            (start.created_at, &start.tie_break),
            (end.created_at, &end.tie_break),
        );
        if level == 0 {
            self.members
                .query_row(params![self.list_id, from.0, from.1, to.0, to.1], |row| {
                    row.get(0)
                })
        } else {
            self.sum.query_row(
                params![self.list_id, level, from.0, from.1, to.0, to.1],
                |row| row.get(0),
            )
        }
    }
}

/// Recounts every list. Returns a description of the first thing found wrong.
#[cfg(test)]
pub(super) fn check(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let lists = connection
        .prepare("SELECT list_id, total, levels FROM lists")?
        .query_map([], List::from_row)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    for list in lists {
        let members = connection
            .prepare("SELECT created_at, tie_break, secret_id FROM list_members WHERE list_id = ?1 ORDER BY created_at, tie_break")?
            .query_map([list.id], |row| {
                Ok((Place { created_at: row.get(0)?, tie_break: row.get(1)? }, row.get::<_, i64>(2)?))
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        if members.len() as u64 != list.total {
            return Ok(Some(format!("{list:?} has {} members", members.len())));
        }
        for level in 1..=list.levels {
            let mut expected = vec![(Place::start(), 0)];
            for (place, secret_id) in &members {
                if level_of(*secret_id) >= level {
                    expected.push((place.clone(), 0));
                }
                expected.last_mut().expect("begins with the start").1 += 1;
            }
            let found = connection
                .prepare(
                    "SELECT created_at, tie_break, count FROM list_markers WHERE list_id = ?1 AND level = ?2
                     ORDER BY created_at, tie_break",
                )?
                .query_map(params![list.id, level], |row| {
                    Ok((Place { created_at: row.get(0)?, tie_break: row.get(1)? }, row.get::<_, u64>(2)?))
                })?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            if found != expected {
                return Ok(Some(format!(
                    "{list:?}, level {level}: {found:?} instead of {expected:?}"
                )));
            }
        }
    }
    Ok(None)
}
