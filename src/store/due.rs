//! Due work: planned deletions and rotations by the clock of their account, and expired tenants by the
//! system clock, so that a test which moves the server's clock keeps its tenant. Found by index, ordered
//! by time.
//!
//! The clock of an account is the server's, or that of a tenant with its own clock. The store caches
//! the times of the next due work, so a request can check them without a read. The clouds define how the
//! work is done.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension};

use super::cmks::{self, CmkId};
use super::error::StoreError;
use super::rows::SecretId;
use super::secrets::{get, invalid, optional_time, tags_of, time};
use super::transactions::WriteTransaction;
use crate::model::Times;
use crate::model::{Cloud, Cmk, Secret};

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
    /// Rotates a secret, or ends a task that creates or rotates it.
    Rotation(SecretId, Box<Secret>),
    /// Deletes or rotates a key of a cloud, or removes its expired material.
    Cmk(CmkId, Box<Cmk>),
    /// Removes the tenant with this account.
    Expiry(String),
}

/// The server's clock in the columns `clock`, which no account with its own clock has as its number.
pub(super) const SERVER_CLOCK: i64 = 0;

/// An expression for the clock of an account: its number if it is a tenant with its own clock.
macro_rules! clock_of_account {
    ($account:literal) => {
        concat!(
            "coalesce((SELECT CAST(account AS INTEGER) FROM tenants WHERE account = ",
            $account,
            " AND own_clock), 0)"
        )
    };
}
pub(super) use clock_of_account;

/// Selects the first planned deletion by the clock `?1`.
macro_rules! first_deletion {
    ($columns:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM secrets JOIN scopes USING (scope_id)
              WHERE secrets.clock = ?1 AND planned_delete_at IS NOT NULL AND live
              ORDER BY planned_delete_at, secret_id LIMIT 1"
        )
    };
}

/// Selects the first rotation by the clock `?1`, or the first end of a task.
macro_rules! first_rotation {
    ($columns:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM secrets JOIN scopes USING (scope_id)
              WHERE secrets.clock = ?1 AND next_rotation_at IS NOT NULL
                  AND state IN ('enabled', 'disabled', 'creating') AND live
              ORDER BY next_rotation_at, secret_id LIMIT 1"
        )
    };
}

/// Selects the first due work of keys by the clock `?1`.
macro_rules! first_of_cmks {
    ($columns:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM cmks JOIN scopes USING (scope_id)
              WHERE cmks.clock = ?1 AND next_due_at IS NOT NULL AND live
              ORDER BY next_due_at, cmk_id LIMIT 1"
        )
    };
}

/// The next due work, without the secret or key.
enum First {
    Deletion(SecretId),
    Rotation(SecretId),
    Cmk(CmkId),
    Expiry(String),
}

impl WriteTransaction<'_> {
    /// The earliest due work by the server's clock and the system clock, if there is any.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn due(&self, times: impl Into<Times>) -> Result<Option<Due>, StoreError> {
        let times = times.into();
        let by_server_clock = first_by_clock(self.connection, SERVER_CLOCK)?;
        let by_server_clock = by_server_clock.filter(|(at, _)| *at <= times.now);
        let by_system_clock =
            first_by_system_clock(self.connection)?.filter(|(at, _)| *at <= times.system);
        let due = by_server_clock.into_iter().chain(by_system_clock);
        self.with_secret(due.min_by_key(|(at, _)| *at))
    }

    /// The earliest due work of an account with its own clock, which shows `now`, if there is any.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn due_of(&self, account: i64, now: DateTime<Utc>) -> Result<Option<Due>, StoreError> {
        let first = first_by_clock(self.connection, account)?;
        self.with_secret(first.filter(|(at, _)| *at <= now))
    }

    fn with_secret(
        &self,
        first: Option<(DateTime<Utc>, First)>,
    ) -> Result<Option<Due>, StoreError> {
        let Some((at, first)) = first else {
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
            First::Cmk(id) => DueWork::Cmk(id, Box::new(cmks::get(self.connection, id)?)),
            First::Expiry(account) => DueWork::Expiry(account),
        };
        Ok(Some(Due { at, work }))
    }
}

/// The times of the next due work.
#[derive(Debug, Clone, Copy)]
pub(super) struct Next {
    pub(super) by_server_clock: Option<DateTime<Utc>>,
    pub(super) by_system_clock: Option<DateTime<Utc>>,
}

