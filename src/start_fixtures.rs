//! The fixtures given at the start, ready to be come back to.
//!
//! Loading takes its time for each secret. So a spare of what they bring is made in the background, out
//! of sight; to come back to the fixtures is then to put the spare in its place. When a file has changed
//! the spares are given up, and the files are loaded as they are now.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use crate::fixture_file::Fixture;
use crate::fixtures::{self, Contents, Defaults, FixtureError, Progress, Stamps};
use crate::model::{Scope, ScopeSelection};
use crate::store::{Store, StoreError, WriteTransaction};

/// How many secrets are stored at once: some milliseconds' work, for which others may have to wait.
const STORED_AT_ONCE: usize = 20;

/// How long others have the store to themselves in between.
const PAUSE: Duration = Duration::from_millis(1);

/// Of more secrets than these no spare is made: it takes as much memory as they do.
const MOST_SPARE: u64 = 10_000;

/// The fixtures given at the start.
#[derive(Debug, Default)]
pub struct StartFixtures {
    paths: Vec<PathBuf>,
    defaults: Defaults,
    makes_spares: bool,
    known: Mutex<Known>,
}

/// What is known of the files since they were read last.
#[derive(Debug, Default)]
struct Known {
    stamps: Stamps,
    contents: Contents,
}

impl StartFixtures {
    /// Loads the fixtures in these files and directories, whatever the store holds.
    ///
    /// # Errors
    ///
    /// When a file cannot be read or has a mistake, or the store fails; then nothing is loaded.
    pub fn load(
        store: &Store,
        paths: Vec<PathBuf>,
        defaults: Defaults,
        progress: &Progress,
    ) -> Result<Self, FixtureError> {
        // Those of an earlier server may be of other fixtures.
        store.write(|store| store.give_up_spares())?;
        let stamps = fixtures::stamps(&paths)?;
        let contents = fixtures::load(store, &paths, &defaults, progress)?;
        Ok(Self {
            paths,
            defaults,
            makes_spares: true,
            known: Mutex::new(Known { stamps, contents }),
        })
    }

    /// The same, but no spares are made: nobody will want to come back.
    #[must_use]
    pub fn without_spares(mut self) -> Self {
        self.makes_spares = false;
        self
    }

    /// Whether files or directories were given, whatever is in them.
    #[must_use]
    pub fn are_given(&self) -> bool {
        !self.paths.is_empty()
    }

    /// How many secrets were loaded last.
    #[must_use]
    pub fn secrets(&self) -> u64 {
        self.known().contents.secrets
    }

    /// Empties the scopes of a selection and fills those again that began with the fixtures: those that
    /// the files name, and tenants' that were given them. Returns how many secrets there were and how
    /// many there are.
    ///
    /// # Errors
    ///
    /// When a file cannot be read any more or has a mistake, or the store fails; then all is as it was.
    pub fn come_back(
        &self,
        store: &Store,
        selection: &ScopeSelection,
    ) -> Result<(u64, u64), FixtureError> {
        let done = store.write(|store| {
            let removed = store.empty(selection)?;
            let mut loaded = self.fill(store, None, selection)?;
            for tenant in store.tenants()? {
                if tenant.start_fixtures {
                    loaded += self.fill(store, Some(&tenant.account), selection)?;
                }
            }
            Ok((removed, loaded))
        });
        if done.is_err() {
            // What was done with the spares is undone too: they are not to be trusted.
            self.known().stamps.clear();
        }
        done
    }

    /// Fills the scopes of a selection, which are empty, with what the files bring: where they say, or
    /// in an account. Returns how many secrets that are.
    ///
    /// # Errors
    ///
    /// When a file cannot be read any more or has a mistake, or the store fails.
    pub fn fill(
        &self,
        store: &WriteTransaction,
        account: Option<&str>,
        selection: &ScopeSelection,
    ) -> Result<u64, FixtureError> {
        let mut known = self.known();
        let stamps = fixtures::stamps(&self.paths)?;
        let mut files = None;
        if stamps != known.stamps {
            store.give_up_spares()?;
            let read = fixtures::read_all(&self.paths)?;
            read.log_remarks();
            let files = files.insert(read.fixtures);
            *known = Known {
                stamps,
                contents: Contents::of(files, &self.defaults),
            };
        }
        let place_of = |scope: &Scope| Scope {
            account: account.map_or_else(|| scope.account.clone(), str::to_owned),
            ..scope.clone()
        };
        let mut filled = 0;
        let scopes = &known.contents.scopes;
        for scope in scopes {
            let place = place_of(scope);
            if !selection.contains(&place) {
                continue;
            }
            // In one account, those of several come together.
            let others = scopes.iter();
            let is_alone = others.filter(|other| place_of(other) == place).count() == 1;
            if is_alone && let Some(secrets) = store.use_spare(scope, &place)? {
                filled += secrets;
                continue;
            }
            let files = match &files {
                Some(files) => files,
                None => files.insert(self.read()?),
            };
            for fixture in files {
                if self.defaults.scope(fixture) == *scope {
                    filled += fixtures::add(store, fixture, &place)?;
                }
            }
        }
        Ok(filled)
    }

    /// Makes the spares that are missing, a little at a time.
    ///
    /// # Errors
    ///
    /// When a file cannot be read any more or has a mistake, or the store fails.
    pub fn make_spares(&self, store: &Store) -> Result<(), FixtureError> {
        let stamps = fixtures::stamps(&self.paths)?;
        let scopes = {
            let known = self.known();
            // What has changed is looked at when somebody comes back.
            if !self.makes_spares || known.contents.secrets > MOST_SPARE || known.stamps != stamps {
                return Ok(());
            }
            // Whoever comes back holds the store, and then waits for what is known: not so here.
            known.contents.scopes.clone()
        };
        let missing = store.read(|store| {
            let mut missing = Vec::new();
            for scope in scopes {
                if !store.has_spare(&scope)? {
                    missing.push(scope);
                }
            }
            Ok::<_, StoreError>(missing)
        })?;
        if missing.is_empty() {
            return Ok(());
        }
        let files = self.read()?;
        for scope in &missing {
            let place = store.write(|store| store.begin_spare(scope))?;
            let files = files.iter();
            for fixture in files.filter(|fixture| self.defaults.scope(fixture) == *scope) {
                for some in fixture.secrets.chunks(STORED_AT_ONCE) {
                    store.write(|store: &WriteTransaction| {
                        some.iter()
                            .try_for_each(|secret| store.replace_secret(&place, secret))
                    })?;
                    thread::sleep(PAUSE);
                }
            }
            store.write(|store| store.finish_spare(scope))?;
        }
        Ok(())
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self) -> Result<Vec<Fixture>, FixtureError> {
        fixtures::read_all(&self.paths).map(|files| files.fixtures)
    }
}
