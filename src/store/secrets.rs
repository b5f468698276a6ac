//! Counts, finds, creates, changes and removes secrets.

use chrono::{DateTime, Utc};
use rusqlite::types::Type;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Row, named_params, params};

use super::due::clock_of_account;
use super::error::StoreError;
use super::list_keys::ListKey;
use super::lists::{self, List};
use super::rows::{ScopeRow, SecretId};
use super::transactions::{ReadTransaction, WriteTransaction};
use crate::model::{Rotation, Scope, ScopeSelection, Secret, SecretType, State, StateName, Tag};

/// Selects the columns that [`secret_from`] reads. A constant: concatenating the text for every read
/// took 2 % of the time of `DescribeSecret`.
macro_rules! select_secrets {
    ($from:literal) => {
        concat!(
            "SELECT secret_id, name, secret_type, description, created_at, updated_at, state, planned_delete_at, \
             encryption_key_id, dkms_instance_id, owing_service, creator, extended_config, rotation_interval, \
             last_rotated_at, next_rotation_at, associated_instance_ids FROM ",
            $from
        )
    };
}
pub(super) use select_secrets;

/// The number of secrets in a scope.
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
    /// Errors of SQLite.
    pub fn count_secrets(&self) -> Result<Vec<ScopeCount>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT cloud, account, region, total FROM scopes JOIN lists USING (scope_id)
             WHERE kind = 0 AND live ORDER BY cloud, account, region",
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

    /// The number of secrets in the scopes of a selection.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn count_secrets_in(&self, selection: &ScopeSelection) -> Result<u64, StoreError> {
        let scopes = self.scopes(selection)?;
        scopes
            .iter()
            .map(|scope| self.count_secrets_of(scope))
            .sum()
    }

    /// The number of secrets in a scope.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn count_secrets_of(&self, scope: &Scope) -> Result<u64, StoreError> {
        let all = List::find_in(self.connection, scope, &ListKey::default())?;
        Ok(all.map_or(0, |(list, _)| list.total))
    }

    /// The secret with this name, with its tags.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn secret(
        &self,
        scope: &Scope,
        name: &str,
    ) -> Result<Option<(SecretId, Secret)>, StoreError> {
        let Some(scope) = ScopeRow::find(self.connection, scope)? else {
            return Ok(None);
        };
        let Some((secret_id, mut secret)) = find(self.connection, scope.id, name)? else {
            return Ok(None);
        };
        secret.tags = tags_of(self.connection, secret_id)?;
        Ok(Some((scope.secret(secret_id), secret)))
    }

    /// The resource policy of a secret, if one was set.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn policy(&self, id: SecretId) -> Result<Option<String>, StoreError> {
        Ok(self
            .connection
            .prepare_cached("SELECT policy FROM secrets WHERE secret_id = ?1")?
            .query_row([id.secret_id], |row| row.get(0))?)
    }
}

