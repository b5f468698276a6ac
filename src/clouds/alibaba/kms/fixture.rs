//! Reads and writes fixtures. A fixture is a reply of the real `ListSecrets`; values, and the members
//! that only `DescribeSecret` and `GetSecretPolicy` return, can be added.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Display;

use chrono::{DateTime, Datelike, SubsecRound, Utc};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};

use super::managed;
use super::versions::CURRENT;
use crate::clouds::confidential::Confidential;
use crate::clouds::fixture::{
    self as fixture, Account, AsText, Fixture, List, MAX_TEXT_BYTES, ParseError, Region, bounded,
    checked_text,
};
use crate::model::{
    Cloud, DataType, Rotation, Scope, Secret, SecretType, SecretVersion, State, Tag,
};
use crate::store::StoredSecret;

/// Members of a reply that a fixture does not need.
const UNUSED: [&str; 4] = ["RequestId", "PageNumber", "PageSize", "TotalCount"];

/// The maximum numbers of tags and versions of a secret in a fixture. The service allows 20 tags and 10
/// versions.
const MAX_TAGS: usize = 1000;
const MAX_VERSIONS: usize = 1000;

/// Reads a fixture.
///
/// # Errors
///
/// The first error.
pub(crate) fn parse(text: &str) -> Result<Fixture, ParseError> {
    let (file, ignored) = fixture::deserialize::<File>(text, &UNUSED)?;
    let mut names = HashSet::new();
    let mut secrets = Vec::with_capacity(file.secret_list.secret.len());
    for (index, entry) in file.secret_list.secret.into_iter().enumerate() {
        let at = |member: &str, reason: &str| {
            ParseError::new(&format!("SecretList.Secret[{index}].{member}"), reason)
        };
        if !names.insert(entry.secret_name.0.clone()) {
            return Err(at(
                "SecretName",
                &format!("`{}` occurs twice", entry.secret_name.0),
            ));
        }
        secrets.push(
            entry
                .into_model()
                .map_err(|(member, reason)| at(&member, &reason))?,
        );
    }
    Ok(Fixture {
        cloud: Cloud::Alibaba,
        account: file.account.map(|account| account.0),
        region: file.region.map(|region| region.0),
        secrets,
        ignored,
    })
}

