//! Whole keys, for fixtures, exports and snapshots.

use super::super::error::StoreError;
use super::super::rows::ScopeRow;
use super::super::transactions::{ReadTransaction, WriteTransaction};
use super::{cmk_from, select_cmks};
use crate::model::{Cmk, CmkVersion, KeyAlias, Scope};

/// A key with its versions, aliases and policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCmk {
    /// The key.
    pub cmk: Cmk,
    /// Its versions, oldest first.
    pub versions: Vec<CmkVersion>,
    /// Its aliases, oldest first.
    pub aliases: Vec<KeyAlias>,
    /// Its policy, if one was set.
    pub policy: Option<String>,
}

impl ReadTransaction<'_> {
    /// All keys of a scope, oldest first.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn all_cmks(&self, scope: &Scope) -> Result<Vec<StoredCmk>, StoreError> {
        let Some(row) = ScopeRow::find(self.connection, scope)? else {
            return Ok(Vec::new());
        };
        let mut statement = self.connection.prepare_cached(select_cmks!(
            "cmks WHERE scope_id = ?1 ORDER BY created_at, key_id"
        ))?;
        let cmks = statement
            .query_map([row.id], cmk_from)?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let stored = |(id, mut cmk): (_, Cmk)| {
            cmk.tags = self.cmk_tags(id)?;
            let aliases = self.all_aliases_of(id)?;
            Ok(StoredCmk {
                cmk,
                versions: self.all_cmk_versions(id)?,
                aliases: aliases.into_iter().map(|row| row.alias).collect(),
                policy: self.cmk_policy(id)?,
            })
        };
        cmks.into_iter().map(stored).collect()
    }
}

impl WriteTransaction<'_> {
    /// Stores a whole key. Replaces a key of the same id, and takes aliases from other keys.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn replace_cmk(&self, scope: &Scope, stored: &StoredCmk) -> Result<(), StoreError> {
        if let Some((id, before)) = self.cmk(scope, &stored.cmk.key_id)? {
            self.remove_cmk(id, &before)?;
        }
        self.add_cmk(scope, stored)
    }

    /// Stores a whole key, unless there is one with its id or one of its aliases.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn add_absent_cmk(&self, scope: &Scope, stored: &StoredCmk) -> Result<(), StoreError> {
        let mut exists = self.cmk(scope, &stored.cmk.key_id)?.is_some();
        for alias in &stored.aliases {
            exists |= self.alias(scope, &alias.name)?.is_some();
        }
        if exists {
            return Ok(());
        }
        self.add_cmk(scope, stored)
    }

    fn add_cmk(&self, scope: &Scope, stored: &StoredCmk) -> Result<(), StoreError> {
        let id = self.create_cmk(scope, &stored.cmk, &stored.versions)?;
        for alias in &stored.aliases {
            if let Some(row) = self.alias(scope, &alias.name)? {
                self.remove_alias(&row)?;
            }
            self.add_alias(id, &stored.cmk, alias)?;
        }
        if let Some(policy) = &stored.policy {
            self.set_cmk_policy(id, policy)?;
        }
        Ok(())
    }
}
