//! Stores secrets in SQLite. The only module with SQL; its interface uses the types of
//! [`crate::model`].
//!
//! All clouds, accounts and regions share one database, in a file or in memory. One connection
//! writes, see `writer.rs`. Each thread that reads has its own connection, with a cache of
//! prepared statements. A read takes some microseconds, so it runs on the worker thread of the
//! request: a thread pool would cost more than the read. (In one run of `cargo bench`, reads on the
//! worker reached 65 % of the throughput of a handler that does nothing, reads through the pool
//! 47 %.) A write waits for the disk, so it must not run on a worker thread.
//!
//! In a file, readers and the writer do not wait for each other: the journal mode is WAL. With
//! `synchronous = FULL`, committed changes survive a crash of the machine. A database in memory has
//! no WAL, so readers take a shared lock and the writer an exclusive one. Without the lock, SQLite
//! would return `SQLITE_BUSY` and sleep between attempts.

mod authority;
mod cmks;
mod connection;
mod create;
mod due;
mod error;
mod kms_instances;
mod list_keys;
mod listed;
mod lists;
mod names;
mod planned;
mod queries;
mod results;
mod revisions;
mod rows;
mod schema;
mod scopes;
mod secrets;
mod snapshots;
mod tags;
mod tenants;
mod transactions;
mod versions;
mod writer;

use std::cell::RefCell;
use std::io;
use std::marker::PhantomData;
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use parking_lot::{ArcRwLockReadGuard, RawRwLock, RwLock};
use rusqlite::Connection;
use thread_local::ThreadLocal;

use crate::model::{Scope, Times};
pub use authority::{Authority, Constrained};
pub use cmks::{AliasRow, CmkId, Import, StoredCmk};
use connection::{Location, create_private, open_read_only};
use due::OwnDue;
pub use due::{Due, DueWork};
pub use error::{OpenError, StoreError};
pub use planned::{PlannedKind, PlannedSubject, PlannedWork};
pub use revisions::Revision;
pub use rows::SecretId;
pub use scopes::{ScopeContents, StoredSecret};
pub use secrets::ScopeCount;
pub use snapshots::Snapshot;
pub use tags::{TagCursor, TagRow};
pub use tenants::Tenant;
use transactions::{Caches, Changes, View};
pub use transactions::{ReadTransaction, WriteTransaction};
use writer::{Place, Writer};

/// A database of secrets.
pub struct Store {
    location: Location,
    writer: Writer,
    /// One for each thread that reads. A thread closes its connection before it ends.
    readers: ThreadLocal<RefCell<Option<Connection>>>,
    caches: Caches,
    next_due: NextDue,
    own_due: OwnDue,
    /// The lock of a database in memory.
    gate: Option<Arc<RwLock<()>>>,
    /// A cache of [`Store::count_secrets_now`].
    cached_counts: Mutex<CachedCounts>,
    /// The number of committed write transactions.
    commits: AtomicU64,
}

/// The numbers of secrets after some commit.
struct CachedCounts {
    /// The number of commits at that time.
    commits: u64,
    counts: Vec<ScopeCount>,
}

impl CachedCounts {
    /// Absent if there were more commits since.
    fn get(&self, commits: u64) -> Option<&[ScopeCount]> {
        (self.commits == commits).then_some(&self.counts)
    }
}

thread_local! {
    /// The address of the store whose shared lock this thread holds, and the lock.
    static SHARED: RefCell<Option<(usize, ArcRwLockReadGuard<RawRwLock, ()>)>> =
        const { RefCell::new(None) };
}

/// The shared lock of a store, held by this thread until dropped. Not [`Send`].
pub struct Shared<'s> {
    store: PhantomData<(&'s Store, *const ())>,
    is_outermost: bool,
}

impl Drop for Shared<'_> {
    fn drop(&mut self) {
        if self.is_outermost {
            SHARED.take();
        }
    }
}

