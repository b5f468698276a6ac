//! Prints replies: JSON in an envelope, in the requested language.

use serde::Serialize;

use super::error::ApiError;
use crate::clouds::cause::Cause;
use crate::clouds::draft::Language;
use crate::http::json;
use crate::http::wire::WireReply;

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Envelope<T> {
    response: T,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Failure<'a> {
    error: ErrorBody,
    request_id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ErrorBody {
    code: &'static str,
    message: String,
}

/// Prints the body of a reply.
pub(crate) fn print(response: impl Serialize) -> Result<Vec<u8>, ApiError> {
    json::to_vec(&Envelope { response }).map_err(|error| ApiError::InternalError(Cause::new(error)))
}

/// A reply with this body.
pub(crate) fn success(body: Vec<u8>) -> WireReply {
    WireReply {
        status: 200,
        // Without `charset`: with it, the Python SDK does not detect errors.
        headers: vec![("content-type", "application/json".into())],
        body: body.into(),
        ..WireReply::default()
    }
}

/// An error reply.
pub(crate) fn failure(error: &ApiError, language: Language, request_id: &str) -> WireReply {
    let body = Failure {
        error: ErrorBody {
            code: error.code(),
            message: error.message(language),
        },
        request_id,
    };
    // Serialization cannot fail: three texts.
    success(print(body).unwrap_or_default())
}
