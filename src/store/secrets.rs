//! The verbs on secrets: count, replace, remove; and how a secret is read from its row.

use chrono::{DateTime, Utc};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

use super::lists;
use super::{ReadTransaction, ScopeRow, StoreError, WriteTransaction};
use crate::model::{Scope, Secret, SecretType, SecretVersion, State, Tag};

/// The columns that [`secret_from`] reads.
pub(super) const COLUMNS: &str = "secret_id, name, secret_type, description, created_at, updated_at, state, planned_delete_at, \
     encryption_key_id, dkms_instance_id, owing_service, creator";

/// How many secrets a scope holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeCount {
    /// The cloud's name.
    pub cloud: String,
    /// The account number.
    pub account: String,
    /// The region id.
    pub region: String,
    /// The number of secrets.
    pub secrets: u64,
}

impl ReadTransaction<'_> {
    /// The number of secrets in each scope that has any.
    ///
    /// # Errors
    ///
    /// What `SQLite` reports.
    pub fn count_secrets(&self) -> Result<Vec<ScopeCount>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT cloud, account, region, total FROM scopes JOIN lists USING (scope_id)
             WHERE kind = 0 ORDER BY cloud, account, region",
        )?;
        let counts = statement.query_map([], |row| {
            Ok(ScopeCount {
                cloud: row.get("cloud")?,
                account: row.get("account")?,
                region: row.get("region")?,
                secrets: row.get("total")?,
            })
        })?;
        Ok(counts.collect::<rusqlite::Result<_>>()?)
    }
}

impl WriteTransaction<'_> {
    /// Stores a secret with its versions, in the place of any secret of the same name.
    ///
    /// # Errors
    ///
    /// What `SQLite` reports.
    pub fn replace_secret(
        &self,
        scope: &Scope,
        secret: &Secret,
        versions: &[SecretVersion],
    ) -> Result<(), StoreError> {
        self.remove_secret(scope, &secret.name)?;
        let scope_id = self.changed_scope(scope)?;
        let (state, planned_delete_at) = match secret.state {
            State::Enabled => ("enabled", None),
            State::PendingDeletion { planned_delete_at } => {
                ("pending_deletion", Some(planned_delete_at.timestamp()))
            }
        };
        let secret_id: i64 = self
            .connection
            .prepare_cached(
                "INSERT INTO secrets (scope_id, name, secret_type, description, created_at, updated_at, state,
                     planned_delete_at, encryption_key_id, dkms_instance_id, owing_service, creator)
                 VALUES (:scope_id, :name, :secret_type, :description, :created_at, :updated_at, :state,
                     :planned_delete_at, :encryption_key_id, :dkms_instance_id, :owing_service, :creator)
                 RETURNING secret_id",
            )?
            .query_row(
                named_params! {
                    ":scope_id": scope_id,
                    ":name": secret.name,
                    ":secret_type": secret.secret_type.name(),
                    ":description": secret.description,
                    ":created_at": secret.created_at.timestamp(),
                    ":updated_at": secret.updated_at.timestamp(),
                    ":state": state,
                    ":planned_delete_at": planned_delete_at,
                    ":encryption_key_id": secret.encryption_key_id,
                    ":dkms_instance_id": secret.dkms_instance_id,
                    ":owing_service": secret.owing_service,
                    ":creator": secret.creator,
                },
                |row| row.get(0),
            )?;
        self.add_tags(secret_id, &secret.tags)?;
        self.add_versions(secret_id, versions)?;
        lists::replace_memberships(self.connection, scope_id, secret_id, None, Some(secret))?;
        Ok(())
    }

    /// Removes a secret and all that belongs to it. Returns whether there was one.
    ///
    /// # Errors
    ///
    /// What `SQLite` reports.
    pub fn remove_secret(&self, scope: &Scope, name: &str) -> Result<bool, StoreError> {
        let Some(ScopeRow { id: scope_id, .. }) = ScopeRow::find(self.connection, scope)? else {
            return Ok(false);
        };
        let Some(mut row) = find(self.connection, scope_id, name)? else {
            return Ok(false);
        };
        add_tags_of(self.connection, [&mut row])?;
        let (secret_id, secret) = row;
        self.changed_scope(scope)?;
        lists::replace_memberships(self.connection, scope_id, secret_id, Some(&secret), None)?;
        self.connection
            .prepare_cached("DELETE FROM secrets WHERE secret_id = ?1")?
            .execute([secret_id])?;
        Ok(true)
    }

    /// Counts a change of the scope, which is made if it is new, and returns its id.
    fn changed_scope(&self, scope: &Scope) -> rusqlite::Result<i64> {
        self.connection
            .prepare_cached(
                "INSERT INTO scopes (cloud, account, region, changes) VALUES (?1, ?2, ?3, 1)
                 ON CONFLICT (cloud, account, region) DO UPDATE SET changes = changes + 1
                 RETURNING scope_id",
            )?
            .query_row(
                params![scope.cloud.name(), scope.account, scope.region],
                |row| row.get(0),
            )
    }

    fn add_tags(&self, secret_id: i64, tags: &[Tag]) -> rusqlite::Result<()> {
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO secret_tags (secret_id, tag_key, tag_value, position) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for (position, tag) in tags.iter().enumerate() {
            insert.execute(params![secret_id, tag.key, tag.value, position])?;
        }
        Ok(())
    }

    fn add_versions(&self, secret_id: i64, versions: &[SecretVersion]) -> rusqlite::Result<()> {
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO secret_versions (secret_id, sequence, version_id, created_at, data, data_type)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        let mut mark = self.connection.prepare_cached(
            "INSERT INTO version_stages (secret_id, stage, version_id) VALUES (?1, ?2, ?3)",
        )?;
        for (sequence, version) in versions.iter().enumerate() {
            insert.execute(params![
                secret_id,
                sequence,
                version.version_id,
                version.created_at.timestamp(),
                version.data,
                version.data_type.name(),
            ])?;
            for stage in &version.stages {
                mark.execute(params![secret_id, stage, version.version_id])?;
            }
        }
        Ok(())
    }
}

