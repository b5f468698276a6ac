//! `GenerateDataKey`: generates a data key, and encrypts it.

use schemars::JsonSchema;
use serde::Serialize;

use super::data_key::{self, DATA_KEY_SPEC, NUMBER_OF_BYTES};
use crate::clouds::alibaba::kms::dry_run::DRY_RUN_FLAG;
use crate::clouds::alibaba::kms::keys::context::{self, ENCRYPTION_CONTEXT};
use crate::clouds::alibaba::kms::keys::material::random_bytes;
use crate::clouds::alibaba::kms::keys::plaintext::Plaintext;
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference};
use crate::clouds::alibaba::kms::operations::get_secret_value::RECIPIENT;

use crate::clouds::alibaba::kms::errors::UNSUPPORTED;
use crate::clouds::alibaba::kms::keys::encryption::ENCRYPTION_ERRORS;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Optional};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

/// Generates random bytes and encrypts them with the newest version of a key.
pub(crate) struct GenerateDataKey {
    key: KeyReference,
    length: usize,
    context: Vec<u8>,
    dry_run: bool,
    recipient: Option<String>,
}

impl Operation<Rpc> for GenerateDataKey {
    const ACTION: &'static str = "GenerateDataKey";
    const SUMMARY: &'static str = "Generates a data key, and returns it with its ciphertext.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-generatedatakey";
    const EVIDENCE: &'static str = "documented, SDK 3.3.1; statuses of `DryRun`: assumption";
    const DIFFERENCES: &'static str = "A request with `Recipient` returns `UnsupportedOperation`.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[
        &KEY_ID,
        &DATA_KEY_SPEC,
        &NUMBER_OF_BYTES,
        &ENCRYPTION_CONTEXT,
        &DRY_RUN_FLAG,
        &RECIPIENT,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = ENCRYPTION_ERRORS;
    type Response = GenerateDataKeyResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            key: KEY_ID.read(arguments)?,
            length: data_key::length(arguments)?,
            context: context::read(&ENCRYPTION_CONTEXT, arguments)?,
            dry_run: DRY_RUN_FLAG.read(arguments),
            recipient: RECIPIENT.find(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<GenerateDataKeyResponse, ApiError> {
        if self.recipient.is_some() {
            return Err((&UNSUPPORTED).into());
        }
        let plaintext = Plaintext::Bytes(random_bytes(self.length));
        let encrypted = call.encrypt_with(&self.key, self.dry_run, |store| {
            call.encrypt(
                store,
                &self.key,
                "kms:GenerateDataKey",
                &self.context,
                &plaintext,
            )
        })?;
        Ok(GenerateDataKeyResponse {
            plaintext: plaintext.into_reply(),
            ciphertext_blob: encrypted.ciphertext,
            key_id: encrypted.key_id,
            key_version_id: encrypted.version_id,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `GenerateDataKey`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GenerateDataKeyResponse {
    /// The plaintext, in Base64.
    plaintext: String,
    /// The ciphertext, in Base64.
    ciphertext_blob: String,
    /// The id of the key.
    key_id: String,
    /// The version of the key.
    key_version_id: String,
    /// The id of the request.
    request_id: String,
}
