//! `Sign`, `Verify` and `GetPublicKey`.

use super::super::protobuf::{Fields, add_bytes, add_number, add_text};
use super::key::{self, KeyChoice};
use super::{Call, Reply};
use crate::clouds::alibaba::kms::keys::pair::{Pair, SIGNING_ALGORITHM, SigningAlgorithm};
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::parameter::invalid;
use crate::model::{KeySpec, KeyUsage};

/// What is signed.
struct Content<'m> {
    algorithm: &'m str,
    message: &'m [u8],
    message_type: &'m str,
}

impl<'m> Content<'m> {
    /// `Digest` is a member of older SDKs.
    fn decode(
        fields: &Fields<'m>,
        digest: usize,
        algorithm: usize,
        message: usize,
    ) -> Option<Self> {
        let message_type = fields.text(message + 1)?;
        let digest = fields.bytes(digest)?;
        let message = fields.bytes(message)?;
        let (message, message_type) = if message.is_empty() && !digest.is_empty() {
            (digest, "DIGEST")
        } else {
            (message, message_type)
        };
        Some(Self {
            algorithm: fields.text(algorithm)?,
            message,
            message_type,
        })
    }

    /// Whether the digest is signed instead of the message.
    fn is_digest(&self) -> Result<bool, ApiError> {
        match self.message_type {
            "" | "RAW" => Ok(false),
            "DIGEST" => Ok(true),
            _ => Err(invalid("MessageType")),
        }
    }

    fn sign(&self, pair: &Pair, algorithm: SigningAlgorithm) -> Result<Vec<u8>, ApiError> {
        let message = key::required("Message", self.message)?;
        if self.is_digest()? {
            pair.sign(algorithm, message)
        } else {
            pair.sign_message(algorithm, message)
        }
    }

    fn verify(
        &self,
        pair: &Pair,
        algorithm: SigningAlgorithm,
        signature: &[u8],
    ) -> Result<bool, ApiError> {
        let message = key::required("Message", self.message)?;
        let signature = key::required("Signature", signature)?;
        if self.is_digest()? {
            pair.verify(algorithm, message, signature)
        } else {
            pair.verify_message(algorithm, message, signature)
        }
    }

    fn algorithm(&self, spec: KeySpec) -> Result<SigningAlgorithm, ApiError> {
        if self.algorithm.is_empty() {
            return Ok(match spec {
                KeySpec::EcP256 | KeySpec::EcP256K => SigningAlgorithm::Ecdsa,
                KeySpec::EcSm2 => SigningAlgorithm::Sm2,
                _ => SigningAlgorithm::RsaPss,
            });
        }
        let word = SIGNING_ALGORITHM.0.word;
        let mut all = SIGNING_ALGORITHM.0.values.iter().copied();
        let found = all.find(|algorithm| word(*algorithm) == self.algorithm);
        found.ok_or_else(|| invalid("Algorithm"))
    }

    /// Appends algorithm and message type to a reply, the fields 4 and 5.
    fn add_to(&self, message: &mut Vec<u8>, algorithm: SigningAlgorithm) {
        add_text(message, 4, (SIGNING_ALGORITHM.0.word)(algorithm));
        let message_type = if self.message_type.is_empty() {
            "RAW"
        } else {
            self.message_type
        };
        add_text(message, 5, message_type);
    }
}

/// `SignRequest`.
pub(in crate::clouds::alibaba::instance) struct Sign<'m> {
    pub key_id: &'m str,
    content: Content<'m>,
    choice: KeyChoice<'m>,
}

impl<'m> Sign<'m> {
    pub(super) fn decode(fields: &Fields<'m>, choice: KeyChoice<'m>) -> Option<Self> {
        Some(Self {
            key_id: fields.text(1)?,
            content: Content::decode(fields, 2, 3, 4)?,
            choice,
        })
    }

    pub(super) fn run(self, call: &Call) -> Result<Reply, ApiError> {
        let (cmk, version) = key::find(self.key_id, call, "kms:AsymmetricSign", self.choice)?;
        let pair = Pair::new(&cmk, &version, Some(KeyUsage::SignVerify))?;
        let algorithm = self.content.algorithm(cmk.spec)?;
        let signature = self.content.sign(&pair, algorithm)?;
        let mut message = Vec::new();
        add_text(&mut message, 1, &cmk.key_id);
        add_bytes(&mut message, 2, &signature);
        add_text(&mut message, 3, call.context.request_id);
        self.content.add_to(&mut message, algorithm);
        Ok(Reply {
            message,
            key_version_id: Some(version.version_id),
        })
    }
}

/// `VerifyRequest`.
pub(in crate::clouds::alibaba::instance) struct Verify<'m> {
    pub key_id: &'m str,
    signature: &'m [u8],
    content: Content<'m>,
    choice: KeyChoice<'m>,
}

impl<'m> Verify<'m> {
    pub(super) fn decode(fields: &Fields<'m>, choice: KeyChoice<'m>) -> Option<Self> {
        Some(Self {
            key_id: fields.text(1)?,
            signature: fields.bytes(3)?,
            content: Content::decode(fields, 2, 4, 5)?,
            choice,
        })
    }

    pub(super) fn run(self, call: &Call) -> Result<Reply, ApiError> {
        let (cmk, version) = key::find(self.key_id, call, "kms:AsymmetricVerify", self.choice)?;
        let pair = Pair::new(&cmk, &version, Some(KeyUsage::SignVerify))?;
        let algorithm = self.content.algorithm(cmk.spec)?;
        let is_valid = self.content.verify(&pair, algorithm, self.signature)?;
        let mut message = Vec::new();
        add_text(&mut message, 1, &cmk.key_id);
        add_number(&mut message, 2, is_valid.into());
        add_text(&mut message, 3, call.context.request_id);
        self.content.add_to(&mut message, algorithm);
        Ok(Reply {
            message,
            key_version_id: Some(version.version_id),
        })
    }
}

/// `GetPublicKeyRequest`.
pub(in crate::clouds::alibaba::instance) struct GetPublicKey<'m> {
    pub key_id: &'m str,
    choice: KeyChoice<'m>,
}

impl<'m> GetPublicKey<'m> {
    pub(super) fn decode(fields: &Fields<'m>, choice: KeyChoice<'m>) -> Option<Self> {
        let key_id = fields.text(1)?;
        Some(Self { key_id, choice })
    }

    pub(super) fn run(self, call: &Call) -> Result<Reply, ApiError> {
        let (cmk, version) = key::find(self.key_id, call, "kms:GetPublicKey", self.choice)?;
        let public_key = Pair::new(&cmk, &version, None)?.public_key()?;
        let mut message = Vec::new();
        add_text(&mut message, 1, &cmk.key_id);
        add_text(&mut message, 2, &public_key);
        add_text(&mut message, 3, call.context.request_id);
        Ok(Reply {
            message,
            key_version_id: Some(version.version_id),
        })
    }
}
