//! The fixtures given at the start, ready to be come back to.
//!
//! Loading takes its time for each secret. So a spare of what they bring is made in the background, out
//! of sight; to come back to the fixtures is then to put the spare in its place.

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use crate::fixture_file::Fixture;
use crate::fixtures::{self, Defaults, FixtureError, Loaded};
use crate::model::{Scope, ScopeSelection};
use crate::startup::Progress;
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
    loaded: Loaded,
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
        let loaded = fixtures::load(store, &paths, &defaults, progress)?;
        Ok(Self {
            paths,
            defaults,
            loaded,
        })
    }

    /// The same, but nobody will want to come back to them.
    #[must_use]
    pub fn without_spares(mut self) -> Self {
        self.loaded.scopes.clear();
        self
    }

    /// How many secrets were loaded at the start.
    #[must_use]
    pub fn secrets(&self) -> u64 {
        self.loaded.secrets
    }

    /// Reads the files again.
    ///
    /// # Errors
    ///
    /// When a file cannot be read any more, or has a mistake.
    pub fn read(&self) -> Result<Vec<Fixture>, FixtureError> {
        fixtures::read_all(&self.paths)
    }

    /// Empties the scopes of a selection and fills those again that the fixtures bring. Returns how many
    /// secrets there were and how many there are.
    ///
    /// # Errors
    ///
    /// When a file has to be read and cannot be, or has a mistake, or the store fails; then all is as it
    /// was.
    pub fn come_back(
        &self,
        store: &Store,
        selection: &ScopeSelection,
    ) -> Result<(u64, u64), FixtureError> {
        let scopes = self.loaded.scopes.iter();
        store.write(|store| {
            let removed = store.empty(selection)?;
            let mut loaded = 0;
            let mut without_spare = Vec::new();
            for scope in scopes.filter(|scope| selection.contains(scope)) {
                match store.use_spare(scope)? {
                    Some(secrets) => loaded += secrets,
                    None => without_spare.push(scope),
                }
            }
            if !without_spare.is_empty() {
                for fixture in self.read()? {
                    if without_spare.contains(&&self.defaults.scope(&fixture)) {
                        loaded += fixtures::add(store, &fixture, &self.defaults)?;
                    }
                }
            }
            Ok((removed, loaded))
        })
    }

    /// Makes the spares that are missing, a little at a time.
    ///
    /// # Errors
    ///
    /// When a file cannot be read any more or has a mistake, or the store fails.
    pub fn make_spares(&self, store: &Store) -> Result<(), FixtureError> {
        if self.loaded.secrets > MOST_SPARE {
            return Ok(());
        }
        let missing: Vec<&Scope> = store.read(|store| {
            let mut missing = Vec::new();
            for scope in &self.loaded.scopes {
                if !store.has_spare(scope)? {
                    missing.push(scope);
                }
            }
            Ok::<_, StoreError>(missing)
        })?;
        if missing.is_empty() {
            return Ok(());
        }
        let files = self.read()?;
        for scope in missing {
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
}
