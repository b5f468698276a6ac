//! `SetSecretPolicy`: sets the policy of a secret.

use crate::clouds::alibaba::kms::errors::VALUE_NOT_FOUND;
use crate::clouds::alibaba::kms::policy;
use crate::clouds::alibaba::kms::resource::{SECRET_NAME_OR_ARN, SecretReference};
use crate::clouds::alibaba::kms::shapes::EmptyResponse;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Choice, Json, Required};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::draft::Method;
use crate::clouds::service::{Operation, Parameter};

pub(super) const POLICY_NAME: Choice<()> = Choice {
    name: "PolicyName",
    values: &[("default", ())],
    help: "The name of the policy. There is only one.",
};

const POLICY: Required<Json<String>> = Required(Json {
    name: "Policy",
    help: "The policy, as JSON of at most 32,768 bytes. It applies to other accounts, and to callers with a policy.",
    max_items: None,
    sensitive: true,
    keys: Vec::new,
    parse: policy::parse,
});

/// Sets the policy of a secret.
pub(super) struct SetSecretPolicy {
    secret: SecretReference,
    policy: String,
}

impl Operation<Rpc> for SetSecretPolicy {
    const ACTION: &'static str = "SetSecretPolicy";
    const SUMMARY: &'static str = "Sets the policy of a secret.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-setsecretpolicy";
    const EVIDENCE: &'static str = "documented, SDK; the elements of a policy: documented (2024, 2025); POST only: documented; conditions, the code for GET: assumption";
    const DIFFERENCES: &'static str =
        "Works without a KMS instance. Callers of the account without a policy need no permission.";
    const PARAMETERS: &'static [&'static dyn Parameter] =
        &[&SECRET_NAME_OR_ARN, &POLICY_NAME, &POLICY];
    const ERRORS: &'static [&'static ErrorDescription] = &[&VALUE_NOT_FOUND];
    const WRITES: bool = true;
    const METHODS: &'static [Method] = &[Method::Post];
    type Response = EmptyResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let secret = SECRET_NAME_OR_ARN.read(arguments)?;
        POLICY_NAME.read(arguments)?;
        let policy = POLICY.read(arguments)?;
        Ok(Self { secret, policy })
    }

    fn run(self, call: &Call) -> Result<EmptyResponse, ApiError> {
        call.write(|store| {
            let (id, _) = call.find(store, &self.secret, &VALUE_NOT_FOUND)?;
            store.set_policy(id, &self.policy)?;
            Ok(EmptyResponse::new(call))
        })
    }
}
