//! The errors of the protocol: code, status and text.

use std::sync::Arc;

use thiserror::Error;

use crate::clouds::auth::issued::SessionError;
use crate::clouds::auth::policy::Decision;
use crate::clouds::cause::Cause;
pub(crate) use crate::clouds::description::ErrorDescription;
use crate::clouds::description::ErrorSample;
use crate::clouds::hint::Hint;
use crate::store::StoreError;

/// An error reply. `Display` is the message for the client.
///
/// Codes, statuses and texts are from the vendor's pages *Error codes* and *Responses* of KMS and, for
/// errors of the gateway, *Request syntax and signature method*.
#[derive(Debug, Error)]
pub enum ApiError {
    #[error(
        "The input parameter \"Action\" that is mandatory for processing this request is not supplied."
    )]
    MissingAction,
    /// Recorded: two spaces before and after the name. The page has another text.
    #[error("The parameter  {0}  needed but no provided.")]
    MissingParameter(&'static str),
    /// Recorded: no quotation marks, unlike on the page.
    #[error("The specified parameter {0} is not valid.")]
    InvalidParameter(String),
    /// An invalid parameter with a hint.
    #[error("The specified parameter {parameter} is not valid.")]
    RejectedValue {
        parameter: &'static str,
        hint: Box<Hint>,
    },
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
    /// Recorded: the text says "Aliyun", not "Alibaba Cloud" as on the page, and ends with `server string
    /// to sign is:` and that string. Several SDKs compare it with their own string to distinguish a wrong
    /// secret from a wrong request; the classic Python SDK fails if it is absent. See
    /// [`Self::incomplete_signature`].
    #[error("The request signature does not conform to Aliyun standards. {0}")]
    IncompleteSignature(String),
    /// A signature that the gateway computes differently.
    #[error("Specified signature is not matched with our calculation. {0}")]
    SignatureMismatch(String),
    #[error("The Access Key ID provided does not exist in our records.")]
    AccessKeyNotFound,
    /// KMS answers as for an unknown key.
    #[error("The Access Key ID provided does not exist in our records.")]
    KeyExpired,
    /// Recorded for a temporary key without its token (`denverdino/aliyungo`, 2017).
    #[error("SecurityToken is mandatory for this action.")]
    MissingToken,
    #[error("Specified SecurityToken mismatch with the AccessKey.")]
    TokenMismatch,
    /// The vendor uses this text for a stale time stamp too.
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
    /// Recorded, and in the vendor's SDKs; the page has another text.
    #[error("QPS Limit Exceeded")]
    Throttling,
    /// Recorded with the ARN of a key.
    #[error("This operation for {0} is forbidden by permission system.")]
    NoPermission(String),
    /// An error of the operation.
    #[error("{}", .0.message)]
    Operation(&'static ErrorDescription),
    /// An error of a fault rule.
    #[error("{}", .0.message)]
    Ordered(Arc<ErrorSample>),
    /// An internal failure. The cause is only for the log.
    #[error("Internal Failure")]
    InternalFailure(Cause),
}

/// The words before the string that the server expected to be signed.
const SIGNED_STRING: &str = "server string to sign is:";

/// An error that operations document, with its text. The vendor's texts differ from page to page,
/// and are kept as they are, mistakes included.
pub(crate) const fn error(
    code: &'static str,
    status: u16,
    message: &'static str,
) -> ErrorDescription {
    ErrorDescription {
        code,
        status,
        message,
    }
}

static KEY_NOT_FOUND_BY_GATEWAY: ErrorDescription = error(
    "InvalidAccessKeyId.NotFound",
    404,
    "Specified access key is not found.",
);

static KEY_EXPIRED_BY_GATEWAY: ErrorDescription = error(
    "InvalidSecurityToken.Expired",
    400,
    "Specified SecurityToken is expired.",
);

/// Documented errors of the protocol that no request here causes, but a fault rule can.
static OTHERS: &[ErrorDescription] = &[
    // Documented for secret policies; without the name of a parameter, which depends on the operation.
    error(
        "MissingParameter",
        400,
        "The parameter needed but no provided.",
    ),
    error(
        "InvalidParameter",
        400,
        "The specified parameter is not valid.",
    ),
    error(
        "MissingAccessKeyId",
        400,
        "The input parameter \"AccessKeyId\" that is mandatory for processing this request is not supplied.",
    ),
    error(
        "InvalidAccessKeyId",
        404,
        "The Access Key ID provided does not exist in our records.",
    ),
    error(
        "SignatureDoesNotMatch",
        400,
        "Specified signature is not matched with our calculation. server string to sign is:",
    ),
    error(
        "InvalidAccessKeyId.Inactive",
        403,
        "Specified access key is disabled.",
    ),
    error(
        "InvalidSecurityToken.Expired",
        400,
        "Specified SecurityToken is expired.",
    ),
    error(
        "InvalidSecurityToken.Malformed",
        400,
        "Specified SecurityToken is malformed.",
    ),
    error(
        "InvalidProtocol.NeedSsl",
        400,
        "Your request is denied as lack of ssl protect.",
    ),
    error(
        "Throttling",
        400,
        "Request was denied due to user flow control.",
    ),
    error(
        "Throttling.User",
        400,
        "Request was denied due to user flow control.",
    ),
    error(
        "Throttling.Api",
        400,
        "Request was denied due to user flow control.",
    ),
    error(
        "ServiceUnavailable",
        503,
        "The request has failed due to a temporary failure of the server.",
    ),
    error(
        "ServiceUnavailableTemporary",
        503,
        "Service Unavailable Temporary.",
    ),
    error("InternalFailure", 500, "Internal Failure"),
];

/// One of each error that every operation can return.
fn produced() -> [ApiError; 14] {
    [
        ApiError::ParseRequestParameters,
        ApiError::InvalidVersion,
        ApiError::ActionNotFound,
        ApiError::UnsupportedOperation,
        ApiError::UnsupportedHttpMethod,
        ApiError::IncompleteSignature(SIGNED_STRING.to_owned()),
        ApiError::AccessKeyNotFound,
        ApiError::MissingToken,
        ApiError::TokenMismatch,
        ApiError::IllegalTimestamp,
        ApiError::TimestampExpired,
        ApiError::TimestampFormat,
        ApiError::NonceUsed,
        ApiError::Throttling,
    ]
}

/// The codes of the errors that every operation can return.
pub(crate) fn codes() -> impl Iterator<Item = &'static str> {
    let produced = produced();
    let produced = produced.into_iter().map(|error| error.code());
    produced.chain(OTHERS.iter().map(|error| error.code))
}

