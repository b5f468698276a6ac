//! The errors of SSM: code and text. `api3/error.rs` has those of the protocol.

use crate::clouds::tencent::api3::error::{Refusal, refusal};

/// Recorded for `GetSecretValue`, for a missing secret and for a missing version.
pub(crate) static NOT_FOUND: Refusal = refusal("ResourceNotFound", "can not find secrets");

pub(crate) static SECRET_EXISTS: Refusal =
    refusal("ResourceInUse.SecretExists", "The secret already exists.");

pub(crate) static VERSION_EXISTS: Refusal = refusal(
    "ResourceInUse.VersionIdExists",
    "The version id already exists.",
);

pub(crate) static TOO_MANY_SECRETS: Refusal = refusal(
    "LimitExceeded",
    "A region can have 1000 secrets at the most.",
);

pub(crate) static TOO_MANY_VERSIONS: Refusal = refusal(
    "LimitExceeded",
    "A secret can have 10 versions at the most.",
);

pub(crate) static DUPLICATE_TAG_KEYS: Refusal = refusal(
    "InvalidParameterValue.TagKeysDuplicated",
    "The tag keys are duplicated.",
);

pub(crate) static AUTO_ROTATED: Refusal = refusal(
    "OperationDenied.AutoRotatedResource",
    "A secret that is rotated automatically cannot be updated by hand.",
);

pub(crate) static NOT_WHILE_ENABLED: Refusal = refusal(
    "FailedOperation",
    "The operation is not possible in the state Enabled.",
);

pub(crate) static NOT_WHILE_DISABLED: Refusal = refusal(
    "FailedOperation",
    "The operation is not possible in the state Disabled.",
);

pub(crate) static NOT_WHILE_PENDING_DELETE: Refusal = refusal(
    "FailedOperation",
    "The operation is not possible in the state PendingDelete.",
);

pub(crate) static DISABLED: Refusal = refusal(
    "ResourceUnavailable.ResourceDisabled",
    "The secret is disabled.",
);

pub(crate) static PENDING_DELETED: Refusal = refusal(
    "ResourceUnavailable.ResourcePendingDeleted",
    "The secret is pending deletion.",
);

pub(crate) static UNINITIALIZED: Refusal = refusal(
    "ResourceUnavailable.ResourceUninitialized",
    "The secret is not initialized.",
);

pub(crate) static ROTATION_FORBIDDEN: Refusal = refusal(
    "FailedOperation.RotationForbidden",
    "The secret must not be rotated.",
);

pub(crate) static ROTATING: Refusal =
    refusal("FailedOperation", "The secret is being rotated already.");

pub(crate) static NO_TASK: Refusal = refusal("ResourceNotFound", "can not find the task");

pub(crate) static ALREADY_ENABLED: Refusal = refusal(
    "ResourceInUse.ServiceAlreadyEnabled",
    "The service is enabled already.",
);

/// Documented errors that no operation here returns, but a fault rule can.
pub(crate) static OTHERS: &[Refusal] = &[
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
        "InvalidParameterValue.TagsNotExisted",
        "The tag keys or tag values do not exist.",
    ),
    refusal("OperationDenied", "The operation is denied."),
    refusal(
        "OperationDenied.AccessKeyOverLimit",
        "The number of access keys has reached the limit.",
    ),
    refusal(
        "OperationDenied.AutoRotatedResource",
        "A secret that is rotated automatically cannot be updated by hand.",
    ),
    refusal(
        "OperationDenied.RoleNotExist",
        "The service role does not exist.",
    ),
    refusal(
        "OperationDenied.UinNotMatch",
        "The key does not belong to the account.",
    ),
    refusal(
        "ResourceNotFound.SecretNotExist",
        "The secret does not exist.",
    ),
    refusal("ResourcesSoldOut", "The resources are sold out."),
    refusal(
        "UnauthorizedOperation.AccessKmsError",
        "Access to the key management service is not authorized.",
    ),
];
