//! Due work: planned deletions and rotations by the emulator's clock, and expired tenants by the
//! machine's clock, so that a test which moves the emulator's clock keeps its tenant. Found by index,
//! ordered by time.
//!
//! The store caches the time of the next due work, so a request can check it without a read. The
//! clouds define how the work is done.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension};

use super::error::StoreError;
use super::rows::SecretId;
use super::secrets::{get, invalid, tags_of, time};
use super::transactions::WriteTransaction;
use crate::model::Times;
use crate::model::{Cloud, Secret};

/// Work with its time.
#[derive(Debug, Clone)]
pub struct Due {
    /// When it is due.
    pub at: DateTime<Utc>,
    /// The work.
    pub work: DueWork,
}

/// The kinds of due work.
#[derive(Debug, Clone)]
pub enum DueWork {
    /// Deletes a secret at the end of its recovery window.
    Deletion(SecretId, Box<Secret>),
    /// Rotates a secret.
    Rotation(SecretId, Box<Secret>),
    /// Removes the tenant with this account.
    Expiry(String),
}

/// The next due work, without the secret.
enum First {
    Deletion(SecretId),
    Rotation(SecretId),
    Expiry(String),
}

impl WriteTransaction<'_> {
    /// The earliest due work, if there is any.
    ///
    /// # Errors
    ///
    /// What `SQLite` reports.
    pub fn due(&self, times: impl Into<Times>) -> Result<Option<Due>, StoreError> {
        let times = times.into();
        let by_clock = first_by_clock(self.connection)?.filter(|(at, _)| *at <= times.now);
        let by_machine = first_by_machine(self.connection)?.filter(|(at, _)| *at <= times.machine);
        let due = by_clock.into_iter().chain(by_machine);
        let Some((at, first)) = due.min_by_key(|(at, _)| *at) else {
            return Ok(None);
        };
        let secret = |id: SecretId| {
            let (secret_id, mut secret) = get(self.connection, id.secret_id)?;
            secret.tags = tags_of(self.connection, secret_id)?;
            Ok::<_, rusqlite::Error>(Box::new(secret))
        };
        let work = match first {
            First::Deletion(id) => DueWork::Deletion(id, secret(id)?),
            First::Rotation(id) => DueWork::Rotation(id, secret(id)?),
            First::Expiry(account) => DueWork::Expiry(account),
        };
        Ok(Some(Due { at, work }))
    }
}

/// The times of the next due work.
#[derive(Debug, Clone, Copy)]
pub(super) struct Next {
    pub(super) by_clock: Option<DateTime<Utc>>,
    pub(super) by_machine: Option<DateTime<Utc>>,
}

pub(super) fn next(connection: &Connection) -> rusqlite::Result<Next> {
    Ok(Next {
        by_clock: first_by_clock(connection)?.map(|(at, _)| at),
        by_machine: first_by_machine(connection)?.map(|(at, _)| at),
    })
}

fn first_by_clock(connection: &Connection) -> rusqlite::Result<Option<(DateTime<Utc>, First)>> {
    let first = |sql, work: fn(SecretId) -> First| {
        connection
            .prepare_cached(sql)?
            .query_row([], |row| {
                let cloud = Cloud::from_name(row.get_ref(3)?.as_str()?);
                let id = SecretId {
                    cloud: cloud.ok_or_else(|| invalid(3, "cloud"))?,
                    scope_id: row.get(1)?,
                    secret_id: row.get(2)?,
                };
                Ok((time(row, 0)?, work(id)))
            })
            .optional()
    };
    let deletion = first(
        "SELECT planned_delete_at, scope_id, secret_id, cloud FROM secrets JOIN scopes USING (scope_id)
         WHERE planned_delete_at IS NOT NULL AND live ORDER BY planned_delete_at, secret_id LIMIT 1",
        First::Deletion,
    )?;
    let rotation = first(
        "SELECT next_rotation_at, scope_id, secret_id, cloud FROM secrets JOIN scopes USING (scope_id)
         WHERE next_rotation_at IS NOT NULL AND state = 'enabled' AND live
         ORDER BY next_rotation_at, secret_id LIMIT 1",
        First::Rotation,
    )?;
    Ok([deletion, rotation]
        .into_iter()
        .flatten()
        .min_by_key(|(at, _)| *at))
}

fn first_by_machine(connection: &Connection) -> rusqlite::Result<Option<(DateTime<Utc>, First)>> {
    connection
        .prepare_cached(
            "SELECT expires_at, account FROM tenants WHERE expires_at IS NOT NULL
             ORDER BY expires_at, account LIMIT 1",
        )?
        .query_row([], |row| Ok((time(row, 0)?, First::Expiry(row.get(1)?))))
        .optional()
}
