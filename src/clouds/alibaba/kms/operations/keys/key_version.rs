//! A version of a key in requests and replies.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::alibaba::kms::shapes::Time;
use crate::clouds::alibaba::rpc::parameter::{Required, Text, TextRule};
use crate::model::CmkVersion;

/// The version of an operation.
pub(crate) const KEY_VERSION_ID: Required<Text> = Required(Text {
    name: "KeyVersionId",
    rule: TextRule::Characters(64),
    sensitive: false,
    help: "The id of the version of the key.",
});

/// A version of a key.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct KeyVersion {
    /// The id of the key.
    key_id: String,
    /// The id of the version.
    key_version_id: String,
    /// When it was created.
    creation_date: Time,
}

impl KeyVersion {
    pub(crate) fn new(key_id: &str, version: CmkVersion) -> Self {
        Self {
            key_id: key_id.to_owned(),
            key_version_id: version.version_id,
            creation_date: Time(version.created_at),
        }
    }
}

/// A reply with a version.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct KeyVersionResponse {
    /// The version.
    pub key_version: KeyVersion,
    /// The id of the request.
    pub request_id: String,
}
