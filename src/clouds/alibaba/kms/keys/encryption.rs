//! Encryption and decryption with the symmetric keys of the store.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::cipher::{self, Ciphertext};
use super::plaintext::Plaintext;
use super::reference::{KeyReference, check_enabled, primary_version};
use crate::clouds::alibaba::kms::errors::{
    ALIAS_NOT_FOUND, DRY_RUN, DRY_RUN_DENIED, DRY_RUN_INVALID, KEY_DISABLED, KEY_NOT_FOUND,
    KEY_PENDING_DELETION, KEY_PENDING_IMPORT, KEY_VERSION_NOT_FOUND, UNSUPPORTED,
};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Bytes, Required, Text, TextRule, invalid};
use crate::clouds::alibaba::rpc::protocol::Call;
use crate::model::{Cmk, CmkVersion};
use crate::store::ReadTransaction;

/// The errors of operations that encrypt or decrypt with a symmetric key.
pub(crate) const ENCRYPTION_ERRORS: &[&ErrorDescription] = &[
    &UNSUPPORTED,
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

/// An upper bound for the length of a ciphertext.
const MAX_CIPHERTEXT_BYTES: usize = Plaintext::MAX_BYTES + 1024;

/// The data to encrypt.
pub(crate) const PLAINTEXT: Required<Text> = Required(Text {
    name: "Plaintext",
    rule: TextRule::Bytes(Plaintext::MAX_BYTES / 3 * 4),
    sensitive: true,
    help: "The data to encrypt: at most 6,144 bytes in Base64. Other text of at most 6,144 bytes is decrypted to the same text.",
});

/// The ciphertext to decrypt.
pub(crate) const CIPHERTEXT_BLOB: Bytes = Bytes {
    name: "CiphertextBlob",
    maximum: MAX_CIPHERTEXT_BYTES,
    sensitive: false,
    help: "The ciphertext, in Base64.",
};

/// The result of an encryption.
pub(crate) struct Encrypted {
    pub key_id: String,
    pub version_id: String,
    /// In Base64.
    pub ciphertext: String,
}

/// The result of a decryption.
pub(crate) struct Decrypted {
    pub key_id: String,
    pub version_id: String,
    pub plaintext: Plaintext,
}

impl Call<'_> {
    /// Encrypts data with the newest version of a key. `action` is the action that the policy of a key of another
    /// account must allow.
    pub(crate) fn encrypt(
        &self,
        store: &ReadTransaction,
        key: &KeyReference,
        action: &str,
        context: &[u8],
        plaintext: &Plaintext,
    ) -> Result<Encrypted, ApiError> {
        let (id, cmk) = self.find_usable_key(store, key, action)?;
        check_cipher(&cmk)?;
        let version = primary_version(store, id)?;
        let context = plaintext.associated_data(context);
        let blob = cipher::encrypt(cmk.spec, &version, &context, plaintext.bytes());
        let blob = blob.ok_or(&KEY_VERSION_NOT_FOUND)?;
        Ok(Encrypted {
            key_id: cmk.key_id,
            version_id: version.version_id,
            ciphertext: STANDARD.encode(blob),
        })
    }

    /// Decrypts data with the key version that has encrypted it: of several with the same id, the first that can.
    pub(crate) fn decrypt(
        &self,
        store: &ReadTransaction,
        blob: &[u8],
        context: &[u8],
    ) -> Result<Decrypted, ApiError> {
        let ciphertext = Ciphertext::parse(blob).ok_or_else(|| invalid(CIPHERTEXT_BLOB.name))?;
        let mut error = None;
        for (cmk, version) in store.cmks_of_version(&self.scope, ciphertext.version_id)? {
            match decrypt_with(cmk, version, &ciphertext, context) {
                Err(other) => {
                    error.get_or_insert(other);
                }
                decrypted => return decrypted,
            }
        }
        Err(error.unwrap_or_else(|| (&KEY_NOT_FOUND).into()))
    }
}

fn decrypt_with(
    cmk: Cmk,
    version: CmkVersion,
    ciphertext: &Ciphertext,
    context: &[u8],
) -> Result<Decrypted, ApiError> {
    check_enabled(&cmk)?;
    check_cipher(&cmk)?;
    let plaintext = Plaintext::open(context, |associated_data| {
        ciphertext.decrypt(cmk.spec, &version, associated_data)
    });
    Ok(Decrypted {
        key_id: cmk.key_id,
        plaintext: plaintext.ok_or_else(|| invalid(CIPHERTEXT_BLOB.name))?,
        version_id: version.version_id,
    })
}

/// Checks that a key is symmetric and encrypts.
pub(crate) fn check_cipher(cmk: &Cmk) -> Result<(), ApiError> {
    if cmk.spec.is_cipher() {
        Ok(())
    } else {
        Err((&UNSUPPORTED).into())
    }
}
