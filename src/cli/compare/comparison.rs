//! Sends the requests of a probe to the cloud and to the emulator, and compares the replies.

use std::time::Duration;

use serde_json::{Map, Value};

use super::mask::{Mask, SideMask};
use super::owned::{Owned, reads};
use super::probe::{Probe, Step};
use super::report::{self, Outcome, ProbeReport, RequestReport};
use super::sample::{self, Values};
use crate::cli::remote::{Call, Client, CloudError, Reply, RequestError};

/// The two sides of a comparison.
pub(super) struct Comparison<'a> {
    /// The client of the cloud.
    pub cloud: &'a mut Client,
    /// The client of the emulator.
    pub local: &'a mut Client,
    /// The secrets that probes create; absent = no secrets are created.
    pub owned: Option<&'a mut Owned>,
    /// The mask of replies.
    pub mask: &'a mut Mask,
    /// The pause before a request whose effect must have another time.
    pub later: Duration,
}

/// One side in one probe.
struct Side {
    values: Values,
    mask: SideMask,
}

impl Comparison<'_> {
    /// Sends the requests of a probe to both sides. An error ends the whole comparison.
    pub(super) fn compare(
        &mut self,
        probe: &Probe,
        number: usize,
        values: &Values,
    ) -> Result<ProbeReport, RequestError> {
        let values = self.with_own_names(values.clone(), number);
        let mut sides = [(); 2].map(|()| Side {
            values: values.clone(),
            mask: SideMask::default(),
        });
        let mut requests = Vec::new();
        for (step, number) in probe.steps.iter().zip(1..) {
            if step.later {
                self.cloud.pause(self.later)?;
            }
            let [of_cloud, of_local] = &mut sides;
            let (cloud, local) = match (
                self.send(step, of_cloud, true),
                self.send(step, of_local, false),
            ) {
                (Ok(cloud), Ok(local)) => (cloud, local),
                (Err(StepError::Request(RequestError::Stopped)), _)
                | (_, Err(StepError::Request(RequestError::Stopped))) => {
                    return Err(RequestError::Stopped);
                }
                (Err(StepError::Missing(name)), _) | (_, Err(StepError::Missing(name))) => {
                    let reason =
                        format!("the account has no secret for {{{name}}}; --write creates some");
                    return Ok(ProbeReport::new(probe, Outcome::Skipped).because(reason));
                }
                (Err(error), _) | (_, Err(error)) => {
                    let reason = format!("request {number}: {}", error.reason());
                    return Ok(ProbeReport::new(probe, Outcome::Failed).because(reason));
                }
            };
            let (differences, more) = report::differences(&cloud, &local);
            if !differences.is_empty() {
                requests.push(RequestReport {
                    number,
                    action: step.action,
                    parameters: step.parameters,
                    form: step.form.differences(),
                    differences,
                    more,
                });
            }
        }
        let result = if requests.is_empty() {
            Outcome::Same
        } else {
            Outcome::Different
        };
        Ok(ProbeReport {
            requests,
            ..ProbeReport::new(probe, result)
        })
    }

    /// Adds the names of the secrets that a probe creates.
    fn with_own_names(&mut self, mut values: Values, number: usize) -> Values {
        if let Some(owned) = &self.owned {
            for (own, suffix) in [("own", "a"), ("own-b", "b")] {
                let name = format!("{}{number}{suffix}", owned.prefix());
                self.mask.hide(&name, format!("<{own}>"));
                self.mask
                    .hide(&format!("{name} described"), format!("<{own}> described"));
                values.insert(own.to_owned(), name.into());
            }
        }
        values
    }

    /// Deletes the secrets that a probe has created.
    pub(super) fn delete_created(&mut self, probe: &Probe) -> Result<(), String> {
        let owned = self.owned.as_deref_mut();
        let remaining = owned.map(|owned| owned.remove(self.cloud));
        match remaining {
            Some(remaining) if !remaining.is_empty() => Err(format!(
                "secrets of {} could not be deleted: {}",
                probe.name,
                remaining.join(", ")
            )),
            _ => Ok(()),
        }
    }

    /// The masked parts of a reply that are compared.
    fn send(&mut self, step: &Step, side: &mut Side, is_cloud: bool) -> Result<Value, StepError> {
        let long = "a".repeat(step.long);
        if step.long > 0 {
            side.values.insert("long".to_owned(), long.into());
        }
        let parameters =
            sample::filled(step.parameters, &side.values).map_err(StepError::Missing)?;
        let mut replies = Vec::new();
        for _ in 0..step.times {
            let reply = self.reply(step, &parameters, is_cloud)?;
            take(step, &reply, &mut side.values);
            let masked = self.mask.reply(&mut side.mask, &reply);
            replies.push(selected(step, &masked));
        }
        if step.times == 1 {
            return Ok(replies.remove(0));
        }
        // Each reply has its own id, so only what differs otherwise is kept.
        for reply in &mut replies {
            if let Some(body) = reply["body"].as_object_mut() {
                body.remove("RequestId");
            }
        }
        replies.sort_by_key(Value::to_string);
        replies.dedup();
        Ok(replies.into())
    }

    fn reply(
        &mut self,
        step: &Step,
        parameters: &Map<String, Value>,
        is_cloud: bool,
    ) -> Result<Reply, StepError> {
        let call = Call {
            action: step.action,
            parameters,
            reads: reads(step.action),
            form: step.form,
        };
        if !is_cloud {
            return Ok(self.local.send(call)?);
        }
        if !call.reads {
            let admitted = match &mut self.owned {
                Some(owned) => owned.admits(call.action, call.parameters),
                None => false,
            };
            if !admitted {
                return Err(StepError::NotOwn);
            }
        }
        let reply = self.cloud.send(call)?;
        match reply.error() {
            Some(error) if error.prevents_comparison() => Err(StepError::Cloud(error)),
            _ => Ok(reply),
        }
    }
}

