//! The differences between a snapshot and another one, or the current secrets.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::endpoint::{Call, Endpoint, Json, NoBody};
use super::error::{ControlError, ErrorCode};
use super::snapshots::{damaged, not_found};
use crate::emulator::values::{CloudName, SnapshotName};
use crate::fixtures::{self, Defaults};
use crate::model::{Secret, SecretVersion};
use crate::store::{ReadTransaction, Snapshot, StoreError, StoredSecret};

/// The number of secrets that are listed if the request does not limit it.
const DEFAULT_LIMIT: usize = 100;

/// Compares two states of the secrets.
pub(super) struct Compare;

/// Selects the two states.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CompareParameters {
    /// The name of the snapshot that is the earlier state.
    name: SnapshotName,
    /// The name of the snapshot that is the later state; without it the current secrets in the scopes of
    /// the first one.
    to: Option<SnapshotName>,
    /// The maximum number of secrets to list. 0 = only count.
    limit: Option<usize>,
}

/// The secrets that differ.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Differences {
    /// Their number, also of those that are not listed.
    count: usize,
    /// The first ones, ordered by scope and name. Secret values are compared, but not returned.
    secrets: Vec<Difference>,
}

/// A secret that differs.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Difference {
    /// Its cloud.
    cloud: CloudName,
    /// Its account.
    account: String,
    /// Its region.
    region: String,
    /// Its name.
    name: String,
    /// Whether only one of the states has it.
    change: Change,
    /// The parts that differ, if both have it.
    parts: Vec<Part>,
}

/// How a secret differs.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Change {
    /// Only the later state has it.
    Added,
    /// Only the earlier state has it.
    Removed,
    /// Both have it.
    Changed,
}

/// A part of a secret.
#[derive(Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Part {
    /// The value of a version, or which versions there are.
    Values,
    /// The stages of a version.
    Stages,
    /// Enabled, disabled or to be deleted.
    State,
    /// The description.
    Description,
    /// The tags.
    Tags,
    /// Automatic rotation: its interval and its times.
    Rotation,
    /// The resource policy.
    Policy,
    /// Any other part.
    Other,
}

impl Endpoint for Compare {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/snapshots/{name}/differences";
    const SUMMARY: &'static str =
        "Lists the secrets that differ between a snapshot and another one, or the current state.";
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::SnapshotNotFound];
    type Parameters = CompareParameters;
    type Body = NoBody;
    type Reply = Json<Differences>;

    fn run(
        call: &Call,
        parameters: CompareParameters,
        _: NoBody,
    ) -> Result<Self::Reply, ControlError> {
        let defaults = Defaults {
            value: None,
            ..call.emulator.defaults()
        };
        let (earlier, later) = call.emulator.store.read(|store| {
            let find = |name: &SnapshotName| store.snapshot(&name.0)?.ok_or_else(not_found);
            let snapshot = find(&parameters.name)?;
            let earlier = saved(store, &snapshot, &defaults)?;
            let later = match &parameters.to {
                Some(name) => saved(store, &find(name)?, &defaults)?,
                None => current(store, &snapshot)?,
            };
            Ok::<_, ControlError>((earlier, later))
        })?;
        let differences = differences(&earlier, &later);
        Ok(Json(Differences {
            count: differences.len(),
            secrets: differences
                .into_iter()
                .take(parameters.limit.unwrap_or(DEFAULT_LIMIT))
                .collect(),
        }))
    }
}

/// The cloud, account and region of a secret, and its name.
type Key = (&'static str, String, String, String);
type State = BTreeMap<Key, (CloudName, StoredSecret)>;

fn saved(
    store: &ReadTransaction,
    snapshot: &Snapshot,
    defaults: &Defaults,
) -> Result<State, ControlError> {
    let mut state = State::new();
    for part in store.snapshot_parts(&snapshot.name)? {
        for fixture in
            fixtures::parse(part.as_bytes(), defaults).map_err(|error| damaged(&error))?
        {
            let scope = defaults.scope(&fixture);
            for secret in fixture.secrets {
                add(&mut state, &scope, secret);
            }
        }
    }
    Ok(state)
}

fn current(store: &ReadTransaction, snapshot: &Snapshot) -> Result<State, ControlError> {
    let mut state = State::new();
    for scope in store.scopes(&snapshot.selection)? {
        store.each_secret(&scope, |secret| {
            add(&mut state, &scope, secret);
            Ok::<_, StoreError>(())
        })?;
    }
    Ok(state)
}

fn add(state: &mut State, scope: &crate::model::Scope, secret: StoredSecret) {
    let key = (
        scope.cloud.name(),
        scope.account.clone(),
        scope.region.clone(),
        secret.secret.name.clone(),
    );
    state.insert(key, (scope.cloud.into(), secret));
}

fn differences(earlier: &State, later: &State) -> Vec<Difference> {
    let mut found = BTreeMap::new();
    for (key, (cloud, before)) in earlier {
        let (change, parts) = match later.get(key) {
            None => (Change::Removed, Vec::new()),
            Some((_, after)) => (Change::Changed, changed_parts(before, after)),
        };
        if change == Change::Removed || !parts.is_empty() {
            found.insert(key, (*cloud, change, parts));
        }
    }
    for (key, (cloud, _)) in later {
        if !earlier.contains_key(key) {
            found.insert(key, (*cloud, Change::Added, Vec::new()));
        }
    }
    let listed = found.into_iter();
    listed
        .map(
            |((_, account, region, name), (cloud, change, parts))| Difference {
                cloud,
                account: account.clone(),
                region: region.clone(),
                name: name.clone(),
                change,
                parts,
            },
        )
        .collect()
}

fn changed_parts(before: &StoredSecret, after: &StoredSecret) -> Vec<Part> {
    fn values(secret: &StoredSecret) -> Vec<(&str, &SecretVersion)> {
        let versions = secret.versions.iter();
        let mut values: Vec<_> = versions.map(|each| (&*each.version_id, each)).collect();
        values.sort_by_key(|(id, _)| *id);
        values
    }
    let (old, new) = (&before.secret, &after.secret);
    let (old_values, new_values) = (values(before), values(after));
    let are_values_equal = old_values.len() == new_values.len()
        && old_values.iter().zip(&new_values).all(|(one, other)| {
            one.0 == other.0 && one.1.data == other.1.data && one.1.data_type == other.1.data_type
        });
    let stages = |values: &[(&str, &SecretVersion)]| -> Vec<_> {
        let staged = values.iter().map(|(id, version)| {
            let mut stages = version.stages.clone();
            stages.sort();
            ((*id).to_owned(), stages)
        });
        staged.filter(|(_, stages)| !stages.is_empty()).collect()
    };
    let others = |secret: &Secret| Secret {
        description: String::new(),
        state: new.state,
        rotation: new.rotation,
        tags: Vec::new(),
        // It changes with every other part.
        updated_at: new.updated_at,
        ..secret.clone()
    };
    [
        (Part::Values, !are_values_equal),
        (Part::Stages, stages(&old_values) != stages(&new_values)),
        (Part::State, old.state != new.state),
        (Part::Description, old.description != new.description),
        (Part::Tags, old.tags != new.tags),
        (Part::Rotation, old.rotation != new.rotation),
        (Part::Policy, before.policy != after.policy),
        (Part::Other, others(old) != others(new)),
    ]
    .into_iter()
    .filter_map(|(part, differs)| differs.then_some(part))
    .collect()
}
