//! Parts of replies that several operations share.

use chrono::{DateTime, SecondsFormat, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use crate::model;

/// A list of tags.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Tags {
    /// The tags.
    pub tag: Vec<Tag>,
}

/// A tag.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
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

/// A time as clients read it: `2024-02-21T15:39:26Z`.
pub fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}
