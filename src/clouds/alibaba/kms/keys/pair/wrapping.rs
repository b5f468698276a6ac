//! Encryption of data keys for callers, and of key material for imports.

use super::rsa::{self, Padding};
use super::sm2;
use crate::model::KeySpec;

/// How a public key encrypts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WrappingAlgorithm {
    Rsa(Padding),
    Sm2,
}

impl WrappingAlgorithm {
    /// All algorithms.
    pub(crate) const ALL: &'static [Self] = &[
        Self::Rsa(Padding::Pkcs1),
        Self::Rsa(Padding::OaepSha1),
        Self::Rsa(Padding::OaepSha256),
        Self::Sm2,
    ];

    /// The vendor's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rsa(Padding::OaepSha256) => "RSAES_OAEP_SHA_256",
            Self::Rsa(Padding::OaepSha1) => "RSAES_OAEP_SHA_1",
            Self::Rsa(Padding::Pkcs1) => "RSAES_PKCS1_V1_5",
            Self::Sm2 => "SM2PKE",
        }
    }

    /// The algorithm with this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|algorithm| algorithm.name() == name)
    }

    /// The kind of its public keys.
    pub(crate) fn key_spec(self) -> KeySpec {
        match self {
            Self::Rsa(_) => KeySpec::Rsa2048,
            Self::Sm2 => KeySpec::EcSm2,
        }
    }

    /// Encrypts data with a public key in DER; absent if the key is not of this kind, or the data is too long.
    pub(crate) fn wrap(self, public_key: &[u8], plaintext: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Rsa(padding) => rsa::wrap(public_key, padding, plaintext),
            Self::Sm2 => sm2::wrap(public_key, plaintext),
        }
    }

    /// Decrypts imported material.
    pub(crate) fn unwrap(self, private_key: &[u8], ciphertext: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Rsa(padding) => rsa::decrypt(private_key, padding, ciphertext),
            Self::Sm2 => sm2::decrypt(private_key, ciphertext),
        }
    }

    /// A new pair to import material with: the private key in PKCS #8, and the public key in DER.
    pub(crate) fn new_pair(self) -> Option<(Vec<u8>, Vec<u8>)> {
        let private_key = super::generate(self.key_spec())?;
        let public_key = match self {
            Self::Rsa(_) => rsa::public_key_der(&private_key),
            Self::Sm2 => sm2::public_key_der(&private_key),
        };
        Some((private_key, public_key?))
    }
}
