//! `GetSecretPolicy`: the policy of a secret.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use crate::clouds::alibaba::kms::errors::VALUE_NOT_FOUND;
use crate::clouds::alibaba::kms::resource::{SECRET_NAME_OR_ARN, SecretReference};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Optional, Text, TextRule};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

pub(super) const POLICY_NAME: Text = Text {
    name: "PolicyName",
    rule: TextRule::Characters(128),
    sensitive: false,
    help: "The name of the policy: `default`. No other is found.",
};

/// Whether a request is for the policy `default`, which is the only one.
pub(super) fn is_default(arguments: &Arguments) -> Result<bool, ApiError> {
    let name = POLICY_NAME.find(arguments)?;
    Ok(name.is_none_or(|name| name == "default"))
}

/// Reads the policy of a secret, or the default policy if none was set.
pub(super) struct GetSecretPolicy {
    secret: SecretReference,
    is_default: bool,
}

impl Operation<Rpc> for GetSecretPolicy {
    const ACTION: &'static str = "GetSecretPolicy";
    const SUMMARY: &'static str = "Reads the policy of a secret.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getsecretpolicy";
    const EVIDENCE: &'static str = "documented, SDK";
    const DIFFERENCES: &'static str = "Works without a KMS instance.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&SECRET_NAME_OR_ARN, &POLICY_NAME];
    const ERRORS: &'static [&'static ErrorDescription] = &[&VALUE_NOT_FOUND];
    type Response = GetSecretPolicyResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            secret: SECRET_NAME_OR_ARN.read(arguments)?,
            is_default: is_default(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<GetSecretPolicyResponse, ApiError> {
        let policy = call.read(|store| {
            let (id, _) = call.find(store, &self.secret, &VALUE_NOT_FOUND)?;
            if !self.is_default {
                return Err((&VALUE_NOT_FOUND).into());
            }
            Ok(store.policy(id)?)
        })?;
        Ok(GetSecretPolicyResponse {
            policy: policy.unwrap_or_else(|| default_policy(call, "kms default secret policy")),
            request_id: call.request_id(),
        })
    }
}

/// The policy of a secret or key that has none: the account may do everything.
pub(super) fn default_policy(call: &Call, sid: &str) -> String {
    let account = &call.scope.account;
    let policy = json!({
        "Version": "1",
        "Statement": [{
            "Sid": sid,
            "Effect": "Allow",
            "Principal": { "RAM": [format!("acs:ram::{account}:*")] },
            "Action": ["kms:*"],
            "Resource": ["*"],
        }],
    });
    policy.to_string()
}

/// The reply to `GetSecretPolicy`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetSecretPolicyResponse {
    /// The policy, as JSON text.
    policy: String,
    /// The id of the request.
    request_id: String,
}
