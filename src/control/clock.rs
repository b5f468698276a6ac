//! Reads and sets the clock of the server, and those of tenants with their own clock.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::endpoint::{Call, Endpoint, Json, JsonBody, NoBody};
use super::error::{ControlError, ErrorCode};
use crate::clouds::auth::credentials::tenant_key_id;
use crate::emulator::Emulator;
use crate::emulator::clock::{AdjustableClock, OutOfRange};
use crate::emulator::tenants::TenantSettings;
use crate::emulator::values::{Account, GivenTime, Moment, Span};

/// The state of the clock.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Clock {
    /// The time that the clock shows.
    now: Moment,
    /// Whether the clock is stopped.
    frozen: bool,
    /// The difference to the system clock in seconds; negative if the clock is behind.
    ahead_seconds: f64,
}

/// The errors of a clock that cannot be selected.
const OF_SELECTION: &[ErrorCode] = &[ErrorCode::TenantNotFound, ErrorCode::ClockNotFound];

/// The errors of a change to another time.
const OF_CHANGE: &[ErrorCode] = &[
    ErrorCode::TenantNotFound,
    ErrorCode::ClockNotFound,
    ErrorCode::ClockOutOfRange,
];

/// Selects a clock.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Selected {
    /// The account of a tenant with its own clock; without it the server's clock.
    pub(super) account: Option<Account>,
}

/// The clock that a request selects.
pub(super) struct SelectedClock<'c> {
    emulator: &'c Emulator,
    /// The tenant with its account; absent for the server's clock.
    tenant: Option<(String, Arc<TenantSettings>)>,
}

impl<'c> SelectedClock<'c> {
    pub(super) fn of(call: &Call<'c>, selected: Selected) -> Result<Self, ControlError> {
        let emulator = call.emulator;
        let tenant = match selected.account {
            None => None,
            Some(Account(account)) => {
                let own = emulator.tenants.get(&account);
                match own.filter(|own| own.clock.is_some()) {
                    Some(own) => Some((account, own)),
                    None => return Err(no_clock(emulator, &account)),
                }
            }
        };
        Ok(Self { emulator, tenant })
    }

    fn clock(&self) -> &AdjustableClock {
        let tenant = self.tenant.as_ref().map(|(_, own)| &**own);
        self.emulator.clock_of(tenant)
    }

    /// The number of the tenant's account; absent for the server's clock.
    pub(super) fn account(&self) -> Option<i64> {
        self.tenant.as_ref()?.0.parse().ok()
    }

    fn state(&self) -> Json<Clock> {
        let state = self.clock().state();
        Json(Clock {
            now: state.now.into(),
            frozen: state.frozen,
            ahead_seconds: state.ahead.as_seconds_f64(),
        })
    }

    /// Does the work that is due at the new time, and returns the state.
    fn moved(&self) -> Result<Json<Clock>, ControlError> {
        match &self.tenant {
            None => self.emulator.do_due_work_of_server()?,
            Some((account, _)) => self.emulator.do_due_work_of_tenant(account)?,
        }
        Ok(self.state())
    }
}

/// The error for an account without its own clock.
fn no_clock(emulator: &Emulator, account: &str) -> ControlError {
    let keys = emulator.auth.credentials.keys();
    let (code, message) = if keys.get(&tenant_key_id(account)).is_some() {
        (
            ErrorCode::ClockNotFound,
            "the tenant uses the server's clock; create it with {\"clock\":true}",
        )
    } else {
        (
            ErrorCode::TenantNotFound,
            "there is no tenant with this account; other accounts use the server's clock",
        )
    };
    ControlError::new(code, "query.account", message)
}

/// The error for a member of the body that leads to a time out of range.
pub(super) fn out_of_range(member: &str) -> ControlError {
    let place = format!("body.{member}");
    ControlError::new(ErrorCode::ClockOutOfRange, place, OutOfRange.to_string())
}

/// Reads the clock.
pub(super) struct Read;

impl Endpoint for Read {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/clock";
    const SUMMARY: &'static str =
        "Returns the time of the server's clock, or of a tenant's own clock.";
    const ERRORS: &'static [ErrorCode] = OF_SELECTION;
    type Parameters = Selected;
    type Body = NoBody;
    type Reply = Json<Clock>;

