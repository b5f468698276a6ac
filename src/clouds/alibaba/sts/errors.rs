//! The errors of STS in addition to those of the protocol: code, status and text.

use crate::clouds::alibaba::rpc::error::{ErrorDescription, error};

// The gateway names a missing parameter in the code, as in the recorded `MissingSecurityToken`.
pub(super) static MISSING_ROLE_ARN: ErrorDescription = error(
    "MissingRoleArn",
    400,
    "RoleArn is mandatory for this action.",
);

pub(super) static MISSING_SESSION_NAME: ErrorDescription = error(
    "MissingRoleSessionName",
    400,
    "RoleSessionName is mandatory for this action.",
);

pub(super) static WRONG_ROLE_ARN: ErrorDescription = error(
    "InvalidParameter.RoleArn",
    400,
    "The parameter RoleArn is wrongly formed.",
);

pub(super) static WRONG_SESSION_NAME: ErrorDescription = error(
    "InvalidParameter.RoleSessionName",
    400,
    "The parameter RoleSessionName is wrongly formed.",
);

pub(super) static WRONG_DURATION: ErrorDescription = error(
    "InvalidParameter.DurationSeconds",
    400,
    "The Min/Max value of DurationSeconds is 15min/1hr.",
);

pub(super) static WRONG_POLICY: ErrorDescription = error(
    "InvalidParameter.PolicyGrammar",
    400,
    "The parameter Policy has not passed grammar check.",
);

pub(super) static LONG_POLICY: ErrorDescription = error(
    "InvalidParameter.PolicySize",
    400,
    "The size of Policy must be smaller than 1024 bytes.",
);

// The page of AssumeRoleWithOIDC has no texts; these are those of AssumeRoleWithSAML.
pub(super) static REQUIRED_ROLE_ARN: ErrorDescription = error(
    "MissingParameter.RoleArn",
    400,
    "Parameter RoleArn is required.",
);

pub(super) static REQUIRED_PROVIDER_ARN: ErrorDescription = error(
    "MissingParameter.OIDCProviderArn",
    400,
    "Parameter OIDCProviderArn is required.",
);

pub(super) static REQUIRED_TOKEN: ErrorDescription = error(
    "MissingParameter.OIDCToken",
    400,
    "Parameter OIDCToken is required.",
);

pub(super) static WRONG_PROVIDER_ARN: ErrorDescription = error(
    "InvalidParameter.OIDCProviderArn",
    400,
    "The parameter OIDCProviderArn is wrongly formed.",
);

// Documented for RRSA, except the first and the last.
pub(super) static TOKEN_INVALID: ErrorDescription = error(
    "AuthenticationFail.OIDCToken.Invalid",
    401,
    "This JsonWebToken is invalid.",
);

pub(super) static TOKEN_EXPIRED: ErrorDescription = error(
    "AuthenticationFail.OIDCToken.Expired",
    401,
    "This JsonWebToken is expired.",
);

pub(super) static AUDIENCE_NOT_MATCHED: ErrorDescription = error(
    "AuthenticationFail.OIDCToken.AudienceNotMatch",
    401,
    "Invalid audience.",
);

pub(super) static ISSUER_NOT_MATCHED: ErrorDescription = error(
    "AuthenticationFail.OIDCToken.IssuerNotMatch",
    401,
    "The issuer in the OIDC Token doesn't match the OIDC Provider registered.",
);

pub(super) static NO_PUBLIC_KEYS: ErrorDescription = error(
    "AuthenticationFail.OIDCToken.IssuerConfigurationBroken",
    401,
    "Get public keys from OIDC Provider failed.",
);

pub(super) static SIGNATURE_INVALID: ErrorDescription = error(
    "AuthenticationFail.OIDCToken.SignatureInvalid",
    401,
    "The signature of this JsonWebToken is invalid.",
);

pub(super) static NO_PERMISSION: ErrorDescription = error(
    "NoPermission",
    403,
    "You are not authorized to do this action. You should be authorized by RAM.",
);

/// Documented errors that no operation here returns, but policies and fault rules can.
pub(super) static OTHERS: &[ErrorDescription] = &[
    NO_PERMISSION,
    error("EntityNotExist.Role", 404, "The specified Role not exists."),
    error(
        "AuthenticationFail.NoPermission",
        401,
        "No such OIDC Provider registered.",
    ),
    error("InternalError", 500, "STS Server Internal Error happened."),
];
