//! Transactions. The other files of this module implement their methods.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Deref;

use rusqlite::Connection;

use super::due::SERVER_CLOCK;
use super::results::Results;

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
    /// The accounts with a clock of their own whose secrets may have changed.
    pub(super) touched: RefCell<BTreeSet<i64>>,
}

impl WriteTransaction<'_> {
    /// Notes that secrets with this clock may have changed.
    pub(super) fn touch(&self, clock: i64) {
        if clock != SERVER_CLOCK {
            self.touched.borrow_mut().insert(clock);
        }
    }
}

impl<'c> Deref for WriteTransaction<'c> {
    type Target = ReadTransaction<'c>;

    fn deref(&self) -> &Self::Target {
        &self.reading
    }
}
