//! Runs a [`SecretQuery`] in the way that is cheapest for its conditions.

use std::collections::BTreeSet;
use std::sync::Arc;

use rusqlite::types::Value;
use rusqlite::{params, params_from_iter};

use super::error::StoreError;
use super::list_keys::{self, ListKey, Property};
use super::listed::{self, ListedRow};
use super::lists::{FoundList, List, SortKey};
use super::names;
use super::results::Selection;
use super::rows::ScopeRow;
use super::secrets::{find, get_in, tags_of};
use super::transactions::ReadTransaction;
use crate::model::{
    Cloud, Condition, ListedSecret, Page, PageRequest, PartCondition, Scope, Secret, SecretQuery,
    SecretType, SortOrder,
};

/// If more than one secret in this many has the text in its name, the list is scanned instead of the
/// index of names: scanning is cheaper then.
const SELECTIVE: u64 = 16;

/// The maximum number of secrets that are checked for an explanation if the index of names cannot be used.
const MAX_EXAMPLES: u32 = 1_000;

impl ReadTransaction<'_> {
    /// The page of the secrets of `scope` that meet the query, and their total number.
    ///
    /// The cost does not depend on the page or on the number of secrets if one list has the result,
    /// or if there is a condition on the name. One list has the result of a query without conditions
    /// or with one condition with one value; on Tencent Cloud, also with one type and one such
    /// condition. For other combinations, and for parts of names and descriptions, the first page after
    /// a change scans the lists of the most selective condition, and, for parts of descriptions, looks at
    /// each of its secrets; other pages are looked up in its result. Only parts of names have an index.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn list_secrets(
        &self,
        scope: &Scope,
        query: &SecretQuery,
    ) -> Result<Page<ListedSecret>, StoreError> {
        let selection = Selection::of(query);
        if selection.is_never_met() {
            return Ok(Page {
                items: Vec::new(),
                total: 0,
            });
        }
        let groups = groups(scope.cloud, &selection.conditions);
        let mut page = match &*groups {
            [group] if group.len() == 1 && selection.parts.is_empty() => {
                self.page_of_list(scope, &group[0], query)?
            }
            _ => match ScopeRow::find(self.connection, scope)? {
                None => Page {
                    items: Vec::new(),
                    total: 0,
                },
                Some(scope) => match selection.names() {
                    Some(names) => self.page_of_names(scope, &names, &selection, query)?,
                    None => self.page_of_combination(scope, &groups, &selection, query)?,
                },
            },
        };
        if query.with_tags {
            for (secret_id, secret) in &mut page.items {
                secret.tags = tags_of(self.connection, *secret_id)?;
            }
        }
        Ok(Page {
            items: page.items.into_iter().map(|(_, secret)| secret).collect(),
            total: page.total,
        })
    }

    /// A name or description in a scope that meets `condition`, for an explanation: only some secrets of a
    /// large scope are checked.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn text_with_part(
        &self,
        scope: &Scope,
        mut condition: PartCondition,
    ) -> Result<Option<String>, StoreError> {
        condition.normalize();
        let Some(scope) = ScopeRow::find(self.connection, scope)? else {
            return Ok(None);
        };
        let column = match &condition {
            PartCondition::Name(parts) => {
                for part in parts {
                    let found = names::find_in(self.connection, scope.id, part)?;
                    if found.is_some() {
                        return Ok(found);
                    }
                }
                "name"
            }
            PartCondition::Description(_) => "description",
        };
        let Some(list) = List::find(self.connection, scope.id, &ListKey::default())? else {
            return Ok(None);
        };
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT {column} FROM (
                 SELECT created_at AS at, tie_break AS tie, secret_id AS id FROM list_members
                 WHERE list_id = ?1 ORDER BY created_at, tie_break LIMIT ?2
             ) CROSS JOIN secrets ON secret_id = id ORDER BY at, tie"
        ))?;
        let texts = statement.query_map(params![list.id, MAX_EXAMPLES], |row| row.get(0))?;
        for text in texts {
            let text: String = text?;
            let mut parts = condition.parts().iter();
            if !text.is_empty() && parts.any(|part| text.contains(part)) {
                return Ok(Some(text));
            }
        }
        Ok(None)
    }

    fn page_of_list(
        &self,
        scope: &Scope,
        key: &ListKey,
        query: &SecretQuery,
    ) -> rusqlite::Result<Page<ListedRow>> {
        let positions = self.caches.map(|caches| &caches.positions);
        if let (Some(positions), Some(revision)) = (positions, self.revision)
            && let Some(list) = positions.get(revision, scope, key)
        {
            let page = self.page_at(&list, query);
            if self.seen_revision().is_some() {
                return page;
            }
        }
        let Some((list, scope_row)) = List::find_in(self.connection, scope, key)? else {
            return Ok(Page {
                items: Vec::new(),
                total: 0,
            });
        };
        let list = match positions {
            Some(positions) => {
                let found = (list, scope_row);
                positions.add_markers(self.connection, self.seen_revision(), scope, key, found)?
            }
            None => FoundList::new(scope_row, list, key),
        };
        self.page_at(&list, query)
    }

    fn page_at(&self, found: &FoundList, query: &SecretQuery) -> rusqlite::Result<Page<ListedRow>> {
        let total = found.list.total;
        let Some((first, count)) = window(total, query) else {
            return Ok(Page {
                items: Vec::new(),
                total,
            });
        };
        let mut items = listed::page(self.connection, found, first, count, query.with_details)?;
        if query.order == SortOrder::NewestFirst {
            items.reverse();
        }
        Ok(Page { items, total })
    }

    /// Looks up each name, and checks the other conditions on the secret.
    fn page_of_names(
        &self,
        scope: ScopeRow,
        names: &[&String],
        selection: &Selection,
        query: &SecretQuery,
    ) -> rusqlite::Result<Page<ListedRow>> {
        let mut found = Vec::new();
        for name in names {
            let Some((secret_id, mut secret)) = find(self.connection, scope.id, name)? else {
                continue;
            };
            // Conditions on names alone need no tags.
            if selection.conditions.len() > 1 {
                secret.tags = tags_of(self.connection, secret_id)?;
            }
            if selection.contains(&secret) {
                found.push((secret_id, secret));
            }
        }
        found.sort_by_cached_key(|(secret_id, secret)| {
            SortKey::of(scope.secret(*secret_id), secret)
        });
        let total = found.len() as u64;
        let (first, count) = window(total, query).unwrap_or_default();
        let page = found
            .into_iter()
            .skip(as_index(first))
            .take(as_index(count));
        let mut items: Vec<_> = page
            .map(|(id, secret)| (id, ListedSecret::new(secret, query.with_details)))
            .collect();
        if query.order == SortOrder::NewestFirst {
            items.reverse();
        }
        Ok(Page { items, total })
    }

    /// Takes the page from the ids of all matching secrets, which are searched once per change.
    fn page_of_combination(
        &self,
        scope: ScopeRow,
        groups: &[Vec<ListKey>],
        selection: &Selection,
        query: &SecretQuery,
    ) -> rusqlite::Result<Page<ListedRow>> {
        let results = self.caches.map(|caches| &caches.results);
        let cached = results.and_then(|results| results.get(scope.id, scope.changes, selection));
        let ids = if let Some(ids) = cached {
            ids
        } else {
            let ids: Arc<[i64]> = self.scan(scope, groups, selection)?.into();
            if let Some(results) = results {
                results.put(scope.id, scope.changes, selection.clone(), Arc::clone(&ids));
            }
            ids
        };
        let total = ids.len() as u64;
        let (first, count) = window(total, query).unwrap_or_default();
        let mut items = ids
            .iter()
            .skip(as_index(first))
            .take(as_index(count))
            .map(|id| listed::get(self.connection, *id, query.with_details))
            .collect::<rusqlite::Result<Vec<_>>>()?;
        if query.order == SortOrder::NewestFirst {
            items.reverse();
        }
        Ok(Page { items, total })
    }

    /// The ids of all selected secrets, oldest first. Uses the index of names if it finds few.
    /// Otherwise scans the lists of the condition with the fewest members, and checks for each member
    /// whether it is in a list of every other condition.
    fn scan(
        &self,
        scope: ScopeRow,
        groups: &[Vec<ListKey>],
        selection: &Selection,
    ) -> rusqlite::Result<Vec<i64>> {
        let mut candidates = Vec::with_capacity(groups.len());
        for group in groups {
            let mut lists = Vec::with_capacity(group.len());
            for key in group {
                lists.extend(List::find(self.connection, scope.id, key)?);
            }
            candidates.push(lists);
        }
        let size = |lists: &[List]| lists.iter().map(|list| list.total).sum::<u64>();
        candidates.sort_by_key(|lists| size(lists));
        let (fewest, others) = candidates
            .split_first()
            .expect("every query has at least one group");
        if fewest.is_empty() {
            return Ok(Vec::new());
        }
        let limit = size(fewest) / SELECTIVE;
        if let Some(ids) = self.with_part_of_name(selection, limit)? {
            return self.selected_of(scope, &ids, selection);
        }
        let union = vec![
            "SELECT created_at, tie_break, secret_id FROM list_members WHERE list_id = ?";
            fewest.len()
        ];
        let mut sql = format!(
            "SELECT secret_id FROM ({}) AS candidate WHERE TRUE",
            union.join(" UNION ")
        );
        for lists in others {
            let parameters = vec!["?"; lists.len()].join(", ");
            sql = sql
                + " AND EXISTS (SELECT 1 FROM list_members AS other WHERE other.list_id IN ("
                + &parameters
                + ") AND other.created_at = candidate.created_at AND other.tie_break = candidate.tie_break)";
        }
        let lists = candidates.iter().flatten().map(|list| list.id);
        let mut values: Vec<Value> = lists.map(Value::from).collect();
        for condition in &selection.parts {
            let name_start = SortKey::name_start(scope.cloud);
            let (before, each, after) = match condition {
                PartCondition::Name(_) => {
                    ("", format!("instr(substr(tie_break, {name_start}), ?)"), "")
                }
                PartCondition::Description(_) => (
                    "EXISTS (SELECT 1 FROM secrets WHERE secrets.secret_id = candidate.secret_id
                         AND description <> '' AND (",
                    "instr(description, ?)".to_owned(),
                    "))",
                ),
            };
            let each = vec![each; condition.parts().len()].join(" OR ");
            sql = format!("{sql} AND ({before}{each}{after})");
            values.extend(condition.parts().iter().cloned().map(Value::from));
        }
        sql += " ORDER BY created_at, tie_break";
        let mut statement = self.connection.prepare_cached(&sql)?;
        let ids = statement.query_map(params_from_iter(values), |row| row.get(0))?;
        ids.collect()
    }

    /// The ids of the secrets, of all scopes, that meet a condition on a part of the name; absent if the
    /// index finds too many, or cannot find them.
    fn with_part_of_name(
        &self,
        selection: &Selection,
        limit: u64,
    ) -> rusqlite::Result<Option<Vec<i64>>> {
        for condition in &selection.parts {
            let PartCondition::Name(parts) = condition else {
                continue;
            };
            let mut ids = BTreeSet::new();
            let mut is_found = true;
            for part in parts {
                match names::find(self.connection, part, limit)? {
                    Some(found) => ids.extend(found),
                    None => is_found = false,
                }
            }
            if is_found {
                return Ok(Some(ids.into_iter().collect()));
            }
        }
        Ok(None)
    }

    /// The ids of those secrets that are selected and in the scope, oldest first.
    fn selected_of(
        &self,
        scope: ScopeRow,
        secret_ids: &[i64],
        selection: &Selection,
    ) -> rusqlite::Result<Vec<i64>> {
        let mut found = Vec::new();
        for secret_id in secret_ids {
            let row = get_in(self.connection, scope.id, *secret_id)?;
            let Some((secret_id, mut secret)) = row else {
                continue;
            };
            secret.tags = tags_of(self.connection, secret_id)?;
            if selection.contains(&secret) {
                found.push((SortKey::of(scope.secret(secret_id), &secret), secret_id));
            }
        }
        found.sort_unstable();
        Ok(found.into_iter().map(|(_, secret_id)| secret_id).collect())
    }
}