/// Writes secrets of a scope, in the order given, as a fixture. Loading it restores the same secrets.
/// Without `values` the versions are left out.
#[must_use]
pub(crate) fn print(scope: &Scope, secrets: Vec<StoredSecret>, values: bool) -> String {
    let file = File {
        account: Some(Account(scope.account.clone())),
        region: Some(Region(scope.region.clone())),
        secret_list: SecretList {
            secret: secrets
                .into_iter()
                .map(|stored| Box::new(Entry::from_model(stored, values)))
                .collect(),
        },
    };
    // Cannot fail: texts and numbers only.
    serde_json::to_string_pretty(&file).unwrap_or_default()
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct File {
    account: Option<Account>,
    region: Option<Region>,
    secret_list: SecretList,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SecretList {
    #[expect(
        clippy::vec_box,
        reason = "an entry is large, and a list is copied while it grows"
    )]
    secret: Vec<Box<Entry>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    secret_name: Name,
    #[serde(
        default,
        deserialize_with = "unless_empty",
        skip_serializing_if = "Option::is_none"
    )]
    secret_type: Option<TypeName>,
    create_time: Time,
    #[serde(
        default,
        deserialize_with = "unless_empty",
        skip_serializing_if = "Option::is_none"
    )]
    update_time: Option<Time>,
    #[serde(
        default,
        deserialize_with = "unless_empty",
        skip_serializing_if = "Option::is_none"
    )]
    planned_delete_time: Option<Time>,
    #[serde(
        default,
        deserialize_with = "unless_empty",
        skip_serializing_if = "Option::is_none"
    )]
    description: Option<String>,
    #[serde(
        default,
        deserialize_with = "unless_empty",
        skip_serializing_if = "Option::is_none"
    )]
    encryption_key_id: Option<String>,
    #[serde(
        default,
        rename = "DKMSInstanceId",
        deserialize_with = "unless_empty",
        skip_serializing_if = "Option::is_none"
    )]
    dkms_instance_id: Option<String>,
    #[serde(
        default,
        deserialize_with = "unless_empty",
        skip_serializing_if = "Option::is_none"
    )]
    owing_service: Option<String>,
    #[serde(
        default,
        deserialize_with = "unless_empty",
        skip_serializing_if = "Option::is_none"
    )]
    creator: Option<String>,
    /// Such as `604800s`. Automatic rotation is off without `NextRotationDate`.
    #[serde(
        default,
        deserialize_with = "unless_empty",
        skip_serializing_if = "Option::is_none"
    )]
    rotation_interval: Option<Interval>,
    #[serde(
        default,
        deserialize_with = "unless_empty",
        skip_serializing_if = "Option::is_none"
    )]
    last_rotation_date: Option<Time>,
    #[serde(
        default,
        deserialize_with = "unless_empty",
        skip_serializing_if = "Option::is_none"
    )]
    next_rotation_date: Option<Time>,
    #[serde(
        default,
        deserialize_with = "unless_empty",
        skip_serializing_if = "Option::is_none"
    )]
    extended_config: Option<String>,
    #[serde(
        default,
        deserialize_with = "unless_empty",
        skip_serializing_if = "Option::is_none"
    )]
    policy: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Tags>,
    #[serde(default, skip_serializing_if = "has_no_versions")]
    versions: Confidential<List<Confidential<Version>, MAX_VERSIONS>>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Tags {
    tag: List<TagEntry, MAX_TAGS>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct TagEntry {
    tag_key: String,
    #[serde(default)]
    tag_value: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Version {
    version_id: Confidential<Id>,
    create_time: Option<Confidential<VersionTime>>,
    secret_data: Confidential<Data>,
    #[serde(default)]
    secret_data_type: Confidential<DataTypeName>,
    version_stages: Option<Stages>,
}

fn has_no_versions(versions: &Confidential<List<Confidential<Version>, MAX_VERSIONS>>) -> bool {
    versions.0.is_empty()
}

/// A plain list, or a list wrapped as in replies of the service.
#[derive(Serialize, Deserialize)]
#[serde(untagged, expecting = "expected a list of stages")]
enum Stages {
    Plain(Vec<String>),
    Wrapped {
        #[serde(rename = "VersionStage")]
        version_stage: Vec<String>,
    },
}

/// Reads a member that may be absent, `null` or empty: programs that save replies write all three.
fn unless_empty<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<String, Error: Display>,
{
    let text: Option<String> = Option::deserialize(deserializer)?;
    if text
        .as_ref()
        .is_some_and(|text| text.len() > MAX_TEXT_BYTES)
    {
        return Err(D::Error::custom(format!(
            "more than {MAX_TEXT_BYTES} bytes"
        )));
    }
    text.filter(|text| !text.is_empty())
        .map(|text| T::try_from(text).map_err(D::Error::custom))
        .transpose()
}

impl Entry {
    /// An error has the path of the member and the reason.
    fn into_model(self) -> Result<StoredSecret, (String, String)> {
        let tags: Vec<Tag> = self.tags.map_or_else(Vec::new, |tags| {
            tags.tag
                .0
                .into_iter()
                .map(|tag| Tag {
                    key: tag.tag_key,
                    value: tag.tag_value,
                })
                .collect()
        });
        let mut keys = HashSet::new();
        for (index, tag) in tags.iter().enumerate() {
            if !keys.insert(&tag.key) {
                return Err((
                    format!("Tags.Tag[{index}].TagKey"),
                    format!("`{}` occurs twice", tag.key),
                ));
            }
        }
        let versions = versions(self.versions.0.0, self.create_time.0)?;
        let secret = Secret {
            name: self.secret_name.0,
            secret_type: self.secret_type.map_or(SecretType::Generic, |name| name.0),
            description: self.description.unwrap_or_default(),
            created_at: self.create_time.0,
            updated_at: self.update_time.map_or(self.create_time.0, |time| time.0),
            state: match self.planned_delete_time {
                None => State::Enabled,
                Some(time) => State::PendingDeletion {
                    planned_delete_at: time.0,
                },
            },
            encryption_key_id: self.encryption_key_id,
            dkms_instance_id: self.dkms_instance_id,
            associated_instance_ids: Vec::new(),
            owing_service: self.owing_service,
            creator: self.creator,
            extended_config: self.extended_config,
            rotation: Rotation {
                interval: self.rotation_interval.map(|interval| interval.0.0),
                last_at: self.last_rotation_date.map(|time| time.0),
                next_at: self.next_rotation_date.map(|time| time.0),
            },
            tags,
        };
        Ok(StoredSecret {
            secret,
            versions,
            policy: self.policy,
        })
    }

    fn from_model(stored: StoredSecret, values: bool) -> Self {
        let StoredSecret {
            secret,
            versions,
            policy,
        } = stored;
        let tags: Vec<_> = secret
            .tags
            .into_iter()
            .map(|tag| TagEntry {
                tag_key: tag.key,
                tag_value: tag.value,
            })
            .collect();
        let versions = versions.into_iter().map(|version| {
            Confidential(Version {
                version_id: Confidential(Id(version.version_id)),
                create_time: Some(Confidential(VersionTime(version.created_at))),
                secret_data: Confidential(Data(version.data.into_inner())),
                secret_data_type: Confidential(DataTypeName(version.data_type)),
                version_stages: Some(Stages::Plain(version.stages)),
            })
        });
        Self {
            secret_name: Name(secret.name),
            secret_type: Some(TypeName(secret.secret_type)),
            create_time: Time(secret.created_at),
            update_time: Some(Time(secret.updated_at)),
            planned_delete_time: secret.state.planned_delete_at().map(Time),
            description: Some(secret.description).filter(|text| !text.is_empty()),
            encryption_key_id: secret.encryption_key_id,
            dkms_instance_id: secret.dkms_instance_id,
            owing_service: secret.owing_service,
            creator: secret.creator,
            rotation_interval: secret
                .rotation
                .interval
                .map(|seconds| Interval(Seconds(seconds))),
            last_rotation_date: secret.rotation.last_at.map(Time),
            next_rotation_date: secret.rotation.next_at.map(Time),
            extended_config: secret.extended_config,
            policy,
            tags: (!tags.is_empty()).then_some(Tags { tag: List(tags) }),
            versions: Confidential(if values {
                List(versions.collect())
            } else {
                List::default()
            }),
        }
    }
}

fn versions(
    entries: Vec<Confidential<Version>>,
    created_at: DateTime<Utc>,
) -> Result<Vec<SecretVersion>, (String, String)> {
    let single = entries.len() == 1;
    let mut ids = HashSet::new();
    let mut all_stages = HashSet::new();
    let mut versions = Vec::with_capacity(entries.len());
    for (index, Confidential(entry)) in entries.into_iter().enumerate() {
        if !ids.insert(entry.version_id.0.0.clone()) {
            return Err((
                format!("Versions[{index}].VersionId"),
                format!("`{}` occurs twice", entry.version_id.0.0),
            ));
        }
        let stages = match entry.version_stages {
            Some(
                Stages::Plain(stages)
                | Stages::Wrapped {
                    version_stage: stages,
                },
            ) => stages,
            None if single => vec![CURRENT.to_owned()],
            None => Vec::new(),
        };
        for stage in &stages {
            if !all_stages.insert(stage.clone()) {
                return Err((
                    format!("Versions[{index}].VersionStages"),
                    format!("`{stage}` marks two versions"),
                ));
            }
        }
        versions.push(SecretVersion {
            version_id: entry.version_id.0.0,
            created_at: entry.create_time.map_or(created_at, |time| time.0.0),
            data: entry.secret_data.0.0.into(),
            data_type: entry.secret_data_type.0.0,
            stages,
        });
    }
    if !versions.is_empty() && !all_stages.contains(CURRENT) {
        return Err((
            "Versions".to_owned(),
            format!("no version is marked `{CURRENT}`"),
        ));
    }
    Ok(versions)
}

checked_text! {
    Name(String) = |text| bounded(text, 192, "a secret name");
    Id(String) = |text| bounded(text, 64, "a version id");
    // Not quoted: it is a secret.
    Data(String) = |text| match text.len() {
        0..=30_720 => Ok(text),
        length => Err(format!("{length} bytes are more than 30720")),
    };
    Time(DateTime<Utc>) = |text| {
        parse_time(&text).ok_or_else(|| format!("`{text}` is not a time such as 2024-02-21T15:39:26Z"))
    };
    // Not quoted: it is next to a secret.
    VersionTime(DateTime<Utc>) = |text| {
        parse_time(&text).ok_or_else(|| "expected a time such as 2024-02-21T15:39:26Z".to_owned())
    };
    TypeName(SecretType) = |text| {
        SecretType::from_name(&text).ok_or_else(|| format!("`{text}` is not a type of secret"))
    };
    Interval(Seconds) = |text| {
        let seconds = managed::parse_interval(&text);
        seconds.map(Seconds).ok_or_else(|| format!("`{text}` is not an interval such as 604800s"))
    };
    DataTypeName(DataType) = |text| {
        DataType::from_name(&text).ok_or_else(|| "expected `text` or `binary`".to_owned())
    };
}

fn parse_time(text: &str) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc3339(text).ok()?;
    (0..=9999)
        .contains(&time.year())
        .then(|| time.to_utc().trunc_subsecs(0))
}

/// A rotation interval.
#[derive(Clone, Copy)]
pub(crate) struct Seconds(u32);

impl AsText for Seconds {
    fn as_text(&self) -> Cow<'_, str> {
        format!("{}s", self.0).into()
    }
}

