//! RSA, with the paddings PKCS #1 v1.5, PSS and OAEP.

use rsa::pkcs8::{
    DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey, LineEnding,
};
use rsa::traits::PublicKeyParts;
use rsa::{PrivateKey, PublicKey};
use sha1::Sha1;
use sha2::Sha256;

use super::SigningAlgorithm;
use crate::model::KeySpec;

/// The paddings of encryption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WrappingAlgorithm {
    OaepSha256,
    OaepSha1,
    Pkcs1,
}

impl WrappingAlgorithm {
    const ALL: [Self; 3] = [Self::OaepSha256, Self::OaepSha1, Self::Pkcs1];

    /// The vendor's name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::OaepSha256 => "RSAES_OAEP_SHA_256",
            Self::OaepSha1 => "RSAES_OAEP_SHA_1",
            Self::Pkcs1 => "RSAES_PKCS1_V1_5",
        }
    }

    /// The algorithm with this name.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|algorithm| algorithm.name() == name)
    }
}

fn bits(spec: KeySpec) -> usize {
    match spec {
        KeySpec::Rsa4096 => 4096,
        KeySpec::Rsa3072 => 3072,
        _ => 2048,
    }
}

pub(super) fn generate(spec: KeySpec) -> Option<Vec<u8>> {
    let key = PrivateKey::new(&mut rand::rng(), bits(spec)).ok()?;
    Some(key.to_pkcs8_der().ok()?.as_bytes().to_owned())
}

pub(super) fn public_key(spec: KeySpec, private_key: &[u8]) -> Option<String> {
    let key = PrivateKey::from_pkcs8_der(private_key).ok()?;
    (key.size() * 8 == bits(spec)).then_some(())?;
    key.to_public_key().to_public_key_pem(LineEnding::LF).ok()
}

pub(super) fn sign(
    private_key: &[u8],
    algorithm: SigningAlgorithm,
    digest: &[u8],
) -> Option<Vec<u8>> {
    let key = PrivateKey::from_pkcs8_der(private_key).ok()?;
    match algorithm {
        SigningAlgorithm::RsaPss => key.pss_sign_prehash::<Sha256>(digest).ok(),
        _ => key.pkcs1v15_sign_prehash::<Sha256>(digest).ok(),
    }
}

pub(super) fn verify(
    private_key: &[u8],
    algorithm: SigningAlgorithm,
    digest: &[u8],
    signature: &[u8],
) -> Option<bool> {
    let key = PrivateKey::from_pkcs8_der(private_key)
        .ok()?
        .to_public_key();
    let result = match algorithm {
        SigningAlgorithm::RsaPss => key.pss_verify_prehash::<Sha256>(digest, signature),
        _ => key.pkcs1v15_verify_prehash::<Sha256>(digest, signature),
    };
    Some(result.is_ok())
}

pub(super) fn encrypt(
    private_key: &[u8],
    padding: WrappingAlgorithm,
    plaintext: &[u8],
) -> Option<Vec<u8>> {
    let key = PrivateKey::from_pkcs8_der(private_key).ok()?;
    encrypt_with(&key.to_public_key(), padding, plaintext)
}

fn encrypt_with(key: &PublicKey, padding: WrappingAlgorithm, plaintext: &[u8]) -> Option<Vec<u8>> {
    match padding {
        WrappingAlgorithm::OaepSha256 => key.oaep_encrypt::<Sha256>(plaintext),
        WrappingAlgorithm::OaepSha1 => key.oaep_encrypt::<Sha1>(plaintext),
        WrappingAlgorithm::Pkcs1 => key.pkcs1v15_encrypt(plaintext),
    }
    .ok()
}

pub(super) fn decrypt(
    private_key: &[u8],
    padding: WrappingAlgorithm,
    ciphertext: &[u8],
) -> Option<Vec<u8>> {
    let key = PrivateKey::from_pkcs8_der(private_key).ok()?;
    match padding {
        WrappingAlgorithm::OaepSha256 => key.oaep_decrypt::<Sha256>(ciphertext),
        WrappingAlgorithm::OaepSha1 => key.oaep_decrypt::<Sha1>(ciphertext),
        WrappingAlgorithm::Pkcs1 => key.pkcs1v15_decrypt(ciphertext),
    }
    .ok()
}

/// Encrypts a data key with a public key in DER; absent if it is not an RSA key of 2,048 bits.
pub(crate) fn wrap(
    public_key: &[u8],
    padding: WrappingAlgorithm,
    plaintext: &[u8],
) -> Option<Vec<u8>> {
    let key = PublicKey::from_public_key_der(public_key).ok()?;
    (key.size() == 256).then_some(())?;
    encrypt_with(&key, padding, plaintext)
}

/// A new pair to import material with: the private key in PKCS #8, and the public key in DER.
pub(crate) fn new_wrapping_key() -> Option<(Vec<u8>, Vec<u8>)> {
    let private_key = generate(KeySpec::Rsa2048)?;
    let key = PrivateKey::from_pkcs8_der(&private_key).ok()?;
    let public_key = key.to_public_key().to_public_key_der().ok()?;
    Some((private_key, public_key.as_bytes().to_owned()))
}

/// Decrypts imported material.
pub(crate) fn unwrap(
    private_key: &[u8],
    padding: WrappingAlgorithm,
    ciphertext: &[u8],
) -> Option<Vec<u8>> {
    decrypt(private_key, padding, ciphertext)
}
