use thiserror::Error;

/// Why a database could not be opened.
#[derive(Debug, Error)]
pub enum OpenError {
    /// A later version of this program wrote the file.
    #[error("it was written by a newer kms-emulator (schema {found}, this one knows {supported})")]
    Newer {
        /// The file's schema version.
        found: usize,
        /// The newest schema version of this program.
        supported: usize,
    },
    /// The file is a database of some other program.
    #[error("it is not a kms-emulator database")]
    Foreign,
    /// The path means nothing on this machine.
    #[error(transparent)]
    Path(std::io::Error),
    /// `SQLite` refused.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
}

/// Why a verb of the store failed.
#[derive(Debug, Error)]
pub enum StoreError {
    /// `SQLite` failed: the disk is full, the file damaged, or the like.
    #[error("database: {0}")]
    Sqlite(#[from] rusqlite::Error),
}
