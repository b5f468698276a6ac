//! Migrates a database to the newest schema, and rejects files of newer versions and other programs.

use rusqlite::Connection;

use super::error::OpenError;

/// `PRAGMA application_id` of a database of this program: "kmse".
const APPLICATION_ID: i32 = 0x6b6d_7365;

/// The migrations in order. `PRAGMA user_version` is the number of applied ones.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_initial.sql"),
    include_str!("migrations/0002_second_cloud.sql"),
    include_str!("migrations/0003_controls.sql"),
    include_str!("migrations/0004_name_constraints.sql"),
    include_str!("migrations/0005_names_of_both_clouds.sql"),
    include_str!("migrations/0006_removed_tenants.sql"),
    include_str!("migrations/0007_own_clocks.sql"),
    include_str!("migrations/0008_cmks.sql"),
    include_str!("migrations/0009_kms_instances.sql"),
];

/// Checks whether this program can use the file. Does not change it.
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

/// Applies the missing migrations, each in its own transaction.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    let applied = user_version(connection)?;
    // Otherwise recreating a table would delete the rows that refer to it.
    connection.pragma_update(None, "foreign_keys", false)?;
    for (index, migration) in MIGRATIONS.iter().enumerate().skip(applied) {
        let transaction =
            connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
        // Another process may have applied it.
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
