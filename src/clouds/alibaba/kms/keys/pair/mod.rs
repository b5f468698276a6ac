//! Key pairs: RSA, elliptic curves and SM2. A private key is kept in PKCS #8.

mod ec;
mod encoding;
mod importing;
mod rsa;
mod sm2;
mod wrapping;

use sha2::{Digest, Sha256};

use super::super::errors::{KEY_VERSION_NOT_FOUND, UNSUPPORTED_FOR_KEY};
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::parameter::{Required, Word, invalid};
use crate::model::{Cmk, CmkVersion, KeySpec, KeyUsage};

pub(crate) use self::encoding::is_private_key;
pub(crate) use self::importing::ImportAlgorithm;
pub(crate) use self::rsa::Padding;
pub(crate) use self::wrapping::WrappingAlgorithm;

/// The algorithms of encryption with a public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EncryptionAlgorithm {
    OaepSha256,
    OaepSha1,
    Sm2,
}

/// The algorithm of encryption.
pub(crate) const ENCRYPTION_ALGORITHM: Required<Word<EncryptionAlgorithm>> = Required(Word {
    name: "Algorithm",
    values: &[
        EncryptionAlgorithm::OaepSha256,
        EncryptionAlgorithm::OaepSha1,
        EncryptionAlgorithm::Sm2,
    ],
    word: |algorithm| match algorithm {
        EncryptionAlgorithm::OaepSha256 => "RSAES_OAEP_SHA_256",
        EncryptionAlgorithm::OaepSha1 => "RSAES_OAEP_SHA_1",
        EncryptionAlgorithm::Sm2 => "SM2PKE",
    },
    default: None,
    help: "The algorithm, which has to fit the key.",
});

/// The algorithms of signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SigningAlgorithm {
    RsaPss,
    RsaPkcs1,
    Ecdsa,
    Sm2,
}

/// The algorithm of a signature.
pub(crate) const SIGNING_ALGORITHM: Required<Word<SigningAlgorithm>> = Required(Word {
    name: "Algorithm",
    values: &[
        SigningAlgorithm::RsaPss,
        SigningAlgorithm::RsaPkcs1,
        SigningAlgorithm::Ecdsa,
        SigningAlgorithm::Sm2,
    ],
    word: |algorithm| match algorithm {
        SigningAlgorithm::RsaPss => "RSA_PSS_SHA_256",
        SigningAlgorithm::RsaPkcs1 => "RSA_PKCS1_SHA_256",
        SigningAlgorithm::Ecdsa => "ECDSA_SHA_256",
        SigningAlgorithm::Sm2 => "SM2DSA",
    },
    default: None,
    help: "The algorithm, which has to fit the key.",
});

fn check_digest(digest: &[u8]) -> Result<(), ApiError> {
    if digest.len() == DIGEST_BYTES {
        Ok(())
    } else {
        Err(invalid("Digest"))
    }
}

/// The length of the digests that are signed.
pub(crate) const DIGEST_BYTES: usize = 32;

/// Generates a private key in PKCS #8; absent for a symmetric key. Takes up to seconds for RSA.
pub(crate) fn generate(spec: KeySpec) -> Option<Vec<u8>> {
    match spec {
        KeySpec::Rsa2048 | KeySpec::Rsa3072 | KeySpec::Rsa4096 => rsa::generate(spec),
        KeySpec::EcP256 => ec::p256::generate(),
        KeySpec::EcP256K => ec::k256::generate(),
        KeySpec::EcSm2 => sm2::generate(),
        _ => None,
    }
}

/// The public key in PEM; absent for a symmetric key, or if the bytes are not a private key of this kind.
pub(crate) fn public_key(spec: KeySpec, private_key: &[u8]) -> Option<String> {
    match spec {
        KeySpec::Rsa2048 | KeySpec::Rsa3072 | KeySpec::Rsa4096 => {
            rsa::public_key(spec, private_key)
        }
        KeySpec::EcP256 => ec::p256::public_key(private_key),
        KeySpec::EcP256K => ec::k256::public_key(private_key),
        KeySpec::EcSm2 => sm2::public_key(private_key),
        _ => None,
    }
}

/// A version of a key pair.
pub(crate) struct Pair<'v> {
    spec: KeySpec,
    private_key: &'v [u8],
}

impl<'v> Pair<'v> {
    /// A version of a key, which has to be a pair for this use.
    ///
    /// # Errors
    ///
    /// `Rejected.UnsupportedOperation` for another key.
    pub(crate) fn new(
        cmk: &Cmk,
        version: &'v CmkVersion,
        usage: Option<KeyUsage>,
    ) -> Result<Self, ApiError> {
        if cmk.spec.is_symmetric() || usage.is_some_and(|usage| usage != cmk.usage) {
            return Err((&UNSUPPORTED_FOR_KEY).into());
        }
        let material = version.material.as_ref().ok_or(&KEY_VERSION_NOT_FOUND)?;
        Ok(Self {
            spec: cmk.spec,
            private_key: material.expose(),
        })
    }

    /// The public key in PEM.
    pub(crate) fn public_key(&self) -> Result<String, ApiError> {
        let key = public_key(self.spec, self.private_key);
        key.ok_or_else(|| (&KEY_VERSION_NOT_FOUND).into())
    }

