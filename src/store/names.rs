//! Finds secrets by a part of their names, with an index over every three characters that follow
//! each other: `FTS5`'s trigram tokenizer.
//!
//! The index has the names of all scopes, and cannot find parts of one or two characters. A part that
//! most names have is found faster by a walk over the list. So the index returns a limited number of
//! names only, and the caller walks over the list if there are more. Measured among a million names,
//! once after each change: 2 ms for a part that one name has, 40 ms for one that five thousand have,
//! 420 ms for one that all have.

use rusqlite::{Connection, OptionalExtension, params};

use super::rows::SecretId;

/// The fewest characters that the index can find.
const MIN_CHARACTERS: usize = 3;

/// The most names of all scopes that [`find_in`] looks at.
const MAX_EXAMPLES: u64 = 1_000;

/// Adds the name of a new secret.
pub(super) fn add(connection: &Connection, id: SecretId, name: &str) -> rusqlite::Result<()> {
    connection
        .prepare_cached("INSERT INTO secret_names (rowid, name) VALUES (?1, ?2)")?
        .execute(params![id.secret_id, name])?;
    Ok(())
}

/// Removes the name of a secret.
pub(super) fn remove(connection: &Connection, id: SecretId) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM secret_names WHERE rowid = ?1")?
        .execute([id.secret_id])?;
    Ok(())
}

/// The query for names that contain `part`; absent if the index cannot find them.
fn phrase(part: &str) -> Option<String> {
    // The query language of the index has no NUL.
    let is_indexed = part.chars().count() >= MIN_CHARACTERS && !part.contains('\0');
    // As a phrase, because the trigrams must follow each other as in the part.
    is_indexed.then(|| format!("\"{}\"", part.replace('"', "\"\"")))
}

/// The ids of all secrets of all scopes whose names contain `part`; absent if there are more than
/// `most`, or if the index cannot find them.
pub(super) fn find(
    connection: &Connection,
    part: &str,
    most: u64,
) -> rusqlite::Result<Option<Vec<i64>>> {
    let Some(phrase) = phrase(part) else {
        return Ok(None);
    };
    let mut statement = connection
        .prepare_cached("SELECT rowid FROM secret_names WHERE secret_names MATCH ?1 LIMIT ?2")?;
    let ids = statement
        .query_map(params![phrase, most + 1], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<i64>>>()?;
    Ok((ids.len() as u64 <= most).then_some(ids))
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
