//! Stores customer master keys: finds, creates, changes and removes them.

mod aliases;
mod counts;
mod imports;
mod lists;
mod stored;
mod tags;
mod versions;

use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

pub use aliases::AliasRow;
pub use imports::Import;
pub use stored::StoredCmk;

use super::error::StoreError;
use super::rows::ScopeRow;
use super::secrets::{invalid, optional_time, seconds, time};
use super::transactions::{ReadTransaction, WriteTransaction};
use crate::model::{
    Cmk, CmkVersion, CreatorType, KeyOrigin, KeySpec, KeyState, KeyStateName, KeyUsage,
    ProtectionLevel, Rotation, Scope,
};

/// Identifies a key as long as it exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CmkId {
    pub(super) scope_id: i64,
    pub(super) cmk_id: i64,
}

/// The number of columns that [`cmk_from`] reads.
const CMK_COLUMNS: usize = 19;

/// Selects the columns that [`cmk_from`] reads, and optionally others after them.
macro_rules! select_cmks {
    ($from:literal) => {
        select_cmks!("", $from)
    };
    ($others:literal, $from:literal) => {
        concat!(
            "SELECT cmk_id, cmks.scope_id, key_id, spec, usage, origin, protection_level, creator, creator_type, \
             description, cmks.created_at, state, planned_delete_at, dkms_instance_id, material_expires_at, \
             rotation_interval, last_rotated_at, next_rotation_at, deletion_protection",
            $others,
            " FROM ",
            $from
        )
    };
}
use select_cmks;

impl ReadTransaction<'_> {
    /// The key with this id, without its tags.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn cmk(&self, scope: &Scope, key_id: &str) -> Result<Option<(CmkId, Cmk)>, StoreError> {
        let Some(scope) = ScopeRow::find(self.connection, scope)? else {
            return Ok(None);
        };
        Ok(self
            .connection
            .prepare_cached(select_cmks!("cmks WHERE scope_id = ?1 AND key_id = ?2"))?
            .query_row(params![scope.id, key_id], cmk_from)
            .optional()?)
    }

    /// The policy of a key, if one was set.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn cmk_policy(&self, id: CmkId) -> Result<Option<String>, StoreError> {
        Ok(self
            .connection
            .prepare_cached("SELECT policy FROM cmks WHERE cmk_id = ?1")?
            .query_row([id.cmk_id], |row| row.get(0))?)
    }
}

