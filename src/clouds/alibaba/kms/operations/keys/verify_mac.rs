//! `VerifyMac`: checks a message authentication code.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::alibaba::kms::dry_run::{DRY_RUN_FLAG, checked};
use crate::clouds::alibaba::kms::keys::mac::{ALGORITHM, MAC_ERRORS, MESSAGE};
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Bytes, Required};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::KeySpec;

const MAC: Required<Bytes> = Required(Bytes {
    name: "Mac",
    maximum: 1024,
    sensitive: false,
    help: "The code, in Base64.",
});

/// Checks the HMAC of a message. A wrong code is not an error.
pub(crate) struct VerifyMac {
    key: KeyReference,
    algorithm: KeySpec,
    message: Vec<u8>,
    code: Vec<u8>,
    dry_run: bool,
}

impl Operation<Rpc> for VerifyMac {
    const ACTION: &'static str = "VerifyMac";
    const SUMMARY: &'static str = "Checks the message authentication code of a message.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-verifymac";
    const EVIDENCE: &'static str = "documented (2026), SDK 3.3.1; statuses of `DryRun`, a key for another use or algorithm, the length of a message: assumption";
    const DIFFERENCES: &'static str = "Works without a KMS instance.";
    const PARAMETERS: &'static [&'static dyn Parameter] =
        &[&KEY_ID, &ALGORITHM, &MESSAGE, &MAC, &DRY_RUN_FLAG];
    const ERRORS: &'static [&'static ErrorDescription] = MAC_ERRORS;
    type Response = VerifyMacResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            key: KEY_ID.read(arguments)?,
            algorithm: ALGORITHM.read(arguments)?,
            message: MESSAGE.read(arguments)?,
            code: MAC.read(arguments)?,
            dry_run: DRY_RUN_FLAG.read(arguments),
        })
    }

    fn run(self, call: &Call) -> Result<VerifyMacResponse, ApiError> {
        let key = call.mac_key(&self.key, "kms:VerifyMac", self.algorithm);
        let key = checked(self.dry_run, key)?;
        Ok(VerifyMacResponse {
            value: key.verify(&self.message, &self.code)?,
            algorithm: self.algorithm.name(),
            key_id: key.key_id,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `VerifyMac`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct VerifyMacResponse {
    /// Whether the code is that of the message.
    value: bool,
    /// The algorithm.
    algorithm: &'static str,
    /// The id of the key.
    key_id: String,
    /// The id of the request.
    request_id: String,
}
