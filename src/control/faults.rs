//! Rules that make requests fail, slow or break off.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::endpoint::{Call, Endpoint, Json, JsonBody, NoBody, NoParameters};
use super::error::{ControlError, ErrorCode};
use crate::clouds::{CloudApi, Clouds};
use crate::emulator::faults::{Effect, MOST_PATTERN_CHARACTERS, MOST_RULES, Match, Rule};
use crate::emulator::injected_error::{InjectedError, MAX_UNDOCUMENTED_CODES};
use crate::emulator::values::{CloudName, Span, object};
use crate::model::Cloud;

/// What a rule is for, what it does, and how often. It does at least one thing.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// Which requests it is for; all when absent.
    #[serde(default, rename = "match", deserialize_with = "object")]
    matches: FaultMatch,
    /// The code of the error that is returned. A documented code has the status and the text of the real
    /// service; if only one cloud documents it, the rule applies to that cloud. Any other code needs `status` or
    /// `message`. 1 to 128 printable ASCII characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 128))]
    error: Option<String>,
    /// The HTTP status of the error: 400 to 599, or 200 to 599 if the rule applies to Tencent Cloud only, but
    /// none that has no body (204, 205, 304). Without it that of the documented error, or for other codes 400 on
    /// Alibaba Cloud and 200 on Tencent Cloud.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 200, max = 599))]
    status: Option<u16>,
    /// The text of the error, instead of the documented one. `{RequestId}` in it is replaced by the id of the
    /// request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    message: Option<String>,
    /// How much longer the answer takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    latency: Option<Latency>,
    /// Whether the connection is reset in place of an answer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    reset: bool,
    /// Behind how many bytes the body of the answer breaks off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    truncate: Option<u32>,
    /// Whether an error or a reset comes before the work, which is then not done, or after it was done
    /// and committed; and whether a latency passes before it or after.
    #[serde(default)]
    when: When,
    /// How often it fires; without end when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    times: Option<u64>,
}

/// Which requests a rule is for. What is absent holds for any.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FaultMatch {
    /// The cloud they are for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cloud: Option<CloudName>,
    /// The operation they ask for, such as `GetSecretValue`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    action: Option<String>,
    /// Their parameter `SecretName`: `*` stands for any characters, `?` for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// The id of the access key they name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    access_key_id: Option<String>,
    /// Of those that all the above holds for, only this one, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    nth: Option<u64>,
    /// Of those that all the above holds for, each whose number this one divides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    every: Option<u64>,
    /// How likely each of them is hit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    probability: Option<f64>,
    /// What the chance is drawn from: the same seed gives the same sequence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
}

/// How much longer an answer takes: fixed, or drawn between two ends; ten minutes at the most.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "expected a length of time such as 200ms, or two as `min` and `max`"
)]
pub enum Latency {
    /// Always this long.
    #[schemars(extend("examples" = ["200ms", "1m 30s"]))]
    Fixed(Span),
    /// All lengths between the two are equally likely.
    Uniform(Between),
}

/// Two lengths of time.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Between {
    /// The least.
    #[schemars(extend("examples" = ["100ms"]))]
    min: Span,
    /// The most; not below the least.
    #[schemars(extend("examples" = ["1s"]))]
    max: Span,
}

/// The maximum length of the code of an injected error, and of its text.
const MAX_CODE_LENGTH: usize = 128;
const MAX_MESSAGE_CHARACTERS: usize = 1_024;

/// The longest latency of a fault.
const MOST_LATENCY: Duration = Duration::from_mins(10);

/// Whether something comes before the work or after it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Before.
    #[default]
    Before,
    /// After.
    After,
}

/// A rule with its counters.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Fault {
    /// Its number.
    id: u64,
    /// What it says.
    rule: FaultRule,
    /// How many requests it was for, whether or not it fired.
    seen: u64,
    /// How often it fired.
    hits: u64,
}

impl From<Rule> for Fault {
    fn from(rule: Rule) -> Self {
        let Match {
            cloud,
            action,
            secret,
            access_key_id,
            nth,
            every,
            probability,
            seed,
        } = rule.matches;
        let effect = rule.effect;
        let (error, status, message) = match effect.error {
            None => (None, None, None),
            Some(error) => (Some(error.code.to_owned()), error.status, error.message),
        };
        let (min, max) = (Span(effect.latency_min), Span(effect.latency_max));
        Self {
            id: rule.id,
            rule: FaultRule {
                matches: FaultMatch {
                    cloud: cloud.map(CloudName::from),
                    action,
                    secret,
                    access_key_id,
                    nth,
                    every,
                    probability,
                    seed,
                },
                error,
                status,
                message,
                latency: if min == max {
                    (!max.0.is_zero()).then_some(Latency::Fixed(max))
                } else {
                    Some(Latency::Uniform(Between { min, max }))
                },
                reset: effect.reset,
                truncate: effect.truncate.and_then(|bytes| u32::try_from(bytes).ok()),
                when: if effect.after {
                    When::After
                } else {
                    When::Before
                },
                times: rule.times,
            },
            seen: rule.seen,
            hits: rule.hits,
        }
    }
}

