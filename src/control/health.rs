//! Liveness, readiness and metrics.

use bytes::Bytes;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use super::endpoint::{Call, Endpoint, Json, NoBody, NoParameters, ReplyBody};
use super::error::ControlError;
use crate::emulator::values::CloudName;
use crate::http::wire::WireReply;
use crate::model::Cloud;
use crate::store::ScopeCount;

/// The liveness endpoint.
pub(super) struct Health;

/// The reply of a server that is alive.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Health")]
pub(super) struct Alive {
    /// Always `ok`.
    status: &'static str,
    /// The version of the emulator.
    version: &'static str,
}

const ALIVE: Alive = Alive {
    status: "ok",
    version: env!("CARGO_PKG_VERSION"),
};

impl Endpoint for Health {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/health";
    const SUMMARY: &'static str =
        "Returns 200 as soon as the server listens, also while it starts.";
    const OPEN: bool = true;
    type Parameters = NoParameters;
    type Body = NoBody;
    type Reply = Json<Alive>;

    fn run(_: &Call, _: NoParameters, _: NoBody) -> Result<Self::Reply, ControlError> {
        Ok(Json(ALIVE))
    }
}

/// The readiness endpoint.
pub(super) struct Ready;

/// Whether the server is ready.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Readiness {
    /// The server answers requests.
    Ready {
        /// The number of secrets in each scope that has secrets.
        scopes: Vec<ScopeSecrets>,
    },
    /// The server is starting; the status is 503.
    Starting {
        /// `database` while the database is opened and migrated, `fixtures` while fixtures are loaded.
        step: &'static str,
        /// The number of secrets that are loaded.
        loaded: u64,
        /// The number of secrets of the fixtures; absent until the files are read.
        secrets: Option<u64>,
    },
}

impl Readiness {
    /// The state while the database is opened.
    #[must_use]
    pub fn database() -> Self {
        Self::Starting {
            step: "database",
            loaded: 0,
            secrets: None,
        }
    }

    /// The state while fixtures are loaded.
    #[must_use]
    pub fn fixtures(loaded: u64, secrets: u64) -> Self {
        Self::Starting {
            step: "fixtures",
            loaded,
            secrets: Some(secrets),
        }
    }
}

/// The number of secrets in a scope.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ScopeSecrets {
    /// The cloud.
    cloud: CloudName,
    /// The account.
    account: String,
    /// The region.
    region: String,
    /// The number of its secrets.
    secrets: u64,
}

impl ScopeSecrets {
    fn of(scope: ScopeCount) -> Option<Self> {
        Some(Self {
            cloud: Cloud::from_name(&scope.cloud)?.into(),
            account: scope.account,
            region: scope.region,
            secrets: scope.secrets,
        })
    }
}

impl ReplyBody for Readiness {
    const MEDIA_TYPE: &'static str = "application/json";

    fn describe(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<Self>()
    }

    fn print(self) -> Bytes {
        Json(self).print()
    }

    fn status(&self) -> Option<u16> {
        matches!(self, Self::Starting { .. }).then_some(503)
    }
}

impl Endpoint for Ready {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/ready";
    const SUMMARY: &'static str = "Returns the number of secrets in each scope once the server has started; 503 with the progress before that.";
    const OPEN: bool = true;
    type Parameters = NoParameters;
    type Body = NoBody;
    type Reply = Readiness;

    fn run(call: &Call, _: NoParameters, _: NoBody) -> Result<Self::Reply, ControlError> {
        let counts = call.emulator.store.count_secrets_now()?;
        Ok(Readiness::Ready {
            scopes: counts.into_iter().filter_map(ScopeSecrets::of).collect(),
        })
    }
}

/// Whether requests for this path are answered without waiting for due work or the writer, so that health
/// checks do not fail on a busy server.
#[must_use]
pub fn answers_at_once(path: &str) -> bool {
    matches!(path, Health::PATH | Ready::PATH | Metrics::PATH)
}

/// Whether the reply of this path contains the number of secrets.
#[must_use]
pub fn counts(path: &str) -> bool {
    matches!(path, Ready::PATH | Metrics::PATH)
}

/// The reply to a request while the server starts; absent if the request must wait.
#[must_use]
pub fn starting(path: &str, progress: Readiness) -> Option<WireReply> {
    let (status, body) = match path {
        Health::PATH => (200, Json(ALIVE).print()),
        Ready::PATH => (503, progress.print()),
        _ => return None,
    };
    Some(WireReply {
        status,
        headers: vec![("content-type", "application/json".into())],
        body,
        ..WireReply::default()
    })
}

/// The metrics endpoint.
pub(super) struct Metrics;

/// Metrics in the text format of Prometheus.
pub(super) struct MetricsText(String);

impl ReplyBody for MetricsText {
    const MEDIA_TYPE: &'static str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    fn describe(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string"})
    }

    fn print(self) -> Bytes {
        self.0.into_bytes().into()
    }
}

impl Endpoint for Metrics {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/metrics";
    const SUMMARY: &'static str = "Returns metrics in the text format of Prometheus: requests, durations, faults, secrets, dropped log lines.";
    type Parameters = NoParameters;
    type Body = NoBody;
    type Reply = MetricsText;

    fn run(call: &Call, _: NoParameters, _: NoBody) -> Result<Self::Reply, ControlError> {
        let secrets = call.emulator.store.count_secrets_now()?;
        let dropped = call.emulator.dropped_log_lines.get();
        let counts = call.emulator.coverage.counts();
        Ok(MetricsText(counts.print(secrets, dropped)))
    }
}
