//! The public key of a caller, with which a data key is encrypted.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::clouds::alibaba::kms::keys::pair::{self, WrappingAlgorithm};
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::parameter::{Arguments, Bytes, Required, Word, invalid};

pub(super) const PUBLIC_KEY_BLOB: Required<Bytes> = Required(Bytes {
    name: "PublicKeyBlob",
    maximum: 1024,
    sensitive: false,
    help: "The RSA public key of 2,048 bits, in DER and Base64.",
});

pub(super) const WRAPPING_KEY_SPEC: Required<Word<()>> = Required(Word {
    name: "WrappingKeySpec",
    values: &[()],
    word: |()| "RSA_2048",
    default: None,
    help: "The kind of the public key.",
});

pub(super) const WRAPPING_ALGORITHM: Required<Word<WrappingAlgorithm>> = Required(Word {
    name: "WrappingAlgorithm",
    values: &[WrappingAlgorithm::OaepSha256, WrappingAlgorithm::OaepSha1],
    word: WrappingAlgorithm::name,
    default: None,
    help: "How the public key encrypts.",
});

/// A public key with an algorithm.
pub(super) struct Wrapping {
    public_key: Vec<u8>,
    algorithm: WrappingAlgorithm,
}

impl Wrapping {
    pub(super) fn read(arguments: &Arguments) -> Result<Self, ApiError> {
        let public_key = PUBLIC_KEY_BLOB.read(arguments)?;
        WRAPPING_KEY_SPEC.read(arguments)?;
        Ok(Self {
            public_key,
            algorithm: WRAPPING_ALGORITHM.read(arguments)?,
        })
    }

    /// The data key, encrypted with the public key, in Base64.
    pub(super) fn wrap(&self, plaintext: &[u8]) -> Result<String, ApiError> {
        let wrapped = pair::wrap(&self.public_key, self.algorithm, plaintext);
        let wrapped = wrapped.ok_or_else(|| invalid(PUBLIC_KEY_BLOB.0.name))?;
        Ok(STANDARD.encode(wrapped))
    }
}
