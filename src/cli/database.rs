//! Opens database files, with error messages that name the cause.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::os;
use crate::store::{OpenError, Store};

use super::Failure;

/// Opens the database in the file at `path`, or creates it.
pub(super) fn open(path: &Path) -> Result<Store, Failure> {
    Store::open(path).map_err(|error| {
        let obstacle = match &error {
            OpenError::Older { .. }
            | OpenError::Newer { .. }
            | OpenError::InUse { .. }
            | OpenError::Foreign
            | OpenError::Thread(_) => None,
            OpenError::Path(_) | OpenError::Sqlite(_) => obstacle(path),
        };
        let reason = obstacle.unwrap_or_else(|| error.to_string());
        Failure::new(format!("cannot open database {}: {reason}", path.display()))
    })
}

/// The bytes of a database file that each connection of SQLite locks for reading, in WAL mode until it is closed:
/// a constant of the file format.
const LOCKED_BYTES: std::ops::Range<u64> = 0x4000_0002..0x4000_0200;

/// Whether another process has the database at `path` open. To be called before this process opens it: closing
/// a file ends the locks that its process has on it.
pub(super) fn is_open_elsewhere(path: &Path) -> bool {
    os::is_locked(path, LOCKED_BYTES)
}

/// The reason in the file system why a database at `path` cannot be opened, if there is one. SQLite
/// does not report it.
fn obstacle(path: &Path) -> Option<String> {
    let path = std::path::absolute(path).ok()?;
    if path.is_dir() {
        return Some(format!(
            "it is a directory; give a file in it, such as {}",
            path.join("kms.db").display()
        ));
    }
    let directory = path.parent()?;
    match fs::metadata(directory) {
        Ok(found) if !found.is_dir() => {
            return Some(format!("{} is not a directory", directory.display()));
        }
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return Some(format!("directory {} does not exist", directory.display()));
        }
        Err(error) => return Some(format!("{}: {error}", directory.display())),
    }
    // SQLite creates the -wal and -shm files in the directory of the database.
    let with_suffix = |suffix: &str| {
        let mut name = path.clone().into_os_string();
        name.push(suffix);
        PathBuf::from(name)
    };
    let files = [path.clone(), with_suffix("-wal"), with_suffix("-shm")];
    let existing = files
        .iter()
        .map(PathBuf::as_path)
        .filter(|file| file.exists());
    existing.chain([directory]).find_map(os::not_writable)
}
