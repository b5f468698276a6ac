//! The report of a comparison, as text and as JSON. It contains no data of the account.

use std::fmt::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::probe::{Assumption, Probe};

/// The maximum number of differences of one request that are shown.
const MAX_DIFFERENCES: usize = 20;
/// The maximum width of a column, in characters.
const WIDTH: usize = 60;

/// The result of a comparison.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// The version of the emulator.
    pub kms_emulator: &'static str,
    /// The name of the service.
    pub service: &'static str,
    /// The version of its API.
    pub api_version: &'static str,
    /// Whether the requests were sent to the public endpoint.
    pub public_endpoint: bool,
    /// The day, in UTC.
    pub date: String,
    /// The numbers of results.
    pub summary: Summary,
    /// The results.
    pub probes: Vec<ProbeReport>,
    /// The assumptions that were not compared, with the reasons.
    pub not_probed: Vec<NotProbed>,
}

/// The numbers of results.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Summary {
    /// Probes with the same replies.
    pub same: usize,
    /// Probes with other replies.
    pub different: usize,
    /// Probes that could not be sent completely.
    pub failed: usize,
    /// Probes that were not sent.
    pub skipped: usize,
}

/// The result of a probe.
#[derive(Debug, Serialize)]
pub(super) struct ProbeReport {
    /// Its name.
    pub probe: &'static str,
    /// The assumption of the emulator.
    pub explanation: &'static str,
    /// The assumptions that it settles.
    pub settles: Vec<String>,
    /// The result.
    pub result: Outcome,
    /// The reason why it failed or was not sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The requests with other replies.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<RequestReport>,
}

/// The result of a probe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Outcome {
    /// The replies are the same.
    Same,
    /// The replies differ.
    Different,
    /// A request has no reply to compare.
    Failed,
    /// It was not sent.
    Skipped,
}

/// A request whose replies differ.
#[derive(Debug, Serialize)]
pub(super) struct RequestReport {
    /// Its number in the probe, from 1.
    pub number: usize,
    /// The operation.
    pub action: &'static str,
    /// The parameters, with placeholders.
    pub parameters: &'static str,
    /// How it was sent, if not in the usual form.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub form: Vec<String>,
    /// The members of the replies that differ.
    pub differences: Vec<Difference>,
    /// How many more members differ.
    #[serde(skip_serializing_if = "is_zero")]
    pub more: usize,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde calls"
)]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// A member of the replies that differs. A member that a reply does not have is `None`.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Difference {
    /// Its JSON pointer.
    pub member: String,
    /// Its value in the reply of the cloud.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud: Option<Value>,
    /// Its value in the reply of the emulator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emulator: Option<Value>,
}

/// An assumption that was not compared.
#[derive(Debug, Serialize)]
pub(super) struct NotProbed {
    /// The assumptions.
    pub assumptions: Vec<String>,
    /// The reason.
    pub reason: &'static str,
}

impl fmt::Display for Assumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Row(text) => f.write_str(text),
            Self::Evidence(action, text) => write!(f, "{action}: {text}"),
        }
    }
}

impl ProbeReport {
    /// The result of a probe.
    pub(super) fn new(probe: &Probe, result: Outcome) -> Self {
        Self {
            probe: probe.name,
            explanation: probe.explanation,
            settles: probe.settles.iter().map(ToString::to_string).collect(),
            result,
            reason: None,
            requests: Vec::new(),
        }
    }

    /// The same with a reason.
    pub(super) fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }
}

impl Summary {
    /// Counts results.
    pub(super) fn of(probes: &[ProbeReport]) -> Self {
        let count = |result| probes.iter().filter(|probe| probe.result == result).count();
        Self {
            same: count(Outcome::Same),
            different: count(Outcome::Different),
            failed: count(Outcome::Failed),
            skipped: count(Outcome::Skipped),
        }
    }
}

impl Report {
    /// The report as JSON.
    pub(super) fn to_json(&self) -> String {
        let json = serde_json::to_string_pretty(self);
        json.expect("a report has only texts, numbers and JSON values") + "\n"
    }

    /// The report as text.
    pub(super) fn to_text(&self) -> String {
        let mut text = String::new();
        let _ = writeln!(
            text,
            "kms-emulator {} compared with {} ({}) on {}\n",
            self.kms_emulator, self.service, self.api_version, self.date
        );
        for probe in &self.probes {
            match probe.result {
                Outcome::Different => write_different(&mut text, probe, self.service),
                Outcome::Failed => write_reason(&mut text, "failed", probe),
                Outcome::Same | Outcome::Skipped => {}
            }
        }
        write_skipped(&mut text, &self.probes);
        if !text.ends_with("\n\n") {
            text.push('\n');
        }
        let Summary {
            same,
            different,
            failed,
            skipped,
        } = self.summary;
        let _ = writeln!(
            text,
            "{same} the same, {different} different, {failed} failed, {skipped} not sent"
        );
        text
    }
}

