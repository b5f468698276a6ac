//! Opens connections to a database, in a file or in memory.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::os;

/// How long a connection waits while another process locks the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// More than the number of constant statements. Combined queries have further ones.
const CACHED_STATEMENTS: usize = 128;

/// The maximum page cache of a connection in KiB. A reader copies each page that it does not have from the database, under a
/// lock. 16 MiB hold the blocks of a list of 100,000 secrets.
const WRITER_CACHE_KIB: i32 = 4096;
const READER_CACHE_KIB: i32 = 16 * 1024;

/// Creates an empty file with the mode 0600. For SQLite it is an empty database, and the `-wal` and
/// `-shm` files get the same mode.
pub(super) fn create_private(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    os::private_file(options.write(true));
    match options.clone().create_new(true).open(path) {
        // A umask may have removed permissions that SQLite needs.
        Ok(file) => os::make_private(&file),
        // Another process created it, or it is a symbolic link to a file that does not exist.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            options.create(true).truncate(false).open(path).map(drop)
        }
        Err(error) => Err(error),
    }
}

/// Opens a file read-only. Creates no `-wal` and `-shm` files, unless there is a `-wal` file, which has to
/// be read.
pub(super) fn open_read_only(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY;
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    if Path::new(&log).exists() {
        return Connection::open_with_flags(path, flags);
    }
    let path = percent_encode(path.as_os_str().as_encoded_bytes(), NON_ALPHANUMERIC);
    Connection::open_with_flags(
        format!("file:{path}?immutable=1"),
        flags | OpenFlags::SQLITE_OPEN_URI,
    )
}

/// Where a database is.
pub(super) enum Location {
    /// A URI of SQLite's "memdb" file system, which the connections of a process share.
    Memory(String),
    File(PathBuf),
}

impl Location {
    pub(super) fn connect(&self) -> rusqlite::Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = match self {
            Self::Memory(uri) => {
                Connection::open_with_flags(uri, flags | OpenFlags::SQLITE_OPEN_URI)?
            }
            Self::File(path) => Connection::open_with_flags(path, flags)?,
        };
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.set_prepared_statement_cache_capacity(CACHED_STATEMENTS);
        connection.pragma_update(None, "foreign_keys", true)?;
        // Otherwise SQLite plans a statement with a range again for each bound value, which takes
        // longer than running it.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        // Temporary files fail in a container with a read-only root.
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
        Ok(connection)
    }

    pub(super) fn connect_reader(&self) -> rusqlite::Result<Connection> {
        let connection = self.connect()?;
        connection.pragma_update(None, "query_only", true)?;
        connection.pragma_update(None, "cache_size", -READER_CACHE_KIB)?;
        Ok(connection)
    }
}