fn invalid(place: &str, message: impl Into<String>) -> ControlError {
    ControlError::new(ErrorCode::InvalidBody, format!("body.{place}"), message)
}

impl FaultRule {
    fn effect(&self, clouds: &Clouds) -> Result<Effect, ControlError> {
        let error = match &self.error {
            None => {
                self.check_no_details()?;
                None
            }
            Some(code) => Some(self.error(code, clouds)?),
        };
        let (latency_min, latency_max) = match self.latency {
            None => (Duration::ZERO, Duration::ZERO),
            Some(Latency::Fixed(Span(latency))) => (latency, latency),
            Some(Latency::Uniform(Between { min, max })) => (min.0, max.0),
        };
        if latency_min > latency_max {
            return Err(invalid("latency", "`min` is above `max`"));
        }
        if latency_max > MOST_LATENCY {
            return Err(invalid("latency", "expected ten minutes at the most"));
        }
        let effect = Effect {
            error,
            latency_min,
            latency_max,
            reset: self.reset,
            truncate: self.truncate.map(|bytes| bytes as usize),
            after: self.when == When::After,
        };
        if effect.reset && effect.truncate.is_some() {
            return Err(invalid(
                "truncate",
                "a connection that is reset has no body",
            ));
        }
        if effect.error.is_none()
            && effect.latency_max.is_zero()
            && !effect.reset
            && effect.truncate.is_none()
        {
            return Err(ControlError::new(
                ErrorCode::InvalidBody,
                "body",
                "the rule does nothing: it has one of `error`, `latency`, `reset` and `truncate`",
            ));
        }
        Ok(effect)
    }

    fn check_no_details(&self) -> Result<(), ControlError> {
        let given = [
            ("status", self.status.is_some()),
            ("message", self.message.is_some()),
        ];
        match given.iter().find(|(_, is_given)| *is_given) {
            None => Ok(()),
            Some((name, _)) => Err(invalid(name, "it belongs to an `error`, which is absent")),
        }
    }

    fn error(&self, code: &str, clouds: &Clouds) -> Result<InjectedError, ControlError> {
        let action = self.matches.action.as_deref();
        let wanted = |cloud: &&dyn CloudApi| {
            self.is_for(cloud.cloud()) && action.is_none_or(|action| cloud.has_operation(action))
        };
        let clouds = clouds.all().into_iter().filter(wanted);
        let (status, message) = (self.status, self.message.clone());
        self.check_message()?;
        if let Some(error) =
            InjectedError::documented(code, clouds.clone(), status, message.clone())
        {
            self.check_status(error.clouds())?;
            return Ok(error);
        }
        if status.is_none() && message.is_none() {
            let codes = clouds.flat_map(|cloud| cloud.documented_codes());
            return Err(invalid(
                "error",
                format!(
                    "no documented error has this code, where the rule applies; any code is accepted with \
                     `status` or `message`{}",
                    suggestion(code, codes)
                ),
            ));
        }
        let is_printable = |byte: u8| matches!(byte, b' '..=b'~');
        if !(1..=MAX_CODE_LENGTH).contains(&code.len()) || !code.bytes().all(is_printable) {
            return Err(invalid(
                "error",
                format!("expected 1 to {MAX_CODE_LENGTH} printable ASCII characters"),
            ));
        }
        self.check_status(clouds.clone().map(CloudApi::cloud))?;
        let error = InjectedError::undocumented(code, clouds, status, message);
        error.ok_or_else(|| {
            ControlError::new(
                ErrorCode::TooManyFaults,
                "body.error",
                format!(
                    "there were {MAX_UNDOCUMENTED_CODES} undocumented codes, the maximum until the server restarts"
                ),
            )
        })
    }

    fn check_message(&self) -> Result<(), ControlError> {
        let Some(message) = &self.message else {
            return Ok(());
        };
        if message.chars().count() > MAX_MESSAGE_CHARACTERS {
            return Err(invalid(
                "message",
                format!("expected at most {MAX_MESSAGE_CHARACTERS} characters"),
            ));
        }
        // XML cannot express them.
        let is_excluded = |character: char| matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
        if message.contains(is_excluded) {
            return Err(invalid(
                "message",
                "expected text without control characters",
            ));
        }
        Ok(())
    }

    /// Clients of Alibaba Cloud recognize an error by its status; those of Tencent Cloud by the body.
    fn check_status(&self, mut clouds: impl Iterator<Item = Cloud>) -> Result<(), ControlError> {
        let lowest = match clouds.any(|cloud| cloud == Cloud::Alibaba) {
            true => 400,
            false => 200,
        };
        match self.status {
            Some(204 | 205 | 304) => Err(invalid("status", "a reply with this status has no body")),
            Some(status) if !(lowest..=599).contains(&status) => Err(invalid(
                "status",
                format!("expected {lowest} to 599, where the rule applies"),
            )),
            _ => Ok(()),
        }
    }

