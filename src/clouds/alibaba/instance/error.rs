//! The errors of the instance API.

use thiserror::Error;

use super::protobuf::{add_number, add_text};
use crate::clouds::alibaba::rpc::error::ApiError;

/// An error reply. `Display` is the text.
#[derive(Debug, Error)]
pub(super) enum InstanceError {
    #[error("The ApiName \"{0}\" is invalid.")]
    InvalidApiName(String),
    #[error("The ApiVersion \"\" is invalid.")]
    MissingApiVersion,
    /// An operation that the emulator does not support. The text is on the vendor's page.
    #[error("Rejected.UnsupportedOperation")]
    Unsupported,
    #[error("The Param Date is invalid.")]
    InvalidDate,
    #[error("The Param x-kms-signaturemethod is invalid.")]
    MissingSignatureMethod,
    #[error("The Param x-kms-signaturemethod is invalid. message:\"{0}\".")]
    UnknownSignatureMethod(String),
    #[error("Parameter x-kms-acccesskeyid does not exist in http header or body.")]
    MissingAccessKeyId,
    #[error("Request time exceeds server time more than 15 minutes.")]
    RequestTimeTooSkewed,
    /// The vendor's transfer SDK translates it to the error of KMS for a wrong signature.
    #[error("The Param Authorization is invalid.")]
    InvalidAuthorization,
    /// The vendor's transfer SDK translates the code to the error of KMS for an unknown key.
    #[error("The Access Key ID provided does not exist in our records.")]
    Unauthorized,
    /// The message in the body is malformed.
    #[error("The specified parameter is not valid.")]
    MalformedMessage,
    /// An error of the operation of KMS.
    #[error("{0}")]
    Kms(#[from] ApiError),
}

impl InstanceError {
    pub(super) fn code(&self) -> &'static str {
        match self {
            Self::InvalidApiName(_) => "InvalidApiName",
            Self::MissingApiVersion => "InvalidApiVersion",
            Self::Unsupported => "UnsupportedOperation",
            Self::InvalidDate
            | Self::MissingSignatureMethod
            | Self::UnknownSignatureMethod(_)
            | Self::InvalidAuthorization => "InvalidParam",
            Self::MissingAccessKeyId => "MissingParameter",
            Self::RequestTimeTooSkewed => "RequestTimeTooSkewed",
            Self::Unauthorized => "Unauthorized",
            Self::MalformedMessage => "InvalidParameter",
            Self::Kms(error) => error.code(),
        }
    }

    pub(super) fn status(&self) -> u16 {
        match self {
            Self::Unauthorized => 401,
            Self::Kms(error) => error.status(),
            _ => 400,
        }
    }
}

/// The message `Error`.
pub(super) fn message(status: u16, code: &str, text: &str, request_id: &str) -> Vec<u8> {
    let mut error = Vec::new();
    add_number(&mut error, 1, status.into());
    add_text(&mut error, 2, code);
    add_text(&mut error, 3, text);
    add_text(&mut error, 4, request_id);
    error
}
