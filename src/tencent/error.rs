//! Every error that this dialect can answer: code and text. The HTTP status is always 200.

use std::fmt::{self, Display};
use std::sync::Arc;

use thiserror::Error;

use super::reply::Language;
use super::request;
use crate::cause::Cause;
use crate::description::{ErrorDescription, ErrorSample};
use crate::store::StoreError;

/// An error answered to a client. The display form is the English message.
///
/// Codes are those of the vendor's pages *Error Codes* and of the operations; texts are those that
/// the service was seen to answer, or, where none is known, chosen.
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
    #[error(
        "Signature expired. Please use local time and enable NTP service for time synchronization to avoid a deviation between `Timestamp` and the server time {0}."
    )]
    SignatureExpire(i64),
    #[error("The SecretId is not found, please ensure that your SecretId is correct.")]
    SecretIdNotFound,
    /// Names the part of the header that is wrong.
    #[error(
        "The request `Authorization` header does not conform to tencentcloud standards: {0} not valid."
    )]
    InvalidAuthorization(&'static str),
    #[error("The request is missing a required parameter `{0}`.")]
    MissingParameter(String),
    #[error("The specified api version=`{0}` does not exist in service=`ssm`.")]
    NoSuchVersion(String),
    #[error(
        "The request action=`{0}` is invalid or not found in service=`ssm` and version=`2019-09-23`."
    )]
    InvalidAction(String),
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
    /// One of an operation's own errors.
    #[error("{}", .0.message)]
    Refused(&'static Refusal),
    /// One that a fault orders.
    #[error("{}", .0.message)]
    Ordered(Arc<ErrorSample>),
    /// Carries the cause for the log; the client learns only that there was one.
    #[error("An internal error has occurred.")]
    InternalError(Cause),
}

/// A name, unless it is none: a body that is taken for a form has anything where a name should be.
fn shown_name(name: &str) -> Option<&str> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
    (name.len() <= 64 && name.bytes().all(plain)).then_some(name)
}

fn quoted(value: Option<&str>) -> String {
    value.map_or_else(String::new, |value| format!("`{value}` "))
}

/// An error that operations document, with its text.
pub type Refusal = ErrorDescription;

const fn refusal(code: &'static str, message: &'static str) -> Refusal {
    Refusal {
        code,
        status: 200,
        message,
    }
}

pub static UNSUPPORTED: Refusal = refusal("UnsupportedOperation", "This action is not supported.");
/// The text was seen where a secret, or a version of it, is not there.
pub static NOT_FOUND: Refusal = refusal("ResourceNotFound", "can not find secrets");
pub static SECRET_EXISTS: Refusal =
    refusal("ResourceInUse.SecretExists", "The secret already exists.");
pub static VERSION_EXISTS: Refusal = refusal(
    "ResourceInUse.VersionIdExists",
    "The version id already exists.",
);
pub static TOO_MANY_SECRETS: Refusal = refusal(
    "LimitExceeded",
    "A region can have 1000 secrets at the most.",
);
pub static TOO_MANY_VERSIONS: Refusal = refusal(
    "LimitExceeded",
    "A secret can have 10 versions at the most.",
);
pub static DUPLICATE_TAG_KEYS: Refusal = refusal(
    "InvalidParameterValue.TagKeysDuplicated",
    "The tag keys are duplicated.",
);
pub static AUTO_ROTATED: Refusal = refusal(
    "OperationDenied.AutoRotatedResource",
    "A secret that is rotated automatically cannot be updated by hand.",
);
pub static NOT_WHILE_ENABLED: Refusal = refusal(
    "FailedOperation",
    "The operation is not possible in the state Enabled.",
);
pub static NOT_WHILE_DISABLED: Refusal = refusal(
    "FailedOperation",
    "The operation is not possible in the state Disabled.",
);
pub static NOT_WHILE_PENDING_DELETE: Refusal = refusal(
    "FailedOperation",
    "The operation is not possible in the state PendingDelete.",
);
pub static DISABLED: Refusal = refusal(
    "ResourceUnavailable.ResourceDisabled",
    "The secret is disabled.",
);
pub static PENDING_DELETED: Refusal = refusal(
    "ResourceUnavailable.ResourcePendingDeleted",
    "The secret is pending deletion.",
);
pub static UNINITIALIZED: Refusal = refusal(
    "ResourceUnavailable.ResourceUninitialized",
    "The secret is not initialized.",
);

