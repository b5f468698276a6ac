//! `Decrypt`: decrypts data.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::alibaba::kms::dry_run::{DRY_RUN_FLAG, checked};
use crate::clouds::alibaba::kms::keys::context::{self, ENCRYPTION_CONTEXT};
use crate::clouds::alibaba::kms::keys::encryption::CIPHERTEXT_BLOB;
use crate::clouds::alibaba::kms::operations::get_secret_value::RECIPIENT;

use crate::clouds::alibaba::kms::errors::UNSUPPORTED;
use crate::clouds::alibaba::kms::keys::encryption::ENCRYPTION_ERRORS;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Bytes, Optional, Required};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

const REQUIRED_CIPHERTEXT_BLOB: Required<Bytes> = Required(CIPHERTEXT_BLOB);

/// Decrypts a ciphertext of `Encrypt`, `GenerateDataKey` or a similar operation.
pub(crate) struct Decrypt {
    ciphertext: Vec<u8>,
    context: Vec<u8>,
    dry_run: bool,
    recipient: Option<String>,
}

impl Operation<Rpc> for Decrypt {
    const ACTION: &'static str = "Decrypt";
    const SUMMARY: &'static str = "Decrypts data that a symmetric key has encrypted.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-decrypt";
    const EVIDENCE: &'static str = "documented, SDK 3.3.1; the code for another context or changed bytes, statuses of `DryRun`: assumption";
    const DIFFERENCES: &'static str = "A ciphertext of another account is not decrypted. A request with `Recipient` returns `UnsupportedOperation`.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[
        &REQUIRED_CIPHERTEXT_BLOB,
        &ENCRYPTION_CONTEXT,
        &DRY_RUN_FLAG,
        &RECIPIENT,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = ENCRYPTION_ERRORS;
    type Response = DecryptResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            ciphertext: REQUIRED_CIPHERTEXT_BLOB.read(arguments)?,
            context: context::read(&ENCRYPTION_CONTEXT, arguments)?,
            dry_run: DRY_RUN_FLAG.read(arguments),
            recipient: RECIPIENT.find(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<DecryptResponse, ApiError> {
        if self.recipient.is_some() {
            return Err((&UNSUPPORTED).into());
        }
        let decrypted = call.read(|store| call.decrypt(store, &self.ciphertext, &self.context));
        let decrypted = checked(self.dry_run, decrypted)?;
        Ok(DecryptResponse {
            plaintext: decrypted.plaintext.into_reply(),
            key_id: decrypted.key_id,
            key_version_id: decrypted.version_id,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `Decrypt`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct DecryptResponse {
    /// The plaintext: in Base64, or the text that was encrypted.
    plaintext: String,
    /// The id of the key.
    key_id: String,
    /// The version of the key.
    key_version_id: String,
    /// The id of the request.
    request_id: String,
}
