//! What a symmetric key encrypts.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What follows the context in the associated data of a text. A context ends with `}` or is empty.
const TEXT: &[u8] = b"text";

/// Data that a symmetric key encrypts. The vendor's page wants Base64, but the service encrypts any text, and decrypts
/// it to the same text. Clients such as the plugins of Nacos send texts.
pub(crate) enum Plaintext {
    /// In Base64 in requests and replies.
    Bytes(Vec<u8>),
    /// A text that is not Base64.
    Text(String),
}

impl Plaintext {
    /// The maximum number of bytes that a key encrypts.
    pub(crate) const MAX_BYTES: usize = 6 * 1024;

    /// The data of a request; absent if it is too long.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        // The decoder accepts only texts that the encoder returns.
        let plaintext = match STANDARD.decode(text) {
            Ok(bytes) => Self::Bytes(bytes),
            Err(_) => Self::Text(text.to_owned()),
        };
        (plaintext.bytes().len() <= Self::MAX_BYTES).then_some(plaintext)
    }

    /// The data in a reply.
    pub(crate) fn into_reply(self) -> String {
        match self {
            Self::Bytes(bytes) => STANDARD.encode(bytes),
            Self::Text(text) => text,
        }
    }

    /// The bytes that are encrypted.
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Text(text) => text.as_bytes(),
        }
    }

    /// What is authenticated with the data: the context, and whether it is a text.
    pub(super) fn associated_data<'c>(&self, context: &'c [u8]) -> Cow<'c, [u8]> {
        match self {
            Self::Bytes(_) => context.into(),
            Self::Text(_) => [context, TEXT].concat().into(),
        }
    }

    /// The data of a ciphertext, which `decrypt` decrypts with associated data.
    pub(super) fn open(context: &[u8], decrypt: impl Fn(&[u8]) -> Option<Vec<u8>>) -> Option<Self> {
        decrypt(context).map(Self::Bytes).or_else(|| {
            let bytes = decrypt(&[context, TEXT].concat())?;
            String::from_utf8(bytes).ok().map(Self::Text)
        })
    }
}