/// The error with this code that every operation can return, as in a reply.
pub(crate) fn sample(code: &str) -> Option<ErrorSample> {
    let produced = produced();
    let found = produced.iter().find(|error| error.code() == code);
    found.map(ApiError::sample).or_else(|| {
        OTHERS
            .iter()
            .find(|error| error.code == code)
            .map(ErrorSample::from)
    })
}

impl From<&'static ErrorDescription> for ApiError {
    fn from(error: &'static ErrorDescription) -> Self {
        Self::Operation(error)
    }
}

impl ApiError {
    /// A signature that is rejected before there is a string to sign. The message still has the suffix at
    /// which SDKs split it.
    pub fn incomplete_signature(reason: &str) -> Self {
        Self::IncompleteSignature(format!("{reason} {SIGNED_STRING}"))
    }

    /// The error for a caller without a permission.
    pub(crate) fn no_permission(decision: &Decision, _request_id: &str) -> Self {
        Self::NoPermission(decision.resource.clone())
    }

    /// The error as the gateway words it.
    pub fn of_gateway(self) -> Self {
        match self {
            Self::AccessKeyNotFound => Self::Operation(&KEY_NOT_FOUND_BY_GATEWAY),
            Self::KeyExpired => Self::Operation(&KEY_EXPIRED_BY_GATEWAY),
            other => other,
        }
    }

    /// The error as in a reply.
    pub fn sample(&self) -> ErrorSample {
        ErrorSample {
            code: self.code(),
            status: self.status(),
            message: self.to_string(),
            chinese: None,
        }
    }

    /// The documented code.
    pub fn code(&self) -> &'static str {
        self.code_and_status().0
    }

    /// The HTTP status of the code.
    pub fn status(&self) -> u16 {
        self.code_and_status().1
    }

    fn code_and_status(&self) -> (&'static str, u16) {
        match self {
            Self::MissingAction | Self::MissingParameter(_) => ("MissingParameter", 400),
            Self::InvalidParameter(_) | Self::RejectedValue { .. } => ("InvalidParameter", 400),
            Self::ParseRequestParameters => ("ParseRequestParameterException", 400),
            Self::InvalidVersion => ("InvalidVersion", 400),
            Self::ActionNotFound => ("InvalidAction.NotFound", 404),
            Self::UnsupportedOperation => ("UnsupportedOperation", 400),
            Self::UnsupportedHttpMethod => ("UnsupportedHTTPMethod", 403),
            Self::IncompleteSignature(_) => ("IncompleteSignature", 400),
            Self::SignatureMismatch(_) => ("SignatureDoesNotMatch", 400),
            Self::AccessKeyNotFound | Self::KeyExpired => ("InvalidAccessKeyId.NotFound", 404),
            Self::MissingToken => ("MissingSecurityToken", 400),
            Self::TokenMismatch => ("InvalidSecurityToken.MismatchWithAccessKey", 400),
            Self::IllegalTimestamp => ("IllegalTimestamp", 400),
            Self::TimestampExpired => ("InvalidTimeStamp.Expired", 400),
            Self::TimestampFormat => ("InvalidTimeStamp.Format", 400),
            Self::NonceUsed => ("SignatureNonceUsed", 400),
            Self::Throttling => ("Rejected.Throttling", 429),
            Self::NoPermission(_) => ("Forbidden.NoPermission", 403),
            Self::Operation(error) => (error.code, error.status),
            Self::Ordered(error) => (error.code, error.status),
            Self::InternalFailure(_) => ("InternalFailure", 500),
        }
    }
}

impl From<SessionError> for ApiError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::MissingToken => Self::MissingToken,
            SessionError::Expired => Self::KeyExpired,
            SessionError::WrongToken => Self::TokenMismatch,
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Sqlite(_) => Self::InternalFailure(Cause::new(error)),
        }
    }
}
