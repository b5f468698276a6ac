//! What the command does with database files and fixture files, without a server.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use kms_emulator::config::{Export, Import};
use kms_emulator::fixtures;
use kms_emulator::store::StoreError;

use super::{Failure, database, print, print_error};

/// Writes out what a database holds.
pub fn export(what: &Export) -> Result<(), Failure> {
    // To open one that is not there would make it.
    if !what.database.exists() {
        return Err(Failure::new(format!(
            "there is no database {}",
            what.database.display()
        )));
    }
    let store = database::open(&what.database)?;
    let text = store
        .read(|store| fixtures::export_text(store, &what.selection, what.values))
        .map_err(|error| Failure::new(error.to_string()))?;
    match &what.output {
        None => print(&text),
        Some(path) => write(path, &text)
            .map_err(|error| Failure::new(format!("cannot write {}: {error}", path.display()))),
    }
}

/// Writes a file that only its owner can read: it may have the values of secrets.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options.open(path)?.write_all(text.as_bytes())
}

/// Loads fixture files into a database.
pub fn import(what: &Import) -> Result<(), Failure> {
    // Before the database is made: a mistake in a file leaves none behind.
    let files = fixtures::read_all(&what.paths).map_err(|error| Failure::of_fixtures(&error))?;
    for remark in &files.remarks {
        print_error(&format!("kms-emulator: {remark}\n"));
    }
    let loaded = database::open(&what.database)?
        .write(|store| {
            files.fixtures.iter().try_fold(0, |loaded, fixture| {
                let place = what.defaults.scope(fixture);
                Ok::<_, StoreError>(loaded + fixtures::add(store, fixture, &place)?)
            })
        })
        .map_err(|error| Failure::new(error.to_string()))?;
    print(&format!("{loaded} secrets loaded\n"))
}

/// Sees whether fixture files can be loaded.
pub fn check(paths: &[PathBuf]) -> Result<(), Failure> {
    let files = fixtures::read_all(paths).map_err(|error| Failure::of_fixtures(&error))?;
    for remark in &files.remarks {
        print(&format!("{remark}\n"))?;
    }
    let secrets: usize = files
        .fixtures
        .iter()
        .map(|fixture| fixture.secrets.len())
        .sum();
    print(&format!("{secrets} secrets can be loaded\n"))
}
