//! Counts what users have created, for quotas. Keys of services do not count.

use rusqlite::Connection;

use super::super::error::StoreError;
use super::super::rows::ScopeRow;
use super::super::transactions::ReadTransaction;
use crate::model::Scope;

impl ReadTransaction<'_> {
    /// The number of keys.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn count_user_cmks(&self, scope: &Scope) -> Result<u64, StoreError> {
        count(
            self.connection,
            scope,
            "SELECT count(*) FROM cmks WHERE scope_id = ?1 AND creator_type = 'User'",
        )
    }

    /// The number of versions of keys.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn count_user_cmk_versions(&self, scope: &Scope) -> Result<u64, StoreError> {
        count(
            self.connection,
            scope,
            "SELECT count(*) FROM cmks JOIN cmk_versions USING (cmk_id)
             WHERE scope_id = ?1 AND creator_type = 'User'",
        )
    }

    /// The number of aliases.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn count_user_aliases(&self, scope: &Scope) -> Result<u64, StoreError> {
        count(
            self.connection,
            scope,
            "SELECT count(*) FROM cmk_aliases JOIN cmks USING (cmk_id)
             WHERE cmk_aliases.scope_id = ?1 AND creator_type = 'User'",
        )
    }
}

fn count(connection: &Connection, scope: &Scope, sql: &str) -> Result<u64, StoreError> {
    let Some(scope) = ScopeRow::find(connection, scope)? else {
        return Ok(0);
    };
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_row([scope.id], |row| row.get(0))?)
}
