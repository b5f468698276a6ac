//! `GetKeyPolicy`: the policy of a key.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::alibaba::kms::errors::{ALIAS_NOT_FOUND, KEY_NOT_FOUND, POLICY_NOT_FOUND};
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference};
use crate::clouds::alibaba::kms::operations::get_secret_policy::{
    POLICY_NAME, default_policy, is_default,
};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

/// Reads the policy of a key. A key without one has the default policy.
pub(crate) struct GetKeyPolicy {
    key: KeyReference,
    is_default: bool,
}

impl Operation<Rpc> for GetKeyPolicy {
    const ACTION: &'static str = "GetKeyPolicy";
    const SUMMARY: &'static str = "Reads the policy of a key.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getkeypolicy";
    const EVIDENCE: &'static str = "documented, SDK; the default policy: documented (overview)";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&KEY_ID, &POLICY_NAME];
    const ERRORS: &'static [&'static ErrorDescription] =
        &[&KEY_NOT_FOUND, &ALIAS_NOT_FOUND, &POLICY_NOT_FOUND];
    type Response = GetKeyPolicyResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let key = KEY_ID.read(arguments)?;
        let is_default = is_default(arguments)?;
        Ok(Self { key, is_default })
    }

    fn run(self, call: &Call) -> Result<GetKeyPolicyResponse, ApiError> {
        let policy = call.read(|store| {
            let (id, _) = call.find_key(store, &self.key)?;
            if !self.is_default {
                return Err((&POLICY_NOT_FOUND).into());
            }
            Ok(store.cmk_policy(id)?)
        })?;
        Ok(GetKeyPolicyResponse {
            policy: policy.unwrap_or_else(|| default_policy(call, "kms default key policy")),
            request_id: call.request_id(),
        })
    }
}

/// The reply to `GetKeyPolicy`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetKeyPolicyResponse {
    /// The policy, as JSON.
    policy: String,
    /// The id of the request.
    request_id: String,
}
