//! Answers a [`SecretQuery`]: finds the way that is cheapest for its conditions.

use std::sync::Arc;

use rusqlite::{params, params_from_iter};

use super::lists::{self, List};
use super::secrets::{COLUMNS, add_tags_of, find, get, secret_from};
use super::{ReadTransaction, ScopeRow, StoreError};
use crate::model::{Attribute, Condition, Page, PageRequest, Scope, Secret, SecretQuery};

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
            .map(|id| get(self.connection, *id))
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
