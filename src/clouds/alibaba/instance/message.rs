//! The messages of `GetSecretValue`, with the field numbers of the vendor's SDKs (`api.proto`, `dkms-gcs` 1.0.2).

use serde_json::Value;

use super::protobuf::{self, add_number, add_text};

/// `GetSecretValueRequest`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct GetSecretValue {
    secret_name: String,
    version_stage: String,
    version_id: String,
    fetch_extended_config: bool,
}

impl GetSecretValue {
    /// Reads a message; absent if it is malformed. Unknown fields are ignored.
    pub(super) fn decode(message: &[u8]) -> Option<Self> {
        let mut request = Self::default();
        protobuf::read_fields(message, |field, value| {
            let (member, text) = match (field, value) {
                (1, protobuf::Value::Bytes(text)) => (&mut request.secret_name, text),
                (2, protobuf::Value::Bytes(text)) => (&mut request.version_stage, text),
                (3, protobuf::Value::Bytes(text)) => (&mut request.version_id, text),
                (4, protobuf::Value::Number(flag)) => {
                    request.fetch_extended_config = flag != 0;
                    return Some(());
                }
                (1..=4, _) => return None,
                _ => return Some(()),
            };
            str::from_utf8(text).ok()?.clone_into(member);
            Some(())
        })?;
        Some(request)
    }

    /// The parameters of the operation of KMS.
    pub(super) fn parameters(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let flag = if self.fetch_extended_config {
            "true"
        } else {
            ""
        };
        let all = [
            ("SecretName", &*self.secret_name),
            ("VersionStage", &*self.version_stage),
            ("VersionId", &*self.version_id),
            ("FetchExtendedConfig", flag),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty())
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
pub(super) fn secret_value(reply: &Value) -> Vec<u8> {
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

/// `Error`.
pub(super) fn error(status: u16, code: &str, message: &str, request_id: &str) -> Vec<u8> {
    let mut error = Vec::new();
    add_number(&mut error, 1, status.into());
    add_text(&mut error, 2, code);
    add_text(&mut error, 3, message);
    add_text(&mut error, 4, request_id);
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_the_fields_of_the_sdk() {
        let mut message = Vec::new();
        add_text(&mut message, 1, "db");
        add_text(&mut message, 2, "ACSCurrent");
        add_text(&mut message, 3, "v1");
        add_number(&mut message, 4, 1);
        add_text(&mut message, 9, "unknown");
        let request = GetSecretValue::decode(&message).unwrap();
        let parameters: Vec<_> = request.parameters().collect();
        assert_eq!(
            parameters,
            [
                ("SecretName", "db"),
                ("VersionStage", "ACSCurrent"),
                ("VersionId", "v1"),
                ("FetchExtendedConfig", "true")
            ]
        );
        assert_eq!(GetSecretValue::decode(&[]), Some(GetSecretValue::default()));
        for malformed in [
            &[0x0A, 0x01, 0xFF][..],
            &[0x08, 0x01],
            &[0x22, 0x00],
            &[0x0A],
        ] {
            assert_eq!(GetSecretValue::decode(malformed), None, "{malformed:?}");
        }
    }
}
