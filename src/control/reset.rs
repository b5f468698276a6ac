//! Empties the server, or a part of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::endpoint::{Call, Endpoint, Json, JsonBody, NoParameters};
use super::error::{ControlError, ErrorCode};
use crate::emulator::Emulator;
use crate::emulator::values::{Account, CloudName, Region, Selection};
use crate::fixtures::FixtureError;
use crate::model::ScopeSelection;

/// Empties scopes.
pub struct Reset;

/// What is emptied.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct What {
    /// Only scopes of this cloud.
    cloud: Option<CloudName>,
    /// Only scopes of this account.
    account: Option<Account>,
    /// Only scopes of this region.
    region: Option<Region>,
    /// Whether the fixtures given at the start are loaded again, in these scopes; when absent they
    /// are, if there are any.
    fixtures: Option<bool>,
}

/// The state that scopes were reset to.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ResetTo {
    /// The fixtures given at the start.
    Fixtures,
    /// No secrets.
    Empty,
}

/// What became of the secrets.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Done {
    /// The state that the scopes were reset to: `empty` also where no fixtures were given at the start.
    reset_to: ResetTo,
    /// How many there were.
    removed: u64,
    /// How many the fixtures brought.
    loaded: u64,
}

impl From<FixtureError> for ControlError {
    fn from(error: FixtureError) -> Self {
        tracing::error!(%error, "fixtures could not be loaded");
        let message = "the fixtures given at the start cannot be loaded; see the log";
        Self::new(ErrorCode::FixturesFailed, "fixtures", message)
    }
}

impl Endpoint for Reset {
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/_emulator/reset";
    const SUMMARY: &'static str = "Removes all secrets, or those of an account, a cloud or a region, and loads the fixtures of the \
         start again, unless `fixtures` is false. Keys, clock, faults and journal stay.";
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::FixturesFailed];
    type Parameters = NoParameters;
    type Body = JsonBody<What>;
    type Reply = Json<Done>;

    fn run(
        call: &Call,
        _: NoParameters,
        JsonBody(what): JsonBody<What>,
    ) -> Result<Self::Reply, ControlError> {
        let selection = ScopeSelection::from(Selection {
            cloud: what.cloud,
            account: what.account,
            region: what.region,
        });
        let Emulator {
            store, fixtures, ..
        } = call.emulator;
        let reset_to = if fixtures.are_given() && what.fixtures != Some(false) {
            ResetTo::Fixtures
        } else {
            ResetTo::Empty
        };
        let (removed, loaded) = match reset_to {
            ResetTo::Fixtures => fixtures.restore(store, &selection)?,
            ResetTo::Empty => (store.write(|store| store.empty(&selection))?, 0),
        };
        call.emulator.call_housekeeper();
        Ok(Json(Done {
            reset_to,
            removed,
            loaded,
        }))
    }
}
