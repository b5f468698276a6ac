//! Which lists there are: what clients of a cloud can ask for.
//!
//! On Tencent Cloud every query is for one type, so lists of what has a value are within a type
//! there, and a query for a type and a state, or a type and a tag, finds a list made for it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::model::{Attribute, Cloud, Secret, SecretType, Tag};

/// What a list holds: the secrets of its scope; of one type, where it says one; with a value in an
/// attribute, where it says one.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ListKey<'a> {
    pub secret_type: Option<SecretType>,
    pub having: Option<(Attribute, Cow<'a, str>)>,
}

impl ListKey<'_> {
    /// The kind of list, a number that is part of the file format, and what tells it from others
    /// of its kind. No name of a type has a `/`.
    pub fn kind_and_value(&self) -> (u8, Cow<'_, str>) {
        match (self.secret_type, &self.having) {
            (None, None) => (0, Cow::Borrowed("")),
            (Some(secret_type), None) => (kind(Attribute::Type), secret_type.name().into()),
            (None, Some((attribute, value))) => (kind(*attribute), Cow::Borrowed(value)),
            (Some(secret_type), Some((attribute, value))) => (
                16 + kind(*attribute),
                format!("{}/{value}", secret_type.name()).into(),
            ),
        }
    }
}

/// The lists that a secret belongs to.
pub(super) fn keys_of(cloud: Cloud, secret: &Secret) -> BTreeSet<ListKey<'_>> {
    let own_type = Some(secret.secret_type);
    let within = own_type.filter(|_| are_within_types(cloud));
    let mut keys = BTreeSet::from([
        ListKey::default(),
        ListKey {
            secret_type: own_type,
            having: None,
        },
    ]);
    for attribute in listed(cloud) {
        let values = values(secret, *attribute).into_iter();
        keys.extend(values.map(|value| ListKey {
            secret_type: within,
            having: Some((*attribute, value)),
        }));
    }
    keys
}

/// The attributes that have lists. A name has none: it leads to one secret at most.
pub(super) fn listed(cloud: Cloud) -> &'static [Attribute] {
    match cloud {
        Cloud::Alibaba => &[
            Attribute::TagKey,
            Attribute::TagValue,
            Attribute::Description,
            Attribute::InstanceId,
            Attribute::Creator,
        ],
        Cloud::Tencent => &[
            Attribute::State,
            Attribute::TagKey,
            Attribute::Tag,
            Attribute::OwingService,
            Attribute::InstanceId,
            Attribute::Encryption,
        ],
    }
}

/// Whether the lists of attributes are each within one type.
pub(super) fn are_within_types(cloud: Cloud) -> bool {
    match cloud {
        Cloud::Alibaba => false,
        Cloud::Tencent => true,
    }
}

/// What a secret has in an attribute.
pub(super) fn values(secret: &Secret, attribute: Attribute) -> Vec<Cow<'_, str>> {
    fn borrowed(text: &str) -> Cow<'_, str> {
        Cow::Borrowed(text)
    }
    let one = |value: &'static str| vec![Cow::Borrowed(value)];
    match attribute {
        Attribute::Name => vec![borrowed(&secret.name)],
        Attribute::Type => one(secret.secret_type.name()),
        Attribute::State => one(secret.state.name()),
        Attribute::Encryption => one(secret.encryption().name()),
        Attribute::TagKey => {
            let keys = secret.tags.iter().map(|tag| borrowed(&tag.key));
            keys.collect()
        }
        Attribute::TagValue => {
            let values = secret.tags.iter().map(|tag| borrowed(&tag.value));
            values.collect()
        }
        Attribute::Tag => {
            let tags = secret.tags.iter();
            tags.map(|tag| Tag::joined(&tag.key, &tag.value).into())
                .collect()
        }
        Attribute::Description if secret.description.is_empty() => vec![],
        Attribute::Description => vec![borrowed(&secret.description)],
        Attribute::InstanceId => {
            let ids = secret.dkms_instance_id.iter();
            ids.chain(&secret.associated_instance_ids)
                .map(|text| borrowed(text))
                .collect()
        }
        Attribute::OwingService => secret
            .owing_service
            .iter()
            .map(|text| borrowed(text))
            .collect(),
        Attribute::Creator => secret.creator.iter().map(|text| borrowed(text)).collect(),
    }
}

/// The numbers are part of the file format.
fn kind(attribute: Attribute) -> u8 {
    match attribute {
        Attribute::Type => 1,
        Attribute::TagKey => 2,
        Attribute::TagValue => 3,
        Attribute::Description => 4,
        Attribute::InstanceId => 5,
        Attribute::Creator => 6,
        Attribute::Name => 7,
        Attribute::State => 8,
        Attribute::Tag => 9,
        Attribute::OwingService => 10,
        Attribute::Encryption => 11,
    }
}
