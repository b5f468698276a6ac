//! The commands `put` and `get`.
//!
//! They use `POST /_emulator/call`, not the APIs of the clouds: the server signs the call with the key of the
//! account, so they need no access key in any mode of `--auth`, and they do not use up fault rules or count as
//! requests of the program under test.

use std::io::{self, IsTerminal};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::config::{Client, Get, Put};
use super::remote::{CloudError, Reply};
use super::{Failure, print, write};
use crate::model::{Cloud, DataType};

/// The id of the first version, as in fixtures without one.
const FIRST_VERSION: &str = "v1";

/// The codes for a secret that exists.
const EXISTS: [&str; 2] = ["Rejected.ResourceExist", "ResourceInUse.SecretExists"];

/// Creates a secret in each cloud, or adds a version to it if it exists.
pub(super) fn put(put: &Put) -> Result<(), Failure> {
    for cloud in &put.client.clouds {
        let name = &put.secret.name;
        let value = put.secret.value.as_ref().map(|value| value.expose());
        let value_member = match (cloud, put.secret.data_type) {
            (Cloud::Alibaba, _) => "SecretData",
            (Cloud::Tencent, DataType::Text) => "SecretString",
            (Cloud::Tencent, DataType::Binary) => "SecretBinary",
        };
        let parameters = |version: &str| {
            let mut parameters = Map::new();
            parameters.insert("SecretName".into(), json!(name));
            parameters.insert("VersionId".into(), json!(version));
            parameters.insert(value_member.into(), json!(value));
            if *cloud == Cloud::Alibaba {
                let data_type = put.secret.data_type.name();
                parameters.insert("SecretDataType".into(), json!(data_type));
            }
            parameters
        };
        let created = call(
            &put.client,
            *cloud,
            "CreateSecret",
            &parameters(FIRST_VERSION),
        );
        let done = match created {
            Ok(_) => "created",
            Err(CallError::Cloud(error)) if EXISTS.contains(&&*error.code) => {
                let version = Uuid::new_v4().to_string();
                call(&put.client, *cloud, "PutSecretValue", &parameters(&version))
                    .map_err(|error| error.failure(*cloud))?;
                "new version of"
            }
            Err(error) => return Err(error.failure(*cloud)),
        };
        print(&format!("{}: {done} {name}\n", cloud.name()))?;
    }
    Ok(())
}

/// Prints the current value of a secret: exactly its bytes, and a line break on a terminal.
pub(super) fn get(get: &Get) -> Result<(), Failure> {
    let mut values: Vec<Vec<u8>> = Vec::new();
    let mut failures = Vec::new();
    for cloud in &get.client.clouds {
        match current_value(&get.client, *cloud, &get.name) {
            Ok(value) => values.push(value),
            Err(CallError::Cloud(error)) => {
                failures.push(CallError::Cloud(error).failure(*cloud).message);
            }
            Err(error) => return Err(error.failure(*cloud)),
        }
    }
    values.dedup();
    match &values[..] {
        [] => Err(Failure::new(failures.join("; "))),
        [value] => {
            let line_break: &[u8] = if io::stdout().is_terminal() {
                b"\n"
            } else {
                b""
            };
            let mut out = io::stdout().lock();
            write(&mut out, &[&**value, line_break].concat())
        }
        _ => Err(Failure::new(format!(
            "the clouds have different values of `{}`; choose one with --cloud",
            get.name
        ))),
    }
}

/// The bytes of the current value: on Tencent Cloud, which marks none as current, of the newest version.
fn current_value(client: &Client, cloud: Cloud, name: &str) -> Result<Vec<u8>, CallError> {
    let parameters = |version: Option<&Value>| {
        let mut parameters = Map::from_iter([("SecretName".to_owned(), json!(name))]);
        parameters.extend(version.map(|version| ("VersionId".to_owned(), version.clone())));
        parameters
    };
    let (value, is_binary) = match cloud {
        Cloud::Alibaba => {
            let reply = call(client, cloud, "GetSecretValue", &parameters(None))?;
            let is_binary = reply["SecretDataType"] == "binary";
            (reply["SecretData"].clone(), is_binary)
        }
        Cloud::Tencent => {
            let listed = call(client, cloud, "ListSecretVersionIds", &parameters(None))?;
            let newest = &listed["Versions"][0]["VersionId"];
            if newest.is_null() {
                return Err(CallError::Cloud(CloudError {
                    code: "ResourceNotFound".to_owned(),
                    message: "The secret has no version.".to_owned(),
                }));
            }
            let reply = call(client, cloud, "GetSecretValue", &parameters(Some(newest)))?;
            match reply["SecretBinary"].as_str() {
                Some(binary) if !binary.is_empty() => (json!(binary), true),
                _ => (reply["SecretString"].clone(), false),
            }
        }
    };
    let text = value.as_str().unwrap_or_default();
    let binary = is_binary.then(|| STANDARD.decode(text).ok()).flatten();
    // A client may have stored a binary value that is not Base64.
    Ok(binary.unwrap_or_else(|| text.as_bytes().to_vec()))
}

/// The error of a call.
enum CallError {
    /// The cloud's API returned an error.
    Cloud(CloudError),
    /// The server cannot be reached or refused the request.
    Other(String),
}

impl CallError {
    fn failure(self, cloud: Cloud) -> Failure {
        Failure::new(match self {
            Self::Cloud(CloudError { code, message }) => {
                format!("{}: {code}: {message}", cloud.name())
            }
            Self::Other(reason) => reason,
        })
    }
}

/// The reply of `POST /_emulator/call`: an error of the control API, or the reply of the cloud.
#[derive(Deserialize)]
struct CallResult {
    message: Option<String>,
    reply: Option<CloudReply>,
}

#[derive(Deserialize)]
struct CloudReply {
    status: u16,
    body: String,
}

/// Calls an operation and returns the members of its reply.
fn call(
    client: &Client,
    cloud: Cloud,
    action: &str,
    parameters: &Map<String, Value>,
) -> Result<Value, CallError> {
    let url = format!("{}/_emulator/call", client.url);
    let failed = |reason: String| CallError::Other(format!("{url}: {reason}"));
    let body = json!({
        "cloud": cloud.name(),
        "action": action,
        "parameters": parameters,
        "account": client.account,
        "region": client.region,
    });
    // No proxy: container engines set proxy variables, but a proxy cannot reach this server.
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .proxy(None)
        .http_status_as_error(false)
        // The control API does not redirect, and the value is only for this server.
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(30)))
        .build()
        .into();
    let mut request = agent.post(&url).content_type("application/json");
    if let Some(token) = &client.token {
        request = request.header("authorization", format!("Bearer {}", token.expose()));
    }
    let mut reply = request
        .send(body.to_string())
        .map_err(|error| failed(error.to_string()))?;
    let status = reply.status().as_u16();
    let text = reply.body_mut().read_to_string();
    let text = text.map_err(|error| failed(error.to_string()))?;
    let result: Option<CallResult> = serde_json::from_str(&text).ok();
    match result {
        Some(CallResult {
            reply: Some(CloudReply { status, body }),
            ..
        }) => {
            let reply = Reply {
                status,
                content_type: String::new(),
                body,
            };
            match reply.error() {
                Some(error) => Err(CallError::Cloud(error)),
                None => Ok(reply.json()),
            }
        }
        Some(CallResult {
            message: Some(message),
            ..
        }) => Err(failed(match status {
            401 => format!("{message}; set KMS_EMULATOR_CONTROL_TOKEN"),
            _ => message,
        })),
        _ => Err(failed(format!(
            "status {status}: not the control API of an emulator"
        ))),
    }
}
