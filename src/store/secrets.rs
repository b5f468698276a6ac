//! The verbs on secrets: list, count, replace, remove.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension, Row, named_params, params, params_from_iter};

use super::lists::{self, List};
use super::{ReadTransaction, ScopeRow, StoreError, WriteTransaction};
use crate::model::{
    Attribute, Condition, Page, PageRequest, Scope, Secret, SecretQuery, SecretType, SecretVersion,
    State, Tag,
};

/// The columns that [`secret_from`] reads.
const COLUMNS: &str = "secret_id, name, secret_type, description, created_at, updated_at, state, planned_delete_at, \
     encryption_key_id, dkms_instance_id, owing_service, creator";

/// How many secrets a scope holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeCount {
    /// The cloud's name.
    pub cloud: String,
    /// The account number.
    pub account: String,
    /// The region id.
    pub region: String,
    /// The number of secrets.
    pub secrets: u64,
}

impl ReadTransaction<'_> {
    /// The secrets of `scope` that meet the query, and how many there are on all pages.
    ///
    /// Without a condition, with one condition of one value, or with one on the name, the cost
    /// depends on neither the page nor the size of the collection. For other combinations this
    /// holds from the second page on: the first one after a change walks over the lists of the
    /// most selective condition.
    ///
    /// # Errors
    ///
    /// What `SQLite` reports.
    pub fn list_secrets(
        &self,
        scope: &Scope,
        query: &SecretQuery,
    ) -> Result<Page<Secret>, StoreError> {
        let Some(scope) = ScopeRow::find(self.connection, scope)? else {
            return Ok(Page {
                items: Vec::new(),
                total: 0,
            });
        };
        let mut conditions = query.conditions.clone();
        for condition in &mut conditions {
            condition.any_of.sort_unstable();
            condition.any_of.dedup();
        }
        conditions.sort_unstable();
        let named = conditions
            .iter()
            .any(|condition| condition.attribute == Attribute::Name);
        let mut page = match conditions.as_slice() {
            [] => self.page_of_list(scope.id, None, query.page)?,
            _ if named => self.page_of_named(scope.id, &conditions, query.page)?,
            [Condition { attribute, any_of }] if any_of.len() == 1 => {
                self.page_of_list(scope.id, Some((*attribute, &any_of[0])), query.page)?
            }
            conditions => self.page_of_combination(scope, conditions, query.page)?,
        };
        if query.with_tags {
            add_tags_of(self.connection, &mut page.items)?;
        }
        Ok(Page {
            items: page.items.into_iter().map(|(_, secret)| secret).collect(),
            total: page.total,
        })
    }

    /// The number of secrets in each scope that has any.
    ///
    /// # Errors
    ///
    /// What `SQLite` reports.
    pub fn count_secrets(&self) -> Result<Vec<ScopeCount>, StoreError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT cloud, account, region, total FROM scopes JOIN lists USING (scope_id)
             WHERE kind = 0 ORDER BY cloud, account, region",
        )?;
        let counts = statement.query_map([], |row| {
            Ok(ScopeCount {
                cloud: row.get("cloud")?,
                account: row.get("account")?,
                region: row.get("region")?,
                secrets: row.get("total")?,
            })
        })?;
        Ok(counts.collect::<rusqlite::Result<_>>()?)
    }

    fn page_of_list(
        &self,
        scope_id: i64,
        key: lists::ListKey,
        page: PageRequest,
    ) -> rusqlite::Result<Page<(i64, Secret)>> {
        let Some(list) = List::find(self.connection, scope_id, key)? else {
            return Ok(Page {
                items: Vec::new(),
                total: 0,
            });
        };
        if page.offset >= list.total {
            return Ok(Page {
                items: Vec::new(),
                total: list.total,
            });
        }
        let (place, skip) = list.seek(self.connection, page.offset)?;
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM (
                 SELECT created_at AS at, name AS called, secret_id AS id FROM list_members
                 WHERE list_id = ?1 AND (created_at, name) >= (?2, ?3)
                 ORDER BY created_at, name LIMIT ?4 OFFSET ?5
             ) CROSS JOIN secrets ON secret_id = id ORDER BY at, called"
        ))?;
        let rows = statement.query_map(
            params![list.id, place.created_at, place.name, page.limit, skip],
            secret_from,
        )?;
        Ok(Page {
            items: rows.collect::<rusqlite::Result<_>>()?,
            total: list.total,
        })
    }

    /// Looks up each name that every condition on names allows.
    fn page_of_named(
        &self,
        scope_id: i64,
        conditions: &[Condition],
        page: PageRequest,
    ) -> rusqlite::Result<Page<(i64, Secret)>> {
        let (on_names, others): (Vec<_>, Vec<_>) = conditions
            .iter()
            .partition(|condition| condition.attribute == Attribute::Name);
        let names = on_names[0].any_of.iter().filter(|name| {
            on_names[1..]
                .iter()
                .all(|condition| condition.any_of.contains(name))
        });
        let mut found = Vec::new();
        'names: for name in names {
            let Some(mut row) = find(self.connection, scope_id, name)? else {
                continue;
            };
            if !others.is_empty() {
                add_tags_of(self.connection, [&mut row])?;
            }
            for condition in &others {
                if !condition
                    .any_of
                    .iter()
                    .any(|value| has(&row.1, condition.attribute, value))
                {
                    continue 'names;
                }
            }
            row.1.tags.clear();
            found.push(row);
        }
        found.sort_by(|(_, a), (_, b)| (a.created_at, &a.name).cmp(&(b.created_at, &b.name)));
        let total = found.len() as u64;
        let offset = usize::try_from(page.offset).unwrap_or(usize::MAX);
        Ok(Page {
            items: found
                .into_iter()
                .skip(offset)
                .take(page.limit as usize)
                .collect(),
            total,
        })
    }

    /// Takes the page from all that matched, which is looked for once after each change.
    fn page_of_combination(
        &self,
        scope: ScopeRow,
        conditions: &[Condition],
        page: PageRequest,
    ) -> rusqlite::Result<Page<(i64, Secret)>> {
        let ids = if let Some(ids) = self.results.get(scope.id, scope.changes, conditions) {
            ids
        } else {
            let ids: Arc<[i64]> = self.scan(scope.id, conditions)?.into();
            self.results.put(
                scope.id,
                scope.changes,
                conditions.to_vec(),
                Arc::clone(&ids),
            );
            ids
        };
        let offset = usize::try_from(page.offset).unwrap_or(usize::MAX);
        let wanted = ids.iter().skip(offset).take(page.limit as usize);
        let items = wanted
            .map(|id| self.secret(*id))
            .collect::<rusqlite::Result<_>>()?;
        Ok(Page {
            items,
            total: ids.len() as u64,
        })
    }

    /// Walks over the lists of the condition that has the fewest members, in order, and asks of
    /// each member whether it is in a list of every other condition.
    fn scan(&self, scope_id: i64, conditions: &[Condition]) -> rusqlite::Result<Vec<i64>> {
        let mut candidates = Vec::with_capacity(conditions.len());
        for condition in conditions {
            let mut lists = Vec::with_capacity(condition.any_of.len());
            for value in &condition.any_of {
                lists.extend(List::find(
                    self.connection,
                    scope_id,
                    Some((condition.attribute, value)),
                )?);
            }
            candidates.push(lists);
        }
        candidates.sort_by_key(|lists| lists.iter().map(|list| list.total).sum::<u64>());
        let (fewest, others) = candidates
            .split_first()
            .expect("a combination has conditions");
        if fewest.is_empty() {
            return Ok(Vec::new());
        }
        let union = vec![
            "SELECT created_at, name, secret_id FROM list_members WHERE list_id = ?";
            fewest.len()
        ];
        let mut sql = format!(
            "SELECT secret_id FROM ({}) AS candidate WHERE TRUE",
            union.join(" UNION ")
        );
        for lists in others {
            let places = vec!["?"; lists.len()].join(", ");
            sql = sql
                + " AND EXISTS (SELECT 1 FROM list_members AS other WHERE other.list_id IN ("
                + &places
                + ") AND other.created_at = candidate.created_at AND other.name = candidate.name)";
        }
        sql += " ORDER BY created_at, name";
        let lists = candidates.iter().flatten().map(|list| list.id);
        let mut statement = self.connection.prepare_cached(&sql)?;
        let ids = statement.query_map(params_from_iter(lists), |row| row.get(0))?;
        ids.collect()
    }

    fn secret(&self, secret_id: i64) -> rusqlite::Result<(i64, Secret)> {
        self.connection
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM secrets WHERE secret_id = ?1"
            ))?
            .query_row([secret_id], secret_from)
    }
}

