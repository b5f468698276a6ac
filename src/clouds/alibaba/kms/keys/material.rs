//! The material and the ids of new keys and versions.

use chrono::{DateTime, Utc};
use rand::RngExt;
use uuid::Uuid;

use super::{pair, rotation};
use crate::model::{
    Cmk, CmkVersion, CreatorType, KeyMaterial, KeyOrigin, KeySpec, KeyState, ProtectionLevel,
};

/// Random bytes.
pub(crate) fn random_bytes(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    rand::rng().fill(&mut bytes);
    bytes
}

/// Generates a version with new material. Takes up to seconds for RSA.
pub(crate) fn new_version(spec: KeySpec, at: DateTime<Utc>) -> CmkVersion {
    CmkVersion {
        version_id: Uuid::new_v4().to_string(),
        created_at: at,
        material: generate(spec),
        imported_digest: None,
    }
}

fn generate(spec: KeySpec) -> Option<KeyMaterial> {
    match spec.symmetric_bytes() {
        Some(length) => Some(random_bytes(length).into()),
        None => pair::generate(spec).map(KeyMaterial::from),
    }
}

/// A new id for a key: `key-` and 21 characters, as in the vendor's examples.
pub(crate) fn new_key_id() -> String {
    let id = Uuid::new_v4().simple().to_string();
    format!("key-{}", &id[..21])
}

/// An enabled key of the default kind, created by the account.
pub(crate) fn default_cmk(key_id: String, created_at: DateTime<Utc>) -> Cmk {
    let spec = KeySpec::Aes256;
    Cmk {
        key_id,
        spec,
        usage: spec.usages()[0],
        origin: KeyOrigin::AliyunKms,
        protection_level: ProtectionLevel::Software,
        creator: String::new(),
        creator_type: CreatorType::User,
        description: String::new(),
        created_at,
        state: KeyState::Enabled,
        dkms_instance_id: None,
        material_expires_at: None,
        rotation: rotation::policy(created_at, None),
        deletion_protection: None,
        tags: Vec::new(),
    }
}

/// A version without material, for an import.
pub(crate) fn empty_version(at: DateTime<Utc>) -> CmkVersion {
    CmkVersion {
        version_id: Uuid::new_v4().to_string(),
        created_at: at,
        material: None,
        imported_digest: None,
    }
}

/// Checks the length or encoding of the material of a key. The numbers of a private key are not checked, because that
/// takes long: see [`is_valid`].
///
/// # Errors
///
/// The reason, without the bytes.
pub(crate) fn check(spec: KeySpec, bytes: &[u8]) -> Result<(), String> {
    match spec.symmetric_bytes() {
        Some(length) if bytes.len() == length => Ok(()),
        Some(length) => Err(format!(
            "expected {length} bytes in Base64, found {}",
            bytes.len()
        )),
        None if pair::is_private_key(spec, bytes) => Ok(()),
        None => Err(format!(
            "expected a private key of {} in PKCS #8",
            spec.name()
        )),
    }
}

/// Whether bytes are the material of a key. For a private key, this takes long.
pub(crate) fn is_valid(spec: KeySpec, bytes: &[u8]) -> bool {
    let is_usable = || spec.is_symmetric() || pair::public_key(spec, bytes).is_some();
    check(spec, bytes).is_ok() && is_usable()
}
