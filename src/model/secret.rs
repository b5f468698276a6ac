use chrono::{DateTime, Utc};

/// A secret, without its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// Its name, unique in its scope.
    pub name: String,
    /// What kind of secret it is.
    pub secret_type: SecretType,
    /// Free text; empty when there is none.
    pub description: String,
    /// When it was created, to the second.
    pub created_at: DateTime<Utc>,
    /// When it was last changed, to the second.
    pub updated_at: DateTime<Utc>,
    /// Whether it can be used.
    pub state: State,
    /// The key that encrypts it; on Alibaba Cloud, when the creator chose one.
    pub encryption_key_id: Option<String>,
    /// The instance that it belongs to, if any: on Alibaba Cloud the dedicated KMS instance that keeps it, on
    /// Tencent Cloud the instance of a cloud product.
    pub dkms_instance_id: Option<String>,
    /// The instances that use it.
    pub associated_instance_ids: Vec<String>,
    /// The cloud service that owns it, if any.
    pub owing_service: Option<String>,
    /// The identity that created it, when known.
    pub creator: Option<String>,
    /// What only its cloud says of it, as JSON text: on Alibaba Cloud, how a managed secret is made
    /// and kept.
    pub extended_config: Option<String>,
    /// When its value is replaced by the service itself.
    pub rotation: Rotation,
    /// Its tags, in the order given; empty too when they were not asked for.
    pub tags: Vec<Tag>,
}

/// When a managed secret is rotated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rotation {
    /// The time from one rotation to the next, in seconds, if it was ever given.
    pub interval: Option<u32>,
    /// The last rotation, by request or by itself.
    pub last_at: Option<DateTime<Utc>>,
    /// The next rotation by itself; absent while that is switched off.
    pub next_at: Option<DateTime<Utc>>,
}

/// A label of a secret. A key occurs once in a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The key.
    pub key: String,
    /// The value; may be empty.
    pub value: String,
}

impl Tag {
    /// Key and value as one text, which is that of no other tag.
    #[must_use]
    pub fn joined(key: &str, value: &str) -> String {
        format!("{}:{key}={value}", key.len())
    }
}

/// What encrypts a secret on Tencent Cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// A key of the key management service, which has an id.
    Kms,
    /// A key without an id.
    Software,
}

impl Encryption {
    /// The name used in lists.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Kms => "kms",
            Self::Software => "software",
        }
    }
}

impl Secret {
    /// What encrypts it.
    #[must_use]
    pub fn encryption(&self) -> Encryption {
        match self.encryption_key_id {
            Some(_) => Encryption::Kms,
            None => Encryption::Software,
        }
    }
}

/// Where a secret is in its life. Of these, Alibaba Cloud has the first and the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// In use.
    Enabled,
    /// Kept, but not to be read.
    Disabled,
    /// Being made by a cloud product.
    Creating,
    /// Could not be made by a cloud product.
    Failed,
    /// Waiting to be deleted.
    PendingDeletion {
        /// When it will be gone.
        planned_delete_at: DateTime<Utc>,
    },
}

impl State {
    /// The name used in the store.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::Creating => "creating",
            Self::Failed => "failed",
            Self::PendingDeletion { .. } => "pending_deletion",
        }
    }

    /// The state of this name, and when the secret will be gone, where that is planned.
    #[must_use]
    pub fn from_name(name: &str, planned_delete_at: Option<DateTime<Utc>>) -> Option<Self> {
        match (name, planned_delete_at) {
            ("enabled", None) => Some(Self::Enabled),
            ("disabled", None) => Some(Self::Disabled),
            ("creating", None) => Some(Self::Creating),
            ("failed", None) => Some(Self::Failed),
            ("pending_deletion", Some(planned_delete_at)) => {
                Some(Self::PendingDeletion { planned_delete_at })
            }
            _ => None,
        }
    }

    /// When the secret will be gone, where that is planned.
    #[must_use]
    pub fn planned_delete_at(self) -> Option<DateTime<Utc>> {
        match self {
            Self::PendingDeletion { planned_delete_at } => Some(planned_delete_at),
            _ => None,
        }
    }
}

/// The kinds of secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SecretType {
    /// A value of the user's own.
    Generic,
    /// An account of a managed relational database.
    Rds,
    /// An account of a managed Redis.
    Redis,
    /// The access key of a RAM user.
    RamCredentials,
    /// A password or key pair of a virtual machine.
    Ecs,
    /// An account of a `PolarDB` cluster.
    PolarDb,
}

impl SecretType {
    /// Every type.
    pub const ALL: [Self; 6] = [
        Self::Generic,
        Self::Rds,
        Self::Redis,
        Self::RamCredentials,
        Self::Ecs,
        Self::PolarDb,
    ];

    /// The vendor's name of the type, also used in the store.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Generic => "Generic",
            Self::Rds => "Rds",
            Self::Redis => "Redis",
            Self::RamCredentials => "RAMCredentials",
            Self::Ecs => "ECS",
            Self::PolarDb => "PolarDB",
        }
    }

    /// The type of this name in any letter case: the vendor's own pages print both `Rds` and
    /// `RDS`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|secret_type| secret_type.name().eq_ignore_ascii_case(name))
    }
}
