//! Lists tags across secrets, in the order of the secrets and then of the tags: on Alibaba Cloud,
//! the one cloud that does so.

use rusqlite::{params_from_iter, types::Value};

use super::error::StoreError;
use super::keys::{ListKey, Property};
use super::lists::List;
use super::rows::ScopeRow;
use super::transactions::ReadTransaction;
use crate::model::{Scope, Secret, Tag};

/// A tag of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagRow {
    /// Where it stands.
    pub place: TagPlace,
    /// The tag.
    pub tag: Tag,
}

/// The place of a tag among all of a scope.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TagPlace {
    /// When its secret was created, in Unix seconds.
    pub created_at: i64,
    /// The name of its secret.
    pub name: String,
    /// Its number among the tags of the secret.
    pub position: u32,
}

impl TagRow {
    /// The tags of a secret.
    pub fn all_of(secret: Secret) -> impl Iterator<Item = Self> {
        let (created_at, name) = (secret.created_at.timestamp(), secret.name);
        (0..).zip(secret.tags).map(move |(position, tag)| Self {
            place: TagPlace {
                created_at,
                name: name.clone(),
                position,
            },
            tag,
        })
    }
}

impl ReadTransaction<'_> {
    /// The tags of the secrets that have all the tags `wanted`, those behind the place `after`. A
    /// wanted tag without a value stands for its key.
    ///
    /// # Errors
    ///
    /// What `SQLite` reports.
    pub fn tags(
        &self,
        scope: &Scope,
        wanted: &[Tag],
        after: Option<&TagPlace>,
        limit: u32,
    ) -> Result<Vec<TagRow>, StoreError> {
        let Some(scope) = ScopeRow::find(self.connection, scope)? else {
            return Ok(Vec::new());
        };
        // The secrets with the first tag, of which there are fewer.
        let key = ListKey {
            property: wanted.first().map(|tag| Property::TagKey(&tag.key)),
            ..ListKey::default()
        };
        let Some(list) = List::find(self.connection, scope.id, &key)? else {
            return Ok(Vec::new());
        };
        let (created_at, name, position) = match after {
            None => (i64::MIN, "", -1),
            Some(place) => (place.created_at, &*place.name, i64::from(place.position)),
        };
        let mut sql = String::from(
            "SELECT created_at, tie_break, position, tag_key, tag_value
             FROM list_members AS member CROSS JOIN secret_tags USING (secret_id)
             WHERE list_id = ?1 AND (created_at, tie_break) >= (?2, ?3)
               AND (created_at, tie_break, position) > (?2, ?3, ?4)",
        );
        let mut values: Vec<Value> = vec![
            list.id.into(),
            created_at.into(),
            name.to_owned().into(),
            position.into(),
        ];
        for tag in wanted {
            sql += " AND EXISTS (SELECT 1 FROM secret_tags AS other WHERE other.secret_id = member.secret_id
                       AND other.tag_key = ? AND ? IN ('', other.tag_value))";
            values.extend([tag.key.clone().into(), tag.value.clone().into()]);
        }
        sql += " ORDER BY created_at, tie_break, position LIMIT ?";
        values.push(limit.into());
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(values), |row| {
            Ok(TagRow {
                place: TagPlace {
                    created_at: row.get(0)?,
                    name: row.get(1)?,
                    position: row.get(2)?,
                },
                tag: Tag {
                    key: row.get(3)?,
                    value: row.get(4)?,
                },
            })
        })?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
