//! Reads and sets the clock of the server, which all accounts share.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::endpoint::{Call, Endpoint, Json, JsonBody, NoBody, NoParameters};
use super::error::{ControlError, ErrorCode};
use crate::emulator::clock::OutOfRange;
use crate::emulator::values::{GivenTime, Moment, Span};

/// The state of the clock.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Clock {
    /// The time that the clock shows.
    now: Moment,
    /// Whether the clock is stopped.
    frozen: bool,
    /// The difference to the machine's clock in seconds; negative if the clock is behind.
    ahead_seconds: f64,
}

impl Clock {
    fn of(call: &Call) -> Json<Self> {
        let state = call.emulator.clock.state();
        Json(Self {
            now: state.now.into(),
            frozen: state.frozen,
            ahead_seconds: state.ahead.as_seconds_f64(),
        })
    }

    /// Does the work that is due at the new time, and returns the state.
    fn moved(call: &Call) -> Result<Json<Self>, ControlError> {
        let state = call.emulator.clock.state();
        call.emulator.settle(state.now)?;
        Ok(Self::of(call))
    }
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
    const SUMMARY: &'static str = "Returns the time of the server's clock.";
    type Parameters = NoParameters;
    type Body = NoBody;
    type Reply = Json<Clock>;

    fn run(call: &Call, _: NoParameters, _: NoBody) -> Result<Self::Reply, ControlError> {
        Ok(Clock::of(call))
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
    const SUMMARY: &'static str =
        "Sets the clock, forwards or backwards, and does the work that is due.";
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ClockOutOfRange];
    type Parameters = NoParameters;
    type Body = JsonBody<NewTime>;
    type Reply = Json<Clock>;

    fn run(
        call: &Call,
        _: NoParameters,
        JsonBody(body): JsonBody<NewTime>,
    ) -> Result<Self::Reply, ControlError> {
        let clock = &call.emulator.clock;
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
        Clock::moved(call)
    }
}

/// Stops the clock.
pub(super) struct Freeze;

impl Endpoint for Freeze {
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/_emulator/clock/freeze";
    const SUMMARY: &'static str = "Stops the clock at its present time.";
    type Parameters = NoParameters;
    type Body = NoBody;
    type Reply = Json<Clock>;

    fn run(call: &Call, _: NoParameters, _: NoBody) -> Result<Self::Reply, ControlError> {
        call.emulator.clock.freeze();
        Ok(Clock::of(call))
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
        "Advances the clock, and does the work that is due, in the order of its times.";
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::ClockOutOfRange];
    type Parameters = NoParameters;
    type Body = JsonBody<Step>;
    type Reply = Json<Clock>;

    fn run(
        call: &Call,
        _: NoParameters,
        JsonBody(body): JsonBody<Step>,
    ) -> Result<Self::Reply, ControlError> {
        let advanced = call.emulator.clock.advance(body.by.delta());
        advanced.map_err(|_| out_of_range("by"))?;
        Clock::moved(call)
    }
}

/// Starts a stopped clock.
pub(super) struct Resume;

impl Endpoint for Resume {
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/_emulator/clock/resume";
    const SUMMARY: &'static str = "Lets a stopped clock run on.";
    type Parameters = NoParameters;
    type Body = NoBody;
    type Reply = Json<Clock>;

    fn run(call: &Call, _: NoParameters, _: NoBody) -> Result<Self::Reply, ControlError> {
        call.emulator.clock.resume();
        Ok(Clock::of(call))
    }
}

/// Sets the clock to the machine's time.
pub(super) struct Reset;

impl Endpoint for Reset {
    const METHOD: &'static str = "DELETE";
    const PATH: &'static str = "/_emulator/clock";
    const SUMMARY: &'static str = "Sets the clock back to the time of the machine.";
    type Parameters = NoParameters;
    type Body = NoBody;
    type Reply = Json<Clock>;

    fn run(call: &Call, _: NoParameters, _: NoBody) -> Result<Self::Reply, ControlError> {
        call.emulator.clock.reset();
        Clock::moved(call)
    }
}
