//! The errors of KMS in addition to those of the protocol: code, status and text.
//!
//! The vendor's texts differ from page to page. They are kept as they are, mistakes included.

use crate::clouds::alibaba::rpc::error::{ErrorDescription, error};

pub(crate) static UNSUPPORTED: ErrorDescription =
    error("UnsupportedOperation", 400, "This action is not supported.");

pub(crate) static NOT_FOUND: ErrorDescription =
    error("Forbidden.ResourceNotFound", 404, "Resource not found");

pub(crate) static VALUE_NOT_FOUND: ErrorDescription =
    error("Forbidden.ResourceNotFound", 404, "Resource not found.");

pub(crate) static RESOURCE_NOT_FOUND: ErrorDescription = error(
    "Forbidden.ResourceNotFound",
    404,
    "The resource is not found.",
);

pub(crate) static SECRET_EXISTS: ErrorDescription = error(
    "Rejected.ResourceExist",
    409,
    "The resource already exists.",
);

pub(crate) static VERSION_EXISTS: ErrorDescription = error(
    "Rejected.ResourceExist",
    409,
    "The request was rejected becasue key already exsit",
);

pub(crate) static PLANNED_TO_BE_DELETED: ErrorDescription = error(
    "Rejected.ResourceInDeleteWindow",
    409,
    "The secret is planned to be deleted.",
);

pub(crate) static IN_DELETE_PERIOD: ErrorDescription = error(
    "Rejected.ResourceInDeleteWindow",
    409,
    "secret in delete peroid",
);

pub(crate) static NOT_DELETED: ErrorDescription =
    error("Rejected.ResourceInUse", 409, "restore normal secret");

pub(crate) static TOO_MANY_STAGES: ErrorDescription =
    error("Rejected.LimitExceeded", 400, "exceed secret limits error");

pub(crate) static PARAM_MISMATCH: ErrorDescription =
    error("Rejected.InvalidRequest", 400, "param mismatch");

pub(crate) static UNNORMAL_STAGES: ErrorDescription = error(
    "Rejected.UnsupportedOperation",
    400,
    "secret stages in unnormal status",
);

pub(crate) static KEY_NOT_FOUND: ErrorDescription = error(
    "Forbidden.KeyNotFound",
    404,
    "The specified Key is not found.",
);

pub(crate) static KEY_VERSION_NOT_FOUND: ErrorDescription = error(
    "Forbidden.KeyVersionNotFound",
    404,
    "The specified Key version is not found.",
);

pub(crate) static ALIAS_NOT_FOUND: ErrorDescription = error(
    "Forbidden.AliasNotFound",
    404,
    "The specified Alias is not found.",
);

pub(crate) static ALIAS_EXISTS: ErrorDescription =
    error("AliasAlreadyExists", 400, "AliasName Already Exists.");

pub(crate) static KEY_DISABLED: ErrorDescription = error(
    "Rejected.Disabled",
    409,
    "The request was rejected because the key state is Disabled.",
);

pub(crate) static KEY_PENDING_DELETION: ErrorDescription = error(
    "Rejected.PendingDeletion",
    409,
    "The request was rejected because the key state is PendingDeletion.",
);

pub(crate) static KEY_PENDING_IMPORT: ErrorDescription = error(
    "Rejected.PendingImport",
    409,
    "The request was rejected because the key state is PendingImport.",
);

pub(crate) static STATE_NOT_MODIFIED: ErrorDescription = error(
    "Rejected.StateModifiedFailed",
    409,
    "Keystate modified failed.",
);

pub(crate) static UNSUPPORTED_FOR_KEY: ErrorDescription = error(
    "Rejected.UnsupportedOperation",
    400,
    "Unsupported operation.",
);

pub(crate) static UNSUPPORTED_ORIGIN: ErrorDescription = error(
    "Unsupported.Origin",
    400,
    "This key origin is not valid for this api",
);

pub(crate) static POLICY_NOT_FOUND: ErrorDescription =
    error("Forbidden.ResourceNotFound", 404, "Policy not found.");

pub(crate) static INVALID_IMPORT_TOKEN: ErrorDescription =
    error("InvalidImportToken", 400, "import token is invalid");

pub(crate) static EXPIRED_IMPORT_TOKEN: ErrorDescription =
    error("ExpiredImportToken", 400, "import token is expired");

