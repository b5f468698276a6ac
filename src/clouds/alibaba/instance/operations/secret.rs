//! `GetSecretValue`.

use std::borrow::Cow;

use serde_json::Value;

use super::super::protobuf::{Fields, add_text};
use super::{Arguments, Call, KmsOperation, Reply};
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::cause::Cause;

/// `GetSecretValueRequest`.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::clouds::alibaba::instance) struct GetSecretValue<'m> {
    secret_name: &'m str,
    version_stage: &'m str,
    version_id: &'m str,
    fetch_extended_config: bool,
}

impl<'m> GetSecretValue<'m> {
    pub(super) fn decode(fields: &Fields<'m>) -> Option<Self> {
        Some(Self {
            secret_name: fields.text(1)?,
            version_stage: fields.text(2)?,
            version_id: fields.text(3)?,
            fetch_extended_config: fields.number(4)? != 0,
        })
    }

    /// The parameters of the operation of KMS.
    pub(super) fn parameters(&self) -> Vec<(&'static str, Cow<'m, str>)> {
        let flag = if self.fetch_extended_config {
            "true"
        } else {
            ""
        };
        vec![
            ("SecretName", self.secret_name.into()),
            ("VersionStage", self.version_stage.into()),
            ("VersionId", self.version_id.into()),
            ("FetchExtendedConfig", flag.into()),
        ]
    }

    /// Runs the operation of KMS with these parameters.
    pub(super) fn run(
        kms: &KmsOperation,
        arguments: &Arguments,
        call: &Call,
    ) -> Result<Reply, ApiError> {
        let reply = kms.run(arguments, call)?;
        let reply = serde_json::from_slice(&reply)
            .map_err(|error| ApiError::InternalFailure(Cause::new(error)))?;
        Ok(Reply {
            message: message(&reply),
            key_version_id: None,
        })
    }
}

/// The string members of a reply of KMS, with their field numbers in `GetSecretValueResponse`.
const STRINGS: [(&str, u64); 12] = [
    ("SecretName", 1),
    ("SecretType", 2),
    ("SecretData", 3),
    ("SecretDataType", 4),
    ("VersionId", 6),
    ("CreateTime", 7),
    ("RequestId", 8),
    ("LastRotationDate", 9),
    ("NextRotationDate", 10),
    ("ExtendedConfig", 11),
    ("AutomaticRotation", 12),
    ("RotationInterval", 13),
];

/// The reply of KMS as a `GetSecretValueResponse`.
fn message(reply: &Value) -> Vec<u8> {
    let mut message = Vec::new();
    for (member, field) in STRINGS {
        add_text(
            &mut message,
            field,
            reply[member].as_str().unwrap_or_default(),
        );
    }
    let stages = reply["VersionStages"]["VersionStage"].as_array();
    for stage in stages.into_iter().flatten().filter_map(Value::as_str) {
        add_text(&mut message, 5, stage);
    }
    message
}

#[cfg(test)]
mod tests {
    use super::super::super::protobuf::add_number;
    use super::*;

    fn decode(message: &[u8]) -> Option<GetSecretValue<'_>> {
        GetSecretValue::decode(&Fields::read(message)?)
    }

    #[test]
    fn a_request_has_the_fields_of_the_sdk() {
        let mut message = Vec::new();
        add_text(&mut message, 1, "db");
        add_text(&mut message, 2, "ACSCurrent");
        add_text(&mut message, 3, "v1");
        add_number(&mut message, 4, 1);
        add_text(&mut message, 9, "unknown");
        let request = decode(&message).unwrap();
        let parameters = request.parameters();
        assert_eq!(
            parameters,
            [
                ("SecretName", "db".into()),
                ("VersionStage", "ACSCurrent".into()),
                ("VersionId", "v1".into()),
                ("FetchExtendedConfig", "true".into())
            ]
        );
        let empty = decode(&[]).unwrap().parameters();
        assert!(empty.iter().all(|(_, value)| value.is_empty()), "{empty:?}");
        for malformed in [
            &[0x0A, 0x01, 0xFF][..],
            &[0x08, 0x01],
            &[0x22, 0x00],
            &[0x0A],
        ] {
            assert_eq!(decode(malformed), None, "{malformed:?}");
        }
    }
}
