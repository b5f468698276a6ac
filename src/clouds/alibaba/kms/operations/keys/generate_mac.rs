//! `GenerateMac`: generates a message authentication code.

use schemars::JsonSchema;
use serde::Serialize;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::clouds::alibaba::kms::dry_run::{DRY_RUN_FLAG, checked};
use crate::clouds::alibaba::kms::keys::mac::{ALGORITHM, MAC_ERRORS, MESSAGE};
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::KeySpec;

/// Generates the HMAC of a message.
pub(crate) struct GenerateMac {
    key: KeyReference,
    algorithm: KeySpec,
    message: Vec<u8>,
    dry_run: bool,
}

impl Operation<Rpc> for GenerateMac {
    const ACTION: &'static str = "GenerateMac";
    const SUMMARY: &'static str = "Generates the message authentication code of a message.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-generatemac";
    const EVIDENCE: &'static str = "documented (2026), SDK 3.3.1; statuses of `DryRun`, a key for another use or algorithm, the length of a message: assumption";
    const DIFFERENCES: &'static str = "Works without a KMS instance.";
    const PARAMETERS: &'static [&'static dyn Parameter] =
        &[&KEY_ID, &ALGORITHM, &MESSAGE, &DRY_RUN_FLAG];
    const ERRORS: &'static [&'static ErrorDescription] = MAC_ERRORS;
    type Response = GenerateMacResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            key: KEY_ID.read(arguments)?,
            algorithm: ALGORITHM.read(arguments)?,
            message: MESSAGE.read(arguments)?,
            dry_run: DRY_RUN_FLAG.read(arguments),
        })
    }

    fn run(self, call: &Call) -> Result<GenerateMacResponse, ApiError> {
        let key = call.mac_key(&self.key, "kms:GenerateMac", self.algorithm);
        let key = checked(self.dry_run, key)?;
        Ok(GenerateMacResponse {
            mac: STANDARD.encode(key.generate(&self.message)?),
            algorithm: self.algorithm.name(),
            key_id: key.key_id,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `GenerateMac`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GenerateMacResponse {
    /// The code, in Base64.
    mac: String,
    /// The algorithm.
    algorithm: &'static str,
    /// The id of the key.
    key_id: String,
    /// The id of the request.
    request_id: String,
}
