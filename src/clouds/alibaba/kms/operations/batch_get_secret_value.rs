//! `BatchGetSecretValue`: the values of up to twenty secrets.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::get_secret_value::{SecretValue, ValueRequest};
use crate::clouds::alibaba::kms::resource::SecretReference;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Json, Required};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

const MAX_SECRETS: usize = 20;

pub(super) const SECRETS_LIST: Required<Json<Vec<(String, ValueRequest)>>> = Required(Json {
    name: "SecretsList",
    help: "Objects with a `SecretName` and, optionally, `VersionId`, `VersionStage` and `FetchExtendedConfig`.",
    max_items: Some(MAX_SECRETS),
    sensitive: false,
    keys: Vec::new,
    parse,
});

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Item {
    secret_name: String,
    version_id: Option<String>,
    version_stage: Option<String>,
    fetch_extended_config: Option<Flag>,
}

/// The SDKs send a boolean as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Flag {
    Boolean(bool),
    Text(String),
}

impl Flag {
    fn is_true(&self) -> bool {
        match self {
            Self::Boolean(flag) => *flag,
            Self::Text(text) => text.eq_ignore_ascii_case("true"),
        }
    }
}

fn parse(text: &str) -> Option<Vec<(String, ValueRequest)>> {
    let items: Vec<Item> = serde_json::from_str(text).ok()?;
    if !(1..=MAX_SECRETS).contains(&items.len()) {
        return None;
    }
    let non_empty = |text: Option<String>| text.filter(|text| !text.is_empty());
    items
        .into_iter()
        .map(|item| {
            let request = ValueRequest {
                secret: SecretReference::parse(&item.secret_name)?,
                version_id: non_empty(item.version_id),
                version_stage: non_empty(item.version_stage),
                fetch_extended_config: item
                    .fetch_extended_config
                    .is_some_and(|flag| flag.is_true()),
            };
            Some((item.secret_name, request))
        })
        .collect()
}

/// Reads values with the rules and errors of `GetSecretValue`. An error for one secret does not affect the
/// others.
pub(super) struct BatchGetSecretValue {
    secrets: Vec<(String, ValueRequest)>,
}

impl Operation<Rpc> for BatchGetSecretValue {
    const ACTION: &'static str = "BatchGetSecretValue";
    const SUMMARY: &'static str = "Reads the values of up to 20 secrets.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-batchgetsecretvalue";
    const EVIDENCE: &'static str = "SDK; a secret of another account: documented";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&SECRETS_LIST];
    const ERRORS: &'static [&'static ErrorDescription] = &[];
    type Response = BatchGetSecretValueResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            secrets: SECRETS_LIST.read(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<BatchGetSecretValueResponse, ApiError> {
        let mut response = BatchGetSecretValueResponse {
            secret_values: Vec::new(),
            errors: Vec::new(),
            request_id: call.request_id(),
        };
        call.read(|store| {
            for (secret_name, request) in self.secrets {
                match request.read(call, store) {
                    Ok(value) => response.secret_values.push(value),
                    Err(error @ ApiError::InternalFailure(_)) => return Err(error),
                    Err(error) => response.errors.push(ItemError {
                        code: error.code(),
                        http_status: error.status(),
                        message: error.to_string(),
                        secret_name,
                    }),
                }
            }
            Ok(())
        })?;
        Ok(response)
    }
}

/// The reply to `BatchGetSecretValue`. Its lists are not wrapped, unlike all others.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct BatchGetSecretValueResponse {
    /// The values that were read.
    secret_values: Vec<SecretValue>,
    /// The errors for the other secrets.
    errors: Vec<ItemError>,
    /// The id of the request.
    request_id: String,
}

/// Why a value was not read.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct ItemError {
    /// The error code.
    code: &'static str,
    /// The HTTP status that `GetSecretValue` would have.
    http_status: u16,
    /// The text of the error.
    message: String,
    /// The secret as in the request.
    secret_name: String,
}
