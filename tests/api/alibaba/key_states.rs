//! The result of every operation on keys in every state of a key. The source is the vendor's page *Impact of CMK
//! states on API calls*, or an assumption.

use crate::alibaba::session::Session;

/// The keys of `fixtures/seed-keys.json` in these states; the last does not exist.
const STATES: [(&str, &str); 5] = [
    ("Enabled", "key-hzz000000000000000001"),
    ("Disabled", "key-hzz000000000000000002"),
    ("PendingDeletion", "key-hzz000000000000000003"),
    ("PendingImport", "key-hzz000000000000000004"),
    ("absent", "key-hzz000000000000000009"),
];

const OK: &str = "OK";
const ABSENT: &str = "404 Forbidden.KeyNotFound";
const DISABLED: &str = "409 Rejected.Disabled";
const DELETING: &str = "409 Rejected.PendingDeletion";
const IMPORT: &str = "409 Rejected.PendingImport";
const UNMODIFIED: &str = "409 Rejected.StateModifiedFailed";

const NO_RESOURCE: &str = "404 InvalidResourceId.NotFound";
const NO_VERSION: &str = "404 Forbidden.KeyVersionNotFound";
const NOT_FOR_KEY: &str = "400 Rejected.UnsupportedOperation";
const NOT_EXTERNAL: &str = "400 Unsupported.Origin";

const K: (&str, &str) = ("KeyId", "{key}");

