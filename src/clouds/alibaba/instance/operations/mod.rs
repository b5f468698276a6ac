//! The operations of the instance API. Their messages have the field numbers of the vendor's SDKs (`api.proto`,
//! `dkms-gcs` 1.0.2).

mod decryption;
mod encryption;
mod key;
mod secret;
mod signing;

use std::borrow::Cow;

use decryption::Decrypt;
use encryption::{Encrypt, GenerateDataKey};
use key::KeyChoice;
use secret::GetSecretValue;
use signing::{GetPublicKey, Sign, Verify};

use super::protobuf::Fields;
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::SupportedOperation;

/// The operation of KMS that is most like one of the instance API.
type KmsOperation = SupportedOperation<Rpc>;

/// The supported operations with that of KMS whose permission, rate limit and fault rules apply to them, sorted.
const SUPPORTED: [(&str, &str); 10] = [
    ("AdvanceDecrypt", "Decrypt"),
    ("AdvanceEncrypt", "Encrypt"),
    ("AdvanceGenerateDataKey", "GenerateDataKey"),
    ("Decrypt", "Decrypt"),
    ("Encrypt", "Encrypt"),
    ("GenerateDataKey", "GenerateDataKey"),
    ("GetPublicKey", "GetPublicKey"),
    ("GetSecretValue", "GetSecretValue"),
    ("Sign", "AsymmetricSign"),
    ("Verify", "AsymmetricVerify"),
];

/// The operations that the emulator does not support.
const UNSUPPORTED: [&str; 9] = [
    "AdvanceGenerateDataKeyPair",
    "AdvanceGenerateDataKeyPairWithoutPlaintext",
    "GenerateDataKeyPair",
    "GenerateDataKeyPairWithoutPlaintext",
    "GenerateRandom",
    "Hash",
    "Hmac",
    "KmsDecrypt",
    "KmsEncrypt",
];

/// The operation of KMS for one of the instance API; absent if that is not supported.
pub(super) fn kms_action(name: &str) -> Option<&'static str> {
    let mut all = SUPPORTED.iter();
    let found = all.find(|(supported, _)| *supported == name);
    found.map(|(_, action)| *action)
}

/// Whether the instance API has an operation.
pub(super) fn is_known(name: &str) -> bool {
    kms_action(name).is_some() || UNSUPPORTED.contains(&name)
}

/// The message and a header of a successful reply.
pub(super) struct Reply {
    pub message: Vec<u8>,
    /// The version of the key, which the vendor's transfer SDKs need.
    pub key_version_id: Option<String>,
}

/// A request message.
pub(super) enum Operation<'m> {
    Decrypt(Decrypt<'m>),
    Encrypt(Encrypt<'m>),
    GenerateDataKey(GenerateDataKey<'m>),
    GetPublicKey(GetPublicKey<'m>),
    GetSecretValue(GetSecretValue<'m>),
    Sign(Sign<'m>),
    Verify(Verify<'m>),
}

impl<'m> Operation<'m> {
    /// Reads the message of an operation. `version_id` is the version of the key in the headers. Absent if the message
    /// is malformed, or the operation is not supported.
    pub(super) fn decode(
        name: &str,
        message: &'m [u8],
        version_id: Option<&'m str>,
    ) -> Option<Self> {
        let fields = &Fields::read(message)?;
        let (choice, is_advanced) = match name.strip_prefix("Advance") {
            None => (KeyChoice::Initial, false),
            Some(_) => (KeyChoice::Primary, true),
        };
        let choice = version_id.map_or(choice, KeyChoice::Version);
        Some(match name {
            "Decrypt" | "AdvanceDecrypt" => {
                Self::Decrypt(Decrypt::decode(fields, version_id, is_advanced)?)
            }
            "Encrypt" | "AdvanceEncrypt" => {
                Self::Encrypt(Encrypt::decode(fields, choice, is_advanced)?)
            }
            "GenerateDataKey" => Self::GenerateDataKey(GenerateDataKey::decode(fields, choice)?),
            "AdvanceGenerateDataKey" => {
                Self::GenerateDataKey(GenerateDataKey::decode_advanced(fields, choice)?)
            }
            "GetPublicKey" => Self::GetPublicKey(GetPublicKey::decode(fields, choice)?),
            "GetSecretValue" => Self::GetSecretValue(GetSecretValue::decode(fields)?),
            "Sign" => Self::Sign(Sign::decode(fields, choice)?),
            "Verify" => Self::Verify(Verify::decode(fields, choice)?),
            _ => return None,
        })
    }

    /// The parameters of the operation of KMS that name secrets and keys.
    pub(super) fn parameters(&self) -> Vec<(&'static str, Cow<'m, str>)> {
        match self {
            Self::Decrypt(operation) => operation.parameters(),
            Self::Encrypt(operation) => key::parameters(operation.key_id),
            Self::GenerateDataKey(operation) => key::parameters(operation.key_id),
            Self::GetPublicKey(operation) => key::parameters(operation.key_id),
            Self::GetSecretValue(operation) => operation.parameters(),
            Self::Sign(operation) => key::parameters(operation.key_id),
            Self::Verify(operation) => key::parameters(operation.key_id),
        }
    }

    /// Does the work. `kms` is the operation of KMS, and `arguments` are its parameters.
    pub(super) fn run(
        self,
        kms: &KmsOperation,
        arguments: &Arguments,
        call: &Call,
    ) -> Result<Reply, ApiError> {
        match self {
            Self::Decrypt(operation) => operation.run(call),
            Self::Encrypt(operation) => operation.run(call),
            Self::GenerateDataKey(operation) => operation.run(call),
            Self::GetPublicKey(operation) => operation.run(call),
            Self::GetSecretValue(_) => GetSecretValue::run(kms, arguments, call),
            Self::Sign(operation) => operation.run(call),
            Self::Verify(operation) => operation.run(call),
        }
    }
}
