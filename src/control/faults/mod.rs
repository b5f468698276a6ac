//! Fault rules, which make requests fail, delay replies or cut them.

mod rule;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::rule::{Fault, FaultRule};
use super::endpoint::{Call, Endpoint, Json, JsonBody, NoBody, NoParameters};
use super::error::{ControlError, ErrorCode};
use crate::emulator::faults::{MAX_RULES, Rule};

fn not_found() -> ControlError {
    ControlError::new(
        ErrorCode::FaultNotFound,
        "path",
        "there is no fault rule with this id",
    )
}

/// The id of a fault rule.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleId {
    /// The id of the fault rule.
    id: u64,
}

/// Fault rules.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Faults {
    /// The rules, in the order in which they are tried.
    faults: Vec<Fault>,
}

impl From<Vec<Rule>> for Faults {
    fn from(rules: Vec<Rule>) -> Self {
        Self {
            faults: rules.into_iter().map(Fault::from).collect(),
        }
    }
}

/// Lists the fault rules.
pub(super) struct List;

impl Endpoint for List {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/faults";
    const SUMMARY: &'static str =
        "Lists the fault rules with their counters, in the order in which they are tried.";
    type Parameters = NoParameters;
    type Body = NoBody;
    type Reply = Json<Faults>;

    fn run(call: &Call, _: NoParameters, _: NoBody) -> Result<Self::Reply, ControlError> {
        Ok(Json(call.emulator.faults.all().into()))
    }
}

/// Adds a fault rule.
pub(super) struct Add;

impl Endpoint for Add {
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/_emulator/faults";
    const SUMMARY: &'static str = "Adds a fault rule after the others. The first rule that fires handles a request; later rules \
         neither see nor count it.";
    const STATUS: u16 = 201;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::TooManyFaults];
    type Parameters = NoParameters;
    type Body = JsonBody<FaultRule>;
    type Reply = Json<Fault>;

    fn run(
        call: &Call,
        _: NoParameters,
        JsonBody(rule): JsonBody<FaultRule>,
    ) -> Result<Self::Reply, ControlError> {
        let clouds = &call.emulator.clouds;
        let (matches, effect) = (rule.matches(clouds)?, rule.effect(clouds)?);
        rule.check_region(&effect, clouds)?;
        let added = call.emulator.faults.add(matches, effect, rule.times);
        let added = added.ok_or_else(|| {
            ControlError::new(
                ErrorCode::TooManyFaults,
                "body",
                format!("there are {MAX_RULES} fault rules, the maximum"),
            )
        })?;
        Ok(Json(added.into()))
    }
}

/// Removes all fault rules.
pub(super) struct Clear;

impl Endpoint for Clear {
    const METHOD: &'static str = "DELETE";
    const PATH: &'static str = "/_emulator/faults";
    const SUMMARY: &'static str = "Removes all fault rules, and returns them.";
    type Parameters = NoParameters;
    type Body = NoBody;
    type Reply = Json<Faults>;

    fn run(call: &Call, _: NoParameters, _: NoBody) -> Result<Self::Reply, ControlError> {
        Ok(Json(call.emulator.faults.remove(|_| true).into()))
    }
}

/// Returns a fault rule.
pub(super) struct Read;

impl Endpoint for Read {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/faults/{id}";
    const SUMMARY: &'static str = "Returns a fault rule with its counters.";
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::FaultNotFound];
    type Parameters = RuleId;
    type Body = NoBody;
    type Reply = Json<Fault>;

    fn run(call: &Call, parameters: RuleId, _: NoBody) -> Result<Self::Reply, ControlError> {
        let mut all = call.emulator.faults.all().into_iter();
        let rule = all.find(|rule| rule.id == parameters.id);
        Ok(Json(rule.ok_or_else(not_found)?.into()))
    }
}

/// Removes a fault rule.
pub(super) struct Remove;

impl Endpoint for Remove {
    const METHOD: &'static str = "DELETE";
    const PATH: &'static str = "/_emulator/faults/{id}";
    const SUMMARY: &'static str = "Removes a fault rule, and returns its counters.";
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::FaultNotFound];
    type Parameters = RuleId;
    type Body = NoBody;
    type Reply = Json<Fault>;

    fn run(call: &Call, parameters: RuleId, _: NoBody) -> Result<Self::Reply, ControlError> {
        let mut removed = call.emulator.faults.remove(|rule| rule.id == parameters.id);
        Ok(Json(removed.pop().ok_or_else(not_found)?.into()))
    }
}
