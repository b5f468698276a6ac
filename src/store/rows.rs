//! References to rows of scopes and secrets.

use rusqlite::{Connection, OptionalExtension, params};

use super::revisions::ChangedScopes;
use super::secrets::invalid;
use crate::model::{Cloud, Scope};

/// Identifies a secret as long as it exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecretId {
    /// The cloud of the secret.
    pub cloud: Cloud,
    pub(super) scope_id: i64,
    pub(super) secret_id: i64,
}

/// A row of `scopes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ScopeRow {
    pub(super) cloud: Cloud,
    pub(super) id: i64,
    /// The number of changes of its secrets.
    pub(super) changes: i64,
}

impl ScopeRow {
    /// The row of this scope; absent if the scope never had a secret.
    pub(super) fn find(connection: &Connection, scope: &Scope) -> rusqlite::Result<Option<Self>> {
        connection
            .prepare_cached(
                "SELECT scope_id, changes FROM scopes WHERE cloud = ?1 AND account = ?2 AND region = ?3",
            )?
            .query_row(params![scope.cloud.name(), scope.account, scope.region], |row| {
                Ok(Self { cloud: scope.cloud, id: row.get(0)?, changes: row.get(1)? })
            })
            .optional()
    }

    /// The id of a secret of the scope.
    pub(super) fn secret(self, secret_id: i64) -> SecretId {
        SecretId {
            cloud: self.cloud,
            scope_id: self.id,
            secret_id,
        }
    }
}

/// The changed scopes; absent if it can be any.
pub(super) fn scopes_of(
    connection: &Connection,
    changed: &ChangedScopes,
) -> rusqlite::Result<Option<Vec<Scope>>> {
    let ChangedScopes::Rows(rows) = changed else {
        return Ok(None);
    };
    let mut select = connection
        .prepare_cached("SELECT cloud, account, region FROM scopes WHERE scope_id = ?1")?;
    let mut scopes = Vec::new();
    for scope_id in rows {
        let scope = select.query_row([scope_id], |row| {
            let cloud = Cloud::from_name(row.get_ref(0)?.as_str()?);
            Ok(Scope {
                cloud: cloud.ok_or_else(|| invalid(0, "cloud"))?,
                account: row.get(1)?,
                region: row.get(2)?,
            })
        });
        match scope.optional()? {
            Some(scope) => scopes.push(scope),
            None => return Ok(None),
        }
    }
    Ok(Some(scopes))
}
