//! `kms-emulator compare`: sends the same requests to a cloud and to an emulator, and reports what differs.

mod local;
mod mask;
mod owned;
mod probe;
mod probes;
mod report;
mod sample;
#[cfg(test)]
mod tests;

use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::time::Duration;

use chrono::Utc;
use clap::ValueEnum;
use indicatif::ProgressBar;
use rand::RngExt;
use serde_json::{Map, Value, json};

use self::local::LocalEmulator;
use self::mask::{Mask, SideMask};
use self::owned::{Owned, reads};
use self::probe::{Probe, Step};
use self::report::{NotProbed, Outcome, ProbeReport, Report, RequestReport, Summary};
use self::sample::Values;
use super::pull::list::{self, ListError, members};
use super::remote::{
    Account, Call, Client, CloudError, Form, KeyUsed, Reply, RequestError, Stop, printable,
};
use super::{Failure, files, print, print_error};
use crate::clouds::alibaba::{self, Alibaba};
use crate::clouds::draft::{Format, Method};
use crate::clouds::tencent::{self, Tencent};
use crate::clouds::{self, Clouds};
use crate::model::Cloud;
use crate::router::Served;

/// The pauses of a comparison.
#[derive(Debug, Clone, Copy)]
struct Pauses {
    /// The pause before a request whose effect must have another time. Times have seconds.
    later: Duration,
    /// The divisor of the pauses before repetitions.
    divisor: u32,
}

/// The pauses for a real cloud.
const PAUSES: Pauses = Pauses {
    later: Duration::from_millis(2100),
    divisor: 1,
};

/// The emulator has no control API.
const ONLY_CLOUDS: Served = Served {
    clouds: true,
    controls: false,
};

/// The format of a report on standard output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    /// Text.
    Text,
    /// A JSON object.
    Json,
}

/// The settings of a comparison.
#[derive(Debug)]
pub(super) struct Compare {
    /// The account.
    pub account: Account,
    /// The settings of the emulator for Alibaba Cloud.
    pub alibaba: alibaba::Settings,
    /// The settings of the emulator for Tencent Cloud.
    pub tencent: tencent::Settings,
    /// The prefix of the names of created secrets; absent = no secrets are created.
    pub write: Option<String>,
    /// The names of the probes to send; all if empty.
    pub only: Vec<String>,
    /// The maximum number of requests per second.
    pub rate: f64,
    /// The format of the report on standard output.
    pub format: ReportFormat,
    /// The file for the report as JSON.
    pub json: Option<PathBuf>,
}

/// The names of all probes of a cloud.
pub(super) fn names(cloud: Cloud) -> impl Iterator<Item = &'static str> {
    probes::of(cloud).iter().map(|probe| probe.name)
}

/// Compares, and prints the report. Returns whether there are differences. Every failure has the exit code of wrong
/// settings, so that 1 always means differences.
pub(super) fn compare(compare: &Compare) -> Result<bool, Failure> {
    let misconfigured = |failure: Failure| Failure::misconfigured(failure.message);
    let stop = Stop::on_signals().map_err(|error| misconfigured(Failure::of(error)))?;
    let report = run(compare, stop, PAUSES)
        .map_err(|error| Failure::misconfigured(printable(&error, &compare.account)))?;
    let json = report.to_json();
    if let Some(path) = &compare.json {
        files::write(path, &json, false).map_err(misconfigured)?;
    }
    match compare.format {
        ReportFormat::Text => print(&report.to_text()),
        ReportFormat::Json => print(&json),
    }
    .map_err(misconfigured)?;
    match report.summary {
        Summary {
            different: 0,
            failed: 1..,
            ..
        } => Err(Failure::misconfigured(
            "some probes failed, so there may be differences",
        )),
        Summary { different, .. } => Ok(different > 0),
    }
}

/// Compares, and deletes all created secrets, even after an error. An error is one line.
fn run(compare: &Compare, stop: Stop, pauses: Pauses) -> Result<Report, String> {
    let cloud = Client::new(compare.account.clone(), compare.rate, stop.clone());
    let mut cloud = cloud.map_err(|error| error.to_string())?;
    cloud.divide_pauses(pauses.divisor);
    let owned = compare.write.as_ref();
    let mut owned =
        owned.map(|prefix| Owned::new(prefix, rand::rng().random_range(1 << 28..1 << 32)));
    let result = panic::catch_unwind(AssertUnwindSafe(|| {
        send_all(compare, &mut cloud, owned.as_mut(), stop, pauses.later)
    }));
    let remaining = owned
        .map(|mut owned| owned.remove(&mut cloud))
        .unwrap_or_default();
    if !remaining.is_empty() {
        // Not part of the report: the names have the user's prefix.
        print_error(&format!(
            "kms-emulator: delete these secrets yourself: {}\n",
            remaining.join(", ")
        ));
        return Err("some created secrets could not be deleted".to_owned());
    }
    match result {
        Ok(result) => result,
        Err(panic) => panic::resume_unwind(panic),
    }
}

