//! `AsymmetricVerify`: checks a signature.

use schemars::JsonSchema;
use serde::Serialize;

use super::asymmetric_sign::DIGEST;
use super::key_version::KEY_VERSION_ID;
use super::pair_work::PAIR_ERRORS;
use crate::clouds::alibaba::kms::dry_run::{DRY_RUN_FLAG, checked};
use crate::clouds::alibaba::kms::keys::pair::{SIGNING_ALGORITHM, SigningAlgorithm};
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Bytes, Required};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::KeyUsage;

const VALUE: Required<Bytes> = Required(Bytes {
    name: "Value",
    maximum: 1024,
    sensitive: false,
    help: "The signature, in Base64.",
});

/// Checks the signature of a digest. A wrong signature is not an error.
pub(crate) struct AsymmetricVerify {
    key: KeyReference,
    version_id: String,
    algorithm: SigningAlgorithm,
    digest: Vec<u8>,
    signature: Vec<u8>,
    dry_run: bool,
}

impl Operation<Rpc> for AsymmetricVerify {
    const ACTION: &'static str = "AsymmetricVerify";
    const SUMMARY: &'static str = "Checks the signature of the digest of a message.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-asymmetricverify";
    const EVIDENCE: &'static str =
        "documented, SDK 3.3.1; statuses of `DryRun`, a key for another use: assumption";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[
        &KEY_ID,
        &KEY_VERSION_ID,
        &SIGNING_ALGORITHM,
        &DIGEST,
        &VALUE,
        &DRY_RUN_FLAG,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = PAIR_ERRORS;
    type Response = AsymmetricVerifyResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            key: KEY_ID.read(arguments)?,
            version_id: KEY_VERSION_ID.read(arguments)?,
            algorithm: SIGNING_ALGORITHM.read(arguments)?,
            digest: DIGEST.read(arguments)?,
            signature: VALUE.read(arguments)?,
            dry_run: DRY_RUN_FLAG.read(arguments),
        })
    }

    fn run(self, call: &Call) -> Result<AsymmetricVerifyResponse, ApiError> {
        let found = call.with_pair(
            &self.key,
            &self.version_id,
            "kms:AsymmetricVerify",
            Some(KeyUsage::SignVerify),
            |pair| pair.verify(self.algorithm, &self.digest, &self.signature),
        );
        let found = checked(self.dry_run, found)?;
        Ok(AsymmetricVerifyResponse {
            value: found.output,
            key_id: found.key_id,
            key_version_id: found.version_id,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `AsymmetricVerify`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AsymmetricVerifyResponse {
    /// Whether the signature is that of the digest.
    value: bool,
    /// The id of the key.
    key_id: String,
    /// The version of the key.
    key_version_id: String,
    /// The id of the request.
    request_id: String,
}
