//! The credentials URI: issues temporary access keys of Alibaba Cloud for SDKs.

use chrono::{SecondsFormat, TimeDelta};
use schemars::JsonSchema;
use serde::Deserialize;

use super::endpoint::{Call, Endpoint, Json, NoBody};
use super::error::{ControlError, ErrorCode};
use crate::clouds::alibaba::RoleSession;
use crate::clouds::alibaba::credentials_uri::{self, TemporaryKey};
use crate::clouds::auth::credentials::tenant_key_id;
use crate::clouds::context::Context;
use crate::clouds::credential_source::{CredentialRequest, SourceReply, SourceRequest};
use crate::clouds::outcome::OK;
use crate::emulator::Emulator;
use crate::emulator::values::Account;
use crate::http::wire::WireRequest;
use crate::model::Cloud;

/// The lifetime of keys.
const LIFETIME: TimeDelta = TimeDelta::hours(1);

/// A request for the credentials URI.
pub(crate) struct CredentialsUriRequest<'a> {
    emulator: &'a Emulator,
    wire: &'a WireRequest,
    /// The account that the request names.
    account: Option<String>,
}

/// A request for the credentials URI, to be recorded like one of a cloud's API.
pub(crate) fn request<'a>(
    emulator: &'a Emulator,
    wire: &'a WireRequest,
) -> CredentialRequest<CredentialsUriRequest<'a>> {
    let parameters: Vec<_> = form_urlencoded::parse(wire.query.as_bytes()).collect();
    let named = |wanted| parameters.iter().find(|(name, _)| name == wanted);
    let account = named("tenant").or_else(|| named("account"));
    CredentialRequest(CredentialsUriRequest {
        emulator,
        wire,
        account: account.map(|(_, account)| account.to_string()),
    })
}

impl SourceRequest for CredentialsUriRequest<'_> {
    fn cloud(&self) -> Cloud {
        Cloud::Alibaba
    }

    fn resource(&self) -> Option<&'static str> {
        Some(credentials_uri::PATH)
    }

    fn path(&self) -> &str {
        credentials_uri::PATH
    }

    fn methods(&self) -> &'static str {
        "GET, HEAD"
    }

    fn sent_parameters(&self) -> u64 {
        credentials_uri::RESOURCE.sent_parameters(self.wire, None)
    }

    fn account_key_id(&self) -> Option<&str> {
        self.account.as_deref()
    }

    fn region(&self) -> &str {
        self.emulator.clouds.get(Cloud::Alibaba).default_region()
    }

    fn answer(&self, _: &Context, _: &str) -> (SourceReply, &'static str) {
        match super::answer(self.emulator, self.wire) {
            Ok(reply) => (SourceReply::of_wire(reply), OK),
            Err(error) => {
                let code = error.code.name();
                (SourceReply::of_wire(error.into()), code)
            }
        }
    }
}

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

impl Endpoint for Issue {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = credentials_uri::PATH;
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