fn send_all(
    compare: &Compare,
    cloud: &mut Client,
    mut owned: Option<&mut Owned>,
    stop: Stop,
    later: Duration,
) -> Result<Report, String> {
    let account = &compare.account;
    if let Some(owned) = &mut owned {
        create_samples(cloud, owned)?;
    }
    let bar = ProgressBar::new_spinner();
    let secrets = list::all(cloud, |read, all| {
        bar.set_message(format!("listing {read} of {all}"));
    });
    bar.finish_and_clear();
    let secrets = secrets.map_err(|error| explain(account.cloud, &error))?;
    let fixture = list::fixture(
        account.cloud,
        &secrets
            .iter()
            .map(|listed| fixture_entry(account.cloud, listed))
            .collect::<Vec<_>>(),
    );
    let emulator = LocalEmulator::start(compare.clouds(), &fixture, ONLY_CLOUDS)
        .map_err(|error| format!("cannot start an emulator with the account's list: {error}"))?;
    let local = emulator.account(account.cloud, &account.region)?;
    let mut local = Client::new(local, f64::MAX, stop).map_err(|error| error.to_string())?;

    let mut mask = mask_of(account, &secrets);
    let prefix = owned.as_ref().map(|owned| owned.prefix().to_owned());
    if let Some(prefix) = &prefix {
        mask.hide(prefix, "<prefix>");
    }
    let values = sample::of_list(account.cloud, &account.region, &secrets, prefix.as_deref());
    let wanted = |probe: &&Probe| {
        compare.only.is_empty() || compare.only.iter().any(|name| name == probe.name)
    };
    let mut probes = Vec::new();
    let bar = progress_bar(probes::of(account.cloud).iter().filter(wanted).count());
    for (number, probe) in probes::of(account.cloud)
        .iter()
        .enumerate()
        .filter(|(_, probe)| wanted(probe))
    {
        bar.inc(1);
        if probe.writes && owned.is_none() {
            let skipped = ProbeReport::new(probe, Outcome::Skipped);
            probes.push(skipped.because("--write is needed to create secrets"));
            continue;
        }
        let mut comparison = Comparison {
            cloud,
            local: &mut local,
            owned: owned.as_deref_mut(),
            mask: &mut mask,
            later,
        };
        let result = comparison.compare(probe, number, &values);
        if let Some(owned) = owned.as_deref_mut().filter(|_| probe.writes) {
            let remaining = owned.remove(cloud);
            if !remaining.is_empty() {
                return Err(format!(
                    "secrets of {} could not be deleted: {}",
                    probe.name,
                    remaining.join(", ")
                ));
            }
        }
        probes.push(result.map_err(|error| error.to_string())?);
    }
    bar.finish_and_clear();
    let api = clouds::with_default_settings().get(account.cloud);
    Ok(Report {
        kms_emulator: env!("CARGO_PKG_VERSION"),
        service: api.title(),
        api_version: api.version(),
        public_endpoint: account.has_public_endpoint(),
        date: Utc::now().format("%Y-%m-%d").to_string(),
        summary: Summary::of(&probes),
        probes,
        not_probed: probes::unprobed(account.cloud)
            .iter()
            .map(|unprobed| NotProbed {
                assumptions: unprobed
                    .assumptions
                    .iter()
                    .map(ToString::to_string)
                    .collect(),
                reason: unprobed.reason,
            })
            .collect(),
    })
}

fn progress_bar(probes: usize) -> ProgressBar {
    ProgressBar::new(probes as u64)
}

/// The message for a list that could not be read.
fn explain(cloud: Cloud, error: &ListError) -> String {
    match error {
        ListError::Request(error) => error.to_string(),
        error => {
            let title = clouds::with_default_settings().get(cloud).title();
            format!("{title}: {error}")
        }
    }
}

impl Compare {
    /// The clouds of the emulator, with the region of the account.
    fn clouds(&self) -> Clouds {
        let region = &self.account.region;
        let mut alibaba = self.alibaba.clone();
        let mut tencent = self.tencent.clone();
        match self.account.cloud {
            Cloud::Alibaba => alibaba.default_region.clone_from(region),
            Cloud::Tencent => {
                tencent.regions.retain(|known| known != region);
                tencent.regions.insert(0, region.clone());
            }
        }
        Clouds {
            alibaba: Alibaba::new(alibaba),
            tencent: Tencent::new(tencent),
        }
    }
}

/// An entry of a fixture for a listed secret.
fn fixture_entry(cloud: Cloud, listed: &Value) -> Value {
    super::pull::entry(cloud, listed, &Value::Null).into()
}

