//! The errors of SSM: code and text. `api3/error.rs` has those of the protocol.

use crate::clouds::tencent::api3::error::{ErrorDescription, error};

/// Recorded for `GetSecretValue`, for a missing secret and for a missing version.
pub(crate) static NOT_FOUND: ErrorDescription = error("ResourceNotFound", "can not find secrets");

pub(crate) static SECRET_EXISTS: ErrorDescription =
    error("ResourceInUse.SecretExists", "The secret already exists.");

pub(crate) static VERSION_EXISTS: ErrorDescription = error(
    "ResourceInUse.VersionIdExists",
    "The version id already exists.",
);

pub(crate) static TOO_MANY_SECRETS: ErrorDescription = error(
    "LimitExceeded",
    "A region can have 1000 secrets at the most.",
);

pub(crate) static TOO_MANY_VERSIONS: ErrorDescription = error(
    "LimitExceeded",
    "A secret can have 10 versions at the most.",
);

pub(crate) static DUPLICATE_TAG_KEYS: ErrorDescription = error(
    "InvalidParameterValue.TagKeysDuplicated",
    "The tag keys are duplicated.",
);

pub(crate) static AUTO_ROTATED: ErrorDescription = error(
    "OperationDenied.AutoRotatedResource",
    "A secret that is rotated automatically cannot be updated by hand.",
);

pub(crate) static NOT_WHILE_ENABLED: ErrorDescription = error(
    "FailedOperation",
    "The operation is not possible in the state Enabled.",
);

pub(crate) static NOT_WHILE_DISABLED: ErrorDescription = error(
    "FailedOperation",
    "The operation is not possible in the state Disabled.",
);

pub(crate) static NOT_WHILE_PENDING_DELETE: ErrorDescription = error(
    "FailedOperation",
    "The operation is not possible in the state PendingDelete.",
);

pub(crate) static DISABLED: ErrorDescription = error(
    "ResourceUnavailable.ResourceDisabled",
    "The secret is disabled.",
);

pub(crate) static PENDING_DELETED: ErrorDescription = error(
    "ResourceUnavailable.ResourcePendingDeleted",
    "The secret is pending deletion.",
);

pub(crate) static UNINITIALIZED: ErrorDescription = error(
    "ResourceUnavailable.ResourceUninitialized",
    "The secret is not initialized.",
);

pub(crate) static ROTATION_FORBIDDEN: ErrorDescription = error(
    "FailedOperation.RotationForbidden",
    "The secret must not be rotated.",
);

pub(crate) static ROTATING: ErrorDescription =
    error("FailedOperation", "The secret is being rotated already.");

pub(crate) static NO_TASK: ErrorDescription = error("ResourceNotFound", "can not find the task");

pub(crate) static ALREADY_ENABLED: ErrorDescription = error(
    "ResourceInUse.ServiceAlreadyEnabled",
    "The service is enabled already.",
);

/// Documented errors that no operation here returns, but a fault rule can.
pub(crate) static OTHERS: &[ErrorDescription] = &[
    error("LimitExceeded", "The quota is exceeded."),
    error("ResourceInUse", "The resource is in use."),
    error("ResourceInsufficient", "The resource is insufficient."),
    error("ResourceUnavailable", "The resource is unavailable."),
    error(
        "ResourceUnavailable.NotPurchased",
        "The service is not purchased.",
    ),
    error("FailedOperation", "The operation failed."),
    error(
        "FailedOperation.AccessKmsError",
        "The key management service cannot be reached.",
    ),
    error(
        "InvalidParameterValue.TagsNotExisted",
        "The tag keys or tag values do not exist.",
    ),
    error("OperationDenied", "The operation is denied."),
    error(
        "OperationDenied.AccessKeyOverLimit",
        "The number of access keys has reached the limit.",
    ),
    error(
        "OperationDenied.AutoRotatedResource",
        "A secret that is rotated automatically cannot be updated by hand.",
    ),
    error(
        "OperationDenied.RoleNotExist",
        "The service role does not exist.",
    ),
    error(
        "OperationDenied.UinNotMatch",
        "The key does not belong to the account.",
    ),
    error(
        "ResourceNotFound.SecretNotExist",
        "The secret does not exist.",
    ),
    error("ResourcesSoldOut", "The resources are sold out."),
    error(
        "UnauthorizedOperation.AccessKmsError",
        "Access to the key management service is not authorized.",
    ),
];
