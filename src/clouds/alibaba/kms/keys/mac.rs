//! Message authentication codes: HMAC.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha224, Sha256, Sha384, Sha512};
use sm3::Sm3;

use super::reference::{KeyReference, primary_version};
use crate::clouds::alibaba::kms::errors::{
    ALIAS_NOT_FOUND, DRY_RUN, DRY_RUN_DENIED, DRY_RUN_INVALID, KEY_DISABLED, KEY_NOT_FOUND,
    KEY_PENDING_DELETION, KEY_PENDING_IMPORT, KEY_VERSION_NOT_FOUND, UNSUPPORTED_FOR_KEY,
};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Bytes, Required, Word, invalid};
use crate::clouds::alibaba::rpc::protocol::Call;
use crate::model::{CmkVersion, KeySpec, KeyUsage};

/// The errors of operations with message authentication codes.
pub(crate) const MAC_ERRORS: &[&ErrorDescription] = &[
    &UNSUPPORTED_FOR_KEY,
    &KEY_NOT_FOUND,
    &ALIAS_NOT_FOUND,
    &KEY_VERSION_NOT_FOUND,
    &KEY_DISABLED,
    &KEY_PENDING_DELETION,
    &KEY_PENDING_IMPORT,
    &DRY_RUN,
    &DRY_RUN_INVALID,
    &DRY_RUN_DENIED,
];

/// The algorithm. Its name is that of the spec of the key.
pub(crate) const ALGORITHM: Required<Word<KeySpec>> = Required(Word {
    name: "Algorithm",
    values: &[
        KeySpec::HmacSm3,
        KeySpec::HmacSha224,
        KeySpec::HmacSha256,
        KeySpec::HmacSha384,
        KeySpec::HmacSha512,
    ],
    word: KeySpec::name,
    default: None,
    help: "The algorithm, which has to fit the key.",
});

/// The message that is authenticated.
pub(crate) const MESSAGE: Required<Bytes> = Required(Bytes {
    name: "Message",
    maximum: 6 * 1024,
    sensitive: true,
    help: "The message, in Base64.",
});

/// A key that authenticates messages.
pub(crate) struct MacKey {
    pub key_id: String,
    algorithm: KeySpec,
    version: CmkVersion,
}

impl Call<'_> {
    /// The key of a reference for an algorithm. `action` is the action that the policy of a key of another
    /// account must allow.
    ///
    /// # Errors
    ///
    /// `Rejected.UnsupportedOperation` for a key for another use, `InvalidParameter` for one for another algorithm.
    pub(crate) fn mac_key(
        &self,
        key: &KeyReference,
        action: &str,
        algorithm: KeySpec,
    ) -> Result<MacKey, ApiError> {
        self.read(|store| {
            let (id, cmk) = self.find_usable_key(store, key, action)?;
            if cmk.usage != KeyUsage::GenerateVerifyMac {
                return Err((&UNSUPPORTED_FOR_KEY).into());
            }
            if cmk.spec != algorithm {
                return Err(invalid(ALGORITHM.0.name));
            }
            Ok(MacKey {
                key_id: cmk.key_id,
                algorithm,
                version: primary_version(store, id)?,
            })
        })
    }
}

impl MacKey {
    /// The code of a message.
    pub(crate) fn generate(&self, message: &[u8]) -> Result<Vec<u8>, ApiError> {
        let code = match self.algorithm {
            KeySpec::HmacSm3 => self.code::<Hmac<Sm3>>(message),
            KeySpec::HmacSha224 => self.code::<Hmac<Sha224>>(message),
            KeySpec::HmacSha384 => self.code::<Hmac<Sha384>>(message),
            KeySpec::HmacSha512 => self.code::<Hmac<Sha512>>(message),
            _ => self.code::<Hmac<Sha256>>(message),
        };
        code.ok_or_else(|| (&KEY_VERSION_NOT_FOUND).into())
    }

    /// Whether a code is that of a message.
    pub(crate) fn verify(&self, message: &[u8], code: &[u8]) -> Result<bool, ApiError> {
        let expected = self.generate(message)?;
        Ok(subtle::ConstantTimeEq::ct_eq(&*expected, code).into())
    }

    fn code<M: Mac + KeyInit>(&self, message: &[u8]) -> Option<Vec<u8>> {
        let material = self.version.material.as_ref()?;
        let mut mac = <M as KeyInit>::new_from_slice(material.expose()).ok()?;
        mac.update(message);
        Some(mac.finalize().into_bytes().to_vec())
    }
}
