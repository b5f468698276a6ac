//! The errors of STS: code and text. The codes are those of the vendor's SDKs. Texts without a comment are the
//! descriptions in the vendor's SDK for Java.

use crate::clouds::tencent::api3::error::{ErrorDescription, error};

pub(super) static PARAM_ERROR: ErrorDescription =
    error("InvalidParameter.ParamError", "Invalid parameter.");

// Recorded in 2026 for a lifetime of 24 hours.
pub(super) static OVER_TIME: ErrorDescription =
    error("InvalidParameter.OverTimeError", "time set too long");

pub(super) static POLICY_TOO_LONG: ErrorDescription =
    error("InvalidParameter.PolicyTooLong", "The policy is too long.");

pub(super) static POLICY_SYNTAX: ErrorDescription = error(
    "InvalidParameter.StrategyFormatError",
    "Policy syntax error.",
);

// Recorded in 2019, as the reason for an error of another service.
pub(super) static ROLE_NOT_FOUND: ErrorDescription =
    error("InternalError.GetRoleError", "role not exist");

// Recorded in 2024.
pub(super) static TOKEN_EXPIRED: ErrorDescription = error(
    "InvalidParameter.WebIdentityTokenError",
    "WebIdentityToken error. | id token error | Expired token",
);

// Assumption: the recorded text of an expired token without the reason.
pub(super) static TOKEN_INVALID: ErrorDescription = error(
    "InvalidParameter.WebIdentityTokenError",
    "WebIdentityToken error. | id token error",
);

/// A temporary key calls an operation that only permanent keys may call.
pub(super) static TEMPORARY_KEY: ErrorDescription =
    error("UnsupportedOperation", "The operation is not supported.");

/// Documented errors that no operation here returns, but a fault rule can.
pub(super) static OTHERS: &[ErrorDescription] = &[
    error("AuthFailure.AccessKeyIllegal", "Invalid key."),
    error("InternalError.DbError", "Database error."),
    error("InternalError.EncryptError", "Encryption failed."),
    error("InternalError.GetAppIdError", "Failed to get the `appid`."),
    error(
        "InternalError.GetSeedTokenError",
        "Failed to obtain the token.",
    ),
    error("InternalError.IllegalRole", "Invalid role."),
    error("InternalError.PbSerializeError", "pb packaging failed."),
    error(
        "InternalError.SystemError",
        "Internal system error, such as network error.",
    ),
    error("InternalError.UnknownError", "Unknown error."),
    error(
        "InvalidParameter.AccessKeyNotSupport",
        "This type of key is not supported.",
    ),
    error(
        "InvalidParameter.AccountNotAvaliable",
        "The account does not exist or is unavailable.",
    ),
    error(
        "InvalidParameter.ExtendStrategyOverSize",
        "The extension policy is too large.",
    ),
    // Recorded in 2025.
    error(
        "InvalidParameter.GrantOtherResource",
        "cant grant other resource ",
    ),
    error("InvalidParameter.OverLimit", "Frequency limit exceeded."),
    // Recorded in 2020.
    error("InvalidParameter.ResouceError", "[QC_STS] resource error"),
    error("InvalidParameter.StrategyInvalid", "Invalid policy."),
    error(
        "InvalidParameter.TempCodeNotAvaliable",
        "Invalid temporary code.",
    ),
    error(
        "ResourceNotFound.RoleNotFound",
        "The role corresponding to the account does not exist.",
    ),
];
