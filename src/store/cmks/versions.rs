//! The versions of keys.

use rusqlite::{OptionalExtension, Row, params};

use super::super::error::StoreError;
use super::super::rows::ScopeRow;
use super::super::secrets::time;
use super::super::transactions::{ReadTransaction, WriteTransaction};
use super::{CMK_COLUMNS, CmkId, cmk_from, select_cmks};
use crate::model::{Cmk, CmkVersion, KeyMaterial, Page, PageRequest, Scope};

impl ReadTransaction<'_> {
    /// The newest version of a key: for a symmetric key, the one that encrypts.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn primary_version(&self, id: CmkId) -> Result<Option<CmkVersion>, StoreError> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT version_id, created_at, material, imported_digest FROM cmk_versions
                 WHERE cmk_id = ?1 ORDER BY sequence DESC LIMIT 1",
            )?
            .query_row([id.cmk_id], version_from)
            .optional()?)
    }

    /// The oldest version of a key.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn initial_version(&self, id: CmkId) -> Result<Option<CmkVersion>, StoreError> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT version_id, created_at, material, imported_digest FROM cmk_versions
                 WHERE cmk_id = ?1 ORDER BY sequence LIMIT 1",
            )?
            .query_row([id.cmk_id], version_from)
            .optional()?)
    }

    /// The version of a key with this id.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn cmk_version(
        &self,
        id: CmkId,
        version_id: &str,
    ) -> Result<Option<CmkVersion>, StoreError> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT version_id, created_at, material, imported_digest FROM cmk_versions
                 WHERE version_id = ?1 AND cmk_id = ?2",
            )?
            .query_row(params![version_id, id.cmk_id], version_from)
            .optional()?)
    }

    /// The keys of a scope that have a version with this id, without their tags, and the versions. Keys of fixtures
    /// can have versions with the same id.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn cmks_of_version(
        &self,
        scope: &Scope,
        version_id: &str,
    ) -> Result<Vec<(Cmk, CmkVersion)>, StoreError> {
        let Some(scope) = ScopeRow::find(self.connection, scope)? else {
            return Ok(Vec::new());
        };
        let mut statement = self.connection.prepare_cached(select_cmks!(
            ", version_id, cmk_versions.created_at, material, imported_digest",
            "cmk_versions JOIN cmks USING (cmk_id) WHERE version_id = ?1 AND scope_id = ?2 ORDER BY cmk_id"
        ))?;
        let found = statement.query_map(params![version_id, scope.id], |row| {
            Ok((cmk_from(row)?.1, version_at(row, CMK_COLUMNS)?))
        })?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }

    /// A page of the versions of a key without their material, oldest first, and their number, which is small.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn list_cmk_versions(
        &self,
        id: CmkId,
        page: PageRequest,
    ) -> Result<Page<CmkVersion>, StoreError> {
        let total = self
            .connection
            .prepare_cached("SELECT count(*) FROM cmk_versions WHERE cmk_id = ?1")?
            .query_row([id.cmk_id], |row| row.get(0))?;
        let offset = i64::try_from(page.offset).unwrap_or(i64::MAX);
        let mut statement = self.connection.prepare_cached(
            "SELECT version_id, created_at, NULL, NULL FROM cmk_versions
             WHERE cmk_id = ?1 ORDER BY sequence LIMIT ?2 OFFSET ?3",
        )?;
        let items = statement.query_map(params![id.cmk_id, page.limit, offset], version_from)?;
        Ok(Page {
            items: items.collect::<rusqlite::Result<_>>()?,
            total,
        })
    }

    /// The versions of a key with their material, oldest first.
    pub(super) fn all_cmk_versions(&self, id: CmkId) -> Result<Vec<CmkVersion>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT version_id, created_at, material, imported_digest FROM cmk_versions
             WHERE cmk_id = ?1 ORDER BY sequence",
        )?;
        let versions = statement.query_map([id.cmk_id], version_from)?;
        Ok(versions.collect::<rusqlite::Result<_>>()?)
    }
}

fn version_from(row: &Row) -> rusqlite::Result<CmkVersion> {
    version_at(row, 0)
}

/// A version in the columns from `first` on.
fn version_at(row: &Row, first: usize) -> rusqlite::Result<CmkVersion> {
    let material: Option<Vec<u8>> = row.get(first + 2)?;
    Ok(CmkVersion {
        version_id: row.get(first)?,
        created_at: time(row, first + 1)?,
        material: material.map(KeyMaterial::from),
        imported_digest: row.get(first + 3)?,
    })
}

impl WriteTransaction<'_> {
    /// Adds a version to a key, which becomes its newest.
    ///
    /// # Errors
    ///
    /// Errors of SQLite, for instance if the key has a version with this id.
    pub fn add_cmk_version(&self, id: CmkId, version: &CmkVersion) -> Result<(), StoreError> {
        self.change_cmk(id)
            .prepare_cached(
                "INSERT INTO cmk_versions (cmk_id, sequence, version_id, created_at, material, imported_digest)
                 SELECT ?1, coalesce(max(sequence), 0) + 1, ?2, ?3, ?4, ?5 FROM cmk_versions WHERE cmk_id = ?1",
            )?
            .execute(params![
                id.cmk_id,
                version.version_id,
                version.created_at.timestamp(),
                version.material.as_ref().map(KeyMaterial::expose),
                version.imported_digest,
            ])?;
        Ok(())
    }

    /// Sets or removes the material of a version.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn set_cmk_material(&self, id: CmkId, version: &CmkVersion) -> Result<(), StoreError> {
        self.change_cmk(id)
            .prepare_cached(
                "UPDATE cmk_versions SET material = ?3, imported_digest = ?4
                 WHERE cmk_id = ?1 AND version_id = ?2",
            )?
            .execute(params![
                id.cmk_id,
                version.version_id,
                version.material.as_ref().map(KeyMaterial::expose),
                version.imported_digest,
            ])?;
        Ok(())
    }
}
