//! Filters of the journal.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Deserialize;

use super::entry::{RenderedEntry, RequestEntry};
use super::exchange::{Exchange, Source};
use super::searched_text;
use crate::clouds::outcome::Verdict;
use crate::emulator::values::{Account, CloudName, Region, Span};

/// Selects requests. Absent members select all.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Only requests to this cloud.
    cloud: Option<CloudName>,
    /// Only requests for this operation.
    action: Option<String>,
    /// Only requests with this parameter: `SecretName`, or `SecretName=db/password`. Sensitive values match
    /// only as `***`.
    parameter: Option<String>,
    /// Only requests with each of these words, in any letter case, in any part that the journal shows: the
    /// request with its headers, the reply, the explanation of a rejected signature, hints and their codes.
    /// `|` separates alternatives of a word. Sensitive values match only as `***`, also those of the reply.
    text: Option<String>,
    /// Only requests of this source. The default is `client`, except for deletion, where it is `any`.
    source: Option<SourceFilter>,
    /// Only requests with this access key.
    access_key_id: Option<String>,
    /// Only requests with this result of checking the signature.
    verdict: Option<Verdict>,
    /// Only requests of this account.
    account: Option<Account>,
    /// Only requests in this region.
    region: Option<Region>,
    /// Only requests with this HTTP status in the reply.
    status: Option<u16>,
    /// Only requests with this error code in the reply; `OK` = success.
    code: Option<String>,
    /// Only the request with this id.
    request_id: Option<String>,
    /// Only requests to which this fault rule applied.
    fault: Option<u64>,
    /// Only requests that took at least this long.
    min_duration: Option<Span>,
    /// Only requests that arrived at this time or later, by the server's clock.
    since: Option<DateTime<Utc>>,
    /// Only requests that arrived before this time, by the server's clock.
    until: Option<DateTime<Utc>>,
    /// Only requests with a greater number.
    after: Option<u64>,
    /// Only requests with a smaller number. With `limit`, it lists the journal page by page: the number of the
    /// oldest request of a page selects the next page.
    before: Option<u64>,
    /// The maximum number of requests to list: the latest that match. 0 = only count.
    pub limit: Option<usize>,
}

/// Selects the sources of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceFilter {
    /// Clients of the clouds' APIs.
    Client,
    /// Calls that requests of the control API made, for the page for example.
    Call,
    /// All.
    Any,
}

impl SourceFilter {
    fn allows(self, source: Source) -> bool {
        match self {
            Self::Client => source == Source::Client,
            Self::Call => source == Source::Call,
            Self::Any => true,
        }
    }
}

impl Filter {
    /// Selects only the requests of clients, unless the filter names a source.
    #[must_use]
    pub fn of_clients(self) -> Self {
        Self {
            source: self.source.or(Some(SourceFilter::Client)),
            ..self
        }
    }

    /// The value of `after`.
    #[must_use]
    pub fn after(&self) -> Option<u64> {
        self.after
    }

    /// Whether an entry matches.
    #[must_use]
    pub fn allows(&self, exchange: &Exchange) -> bool {
        let parameters = || RequestEntry::of(exchange).parameters.map(Cow::Owned);
        self.allows_fields(&ComparedFields::from(exchange), parameters)
            && self.has_text(|| Some(searched_text::of(exchange)))
    }

    /// Whether a rendered entry matches.
    pub(super) fn allows_rendered(&self, rendered: &RenderedEntry) -> bool {
        let parameters = || rendered.entry.parameters.as_ref().map(Cow::Borrowed);
        self.allows_fields(&ComparedFields::from(rendered), parameters)
            && self.has_text(|| rendered.searched_text())
    }

    fn has_text(&self, searched_text: impl FnOnce() -> Option<String>) -> bool {
        let Some(wanted) = &self.text else {
            return true;
        };
        let Some(text) = searched_text() else {
            return false;
        };
        let wanted = wanted.to_lowercase();
        wanted.split_whitespace().all(|word| {
            let mut alternatives = word.split('|').filter(|part| !part.is_empty());
            text.contains(word) || alternatives.any(|part| text.contains(part))
        })
    }

    fn allows_fields<'a>(
        &self,
        exchange: &ComparedFields,
        parameters: impl FnOnce() -> Option<Cow<'a, Parameters>>,
    ) -> bool {
        fn is<T: PartialEq + Copy>(wanted: Option<T>, found: Option<T>) -> bool {
            wanted.is_none_or(|wanted| found == Some(wanted))
        }
        let account = self.account.as_ref();
        let region = self.region.as_ref();
        is(self.cloud, Some(exchange.cloud))
            && self
                .source
                .is_none_or(|source| source.allows(exchange.source))
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
            && self.before.is_none_or(|before| exchange.number < before)
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

/// The fields that a filter compares, besides the parameters.
struct ComparedFields<'a> {
    number: u64,
    time: DateTime<Utc>,
    cloud: CloudName,
    source: Source,
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

impl<'a> From<&'a Exchange<'_>> for ComparedFields<'a> {
    fn from(exchange: &'a Exchange) -> Self {
        Self {
            number: exchange.number,
            time: exchange.time,
            cloud: exchange.cloud.into(),
            source: exchange.source,
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

impl<'a> From<&'a RenderedEntry> for ComparedFields<'a> {
    fn from(rendered: &'a RenderedEntry) -> Self {
        let entry = &rendered.entry;
        Self {
            number: entry.number,
            time: rendered.time,
            cloud: entry.cloud,
            source: entry.source,
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
