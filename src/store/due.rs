//! What falls due with time: deletions and rotations. Found by index, in the order of their times.
//!
//! The store remembers when the next of them is due, so that asking costs a request nothing. What
//! is to be done is the dialects' knowledge.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension};

use super::secrets::{SecretId, add_tags_of, get, invalid, time};
use super::{StoreError, WriteTransaction};
use crate::model::{Cloud, Secret};

/// Something that is to be done with a secret.
#[derive(Debug, Clone)]
pub struct Due {
    /// When it is due.
    pub at: DateTime<Utc>,
    /// What it is.
    pub work: DueWork,
    /// Leads to the secret.
    pub id: SecretId,
    /// The secret.
    pub secret: Secret,
}

/// The kinds of work that fall due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueWork {
    /// The end of a secret's recovery window.
    Deletion,
    /// The rotation of a secret in use.
    Rotation,
}

impl WriteTransaction<'_> {
    /// The first thing that is due at `now` or before.
    ///
    /// # Errors
    ///
    /// What `SQLite` reports.
    pub fn due(&self, now: DateTime<Utc>) -> Result<Option<Due>, StoreError> {
        let first = first(self.connection)?;
        let Some((at, work, id)) = first.filter(|(at, ..)| *at <= now) else {
            return Ok(None);
        };
        let mut row = get(self.connection, id.secret_id)?;
        add_tags_of(self.connection, [&mut row])?;
        Ok(Some(Due {
            at,
            work,
            id,
            secret: row.1,
        }))
    }
}

/// What is due next, and when.
pub(super) fn first(
    connection: &Connection,
) -> rusqlite::Result<Option<(DateTime<Utc>, DueWork, SecretId)>> {
    let ask = |sql, work| {
        connection
            .prepare_cached(sql)?
            .query_row([], |row| {
                let cloud = Cloud::from_name(row.get_ref(3)?.as_str()?);
                let id = SecretId {
                    cloud: cloud.ok_or_else(|| invalid(3, "cloud"))?,
                    scope_id: row.get(1)?,
                    secret_id: row.get(2)?,
                };
                Ok((time(row, 0)?, work, id))
            })
            .optional()
    };
    let deletion = ask(
        "SELECT planned_delete_at, scope_id, secret_id, cloud FROM secrets JOIN scopes USING (scope_id)
         WHERE planned_delete_at IS NOT NULL ORDER BY planned_delete_at, secret_id LIMIT 1",
        DueWork::Deletion,
    )?;
    let rotation = ask(
        "SELECT next_rotation_at, scope_id, secret_id, cloud FROM secrets JOIN scopes USING (scope_id)
         WHERE next_rotation_at IS NOT NULL AND state = 'enabled' ORDER BY next_rotation_at, secret_id LIMIT 1",
        DueWork::Rotation,
    )?;
    Ok([deletion, rotation]
        .into_iter()
        .flatten()
        .min_by_key(|(at, ..)| *at))
}
