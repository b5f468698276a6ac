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

/// Checks that `WrappingKeySpec` is the kind of key of an algorithm.
pub(super) fn check_key_spec(of_algorithm: KeySpec, arguments: &Arguments) -> Result<(), ApiError> {
    if WRAPPING_KEY_SPEC.read(arguments)? == of_algorithm {
        Ok(())
    } else {
        Err(invalid(WRAPPING_ALGORITHM.0.name))
    }
}

/// A public key with an algorithm.
pub(super) struct Wrapping {
    public_key: Vec<u8>,
    algorithm: WrappingAlgorithm,
}

impl Wrapping {
    pub(super) fn read(arguments: &Arguments) -> Result<Self, ApiError> {
        let public_key = PUBLIC_KEY_BLOB.read(arguments)?;
        let algorithm = WRAPPING_ALGORITHM.read(arguments)?;
        check_key_spec(algorithm.key_spec(), arguments)?;
        Ok(Self {
            public_key,
            algorithm,
        })
    }

    /// The data key, encrypted with the public key, in Base64.
    pub(super) fn wrap(&self, plaintext: &[u8]) -> Result<String, ApiError> {
        let wrapped = self.algorithm.wrap(&self.public_key, plaintext);
        let wrapped = wrapped.ok_or_else(|| invalid(PUBLIC_KEY_BLOB.0.name))?;
        Ok(STANDARD.encode(wrapped))
    }
}
