//! `BatchGetSecretValue`: the values of up to twenty secrets.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::get_secret_value::{SecretValue, Wanted};
use crate::clouds::alibaba::kms::resource::SecretReference;
use crate::clouds::alibaba::rpc::error::{ApiError, Refusal};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Json, Required};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

const MOST_SECRETS: usize = 20;

const SECRETS_LIST: Required<Json<Vec<(String, Wanted)>>> = Required(Json {
    name: "SecretsList",
    help: "Objects of a `SecretName` and, where wanted, `VersionId`, `VersionStage` and `FetchExtendedConfig`.",
    max_items: Some(MOST_SECRETS),
    sensitive: false,
    keys: Vec::new,
    parse,
});

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    secret_name: String,
    version_id: Option<String>,
    version_stage: Option<String>,
    fetch_extended_config: Option<Flag>,
}

/// The SDKs' models make a text of it.
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

fn parse(text: &str) -> Option<Vec<(String, Wanted)>> {
    let entries: Vec<Entry> = serde_json::from_str(text).ok()?;
    if !(1..=MOST_SECRETS).contains(&entries.len()) {
        return None;
    }
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    entries
        .into_iter()
        .map(|entry| {
            let wanted = Wanted {
                secret: SecretReference::parse(&entry.secret_name)?,
                version_id: given(entry.version_id),
                version_stage: given(entry.version_stage),
                fetch_extended_config: entry
                    .fetch_extended_config
                    .is_some_and(|flag| flag.is_true()),
            };
            Some((entry.secret_name, wanted))
        })
        .collect()
}

/// Reads values, each with the rules and errors of `GetSecretValue`; an error of one does not
/// concern the others.
pub struct BatchGetSecretValue {
    secrets: Vec<(String, Wanted)>,
}

impl Operation<Rpc> for BatchGetSecretValue {
    const ACTION: &'static str = "BatchGetSecretValue";
    const SUMMARY: &'static str = "Reads the values of up to 20 secrets.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-batchgetsecretvalue";
    const EVIDENCE: &'static str = "SDK; a secret of another account: documented";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&SECRETS_LIST];
    const ERRORS: &'static [&'static Refusal] = &[];
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
            for (secret_name, wanted) in self.secrets {
                match wanted.read(call, store) {
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
pub struct BatchGetSecretValueResponse {
    /// What was read.
    secret_values: Vec<SecretValue>,
    /// What was not.
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
    /// The HTTP status that `GetSecretValue` has with it.
    http_status: u16,
    /// The text of the error.
    message: String,
    /// The secret, as the request called it.
    secret_name: String,
}
