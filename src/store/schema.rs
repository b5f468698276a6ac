//! Creates the schema of a database or migrates it to the newest one. Rejects files of newer and unreleased versions and of
//! other programs.

use rusqlite::{Connection, ErrorCode};

use super::error::OpenError;
use super::lists;

/// `PRAGMA application_id` of a database of this program: "kmse".
const APPLICATION_ID: i32 = 0x6b6d_7365;

/// The schema that the first migration creates. Those before it were never released.
const FIRST: usize = 8;

/// The migrations in order: the first makes the schema [`FIRST`], each other one the next. `PRAGMA user_version` is
/// the number of the schema.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0008_schema.sql"),
    include_str!("migrations/0009_list_order.sql"),
    include_str!("migrations/0010_kms_instances.sql"),
    include_str!("migrations/0011_last_ranges.sql"),
    include_str!("migrations/0012_list_blocks.sql"),
];

/// The first schema in which lists have blocks.
const WITH_BLOCKS: usize = 12;

/// The newest schema.
const NEWEST: usize = FIRST + MIGRATIONS.len() - 1;

/// Checks whether this program can use the file. Does not change it.
pub(super) fn check(connection: &Connection) -> Result<(), OpenError> {
    let application_id: i32 =
        connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let empty: bool = connection.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM sqlite_schema)",
        [],
        |row| row.get(0),
    )?;
    if !empty && application_id != APPLICATION_ID {
        return Err(OpenError::Foreign);
    }
    let version = version_of(connection)?;
    if !empty && version < FIRST {
        return Err(OpenError::Older {
            found: version,
            supported: FIRST,
        });
    }
    Ok(())
}

/// Applies the missing migrations in one transaction.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    let before = version_of(connection)?;
    if before == NEWEST {
        return Ok(());
    }
    let is_new = before == 0;
    if !is_new {
        leave_wal(connection, before)?;
    }
    // Otherwise recreating a table would delete the rows that refer to it.
    connection.pragma_update(None, "foreign_keys", false)?;
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    // Another process may have applied some by now.
    let version = version_of(&transaction)?;
    for (_, migration) in (FIRST..)
        .zip(MIGRATIONS)
        .filter(|(schema, _)| *schema > version)
    {
        transaction.execute_batch(migration)?;
    }
    if version < WITH_BLOCKS {
        lists::store_blocks(&transaction)?;
    }
    if version < NEWEST {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", NEWEST)?;
    }
    transaction.commit()?;
    connection.pragma_update(None, "foreign_keys", true)?;
    if !is_new {
        connection.pragma_update(None, "journal_mode", "WAL")?;
    }
    Ok(())
}

/// Changes the journal mode of a file, which SQLite refuses while another connection has it open: an older program would
/// continue to write rows of the old schema.
fn leave_wal(connection: &Connection, found: usize) -> Result<(), OpenError> {
    let changed = connection.pragma_update(None, "journal_mode", "DELETE");
    changed.map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy) => OpenError::InUse {
            found,
            supported: NEWEST,
        },
        _ => error.into(),
    })
}

/// The number of the schema; an error if it is newer than [`NEWEST`].
fn version_of(connection: &Connection) -> Result<usize, OpenError> {
    let found = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if found > NEWEST {
        return Err(OpenError::Newer {
            found,
            supported: NEWEST,
        });
    }
    Ok(found)
}
