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
];

/// `hello`, encrypted with the enabled key by another program, without a context and with the context
/// `{"a":"1","b":"2"}`.
pub const HELLO: &str =
    "MDAwMDAwMDEtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDAwBwcHBwcHBwcHBwcHZw/KMADChmNBd3kjPtvtflwkKTq/";
pub const HELLO_IN_CONTEXT: &str =
    "MDAwMDAwMDEtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDAwBwcHBwcHBwcHBwcHZw/KMABqGM1UszS6f/GtDVQ+ZXuU";

fn call(session: &Session, row: &Row, key: &str) -> String {
    let parameters: Vec<_> = row
        .1
        .iter()
        .map(|(name, value)| (*name, value.replace("{key}", key)))
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
    // Its row is a test of its own.
    action == "Decrypt" || TABLE.iter().any(|(known, ..)| *known == action)
}
