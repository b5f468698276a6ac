//! Finds secrets by a part of their names, with a trigram index (`FTS5`).
//!
//! The index has the names of all scopes. New names are added to it when their transaction is committed: `FTS5` writes
//! all that it has not written yet at the start of each savepoint, and each change of a group has a savepoint. So a
//! search in the same transaction does not find them.
//!
//! The index does not help for parts of one or two characters, or for parts that most names contain. So it returns at
//! most a limited number of ids; if there are more, the caller scans a list instead. Measured with a million names, for
//! the first page after a change: 2 ms if one name contains the part, 40 ms for five thousand names, 420 ms for all.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};

use super::rows::SecretId;

/// The minimum length of a part that the index can find.
const MIN_CHARACTERS: usize = 3;

/// The maximum number of names of all scopes that [`find_in`] looks at.
const MAX_EXAMPLES: u64 = 1_000;

/// The changes of names in a transaction.
#[derive(Debug, Default)]
pub(super) struct NameChanges {
    /// Names that are not in the index yet, by the row id of their secret.
    added: BTreeMap<i64, String>,
    /// The row ids of removed secrets, whose names an earlier change of the group may have added.
    removed: BTreeSet<i64>,
}

impl NameChanges {
    /// Adds the name of a new secret.
    pub(super) fn add(&mut self, id: SecretId, name: &str) {
        self.added.insert(id.secret_id, name.to_owned());
    }

    /// Removes the name of a secret.
    pub(super) fn remove(&mut self, connection: &Connection, id: SecretId) -> rusqlite::Result<()> {
        if self.added.remove(&id.secret_id).is_some() {
            return Ok(());
        }
        connection
            .prepare_cached("DELETE FROM secret_names WHERE rowid = ?1")?
            .execute([id.secret_id])?;
        self.removed.insert(id.secret_id);
        Ok(())
    }

    /// The number of added names.
    pub(super) fn added(&self) -> usize {
        self.added.len()
    }

    /// Adds the changes of the next change of the group.
    pub(super) fn merge(&mut self, other: Self) {
        for id in &other.removed {
            self.added.remove(id);
        }
        self.added.extend(other.added);
    }

    /// Writes the added names to the index.
    pub(super) fn write(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        if self.added.is_empty() {
            return Ok(());
        }
        let mut insert =
            connection.prepare_cached("INSERT INTO secret_names (rowid, name) VALUES (?1, ?2)")?;
        for (secret_id, name) in std::mem::take(&mut self.added) {
            insert.execute(params![secret_id, name])?;
        }
        Ok(())
    }
}

/// Compares the index with the secrets, for tests. Returns a description of an inconsistency.
#[cfg(test)]
pub(super) fn check(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let secrets = connection
        .prepare("SELECT secret_id, name FROM secrets ORDER BY secret_id")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<(i64, String)>>>()?;
    let indexed = connection
        .prepare("SELECT rowid FROM secret_names ORDER BY rowid")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<i64>>>()?;
    if !secrets.iter().map(|(id, _)| id).eq(&indexed) {
        return Ok(Some(format!(
            "the index has {indexed:?}, the secrets are {secrets:?}"
        )));
    }
    for (secret_id, name) in &secrets {
        let found = find(connection, name, u64::from(u32::MAX))?;
        if found.is_some_and(|found| !found.contains(secret_id)) {
            return Ok(Some(format!("{secret_id} is not found by its name {name}")));
        }
    }
    Ok(None)
}

/// The query for names that contain `part`; absent if the index cannot find them.
fn phrase(part: &str) -> Option<String> {
    // The query language of the index has no NUL.
    let is_indexed = part.chars().count() >= MIN_CHARACTERS && !part.contains('\0');
    // A phrase query: the trigrams must be consecutive.
    is_indexed.then(|| format!("\"{}\"", part.replace('"', "\"\"")))
}

/// The row ids of the secrets of all scopes whose names contain `part`; absent if there are more than
/// `limit`, or if the index cannot be used for this part.
pub(super) fn find(
    connection: &Connection,
    part: &str,
    limit: u64,
) -> rusqlite::Result<Option<Vec<i64>>> {
    let Some(phrase) = phrase(part) else {
        return Ok(None);
    };
    let mut statement = connection
        .prepare_cached("SELECT rowid FROM secret_names WHERE secret_names MATCH ?1 LIMIT ?2")?;
    let ids = statement
        .query_map(params![phrase, limit + 1], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<i64>>>()?;
    Ok((ids.len() as u64 <= limit).then_some(ids))
}

/// A name in a scope that contains `part`, if the index finds one among its first matches.
pub(super) fn find_in(
    connection: &Connection,
    scope_id: i64,
    part: &str,
) -> rusqlite::Result<Option<String>> {
    let Some(phrase) = phrase(part) else {
        return Ok(None);
    };
    connection
        .prepare_cached(
            "SELECT name FROM (
                 SELECT rowid AS id FROM secret_names WHERE secret_names MATCH ?1 LIMIT ?2
             ) CROSS JOIN secrets ON secret_id = id WHERE scope_id = ?3 LIMIT 1",
        )?
        .query_row(params![phrase, MAX_EXAMPLES, scope_id], |row| row.get(0))
        .optional()
}
