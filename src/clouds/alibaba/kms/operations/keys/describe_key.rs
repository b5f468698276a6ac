//! `DescribeKey`: the metadata of a key.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::alibaba::kms::errors::{ALIAS_NOT_FOUND, KEY_NOT_FOUND};
use crate::clouds::alibaba::kms::keys::metadata::KeyMetadata;
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

/// Describes a key, in every state.
pub(crate) struct DescribeKey {
    key: KeyReference,
}

impl Operation<Rpc> for DescribeKey {
    const ACTION: &'static str = "DescribeKey";
    const SUMMARY: &'static str = "Describes a key, without its material.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describekey";
    const EVIDENCE: &'static str = "documented, SDK";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&KEY_ID];
    const ERRORS: &'static [&'static ErrorDescription] = &[&KEY_NOT_FOUND, &ALIAS_NOT_FOUND];
    type Response = DescribeKeyResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            key: KEY_ID.read(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<DescribeKeyResponse, ApiError> {
        let key_metadata = call.read(|store| {
            let found = call.find_shared_key(store, &self.key, Some("kms:DescribeKey"))?;
            KeyMetadata::described(call, store, &self.key, found)
        })?;
        Ok(DescribeKeyResponse {
            key_metadata,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `DescribeKey`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DescribeKeyResponse {
    /// The key.
    key_metadata: KeyMetadata,
    /// The id of the request.
    request_id: String,
}
