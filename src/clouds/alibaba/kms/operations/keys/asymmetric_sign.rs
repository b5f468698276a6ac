//! `AsymmetricSign`: signs a digest.

use schemars::JsonSchema;
use serde::Serialize;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::key_version::KEY_VERSION_ID;
use super::pair_work::PAIR_ERRORS;
use crate::clouds::alibaba::kms::dry_run::{DRY_RUN_FLAG, checked};
use crate::clouds::alibaba::kms::keys::pair::{DIGEST_BYTES, SIGNING_ALGORITHM, SigningAlgorithm};
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Bytes, Required};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::KeyUsage;

/// The digest to sign.
pub(super) const DIGEST: Required<Bytes> = Required(Bytes {
    name: "Digest",
    maximum: DIGEST_BYTES,
    sensitive: false,
    help: "The digest of the message, in Base64: SHA-256; for SM2 the digest of GB/T 32918.",
});

/// Signs the digest of a message with a private key.
pub(crate) struct AsymmetricSign {
    key: KeyReference,
    version_id: String,
    algorithm: SigningAlgorithm,
    digest: Vec<u8>,
    dry_run: bool,
}

impl Operation<Rpc> for AsymmetricSign {
    const ACTION: &'static str = "AsymmetricSign";
    const SUMMARY: &'static str = "Signs the digest of a message with a key pair.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-asymmetricsign";
    const EVIDENCE: &'static str =
        "documented, SDK 3.3.1; statuses of `DryRun`, a key for another use: assumption";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[
        &KEY_ID,
        &KEY_VERSION_ID,
        &SIGNING_ALGORITHM,
        &DIGEST,
        &DRY_RUN_FLAG,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = PAIR_ERRORS;
    const IS_SLOW: bool = true;
    type Response = AsymmetricSignResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            key: KEY_ID.read(arguments)?,
            version_id: KEY_VERSION_ID.read(arguments)?,
            algorithm: SIGNING_ALGORITHM.read(arguments)?,
            digest: DIGEST.read(arguments)?,
            dry_run: DRY_RUN_FLAG.read(arguments),
        })
    }

    fn run(self, call: &Call) -> Result<AsymmetricSignResponse, ApiError> {
        let found = call.with_pair(
            &self.key,
            &self.version_id,
            "kms:AsymmetricSign",
            Some(KeyUsage::SignVerify),
            |pair| pair.sign(self.algorithm, &self.digest),
        );
        let found = checked(self.dry_run, found)?;
        Ok(AsymmetricSignResponse {
            value: STANDARD.encode(found.output),
            key_id: found.key_id,
            key_version_id: found.version_id,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `AsymmetricSign`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AsymmetricSignResponse {
    /// The signature, in Base64; ECDSA and SM2 in DER.
    value: String,
    /// The id of the key.
    key_id: String,
    /// The version of the key.
    key_version_id: String,
    /// The id of the request.
    request_id: String,
}
