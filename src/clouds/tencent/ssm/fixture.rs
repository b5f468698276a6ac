//! Reads and writes fixtures: replies of the real `ListSecrets`, optionally with tags and values.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::details::{Details, KmsKeyType};
use super::resource::{DEFAULT_KEY, base64};
use super::shapes::TYPES;
use crate::clouds::cause::Cause;
use crate::clouds::confidential::Confidential;
use crate::clouds::fixture::{
    self as fixture, Account, Fixture, List, ParseError, Region, bounded, checked_text,
};
use crate::clouds::tencent::api3::error::ApiError;
use crate::model::{
    Cloud, DataType, Rotation, Scope, Secret, SecretType, SecretVersion, State, Tag,
};
use crate::store::StoredSecret;

/// Members of a reply that are ignored without a warning.
const UNUSED: [&str; 4] = [
    "RequestId",
    "TotalCount",
    "Response.RequestId",
    "Response.TotalCount",
];

/// The maximum numbers of tags and versions of a secret in a fixture. The service allows 10 versions.
const MAX_TAGS: usize = 1000;
const MAX_VERSIONS: usize = 1000;

/// Writes the secrets of a scope, given in the order in which they were stored, as a fixture that loads to
/// the same state; without their versions unless `values` is true.
///
/// # Errors
///
/// If a stored secret is not valid for this cloud.
pub(crate) fn print(
    scope: &Scope,
    secrets: Vec<StoredSecret>,
    values: bool,
) -> Result<String, Cause> {
    let entries: Result<Vec<_>, _> = secrets
        .into_iter()
        .rev()
        .map(|stored| Entry::from_model(stored, values).map(Box::new))
        .collect();
    let file = File {
        account: Some(Account(scope.account.clone())),
        region: Some(Region(scope.region.clone())),
        secret_metadatas: entries.map_err(Cause::new)?,
    };
    serde_json::to_string_pretty(&file).map_err(Cause::new)
}

/// Reads a reply as an SDK or the command line prints it, without the envelope.
///
/// # Errors
///
/// The first error.
pub(crate) fn parse(text: &str) -> Result<Fixture, ParseError> {
    let (file, ignored) = fixture::deserialize::<File>(text, &UNUSED)?;
    let File {
        account,
        region,
        secret_metadatas,
    } = file;
    into_fixture(account, region, secret_metadatas, "", ignored)
}

/// Reads a reply as on the wire, with the envelope `Response`.
///
/// # Errors
///
/// The first error.
pub(crate) fn parse_enveloped(text: &str) -> Result<Fixture, ParseError> {
    let (file, ignored) = fixture::deserialize::<EnvelopedFile>(text, &UNUSED)?;
    let EnvelopedFile {
        account,
        region,
        response: Reply { secret_metadatas },
    } = file;
    into_fixture(account, region, secret_metadatas, "Response.", ignored)
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct File {
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<Account>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
    #[expect(
        clippy::vec_box,
        reason = "an entry is large, and a list is copied while it grows"
    )]
    secret_metadatas: Vec<Box<Entry>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct EnvelopedFile {
    account: Option<Account>,
    region: Option<Region>,
    response: Reply,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Reply {
    #[expect(
        clippy::vec_box,
        reason = "an entry is large, and a list is copied while it grows"
    )]
    secret_metadatas: Vec<Box<Entry>>,
}

/// An item of `SecretMetadatas` with `AdditionalConfig`, `Tags` and `Versions`. The vendor allows `null` for most
/// members.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    secret_name: Name,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_key_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    create_uin: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    create_uin_string: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
    #[serde(skip_serializing_if = "Option::is_none")]
    delete_time: Option<i64>,
    create_time: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    kms_key_type: Option<KmsKeyType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation_status: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_rotation_time: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_type: Option<TypeNumber>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resource_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(rename = "ProjectID")]
    project_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(rename = "AssociatedInstanceIDs")]
    associated_instance_ids: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_uin: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(rename = "TargetUinString")]
    _target_uin_string: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation_frequency: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(rename = "ResourceID")]
    resource_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rotation_begin_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encrypt_type: Option<EncryptType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    encrypt_switching: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    additional_config: Option<Confidential<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<List<TagEntry, MAX_TAGS>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    versions: Option<Confidential<List<Confidential<Version>, MAX_VERSIONS>>>,
}