impl Selection {
    fn of(query: &SecretQuery) -> Self {
        let mut conditions = query.conditions.clone();
        conditions.iter_mut().for_each(Condition::normalize);
        conditions.sort_unstable();
        let mut parts = query.parts.clone();
        parts.iter_mut().for_each(PartCondition::normalize);
        parts.sort_unstable();
        Self { conditions, parts }
    }

    /// Whether a condition on a part has no value that a secret can contain.
    fn is_never_met(&self) -> bool {
        self.parts
            .iter()
            .any(|condition| condition.parts().is_empty())
    }

    /// The names that meet all conditions on names; absent if there is no such condition.
    fn names(&self) -> Option<Vec<&String>> {
        let mut conditions = self
            .conditions
            .iter()
            .filter_map(|condition| match condition {
                Condition::Name(names) => Some(names),
                _ => None,
            });
        let mut names: Vec<_> = conditions.next()?.iter().collect();
        for allowed in conditions {
            names.retain(|name| allowed.contains(name));
        }
        Some(names)
    }

    /// Whether `secret`, which has its tags, is selected.
    fn contains(&self, secret: &Secret) -> bool {
        let mut conditions = self.conditions.iter();
        let mut parts = self.parts.iter();
        conditions.all(|condition| condition.is_met_by(secret))
            && parts.all(|condition| condition.is_met_by(secret))
    }
}

