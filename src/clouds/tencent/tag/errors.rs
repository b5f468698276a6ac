//! The errors of Tag: code and text. The codes and their meaning are in the vendor's SDKs; no text was recorded.

use crate::clouds::tencent::api3::error::{Refusal, refusal};

/// A resource that does not exist, of another account, or not in six segments.
pub(super) static NOT_FOUND: Refusal = refusal(
    "InvalidParameterValue.ResourceDescriptionError",
    "The resource description is not valid.",
);

pub(super) static RESOURCE_ID_INVALID: Refusal = refusal(
    "InvalidParameterValue.ResourceIdInvalid",
    "The resource ID is not valid.",
);

pub(super) static RESOURCE_PREFIX_INVALID: Refusal = refusal(
    "InvalidParameterValue.ResourcePrefixInvalid",
    "The resource prefix is not valid.",
);

pub(super) static SERVICE_TYPE_INVALID: Refusal = refusal(
    "InvalidParameterValue.ServiceTypeInvalid",
    "The service type is not valid.",
);

pub(super) static REGION_INVALID: Refusal = refusal(
    "InvalidParameterValue.RegionInvalid",
    "The region is not valid.",
);

pub(super) static OFFSET_INVALID: Refusal = refusal(
    "InvalidParameterValue.OffsetInvalid",
    "The offset must be a multiple of the limit.",
);

pub(super) static KEY_EMPTY: Refusal = refusal(
    "InvalidParameterValue.TagKeyEmpty",
    "The tag key cannot be empty.",
);

pub(super) static KEY_TOO_LONG: Refusal = refusal(
    "InvalidParameterValue.TagKeyLengthExceeded",
    "The tag key exceeds the length limit.",
);

pub(super) static KEY_CHARACTER: Refusal = refusal(
    "InvalidParameterValue.TagKeyCharacterIllegal",
    "The tag key contains invalid characters.",
);

pub(super) static KEY_RESERVED: Refusal = refusal(
    "InvalidParameter.ReservedTagKey",
    "The tag key is reserved by the system.",
);

pub(super) static VALUE_TOO_LONG: Refusal = refusal(
    "InvalidParameterValue.TagValueLengthExceeded",
    "The tag value exceeds the length limit.",
);

pub(super) static VALUE_CHARACTER: Refusal = refusal(
    "InvalidParameterValue.TagValueCharacterIllegal",
    "The tag value contains invalid characters.",
);

pub(super) static TAG_INVALID: Refusal = refusal("InvalidParameter.Tag", "The tags are not valid.");

pub(super) static DELETED_AND_REPLACED: Refusal = refusal(
    "InvalidParameterValue.DeleteTagsParamError",
    "DeleteTags cannot contain a key of ReplaceTags.",
);

pub(super) static TOO_MANY_IN_REQUEST: Refusal =
    refusal("LimitExceeded.Quota", "The quota is exceeded.");

pub(super) static TOO_MANY_TAGS: Refusal = refusal(
    "LimitExceeded.ResourceAttachedTags",
    "The number of tags of the resource exceeds the limit.",
);

pub(super) static KEY_ATTACHED: Refusal = refusal(
    "ResourceInUse.TagKeyAttached",
    "The tag key is attached to the resource already.",
);

pub(super) static KEY_NOT_ATTACHED: Refusal = refusal(
    "ResourceNotFound.AttachedTagKeyNotFound",
    "The tag key is not attached to the resource.",
);

/// Documented errors that no operation here returns, but a fault rule can.
pub(super) static OTHERS: &[Refusal] = &[
    refusal("FailedOperation", "The operation failed."),
    refusal(
        "FailedOperation.PolicyEnforcedInvalid",
        "A tag policy does not allow the operation.",
    ),
    refusal(
        "FailedOperation.ResourceTagProcessing",
        "The tags of the resource are being changed.",
    ),
    refusal(
        "InvalidParameter.UnsupportedService",
        "The service does not support tags.",
    ),
    refusal("InvalidParameterValue.UinInvalid", "The uin is not valid."),
    refusal(
        "LimitExceeded.TagKey",
        "The account has 1000 tag keys, which is the limit.",
    ),
    refusal(
        "LimitExceeded.TagValue",
        "The tag key has 1000 values, which is the limit.",
    ),
];
