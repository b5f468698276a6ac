//! The public key of a caller, with which a data key is encrypted.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::clouds::alibaba::kms::keys::pair::{Padding, WrappingAlgorithm};
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::parameter::{Arguments, Bytes, Required, Word, invalid};
use crate::model::KeySpec;

pub(super) const PUBLIC_KEY_BLOB: Required<Bytes> = Required(Bytes {
    name: "PublicKeyBlob",
    maximum: 1024,
    sensitive: false,
    help: "The public key, in DER and Base64: an RSA key of 2,048 bits, or a key of SM2.",
});

pub(super) const WRAPPING_KEY_SPEC: Required<Word<KeySpec>> = Required(Word {
    name: "WrappingKeySpec",
    values: &[KeySpec::Rsa2048, KeySpec::EcSm2],
    word: KeySpec::name,
    default: None,
    help: "The kind of the public key.",
});

pub(super) const WRAPPING_ALGORITHM: Required<Word<WrappingAlgorithm>> = Required(Word {
    name: "WrappingAlgorithm",
    values: &[
        WrappingAlgorithm::Rsa(Padding::OaepSha256),
        WrappingAlgorithm::Rsa(Padding::OaepSha1),
        WrappingAlgorithm::Sm2,
    ],
    word: WrappingAlgorithm::name,
    default: None,
    help: "How the public key encrypts. It has to fit `WrappingKeySpec`.",
});

/// Reads the algorithm, and checks that it is for the kind of key in `WrappingKeySpec`.
pub(super) fn read_algorithm(
    parameter: &Required<Word<WrappingAlgorithm>>,
    arguments: &Arguments,
) -> Result<WrappingAlgorithm, ApiError> {
    let algorithm = parameter.read(arguments)?;
    if WRAPPING_KEY_SPEC.read(arguments)? != algorithm.key_spec() {
        return Err(invalid(parameter.0.name));
    }
    Ok(algorithm)
}

/// A public key with an algorithm.
pub(super) struct Wrapping {
    public_key: Vec<u8>,
    algorithm: WrappingAlgorithm,
}

impl Wrapping {
    pub(super) fn read(arguments: &Arguments) -> Result<Self, ApiError> {
        Ok(Self {
            public_key: PUBLIC_KEY_BLOB.read(arguments)?,
            algorithm: read_algorithm(&WRAPPING_ALGORITHM, arguments)?,
        })
    }

    /// The data key, encrypted with the public key, in Base64.
    pub(super) fn wrap(&self, plaintext: &[u8]) -> Result<String, ApiError> {
        let wrapped = self.algorithm.wrap(&self.public_key, plaintext);
        let wrapped = wrapped.ok_or_else(|| invalid(PUBLIC_KEY_BLOB.0.name))?;
        Ok(STANDARD.encode(wrapped))
    }
}
