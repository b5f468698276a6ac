//! Filters of the journal.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Deserialize;

use super::entry::{RenderedEntry, RequestEntry};
use super::exchange::Exchange;
use crate::clouds::outcome::Verdict;
use crate::emulator::values::{Account, CloudName, Region, Span};

/// Which requests are meant. What is absent holds for any.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Only those for this cloud.
    cloud: Option<CloudName>,
    /// Only those that asked for this operation.
    action: Option<String>,
    /// Only those with this parameter: `SecretName`, or `SecretName=db/password`. Values that may be
    /// secret are found as `***` only.
    parameter: Option<String>,
    /// Only those that named this access key.
    access_key_id: Option<String>,
    /// Only those of whose signature this was made.
    verdict: Option<Verdict>,
    /// Only those that worked on this account.
    account: Option<Account>,
    /// Only those that worked in this region.
    region: Option<Region>,
    /// Only those answered with this HTTP status.
    status: Option<u16>,
    /// Only those answered with this error code, or with `OK`.
    code: Option<String>,
    /// Only the one of this id.
    request_id: Option<String>,
    /// Only those that met with this fault.
    fault: Option<u64>,
    /// Only those that took as long as this, or longer.
    min_duration: Option<Span>,
    /// Only those that arrived at this time, or later, by the clock of the server.
    since: Option<DateTime<Utc>>,
    /// Only those that arrived before this time, by the clock of the server.
    until: Option<DateTime<Utc>>,
    /// Only those with a greater number.
    after: Option<u64>,
    /// How many are listed at the most, the latest of all that are meant. 0 lists none, and counts.
    pub limit: Option<usize>,
}

impl Filter {
    /// The number given for `after`.
    #[must_use]
    pub fn after(&self) -> Option<u64> {
        self.after
    }

    /// Whether an entry passes.
    #[must_use]
    pub fn allows(&self, exchange: &Exchange) -> bool {
        let parameters = || RequestEntry::of(exchange).parameters.map(Cow::Owned);
        self.allows_considered(&Considered::from(exchange), parameters)
    }

    /// Whether an entry is meant that is rendered already.
    pub(super) fn allows_rendered(&self, rendered: &RenderedEntry) -> bool {
        let parameters = || rendered.entry.parameters.as_ref().map(Cow::Borrowed);
        self.allows_considered(&Considered::from(rendered), parameters)
    }

    fn allows_considered<'a>(
        &self,
        exchange: &Considered,
        parameters: impl FnOnce() -> Option<Cow<'a, Parameters>>,
    ) -> bool {
        fn is<T: PartialEq + Copy>(wanted: Option<T>, found: Option<T>) -> bool {
            wanted.is_none_or(|wanted| found == Some(wanted))
        }
        let account = self.account.as_ref();
        let region = self.region.as_ref();
        is(self.cloud, Some(exchange.cloud))
            && is(self.action.as_deref(), exchange.action)
            && is(self.access_key_id.as_deref(), exchange.access_key_id)
            && is(self.verdict, Some(exchange.verdict))
            && is(account.map(|account| &*account.0), exchange.account)
            && is(region.map(|region| &*region.0), exchange.region)
            && is(self.status, Some(exchange.status))
            && is(self.code.as_deref(), Some(exchange.code))
            && is(self.request_id.as_deref(), Some(exchange.request_id))
            && is(self.fault, exchange.fault)
            && self
                .min_duration
                .is_none_or(|least| exchange.duration >= least.0)
            && self.since.is_none_or(|since| exchange.time >= since)
            && self.until.is_none_or(|until| exchange.time < until)
            && self.after.is_none_or(|after| exchange.number > after)
            && self
                .parameter
                .as_deref()
                .is_none_or(|wanted| has_parameter(&parameters().unwrap_or_default(), wanted))
    }
}

fn has_parameter(parameters: &Parameters, wanted: &str) -> bool {
    let (name, value) = match wanted.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (wanted, None),
    };
    parameters
        .get(name)
        .is_some_and(|found| value.is_none_or(|value| found == value))
}

type Parameters = BTreeMap<String, String>;

/// What a filter looks at, beside the parameters.
struct Considered<'a> {
    number: u64,
    time: DateTime<Utc>,
    cloud: CloudName,
    action: Option<&'a str>,
    access_key_id: Option<&'a str>,
    verdict: Verdict,
    account: Option<&'a str>,
    region: Option<&'a str>,
    status: u16,
    code: &'a str,
    request_id: &'a str,
    duration: Duration,
    fault: Option<u64>,
}

impl<'a> From<&'a Exchange<'_>> for Considered<'a> {
    fn from(exchange: &'a Exchange) -> Self {
        Self {
            number: exchange.number,
            time: exchange.time,
            cloud: exchange.cloud.into(),
            action: exchange.action,
            access_key_id: exchange.access_key_id,
            verdict: exchange.verdict,
            account: exchange.account,
            region: exchange.region,
            status: exchange.status,
            code: exchange.code,
            request_id: exchange.request_id,
            duration: exchange.duration,
            fault: exchange.fault,
        }
    }
}

impl<'a> From<&'a RenderedEntry> for Considered<'a> {
    fn from(rendered: &'a RenderedEntry) -> Self {
        let entry = &rendered.entry;
        Self {
            number: entry.number,
            time: rendered.time,
            cloud: entry.cloud,
            action: entry.action.as_deref(),
            access_key_id: entry.access_key_id.as_deref(),
            verdict: entry.verdict,
            account: entry.account.as_deref(),
            region: entry.region.as_deref(),
            status: entry.status,
            code: &entry.code,
            request_id: &entry.request_id,
            duration: rendered.duration,
            fault: entry.fault,
        }
    }
}
