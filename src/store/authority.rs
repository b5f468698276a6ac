//! Keeps the certificate authority of a database.

use std::fmt;

use rusqlite::{OptionalExtension, params};

use super::{ReadTransaction, StoreError, WriteTransaction};

/// A certificate authority.
#[derive(Clone, PartialEq, Eq)]
pub struct Authority {
    /// Its certificate, in PEM.
    pub certificate: String,
    /// Its private key, in PEM.
    pub private_key: String,
}

/// Leaves the key out: it must never reach a log.
impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

impl ReadTransaction<'_> {
    /// The authority, if one was kept.
    ///
    /// # Errors
    ///
    /// What `SQLite` reports.
    pub fn authority(&self) -> Result<Option<Authority>, StoreError> {
        Ok(self
            .connection
            .prepare_cached("SELECT certificate, private_key FROM authority")?
            .query_row([], |row| {
                Ok(Authority {
                    certificate: row.get("certificate")?,
                    private_key: row.get("private_key")?,
                })
            })
            .optional()?)
    }
}

impl WriteTransaction<'_> {
    /// Keeps an authority in the place of any other.
    ///
    /// # Errors
    ///
    /// What `SQLite` reports.
    pub fn keep_authority(&self, authority: &Authority) -> Result<(), StoreError> {
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO authority (id, certificate, private_key) VALUES (1, ?1, ?2)",
            )?
            .execute(params![authority.certificate, authority.private_key])?;
        Ok(())
    }
}
