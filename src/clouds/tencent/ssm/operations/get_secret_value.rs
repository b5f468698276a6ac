//! `GetSecretValue`: the value of a version.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, Refusal, UNSUPPORTED};
use crate::clouds::tencent::api3::parameter::{Arguments, Text, TextRule, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::errors::{DISABLED, NOT_FOUND, PENDING_DELETED, UNINITIALIZED};
use crate::clouds::tencent::ssm::resource::{CURRENT, SECRET_NAME, VERSION_RULE};
use crate::model::{DataType, State};

/// It must be there, but it may be empty, which some programs send when their user names none.
const VERSION_ID: Text = Text {
    name: "VersionId",
    rule: TextRule::Any,
    required: true,
    sensitive: false,
    help: "The id of the version. Empty, it stands for `SSM_Current` where there is such a version.",
};

const ENCRYPTION_PUBLIC_KEY: Text = Text {
    name: "EncryptionPublicKey",
    rule: TextRule::Any,
    required: false,
    sensitive: false,
    help: "The key to encrypt the reply with; not supported.",
};

const ENCRYPTION_ALGORITHM: Text = Text {
    name: "EncryptionAlgorithm",
    rule: TextRule::Any,
    required: false,
    sensitive: false,
    help: "How to encrypt the reply; not supported.",
};

/// Reads the value of a version of an enabled secret.
pub struct GetSecretValue {
    name: String,
    version_id: String,
    is_to_be_encrypted: bool,
}

impl Operation<Api3> for GetSecretValue {
    const ACTION: &'static str = "GetSecretValue";
    const SUMMARY: &'static str = "Reads the value of a version.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1078/38649";
    const EVIDENCE: &'static str = "documented, SDK, recorded; an empty VersionId: choice";
    const DIFFERENCES: &'static str = "Replies cannot be encrypted.";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[
        &SECRET_NAME,
        &VERSION_ID,
        &ENCRYPTION_PUBLIC_KEY,
        &ENCRYPTION_ALGORITHM,
    ];
    const ERRORS: &'static [&'static Refusal] = &[
        &NOT_FOUND,
        &DISABLED,
        &PENDING_DELETED,
        &UNINITIALIZED,
        &UNSUPPORTED,
    ];
    const RATE_LIMIT: u32 = 300;
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
            is_to_be_encrypted: ENCRYPTION_PUBLIC_KEY.find(arguments)?.is_some()
                || ENCRYPTION_ALGORITHM.find(arguments)?.is_some(),
        })
    }

    fn run(self, call: &Call) -> Result<GetSecretValueResponse, ApiError> {
        if self.is_to_be_encrypted {
            return Err((&UNSUPPORTED).into());
        }
        let (asked, wanted) = match &*self.version_id {
            "" => ("", CURRENT),
            version_id => (version_id, version_id),
        };
        let version = call.read(|store| {
            let (id, secret) = call.find(store, &self.name)?;
            if matches!(secret.state, State::Creating | State::Failed) {
                return Err((&UNINITIALIZED).into());
            }
            let version = store.version(id, wanted)?;
            // Before the state: after it has deleted a version, Terraform reads it until the code is
            // `ResourceNotFound`, also if the secret is disabled.
            let version = version.ok_or_else(|| match asked {
                "" => VERSION_ID.invalid(asked),
                _ => (&NOT_FOUND).into(),
            })?;
            match secret.state {
                State::Disabled => Err((&DISABLED).into()),
                State::PendingDeletion { .. } => Err((&PENDING_DELETED).into()),
                State::Enabled | State::Creating | State::Failed => Ok(version),
            }
        })?;
        // Both members are always there, one of them empty.
        let (secret_string, secret_binary) = match version.data_type {
            DataType::Text => (version.data, String::new()),
            DataType::Binary => (String::new(), version.data),
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
pub struct GetSecretValueResponse {
    /// The name of the secret.
    secret_name: String,
    /// The id of the version.
    version_id: String,
    /// The value in Base64, where it was given so; else empty.
    secret_binary: String,
    /// The value as text, where it was given so; else empty.
    secret_string: String,
    /// The id of the request.
    request_id: String,
}
