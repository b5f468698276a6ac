//! `Encrypt`, `GenerateDataKey`, and the same operations with the newest version of a key: `AdvanceEncrypt` and
//! `AdvanceGenerateDataKey`, whose ciphertexts name the version.

use super::super::protobuf::{Fields, add_bytes, add_text};
use super::key::{self, KeyChoice};
use super::{Call, Reply};
use crate::clouds::alibaba::kms::errors::{KEY_VERSION_NOT_FOUND, UNSUPPORTED_FOR_KEY};
use crate::clouds::alibaba::kms::keys::cipher::{self, NONCE_BYTES};
use crate::clouds::alibaba::kms::keys::encryption::check_cipher;
use crate::clouds::alibaba::kms::keys::material::random_bytes;
use crate::clouds::alibaba::kms::keys::pair::Pair;
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::parameter::invalid;
use crate::model::{Cmk, CmkVersion, KeyUsage};

/// The length of a data key without `NumberOfBytes`.
const DATA_KEY_BYTES: u64 = 32;

const MAX_DATA_KEY_BYTES: u64 = 1024;

/// `EncryptRequest` and `AdvanceEncryptRequest`.
pub(in crate::clouds::alibaba::instance) struct Encrypt<'m> {
    pub key_id: &'m str,
    plaintext: &'m [u8],
    algorithm: &'m str,
    aad: &'m [u8],
    iv: &'m [u8],
    padding_mode: &'m str,
    choice: KeyChoice<'m>,
    is_advanced: bool,
}

impl<'m> Encrypt<'m> {
    pub(super) fn decode(
        fields: &Fields<'m>,
        choice: KeyChoice<'m>,
        is_advanced: bool,
    ) -> Option<Self> {
        Some(Self {
            key_id: fields.text(1)?,
            plaintext: fields.bytes(2)?,
            algorithm: fields.text(3)?,
            aad: fields.bytes(4)?,
            iv: fields.bytes(5)?,
            padding_mode: fields.text(6)?,
            choice,
            is_advanced,
        })
    }

    pub(super) fn run(self, call: &Call) -> Result<Reply, ApiError> {
        let (cmk, version) = key::find(self.key_id, call, "kms:Encrypt", self.choice)?;
        let plaintext = key::required("Plaintext", self.plaintext)?;
        let sealed = if cmk.spec.is_symmetric() {
            let algorithm = key::symmetric_algorithm(cmk.spec, self.algorithm)?;
            Sealed::new(&cmk, &version, algorithm, self.iv, self.aad, plaintext)?
        } else if self.is_advanced {
            return Err((&UNSUPPORTED_FOR_KEY).into());
        } else {
            let (algorithm, name) = key::pair_algorithm(cmk.spec, self.algorithm)?;
            let pair = Pair::new(&cmk, &version, Some(KeyUsage::EncryptDecrypt))?;
            Sealed {
                algorithm: name,
                iv: Vec::new(),
                ciphertext: pair.encrypt(algorithm, plaintext)?,
            }
        };
        let mut message = Vec::new();
        add_text(&mut message, 1, &cmk.key_id);
        add_bytes(&mut message, 2, &sealed.blob(&version, self.is_advanced));
        add_bytes(&mut message, 3, &sealed.iv);
        add_text(&mut message, 4, call.context.request_id);
        add_text(&mut message, 5, sealed.algorithm);
        add_text(&mut message, 6, self.padding_mode);
        if self.is_advanced {
            add_text(&mut message, 7, &version.version_id);
        }
        Ok(Reply {
            message,
            key_version_id: Some(version.version_id),
        })
    }
}

/// `GenerateDataKeyRequest` and `AdvanceGenerateDataKeyRequest`.
pub(in crate::clouds::alibaba::instance) struct GenerateDataKey<'m> {
    pub key_id: &'m str,
    algorithm: &'m str,
    number_of_bytes: u64,
    aad: &'m [u8],
    choice: KeyChoice<'m>,
    is_advanced: bool,
}

impl<'m> GenerateDataKey<'m> {
    pub(super) fn decode(fields: &Fields<'m>, choice: KeyChoice<'m>) -> Option<Self> {
        Some(Self {
            key_id: fields.text(1)?,
            algorithm: fields.text(2)?,
            number_of_bytes: fields.number(3)?,
            aad: fields.bytes(4)?,
            choice,
            is_advanced: false,
        })
    }

    pub(super) fn decode_advanced(fields: &Fields<'m>, choice: KeyChoice<'m>) -> Option<Self> {
        Some(Self {
            key_id: fields.text(1)?,
            algorithm: "",
            number_of_bytes: fields.number(2)?,
            aad: fields.bytes(3)?,
            choice,
            is_advanced: true,
        })
    }

    pub(super) fn run(self, call: &Call) -> Result<Reply, ApiError> {
        let (cmk, version) = key::find(self.key_id, call, "kms:GenerateDataKey", self.choice)?;
        let length = match self.number_of_bytes {
            0 => DATA_KEY_BYTES,
            length @ 1..=MAX_DATA_KEY_BYTES => length,
            _ => return Err(invalid("NumberOfBytes")),
        };
        check_cipher(&cmk)?;
        let algorithm = key::symmetric_algorithm(cmk.spec, self.algorithm)?;
        // At most 1,024.
        let plaintext = random_bytes(length as usize);
        let sealed = Sealed::new(&cmk, &version, algorithm, &[], self.aad, &plaintext)?;
        let mut message = Vec::new();
        add_text(&mut message, 1, &cmk.key_id);
        add_bytes(&mut message, 2, &sealed.iv);
        add_bytes(&mut message, 3, &plaintext);
        add_bytes(&mut message, 4, &sealed.blob(&version, self.is_advanced));
        add_text(&mut message, 5, call.context.request_id);
        add_text(&mut message, 6, sealed.algorithm);
        if self.is_advanced {
            add_text(&mut message, 7, &version.version_id);
        }
        Ok(Reply {
            message,
            key_version_id: Some(version.version_id),
        })
    }
}

/// Encrypted data.
struct Sealed {
    algorithm: &'static str,
    iv: Vec<u8>,
    ciphertext: Vec<u8>,
}

impl Sealed {
    /// Encrypts data with a symmetric key. Without `iv`, one is generated.
    fn new(
        cmk: &Cmk,
        version: &CmkVersion,
        algorithm: &'static str,
        iv: &[u8],
        aad: &[u8],
        plaintext: &[u8],
    ) -> Result<Self, ApiError> {
        check_cipher(cmk)?;
        key::check_aad(aad)?;
        let iv = match iv.len() {
            0 => random_bytes(NONCE_BYTES),
            NONCE_BYTES => iv.to_owned(),
            _ => return Err(invalid("Iv")),
        };
        let ciphertext = cipher::seal(cmk.spec, version, &iv, aad, plaintext);
        Ok(Self {
            algorithm,
            ciphertext: ciphertext.ok_or(&KEY_VERSION_NOT_FOUND)?,
            iv,
        })
    }

    /// The ciphertext in a reply. That of an operation `Advance…` has the version and the initialization vector, too.
    fn blob(&self, version: &CmkVersion, is_advanced: bool) -> Vec<u8> {
        if is_advanced {
            cipher::join(&version.version_id, &self.iv, &self.ciphertext)
        } else {
            self.ciphertext.clone()
        }
    }
}