fn write_reason(text: &mut String, result: &str, probe: &ProbeReport) {
    let reason = probe.reason.as_deref().unwrap_or_default();
    let _ = writeln!(text, "{result}: {}: {reason}", probe.probe);
}

/// The probes that were not sent, by reason.
fn write_skipped(text: &mut String, probes: &[ProbeReport]) {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for probe in probes
        .iter()
        .filter(|probe| probe.result == Outcome::Skipped)
    {
        let reason = probe.reason.as_deref().unwrap_or_default();
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, names)) => names.push(probe.probe),
            None => reasons.push((reason, vec![probe.probe])),
        }
    }
    for (reason, names) in reasons {
        let _ = writeln!(text, "not sent, because {reason}: {}", names.join(", "));
    }
}

fn write_different(text: &mut String, probe: &ProbeReport, service: &str) {
    let _ = writeln!(text, "different: {}\n  {}", probe.probe, probe.explanation);
    for request in &probe.requests {
        let form = match &*request.form {
            [] => String::new(),
            form => format!(" ({})", form.join(", ")),
        };
        let _ = writeln!(
            text,
            "  request {}: {} {}{form}",
            request.number, request.action, request.parameters
        );
        let mut rows = vec![[
            "member".to_owned(),
            service.to_owned(),
            "emulator".to_owned(),
        ]];
        rows.extend(request.differences.iter().map(|difference| {
            [
                difference.member.trim_start_matches('/').to_owned(),
                shown(difference.cloud.as_ref()),
                shown(difference.emulator.as_ref()),
            ]
        }));
        let width = |column: usize| {
            let widths = rows.iter().map(|row| row[column].chars().count());
            widths.max().unwrap_or_default().min(WIDTH)
        };
        let (first, second) = (width(0), width(1));
        for [member, cloud, emulator] in &rows {
            let _ = writeln!(text, "    {member:first$}  {cloud:second$}  {emulator}");
        }
        if request.more > 0 {
            let _ = writeln!(text, "    and {} more", request.more);
        }
    }
    text.push('\n');
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None => "(absent)".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    }
}

/// The members in which two replies differ, and how many more there are than are returned.
pub(super) fn differences(cloud: &Value, emulator: &Value) -> (Vec<Difference>, usize) {
    let mut found = Vec::new();
    collect(&mut found, "", Some(cloud), Some(emulator));
    let more = found.len().saturating_sub(MAX_DIFFERENCES);
    found.truncate(MAX_DIFFERENCES);
    (found, more)
}

fn collect(
    found: &mut Vec<Difference>,
    member: &str,
    cloud: Option<&Value>,
    emulator: Option<&Value>,
) {
    if cloud == emulator {
        return;
    }
    let either = [cloud, emulator].into_iter().flatten();
    let are_objects = either
        .clone()
        .all(|value| value.as_object().is_some_and(|members| !members.is_empty()));
    if are_objects {
        let members = either.filter_map(Value::as_object);
        let mut names: Vec<_> = members.flat_map(|members| members.keys()).collect();
        names.sort();
        names.dedup();
        for name in names {
            let of = |value: Option<&Value>| value.and_then(|value| value.get(name)).cloned();
            let member = format!("{member}/{name}");
            collect(found, &member, of(cloud).as_ref(), of(emulator).as_ref());
        }
    } else if let (Some(Value::Array(ours)), Some(Value::Array(theirs))) = (cloud, emulator) {
        for index in 0..ours.len().max(theirs.len()) {
            let member = format!("{member}/{index}");
            collect(found, &member, ours.get(index), theirs.get(index));
        }
    } else {
        found.push(Difference {
            member: member.to_owned(),
            cloud: cloud.cloned(),
            emulator: emulator.cloned(),
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn differences_are_the_deepest_members_that_differ() {
        let cloud = json!({"a": 1, "b": [1, {"c": "x"}], "same": [1], "only": {"deep": true}});
        let emulator = json!({"a": 2, "b": [1, {"c": "y"}, 3], "same": [1]});
        let (found, more) = differences(&cloud, &emulator);
        let found: Vec<_> = found
            .iter()
            .map(|found| (&*found.member, found.cloud.clone(), found.emulator.clone()))
            .collect();
        assert_eq!(
            found,
            [
                ("/a", Some(json!(1)), Some(json!(2))),
                ("/b/1/c", Some(json!("x")), Some(json!("y"))),
                ("/b/2", None, Some(json!(3))),
                ("/only/deep", Some(json!(true)), None),
            ]
        );
        assert_eq!(more, 0);
        assert_eq!(differences(&cloud, &cloud), (vec![], 0));
    }
}
