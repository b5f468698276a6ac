//! Creates secrets, one or many.

use rusqlite::{CachedStatement, Connection, params};

use super::error::StoreError;
use super::lists;
use super::rows::SecretId;
use super::scopes::StoredSecret;
use super::secrets::{TagInsertion, find, json_array, seconds, tags_of};
use super::transactions::WriteTransaction;
use super::versions::VersionInsertion;
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
        let target = Target::of(self, scope)?;
        let inserted = self.insert(
            &mut Insertion::new(self.connection)?,
            target,
            secret,
            versions,
        )?;
        let id = inserted.ok_or(rusqlite::Error::StatementChangedRows(0))?;
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
            let mut insertion = Insertion::new(self.connection)?;
            let mut inserted = Vec::with_capacity(secrets.len());
            for stored in secrets {
                let secret = &stored.secret;
                let mut id = self.insert(&mut insertion, target, secret, &stored.versions)?;
                if id.is_none() {
                    // The other secret may be one of those that are not indexed yet.
                    self.index(&inserted)?;
                    inserted.clear();
                    self.remove_named(target, &secret.name)?;
                    id = self.insert(&mut insertion, target, secret, &stored.versions)?;
                }
                let id = id.ok_or(rusqlite::Error::StatementChangedRows(0))?;
                if let Some(policy) = &stored.policy {
                    self.set_policy(id, policy)?;
                }
                inserted.push((id, secret));
            }
            self.index(&inserted)?;
        }
        Ok(())
    }

    fn remove_named(&self, scope: Target, name: &str) -> Result<(), StoreError> {
        if let Some((secret_id, mut secret)) = find(self.connection, scope.id, name)? {
            secret.tags = tags_of(self.connection, secret_id)?;
            self.remove_secret(scope.secret(secret_id), &secret)?;
        }
        Ok(())
    }

    /// Inserts the rows of a secret, without those of its indexes. Returns `None` and changes nothing if the scope has a
    /// secret with this name; a search before each insertion would cost more.
    fn insert(
        &self,
        insertion: &mut Insertion,
        scope: Target,
        secret: &Secret,
        versions: &[SecretVersion],
    ) -> Result<Option<SecretId>, StoreError> {
        let inserted = insertion.secret.execute(params![
            scope.id,
            secret.name,
            secret.secret_type.name(),
            secret.description,
            secret.created_at.timestamp(),
            secret.updated_at.timestamp(),
            secret.state.name().as_str(),
            seconds(secret.state.planned_delete_at()),
            secret.encryption_key_id,
            secret.dkms_instance_id,
            json_array(&secret.associated_instance_ids),
            secret.owing_service,
            secret.creator,
            secret.extended_config,
            secret.rotation.interval,
            seconds(secret.rotation.last_at),
            seconds(secret.rotation.next_at),
            scope.clock,
        ])?;
        if inserted == 0 {
            return Ok(None);
        }
        // For `RETURNING`, SQLite would create a temporary table.
        let id = scope.secret(self.connection.last_insert_rowid());
        self.change(id);
        insertion.tags.insert(id, &secret.tags)?;
        for (sequence, version) in (1..).zip(versions) {
            insertion.versions.insert(id, sequence, version)?;
        }
        Ok(Some(id))
    }

    /// Adds new secrets to their lists and to the index of names.
    fn index(&self, secrets: &[(SecretId, &Secret)]) -> rusqlite::Result<()> {
        lists::add(self.connection, secrets)?;
        let names = &mut self.changes.borrow_mut().names;
        for (id, secret) in secrets {
            names.add(*id, &secret.name);
        }
        if names.added() >= INDEXED_TOGETHER {
            names.write(self.connection)?;
        }
        Ok(())
    }
}

/// The statements that insert the rows of a secret. Looking them up for each secret of a fixture would take longer.
struct Insertion<'c> {
    secret: CachedStatement<'c>,
    tags: TagInsertion<'c>,
    versions: VersionInsertion<'c>,
}

impl<'c> Insertion<'c> {
    fn new(connection: &'c Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            // With parameters in the order of the columns: SQLite compares a named parameter with the names of all.
            secret: connection.prepare_cached(
                "INSERT INTO secrets (scope_id, name, secret_type, description, created_at, updated_at, state,
                     planned_delete_at, encryption_key_id, dkms_instance_id, associated_instance_ids, owing_service,
                     creator, extended_config, rotation_interval, last_rotated_at, next_rotation_at, clock)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
                 ON CONFLICT (scope_id, name) DO NOTHING",
            )?,
            tags: TagInsertion::new(connection)?,
            versions: VersionInsertion::new(connection)?,
        })
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
