//! The reply that several operations share.

use chrono::SecondsFormat;
use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::auth::issued::IssuedKey;
use crate::clouds::tencent::api3::protocol::Call;

/// A temporary key.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct Credentials {
    /// The token to send with requests.
    token: String,
    /// The id of the key.
    tmp_secret_id: String,
    /// The secret of the key.
    tmp_secret_key: String,
}

/// A reply with a temporary key.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TemporaryKey {
    /// The key.
    credentials: Credentials,
    /// When the key expires, in seconds since 1970.
    expired_time: i64,
    /// When the key expires.
    expiration: String,
    /// The id of the request.
    request_id: String,
}

impl TemporaryKey {
    pub(super) fn new(key: IssuedKey, call: &Call) -> Self {
        Self {
            credentials: Credentials {
                token: key.security_token.expose().to_owned(),
                tmp_secret_id: key.access_key_id,
                tmp_secret_key: key.secret.expose().to_owned(),
            },
            expired_time: key.expires_at.timestamp(),
            expiration: key.expires_at.to_rfc3339_opts(SecondsFormat::Secs, true),
            request_id: call.request_id(),
        }
    }
}
