//! `ExportDataKey`: a data key, encrypted with a public key of the caller.

use schemars::JsonSchema;
use serde::Serialize;

use super::wrapping::{PUBLIC_KEY_BLOB, WRAPPING_ALGORITHM, WRAPPING_KEY_SPEC, Wrapping};
use crate::clouds::alibaba::kms::dry_run::{DRY_RUN_FLAG, checked};
use crate::clouds::alibaba::kms::keys::context::{self, ENCRYPTION_CONTEXT};
use crate::clouds::alibaba::kms::keys::encryption::CIPHERTEXT_BLOB;

use crate::clouds::alibaba::kms::keys::encryption::ENCRYPTION_ERRORS;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Bytes, Required};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

const REQUIRED_CIPHERTEXT_BLOB: Required<Bytes> = Required(CIPHERTEXT_BLOB);

/// Encrypts a data key with a public key of the caller.
pub(crate) struct ExportDataKey {
    ciphertext: Vec<u8>,
    context: Vec<u8>,
    wrapping: Wrapping,
    dry_run: bool,
}

impl Operation<Rpc> for ExportDataKey {
    const ACTION: &'static str = "ExportDataKey";
    const SUMMARY: &'static str = "Encrypts a data key with a public key of the caller.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-exportdatakey";
    const EVIDENCE: &'static str =
        "documented, SDK 3.3.1; SM2 in DER, statuses of `DryRun`: assumption";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[
        &REQUIRED_CIPHERTEXT_BLOB,
        &ENCRYPTION_CONTEXT,
        &PUBLIC_KEY_BLOB,
        &WRAPPING_KEY_SPEC,
        &WRAPPING_ALGORITHM,
        &DRY_RUN_FLAG,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = ENCRYPTION_ERRORS;
    type Response = ExportDataKeyResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            ciphertext: REQUIRED_CIPHERTEXT_BLOB.read(arguments)?,
            context: context::read(&ENCRYPTION_CONTEXT, arguments)?,
            wrapping: Wrapping::read(arguments)?,
            dry_run: DRY_RUN_FLAG.read(arguments),
        })
    }

    fn run(self, call: &Call) -> Result<ExportDataKeyResponse, ApiError> {
        let result = call.read(|store| {
            let decrypted = call.decrypt(store, &self.ciphertext, &self.context)?;
            Ok((self.wrapping.wrap(decrypted.plaintext.bytes())?, decrypted))
        });
        let (exported_data_key, decrypted) = checked(self.dry_run, result)?;
        Ok(ExportDataKeyResponse {
            exported_data_key,
            key_id: decrypted.key_id,
            key_version_id: decrypted.version_id,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `ExportDataKey`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ExportDataKeyResponse {
    /// The data key, encrypted with the public key, in Base64.
    exported_data_key: String,
    /// The id of the key.
    key_id: String,
    /// The version of the key.
    key_version_id: String,
    /// The id of the request.
    request_id: String,
}
