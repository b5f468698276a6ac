//! Snapshots: named copies of scopes, kept in the database.

use chrono::SubsecRound;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::endpoint::{Call, Endpoint, Json, NoBody, NoParameters};
use super::error::{ControlError, ErrorCode};
use crate::clouds::fixture::ParseError;
use crate::emulator::values::{Account, CloudName, Moment, Region, Selection, SnapshotName};
use crate::fixtures::{self, Defaults};
use crate::model::ScopeSelection;
use crate::store;

/// A snapshot.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Snapshot {
    /// Its name.
    name: String,
    /// When it was taken, by the server's clock.
    created_at: Moment,
    /// The number of its secrets.
    secrets: u64,
    /// The cloud of its scopes; absent if it has those of every cloud.
    cloud: Option<CloudName>,
    /// The account of its scopes; absent if it has those of every account.
    account: Option<String>,
    /// The region of its scopes; absent if it has those of every region.
    region: Option<String>,
}

impl From<store::Snapshot> for Snapshot {
    fn from(snapshot: store::Snapshot) -> Self {
        let ScopeSelection {
            cloud,
            account,
            region,
        } = snapshot.selection;
        Self {
            name: snapshot.name,
            created_at: snapshot.created_at.into(),
            secrets: snapshot.secrets,
            cloud: cloud.map(CloudName::from),
            account,
            region,
        }
    }
}

pub(super) fn not_found() -> ControlError {
    ControlError::new(
        ErrorCode::SnapshotNotFound,
        "path",
        "there is no snapshot with this name",
    )
}

/// Logs the reason why a snapshot cannot be read.
pub(super) fn damaged(error: &ParseError) -> ControlError {
    tracing::error!(
        place = error.place,
        reason = error.reason,
        "a snapshot is damaged"
    );
    ControlError::new(
        ErrorCode::StoreFailed,
        "path",
        "the snapshot is damaged; see the log",
    )
}

/// The name of a snapshot.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Named {
    /// The name of the snapshot.
    name: SnapshotName,
}

/// Lists snapshots.
pub(super) struct List;

/// All snapshots.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Snapshots {
    /// The snapshots, sorted by name.
    snapshots: Vec<Snapshot>,
}

impl Endpoint for List {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/snapshots";
    const SUMMARY: &'static str = "Lists the snapshots by name.";
    type Parameters = NoParameters;
    type Body = NoBody;
    type Reply = Json<Snapshots>;

    fn run(call: &Call, _: NoParameters, _: NoBody) -> Result<Self::Reply, ControlError> {
        let snapshots = call.emulator.store.read(|store| store.snapshots())?;
        let snapshots = snapshots.into_iter().map(Snapshot::from).collect();
        Ok(Json(Snapshots { snapshots }))
    }
}

/// Takes a snapshot.
pub(super) struct Save;

/// The name of a snapshot and the scopes to save.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SaveParameters {
    /// The name of the snapshot.
    name: SnapshotName,
    /// Only scopes of this cloud.
    cloud: Option<CloudName>,
    /// Only scopes of this account.
    account: Option<Account>,
    /// Only scopes of this region.
    region: Option<Region>,
}

impl Endpoint for Save {
    const METHOD: &'static str = "PUT";
    const PATH: &'static str = "/_emulator/snapshots/{name}";
    const SUMMARY: &'static str = "Saves all secrets and keys, or some of them, with their values as a snapshot. Replaces a snapshot of the same name.";
    type Parameters = SaveParameters;
    type Body = NoBody;
    type Reply = Json<Snapshot>;

    fn run(
        call: &Call,
        parameters: SaveParameters,
        _: NoBody,
    ) -> Result<Self::Reply, ControlError> {
        let selection = ScopeSelection::from(Selection {
            cloud: parameters.cloud,
            account: parameters.account,
            region: parameters.region,
        });
        let mut snapshot = store::Snapshot {
            name: parameters.name.0,
            created_at: call.now.trunc_subsecs(0),
            secrets: 0,
            selection,
        };
        let snapshot = call.emulator.store.write(|store| {
            snapshot.secrets = store.count_secrets_in(&snapshot.selection)?;
            store.add_snapshot(&snapshot)?;
            let mut position = 0;
            fixtures::export(store, &snapshot.selection, true, |part| {
                store.add_snapshot_part(&snapshot.name, position, &part)?;
                position += 1;
                Ok::<_, ControlError>(())
            })?;
            Ok::<_, ControlError>(snapshot)
        })?;
        Ok(Json(snapshot.into()))
    }
}

/// Restores a snapshot.
pub(super) struct Restore;

/// The result of a restore.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Restored {
    /// The number of secrets that were removed.
    removed: u64,
    /// The number of secrets that were restored.
    loaded: u64,
}

impl Endpoint for Restore {
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/_emulator/snapshots/{name}/restore";
    const SUMMARY: &'static str =
        "Restores the scopes of a snapshot to their saved state. The snapshot is kept.";
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::SnapshotNotFound];
    type Parameters = Named;
    type Body = NoBody;
    type Reply = Json<Restored>;

    fn run(call: &Call, parameters: Named, _: NoBody) -> Result<Self::Reply, ControlError> {
        let name = &parameters.name.0;
        let defaults = Defaults {
            value: None,
            ..call.emulator.defaults()
        };
        let restored = call.emulator.store.write(|store| {
            let snapshot = store.snapshot(name)?.ok_or_else(not_found)?;
            let removed = store.empty(&snapshot.selection)?;
            let mut loaded = 0;
            for part in store.snapshot_parts(name)? {
                let files =
                    fixtures::parse(part.as_bytes(), &defaults).map_err(|error| damaged(&error))?;
                for mut fixture in files {
                    // A key that the secrets name, and that the snapshot does not have, was deleted.
                    fixture.implied_keys.clear();
                    // The secrets of removed tenants are not restored.
                    if let Some(account) = &fixture.account
                        && store.is_removed_tenant(account)?
                    {
                        continue;
                    }
                    fixtures::add(store, &fixture, &defaults.scope(&fixture))?;
                    loaded += fixture.secrets.len() as u64;
                }
            }
            Ok::<_, ControlError>(Restored { removed, loaded })
        })?;
        call.emulator.call_housekeeper();
        Ok(Json(restored))
    }
}

/// Deletes a snapshot.
pub(super) struct Delete;

/// The snapshot that was deleted.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Deleted {
    /// Its name.
    name: String,
}

impl Endpoint for Delete {
    const METHOD: &'static str = "DELETE";
    const PATH: &'static str = "/_emulator/snapshots/{name}";
    const SUMMARY: &'static str = "Deletes a snapshot.";
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::SnapshotNotFound];
    type Parameters = Named;
    type Body = NoBody;
    type Reply = Json<Deleted>;

    fn run(call: &Call, parameters: Named, _: NoBody) -> Result<Self::Reply, ControlError> {
        let name = parameters.name.0;
        if call
            .emulator
            .store
            .write(|store| store.remove_snapshot(&name))?
        {
            Ok(Json(Deleted { name }))
        } else {
            Err(not_found())
        }
    }
}
