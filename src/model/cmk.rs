//! Customer master keys: the keys of Alibaba Cloud KMS. Called *cmk* in the code, because the store has keys of
//! lists, and requests have access keys.

use std::fmt;

use chrono::{DateTime, Utc};

use super::secret::{Rotation, Tag};

/// A key without its versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cmk {
    /// Its id, unique in its scope.
    pub key_id: String,
    /// The algorithm and length of its material.
    pub spec: KeySpec,
    /// The operations that it is for.
    pub usage: KeyUsage,
    /// The source of its material.
    pub origin: KeyOrigin,
    /// The protection of its material.
    pub protection_level: ProtectionLevel,
    /// The account that created it.
    pub creator: String,
    /// The type of its creator: a user or a service of the cloud.
    pub creator_type: CreatorType,
    /// Free text, may be empty.
    pub description: String,
    /// When it was created, in whole seconds.
    pub created_at: DateTime<Utc>,
    /// Its state.
    pub state: KeyState,
    /// The KMS instance that it is stored in, if any.
    pub dkms_instance_id: Option<String>,
    /// When imported material expires, if ever.
    pub material_expires_at: Option<DateTime<Utc>>,
    /// Its automatic rotation. The last rotation is the creation of its newest version.
    pub rotation: Rotation,
    /// The description of its deletion protection; absent without protection.
    pub deletion_protection: Option<String>,
    /// Its tags in the order of the request. Empty if they were not loaded.
    pub tags: Vec<Tag>,
}

/// The state of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyState {
    /// Can be used.
    Enabled,
    /// Cannot be used until it is enabled.
    Disabled,
    /// Will be deleted.
    PendingDeletion {
        /// When it will be deleted.
        planned_delete_at: DateTime<Utc>,
    },
    /// Has no material yet.
    PendingImport,
}

impl KeyState {
    /// The state without its data.
    #[must_use]
    pub fn name(self) -> KeyStateName {
        match self {
            Self::Enabled => KeyStateName::Enabled,
            Self::Disabled => KeyStateName::Disabled,
            Self::PendingDeletion { .. } => KeyStateName::PendingDeletion,
            Self::PendingImport => KeyStateName::PendingImport,
        }
    }

    /// The state with this name; absent if it does not fit the time of the deletion.
    #[must_use]
    pub fn new(name: KeyStateName, planned_delete_at: Option<DateTime<Utc>>) -> Option<Self> {
        match (name, planned_delete_at) {
            (KeyStateName::Enabled, None) => Some(Self::Enabled),
            (KeyStateName::Disabled, None) => Some(Self::Disabled),
            (KeyStateName::PendingImport, None) => Some(Self::PendingImport),
            (KeyStateName::PendingDeletion, Some(planned_delete_at)) => {
                Some(Self::PendingDeletion { planned_delete_at })
            }
            _ => None,
        }
    }

    /// When the key will be deleted, if that is planned.
    #[must_use]
    pub fn planned_delete_at(self) -> Option<DateTime<Utc>> {
        match self {
            Self::PendingDeletion { planned_delete_at } => Some(planned_delete_at),
            _ => None,
        }
    }
}

impl Cmk {
    /// When work on the key is due: its deletion, the expiry of its material or its rotation.
    #[must_use]
    pub fn next_due_at(&self) -> Option<DateTime<Utc>> {
        let is_enabled = self.state == KeyState::Enabled;
        let rotation = self.rotation.next_at.filter(|_| is_enabled);
        [
            self.state.planned_delete_at(),
            self.material_expires_at,
            rotation,
        ]
        .into_iter()
        .flatten()
        .min()
    }
}

/// A version of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CmkVersion {
    /// Its id, unique in the scope of the key.
    pub version_id: String,
    /// When it was created, in whole seconds.
    pub created_at: DateTime<Utc>,
    /// Its material; absent before an import and after the material was deleted.
    pub material: Option<KeyMaterial>,
    /// The SHA-256 of imported material, which alone can be imported again.
    pub imported_digest: Option<Vec<u8>>,
}

/// The bytes of a symmetric key, or a private key in PKCS #8. It has no way to be printed, so that it cannot reach
/// a log or an error text.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyMaterial(Vec<u8>);

impl KeyMaterial {
    /// The bytes, for a cipher or the store.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl From<Vec<u8>> for KeyMaterial {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for KeyMaterial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyMaterial(…)")
    }
}

/// A name for a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyAlias {
    /// The name, which begins with `alias/`.
    pub name: String,
    /// When it was created, in whole seconds.
    pub created_at: DateTime<Utc>,
}

/// A condition on keys: one of the values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyCondition {
    /// The state.
    State(Vec<KeyStateName>),
    /// The algorithm and length.
    Spec(Vec<KeySpec>),
    /// The operations.
    Usage(Vec<KeyUsage>),
    /// The protection.
    Protection(Vec<ProtectionLevel>),
    /// The type of the creator.
    CreatorType(Vec<CreatorType>),
    /// The KMS instance.
    InstanceId(Vec<String>),
    /// The id.
    KeyId(Vec<String>),
    /// An alias of the key.
    Alias(Vec<String>),
    /// The account that created the key.
    Creator(Vec<String>),
    /// The key of one of its tags.
    TagKey(Vec<String>),
    /// The value of one of its tags.
    TagValue(Vec<String>),
}

