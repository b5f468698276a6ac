//! Operations on whole scopes: read, empty, fill.
//!
//! Emptying a scope is a soft delete: its row is marked, which takes the same time for any number of
//! secrets. Garbage collection deletes its rows later, some at a time. To fill a scope quickly, a
//! spare is prepared: a hidden scope with the secrets. It replaces an emptied scope by a change of one
//! row.

use rusqlite::{OptionalExtension, params};

use super::cmks::StoredCmk;
use super::due::{SERVER_CLOCK, clock_of_account};
use super::error::StoreError;
use super::list_keys::ListKey;
use super::lists::{self, List};
use super::rows::ScopeRow;
use super::rows::SecretId;
use super::secrets::{invalid, secret_from, select_secrets, tags_of};
use super::transactions::{ReadTransaction, WriteTransaction};
use crate::model::{Cloud, KmsInstance, Scope, ScopeSelection, Secret, SecretVersion};

/// Prefixes of the accounts of hidden scopes. The account of a client has no prefix.
const GONE: &str = "gone:";
const UNFINISHED: &str = "unfinished:";
const SPARE: &str = "spare:";

/// A secret with its versions and its policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSecret {
    /// The secret.
    pub secret: Secret,
    /// Its versions, oldest first.
    pub versions: Vec<SecretVersion>,
    /// Its resource policy, if one was set.
    pub policy: Option<String>,
}

/// Some or all of the contents of a scope.
#[derive(Debug, Default)]
pub struct ScopeContents {
    /// Secrets.
    pub secrets: Vec<StoredSecret>,
    /// Keys.
    pub keys: Vec<StoredCmk>,
    /// KMS instances.
    pub instances: Vec<KmsInstance>,
}

impl ScopeContents {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.secrets.is_empty() && self.keys.is_empty() && self.instances.is_empty()
    }
}

impl StoredSecret {
    /// The bytes of all its values.
    #[must_use]
    pub fn value_bytes(&self) -> usize {
        let values = self.versions.iter();
        values.map(|version| version.data.expose().len()).sum()
    }
}

impl ReadTransaction<'_> {
    /// The scopes of a selection that have secrets, keys or KMS instances, ordered by cloud, account and region.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn scopes(&self, selection: &ScopeSelection) -> Result<Vec<Scope>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT cloud, account, region FROM scopes
             WHERE live AND (
                 EXISTS (SELECT 1 FROM lists WHERE scope_id = scopes.scope_id AND kind IN (0, 64))
                 OR EXISTS (SELECT 1 FROM kms_instances WHERE scope_id = scopes.scope_id)
             )
             ORDER BY cloud, account, region",
        )?;
        let scopes = statement
            .query_map([], |row| {
                Ok(Scope {
                    cloud: Cloud::from_name(row.get_ref(0)?.as_str()?)
                        .ok_or_else(|| invalid(0, "cloud"))?,
                    account: row.get(1)?,
                    region: row.get(2)?,
                })
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let selected = scopes.into_iter().filter(|scope| selection.contains(scope));
        Ok(selected.collect())
    }

    /// Calls `take` with each secret of a scope, in the order of lists.
    ///
    /// # Errors
    ///
    /// Those of `take`, and errors of SQLite.
    pub fn each_secret<E: From<StoreError>>(
        &self,
        scope: &Scope,
        mut take: impl FnMut(StoredSecret) -> Result<(), E>,
    ) -> Result<(), E> {
        let found = ScopeRow::find(self.connection, scope).map_err(StoreError::from)?;
        let Some(row) = found else {
            return Ok(());
        };
        let key = ListKey::default();
        let list = List::find(self.connection, row.id, &key).map_err(StoreError::from)?;
        let Some(list) = list else {
            return Ok(());
        };
        let mut statement = self
            .connection
            .prepare_cached(select_secrets!(
                "(
                     SELECT created_at AS at, tie_break AS tie, secret_id AS id FROM list_members
                     WHERE list_id = ?1 ORDER BY created_at, tie_break
                 ) CROSS JOIN secrets ON secret_id = id ORDER BY at, tie"
            ))
            .map_err(StoreError::from)?;
        let rows = statement
            .query_map([list.id], secret_from)
            .map_err(StoreError::from)?;
        for secret in rows {
            let (secret_id, mut secret) = secret.map_err(StoreError::from)?;
            secret.tags = tags_of(self.connection, secret_id).map_err(StoreError::from)?;
            let id = row.secret(secret_id);
            take(StoredSecret {
                secret,
                versions: self.versions_with_values(id)?,
                policy: self.policy(id)?,
            })?;
        }
        Ok(())
    }

    fn versions_with_values(&self, id: SecretId) -> Result<Vec<SecretVersion>, StoreError> {
        let mut versions = Vec::new();
        for version in self.versions(id)? {
            versions.extend(self.version(id, &version.version_id)?);
        }
        Ok(versions)
    }

    /// Whether a scope has a finished spare.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn has_spare(&self, scope: &Scope) -> Result<bool, StoreError> {
        let spare = hidden(SPARE, scope);
        Ok(ScopeRow::find(self.connection, &spare)?.is_some())
    }

    /// Another scope with a secret of this name, for a hint. Prefers scopes of the same cloud
    /// and account, then of the same cloud. Absent if this scope has a secret of this name.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn other_scope_with(&self, here: &Scope, name: &str) -> Result<Option<Scope>, StoreError> {
        if self.secret(here, name)?.is_some() {
            return Ok(None);
        }
        // The index on (scope_id, name) makes this one look-up per scope.
        Ok(self
            .connection
            .prepare_cached(
                "SELECT cloud, account, region FROM scopes CROSS JOIN secrets USING (scope_id)
                 WHERE live AND name = ?1
                 ORDER BY cloud <> ?2, account <> ?3, cloud, account, region LIMIT 1",
            )?
            .query_row(params![name, here.cloud.name(), here.account], |row| {
                Ok(Scope {
                    cloud: Cloud::from_name(row.get_ref(0)?.as_str()?)
                        .ok_or_else(|| invalid(0, "cloud"))?,
                    account: row.get(1)?,
                    region: row.get(2)?,
                })
            })
            .optional()?)
    }
}

