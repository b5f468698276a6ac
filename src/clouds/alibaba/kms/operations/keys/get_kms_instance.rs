//! `GetKmsInstance`: a KMS instance.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::alibaba::kms::errors::INSTANCE_NOT_FOUND;
use crate::clouds::alibaba::kms::instances::KmsInstance;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Required, Text, TextRule};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

/// The id of a KMS instance.
pub(super) const KMS_INSTANCE_ID: Text = Text {
    name: "KmsInstanceId",
    rule: TextRule::Characters(256),
    sensitive: false,
    help: "The id of the KMS instance.",
};

const REQUIRED_INSTANCE_ID: Required<Text> = Required(KMS_INSTANCE_ID);

/// Describes a KMS instance.
pub(crate) struct GetKmsInstance {
    instance_id: String,
}

impl Operation<Rpc> for GetKmsInstance {
    const ACTION: &'static str = "GetKmsInstance";
    const SUMMARY: &'static str = "Describes a KMS instance.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getkmsinstance";
    const EVIDENCE: &'static str = "documented, SDK 3.3.1; an unknown instance: assumption";
    const DIFFERENCES: &'static str = "Instances come from fixtures and `--kms-instance`. For properties that a fixture does not have, the reply has defaults. The certificate is that of the server's certificate authority.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&REQUIRED_INSTANCE_ID];
    const ERRORS: &'static [&'static ErrorDescription] = &[&INSTANCE_NOT_FOUND];
    type Response = GetKmsInstanceResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            instance_id: REQUIRED_INSTANCE_ID.read(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<GetKmsInstanceResponse, ApiError> {
        let instance = call.read(|store| call.find_instance(store, &self.instance_id))?;
        Ok(GetKmsInstanceResponse {
            kms_instance: instance.completed(&call.scope, call.context.authority),
            request_id: call.request_id(),
        })
    }
}

/// The reply to `GetKmsInstance`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetKmsInstanceResponse {
    /// The instance.
    kms_instance: KmsInstance,
    /// The id of the request.
    request_id: String,
}
