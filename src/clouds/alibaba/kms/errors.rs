//! The errors of KMS in addition to those of the protocol: code, status and text.
//!
//! The vendor's texts differ from page to page. They are kept as they are, mistakes included.

use crate::clouds::alibaba::rpc::error::{Refusal, refusal};

pub(crate) static UNSUPPORTED: Refusal =
    refusal("UnsupportedOperation", 400, "This action is not supported.");

pub(crate) static NOT_FOUND: Refusal =
    refusal("Forbidden.ResourceNotFound", 404, "Resource not found");

pub(crate) static VALUE_NOT_FOUND: Refusal =
    refusal("Forbidden.ResourceNotFound", 404, "Resource not found.");

pub(crate) static SECRET_EXISTS: Refusal = refusal(
    "Rejected.ResourceExist",
    409,
    "The resource already exists.",
);

pub(crate) static VERSION_EXISTS: Refusal = refusal(
    "Rejected.ResourceExist",
    409,
    "The request was rejected becasue key already exsit",
);

pub(crate) static PLANNED_TO_BE_DELETED: Refusal = refusal(
    "Rejected.ResourceInDeleteWindow",
    409,
    "The secret is planned to be deleted.",
);

pub(crate) static IN_DELETE_PERIOD: Refusal = refusal(
    "Rejected.ResourceInDeleteWindow",
    409,
    "secret in delete peroid",
);

pub(crate) static NOT_DELETED: Refusal =
    refusal("Rejected.ResourceInUse", 409, "restore normal secret");

pub(crate) static TOO_MANY_STAGES: Refusal =
    refusal("Rejected.LimitExceeded", 400, "exceed secret limits error");

pub(crate) static PARAM_MISMATCH: Refusal =
    refusal("Rejected.InvalidRequest", 400, "param mismatch");

pub(crate) static UNNORMAL_STAGES: Refusal = refusal(
    "Rejected.UnsupportedOperation",
    400,
    "secret stages in unnormal status",
);

pub(crate) static KEY_NOT_FOUND: Refusal = refusal(
    "Forbidden.KeyNotFound",
    404,
    "The specified Key is not found.",
);

pub(crate) static KEY_VERSION_NOT_FOUND: Refusal = refusal(
    "Forbidden.KeyVersionNotFound",
    404,
    "The specified Key version is not found.",
);

pub(crate) static ALIAS_NOT_FOUND: Refusal = refusal(
    "Forbidden.AliasNotFound",
    404,
    "The specified Alias is not found.",
);

pub(crate) static ALIAS_EXISTS: Refusal =
    refusal("AliasAlreadyExists", 400, "AliasName Already Exists.");

pub(crate) static KEY_DISABLED: Refusal = refusal(
    "Rejected.Disabled",
    409,
    "The request was rejected because the key state is Disabled.",
);

pub(crate) static KEY_PENDING_DELETION: Refusal = refusal(
    "Rejected.PendingDeletion",
    409,
    "The request was rejected because the key state is PendingDeletion.",
);

pub(crate) static KEY_PENDING_IMPORT: Refusal = refusal(
    "Rejected.PendingImport",
    409,
    "The request was rejected because the key state is PendingImport.",
);

pub(crate) static STATE_NOT_MODIFIED: Refusal = refusal(
    "Rejected.StateModifiedFailed",
    409,
    "Keystate modified failed.",
);

pub(crate) static UNSUPPORTED_FOR_KEY: Refusal = refusal(
    "Rejected.UnsupportedOperation",
    400,
    "Unsupported operation.",
);

pub(crate) static UNSUPPORTED_ORIGIN: Refusal = refusal(
    "Unsupported.Origin",
    400,
    "This key origin is not valid for this api",
);

pub(crate) static POLICY_NOT_FOUND: Refusal =
    refusal("Forbidden.ResourceNotFound", 404, "Policy not found.");

pub(crate) static INVALID_IMPORT_TOKEN: Refusal =
    refusal("InvalidImportToken", 400, "import token is invalid");

pub(crate) static EXPIRED_IMPORT_TOKEN: Refusal =
    refusal("ExpiredImportToken", 400, "import token is expired");