/// The hidden scope with this prefix for a scope.
fn hidden(prefix: &str, scope: &Scope) -> Scope {
    Scope {
        account: format!("{prefix}{}", scope.account),
        ..scope.clone()
    }
}

impl WriteTransaction<'_> {
    /// Begins a spare of a scope. Returns the hidden scope to store its secrets in.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn begin_spare(&self, scope: &Scope) -> Result<Scope, StoreError> {
        let unfinished = hidden(UNFINISHED, scope);
        self.connection
            .prepare_cached(
                "INSERT INTO scopes (cloud, account, region, changes, live) VALUES (?1, ?2, ?3, 0, 0)
                 ON CONFLICT DO NOTHING",
            )?
            .execute(params![unfinished.cloud.name(), unfinished.account, unfinished.region])?;
        Ok(unfinished)
    }

    /// Marks the spare of a scope as finished.
    ///
    /// # Errors
    ///
    /// Errors of SQLite, for instance if there is a finished spare already.
    pub fn finish_spare(&self, scope: &Scope) -> Result<(), StoreError> {
        let (unfinished, spare) = (hidden(UNFINISHED, scope), hidden(SPARE, scope));
        self.connection
            .prepare_cached(
                "UPDATE scopes SET account = ?3 WHERE cloud = ?1 AND account = ?2 AND region = ?4",
            )?
            .execute(params![
                scope.cloud.name(),
                unfinished.account,
                spare.account,
                scope.region
            ])?;
        Ok(())
    }

    /// Turns the spare of `scope` into the scope `target`, which must be empty. Returns whether there is a finished
    /// spare.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn use_spare(&self, scope: &Scope, target: &Scope) -> Result<bool, StoreError> {
        let spare = hidden(SPARE, scope);
        let used = self
            .change_scopes()
            .prepare_cached(concat!(
                "UPDATE scopes SET live = 1, account = ?3, clock = ",
                clock_of_account!("?3"),
                " WHERE cloud = ?1 AND account = ?2 AND region = ?4 RETURNING scope_id, clock"
            ))?
            .query_row(
                params![
                    scope.cloud.name(),
                    spare.account,
                    target.account,
                    scope.region
                ],
                |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)),
            )
            .optional()?;
        let Some((scope_id, clock)) = used else {
            return Ok(false);
        };
        if clock != SERVER_CLOCK {
            for sql in [
                "UPDATE secrets SET clock = ?2 WHERE scope_id = ?1",
                "UPDATE cmks SET clock = ?2 WHERE scope_id = ?1",
            ] {
                self.connection
                    .prepare_cached(sql)?
                    .execute([scope_id, clock])?;
            }
            self.touch(clock);
        }
        Ok(true)
    }

    /// Discards all spares, finished or not.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn discard_spares(&self) -> Result<(), StoreError> {
        self.connection
            .prepare_cached("UPDATE scopes SET account = ?1 || scope_id WHERE NOT live")?
            .execute([GONE])?;
        Ok(())
    }

    /// Soft-deletes all secrets and keys in the scopes of a selection, and returns the number of secrets. The time
    /// depends only on the number of scopes; [`collect_garbage`](Self::collect_garbage) deletes the rows.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn empty(&self, selection: &ScopeSelection) -> Result<u64, StoreError> {
        Ok(self
            .change_scopes()
            .prepare_cached(
                "UPDATE scopes SET live = 0, account = ?4 || scope_id
                 WHERE live AND cloud = coalesce(?1, cloud) AND account = coalesce(?2, account)
                     AND region = coalesce(?3, region)
                 RETURNING (SELECT total FROM lists WHERE lists.scope_id = scopes.scope_id AND kind = 0), clock",
            )?
            .query_map(
                params![
                    selection.cloud.map(Cloud::name),
                    selection.account,
                    selection.region,
                    GONE
                ],
                |row| {
                    self.touch(row.get(1)?);
                    row.get::<_, Option<u64>>(0)
                },
            )?
            .map(|total| total.map(Option::unwrap_or_default))
            .sum::<rusqlite::Result<u64>>()?)
    }

    /// Deletes about this number of rows of soft-deleted scopes. Returns whether there may be more.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn collect_garbage(&self, rows: usize) -> Result<bool, StoreError> {
        let deleted = self
            .connection
            .prepare_cached(
                "SELECT scope_id, cloud FROM scopes WHERE NOT live AND substr(account, 1, 5) = ?1 LIMIT 1",
            )?
            .query_row([GONE], |row| {
                let cloud = Cloud::from_name(row.get_ref(1)?.as_str()?);
                Ok((row.get(0)?, cloud.ok_or_else(|| invalid(1, "cloud"))?))
            })
            .optional()?;
        let Some((scope_id, cloud)) = deleted else {
            return Ok(false);
        };
        let mut left = rows;
        while left > 0 {
            let list_id = self
                .connection
                .prepare_cached("SELECT list_id FROM lists WHERE scope_id = ?1 LIMIT 1")?
                .query_row([scope_id], |row| row.get::<_, i64>(0))
                .optional()?;
            let Some(list_id) = list_id else {
                break;
            };
            left = left.saturating_sub(self.delete_from_list(list_id, left)?);
        }
        if left == 0 {
            return Ok(true);
        }
        let ids = self
            .connection
            .prepare_cached("SELECT secret_id FROM secrets WHERE scope_id = ?1 LIMIT ?2")?
            .query_map(params![scope_id, left], |row| row.get(0))?
            .collect::<rusqlite::Result<Vec<i64>>>()?;
        for secret_id in &ids {
            let id = SecretId {
                cloud,
                scope_id,
                secret_id: *secret_id,
            };
            self.changes
                .borrow_mut()
                .names
                .remove(self.connection, id)?;
            self.connection
                .prepare_cached("DELETE FROM secrets WHERE secret_id = ?1")?
                .execute([secret_id])?;
        }
        left -= ids.len();
        if left > 0 {
            left -= self
                .connection
                .prepare_cached(
                    "DELETE FROM cmks WHERE cmk_id IN (SELECT cmk_id FROM cmks WHERE scope_id = ?1 LIMIT ?2)",
                )?
                .execute(params![scope_id, left])?;
        }
        if left > 0 {
            self.connection
                .prepare_cached("DELETE FROM scopes WHERE scope_id = ?1")?
                .execute([scope_id])?;
        }
        Ok(true)
    }

    /// Deletes about this number of rows of a list: its members, then its blocks, then the rest. Returns their number.
    fn delete_from_list(&self, list_id: i64, rows: usize) -> rusqlite::Result<usize> {
        let members = self
            .connection
            .prepare_cached(
                "DELETE FROM list_members WHERE list_id = ?1 AND (created_at, tie_break) <= (
                     SELECT created_at, tie_break FROM (
                         SELECT created_at, tie_break FROM list_members WHERE list_id = ?1
                         ORDER BY created_at, tie_break LIMIT ?2
                     ) ORDER BY created_at DESC, tie_break DESC LIMIT 1)",
            )?
            .execute(params![list_id, rows])?;
        if members == rows {
            return Ok(members);
        }
        let blocks = lists::delete_blocks(self.connection, list_id, rows - members)?;
        if members + blocks == rows {
            return Ok(rows);
        }
        let markers = self
            .connection
            .prepare_cached("DELETE FROM list_markers WHERE list_id = ?1")?
            .execute([list_id])?;
        self.connection
            .prepare_cached("DELETE FROM lists WHERE list_id = ?1")?
            .execute([list_id])?;
        Ok(members + markers + blocks + 1)
    }
}