/// A mask that hides the account and the texts of its list.
fn mask_of(account: &Account, secrets: &[Value]) -> Mask {
    let mut mask = Mask::new();
    for probe in [Cloud::Alibaba, Cloud::Tencent]
        .iter()
        .flat_map(|cloud| probes::of(*cloud))
    {
        for step in probe.steps {
            show_texts(
                &mut mask,
                &serde_json::from_str(step.parameters).unwrap_or_default(),
            );
        }
    }
    mask.hide(&account.access_key_id, "<access key>");
    for (secret, number) in secrets.iter().zip(1..) {
        mask.hide(list::name(secret), format!("<secret {number}>"));
        let tags = secret.pointer("/Tags/Tag").and_then(Value::as_array);
        for tag in tags.into_iter().flatten() {
            for (member, word) in [("TagKey", "tag key"), ("TagValue", "tag value")] {
                if let Some(text) = tag[member].as_str() {
                    mask.hide(text, format!("<{word} of secret {number}>"));
                }
            }
        }
    }
    mask
}

/// Lets a mask show the texts of requests that have no placeholder.
fn show_texts(mask: &mut Mask, value: &Value) {
    match value {
        Value::String(text) if !text.contains('{') => mask.show(text),
        Value::Array(items) => items.iter().for_each(|item| show_texts(mask, item)),
        Value::Object(members) => members.values().for_each(|value| show_texts(mask, value)),
        _ => {}
    }
}

/// Creates two secrets with tags for the probes that read a list.
fn create_samples(cloud: &mut Client, owned: &mut Owned) -> Result<(), String> {
    for letter in ["a", "b"] {
        let name = format!("{}sample-{letter}", owned.prefix());
        let tags = json!([
            {"TagKey": format!("compare-1{letter}"), "TagValue": "one"},
            {"TagKey": format!("compare-2{letter}"), "TagValue": "two"},
        ]);
        let parameters = members(match cloud.account().cloud {
            Cloud::Alibaba => json!({
                "SecretName": name, "VersionId": "v1", "SecretData": "sample", "Tags": tags,
            }),
            Cloud::Tencent => json!({
                "SecretName": name, "VersionId": "v1", "SecretString": "sample", "Tags": tags,
            }),
        });
        owned.admits("CreateSecret", &parameters);
        let reply = cloud.send(Call {
            action: "CreateSecret",
            parameters: &parameters,
            reads: false,
            form: Form::USUAL,
        });
        let reply = reply.map_err(|error| error.to_string())?;
        if let Some(CloudError { code, message }) = reply.error() {
            return Err(format!("{}: {code}: {message}", cloud.api().title()));
        }
    }
    Ok(())
}

/// The two sides of a comparison.
struct Comparison<'a> {
    cloud: &'a mut Client,
    local: &'a mut Client,
    owned: Option<&'a mut Owned>,
    mask: &'a mut Mask,
    later: Duration,
}

/// One side in one probe.
struct Side {
    values: Values,
    mask: SideMask,
}

impl Comparison<'_> {
    /// Sends the requests of a probe to both sides. An error ends the whole comparison.
    fn compare(
        &mut self,
        probe: &Probe,
        number: usize,
        values: &Values,
    ) -> Result<ProbeReport, RequestError> {
        let mut values = values.clone();
        if let Some(owned) = &self.owned {
            for (own, suffix) in [("own", "a"), ("own-b", "b")] {
                let name = format!("{}{number}{suffix}", owned.prefix());
                self.mask.hide(&name, format!("<{own}>"));
                self.mask
                    .hide(&format!("{name} described"), format!("<{own}> described"));
                values.insert(own.to_owned(), name.into());
            }
        }
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
                    form: form_of(step),
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
            Some(error) if error.prevents_comparison() => Err(StepError::Refused(error)),
            _ => Ok(reply),
        }
    }
}

/// The reason why a request of a probe has no reply to compare.
enum StepError {
    Missing(String),
    NotOwn,
    Request(RequestError),
    Refused(CloudError),
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
            Self::Refused(error) => format!("the cloud answered {}", error.code),
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

/// How a request is sent, if not in the usual form.
fn form_of(step: &Step) -> Vec<String> {
    let Form {
        method,
        format,
        signature,
        payload,
        key,
        age,
        milliseconds,
        has_region,
        line_break,
        twice,
    } = step.form;
    let mut form = Vec::new();
    if method == Method::Get {
        form.push("GET".to_owned());
    }
    if format == Format::Xml {
        form.push("XML".to_owned());
    }
    form.extend(signature.map(|method| format!("signed by {method}")));
    form.extend(payload.map(|payload| format!("parameters {payload}")));
    match key {
        KeyUsed::Own => {}
        KeyUsed::WrongSecret => form.push("wrong secret".to_owned()),
        KeyUsed::Unknown => form.push("unknown access key".to_owned()),
        KeyUsed::SpaceAfter => form.push("space after the access key".to_owned()),
    }
    if !age.is_zero() {
        form.push(format!("time stamp {} minutes old", age.num_minutes()));
    }
    if milliseconds {
        form.push("time stamp with milliseconds".to_owned());
    }
    if !has_region {
        form.push("no region".to_owned());
    }
    if line_break {
        form.push("line break after the signature".to_owned());
    }
    if twice {
        form.push("sent twice".to_owned());
    }
    form
}