pub(crate) static INVALID_KEY_MATERIAL: Refusal =
    refusal("InvalidKeyMaterial", 400, "key material is invalid");

pub(crate) static INSTANCE_NOT_FOUND: Refusal = refusal(
    "Forbidden.DKMSInstanceNotFound",
    403,
    "The specified DKMS Instance is not found.",
);

pub(crate) static RESOURCE_ID_NOT_FOUND: Refusal = refusal(
    "InvalidResourceId.NotFound",
    404,
    "The specified ResourceId is not found.",
);

pub(crate) static DUPLICATE_TAG_KEY: Refusal = refusal(
    "Duplicate.TagKey",
    400,
    "The specified tagKey is duplicate.",
);

pub(crate) static INVALID_TAG_KEY: Refusal = refusal(
    "InvalidParameter.TagKey",
    400,
    "The specified parameter is not valid.",
);

pub(crate) static INVALID_TAG_VALUE: Refusal = refusal(
    "InvalidParameter.TagValue",
    400,
    "The specified parameter is not valid.",
);

pub(crate) static OPENED: Refusal =
    refusal("Forbidden.Opened", 400, "Your kms service has been opened.");

pub(crate) static DRY_RUN: Refusal = refusal(
    "DryRunOperationError",
    400,
    "The request is validated with the DryRun option.",
);

pub(crate) static DRY_RUN_INVALID: Refusal = refusal(
    "ValidationError",
    400,
    "The request does not pass the validation of the DryRun option.",
);

// No page has the text.
pub(crate) static DRY_RUN_DENIED: Refusal = refusal(
    "AccessDeniedError",
    403,
    "The request is denied with the DryRun option.",
);

/// Documented errors that no operation here returns, but a fault rule can; and the texts of codes for
/// operations that do not document their own text.
pub(crate) static OTHERS: &[Refusal] = &[
    refusal(
        "Forbidden.NoPermission",
        403,
        "This operation for {Resource} is forbidden by permission system.",
    ),
    refusal("Forbidden.AccessKey", 403, "This AccessKey is not enabled."),
    refusal(
        "Forbidden.KmsServiceNotEnabled",
        403,
        "The KMS service is not enabled.",
    ),
    refusal(
        "Forbidden.ProhibitedByRiskControl",
        403,
        "This operation is prohibited by risk control.",
    ),
    refusal("Forbidden.InDebt", 403, "The account is in debt."),
    refusal(
        "Forbidden.InDebtOverdue",
        403,
        "The account is overdue in debt.",
    ),
    refusal(
        "Forbidden.DKMSInstanceStateInvalid",
        403,
        "The DKMS instance state is invalid.",
    ),
    refusal(
        "Forbidden.KeyPolicyUnSupported",
        400,
        "The specified key does not support key policy.",
    ),
    refusal(
        "Forbidden.NoRealNameAuthentication",
        400,
        "Real name authentication is needed.",
    ),
    refusal("CreateLXOrderFailed", 400, "Create order failed."),
    refusal(
        "Rejected.Unavailable",
        409,
        "The request was rejected because the key state is Unavailable.",
    ),
    refusal("Unsupported.Alias", 400, "Alias is not valid for this api."),
    refusal(
        "Unsupported.ProtectionLevel",
        400,
        "This protection level is not valid for this region",
    ),
    refusal(
        "Rejected.ShareQuotaExceedLimit",
        400,
        "Instance Share Quota Exceed Limit.",
    ),
    refusal(
        "Rejected.LimitExceeded",
        400,
        "The request was rejected because user create resource limit was exceeded.",
    ),
    refusal("Forbidden.ResourceNotFound", 404, "Resource not found"),
    refusal(
        "Rejected.ResourceExist",
        409,
        "The resource already exists.",
    ),
    refusal(
        "Rejected.ResourceInDeleteWindow",
        409,
        "The secret is planned to be deleted.",
    ),
    // The documented texts of these two mention restoring and stages.
    refusal("Rejected.ResourceInUse", 409, "The resource is in use."),
    refusal(
        "Rejected.UnsupportedOperation",
        400,
        "This action is not supported.",
    ),
];
