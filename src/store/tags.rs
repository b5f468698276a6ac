//! Lists tags across secrets. Ordered by secret, in the order of lists, then by the
//! tag's position.

use chrono::{DateTime, Utc};
use rusqlite::{Row, named_params, params_from_iter, types::Value};

use super::error::StoreError;
use super::list_keys::{ListKey, Property};
use super::lists::List;
use super::rows::ScopeRow;
use super::transactions::ReadTransaction;
use crate::model::{Scope, Secret, Tag};

/// A tag of a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagRow {
    /// Its position in the list.
    pub cursor: TagCursor,
    /// The tag.
    pub tag: Tag,
}

/// The position of a tag in the list of all tags of a scope.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TagCursor {
    /// When its secret was created, in Unix seconds.
    pub created_at: i64,
    /// The name of its secret.
    pub name: String,
    /// Its index among the tags of the secret.
    pub position: u32,
}

impl TagRow {
    /// The tags of a secret.
    pub fn all_of(secret: Secret) -> impl Iterator<Item = Self> {
        Self::all(secret.created_at, secret.name, secret.tags)
    }

    /// The tags of a secret or key of this name, which was created at `created_at`.
    pub fn all(
        created_at: DateTime<Utc>,
        name: String,
        tags: Vec<Tag>,
    ) -> impl Iterator<Item = Self> {
        (0..).zip(tags).map(move |(position, tag)| Self {
            cursor: TagCursor {
                created_at: created_at.timestamp(),
                name: name.clone(),
                position,
            },
            tag,
        })
    }

    /// Reads creation time, name, position, key and value.
    pub(super) fn from_row(row: &Row) -> rusqlite::Result<Self> {
        Ok(Self {
            cursor: TagCursor {
                created_at: row.get(0)?,
                name: row.get(1)?,
                position: row.get(2)?,
            },
            tag: Tag {
                key: row.get(3)?,
                value: row.get(4)?,
            },
        })
    }
}

/// The creation time, name and position after which a page begins; less than all others for the first page.
pub(super) fn columns_of(after: Option<&TagCursor>) -> (i64, &str, i64) {
    match after {
        None => (i64::MIN, "", -1),
        Some(cursor) => (cursor.created_at, &cursor.name, cursor.position.into()),
    }
}

/// A page of the tags of a scope, with the number of all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagPage {
    /// The number of tags, without offset and limit.
    pub total: u64,
    /// The tags of the page.
    pub tags: Vec<NamedTag>,
}

/// A tag with its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedTag {
    /// The name of the secret.
    pub name: String,
    /// The identity that created the secret, when known.
    pub creator: Option<String>,
    /// The tag.
    pub tag: Tag,
}

impl ReadTransaction<'_> {
    /// A page of the tags of those secrets that `creator` created, or of all secrets. A secret without a known
    /// creator counts as created by its account.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn tag_page(
        &self,
        scope: &Scope,
        creator: Option<&str>,
        offset: u32,
        limit: u32,
    ) -> Result<TagPage, StoreError> {
        let empty = TagPage {
            total: 0,
            tags: Vec::new(),
        };
        let Some(row) = ScopeRow::find(self.connection, scope)? else {
            return Ok(empty);
        };
        let Some(list) = List::find(self.connection, row.id, &ListKey::default())? else {
            return Ok(empty);
        };
        let parameters = named_params! {
            ":list_id": list.id,
            ":creator": creator,
            ":account": scope.account,
        };
        let total = self
            .connection
            .prepare_cached(
                "SELECT count(*) FROM list_members AS member CROSS JOIN secrets USING (secret_id)
                     CROSS JOIN secret_tags USING (secret_id)
                 WHERE list_id = :list_id AND (:creator IS NULL OR coalesce(creator, :account) = :creator)",
            )?
            .query_row(parameters, |row| row.get(0))?;
        let mut statement = self.connection.prepare_cached(
            "SELECT name, creator, tag_key, tag_value
             FROM list_members AS member CROSS JOIN secrets USING (secret_id)
                 CROSS JOIN secret_tags USING (secret_id)
             WHERE list_id = :list_id AND (:creator IS NULL OR coalesce(creator, :account) = :creator)
             ORDER BY member.created_at, tie_break, position LIMIT :limit OFFSET :offset",
        )?;
        let parameters = named_params! {
            ":list_id": list.id,
            ":creator": creator,
            ":account": scope.account,
            ":limit": limit,
            ":offset": offset,
        };
        let tags = statement.query_map(parameters, |row| {
            Ok(NamedTag {
                name: row.get(0)?,
                creator: row.get(1)?,
                tag: Tag {
                    key: row.get(2)?,
                    value: row.get(3)?,
                },
            })
        })?;
        Ok(TagPage {
            total,
            tags: tags.collect::<rusqlite::Result<_>>()?,
        })
    }

    /// The tags of those secrets that have all the tags of `filter`, from the one after `after`. A tag of
    /// `filter` with an empty value matches any value.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn tags(
        &self,
        scope: &Scope,
        filter: &[Tag],
        after: Option<&TagCursor>,
        limit: u32,
    ) -> Result<Vec<TagRow>, StoreError> {
        let Some(scope) = ScopeRow::find(self.connection, scope)? else {
            return Ok(Vec::new());
        };
        // Scans the list of the first tag's key.
        let key = ListKey {
            property: filter.first().map(|tag| Property::TagKey(&tag.key)),
            ..ListKey::default()
        };
        let Some(list) = List::find(self.connection, scope.id, &key)? else {
            return Ok(Vec::new());
        };
        let (created_at, name, position) = columns_of(after);
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
        for tag in filter {
            sql += " AND EXISTS (SELECT 1 FROM secret_tags AS other WHERE other.secret_id = member.secret_id
                       AND other.tag_key = ? AND ? IN ('', other.tag_value))";
            values.extend([tag.key.clone().into(), tag.value.clone().into()]);
        }
        sql += " ORDER BY created_at, tie_break, position LIMIT ?";
        values.push(limit.into());
        let mut statement = self.connection.prepare_cached(&sql)?;
        let rows = statement.query_map(params_from_iter(values), TagRow::from_row)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}