pub(crate) static INVALID_KEY_MATERIAL: ErrorDescription =
    error("InvalidKeyMaterial", 400, "key material is invalid");

pub(crate) static INSTANCE_NOT_FOUND: ErrorDescription = error(
    "Forbidden.DKMSInstanceNotFound",
    403,
    "The specified DKMS Instance is not found.",
);

pub(crate) static INSTANCE_STATE_INVALID: ErrorDescription = error(
    "Forbidden.DKMSInstanceStateInvalid",
    403,
    "The DKMS instance state is invalid.",
);

pub(crate) static TOO_MANY_RESOURCES: ErrorDescription = error(
    "Rejected.LimitExceeded",
    400,
    "The request was rejected because user create resource limit was exceeded.",
);

pub(crate) static RESOURCE_ID_NOT_FOUND: ErrorDescription = error(
    "InvalidResourceId.NotFound",
    404,
    "The specified ResourceId is not found.",
);

pub(crate) static DUPLICATE_TAG_KEY: ErrorDescription = error(
    "Duplicate.TagKey",
    400,
    "The specified tagKey is duplicate.",
);

pub(crate) static INVALID_TAG_KEY: ErrorDescription = error(
    "InvalidParameter.TagKey",
    400,
    "The specified parameter is not valid.",
);

pub(crate) static INVALID_TAG_VALUE: ErrorDescription = error(
    "InvalidParameter.TagValue",
    400,
    "The specified parameter is not valid.",
);

pub(crate) static OPENED: ErrorDescription =
    error("Forbidden.Opened", 400, "Your kms service has been opened.");

pub(crate) static DRY_RUN: ErrorDescription = error(
    "DryRunOperationError",
    400,
    "The request is validated with the DryRun option.",
);

pub(crate) static DRY_RUN_INVALID: ErrorDescription = error(
    "ValidationError",
    400,
    "The request does not pass the validation of the DryRun option.",
);

// No page has the text.
pub(crate) static DRY_RUN_DENIED: ErrorDescription = error(
    "AccessDeniedError",
    403,
    "The request is denied with the DryRun option.",
);

/// Documented errors that no operation here returns, but a fault rule can; and the texts of codes for
/// operations that do not document their own text.
pub(crate) static OTHERS: &[ErrorDescription] = &[
    error(
        "Forbidden.NoPermission",
        403,
        "This operation for {Resource} is forbidden by permission system.",
    ),
    error("Forbidden.AccessKey", 403, "This AccessKey is not enabled."),
    error(
        "Forbidden.KmsServiceNotEnabled",
        403,
        "The KMS service is not enabled.",
    ),
    error(
        "Forbidden.ProhibitedByRiskControl",
        403,
        "This operation is prohibited by risk control.",
    ),
    error("Forbidden.InDebt", 403, "The account is in debt."),
    error(
        "Forbidden.InDebtOverdue",
        403,
        "The account is overdue in debt.",
    ),
    error(
        "Forbidden.KeyPolicyUnSupported",
        400,
        "The specified key does not support key policy.",
    ),
    error(
        "Forbidden.NoRealNameAuthentication",
        400,
        "Real name authentication is needed.",
    ),
    error("CreateLXOrderFailed", 400, "Create order failed."),
    error(
        "Rejected.Unavailable",
        409,
        "The request was rejected because the key state is Unavailable.",
    ),
    error("Unsupported.Alias", 400, "Alias is not valid for this api."),
    error(
        "Unsupported.ProtectionLevel",
        400,
        "This protection level is not valid for this region",
    ),
    error(
        "Rejected.ShareQuotaExceedLimit",
        400,
        "Instance Share Quota Exceed Limit.",
    ),
    error(
        "Rejected.LimitExceeded",
        400,
        "The request was rejected because user create resource limit was exceeded.",
    ),
    error("Forbidden.ResourceNotFound", 404, "Resource not found"),
    error(
        "Rejected.ResourceExist",
        409,
        "The resource already exists.",
    ),
    error(
        "Rejected.ResourceInDeleteWindow",
        409,
        "The secret is planned to be deleted.",
    ),
    // The documented texts of these two mention restoring and stages.
    error("Rejected.ResourceInUse", 409, "The resource is in use."),
    error(
        "Rejected.UnsupportedOperation",
        400,
        "This action is not supported.",
    ),
];
