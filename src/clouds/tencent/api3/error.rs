//! The errors of the protocol: code and text. The HTTP status is always 200.

use std::sync::Arc;

use thiserror::Error;

use crate::clouds::auth::issued::SessionError;
use crate::clouds::auth::policy::Decision;
use crate::clouds::cause::Cause;
pub(crate) use crate::clouds::description::ErrorDescription;
use crate::clouds::description::ErrorSample;
use crate::clouds::draft::Language;
use crate::store::StoreError;

/// An error reply. `Display` is the English message.
///
/// Codes are from the vendor's pages *Error Codes* and of the operations. Texts are recorded, or chosen
/// here if none is known.
#[derive(Debug, Error)]
pub enum ApiError {
    #[error(
        "The provided credentials could not be validated. Please check your signature is correct."
    )]
    SignatureFailure,
    #[error(
        "The provided credentials could not be validated because of exceeding request size limit, please use new signature method `TC3-HMAC-SHA256`."
    )]
    TooLargeForSignature,
    /// Has the time of the server, in Unix seconds.
    #[error(
        "Signature expired. Please use local time and enable NTP service for time synchronization to avoid a deviation between `Timestamp` and the server time {0}."
    )]
    SignatureExpire(String),
    #[error("The SecretId is not found, please ensure that your SecretId is correct.")]
    SecretIdNotFound,
    /// A temporary key that has expired, or whose token was not sent. The text was recorded in 2023.
    #[error("Token verification failed. Please check your Token is correct.")]
    TokenFailure,
    /// Names the part of the header that is wrong.
    #[error(
        "The request `Authorization` header does not conform to tencentcloud standards: {0} not valid."
    )]
    InvalidAuthorization(&'static str),
    #[error("The request is missing a required parameter `{0}`.")]
    MissingParameter(String),
    /// Carries the product that the request is for.
    #[error("The specified product=`{0}` does not exist.")]
    NoSuchProduct(String),
    #[error("The specified api version=`{version}` does not exist in service=`{product}`.")]
    NoSuchVersion {
        version: String,
        product: &'static str,
    },
    #[error(
        "The request action=`{action}` is invalid or not found in service=`{product}` and version=`{version}`."
    )]
    InvalidAction {
        action: String,
        product: &'static str,
        version: &'static str,
    },
    #[error("The action not support this region.")]
    UnsupportedRegion,
    /// Names the place where the region was sent.
    #[error("A value specified in `{0}` is not valid, is unsupported, or cannot be used.")]
    InvalidRegion(&'static str),
    #[error("The parameter {}is not recognized.", quoted(shown_name(.0)))]
    UnknownParameter(String),
    #[error("The type of the parameter `{name}` is not valid. It should be `{wire_type}`.")]
    WrongType {
        name: String,
        wire_type: &'static str,
    },
    #[error("Url key and value should be splited by `=`.")]
    PairWithoutValue,
    #[error("The request is not encoded in UTF-8.")]
    NotUtf8,
    #[error(
        "For the specified content-type=application/json protocol, the request content is not in a valid Json format."
    )]
    MalformedJson,
    /// Carries the value, unless it may be secret.
    #[error("The value {}specified in the parameter `{name}` is not valid.", quoted(.value.as_deref()))]
    InvalidValue { name: String, value: Option<String> },
    #[error(
        "Your current request times equals to `{count}` in a second, which exceeds the frequency limit `{limit}` for a second. Please reduce the frequency of calls."
    )]
    RequestLimitExceeded { count: u32, limit: u32 },
    #[error("The HTTP method is not supported: only GET and POST are.")]
    UnsupportedProtocol,
    #[error("The request exceeds the size limit.")]
    RequestSizeLimitExceeded,
    /// A caller without the permission, as recorded for CVM. Ends with a line break.
    #[error(
        "[request id:{request_id}]you are not authorized to perform operation ({action})\nresource ({resource}) has no permission\n"
    )]
    Unauthorized {
        request_id: String,
        action: String,
        resource: String,
    },
    /// An error of the operation.
    #[error("{}", .0.message)]
    Operation(&'static ErrorDescription),
    /// An error of a fault rule.
    #[error("{}", .0.message)]
    Ordered(Arc<ErrorSample>),
    /// An internal failure. The cause is only for the log.
    #[error("An internal error has occurred.")]
    InternalError(Cause),
}

