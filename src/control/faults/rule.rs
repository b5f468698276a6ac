//! A fault rule as JSON, and its validation.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clouds::{CloudApi, Clouds};
use crate::control::error::{ControlError, ErrorCode};
use crate::emulator::faults::{Effect, MAX_PATTERN_CHARACTERS, Match, Rule};
use crate::emulator::injected_error::{InjectedError, MAX_UNDOCUMENTED_CODES};
use crate::emulator::values::{CloudName, Region, Span, object};
use crate::model::Cloud;

/// A fault rule: which requests it applies to, its effects (at least one), and how often it fires.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FaultRule {
    /// The requests that the rule applies to; all if absent.
    #[serde(default, rename = "match", deserialize_with = "object")]
    matches: FaultMatch,
    /// The code of the error to return. A documented code has the status and the text of the real
    /// service; if only one cloud documents it, the rule applies to that cloud. Any other code needs `status` or
    /// `message`. 1 to 128 printable ASCII characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 128))]
    error: Option<String>,
    /// The HTTP status of the error: 400 to 599, or 200 to 599 if the rule applies to Tencent Cloud only. Statuses
    /// without a body (204, 205, 304) are rejected. The default is the status of the documented error; for other
    /// codes 400 on Alibaba Cloud and 200 on Tencent Cloud.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 200, max = 599))]
    status: Option<u16>,
    /// The text of the error, instead of the documented one. `{RequestId}`, `{Action}`, `{Version}`, `{Region}`,
    /// `{Account}`, `{Resource}` and `{Time}` in it are replaced by those of the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1024))]
    message: Option<String>,
    /// The delay of the reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    latency: Option<Latency>,
    /// Whether to reset the connection instead of sending a reply.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    reset: bool,
    /// Cut the body of the reply after this many bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    truncate: Option<u32>,
    /// `before`: the operation is not executed. `after`: it is executed and committed before the client gets the
    /// error or the reset. A latency passes before or after the operation.
    #[serde(default)]
    when: When,
    /// How often the rule fires; unlimited if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub(super) times: Option<u64>,
}

/// The conditions of a rule. All given ones must hold.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultMatch {
    /// The cloud.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cloud: Option<CloudName>,
    /// The operation, such as `GetSecretValue`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    action: Option<String>,
    /// A pattern for the parameter `SecretName`: `*` matches any text, `?` one character.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
    /// The id of the access key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    access_key_id: Option<String>,
    /// The region.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
    /// Only the n-th of the requests that match the conditions above, counted from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    nth: Option<u64>,
    /// Every n-th of the requests that match the conditions above.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    every: Option<u64>,
    /// The probability with which the rule fires for each request that matches.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    probability: Option<f64>,
    /// The seed of the random numbers: the same seed gives the same sequence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
}

/// A delay, fixed or random, of up to ten minutes.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "expected a duration such as 200ms, or an object with `min` and `max`"
)]
pub(super) enum Latency {
    /// Always the same delay.
    #[schemars(extend("examples" = ["200ms", "1m 30s"]))]
    Fixed(Span),
    /// A random delay, uniformly distributed.
    Uniform(Between),
}

/// The bounds of a random delay.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Between {
    /// The minimum.
    #[schemars(extend("examples" = ["100ms"]))]
    min: Span,
    /// The maximum; not below `min`.
    #[schemars(extend("examples" = ["1s"]))]
    max: Span,
}

/// The maximum length of the code of an injected error, and of its text.
const MAX_CODE_LENGTH: usize = 128;
const MAX_MESSAGE_CHARACTERS: usize = 1_024;

/// The maximum latency of a fault rule.
const MAX_LATENCY: Duration = Duration::from_mins(10);

/// Whether a fault happens before or after the operation is executed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum When {
    /// Before.
    #[default]
    Before,
    /// After.
    After,
}

/// A rule with its counters.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Fault {
    /// The id of the rule.
    id: u64,
    /// The rule.
    rule: FaultRule,
    /// The number of requests that matched, whether or not the rule fired.
    seen: u64,
    /// How often the rule fired.
    hits: u64,
}

