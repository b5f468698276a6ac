use chrono::{DateTime, Utc};

use super::secret::{Secret, SecretType, State, Tag};

/// A secret in a list. The fields have the meaning of those of [`Secret`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedSecret {
    /// Its name.
    pub name: String,
    /// Its type.
    pub secret_type: SecretType,
    /// When it was created.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Its state.
    pub state: State,
    /// The cloud service that owns it, if any.
    pub owing_service: Option<String>,
    /// Present if the query requested details. In a box, because most lists are shown without.
    pub details: Option<Box<ListedDetails>>,
    /// Its tags; empty unless the query requested tags.
    pub tags: Vec<Tag>,
}

/// The properties of a secret that only some lists show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListedDetails {
    /// Free text.
    pub description: String,
    /// The key that encrypts it.
    pub encryption_key_id: Option<String>,
    /// The instances of a cloud product that it belongs to.
    pub associated_instance_ids: Vec<String>,
    /// The identity that created it, when known.
    pub creator: Option<String>,
    /// Properties that exist only on its cloud, as JSON text.
    pub extended_config: Option<String>,
}

impl ListedSecret {
    /// The part of `secret` that a list shows, without tags.
    #[must_use]
    pub(crate) fn new(secret: Secret, with_details: bool) -> Self {
        Self {
            name: secret.name,
            secret_type: secret.secret_type,
            created_at: secret.created_at,
            updated_at: secret.updated_at,
            state: secret.state,
            owing_service: secret.owing_service,
            details: with_details.then(|| {
                Box::new(ListedDetails {
                    description: secret.description,
                    encryption_key_id: secret.encryption_key_id,
                    associated_instance_ids: secret.associated_instance_ids,
                    creator: secret.creator,
                    extended_config: secret.extended_config,
                })
            }),
            tags: Vec::new(),
        }
    }
}
