//! `Decrypt` and `AdvanceDecrypt`.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::super::protobuf::{Fields, add_bytes, add_text};
use super::key::{self, KeyChoice};
use super::{Call, Reply};
use crate::clouds::alibaba::kms::errors::KEY_NOT_FOUND;
use crate::clouds::alibaba::kms::keys::cipher::{self, Ciphertext};
use crate::clouds::alibaba::kms::keys::encryption::check_cipher;
use crate::clouds::alibaba::kms::keys::pair::Pair;
use crate::clouds::alibaba::kms::keys::reference::check_enabled;
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::parameter::invalid;
use crate::model::{Cmk, CmkVersion, KeyUsage};

/// An upper bound for the length of a ciphertext without the data.
const MAX_HEAD_BYTES: usize = 512;

/// `DecryptRequest` and `AdvanceDecryptRequest`.
pub(in crate::clouds::alibaba::instance) struct Decrypt<'m> {
    blob: Cow<'m, [u8]>,
    key_id: &'m str,
    algorithm: &'m str,
    aad: &'m [u8],
    iv: &'m [u8],
    padding_mode: &'m str,
    choice: KeyChoice<'m>,
    /// Whether the ciphertext can name its version.
    is_whole: bool,
    is_advanced: bool,
}

impl<'m> Decrypt<'m> {
    pub(super) fn decode(
        fields: &Fields<'m>,
        version_id: Option<&'m str>,
        is_advanced: bool,
    ) -> Option<Self> {
        let blob = fields.bytes(1)?;
        let key_id = fields.text(2)?;
        let iv = fields.bytes(5)?;
        // The vendor's transfer SDKs name the version of the key in a header, and not the key.
        let joined = version_id
            .filter(|_| key_id.is_empty() && !is_advanced && !blob.is_empty())
            .map(|version_id| cipher::join(version_id, iv, blob));
        Some(Self {
            key_id,
            algorithm: fields.text(3)?,
            aad: fields.bytes(4)?,
            iv,
            padding_mode: fields.text(6)?,
            choice: version_id.map_or(KeyChoice::Initial, KeyChoice::Version),
            is_whole: is_advanced || joined.is_some(),
            is_advanced,
            blob: joined.map_or(blob.into(), Cow::from),
        })
    }

    /// The key, or the part of the ciphertext that names its version.
    pub(super) fn parameters(&self) -> Vec<(&'static str, Cow<'m, str>)> {
        if self.is_whole && self.key_id.is_empty() {
            let head = &self.blob[..self.blob.len().min(MAX_HEAD_BYTES)];
            return vec![("CiphertextBlob", STANDARD.encode(head).into())];
        }
        key::parameters(self.key_id)
    }

    pub(super) fn run(self, call: &Call) -> Result<Reply, ApiError> {
        let blob = key::required("CiphertextBlob", &self.blob)?;
        key::check_aad(self.aad)?;
        let ciphertext = Ciphertext::parse(blob).filter(|_| self.is_whole);
        let versions = match &ciphertext {
            None => Vec::new(),
            Some(ciphertext) => {
                call.read(|store| Ok(store.cmks_of_version(&call.scope, ciphertext.version_id)?))?
            }
        };
        if self.key_id.is_empty() && self.is_whole {
            let ciphertext = ciphertext.ok_or_else(|| invalid("CiphertextBlob"))?;
            return self.try_each(call, versions, &ciphertext);
        }
        let (cmk, version) = key::find(self.key_id, call, "kms:Decrypt", self.choice)?;
        let mut of_key = versions
            .into_iter()
            .filter(|(other, _)| other.key_id == cmk.key_id);
        match (ciphertext, of_key.next()) {
            (Some(ciphertext), Some(named)) => self.try_each(call, vec![named], &ciphertext),
            _ => {
                let plaintext = self.open(&cmk, &version, blob)?;
                self.reply(call, cmk, version, &plaintext)
            }
        }
    }

    /// Decrypts a ciphertext with the first version that can.
    fn try_each(
        &self,
        call: &Call,
        versions: Vec<(Cmk, CmkVersion)>,
        ciphertext: &Ciphertext,
    ) -> Result<Reply, ApiError> {
        let mut error = None;
        for (cmk, version) in versions {
            let checked = check_enabled(&cmk).and_then(|()| check_cipher(&cmk));
            let opened = checked.and_then(|()| {
                let plaintext = ciphertext.decrypt(cmk.spec, &version, self.aad);
                plaintext.ok_or_else(|| invalid("CiphertextBlob"))
            });
            match opened {
                Ok(plaintext) => return self.reply(call, cmk, version, &plaintext),
                Err(other) => _ = error.get_or_insert(other),
            }
        }
        Err(error.unwrap_or_else(|| (&KEY_NOT_FOUND).into()))
    }

    /// Decrypts with a version of a key.
    fn open(&self, cmk: &Cmk, version: &CmkVersion, blob: &[u8]) -> Result<Vec<u8>, ApiError> {
        if !cmk.spec.is_symmetric() {
            let (algorithm, _) = key::pair_algorithm(cmk.spec, self.algorithm)?;
            let pair = Pair::new(cmk, version, Some(KeyUsage::EncryptDecrypt))?;
            return pair.decrypt(algorithm, blob);
        }
        check_cipher(cmk)?;
        key::symmetric_algorithm(cmk.spec, self.algorithm)?;
        let iv = key::required("Iv", self.iv)?;
        if iv.len() != cipher::NONCE_BYTES {
            return Err(invalid("Iv"));
        }
        let plaintext = cipher::open(cmk.spec, version, iv, self.aad, blob);
        plaintext.ok_or_else(|| invalid("CiphertextBlob"))
    }

    fn reply(
        &self,
        call: &Call,
        cmk: Cmk,
        version: CmkVersion,
        plaintext: &[u8],
    ) -> Result<Reply, ApiError> {
        let algorithm = if cmk.spec.is_symmetric() {
            key::symmetric_algorithm(cmk.spec, self.algorithm)?
        } else {
            key::pair_algorithm(cmk.spec, self.algorithm)?.1
        };
        let mut message = Vec::new();
        add_text(&mut message, 1, &cmk.key_id);
        add_bytes(&mut message, 2, plaintext);
        add_text(&mut message, 3, call.context.request_id);
        add_text(&mut message, 4, algorithm);
        add_text(&mut message, 5, self.padding_mode);
        if self.is_advanced {
            add_text(&mut message, 6, &version.version_id);
        }
        Ok(Reply {
            message,
            key_version_id: Some(version.version_id),
        })
    }
}
