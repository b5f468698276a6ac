//! `AsymmetricEncrypt`: encrypts data with a public key.

use schemars::JsonSchema;
use serde::Serialize;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::key_version::KEY_VERSION_ID;
use super::pair_work::PAIR_ERRORS;
use crate::clouds::alibaba::kms::dry_run::{DRY_RUN_FLAG, checked};
use crate::clouds::alibaba::kms::keys::pair::{ENCRYPTION_ALGORITHM, EncryptionAlgorithm};
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Bytes, Required};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::KeyUsage;

const PLAINTEXT: Required<Bytes> = Required(Bytes {
    name: "Plaintext",
    maximum: 6047,
    sensitive: true,
    help: "The data to encrypt, in Base64. RSA encrypts as much as the key and the padding leave.",
});

/// Encrypts data with a public key.
pub(crate) struct AsymmetricEncrypt {
    key: KeyReference,
    version_id: String,
    algorithm: EncryptionAlgorithm,
    plaintext: Vec<u8>,
    dry_run: bool,
}

impl Operation<Rpc> for AsymmetricEncrypt {
    const ACTION: &'static str = "AsymmetricEncrypt";
    const SUMMARY: &'static str = "Encrypts data with the public key of a key pair.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-asymmetricencrypt";
    const EVIDENCE: &'static str =
        "documented, SDK 3.3.1; statuses of `DryRun`, a key for another use: assumption";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[
        &KEY_ID,
        &KEY_VERSION_ID,
        &ENCRYPTION_ALGORITHM,
        &PLAINTEXT,
        &DRY_RUN_FLAG,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = PAIR_ERRORS;
    type Response = AsymmetricEncryptResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            key: KEY_ID.read(arguments)?,
            version_id: KEY_VERSION_ID.read(arguments)?,
            algorithm: ENCRYPTION_ALGORITHM.read(arguments)?,
            plaintext: PLAINTEXT.read(arguments)?,
            dry_run: DRY_RUN_FLAG.read(arguments),
        })
    }

    fn run(self, call: &Call) -> Result<AsymmetricEncryptResponse, ApiError> {
        let found = call.with_pair(
            &self.key,
            &self.version_id,
            "kms:AsymmetricEncrypt",
            Some(KeyUsage::EncryptDecrypt),
            |pair| pair.encrypt(self.algorithm, &self.plaintext),
        );
        let found = checked(self.dry_run, found)?;
        Ok(AsymmetricEncryptResponse {
            ciphertext_blob: STANDARD.encode(found.output),
            key_id: found.key_id,
            key_version_id: found.version_id,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `AsymmetricEncrypt`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AsymmetricEncryptResponse {
    /// The ciphertext, in Base64.
    ciphertext_blob: String,
    /// The id of the key.
    key_id: String,
    /// The version of the key.
    key_version_id: String,
    /// The id of the request.
    request_id: String,
}