impl<'c> WriteTransaction<'c> {
    /// Stores a new key with its tags and versions.
    ///
    /// # Errors
    ///
    /// Errors of SQLite, for instance if a key with this id exists.
    pub fn create_cmk(
        &self,
        scope: &Scope,
        cmk: &Cmk,
        versions: &[CmkVersion],
    ) -> Result<CmkId, StoreError> {
        let (scope_id, clock) = self.scope_to_change(scope)?;
        let cmk_id = self
            .connection
            .prepare_cached(
                "INSERT INTO cmks (scope_id, key_id, spec, usage, origin, protection_level, creator, creator_type,
                     description, created_at, state, planned_delete_at, dkms_instance_id, material_expires_at,
                     rotation_interval, last_rotated_at, next_rotation_at, deletion_protection, next_due_at, clock)
                 VALUES (:scope_id, :key_id, :spec, :usage, :origin, :protection_level, :creator, :creator_type,
                     :description, :created_at, :state, :planned_delete_at, :dkms_instance_id, :material_expires_at,
                     :rotation_interval, :last_rotated_at, :next_rotation_at, :deletion_protection, :next_due_at, :clock)
                 RETURNING cmk_id",
            )?
            .query_row(
                named_params! {
                    ":scope_id": scope_id,
                    ":key_id": cmk.key_id,
                    ":spec": cmk.spec.name(),
                    ":usage": cmk.usage.name(),
                    ":origin": cmk.origin.name(),
                    ":protection_level": cmk.protection_level.name(),
                    ":creator": cmk.creator,
                    ":creator_type": cmk.creator_type.name(),
                    ":description": cmk.description,
                    ":created_at": cmk.created_at.timestamp(),
                    ":state": cmk.state.name().name(),
                    ":planned_delete_at": seconds(cmk.state.planned_delete_at()),
                    ":dkms_instance_id": cmk.dkms_instance_id,
                    ":material_expires_at": seconds(cmk.material_expires_at),
                    ":rotation_interval": cmk.rotation.interval,
                    ":last_rotated_at": seconds(cmk.rotation.last_at),
                    ":next_rotation_at": seconds(cmk.rotation.next_at),
                    ":deletion_protection": cmk.deletion_protection,
                    ":next_due_at": seconds(cmk.next_due_at()),
                    ":clock": clock,
                },
                |row| row.get(0),
            )?;
        let id = CmkId { scope_id, cmk_id };
        lists::replace_memberships(self.change_cmk(id), id, None, Some(cmk))?;
        self.set_cmk_tags(id, &cmk.tags)?;
        for version in versions {
            self.add_cmk_version(id, version)?;
        }
        Ok(id)
    }

    /// Changes a key from `before` to `after`. Ignores changes of its tags, and of properties that are set at
    /// creation.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn update_cmk(&self, id: CmkId, before: &Cmk, after: &Cmk) -> Result<(), StoreError> {
        let connection = self.change_cmk(id);
        let clock = connection
            .prepare_cached(
                "UPDATE cmks SET description = :description, state = :state, planned_delete_at = :planned_delete_at,
                     material_expires_at = :material_expires_at, rotation_interval = :rotation_interval,
                     last_rotated_at = :last_rotated_at, next_rotation_at = :next_rotation_at,
                     deletion_protection = :deletion_protection, next_due_at = :next_due_at
                 WHERE cmk_id = :cmk_id RETURNING clock",
            )?
            .query_row(
                named_params! {
                    ":cmk_id": id.cmk_id,
                    ":description": after.description,
                    ":state": after.state.name().name(),
                    ":planned_delete_at": seconds(after.state.planned_delete_at()),
                    ":material_expires_at": seconds(after.material_expires_at),
                    ":rotation_interval": after.rotation.interval,
                    ":last_rotated_at": seconds(after.rotation.last_at),
                    ":next_rotation_at": seconds(after.rotation.next_at),
                    ":deletion_protection": after.deletion_protection,
                    ":next_due_at": seconds(after.next_due_at()),
                },
                |row| row.get(0),
            )?;
        self.touch(clock);
        lists::replace_memberships(connection, id, Some(before), Some(after))?;
        Ok(())
    }

    /// Removes a key, which was `before`, with its versions, tags and aliases.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn remove_cmk(&self, id: CmkId, before: &Cmk) -> Result<(), StoreError> {
        for alias in self.all_aliases_of(id)? {
            self.remove_alias(&alias)?;
        }
        let connection = self.change_cmk(id);
        lists::replace_memberships(connection, id, Some(before), None)?;
        let clock = connection
            .prepare_cached("DELETE FROM cmks WHERE cmk_id = ?1 RETURNING clock")?
            .query_row([id.cmk_id], |row| row.get(0))?;
        self.touch(clock);
        Ok(())
    }

    /// Sets the policy of a key.
    ///
    /// # Errors
    ///
    /// Errors of SQLite.
    pub fn set_cmk_policy(&self, id: CmkId, policy: &str) -> Result<(), StoreError> {
        self.change_cmk(id)
            .prepare_cached("UPDATE cmks SET policy = ?2 WHERE cmk_id = ?1")?
            .execute(params![id.cmk_id, policy])?;
        Ok(())
    }

    /// The connection, to change this key.
    fn change_cmk(&self, id: CmkId) -> &'c Connection {
        self.changes.borrow_mut().scopes.add(id.scope_id);
        self.connection
    }
}

/// Reads a row of [`select_cmks!`].
fn cmk_from(row: &Row) -> rusqlite::Result<(CmkId, Cmk)> {
    let id = CmkId {
        scope_id: row.get(1)?,
        cmk_id: row.get(0)?,
    };
    let state = named(row, 11, KeyStateName::from_name)?;
    let cmk = Cmk {
        key_id: row.get(2)?,
        spec: named(row, 3, KeySpec::from_name)?,
        usage: named(row, 4, KeyUsage::from_name)?,
        origin: named(row, 5, KeyOrigin::from_name)?,
        protection_level: named(row, 6, ProtectionLevel::from_name)?,
        creator: row.get(7)?,
        creator_type: named(row, 8, CreatorType::from_name)?,
        description: row.get(9)?,
        created_at: time(row, 10)?,
        state: KeyState::new(state, optional_time(row, 12)?)
            .ok_or_else(|| invalid(11, "state of a key"))?,
        dkms_instance_id: row.get(13)?,
        material_expires_at: optional_time(row, 14)?,
        rotation: Rotation {
            interval: row.get(15)?,
            last_at: optional_time(row, 16)?,
            next_at: optional_time(row, 17)?,
        },
        deletion_protection: row.get(18)?,
        tags: Vec::new(),
    };
    Ok((id, cmk))
}

/// A column with the name of a value.
fn named<T>(row: &Row, column: usize, from_name: fn(&str) -> Option<T>) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?.as_str()?;
    from_name(text).ok_or_else(|| invalid(column, &format!("known value: {text:?}")))
}

/// The key with this row id, without its tags.
pub(super) fn get(connection: &Connection, id: CmkId) -> rusqlite::Result<Cmk> {
    connection
        .prepare_cached(select_cmks!("cmks WHERE cmk_id = ?1"))?
        .query_row([id.cmk_id], |row| Ok(cmk_from(row)?.1))
}
