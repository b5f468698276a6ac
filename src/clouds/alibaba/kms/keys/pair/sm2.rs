//! SM2. Signatures and ciphertexts are in DER.

use ::sm2::dsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use ::sm2::dsa::signature::{Signer, Verifier};
use ::sm2::dsa::{Signature, SigningKey, VerifyingKey};
use ::sm2::elliptic_curve::Generate;
use ::sm2::pkcs8::{
    DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey, LineEnding,
};
use ::sm2::pke::{DecryptingKey, EncryptingKey};
use ::sm2::{PublicKey, SecretKey};

/// The identity of the signer in GM/T 0009. A digest contains it already.
const IDENTITY: &str = "1234567812345678";

pub(super) fn generate() -> Option<Vec<u8>> {
    let key = SecretKey::generate_from_rng(&mut rand::rng());
    Some(key.to_pkcs8_der().ok()?.as_bytes().to_owned())
}

pub(super) fn public_key(private_key: &[u8]) -> Option<String> {
    let key = SecretKey::from_pkcs8_der(private_key).ok()?;
    key.public_key().to_public_key_pem(LineEnding::LF).ok()
}

pub(super) fn sign(private_key: &[u8], digest: &[u8]) -> Option<Vec<u8>> {
    let signature: Signature = signing_key(private_key)?.sign_prehash(digest).ok()?;
    Some(signature.to_der().to_vec())
}

pub(super) fn sign_message(private_key: &[u8], message: &[u8]) -> Option<Vec<u8>> {
    let signature: Signature = signing_key(private_key)?.try_sign(message).ok()?;
    Some(signature.to_der().to_vec())
}

fn signing_key(private_key: &[u8]) -> Option<SigningKey> {
    let key = SecretKey::from_pkcs8_der(private_key).ok()?;
    SigningKey::new(IDENTITY, &key).ok()
}

pub(super) fn verify(private_key: &[u8], digest: &[u8], signature: &[u8]) -> Option<bool> {
    let signature = Signature::from_der(signature).ok()?;
    let key = verifying_key(private_key)?;
    Some(key.verify_prehash(digest, &signature).is_ok())
}

pub(super) fn verify_message(private_key: &[u8], message: &[u8], signature: &[u8]) -> Option<bool> {
    let signature = Signature::from_der(signature).ok()?;
    let key = verifying_key(private_key)?;
    Some(key.verify(message, &signature).is_ok())
}

fn verifying_key(private_key: &[u8]) -> Option<VerifyingKey> {
    let key = SecretKey::from_pkcs8_der(private_key).ok()?;
    VerifyingKey::new(IDENTITY, key.public_key()).ok()
}

pub(super) fn encrypt(private_key: &[u8], plaintext: &[u8]) -> Option<Vec<u8>> {
    let key = SecretKey::from_pkcs8_der(private_key).ok()?;
    encrypt_with(key.public_key(), plaintext)
}

fn encrypt_with(key: PublicKey, plaintext: &[u8]) -> Option<Vec<u8>> {
    EncryptingKey::new(key)
        .encrypt_der(&mut rand::rng(), plaintext)
        .ok()
}

/// Encrypts data with a public key in DER; absent if it is not a key of SM2.
pub(super) fn wrap(public_key: &[u8], plaintext: &[u8]) -> Option<Vec<u8>> {
    encrypt_with(PublicKey::from_public_key_der(public_key).ok()?, plaintext)
}

/// The public key of a private key, in DER.
pub(super) fn public_key_der(private_key: &[u8]) -> Option<Vec<u8>> {
    let key = SecretKey::from_pkcs8_der(private_key).ok()?;
    let public_key = key.public_key().to_public_key_der().ok()?;
    Some(public_key.as_bytes().to_owned())
}

pub(super) fn decrypt(private_key: &[u8], ciphertext: &[u8]) -> Option<Vec<u8>> {
    let key = SecretKey::from_pkcs8_der(private_key).ok()?;
    DecryptingKey::new(key).decrypt_der(ciphertext).ok()
}

/// Decrypts what is not in DER: the point, the digest and the data, one after the other.
pub(super) fn decrypt_bare(private_key: &[u8], ciphertext: &[u8]) -> Option<Vec<u8>> {
    let key = SecretKey::from_pkcs8_der(private_key).ok()?;
    DecryptingKey::new(key).decrypt(ciphertext).ok()
}

/// The private key with this number, in PKCS #8.
pub(super) fn of_number(number: &[u8]) -> Option<Vec<u8>> {
    let key = SecretKey::from_slice(number).ok()?;
    Some(key.to_pkcs8_der().ok()?.as_bytes().to_owned())
}
