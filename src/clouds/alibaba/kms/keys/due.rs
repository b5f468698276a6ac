//! Due work of keys: planned deletions, the expiry of imported material, and rotations.

use chrono::{DateTime, Utc};

use super::material::new_version;
use super::rotation;
use crate::model::{Cmk, KeyState};
use crate::store::{CmkId, StoreError, WriteTransaction};

/// Does the first due work of a key, which became due at `at`.
pub(crate) fn do_work(
    store: &WriteTransaction,
    id: CmkId,
    cmk: &Cmk,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if cmk.state.planned_delete_at() == Some(at) {
        return store.remove_cmk(id, cmk);
    }
    if cmk.material_expires_at == Some(at) {
        return remove_material(store, id, cmk);
    }
    // Of several overdue rotations only one is done, at the time of the last of them: nothing was encrypted between
    // them.
    let interval = cmk.rotation.interval.unwrap_or(u32::MAX);
    let missed = (now - at).num_seconds() / i64::from(interval.max(1));
    let at = at + chrono::TimeDelta::seconds(missed * i64::from(interval));
    store.add_cmk_version(id, &new_version(cmk.spec, at))?;
    let mut after = cmk.clone();
    after.rotation = rotation::policy(at, cmk.rotation.interval);
    store.update_cmk(id, cmk, &after)
}

/// Removes the imported material of a key. A key that is planned to be deleted stays so.
pub(crate) fn remove_material(
    store: &WriteTransaction,
    id: CmkId,
    cmk: &Cmk,
) -> Result<(), StoreError> {
    if let Some(mut version) = store.primary_version(id)? {
        version.material = None;
        store.set_cmk_material(id, &version)?;
    }
    let mut after = cmk.clone();
    after.material_expires_at = None;
    if cmk.state.planned_delete_at().is_none() {
        after.state = KeyState::PendingImport;
    }
    store.update_cmk(id, cmk, &after)
}
