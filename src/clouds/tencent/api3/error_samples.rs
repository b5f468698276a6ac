//! The errors that every operation can return, as in a reply, for fault rules and documents.

use super::error::{ApiError, UNAUTHORIZED, error};
use crate::clouds::description::placeholder::{ACTION, REQUEST_ID, RESOURCE, TIME, VERSION};
use crate::clouds::description::{ErrorDescription, ErrorSample};

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