/// The secret of this name, without its tags.
pub(super) fn find(
    connection: &Connection,
    scope_id: i64,
    name: &str,
) -> rusqlite::Result<Option<(i64, Secret)>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM secrets WHERE scope_id = ?1 AND name = ?2"
        ))?
        .query_row(params![scope_id, name], secret_from)
        .optional()
}

/// Loads the tags of each secret.
pub(super) fn add_tags_of<'a>(
    connection: &Connection,
    secrets: impl IntoIterator<Item = &'a mut (i64, Secret)>,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "SELECT position, tag_key, tag_value FROM secret_tags WHERE secret_id = ?1",
    )?;
    for (secret_id, secret) in secrets {
        let mut tags = statement
            .query_map([*secret_id], |row| {
                Ok((
                    row.get::<_, u32>(0)?,
                    Tag {
                        key: row.get(1)?,
                        value: row.get(2)?,
                    },
                ))
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        tags.sort_unstable_by_key(|(position, _)| *position);
        secret.tags = tags.into_iter().map(|(_, tag)| tag).collect();
    }
    Ok(())
}

/// Reads a row of [`COLUMNS`]; by position, as this is the innermost loop of every list.
pub(super) fn secret_from(row: &Row) -> rusqlite::Result<(i64, Secret)> {
    let secret_type: String = row.get(2)?;
    let planned_delete_at: Option<i64> = row.get(7)?;
    let secret = Secret {
        name: row.get(1)?,
        secret_type: SecretType::from_name(&secret_type)
            .ok_or_else(|| invalid(2, &format!("secret type {secret_type:?}")))?,
        description: row.get(3)?,
        created_at: time(4, row.get(4)?)?,
        updated_at: time(5, row.get(5)?)?,
        state: match planned_delete_at {
            None => State::Enabled,
            Some(seconds) => State::PendingDeletion {
                planned_delete_at: time(7, seconds)?,
            },
        },
        encryption_key_id: row.get(8)?,
        dkms_instance_id: row.get(9)?,
        owing_service: row.get(10)?,
        creator: row.get(11)?,
        tags: Vec::new(),
    };
    Ok((row.get(0)?, secret))
}

fn time(column: usize, seconds: i64) -> rusqlite::Result<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0).ok_or_else(|| invalid(column, &format!("time {seconds}")))
}

fn invalid(column: usize, what: &str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Null, format!("not a {what}").into())
}
