//! Completes a listed secret with its properties, its versions and, optionally, its values.

use serde_json::{Map, Value, json};

use super::list::{ListError, members, name};
use crate::cli::remote::{Client, CloudError};
use crate::model::Cloud;

/// The members of a fixture for Alibaba Cloud that replies have.
const ALIBABA: [&str; 14] = [
    "SecretName",
    "SecretType",
    "CreateTime",
    "UpdateTime",
    "PlannedDeleteTime",
    "OwingService",
    "Description",
    "EncryptionKeyId",
    "DKMSInstanceId",
    "RotationInterval",
    "LastRotationDate",
    "NextRotationDate",
    "ExtendedConfig",
    "Tags",
];

/// The same for Tencent Cloud.
const TENCENT: [&str; 24] = [
    "SecretName",
    "Description",
    "KmsKeyId",
    "KmsKeyType",
    "CreateUin",
    "CreateUinString",
    "Status",
    "DeleteTime",
    "CreateTime",
    "RotationStatus",
    "RotationFrequency",
    "RotationBeginTime",
    "NextRotationTime",
    "SecretType",
    "ProductName",
    "ResourceID",
    "ResourceName",
    "ProjectID",
    "AssociatedInstanceIDs",
    "TargetUin",
    "EncryptType",
    "EncryptSwitching",
    "AdditionalConfig",
    "Tags",
];

/// The maximum number of versions of a page on Alibaba Cloud.
const VERSIONS: usize = 100;

/// The stage that one version of Alibaba Cloud must have.
const CURRENT: &str = "ACSCurrent";

/// A listed secret as an entry of a fixture; absent if it was deleted in the meantime.
pub(super) fn complete(
    client: &mut Client,
    listed: &Value,
    values: bool,
) -> Result<Option<Value>, ListError> {
    let cloud = client.account().cloud;
    let secret = members(json!({ "SecretName": name(listed) }));
    let Some(described) = ask(client, "DescribeSecret", &secret)? else {
        return Ok(None);
    };
    let mut entry = entry(cloud, listed, &described);
    let versions = match cloud {
        Cloud::Alibaba => of_alibaba(client, &secret, values)?,
        Cloud::Tencent => of_tencent(client, &secret, values)?,
    };
    if !versions.is_empty() {
        entry.insert("Versions".to_owned(), versions.into());
    }
    Ok(Some(entry.into()))
}

/// The members of a fixture: those of the list, then those of the description.
pub(crate) fn entry(cloud: Cloud, listed: &Value, described: &Value) -> Map<String, Value> {
    let known: &[&str] = match cloud {
        Cloud::Alibaba => &ALIBABA,
        Cloud::Tencent => &TENCENT,
    };
    let mut entry = Map::new();
    for name in known {
        let member = [listed, described]
            .into_iter()
            .map(|reply| &reply[*name])
            .find(|value| !value.is_null());
        match member {
            // An empty key means a software key on Tencent Cloud.
            Some(Value::String(text)) if text.is_empty() && *name != "KmsKeyId" => {}
            Some(value) => {
                entry.insert((*name).to_owned(), value.clone());
            }
            None => {}
        }
    }
    entry
}

/// The reply to a request; absent if there is no such secret or version, or it cannot be read in its state.
fn ask(
    client: &mut Client,
    action: &str,
    parameters: &Map<String, Value>,
) -> Result<Option<Value>, ListError> {
    let reply = client.read(action, parameters)?;
    match reply.error() {
        None => Ok(Some(reply.json())),
        Some(error) if is_about_secret(&error) => Ok(None),
        Some(error) => Err(ListError::Rejected(error)),
    }
}

/// Whether an error is about one secret, so that the others can still be read.
fn is_about_secret(error: &CloudError) -> bool {
    const CODES: [&str; 9] = [
        "Forbidden.ResourceNotFound",
        "Rejected.ResourceInDeleteWindow",
        "Rejected.UnsupportedOperation",
        "UnsupportedOperation",
        "ResourceNotFound",
        "ResourceUnavailable",
        "FailedOperation",
        "OperationDenied",
        "Rejected.Unavailable",
    ];
    CODES.iter().any(|code| error.code.starts_with(code))
}

fn of_alibaba(
    client: &mut Client,
    secret: &Map<String, Value>,
    values: bool,
) -> Result<Vec<Value>, ListError> {
    let mut versions = Vec::new();
    for page in 1.. {
        let mut parameters = secret.clone();
        parameters.insert("IncludeDeprecated".into(), true.into());
        parameters.insert("PageNumber".into(), page.into());
        parameters.insert("PageSize".into(), VERSIONS.into());
        let Some(reply) = ask(client, "ListSecretVersionIds", &parameters)? else {
            return Ok(Vec::new());
        };
        let listed = reply.pointer("/VersionIds/VersionId");
        let listed = listed.and_then(Value::as_array).cloned();
        let listed = listed.unwrap_or_default();
        let total = reply["TotalCount"].as_u64().unwrap_or_default();
        let is_last = listed.len() < VERSIONS || versions.len() + listed.len() >= count(total);
        versions.extend(listed);
        if is_last {
            break;
        }
    }
    let mut complete = Vec::new();
    for version in versions {
        let mut entry = json!({
            "VersionId": version["VersionId"],
            "CreateTime": version["CreateTime"],
            "VersionStages": version.pointer("/VersionStages/VersionStage").cloned().unwrap_or_else(|| json!([])),
        });
        if values {
            let mut parameters = secret.clone();
            parameters.insert("VersionId".into(), version["VersionId"].clone());
            let Some(value) = ask(client, "GetSecretValue", &parameters)? else {
                // Without the value of the current version, the others cannot be loaded.
                if entry["VersionStages"]
                    .as_array()
                    .is_some_and(|stages| stages.contains(&CURRENT.into()))
                {
                    return Ok(Vec::new());
                }
                continue;
            };
            entry["SecretData"] = value["SecretData"].clone();
            entry["SecretDataType"] = value["SecretDataType"].clone();
        }
        complete.push(without_null(entry));
    }
    Ok(complete)
}

fn of_tencent(
    client: &mut Client,
    secret: &Map<String, Value>,
    values: bool,
) -> Result<Vec<Value>, ListError> {
    let Some(reply) = ask(client, "ListSecretVersionIds", secret)? else {
        return Ok(Vec::new());
    };
    let listed = reply["Versions"].as_array().cloned().unwrap_or_default();
    let mut complete = Vec::new();
    // The latest is listed first; a fixture has them in the order in which they were stored.
    for version in listed.into_iter().rev() {
        let mut entry = json!({
            "VersionId": version["VersionId"],
            "CreateTime": version["CreateTime"],
        });
        if values {
            let mut parameters = secret.clone();
            parameters.insert("VersionId".into(), version["VersionId"].clone());
            let Some(value) = ask(client, "GetSecretValue", &parameters)? else {
                continue;
            };
            for name in ["SecretString", "SecretBinary"] {
                if value[name].as_str().is_some_and(|text| !text.is_empty()) {
                    entry[name] = value[name].clone();
                }
            }
        }
        complete.push(without_null(entry));
    }
    Ok(complete)
}

fn count(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

fn without_null(mut entry: Value) -> Value {
    if let Some(members) = entry.as_object_mut() {
        members.retain(|_, value| !value.is_null());
    }
    entry
}
