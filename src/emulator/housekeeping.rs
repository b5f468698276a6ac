//! Work that is not done for a request: planned deletions, rotations and expiries of tenants once they are
//! due, spares of the fixtures, and the deletion of the rows of emptied scopes.

use std::hint::black_box;
use std::mem::take;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::Emulator;
use crate::clouds::auth::credentials::Removal;
use crate::emulator::clock::Clock;
use crate::model::{ScopeSelection, Times};
use crate::store::{DueWork, StoreError};

/// The rows deleted in one transaction: about a millisecond of work, for which other writers wait.
const ROWS_PER_TRANSACTION: usize = 100;

/// The due work done in one transaction, for which other writers wait.
const DUE_PER_TRANSACTION: usize = 100;

/// The pause between two transactions, in which other writers get the store.
const PAUSE: Duration = Duration::from_millis(1);

/// The housekeeper returns freed memory twice, each time after it has not been called for this long: idle
/// threads end between the first time and the second.
const QUIET: Duration = Duration::from_secs(2);
const QUIET_ROUNDS: u32 = 2;

/// What the housekeeper is called for.
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
    /// Does all due work, and logs an error when that fails.
    pub fn settle_due_work(&self, now: DateTime<Utc>) {
        if self.store.has_due(self.clock.times())
            && let Err(error) = self.settle(now)
        {
            tracing::error!(%error, "due work could not be done");
        }
    }

    /// Does all due work, in the order of its times, in several transactions.
    ///
    /// # Errors
    ///
    /// What the store reports; then the transaction that failed was rolled back.
    pub fn settle(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        loop {
            let machine = self.clock.machine_now();
            let (expired, is_done) = self.store.write(|store| {
                let mut expired = Vec::new();
                for _ in 0..DUE_PER_TRANSACTION {
                    let Some(due) = store.due(Times { now, machine })? else {
                        return Ok((expired, true));
                    };
                    match due.work {
                        DueWork::Deletion(id, secret) => store.remove_secret(id, &secret)?,
                        DueWork::Rotation(id, secret) => {
                            let cloud = self.clouds.get(id.cloud);
                            cloud.rotate(store, id, &secret, due.at, now)?;
                        }
                        DueWork::Expiry(account) => {
                            store.remove_tenant(&account)?;
                            store.empty(&ScopeSelection::of_account(&*account))?;
                            expired.push((account, Removal::Expired(due.at)));
                        }
                    }
                }
                Ok::<_, StoreError>((expired, false))
            })?;
            for (account, removal) in expired {
                self.auth.credentials.remove_tenant(&account, removal);
                self.call_housekeeper();
            }
            if is_done {
                return Ok(());
            }
            thread::sleep(PAUSE);
        }
    }

    /// Starts the housekeeper: a thread that does due work, makes spares of the fixtures, deletes the rows
    /// of emptied scopes, and returns freed memory, for as long as the emulator exists. Without it replies are the same, but
    /// later, and the store grows.
    pub fn start_housekeeper(self: &Arc<Self>) {
        let (sender, called) = mpsc::channel();
        if self.housekeeper.set(sender).is_err() {
            return;
        }
        let emulator = Arc::downgrade(self);
        thread::spawn(move || {
            while let Ok(task) = called.recv() {
                let mut is_untidy = task == Task::TidyUp;
                let mut quiet = 0;
                while quiet < QUIET_ROUNDS {
                    // Many calls are answered by one round.
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
            }
        });
        // A server that was killed may have left rows of emptied scopes.
        self.call_housekeeper();
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
        self.settle_due_work(self.clock.now());
        if let Err(error) = self.fixtures.make_spares(&self.store) {
            tracing::error!(%error, "no spare of the fixtures could be made");
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
