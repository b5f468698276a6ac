//! The digests and HMACs of the signatures of both clouds.

use std::fmt::{self, Display, Write};

use hmac::digest::Update;
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use sm3::Sm3;
use subtle::ConstantTimeEq;

/// A hash function of signatures. Texts are streamed, because they may be as large as a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// SHA-1.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SM3, of GM/T 0004-2012.
    Sm3,
}

impl Hash {
    /// The digest of `message`, in lower-case hexadecimal.
    #[must_use]
    pub fn hex(self, message: &[u8]) -> String {
        match self {
            Self::Sha1 => hex::encode(Sha1::digest(message)),
            Self::Sha256 => hex::encode(Sha256::digest(message)),
            Self::Sm3 => hex::encode(Sm3::digest(message)),
        }
    }

    /// The digest of a text, in lower-case hexadecimal.
    #[must_use]
    pub fn hex_of_text(self, message: impl Display) -> String {
        match self {
            Self::Sha1 => hex_of_text::<Sha1>(message),
            Self::Sha256 => hex_of_text::<Sha256>(message),
            Self::Sm3 => hex_of_text::<Sm3>(message),
        }
    }

    /// The HMAC of a text.
    #[must_use]
    pub fn hmac(self, key: &[u8], message: impl Display) -> Vec<u8> {
        match self {
            Self::Sha1 => authenticate::<Hmac<Sha1>>(key, message),
            Self::Sha256 => authenticate::<Hmac<Sha256>>(key, message),
            Self::Sm3 => authenticate::<Hmac<Sm3>>(key, message),
        }
    }
}

/// A number of `length` bytes, at most 8, that is always the same for the same text.
#[must_use]
pub(crate) fn number_of(text: &str, length: usize) -> u64 {
    let digest = sha256(text.as_bytes());
    let bytes = digest.iter().take(length);
    bytes.fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// MD5 of `message`, in lower-case hexadecimal.
#[must_use]
pub fn md5_hex(message: &[u8]) -> String {
    hex::encode(Md5::digest(message))
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

/// Whether two signatures are equal, compared in constant time.
#[must_use]
pub fn equal(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

fn hex_of_text<D: Digest + Update>(message: impl Display) -> String {
    let mut digest = D::new();
    update(&mut digest, message);
    hex::encode(digest.finalize())
}

fn authenticate<M: Mac + KeyInit + Update>(key: &[u8], message: impl Display) -> Vec<u8> {
    let mut mac = <M as KeyInit>::new_from_slice(key).expect("HMAC takes a key of any length");
    update(&mut mac, message);
    mac.finalize().into_bytes().to_vec()
}

fn update(digest: &mut impl Update, message: impl Display) {
    struct Writer<'d, D>(&'d mut D);

    impl<D: Update> Write for Writer<'_, D> {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0.update(text.as_bytes());
            Ok(())
        }
    }

    write!(Writer(digest), "{message}").expect("writing to a digest does not fail");
}
