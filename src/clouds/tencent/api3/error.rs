//! The errors of the protocol: code and text. The HTTP status is always 200.

use std::sync::Arc;

use thiserror::Error;

use crate::clouds::auth::issued::SessionError;
use crate::clouds::auth::policy::Decision;
use crate::clouds::cause::Cause;
pub(crate) use crate::clouds::description::ErrorDescription;
use crate::clouds::description::ErrorSample;
use crate::clouds::description::placeholder::{ACTION, REQUEST_ID, RESOURCE, TIME, VERSION};
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
    fn in_chinese(&self) -> Option<String> {
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

/// Documented errors of the protocol that no request here causes, but a fault rule can.
static OTHERS: &[ErrorDescription] = &[
    error("AuthFailure", "The signature or the authorization failed."),
    error("AuthFailure.InvalidSecretId", "The SecretId is not valid."),
    error("AuthFailure.MFAFailure", "MFA failed."),
    error("ActionOffline", "The action is offline."),
    error(
        "DryRunOperation",
        "The request would have succeeded, but DryRun is set.",
    ),
    error(
        "InvalidRequest",
        "The multipart format of the request body is not valid.",
    ),
    error(
        "IpInBlacklist",
        "The IP address is in the blacklist of the account.",
    ),
    error(
        "IpNotInWhitelist",
        "The IP address is not in the whitelist of the account.",
    ),
    error(
        "RequestLimitExceeded.IPLimitExceeded",
        "The frequency limit of the IP address is exceeded.",
    ),
    error(
        "RequestLimitExceeded.UinLimitExceeded",
        "The frequency limit of the account is exceeded.",
    ),
    error(
        "RequestLimitExceeded.GlobalRegionUinLimitExceeded",
        "The frequency limit of the account in all regions is exceeded.",
    ),
    error(
        "ResponseSizeLimitExceeded",
        "The response exceeds the size limit.",
    ),
    error(
        "ServiceUnavailable",
        "The service is temporarily unavailable.",
    ),
    error("InternalError", "An internal error has occurred."),
];

/// An operation, for the texts of sample errors.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'a> {
    /// The product of its service.
    pub product: &'static str,
    /// The version of its service.
    pub version: &'static str,
    /// Its first parameter.
    pub parameter: Option<&'a str>,
    /// Its first required parameter.
    pub required: Option<&'a str>,
    /// The requests per second that it accepts.
    pub rate_limit: u32,
}

/// A name that no operation and no parameter has.
const UNKNOWN_NAME: &str = "Foo";

/// One of each error that any operation can return, with the texts for the operation `target`.
fn produced(target: Target) -> [ApiError; 16] {
    let invalid_value = match target.parameter {
        Some(name) => ApiError::InvalidValue {
            name: name.to_owned(),
            value: None,
        },
        None => ApiError::InvalidRegion("Region"),
    };
    [
        ApiError::SignatureFailure,
        ApiError::SignatureExpire(TIME.to_owned()),
        ApiError::SecretIdNotFound,
        ApiError::TokenFailure,
        ApiError::InvalidAuthorization("`Signature`"),
        ApiError::MissingParameter(target.required.unwrap_or("Timestamp").to_owned()),
        ApiError::NoSuchProduct(target.product.to_owned()),
        ApiError::NoSuchVersion {
            version: VERSION.to_owned(),
            product: target.product,
        },
        ApiError::InvalidAction {
            action: ACTION.to_owned(),
            product: target.product,
            version: target.version,
        },
        ApiError::UnsupportedRegion,
        ApiError::UnknownParameter(UNKNOWN_NAME.to_owned()),
        ApiError::MalformedJson,
        invalid_value,
        ApiError::RequestLimitExceeded {
            count: target.rate_limit + 1,
            limit: target.rate_limit,
        },
        ApiError::UnsupportedProtocol,
        ApiError::RequestSizeLimitExceeded,
    ]
}

const UNAUTHORIZED: &str = "UnauthorizedOperation";
const UNAUTHORIZED_BY_GATEWAY: &str = "AuthFailure.UnauthorizedOperation";

/// The errors of a caller without permission, as recorded for other products with the name of the operation
/// and the resource `*`.
fn unauthorized(product: &str) -> [ErrorSample; 2] {
    let by_service = ApiError::Unauthorized {
        request_id: REQUEST_ID.to_owned(),
        action: format!("{product}:{ACTION}"),
        resource: RESOURCE.to_owned(),
    };
    let reason = by_service.to_string();
    let by_gateway = ErrorSample {
        code: UNAUTHORIZED_BY_GATEWAY,
        status: 200,
        message: format!(
            "You are not authorized to perform this operation. Check your CAM policies, and ensure that you are using the correct access keys. [{reason}]"
        ),
        chinese: Some(format!("操作未授权，请检查CAM策略。[{reason}]")),
    };
    let by_service = ErrorSample {
        code: UNAUTHORIZED,
        status: 200,
        message: reason,
        chinese: None,
    };
    [by_gateway, by_service]
}

/// The codes of the errors that every operation can return.
pub(crate) fn codes(target: Target) -> impl Iterator<Item = &'static str> {
    let produced = produced(target).into_iter();
    let produced = produced.map(|error| error.code());
    let others = OTHERS.iter().map(|error| error.code);
    produced
        .chain(others)
        .chain([UNAUTHORIZED_BY_GATEWAY, UNAUTHORIZED])
}

/// The error with this code that every operation can return, with the text for the operation `target`.
pub(crate) fn sample(code: &str, target: Target) -> Option<ErrorSample> {
    let produced = produced(target).into_iter().map(|error| ErrorSample {
        code: error.code(),
        status: 200,
        message: error.to_string(),
        chinese: error.in_chinese(),
    });
    let others = OTHERS.iter().map(ErrorSample::from);
    produced
        .chain(unauthorized(target.product))
        .chain(others)
        .find(|error| error.code == code)
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
