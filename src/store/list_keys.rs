//! Which lists exist: one for each value that clients of a cloud can filter by.
//!
//! On Tencent Cloud every query has a type, so the lists of property values are per type there: a
//! query for a type and a state, or a type and a tag, is answered from one list.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::model::{Cloud, Condition, Encryption, Secret, SecretType, StateName, Tag};

/// Identifies a list in a scope. It contains all secrets of the scope, or those of one type, or
/// those with a property, or those of one type with a property.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ListKey<'a> {
    pub secret_type: Option<SecretType>,
    pub property: Option<Property<'a>>,
}

/// A property with a value. Names have no lists: a name identifies one secret at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Property<'a> {
    State(StateName),
    TagKey(&'a str),
    TagValue(&'a str),
    Tag(&'a Tag),
    Description(&'a str),
    InstanceId(&'a str),
    OwingService(&'a str),
    Creator(&'a str),
    Encryption(Encryption),
}

/// Identifies a list in a scope by two columns.
pub(super) trait ListName {
    /// The columns `kind` and `value`. The numbers and texts are part of the file format.
    fn kind_and_value(&self) -> (u8, Cow<'_, str>);
}

impl ListName for ListKey<'_> {
    /// The names of types contain no `/`.
    fn kind_and_value(&self) -> (u8, Cow<'_, str>) {
        match (self.secret_type, &self.property) {
            (None, None) => (0, Cow::Borrowed("")),
            (Some(secret_type), None) => (1, secret_type.name().into()),
            (None, Some(property)) => (property.kind(), property.value()),
            (Some(secret_type), Some(property)) => (
                16 + property.kind(),
                format!("{}/{}", secret_type.name(), property.value()).into(),
            ),
        }
    }
}

impl<'a> Property<'a> {
    /// The numbers are part of the file format.
    fn kind(&self) -> u8 {
        match self {
            Self::TagKey(_) => 2,
            Self::TagValue(_) => 3,
            Self::Description(_) => 4,
            Self::InstanceId(_) => 5,
            Self::Creator(_) => 6,
            Self::State(_) => 8,
            Self::Tag(_) => 9,
            Self::OwingService(_) => 10,
            Self::Encryption(_) => 11,
        }
    }

    /// The texts are part of the file format. Values of one kind have distinct texts.
    fn value(&self) -> Cow<'a, str> {
        match *self {
            Self::State(state) => state.as_str().into(),
            Self::Encryption(encryption) => encryption.name().into(),
            // The length tells `a=b` with the value `c` from `a` with the value `b=c`.
            Self::Tag(Tag { key, value }) => format!("{}:{key}={value}", key.len()).into(),
            Self::TagKey(text)
            | Self::TagValue(text)
            | Self::Description(text)
            | Self::InstanceId(text)
            | Self::OwingService(text)
            | Self::Creator(text) => text.into(),
        }
    }

    /// The values of a condition. Names and types are not properties.
    pub(super) fn of_condition(condition: &'a Condition) -> Vec<Self> {
        fn texts<'a>(
            texts: &'a [String],
            property: fn(&'a str) -> Property<'a>,
        ) -> Vec<Property<'a>> {
            texts.iter().map(|text| property(text)).collect()
        }
        match condition {
            Condition::Name(_) | Condition::Type(_) => Vec::new(),
            Condition::State(states) => states.iter().copied().map(Self::State).collect(),
            Condition::TagKey(keys) => texts(keys, Self::TagKey),
            Condition::TagValue(values) => texts(values, Self::TagValue),
            Condition::Tag(tags) => tags.iter().map(Self::Tag).collect(),
            Condition::Description(descriptions) => texts(descriptions, Self::Description),
            Condition::InstanceId(ids) => texts(ids, Self::InstanceId),
            Condition::OwingService(services) => texts(services, Self::OwingService),
            Condition::Creator(creators) => texts(creators, Self::Creator),
            Condition::Encryption(encryptions) => {
                encryptions.iter().copied().map(Self::Encryption).collect()
            }
        }
    }

    /// The properties of a secret that have lists on `cloud`.
    fn of_secret(cloud: Cloud, secret: &'a Secret) -> Vec<Self> {
        let tags = secret.tags.iter();
        let mut properties: Vec<_> = tags.clone().map(|tag| Self::TagKey(&tag.key)).collect();
        let ids = secret.dkms_instance_id.iter();
        let ids = ids.chain(&secret.associated_instance_ids);
        properties.extend(ids.map(|id| Self::InstanceId(id)));
        match cloud {
            Cloud::Alibaba => {
                properties.extend(tags.map(|tag| Self::TagValue(&tag.value)));
                if !secret.description.is_empty() {
                    properties.push(Self::Description(&secret.description));
                }
                properties.extend(secret.creator.as_deref().map(Self::Creator));
            }
            Cloud::Tencent => {
                properties.push(Self::State(secret.state.name()));
                properties.extend(tags.map(Self::Tag));
                properties.extend(secret.owing_service.as_deref().map(Self::OwingService));
                properties.push(Self::Encryption(secret.encryption()));
            }
        }
        properties
    }

    /// Whether `cloud` has lists of this property.
    pub(super) fn is_listed(&self, cloud: Cloud) -> bool {
        match self {
            Self::TagKey(_) | Self::InstanceId(_) => true,
            Self::TagValue(_) | Self::Description(_) | Self::Creator(_) => cloud == Cloud::Alibaba,
            Self::State(_) | Self::Tag(_) | Self::OwingService(_) | Self::Encryption(_) => {
                cloud == Cloud::Tencent
            }
        }
    }
}

/// The lists that a secret belongs to.
pub(super) fn keys_of(cloud: Cloud, secret: &Secret) -> BTreeSet<ListKey<'_>> {
    let secret_type = Some(secret.secret_type);
    let mut keys = BTreeSet::from([
        ListKey::default(),
        ListKey {
            secret_type,
            property: None,
        },
    ]);
    let secret_type = secret_type.filter(|_| are_per_type(cloud));
    keys.extend(
        Property::of_secret(cloud, secret)
            .into_iter()
            .map(|property| ListKey {
                secret_type,
                property: Some(property),
            }),
    );
    keys
}

/// Whether the lists of properties are per type.
pub(super) fn are_per_type(cloud: Cloud) -> bool {
    match cloud {
        Cloud::Alibaba => false,
        Cloud::Tencent => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_values_are_those_of_existing_files() {
        let tag = Tag {
            key: "a=b".to_owned(),
            value: "c".to_owned(),
        };
        for (property, kind, value) in [
            (Property::TagKey("k"), 2, "k"),
            (Property::TagValue("v"), 3, "v"),
            (Property::Description("text"), 4, "text"),
            (Property::InstanceId("kst-1"), 5, "kst-1"),
            (Property::Creator("me"), 6, "me"),
            (
                Property::State(StateName::PendingDeletion),
                8,
                "pending_deletion",
            ),
            (Property::Tag(&tag), 9, "3:a=b=c"),
            (Property::OwingService("Mysql"), 10, "Mysql"),
            (Property::Encryption(Encryption::Software), 11, "software"),
        ] {
            let mut key = ListKey {
                secret_type: None,
                property: Some(property),
            };
            assert_eq!(key.kind_and_value(), (kind, value.into()));
            key.secret_type = Some(SecretType::PolarDb);
            let value = format!("PolarDB/{value}");
            assert_eq!(key.kind_and_value(), (16 + kind, value.into()));
        }
        let mut key = ListKey::default();
        assert_eq!(key.kind_and_value(), (0, "".into()));
        key.secret_type = Some(SecretType::RamCredentials);
        assert_eq!(key.kind_and_value(), (1, "RAMCredentials".into()));
    }
}
