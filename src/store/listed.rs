//! Reads the members of secrets that lists contain. Loads only these columns: pages are read far more often than
//! anything else.

use rusqlite::{Connection, Row, params};

use super::lists::blocks::{self, ListedColumns, listed_columns};
use super::lists::{FoundList, SortKey};
use super::secrets::{secret_type, state, text_array, time_at};
use crate::model::{Cloud, ListedDetails, ListedSecret};

/// The columns that [`with_details`] reads.
macro_rules! detail_columns {
    () => {
        concat!(
            listed_columns!(),
            ", description, encryption_key_id, creator, extended_config, associated_instance_ids"
        )
    };
}

/// Selects members of the list `?1`: skips `?5` members from the sort key (`?2`, `?3`) and returns
/// at most `?4`. Without `ORDER BY`, for which SQLite would sort the rows in a temporary table.
macro_rules! from_list {
    () => {
        " FROM (
             SELECT secret_id AS id FROM list_members
             WHERE list_id = ?1 AND (created_at, tie_break) >= (?2, ?3)
             ORDER BY created_at, tie_break LIMIT ?4 OFFSET ?5
         ) CROSS JOIN secrets ON secret_id = id"
    };
}

/// A secret of a list with its row id.
pub(super) type ListedRow = (i64, ListedSecret);

/// Reads `limit` members of a list, after the first `first`.
pub(super) fn page(
    connection: &Connection,
    found: &FoundList,
    first: u64,
    limit: u64,
    details: bool,
) -> rusqlite::Result<Vec<ListedRow>> {
    let FoundList { scope, list, .. } = found;
    let mut rows = Vec::new();
    if found.has_blocks && !details {
        rows.reserve(usize::try_from(limit).unwrap_or_default());
        blocks::read(connection, found, first, limit, |columns| {
            rows.push(summary(columns)?);
            Ok(())
        })?;
    }
    let left = limit - rows.len() as u64;
    if left > 0 {
        let (start, skip) = match rows.last() {
            Some((_, last)) => {
                // From the last one that was in a block.
                let last = SortKey {
                    created_at: last.created_at.timestamp(),
                    tie_break: last.name.clone(),
                };
                (last, 1)
            }
            None => list.seek(connection, first, found.markers.as_deref())?,
        };
        // Constants: concatenating the text for every page costs time.
        let sql = if details {
            concat!("SELECT ", detail_columns!(), from_list!())
        } else {
            concat!("SELECT ", listed_columns!(), from_list!())
        };
        let mut statement = connection.prepare_cached(sql)?;
        let others = statement.query_map(
            params![list.id, start.created_at, start.tie_break, left, skip],
            reader(details),
        )?;
        for other in others {
            rows.push(other?);
        }
    }
    // In this order already, as SQLite runs the query today.
    rows.sort_by(|(id, secret), (other_id, other)| {
        let created = secret.created_at.cmp(&other.created_at);
        created.then_with(|| match scope.cloud {
            Cloud::Alibaba => secret.name.cmp(&other.name),
            Cloud::Tencent => id.cmp(other_id),
        })
    });
    Ok(rows)
}

/// Reads one secret.
pub(super) fn get(
    connection: &Connection,
    secret_id: i64,
    details: bool,
) -> rusqlite::Result<ListedRow> {
    let sql = if details {
        concat!(
            "SELECT ",
            detail_columns!(),
            " FROM secrets WHERE secret_id = ?1"
        )
    } else {
        concat!(
            "SELECT ",
            listed_columns!(),
            " FROM secrets WHERE secret_id = ?1"
        )
    };
    let mut statement = connection.prepare_cached(sql)?;
    statement.query_row([secret_id], reader(details))
}

fn reader(details: bool) -> fn(&Row) -> rusqlite::Result<ListedRow> {
    if details {
        with_details
    } else {
        |row| summary(ListedColumns::from_row(row)?)
    }
}

fn summary(columns: ListedColumns) -> rusqlite::Result<ListedRow> {
    let planned_delete_at = columns.planned_delete_at;
    let planned_delete_at = planned_delete_at
        .map(|seconds| time_at(6, seconds))
        .transpose()?;
    let secret = ListedSecret {
        name: columns.name.to_owned(),
        secret_type: secret_type(2, columns.secret_type)?,
        created_at: time_at(3, columns.created_at)?,
        updated_at: time_at(4, columns.updated_at)?,
        state: state(5, columns.state, planned_delete_at)?,
        owing_service: columns.owing_service.map(str::to_owned),
        details: None,
        tags: Vec::new(),
    };
    Ok((columns.secret_id, secret))
}

fn with_details(row: &Row) -> rusqlite::Result<ListedRow> {
    let (secret_id, mut secret) = summary(ListedColumns::from_row(row)?)?;
    secret.details = Some(Box::new(ListedDetails {
        description: row.get(8)?,
        encryption_key_id: row.get(9)?,
        creator: row.get(10)?,
        extended_config: row.get(11)?,
        associated_instance_ids: text_array(row, 12)?,
    }));
    Ok((secret_id, secret))
}
