//! The planned work of a clock.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::clock::{Selected, SelectedClock};
use super::endpoint::{Call, Endpoint, Json, NoBody};
use super::error::{ControlError, ErrorCode};
use crate::emulator::values::{Account, CloudName, Moment};
use crate::store::{PlannedKind, PlannedSubject, PlannedWork};

/// The number of planned operations that are listed if the request does not limit it.
const DEFAULT_LIMIT: usize = 100;

/// Lists the planned work of a clock.
pub(super) struct List;

/// Selects a clock, and limits the list.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DueParameters {
    /// The account of a tenant with its own clock; without it the server's clock.
    account: Option<Account>,
    /// The maximum number to list: the first ones. 0 = only count.
    limit: Option<usize>,
}

/// Planned work.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Planned {
    /// Their number, also of those that are not listed.
    count: u64,
    /// The first ones, ordered by time.
    due: Vec<Work>,
}

/// Planned work on a secret or a key.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Work {
    /// When it becomes due, by the selected clock.
    at: Moment,
    /// The kind.
    work: Kind,
    /// The cloud of the secret or key.
    cloud: CloudName,
    /// Its account.
    account: String,
    /// Its region.
    region: String,
    /// The name of the secret; absent for a key.
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// The id of the key; absent for a secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

/// A kind of due work.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// The deletion at the end of a recovery window.
    Deletion,
    /// An automatic rotation.
    Rotation,
    /// The expiration of imported key material.
    Expiration,
}

impl From<PlannedWork> for Work {
    fn from(planned: PlannedWork) -> Self {
        let (secret, key) = match planned.subject {
            PlannedSubject::Secret(name) => (Some(name), None),
            PlannedSubject::Key(id) => (None, Some(id)),
        };
        Self {
            at: planned.at.into(),
            work: match planned.kind {
                PlannedKind::Deletion => Kind::Deletion,
                PlannedKind::Rotation => Kind::Rotation,
                PlannedKind::Expiration => Kind::Expiration,
            },
            cloud: planned.scope.cloud.into(),
            account: planned.scope.account,
            region: planned.scope.region,
            secret,
            key,
        }
    }
}

impl Endpoint for List {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/clock/due";
    const SUMMARY: &'static str = "Lists the planned deletions and automatic rotations of secrets and keys, and the expirations of key material, that become due when the clock reaches their times.";
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::TenantNotFound, ErrorCode::ClockNotFound];
    type Parameters = DueParameters;
    type Body = NoBody;
    type Reply = Json<Planned>;

    fn run(call: &Call, parameters: DueParameters, _: NoBody) -> Result<Self::Reply, ControlError> {
        let limit = parameters.limit.unwrap_or(DEFAULT_LIMIT);
        let selected = Selected {
            account: parameters.account,
        };
        let account = SelectedClock::of(call, selected)?.account();
        let (count, due) = call
            .emulator
            .store
            .read(|store| store.planned_work(account, limit))?;
        let due = due.into_iter().map(Work::from).collect();
        Ok(Json(Planned { count, due }))
    }
}
