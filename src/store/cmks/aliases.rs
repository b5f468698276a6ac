//! Aliases: names for keys. A name is unique in a scope; a key can have several.

use rusqlite::{OptionalExtension, params};

use super::super::error::StoreError;
use super::super::lists::{Memberships, SortKey, replace};
use super::super::rows::ScopeRow;
use super::super::secrets::time;
use super::super::transactions::{ReadTransaction, WriteTransaction};
use super::lists::CmkList;
use super::{CmkId, cmk_from, select_cmks};
use crate::model::{Cmk, KeyAlias, Page, PageRequest, Scope};

/// An alias with the key that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AliasRow {
    /// The alias.
    pub alias: KeyAlias,
    /// The id of its key.
    pub key_id: String,
    pub(super) scope_id: i64,
    alias_id: i64,
}

impl ReadTransaction<'_> {
    /// The key that an alias names, without its tags.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn cmk_of_alias(
        &self,
        scope: &Scope,
        name: &str,
    ) -> Result<Option<(CmkId, Cmk)>, StoreError> {
        let Some(scope) = ScopeRow::find(self.connection, scope)? else {
            return Ok(None);
        };
        Ok(self
            .connection
            .prepare_cached(select_cmks!(
                "cmk_aliases JOIN cmks USING (cmk_id) WHERE cmk_aliases.scope_id = ?1 AND name = ?2"
            ))?
            .query_row(params![scope.id, name], cmk_from)
            .optional()?)
    }

    /// The alias with this name.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn alias(&self, scope: &Scope, name: &str) -> Result<Option<AliasRow>, StoreError> {
        match ScopeRow::find(self.connection, scope)? {
            None => Ok(None),
            Some(scope) => self.alias_in(scope, name),
        }
    }

    /// A page of the aliases of a scope, or of one key, oldest first, and their number. The cost does not depend
    /// on the number of the page.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn list_aliases(
        &self,
        scope: &Scope,
        key_id: Option<&str>,
        page: PageRequest,
    ) -> Result<Page<AliasRow>, StoreError> {
        let Some(row) = ScopeRow::find(self.connection, scope)? else {
            return Ok(Page {
                items: Vec::new(),
                total: 0,
            });
        };
        let list = key_id.map_or(CmkList::Aliases, CmkList::AliasesOf);
        let names = self.members(row, &list, page)?;
        let mut items = Vec::with_capacity(names.items.len());
        for name in names.items {
            items.extend(self.alias_in(row, &name)?);
        }
        Ok(Page {
            items,
            total: names.total,
        })
    }

    fn alias_in(&self, scope: ScopeRow, name: &str) -> Result<Option<AliasRow>, StoreError> {
        Ok(self
            .connection
            .prepare_cached(
                "SELECT alias_id, name, cmk_aliases.created_at, key_id, cmk_aliases.scope_id
                 FROM cmk_aliases JOIN cmks USING (cmk_id) WHERE cmk_aliases.scope_id = ?1 AND name = ?2",
            )?
            .query_row(params![scope.id, name], alias_from)
            .optional()?)
    }

    /// The aliases of a key, oldest first.
    pub(super) fn all_aliases_of(&self, id: CmkId) -> Result<Vec<AliasRow>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT alias_id, name, cmk_aliases.created_at, key_id, cmk_aliases.scope_id
             FROM cmk_aliases JOIN cmks USING (cmk_id)
             WHERE cmk_id = ?1 ORDER BY cmk_aliases.created_at, name",
        )?;
        let aliases = statement.query_map([id.cmk_id], alias_from)?;
        Ok(aliases.collect::<rusqlite::Result<_>>()?)
    }
}

fn alias_from(row: &rusqlite::Row) -> rusqlite::Result<AliasRow> {
    Ok(AliasRow {
        alias_id: row.get(0)?,
        alias: KeyAlias {
            name: row.get(1)?,
            created_at: time(row, 2)?,
        },
        key_id: row.get(3)?,
        scope_id: row.get(4)?,
    })
}

impl WriteTransaction<'_> {
    /// Adds an alias to a key.
    ///
    /// # Errors
    ///
    /// Errors of SQLite, for instance if there is an alias with this name.
    pub fn add_alias(&self, id: CmkId, cmk: &Cmk, alias: &KeyAlias) -> Result<(), StoreError> {
        let connection = self.change_cmk(id);
        let alias_id = connection
            .prepare_cached(
                "INSERT INTO cmk_aliases (scope_id, name, cmk_id, created_at) VALUES (?1, ?2, ?3, ?4)
                 RETURNING alias_id",
            )?
            .query_row(
                params![id.scope_id, alias.name, id.cmk_id, alias.created_at.timestamp()],
                |row| row.get(0),
            )?;
        let memberships = memberships(alias, &cmk.key_id);
        replace(connection, id.scope_id, alias_id, None, Some(&memberships))?;
        Ok(())
    }

    /// Lets an alias name the key `id`, which is `cmk`.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn move_alias(&self, row: &AliasRow, id: CmkId, cmk: &Cmk) -> Result<(), StoreError> {
        let connection = self.change_cmk(id);
        connection
            .prepare_cached("UPDATE cmk_aliases SET cmk_id = ?2 WHERE alias_id = ?1")?
            .execute([row.alias_id, id.cmk_id])?;
        let from = memberships(&row.alias, &row.key_id);
        let to = memberships(&row.alias, &cmk.key_id);
        replace(
            connection,
            id.scope_id,
            row.alias_id,
            Some(&from),
            Some(&to),
        )?;
        Ok(())
    }

    /// Removes an alias.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn remove_alias(&self, row: &AliasRow) -> Result<(), StoreError> {
        self.changes.borrow_mut().scopes.add(row.scope_id);
        self.connection
            .prepare_cached("DELETE FROM cmk_aliases WHERE alias_id = ?1")?
            .execute([row.alias_id])?;
        let from = memberships(&row.alias, &row.key_id);
        replace(
            self.connection,
            row.scope_id,
            row.alias_id,
            Some(&from),
            None,
        )?;
        Ok(())
    }
}

fn memberships<'a>(alias: &KeyAlias, key_id: &'a str) -> Memberships<CmkList<'a>> {
    Memberships {
        sort_key: SortKey {
            created_at: alias.created_at.timestamp(),
            tie_break: alias.name.clone(),
        },
        lists: [CmkList::Aliases, CmkList::AliasesOf(key_id)].into(),
    }
}