#[derive(Serialize, Deserialize, Clone, Copy)]
enum Status {
    Enabled,
    Disabled,
    PendingDelete,
    // A sample of the vendor has `Initializing`.
    #[serde(alias = "Initializing")]
    Creating,
    Failed,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TagEntry {
    tag_key: String,
    tag_value: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Version {
    version_id: Confidential<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    create_time: Option<Confidential<VersionTime>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_string: Option<Confidential<Data>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret_binary: Option<Confidential<Data>>,
}

checked_text! {
    Name(String) = |text| bounded(text, 128, "a secret name");
    Id(String) = |text| bounded(text, 64, "a version id");
    // The error does not contain the value, which is secret. The maximum length is a setting of the server.
    Data(String) = Ok;
}

/// Numbers of a reply that are checked while they are read.
macro_rules! checked_number {
    ($($name:ident($inner:ty) = $check:expr, $number:expr;)*) => {$(
        #[derive(Serialize, Deserialize, Clone, Copy)]
        #[serde(try_from = "i64", into = "i64")]
        struct $name($inner);

        impl From<$name> for i64 {
            fn from(value: $name) -> Self {
                let number: fn($inner) -> i64 = $number;
                number(value.0)
            }
        }

        impl TryFrom<i64> for $name {
            type Error = String;

            fn try_from(number: i64) -> Result<Self, String> {
                let check: fn(i64) -> Result<$inner, String> = $check;
                check(number).map(Self)
            }
        }
    )*};
}

/// The last second of the year 9999.
const LATEST: i64 = 253_402_300_799;

checked_number! {
    Time(DateTime<Utc>) = |seconds| {
        parse_time(seconds).ok_or_else(|| format!("`{seconds}` is not a time in Unix seconds"))
    }, |time| time.timestamp();
    // Not quoted: it is next to a secret.
    VersionTime(DateTime<Utc>) = |seconds| {
        parse_time(seconds).ok_or_else(|| "expected a time in Unix seconds".to_owned())
    }, |time| time.timestamp();
    TypeNumber(usize) = |number| match usize::try_from(number) {
        Ok(index) if index < TYPES.len() => Ok(index),
        _ => Err(format!("`{number}` is not a type of secret")),
    }, |index| i64::try_from(index).unwrap_or_default();
    EncryptType(bool) = |number| match number {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(format!("`{number}` is neither 0 nor 1")),
    }, i64::from;
}

fn parse_time(seconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0).filter(|_| (0..=LATEST).contains(&seconds))
}

#[expect(clippy::vec_box, reason = "as it was read")]
fn into_fixture(
    account: Option<Account>,
    region: Option<Region>,
    entries: Vec<Box<Entry>>,
    above: &str,
    ignored: Vec<String>,
) -> Result<Fixture, ParseError> {
    let mut names = HashSet::new();
    let mut secrets = Vec::with_capacity(entries.len());
    for (index, entry) in entries.into_iter().enumerate() {
        let at = |member: &str, reason: &str| {
            ParseError::new(&format!("{above}SecretMetadatas[{index}].{member}"), reason)
        };
        if !names.insert(entry.secret_name.0.clone()) {
            let reason = format!("`{}` occurs twice", entry.secret_name.0);
            return Err(at("SecretName", &reason));
        }
        let secret = entry.into_model();
        secrets.push(secret.map_err(|(member, reason)| at(&member, &reason))?);
    }
    // A list has the newest secret first unless it was requested in the other order. Of the secrets of one
    // second the first in the list was stored last.
    let newest_first = match (secrets.first(), secrets.last()) {
        (Some(first), Some(last)) => first.secret.created_at >= last.secret.created_at,
        _ => false,
    };
    if newest_first {
        secrets.reverse();
    }
    Ok(Fixture {
        cloud: Cloud::Tencent,
        account: account.map(|account| account.0),
        region: region.map(|region| region.0),
        secrets,
        ignored,
    })
}

impl Entry {
    /// An error is the member and the reason.
    fn into_model(self) -> Result<StoredSecret, (String, String)> {
        let created_at = self.create_time.0;
        let state = match self.status.unwrap_or(Status::Enabled) {
            Status::Enabled => State::Enabled,
            Status::Disabled => State::Disabled,
            Status::Creating => State::Creating,
            Status::Failed => State::Failed,
            Status::PendingDelete => State::PendingDeletion {
                planned_delete_at: self
                    .delete_time
                    .filter(|seconds| *seconds > 0)
                    .and_then(|seconds| Time::try_from(seconds).ok())
                    .ok_or_else(|| {
                        let reason = "a secret in the state PendingDelete needs a deletion time";
                        ("DeleteTime".to_owned(), reason.to_owned())
                    })?
                    .0,
            },
        };
        let tags = tags(self.tags.unwrap_or_default().0)?;
        let versions = versions(self.versions.unwrap_or_default().0.0, created_at)?;
        // Replies without `EncryptType`, of older versions of the API, have an empty key id for a software key.
        let has_software_key = match self.encrypt_type {
            Some(EncryptType(software)) => software,
            None => self.kms_key_id.as_deref() == Some(""),
        };
        let key = self.kms_key_id.unwrap_or_else(|| DEFAULT_KEY.to_owned());
        let details = Details {
            kms_key_type: self.kms_key_type.unwrap_or_default(),
            additional_config: self.additional_config.unwrap_or_default().0,
            resource_id: self.resource_id.unwrap_or_default(),
            resource_name: self.resource_name.unwrap_or_default(),
            project_id: self.project_id.unwrap_or_default(),
            target_uin: self.target_uin.unwrap_or_default(),
            rotation_status: self.rotation_status.unwrap_or_default(),
            rotation_frequency: self.rotation_frequency.unwrap_or_default(),
            rotation_begin_time: self.rotation_begin_time.unwrap_or_default(),
            next_rotation_time: self.next_rotation_time.unwrap_or_default(),
            encrypt_switching: self.encrypt_switching.unwrap_or_default(),
        };
        let secret_type = TYPES[self.secret_type.map_or(0, |number| number.0)];
        // `InstanceID` of ListSecrets finds secrets of cloud products by their instance.
        let is_of_product = matches!(secret_type, SecretType::Rds | SecretType::Redis);
        let instance_id = Some(&details.resource_id).filter(|id| is_of_product && !id.is_empty());
        let creator = self
            .create_uin_string
            .filter(|text| text.parse::<u64>().is_ok());
        let secret = Secret {
            name: self.secret_name.0,
            secret_type,
            description: self.description.unwrap_or_default(),
            created_at,
            updated_at: created_at,
            state,
            encryption_key_id: (!has_software_key).then_some(key),
            dkms_instance_id: instance_id.cloned(),
            associated_instance_ids: self.associated_instance_ids.unwrap_or_default(),
            owing_service: self
                .product_name
                .filter(|name| !name.is_empty() && name != "default"),
            creator: creator.or_else(|| self.create_uin.map(|uin| uin.to_string())),
            extended_config: Some(details.to_json()),
            rotation: Rotation::default(),
            tags,
        };
        Ok(StoredSecret {
            secret,
            versions,
            policy: None,
        })
    }

