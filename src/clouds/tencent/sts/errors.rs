//! The errors of STS: code and text. The codes are those of the vendor's SDKs. Texts without a comment are the
//! descriptions in the vendor's SDK for Java.

use crate::clouds::tencent::api3::error::{Refusal, refusal};

pub(super) static PARAM_ERROR: Refusal =
    refusal("InvalidParameter.ParamError", "Invalid parameter.");

// Recorded in 2026 for a lifetime of 24 hours.
pub(super) static OVER_TIME: Refusal =
    refusal("InvalidParameter.OverTimeError", "time set too long");

pub(super) static POLICY_TOO_LONG: Refusal =
    refusal("InvalidParameter.PolicyTooLong", "The policy is too long.");

pub(super) static POLICY_SYNTAX: Refusal = refusal(
    "InvalidParameter.StrategyFormatError",
    "Policy syntax error.",
);

// Recorded in 2019, as the reason for an error of another service.
pub(super) static ROLE_NOT_FOUND: Refusal = refusal("InternalError.GetRoleError", "role not exist");

// Recorded in 2024.
pub(super) static TOKEN_EXPIRED: Refusal = refusal(
    "InvalidParameter.WebIdentityTokenError",
    "WebIdentityToken error. | id token error | Expired token",
);

// Assumption: the recorded text of an expired token without the reason.
pub(super) static TOKEN_INVALID: Refusal = refusal(
    "InvalidParameter.WebIdentityTokenError",
    "WebIdentityToken error. | id token error",
);

/// A temporary key calls an operation that only permanent keys may call.
pub(super) static TEMPORARY_KEY: Refusal =
    refusal("UnsupportedOperation", "The operation is not supported.");

/// Documented errors that no operation here returns, but a fault rule can.
pub(super) static OTHERS: &[Refusal] = &[
    refusal("AuthFailure.AccessKeyIllegal", "Invalid key."),
    refusal("InternalError.DbError", "Database error."),
    refusal("InternalError.EncryptError", "Encryption failed."),
    refusal("InternalError.GetAppIdError", "Failed to get the `appid`."),
    refusal(
        "InternalError.GetSeedTokenError",
        "Failed to obtain the token.",
    ),
    refusal("InternalError.IllegalRole", "Invalid role."),
    refusal("InternalError.PbSerializeError", "pb packaging failed."),
    refusal(
        "InternalError.SystemError",
        "Internal system error, such as network error.",
    ),
    refusal("InternalError.UnknownError", "Unknown error."),
    refusal(
        "InvalidParameter.AccessKeyNotSupport",
        "This type of key is not supported.",
    ),
    refusal(
        "InvalidParameter.AccountNotAvaliable",
        "The account does not exist or is unavailable.",
    ),
    refusal(
        "InvalidParameter.ExtendStrategyOverSize",
        "The extension policy is too large.",
    ),
    // Recorded in 2025.
    refusal(
        "InvalidParameter.GrantOtherResource",
        "cant grant other resource ",
    ),
    refusal("InvalidParameter.OverLimit", "Frequency limit exceeded."),
    // Recorded in 2020.
    refusal("InvalidParameter.ResouceError", "[QC_STS] resource error"),
    refusal("InvalidParameter.StrategyInvalid", "Invalid policy."),
    refusal(
        "InvalidParameter.TempCodeNotAvaliable",
        "Invalid temporary code.",
    ),
    refusal(
        "ResourceNotFound.RoleNotFound",
        "The role corresponding to the account does not exist.",
    ),
];
