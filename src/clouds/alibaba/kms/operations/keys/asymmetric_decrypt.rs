//! `AsymmetricDecrypt`: decrypts data with a private key.

use schemars::JsonSchema;
use serde::Serialize;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::key_version::KEY_VERSION_ID;
use super::pair_work::PAIR_ERRORS;
use crate::clouds::alibaba::kms::dry_run::{DRY_RUN_FLAG, checked};
use crate::clouds::alibaba::kms::errors::UNSUPPORTED;
use crate::clouds::alibaba::kms::keys::encryption::CIPHERTEXT_BLOB;
use crate::clouds::alibaba::kms::keys::pair::{ENCRYPTION_ALGORITHM, EncryptionAlgorithm};
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference};
use crate::clouds::alibaba::kms::operations::get_secret_value::RECIPIENT;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Bytes, Optional, Required};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::KeyUsage;

const CIPHERTEXT: Required<Bytes> = Required(CIPHERTEXT_BLOB);

/// Decrypts data that was encrypted with a public key.
pub(crate) struct AsymmetricDecrypt {
    key: KeyReference,
    version_id: String,
    algorithm: EncryptionAlgorithm,
    ciphertext: Vec<u8>,
    dry_run: bool,
    recipient: Option<String>,
}

impl Operation<Rpc> for AsymmetricDecrypt {
    const ACTION: &'static str = "AsymmetricDecrypt";
    const SUMMARY: &'static str = "Decrypts data with the private key of a key pair.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-asymmetricdecrypt";
    const EVIDENCE: &'static str = "documented, SDK 3.3.1; the code for changed bytes: assumption; statuses of `DryRun`, a key for another use: assumption";
    const DIFFERENCES: &'static str = "A request with `Recipient` returns `UnsupportedOperation`.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[
        &KEY_ID,
        &KEY_VERSION_ID,
        &ENCRYPTION_ALGORITHM,
        &CIPHERTEXT,
        &DRY_RUN_FLAG,
        &RECIPIENT,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = PAIR_ERRORS;
    const IS_SLOW: bool = true;
    type Response = AsymmetricDecryptResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            key: KEY_ID.read(arguments)?,
            version_id: KEY_VERSION_ID.read(arguments)?,
            algorithm: ENCRYPTION_ALGORITHM.read(arguments)?,
            ciphertext: CIPHERTEXT.read(arguments)?,
            dry_run: DRY_RUN_FLAG.read(arguments),
            recipient: RECIPIENT.find(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<AsymmetricDecryptResponse, ApiError> {
        if self.recipient.is_some() {
            return Err((&UNSUPPORTED).into());
        }
        let found = call.with_pair(
            &self.key,
            &self.version_id,
            "kms:AsymmetricDecrypt",
            Some(KeyUsage::EncryptDecrypt),
            |pair| pair.decrypt(self.algorithm, &self.ciphertext),
        );
        let found = checked(self.dry_run, found)?;
        Ok(AsymmetricDecryptResponse {
            plaintext: STANDARD.encode(found.output),
            key_id: found.key_id,
            key_version_id: found.version_id,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `AsymmetricDecrypt`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AsymmetricDecryptResponse {
    /// The plaintext, in Base64.
    plaintext: String,
    /// The id of the key.
    key_id: String,
    /// The version of the key.
    key_version_id: String,
    /// The id of the request.
    request_id: String,
}
