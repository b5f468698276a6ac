//! Finds secrets by a part of their names, with an index over every three characters that follow
//! each other: `FTS5`'s trigram tokenizer.
//!
//! Only names of clouds that search so are in it. The index knows nothing of scopes, and is of no
//! use for parts of one or two characters, or for parts that most names have. So it is asked for a
//! limited number only; a list that it does not narrow down is walked over instead, which costs no
//! more than the size of that list. Measured among a million names, once after each change: 2 ms for
//! a part that one name has, 40 ms for one that five thousand have, 420 ms for one that all have.

use rusqlite::{Connection, params};

use super::rows::SecretId;
use crate::model::Cloud;

/// The fewest characters that the index can find.
const FEWEST_CHARACTERS: usize = 3;

/// Whether names of this cloud are searched for by parts.
fn is_searched(cloud: Cloud) -> bool {
    cloud == Cloud::Tencent
}

/// Adds the name of a new secret.
pub(super) fn add(connection: &Connection, id: SecretId, name: &str) -> rusqlite::Result<()> {
    if is_searched(id.cloud) {
        connection
            .prepare_cached("INSERT INTO secret_names (rowid, name) VALUES (?1, ?2)")?
            .execute(params![id.secret_id, name])?;
    }
    Ok(())
}

/// Removes the name of a secret.
pub(super) fn remove(connection: &Connection, id: SecretId) -> rusqlite::Result<()> {
    if is_searched(id.cloud) {
        connection
            .prepare_cached("DELETE FROM secret_names WHERE rowid = ?1")?
            .execute([id.secret_id])?;
    }
    Ok(())
}

/// The ids of all secrets, of whatever scope, whose names have `part` in them; absent when there
/// are more than `most`, or when the index cannot tell.
pub(super) fn find(
    connection: &Connection,
    cloud: Cloud,
    part: &str,
    most: u64,
) -> rusqlite::Result<Option<Vec<i64>>> {
    // What has a NUL in it cannot be said in the language of the index.
    if !is_searched(cloud) || part.chars().count() < FEWEST_CHARACTERS || part.contains('\0') {
        return Ok(None);
    }
    // A phrase: the trigrams must follow each other as in the part.
    let phrase = format!("\"{}\"", part.replace('"', "\"\""));
    let mut statement = connection
        .prepare_cached("SELECT rowid FROM secret_names WHERE secret_names MATCH ?1 LIMIT ?2")?;
    let ids = statement
        .query_map(params![phrase, most + 1], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<i64>>>()?;
    Ok((ids.len() as u64 <= most).then_some(ids))
}
