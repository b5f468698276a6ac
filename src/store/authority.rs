//! Stores the certificate authority. A database has at most one.

use std::fmt;

use rusqlite::{OptionalExtension, params};

use super::error::StoreError;
use super::transactions::{ReadTransaction, WriteTransaction};

/// A certificate authority.
#[derive(Clone, PartialEq, Eq)]
pub struct Authority {
    /// The root certificate, which clients trust, in PEM.
    pub certificate: String,
    /// The private key that signs the certificates of hosts, in PEM.
    pub private_key: String,
    /// The intermediate certificate of the private key. Absent in databases of older versions, where
    /// the private key belongs to `certificate`.
    pub constrained: Option<Constrained>,
}

/// An intermediate certificate with name constraints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constrained {
    /// The certificate, in PEM.
    pub intermediate: String,
    /// Its permitted subtrees: domains and networks.
    pub permitted: Vec<String>,
}

/// Without the key, which must not be logged.
impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

impl ReadTransaction<'_> {
    /// The authority, if there is one.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
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
    /// Stores the authority, or replaces it.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn save_authority(&self, authority: &Authority) -> Result<(), StoreError> {
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
