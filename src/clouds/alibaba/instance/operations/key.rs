//! The keys of operations.

use std::borrow::Cow;

use super::Call;
use crate::clouds::alibaba::kms::errors::{KEY_VERSION_NOT_FOUND, UNSUPPORTED};
use crate::clouds::alibaba::kms::keys::pair::{ENCRYPTION_ALGORITHM, EncryptionAlgorithm};
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference, primary_version};
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::parameter::invalid;
use crate::model::{Cmk, CmkVersion, KeySpec};

/// The maximum length of additional authenticated data.
const MAX_AAD_BYTES: usize = 8192;

/// The version of a key that an operation uses.
#[derive(Debug, Clone, Copy)]
pub(super) enum KeyChoice<'m> {
    /// The first one. Keys that rotate need the operations `Advance…`.
    Initial,
    /// The newest one.
    Primary,
    /// That in the header of the request.
    Version(&'m str),
}

/// The parameter with the key of an operation.
pub(super) fn parameters(key_id: &str) -> Vec<(&'static str, Cow<'_, str>)> {
    vec![("KeyId", key_id.into())]
}

/// The enabled key with this id, alias or ARN, and its version. `action` is the action that the policy of a key of
/// another account must allow.
pub(super) fn find(
    key_id: &str,
    call: &Call,
    action: &str,
    choice: KeyChoice,
) -> Result<(Cmk, CmkVersion), ApiError> {
    let name = KEY_ID.0.name;
    required(name, key_id.as_bytes())?;
    let reference = KeyReference::parse(key_id).ok_or_else(|| invalid(name))?;
    call.read(|store| {
        let (id, cmk) = call.find_usable_key(store, &reference, action)?;
        let version = match choice {
            KeyChoice::Primary => primary_version(store, id)?,
            KeyChoice::Initial => store.initial_version(id)?.ok_or(&KEY_VERSION_NOT_FOUND)?,
            KeyChoice::Version(version_id) => {
                let version = store.cmk_version(id, version_id)?;
                version.ok_or(&KEY_VERSION_NOT_FOUND)?
            }
        };
        Ok((cmk, version))
    })
}

/// Checks the algorithm of a symmetric key, and returns its name.
pub(super) fn symmetric_algorithm(
    spec: KeySpec,
    requested: &str,
) -> Result<&'static str, ApiError> {
    let own = match spec {
        KeySpec::Sm4 => "SM4_GCM",
        _ => "AES_GCM",
    };
    match requested {
        "" => Ok(own),
        _ if requested == own => Ok(own),
        // Only hardware instances have these modes.
        "AES_CBC" | "AES_ECB" | "SM4_CBC" | "SM4_ECB" => Err((&UNSUPPORTED).into()),
        _ => Err(invalid("Algorithm")),
    }
}

/// The algorithm of encryption with a key pair, and its name.
pub(super) fn pair_algorithm(
    spec: KeySpec,
    requested: &str,
) -> Result<(EncryptionAlgorithm, &'static str), ApiError> {
    let word = ENCRYPTION_ALGORITHM.0.word;
    let algorithm = match requested {
        "" if spec == KeySpec::EcSm2 => Some(EncryptionAlgorithm::Sm2),
        "" => Some(EncryptionAlgorithm::OaepSha256),
        "ECIES_DH_SHA_1_XOR_HMAC" => return Err((&UNSUPPORTED).into()),
        _ => {
            let mut all = ENCRYPTION_ALGORITHM.0.values.iter().copied();
            all.find(|algorithm| word(*algorithm) == requested)
        }
    };
    let algorithm = algorithm.ok_or_else(|| invalid("Algorithm"))?;
    Ok((algorithm, word(algorithm)))
}

/// Checks the length of additional authenticated data.
pub(super) fn check_aad(aad: &[u8]) -> Result<(), ApiError> {
    if aad.len() <= MAX_AAD_BYTES {
        Ok(())
    } else {
        Err(invalid("Aad"))
    }
}

/// A value that has to be present.
pub(super) fn required<'m>(name: &'static str, value: &'m [u8]) -> Result<&'m [u8], ApiError> {
    if value.is_empty() {
        Err(ApiError::MissingParameter(name))
    } else {
        Ok(value)
    }
}
