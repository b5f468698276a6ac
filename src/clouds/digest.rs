//! The digests and HMACs of the signatures of both clouds.

use std::fmt::{self, Display, Write};

use hmac::digest::Update;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// HMAC-SHA1 of a text. The text is streamed, because it may be as large as a request.
#[must_use]
pub fn hmac_sha1(key: &[u8], message: impl Display) -> Vec<u8> {
    authenticate::<Hmac<Sha1>>(key, message)
}

/// HMAC-SHA256 of a text.
#[must_use]
pub fn hmac_sha256(key: &[u8], message: impl Display) -> Vec<u8> {
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

/// SHA-256 of a text, in lower-case hexadecimal. The text is streamed.
#[must_use]
pub fn sha256_hex_of_text(message: impl Display) -> String {
    let mut digest = Sha256::new();
    update(&mut digest, message);
    hex::encode(digest.finalize())
}

/// Whether two signatures are equal, compared in constant time.
#[must_use]
pub fn equal(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
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
