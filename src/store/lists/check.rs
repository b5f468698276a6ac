//! Compares lists and markers with the members, for tests.

use rusqlite::{Connection, params};

use super::{Extent, List, SortKey, level_of};

/// Recounts every list. Returns a description of the first inconsistency.
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
    Ok(None)
}
