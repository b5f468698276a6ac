//! `SetKeyPolicy`: sets the policy of a key.

use crate::clouds::alibaba::kms::errors::{
    ALIAS_NOT_FOUND, KEY_NOT_FOUND, POLICY_NOT_FOUND, UNSUPPORTED_FOR_KEY,
};
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference};
use crate::clouds::alibaba::kms::operations::set_secret_policy::POLICY_NAME;
use crate::clouds::alibaba::kms::policy;
use crate::clouds::alibaba::kms::shapes::EmptyResponse;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Json, Required};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

const POLICY: Required<Json<String>> = Required(Json {
    name: "Policy",
    help: "The policy, as JSON of at most 32,768 bytes. It applies to other accounts, and to callers with a policy.",
    max_items: None,
    sensitive: true,
    keys: Vec::new,
    parse: policy::parse,
});

/// Sets the policy of a key.
pub(crate) struct SetKeyPolicy {
    key: KeyReference,
    policy: String,
}

impl Operation<Rpc> for SetKeyPolicy {
    const ACTION: &'static str = "SetKeyPolicy";
    const SUMMARY: &'static str = "Sets the policy of a key.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-setkeypolicy";
    const EVIDENCE: &'static str = "documented, SDK; conditions: assumption";
    const DIFFERENCES: &'static str =
        "Works without a KMS instance. Callers of the account without a policy need no permission.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&KEY_ID, &POLICY_NAME, &POLICY];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &KEY_NOT_FOUND,
        &ALIAS_NOT_FOUND,
        &UNSUPPORTED_FOR_KEY,
        &POLICY_NOT_FOUND,
    ];
    const WRITES: bool = true;
    type Response = EmptyResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let key = KEY_ID.read(arguments)?;
        POLICY_NAME.read(arguments)?;
        let policy = POLICY.read(arguments)?;
        Ok(Self { key, policy })
    }

    fn run(self, call: &Call) -> Result<EmptyResponse, ApiError> {
        call.write(|store| {
            let (id, _) = call.find_user_key(store, &self.key)?;
            store.set_cmk_policy(id, &self.policy)?;
            Ok(EmptyResponse::new(call))
        })
    }
}
