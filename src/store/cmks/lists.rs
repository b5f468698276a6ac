//! The lists of keys and aliases, and queries on them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use super::super::error::StoreError;
use super::super::list_keys::ListName;
use super::super::lists::{List, Memberships, SortKey, replace};
use super::super::rows::ScopeRow;
use super::super::transactions::ReadTransaction;
use super::CmkId;
use crate::model::{Cmk, KeyCondition, Page, PageRequest, Scope};

/// Identifies a list of keys or aliases. The numbers of kinds differ from those of lists of secrets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum CmkList<'a> {
    All,
    State(&'static str),
    Spec(&'static str),
    Usage(&'static str),
    Protection(&'static str),
    CreatorType(&'static str),
    InstanceId(&'a str),
    Aliases,
    /// The aliases of the key with this id.
    AliasesOf(&'a str),
}

impl ListName for CmkList<'_> {
    fn kind_and_value(&self) -> (u8, Cow<'_, str>) {
        match *self {
            Self::All => (64, "".into()),
            Self::State(name) => (65, name.into()),
            Self::Spec(name) => (66, name.into()),
            Self::Usage(name) => (67, name.into()),
            Self::Protection(name) => (68, name.into()),
            Self::CreatorType(name) => (69, name.into()),
            Self::InstanceId(id) => (70, id.into()),
            Self::Aliases => (71, "".into()),
            Self::AliasesOf(key_id) => (72, key_id.into()),
        }
    }
}

impl<'a> CmkList<'a> {
    /// The lists of the values of a condition, if it has lists.
    fn of_condition(condition: &'a KeyCondition) -> Option<Vec<Self>> {
        Some(match condition {
            KeyCondition::State(states) => states.iter().map(|s| Self::State(s.name())).collect(),
            KeyCondition::Spec(specs) => specs.iter().map(|s| Self::Spec(s.name())).collect(),
            KeyCondition::Usage(usages) => usages.iter().map(|u| Self::Usage(u.name())).collect(),
            KeyCondition::Protection(levels) => {
                levels.iter().map(|l| Self::Protection(l.name())).collect()
            }
            KeyCondition::CreatorType(types) => {
                types.iter().map(|t| Self::CreatorType(t.name())).collect()
            }
            KeyCondition::InstanceId(ids) => ids.iter().map(|id| Self::InstanceId(id)).collect(),
            KeyCondition::KeyId(_)
            | KeyCondition::Alias(_)
            | KeyCondition::Creator(_)
            | KeyCondition::TagKey(_)
            | KeyCondition::TagValue(_) => return None,
        })
    }

    fn of_cmk(cmk: &'a Cmk) -> BTreeSet<Self> {
        let instance = cmk.dkms_instance_id.as_deref();
        [
            Self::All,
            Self::State(cmk.state.name().name()),
            Self::Spec(cmk.spec.name()),
            Self::Usage(cmk.usage.name()),
            Self::Protection(cmk.protection_level.name()),
            Self::CreatorType(cmk.creator_type.name()),
        ]
        .into_iter()
        .chain(instance.map(Self::InstanceId))
        .collect()
    }
}

/// A condition that no list has: a query for the ids of the keys that meet it.
struct RowTest {
    ids: String,
    values: Vec<Value>,
}

impl RowTest {
    /// Absent for a condition that lists have.
    fn new(condition: &KeyCondition, row: ScopeRow, scope: &Scope) -> Option<Self> {
        let mut values = vec![Value::from(row.id)];
        let (names, select) = match condition {
            KeyCondition::KeyId(names) => (
                names,
                "SELECT key_id FROM cmks WHERE scope_id = ? AND key_id",
            ),
            KeyCondition::Alias(names) => (
                names,
                "SELECT key_id FROM cmk_aliases JOIN cmks USING (cmk_id) WHERE cmk_aliases.scope_id = ? AND name",
            ),
            // A key without a creator was created by the account.
            KeyCondition::Creator(names) => {
                values.push(scope.account.clone().into());
                (
                    names,
                    "SELECT key_id FROM cmks WHERE scope_id = ? AND coalesce(nullif(creator, ''), ?)",
                )
            }
            KeyCondition::TagKey(names) => (
                names,
                "SELECT key_id FROM cmk_tags JOIN cmks USING (cmk_id) WHERE scope_id = ? AND tag_key",
            ),
            KeyCondition::TagValue(names) => (
                names,
                "SELECT key_id FROM cmk_tags JOIN cmks USING (cmk_id) WHERE scope_id = ? AND tag_value",
            ),
            KeyCondition::State(_)
            | KeyCondition::Spec(_)
            | KeyCondition::Usage(_)
            | KeyCondition::Protection(_)
            | KeyCondition::CreatorType(_)
            | KeyCondition::InstanceId(_) => return None,
        };
        values.extend(names.iter().cloned().map(Value::from));
        Some(Self {
            ids: format!("{select} IN ({})", parameters(names.len())),
            values,
        })
    }
}

fn parameters(count: usize) -> String {
    vec!["?"; count].join(", ")
}

pub(super) fn replace_memberships(
    connection: &Connection,
    id: CmkId,
    before: Option<&Cmk>,
    after: Option<&Cmk>,
) -> rusqlite::Result<()> {
    let [before, after] = [before, after].map(|cmk| {
        cmk.map(|cmk| Memberships {
            sort_key: SortKey {
                created_at: cmk.created_at.timestamp(),
                tie_break: cmk.key_id.clone(),
            },
            lists: CmkList::of_cmk(cmk),
        })
    });
    replace(
        connection,
        id.scope_id,
        id.cmk_id,
        before.as_ref(),
        after.as_ref(),
    )
}

impl ReadTransaction<'_> {
    /// The ids of the keys of a scope that meet all conditions, oldest first, and their number. The cost of a
    /// page does not depend on its number if there is at most one condition, with one value, that has a list.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn list_cmks(
        &self,
        scope: &Scope,
        conditions: &[KeyCondition],
        page: PageRequest,
    ) -> Result<Page<String>, StoreError> {
        let empty = Page {
            items: Vec::new(),
            total: 0,
        };
        let Some(row) = ScopeRow::find(self.connection, scope)? else {
            return Ok(empty);
        };
        let mut groups = Vec::new();
        let mut tests = Vec::new();
        for condition in conditions {
            match CmkList::of_condition(condition) {
                Some(group) => groups.push(group),
                None => tests.extend(RowTest::new(condition, row, scope)),
            }
        }
        if groups.is_empty() {
            groups.push(vec![CmkList::All]);
        }
        match &*groups {
            [group] if group.len() == 1 && tests.is_empty() => self.members(row, &group[0], page),
            groups => self.combination(row, groups, tests, page),
        }
    }

    /// A page of the tie-breaks of a list, which are the ids of keys or the names of aliases.
    pub(super) fn members(
        &self,
        row: ScopeRow,
        list: &CmkList,
        page: PageRequest,
    ) -> Result<Page<String>, StoreError> {
        let list = List::find(self.connection, row.id, list)?;
        let total = list.map_or(0, |list| list.total);
        let mut items = Vec::new();
        if let Some(list) = list.filter(|list| page.offset < list.total) {
            let (start, skip) = list.seek(self.connection, page.offset, None)?;
            let mut statement = self.connection.prepare_cached(
                "SELECT tie_break FROM list_members
                 WHERE list_id = ?1 AND (created_at, tie_break) >= (?2, ?3)
                 ORDER BY created_at, tie_break LIMIT ?4 OFFSET ?5",
            )?;
            let rows = statement.query_map(
                params![list.id, start.created_at, start.tie_break, page.limit, skip],
                |row| row.get(0),
            )?;
            items = rows.collect::<rusqlite::Result<_>>()?;
        }
        Ok(Page { items, total })
    }

    /// Scans the lists of one group, looks each member up in the lists of the other groups, and tests it.
    fn combination(
        &self,
        row: ScopeRow,
        groups: &[Vec<CmkList>],
        tests: Vec<RowTest>,
        page: PageRequest,
    ) -> Result<Page<String>, StoreError> {
        let mut found = Vec::with_capacity(groups.len());
        for group in groups {
            let mut lists = Vec::with_capacity(group.len());
            for list in group {
                lists.extend(List::find(self.connection, row.id, list)?);
            }
            found.push(lists);
        }
        found.sort_by_key(|lists| lists.iter().map(|list| list.total).sum::<u64>());
        let mut sql = String::new();
        let mut values: Vec<Value> = Vec::new();
        for (index, lists) in found.iter().enumerate() {
            let parameters = parameters(lists.len());
            let part = match index {
                0 => format!(
                    "FROM (SELECT DISTINCT created_at, tie_break FROM list_members WHERE list_id IN ({parameters}))
                     AS candidate WHERE TRUE"
                ),
                _ => format!(
                    " AND EXISTS (SELECT 1 FROM list_members AS other WHERE other.list_id IN ({parameters})
                     AND other.created_at = candidate.created_at AND other.tie_break = candidate.tie_break)"
                ),
            };
            sql.push_str(&part);
            values.extend(lists.iter().map(|list| Value::from(list.id)));
        }
        for test in tests {
            sql = format!("{sql} AND tie_break IN ({})", test.ids);
            values.extend(test.values);
        }
        let total = self
            .connection
            .prepare_cached(&format!("SELECT count(*) {sql}"))?
            .query_row(params_from_iter(&values), |row| row.get(0))
            .optional()?
            .unwrap_or_default();
        let offset = i64::try_from(page.offset).unwrap_or(i64::MAX);
        values.extend([Value::from(page.limit), Value::from(offset)]);
        let mut statement = self.connection.prepare_cached(&format!(
            "SELECT tie_break {sql} ORDER BY created_at, tie_break LIMIT ? OFFSET ?"
        ))?;
        let items = statement.query_map(params_from_iter(values), |row| row.get(0))?;
        Ok(Page {
            items: items.collect::<rusqlite::Result<_>>()?,
            total,
        })
    }
}
