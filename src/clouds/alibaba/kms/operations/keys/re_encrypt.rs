//! `ReEncrypt`: decrypts data, and encrypts it with another key.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::alibaba::kms::dry_run::{DRY_RUN_FLAG, checked};
use crate::clouds::alibaba::kms::keys::context::{
    self, DESTINATION_ENCRYPTION_CONTEXT, SOURCE_ENCRYPTION_CONTEXT,
};
use crate::clouds::alibaba::kms::keys::encryption::CIPHERTEXT_BLOB;
use crate::clouds::alibaba::kms::keys::reference::{
    DESTINATION_KEY_ID, KeyReference, SOURCE_KEY_ID,
};

use crate::clouds::alibaba::kms::errors::UNSUPPORTED;
use crate::clouds::alibaba::kms::keys::encryption::ENCRYPTION_ERRORS;
use crate::clouds::alibaba::rpc::error::{ApiError, Refusal};
use crate::clouds::alibaba::rpc::parameter::{
    Arguments, Bytes, Optional, Required, Text, TextRule,
};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

const REQUIRED_CIPHERTEXT_BLOB: Required<Bytes> = Required(CIPHERTEXT_BLOB);

const SOURCE_KEY_VERSION_ID: Text = Text {
    name: "SourceKeyVersionId",
    rule: TextRule::Characters(64),
    sensitive: false,
    help: "The version of the key pair that decrypts.",
};

const SOURCE_ENCRYPTION_ALGORITHM: Text = Text {
    name: "SourceEncryptionAlgorithm",
    rule: TextRule::Characters(64),
    sensitive: false,
    help: "The algorithm of the key pair that decrypts.",
};

/// Decrypts a ciphertext, and encrypts the data with the newest version of a key.
pub(crate) struct ReEncrypt {
    ciphertext: Vec<u8>,
    source_context: Vec<u8>,
    destination: KeyReference,
    destination_context: Vec<u8>,
    dry_run: bool,
    is_of_key_pair: bool,
}

impl Operation<Rpc> for ReEncrypt {
    const ACTION: &'static str = "ReEncrypt";
    const SUMMARY: &'static str =
        "Decrypts a ciphertext and encrypts it again, without revealing the data.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-reencrypt";
    const EVIDENCE: &'static str = "documented, SDK 3.3.1; statuses of `DryRun`: assumption";
    const DIFFERENCES: &'static str =
        "For data that a public key has encrypted, the reply is `UnsupportedOperation`.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[
        &REQUIRED_CIPHERTEXT_BLOB,
        &SOURCE_KEY_ID,
        &SOURCE_KEY_VERSION_ID,
        &SOURCE_ENCRYPTION_ALGORITHM,
        &SOURCE_ENCRYPTION_CONTEXT,
        &DESTINATION_KEY_ID,
        &DESTINATION_ENCRYPTION_CONTEXT,
        &DRY_RUN_FLAG,
    ];
    const ERRORS: &'static [&'static Refusal] = ENCRYPTION_ERRORS;
    type Response = ReEncryptResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let source = SOURCE_KEY_ID.find(arguments)?;
        SOURCE_KEY_VERSION_ID.find(arguments)?;
        SOURCE_ENCRYPTION_ALGORITHM.find(arguments)?;
        Ok(Self {
            ciphertext: REQUIRED_CIPHERTEXT_BLOB.read(arguments)?,
            source_context: context::read(&SOURCE_ENCRYPTION_CONTEXT, arguments)?,
            destination: DESTINATION_KEY_ID.read(arguments)?,
            destination_context: context::read(&DESTINATION_ENCRYPTION_CONTEXT, arguments)?,
            dry_run: DRY_RUN_FLAG.read(arguments),
            is_of_key_pair: source.is_some(),
        })
    }

    fn run(self, call: &Call) -> Result<ReEncryptResponse, ApiError> {
        if self.is_of_key_pair {
            return Err((&UNSUPPORTED).into());
        }
        call.create_service_key(&self.destination)?;
        let encrypted = call.read(|store| {
            let decrypted = call.decrypt(store, &self.ciphertext, &self.source_context)?;
            call.encrypt(
                store,
                &self.destination,
                "kms:ReEncrypt",
                &self.destination_context,
                &decrypted.plaintext,
            )
        });
        let encrypted = checked(self.dry_run, encrypted)?;
        Ok(ReEncryptResponse {
            ciphertext_blob: encrypted.ciphertext,
            key_id: encrypted.key_id,
            key_version_id: encrypted.version_id,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `ReEncrypt`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ReEncryptResponse {
    /// The ciphertext, in Base64.
    ciphertext_blob: String,
    /// The id of the key.
    key_id: String,
    /// The version of the key.
    key_version_id: String,
    /// The id of the request.
    request_id: String,
}