/// A name, if it has the form of one: a body that is parsed as a form can have any text instead.
fn shown_name(name: &str) -> Option<&str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
    (name.len() <= 64 && name.bytes().all(plain)).then_some(name)
}

fn quoted(value: Option<&str>) -> String {
    value.map_or_else(String::new, |value| format!("`{value}` "))
}

/// An error that operations document, with its text.
pub(crate) const fn error(code: &'static str, message: &'static str) -> ErrorDescription {
    ErrorDescription {
        code,
        status: 200,
        message,
    }
}

pub(super) const UNAUTHORIZED: &str = "UnauthorizedOperation";

/// An operation of the real service that the emulator does not support.
pub(crate) static UNSUPPORTED: ErrorDescription =
    error("UnsupportedOperation", "This action is not supported.");

impl From<&'static ErrorDescription> for ApiError {
    fn from(error: &'static ErrorDescription) -> Self {
        Self::Operation(error)
    }
}

impl ApiError {
    /// The error for a caller without a permission.
    pub(crate) fn unauthorized(decision: &Decision, request_id: &str) -> Self {
        Self::Unauthorized {
            request_id: request_id.to_owned(),
            action: decision.action.clone(),
            resource: decision.resource.clone(),
        }
    }

    /// The documented code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SignatureFailure | Self::TooLargeForSignature => "AuthFailure.SignatureFailure",
            Self::SignatureExpire(_) => "AuthFailure.SignatureExpire",
            Self::SecretIdNotFound => "AuthFailure.SecretIdNotFound",
            Self::TokenFailure => "AuthFailure.TokenFailure",
            Self::InvalidAuthorization(_) => "AuthFailure.InvalidAuthorization",
            Self::MissingParameter(_) => "MissingParameter",
            Self::NoSuchProduct(_) => "NoSuchProduct",
            Self::NoSuchVersion { .. } => "NoSuchVersion",
            Self::InvalidAction { .. } => "InvalidAction",
            Self::UnsupportedRegion => "UnsupportedRegion",
            Self::InvalidRegion(_) | Self::InvalidValue { .. } => "InvalidParameterValue",
            Self::UnknownParameter(_) => "UnknownParameter",
            Self::WrongType { .. }
            | Self::PairWithoutValue
            | Self::NotUtf8
            | Self::MalformedJson => "InvalidParameter",
            Self::RequestLimitExceeded { .. } => "RequestLimitExceeded",
            Self::UnsupportedProtocol => "UnsupportedProtocol",
            Self::RequestSizeLimitExceeded => "RequestSizeLimitExceeded",
            Self::Unauthorized { .. } => UNAUTHORIZED,
            Self::Operation(error) => error.code,
            Self::Ordered(error) => error.code,
            Self::InternalError(_) => "InternalError",
        }
    }

    /// The text in a language; in English if no other is known.
    pub fn message(&self, language: Language) -> String {
        match language {
            Language::Chinese => self.in_chinese().unwrap_or_else(|| self.to_string()),
            Language::English => self.to_string(),
        }
    }

    /// The Chinese text, if it was recorded.
    pub(super) fn in_chinese(&self) -> Option<String> {
        Some(match self {
            Self::SignatureFailure => "请求签名验证失败，请检查您的签名计算是否正确。".to_owned(),
            Self::TooLargeForSignature => {
                "由于请求包大小超过限制，请求签名验证失败，请使用新的签名方法 `TC3-HMAC-SHA256`。"
                    .to_owned()
            }
            Self::WrongType { name, wire_type } => {
                format!("参数 `{name}` 取值类型错误。参数类型应为 `{wire_type}`。")
            }
            Self::MalformedJson => {
                "对于指定content-type=application/json协议下，请求内容不是合法的Json格式。"
                    .to_owned()
            }
            Self::RequestLimitExceeded { count, limit } => {
                format!("您当前每秒请求 `{count}` 次，超过了每秒频率上限 `{limit}`，请稍后重试。")
            }
            Self::Ordered(error) => return error.chinese.clone(),
            _ => return None,
        })
    }
}

impl From<SessionError> for ApiError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::MissingToken | SessionError::WrongToken | SessionError::Expired => {
                Self::TokenFailure
            }
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Sqlite(_) => Self::InternalError(Cause::new(error)),
        }
    }
}
