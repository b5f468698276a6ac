//! Every error that this dialect can answer: code, status and text.

use std::fmt;

use thiserror::Error;

use crate::store::StoreError;

/// An error answered to a client. The display form is the message it reads.
///
/// Codes, statuses and texts are those of the vendor's pages *Error codes* and *Responses* of KMS
/// and, for what the gateway in front of it refuses, of *Request syntax and signature method*.
#[derive(Debug, Error)]
pub enum ApiError {
    #[error(
        "The input parameter \"Action\" that is mandatory for processing this request is not supplied."
    )]
    MissingAction,
    #[error("The parameter \"{0}\" is needed but not provided.")]
    MissingParameter(&'static str),
    #[error("The specified parameter \"{0}\" is not valid.")]
    InvalidParameter(String),
    #[error("Server parse parameters exception. Please check your input params.")]
    ParseRequestParameters,
    #[error("Specified parameter Version is not valid.")]
    InvalidVersion,
    #[error("Specified api is not found, please check your url and method.")]
    ActionNotFound,
    #[error("This action is not supported.")]
    UnsupportedOperation,
    #[error("This http method is not supported.")]
    UnsupportedHttpMethod,
    /// Ends as the vendor's does, with what the server expected to be signed: several SDKs compare
    /// that with their own and tell a wrong secret from a wrong request.
    #[error("The request signature does not conform to Alibaba Cloud standards. {0}")]
    IncompleteSignature(String),
    #[error("The Access Key ID provided does not exist in our records.")]
    AccessKeyNotFound,
    /// The text is the vendor's also where the time stamp is there but out of date.
    #[error(
        "The input parameter \"Timestamp\" that is mandatory for processing this request is not supplied."
    )]
    IllegalTimestamp,
    #[error("Specified time stamp or date value is expired.")]
    TimestampExpired,
    #[error("Specified time stamp or date value is not well formatted.")]
    TimestampFormat,
    #[error("Specified signature nonce was used already.")]
    NonceUsed,
    /// Carries the cause for the log; the client learns only that there was one.
    #[error("Internal Failure")]
    InternalFailure(Cause),
}

impl ApiError {
    /// The documented code.
    pub fn code(&self) -> &'static str {
        self.code_and_status().0
    }

    /// The HTTP status that goes with the code.
    pub fn status(&self) -> u16 {
        self.code_and_status().1
    }

    fn code_and_status(&self) -> (&'static str, u16) {
        match self {
            Self::MissingAction | Self::MissingParameter(_) => ("MissingParameter", 400),
            Self::InvalidParameter(_) => ("InvalidParameter", 400),
            Self::ParseRequestParameters => ("ParseRequestParameterException", 400),
            Self::InvalidVersion => ("InvalidVersion", 400),
            Self::ActionNotFound => ("InvalidAction.NotFound", 404),
            Self::UnsupportedOperation => ("UnsupportedOperation", 400),
            Self::UnsupportedHttpMethod => ("UnsupportedHTTPMethod", 403),
            Self::IncompleteSignature(_) => ("IncompleteSignature", 400),
            Self::AccessKeyNotFound => ("InvalidAccessKeyId.NotFound", 404),
            Self::IllegalTimestamp => ("IllegalTimestamp", 400),
            Self::TimestampExpired => ("InvalidTimeStamp.Expired", 400),
            Self::TimestampFormat => ("InvalidTimeStamp.Format", 400),
            Self::NonceUsed => ("SignatureNonceUsed", 400),
            Self::InternalFailure(_) => ("InternalFailure", 500),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Sqlite(_) => Self::InternalFailure(Cause(Box::new(error))),
        }
    }
}

/// What went wrong inside, for the log.
#[derive(Debug)]
pub struct Cause(Box<dyn std::error::Error + Send + Sync>);

impl Cause {
    pub fn new(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self(Box::new(error))
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
