//! Transactions. The other files of this module implement their methods.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::Deref;

use rusqlite::Connection;

use super::due::SERVER_CLOCK;
use super::lists::Positions;
use super::names::NameChanges;
use super::results::Results;
use super::revisions::{ChangedScopes, Revision, Revisions};
use super::rows::SecretId;

/// Reads from one snapshot of the database.
pub struct ReadTransaction<'c> {
    pub(super) connection: &'c Connection,
    /// Absent while the database is changed: caches must not have what may be rolled back.
    pub(super) caches: Option<&'c Caches>,
    /// The revision of the database when the transaction began.
    pub(super) revision: Option<Revision>,
}

/// Data of scopes that is cached, each with the scope's number of changes, and the revisions.
#[derive(Default)]
pub(super) struct Caches {
    pub(super) revisions: Revisions,
    pub(super) results: Results,
    pub(super) positions: Positions,
}

impl ReadTransaction<'_> {
    /// The revision that this transaction has read up to now; absent if it may have read another one, because
    /// SQLite takes the snapshot when a transaction first reads.
    pub(super) fn seen_revision(&self) -> Option<Revision> {
        let current = self.caches?.revisions.of_database();
        self.revision.filter(|revision| current == Some(*revision))
    }
}

/// A read transaction of SQLite: all reads until it is dropped see the same snapshot.
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
    pub(super) changes: RefCell<Changes>,
}

/// The changes of a transaction.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// The scopes whose secrets change.
    pub(super) scopes: ChangedScopes,
    /// The accounts with their own clock whose due work may change.
    pub(super) clocks: BTreeSet<i64>,
    pub(super) names: NameChanges,
}

impl Changes {
    /// Adds the changes of the next change of the group.
    pub(super) fn merge(&mut self, other: Self) {
        self.scopes.merge(other.scopes);
        self.clocks.extend(other.clocks);
        self.names.merge(other.names);
    }
}

impl<'c> WriteTransaction<'c> {
    /// Notes that secrets with this clock may have changed.
    pub(super) fn touch(&self, clock: i64) {
        if clock != SERVER_CLOCK {
            self.changes.borrow_mut().clocks.insert(clock);
        }
    }

    /// The connection, to change this secret.
    pub(super) fn change(&self, id: SecretId) -> &'c Connection {
        self.changes.borrow_mut().scopes.add(id.scope_id);
        self.connection
    }

    /// The connection, to change which secrets scopes have.
    pub(super) fn change_scopes(&self) -> &'c Connection {
        self.changes.borrow_mut().scopes = ChangedScopes::All;
        self.connection
    }
}

impl<'c> Deref for WriteTransaction<'c> {
    type Target = ReadTransaction<'c>;

    fn deref(&self) -> &Self::Target {
        &self.reading
    }
}
