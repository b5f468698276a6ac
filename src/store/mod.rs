//! Keeps secrets in `SQLite`: the only place that knows SQL. Speaks the words of [`crate::model`].
//!
//! All clouds, accounts and regions share one database, in a file or in memory. There is one
//! connection that writes, behind a mutex, and one that reads for each thread that asks, with its
//! prepared statements kept. Reading happens on the thread that serves the request: it takes some
//! microseconds, and handing it to a thread pool costs more than it does. In one run of
//! `cargo bench`, of the requests per second of a bare handler, 65 % were answered by reading on
//! the worker and 47 % through the pool. Writing waits for the disk and is for other threads than
//! the workers.
//!
//! In a file, readers and the writer do not wait for each other: the journal is a write-ahead log,
//! and `synchronous = FULL` makes a committed change survive a crash of the machine. In memory
//! there is no such log; there, readers hold a shared lock and the writer an exclusive one, which
//! spares everybody `SQLITE_BUSY` and its sleeps.

mod authority;
mod connection;
mod due;
mod error;
mod keys;
mod listed;
mod lists;
mod names;
mod queries;
mod results;
mod rows;
mod schema;
mod scopes;
mod secrets;
mod snapshots;
mod tags;
mod tenants;
mod transactions;
mod versions;

use std::cell::RefCell;
use std::marker::PhantomData;
use std::path::Path;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use parking_lot::{ArcRwLockReadGuard, RawRwLock, RwLock};
use rusqlite::{Connection, TransactionBehavior};
use thread_local::ThreadLocal;

use crate::model::Times;
pub use authority::{Authority, Constrained};
use connection::{Location, create_private, look_at};
pub use due::{Due, DueWork};
pub use error::{OpenError, StoreError};
use results::Results;
pub use rows::SecretId;
pub use scopes::StoredSecret;
pub use secrets::ScopeCount;
pub use snapshots::Snapshot;
pub use tags::{TagPlace, TagRow};
pub use tenants::Tenant;
use transactions::View;
pub use transactions::{ReadTransaction, WriteTransaction};

/// A database of secrets.
pub struct Store {
    location: Location,
    writer: Mutex<Connection>,
    /// One for each thread that reads. A thread closes its own before it ends.
    readers: ThreadLocal<RefCell<Option<Connection>>>,
    results: Results,
    next_due: NextDue,
    /// Keeps readers and the writer apart where `SQLite` would answer `SQLITE_BUSY`: in memory.
    gate: Option<Arc<RwLock<()>>>,
    /// The number of secrets as last read.
    known_counts: Mutex<KnownCounts>,
    /// How many changes were committed.
    commits: AtomicU64,
}

/// The number of secrets as last read.
struct KnownCounts {
    /// How many changes had been committed then.
    commits: u64,
    counts: Vec<ScopeCount>,
}

impl KnownCounts {
    /// Absent when something was committed since.
    fn get(&self, commits: u64) -> Option<&[ScopeCount]> {
        (self.commits == commits).then_some(&self.counts)
    }
}

thread_local! {
    /// The address of the store that this thread shares, see [`Store::try_share`], with its gate.
    static SHARED: RefCell<Option<(usize, ArcRwLockReadGuard<RawRwLock, ()>)>> =
        const { RefCell::new(None) };
}

