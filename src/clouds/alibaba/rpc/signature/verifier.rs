//! Verifies signatures with a secret or an RSA public key.

use std::fmt::Display;
use std::rc::Rc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::clouds::auth::rsa_key::RsaPublicKey;
use crate::clouds::diagnosis::Mistake;
use crate::clouds::digest::{self, Hash};

/// Verifies signatures over strings to sign.
#[derive(Clone)]
pub(crate) struct Verifier<'k> {
    key: Key<'k>,
    encoding: Encoding,
}

/// How the bytes of a signature are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Base64,
    Hexadecimal,
}

#[derive(Clone)]
enum Key<'k> {
    Hmac(Hash, Rc<[u8]>),
    Rsa(&'k RsaPublicKey),
}

impl<'k> Verifier<'k> {
    pub(crate) fn of_hmac(hash: Hash, key: impl Into<Rc<[u8]>>, encoding: Encoding) -> Self {
        Self {
            key: Key::Hmac(hash, key.into()),
            encoding,
        }
    }

    /// For RSA with SHA-256, by PKCS#1 v1.5.
    pub(crate) fn of_rsa(key: &'k RsaPublicKey, encoding: Encoding) -> Self {
        Self {
            key: Key::Rsa(key),
            encoding,
        }
    }

    /// Whether a signature was made over a string to sign.
    pub(crate) fn accepts(&self, signature: &str, string_to_sign: impl Display) -> bool {
        match &self.key {
            Key::Hmac(hash, key) => {
                let expected = self.encoding.encode(&hash.hmac(key, string_to_sign));
                digest::equal(signature, &expected)
            }
            Key::Rsa(key) => self.encoding.decode(signature).is_some_and(|signature| {
                key.verifies(string_to_sign.to_string().as_bytes(), &signature)
            }),
        }
    }

    /// The mistake of a signature that no other mistake explains.
    pub(crate) fn wrong_key(&self) -> Mistake {
        match self.key {
            Key::Hmac(..) => Mistake::WrongSecret,
            Key::Rsa(_) => Mistake::WrongPrivateKey,
        }
    }
}

impl Encoding {
    fn encode(self, signature: &[u8]) -> String {
        match self {
            Self::Base64 => STANDARD.encode(signature),
            Self::Hexadecimal => hex::encode(signature),
        }
    }

    fn decode(self, signature: &str) -> Option<Vec<u8>> {
        match self {
            Self::Base64 => STANDARD.decode(signature).ok(),
            Self::Hexadecimal => hex::decode(signature).ok(),
        }
    }
}
