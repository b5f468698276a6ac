//! Stores versions and their stages. The clouds define the meaning of the stages.

use rusqlite::{CachedStatement, Connection, OptionalExtension, params};

use super::error::StoreError;
use super::rows::SecretId;
use super::secrets::{invalid, time};
use super::transactions::{ReadTransaction, WriteTransaction};
use crate::model::{DataType, SecretVersion, VersionInfo};

impl ReadTransaction<'_> {
    /// The versions of a secret without their values, oldest first.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn versions(&self, id: SecretId) -> Result<Vec<VersionInfo>, StoreError> {
        let mut versions = self
            .connection
            .prepare_cached(
                "SELECT version_id, created_at FROM secret_versions WHERE secret_id = ?1 ORDER BY sequence",
            )?
            .query_map([id.secret_id], |row| {
                Ok(VersionInfo {
                    version_id: row.get(0)?,
                    created_at: time(row, 1)?,
                    stages: Vec::new(),
                })
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let mut statement = self.connection.prepare_cached(
            "SELECT version_id, stage FROM version_stages WHERE secret_id = ?1 ORDER BY stage",
        )?;
        let mut stages = statement.query([id.secret_id])?;
        while let Some(row) = stages.next()? {
            let version_id: String = row.get(0)?;
            let marked = versions
                .iter_mut()
                .find(|version| version.version_id == version_id);
            if let Some(version) = marked {
                version.stages.push(row.get(1)?);
            }
        }
        Ok(versions)
    }

    /// A version with its value.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn version(
        &self,
        id: SecretId,
        version_id: &str,
    ) -> Result<Option<SecretVersion>, StoreError> {
        let version = self
            .connection
            .prepare_cached(
                "SELECT version_id, created_at, data, data_type FROM secret_versions
                 WHERE secret_id = ?1 AND version_id = ?2",
            )?
            .query_row(params![id.secret_id, version_id], |row| {
                let data_type: String = row.get(3)?;
                Ok(SecretVersion {
                    version_id: row.get(0)?,
                    created_at: time(row, 1)?,
                    data: row.get::<_, String>(2)?.into(),
                    data_type: DataType::from_name(&data_type)
                        .ok_or_else(|| invalid(3, "data type"))?,
                    stages: Vec::new(),
                })
            })
            .optional()?;
        let Some(mut version) = version else {
            return Ok(None);
        };
        version.stages = self
            .connection
            .prepare_cached(
                "SELECT stage FROM version_stages WHERE secret_id = ?1 AND version_id = ?2 ORDER BY stage",
            )?
            .query_map(params![id.secret_id, version_id], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(Some(version))
    }

    /// The id of the version with a stage.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn version_with_stage(
        &self,
        id: SecretId,
        stage: &str,
    ) -> Result<Option<String>, StoreError> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT version_id FROM version_stages WHERE secret_id = ?1 AND stage = ?2",
            )?
            .query_row(params![id.secret_id, stage], |row| row.get(0))
            .optional()?)
    }
}

impl WriteTransaction<'_> {
    /// Adds a version with its stages, which no other version may have.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn add_version(&self, id: SecretId, version: &SecretVersion) -> Result<(), StoreError> {
        let last: i64 = self
            .connection
            .prepare_cached(
                "SELECT coalesce(max(sequence), 0) FROM secret_versions WHERE secret_id = ?1",
            )?
            .query_row([id.secret_id], |row| row.get(0))?;
        VersionInsertion::new(self.change(id))?.insert(id, last + 1, version)?;
        Ok(())
    }

    /// Changes the value of a version. Returns whether the version exists.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn overwrite_version(
        &self,
        id: SecretId,
        version: &SecretVersion,
    ) -> Result<bool, StoreError> {
        let changed = self
            .change(id)
            .prepare_cached(
                "UPDATE secret_versions SET data = ?3, data_type = ?4
                 WHERE secret_id = ?1 AND version_id = ?2",
            )?
            .execute(params![
                id.secret_id,
                version.version_id,
                version.data.expose(),
                version.data_type.name(),
            ])?;
        Ok(changed > 0)
    }

    /// Removes the versions that are not in `versions`, and sets the stages of the others.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn keep_versions(&self, id: SecretId, versions: &[VersionInfo]) -> Result<(), StoreError> {
        self.change(id)
            .prepare_cached("DELETE FROM version_stages WHERE secret_id = ?1")?
            .execute([id.secret_id])?;
        for known in self.versions(id)? {
            if versions
                .iter()
                .all(|kept| kept.version_id != known.version_id)
            {
                self.change(id)
                    .prepare_cached(
                        "DELETE FROM secret_versions WHERE secret_id = ?1 AND version_id = ?2",
                    )?
                    .execute(params![id.secret_id, known.version_id])?;
            }
        }
        let mut stages = StageInsertion::new(self.change(id))?;
        for version in versions {
            stages.insert(id, &version.version_id, &version.stages)?;
        }
        Ok(())
    }
}

/// The statements that insert a version with its stages.
pub(super) struct VersionInsertion<'c> {
    version: CachedStatement<'c>,
    stages: StageInsertion<'c>,
}

impl<'c> VersionInsertion<'c> {
    pub(super) fn new(connection: &'c Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            version: connection.prepare_cached(
                "INSERT INTO secret_versions (secret_id, sequence, version_id, created_at, data, data_type)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?,
            stages: StageInsertion::new(connection)?,
        })
    }

    /// `sequence` is greater than that of the secret's other versions.
    pub(super) fn insert(
        &mut self,
        id: SecretId,
        sequence: i64,
        version: &SecretVersion,
    ) -> rusqlite::Result<()> {
        self.version.execute(params![
            id.secret_id,
            sequence,
            version.version_id,
            version.created_at.timestamp(),
            version.data.expose(),
            version.data_type.name(),
        ])?;
        self.stages.insert(id, &version.version_id, &version.stages)
    }
}

/// The statement that marks a version with a stage.
struct StageInsertion<'c>(CachedStatement<'c>);

impl<'c> StageInsertion<'c> {
    fn new(connection: &'c Connection) -> rusqlite::Result<Self> {
        let sql = "INSERT INTO version_stages (secret_id, stage, version_id) VALUES (?1, ?2, ?3)";
        connection.prepare_cached(sql).map(Self)
    }

    fn insert(
        &mut self,
        id: SecretId,
        version_id: &str,
        stages: &[String],
    ) -> rusqlite::Result<()> {
        for stage in stages {
            self.0.execute(params![id.secret_id, stage, version_id])?;
        }
        Ok(())
    }
}
