//! Stores KMS instances.

use rusqlite::{OptionalExtension, Row, params};

use super::error::StoreError;
use super::rows::ScopeRow;
use super::transactions::{ReadTransaction, WriteTransaction};
use crate::model::{KmsInstance, Scope};

impl ReadTransaction<'_> {
    /// The instances of a scope, sorted by id.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn kms_instances(&self, scope: &Scope) -> Result<Vec<KmsInstance>, StoreError> {
        let Some(scope) = ScopeRow::find(self.connection, scope)? else {
            return Ok(Vec::new());
        };
        let mut statement = self.connection.prepare_cached(
            "SELECT instance_id, is_default, details FROM kms_instances WHERE scope_id = ?1 ORDER BY instance_id",
        )?;
        let instances = statement.query_map([scope.id], instance_from)?;
        Ok(instances.collect::<rusqlite::Result<_>>()?)
    }

    /// The instance with this id.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn kms_instance(
        &self,
        scope: &Scope,
        instance_id: &str,
    ) -> Result<Option<KmsInstance>, StoreError> {
        let Some(scope) = ScopeRow::find(self.connection, scope)? else {
            return Ok(None);
        };
        let mut statement = self.connection.prepare_cached(
            "SELECT instance_id, is_default, details FROM kms_instances WHERE scope_id = ?1 AND instance_id = ?2",
        )?;
        let instance = statement.query_row(params![scope.id, instance_id], instance_from);
        Ok(instance.optional()?)
    }

    /// The instance that stores new secrets and keys without one, if the scope has such an instance.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn default_kms_instance(&self, scope: &Scope) -> Result<Option<KmsInstance>, StoreError> {
        let Some(scope) = ScopeRow::find(self.connection, scope)? else {
            return Ok(None);
        };
        let mut statement = self.connection.prepare_cached(
            "SELECT instance_id, is_default, details FROM kms_instances WHERE scope_id = ?1 AND is_default",
        )?;
        Ok(statement.query_row([scope.id], instance_from).optional()?)
    }
}

impl WriteTransaction<'_> {
    /// Stores an instance. Replaces one of the same id; a default instance replaces another one as the default.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn replace_kms_instance(
        &self,
        scope: &Scope,
        instance: &KmsInstance,
    ) -> Result<(), StoreError> {
        let (scope_id, _) = self.scope_to_change(scope)?;
        if instance.is_default {
            self.connection
                .prepare_cached("UPDATE kms_instances SET is_default = 0 WHERE scope_id = ?1")?
                .execute([scope_id])?;
        }
        self.connection
            .prepare_cached(
                "INSERT INTO kms_instances (scope_id, instance_id, is_default, details) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (scope_id, instance_id) DO UPDATE SET is_default = excluded.is_default, details = excluded.details",
            )?
            .execute(params![
                scope_id,
                instance.instance_id,
                instance.is_default,
                instance.details
            ])?;
        Ok(())
    }
}

fn instance_from(row: &Row) -> rusqlite::Result<KmsInstance> {
    Ok(KmsInstance {
        instance_id: row.get(0)?,
        is_default: row.get(1)?,
        details: row.get(2)?,
    })
}
