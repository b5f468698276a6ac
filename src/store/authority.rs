//! Keeps the certificate authority of a database.

use std::fmt;

use rusqlite::{OptionalExtension, params};

use super::error::StoreError;
use super::transactions::{ReadTransaction, WriteTransaction};

/// A certificate authority.
#[derive(Clone, PartialEq, Eq)]
pub struct Authority {
    /// The certificate that clients trust, in PEM.
    pub certificate: String,
    /// The private key that signs for it, in PEM.
    pub private_key: String,
    /// What limits the key; absent for an authority of an older version, where it is the key of
    /// `certificate`.
    pub constrained: Option<Constrained>,
}

/// A certificate with name constraints, between the one that clients trust and those of hosts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constrained {
    /// The certificate, in PEM.
    pub intermediate: String,
    /// What it may vouch for: host names, with all below them, and networks.
    pub permitted: Vec<String>,
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
            .prepare_cached(
                "SELECT certificate, private_key, intermediate, permitted FROM authority",
            )?
            .query_row([], |row| {
                let intermediate: Option<String> = row.get("intermediate")?;
                let permitted: Option<String> = row.get("permitted")?;
                let constrained = intermediate.zip(permitted);
                Ok(Authority {
                    certificate: row.get("certificate")?,
                    private_key: row.get("private_key")?,
                    constrained: constrained.map(|(intermediate, permitted)| Constrained {
                        intermediate,
                        permitted: permitted.split_whitespace().map(str::to_owned).collect(),
                    }),
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
        let constrained = authority.constrained.as_ref();
        self.connection
            .prepare_cached(
                "INSERT OR REPLACE INTO authority
                     (id, certificate, private_key, intermediate, permitted)
                 VALUES (1, ?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                authority.certificate,
                authority.private_key,
                constrained.map(|constrained| &constrained.intermediate),
                constrained.map(|constrained| constrained.permitted.join(" ")),
            ])?;
        Ok(())
    }
}
