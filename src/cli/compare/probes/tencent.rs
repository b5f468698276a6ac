//! The probes of Tencent Cloud.

use super::super::probe::Assumption::{Evidence, Row};
use super::super::probe::{Assumption, CODE, ERROR, Probe, Step, Unprobed, ask};
use crate::cli::remote::KeyUsed;

const LIMIT: Assumption = Row("`Limit` is at most 200; more is an error");
const SEARCH: Assumption =
    Row("`SearchSecretName` matches a part of the name and is case-sensitive");
const TAG_FILTERS: Assumption =
    Row("At most 6 `TagFilters` with 10 values each; a key without values matches any value");
const SAME_TIME: Assumption =
    Row("Secrets with the same creation time are listed in the order of their creation");
const MISSING: Assumption = Row(
    "Every missing secret or version is `ResourceNotFound` with the text `can not find secrets`",
);
const STATES: Assumption = Row("An operation in the wrong state is `FailedOperation`");
const VALUE_SIZE: Assumption = Row("Values have at most 32,768 bytes");
const TEXTS: Assumption =
    Row("The English texts of `InvalidParameter` and of the operations' own errors");

const CREATE: Step = ask(
    "CreateSecret",
    r#"{"SecretName":"{own}","VersionId":"v1","SecretString":"first value"}"#,
);
const SECOND_VERSION: Step = ask(
    "PutSecretValue",
    r#"{"SecretName":"{own}","VersionId":"v2","SecretString":"second value"}"#,
);
const VERSIONS: Step = ask("ListSecretVersionIds", r#"{"SecretName":"{own}"}"#);
const DISABLE: Step = ask("DisableSecret", r#"{"SecretName":"{own}"}"#);
const PLAN_DELETION: Step = ask(
    "DeleteSecret",
    r#"{"SecretName":"{own}","RecoveryWindowInDays":7}"#,
);

/// The probes, those that only read first.
pub(in crate::cli::compare) const PROBES: &[Probe] = &[
    Probe {
        name: "limit-above-the-maximum",
        explanation: "A Limit of more than 200 is an error.",
        settles: &[LIMIT, Evidence("ListSecrets", "maximum of Limit")],
        writes: false,
        steps: &[
            ask("ListSecrets", r#"{"Limit":200}"#).look_at(ERROR),
            ask("ListSecrets", r#"{"Limit":201}"#).look_at(ERROR),
        ],
    },
    Probe {
        name: "offset-after-the-last",
        explanation: "An offset after the last secret gives an empty list.",
        settles: &[Row("An offset after the last secret gives an empty list")],
        writes: false,
        steps: &[ask("ListSecrets", r#"{"Offset":1000000,"Limit":10}"#)],
    },
    Probe {
        name: "search-by-part-of-name",
        explanation: "SearchSecretName finds secrets by a part of their name.",
        settles: &[SEARCH, Evidence("ListSecrets", "search by substring")],
        writes: false,
        steps: &[ask("ListSecrets", r#"{"SearchSecretName":"{part}"}"#)],
    },
    Probe {
        name: "search-by-name-in-other-case",
        explanation: "SearchSecretName distinguishes upper and lower case.",
        settles: &[SEARCH],
        writes: false,
        steps: &[ask("ListSecrets", r#"{"SearchSecretName":"{swapped}"}"#)],
    },
    Probe {
        name: "tag-filters-at-the-limits",
        explanation: "ListSecrets accepts 6 TagFilters with 10 values.",
        settles: &[TAG_FILTERS, Evidence("ListSecrets", "limits of TagFilters")],
        writes: false,
        steps: &[
            ask(
                "ListSecrets",
                r#"{"TagFilters":[{"TagKey":"kms-emulator-compare-1","TagValue":["1","2","3","4","5","6","7","8","9","10"]},{"TagKey":"kms-emulator-compare-2"},{"TagKey":"kms-emulator-compare-3"},{"TagKey":"kms-emulator-compare-4"},{"TagKey":"kms-emulator-compare-5"},{"TagKey":"kms-emulator-compare-6"}]}"#,
            ),
            ask(
                "ListSecrets",
                r#"{"TagFilters":[{"TagKey":"kms-emulator-compare-1","TagValue":["1","2","3","4","5","6","7","8","9","10","11"]}]}"#,
            ),
            ask(
                "ListSecrets",
                r#"{"TagFilters":[{"TagKey":"kms-emulator-compare-1"},{"TagKey":"kms-emulator-compare-2"},{"TagKey":"kms-emulator-compare-3"},{"TagKey":"kms-emulator-compare-4"},{"TagKey":"kms-emulator-compare-5"},{"TagKey":"kms-emulator-compare-6"},{"TagKey":"kms-emulator-compare-7"}]}"#,
            ),
        ],
    },
    Probe {
        name: "list-without-a-type",
        explanation: "Without SecretType only custom secrets are listed.",
        settles: &[Row("Without `SecretType` only custom secrets are listed")],
        writes: false,
        steps: &[ask("ListSecrets", r#"{"Limit":10}"#).look_at(&["/TotalCount", "/Error/Code"])],
    },
    Probe {
        name: "list-by-encryption",
        explanation: "EncryptType filters only if it is given.",
        settles: &[Row("`EncryptType` filters only if it is given")],
        writes: false,
        steps: &[
            ask("ListSecrets", r#"{"Limit":10}"#).look_at(&["/TotalCount", "/Error/Code"]),
            ask("ListSecrets", r#"{"Limit":10,"EncryptType":0}"#)
                .look_at(&["/TotalCount", "/Error/Code"]),
            ask("ListSecrets", r#"{"Limit":10,"EncryptType":1}"#)
                .look_at(&["/TotalCount", "/Error/Code"]),
        ],
    },
    Probe {
        name: "order-of-lists",
        explanation: "Secrets are listed by creation time, and pages do not overlap in either direction.",
        settles: &[
            SAME_TIME,
            Evidence(
                "ListSecrets",
                "order of secrets with the same creation time",
            ),
        ],
        writes: false,
        steps: &[
            ask("ListSecrets", r#"{"Limit":10}"#),
            ask("ListSecrets", r#"{"Limit":10,"Offset":10}"#),
            ask("ListSecrets", r#"{"Limit":10,"OrderType":1}"#),
        ],
    },
    Probe {
        name: "search-by-instance",
        explanation: "InstanceID finds a secret of a cloud product by its ResourceID.",
        settles: &[
            Row("`InstanceID` matches the `ResourceID` of a cloud product's secret"),
            Evidence("ListSecrets", "secrets found by InstanceID"),
        ],
        writes: false,
        steps: &[ask(
            "ListSecrets",
            r#"{"SecretType":"{product type}","InstanceID":"{instance}"}"#,
        )],
    },
    Probe {
        name: "missing-secret",
        explanation: "A secret that does not exist is ResourceNotFound.",
        settles: &[MISSING],
        writes: false,
        steps: &[
            ask(
                "DescribeSecret",
                r#"{"SecretName":"kms-emulator-compare-missing"}"#,
            ),
            ask(
                "ListSecretVersionIds",
                r#"{"SecretName":"kms-emulator-compare-missing"}"#,
            ),
            ask(
                "GetSecretValue",
                r#"{"SecretName":"kms-emulator-compare-missing","VersionId":"v1"}"#,
            ),
        ],
    },
    Probe {
        name: "empty-version-id",
        explanation: "GetSecretValue rejects an empty VersionId.",
        settles: &[Evidence("GetSecretValue", "an empty VersionId")],
        writes: false,
        steps: &[ask(
            "GetSecretValue",
            r#"{"SecretName":"kms-emulator-compare-missing","VersionId":""}"#,
        )],
    },
    Probe {
        name: "invalid-parameters",
        explanation: "The texts of InvalidParameter, InvalidParameterValue and MissingParameter.",
        settles: &[TEXTS],
        writes: false,
        steps: &[
            ask("ListSecrets", r#"{"Limit":"many"}"#),
            ask("ListSecrets", r#"{"OrderType":7}"#),
            ask("ListSecrets", r#"{"Unknown":1}"#),
            ask("DescribeSecret", "{}"),
            ask("DescribeSecret", "{}").payload(r#"{"SecretName":"#),
        ],
    },
    Probe {
        name: "parameter-sent-twice",
        explanation: "Of a parameter that is sent twice, the first value is used in a query, the last one in a JSON body.",
        settles: &[Row("If a parameter is sent twice, the first value is used")],
        writes: false,
        steps: &[
            ask("ListSecrets", "{}")
                .get()
                .payload("Limit=1&Limit=2")
                .look_at(&["/SecretMetadatas", "/Error"]),
            ask("ListSecrets", "{}")
                .payload(r#"{"Limit":1,"Limit":2}"#)
                .look_at(&["/SecretMetadatas", "/Error"]),
        ],
    },
    Probe {
        name: "nonce-used-again",
        explanation: "A nonce may be used again.",
        settles: &[Row("A nonce may be used again")],
        writes: false,
        steps: &[ask("GetServiceStatus", "{}")
            .signed_by("HmacSHA256")
            .twice()
            .look_at(ERROR)],
    },
    Probe {
        name: "request-without-region",
        explanation: "A request without Region is accepted.",
        settles: &[Row(
            "A request without `Region` uses the first region offered",
        )],
        writes: false,
        steps: &[ask("ListSecrets", r#"{"Limit":1}"#)
            .without_region()
            .look_at(ERROR)],
    },
    Probe {
        name: "line-break-after-a-signature",
        explanation: "A v1 signature may end with one line break.",
        settles: &[Row("A v1 signature may end with one line break")],
        writes: false,
        steps: &[ask("GetServiceStatus", "{}")
            .signed_by("HmacSHA1")
            .line_break()
            .look_at(ERROR)],
    },
    Probe {
        name: "body-null",
        explanation: "A JSON body null is a request without parameters.",
        settles: &[Row("A JSON body `null` is a request without parameters")],
        writes: false,
        steps: &[ask("GetServiceStatus", "{}").payload("null").look_at(ERROR)],
    },
    Probe {
        name: "service-status",
        explanation: "GetServiceStatus returns that the service is enabled and paid by use.",
        settles: &[
            Row("`PayModel` of GetServiceStatus is `Postpaid_SSM`"),
            Evidence("GetServiceStatus", "values"),
        ],
        writes: false,
        steps: &[ask("GetServiceStatus", "{}")],
    },
    Probe {
        name: "wrong-secret",
        explanation: "A wrong signature is AuthFailure.SignatureFailure.",
        settles: &[],
        writes: false,
        steps: &[
            ask("GetRegions", "{}").key(KeyUsed::WrongSecret),
            ask("GetRegions", "{}")
                .signed_by("HmacSHA256")
                .key(KeyUsed::WrongSecret),
        ],
    },
    Probe {
        name: "space-after-the-access-key",
        explanation: "A SecretId with a space after it is rejected.",
        settles: &[Row(
            "An AccessKey ID with white space before or after it is rejected",
        )],
        writes: false,
        steps: &[ask("GetRegions", "{}")
            .key(KeyUsed::SpaceAfter)
            .look_at(CODE)],
    },
    Probe {
        name: "unknown-task",
        explanation: "A task that does not exist is ResourceNotFound.",
        settles: &[Evidence(
            "DescribeAsyncRequestInfo",
            "the error for an unknown task",
        )],
        writes: false,
        steps: &[ask("DescribeAsyncRequestInfo", r#"{"FlowID":1}"#).look_at(ERROR)],
    },
    Probe {
        name: "unknown-key-pair",
        explanation: "An SSH key pair that does not exist is ResourceNotFound.",
        settles: &[Evidence("GetSSHKeyPairValue", "the code for an unknown id")],
        writes: false,
        steps: &[ask("GetSSHKeyPairValue", r#"{"SSHKeyId":"skey-00000000"}"#).look_at(CODE)],
    },
    // Probes that write.
    Probe {
        name: "boolean-in-a-form",
        explanation: "In a form, 1 means true for a boolean.",
        settles: &[Row("In a form, a boolean may be `1` or `0`")],
        writes: true,
        steps: &[
            CREATE,
            DISABLE,
            ask(
                "DeleteSecret",
                r#"{"SecretName":"{own}","RecoveryWindowInDays":0,"CleanSSHKey":1}"#,
            )
            .signed_by("HmacSHA256")
            .look_at(ERROR),
        ],
    },
    Probe {
        name: "missing-secret-to-change",
        explanation: "Operations that change a secret that does not exist return ResourceNotFound.",
        settles: &[MISSING],
        writes: true,
        steps: &[
            ask(
                "PutSecretValue",
                r#"{"SecretName":"{own-b}","VersionId":"v1","SecretString":"x"}"#,
            ),
            ask(
                "UpdateSecret",
                r#"{"SecretName":"{own-b}","VersionId":"v1","SecretString":"x"}"#,
            ),
            ask(
                "UpdateDescription",
                r#"{"SecretName":"{own-b}","Description":"x"}"#,
            ),
            ask("EnableSecret", r#"{"SecretName":"{own-b}"}"#),
            ask("DisableSecret", r#"{"SecretName":"{own-b}"}"#),
            ask("RestoreSecret", r#"{"SecretName":"{own-b}"}"#),
            ask("DeleteSecret", r#"{"SecretName":"{own-b}"}"#),
            ask(
                "DeleteSecretVersion",
                r#"{"SecretName":"{own-b}","VersionId":"v1"}"#,
            ),
        ],
    },
    Probe {
        name: "wrong-state",
        explanation: "An operation in the wrong state is FailedOperation; enabling and disabling again succeed.",
        settles: &[
            STATES,
            Evidence("DeleteSecret", "codes for wrong states"),
            Evidence("DeleteSecret", "DeleteTime of a deletion at once"),
            Evidence("DisableSecret", "a secret that is disabled already"),
            Evidence("EnableSecret", "a secret that is enabled already"),
            Evidence("RestoreSecret", "codes for wrong states"),
            Evidence("UpdateDescription", "codes for wrong states"),
            Evidence("PutSecretValue", "states"),
        ],
        writes: true,
        steps: &[
            CREATE,
            ask("EnableSecret", r#"{"SecretName":"{own}"}"#),
            PLAN_DELETION,
            ask("RestoreSecret", r#"{"SecretName":"{own}"}"#),
            DISABLE,
            DISABLE,
            PLAN_DELETION,
            ask("DescribeSecret", r#"{"SecretName":"{own}"}"#),
            ask(
                "GetSecretValue",
                r#"{"SecretName":"{own}","VersionId":"v1"}"#,
            ),
            SECOND_VERSION,
            ask(
                "UpdateSecret",
                r#"{"SecretName":"{own}","VersionId":"v1","SecretString":"x"}"#,
            ),
            ask(
                "UpdateDescription",
                r#"{"SecretName":"{own}","Description":"x"}"#,
            ),
            ask("EnableSecret", r#"{"SecretName":"{own}"}"#),
            DISABLE,
            PLAN_DELETION,
            ask("RestoreSecret", r#"{"SecretName":"{own}"}"#),
            ask(
                "DeleteSecret",
                r#"{"SecretName":"{own}","RecoveryWindowInDays":0}"#,
            ),
        ],
    },
    Probe {
        name: "missing-version",
        explanation: "A version that does not exist is ResourceNotFound, even if the secret is disabled or pending deletion.",
        settles: &[Row(
            "A version that does not exist is `ResourceNotFound`, even if the secret is disabled or pending deletion",
        )],
        writes: true,
        steps: &[
            CREATE,
            ask(
                "GetSecretValue",
                r#"{"SecretName":"{own}","VersionId":"v9"}"#,
            ),
            ask("GetSecretValue", r#"{"SecretName":"{own}","VersionId":""}"#),
            DISABLE,
            ask(
                "GetSecretValue",
                r#"{"SecretName":"{own}","VersionId":"v9"}"#,
            ),
            PLAN_DELETION,
            ask(
                "GetSecretValue",
                r#"{"SecretName":"{own}","VersionId":"v9"}"#,
            ),
        ],
    },
    Probe {
        name: "size-of-values",
        explanation: "Values have at most 32,768 bytes.",
        settles: &[VALUE_SIZE, Evidence("CreateSecret", "the size of values")],
        writes: true,
        steps: &[
            ask(
                "CreateSecret",
                r#"{"SecretName":"{own}","VersionId":"v1","SecretString":"{long}"}"#,
            )
            .long(32_768)
            .look_at(ERROR),
            ask(
                "CreateSecret",
                r#"{"SecretName":"{own-b}","VersionId":"v1","SecretString":"{long}"}"#,
            )
            .long(32_769)
            .look_at(ERROR),
        ],
    },
    Probe {
        name: "errors-of-creation",
        explanation: "CreateSecret rejects empty values, both kinds of values together, and names that exist.",
        settles: &[
            Evidence("CreateSecret", "empty texts"),
            Evidence("CreateSecret", "error messages"),
            TEXTS,
        ],
        writes: true,
        steps: &[
            ask(
                "CreateSecret",
                r#"{"SecretName":"{own}","VersionId":"v1","SecretString":""}"#,
            ),
            ask(
                "CreateSecret",
                r#"{"SecretName":"{own}","VersionId":"","SecretString":"first value"}"#,
            ),
            ask(
                "CreateSecret",
                r#"{"SecretName":"{own}","VersionId":"v1","SecretString":"x","SecretBinary":"eA=="}"#,
            ),
            CREATE,
            CREATE,
        ],
    },
    Probe {
        name: "overwritten-version",
        explanation: "A version that is overwritten keeps its creation time.",
        settles: &[
            Row("A version that is overwritten keeps its creation time"),
            Evidence("UpdateSecret", "the version keeps its creation time"),
        ],
        writes: true,
        steps: &[
            CREATE,
            VERSIONS,
            ask(
                "UpdateSecret",
                r#"{"SecretName":"{own}","VersionId":"v1","SecretString":"other value"}"#,
            )
            .later(),
            VERSIONS,
        ],
    },
    Probe {
        name: "order-of-versions",
        explanation: "Versions are listed newest first.",
        settles: &[
            Row("Versions are listed newest first"),
            Evidence("ListSecretVersionIds", "order"),
        ],
        writes: true,
        steps: &[
            CREATE,
            SECOND_VERSION.later(),
            ask(
                "PutSecretValue",
                r#"{"SecretName":"{own}","VersionId":"v0","SecretString":"third value"}"#,
            )
            .later(),
            VERSIONS,
        ],
    },
    Probe {
        name: "version-with-the-same-value",
        explanation: "PutSecretValue rejects a version that exists, even with the same value.",
        settles: &[Evidence(
            "PutSecretValue",
            "an existing version with the same value",
        )],
        writes: true,
        steps: &[
            CREATE,
            ask(
                "PutSecretValue",
                r#"{"SecretName":"{own}","VersionId":"v1","SecretString":"first value"}"#,
            ),
        ],
    },
    Probe {
        name: "base64-with-line-breaks",
        explanation: "Base64 with line breaks is accepted as SecretBinary and returned without them.",
        settles: &[Row(
            "Base64 with line breaks is accepted as `SecretBinary` and returned without them",
        )],
        writes: true,
        steps: &[
            ask(
                "CreateSecret",
                r#"{"SecretName":"{own}","VersionId":"v1","SecretBinary":"AAEC\nAwQF\n"}"#,
            ),
            ask(
                "GetSecretValue",
                r#"{"SecretName":"{own}","VersionId":"v1"}"#,
            ),
        ],
    },
    Probe {
        name: "rotation-of-a-custom-secret",
        explanation: "A custom secret cannot be rotated.",
        settles: &[
            Evidence("RotateProductSecret", "codes for other types and states"),
            Evidence("UpdateRotationStatus", "codes for other types and states"),
            Evidence("DescribeRotationDetail", "the code for other types"),
            Evidence("DescribeRotationHistory", "the code for other types"),
            Evidence("GetSSHKeyPairValue", "codes for other types and states"),
        ],
        writes: true,
        steps: &[
            CREATE,
            ask("RotateProductSecret", r#"{"SecretName":"{own}"}"#).look_at(CODE),
            ask(
                "UpdateRotationStatus",
                r#"{"SecretName":"{own}","EnableRotation":false}"#,
            )
            .look_at(CODE),
            ask("DescribeRotationDetail", r#"{"SecretName":"{own}"}"#).look_at(CODE),
            ask("DescribeRotationHistory", r#"{"SecretName":"{own}"}"#).look_at(CODE),
            ask("GetSSHKeyPairValue", r#"{"SecretName":"{own}"}"#).look_at(CODE),
        ],
    },
];

/// Assumptions without a probe.
pub(in crate::cli::compare) const UNPROBED: &[Unprobed] = &[
    Unprobed {
        assumptions: &[
            Row("A request with a temporary key but without its token"),
            Row("An expired OpenID Connect token"),
        ],
        reason: "it needs a role of the account that the key may assume",
    },
    Unprobed {
        assumptions: &[
            Row("`UnauthorizedOperation` has the text"),
            Row("In a CAM policy, a request without a condition key"),
            Row("Operations of the service Tag need"),
            Row("AssumeRole of Tencent Cloud needs the permission for the role"),
        ],
        reason: "it needs access keys with policies that deny requests",
    },
    Unprobed {
        assumptions: &[Row(
            "`ResourceID` of a secret of a cloud product is the product's instance",
        )],
        reason: "the values are those of the account's own list; `fixtures pull` saves them",
    },
    Unprobed {
        assumptions: &[
            Evidence("AddResourceTag", "error texts"),
            Evidence("UpdateResourceTagValue", "error texts"),
            Evidence("DeleteResourceTag", "error texts"),
            Evidence("ModifyResourceTags", "error texts"),
            Evidence("AddResourceTag", "an unknown secret"),
            Evidence("UpdateResourceTagValue", "an unknown secret"),
            Evidence("DeleteResourceTag", "an unknown secret"),
            Evidence("ModifyResourceTags", "an unknown secret"),
            Evidence("ModifyResourceTags", "an empty or missing list"),
            Evidence("DescribeResourceTagsByResourceIds", "error texts"),
            Evidence("DescribeResourceTagsByResourceIds", "the order of the tags"),
            Evidence("DescribeResourceTagsByResourceIds", "a limit of 0"),
            Evidence("DescribeResourceTagsByResourceIds", "an unknown resource"),
            Evidence("DescribeResourceTags", "the order of the tags"),
            Evidence("DescribeResourceTags", "an absent region"),
            Evidence("DescribeResourceTags", "a limit of 0"),
            Evidence("AssumeRole", "codes of other parameters"),
            Evidence("AssumeRoleWithWebIdentity", "codes of other parameters"),
            Evidence("AssumeRoleWithWebIdentity", "text of an invalid token"),
            Evidence("GetCallerIdentity", "a permanent key"),
            Evidence("GetFederationToken", "codes of other parameters"),
            Evidence("GetFederationToken", "the code for a temporary key"),
        ],
        reason: "`compare` asks one service, and these operations belong to another",
    },
    Unprobed {
        assumptions: &[
            Evidence("CreateSecret", "secrets of Redis"),
            Evidence("DescribeSecret", "accounts before the current one"),
            Evidence(
                "DescribeAsyncRequestInfo",
                "the description of a running task",
            ),
            Evidence("RotateProductSecret", "the ids of earlier versions"),
            Evidence("UpdateRotationStatus", "the time zone"),
            Evidence("UpdateRotationStatus", "a begin in the past"),
            Evidence("DescribeRotationDetail", "the time zone"),
            Evidence("DescribeRotationHistory", "the order of the versions"),
            Evidence("DescribeRotationHistory", "accounts before the current one"),
            Evidence("CreateProductSecret", "the bounds of `RotationFrequency`"),
            Evidence("CreateProductSecret", "a begin in the past"),
            Evidence("CreateProductSecret", "names of accounts"),
            Evidence(
                "CreateSSHKeyPairSecret",
                "the name that the service chooses",
            ),
            Row("GetSSHKeyPairValue reads a disabled key pair"),
        ],
        reason: "it needs an instance of a database, or creates a key pair that stays",
    },
    Unprobed {
        assumptions: &[Evidence(
            "CreateService",
            "the error for a service that is enabled",
        )],
        reason: "in an account without the service it would purchase it",
    },
    Unprobed {
        assumptions: &[
            Row("Times in texts (`RotationBeginTime`, `LatestRotateTime`) are in Beijing time"),
            Row("A rotation creates another account"),
        ],
        reason: "it needs an instance of a database",
    },
    Unprobed {
        assumptions: &[Row("A product that is not emulated is `NoSuchProduct`")],
        reason: "the real cloud has the products that the emulator lacks",
    },
];
