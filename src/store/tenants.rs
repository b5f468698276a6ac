//! Stores tenants.

use chrono::{DateTime, Utc};
use rusqlite::{Row, params};

use super::error::StoreError;
use super::secrets::{invalid, time};
use super::transactions::{ReadTransaction, WriteTransaction};
use crate::model::{FilterMatch, SecretKey};

/// A tenant: an account that a test created, with its own access key.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// The account number.
    pub account: String,
    /// The id of its access key.
    pub access_key_id: String,
    /// The secret half of its access key.
    pub access_key_secret: SecretKey,
    /// When it was created, by the system clock, in whole seconds.
    pub created_at: DateTime<Utc>,
    /// When it is removed with its secrets, if ever, by the system clock, in whole seconds.
    pub expires_at: Option<DateTime<Utc>>,
    /// Whether it was created with the start-up fixtures.
    pub start_fixtures: bool,
    /// Whether it has its own clock.
    pub own_clock: bool,
    /// How filters match on Alibaba Cloud, instead of the setting of the server.
    pub alibaba_filter_match: Option<FilterMatch>,
}

impl Tenant {
    fn from_row(row: &Row) -> rusqlite::Result<Self> {
        Ok(Self {
            account: row.get(0)?,
            access_key_id: row.get(1)?,
            access_key_secret: SecretKey::new(row.get::<_, String>(2)?),
            created_at: time(row, 3)?,
            expires_at: match row.get::<_, Option<i64>>(4)? {
                None => None,
                Some(_) => Some(time(row, 4)?),
            },
            start_fixtures: row.get(5)?,
            own_clock: row.get(6)?,
            alibaba_filter_match: match row.get_ref(7)?.as_str_or_null()? {
                None => None,
                Some(name) => Some(
                    FilterMatch::from_name(name)
                        .ok_or_else(|| invalid(7, "alibaba_filter_match"))?,
                ),
            },
        })
    }
}

impl ReadTransaction<'_> {
    /// All tenants, oldest first.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn tenants(&self) -> Result<Vec<Tenant>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT account, access_key_id, access_key_secret, created_at, expires_at, start_fixtures,
                 own_clock, alibaba_filter_match
             FROM tenants ORDER BY created_at, account",
        )?;
        let tenants = statement.query_map([], Tenant::from_row)?;
        Ok(tenants.collect::<rusqlite::Result<_>>()?)
    }
}

impl WriteTransaction<'_> {
    /// Whether an account is of a tenant that was removed since the oldest snapshot.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn is_removed_tenant(&self, account: &str) -> Result<bool, StoreError> {
        Ok(self
            .connection
            .prepare_cached("SELECT 1 FROM removed_tenants WHERE account = ?1")?
            .exists([account])?)
    }

    /// Adds a tenant.
    ///
    /// # Errors
    ///
    /// Errors of SQLite, for instance if there is a tenant with this account.
    pub fn add_tenant(&self, tenant: &Tenant) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "INSERT INTO tenants (account, access_key_id, access_key_secret, created_at, expires_at,
                     start_fixtures, own_clock, alibaba_filter_match)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                tenant.account,
                tenant.access_key_id,
                tenant.access_key_secret.expose(),
                tenant.created_at.timestamp(),
                tenant.expires_at.map(|time| time.timestamp()),
                tenant.start_fixtures,
                tenant.own_clock,
                tenant.alibaba_filter_match.map(FilterMatch::name),
            ])?;
        Ok(())
    }

    /// Removes a tenant, but not its secrets. Returns whether it existed.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn remove_tenant(&self, account: &str) -> Result<bool, StoreError> {
        let removed = self
            .connection
            .prepare_cached("DELETE FROM tenants WHERE account = ?1")?
            .execute([account])?;
        self.connection
            .prepare_cached(
                "INSERT OR IGNORE INTO removed_tenants
                 SELECT ?1 WHERE ?2 AND EXISTS (SELECT 1 FROM snapshots)",
            )?
            .execute(params![account, removed > 0])?;
        Ok(removed > 0)
    }
}
