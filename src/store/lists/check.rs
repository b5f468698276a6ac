//! Compares lists, markers and blocks with the members, for tests.

use rusqlite::{Connection, params};

use super::blocks::{BlockReader, ListedColumns};
use super::{Extent, List, SortKey, level_of};

/// Recounts every list and reads its blocks. Returns a description of the first inconsistency.
pub(crate) fn check(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let lists = connection
        .prepare("SELECT list_id, total, levels FROM lists")?
        .query_map([], List::from_row)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    for list in lists {
        let members = connection
            .prepare("SELECT created_at, tie_break, secret_id FROM list_members WHERE list_id = ?1 ORDER BY created_at, tie_break")?
            .query_map([list.id], |row| {
                Ok((SortKey { created_at: row.get(0)?, tie_break: row.get(1)? }, row.get::<_, i64>(2)?))
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        if members.len() as u64 != list.total {
            return Ok(Some(format!("{list:?} has {} members", members.len())));
        }
        if let Some(fault) = check_blocks(connection, list)? {
            return Ok(Some(fault));
        }
        for level in 1..=list.levels {
            let mut expected = Vec::new();
            let (mut start, mut first) = (SortKey::start(), 0);
            for (index, (sort_key, secret_id)) in (0..).zip(&members) {
                if level_of(*secret_id) >= level {
                    expected.push((start, Extent::Members(index - first)));
                    (start, first) = (sort_key.clone(), index);
                }
            }
            expected.push((start, Extent::After(first)));
            let found = connection
                .prepare(
                    "SELECT created_at, tie_break, count FROM list_markers WHERE list_id = ?1 AND level = ?2
                     ORDER BY created_at, tie_break",
                )?
                .query_map(params![list.id, level], |row| {
                    Ok((SortKey { created_at: row.get(0)?, tie_break: row.get(1)? }, row.get::<_, Extent>(2)?))
                })?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            if found != expected {
                return Ok(Some(format!(
                    "{list:?}, level {level}: {found:?} instead of {expected:?}"
                )));
            }
        }
    }
    let (unused, others): (u64, u64) = connection.query_row(
        "SELECT (SELECT count(*) FROM list_blocks
                 WHERE block_id NOT IN (SELECT block_id FROM list_markers WHERE block_id IS NOT NULL)),
                (SELECT count(*) FROM list_markers WHERE block_id IS NOT NULL AND level > 1
                 OR list_id NOT IN (SELECT list_id FROM lists))",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(
        (unused + others > 0)
            .then(|| format!("{unused} unused blocks, {others} misplaced markers")),
    )
}

/// Compares the blocks of a list with the members of its ranges.
fn check_blocks(connection: &Connection, list: List) -> rusqlite::Result<Option<String>> {
    let (cloud, kind): (String, u8) = connection.query_row(
        "SELECT cloud, kind FROM lists JOIN scopes USING (scope_id) WHERE list_id = ?1",
        [list.id],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let has_blocks = cloud == "alibaba" && kind == 0;
    let markers = connection
        .prepare(
            "SELECT created_at, tie_break, block_id, members
             FROM list_markers LEFT JOIN list_blocks USING (block_id)
             WHERE list_id = ?1 AND level = 1 ORDER BY created_at, tie_break",
        )?
        .query_map([list.id], |row| {
            let block_id: Option<i64> = row.get(2)?;
            Ok((
                SortKey::from_row(row)?,
                block_id,
                row.get::<_, Option<Vec<u8>>>(3)?,
            ))
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut members = connection.prepare(
        "SELECT secret_id, name, secret_type, secrets.created_at, updated_at, state, planned_delete_at, owing_service
         FROM list_members JOIN secrets USING (secret_id)
         WHERE list_id = ?1 AND (list_members.created_at, tie_break) >= (?2, ?3)
           AND (list_members.created_at, tie_break) < (?4, ?5)
         ORDER BY list_members.created_at, tie_break",
    )?;
    for (index, (start, block_id, block)) in markers.iter().enumerate() {
        let mut expected = Vec::new();
        if let Some((end, ..)) = markers.get(index + 1)
            && has_blocks
        {
            let mut rows = members.query(params![
                list.id,
                start.created_at,
                start.tie_break,
                end.created_at,
                end.tie_break
            ])?;
            while let Some(row) = rows.next()? {
                expected.push(format!("{:?}", ListedColumns::from_row(row)?));
            }
        }
        let mut found = Vec::new();
        let mut reader = BlockReader {
            skip: 0,
            limit: u64::MAX,
            take: |columns: ListedColumns| {
                found.push(format!("{columns:?}"));
                Ok(())
            },
        };
        reader.read(block.as_deref().unwrap_or_default())?;
        if found != expected || block_id.is_some() == expected.is_empty() {
            return Ok(Some(format!(
                "{list:?}, block {index}: {found:?} instead of {expected:?}"
            )));
        }
    }
    Ok(None)
}
