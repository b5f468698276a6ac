//! Creates secrets, one or many.

use rusqlite::named_params;

use super::error::StoreError;
use super::rows::SecretId;
use super::scopes::StoredSecret;
use super::secrets::{find, json_array, seconds, tags_of};
use super::transactions::WriteTransaction;
use super::{lists, names};
use crate::model::{Cloud, Scope, Secret, SecretVersion};

/// The number of secrets that are indexed together. More take more memory and save little time.
const INDEXED_TOGETHER: usize = 4096;

/// A scope that gets new secrets.
#[derive(Debug, Clone, Copy)]
struct Target {
    cloud: Cloud,
    id: i64,
    clock: i64,
}

impl WriteTransaction<'_> {
    /// Stores a new secret with its versions.
    ///
    /// # Errors
    ///
    /// Errors of SQLite, for instance if a secret with this name exists.
    pub fn create_secret(
        &self,
        scope: &Scope,
        secret: &Secret,
        versions: &[SecretVersion],
    ) -> Result<SecretId, StoreError> {
        let id = self.insert(Target::of(self, scope)?, secret, versions)?;
        self.index(&[(id, secret)])?;
        Ok(id)
    }

    /// Stores secrets with their versions and policies. Each replaces a secret of the same name.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn replace_secrets(
        &self,
        scope: &Scope,
        secrets: &[StoredSecret],
    ) -> Result<(), StoreError> {
        for secrets in secrets.chunks(INDEXED_TOGETHER) {
            let target = Target::of(self, scope)?;
            let mut inserted = Vec::with_capacity(secrets.len());
            for stored in secrets {
                let secret = &stored.secret;
                if let Some((secret_id, mut before)) =
                    find(self.connection, target.id, &secret.name)?
                {
                    // It may be one of those that are not indexed yet.
                    self.index(&inserted)?;
                    inserted.clear();
                    before.tags = tags_of(self.connection, secret_id)?;
                    self.remove_secret(target.secret(secret_id), &before)?;
                }
                let id = self.insert(target, secret, &stored.versions)?;
                if let Some(policy) = &stored.policy {
                    self.set_policy(id, policy)?;
                }
                inserted.push((id, secret));
            }
            self.index(&inserted)?;
        }
        Ok(())
    }

    /// Inserts the rows of a secret, without those of its indexes.
    fn insert(
        &self,
        scope: Target,
        secret: &Secret,
        versions: &[SecretVersion],
    ) -> Result<SecretId, StoreError> {
        self.connection
            .prepare_cached(
                "INSERT INTO secrets (scope_id, name, secret_type, description, created_at, updated_at, state,
                     planned_delete_at, encryption_key_id, dkms_instance_id, associated_instance_ids, owing_service,
                     creator, extended_config, rotation_interval, last_rotated_at, next_rotation_at, clock)
                 VALUES (:scope_id, :name, :secret_type, :description, :created_at, :updated_at, :state,
                     :planned_delete_at, :encryption_key_id, :dkms_instance_id, :associated_instance_ids, :owing_service,
                     :creator, :extended_config, :rotation_interval, :last_rotated_at, :next_rotation_at, :clock)",
            )?
            .execute(
                named_params! {
                    ":scope_id": scope.id,
                    ":name": secret.name,
                    ":secret_type": secret.secret_type.name(),
                    ":description": secret.description,
                    ":created_at": secret.created_at.timestamp(),
                    ":updated_at": secret.updated_at.timestamp(),
                    ":state": secret.state.name().as_str(),
                    ":planned_delete_at": seconds(secret.state.planned_delete_at()),
                    ":encryption_key_id": secret.encryption_key_id,
                    ":dkms_instance_id": secret.dkms_instance_id,
                    ":associated_instance_ids": json_array(&secret.associated_instance_ids),
                    ":owing_service": secret.owing_service,
                    ":creator": secret.creator,
                    ":extended_config": secret.extended_config,
                    ":rotation_interval": secret.rotation.interval,
                    ":last_rotated_at": seconds(secret.rotation.last_at),
                    ":next_rotation_at": seconds(secret.rotation.next_at),
                    ":clock": scope.clock,
                },
            )?;
        // For `RETURNING`, SQLite would create a temporary table.
        let id = scope.secret(self.connection.last_insert_rowid());
        self.change(id);
        self.add_tags(id, &secret.tags)?;
        for version in versions {
            self.add_version(id, version)?;
        }
        Ok(id)
    }

    /// Adds new secrets to their lists and to the index of names. The names come last: `FTS5` writes its index at
    /// each statement of another table that may need a savepoint.
    fn index(&self, secrets: &[(SecretId, &Secret)]) -> rusqlite::Result<()> {
        lists::add(self.connection, secrets)?;
        for (id, secret) in secrets {
            names::add(self.connection, *id, &secret.name)?;
        }
        Ok(())
    }
}

impl Target {
    fn of(store: &WriteTransaction, scope: &Scope) -> rusqlite::Result<Self> {
        let (id, clock) = store.scope_to_change(scope)?;
        Ok(Self {
            cloud: scope.cloud,
            id,
            clock,
        })
    }

    fn secret(self, secret_id: i64) -> SecretId {
        SecretId {
            cloud: self.cloud,
            scope_id: self.id,
            secret_id,
        }
    }
}