impl WriteTransaction<'_> {
    /// Changes a secret from `before` to `after`. Ignores changes of its name, type, creation time and
    /// other properties that are set at creation.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn update_secret(
        &self,
        id: SecretId,
        before: &Secret,
        after: &Secret,
    ) -> Result<(), StoreError> {
        self.count_change(id)?;
        let connection = self.change(id);
        connection
            .prepare_cached(
                "UPDATE secrets SET description = :description, updated_at = :updated_at, state = :state,
                     planned_delete_at = :planned_delete_at, extended_config = :extended_config,
                     rotation_interval = :rotation_interval, last_rotated_at = :last_rotated_at,
                     next_rotation_at = :next_rotation_at
                 WHERE secret_id = :secret_id",
            )?
            .execute(named_params! {
                ":secret_id": id.secret_id,
                ":description": after.description,
                ":updated_at": after.updated_at.timestamp(),
                ":state": after.state.name().as_str(),
                ":planned_delete_at": seconds(after.state.planned_delete_at()),
                ":extended_config": after.extended_config,
                ":rotation_interval": after.rotation.interval,
                ":last_rotated_at": seconds(after.rotation.last_at),
                ":next_rotation_at": seconds(after.rotation.next_at),
            })?;
        if before.tags != after.tags {
            connection
                .prepare_cached("DELETE FROM secret_tags WHERE secret_id = ?1")?
                .execute([id.secret_id])?;
            TagInsertion::new(self.change(id))?.insert(id, &after.tags)?;
        }
        lists::replace_memberships(connection, id, before, Some(after))?;
        Ok(())
    }

    /// Sets the resource policy of a secret.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn set_policy(&self, id: SecretId, policy: &str) -> Result<(), StoreError> {
        self.change(id)
            .prepare_cached("UPDATE secrets SET policy = ?2 WHERE secret_id = ?1")?
            .execute(params![id.secret_id, policy])?;
        Ok(())
    }

    /// Removes a secret, which was `before`, with its versions and tags.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn remove_secret(&self, id: SecretId, before: &Secret) -> Result<(), StoreError> {
        self.count_change(id)?;
        let connection = self.change(id);
        lists::replace_memberships(connection, id, before, None)?;
        connection
            .prepare_cached("DELETE FROM secrets WHERE secret_id = ?1")?
            .execute([id.secret_id])?;
        self.changes.borrow_mut().names.remove(connection, id)?;
        Ok(())
    }

    /// The row id and the clock of a scope, which is created if it does not exist.
    pub(super) fn scope_to_change(&self, scope: &Scope) -> rusqlite::Result<(i64, i64)> {
        let scope_id = if let Some(found) = ScopeRow::find(self.connection, scope)? {
            found.id
        } else {
            self.connection
                .prepare_cached(concat!(
                    "INSERT INTO scopes (cloud, account, region, changes, clock) VALUES (?1, ?2, ?3, 0, ",
                    clock_of_account!("?2"),
                    ")"
                ))?
                .execute(params![scope.cloud.name(), scope.account, scope.region])?;
            self.connection.last_insert_rowid()
        };
        Ok((scope_id, self.count_change_in(scope_id)?))
    }

    fn count_change(&self, id: SecretId) -> rusqlite::Result<()> {
        self.change(id);
        self.count_change_in(id.scope_id)?;
        Ok(())
    }

    /// Counts a change of a scope, and returns its clock. In two statements: for `RETURNING`, SQLite would create a
    /// temporary table.
    fn count_change_in(&self, scope_id: i64) -> rusqlite::Result<i64> {
        self.connection
            .prepare_cached("UPDATE scopes SET changes = changes + 1 WHERE scope_id = ?1")?
            .execute([scope_id])?;
        let clock = self
            .connection
            .prepare_cached("SELECT clock FROM scopes WHERE scope_id = ?1")?
            .query_row([scope_id], |row| row.get(0))?;
        self.touch(clock);
        Ok(clock)
    }
}

/// The statement that inserts the tags of a secret.
pub(super) struct TagInsertion<'c>(CachedStatement<'c>);

impl<'c> TagInsertion<'c> {
    pub(super) fn new(connection: &'c Connection) -> rusqlite::Result<Self> {
        let sql = "INSERT INTO secret_tags (secret_id, tag_key, tag_value, position) VALUES (?1, ?2, ?3, ?4)";
        connection.prepare_cached(sql).map(Self)
    }

    pub(super) fn insert(&mut self, id: SecretId, tags: &[Tag]) -> rusqlite::Result<()> {
        for (position, tag) in tags.iter().enumerate() {
            self.0
                .execute(params![id.secret_id, tag.key, tag.value, position])?;
        }
        Ok(())
    }
}

pub(super) fn seconds(time: Option<DateTime<Utc>>) -> Option<i64> {
    time.map(|time| time.timestamp())
}

/// A JSON array for a column; `NULL` for an empty one.
pub(super) fn json_array(texts: &[String]) -> Option<String> {
    (!texts.is_empty()).then(|| serde_json::Value::from(texts).to_string())
}

/// The secret with this name, without its tags.
pub(super) fn find(
    connection: &Connection,
    scope_id: i64,
    name: &str,
) -> rusqlite::Result<Option<(i64, Secret)>> {
    connection
        .prepare_cached(select_secrets!("secrets WHERE scope_id = ?1 AND name = ?2"))?
        .query_row(params![scope_id, name], secret_from)
        .optional()
}

