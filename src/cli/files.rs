//! What the command does with database files and fixture files, without a server.

use std::fs::{OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::cli::config::{Export, Import};
use crate::emulator::clock::{Clock, SystemClock};
use crate::fixtures::{self, Defaults};
use crate::store::StoreError;

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
        Some(path) => write(path, &text, what.values)
            .map_err(|error| Failure::new(format!("cannot write {}: {error}", path.display()))),
    }
}

/// Writes a file that only its owner can read, if it is new or is to hold the values of secrets.
fn write(path: &Path, text: &str, has_values: bool) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = options.open(path)?;
    let metadata = file.metadata()?;
    // A device or a pipe, such as /dev/stdout, is left as it is.
    if has_values && metadata.is_file() && metadata.mode() & 0o077 != 0 {
        file.set_permissions(Permissions::from_mode(0o600))?;
    }
    file.write_all(text.as_bytes())
}

/// Loads fixture files into a database.
pub fn import(what: &Import) -> Result<(), Failure> {
    let defaults = Defaults {
        time: SystemClock.now(),
        ..what.defaults.clone()
    };
    // Before the database is made: a mistake in a file leaves none behind.
    let files =
        fixtures::read_all(&what.paths, &defaults).map_err(|error| Failure::of_fixtures(&error))?;
    for remark in &files.remarks {
        print_error(&format!("kms-emulator: {remark}\n"));
    }
    let loaded = database::open(&what.database)?
        .write(|store| {
            files.fixtures.iter().try_fold(0, |loaded, fixture| {
                let place = defaults.scope(fixture);
                Ok::<_, StoreError>(loaded + fixtures::add(store, fixture, &place)?)
            })
        })
        .map_err(|error| Failure::new(error.to_string()))?;
    print(&format!("{loaded} secrets loaded\n"))
}

/// Sees whether fixture files can be loaded.
pub fn check(paths: &[PathBuf]) -> Result<(), Failure> {
    let files = fixtures::read_all(paths, &Defaults::default())
        .map_err(|error| Failure::of_fixtures(&error))?;
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
