//! Answers a [`SecretQuery`]: finds the way that is cheapest for its conditions.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use rusqlite::types::Value;
use rusqlite::{params, params_from_iter};

use super::error::StoreError;
use super::keys::{self, ListKey};
use super::lists::{List, Place};
use super::names;
use super::results::Selection;
use super::rows::ScopeRow;
use super::secrets::{add_tags_of, find, get, get_in, secret_from, select_secrets};
use super::transactions::ReadTransaction;
use crate::model::{
    Attribute, Condition, Order, Page, PageRequest, Scope, Secret, SecretQuery, SecretType,
};

/// A part of a name that more than one secret in this many has is not looked up by index: walking
/// over the list is cheaper.
const SELECTIVE: u64 = 16;

/// The most secrets that are looked at for an explanation, where the index of names cannot help.
const MAX_EXAMPLES: u32 = 1_000;

impl ReadTransaction<'_> {
    /// The secrets of `scope` that meet the query, and how many there are on all pages.
    ///
    /// Where one list holds just what is asked for, or with a condition on the name, the cost
    /// depends on neither the page nor the size of the collection: without a condition, and with
    /// one condition of one value; on Tencent Cloud, with a type of one value and one more such
    /// condition. For other combinations, and for parts of names and descriptions, this holds from the
    /// second page on: the first one after a change walks over the lists of the most selective condition,
    /// and, for parts of descriptions, looks at each of its secrets. Only parts of names have an index.
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
        let selection = Selection {
            conditions: sorted(&query.conditions),
            containing: sorted(&query.containing),
        };
        let named = selection
            .conditions
            .iter()
            .any(|condition| condition.attribute == Attribute::Name);
        let mut page = if named {
            self.page_of_named(scope, &selection, query)?
        } else {
            let groups = groups(scope, &selection.conditions);
            match &*groups {
                [group] if group.len() == 1 && selection.containing.is_empty() => {
                    self.page_of_list(scope.id, &group[0], query)?
                }
                _ => self.page_of_combination(scope, &groups, &selection, query)?,
            }
        };
        if query.with_tags {
            add_tags_of(self.connection, &mut page.items)?;
        }
        Ok(Page {
            items: page.items.into_iter().map(|(_, secret)| secret).collect(),
            total: page.total,
        })
    }

    /// A name or description in a scope that contains one of `parts`, for an explanation: not every
    /// secret of a large scope is looked at.
    ///
    /// # Errors
    ///
    /// What `SQLite` reports.
    pub fn value_containing(
        &self,
        scope: &Scope,
        attribute: Attribute,
        parts: &[String],
    ) -> Result<Option<String>, StoreError> {
        let Some(scope) = ScopeRow::find(self.connection, scope)? else {
            return Ok(None);
        };
        if attribute == Attribute::Name {
            for part in parts {
                let found = names::find_in(self.connection, scope.id, part)?;
                if found.is_some() {
                    return Ok(found);
                }
            }
        }
        let Some(list) = List::find(self.connection, scope.id, &ListKey::default())? else {
            return Ok(None);
        };
        let mut statement = self.connection.prepare_cached(select_secrets!(
            "(
                 SELECT created_at AS at, tie_break AS tie, secret_id AS id FROM list_members
                 WHERE list_id = ?1 ORDER BY created_at, tie_break LIMIT ?2
             ) CROSS JOIN secrets ON secret_id = id ORDER BY at, tie"
        ))?;
        for row in statement.query_map(params![list.id, MAX_EXAMPLES], secret_from)? {
            let (_, secret) = row?;
            let mut values = keys::values(&secret, attribute).into_iter();
            let contains = |value: &Cow<str>| parts.iter().any(|part| value.contains(&**part));
            if let Some(value) = values.find(contains) {
                return Ok(Some(value.into_owned()));
            }
        }
        Ok(None)
    }

    fn page_of_list(
        &self,
        scope_id: i64,
        key: &ListKey,
        query: &SecretQuery,
    ) -> rusqlite::Result<Page<(i64, Secret)>> {
        let list = List::find(self.connection, scope_id, key)?;
        let total = list.map_or(0, |list| list.total);
        let (Some(list), Some((start, count))) = (list, window(total, query)) else {
            return Ok(Page {
                items: Vec::new(),
                total,
            });
        };
        let (place, skip) = list.seek(self.connection, start)?;
        let mut statement = self.connection.prepare_cached(select_secrets!(
            "(
                 SELECT created_at AS at, tie_break AS tie, secret_id AS id FROM list_members
                 WHERE list_id = ?1 AND (created_at, tie_break) >= (?2, ?3)
                 ORDER BY created_at, tie_break LIMIT ?4 OFFSET ?5
             ) CROSS JOIN secrets ON secret_id = id ORDER BY at, tie"
        ))?;
        let mut items = statement
            .query_map(
                params![list.id, place.created_at, place.tie_break, count, skip],
                secret_from,
            )?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        if query.order == Order::NewestFirst {
            items.reverse();
        }
        Ok(Page { items, total })
    }

    /// Looks up each name that every condition on names allows.
    fn page_of_named(
        &self,
        scope: ScopeRow,
        selection: &Selection,
        query: &SecretQuery,
    ) -> rusqlite::Result<Page<(i64, Secret)>> {
        let (on_names, others): (Vec<_>, Vec<_>) = selection
            .conditions
            .iter()
            .partition(|condition| condition.attribute == Attribute::Name);
        let names = on_names[0].any_of.iter().filter(|name| {
            on_names[1..]
                .iter()
                .all(|condition| condition.any_of.contains(name))
        });
        let mut found = Vec::new();
        for name in names {
            let Some(mut row) = find(self.connection, scope.id, name)? else {
                continue;
            };
            if !others.is_empty() {
                add_tags_of(self.connection, [&mut row])?;
            }
            if contains(&row.1, selection)
                && others.iter().all(|condition| meets(&row.1, condition))
            {
                row.1.tags.clear();
                found.push(row);
            }
        }
        found.sort_by_cached_key(|(secret_id, secret)| Place::of(scope.secret(*secret_id), secret));
        let total = found.len() as u64;
        let (start, count) = window(total, query).unwrap_or_default();
        let mut items: Vec<_> = found
            .into_iter()
            .skip(as_index(start))
            .take(as_index(count))
            .collect();
        if query.order == Order::NewestFirst {
            items.reverse();
        }
        Ok(Page { items, total })
    }

    /// Takes the page from all that matched, which is looked for once after each change.
    fn page_of_combination(
        &self,
        scope: ScopeRow,
        groups: &[Vec<ListKey>],
        selection: &Selection,
        query: &SecretQuery,
    ) -> rusqlite::Result<Page<(i64, Secret)>> {
        let ids = if let Some(ids) = self.results.get(scope.id, scope.changes, selection) {
            ids
        } else {
            let ids: Arc<[i64]> = self.scan(scope, groups, selection)?.into();
            self.results
                .put(scope.id, scope.changes, selection.clone(), Arc::clone(&ids));
            ids
        };
        let total = ids.len() as u64;
        let (start, count) = window(total, query).unwrap_or_default();
        let wanted = ids.iter().skip(as_index(start)).take(as_index(count));
        let mut items = wanted
            .map(|id| get(self.connection, *id))
            .collect::<rusqlite::Result<Vec<_>>>()?;
        if query.order == Order::NewestFirst {
            items.reverse();
        }
        Ok(Page { items, total })
    }

    /// Looks for all that is selected, oldest first: by the index of names where that finds few,
    /// else by walking over the lists of the condition that has the fewest members, in order, and
    /// asking of each member whether it is in a list of every other condition.
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
            .expect("there is a group for every query");
        if fewest.is_empty() {
            return Ok(Vec::new());
        }
        let most = size(fewest) / SELECTIVE;
        if let Some(ids) = self.with_part_of_name(selection, most)? {
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
            let places = vec!["?"; lists.len()].join(", ");
            sql = sql
                + " AND EXISTS (SELECT 1 FROM list_members AS other WHERE other.list_id IN ("
                + &places
                + ") AND other.created_at = candidate.created_at AND other.tie_break = candidate.tie_break)";
        }
        let lists = candidates.iter().flatten().map(|list| list.id);
        let mut values: Vec<Value> = lists.map(Value::from).collect();
        for condition in &selection.containing {
            let name_start = Place::name_start(scope.cloud);
            let (before, each, after) = match condition.attribute {
                Attribute::Name => ("", format!("instr(substr(tie_break, {name_start}), ?)"), ""),
                _ => (
                    "EXISTS (SELECT 1 FROM secrets WHERE secrets.secret_id = candidate.secret_id
                         AND description <> '' AND (",
                    "instr(description, ?)".to_owned(),
                    "))",
                ),
            };
            let each = vec![each; condition.any_of.len()].join(" OR ");
            sql = format!("{sql} AND ({before}{each}{after})");
            values.extend(condition.any_of.iter().cloned().map(Value::from));
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
        most: u64,
    ) -> rusqlite::Result<Option<Vec<i64>>> {
        for condition in &selection.containing {
            if condition.attribute != Attribute::Name {
                continue;
            }
            let mut ids = BTreeSet::new();
            let mut is_found = true;
            for part in &condition.any_of {
                match names::find(self.connection, part, most)? {
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

    /// Those of the secrets that are selected and in the scope, oldest first.
    fn selected_of(
        &self,
        scope: ScopeRow,
        secret_ids: &[i64],
        selection: &Selection,
    ) -> rusqlite::Result<Vec<i64>> {
        let mut found = Vec::new();
        for secret_id in secret_ids {
            let Some(mut row) = get_in(self.connection, scope.id, *secret_id)? else {
                continue;
            };
            add_tags_of(self.connection, [&mut row])?;
            let mut conditions = selection.conditions.iter();
            if contains(&row.1, selection) && conditions.all(|condition| meets(&row.1, condition)) {
                found.push((Place::of(scope.secret(*secret_id), &row.1), *secret_id));
            }
        }
        found.sort_unstable();
        Ok(found.into_iter().map(|(_, secret_id)| secret_id).collect())
    }
}

/// The lists to look at: of each group, a secret must be in one. None of the conditions is on the
/// name.
fn groups(scope: ScopeRow, conditions: &[Condition]) -> Vec<Vec<ListKey<'_>>> {
    let list = |secret_type: &SecretType| ListKey {
        secret_type: Some(*secret_type),
        having: None,
    };
    let (on_types, others): (Vec<_>, Vec<_>) = conditions
        .iter()
        .partition(|condition| condition.attribute == Attribute::Type);
    let mut types: Vec<_> = SecretType::ALL
        .into_iter()
        .filter(|secret_type| {
            let name = secret_type.name();
            on_types
                .iter()
                .all(|condition| condition.any_of.iter().any(|value| value == name))
        })
        .map(Some)
        .collect();
    let mut groups = Vec::new();
    if !keys::are_within_types(scope.cloud) || others.is_empty() {
        if on_types.is_empty() && others.is_empty() {
            groups.push(vec![ListKey::default()]);
        } else if !on_types.is_empty() {
            groups.push(types.iter().flatten().map(list).collect());
        }
        types = vec![None];
    }
    for Condition { attribute, any_of } in others {
        debug_assert!(
            keys::listed(scope.cloud).contains(attribute),
            "{attribute:?} has no lists on {}",
            scope.cloud.name()
        );
        let keys = types.iter().flat_map(|secret_type| {
            any_of.iter().map(|value| ListKey {
                secret_type: *secret_type,
                having: Some((*attribute, value.into())),
            })
        });
        groups.push(keys.collect());
    }
    groups
}

/// The rows of the page, counted from the oldest: the first one, and how many; absent when the page
/// is past the end.
fn window(total: u64, query: &SecretQuery) -> Option<(u64, u64)> {
    let PageRequest { offset, limit } = query.page;
    let left = total.checked_sub(offset).filter(|left| *left > 0)?;
    let count = left.min(limit.into());
    let start = match query.order {
        Order::OldestFirst => offset,
        Order::NewestFirst => left - count,
    };
    Some((start, count))
}

fn contains(secret: &Secret, selection: &Selection) -> bool {
    selection.containing.iter().all(|condition| {
        let values = keys::values(secret, condition.attribute);
        let mut parts = condition.any_of.iter();
        parts.any(|part| values.iter().any(|value| value.contains(&**part)))
    })
}

/// Conditions in an order in which the same ones are equal.
fn sorted(conditions: &[Condition]) -> Vec<Condition> {
    let mut conditions = conditions.to_vec();
    for condition in &mut conditions {
        condition.any_of.sort_unstable();
        condition.any_of.dedup();
    }
    conditions.sort_unstable();
    conditions
}

fn meets(secret: &Secret, condition: &Condition) -> bool {
    keys::values(secret, condition.attribute)
        .iter()
        .any(|value| condition.any_of.iter().any(|wanted| wanted == value))
}

fn as_index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
