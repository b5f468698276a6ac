use clap::ValueEnum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::page::PageRequest;
use super::secret::{Encryption, Secret, SecretType, StateName, Tag};

/// A list of secrets that a client requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretQuery {
    /// A secret is listed if it meets all of these.
    pub conditions: Vec<Condition>,
    /// A secret is listed only if it meets all of these, too.
    pub parts: Vec<PartCondition>,
    /// The sort order.
    pub order: SortOrder,
    /// The page of the matching secrets to return.
    pub page: PageRequest,
    /// Whether to load the tags of the secrets on the page.
    pub with_tags: bool,
    /// Whether to load the [details](super::ListedDetails) of the secrets on the page.
    pub with_details: bool,
}

/// How the keys `SecretName` and `Description` of `Filters` match.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum FilterMatch {
    /// The whole text, as documented on the page of `ListSecrets`.
    #[default]
    Exact,
    /// A part of the text.
    Contains,
}

impl FilterMatch {
    /// The name used in the store.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Contains => "contains",
        }
    }

    /// The value with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Exact, Self::Contains]
            .into_iter()
            .find(|value| value.name() == name)
    }
}

/// The sort order of a list: by creation time, which has a resolution of one second. The tie-break
/// depends on the cloud: the name on Alibaba Cloud, the order of creation on Tencent Cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SortOrder {
    /// Ascending creation time.
    OldestFirst,
    /// Descending creation time.
    NewestFirst,
}

/// A condition on one property of a secret: it equals one of these values. Comparisons are exact.
/// No secret meets a condition without values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Condition {
    /// The name.
    Name(Vec<String>),
    /// The type.
    Type(Vec<SecretType>),
    /// The state.
    State(Vec<StateName>),
    /// The key of one of the tags.
    TagKey(Vec<String>),
    /// The value of one of the tags.
    TagValue(Vec<String>),
    /// One of the tags.
    Tag(Vec<Tag>),
    /// The description; `""` matches no secret.
    Description(Vec<String>),
    /// The dedicated KMS instance, or one of the associated instances.
    InstanceId(Vec<String>),
    /// The cloud service that owns the secret.
    OwingService(Vec<String>),
    /// The creator.
    Creator(Vec<String>),
    /// The encryption of the secret.
    Encryption(Vec<Encryption>),
}

impl Condition {
    /// Whether `secret` meets the condition. Needs its tags.
    pub(crate) fn is_met_by(&self, secret: &Secret) -> bool {
        let has =
            |texts: &[String], text: Option<&String>| text.is_some_and(|text| texts.contains(text));
        match self {
            Self::Name(names) => names.contains(&secret.name),
            Self::Type(types) => types.contains(&secret.secret_type),
            Self::State(states) => states.contains(&secret.state.name()),
            Self::TagKey(keys) => secret.tags.iter().any(|tag| keys.contains(&tag.key)),
            Self::TagValue(values) => secret.tags.iter().any(|tag| values.contains(&tag.value)),
            Self::Tag(tags) => secret.tags.iter().any(|tag| tags.contains(tag)),
            Self::Description(texts) => {
                !secret.description.is_empty() && texts.contains(&secret.description)
            }
            Self::InstanceId(ids) => {
                has(ids, secret.dkms_instance_id.as_ref())
                    || secret
                        .associated_instance_ids
                        .iter()
                        .any(|id| ids.contains(id))
            }
            Self::OwingService(services) => has(services, secret.owing_service.as_ref()),
            Self::Creator(creators) => has(creators, secret.creator.as_ref()),
            Self::Encryption(encryptions) => encryptions.contains(&secret.encryption()),
        }
    }

    /// Sorts the values and removes duplicates, so that equivalent conditions are equal.
    pub(crate) fn normalize(&mut self) {
        fn sort<T: Ord>(values: &mut Vec<T>) {
            values.sort_unstable();
            values.dedup();
        }
        match self {
            Self::Name(texts)
            | Self::TagKey(texts)
            | Self::TagValue(texts)
            | Self::Description(texts)
            | Self::InstanceId(texts)
            | Self::OwingService(texts)
            | Self::Creator(texts) => sort(texts),
            Self::Type(types) => sort(types),
            Self::State(states) => sort(states),
            Self::Tag(tags) => sort(tags),
            Self::Encryption(encryptions) => sort(encryptions),
        }
    }
}

/// Longer than every name and description.
const MAX_PART_BYTES: usize = 64 * 1024;

/// A condition on a text of a secret: it contains one of these values. Case-sensitive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartCondition {
    /// The name.
    Name(Vec<String>),
    /// The description; an empty one contains no value.
    Description(Vec<String>),
}

impl PartCondition {
    /// Whether `secret` meets the condition.
    pub(crate) fn is_met_by(&self, secret: &Secret) -> bool {
        let has_part = |text: &str, parts: &[String]| parts.iter().any(|part| text.contains(part));
        match self {
            Self::Name(parts) => has_part(&secret.name, parts),
            Self::Description(parts) => {
                !secret.description.is_empty() && has_part(&secret.description, parts)
            }
        }
    }

    /// The values.
    pub(crate) fn parts(&self) -> &[String] {
        let (Self::Name(parts) | Self::Description(parts)) = self;
        parts
    }

    /// Sorts the values and removes duplicates, so that equivalent conditions are equal, and removes values that no secret
    /// can contain: searching for megabytes of text takes long.
    pub(crate) fn normalize(&mut self) {
        let (Self::Name(parts) | Self::Description(parts)) = self;
        parts.retain(|part| part.len() <= MAX_PART_BYTES);
        parts.sort_unstable();
        parts.dedup();
    }
}
