//! Removes secrets and keys, and loads the start-up fixtures again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::endpoint::{Call, Endpoint, Json, JsonBody, NoParameters};
use super::error::{ControlError, ErrorCode};
use crate::emulator::Emulator;
use crate::emulator::values::{Account, CloudName, Region, Selection};
use crate::fixtures::FixtureError;
use crate::model::ScopeSelection;

/// Resets scopes.
pub(super) struct Reset;

/// The scopes to reset, and the state to reset them to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ResetRequest {
    /// Only scopes of this cloud.
    cloud: Option<CloudName>,
    /// Only scopes of this account.
    account: Option<Account>,
    /// Only scopes of this region.
    region: Option<Region>,
    /// Whether to load the start-up fixtures again. The default is true if the server was started
    /// with fixtures.
    fixtures: Option<bool>,
}

/// The state that scopes were reset to.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ResetTo {
    /// The start-up fixtures.
    Fixtures,
    /// No secrets and keys.
    Empty,
}

/// The result of a reset.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ResetResult {
    /// The state of the scopes; `empty` if the server was started without fixtures.
    reset_to: ResetTo,
    /// The number of secrets that were removed.
    removed: u64,
    /// The number of secrets that were loaded from fixtures.
    loaded: u64,
}

impl From<FixtureError> for ControlError {
    fn from(error: FixtureError) -> Self {
        tracing::error!(%error, "fixtures could not be loaded");
        let message = "the start-up fixtures cannot be loaded; see the log";
        Self::new(ErrorCode::FixturesFailed, "fixtures", message)
    }
}

impl Endpoint for Reset {
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/_emulator/reset";
    const SUMMARY: &'static str = "Removes all secrets and keys, or those of an account, a cloud or a region, and restores the start-up fixtures, \
         unless `fixtures` is false. Access keys, clocks, faults, policies and journal are kept; temporary access keys are \
         revoked.";
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::FixturesFailed];
    type Parameters = NoParameters;
    type Body = JsonBody<ResetRequest>;
    type Reply = Json<ResetResult>;

    fn run(
        call: &Call,
        _: NoParameters,
        JsonBody(request): JsonBody<ResetRequest>,
    ) -> Result<Self::Reply, ControlError> {
        let selection = ScopeSelection::from(Selection {
            cloud: request.cloud,
            account: request.account,
            region: request.region,
        });
        let Emulator {
            store, fixtures, ..
        } = call.emulator;
        let reset_to = if fixtures.are_given() && request.fixtures != Some(false) {
            ResetTo::Fixtures
        } else {
            ResetTo::Empty
        };
        let (removed, loaded) = match reset_to {
            ResetTo::Fixtures => fixtures.restore(store, &selection)?,
            ResetTo::Empty => (store.write(|store| store.empty(&selection))?, 0),
        };
        // Keys are valid in all regions.
        if selection.region.is_none() {
            let credentials = &call.emulator.auth.credentials;
            credentials.revoke_issued(selection.cloud, selection.account.as_deref());
        }
        call.emulator.call_housekeeper();
        Ok(Json(ResetResult {
            reset_to,
            removed,
            loaded,
        }))
    }
}
