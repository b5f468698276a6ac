use super::PageRequest;

/// What a client asks a list for. Rows come in order of creation time, oldest first, and by name
/// where two were created in the same second.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretQuery {
    /// A secret is listed when it meets every one of these.
    pub conditions: Vec<Condition>,
    /// Which of the matching secrets to return.
    pub page: PageRequest,
    /// Whether to load the tags of those returned.
    pub with_tags: bool,
}

/// Met by a secret whose `attribute` equals one of `any_of`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Condition {
    /// What is compared.
    pub attribute: Attribute,
    /// The values that satisfy the condition; never empty.
    pub any_of: Vec<String>,
}

/// A property of a secret that lists can be filtered by. All comparisons are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Attribute {
    /// The secret's name.
    Name,
    /// Its type, by [`SecretType::name`](super::SecretType::name).
    Type,
    /// The key of one of its tags.
    TagKey,
    /// The value of one of its tags.
    TagValue,
    /// Its description, unless empty.
    Description,
    /// The dedicated KMS instance that keeps it.
    InstanceId,
    /// Who created it.
    Creator,
}
