//! `GetCallerIdentity`: the identity that the access key of a request has.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::alibaba::sts::role::id_of;
use crate::clouds::service::{Operation, Parameter};

/// Returns the identity of the caller.
pub(super) struct GetCallerIdentity;

impl Operation<Rpc> for GetCallerIdentity {
    const ACTION: &'static str = "GetCallerIdentity";
    const SUMMARY: &'static str = "Returns the account and the identity of the access key.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/ram/developer-reference/api-sts-2015-04-01-getcalleridentity";
    const EVIDENCE: &'static str = "documented, SDK";
    const DIFFERENCES: &'static str = "A configured access key is a RAM user with the name of the key id; a request without a key is the account.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[];
    const ERRORS: &'static [&'static ErrorDescription] = &[];
    type Response = GetCallerIdentityResponse;

    fn parse(_: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self)
    }

    fn run(self, call: &Call) -> Result<GetCallerIdentityResponse, ApiError> {
        let account = &call.scope.account;
        let reply = |identity_type, arn: String, principal_id: String| GetCallerIdentityResponse {
            identity_type,
            account_id: account.clone(),
            request_id: call.request_id(),
            principal_id,
            user_id: None,
            role_id: None,
            arn,
        };
        let Some(id) = call.access_key_id else {
            let arn = format!("acs:ram::{account}:root");
            return Ok(reply("Account", arn, account.clone()));
        };
        let keys = call.context.auth.credentials.keys();
        let key = keys.get(id);
        let session = key.as_deref().and_then(|key| key.session.as_ref());
        Ok(if let Some(session) = session {
            let principal = session.principal.clone();
            let role_id = principal.id.split(':').next().map(str::to_owned);
            GetCallerIdentityResponse {
                role_id,
                ..reply("AssumedRoleUser", principal.arn, principal.id)
            }
        } else {
            let arn = format!("acs:ram::{account}:user/{id}");
            let user_id = id_of(&arn);
            GetCallerIdentityResponse {
                user_id: Some(user_id.clone()),
                ..reply("RAMUser", arn, user_id)
            }
        })
    }
}

/// The reply to `GetCallerIdentity`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetCallerIdentityResponse {
    /// `Account`, `RAMUser` or `AssumedRoleUser`.
    identity_type: &'static str,
    /// The account.
    account_id: String,
    /// The id of the request.
    request_id: String,
    /// The id of the account, the user or the session.
    principal_id: String,
    /// The id of the user.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<String>,
    /// The id of the role.
    #[serde(skip_serializing_if = "Option::is_none")]
    role_id: Option<String>,
    /// The resource name of the caller.
    arn: String,
}
