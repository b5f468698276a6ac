//! Stores snapshots: named copies of scopes in the format of fixture files, which the clouds define.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, Row, params};

use super::error::StoreError;
use super::secrets::{invalid, time};
use super::transactions::{ReadTransaction, WriteTransaction};
use crate::model::{Cloud, ScopeSelection};

/// A snapshot without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Its name.
    pub name: String,
    /// When it was taken, to the second.
    pub created_at: DateTime<Utc>,
    /// The number of its secrets.
    pub secrets: u64,
    /// The scopes that it is a copy of.
    pub selection: ScopeSelection,
}

impl Snapshot {
    fn from_row(row: &Row) -> rusqlite::Result<Self> {
        let cloud = match row.get_ref(3)?.as_str_or_null()? {
            None => None,
            Some(name) => Some(Cloud::from_name(name).ok_or_else(|| invalid(3, "cloud"))?),
        };
        Ok(Self {
            name: row.get(0)?,
            created_at: time(row, 1)?,
            secrets: row.get(2)?,
            selection: ScopeSelection {
                cloud,
                account: row.get(4)?,
                region: row.get(5)?,
            },
        })
    }
}

impl ReadTransaction<'_> {
    /// All snapshots, ordered by name.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn snapshots(&self) -> Result<Vec<Snapshot>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT name, created_at, secrets, cloud, account, region FROM snapshots ORDER BY name",
        )?;
        let snapshots = statement.query_map([], Snapshot::from_row)?;
        Ok(snapshots.collect::<rusqlite::Result<_>>()?)
    }

    /// The snapshot with this name.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn snapshot(&self, name: &str) -> Result<Option<Snapshot>, StoreError> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT name, created_at, secrets, cloud, account, region FROM snapshots WHERE name = ?1",
            )?
            .query_row([name], Snapshot::from_row)
            .optional()?)
    }

    /// The fixture files of a snapshot, in order.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn snapshot_parts(&self, name: &str) -> Result<Vec<String>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT fixture FROM snapshot_parts WHERE name = ?1 ORDER BY position",
        )?;
        let parts = statement.query_map([name], |row| row.get(0))?;
        Ok(parts.collect::<rusqlite::Result<_>>()?)
    }
}

impl WriteTransaction<'_> {
    /// Adds a snapshot without parts. Replaces a snapshot of the same name.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn add_snapshot(&self, snapshot: &Snapshot) -> Result<(), StoreError> {
        self.remove_snapshot(&snapshot.name)?;
        self.connection
            .prepare_cached(
                "INSERT INTO snapshots (name, created_at, secrets, cloud, account, region)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute(params![
                snapshot.name,
                snapshot.created_at.timestamp(),
                snapshot.secrets,
                snapshot.selection.cloud.map(Cloud::name),
                snapshot.selection.account,
                snapshot.selection.region,
            ])?;
        Ok(())
    }

    /// Adds a fixture file to a snapshot.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn add_snapshot_part(
        &self,
        name: &str,
        position: usize,
        fixture: &str,
    ) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "INSERT INTO snapshot_parts (name, position, fixture) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![name, position, fixture])?;
        Ok(())
    }

    /// Removes a snapshot. Returns whether it existed.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn remove_snapshot(&self, name: &str) -> Result<bool, StoreError> {
        let removed = self
            .connection
            .prepare_cached("DELETE FROM snapshots WHERE name = ?1")?
            .execute([name])?;
        self.connection
            .prepare_cached(
                "DELETE FROM removed_tenants WHERE NOT EXISTS (SELECT 1 FROM snapshots)",
            )?
            .execute([])?;
        Ok(removed > 0)
    }
}
