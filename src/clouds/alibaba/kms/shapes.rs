//! Parts of replies that several operations have.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::clouds::alibaba::rpc::protocol::Call;
use crate::model::{self, State};

/// A list of tags.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tags {
    /// The tags.
    pub tag: Vec<Tag>,
}

/// A tag.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    /// The key of the tag.
    pub tag_key: String,
    /// The value of the tag.
    pub tag_value: String,
}

impl From<Vec<model::Tag>> for Tags {
    fn from(tags: Vec<model::Tag>) -> Self {
        let tag = tags
            .into_iter()
            .map(|tag| Tag {
                tag_key: tag.key,
                tag_value: tag.value,
            })
            .collect();
        Self { tag }
    }
}

/// The latest time that replies and fixtures can express.
pub(super) const LATEST_TIME: DateTime<Utc> =
    DateTime::from_timestamp(253_402_300_799, 0).expect("the end of the year 9999");

/// The time after a period, at most the latest one.
pub(super) fn later(time: DateTime<Utc>, period: TimeDelta) -> DateTime<Utc> {
    time.checked_add_signed(period)
        .map_or(LATEST_TIME, |time| time.min(LATEST_TIME))
}

/// A time in the format of replies: `2024-02-21T15:39:26Z`.
pub(super) fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// When a secret will be deleted, if that is planned.
pub(super) fn planned_delete_time(state: State) -> Option<String> {
    state.planned_delete_at().map(time)
}

/// The stages of a version.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct VersionStages {
    /// The stages.
    pub version_stage: Vec<String>,
}

/// A list of stages in a request or a fixture: plain, or wrapped as in replies.
#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a list of stages")]
pub(super) enum StageList {
    Plain(Vec<String>),
    Wrapped {
        #[serde(rename = "VersionStage")]
        version_stage: Vec<String>,
    },
}

impl StageList {
    /// The stages.
    pub(super) fn into_vec(self) -> Vec<String> {
        match self {
            Self::Plain(stages)
            | Self::Wrapped {
                version_stage: stages,
            } => stages,
        }
    }
}

/// A reply with the name of the secret.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct NamedSecret {
    /// The name of the secret.
    secret_name: String,
    /// The id of the request.
    request_id: String,
}

impl NamedSecret {
    /// The reply to `call` about the secret of this name.
    pub(super) fn new(secret_name: String, call: &Call) -> Self {
        Self {
            secret_name,
            request_id: call.request_id(),
        }
    }
}

/// A reply without data.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EmptyResponse {
    /// The id of the request.
    request_id: String,
}

impl EmptyResponse {
    /// The reply to `call`.
    pub(super) fn new(call: &Call) -> Self {
        Self {
            request_id: call.request_id(),
        }
    }
}
