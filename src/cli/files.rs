//! The commands `export`, `import` and `fixtures check`.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::cli::config::{Export, Import};
use crate::emulator::clock::{Clock, SystemClock};
use crate::fixtures::{self, Contents, Defaults};
use crate::os;
use crate::store::StoreError;

use super::{Failure, database, print, print_error};

/// Exports a database.
pub(super) fn export(export: &Export) -> Result<(), Failure> {
    // Opening a missing file would create it.
    if !export.database.exists() {
        return Err(Failure::new(format!(
            "there is no database {}",
            export.database.display()
        )));
    }
    let store = database::open(&export.database)?;
    let text = store
        .read(|store| fixtures::export_text(store, &export.selection, export.values))
        .map_err(Failure::of)?;
    match &export.output {
        None => print(&text),
        Some(path) => write(path, &text, export.values),
    }
}

/// Writes a file. A new file, and any file with the values of secrets, gets the mode 0600.
pub(super) fn write(path: &Path, text: &str, has_values: bool) -> Result<(), Failure> {
    write_private(path, text, has_values).map_err(|error| not_written(path, &error))
}

/// The failure to write a file.
pub(super) fn not_written(path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("cannot write {}: {error}", path.display()))
}

fn write_private(path: &Path, text: &str, has_values: bool) -> io::Result<()> {
    let mut options = OpenOptions::new();
    os::private_file(options.write(true).create(true).truncate(true));
    let mut file = options.open(path)?;
    let metadata = file.metadata()?;
    // Not for a device or a pipe, such as /dev/stdout.
    if has_values && metadata.is_file() && os::is_open_to_others(&metadata) {
        os::make_private(&file)?;
    }
    file.write_all(text.as_bytes())
}

/// Loads fixture files into a database.
pub(super) fn import(import: &Import) -> Result<(), Failure> {
    let defaults = Defaults {
        time: SystemClock.now(),
        ..import.defaults.clone()
    };
    // Before the database is created, so that an invalid file creates no database.
    let files = fixtures::read_all(&import.paths, &defaults)
        .map_err(|error| Failure::of_fixtures(&error))?;
    for warning in &files.warnings {
        print_error(&format!("kms-emulator: {warning}\n"));
    }
    if defaults.region.is_some() && fixtures::clouds_without_region(&files.fixtures).len() > 1 {
        return Err(Failure::misconfigured(
            "--region: the clouds have different regions, and the files have secrets of both",
        ));
    }
    if database::is_open_elsewhere(&import.database) {
        return Err(Failure::new(format!(
            "another process has the database {} open; load fixtures into a running server with POST /_emulator/state",
            import.database.display()
        )));
    }
    database::open(&import.database)?
        .write(|store| {
            files.fixtures.iter().try_for_each(|fixture| {
                let scope = defaults.scope(fixture);
                fixtures::add(store, fixture, &scope)
            })
        })
        .map_err(|error: StoreError| Failure::of(error))?;
    let loaded = Contents::of(&files.fixtures, &defaults).secrets;
    print(&format!("{loaded} secrets loaded\n"))
}

/// Checks whether fixture files can be loaded.
pub(super) fn check(paths: &[PathBuf]) -> Result<(), Failure> {
    let defaults = Defaults::default();
    let files =
        fixtures::read_all(paths, &defaults).map_err(|error| Failure::of_fixtures(&error))?;
    for warning in &files.warnings {
        print(&format!("{warning}\n"))?;
    }
    let secrets = Contents::of(&files.fixtures, &defaults).secrets;
    print(&format!("{secrets} secrets can be loaded\n"))
}
