//! Encryption of key material for imports.

use aes_gcm::aes::Aes256;
use ecb::Decryptor;
use ecb::cipher::block_padding::{NoPadding, Pkcs7};
use ecb::cipher::{BlockModeDecrypt, KeyInit};
use sm4::Sm4;

use super::rsa::{self, Padding};
use super::sm2;
use super::wrapping::WrappingAlgorithm;
use crate::model::KeySpec;

/// The length of what an RSA key of 2,048 bits encrypts.
const RSA_BYTES: usize = 256;

/// The length of a key of SM4 that SM2 has encrypted: a point, a digest, and the data.
const SM2_BYTES: usize = 65 + 32 + 16;

/// How key material is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ImportAlgorithm {
    /// With the public key.
    Direct(WrappingAlgorithm),
    /// With a key of AES, which the public key of RSA encrypts. For private keys, which are too long for RSA.
    RsaAes,
    /// With a key of SM4, which the public key of SM2 encrypts. For the numbers of private keys of SM2.
    Sm2Sm4,
}

impl ImportAlgorithm {
    /// All algorithms.
    pub(crate) const ALL: &'static [Self] = &[
        Self::Direct(WrappingAlgorithm::Rsa(Padding::Pkcs1)),
        Self::Direct(WrappingAlgorithm::Rsa(Padding::OaepSha1)),
        Self::Direct(WrappingAlgorithm::Rsa(Padding::OaepSha256)),
        Self::Direct(WrappingAlgorithm::Sm2),
        Self::RsaAes,
        Self::Sm2Sm4,
    ];

    /// The vendor's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Direct(algorithm) => algorithm.name(),
            Self::RsaAes => "RSAES_OAEP_SHA_256_AES_256_ECB_PKCS7_PAD",
            Self::Sm2Sm4 => "SM2PKE_SM4_ECB",
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
            Self::Direct(algorithm) => algorithm.key_spec(),
            Self::RsaAes => KeySpec::Rsa2048,
            Self::Sm2Sm4 => KeySpec::EcSm2,
        }
    }

    /// Decrypts material; absent if it was not encrypted in this way.
    pub(crate) fn unwrap(self, private_key: &[u8], encrypted: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Direct(WrappingAlgorithm::Rsa(padding)) => {
                rsa::decrypt(private_key, padding, encrypted)
            }
            Self::Direct(WrappingAlgorithm::Sm2) => sm2::decrypt(private_key, encrypted)
                .or_else(|| sm2::decrypt_bare(private_key, encrypted)),
            Self::RsaAes => {
                let (key, material) = encrypted.split_at_checked(RSA_BYTES)?;
                let key = rsa::decrypt(private_key, Padding::OaepSha256, key)?;
                let cipher = Decryptor::<Aes256>::new_from_slice(&key).ok()?;
                cipher.decrypt_padded_vec::<Pkcs7>(material).ok()
            }
            Self::Sm2Sm4 => {
                let (key, number) = encrypted.split_at_checked(SM2_BYTES)?;
                let key = sm2::decrypt_bare(private_key, key)?;
                let cipher = Decryptor::<Sm4>::new_from_slice(&key).ok()?;
                let number = cipher.decrypt_padded_vec::<NoPadding>(number).ok()?;
                sm2::of_number(&number)
            }
        }
    }

    /// A new pair to import material with: the private key in PKCS #8, and the public key in DER.
    pub(crate) fn new_pair(self) -> Option<(Vec<u8>, Vec<u8>)> {
        let spec = self.key_spec();
        let private_key = super::generate(spec)?;
        let public_key = match spec {
            KeySpec::EcSm2 => sm2::public_key_der(&private_key),
            _ => rsa::public_key_der(&private_key),
        };
        Some((private_key, public_key?))
    }
}