impl WriteTransaction<'_> {
    /// Stores a secret with its versions, in the place of any secret of the same name.
    ///
    /// # Errors
    ///
    /// What `SQLite` reports.
    pub fn replace_secret(
        &self,
        scope: &Scope,
        secret: &Secret,
        versions: &[SecretVersion],
    ) -> Result<(), StoreError> {
        self.remove_secret(scope, &secret.name)?;
        let scope_id = self.changed_scope(scope)?;
        let (state, planned_delete_at) = match secret.state {
            State::Enabled => ("enabled", None),
            State::PendingDeletion { planned_delete_at } => {
                ("pending_deletion", Some(planned_delete_at.timestamp()))
            }
        };
        let secret_id: i64 = self
            .connection
            .prepare_cached(
                "INSERT INTO secrets (scope_id, name, secret_type, description, created_at, updated_at, state,
                     planned_delete_at, encryption_key_id, dkms_instance_id, owing_service, creator)
                 VALUES (:scope_id, :name, :secret_type, :description, :created_at, :updated_at, :state,
                     :planned_delete_at, :encryption_key_id, :dkms_instance_id, :owing_service, :creator)
                 RETURNING secret_id",
            )?
            .query_row(
                named_params! {
                    ":scope_id": scope_id,
                    ":name": secret.name,
                    ":secret_type": secret.secret_type.name(),
                    ":description": secret.description,
                    ":created_at": secret.created_at.timestamp(),
                    ":updated_at": secret.updated_at.timestamp(),
                    ":state": state,
                    ":planned_delete_at": planned_delete_at,
                    ":encryption_key_id": secret.encryption_key_id,
                    ":dkms_instance_id": secret.dkms_instance_id,
                    ":owing_service": secret.owing_service,
                    ":creator": secret.creator,
                },
                |row| row.get(0),
            )?;
        self.add_tags(secret_id, &secret.tags)?;
        self.add_versions(secret_id, versions)?;
        lists::replace_memberships(self.connection, scope_id, secret_id, None, Some(secret))?;
        Ok(())
    }

    /// Removes a secret and all that belongs to it. Returns whether there was one.
    ///
    /// # Errors
    ///
    /// What `SQLite` reports.
    pub fn remove_secret(&self, scope: &Scope, name: &str) -> Result<bool, StoreError> {
        let Some(ScopeRow { id: scope_id, .. }) = ScopeRow::find(self.connection, scope)? else {
            return Ok(false);
        };
        let Some(mut row) = find(self.connection, scope_id, name)? else {
            return Ok(false);
        };
        add_tags_of(self.connection, [&mut row])?;
        let (secret_id, secret) = row;
        self.changed_scope(scope)?;
        lists::replace_memberships(self.connection, scope_id, secret_id, Some(&secret), None)?;
        self.connection
            .prepare_cached("DELETE FROM secrets WHERE secret_id = ?1")?
            .execute([secret_id])?;
        Ok(true)
    }

    /// Counts a change of the scope, which is made if it is new, and returns its id.
    fn changed_scope(&self, scope: &Scope) -> rusqlite::Result<i64> {
        self.connection
            .prepare_cached(
                "INSERT INTO scopes (cloud, account, region, changes) VALUES (?1, ?2, ?3, 1)
                 ON CONFLICT (cloud, account, region) DO UPDATE SET changes = changes + 1
                 RETURNING scope_id",
            )?
            .query_row(
                params![scope.cloud.name(), scope.account, scope.region],
                |row| row.get(0),
            )
    }

    fn add_tags(&self, secret_id: i64, tags: &[Tag]) -> rusqlite::Result<()> {
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO secret_tags (secret_id, tag_key, tag_value, position) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for (position, tag) in tags.iter().enumerate() {
            insert.execute(params![secret_id, tag.key, tag.value, position])?;
        }
        Ok(())
    }

    fn add_versions(&self, secret_id: i64, versions: &[SecretVersion]) -> rusqlite::Result<()> {
        let mut insert = self.connection.prepare_cached(
            "INSERT INTO secret_versions (secret_id, sequence, version_id, created_at, data, data_type)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        let mut mark = self.connection.prepare_cached(
            "INSERT INTO version_stages (secret_id, stage, version_id) VALUES (?1, ?2, ?3)",
        )?;
        for (sequence, version) in versions.iter().enumerate() {
            insert.execute(params![
                secret_id,
                sequence,
                version.version_id,
                version.created_at.timestamp(),
                version.data,
                version.data_type.name(),
            ])?;
            for stage in &version.stages {
                mark.execute(params![secret_id, stage, version.version_id])?;
            }
        }
        Ok(())
    }
}

