//! The few keyed and plain digests that both clouds' signatures are made of.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// HMAC-SHA1 of `message`.
#[must_use]
pub fn hmac_sha1(key: &[u8], message: &[u8]) -> Vec<u8> {
    authenticate::<Hmac<Sha1>>(key, message)
}

/// HMAC-SHA256 of `message`.
#[must_use]
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> Vec<u8> {
    authenticate::<Hmac<Sha256>>(key, message)
}

/// SHA-256 of `message`.
#[must_use]
pub fn sha256(message: &[u8]) -> [u8; 32] {
    Sha256::digest(message).into()
}

/// SHA-256 of `message`, in lower-case hexadecimal.
#[must_use]
pub fn sha256_hex(message: &[u8]) -> String {
    hex::encode(sha256(message))
}

/// Whether two signatures are equal, in a time that does not tell where they differ.
#[must_use]
pub fn equal(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

fn authenticate<M: Mac + KeyInit>(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = <M as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}
