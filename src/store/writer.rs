//! The one writer, with group commit.
//!
//! A commit to a file waits for the disk, which takes longer than most changes. So the changes that wait for the
//! writer at the same time are committed together: the first one begins a transaction, each other one runs in a
//! savepoint of it, and the last one commits it. One thread runs them all, one after the other; with a mutex, each would
//! have to wake the next one. An error rolls back only its own change. All of them return when the commit is done, also
//! those with an error, because the reason may be another change of the group.
//!
//! A database in memory commits each change alone. Readers wait for it, so a shorter transaction is better.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;

use parking_lot::{Mutex, RwLock};
use rayon_core::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder, Yield, yield_now};
use rusqlite::{Connection, Error, ffi};

use super::error::StoreError;
use super::transactions::Changes;

/// The maximum number of changes in a group, so that the first one does not wait too long.
const MAX_GROUP: usize = 64;

/// The connection that writes, and the changes that wait for it.
pub(super) struct Writer {
    state: Mutex<State>,
    /// The number of changes that have not begun yet.
    waiting: AtomicUsize,
    place: Place,
}

/// The thread on which changes run.
pub(super) enum Place {
    /// On the thread of their caller, for a database in memory, which has this lock.
    Caller(Arc<RwLock<()>>),
    /// On one thread, for a file: the changes of a group need no switch of threads between them.
    Thread(ThreadPool),
}

impl Place {
    /// For a database in memory with this lock, or for a file.
    pub(super) fn new(gate: Option<Arc<RwLock<()>>>) -> Result<Self, ThreadPoolBuildError> {
        if let Some(gate) = gate {
            return Ok(Self::Caller(gate));
        }
        let thread = ThreadPoolBuilder::new()
            .num_threads(1)
            .thread_name(|_| "writer".to_owned());
        thread.build().map(Self::Thread)
    }
}

struct State {
    connection: Connection,
    /// The changes of the open transaction, if one is open.
    group: Option<Group>,
}

#[derive(Default)]
struct Group {
    members: usize,
    /// Whether a member succeeded.
    is_changed: bool,
    changes: Changes,
    /// The result of the commit, which the members wait for.
    commit: Commit,
}

type Commit = Arc<OnceLock<Result<(), Error>>>;

/// The same error for another member of the group.
fn copy(error: &Error) -> Error {
    match error {
        Error::SqliteFailure(error, message) => Error::SqliteFailure(*error, message.clone()),
        other => Error::SqliteFailure(ffi::Error::new(ffi::SQLITE_ERROR), Some(other.to_string())),
    }
}

impl Writer {
    pub(super) fn new(connection: Connection, place: Place) -> Self {
        let state = State {
            connection,
            group: None,
        };
        Self {
            state: Mutex::new(state),
            waiting: AtomicUsize::new(0),
            place,
        }
    }

