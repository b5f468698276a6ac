//! `Encrypt`: encrypts data with a symmetric key.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::alibaba::kms::dry_run::DRY_RUN_FLAG;
use crate::clouds::alibaba::kms::keys::context::{self, ENCRYPTION_CONTEXT};
use crate::clouds::alibaba::kms::keys::encryption::PLAINTEXT;
use crate::clouds::alibaba::kms::keys::plaintext::Plaintext;
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference};

use crate::clouds::alibaba::kms::keys::encryption::ENCRYPTION_ERRORS;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, invalid};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

/// Encrypts at most 6 KB with the newest version of a key.
pub(crate) struct Encrypt {
    key: KeyReference,
    plaintext: Plaintext,
    context: Vec<u8>,
    dry_run: bool,
}

impl Operation<Rpc> for Encrypt {
    const ACTION: &'static str = "Encrypt";
    const SUMMARY: &'static str = "Encrypts up to 6 KB with a symmetric key.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-encrypt";
    const EVIDENCE: &'static str = "documented, SDK 3.3.1; a text that is not Base64: recorded (a tutorial of 2019); the format of a ciphertext after the id of the key version, statuses of `DryRun`: assumption";
    const PARAMETERS: &'static [&'static dyn Parameter] =
        &[&KEY_ID, &PLAINTEXT, &ENCRYPTION_CONTEXT, &DRY_RUN_FLAG];
    const ERRORS: &'static [&'static ErrorDescription] = ENCRYPTION_ERRORS;
    type Response = EncryptResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let key = KEY_ID.read(arguments)?;
        let plaintext = Plaintext::parse(&PLAINTEXT.read(arguments)?);
        Ok(Self {
            key,
            plaintext: plaintext.ok_or_else(|| invalid(PLAINTEXT.0.name))?,
            context: context::read(&ENCRYPTION_CONTEXT, arguments)?,
            dry_run: DRY_RUN_FLAG.read(arguments),
        })
    }

    fn run(self, call: &Call) -> Result<EncryptResponse, ApiError> {
        let encrypted = call.encrypt_with(&self.key, self.dry_run, |store| {
            call.encrypt(
                store,
                &self.key,
                "kms:Encrypt",
                &self.context,
                &self.plaintext,
            )
        })?;
        Ok(EncryptResponse {
            ciphertext_blob: encrypted.ciphertext,
            key_id: encrypted.key_id,
            key_version_id: encrypted.version_id,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `Encrypt`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EncryptResponse {
    /// The ciphertext, in Base64.
    ciphertext_blob: String,
    /// The id of the key.
    key_id: String,
    /// The version of the key.
    key_version_id: String,
    /// The id of the request.
    request_id: String,
}