fn find(
    connection: &Connection,
    scope_id: i64,
    name: &str,
) -> rusqlite::Result<Option<(i64, Secret)>> {
    connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM secrets WHERE scope_id = ?1 AND name = ?2"
        ))?
        .query_row(params![scope_id, name], secret_from)
        .optional()
}

/// Loads the tags of each secret.
fn add_tags_of<'a>(
    connection: &Connection,
    secrets: impl IntoIterator<Item = &'a mut (i64, Secret)>,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(
        "SELECT position, tag_key, tag_value FROM secret_tags WHERE secret_id = ?1",
    )?;
    for (secret_id, secret) in secrets {
        let mut tags = statement
            .query_map([*secret_id], |row| {
                Ok((
                    row.get::<_, u32>(0)?,
                    Tag {
                        key: row.get(1)?,
                        value: row.get(2)?,
                    },
                ))
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        tags.sort_unstable_by_key(|(position, _)| *position);
        secret.tags = tags.into_iter().map(|(_, tag)| tag).collect();
    }
    Ok(())
}

fn has(secret: &Secret, attribute: Attribute, value: &str) -> bool {
    match attribute {
        Attribute::Name => secret.name == value,
        Attribute::Type => secret.secret_type.name() == value,
        Attribute::TagKey => secret.tags.iter().any(|tag| tag.key == value),
        Attribute::TagValue => secret.tags.iter().any(|tag| tag.value == value),
        Attribute::Description => secret.description == value,
        Attribute::InstanceId => secret.dkms_instance_id.as_deref() == Some(value),
        Attribute::Creator => secret.creator.as_deref() == Some(value),
    }
}

/// Reads a row of [`COLUMNS`]; by position, as this is the innermost loop of every list.
fn secret_from(row: &Row) -> rusqlite::Result<(i64, Secret)> {
    let secret_type: String = row.get(2)?;
    let planned_delete_at: Option<i64> = row.get(7)?;
    let secret = Secret {
        name: row.get(1)?,
        secret_type: SecretType::from_name(&secret_type)
            .ok_or_else(|| invalid(2, &format!("secret type {secret_type:?}")))?,
        description: row.get(3)?,
        created_at: time(4, row.get(4)?)?,
        updated_at: time(5, row.get(5)?)?,
        state: match planned_delete_at {
            None => State::Enabled,
            Some(seconds) => State::PendingDeletion {
                planned_delete_at: time(7, seconds)?,
            },
        },
        encryption_key_id: row.get(8)?,
        dkms_instance_id: row.get(9)?,
        owing_service: row.get(10)?,
        creator: row.get(11)?,
        tags: Vec::new(),
    };
    Ok((row.get(0)?, secret))
}

fn time(column: usize, seconds: i64) -> rusqlite::Result<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0).ok_or_else(|| invalid(column, &format!("time {seconds}")))
}

fn invalid(column: usize, what: &str) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Null, format!("not a {what}").into())
}