impl From<Rule> for Fault {
    fn from(rule: Rule) -> Self {
        let Match {
            cloud,
            action,
            secret,
            access_key_id,
            region,
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
                    region: region.map(Region),
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
    pub(super) fn effect(&self, clouds: &Clouds) -> Result<Effect, ControlError> {
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
        if latency_max > MAX_LATENCY {
            return Err(invalid("latency", "expected at most ten minutes"));
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
                "the rule has no effect: expected one of `error`, `latency`, `reset` and `truncate`",
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
            Some((name, _)) => Err(invalid(name, "only allowed with `error`")),
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
            InjectedError::documented(code, clouds.clone(), action, status, message.clone())
        {
            self.check_status(error.clouds())?;
            return Ok(error);
        }
        if status.is_none() && message.is_none() {
            let codes = clouds.flat_map(|cloud| cloud.documented_codes());
            return Err(invalid(
                "error",
                format!(
                    "no cloud that the rule applies to documents this code; any code is accepted with `status` or \
                     `message`{}",
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
                    "the server has seen {MAX_UNDOCUMENTED_CODES} different undocumented codes, the maximum until it restarts"
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
        // XML cannot represent these characters.
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
        let is_for_alibaba = clouds.any(|cloud| cloud == Cloud::Alibaba);
        let lowest = if is_for_alibaba { 400 } else { 200 };
        match self.status {
            Some(204 | 205 | 304) => Err(invalid("status", "a reply with this status has no body")),
            Some(status) if !(lowest..=599).contains(&status) => Err(invalid(
                "status",
                format!("expected {lowest} to 599 for the clouds that the rule applies to"),
            )),
            _ => Ok(()),
        }
    }

    /// Rejects a region with which the rule could never fire.
    pub(super) fn check_region(
        &self,
        effect: &Effect,
        clouds: &Clouds,
    ) -> Result<(), ControlError> {
        let Some(Region(region)) = &self.matches.region else {
            return Ok(());
        };
        let action = self.matches.action.as_deref();
        let clouds = clouds.all().into_iter().filter(|cloud| {
            self.is_for(cloud.cloud())
                && action.is_none_or(|action| cloud.has_operation(action))
                && (effect.error.as_ref())
                    .is_none_or(|error| error.clouds().any(|of_error| of_error == cloud.cloud()))
        });
        if clouds.clone().any(|cloud| cloud.has_region(region, action)) {
            return Ok(());
        }
        let known: Vec<String> = clouds.flat_map(CloudApi::regions).collect();
        let suggestion = suggestion(region, known.iter().map(String::as_str));
        Err(invalid(
            "match.region",
            format!("no request that the rule applies to can be in region `{region}`{suggestion}"),
        ))
    }

    fn is_for(&self, cloud: Cloud) -> bool {
        let named = self.matches.cloud.map(Cloud::from);
        named.is_none_or(|named| named == cloud)
    }

    pub(super) fn matches(&self, clouds: &Clouds) -> Result<Match, ControlError> {
        let FaultMatch {
            cloud,
            action,
            secret,
            access_key_id,
            region,
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
                return Err(invalid(place, "expected at least 1"));
            }
        }
        if secret
            .as_ref()
            .is_some_and(|pattern| pattern.chars().count() > MAX_PATTERN_CHARACTERS)
        {
            return Err(invalid(
                "match.secret",
                format!("expected at most {MAX_PATTERN_CHARACTERS} characters"),
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
                let names = clouds.flat_map(|cloud| {
                    let operations = cloud.operations().into_iter();
                    let names = operations.map(|operation| operation.action);
                    let resources = cloud.credential_resources().iter();
                    names.chain(resources.map(|resource| resource.path))
                });
                return Err(invalid(
                    "match.action",
                    format!(
                        "no cloud that the rule applies to has this operation{}",
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
            region: region.map(|region| region.0),
            nth,
            every,
            probability,
            seed,
        })
    }
}

/// The minimum similarity, from 0 to 1, of a suggested name.
const SIMILAR: f64 = 0.8;

/// The maximum number of characters of an unknown name that are compared; no known name is longer.
const MAX_COMPARED: usize = 100;

/// A suggestion of the most similar known name; empty if none is similar.
fn suggestion<'n>(unknown: &str, known: impl Iterator<Item = &'n str>) -> String {
    // The time of a comparison grows with the product of both lengths.
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
