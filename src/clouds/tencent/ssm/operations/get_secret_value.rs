//! `GetSecretValue`: reads the value of a version.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription, UNSUPPORTED};
use crate::clouds::tencent::api3::parameter::{Arguments, Text, TextRule, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::errors::{DISABLED, NOT_FOUND, PENDING_DELETED, UNINITIALIZED};
use crate::clouds::tencent::ssm::resource::{CURRENT, SECRET_NAME, VERSION_RULE};
use crate::model::{DataType, State};

/// Required, but may be empty: some clients send an empty id if their user gives none.
const VERSION_ID: Text = Text {
    name: "VersionId",
    rule: TextRule::Any,
    required: true,
    sensitive: false,
    help: "The id of the version. An empty id reads the version `SSM_Current`, if there is one.",
};

const ENCRYPTION_PUBLIC_KEY: Text = Text {
    name: "EncryptionPublicKey",
    rule: TextRule::Any,
    required: false,
    sensitive: false,
    help: "The public key to encrypt the reply with; not supported.",
};

const ENCRYPTION_ALGORITHM: Text = Text {
    name: "EncryptionAlgorithm",
    rule: TextRule::Any,
    required: false,
    sensitive: false,
    help: "The algorithm to encrypt the reply with; not supported.",
};

/// Reads the value of a version of an enabled secret.
pub(super) struct GetSecretValue {
    name: String,
    version_id: String,
    must_encrypt: bool,
}

impl Operation<Api3> for GetSecretValue {
    const ACTION: &'static str = "GetSecretValue";
    const SUMMARY: &'static str = "Reads the value of a version.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1078/38649";
    const EVIDENCE: &'static str = "documented, SDK, recorded; an empty VersionId: assumption";
    const DIFFERENCES: &'static str = "Replies cannot be encrypted.";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[
        &SECRET_NAME,
        &VERSION_ID,
        &ENCRYPTION_PUBLIC_KEY,
        &ENCRYPTION_ALGORITHM,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &NOT_FOUND,
        &DISABLED,
        &PENDING_DELETED,
        &UNINITIALIZED,
        &UNSUPPORTED,
    ];
    const RATE_LIMIT: u32 = 300;
    const IS_CACHED: bool = true;
    type Response = GetSecretValueResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let name = SECRET_NAME.read(arguments)?;
        let version_id = VERSION_ID.read(arguments)?;
        if !version_id.is_empty() && !VERSION_RULE.allows(&version_id) {
            return Err(VERSION_ID.invalid(&version_id));
        }
        Ok(Self {
            name,
            version_id,
            must_encrypt: ENCRYPTION_PUBLIC_KEY.find(arguments)?.is_some()
                || ENCRYPTION_ALGORITHM.find(arguments)?.is_some(),
        })
    }

    fn run(self, call: &Call) -> Result<GetSecretValueResponse, ApiError> {
        if self.must_encrypt {
            return Err((&UNSUPPORTED).into());
        }
        let version_id = match &*self.version_id {
            "" => CURRENT,
            version_id => version_id,
        };
        let version = call.read(|store| {
            let (id, secret) = call.find(store, &self.name)?;
            if matches!(secret.state, State::Creating | State::Failed) {
                return Err((&UNINITIALIZED).into());
            }
            let version = store.version(id, version_id)?;
            // Before the state: after it has deleted a version, Terraform reads it until the code is
            // `ResourceNotFound`, even if the secret is disabled.
            let version = version.ok_or_else(|| match &*self.version_id {
                "" => VERSION_ID.invalid(""),
                _ => (&NOT_FOUND).into(),
            })?;
            match secret.state {
                State::Disabled => Err((&DISABLED).into()),
                State::PendingDeletion { .. } => Err((&PENDING_DELETED).into()),
                State::Enabled | State::Creating | State::Failed => Ok(version),
            }
        })?;
        // The reply always has both members; one is empty.
        let (secret_string, secret_binary) = match version.data_type {
            DataType::Text => (version.data.into_inner(), String::new()),
            DataType::Binary => (String::new(), version.data.into_inner()),
        };
        Ok(GetSecretValueResponse {
            secret_name: self.name,
            version_id: version.version_id,
            secret_binary,
            secret_string,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `GetSecretValue`.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GetSecretValueResponse {
    /// The name of the secret.
    secret_name: String,
    /// The id of the version.
    version_id: String,
    /// The value in Base64 if it was stored as `SecretBinary`, otherwise empty.
    secret_binary: String,
    /// The value if it was stored as `SecretString`, otherwise empty.
    secret_string: String,
    /// The id of the request.
    request_id: String,
}
