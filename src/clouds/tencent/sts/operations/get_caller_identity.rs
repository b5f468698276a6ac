//! `GetCallerIdentity`: the identity that the key of a request has.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};

/// Returns the identity of the caller.
pub(super) struct GetCallerIdentity;

impl Operation<Api3> for GetCallerIdentity {
    const ACTION: &'static str = "GetCallerIdentity";
    const SUMMARY: &'static str = "Returns the account and the identity of the key.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1150/49453";
    const EVIDENCE: &'static str = "documented, SDK; a permanent key: assumption";
    const DIFFERENCES: &'static str = "The user of a permanent key has the number of its account.";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[];
    const ERRORS: &'static [&'static ErrorDescription] = &[];
    type Response = GetCallerIdentityResponse;

    fn parse(_: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self)
    }

    fn run(self, call: &Call) -> Result<GetCallerIdentityResponse, ApiError> {
        let account = &call.scope.account;
        let keys = call.context.auth.credentials.keys();
        let key = call.access_key_id.and_then(|id| keys.get(id));
        let session = key.as_deref().and_then(|key| key.session.as_ref());
        let (arn, user_id, principal_id) = match session.map(|session| &session.principal) {
            Some(principal) => (
                principal.arn.clone(),
                principal.id.clone(),
                principal.requester.clone(),
            ),
            None => (
                format!("qcs::cam:{account}:uin/{account}"),
                account.clone(),
                account.clone(),
            ),
        };
        Ok(GetCallerIdentityResponse {
            identity_type: if arn.contains(":assumed-role/") {
                "CAMRole"
            } else {
                "CAMUser"
            },
            arn,
            account_id: account.clone(),
            user_id,
            principal_id,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `GetCallerIdentity`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetCallerIdentityResponse {
    /// The resource name of the caller.
    arn: String,
    /// The account.
    account_id: String,
    /// The id of the user; of a role with the name of the session.
    user_id: String,
    /// The account that the key was issued for.
    principal_id: String,
    /// `CAMUser` or `CAMRole`.
    #[serde(rename = "Type")]
    identity_type: &'static str,
    /// The id of the request.
    request_id: String,
}
