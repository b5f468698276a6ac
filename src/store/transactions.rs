//! Transactions. What can be read and changed in one is in the files beside this one.

use std::ops::Deref;

use rusqlite::Connection;

use super::results::Results;

/// A snapshot of the database. The verbs that read are its methods.
pub struct ReadTransaction<'c> {
    pub(super) connection: &'c Connection,
    pub(super) results: &'c Results,
}

/// What is read between its beginning and its end belongs together.
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
            tracing::error!(%error, "a read transaction did not end");
        }
    }
}

/// A change of the database in the making. The verbs that write are its methods; those that read
/// see what was changed so far.
pub struct WriteTransaction<'c> {
    pub(super) reading: ReadTransaction<'c>,
}

impl<'c> Deref for WriteTransaction<'c> {
    type Target = ReadTransaction<'c>;

    fn deref(&self) -> &Self::Target {
        &self.reading
    }
}