    fn run(call: &Call, selected: Selected, _: NoBody) -> Result<Self::Reply, ControlError> {
        Ok(SelectedClock::of(call, selected)?.state())
    }
}

/// Sets the clock.
pub(super) struct Set;

/// The new time.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTime {
    /// The time to set. A date means midnight in UTC.
    now: GivenTime,
    /// Whether to stop the clock (true) or to let it run (false); unchanged if absent.
    frozen: Option<bool>,
}

impl Endpoint for Set {
    const METHOD: &'static str = "PUT";
    const PATH: &'static str = "/_emulator/clock";
    const SUMMARY: &'static str = "Sets the clock, forwards or backwards, and does the due work.";
    const ERRORS: &'static [ErrorCode] = OF_CHANGE;
    type Parameters = Selected;
    type Body = JsonBody<NewTime>;
    type Reply = Json<Clock>;

    fn run(
        call: &Call,
        selected: Selected,
        JsonBody(body): JsonBody<NewTime>,
    ) -> Result<Self::Reply, ControlError> {
        let selected = SelectedClock::of(call, selected)?;
        let clock = selected.clock();
        let set = || clock.set(body.now.0).map_err(|_| out_of_range("now"));
        set()?;
        match body.frozen {
            Some(true) => {
                clock.freeze();
                // The clock may have run between the two calls.
                set()?;
            }
            Some(false) => clock.resume(),
            None => {}
        }
        selected.moved()
    }
}

/// Stops the clock.
pub(super) struct Freeze;

impl Endpoint for Freeze {
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/_emulator/clock/freeze";
    const SUMMARY: &'static str = "Stops the clock at its current time.";
    const ERRORS: &'static [ErrorCode] = OF_SELECTION;
    type Parameters = Selected;
    type Body = NoBody;
    type Reply = Json<Clock>;

    fn run(call: &Call, selected: Selected, _: NoBody) -> Result<Self::Reply, ControlError> {
        let selected = SelectedClock::of(call, selected)?;
        selected.clock().freeze();
        Ok(selected.state())
    }
}

/// Advances the clock.
pub(super) struct Advance;

/// The time to advance by.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Step {
    /// The duration.
    by: Span,
}

impl Endpoint for Advance {
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/_emulator/clock/advance";
    const SUMMARY: &'static str =
        "Advances the clock, and does the due work in the order of its times.";
    const ERRORS: &'static [ErrorCode] = OF_CHANGE;
    type Parameters = Selected;
    type Body = JsonBody<Step>;
    type Reply = Json<Clock>;

    fn run(
        call: &Call,
        selected: Selected,
        JsonBody(body): JsonBody<Step>,
    ) -> Result<Self::Reply, ControlError> {
        let selected = SelectedClock::of(call, selected)?;
        let advanced = selected.clock().advance(body.by.delta());
        advanced.map_err(|_| out_of_range("by"))?;
        selected.moved()
    }
}

/// Starts a stopped clock.
pub(super) struct Resume;

impl Endpoint for Resume {
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/_emulator/clock/resume";
    const SUMMARY: &'static str = "Resumes a stopped clock.";
    const ERRORS: &'static [ErrorCode] = OF_SELECTION;
    type Parameters = Selected;
    type Body = NoBody;
    type Reply = Json<Clock>;

    fn run(call: &Call, selected: Selected, _: NoBody) -> Result<Self::Reply, ControlError> {
        let selected = SelectedClock::of(call, selected)?;
        selected.clock().resume();
        Ok(selected.state())
    }
}

/// Sets the clock to the system time.
pub(super) struct Reset;

impl Endpoint for Reset {
    const METHOD: &'static str = "DELETE";
    const PATH: &'static str = "/_emulator/clock";
    const SUMMARY: &'static str = "Resets the clock to the system time.";
    const ERRORS: &'static [ErrorCode] = OF_SELECTION;
    type Parameters = Selected;
    type Body = NoBody;
    type Reply = Json<Clock>;

    fn run(call: &Call, selected: Selected, _: NoBody) -> Result<Self::Reply, ControlError> {
        let selected = SelectedClock::of(call, selected)?;
        selected.clock().reset();
        selected.moved()
    }
}