impl Store {
    /// Creates an empty database in memory, of at most one gigabyte. It is dropped with this value.
    ///
    /// # Errors
    ///
    /// If SQLite cannot allocate it.
    pub fn in_memory() -> Result<Self, OpenError> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self::at(Location::Memory(format!(
            "file:/kms-emulator-{number}?vfs=memdb"
        )))
    }

    /// Opens the database in the file at `path`, or creates it. A new file has the mode 0600 for every
    /// umask, because it contains the values of secrets and the key of the certificate authority. An
    /// existing file keeps its mode.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened, is not a database of this program, or was written by a newer
    /// version, if an older version wrote it and another process has it open, or if a thread cannot be started. The file
    /// is not changed then.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        // An absolute path, because SQLite interprets `:memory:` and `file:`.
        let path = &std::path::absolute(path).map_err(OpenError::Path)?;
        if path.exists() {
            schema::check(&open_read_only(path)?)?;
        } else {
            create_private(path).map_err(OpenError::Path)?;
        }
        Self::at(Location::File(path.to_owned()))
    }

    fn at(location: Location) -> Result<Self, OpenError> {
        let gate = matches!(location, Location::Memory(_)).then(Arc::default);
        let place =
            Place::new(gate.clone()).map_err(|error| OpenError::Thread(io::Error::other(error)))?;
        let mut writer = location.connect()?;
        match location {
            Location::Memory(_) => writer.pragma_update(None, "journal_mode", "MEMORY")?,
            Location::File(_) => {
                writer.pragma_update(None, "journal_mode", "WAL")?;
                writer.pragma_update(None, "synchronous", "FULL")?;
            }
        }
        schema::migrate(&mut writer)?;
        let next_due = NextDue::default();
        next_due.set(due::next(&writer)?);
        let own_due = OwnDue::default();
        for account in due::own_clocks(&writer)? {
            own_due.set(account, due::next_of(&writer, account)?);
        }
        let cached_counts = ReadTransaction {
            connection: &writer,
            caches: None,
            revision: None,
        }
        .count_secrets()
        .map_err(|StoreError::Sqlite(error)| error)?;
        Ok(Self {
            location,
            writer: Writer::new(writer, place),
            readers: ThreadLocal::new(),
            caches: Caches::default(),
            next_due,
            own_due,
            gate,
            cached_counts: Mutex::new(CachedCounts {
                commits: 0,
                counts: cached_counts,
            }),
            commits: AtomicU64::new(0),
        })
    }

    /// Runs `work` on one snapshot of the database.
    ///
    /// # Errors
    ///
    /// Those of `work`, and errors of SQLite.
    pub fn read<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&ReadTransaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let reader = self.readers.get_or_default();
        if reader.borrow().is_none() {
            let connection = self.location.connect_reader();
            *reader.borrow_mut() = Some(connection.map_err(StoreError::from)?);
        }
        let reader = reader.borrow();
        let connection = reader
            .as_ref()
            .ok_or(rusqlite::Error::InvalidQuery)
            .map_err(StoreError::from)?;
        let gate = self.gate.as_ref().filter(|_| !self.is_shared_here());
        let _shared = gate.map(|gate| gate.read());
        let revision = self.caches.revisions.of_database();
        // With the lock, a transaction is not needed.
        let view = self.gate.is_none().then(|| View::begin(connection));
        let _view = view.transpose().map_err(StoreError::from)?;
        work(&ReadTransaction {
            connection,
            caches: Some(&self.caches),
            revision,
        })
    }

    /// Runs `work` in a transaction, which is committed if it returns `Ok` and rolled back otherwise.
    /// Blocks while another thread writes and, for a file, until the change is on the disk.
    ///
    /// # Errors
    ///
    /// Those of `work`, and errors of SQLite.
    pub fn write<T: Send, E: From<StoreError> + Send>(
        &self,
        work: impl FnOnce(&WriteTransaction<'_>) -> Result<T, E> + Send,
    ) -> Result<T, E> {
        // Otherwise the exclusive lock would wait for this thread's own shared lock.
        if self.is_shared_here() {
            SHARED.take();
        }
        self.writer.change(
            |connection| {
                let writing = WriteTransaction {
                    reading: ReadTransaction {
                        connection,
                        caches: None,
                        revision: None,
                    },
                    changes: RefCell::default(),
                };
                Ok((work(&writing)?, writing.changes.take()))
            },
            |connection, changes| self.commit(connection, changes),
        )
    }

    /// Commits the open transaction, which has these changes.
    fn commit(&self, connection: &Connection, mut changes: Changes) -> rusqlite::Result<()> {
        changes.names.write(connection)?;
        let scopes = rows::scopes_of(connection, &changes.scopes)?;
        let next_due = due::next(connection)?;
        let own_due = changes
            .clocks
            .iter()
            .map(|account| Ok((*account, due::next_of(connection, *account)?)))
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let _changing = self.caches.revisions.begin(scopes.as_deref());
        writer::execute(connection, "COMMIT")?;
        self.next_due.set(next_due);
        for (account, next) in own_due {
            self.own_due.set(account, next);
        }
        self.commits.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    /// The revision of a scope, for replies that are cached until it changes; absent while a change is
    /// being committed. Must be read before the secrets.
    #[must_use]
    pub fn revision(&self, scope: &Scope) -> Option<Revision> {
        self.caches.revisions.get(scope)
    }

    /// Takes the shared lock without waiting; absent if a writer holds the exclusive lock. Until the
    /// result is dropped, reads of this thread do not wait. For a file this does nothing, because
    /// there readers never wait for the writer.
    #[must_use]
    pub fn try_share(&self) -> Option<Shared<'_>> {
        let mut is_outermost = false;
        if let Some(gate) = &self.gate
            && !self.is_shared_here()
        {
            let guard = gate.try_read_arc()?;
            SHARED.set(Some((self.address(), guard)));
            is_outermost = true;
        }
        Some(Shared {
            store: PhantomData,
            is_outermost,
        })
    }

    fn is_shared_here(&self) -> bool {
        SHARED.with_borrow(|shared| {
            let store = shared.as_ref().map(|(store, _)| *store);
            store == Some(self.address())
        })
    }

    fn address(&self) -> usize {
        std::ptr::from_ref(self).addr()
    }

    /// The number of secrets in each scope that has any. Waits for a writer only if there were commits
    /// since the last call, see [`Self::has_cached_counts`].
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn count_secrets_now(&self) -> Result<Vec<ScopeCount>, StoreError> {
        let shared = self.try_share();
        let commits = self.commits.load(Ordering::SeqCst);
        if shared.is_none()
            && let Some(counts) = self.cached_counts().get(commits)
        {
            return Ok(counts.to_vec());
        }
        let counts = self.read(|store| store.count_secrets())?;
        *self.cached_counts() = CachedCounts {
            commits,
            counts: counts.clone(),
        };
        Ok(counts)
    }

    /// Whether [`Self::count_secrets_now`] returns without waiting for a writer.
    #[must_use]
    pub fn has_cached_counts(&self) -> bool {
        let commits = self.commits.load(Ordering::SeqCst);
        self.cached_counts().get(commits).is_some()
    }

    fn cached_counts(&self) -> MutexGuard<'_, CachedCounts> {
        let counts = self.cached_counts.lock();
        counts.unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes the reading connection of this thread, which frees its cache and its file descriptors.
    /// To be called before the thread ends.
    pub fn close_reader(&self) {
        if let Some(reader) = self.readers.get()
            && let Ok(mut reader) = reader.try_borrow_mut()
        {
            *reader = None;
        }
    }

    /// The accounts with their own clock that have due work, with the time at which the next one is
    /// due. Does not read the database.
    #[must_use]
    pub fn own_due(&self) -> Vec<(i64, DateTime<Utc>)> {
        self.own_due.all()
    }

    /// How often the result of [`Self::own_due`] has changed; 0 if it has always been empty.
    #[must_use]
    pub fn own_due_changes(&self) -> u64 {
        self.own_due.changes()
    }

    /// Whether there is due work, see [`WriteTransaction::due`]. Does not read the database.
    #[must_use]
    pub fn has_due(&self, times: impl Into<Times>) -> bool {
        let times = times.into();
        let is_due =
            |next: &AtomicI64, now: DateTime<Utc>| next.load(Ordering::SeqCst) <= now.timestamp();
        is_due(&self.next_due.by_server_clock, times.now)
            || is_due(&self.next_due.by_system_clock, times.system)
    }
}

/// The times of the next due work in Unix seconds, by the server's clock and by the system clock.
struct NextDue {
    by_server_clock: AtomicI64,
    by_system_clock: AtomicI64,
}

impl Default for NextDue {
    fn default() -> Self {
        Self {
            by_server_clock: AtomicI64::new(i64::MAX),
            by_system_clock: AtomicI64::new(i64::MAX),
        }
    }
}

impl NextDue {
    fn set(&self, next: due::Next) {
        let seconds = |time: Option<DateTime<Utc>>| time.map_or(i64::MAX, |time| time.timestamp());
        self.by_server_clock
            .store(seconds(next.by_server_clock), Ordering::SeqCst);
        self.by_system_clock
            .store(seconds(next.by_system_clock), Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests;
