//! `kms-emulator compare`: sends the same requests to a cloud and to an emulator, and reports what differs.

mod comparison;
mod local;
mod mask;
mod owned;
mod probe;
mod probes;
mod report;
mod sample;
#[cfg(test)]
mod tests;
mod vocabulary;

use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::time::Duration;

use chrono::Utc;
use clap::ValueEnum;
use indicatif::ProgressBar;
use rand::RngExt;
use serde_json::{Value, json};

use self::comparison::Comparison;
use self::local::LocalEmulator;
use self::mask::Mask;
use self::owned::Owned;
use self::probe::Probe;
use self::report::{NotProbed, Outcome, ProbeReport, Report, Summary};
use self::sample::Values;
use super::pull::list::{self, ListError, members};
use super::remote::{Account, Call, Client, CloudError, Form, Stop, printable};
use super::{Failure, files, print, print_error};
use crate::clouds::alibaba::{self, Alibaba};
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
    control: false,
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
    let secrets = list_secrets(cloud)?;
    let emulator = start_emulator(compare, &secrets)?;
    let local = emulator.account(account.cloud, &account.region)?;
    let mut local = Client::new(local, f64::MAX, stop).map_err(|error| error.to_string())?;

    let mut mask = mask_of(account, &secrets);
    let prefix = owned.as_ref().map(|owned| owned.prefix().to_owned());
    if let Some(prefix) = &prefix {
        mask.hide(prefix, "<prefix>");
    }
    let values = sample::of_list(account.cloud, &account.region, &secrets, prefix.as_deref());
    let comparison = Comparison {
        cloud,
        local: &mut local,
        owned,
        mask: &mut mask,
        later,
    };
    let probes = send_probes(comparison, &compare.only, &values)?;
    Ok(report_of(account, probes))
}

fn list_secrets(cloud: &mut Client) -> Result<Vec<Value>, String> {
    let bar = ProgressBar::new_spinner();
    let secrets = list::all(cloud, |read, all| {
        bar.set_message(format!("listing {read} of {all}"));
    });
    bar.finish_and_clear();
    secrets.map_err(|error| explain(cloud.account().cloud, &error))
}

/// Starts an emulator with the secrets of the list.
fn start_emulator(compare: &Compare, secrets: &[Value]) -> Result<LocalEmulator, String> {
    let cloud = compare.account.cloud;
    let entries = secrets.iter().map(|listed| fixture_entry(cloud, listed));
    let fixture = list::fixture(cloud, &entries.collect::<Vec<_>>());
    LocalEmulator::start(compare.clouds(), &fixture, ONLY_CLOUDS)
        .map_err(|error| format!("cannot start an emulator with the account's list: {error}"))
}

/// Sends the probes with the names `only`, or all if there are no names.
fn send_probes(
    mut comparison: Comparison,
    only: &[String],
    values: &Values,
) -> Result<Vec<ProbeReport>, String> {
    let cloud = comparison.cloud.account().cloud;
    let wanted: Vec<(usize, &Probe)> = probes::of(cloud)
        .iter()
        .enumerate()
        .filter(|(_, probe)| only.is_empty() || only.iter().any(|name| name == probe.name))
        .collect();
    let bar = ProgressBar::new(wanted.len() as u64);
    let mut reports = Vec::new();
    for (number, probe) in wanted {
        bar.inc(1);
        if probe.writes && comparison.owned.is_none() {
            let skipped = ProbeReport::new(probe, Outcome::Skipped);
            reports.push(skipped.because("--write is needed to create secrets"));
            continue;
        }
        let result = comparison.compare(probe, number, values);
        if probe.writes {
            comparison.delete_created(probe)?;
        }
        reports.push(result.map_err(|error| error.to_string())?);
    }
    bar.finish_and_clear();
    Ok(reports)
}

fn report_of(account: &Account, probes: Vec<ProbeReport>) -> Report {
    let api = clouds::with_default_settings().get(account.cloud);
    let unprobed = probes::unprobed(account.cloud).iter();
    Report {
        kms_emulator: env!("CARGO_PKG_VERSION"),
        service: api.title(),
        api_version: api.version(),
        public_endpoint: account.has_public_endpoint(),
        date: Utc::now().format("%Y-%m-%d").to_string(),
        summary: Summary::of(&probes),
        probes,
        not_probed: unprobed
            .map(|unprobed| {
                let assumptions = unprobed.assumptions.iter();
                NotProbed {
                    assumptions: assumptions.map(ToString::to_string).collect(),
                    reason: unprobed.reason,
                }
            })
            .collect(),
    }
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
