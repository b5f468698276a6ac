//! The probes of Alibaba Cloud.

use super::super::probe::Assumption::{Evidence, Row};
use super::super::probe::{Assumption, CODE, ERROR, Probe, Step, Unprobed, ask};
use crate::cli::remote::KeyUsed;

/// The row about filters.
const FILTERS: Assumption = Row("Filters match the whole value and are case-sensitive");
const BOUNDS: Assumption = Row("A page size or page number out of range is an error");
const PENDING: Assumption =
    Row("A secret with a planned deletion can be described, listed, tagged and restored");

const CREATE: Step = ask(
    "CreateSecret",
    r#"{"SecretName":"{own}","VersionId":"v1","SecretData":"first value"}"#,
);
const SECOND_VERSION: Step = ask(
    "PutSecretValue",
    r#"{"SecretName":"{own}","VersionId":"v2","SecretData":"second value"}"#,
);
const PLAN_DELETION: Step = ask(
    "DeleteSecret",
    r#"{"SecretName":"{own}","RecoveryWindowInDays":"7"}"#,
);
const TIMES: Step = ask("DescribeSecret", r#"{"SecretName":"{own}"}"#).look_at(&[
    "/CreateTime",
    "/UpdateTime",
    "/Code",
]);

/// The probes, those that only read first.
pub(in crate::cli::compare) const PROBES: &[Probe] = &[
    Probe {
        name: "order-of-lists",
        explanation: "Lists are ordered by creation time, then by name.",
        settles: &[
            Row("Lists are ordered by creation time, then by name"),
            Evidence("ListSecrets", "order"),
        ],
        writes: false,
        steps: &[ask("ListSecrets", r#"{"PageSize":20}"#)],
    },
    Probe {
        name: "kms-instances",
        explanation: "KMS instances are listed by id.",
        settles: &[Evidence("ListKmsInstances", "order")],
        writes: false,
        steps: &[ask("ListKmsInstances", "{}")],
    },
    Probe {
        name: "filters-of-kms-instances",
        explanation: "Filters of KMS instances have no effect.",
        settles: &[Evidence(
            "ListKmsInstances",
            "that `Filters` have no effect",
        )],
        writes: false,
        steps: &[ask("ListKmsInstances", r#"{"Filters":"[]"}"#)],
    },
    Probe {
        name: "default-kms-instance",
        explanation: "An account without a KMS instance has no default one.",
        settles: &[Evidence(
            "GetDefaultKmsInstance",
            "the reply without a default instance",
        )],
        writes: false,
        steps: &[ask("GetDefaultKmsInstance", "{}")],
    },
    Probe {
        name: "unknown-kms-instance",
        explanation: "A KMS instance that does not exist is not found.",
        settles: &[
            Evidence("GetKmsInstance", "an unknown instance"),
            Evidence("GetKmsInstanceQuotaInfos", "SDK 3.3.1"),
        ],
        writes: false,
        steps: &[
            ask("GetKmsInstance", r#"{"KmsInstanceId":"kst-unknown"}"#).look_at(ERROR),
            ask(
                "GetKmsInstanceQuotaInfos",
                r#"{"KmsInstanceId":"kst-unknown"}"#,
            )
            .look_at(ERROR),
        ],
    },
    Probe {
        name: "signature-with-sm3",
        explanation: "ACS3-HMAC-SM3 is accepted.",
        settles: &[Row("`ACS3-HMAC-SM3` and `ACS4-HMAC-SM3`")],
        writes: false,
        steps: &[ask("ListSecrets", r#"{"PageSize":1}"#)
            .signed_by("ACS3-HMAC-SM3")
            .look_at(CODE)],
    },
    Probe {
        name: "page-after-the-last",
        explanation: "A page after the last one is empty, and has the number of all secrets.",
        settles: &[Row("A page after the last one is empty")],
        writes: false,
        steps: &[ask(
            "ListSecrets",
            r#"{"PageNumber":100000,"PageSize":100}"#,
        )],
    },
    Probe {
        name: "page-size-above-the-maximum",
        explanation: "A page size of 101 is an error.",
        settles: &[BOUNDS, Evidence("ListSecrets", "bounds")],
        writes: false,
        steps: &[ask("ListSecrets", r#"{"PageSize":101}"#).look_at(ERROR)],
    },
    Probe {
        name: "page-size-zero",
        explanation: "A page size of 0 is an error.",
        settles: &[BOUNDS, Evidence("ListSecrets", "bounds")],
        writes: false,
        steps: &[ask("ListSecrets", r#"{"PageSize":0}"#).look_at(ERROR)],
    },
    Probe {
        name: "page-number-zero",
        explanation: "A page number of 0 is an error.",
        settles: &[BOUNDS, Evidence("ListSecrets", "bounds")],
        writes: false,
        steps: &[ask("ListSecrets", r#"{"PageNumber":0}"#).look_at(ERROR)],
    },
    Probe {
        name: "page-size-that-is-no-number",
        explanation: "A page size that is not a number is an error.",
        settles: &[BOUNDS],
        writes: false,
        steps: &[ask("ListSecrets", r#"{"PageSize":"many"}"#).look_at(ERROR)],
    },
    Probe {
        name: "filter-by-whole-name",
        explanation: "A filter with the whole name of a secret finds it.",
        settles: &[FILTERS],
        writes: false,
        steps: &[ask(
            "ListSecrets",
            r#"{"Filters":[{"Key":"SecretName","Values":["{name}"]}]}"#,
        )],
    },
    Probe {
        name: "filter-by-part-of-name",
        explanation: "A filter with a part of a name does not find the secret.",
        settles: &[FILTERS],
        writes: false,
        steps: &[ask(
            "ListSecrets",
            r#"{"Filters":[{"Key":"SecretName","Values":["{part}"]}]}"#,
        )],
    },
    Probe {
        name: "filter-by-name-in-other-case",
        explanation: "Filters distinguish upper and lower case.",
        settles: &[FILTERS],
        writes: false,
        steps: &[ask(
            "ListSecrets",
            r#"{"Filters":[{"Key":"SecretName","Values":["{swapped}"]}]}"#,
        )],
    },
    Probe {
        name: "filter-by-type-in-other-case",
        explanation: "The filter by type does not distinguish upper and lower case.",
        settles: &[FILTERS],
        writes: false,
        steps: &[ask(
            "ListSecrets",
            r#"{"Filters":[{"Key":"SecretType","Values":["gENERIC"]}],"PageSize":10}"#,
        )],
    },
    Probe {
        name: "filter-with-a-value-that-no-name-has",
        explanation: "A filter rejects a value that no secret can have.",
        settles: &[],
        writes: false,
        steps: &[ask(
            "ListSecrets",
            r#"{"Filters":[{"Key":"SecretName","Values":["no name has ?"]}]}"#,
        )
        .look_at(ERROR)],
    },
    Probe {
        name: "filters-with-two-keys",
        explanation: "A secret must match all keys of Filters.",
        settles: &[
            Row("A secret must match all keys of `Filters`"),
            Evidence("ListSecrets", "AND between keys"),
        ],
        writes: false,
        steps: &[ask(
            "ListSecrets",
            r#"{"Filters":[{"Key":"SecretName","Values":["{name}"]},{"Key":"TagKey","Values":["kms-emulator-compare-none"]}]}"#,
        )],
    },
    Probe {
        name: "filter-by-key-and-value-of-two-tags",
        explanation: "TagKey and TagValue need not match the same tag.",
        settles: &[Row(
            "`TagKey` and `TagValue` of `Filters` may match different tags",
        )],
        writes: false,
        steps: &[ask(
            "ListSecrets",
            r#"{"Filters":[{"Key":"TagKey","Values":["{tag key}"]},{"Key":"TagValue","Values":["{other value}"]}]}"#,
        )],
    },
    Probe {
        name: "tags-of-secrets",
        explanation: "ListTagResources lists all tags of the secrets that it finds, in the order of the secrets.",
        settles: &[
            Evidence("ListTagResources", "order"),
            Evidence("ListTagResources", "tags of the resources found"),
        ],
        writes: false,
        steps: &[
            ask(
                "ListTagResources",
                r#"{"RegionId":"{region}","ResourceType":"secret","ResourceId":["{second}","{name}"]}"#,
            ),
            ask(
                "ListTagResources",
                r#"{"RegionId":"{region}","ResourceType":"secret","Tag":[{"Key":"{tag key}","Value":"{tag value}"}]}"#,
            ),
        ],
    },
    Probe {
        name: "parameter-sent-twice",
        explanation: "A parameter that is sent twice with different values is an error.",
        settles: &[Row(
            "A parameter that is sent twice with different values is `InvalidParameter`",
        )],
        writes: false,
        steps: &[ask("ListSecrets", "{}")
            .payload("PageNumber=1&PageSize=1&PageSize=2")
            .look_at(&["/Code", "/Message", "/PageSize"])],
    },
    Probe {
        name: "text-that-is-not-utf-8",
        explanation: "Text that is not UTF-8 is an error.",
        settles: &[Row(
            "Text that is not UTF-8, or a body that cannot be read, is a `ParseRequestParameterException`",
        )],
        writes: false,
        steps: &[ask("DescribeSecret", "{}")
            .payload("SecretName=kms-emulator-compare-%FF")
            .look_at(ERROR)],
    },
    Probe {
        name: "wrong-secret",
        explanation: "A wrong signature is IncompleteSignature.",
        settles: &[Row("A wrong signature is `IncompleteSignature`")],
        writes: false,
        steps: &[
            ask("DescribeRegions", "{}").key(KeyUsed::WrongSecret),
            ask("DescribeRegions", "{}")
                .signed_by("HMAC-SHA1")
                .key(KeyUsed::WrongSecret),
        ],
    },
    Probe {
        name: "unknown-access-key",
        explanation: "An access key that does not exist is InvalidAccessKeyId.NotFound.",
        settles: &[],
        writes: false,
        steps: &[
            ask("DescribeRegions", "{}").key(KeyUsed::Unknown),
            ask("DescribeRegions", "{}")
                .signed_by("HMAC-SHA1")
                .key(KeyUsed::Unknown),
        ],
    },
    Probe {
        name: "space-after-the-access-key",
        explanation: "An AccessKey ID with a space after it is rejected.",
        settles: &[Row(
            "An AccessKey ID with white space before or after it is rejected",
        )],
        writes: false,
        steps: &[
            ask("DescribeRegions", "{}")
                .key(KeyUsed::SpaceAfter)
                .look_at(CODE),
            ask("DescribeRegions", "{}")
                .signed_by("HMAC-SHA1")
                .key(KeyUsed::SpaceAfter)
                .look_at(CODE),
        ],
    },
    Probe {
        name: "stale-time-stamp",
        explanation: "A time stamp of two hours ago is IllegalTimestamp with V1 and InvalidTimeStamp.Expired with ACS3.",
        settles: &[Row(
            "A stale time stamp is `IllegalTimestamp` with V1 and `InvalidTimeStamp.Expired` with ACS3",
        )],
        writes: false,
        steps: &[
            ask("DescribeRegions", "{}").stale(),
            ask("DescribeRegions", "{}").signed_by("HMAC-SHA1").stale(),
        ],
    },
    Probe {
        name: "time-stamp-with-milliseconds",
        explanation: "A time stamp may have fractions of a second.",
        settles: &[Row("Time stamps may have fractions of a second")],
        writes: false,
        steps: &[
            ask("DescribeRegions", "{}").milliseconds().look_at(ERROR),
            ask("DescribeRegions", "{}")
                .signed_by("HMAC-SHA1")
                .milliseconds()
                .look_at(ERROR),
        ],
    },
    Probe {
        name: "root-of-xml",
        explanation: "The root element of XML replies is KMS.",
        settles: &[Row("The root element of XML is `<KMS>`")],
        writes: false,
        steps: &[
            ask("ListSecrets", r#"{"PageSize":1}"#).xml(),
            ask(
                "DescribeSecret",
                r#"{"SecretName":"kms-emulator-compare-missing"}"#,
            )
            .xml(),
        ],
    },
    Probe {
        name: "missing-parameter",
        explanation: "The text for a missing parameter has two spaces before and after its name.",
        settles: &[Row(
            "A missing parameter is `The parameter  NAME  needed but no provided.`",
        )],
        writes: false,
        steps: &[ask("DescribeSecret", "{}")],
    },
    Probe {
        name: "values-of-missing-secrets",
        explanation: "BatchGetSecretValue reports secrets that do not exist as items of its reply.",
        settles: &[Evidence("BatchGetSecretValue", "SDK")],
        writes: false,
        steps: &[ask(
            "BatchGetSecretValue",
            r#"{"SecretsList":[{"SecretName":"kms-emulator-compare-missing"}]}"#,
        )],
    },
    Probe {
        name: "dry-run-of-a-missing-secret",
        explanation: "DryRun for a secret that does not exist is a ValidationError.",
        settles: &[Evidence("GetSecretValue", "statuses of `DryRun`")],
        writes: false,
        steps: &[ask(
            "GetSecretValue",
            r#"{"SecretName":"kms-emulator-compare-missing","DryRun":"true"}"#,
        )],
    },
    Probe {
        name: "dry-run-of-invalid-parameters",
        explanation: "DryRun with a missing or invalid parameter is a ValidationError.",
        settles: &[Row("With `DryRun`, every error of the operation")],
        writes: false,
        steps: &[
            ask("GetSecretValue", r#"{"DryRun":"true"}"#),
            ask(
                "GetSecretValue",
                r#"{"SecretName":"no name has ?","DryRun":"true"}"#,
            ),
        ],
    },
    Probe {
        name: "characters-of-random-passwords",
        explanation: "A random password has a character of each type unless RequireEachIncludedType is false.",
        settles: &[Evidence(
            "GetRandomPassword",
            "default of `RequireEachIncludedType`",
        )],
        writes: false,
        steps: &[ask("GetRandomPassword", r#"{"PasswordLength":"8"}"#).times(10)],
    },
    Probe {
        name: "default-page-size-of-versions",
        explanation: "ListSecretVersionIds has 10 versions on a page unless PageSize is given.",
        settles: &[Evidence("ListSecretVersionIds", "default page size")],
        writes: false,
        steps: &[
            ask("ListSecretVersionIds", r#"{"SecretName":"{name}"}"#).look_at(&[
                "/PageSize",
                "/PageNumber",
                "/Code",
            ]),
        ],
    },
    // Probes that write.
    Probe {
        name: "set-secret-policy-with-get",
        explanation: "SetSecretPolicy with GET is UnsupportedHTTPMethod.",
        settles: &[
            Row("`SetSecretPolicy` with GET is `UnsupportedHTTPMethod`"),
            Evidence("SetSecretPolicy", "the code for GET"),
        ],
        writes: true,
        // The secret does not exist, so a service that accepts GET changes nothing.
        steps: &[
            ask("SetSecretPolicy", r#"{"SecretName":"{own}","Policy":"none"}"#)
                .get()
                .look_at(ERROR),
        ],
    },
    Probe {
        name: "filter-by-description",
        explanation: "A filter with a part of a description does not find the secret.",
        settles: &[FILTERS],
        writes: true,
        steps: &[
            ask(
                "CreateSecret",
                r#"{"SecretName":"{own}","VersionId":"v1","SecretData":"first value","Description":"{own} described"}"#,
            ),
            ask(
                "ListSecrets",
                r#"{"Filters":[{"Key":"Description","Values":["{own} described"]}]}"#,
            ),
            ask(
                "ListSecrets",
                r#"{"Filters":[{"Key":"Description","Values":["{own}"]}]}"#,
            ),
        ],
    },
    Probe {
        name: "creator-is-the-account",
        explanation: "The filter Creator finds a secret by the account, even if a RAM user created it.",
        settles: &[Row("The filter `Creator` matches the account")],
        writes: true,
        steps: &[
            CREATE.look_at(CODE).account_of("/Arn"),
            ask(
                "ListSecrets",
                r#"{"Filters":[{"Key":"Creator","Values":["{account}"]},{"Key":"SecretName","Values":["{own}"]}]}"#,
            ),
        ],
    },
    Probe {
        name: "rotation-of-a-generic-secret",
        explanation: "CreateSecret ignores EnableAutomaticRotation for a generic secret; other operations do not rotate it.",
        settles: &[
            Evidence("CreateSecret", "rotation of a generic secret ignored"),
            Evidence("RotateSecret", "refusal of generic secrets"),
            Evidence("UpdateSecretRotationPolicy", "refusal of generic secrets"),
        ],
        writes: true,
        steps: &[
            ask(
                "CreateSecret",
                r#"{"SecretName":"{own}","VersionId":"v1","SecretData":"first value","EnableAutomaticRotation":"true","RotationInterval":"7d"}"#,
            ),
            ask("DescribeSecret", r#"{"SecretName":"{own}"}"#),
            ask("RotateSecret", r#"{"SecretName":"{own}","VersionId":"v2"}"#),
            ask(
                "UpdateSecretRotationPolicy",
                r#"{"SecretName":"{own}","EnableAutomaticRotation":"true","RotationInterval":"7d"}"#,
            ),
        ],
    },
    Probe {
        name: "planned-deletion",
        explanation: "A secret with a planned deletion can be described, listed, tagged and restored; its value can be neither read nor changed.",
        settles: &[
            PENDING,
            Evidence("GetSecretValue", "a secret pending deletion"),
            Evidence("PutSecretValue", "a secret pending deletion"),
        ],
        writes: true,
        steps: &[
            CREATE,
            PLAN_DELETION,
            ask("DescribeSecret", r#"{"SecretName":"{own}"}"#),
            ask(
                "ListSecrets",
                r#"{"Filters":[{"Key":"SecretName","Values":["{own}"]}]}"#,
            ),
            ask("GetSecretValue", r#"{"SecretName":"{own}"}"#),
            SECOND_VERSION,
            ask("ListSecretVersionIds", r#"{"SecretName":"{own}"}"#),
            ask(
                "UpdateSecret",
                r#"{"SecretName":"{own}","Description":"other"}"#,
            ),
            ask(
                "UpdateSecretVersionStage",
                r#"{"SecretName":"{own}","VersionStage":"mine","MoveToVersion":"v1"}"#,
            ),
            ask(
                "TagResource",
                r#"{"SecretName":"{own}","Tags":[{"TagKey":"k","TagValue":"v"}]}"#,
            ),
            CREATE,
            PLAN_DELETION,
            ask("RestoreSecret", r#"{"SecretName":"{own}"}"#),
            ask("RestoreSecret", r#"{"SecretName":"{own}"}"#),
        ],
    },
    Probe {
        name: "force-deletion-of-a-planned-deletion",
        explanation: "A secret with a planned deletion can be deleted at once.",
        settles: &[Evidence(
            "DeleteSecret",
            "force on a secret pending deletion",
        )],
        writes: true,
        steps: &[
            CREATE,
            PLAN_DELETION,
            ask(
                "DeleteSecret",
                r#"{"SecretName":"{own}","ForceDeleteWithoutRecovery":"true"}"#,
            ),
            ask("DescribeSecret", r#"{"SecretName":"{own}"}"#),
        ],
    },
    Probe {
        name: "what-changes-the-update-time",
        explanation: "Storing a value, moving a stage and changing the description update UpdateTime; tagging does not.",
        settles: &[Row(
            "Storing a value, moving a stage, rotating and changing the description update `UpdateTime`; tagging does not",
        )],
        writes: true,
        steps: &[
            CREATE,
            TIMES,
            ask(
                "TagResource",
                r#"{"SecretName":"{own}","Tags":[{"TagKey":"k","TagValue":"v"}]}"#,
            )
            .later(),
            TIMES,
            SECOND_VERSION.later(),
            TIMES,
            ask(
                "UpdateSecretVersionStage",
                r#"{"SecretName":"{own}","VersionStage":"mine","MoveToVersion":"v1"}"#,
            )
            .later(),
            TIMES,
            ask(
                "UpdateSecret",
                r#"{"SecretName":"{own}","Description":"other"}"#,
            )
            .later(),
            TIMES,
        ],
    },
    Probe {
        name: "contradicting-version-and-stage",
        explanation: "GetSecretValue finds no version that does not have the given stage.",
        settles: &[
            Evidence("GetSecretValue", "contradicting version and stage"),
            Evidence("GetSecretValue", "`CreateTime`"),
        ],
        writes: true,
        steps: &[
            CREATE,
            SECOND_VERSION.later(),
            ask(
                "GetSecretValue",
                r#"{"SecretName":"{own}","VersionId":"v1","VersionStage":"ACSCurrent"}"#,
            ),
            ask("GetSecretValue", r#"{"SecretName":"{own}"}"#),
            TIMES,
        ],
    },
    Probe {
        name: "dry-run",
        explanation: "DryRun for a secret that exists is a DryRunOperationError.",
        settles: &[Evidence("GetSecretValue", "statuses of `DryRun`")],
        writes: true,
        steps: &[
            CREATE,
            ask(
                "GetSecretValue",
                r#"{"SecretName":"{own}","DryRun":"true"}"#,
            ),
        ],
    },
    Probe {
        name: "values-of-several-secrets",
        explanation: "BatchGetSecretValue returns the values of the secrets that exist, and errors for the others.",
        settles: &[Evidence("BatchGetSecretValue", "SDK")],
        writes: true,
        steps: &[
            CREATE,
            ask(
                "BatchGetSecretValue",
                r#"{"SecretsList":[{"SecretName":"{own}"},{"SecretName":"{own-b}"}]}"#,
            ),
        ],
    },
    Probe {
        name: "ninth-stage",
        explanation: "A secret has at most eight stages.",
        settles: &[Evidence("PutSecretValue", "the ninth stage")],
        writes: true,
        steps: &[
            CREATE,
            ask(
                "PutSecretValue",
                r#"{"SecretName":"{own}","VersionId":"v2","SecretData":"second value","VersionStages":["s1","s2","s3","s4","s5","s6"]}"#,
            ),
            ask(
                "PutSecretValue",
                r#"{"SecretName":"{own}","VersionId":"v3","SecretData":"third value","VersionStages":["s7","s8","s9"]}"#,
            ),
        ],
    },
    Probe {
        name: "too-many-tags",
        explanation: "A secret has at most 20 tags; TagResource rejects more.",
        settles: &[Evidence("TagResource", "too many tags")],
        writes: true,
        steps: &[
            CREATE,
            ask(
                "TagResource",
                r#"{"SecretName":"{own}","Tags":[{"TagKey":"a1","TagValue":"v"},{"TagKey":"a2","TagValue":"v"},{"TagKey":"a3","TagValue":"v"},{"TagKey":"a4","TagValue":"v"},{"TagKey":"a5","TagValue":"v"},{"TagKey":"a6","TagValue":"v"},{"TagKey":"a7","TagValue":"v"},{"TagKey":"a8","TagValue":"v"},{"TagKey":"a9","TagValue":"v"},{"TagKey":"b1","TagValue":"v"},{"TagKey":"b2","TagValue":"v"}]}"#,
            ),
            ask(
                "TagResource",
                r#"{"SecretName":"{own}","Tags":[{"TagKey":"c1","TagValue":"v"},{"TagKey":"c2","TagValue":"v"},{"TagKey":"c3","TagValue":"v"},{"TagKey":"c4","TagValue":"v"},{"TagKey":"c5","TagValue":"v"},{"TagKey":"c6","TagValue":"v"},{"TagKey":"c7","TagValue":"v"},{"TagKey":"c8","TagValue":"v"},{"TagKey":"c9","TagValue":"v"},{"TagKey":"d1","TagValue":"v"}]}"#,
            ),
            ask(
                "DescribeSecret",
                r#"{"SecretName":"{own}","FetchTags":"true"}"#,
            ),
        ],
    },
    Probe {
        name: "tags-of-several-secrets",
        explanation: "TagResources and UntagResources change all of the secrets or none.",
        settles: &[
            Evidence("TagResources", "all or none"),
            Evidence("UntagResources", "all or none"),
        ],
        writes: true,
        steps: &[
            CREATE,
            ask(
                "TagResources",
                r#"{"RegionId":"{region}","ResourceType":"secret","ResourceId":["{own}","{own-b}"],"Tag":[{"Key":"k","Value":"v"}]}"#,
            ),
            ask(
                "DescribeSecret",
                r#"{"SecretName":"{own}","FetchTags":"true"}"#,
            ),
            ask(
                "TagResource",
                r#"{"SecretName":"{own}","Tags":[{"TagKey":"k","TagValue":"v"}]}"#,
            ),
            ask(
                "UntagResources",
                r#"{"RegionId":"{region}","ResourceType":"secret","ResourceId":["{own}","{own-b}"],"TagKey":["k"]}"#,
            ),
            ask(
                "DescribeSecret",
                r#"{"SecretName":"{own}","FetchTags":"true"}"#,
            ),
        ],
    },
    Probe {
        name: "removal-of-an-unknown-tag",
        explanation: "UntagResource ignores keys that the secret does not have.",
        settles: &[Evidence("UntagResource", "unknown keys")],
        writes: true,
        steps: &[
            CREATE,
            ask(
                "UntagResource",
                r#"{"SecretName":"{own}","TagKeys":["none"]}"#,
            ),
        ],
    },
    Probe {
        name: "length-of-descriptions",
        explanation: "A description has at most 256 characters.",
        settles: &[Evidence("UpdateSecret", "bound of the description")],
        writes: true,
        steps: &[
            CREATE,
            ask(
                "UpdateSecret",
                r#"{"SecretName":"{own}","Description":"{long}"}"#,
            )
            .long(256)
            .look_at(ERROR),
            ask(
                "UpdateSecret",
                r#"{"SecretName":"{own}","Description":"{long}"}"#,
            )
            .long(257)
            .look_at(ERROR),
        ],
    },
    Probe {
        name: "stages-that-move",
        explanation: "When ACSCurrent moves, ACSPrevious moves to the version that had it; an unknown version is not found.",
        settles: &[
            Evidence(
                "UpdateSecretVersionStage",
                "where `ACSPrevious` moves with `ACSCurrent`",
            ),
            Evidence("UpdateSecretVersionStage", "unknown versions"),
        ],
        writes: true,
        steps: &[
            CREATE,
            SECOND_VERSION,
            ask(
                "PutSecretValue",
                r#"{"SecretName":"{own}","VersionId":"v3","SecretData":"third value"}"#,
            ),
            ask(
                "UpdateSecretVersionStage",
                r#"{"SecretName":"{own}","VersionStage":"ACSCurrent","RemoveFromVersion":"v3","MoveToVersion":"v1"}"#,
            ),
            ask(
                "ListSecretVersionIds",
                r#"{"SecretName":"{own}","IncludeDeprecated":"true"}"#,
            ),
            ask(
                "UpdateSecretVersionStage",
                r#"{"SecretName":"{own}","VersionStage":"mine","MoveToVersion":"v9"}"#,
            ),
        ],
    },
    Probe {
        name: "key-of-a-secret",
        explanation: "A secret without a key is encrypted with a key of the service that DescribeSecret does not show.",
        settles: &[
            Row("A secret without `EncryptionKeyId` is encrypted with a key"),
            Evidence(
                "DescribeSecret",
                "no `EncryptionKeyId` of a secret that was created without one",
            ),
        ],
        writes: true,
        steps: &[
            CREATE,
            ask("DescribeSecret", r#"{"SecretName":"{own}"}"#)
                .look_at(&["/EncryptionKeyId", "/Code"]),
            ask("DescribeKey", r#"{"KeyId":"alias/acs/kms"}"#).look_at(&[
                "/KeyMetadata/KeySpec",
                "/KeyMetadata/KeyState",
                "/Code",
            ]),
        ],
    },
    Probe {
        name: "unknown-key-of-a-secret",
        explanation: "A secret cannot be created with a key that does not exist.",
        settles: &[Row("A key that cannot encrypt a new secret")],
        writes: true,
        steps: &[ask(
            "CreateSecret",
            r#"{"SecretName":"{own}","VersionId":"v1","SecretData":"first value","EncryptionKeyId":"key-hzz000000000000000000"}"#,
        )
        .look_at(ERROR)],
    },
];

/// Assumptions without a probe.
pub(in crate::cli::compare) const UNPROBED: &[Unprobed] = &[
    Unprobed {
        assumptions: &[
            Row("BatchGetSecretValue needs `kms:GetSecretValue` for each secret"),
            Row("`Forbidden.NoPermission` names the first resource"),
            Row("In a RAM policy, a request without a condition key"),
            Row("A secret policy that allows the whole account"),
            Row("An invalid name of a resource is reported before"),
        ],
        reason: "it needs access keys with policies that deny requests",
    },
    Unprobed {
        assumptions: &[
            Row("Lists of keys, aliases and versions are ordered by creation time"),
            Evidence("ListKeys", "order"),
            Evidence("ListKeys", "`TagKey` and `TagValue` of different tags"),
            Evidence("ListAliases", "order"),
        ],
        reason: "`compare` loads the secrets of the account into the emulator, but not its keys",
    },
    Unprobed {
        assumptions: &[
            Row("A key is not found by an ARN of another account"),
            Row("Changed ciphertexts, and other contexts, are `InvalidParameter`"),
            Row("`Encrypt` accepts any text of at most 6,144 bytes"),
            Row("Keys for HMAC are"),
            Row("A ciphertext is the id of the key version"),
            Row("Overdue rotations of a key are one rotation"),
            Row(
                "A key whose type the operation does not support is `Rejected.UnsupportedOperation`",
            ),
            Row("ScheduleKeyDeletion of a key with deletion protection"),
            Row("DescribeSecret shows the id of the key"),
            Row("Keys of services have the aliases"),
            Row("The limit of 8,192 characters of an encryption context"),
            Evidence("CreateSecret", "the codes for a key that cannot be used"),
            Evidence("ExportDataKey", "SM2 in DER"),
            Evidence("GenerateAndExportDataKey", "SM2 in DER"),
            Evidence("GetParametersForImport", "SM2 in DER"),
            Evidence("AsymmetricDecrypt", "the code for changed bytes"),
            Evidence("AsymmetricDecrypt", "statuses of `DryRun`"),
            Evidence("AsymmetricDecrypt", "a key for another use"),
            Evidence("AsymmetricEncrypt", "statuses of `DryRun`"),
            Evidence("AsymmetricEncrypt", "a key for another use"),
            Evidence("AsymmetricSign", "statuses of `DryRun`"),
            Evidence("AsymmetricSign", "a key for another use"),
            Evidence("AsymmetricVerify", "statuses of `DryRun`"),
            Evidence("AsymmetricVerify", "a key for another use"),
            Evidence("CancelKeyDeletion", "a key without material"),
            Evidence("CreateKey", "order of checks"),
            Evidence("CreateKey", "ids of 25 characters"),
            Evidence("CreateKey", "the names of keys for HMAC and of their usage"),
            Evidence("CreateKeyVersion", "a key with imported material"),
            Evidence("CreateKeyVersion", "a key for message authentication codes"),
            Evidence("Decrypt", "the code for another context or changed bytes"),
            Evidence("Decrypt", "statuses of `DryRun`"),
            Evidence(
                "Encrypt",
                "the format of a ciphertext after the id of the key version",
            ),
            Evidence("Encrypt", "statuses of `DryRun`"),
            Evidence("ExportDataKey", "statuses of `DryRun`"),
            Evidence("GenerateAndExportDataKey", "statuses of `DryRun`"),
            Evidence("GenerateDataKey", "statuses of `DryRun`"),
            Evidence("GenerateDataKeyWithoutPlaintext", "statuses of `DryRun`"),
            Evidence("GenerateMac", "statuses of `DryRun`"),
            Evidence("GenerateMac", "a key for another use or algorithm"),
            Evidence("GenerateMac", "the length of a message"),
            Evidence("GetParametersForImport", "the length of the token"),
            Evidence("GetPublicKey", "statuses of `DryRun`"),
            Evidence("GetPublicKey", "a key for another use"),
            Evidence(
                "ImportKeyMaterial",
                "the code for other material than before",
            ),
            Evidence("ListAliasesByKeyId", "order"),
            Evidence("ListKeyVersions", "order"),
            Evidence("ReEncrypt", "statuses of `DryRun`"),
            Evidence("ScheduleKeyDeletion", "a key with protection"),
            Evidence("ScheduleKeyDeletion", "that the window is required"),
            Evidence("SetDeletionProtection", "`KeyId` instead of the ARN"),
            Evidence(
                "SetDeletionProtection",
                "a key that is planned to be deleted",
            ),
            Evidence("VerifyMac", "statuses of `DryRun`"),
            Evidence("VerifyMac", "a key for another use or algorithm"),
            Evidence("VerifyMac", "the length of a message"),
        ],
        reason: "a key that a comparison creates cannot be deleted before seven days have passed",
    },
    Unprobed {
        assumptions: &[
            Row("In the API of KMS instances, a wrong signature"),
            Row("In the API of KMS instances, `Sign`, `Verify`"),
            Row("A new key or secret of a KMS instance that does not exist"),
            Row("A key or secret that is created without `DKMSInstanceId`"),
            Evidence("GetKmsInstanceQuotaInfos", "all quotas without a type"),
            Evidence("SetKeyPolicy", "conditions"),
        ],
        reason: "it needs a dedicated KMS instance, which costs money",
    },
    Unprobed {
        assumptions: &[
            Row("A `Sid` may contain any character"),
            Evidence("SetSecretPolicy", "conditions"),
        ],
        reason: "policies need a dedicated KMS instance, which costs money",
    },
    Unprobed {
        assumptions: &[
            Row("Of more than 4,000 secrets found by tags, the first 4,000"),
            Evidence("ListSecrets", "that `TotalCount` is at most 4,000 too"),
        ],
        reason: "it needs more than 4,000 secrets",
    },
    Unprobed {
        assumptions: &[
            Row("The service chooses the id of the version `ACSPrevious`"),
            Row("Redis and PolarDB secrets with accounts in `SecretData`"),
            Evidence("CreateSecret", "accounts of Redis and PolarDB"),
        ],
        reason: "it needs an instance of Redis or PolarDB, whose accounts it would change",
    },
    Unprobed {
        assumptions: &[
            Row("An ARN of another account must have the region of the request"),
            Row("BatchGetSecretValue needs `kms:GetSecretValue` for a secret of another account"),
            Row("A policy that allows a RAM user or role of another account allows the account"),
        ],
        reason: "it needs a second account",
    },
    Unprobed {
        assumptions: &[Row(
            "The text of an injected error that the operation does not document",
        )],
        reason: "the errors cannot be caused",
    },
    Unprobed {
        assumptions: &[Row(
            "A fault `Forbidden.NoPermission` names the ARN of a resource",
        )],
        reason: "it needs a user without permissions",
    },
    Unprobed {
        assumptions: &[
            Row("`ACS3-RSA-SHA256` and `SHA256withRSA` of V1"),
            Row("A signature by the other kind of key is `IncompleteSignature`"),
        ],
        reason: "it needs an RSA key pair of the account",
    },
    Unprobed {
        assumptions: &[Evidence("CreateSecret", "which names each type rejects")],
        reason: "such names do not begin with the prefix of --write",
    },
    Unprobed {
        assumptions: &[
            Row("A request with a temporary key but without its token"),
            Row("An expired temporary key is unknown to KMS"),
            Row("The errors of STS are those of the gateway"),
            Row("A rejected OpenID Connect token has status 401"),
            Row("A token that is older than `IssuanceLimitTime`"),
            Row("`acs:PrincipalARN` is the ARN of the role"),
            Row("A configured access key is a RAM user"),
            Row("A role may be assumed for at most 12 hours"),
            Evidence("DescribeEndpoints", "SDK"),
            Evidence("AssumeRoleWithOIDC", "codes of missing parameters"),
            Evidence("AssumeRoleWithOIDC", "status of rejected tokens"),
            Evidence("AssumeRoleWithOIDC", "text of an invalid token"),
        ],
        reason: "it needs a role of the account that the key may assume",
    },
];
