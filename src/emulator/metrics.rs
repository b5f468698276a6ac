//! Metrics in the format of Prometheus.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{DescriptorEncoder, NoLabelSet};
use prometheus_client::metrics::MetricType;
use prometheus_client::registry::Registry;

use crate::clouds::outcome::Outcome;
use crate::model::Cloud;
use crate::store::ScopeCount;

/// The upper bounds of the histogram's buckets in microseconds.
const BUCKETS: [u32; 12] = [
    50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 50_000, 250_000, 1_000_000, 5_000_000,
];

/// The counters since the start of the server.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    requests: BTreeMap<(Cloud, &'static str, &'static str), u64>,
    durations: BTreeMap<Cloud, Durations>,
    faults: BTreeMap<u64, u64>,
}

/// A histogram of the durations of requests.
#[derive(Debug, Clone, Default)]
struct Durations {
    sum: Duration,
    count: u64,
    /// The number of requests per bucket; the last bucket has no upper bound.
    buckets: [u64; BUCKETS.len() + 1],
}

impl Counts {
    /// Counts a request.
    pub fn add(&mut self, cloud: Cloud, outcome: &Outcome, duration: Duration, fault: Option<u64>) {
        let action = outcome.action.unwrap_or("none");
        *self
            .requests
            .entry((cloud, action, outcome.code))
            .or_default() += 1;
        let durations = self.durations.entry(cloud).or_default();
        durations.sum += duration;
        durations.count += 1;
        let microseconds = duration.as_micros();
        let bucket = BUCKETS
            .iter()
            .position(|end| microseconds <= u128::from(*end));
        durations.buckets[bucket.unwrap_or(BUCKETS.len())] += 1;
        if let Some(rule) = fault {
            *self.faults.entry(rule).or_default() += 1;
        }
    }

    /// Formats the metrics as text.
    #[must_use]
    pub fn print(self, secrets: Vec<ScopeCount>, dropped_log_lines: u64) -> String {
        let mut registry = Registry::with_prefix("kms_emulator");
        registry.register_collector(Box::new(Metrics {
            counts: self,
            secrets,
            dropped_log_lines,
        }));
        let mut text = String::new();
        if let Err(error) = encode(&mut text, &registry) {
            tracing::error!(%error, "cannot format the metrics");
        }
        text
    }
}

/// All metrics.
#[derive(Debug)]
struct Metrics {
    counts: Counts,
    secrets: Vec<ScopeCount>,
    dropped_log_lines: u64,
}

impl Collector for Metrics {
    fn encode(&self, mut encoder: DescriptorEncoder) -> Result<(), fmt::Error> {
        let Counts {
            requests,
            durations,
            faults,
        } = &self.counts;
        let mut metric = encoder.encode_descriptor(
            "requests",
            "Requests answered, by cloud, operation and error code.",
            None,
            MetricType::Counter,
        )?;
        for ((cloud, action, code), count) in requests {
            let labels = [("cloud", cloud.name()), ("action", action), ("code", code)];
            metric
                .encode_family(&labels)?
                .encode_counter::<NoLabelSet, _, u64>(count, None)?;
        }
        let mut metric = encoder.encode_descriptor(
            "request_duration_seconds",
            "Time taken to answer, without the latency of faults.",
            None,
            MetricType::Histogram,
        )?;
        for (cloud, durations) in durations {
            let ends = BUCKETS.iter().map(|end| f64::from(*end) / 1e6);
            let ends = ends.chain([f64::MAX]);
            let buckets: Vec<_> = ends.zip(durations.buckets).collect();
            let sum = durations.sum.as_secs_f64();
            metric
                .encode_family(&[("cloud", cloud.name())])?
                .encode_histogram::<NoLabelSet>(sum, durations.count, &buckets, None)?;
        }
        let mut metric = encoder.encode_descriptor(
            "faults_fired",
            "Faults fired, by rule.",
            None,
            MetricType::Counter,
        )?;
        for (rule, count) in faults {
            metric
                .encode_family(&[("rule", *rule)])?
                .encode_counter::<NoLabelSet, _, u64>(count, None)?;
        }
        encoder
            .encode_descriptor(
                "log_lines_dropped",
                "Log lines dropped, because standard error was not read or could not be written.",
                None,
                MetricType::Counter,
            )?
            .encode_counter::<NoLabelSet, _, u64>(&self.dropped_log_lines, None)?;
        let mut metric =
            encoder.encode_descriptor("secrets", "Secrets held.", None, MetricType::Gauge)?;
        for scope in &self.secrets {
            let labels = [
                ("cloud", &scope.cloud),
                ("account", &scope.account),
                ("region", &scope.region),
            ]
            .map(|(name, value)| (name, value.as_str()));
            let count = i64::try_from(scope.secrets).unwrap_or(i64::MAX);
            metric.encode_family(&labels)?.encode_gauge(&count)?;
        }
        Ok(())
    }
}
