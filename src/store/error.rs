use thiserror::Error;

/// An error of opening a database.
#[derive(Debug, Error)]
pub enum OpenError {
    /// A newer version of this program wrote the file.
    #[error(
        "it was written by a newer kms-emulator (schema {found}, this one supports {supported})"
    )]
    Newer {
        /// The schema version of the file.
        found: usize,
        /// The newest schema version of this program.
        supported: usize,
    },
    /// A development version before the first release wrote the file.
    #[error(
        "it was written by a kms-emulator before 0.1.0 (schema {found}, this one reads {supported} and later)"
    )]
    Older {
        /// The schema version of the file.
        found: usize,
        /// The oldest schema version that this program reads.
        supported: usize,
    },
    /// The file has to be migrated, but another connection has it open.
    #[error(
        "an older kms-emulator wrote it (schema {found}, this one migrates it to {supported}), and another process has it open: stop that process first"
    )]
    InUse {
        /// The schema version of the file.
        found: usize,
        /// The newest schema version of this program.
        supported: usize,
    },
    /// The file is a database of another program.
    #[error("it is not a kms-emulator database")]
    Foreign,
    /// The path cannot be resolved, or the file cannot be created.
    #[error(transparent)]
    Path(std::io::Error),
    /// The thread that writes cannot be started.
    #[error("cannot start a thread: {0}")]
    Thread(std::io::Error),
    /// An error of SQLite.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// An error of reading or changing the database.
#[derive(Debug, Error)]
pub enum StoreError {
    /// An error of SQLite, such as a full disk or a damaged file.
    #[error("database: {0}")]
    Sqlite(#[from] rusqlite::Error),
}
