//! `ReEncrypt`: decrypts data, and encrypts it with another key.

use schemars::JsonSchema;
use serde::Serialize;

use super::pair_work::PAIR_ERRORS;
use crate::clouds::alibaba::kms::dry_run::DRY_RUN_FLAG;
use crate::clouds::alibaba::kms::keys::context::{
    self, DESTINATION_ENCRYPTION_CONTEXT, SOURCE_ENCRYPTION_CONTEXT,
};
use crate::clouds::alibaba::kms::keys::encryption::CIPHERTEXT_BLOB;
use crate::clouds::alibaba::kms::keys::pair::{ENCRYPTION_ALGORITHM, EncryptionAlgorithm};
use crate::clouds::alibaba::kms::keys::plaintext::Plaintext;
use crate::clouds::alibaba::kms::keys::reference::{
    DESTINATION_KEY_ID, KeyReference, SOURCE_KEY_ID,
};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{
    Arguments, Bytes, Optional, Required, Text, TextRule, Word, invalid,
};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::KeyUsage;

const REQUIRED_CIPHERTEXT_BLOB: Required<Bytes> = Required(CIPHERTEXT_BLOB);

const SOURCE_KEY_VERSION_ID: Text = Text {
    name: "SourceKeyVersionId",
    rule: TextRule::Characters(64),
    sensitive: false,
    help: "The version of the key pair that decrypts.",
};

const SOURCE_ENCRYPTION_ALGORITHM: Word<EncryptionAlgorithm> = Word {
    name: "SourceEncryptionAlgorithm",
    help: "The algorithm of the key pair that decrypts.",
    ..ENCRYPTION_ALGORITHM.0
};

/// A version of a key pair whose public key has encrypted.
struct SourcePair {
    key: KeyReference,
    version_id: String,
    algorithm: EncryptionAlgorithm,
}

impl SourcePair {
    /// Absent for a ciphertext of a symmetric key.
    fn find(arguments: &Arguments) -> Result<Option<Self>, ApiError> {
        let version_id = SOURCE_KEY_VERSION_ID.find(arguments)?;
        let algorithm = SOURCE_ENCRYPTION_ALGORITHM.find(arguments)?;
        let Some(key) = SOURCE_KEY_ID.find(arguments)? else {
            return Ok(None);
        };
        Ok(Some(Self {
            key,
            version_id: version_id.ok_or(ApiError::MissingParameter(SOURCE_KEY_VERSION_ID.name))?,
            algorithm: algorithm
                .ok_or(ApiError::MissingParameter(SOURCE_ENCRYPTION_ALGORITHM.name))?,
        }))
    }

    fn decrypt(&self, call: &Call, ciphertext: &[u8]) -> Result<Plaintext, ApiError> {
        let usage = Some(KeyUsage::EncryptDecrypt);
        let decrypted = call.with_pair(
            &self.key,
            &self.version_id,
            "kms:ReEncryptFrom",
            usage,
            |pair| {
                if !pair.supports(self.algorithm) {
                    return Err(invalid(SOURCE_ENCRYPTION_ALGORITHM.name));
                }
                pair.decrypt(self.algorithm, ciphertext)
            },
        );
        Ok(Plaintext::Bytes(decrypted?.output))
    }
}

/// Decrypts a ciphertext, and encrypts the data with the newest version of a key.
pub(crate) struct ReEncrypt {
    ciphertext: Vec<u8>,
    source_context: Vec<u8>,
    destination: KeyReference,
    destination_context: Vec<u8>,
    dry_run: bool,
    source_pair: Option<SourcePair>,
}

impl Operation<Rpc> for ReEncrypt {
    const ACTION: &'static str = "ReEncrypt";
    const SUMMARY: &'static str =
        "Decrypts a ciphertext and encrypts it again, without revealing the data.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-reencrypt";
    const EVIDENCE: &'static str = "documented, SDK 3.3.1; statuses of `DryRun`: assumption";
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
    const ERRORS: &'static [&'static ErrorDescription] = PAIR_ERRORS;
    type Response = ReEncryptResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            source_pair: SourcePair::find(arguments)?,
            ciphertext: REQUIRED_CIPHERTEXT_BLOB.read(arguments)?,
            source_context: context::read(&SOURCE_ENCRYPTION_CONTEXT, arguments)?,
            destination: DESTINATION_KEY_ID.read(arguments)?,
            destination_context: context::read(&DESTINATION_ENCRYPTION_CONTEXT, arguments)?,
            dry_run: DRY_RUN_FLAG.read(arguments),
        })
    }

    fn run(self, call: &Call) -> Result<ReEncryptResponse, ApiError> {
        let plaintext = self.plaintext(call)?;
        let encrypted = call.encrypt_with(&self.destination, self.dry_run, |store| {
            call.encrypt(
                store,
                &self.destination,
                "kms:ReEncryptTo",
                &self.destination_context,
                &plaintext,
            )
        })?;
        Ok(ReEncryptResponse {
            ciphertext_blob: encrypted.ciphertext,
            key_id: encrypted.key_id,
            key_version_id: encrypted.version_id,
            request_id: call.request_id(),
        })
    }
}

impl ReEncrypt {
    fn plaintext(&self, call: &Call) -> Result<Plaintext, ApiError> {
        if let Some(pair) = &self.source_pair {
            return pair.decrypt(call, &self.ciphertext);
        }
        let decrypted =
            call.read(|store| call.decrypt(store, &self.ciphertext, &self.source_context))?;
        Ok(decrypted.plaintext)
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