pub(super) fn next(connection: &Connection) -> rusqlite::Result<Next> {
    let by_system_clock = connection
        .prepare_cached("SELECT min(expires_at) FROM tenants")?
        .query_row([], |row| optional_time(row, 0))?;
    Ok(Next {
        by_server_clock: next_of(connection, SERVER_CLOCK)?,
        by_system_clock,
    })
}

/// The time of the next due work by a clock.
pub(super) fn next_of(
    connection: &Connection,
    clock: i64,
) -> rusqlite::Result<Option<DateTime<Utc>>> {
    // One statement, and without a temporary table, because it runs after each commit.
    let sql = concat!(
        "SELECT (",
        first_deletion!("planned_delete_at"),
        "), (",
        first_rotation!("next_rotation_at"),
        "), (",
        first_of_cmks!("next_due_at"),
        ")"
    );
    connection.prepare_cached(sql)?.query_row([clock], |row| {
        let times = [0, 1, 2].map(|column| optional_time(row, column));
        let times = times.into_iter().collect::<rusqlite::Result<Vec<_>>>()?;
        Ok(times.into_iter().flatten().min())
    })
}

/// The accounts with their own clock.
pub(super) fn own_clocks(connection: &Connection) -> rusqlite::Result<Vec<i64>> {
    let sql = "SELECT CAST(account AS INTEGER) FROM tenants WHERE own_clock";
    let mut statement = connection.prepare(sql)?;
    let accounts = statement.query_map([], |row| row.get(0))?;
    accounts.collect()
}

/// The times of the next due work of accounts with their own clock.
#[derive(Default)]
pub(super) struct OwnDue {
    by_account: Mutex<HashMap<i64, DateTime<Utc>>>,
    changes: AtomicU64,
}

impl OwnDue {
    /// Sets the time of an account. Counts a change only if it differs.
    pub(super) fn set(&self, account: i64, next: Option<DateTime<Utc>>) {
        let mut by_account = self.lock();
        let before = match next {
            Some(at) => by_account.insert(account, at),
            None => by_account.remove(&account),
        };
        if before != next {
            self.changes.fetch_add(1, Ordering::SeqCst);
        }
    }

    /// The number of changes; 0 if no account ever had due work.
    pub(super) fn changes(&self) -> u64 {
        self.changes.load(Ordering::SeqCst)
    }

    /// The accounts with the times of their next due work.
    pub(super) fn all(&self) -> Vec<(i64, DateTime<Utc>)> {
        self.lock()
            .iter()
            .map(|(account, at)| (*account, *at))
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<i64, DateTime<Utc>>> {
        self.by_account
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn first_by_clock(
    connection: &Connection,
    clock: i64,
) -> rusqlite::Result<Option<(DateTime<Utc>, First)>> {
    let sql = concat!(
        "SELECT * FROM (",
        first_deletion!("planned_delete_at AS at, scope_id, secret_id AS id, cloud, 0 AS kind"),
        ") UNION ALL SELECT * FROM (",
        first_rotation!("next_rotation_at, scope_id, secret_id, cloud, 1"),
        ") UNION ALL SELECT * FROM (",
        first_of_cmks!("next_due_at, scope_id, cmk_id, cloud, 2"),
        ") ORDER BY at, kind LIMIT 1"
    );
    connection
        .prepare_cached(sql)?
        .query_row([clock], |row| {
            let (scope_id, id) = (row.get(1)?, row.get(2)?);
            let kind: u8 = row.get(4)?;
            if kind == 2 {
                let cmk_id = id;
                return Ok((time(row, 0)?, First::Cmk(CmkId { scope_id, cmk_id })));
            }
            let cloud = Cloud::from_name(row.get_ref(3)?.as_str()?);
            let id = SecretId {
                cloud: cloud.ok_or_else(|| invalid(3, "cloud"))?,
                scope_id,
                secret_id: id,
            };
            let first = if kind == 0 {
                First::Deletion
            } else {
                First::Rotation
            };
            Ok((time(row, 0)?, first(id)))
        })
        .optional()
}

fn first_by_system_clock(
    connection: &Connection,
) -> rusqlite::Result<Option<(DateTime<Utc>, First)>> {
    connection
        .prepare_cached(
            "SELECT expires_at, account FROM tenants WHERE expires_at IS NOT NULL
             ORDER BY expires_at, account LIMIT 1",
        )?
        .query_row([], |row| Ok((time(row, 0)?, First::Expiry(row.get(1)?))))
        .optional()
}
