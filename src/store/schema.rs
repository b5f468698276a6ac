//! Brings a database file to the newest schema, and refuses one it does not understand.

use rusqlite::Connection;

use super::error::OpenError;

/// Marks a database file as ours (`PRAGMA application_id`): "kmse".
const APPLICATION_ID: i32 = 0x6b6d_7365;

/// The migrations in order; the file's `user_version` counts those applied.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_initial.sql"),
    include_str!("migrations/0002_second_cloud.sql"),
    include_str!("migrations/0003_controls.sql"),
    include_str!("migrations/0004_name_constraints.sql"),
    include_str!("migrations/0005_names_of_both_clouds.sql"),
];

/// Checks that this program may use the file, changing nothing.
pub(super) fn check(connection: &Connection) -> Result<(), OpenError> {
    let version = user_version(connection)?;
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
    if version > MIGRATIONS.len() {
        return Err(OpenError::Newer {
            found: version,
            supported: MIGRATIONS.len(),
        });
    }
    Ok(())
}

/// Applies the migrations that the file lacks, each in a transaction of its own.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    let applied = user_version(connection)?;
    // Else a table that is made anew would take with it what refers to it.
    connection.pragma_update(None, "foreign_keys", false)?;
    for (index, migration) in MIGRATIONS.iter().enumerate().skip(applied) {
        let transaction =
            connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        // Another process may have been faster.
        if user_version(&transaction)? > index {
            continue;
        }
        transaction.execute_batch(migration)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", index + 1)?;
        transaction.commit()?;
    }
    connection.pragma_update(None, "foreign_keys", true)?;
    Ok(())
}

fn user_version(connection: &Connection) -> rusqlite::Result<usize> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}