    /// Runs `work`, and returns when its change is committed. If it returns an error or panics, its change is
    /// rolled back. `commit` commits a transaction with these changes.
    pub(super) fn change<T: Send, E: From<StoreError> + Send>(
        &self,
        work: impl FnOnce(&Connection) -> Result<(T, Changes), E> + Send,
        commit: impl FnOnce(&Connection, Changes) -> Result<(), Error> + Send,
    ) -> Result<T, E> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        let (result, committed) = match &self.place {
            Place::Caller(_) => self.run(work, commit),
            Place::Thread(thread) => thread.install(|| self.run(work, commit)),
        }?;
        let committed = committed.wait().as_ref().map_err(copy);
        match result {
            Ok(result) => result.and_then(|value| {
                committed.map_err(StoreError::from)?;
                Ok(value)
            }),
            Err(panic) => resume_unwind(panic),
        }
    }

    /// Runs `work` in the open transaction, or in a new one, and ends the transaction if no other change waits. Returns
    /// the result of `work`, or its panic, and the result of the commit to wait for.
    fn run<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&Connection) -> Result<(T, Changes), E>,
        commit: impl FnOnce(&Connection, Changes) -> Result<(), Error>,
    ) -> Result<(thread::Result<Result<T, E>>, Commit), E> {
        let mut state = self.state.lock();
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        let gate = match &self.place {
            Place::Caller(gate) => Some(gate),
            Place::Thread(_) => None,
        };
        let _exclusive = gate.map(|gate| gate.write());
        state.begin().map_err(StoreError::from)?;
        let State { connection, group } = &mut *state;
        // Alone, a change needs no savepoint, for which the original of each changed page is copied.
        let is_first = group.is_none();
        let mut open = group.take().unwrap_or_default();
        let result = catch_unwind(AssertUnwindSafe(|| {
            if is_first {
                in_transaction(connection, work)
            } else {
                in_savepoint(connection, work)
            }
        }));
        open.members += 1;
        let result = result.map(|result| {
            result.map(|(value, changes)| {
                open.is_changed = true;
                open.changes.merge(changes);
                value
            })
        });
        let committed = Arc::clone(&open.commit);
        let is_last = self.waiting.load(Ordering::SeqCst) == 0 || open.members >= MAX_GROUP;
        // The transaction was rolled back by an error of the first change, or by one such as a full disk.
        if is_last || gate.is_some() || connection.is_autocommit() {
            committed.get_or_init(|| end(connection, open, commit));
        } else {
            *group = Some(open);
            drop(state);
            // Runs the next change before returning: this one's caller, which needs the result of the commit, would
            // otherwise be woken now, wait, and be woken again.
            while committed.get().is_none() && yield_now() == Some(Yield::Executed) {}
        }
        Ok((result, committed))
    }

    /// Runs `work` with the connection, for tests.
    #[cfg(test)]
    pub(super) fn with_connection<T>(&self, work: impl FnOnce(&Connection) -> T) -> T {
        work(&self.state.lock().connection)
    }

    /// The number of changes that wait, for tests.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }
}

impl State {
    /// Begins a transaction, unless one is open.
    fn begin(&mut self) -> Result<(), Error> {
        match self.group {
            Some(_) => Ok(()),
            None => execute(&self.connection, "BEGIN IMMEDIATE"),
        }
    }
}

/// Runs `work` in the open transaction, which is rolled back if it returns an error or panics.
fn in_transaction<T, E: From<StoreError>>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, E>,
) -> Result<T, E> {
    struct Transaction<'c>(&'c Connection);

    impl Drop for Transaction<'_> {
        fn drop(&mut self) {
            // SQLite may have rolled it back.
            if !self.0.is_autocommit() {
                let _ = execute(self.0, "ROLLBACK");
            }
        }
    }

    let transaction = Transaction(connection);
    let result = work(connection)?;
    std::mem::forget(transaction);
    Ok(result)
}

/// Runs `work` in a savepoint, which is rolled back if it returns an error or panics.
fn in_savepoint<T, E: From<StoreError>>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, E>,
) -> Result<T, E> {
    struct Savepoint<'c>(&'c Connection);

    impl Drop for Savepoint<'_> {
        fn drop(&mut self) {
            let rolled_back = execute(self.0, "ROLLBACK TO change");
            let ended = rolled_back.and_then(|()| execute(self.0, "RELEASE change"));
            // Nothing of the group is committed then.
            if ended.is_err() && !self.0.is_autocommit() {
                let _ = execute(self.0, "ROLLBACK");
            }
        }
    }

    execute(connection, "SAVEPOINT change").map_err(StoreError::from)?;
    let savepoint = Savepoint(connection);
    let result = work(connection)?;
    execute(connection, "RELEASE change").map_err(StoreError::from)?;
    std::mem::forget(savepoint);
    Ok(result)
}

/// Ends the transaction of a group.
fn end(
    connection: &Connection,
    group: Group,
    commit: impl FnOnce(&Connection, Changes) -> Result<(), Error>,
) -> Result<(), Error> {
    if connection.is_autocommit() {
        let lost = "the transaction was rolled back".to_owned();
        let code = ffi::Error::new(ffi::SQLITE_ABORT_ROLLBACK);
        return Err(Error::SqliteFailure(code, Some(lost)));
    }
    let result = if group.is_changed {
        commit(connection, group.changes)
    } else {
        Ok(())
    };
    if !connection.is_autocommit() {
        execute(connection, "ROLLBACK")?;
    }
    result
}

/// Executes a statement that begins or ends a transaction or a savepoint.
pub(super) fn execute(connection: &Connection, sql: &str) -> Result<(), Error> {
    connection.prepare_cached(sql)?.execute([]).map(drop)
}
