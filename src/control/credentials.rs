//! Issues temporary access keys of Alibaba Cloud for SDKs.

use chrono::{SecondsFormat, TimeDelta};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::endpoint::{Call, Endpoint, Json, NoBody};
use super::error::{ControlError, ErrorCode};
use crate::clouds::alibaba::RoleSession;
use crate::clouds::auth::credentials::tenant_key_id;
use crate::emulator::values::Account;

/// The lifetime of keys.
const LIFETIME: TimeDelta = TimeDelta::hours(1);

/// Issues a key.
pub(super) struct Issue;

/// The account of the key.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Selected {
    /// The account; by default the default account.
    account: Option<Account>,
    /// The account of a tenant, which must exist; overrides `account`.
    tenant: Option<Account>,
}

/// A temporary key, as the SDKs of Alibaba Cloud read it.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TemporaryKey {
    /// `Success`.
    code: &'static str,
    /// The access key id.
    access_key_id: String,
    /// The access key secret.
    access_key_secret: String,
    /// The token to send with requests.
    security_token: String,
    /// When the key expires, by the clock of the account.
    expiration: String,
}

impl Endpoint for Issue {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/credentials";
    const SUMMARY: &'static str = "Issues a temporary access key of Alibaba Cloud that is valid for an hour. SDKs read it from the URL in \
         `ALIBABA_CLOUD_CREDENTIALS_URI`.";
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::TenantNotFound];
    type Parameters = Selected;
    type Body = NoBody;
    type Reply = Json<TemporaryKey>;

    fn run(call: &Call, selected: Selected, _: NoBody) -> Result<Self::Reply, ControlError> {
        let credentials = &call.emulator.auth.credentials;
        let account = match (selected.account, selected.tenant) {
            (Some(account), None) => account.0,
            (_, Some(tenant)) => {
                let keys = credentials.keys();
                if keys.get(&tenant_key_id(&tenant.0)).is_none() {
                    return Err(ControlError::new(
                        ErrorCode::TenantNotFound,
                        "query.tenant",
                        "there is no tenant with this account",
                    ));
                }
                tenant.0
            }
            (None, None) => credentials.default_account().to_owned(),
        };
        let session = RoleSession::of_emulator(&account);
        let key = session.issue(
            credentials,
            &account,
            call.emulator.now_in(&account) + LIFETIME,
        );
        Ok(Json(TemporaryKey {
            code: "Success",
            access_key_id: key.access_key_id,
            access_key_secret: key.secret.expose().to_owned(),
            security_token: key.security_token.expose().to_owned(),
            expiration: key.expires_at.to_rfc3339_opts(SecondsFormat::Secs, true),
        }))
    }
}