/// The secret with this row id, without its tags.
pub(super) fn get(connection: &Connection, secret_id: i64) -> rusqlite::Result<(i64, Secret)> {
    connection
        .prepare_cached(select_secrets!("secrets WHERE secret_id = ?1"))?
        .query_row([secret_id], secret_from)
}

/// The secret with this row id, without its tags; absent if it is not in the scope.
pub(super) fn get_in(
    connection: &Connection,
    scope_id: i64,
    secret_id: i64,
) -> rusqlite::Result<Option<(i64, Secret)>> {
    connection
        .prepare_cached(select_secrets!(
            "secrets WHERE secret_id = ?1 AND scope_id = ?2"
        ))?
        .query_row([secret_id, scope_id], secret_from)
        .optional()
}

/// The tags of a secret, in their order.
pub(super) fn tags_of(connection: &Connection, secret_id: i64) -> rusqlite::Result<Vec<Tag>> {
    let mut statement = connection.prepare_cached(
        "SELECT position, tag_key, tag_value FROM secret_tags WHERE secret_id = ?1",
    )?;
    let mut tags = statement
        .query_map([secret_id], |row| {
            let tag = Tag {
                key: row.get(1)?,
                value: row.get(2)?,
            };
            Ok((row.get::<_, u32>(0)?, tag))
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    tags.sort_unstable_by_key(|(position, _)| *position);
    Ok(tags.into_iter().map(|(_, tag)| tag).collect())
}

/// Reads a row of [`select_secrets!`] without its tags. By position, because many are read at once.
pub(super) fn secret_from(row: &Row) -> rusqlite::Result<(i64, Secret)> {
    let secret = Secret {
        name: row.get(1)?,
        secret_type: secret_type(2, row.get_ref(2)?.as_str()?)?,
        description: row.get(3)?,
        created_at: time(row, 4)?,
        updated_at: time(row, 5)?,
        state: state(6, row.get_ref(6)?.as_str()?, optional_time(row, 7)?)?,
        encryption_key_id: row.get(8)?,
        dkms_instance_id: row.get(9)?,
        associated_instance_ids: text_array(row, 16)?,
        owing_service: row.get(10)?,
        creator: row.get(11)?,
        extended_config: row.get(12)?,
        rotation: Rotation {
            interval: row.get(13)?,
            last_at: optional_time(row, 14)?,
            next_at: optional_time(row, 15)?,
        },
        tags: Vec::new(),
    };
    Ok((row.get(0)?, secret))
}

/// The type in a column with this text.
pub(super) fn secret_type(column: usize, text: &str) -> rusqlite::Result<SecretType> {
    SecretType::from_name(text).ok_or_else(|| invalid(column, &format!("secret type {text:?}")))
}

/// The state in a column with this text.
pub(super) fn state(
    column: usize,
    text: &str,
    planned_delete_at: Option<DateTime<Utc>>,
) -> rusqlite::Result<State> {
    StateName::from_text(text)
        .and_then(|name| State::new(name, planned_delete_at))
        .ok_or_else(|| invalid(column, &format!("state {text:?}")))
}

/// A column with a JSON array of texts, or `NULL` for an empty one.
pub(super) fn text_array(row: &Row, column: usize) -> rusqlite::Result<Vec<String>> {
    match row.get_ref(column)?.as_str_or_null()? {
        None => Ok(Vec::new()),
        Some(json) => serde_json::from_str(json).map_err(|_| invalid(column, "array of texts")),
    }
}

/// A column with Unix seconds.
pub(super) fn time(row: &Row, column: usize) -> rusqlite::Result<DateTime<Utc>> {
    time_at(column, row.get(column)?)
}

/// The time in a column with these Unix seconds.
pub(super) fn time_at(column: usize, seconds: i64) -> rusqlite::Result<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0).ok_or_else(|| invalid(column, &format!("time {seconds}")))
}

pub(super) fn optional_time(row: &Row, column: usize) -> rusqlite::Result<Option<DateTime<Utc>>> {
    match row.get::<_, Option<i64>>(column)? {
        None => Ok(None),
        Some(_) => time(row, column).map(Some),
    }
}

/// The error for a column whose value is not `expected`.
pub(super) fn invalid(column: usize, expected: &str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(
        column,
        Type::Null,
        format!("not a {expected}").into(),
    )
}
