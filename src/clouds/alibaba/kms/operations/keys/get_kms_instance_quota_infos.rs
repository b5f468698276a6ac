//! `GetKmsInstanceQuotaInfos`: how much of a KMS instance is used.

use schemars::JsonSchema;
use serde::Serialize;

use super::get_kms_instance::KMS_INSTANCE_ID;
use crate::clouds::alibaba::kms::errors::INSTANCE_NOT_FOUND;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Optional, Required, Text, Word};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

const REQUIRED_INSTANCE_ID: Required<Text> = Required(KMS_INSTANCE_ID);

const RESOURCE_TYPE: Word<&str> = Word {
    name: "ResourceType",
    values: &["key", "secret", "qps", "vpc"],
    word: |name| name,
    default: None,
    help: "The resource whose quota to return. Without it, all are returned.",
};

/// Returns the quotas of a KMS instance, and how much of them is used.
pub(crate) struct GetKmsInstanceQuotaInfos {
    instance_id: String,
    resource_type: Option<&'static str>,
}

impl Operation<Rpc> for GetKmsInstanceQuotaInfos {
    const ACTION: &'static str = "GetKmsInstanceQuotaInfos";
    const SUMMARY: &'static str =
        "Returns the quotas of a KMS instance, and how much of them is used.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getkmsinstancequotainfos";
    const EVIDENCE: &'static str = "SDK 3.3.1; all quotas without a type: assumption";
    const DIFFERENCES: &'static str = "`qps` is not applied, nor measured.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&REQUIRED_INSTANCE_ID, &RESOURCE_TYPE];
    const ERRORS: &'static [&'static ErrorDescription] = &[&INSTANCE_NOT_FOUND];
    type Response = GetKmsInstanceQuotaInfosResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            instance_id: REQUIRED_INSTANCE_ID.read(arguments)?,
            resource_type: RESOURCE_TYPE.find(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<GetKmsInstanceQuotaInfosResponse, ApiError> {
        let (quotas, keys, secrets) = call.read(|store| {
            let instance = call.find_instance(store, &self.instance_id)?;
            let keys = instance.count_keys(store, &call.scope)?;
            let secrets = instance.count_secrets(store, &call.scope)?;
            Ok((instance.quotas(), keys, secrets))
        })?;
        let quotas = [
            ("key", quotas.keys, keys),
            ("secret", quotas.secrets, secrets),
            ("qps", quotas.requests_per_second, 0),
            ("vpc", quotas.vpcs, quotas.used_vpcs),
        ];
        let wanted = |name| self.resource_type.is_none_or(|wanted| wanted == name);
        let quotas = quotas.into_iter().filter(|(name, ..)| wanted(*name));
        let quota = |(resource_type, resource_quota, used_quantity)| Quota {
            resource_type,
            resource_quota,
            used_quantity,
        };
        Ok(GetKmsInstanceQuotaInfosResponse {
            kms_instance_quota_infos: quotas.map(quota).collect(),
            kms_instance_id: self.instance_id,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `GetKmsInstanceQuotaInfos`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetKmsInstanceQuotaInfosResponse {
    /// The id of the instance.
    kms_instance_id: String,
    /// The quotas.
    kms_instance_quota_infos: Vec<Quota>,
    /// The id of the request.
    request_id: String,
}

/// A quota.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct Quota {
    /// The resource: `key`, `secret`, `qps` or `vpc`.
    resource_type: &'static str,
    /// The quota.
    resource_quota: u64,
    /// How much of it is used.
    used_quantity: u64,
}
