//! `GetKmsInstance`: a KMS instance.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::alibaba::kms::errors::INSTANCE_NOT_FOUND;
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

/// Describes a KMS instance that a secret or key names.
pub(crate) struct GetKmsInstance {
    instance_id: String,
}

impl Operation<Rpc> for GetKmsInstance {
    const ACTION: &'static str = "GetKmsInstance";
    const SUMMARY: &'static str = "Describes a KMS instance.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getkmsinstance";
    const EVIDENCE: &'static str = "documented, SDK 3.3.1; an unknown instance: assumption";
    const DIFFERENCES: &'static str = "An account has the KMS instances that its secrets and keys name. Their properties are always the same, and times and networks are missing.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&REQUIRED_INSTANCE_ID];
    const ERRORS: &'static [&'static ErrorDescription] = &[&INSTANCE_NOT_FOUND];
    type Response = GetKmsInstanceResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            instance_id: REQUIRED_INSTANCE_ID.read(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<GetKmsInstanceResponse, ApiError> {
        let ids = call.read(|store| Ok(store.instance_ids(&call.scope)?))?;
        if !ids.contains(&self.instance_id) {
            return Err((&INSTANCE_NOT_FOUND).into());
        }
        Ok(GetKmsInstanceResponse {
            kms_instance: KmsInstance {
                instance_name: self.instance_id.clone(),
                instance_id: self.instance_id,
                status: "Connected",
                spec: 1000,
                key_num: 1000,
                secret_num: "1000",
                vpc_num: 5,
                bind_vpcs: BoundVpcs {
                    bind_vpc: Vec::new(),
                },
            },
            request_id: call.request_id(),
        })
    }
}

/// The reply to `GetKmsInstance`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetKmsInstanceResponse {
    /// The instance.
    kms_instance: KmsInstance,
    /// The id of the request.
    request_id: String,
}

/// A KMS instance.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct KmsInstance {
    /// Its id.
    instance_id: String,
    /// Its name.
    instance_name: String,
    /// Its state: `Connected`.
    status: &'static str,
    /// Its requests per second.
    spec: u32,
    /// The number of keys that it can have.
    key_num: u32,
    /// The number of secrets that it can have: a text, unlike the others.
    secret_num: &'static str,
    /// The number of networks that it can have.
    vpc_num: u32,
    /// Its networks: none.
    bind_vpcs: BoundVpcs,
}

/// A list of networks.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct BoundVpcs {
    /// The networks.
    bind_vpc: Vec<String>,
}
