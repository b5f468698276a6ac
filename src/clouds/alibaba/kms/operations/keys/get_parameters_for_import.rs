//! `GetParametersForImport`: creates the public key and the token for an import of key material.

use schemars::JsonSchema;
use serde::Serialize;

use std::io;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use chrono::TimeDelta;

use super::wrapping::{WRAPPING_KEY_SPEC, check_key_spec};
use crate::clouds::alibaba::kms::errors::{ALIAS_NOT_FOUND, KEY_NOT_FOUND, UNSUPPORTED_ORIGIN};
use crate::clouds::alibaba::kms::keys::material;
use crate::clouds::alibaba::kms::keys::pair::ImportAlgorithm;
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference};
use crate::clouds::alibaba::kms::shapes::Time;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Required, Word};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::cause::Cause;
use crate::clouds::service::{Operation, Parameter};
use crate::model::KeyOrigin;
use crate::store::Import;

const TOKEN_BYTES: usize = 64;

const WRAPPING_ALGORITHM: Required<Word<ImportAlgorithm>> = Required(Word {
    name: "WrappingAlgorithm",
    values: ImportAlgorithm::ALL,
    word: ImportAlgorithm::name,
    default: None,
    help: "How the key material will be encrypted. It has to fit `WrappingKeySpec`.",
});

/// Generates a pair to encrypt key material with, and a token that belongs to it.
pub(crate) struct GetParametersForImport {
    key: KeyReference,
    algorithm: ImportAlgorithm,
}

impl Operation<Rpc> for GetParametersForImport {
    const ACTION: &'static str = "GetParametersForImport";
    const SUMMARY: &'static str = "Returns a public key and a token to import key material with.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-getparametersforimport";
    const EVIDENCE: &'static str = "documented, SDK; the algorithms with AES and SM4: documented (2023), public Java programs; the length of the token, SM2 in DER: assumption";
    const DIFFERENCES: &'static str = "SM2 is not limited to keys with the protection level `HSM`.";
    const PARAMETERS: &'static [&'static dyn Parameter] =
        &[&KEY_ID, &WRAPPING_ALGORITHM, &WRAPPING_KEY_SPEC];
    const ERRORS: &'static [&'static ErrorDescription] =
        &[&KEY_NOT_FOUND, &ALIAS_NOT_FOUND, &UNSUPPORTED_ORIGIN];
    const WRITES: bool = true;
    type Response = GetParametersForImportResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let key = KEY_ID.read(arguments)?;
        let algorithm = WRAPPING_ALGORITHM.read(arguments)?;
        check_key_spec(algorithm.key_spec(), arguments)?;
        Ok(Self { key, algorithm })
    }

    fn run(self, call: &Call) -> Result<GetParametersForImportResponse, ApiError> {
        // Takes long, so it is done before the store is locked.
        let (private_key, public_key) = self.algorithm.new_pair().ok_or_else(|| {
            ApiError::InternalFailure(Cause::new(io::Error::other("no key could be generated")))
        })?;
        let token = material::random_bytes(TOKEN_BYTES);
        let expires_at = call.now() + TimeDelta::days(1);
        let key_id = call.write(|store| {
            let (id, cmk) = call.find_key(store, &self.key)?;
            if cmk.origin != KeyOrigin::External {
                return Err((&UNSUPPORTED_ORIGIN).into());
            }
            let import = Import {
                token: token.clone(),
                algorithm: self.algorithm.name().to_owned(),
                private_key: private_key.clone().into(),
                expires_at,
            };
            store.add_import(id, &import, call.now())?;
            Ok(cmk.key_id)
        })?;
        Ok(GetParametersForImportResponse {
            key_id,
            public_key: STANDARD.encode(public_key),
            import_token: STANDARD.encode(token),
            token_expire_time: Time(expires_at),
            request_id: call.request_id(),
        })
    }
}

/// The reply to `GetParametersForImport`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetParametersForImportResponse {
    /// The id of the key.
    key_id: String,
    /// The public key, in DER and Base64.
    public_key: String,
    /// The token, in Base64.
    import_token: String,
    /// When the token expires: after 24 hours.
    token_expire_time: Time,
    /// The id of the request.
    request_id: String,
}
