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
pub(crate) enum Padding {
    OaepSha256,
    OaepSha1,
    Pkcs1,
}

pub(super) fn bits(spec: KeySpec) -> usize {
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

pub(super) fn encrypt(private_key: &[u8], padding: Padding, plaintext: &[u8]) -> Option<Vec<u8>> {
    let key = PrivateKey::from_pkcs8_der(private_key).ok()?;
    encrypt_with(&key.to_public_key(), padding, plaintext)
}

fn encrypt_with(key: &PublicKey, padding: Padding, plaintext: &[u8]) -> Option<Vec<u8>> {
    match padding {
        Padding::OaepSha256 => key.oaep_encrypt::<Sha256>(plaintext),
        Padding::OaepSha1 => key.oaep_encrypt::<Sha1>(plaintext),
        Padding::Pkcs1 => key.pkcs1v15_encrypt(plaintext),
    }
    .ok()
}

pub(super) fn decrypt(private_key: &[u8], padding: Padding, ciphertext: &[u8]) -> Option<Vec<u8>> {
    let key = PrivateKey::from_pkcs8_der(private_key).ok()?;
    match padding {
        Padding::OaepSha256 => key.oaep_decrypt::<Sha256>(ciphertext),
        Padding::OaepSha1 => key.oaep_decrypt::<Sha1>(ciphertext),
        Padding::Pkcs1 => key.pkcs1v15_decrypt(ciphertext),
    }
    .ok()
}

/// Encrypts data with a public key in DER; absent if it is not a key of 2,048 bits, or the data is too long.
pub(super) fn wrap(public_key: &[u8], padding: Padding, plaintext: &[u8]) -> Option<Vec<u8>> {
    let key = PublicKey::from_public_key_der(public_key).ok()?;
    (key.size() == 256).then_some(())?;
    encrypt_with(&key, padding, plaintext)
}

/// The public key of a private key, in DER.
pub(super) fn public_key_der(private_key: &[u8]) -> Option<Vec<u8>> {
    let key = PrivateKey::from_pkcs8_der(private_key).ok()?;
    let public_key = key.to_public_key().to_public_key_der().ok()?;
    Some(public_key.as_bytes().to_owned())
}
