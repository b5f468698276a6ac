//! Transactions. The other files of this module implement their methods.

use std::cell::RefCell;
use std::ops::Deref;

use rusqlite::Connection;

use super::results::Results;
use super::revisions::Changed;
use super::rows::SecretId;

/// Reads from one snapshot of the database.
pub struct ReadTransaction<'c> {
    pub(super) connection: &'c Connection,
    pub(super) results: &'c Results,
}

/// A read transaction of `SQLite`: all reads until it is dropped see the same snapshot.
pub(super) struct View<'c>(&'c Connection);

impl<'c> View<'c> {
    pub(super) fn begin(connection: &'c Connection) -> rusqlite::Result<Self> {
        connection.prepare_cached("BEGIN")?.execute([])?;
        Ok(Self(connection))
    }
}

impl Drop for View<'_> {
    fn drop(&mut self) {
        let ended = self
            .0
            .prepare_cached("COMMIT")
            .and_then(|mut commit| commit.execute([]));
        if let Err(error) = ended {
            tracing::error!(%error, "cannot end a read transaction");
        }
    }
}

/// Changes the database, and reads what it has changed.
pub struct WriteTransaction<'c> {
    pub(super) reading: ReadTransaction<'c>,
    /// The scopes that it changes.
    pub(super) changed: RefCell<Changed>,
}

impl<'c> WriteTransaction<'c> {
    /// The connection, to change this secret.
    pub(super) fn change(&self, id: SecretId) -> &'c Connection {
        self.changed.borrow_mut().add(id.scope_id);
        self.connection
    }

    /// The connection, to change which secrets scopes have.
    pub(super) fn change_scopes(&self) -> &'c Connection {
        self.changed.replace(Changed::All);
        self.connection
    }
}

impl<'c> Deref for WriteTransaction<'c> {
    type Target = ReadTransaction<'c>;

    fn deref(&self) -> &Self::Target {
        &self.reading
    }
}
