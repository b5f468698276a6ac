//! `GetPublicKey`: the public key of a key pair.

use schemars::JsonSchema;
use serde::Serialize;

use super::key_version::KEY_VERSION_ID;
use super::pair_work::PAIR_ERRORS;
use crate::clouds::alibaba::kms::dry_run::{DRY_RUN_FLAG, checked};
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

/// Returns the public key of a version of a key pair.
pub(crate) struct GetPublicKey {
    key: KeyReference,
    version_id: String,
    dry_run: bool,
}

impl Operation<Rpc> for GetPublicKey {
    const ACTION: &'static str = "GetPublicKey";
    const SUMMARY: &'static str = "Returns the public key of a key pair.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getpublickey";
    const EVIDENCE: &'static str =
        "documented, SDK 3.3.1; statuses of `DryRun`, a key for another use: assumption";
    const PARAMETERS: &'static [&'static dyn Parameter] =
        &[&KEY_ID, &KEY_VERSION_ID, &DRY_RUN_FLAG];
    const ERRORS: &'static [&'static ErrorDescription] = PAIR_ERRORS;
    type Response = GetPublicKeyResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            key: KEY_ID.read(arguments)?,
            version_id: KEY_VERSION_ID.read(arguments)?,
            dry_run: DRY_RUN_FLAG.read(arguments),
        })
    }

    fn run(self, call: &Call) -> Result<GetPublicKeyResponse, ApiError> {
        let found = call.with_pair(
            &self.key,
            &self.version_id,
            "kms:GetPublicKey",
            None,
            |pair| pair.public_key(),
        );
        let found = checked(self.dry_run, found)?;
        Ok(GetPublicKeyResponse {
            public_key: found.output,
            key_id: found.key_id,
            key_version_id: found.version_id,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `GetPublicKey`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetPublicKeyResponse {
    /// The public key, in PEM.
    public_key: String,
    /// The id of the key.
    key_id: String,
    /// The version of the key.
    key_version_id: String,
    /// The id of the request.
    request_id: String,
}
