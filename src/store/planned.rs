//! The planned work of a clock: deletions and rotations that will become due, ordered by time.

use chrono::{DateTime, Utc};

use super::due::SERVER_CLOCK;
use super::error::StoreError;
use super::secrets::{invalid, time};
use super::transactions::ReadTransaction;
use crate::model::{Cloud, Scope};

/// A deletion or rotation that is planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedWork {
    /// When it becomes due.
    pub at: DateTime<Utc>,
    /// Whether it is a rotation; otherwise it is a deletion.
    pub is_rotation: bool,
    /// The scope of the secret.
    pub scope: Scope,
    /// The name of the secret.
    pub secret: String,
}

impl ReadTransaction<'_> {
    /// The first planned work by the server's clock, or by that of a tenant's account, and the number of
    /// all.
    ///
    /// # Errors
    ///
    /// What `SQLite` reports.
    pub fn planned_work(
        &self,
        account: Option<i64>,
        limit: usize,
    ) -> Result<(u64, Vec<PlannedWork>), StoreError> {
        let clock = account.unwrap_or(SERVER_CLOCK);
        let count = self
            .connection
            .prepare_cached(
                "SELECT (SELECT count(*) FROM secrets JOIN scopes USING (scope_id)
                         WHERE secrets.clock = ?1 AND planned_delete_at IS NOT NULL AND live)
                      + (SELECT count(*) FROM secrets JOIN scopes USING (scope_id)
                         WHERE secrets.clock = ?1 AND next_rotation_at IS NOT NULL AND state = 'enabled' AND live)",
            )?
            .query_row([clock], |row| row.get(0))?;
        let mut statement = self.connection.prepare_cached(
            "SELECT at, is_rotation, cloud, account, region, name FROM (
                 SELECT planned_delete_at AS at, 0 AS is_rotation, cloud, account, region, name, secret_id
                 FROM secrets JOIN scopes USING (scope_id)
                 WHERE secrets.clock = ?1 AND planned_delete_at IS NOT NULL AND live
                 UNION ALL
                 SELECT next_rotation_at, 1, cloud, account, region, name, secret_id
                 FROM secrets JOIN scopes USING (scope_id)
                 WHERE secrets.clock = ?1 AND next_rotation_at IS NOT NULL AND state = 'enabled' AND live
             ) ORDER BY at, secret_id LIMIT ?2",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = statement.query_map([clock, limit], |row| {
            let cloud = Cloud::from_name(row.get_ref(2)?.as_str()?);
            Ok(PlannedWork {
                at: time(row, 0)?,
                is_rotation: row.get(1)?,
                scope: Scope {
                    cloud: cloud.ok_or_else(|| invalid(2, "cloud"))?,
                    account: row.get(3)?,
                    region: row.get(4)?,
                },
                secret: row.get(5)?,
            })
        })?;
        Ok((count, rows.collect::<rusqlite::Result<_>>()?))
    }
}