    fn from_model(stored: StoredSecret, values: bool) -> Result<Self, ApiError> {
        let StoredSecret {
            secret, versions, ..
        } = stored;
        let details = Details::parse(secret.extended_config.as_deref())?;
        let (status, delete_time) = match secret.state {
            State::Enabled => (Status::Enabled, None),
            State::Disabled => (Status::Disabled, None),
            State::Creating => (Status::Creating, None),
            State::Failed => (Status::Failed, None),
            State::PendingDeletion { planned_delete_at } => {
                (Status::PendingDelete, Some(planned_delete_at.timestamp()))
            }
        };
        let tags: Vec<_> = secret
            .tags
            .into_iter()
            .map(|tag| TagEntry {
                tag_key: tag.key,
                tag_value: tag.value,
            })
            .collect();
        let versions: Vec<_> = versions
            .into_iter()
            .map(|version| {
                let data = Some(Confidential(Data(version.data.into_inner())));
                let (secret_string, secret_binary) = match version.data_type {
                    DataType::Text => (data, None),
                    DataType::Binary => (None, data),
                };
                Confidential(Version {
                    version_id: Confidential(Id(version.version_id)),
                    create_time: Some(Confidential(VersionTime(version.created_at))),
                    secret_string,
                    secret_binary,
                })
            })
            .collect();
        let type_number = TYPES.iter().position(|known| *known == secret.secret_type);
        let has_software_key = secret.encryption_key_id.is_none();
        Ok(Self {
            secret_name: Name(secret.name),
            description: Some(secret.description),
            kms_key_id: Some(secret.encryption_key_id.unwrap_or_default()),
            create_uin: None,
            create_uin_string: secret.creator,
            status: Some(status),
            delete_time,
            create_time: Time(secret.created_at),
            kms_key_type: Some(details.kms_key_type),
            rotation_status: Some(details.rotation_status),
            next_rotation_time: Some(details.next_rotation_time),
            secret_type: type_number.map(TypeNumber),
            product_name: secret.owing_service,
            resource_name: Some(details.resource_name),
            project_id: Some(details.project_id),
            associated_instance_ids: Some(secret.associated_instance_ids),
            target_uin: Some(details.target_uin),
            _target_uin_string: None,
            rotation_frequency: Some(details.rotation_frequency),
            resource_id: Some(details.resource_id),
            rotation_begin_time: Some(details.rotation_begin_time),
            encrypt_type: Some(EncryptType(has_software_key)),
            encrypt_switching: Some(details.encrypt_switching),
            additional_config: Some(Confidential(details.additional_config)),
            tags: (!tags.is_empty()).then_some(List(tags)),
            versions: (values && !versions.is_empty()).then_some(Confidential(List(versions))),
        })
    }
}

fn tags(entries: Vec<TagEntry>) -> Result<Vec<Tag>, (String, String)> {
    let mut tags: Vec<Tag> = Vec::with_capacity(entries.len());
    for (index, entry) in entries.into_iter().enumerate() {
        if tags.iter().any(|tag| tag.key == entry.tag_key) {
            return Err((
                format!("Tags[{index}].TagKey"),
                format!("`{}` occurs twice", entry.tag_key),
            ));
        }
        tags.push(Tag {
            key: entry.tag_key,
            value: entry.tag_value,
        });
    }
    Ok(tags)
}

/// Converts versions, in the order in which they were stored.
fn versions(
    entries: Vec<Confidential<Version>>,
    created_at: DateTime<Utc>,
) -> Result<Vec<SecretVersion>, (String, String)> {
    let mut ids = HashSet::new();
    let mut versions = Vec::with_capacity(entries.len());
    for (index, Confidential(entry)) in entries.into_iter().enumerate() {
        let at = |member: &str, reason: String| (format!("Versions[{index}]{member}"), reason);
        if !ids.insert(entry.version_id.0.0.clone()) {
            let reason = format!("`{}` occurs twice", entry.version_id.0.0);
            return Err(at(".VersionId", reason));
        }
        let given = |data: Option<Confidential<Data>>| {
            data.map(|data| data.0.0).filter(|text| !text.is_empty())
        };
        let (data, data_type) = match (given(entry.secret_string), given(entry.secret_binary)) {
            (Some(text), None) => (text, DataType::Text),
            (None, Some(binary)) => match base64(binary) {
                Some(binary) => (binary, DataType::Binary),
                None => return Err(at(".SecretBinary", "expected Base64".to_owned())),
            },
            _ => {
                let reason = "expected one of `SecretString` and `SecretBinary`";
                return Err(at("", reason.to_owned()));
            }
        };
        versions.push(SecretVersion {
            version_id: entry.version_id.0.0,
            created_at: entry.create_time.map_or(created_at, |time| time.0.0),
            data: data.into(),
            data_type,
            stages: Vec::new(),
        });
    }
    Ok(versions)
}
