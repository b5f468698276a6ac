//! `GenerateAndExportDataKey`: generates a data key, and encrypts it with a public key of the caller.

use schemars::JsonSchema;
use serde::Serialize;

use super::data_key::{self, DATA_KEY_SPEC, NUMBER_OF_BYTES};
use super::wrapping::{PUBLIC_KEY_BLOB, WRAPPING_ALGORITHM, WRAPPING_KEY_SPEC, Wrapping};
use crate::clouds::alibaba::kms::dry_run::DRY_RUN_FLAG;
use crate::clouds::alibaba::kms::keys::context::{self, ENCRYPTION_CONTEXT};
use crate::clouds::alibaba::kms::keys::material::random_bytes;
use crate::clouds::alibaba::kms::keys::plaintext::Plaintext;
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference};

use crate::clouds::alibaba::kms::keys::encryption::ENCRYPTION_ERRORS;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

/// Generates a data key. Returns it encrypted with a key of the account, and with a public key of the caller.
pub(crate) struct GenerateAndExportDataKey {
    key: KeyReference,
    length: usize,
    context: Vec<u8>,
    wrapping: Wrapping,
    dry_run: bool,
}

impl Operation<Rpc> for GenerateAndExportDataKey {
    const ACTION: &'static str = "GenerateAndExportDataKey";
    const SUMMARY: &'static str =
        "Generates a data key, encrypted with a key and with a public key of the caller.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-generateandexportdatakey";
    const EVIDENCE: &'static str =
        "documented, SDK 3.3.1; SM2 in DER, statuses of `DryRun`: assumption";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[
        &KEY_ID,
        &DATA_KEY_SPEC,
        &NUMBER_OF_BYTES,
        &ENCRYPTION_CONTEXT,
        &PUBLIC_KEY_BLOB,
        &WRAPPING_KEY_SPEC,
        &WRAPPING_ALGORITHM,
        &DRY_RUN_FLAG,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = ENCRYPTION_ERRORS;
    type Response = GenerateAndExportDataKeyResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            key: KEY_ID.read(arguments)?,
            length: data_key::length(arguments)?,
            context: context::read(&ENCRYPTION_CONTEXT, arguments)?,
            wrapping: Wrapping::read(arguments)?,
            dry_run: DRY_RUN_FLAG.read(arguments),
        })
    }

    fn run(self, call: &Call) -> Result<GenerateAndExportDataKeyResponse, ApiError> {
        let plaintext = Plaintext::Bytes(random_bytes(self.length));
        let encrypted = call.encrypt_with(&self.key, self.dry_run, |store| {
            let encrypted = call.encrypt(
                store,
                &self.key,
                "kms:GenerateAndExportDataKey",
                &self.context,
                &plaintext,
            )?;
            Ok((self.wrapping.wrap(plaintext.bytes())?, encrypted))
        });
        let (exported_data_key, encrypted) = encrypted?;
        Ok(GenerateAndExportDataKeyResponse {
            exported_data_key,
            ciphertext_blob: encrypted.ciphertext,
            key_id: encrypted.key_id,
            key_version_id: encrypted.version_id,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `GenerateAndExportDataKey`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GenerateAndExportDataKeyResponse {
    /// The data key, encrypted with the public key, in Base64.
    exported_data_key: String,
    /// The ciphertext, in Base64.
    ciphertext_blob: String,
    /// The id of the key.
    key_id: String,
    /// The version of the key.
    key_version_id: String,
    /// The id of the request.
    request_id: String,
}