    /// Signs a digest.
    pub(crate) fn sign(
        &self,
        algorithm: SigningAlgorithm,
        digest: &[u8],
    ) -> Result<Vec<u8>, ApiError> {
        check_digest(digest)?;
        let key = self.private_key;
        let signature = match (algorithm, self.spec) {
            (SigningAlgorithm::RsaPss | SigningAlgorithm::RsaPkcs1, spec) if is_rsa(spec) => {
                rsa::sign(key, algorithm, digest)
            }
            (SigningAlgorithm::Ecdsa, KeySpec::EcP256) => ec::p256::sign(key, digest),
            (SigningAlgorithm::Ecdsa, KeySpec::EcP256K) => ec::k256::sign(key, digest),
            (SigningAlgorithm::Sm2, KeySpec::EcSm2) => sm2::sign(key, digest),
            _ => return Err(invalid(SIGNING_ALGORITHM.0.name)),
        };
        signature.ok_or_else(|| (&KEY_VERSION_NOT_FOUND).into())
    }

    /// Whether a signature is that of a digest.
    pub(crate) fn verify(
        &self,
        algorithm: SigningAlgorithm,
        digest: &[u8],
        signature: &[u8],
    ) -> Result<bool, ApiError> {
        check_digest(digest)?;
        let key = self.private_key;
        let is_valid = match (algorithm, self.spec) {
            (SigningAlgorithm::RsaPss | SigningAlgorithm::RsaPkcs1, spec) if is_rsa(spec) => {
                rsa::verify(key, algorithm, digest, signature)
            }
            (SigningAlgorithm::Ecdsa, KeySpec::EcP256) => ec::p256::verify(key, digest, signature),
            (SigningAlgorithm::Ecdsa, KeySpec::EcP256K) => ec::k256::verify(key, digest, signature),
            (SigningAlgorithm::Sm2, KeySpec::EcSm2) => sm2::verify(key, digest, signature),
            _ => return Err(invalid(SIGNING_ALGORITHM.0.name)),
        };
        Ok(is_valid.unwrap_or(false))
    }

    /// Signs a message. That of SM2 is signed with the identity of the signer.
    pub(crate) fn sign_message(
        &self,
        algorithm: SigningAlgorithm,
        message: &[u8],
    ) -> Result<Vec<u8>, ApiError> {
        match (algorithm, self.spec) {
            (SigningAlgorithm::Sm2, KeySpec::EcSm2) => {
                let signature = sm2::sign_message(self.private_key, message);
                signature.ok_or_else(|| (&KEY_VERSION_NOT_FOUND).into())
            }
            _ => self.sign(algorithm, &Sha256::digest(message)),
        }
    }

    /// Whether a signature is that of a message.
    pub(crate) fn verify_message(
        &self,
        algorithm: SigningAlgorithm,
        message: &[u8],
        signature: &[u8],
    ) -> Result<bool, ApiError> {
        match (algorithm, self.spec) {
            (SigningAlgorithm::Sm2, KeySpec::EcSm2) => {
                let is_valid = sm2::verify_message(self.private_key, message, signature);
                Ok(is_valid.unwrap_or(false))
            }
            _ => self.verify(algorithm, &Sha256::digest(message), signature),
        }
    }

    /// Whether the pair encrypts with an algorithm.
    pub(crate) fn supports(&self, algorithm: EncryptionAlgorithm) -> bool {
        self.fits(algorithm).is_ok()
    }

    /// Encrypts data with the public key.
    pub(crate) fn encrypt(
        &self,
        algorithm: EncryptionAlgorithm,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, ApiError> {
        let ciphertext = match self.fits(algorithm)? {
            None => sm2::encrypt(self.private_key, plaintext),
            Some(padding) => rsa::encrypt(self.private_key, padding, plaintext),
        };
        ciphertext.ok_or_else(|| invalid("Plaintext"))
    }

    /// Decrypts data with the private key.
    pub(crate) fn decrypt(
        &self,
        algorithm: EncryptionAlgorithm,
        ciphertext: &[u8],
    ) -> Result<Vec<u8>, ApiError> {
        let plaintext = match self.fits(algorithm)? {
            None => sm2::decrypt(self.private_key, ciphertext),
            Some(padding) => rsa::decrypt(self.private_key, padding, ciphertext),
        };
        plaintext.ok_or_else(|| invalid("CiphertextBlob"))
    }

    /// The padding of RSA; absent for SM2.
    fn fits(&self, algorithm: EncryptionAlgorithm) -> Result<Option<Padding>, ApiError> {
        match (algorithm, self.spec) {
            (EncryptionAlgorithm::OaepSha256, spec) if is_rsa(spec) => {
                Ok(Some(Padding::OaepSha256))
            }
            (EncryptionAlgorithm::OaepSha1, spec) if is_rsa(spec) => Ok(Some(Padding::OaepSha1)),
            (EncryptionAlgorithm::Sm2, KeySpec::EcSm2) => Ok(None),
            _ => Err(invalid(ENCRYPTION_ALGORITHM.0.name)),
        }
    }
}

fn is_rsa(spec: KeySpec) -> bool {
    matches!(spec, KeySpec::Rsa2048 | KeySpec::Rsa3072 | KeySpec::Rsa4096)
}
