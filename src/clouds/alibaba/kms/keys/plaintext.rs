//! The data that a symmetric key encrypts.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Follows the context in the associated data of a text. This is unambiguous, because a context ends with `}` or is empty.
const TEXT: &[u8] = b"text";

/// The data of a request or a ciphertext. The vendor's page requires Base64, but the service encrypts any text, and
/// decrypts it to the same text. Clients such as the plugins of Nacos send such texts.
pub(crate) enum Plaintext {
    /// Bytes, in Base64 in requests and replies.
    Bytes(Vec<u8>),
    /// A text that is not Base64.
    Text(String),
}

impl Plaintext {
    /// The maximum number of bytes that a key encrypts.
    pub(crate) const MAX_BYTES: usize = 6 * 1024;

    /// The data of a request; absent if it is too long.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        // The decoder accepts only what the encoder returns, so encoding returns the text of the request.
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

    /// The associated data, which is authenticated but not encrypted: the context, and whether the data is a text.
    pub(super) fn associated_data<'c>(&self, context: &'c [u8]) -> Cow<'c, [u8]> {
        match self {
            Self::Bytes(_) => context.into(),
            Self::Text(_) => [context, TEXT].concat().into(),
        }
    }

    /// Calls `decrypt` with the associated data of bytes and of a text; absent if it rejects both.
    pub(super) fn open(context: &[u8], decrypt: impl Fn(&[u8]) -> Option<Vec<u8>>) -> Option<Self> {
        decrypt(context).map(Self::Bytes).or_else(|| {
            let bytes = decrypt(&[context, TEXT].concat())?;
            String::from_utf8(bytes).ok().map(Self::Text)
        })
    }
}
