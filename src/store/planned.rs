//! The planned work of a clock, which will become due: deletions, rotations and expirations, ordered by time.

use chrono::{DateTime, Utc};

use super::due::SERVER_CLOCK;
use super::error::StoreError;
use super::secrets::{invalid, time};
use super::transactions::ReadTransaction;
use crate::model::{Cloud, Scope};

/// Planned work on a secret or a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedWork {
    /// When it becomes due.
    pub at: DateTime<Utc>,
    /// The kind.
    pub kind: PlannedKind,
    /// The scope of the secret or key.
    pub scope: Scope,
    /// The secret or key.
    pub subject: PlannedSubject,
}

/// A kind of planned work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlannedKind {
    /// The deletion at the end of a recovery window.
    Deletion,
    /// An automatic rotation.
    Rotation,
    /// The expiration of imported key material.
    Expiration,
}

/// The secret or key of planned work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlannedSubject {
    /// The secret with this name.
    Secret(String),
    /// The key with this id.
    Key(String),
}

/// Selects the planned work of the clock `?1`.
macro_rules! planned {
    () => {
        "SELECT planned_delete_at AS at, 0 AS kind, 0 AS is_key, scope_id, name, secret_id AS id
         FROM secrets WHERE clock = ?1 AND planned_delete_at IS NOT NULL
         UNION ALL
         SELECT next_rotation_at, 1, 0, scope_id, name, secret_id
         FROM secrets WHERE clock = ?1 AND next_rotation_at IS NOT NULL AND state = 'enabled'
         UNION ALL
         SELECT planned_delete_at, 0, 1, scope_id, key_id, cmk_id
         FROM cmks WHERE clock = ?1 AND next_due_at IS NOT NULL AND planned_delete_at IS NOT NULL
         UNION ALL
         SELECT next_rotation_at, 1, 1, scope_id, key_id, cmk_id
         FROM cmks WHERE clock = ?1 AND next_due_at IS NOT NULL AND next_rotation_at IS NOT NULL AND state = 'Enabled'
         UNION ALL
         SELECT material_expires_at, 2, 1, scope_id, key_id, cmk_id
         FROM cmks WHERE clock = ?1 AND next_due_at IS NOT NULL AND material_expires_at IS NOT NULL"
    };
}

impl ReadTransaction<'_> {
    /// The first planned work by the server's clock, or by that of a tenant's account, and the number of
    /// all.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn planned_work(
        &self,
        account: Option<i64>,
        limit: usize,
    ) -> Result<(u64, Vec<PlannedWork>), StoreError> {
        let clock = account.unwrap_or(SERVER_CLOCK);
        let count = self
            .connection
            .prepare_cached(concat!(
                "SELECT count(*) FROM (",
                planned!(),
                ") JOIN scopes USING (scope_id) WHERE live"
            ))?
            .query_row([clock], |row| row.get(0))?;
        let mut statement = self.connection.prepare_cached(concat!(
            "SELECT at, kind, is_key, cloud, account, region, name FROM (",
            planned!(),
            ") JOIN scopes USING (scope_id) WHERE live ORDER BY at, is_key, id, kind LIMIT ?2"
        ))?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = statement.query_map([clock, limit], |row| {
            let cloud = Cloud::from_name(row.get_ref(3)?.as_str()?);
            let name = row.get(6)?;
            Ok(PlannedWork {
                at: time(row, 0)?,
                kind: match row.get(1)? {
                    0 => PlannedKind::Deletion,
                    1 => PlannedKind::Rotation,
                    _ => PlannedKind::Expiration,
                },
                scope: Scope {
                    cloud: cloud.ok_or_else(|| invalid(3, "cloud"))?,
                    account: row.get(4)?,
                    region: row.get(5)?,
                },
                subject: if row.get(2)? {
                    PlannedSubject::Key(name)
                } else {
                    PlannedSubject::Secret(name)
                },
            })
        })?;
        Ok((count, rows.collect::<rusqlite::Result<_>>()?))
    }
}