/// Defines an enum whose variants have the names that the cloud uses, also in the store.
macro_rules! named {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
        }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)*
                }
            }

            /// The value with this name, which is case-sensitive.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.name() == name)
            }
        }
    };
}

named! {
    /// A [`KeyState`] without its data.
    KeyStateName {
        /// See [`KeyState::Enabled`].
        Enabled = "Enabled",
        /// See [`KeyState::Disabled`].
        Disabled = "Disabled",
        /// See [`KeyState::PendingDeletion`].
        PendingDeletion = "PendingDeletion",
        /// See [`KeyState::PendingImport`].
        PendingImport = "PendingImport",
    }
}

named! {
    /// The algorithm and length of the material of a key.
    KeySpec {
        /// AES with 256 bits.
        Aes256 = "Aliyun_AES_256",
        /// AES with 192 bits.
        Aes192 = "Aliyun_AES_192",
        /// AES with 128 bits.
        Aes128 = "Aliyun_AES_128",
        /// SM4.
        Sm4 = "Aliyun_SM4",
        /// RSA with 2,048 bits.
        Rsa2048 = "RSA_2048",
        /// RSA with 3,072 bits.
        Rsa3072 = "RSA_3072",
        /// RSA with 4,096 bits.
        Rsa4096 = "RSA_4096",
        /// The curve P-256, secp256r1.
        EcP256 = "EC_P256",
        /// The curve secp256k1.
        EcP256K = "EC_P256K",
        /// SM2.
        EcSm2 = "EC_SM2",
        /// HMAC with SM3.
        HmacSm3 = "HMAC_SM3",
        /// HMAC with SHA-224.
        HmacSha224 = "HMAC_SHA_224",
        /// HMAC with SHA-256.
        HmacSha256 = "HMAC_SHA_256",
        /// HMAC with SHA-384.
        HmacSha384 = "HMAC_SHA_384",
        /// HMAC with SHA-512.
        HmacSha512 = "HMAC_SHA_512",
    }
}

impl KeySpec {
    /// The length of a symmetric key in bytes; absent for key pairs.
    #[must_use]
    pub fn symmetric_bytes(self) -> Option<usize> {
        match self {
            Self::Aes256 | Self::HmacSm3 | Self::HmacSha256 => Some(32),
            Self::Aes192 => Some(24),
            Self::Aes128 | Self::Sm4 => Some(16),
            Self::HmacSha224 => Some(28),
            Self::HmacSha384 => Some(48),
            Self::HmacSha512 => Some(64),
            Self::Rsa2048
            | Self::Rsa3072
            | Self::Rsa4096
            | Self::EcP256
            | Self::EcP256K
            | Self::EcSm2 => None,
        }
    }

    /// Whether the key is one key, and not a pair.
    #[must_use]
    pub fn is_symmetric(self) -> bool {
        self.symmetric_bytes().is_some()
    }

    /// Whether the key is symmetric and encrypts.
    #[must_use]
    pub fn is_cipher(self) -> bool {
        self.is_symmetric() && self.usages() == [KeyUsage::EncryptDecrypt]
    }

    /// The uses that a key can have, the default one first.
    #[must_use]
    pub fn usages(self) -> &'static [KeyUsage] {
        match self {
            Self::Aes256 | Self::Aes192 | Self::Aes128 | Self::Sm4 => &[KeyUsage::EncryptDecrypt],
            Self::Rsa2048 | Self::Rsa3072 | Self::Rsa4096 | Self::EcSm2 => {
                &[KeyUsage::SignVerify, KeyUsage::EncryptDecrypt]
            }
            Self::EcP256 | Self::EcP256K => &[KeyUsage::SignVerify],
            Self::HmacSm3
            | Self::HmacSha224
            | Self::HmacSha256
            | Self::HmacSha384
            | Self::HmacSha512 => &[KeyUsage::GenerateVerifyMac],
        }
    }
}

named! {
    /// The operations that a key is for.
    KeyUsage {
        /// Encryption.
        EncryptDecrypt = "ENCRYPT/DECRYPT",
        /// Signatures.
        SignVerify = "SIGN/VERIFY",
        /// Message authentication codes.
        GenerateVerifyMac = "GENERATE/VERIFY_MAC",
    }
}

named! {
    /// The source of the material of a key.
    KeyOrigin {
        /// Generated by the service.
        AliyunKms = "Aliyun_KMS",
        /// Imported.
        External = "EXTERNAL",
    }
}

named! {
    /// The protection of the material of a key.
    ProtectionLevel {
        /// Software.
        Software = "SOFTWARE",
        /// A hardware security module.
        Hsm = "HSM",
    }
}

named! {
    /// The type of the creator of a key.
    CreatorType {
        /// A user of the account.
        User = "User",
        /// A service of the cloud.
        Service = "Service",
    }
}
