//! Background work: planned deletions, rotations and expiries of tenants when they are due, spares of the
//! fixtures, and garbage collection of emptied scopes.

use std::hint::black_box;
use std::mem::take;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::Emulator;
use crate::clouds::auth::credentials::Removal;
use crate::emulator::clock::Clock;
use crate::model::{Cloud, ScopeSelection, Times};
use crate::store::{Due, DueWork, StoreError, WriteTransaction};

/// The rows deleted in one transaction: about a millisecond of work, for which other writers wait.
const ROWS_PER_TRANSACTION: usize = 100;

/// The due work done in one transaction, for which other writers wait.
const DUE_PER_TRANSACTION: usize = 100;

/// The pause between two transactions, in which other writers get the store.
const PAUSE: Duration = Duration::from_millis(1);

/// The delay after the start before the housekeeper looks for work, so that the first requests do not wait while it
/// prepares spares.
const AFTER_START: Duration = Duration::from_millis(100);

/// The housekeeper returns freed memory after it has not been called for this long, and once more after the
/// same time, because idle threads end in between.
const QUIET: Duration = Duration::from_secs(2);
const QUIET_ROUNDS: u32 = 2;

/// A task of the housekeeper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Task {
    /// Due work, spares and rows of emptied scopes; then freed memory is returned too.
    TidyUp,
    ReturnMemory,
}

/// Lets the allocator return freed memory to the system: it looks for such memory only when it frees a
/// large block, which an idle server never does. This block is never touched, so it takes no memory.
fn return_memory() {
    drop(black_box(Vec::<u8>::with_capacity(32 * 1024 * 1024)));
}

impl Emulator {
    /// Whether there is due work by any clock. Does not read the database.
    #[must_use]
    pub fn has_due(&self) -> bool {
        self.store.has_due(self.clock.times()) || self.tenants.have_due(&self.store, &self.clock)
    }

    /// Does the work that is due by any clock, and logs an error.
    pub fn do_due_work(&self) {
        if self.has_due()
            && let Err(error) = self.do_all_due_work()
        {
            tracing::error!(%error, "due work could not be done");
        }
    }

    fn do_all_due_work(&self) -> Result<(), StoreError> {
        self.do_due_work_of_server()?;
        let mut tenants = self.tenants_with_due_work().into_iter();
        tenants.try_for_each(|account| self.do_due_work_of_tenant(&account))
    }

    /// Does the work of a tenant that is due by its own clock, in the order of its times, in several
    /// transactions.
    ///
    /// # Errors
    ///
    /// Errors of the store; the failed transaction is rolled back.
    pub fn do_due_work_of_tenant(&self, account: &str) -> Result<(), StoreError> {
        let Ok(number) = account.parse() else {
            return Ok(());
        };
        let now = self.now_in(account);
        loop {
            let is_done = self.store.write(|store| {
                for _ in 0..DUE_PER_TRANSACTION {
                    match store.due_of(number, now)? {
                        None => return Ok(true),
                        Some(due) => self.do_work(store, due, now)?,
                    };
                }
                Ok::<_, StoreError>(false)
            })?;
            if is_done {
                return Ok(());
            }
            thread::sleep(PAUSE);
        }
    }

    /// Does one piece of due work at the time `now` of its clock. Returns the tenant that it has removed.
    fn do_work(
        &self,
        store: &WriteTransaction,
        due: Due,
        now: DateTime<Utc>,
    ) -> Result<Option<(String, Removal)>, StoreError> {
        match due.work {
            DueWork::Deletion(id, secret) => store.remove_secret(id, &secret)?,
            DueWork::Rotation(id, secret) => {
                let cloud = self.clouds.get(id.cloud);
                cloud.rotate(store, id, &secret, due.at, now)?;
            }
            DueWork::Cmk(id, cmk) => {
                let cloud = self.clouds.get(Cloud::Alibaba);
                cloud.do_due_work_of_key(store, id, &cmk, due.at, now)?;
            }
            DueWork::Expiry(account) => {
                store.remove_tenant(&account)?;
                store.empty(&ScopeSelection::of_account(&*account))?;
                return Ok(Some((account, Removal::Expired(due.at))));
            }
        }
        Ok(None)
    }

    /// Does the work that is due by the server's clock and the system clock, in the order of its times, in
    /// several transactions.
    ///
    /// # Errors
    ///
    /// Errors of the store; then the transaction that failed was rolled back.
    pub fn do_due_work_of_server(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        loop {
            let system = self.clock.system_now();
            let (expired, is_done) = self.store.write(|store| {
                let mut expired = Vec::new();
                for _ in 0..DUE_PER_TRANSACTION {
                    let Some(due) = store.due(Times { now, system })? else {
                        return Ok((expired, true));
                    };
                    expired.extend(self.do_work(store, due, now)?);
                }
                Ok::<_, StoreError>((expired, false))
            })?;
            for (account, removal) in expired {
                self.remove_tenant(&account, removal);
                self.call_housekeeper();
            }
            if is_done {
                return Ok(());
            }
            thread::sleep(PAUSE);
        }
    }

    /// Starts the housekeeper: a thread that does due work, makes spares of the fixtures, deletes the rows
    /// of emptied scopes, and returns freed memory, as long as the emulator exists. Without it, requests do
    /// the due work themselves, and the store grows.
    pub fn start_housekeeper(self: &Arc<Self>) {
        let (sender, called) = mpsc::channel();
        if self.housekeeper.set(sender).is_err() {
            return;
        }
        let emulator = Arc::downgrade(self);
        thread::spawn(move || {
            thread::sleep(AFTER_START);
            // A server that was killed may have left rows of emptied scopes.
            let mut next = Ok(Task::TidyUp);
            while let Ok(task) = next {
                let mut is_untidy = task == Task::TidyUp;
                let mut quiet = 0;
                while quiet < QUIET_ROUNDS {
                    // Handles all pending calls in one round.
                    while let Ok(task) = called.try_recv() {
                        is_untidy |= task == Task::TidyUp;
                    }
                    if take(&mut is_untidy)
                        && let Some(emulator) = emulator.upgrade()
                    {
                        emulator.tidy_up();
                    }
                    if let Ok(task) = called.recv_timeout(QUIET) {
                        is_untidy = task == Task::TidyUp;
                        quiet = 0;
                    } else {
                        quiet += 1;
                        return_memory();
                    }
                }
                next = called.recv();
            }
        });
    }

    /// Makes the housekeeper look for work.
    pub fn call_housekeeper(&self) {
        self.call_housekeeper_for(Task::TidyUp);
    }

    /// Makes the housekeeper return freed memory to the system, once it has not been called for a while.
    pub fn return_memory_soon(&self) {
        self.call_housekeeper_for(Task::ReturnMemory);
    }

    fn call_housekeeper_for(&self, task: Task) {
        if let Some(housekeeper) = self.housekeeper.get() {
            // The thread ends only when the emulator is dropped.
            let _ = housekeeper.send(task);
        }
    }

    fn tidy_up(&self) {
        self.do_due_work();
        if let Err(error) = self.fixtures.make_spares(&self.store) {
            tracing::error!(%error, "the fixtures could not be copied for the next reset");
        }
        loop {
            match self
                .store
                .write(|store| store.collect_garbage(ROWS_PER_TRANSACTION))
            {
                Ok(true) => thread::sleep(PAUSE),
                Ok(false) => return,
                Err(error) => {
                    tracing::error!(%error, "rows of emptied scopes could not be deleted");
                    return;
                }
            }
        }
    }
}
