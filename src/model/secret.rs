use chrono::{DateTime, Utc};

/// A secret without its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// Its name, unique in its scope.
    pub name: String,
    /// Its type.
    pub secret_type: SecretType,
    /// Free text, may be empty.
    pub description: String,
    /// When it was created, in whole seconds.
    pub created_at: DateTime<Utc>,
    /// When it was last changed, in whole seconds.
    pub updated_at: DateTime<Utc>,
    /// Its state.
    pub state: State,
    /// The key that encrypts it. On Alibaba Cloud absent for the default key.
    pub encryption_key_id: Option<String>,
    /// The instance that it belongs to, if any: on Alibaba Cloud the dedicated KMS instance that it is stored
    /// in, on Tencent Cloud the instance of a cloud product.
    pub dkms_instance_id: Option<String>,
    /// The instances that use it.
    pub associated_instance_ids: Vec<String>,
    /// The cloud service that owns it, if any.
    pub owing_service: Option<String>,
    /// The identity that created it, when known.
    pub creator: Option<String>,
    /// Properties that exist only on its cloud, as JSON text. On Alibaba Cloud, the configuration of a
    /// managed secret.
    pub extended_config: Option<String>,
    /// Its automatic rotation.
    pub rotation: Rotation,
    /// Its tags in the order of the request. Empty if they were not loaded.
    pub tags: Vec<Tag>,
}

/// The automatic rotation of a managed secret.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rotation {
    /// The rotation interval in seconds, if one was ever set.
    pub interval: Option<u32>,
    /// The last rotation, by request or automatic.
    pub last_at: Option<DateTime<Utc>>,
    /// The next automatic rotation; absent if automatic rotation is off.
    pub next_at: Option<DateTime<Utc>>,
}

/// A tag of a secret. The keys of one secret are distinct.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tag {
    /// The key.
    pub key: String,
    /// The value; may be empty.
    pub value: String,
}

/// The encryption of a secret on Tencent Cloud.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Encryption {
    /// A key of the key management service, which has an id.
    Kms,
    /// A key without an id.
    Software,
}

impl Encryption {
    /// The encryption of a secret with this key id.
    #[must_use]
    pub(crate) fn of(encryption_key_id: Option<&str>) -> Self {
        match encryption_key_id {
            Some(_) => Self::Kms,
            None => Self::Software,
        }
    }

    /// The name used in the store.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Kms => "kms",
            Self::Software => "software",
        }
    }
}

impl Secret {
    /// Its encryption.
    #[must_use]
    pub fn encryption(&self) -> Encryption {
        Encryption::of(self.encryption_key_id.as_deref())
    }
}

/// The state of a secret. Alibaba Cloud has only [`Enabled`](Self::Enabled) and
/// [`PendingDeletion`](Self::PendingDeletion).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// In use.
    Enabled,
    /// The value cannot be read.
    Disabled,
    /// A cloud product is creating it.
    Creating,
    /// A cloud product could not create it.
    Failed,
    /// In its recovery window.
    PendingDeletion {
        /// When it will be deleted.
        planned_delete_at: DateTime<Utc>,
    },
}

impl State {
    /// The state without its data.
    #[must_use]
    pub fn name(self) -> StateName {
        match self {
            Self::Enabled => StateName::Enabled,
            Self::Disabled => StateName::Disabled,
            Self::Creating => StateName::Creating,
            Self::Failed => StateName::Failed,
            Self::PendingDeletion { .. } => StateName::PendingDeletion,
        }
    }

    /// The state of this name. `planned_delete_at` is required for a pending deletion, and must be
    /// absent otherwise.
    #[must_use]
    pub fn new(name: StateName, planned_delete_at: Option<DateTime<Utc>>) -> Option<Self> {
        match (name, planned_delete_at) {
            (StateName::Enabled, None) => Some(Self::Enabled),
            (StateName::Disabled, None) => Some(Self::Disabled),
            (StateName::Creating, None) => Some(Self::Creating),
            (StateName::Failed, None) => Some(Self::Failed),
            (StateName::PendingDeletion, Some(planned_delete_at)) => {
                Some(Self::PendingDeletion { planned_delete_at })
            }
            _ => None,
        }
    }

    /// The time of the planned deletion, if there is one.
    #[must_use]
    pub fn planned_delete_at(self) -> Option<DateTime<Utc>> {
        match self {
            Self::PendingDeletion { planned_delete_at } => Some(planned_delete_at),
            _ => None,
        }
    }
}

/// A [`State`] without its data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StateName {
    /// See [`State::Enabled`].
    Enabled,
    /// See [`State::Disabled`].
    Disabled,
    /// See [`State::Creating`].
    Creating,
    /// See [`State::Failed`].
    Failed,
    /// See [`State::PendingDeletion`].
    PendingDeletion,
}

impl StateName {
    const ALL: [Self; 5] = [
        Self::Enabled,
        Self::Disabled,
        Self::Creating,
        Self::Failed,
        Self::PendingDeletion,
    ];

    /// The text in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
            Self::Creating => "creating",
            Self::Failed => "failed",
            Self::PendingDeletion => "pending_deletion",
        }
    }

    /// The state with this text in the store.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.as_str() == text)
    }
}

/// The types of secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SecretType {
    /// Any value.
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

    /// The name that Alibaba Cloud uses, also in the store.
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

    /// The type with this name, ignoring case: the documentation has both `Rds` and `RDS`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|secret_type| secret_type.name().eq_ignore_ascii_case(name))
    }
}
