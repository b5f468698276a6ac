//! The storage of the certificate authority: the database, or a directory.

use std::fmt;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::TlsError;
use crate::os;
use crate::store::{Authority, Constrained, Store};

/// The root certificate, for clients.
const CERTIFICATE: &str = "ca.pem";

/// The whole authority with its key, in one file so that it is replaced at once.
const AUTHORITY: &str = "authority.json";

/// The storage of the authority.
#[derive(Clone, Copy)]
pub(super) enum Storage<'s> {
    /// In the database.
    InDatabase(&'s Store),
    /// In the files of a directory.
    InDirectory(&'s Path),
}

/// The name of the storage in messages.
impl fmt::Display for Storage<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InDatabase(_) => f.write_str("the database"),
            Self::InDirectory(directory) => write!(f, "{}", directory.display()),
        }
    }
}

impl Storage<'_> {
    /// The authority, if there is one.
    pub(super) fn read(self) -> Result<Option<Authority>, TlsError> {
        match self {
            Self::InDatabase(store) => Ok(store.read(|store| store.authority())?),
            Self::InDirectory(directory) => read(directory),
        }
    }

    /// Replaces the authority by the one that `replacement` returns, if any, and returns the authority that is
    /// stored then. Other processes with the same directory wait.
    pub(super) fn update(
        self,
        replacement: impl FnOnce(Option<Authority>) -> Result<Authority, TlsError> + Send,
    ) -> Result<Authority, TlsError> {
        match self {
            Self::InDatabase(store) => store.write(|store| {
                let stored = store.authority()?;
                let authority = replacement(stored.clone())?;
                if stored.as_ref() != Some(&authority) {
                    store.save_authority(&authority)?;
                }
                Ok(authority)
            }),
            Self::InDirectory(directory) => {
                let mut builder = DirBuilder::new();
                os::private_directory(builder.recursive(true));
                let created = builder.create(directory);
                created.map_err(|error| failed(directory, &error))?;
                let _lock = lock(directory)?;
                let stored = read(directory)?;
                let authority = replacement(stored.clone())?;
                if stored.as_ref() != Some(&authority) {
                    save(directory, &authority)?;
                }
                Ok(authority)
            }
        }
    }

    /// Writes the certificate for clients, unless it is there. Other processes with the same place wait.
    pub(super) fn publish(self, certificate: &str) -> Result<(), TlsError> {
        let Self::InDirectory(directory) = self else {
            return Ok(());
        };
        let path = directory.join(CERTIFICATE);
        let _lock = lock(directory)?;
        if fs::read(&path).is_ok_and(|found| found == certificate.as_bytes()) {
            return Ok(());
        }
        write(&path, certificate.as_bytes())
    }
}

/// Waits for other processes that write to the directory. The lock ends when the result is dropped.
fn lock(directory: &Path) -> Result<File, TlsError> {
    let lock = os::lock_file(directory).map_err(|error| failed(directory, &error))?;
    // Some network file systems have no locks; one process at a time works there too.
    if let Err(error) = lock.lock() {
        tracing::debug!(%error, "cannot lock the directory of the certificate authority");
    }
    Ok(lock)
}

/// An error of the directory. The text names the setting.
fn failed(path: &Path, error: &io::Error) -> TlsError {
    let reason = match error.kind() {
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => "it is not a directory".to_owned(),
        _ => error.to_string(),
    };
    TlsError::Directory(format!("{}: {reason}", path.display()))
}

/// The content of [`AUTHORITY`].
#[derive(Serialize, Deserialize)]
struct Stored {
    certificate: String,
    private_key: String,
    intermediate: String,
    permitted: Vec<String>,
}

fn read(directory: &Path) -> Result<Option<Authority>, TlsError> {
    let path = directory.join(AUTHORITY);
    let text = match fs::read(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) if error.kind() == ErrorKind::NotADirectory => {
            return Err(failed(directory, &error));
        }
        Err(error) => return Err(failed(&path, &error)),
    };
    if fs::metadata(&path).is_ok_and(|file| os::is_open_to_others(&file)) {
        let path = path.display();
        tracing::warn!("other users may read the key in {path}; chmod 600 {path}");
    }
    // The error of the library could contain a part of the key.
    let stored: Stored = serde_json::from_slice(&text).map_err(|_| {
        let reason = "it is not the file of a certificate authority; remove it to get a new one";
        TlsError::Directory(format!("{}: {reason}", path.display()))
    })?;
    Ok(Some(Authority {
        certificate: stored.certificate,
        private_key: stored.private_key,
        constrained: Some(Constrained {
            intermediate: stored.intermediate,
            permitted: stored.permitted,
        }),
    }))
}

fn save(directory: &Path, authority: &Authority) -> Result<(), TlsError> {
    let Some(constrained) = &authority.constrained else {
        // Only databases of older versions have one, and it is not replaced.
        return Ok(());
    };
    let stored = Stored {
        certificate: authority.certificate.clone(),
        private_key: authority.private_key.clone(),
        intermediate: constrained.intermediate.clone(),
        permitted: constrained.permitted.clone(),
    };
    // Cannot fail: texts only.
    let text = serde_json::to_vec_pretty(&stored).unwrap_or_default();
    write(&directory.join(AUTHORITY), &text)
}

/// Writes a file with mode 0600, all of it or nothing.
fn write(path: &Path, content: &[u8]) -> Result<(), TlsError> {
    let mut new = path.as_os_str().to_owned();
    new.push(".new");
    let new = PathBuf::from(new);
    let written = (|| {
        // A file that a crash left; `create_new` does not follow a link that another user put there.
        let _ = fs::remove_file(&new);
        let mut options = OpenOptions::new();
        os::private_file(options.write(true).create_new(true));
        let mut file = options.open(&new)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&new, path)
    })();
    written.map_err(|error| failed(path, &error))
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn programs_that_start_at_the_same_time_write_the_certificate() {
        let directory = tempfile::tempdir().unwrap();
        let place = Storage::InDirectory(directory.path());
        thread::scope(|scope| {
            for program in 0..8 {
                scope.spawn(move || {
                    for certificate in 0..20 {
                        place.publish(&format!("{program}-{certificate}")).unwrap();
                    }
                });
            }
        });
        let kept = fs::read_to_string(directory.path().join(CERTIFICATE)).unwrap();
        assert!(kept.ends_with("-19"), "{kept}");
    }
}
