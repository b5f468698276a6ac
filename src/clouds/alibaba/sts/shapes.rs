//! Parts of replies that several operations have.

use chrono::SecondsFormat;
use schemars::JsonSchema;
use serde::Serialize;

use super::role::{RoleArn, RoleSession};
use crate::clouds::auth::issued::IssuedKey;

/// A temporary access key.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Credentials {
    /// The access key id.
    access_key_id: String,
    /// The access key secret.
    access_key_secret: String,
    /// The token to send with requests.
    security_token: String,
    /// When the key expires.
    expiration: String,
}

impl From<IssuedKey> for Credentials {
    fn from(key: IssuedKey) -> Self {
        Self {
            access_key_id: key.access_key_id,
            access_key_secret: key.secret.expose().to_owned(),
            security_token: key.security_token.expose().to_owned(),
            expiration: key.expires_at.to_rfc3339_opts(SecondsFormat::Secs, true),
        }
    }
}

/// The session of a role.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AssumedRoleUser {
    /// The id of the role, and the name of the session.
    assumed_role_id: String,
    /// The resource name of the role, and the name of the session.
    arn: String,
}

impl AssumedRoleUser {
    pub(super) fn of(session: &RoleSession) -> Self {
        let RoleArn { account, name } = &session.role;
        Self {
            assumed_role_id: session.id(),
            arn: format!("acs:ram::{account}:role/{name}/{}", session.name),
        }
    }
}