    fn is_for(&self, cloud: Cloud) -> bool {
        let named = self.matches.cloud.map(Cloud::from);
        named.is_none_or(|named| named == cloud)
    }

    fn matches(&self, clouds: &Clouds) -> Result<Match, ControlError> {
        let FaultMatch {
            cloud,
            action,
            secret,
            access_key_id,
            nth,
            every,
            probability,
            seed,
        } = self.matches.clone();
        for (place, number) in [
            ("match.nth", nth),
            ("match.every", every),
            ("times", self.times),
        ] {
            if number == Some(0) {
                return Err(invalid(place, "expected 1 at the least"));
            }
        }
        if secret
            .as_ref()
            .is_some_and(|pattern| pattern.chars().count() > MOST_PATTERN_CHARACTERS)
        {
            return Err(invalid(
                "match.secret",
                format!("expected at most {MOST_PATTERN_CHARACTERS} characters"),
            ));
        }
        if probability.is_some_and(|probability| !(0.0..=1.0).contains(&probability)) {
            return Err(invalid(
                "match.probability",
                "expected a number from 0 to 1",
            ));
        }
        if let Some(action) = &action {
            let clouds = clouds.all().into_iter();
            let clouds = clouds.filter(|cloud| self.is_for(cloud.cloud()));
            if !clouds.clone().any(|cloud| cloud.has_operation(action)) {
                let operations = clouds.flat_map(|cloud| cloud.operations());
                let names = operations.map(|operation| operation.action);
                return Err(invalid(
                    "match.action",
                    format!(
                        "no operation has this name, where the rule applies{}",
                        suggestion(action, names)
                    ),
                ));
            }
        }
        Ok(Match {
            cloud: cloud.map(Cloud::from),
            action,
            secret,
            access_key_id,
            nth,
            every,
            probability,
            seed,
        })
    }
}

/// How similar a name is, from 0 to 1, that is suggested for an unknown one.
const SIMILAR: f64 = 0.8;

/// How many characters of an unknown name are compared: more than any known name has.
const MAX_COMPARED: usize = 100;

/// Asks whether the most similar of the known names was meant, if one is similar.
fn suggestion(unknown: &str, known: impl Iterator<Item = &'static str>) -> String {
    // The comparison takes time by the product of both lengths.
    let unknown: String = unknown.chars().take(MAX_COMPARED).collect();
    let unknown = unknown.to_lowercase();
    let similar = known
        .map(|known| (known, strsim::jaro_winkler(&unknown, &known.to_lowercase())))
        .filter(|(_, similarity)| *similarity >= SIMILAR)
        .max_by(|(_, one), (_, other)| one.total_cmp(other));
    similar.map_or_else(String::new, |(known, _)| {
        format!("; did you mean `{known}`?")
    })
}

fn not_found() -> ControlError {
    ControlError::new(
        ErrorCode::FaultNotFound,
        "path",
        "there is no fault of this number",
    )
}

/// The number of a fault.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Numbered {
    /// The number of the fault.
    id: u64,
}

/// Some faults.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Faults {
    /// In the order in which they are tried.
    faults: Vec<Fault>,
}

impl From<Vec<Rule>> for Faults {
    fn from(rules: Vec<Rule>) -> Self {
        Self {
            faults: rules.into_iter().map(Fault::from).collect(),
        }
    }
}

/// Lists faults.
pub struct List;

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

/// Adds a fault.
pub struct Add;

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
        let added = call.emulator.faults.add(matches, effect, rule.times);
        let added = added.ok_or_else(|| {
            ControlError::new(
                ErrorCode::TooManyFaults,
                "body",
                format!("there are {MOST_RULES} faults already, as many as there can be"),
            )
        })?;
        Ok(Json(added.into()))
    }
}

/// Removes all faults.
pub struct Clear;

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

/// Reads a fault.
pub struct Read;

impl Endpoint for Read {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/faults/{id}";
    const SUMMARY: &'static str = "Returns a fault rule with its counters.";
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::FaultNotFound];
    type Parameters = Numbered;
    type Body = NoBody;
    type Reply = Json<Fault>;

    fn run(call: &Call, parameters: Numbered, _: NoBody) -> Result<Self::Reply, ControlError> {
        let mut all = call.emulator.faults.all().into_iter();
        let rule = all.find(|rule| rule.id == parameters.id);
        Ok(Json(rule.ok_or_else(not_found)?.into()))
    }
}

/// Removes a fault.
pub struct Remove;

impl Endpoint for Remove {
    const METHOD: &'static str = "DELETE";
    const PATH: &'static str = "/_emulator/faults/{id}";
    const SUMMARY: &'static str = "Removes a fault rule, and returns its counters.";
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::FaultNotFound];
    type Parameters = Numbered;
    type Body = NoBody;
    type Reply = Json<Fault>;

    fn run(call: &Call, parameters: Numbered, _: NoBody) -> Result<Self::Reply, ControlError> {
        let mut removed = call.emulator.faults.remove(|rule| rule.id == parameters.id);
        Ok(Json(removed.pop().ok_or_else(not_found)?.into()))
    }
}