/// Keeps the writer out, so that this thread reads without waiting for it. Not to be sent to another
/// thread.
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
    /// An empty database in memory, gone with this value. Holds up to one gigabyte.
    ///
    /// # Errors
    ///
    /// When `SQLite` cannot allocate it.
    pub fn in_memory() -> Result<Self, OpenError> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Self::at(Location::Memory(format!(
            "file:/kms-emulator-{number}?vfs=memdb"
        )))
    }

    /// The database in the file at `path`, made if there is none. A new file can be read and
    /// written by its owner only, whatever the umask: it holds the values of secrets and the key of
    /// the certificate authority. An existing file keeps its mode.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened, is not ours, or was written by a newer version; it is then
    /// left as it was.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        // An absolute path, because SQLite gives `:memory:` and `file:` a meaning of their own.
        let path = &std::path::absolute(path).map_err(OpenError::Path)?;
        if path.exists() {
            schema::check(&look_at(path)?)?;
        } else {
            create_private(path).map_err(OpenError::Path)?;
        }
        Self::at(Location::File(path.to_owned()))
    }

    fn at(location: Location) -> Result<Self, OpenError> {
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
        let gate = matches!(location, Location::Memory(_)).then(Arc::default);
        let results = Results::default();
        let known_counts = ReadTransaction {
            connection: &writer,
            results: &results,
        }
        .count_secrets()
        .map_err(|StoreError::Sqlite(error)| error)?;
        Ok(Self {
            location,
            writer: Mutex::new(writer),
            readers: ThreadLocal::new(),
            results,
            next_due,
            gate,
            known_counts: Mutex::new(KnownCounts {
                commits: 0,
                counts: known_counts,
            }),
            commits: AtomicU64::new(0),
        })
    }

    /// Lets `work` read from one snapshot of the database.
    ///
    /// # Errors
    ///
    /// Those of `work`, and what `SQLite` reports.
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
        // Where the gate keeps writers out, a transaction would do so once more.
        let view = self.gate.is_none().then(|| View::begin(connection));
        let _view = view.transpose().map_err(StoreError::from)?;
        work(&ReadTransaction {
            connection,
            results: &self.results,
        })
    }

    /// Lets `work` change the database: entirely if it returns `Ok`, not at all otherwise. Blocks
    /// while another thread writes, and, with a file, until the change is on the disk.
    ///
    /// # Errors
    ///
    /// Those of `work`, and what `SQLite` reports.
    pub fn write<T, E: From<StoreError>>(
        &self,
        work: impl FnOnce(&WriteTransaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        // This thread would wait for itself.
        if self.is_shared_here() {
            SHARED.take();
        }
        // A panic elsewhere cannot have left the data half changed: its transaction was undone.
        let mut connection = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let _exclusive = self.gate.as_ref().map(|gate| gate.write());
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(StoreError::from)?;
        let result = work(&WriteTransaction {
            reading: ReadTransaction {
                connection: &transaction,
                results: &self.results,
            },
        })?;
        let next_due = due::next(&transaction).map_err(StoreError::from)?;
        transaction.commit().map_err(StoreError::from)?;
        self.next_due.set(next_due);
        self.commits.fetch_add(1, Ordering::SeqCst);
        Ok(result)
    }

    /// Keeps the writer out until the result is dropped; absent where this thread would have to wait
    /// for it. What this thread reads meanwhile does not wait. A file needs no such thing: there,
    /// readers never wait for the writer.
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

    /// The number of secrets in each scope that holds any. Waits for the writer only when something was
    /// committed since this was last asked, see [`Self::knows_counts`].
    ///
    /// # Errors
    ///
    /// What `SQLite` reports.
    pub fn count_secrets_now(&self) -> Result<Vec<ScopeCount>, StoreError> {
        let shared = self.try_share();
        let commits = self.commits.load(Ordering::SeqCst);
        if shared.is_none()
            && let Some(counts) = self.known_counts().get(commits)
        {
            return Ok(counts.to_vec());
        }
        let counts = self.read(|store| store.count_secrets())?;
        *self.known_counts() = KnownCounts {
            commits,
            counts: counts.clone(),
        };
        Ok(counts)
    }

    /// Whether the number of secrets is known although the writer may be at work.
    #[must_use]
    pub fn knows_counts(&self) -> bool {
        let commits = self.commits.load(Ordering::SeqCst);
        self.known_counts().get(commits).is_some()
    }

    fn known_counts(&self) -> MutexGuard<'_, KnownCounts> {
        let counts = self.known_counts.lock();
        counts.unwrap_or_else(PoisonError::into_inner)
    }

    /// Closes the connection with which this thread reads, and so frees its cache and its descriptors.
    /// For a thread that ends: the next thread may never read.
    pub fn close_reader(&self) {
        if let Some(reader) = self.readers.get()
            && let Ok(mut reader) = reader.try_borrow_mut()
        {
            *reader = None;
        }
    }

    /// Whether something is due: see [`WriteTransaction::due`].
    #[must_use]
    pub fn has_due(&self, times: impl Into<Times>) -> bool {
        let times = times.into();
        let is_due =
            |next: &AtomicI64, now: DateTime<Utc>| next.load(Ordering::SeqCst) <= now.timestamp();
        is_due(&self.next_due.by_clock, times.now)
            || is_due(&self.next_due.by_machine, times.machine)
    }
}

/// When something falls due next, in Unix seconds: by the emulator's clock, and by the machine's.
struct NextDue {
    by_clock: AtomicI64,
    by_machine: AtomicI64,
}

impl Default for NextDue {
    fn default() -> Self {
        Self {
            by_clock: AtomicI64::new(i64::MAX),
            by_machine: AtomicI64::new(i64::MAX),
        }
    }
}

impl NextDue {
    fn set(&self, next: due::Next) {
        let seconds = |time: Option<DateTime<Utc>>| time.map_or(i64::MAX, |time| time.timestamp());
        self.by_clock
            .store(seconds(next.by_clock), Ordering::SeqCst);
        self.by_machine
            .store(seconds(next.by_machine), Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests;