type Row = (
    &'static str,
    &'static [(&'static str, &'static str)],
    [&'static str; 5],
    &'static str,
);

#[rustfmt::skip]
const TABLE: &[Row] = &[
    ("CreateKey", &[], [OK; 5], "page"),
    ("ListKeys", &[], [OK; 5], "page"),
    ("ListAliases", &[], [OK; 5], "page"),
    ("DescribeKey", &[K], [OK, OK, OK, OK, ABSENT], "page"),
    ("EnableKey", &[K], [OK, OK, UNMODIFIED, UNMODIFIED, ABSENT], "page"),
    ("DisableKey", &[K], [OK, OK, UNMODIFIED, UNMODIFIED, ABSENT], "page"),
    ("ScheduleKeyDeletion", &[K, ("PendingWindowInDays", "7")],
        [OK, OK, UNMODIFIED, OK, ABSENT], "page"),
    ("CancelKeyDeletion", &[K], [UNMODIFIED, UNMODIFIED, OK, UNMODIFIED, ABSENT], "page"),
    ("UpdateKeyDescription", &[K, ("Description", "d")], [OK, OK, DELETING, OK, ABSENT], "page"),
    ("SetDeletionProtection", &[K, ("EnableDeletionProtection", "true")],
        [OK, OK, DELETING, OK, ABSENT], "SetDeletionProtection page; the code: assumption"),
    ("SetDeletionProtection", &[("ProtectedResourceArn", "acs:kms:cn-hangzhou:1000000000000000:key/{key}"), ("EnableDeletionProtection", "false")],
        [OK, OK, DELETING, OK, ABSENT], "SetDeletionProtection page; the code: assumption"),
    ("Encrypt", &[K, ("Plaintext", "aGVsbG8=")], [OK, DISABLED, DELETING, IMPORT, ABSENT], "page"),
    ("GenerateDataKey", &[K], [OK, DISABLED, DELETING, IMPORT, ABSENT], "page"),
    ("GenerateDataKeyWithoutPlaintext", &[K], [OK, DISABLED, DELETING, IMPORT, ABSENT], "page"),
    ("Encrypt", &[K, ("Plaintext", "aGVsbG8="), ("DryRun", "true")],
        ["400 DryRunOperationError", "400 ValidationError", "400 ValidationError", "400 ValidationError", "400 ValidationError"],
        "Encrypt page; statuses: assumption"),
    ("ReEncrypt", &[("CiphertextBlob", HELLO), ("DestinationKeyId", "{key}")],
        [OK, DISABLED, DELETING, IMPORT, ABSENT], "as Encrypt"),
    ("CreateAlias", &[K, ("AliasName", "alias/new")], [OK, OK, UNMODIFIED, OK, ABSENT], "page"),
    ("CreateAlias", &[K, ("AliasName", "alias/orders")],
        ["400 AliasAlreadyExists", "400 AliasAlreadyExists", UNMODIFIED, "400 AliasAlreadyExists", ABSENT],
        "Responses page; order of checks: assumption"),
    ("UpdateAlias", &[K, ("AliasName", "alias/orders")], [OK, OK, DELETING, OK, ABSENT], "page"),
    ("UpdateAlias", &[K, ("AliasName", "alias/unknown")], ["404 Forbidden.AliasNotFound"; 5], "Responses page"),
    ("DeleteAlias", &[("AliasName", "alias/orders")], [OK; 5], "page"),
    ("DeleteAlias", &[("AliasName", "alias/unknown")], ["404 Forbidden.AliasNotFound"; 5], "Responses page"),
    ("ListAliasesByKeyId", &[K], [OK, OK, OK, OK, ABSENT], "as ListAliases"),
    ("TagResource", &[K, ("Tags", r#"[{"TagKey":"k"}]"#)], [OK, OK, DELETING, OK, ABSENT], "page"),
    ("UntagResource", &[K, ("TagKeys", r#"["k"]"#)], [OK, OK, DELETING, OK, ABSENT], "page"),
    ("ListResourceTags", &[K], [OK, OK, OK, OK, ABSENT], "page"),
    ("TagResources", &[("ResourceType", "key"), ("ResourceId.1", "{key}"), ("Tag.1.Key", "k")],
        [OK, OK, DELETING, OK, NO_RESOURCE], "as TagResource"),
    ("UntagResources", &[("ResourceType", "key"), ("ResourceId.1", "{key}"), ("TagKey.1", "k")],
        [OK, OK, DELETING, OK, NO_RESOURCE], "as UntagResource"),
    ("ListTagResources", &[("ResourceType", "key"), ("ResourceId.1", "{key}")],
        [OK, OK, OK, OK, NO_RESOURCE], "as ListResourceTags"),
    ("ListKeyVersions", &[K], [OK, OK, OK, OK, ABSENT], "page"),
    ("DescribeKeyVersion", &[K, ("KeyVersionId", "{version}")], [OK, OK, OK, OK, ABSENT], "page"),
    ("DescribeKeyVersion", &[K, ("KeyVersionId", "unknown")],
        [NO_VERSION, NO_VERSION, NO_VERSION, NO_VERSION, ABSENT], "Responses page"),
    ("CreateKeyVersion", &[K], [OK, DISABLED, DELETING, IMPORT, ABSENT], "page"),
    ("UpdateRotationPolicy", &[K, ("EnableAutomaticRotation", "true"), ("RotationInterval", "365d")],
        [OK, DISABLED, DELETING, IMPORT, ABSENT], "page"),
    ("SetKeyPolicy", &[K, ("Policy", r#"{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":["acs:ram::1000000000000000:*"]},"Action":["kms:*"],"Resource":["*"]}]}"#)],
        [OK, OK, OK, OK, ABSENT], "assumption"),
    ("GetKeyPolicy", &[K], [OK, OK, OK, OK, ABSENT], "assumption"),
    ("GetPublicKey", &[K, ("KeyVersionId", "{version}")],
        [NOT_FOR_KEY, DISABLED, DELETING, IMPORT, ABSENT], "AsymmetricDecrypt page: the code; states: assumption"),
    ("AsymmetricSign", &[K, ("KeyVersionId", "{version}"), ("Algorithm", "ECDSA_SHA_256"), ("Digest", "AAAA")],
        [NOT_FOR_KEY, DISABLED, DELETING, IMPORT, ABSENT], "as GetPublicKey"),
    ("AsymmetricVerify", &[K, ("KeyVersionId", "{version}"), ("Algorithm", "ECDSA_SHA_256"), ("Digest", "AAAA"), ("Value", "AAAA")],
        [NOT_FOR_KEY, DISABLED, DELETING, IMPORT, ABSENT], "as GetPublicKey"),
    ("AsymmetricEncrypt", &[K, ("KeyVersionId", "{version}"), ("Algorithm", "SM2PKE"), ("Plaintext", "AAAA")],
        [NOT_FOR_KEY, DISABLED, DELETING, IMPORT, ABSENT], "as GetPublicKey"),
    ("AsymmetricDecrypt", &[K, ("KeyVersionId", "{version}"), ("Algorithm", "SM2PKE"), ("CiphertextBlob", "AAAA")],
        [NOT_FOR_KEY, DISABLED, DELETING, IMPORT, ABSENT], "as GetPublicKey"),
    ("GenerateMac", &[K, ("Algorithm", "HMAC_SHA_256"), ("Message", "AAAA")],
        [NOT_FOR_KEY, DISABLED, DELETING, IMPORT, ABSENT], "as GetPublicKey"),
    ("VerifyMac", &[K, ("Algorithm", "HMAC_SHA_256"), ("Message", "AAAA"), ("Mac", "AAAA")],
        [NOT_FOR_KEY, DISABLED, DELETING, IMPORT, ABSENT], "as GetPublicKey"),
    ("GenerateAndExportDataKey", &[K, ("PublicKeyBlob", "AAAA"), ("WrappingKeySpec", "RSA_2048"), ("WrappingAlgorithm", "RSAES_OAEP_SHA_1")],
        ["400 InvalidParameter", DISABLED, DELETING, IMPORT, ABSENT], "as GenerateDataKey"),
    ("GetParametersForImport", &[K, ("WrappingKeySpec", "RSA_2048"), ("WrappingAlgorithm", "RSAES_PKCS1_V1_5")],
        [NOT_EXTERNAL, NOT_EXTERNAL, NOT_EXTERNAL, OK, ABSENT], "GetParametersForImport page"),
    ("ImportKeyMaterial", &[K, ("EncryptedKeyMaterial", "AAAA"), ("ImportToken", "AAAA")],
        [NOT_EXTERNAL, NOT_EXTERNAL, NOT_EXTERNAL, "400 InvalidImportToken", ABSENT], "ImportKeyMaterial page"),
    ("DeleteKeyMaterial", &[K], [NOT_EXTERNAL, NOT_EXTERNAL, NOT_EXTERNAL, OK, ABSENT], "DeleteKeyMaterial page: the code"),
    ("ListKmsInstances", &[], [OK; 5], "ListKmsInstances page"),
    ("GetDefaultKmsInstance", &[], [OK; 5], "SDK"),
    ("GetKmsInstance", &[("KmsInstanceId", "kst-unknown")], ["403 Forbidden.DKMSInstanceNotFound"; 5], "CreateKey page: the code"),
    ("GetKmsInstanceQuotaInfos", &[("KmsInstanceId", "kst-unknown")], ["403 Forbidden.DKMSInstanceNotFound"; 5], "as GetKmsInstance"),
];

/// `hello`, encrypted with the enabled key by another program, without a context and with the context
/// `{"a":"1","b":"2"}`.
pub const HELLO: &str =
    "MDAwMDAwMDEtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDAwBwcHBwcHBwcHBwcHZw/KMADChmNBd3kjPtvtflwkKTq/";
pub const HELLO_IN_CONTEXT: &str =
    "MDAwMDAwMDEtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDAwBwcHBwcHBwcHBwcHZw/KMABqGM1UszS6f/GtDVQ+ZXuU";

fn call(session: &Session, row: &Row, key: &str) -> String {
    // The ids of keys and of their versions end and begin with the same digits.
    let version = format!("{}-0000-4000-8000-000000000000", &key[key.len() - 8..]);
    let parameters: Vec<_> = row
        .1
        .iter()
        .map(|(name, value)| {
            (
                *name,
                value.replace("{key}", key).replace("{version}", &version),
            )
        })
        .collect();
    let parameters: Vec<_> = parameters
        .iter()
        .map(|(name, value)| (*name, &**value))
        .collect();
    session.verdict(row.0, &parameters)
}

#[test]
fn every_operation_has_the_specified_result_in_every_state_of_a_key() {
    let mut wrong = Vec::new();
    for row in TABLE {
        for ((state, key), expected) in STATES.iter().zip(row.2) {
            let answered = call(&Session::with_keys(), row, key);
            if answered != expected {
                wrong.push(format!(
                    "{} {:?}, {state}: {answered} instead of {expected} ({})",
                    row.0, row.1, row.3
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Decryption depends on the state of the key that has encrypted.
#[test]
fn a_key_decrypts_only_while_it_is_enabled() {
    let session = Session::with_keys();
    let decrypt = || session.verdict("Decrypt", &[("CiphertextBlob", HELLO)]);
    let key = ("KeyId", STATES[0].1);
    assert_eq!(decrypt(), OK);
    session.ok("DisableKey", &[key]);
    assert_eq!(decrypt(), DISABLED);
    session.ok("EnableKey", &[key]);
    assert_eq!(decrypt(), OK);
    session.ok("ScheduleKeyDeletion", &[key, ("PendingWindowInDays", "7")]);
    assert_eq!(decrypt(), DELETING);
    session.ok("CancelKeyDeletion", &[key]);
    assert_eq!(decrypt(), OK);
}

#[test]
fn a_rejected_request_changes_no_key() {
    for row in TABLE {
        for ((_, key), expected) in STATES.iter().zip(row.2) {
            if expected == OK {
                continue;
            }
            let session = Session::with_keys();
            let look = || {
                let (status, mut body) = session.call("DescribeKey", &[("KeyId", key)]);
                let mut aliases = session.ok("ListAliases", &[]);
                body["RequestId"].take();
                aliases["RequestId"].take();
                (status, body, aliases)
            };
            let before = look();
            call(&session, row, key);
            assert_eq!(look(), before, "{} {:?}, {key}", row.0, row.1);
        }
    }
}

/// Whether the table has a row of an operation.
pub fn has(action: &str) -> bool {
    // Separate tests cover them.
    ["Decrypt", "ExportDataKey"].contains(&action)
        || TABLE.iter().any(|(known, ..)| *known == action)
}
