//! The errors of Tag: code and text. The codes and their meaning are in the vendor's SDKs; no text was recorded.

use crate::clouds::tencent::api3::error::{ErrorDescription, error};

/// A resource that does not exist, of another account, or not in six segments.
pub(super) static NOT_FOUND: ErrorDescription = error(
    "InvalidParameterValue.ResourceDescriptionError",
    "The resource description is not valid.",
);

pub(super) static RESOURCE_ID_INVALID: ErrorDescription = error(
    "InvalidParameterValue.ResourceIdInvalid",
    "The resource ID is not valid.",
);

pub(super) static RESOURCE_PREFIX_INVALID: ErrorDescription = error(
    "InvalidParameterValue.ResourcePrefixInvalid",
    "The resource prefix is not valid.",
);

pub(super) static SERVICE_TYPE_INVALID: ErrorDescription = error(
    "InvalidParameterValue.ServiceTypeInvalid",
    "The service type is not valid.",
);

pub(super) static REGION_INVALID: ErrorDescription = error(
    "InvalidParameterValue.RegionInvalid",
    "The region is not valid.",
);

pub(super) static OFFSET_INVALID: ErrorDescription = error(
    "InvalidParameterValue.OffsetInvalid",
    "The offset must be a multiple of the limit.",
);

pub(super) static KEY_EMPTY: ErrorDescription = error(
    "InvalidParameterValue.TagKeyEmpty",
    "The tag key cannot be empty.",
);

pub(super) static KEY_TOO_LONG: ErrorDescription = error(
    "InvalidParameterValue.TagKeyLengthExceeded",
    "The tag key exceeds the length limit.",
);

pub(super) static KEY_CHARACTER: ErrorDescription = error(
    "InvalidParameterValue.TagKeyCharacterIllegal",
    "The tag key contains invalid characters.",
);

pub(super) static KEY_RESERVED: ErrorDescription = error(
    "InvalidParameter.ReservedTagKey",
    "The tag key is reserved by the system.",
);

pub(super) static VALUE_TOO_LONG: ErrorDescription = error(
    "InvalidParameterValue.TagValueLengthExceeded",
    "The tag value exceeds the length limit.",
);

pub(super) static VALUE_CHARACTER: ErrorDescription = error(
    "InvalidParameterValue.TagValueCharacterIllegal",
    "The tag value contains invalid characters.",
);

pub(super) static TAG_INVALID: ErrorDescription =
    error("InvalidParameter.Tag", "The tags are not valid.");

pub(super) static DELETED_AND_REPLACED: ErrorDescription = error(
    "InvalidParameterValue.DeleteTagsParamError",
    "DeleteTags cannot contain a key of ReplaceTags.",
);

pub(super) static TOO_MANY_IN_REQUEST: ErrorDescription =
    error("LimitExceeded.Quota", "The quota is exceeded.");

pub(super) static TOO_MANY_TAGS: ErrorDescription = error(
    "LimitExceeded.ResourceAttachedTags",
    "The number of tags of the resource exceeds the limit.",
);

pub(super) static KEY_ATTACHED: ErrorDescription = error(
    "ResourceInUse.TagKeyAttached",
    "The tag key is attached to the resource already.",
);

pub(super) static KEY_NOT_ATTACHED: ErrorDescription = error(
    "ResourceNotFound.AttachedTagKeyNotFound",
    "The tag key is not attached to the resource.",
);

/// Documented errors that no operation here returns, but a fault rule can.
pub(super) static OTHERS: &[ErrorDescription] = &[
    error("FailedOperation", "The operation failed."),
    error(
        "FailedOperation.PolicyEnforcedInvalid",
        "A tag policy does not allow the operation.",
    ),
    error(
        "FailedOperation.ResourceTagProcessing",
        "The tags of the resource are being changed.",
    ),
    error(
        "InvalidParameter.UnsupportedService",
        "The service does not support tags.",
    ),
    error("InvalidParameterValue.UinInvalid", "The uin is not valid."),
    error(
        "LimitExceeded.TagKey",
        "The account has 1000 tag keys, which is the limit.",
    ),
    error(
        "LimitExceeded.TagValue",
        "The tag key has 1000 values, which is the limit.",
    ),
];
