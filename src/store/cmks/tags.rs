//! The tags of keys.

use rusqlite::types::Value;
use rusqlite::{params, params_from_iter};

use super::super::error::StoreError;
use super::super::rows::ScopeRow;
use super::super::tags::{TagCursor, TagRow, columns_of};
use super::super::transactions::{ReadTransaction, WriteTransaction};
use super::CmkId;
use crate::model::{Scope, Tag};

impl ReadTransaction<'_> {
    /// The tags of a key, in their order.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn cmk_tags(&self, id: CmkId) -> Result<Vec<Tag>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT tag_key, tag_value FROM cmk_tags WHERE cmk_id = ?1 ORDER BY position",
        )?;
        let tags = statement.query_map([id.cmk_id], |row| {
            Ok(Tag {
                key: row.get(0)?,
                value: row.get(1)?,
            })
        })?;
        Ok(tags.collect::<rusqlite::Result<_>>()?)
    }

    /// The tags of those keys that have all the tags of `filter`, from the one after `after`. A tag of `filter`
    /// with an empty value matches any value. The names of the rows are ids of keys.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn tags_of_cmks(
        &self,
        scope: &Scope,
        filter: &[Tag],
        after: Option<&TagCursor>,
        limit: u32,
    ) -> Result<Vec<TagRow>, StoreError> {
        let Some(scope) = ScopeRow::find(self.connection, scope)? else {
            return Ok(Vec::new());
        };
        let (created_at, key_id, position) = columns_of(after);
        let mut sql = String::from(
            "SELECT created_at, key_id, position, tag_key, tag_value FROM cmks JOIN cmk_tags USING (cmk_id)
             WHERE scope_id = ?1 AND (created_at, key_id, position) > (?2, ?3, ?4)",
        );
        let mut values: Vec<Value> = vec![
            scope.id.into(),
            created_at.into(),
            key_id.to_owned().into(),
            position.into(),
        ];
        for tag in filter {
            sql += " AND EXISTS (SELECT 1 FROM cmk_tags AS other WHERE other.cmk_id = cmks.cmk_id
                       AND other.tag_key = ? AND ? IN ('', other.tag_value))";
            values.extend([tag.key.clone().into(), tag.value.clone().into()]);
        }
        sql += " ORDER BY created_at, key_id, position LIMIT ?";
        values.push(limit.into());
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(values), TagRow::from_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

impl WriteTransaction<'_> {
    /// Replaces the tags of a key.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn set_cmk_tags(&self, id: CmkId, tags: &[Tag]) -> Result<(), StoreError> {
        let connection = self.change_cmk(id);
        connection
            .prepare_cached("DELETE FROM cmk_tags WHERE cmk_id = ?1")?
            .execute([id.cmk_id])?;
        let mut insert = connection.prepare_cached(
            "INSERT INTO cmk_tags (cmk_id, position, tag_key, tag_value) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for (position, tag) in tags.iter().enumerate() {
            insert.execute(params![id.cmk_id, position, tag.key, tag.value])?;
        }
        Ok(())
    }
}