/// The reason why a request of a probe has no reply to compare.
enum StepError {
    Missing(String),
    NotOwn,
    Request(RequestError),
    Cloud(CloudError),
}

impl From<RequestError> for StepError {
    fn from(error: RequestError) -> Self {
        Self::Request(error)
    }
}

impl StepError {
    /// The reason, without data of the account.
    fn reason(&self) -> String {
        match self {
            Self::Missing(name) => format!("the account has no secret for {{{name}}}"),
            Self::NotOwn => "it would change a secret without the prefix".to_owned(),
            Self::Request(RequestError::Stopped) => "stopped".to_owned(),
            Self::Request(RequestError::Transport(_)) => "the connection failed".to_owned(),
            Self::Cloud(error) => format!("the cloud answered {}", error.code),
        }
    }
}

/// The parts of a masked reply that a step compares.
fn selected(step: &Step, masked: &Value) -> Value {
    if step.look_at.is_empty() {
        return masked.clone();
    }
    let mut selected = Map::new();
    for pointer in step.look_at {
        if let Some(value) = masked["body"].pointer(pointer) {
            selected.insert(pointer.trim_start_matches('/').to_owned(), value.clone());
        }
    }
    let has_error = ["/Code", "/Error"]
        .iter()
        .any(|pointer| masked["body"].pointer(pointer).is_some());
    selected.insert("error".to_owned(), has_error.into());
    selected.insert("status".to_owned(), masked["status"].clone());
    selected.into()
}

/// Saves the value of a reply that later steps need.
fn take(step: &Step, reply: &Reply, values: &mut Values) {
    let Some(pointer) = step.account_of else {
        return;
    };
    let body = reply.json();
    let arn = body.pointer(pointer).and_then(Value::as_str);
    if let Some(account) = arn.and_then(|arn| arn.split(':').nth(3)) {
        values.insert("account".to_owned(), account.into());
    }
}