impl Default for DataTypeName {
    fn default() -> Self {
        Self(DataType::Text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_a_place_and_fits_on_one_line() {
        for (text, place) in [
            // Found by fuzzing.
            (r#"{"":"#, "."),
            ("", "."),
            (r#"{"SecretList":{"Secret":[]}} x"#, "."),
            (r#"{"Account":"1\n2"}"#, "Account"),
            (r#"{"a\nb":[}"#, "a\\nb"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.place.starts_with(place), "{text}: {error:?}");
            assert!(
                !error.reason.is_empty() && !error.reason.contains('\n'),
                "{error:?}"
            );
        }
    }

    #[test]
    fn errors_in_versions_do_not_quote_values() {
        let version = |version: &str| {
            format!(
                r#"{{"SecretList":{{"Secret":[{{"SecretName":"a","CreateTime":"2024-01-01T00:00:00Z","Versions":[{version}]}}]}}}}"#
            )
        };
        let in_place_of_versions = r#"{"SecretList":{"Secret":[{"SecretName":"a","CreateTime":"2024-01-01T00:00:00Z","Versions":"hunter2"}]}}"#;
        let error = parse(in_place_of_versions).unwrap_err();
        assert_eq!(error.place, "SecretList.Secret[0].Versions");
        assert!(error.reason.starts_with("expected a list"), "{error:?}");
        for text in [
            r#""hunter2""#,
            r#"{"VersionId":"1","SecretData":["hunter2"]}"#,
            r#"{"VersionId":"1","SecretData":7777777}"#,
            r#"{"VersionId":7777777,"SecretData":"x"}"#,
            r#"{"VersionId":"1","SecretData":"x","CreateTime":"hunter2"}"#,
            r#"{"VersionId":"1","SecretData":"x","SecretDataType":"hunter2"}"#,
            r#"{"VersionId":"1","SecretData":"x","VersionStages":"hunter2"}"#,
        ] {
            let error = parse(&version(text)).unwrap_err();
            assert!(
                error.place.starts_with("SecretList.Secret[0].Versions[0]"),
                "{error:?}"
            );
            assert!(error.reason.contains("expected"), "{error:?}");
            assert!(
                !error.reason.contains("hunter2") && !error.reason.contains("777"),
                "{error:?}"
            );
        }
    }

    #[test]
    fn null_and_empty_texts_are_absent() {
        let member = |value: &str| {
            let names = [
                "SecretType",
                "UpdateTime",
                "PlannedDeleteTime",
                "Description",
                "OwingService",
                "Creator",
            ];
            let members: Vec<_> = names
                .iter()
                .map(|name| format!(r#","{name}":{value}"#))
                .collect();
            let members = members.concat();
            format!(
                r#"{{"SecretList":{{"Secret":[{{"SecretName":"a","CreateTime":"2024-01-01T00:00:00Z"{members}}}]}}}}"#
            )
        };
        let plain =
            r#"{"SecretList":{"Secret":[{"SecretName":"a","CreateTime":"2024-01-01T00:00:00Z"}]}}"#;
        let expected = parse(plain).unwrap().secrets;
        for value in ["null", r#""""#] {
            assert_eq!(parse(&member(value)).unwrap().secrets, expected);
        }
    }

    #[test]
    fn lists_and_texts_far_beyond_what_the_service_takes_are_refused() {
        let secret = |members: &str| {
            format!(
                r#"{{"SecretList":{{"Secret":[{{"SecretName":"a","CreateTime":"2024-01-01T00:00:00Z",{members}}}]}}}}"#
            )
        };
        let tags = |count: usize| {
            let tags: Vec<_> = (0..count)
                .map(|number| format!(r#"{{"TagKey":"{number}"}}"#))
                .collect();
            secret(&format!(r#""Tags":{{"Tag":[{}]}}"#, tags.join(",")))
        };
        let text = |length: usize| secret(&format!(r#""Description":"{}""#, "d".repeat(length)));
        for (most, more, place) in [
            (tags(1000), tags(1001), "SecretList.Secret[0].Tags.Tag"),
            (
                text(64 * 1024),
                text(64 * 1024 + 1),
                "SecretList.Secret[0].Description",
            ),
        ] {
            assert!(parse(&most).is_ok(), "{place}");
            let mistake = parse(&more).unwrap_err();
            assert_eq!(mistake.place, place);
            assert!(mistake.reason.starts_with("more than "), "{mistake:?}");
        }
    }

    #[test]
    fn stages_are_read_bare_and_wrapped_and_members_unknown_are_noted() {
        let fixture = parse(
            r#"{"SecretList":{"Secret":[{"SecretName":"a","CreateTime":"2024-02-21T23:36:07.7+08:00","New":1,"Versions":[
                {"VersionId":"1","SecretData":"x","VersionStages":{"VersionStage":["ACSCurrent","mine"]}},
                {"VersionId":"2","SecretData":"y","VersionStages":["ACSPrevious"]},
                {"VersionId":"3","SecretData":"z"}]}]},"TotalCount":1}"#,
        )
        .unwrap();
        let StoredSecret {
            secret, versions, ..
        } = &fixture.secrets[0];
        assert_eq!(secret.created_at.to_rfc3339(), "2024-02-21T15:36:07+00:00");
        let stages: Vec<_> = versions
            .iter()
            .map(|version| version.stages.join(" "))
            .collect();
        assert_eq!(stages, ["ACSCurrent mine", "ACSPrevious", ""]);
        assert_eq!(fixture.ignored, ["SecretList.Secret.0.New"]);
    }
}
