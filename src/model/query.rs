use super::PageRequest;

/// What a client asks a list for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretQuery {
    /// A secret is listed when it meets every one of these.
    pub conditions: Vec<Condition>,
    /// And when, for every one of these, its attribute contains one of the values, with letter case. Only
    /// for [`Attribute::Name`] and [`Attribute::Description`].
    pub containing: Vec<Condition>,
    /// Which come first.
    pub order: Order,
    /// Which of the matching secrets to return.
    pub page: PageRequest,
    /// Whether to load the tags of those returned.
    pub with_tags: bool,
}

/// The order of a list: by creation time. Where two were created in the same second, the cloud
/// decides: by name on Alibaba Cloud, by who came first on Tencent Cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// In the order of creation.
    OldestFirst,
    /// The other way round.
    NewestFirst,
}

/// Values of an attribute, of which a secret must have one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Condition {
    /// What is compared.
    pub attribute: Attribute,
    /// The values that satisfy the condition; never empty.
    pub any_of: Vec<String>,
}

/// A property of a secret that lists can be filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Attribute {
    /// The secret's name.
    Name,
    /// Its type, by [`SecretType::name`](super::SecretType::name).
    Type,
    /// Its state, by [`State::name`](super::State::name).
    State,
    /// The key of one of its tags.
    TagKey,
    /// The value of one of its tags.
    TagValue,
    /// One of its tags, by [`Tag::joined`](super::Tag::joined).
    Tag,
    /// Its description, unless empty.
    Description,
    /// An instance that keeps it or that it belongs to.
    InstanceId,
    /// The cloud service that owns it.
    OwingService,
    /// Who created it.
    Creator,
    /// What encrypts it, by [`Encryption::name`](super::Encryption::name).
    Encryption,
}
