//! The parameters of imports of key material.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};

use super::super::error::StoreError;
use super::super::secrets::time;
use super::super::transactions::{ReadTransaction, WriteTransaction};
use super::CmkId;
use crate::model::KeyMaterial;

/// The parameters for an import of key material.
#[derive(Debug, Clone)]
pub struct Import {
    /// The token that identifies it.
    pub token: Vec<u8>,
    /// How the material is encrypted.
    pub algorithm: String,
    /// The private key in PKCS #8.
    pub private_key: KeyMaterial,
    /// When it expires.
    pub expires_at: DateTime<Utc>,
}

impl ReadTransaction<'_> {
    /// The import of a key with this token.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn import(&self, id: CmkId, token: &[u8]) -> Result<Option<Import>, StoreError> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT token, algorithm, private_key, expires_at FROM cmk_imports
                 WHERE cmk_id = ?1 AND token = ?2",
            )?
            .query_row(params![id.cmk_id, token], |row| {
                Ok(Import {
                    token: row.get(0)?,
                    algorithm: row.get(1)?,
                    private_key: row.get::<_, Vec<u8>>(2)?.into(),
                    expires_at: time(row, 3)?,
                })
            })
            .optional()?)
    }
}

impl WriteTransaction<'_> {
    /// Adds an import to a key. Removes imports that expired more than a day before `now`: until then, an expired token
    /// is distinguished from an unknown one.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn add_import(
        &self,
        id: CmkId,
        import: &Import,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        const DAY: i64 = 86_400;
        let connection = self.change_cmk(id);
        connection
            .prepare_cached("DELETE FROM cmk_imports WHERE cmk_id = ?1 AND expires_at < ?2")?
            .execute(params![id.cmk_id, now.timestamp() - DAY])?;
        connection
            .prepare_cached(
                "INSERT INTO cmk_imports (cmk_id, token, algorithm, private_key, expires_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![
                id.cmk_id,
                import.token,
                import.algorithm,
                import.private_key.expose(),
                import.expires_at.timestamp(),
            ])?;
        Ok(())
    }
}
