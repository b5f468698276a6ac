//! The replies of credential sources.

use bytes::Bytes;
use serde::Serialize;
use serde_json::{Value, json};

use crate::clouds::description::ErrorDescription;
use crate::http::shown::MASK;
use crate::http::wire::WireReply;

/// The members of a key that the journal masks.
const SECRETS: [&str; 4] = ["AccessKeySecret", "SecurityToken", "TmpSecretKey", "Token"];

/// The reply to a request for a resource.
pub(crate) struct SourceReply {
    /// The reply that is sent.
    pub(crate) wire: WireReply,
    /// The body for the journal, if it differs.
    pub(crate) shown_body: Option<Bytes>,
}

impl SourceReply {
    /// Plain text.
    pub(crate) fn text(body: impl Into<String>) -> Self {
        Self::new(200, "text/plain; charset=utf-8", body.into().into())
    }

    /// Plain text that the journal masks.
    pub(crate) fn secret_text(body: String) -> Self {
        Self {
            shown_body: Some(Bytes::from_static(MASK.as_bytes())),
            ..Self::text(body)
        }
    }

    /// A JSON document. The secrets of a key are masked for the journal.
    pub(crate) fn json(value: &impl Serialize) -> Self {
        // Serialization cannot fail: all keys are texts.
        let body = serde_json::to_vec(value).unwrap_or_default();
        Self::of_wire(Self::new(200, "application/json", body.into()).wire)
    }

    /// An error.
    pub(crate) fn error(status: u16, code: &str, message: &str) -> Self {
        let body = json!({"Code": code, "Message": message});
        Self::new(status, "application/json", body.to_string().into())
    }

    /// A documented error, with its code.
    pub(super) fn of_error(error: &ErrorDescription) -> (Self, &'static str) {
        let reply = Self::error(error.status, error.code, error.message);
        (reply, error.code)
    }

    /// A reply with a JSON document. The secrets of a key are masked for the journal.
    pub(crate) fn of_wire(wire: WireReply) -> Self {
        Self {
            shown_body: masked(&wire.body),
            wire,
        }
    }

    fn new(status: u16, content_type: &'static str, body: Bytes) -> Self {
        let wire = WireReply {
            status,
            headers: vec![("content-type", content_type.into())],
            body,
            ..WireReply::default()
        };
        Self {
            wire,
            shown_body: None,
        }
    }
}

/// A JSON object with the secrets of a key masked; absent if it has none.
fn masked(body: &[u8]) -> Option<Bytes> {
    let mut value: Value = serde_json::from_slice(body).ok()?;
    let object = value.as_object_mut()?;
    let mut is_masked = false;
    for name in SECRETS {
        if let Some(secret) = object.get_mut(name) {
            *secret = MASK.into();
            is_masked = true;
        }
    }
    is_masked.then(|| value.to_string().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_of_a_key_are_masked_for_the_journal() {
        let key = json!({"Code": "Success", "TmpSecretId": "id", "TmpSecretKey": "key", "Token": "token"});
        let reply = SourceReply::json(&key);
        let shown: Value = serde_json::from_slice(&reply.shown_body.unwrap()).unwrap();
        assert_eq!(
            shown,
            json!({"Code": "Success", "TmpSecretId": "id", "TmpSecretKey": "***", "Token": "***"})
        );
        let sent: Value = serde_json::from_slice(&reply.wire.body).unwrap();
        assert_eq!(sent, key);
        assert!(
            SourceReply::json(&json!({"region-id": "a"}))
                .shown_body
                .is_none()
        );
    }
}
