//! Encryption of data with a public key: of data keys for callers, and of key material for imports.

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
    /// The vendor's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Rsa(Padding::OaepSha256) => "RSAES_OAEP_SHA_256",
            Self::Rsa(Padding::OaepSha1) => "RSAES_OAEP_SHA_1",
            Self::Rsa(Padding::Pkcs1) => "RSAES_PKCS1_V1_5",
            Self::Sm2 => "SM2PKE",
        }
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
}
