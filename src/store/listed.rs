//! Reads the members of secrets that lists contain. Loads only these columns: pages are read far more often than
//! anything else.

use rusqlite::{Connection, Row, params};

use super::lists::{FoundList, SortKey};
use super::secrets::{secret_type, state, text_array, time};
use crate::model::{Cloud, ListedDetails, ListedSecret};

/// The columns that [`summary`] reads.
macro_rules! summary_columns {
    () => {
        "secret_id, name, secret_type, created_at, updated_at, state, planned_delete_at, owing_service"
    };
}

/// The columns that [`with_details`] reads.
macro_rules! detail_columns {
    () => {
        concat!(
            summary_columns!(),
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

/// Selects secrets of the scope `?1`, oldest first, as [`from_list`] does with its members. The index has all
/// columns of [`summary_columns`], and the secrets of a page are next to each other in it, so SQLite needs a
/// third less time than for the members of the list.
macro_rules! in_list_order {
    () => {
        " FROM secrets INDEXED BY secrets_in_list_order
          WHERE scope_id = ?1 AND (created_at, name) >= (?2, ?3)
          ORDER BY created_at, name LIMIT ?4 OFFSET ?5"
    };
}

/// A secret of a list with its row id.
pub(super) type ListedRow = (i64, ListedSecret);

/// Reads `limit` members of a list: those after the first `skip` members from `start` on.
pub(super) fn page(
    connection: &Connection,
    found: &FoundList,
    (start, skip): (&SortKey, u64),
    limit: u64,
    details: bool,
) -> rusqlite::Result<Vec<ListedRow>> {
    let FoundList { scope, list, .. } = found;
    let is_in_list_order = found.has_all && scope.cloud == Cloud::Alibaba && !details;
    // Constants: concatenating the text for every page costs time.
    let (sql, id) = if is_in_list_order {
        let sql = concat!("SELECT ", summary_columns!(), in_list_order!());
        (sql, scope.id)
    } else if details {
        (concat!("SELECT ", detail_columns!(), from_list!()), list.id)
    } else {
        (
            concat!("SELECT ", summary_columns!(), from_list!()),
            list.id,
        )
    };
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(
        params![id, start.created_at, start.tie_break, limit, skip],
        reader(details),
    )?;
    let mut rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
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
            summary_columns!(),
            " FROM secrets WHERE secret_id = ?1"
        )
    };
    let mut statement = connection.prepare_cached(sql)?;
    statement.query_row([secret_id], reader(details))
}

fn reader(details: bool) -> fn(&Row) -> rusqlite::Result<ListedRow> {
    if details { with_details } else { summary }
}

/// Reads by position: this is the innermost loop of every list.
fn summary(row: &Row) -> rusqlite::Result<ListedRow> {
    let secret = ListedSecret {
        name: row.get(1)?,
        secret_type: secret_type(row, 2)?,
        created_at: time(row, 3)?,
        updated_at: time(row, 4)?,
        state: state(row, 5, 6)?,
        owing_service: row.get(7)?,
        details: ListedDetails::default(),
        tags: Vec::new(),
    };
    Ok((row.get(0)?, secret))
}

fn with_details(row: &Row) -> rusqlite::Result<ListedRow> {
    let (secret_id, mut secret) = summary(row)?;
    secret.details = ListedDetails {
        description: row.get(8)?,
        encryption_key_id: row.get(9)?,
        creator: row.get(10)?,
        extended_config: row.get(11)?,
        associated_instance_ids: text_array(row, 12)?,
    };
    Ok((secret_id, secret))
}
