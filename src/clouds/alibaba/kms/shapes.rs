//! Parts of replies that several operations have.

use std::fmt::{self, Display};

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

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

/// A time in replies: `2024-02-21T15:39:26Z`. Its year has four digits: clocks and fixtures have no others.
#[derive(Debug, Clone, Copy, JsonSchema)]
#[schemars(inline)]
pub(super) struct Time(#[schemars(with = "String")] pub DateTime<Utc>);

impl Time {
    /// Calls `take` with the text. It is not allocated, because lists have many times.
    fn with_text<T>(self, take: impl FnOnce(&str) -> T) -> T {
        let time = self.0.naive_utc();
        let mut text = *b"0000-00-00T00:00:00Z";
        let year = time.year().unsigned_abs();
        for (start, number) in [
            (0, year / 100),
            (2, year % 100),
            (5, time.month()),
            (8, time.day()),
            (11, time.hour()),
            (14, time.minute()),
            (17, time.second()),
        ] {
            let number = u8::try_from(number).unwrap_or_default();
            text[start] += number / 10 % 10;
            text[start + 1] += number % 10;
        }
        take(str::from_utf8(&text).unwrap_or_default())
    }
}

impl Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.with_text(|text| f.write_str(text))
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.with_text(|text| serializer.serialize_str(text))
    }
}

/// When a secret will be deleted, if that is planned.
pub(super) fn planned_delete_time(state: State) -> Option<Time> {
    state.planned_delete_at().map(Time)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_printed_as_rfc_3339() {
        for text in [
            "0000-01-01T00:00:00Z",
            "1969-12-31T23:59:59Z",
            "2024-02-29T09:08:07Z",
            "9999-12-31T23:59:59Z",
        ] {
            let time: DateTime<Utc> = text.parse().unwrap();
            assert_eq!(Time(time).to_string(), text);
            assert_eq!(serde_json::to_value(Time(time)).unwrap(), text);
        }
    }
}
