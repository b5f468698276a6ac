//! Numbers the states of scopes in memory, so that a reply can be cached until its scope changes.
//!
//! A number is odd while a change of its scope is being committed, and even otherwise. The one writer
//! increments it before the commit and again after it. So a reply that was read after number `n` was seen is
//! the reply for every request that sees `n`: no commit began in between, and an acknowledged change has
//! increased the number before it is acknowledged. While the number is odd, replies are neither kept nor reused:
//! some readers would see the change, others not.
//!
//! Scopes share numbers by their hash. A change of one then drops the replies of the others, too. The whole database
//! has a number as well, which every change increments.
//!
//! A database belongs to one process: changes of another process are not counted. Commands detect that.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::model::Scope;

const NUMBERS: usize = 256;

/// The number of a state of a scope, or of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revision(u64);

impl Revision {
    fn read(number: &AtomicU64) -> Option<Self> {
        let number = number.load(Ordering::SeqCst);
        number.is_multiple_of(2).then_some(Self(number))
    }
}

/// The numbers of all scopes, and of the database.
#[derive(Debug)]
pub(super) struct Revisions {
    hasher: RandomState,
    database: AtomicU64,
    numbers: [AtomicU64; NUMBERS],
}

impl Default for Revisions {
    fn default() -> Self {
        Self {
            hasher: RandomState::new(),
            database: AtomicU64::new(0),
            numbers: [const { AtomicU64::new(0) }; NUMBERS],
        }
    }
}

/// The scopes that a transaction changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ChangedScopes {
    /// Those of these rows.
    Rows(Vec<i64>),
    /// Any.
    All,
}

impl Default for ChangedScopes {
    fn default() -> Self {
        Self::Rows(Vec::new())
    }
}

impl ChangedScopes {
    /// Adds a scope.
    pub(super) fn add(&mut self, scope_id: i64) {
        if let Self::Rows(rows) = self
            && !rows.contains(&scope_id)
        {
            rows.push(scope_id);
        }
    }

    /// Adds the scopes of another transaction.
    pub(super) fn merge(&mut self, other: Self) {
        match other {
            Self::Rows(rows) => rows.into_iter().for_each(|row| self.add(row)),
            Self::All => *self = Self::All,
        }
    }
}

impl Revisions {
    /// The number of the current state of a scope; absent while a change is being committed.
    pub(super) fn get(&self, scope: &Scope) -> Option<Revision> {
        Revision::read(&self.numbers[self.index_of(scope)])
    }

    /// The number of the current state of the database; absent while a change is being committed.
    pub(super) fn of_database(&self) -> Option<Revision> {
        Revision::read(&self.database)
    }

    /// Begins a change of these scopes, or of all. To be called by the writer, once until it has ended.
    pub(super) fn begin(&self, scopes: Option<&[Scope]>) -> Changing<'_> {
        let indices = match scopes {
            None => (0..NUMBERS).collect(),
            Some(scopes) => {
                let mut indices: Vec<usize> =
                    scopes.iter().map(|scope| self.index_of(scope)).collect();
                indices.sort_unstable();
                indices.dedup();
                indices
            }
        };
        let changing = Changing {
            revisions: self,
            indices,
        };
        changing.count();
        changing
    }

    fn index_of(&self, scope: &Scope) -> usize {
        let hash = self.hasher.hash_one(scope);
        usize::try_from(hash % NUMBERS as u64).unwrap_or_default()
    }
}

/// A change that is being committed; it ends when this is dropped.
pub(super) struct Changing<'r> {
    revisions: &'r Revisions,
    indices: Vec<usize>,
}

impl Changing<'_> {
    fn count(&self) {
        self.revisions.database.fetch_add(1, Ordering::SeqCst);
        for index in &self.indices {
            self.revisions.numbers[*index].fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl Drop for Changing<'_> {
    fn drop(&mut self) {
        self.count();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Cloud;

    fn scope(region: &str) -> Scope {
        Scope {
            cloud: Cloud::Alibaba,
            account: "1000000000000000".to_owned(),
            region: region.to_owned(),
        }
    }

    #[test]
    fn a_scope_has_no_revision_while_it_changes_and_another_one_afterwards() {
        let revisions = Revisions::default();
        let before = revisions.get(&scope("a")).unwrap();
        let changing = revisions.begin(Some(&[scope("a"), scope("a")]));
        assert_eq!(revisions.get(&scope("a")), None);
        drop(changing);
        let after = revisions.get(&scope("a")).unwrap();
        assert_ne!(before, after);
        assert_eq!(revisions.get(&scope("a")), Some(after));
    }

    #[test]
    fn a_change_of_all_scopes_changes_every_revision() {
        let revisions = Revisions::default();
        let regions = ["a", "b", "c"].map(scope);
        let before = regions.each_ref().map(|scope| revisions.get(scope));
        let of_database = revisions.of_database();
        let changing = revisions.begin(None);
        assert_eq!(revisions.of_database(), None);
        drop(changing);
        assert_ne!(revisions.of_database(), of_database);
        for (scope, before) in regions.iter().zip(before) {
            assert_ne!(revisions.get(scope), before);
        }
    }
}