/// The lists to read for conditions without names: a selected secret is in a list of each group.
fn groups(cloud: Cloud, conditions: &[Condition]) -> Vec<Vec<ListKey<'_>>> {
    let mut types = None;
    let mut properties = Vec::new();
    for condition in conditions {
        match condition {
            Condition::Type(allowed) => {
                let types = types.get_or_insert_with(|| SecretType::ALL.to_vec());
                types.retain(|secret_type| allowed.contains(secret_type));
            }
            other => properties.push(Property::of_condition(other)),
        }
    }
    let mut groups = Vec::new();
    let per_type = list_keys::are_per_type(cloud);
    if !per_type || properties.is_empty() {
        match &types {
            Some(types) => groups.push(types.iter().map(|one| list(Some(*one), None)).collect()),
            None if properties.is_empty() => groups.push(vec![ListKey::default()]),
            None => {}
        }
    }
    let types: Vec<_> = match types {
        _ if !per_type => vec![None],
        None => SecretType::ALL.map(Some).to_vec(),
        Some(types) => types.into_iter().map(Some).collect(),
    };
    for properties in properties {
        debug_assert!(
            properties.iter().all(|property| property.is_listed(cloud)),
            "{} has no lists for {properties:?}",
            cloud.name()
        );
        let keys = types
            .iter()
            .flat_map(|secret_type| properties.iter().map(|one| list(*secret_type, Some(*one))));
        groups.push(keys.collect());
    }
    groups
}

fn list(secret_type: Option<SecretType>, property: Option<Property<'_>>) -> ListKey<'_> {
    ListKey {
        secret_type,
        property,
    }
}

/// The rows of the page, counted from the oldest: the first one and their number; absent if the page
/// is past the end.
fn window(total: u64, query: &SecretQuery) -> Option<(u64, u64)> {
    let PageRequest { offset, limit } = query.page;
    let left = total.checked_sub(offset).filter(|left| *left > 0)?;
    let count = left.min(limit.into());
    let first = match query.order {
        SortOrder::OldestFirst => offset,
        SortOrder::NewestFirst => left - count,
    };
    Some((first, count))
}

fn as_index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
