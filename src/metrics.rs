//! Counts requests for Prometheus.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::context::Outcome;
use crate::model::Cloud;
use crate::store::ScopeCount;

/// The upper ends of the histogram's buckets, in seconds.
const BUCKETS: [f64; 12] = [
    0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.25, 1.0, 5.0,
];

/// The counters of a server, from its start.
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    durations: Family<CloudLabel, Histogram, fn() -> Histogram>,
    faults: Family<RuleLabel, Counter>,
    secrets: Family<ScopeLabels, Gauge>,
    /// Held while the gauges are set and printed.
    printing: Mutex<()>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    cloud: &'static str,
    action: &'static str,
    code: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct CloudLabel {
    cloud: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RuleLabel {
    rule: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ScopeLabels {
    cloud: String,
    account: String,
    region: String,
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("kms_emulator");
        let requests = Family::default();
        registry.register(
            "requests",
            "Requests answered, by cloud, operation and error code",
            Family::clone(&requests),
        );
        let durations = Family::new_with_constructor(histogram as fn() -> Histogram);
        registry.register(
            "request_duration_seconds",
            "Time taken to answer, without the latency of faults",
            Family::clone(&durations),
        );
        let faults = Family::default();
        registry.register(
            "faults_fired",
            "Faults fired, by rule",
            Family::clone(&faults),
        );
        let secrets = Family::default();
        registry.register("secrets", "Secrets held", Family::clone(&secrets));
        Self {
            registry,
            requests,
            durations,
            faults,
            secrets,
            printing: Mutex::new(()),
        }
    }
}

impl Metrics {
    /// Counts a request.
    pub fn count(&self, cloud: Cloud, outcome: &Outcome, duration: Duration, fault: Option<u64>) {
        let cloud = cloud.name();
        let labels = RequestLabels {
            cloud,
            action: outcome.action.unwrap_or("none"),
            code: outcome.code,
        };
        self.requests.get_or_create(&labels).inc();
        self.durations
            .get_or_create(&CloudLabel { cloud })
            .observe(duration.as_secs_f64());
        if let Some(rule) = fault {
            self.faults.get_or_create(&RuleLabel { rule }).inc();
        }
    }

    /// All of it in the text format of Prometheus, with what the store holds.
    #[must_use]
    pub fn print(&self, secrets: Vec<ScopeCount>) -> String {
        let _alone = self.printing.lock().unwrap_or_else(PoisonError::into_inner);
        self.secrets.clear();
        for scope in secrets {
            let labels = ScopeLabels {
                cloud: scope.cloud,
                account: scope.account,
                region: scope.region,
            };
            let count = i64::try_from(scope.secrets).unwrap_or(i64::MAX);
            self.secrets.get_or_create(&labels).set(count);
        }
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("a string takes all that is written to it");
        text
    }
}

fn histogram() -> Histogram {
    Histogram::new(BUCKETS)
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}