impl From<&'static Refusal> for ApiError {
    fn from(refusal: &'static Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl ApiError {
    /// The message for the log, where a name that no operation has is masked: it may be a value that
    /// was sent in the wrong place.
    pub fn to_be_logged(&self) -> impl Display {
        fmt::from_fn(move |f| match self {
            Self::UnknownParameter(name) => {
                Self::UnknownParameter(request::shown_name(name).to_owned()).fmt(f)
            }
            other => other.fmt(f),
        })
    }

    /// The documented code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SignatureFailure | Self::TooLargeForSignature => "AuthFailure.SignatureFailure",
            Self::SignatureExpire(_) => "AuthFailure.SignatureExpire",
            Self::SecretIdNotFound => "AuthFailure.SecretIdNotFound",
            Self::InvalidAuthorization(_) => "AuthFailure.InvalidAuthorization",
            Self::MissingParameter(_) => "MissingParameter",
            Self::NoSuchVersion(_) => "NoSuchVersion",
            Self::InvalidAction(_) => "InvalidAction",
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
            Self::Refused(refusal) => refusal.code,
            Self::Ordered(error) => error.code,
            Self::InternalError(_) => "InternalError",
        }
    }

    /// The text in a language; in English where no other is known.
    pub fn message(&self, language: Language) -> String {
        match language {
            Language::Chinese => self.in_chinese().unwrap_or_else(|| self.to_string()),
            Language::English => self.to_string(),
        }
    }

    /// The Chinese text, where the service was seen to answer one.
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

/// Documented errors that nothing here leads to, but a fault.
static OTHERS: &[Refusal] = &[
    refusal(
        "AuthFailure.UnauthorizedOperation",
        "You are not authorized to perform this operation. Check your CAM policies, and ensure that you are using the correct access keys.",
    ),
    refusal("AuthFailure.InvalidSecretId", "The SecretId is not valid."),
    refusal("AuthFailure.TokenFailure", "The token is not valid."),
    refusal("AuthFailure.MFAFailure", "MFA failed."),
    refusal("UnauthorizedOperation", "The operation is not authorized."),
    refusal("ActionOffline", "The action is offline."),
    refusal(
        "DryRunOperation",
        "The request would have succeeded, but DryRun is set.",
    ),
    refusal("LimitExceeded", "The quota is exceeded."),
    refusal("ResourceInUse", "The resource is in use."),
    refusal("ResourceInsufficient", "The resource is insufficient."),
    refusal("ResourceUnavailable", "The resource is unavailable."),
    refusal(
        "ResourceUnavailable.NotPurchased",
        "The service is not purchased.",
    ),
    refusal("FailedOperation", "The operation failed."),
    refusal(
        "FailedOperation.AccessKmsError",
        "The key management service cannot be reached.",
    ),
    refusal(
        "OperationDenied.RoleNotExist",
        "The service role does not exist.",
    ),
    refusal(
        "OperationDenied.AutoRotatedResource",
        "The secret is rotated by itself.",
    ),
    refusal(
        "ResourceNotFound.SecretNotExist",
        "The secret does not exist.",
    ),
    refusal(
        "RequestLimitExceeded.UinLimitExceeded",
        "The frequency limit of the account is exceeded.",
    ),
    refusal(
        "RequestLimitExceeded.GlobalRegionUinLimitExceeded",
        "The frequency limit of the account in all regions is exceeded.",
    ),
    refusal("InternalError", "An internal error has occurred."),
];

/// One of each error that any operation can answer.
fn produced() -> [ApiError; 14] {
    [
        ApiError::SignatureFailure,
        ApiError::SignatureExpire(0),
        ApiError::SecretIdNotFound,
        ApiError::InvalidAuthorization("`Signature`"),
        ApiError::MissingParameter("SecretName".to_owned()),
        ApiError::NoSuchVersion("2019-09-23".to_owned()),
        ApiError::InvalidAction("ListSecrets".to_owned()),
        ApiError::UnsupportedRegion,
        ApiError::UnknownParameter("SecretName".to_owned()),
        ApiError::MalformedJson,
        ApiError::InvalidValue {
            name: "SecretName".to_owned(),
            value: None,
        },
        ApiError::RequestLimitExceeded {
            count: 31,
            limit: 30,
        },
        ApiError::UnsupportedProtocol,
        ApiError::RequestSizeLimitExceeded,
    ]
}

/// The codes of the errors that any operation can answer.
pub fn codes() -> impl Iterator<Item = &'static str> {
    let produced = produced();
    let produced = produced.into_iter().map(|error| error.code());
    produced.chain(OTHERS.iter().map(|error| error.code))
}

/// The error of any operation that has this code, as a client would read it.
pub fn sample(code: &str) -> Option<ErrorSample> {
    let produced = produced();
    let found = produced.iter().find(|error| error.code() == code);
    let produced = found.map(|error| ErrorSample {
        code: error.code(),
        status: 200,
        message: error.to_string(),
        chinese: error.in_chinese(),
    });
    produced.or_else(|| {
        OTHERS
            .iter()
            .find(|error| error.code == code)
            .map(ErrorSample::from)
    })
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Sqlite(_) => Self::InternalError(Cause::new(error)),
        }
    }
}
