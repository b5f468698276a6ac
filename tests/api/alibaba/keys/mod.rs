//! Keys: their life cycle, what they encrypt, and where they are kept.

mod aliases;
mod encryption;
mod imports;
mod instances;
mod key_pairs;
mod limits;
mod mac;
mod replies;
mod rotation;
mod secret_encryption;
mod service_keys;
mod stored_keys;
mod tags;
mod threads;

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::alibaba::session::Session;

const KEY: &str = "key-hzz000000000000000001";
const INVALID: &str = "400 InvalidParameter";

fn create(session: &Session, parameters: &[(&str, &str)]) -> String {
    let reply = session.ok("CreateKey", parameters);
    text(&reply["KeyMetadata"]["KeyId"])
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value}"))
        .to_owned()
}

fn describe(session: &Session, key: &str) -> Value {
    session.ok("DescribeKey", &[("KeyId", key)])["KeyMetadata"].clone()
}

fn encrypt(session: &Session, key: &str, plaintext: &str, context: &str) -> String {
    let parameters = [
        ("KeyId", key),
        ("Plaintext", plaintext),
        ("EncryptionContext", context),
    ];
    text(&session.ok("Encrypt", &parameters)["CiphertextBlob"])
}

fn decrypt(session: &Session, ciphertext: &str, context: &str) -> Result<String, String> {
    let parameters = [
        ("CiphertextBlob", ciphertext),
        ("EncryptionContext", context),
    ];
    match session.call("Decrypt", &parameters) {
        (200, reply) => Ok(text(&reply["Plaintext"])),
        (status, reply) => Err(format!("{status} {}", reply["Code"].as_str().unwrap())),
    }
}

#[test]
fn a_new_key_has_the_documented_metadata() {
    let session = Session::new();
    let reply = session.ok("CreateKey", &[("Description", "key description example")]);
    let mut created = reply["KeyMetadata"].clone();
    let key_id = text(&created["KeyId"].take());
    let version = text(&created["PrimaryKeyVersion"].take());
    assert!(key_id.starts_with("key-") && key_id.len() == 25, "{key_id}");
    assert_eq!(version.len(), 36);
    assert_eq!(
        created,
        json!({
            "CreationDate": "2026-01-02T03:04:05Z",
            "Description": "key description example",
            "KeyId": null,
            "KeySpec": "Aliyun_AES_256",
            "KeyState": "Enabled",
            "KeyUsage": "ENCRYPT/DECRYPT",
            "PrimaryKeyVersion": null,
            "DeleteDate": "",
            "Creator": "1000000000000000",
            "Arn": format!("acs:kms:cn-hangzhou:1000000000000000:key/{key_id}"),
            "Origin": "Aliyun_KMS",
            "MaterialExpireTime": "",
            "ProtectionLevel": "SOFTWARE",
            "LastRotationDate": "2026-01-02T03:04:05Z",
            "AutomaticRotation": "Disabled",
        })
    );
    let described = describe(&session, &key_id);
    assert_eq!(described["PrimaryKeyVersion"], version.as_str());
    assert_eq!(described["DeletionProtection"], "Disabled");
}

/// The pages *`CreateKey`* and *Key management types and key specifications*.
#[test]
fn a_key_has_a_usage_that_fits_its_spec() {
    let session = Session::new();
    for (spec, usage, result) in [
        ("Aliyun_AES_128", "", "OK ENCRYPT/DECRYPT"),
        ("Aliyun_AES_192", "ENCRYPT/DECRYPT", "OK ENCRYPT/DECRYPT"),
        ("Aliyun_SM4", "", "OK ENCRYPT/DECRYPT"),
        ("Aliyun_AES_256", "SIGN/VERIFY", INVALID),
        ("EC_P256", "ENCRYPT/DECRYPT", INVALID),
        ("AES_256", "", INVALID),
        ("aliyun_aes_256", "", INVALID),
        ("Aliyun_AES_256", "encrypt/decrypt", INVALID),
    ] {
        let parameters = [("KeySpec", spec), ("KeyUsage", usage)];
        let answered = match session.call("CreateKey", &parameters) {
            (200, reply) => format!("OK {}", text(&reply["KeyMetadata"]["KeyUsage"])),
            (status, reply) => format!("{status} {}", text(&reply["Code"])),
        };
        assert_eq!(answered, result, "{spec} {usage}");
    }
}

#[test]
fn parameters_of_a_new_key_are_checked() {
    let session = Session::new();
    let long = "d".repeat(8193);
    for (name, value, result) in [
        ("Description", &*long, INVALID),
        ("Origin", "aliyun_kms", INVALID),
        ("ProtectionLevel", "hsm", INVALID),
        ("EnableAutomaticRotation", "true", "400 MissingParameter"),
        ("RotationInterval", "1d", "OK"),
        ("KeyStorageMechanism", "Other", INVALID),
        ("KeyStorageMechanism", "HsmInternal", "OK"),
        ("Tags", r#"[{"TagKey":"aliyun"}]"#, INVALID),
        ("Policy", "{}", INVALID),
    ] {
        assert_eq!(
            session.verdict("CreateKey", &[(name, value)]),
            result,
            "{name}"
        );
    }
    for interval in ["6d", "731d", "7", "-7d", "7w"] {
        let parameters = [
            ("EnableAutomaticRotation", "true"),
            ("RotationInterval", interval),
        ];
        assert_eq!(
            session.verdict("CreateKey", &parameters),
            INVALID,
            "{interval}"
        );
    }
    let rotated = [
        ("EnableAutomaticRotation", "true"),
        ("RotationInterval", "7d"),
    ];
    let external = [rotated[0], rotated[1], ("Origin", "EXTERNAL")];
    assert_eq!(
        session.verdict("CreateKey", &external),
        "400 UnsupportedOperation"
    );
}

#[test]
fn a_key_is_deleted_when_its_time_has_come() {
    let session = Session::new();
    let key = create(&session, &[]);
    session.ok("CreateAlias", &[("KeyId", &key), ("AliasName", "alias/a")]);
    session.ok(
        "ScheduleKeyDeletion",
        &[("KeyId", &key), ("PendingWindowInDays", "7")],
    );
    assert_eq!(
        describe(&session, &key)["DeleteDate"],
        "2026-01-09T03:04:05Z"
    );
    session.advance(TimeDelta::days(7) - TimeDelta::seconds(1));
    session.emulator.do_due_work();
    assert_eq!(describe(&session, &key)["KeyState"], "PendingDeletion");
    session.advance(TimeDelta::seconds(1));
    assert_eq!(
        session.verdict("DescribeKey", &[("KeyId", &key)]),
        "404 Forbidden.KeyNotFound"
    );
    assert_eq!(session.ok("ListKeys", &[])["TotalCount"], 0);
    assert_eq!(session.ok("ListAliases", &[])["TotalCount"], 0);
    session.ok(
        "CreateAlias",
        &[("KeyId", &create(&session, &[])), ("AliasName", "alias/a")],
    );
}

#[test]
fn the_window_of_a_deletion_is_7_to_366_days() {
    let session = Session::new();
    for (days, result) in [
        ("6", INVALID),
        ("7", "OK"),
        ("366", "OK"),
        ("367", INVALID),
        ("x", INVALID),
        ("", "400 MissingParameter"),
    ] {
        let key = create(&session, &[]);
        let parameters = [("KeyId", &*key), ("PendingWindowInDays", days)];
        assert_eq!(
            session.verdict("ScheduleKeyDeletion", &parameters),
            result,
            "{days}"
        );
    }
}

#[test]
fn a_protected_key_is_not_deleted() {
    let session = Session::new();
    let key = create(&session, &[]);
    let delete = || {
        session.verdict(
            "ScheduleKeyDeletion",
            &[("KeyId", &key), ("PendingWindowInDays", "7")],
        )
    };
    let protect = |enabled| {
        let parameters = [
            ("KeyId", &*key),
            ("EnableDeletionProtection", enabled),
            ("DeletionProtectionDescription", "in use"),
        ];
        session.ok("SetDeletionProtection", &parameters);
        describe(&session, &key)
    };
    let protected = protect("true");
    assert_eq!(protected["DeletionProtection"], "Enabled");
    assert_eq!(protected["DeletionProtectionDescription"], "in use");
    assert_eq!(delete(), "409 Rejected.StateModifiedFailed");
    assert_eq!(protect("false")["DeletionProtectionDescription"], "");
    assert_eq!(delete(), "OK");
    let nothing = [("EnableDeletionProtection", "true")];
    assert_eq!(
        session.verdict("SetDeletionProtection", &nothing),
        "400 MissingParameter"
    );
    assert_eq!(
        session.verdict("SetDeletionProtection", &[("KeyId", &key)]),
        "400 MissingParameter"
    );
}

#[test]
fn lists_have_pages_and_filters() {
    let session = Session::with_keys();
    let ids = |parameters: &[(&str, &str)]| {
        let reply = session.ok("ListKeys", parameters);
        let keys = reply["Keys"]["Key"].as_array().unwrap().iter();
        let ids: Vec<_> = keys
            .map(|key| text(&key["KeyId"])[20..].to_owned())
            .collect();
        format!("{} of {}", ids.join(" "), reply["TotalCount"])
    };
    assert_eq!(ids(&[]), "00001 00002 00003 00004 00005 00006 00007 of 7");
    assert_eq!(ids(&[("PageSize", "3")]), "00001 00002 00003 of 7");
    assert_eq!(ids(&[("PageSize", "3"), ("PageNumber", "3")]), "00007 of 7");
    assert_eq!(
        ids(&[("PageNumber", "2147483647"), ("PageSize", "100")]),
        " of 7"
    );
    for (filters, expected) in [
        (
            r#"[{"Key":"KeyState","Values":["Enabled"]}]"#,
            "00001 00005 00006 00007 of 4",
        ),
        (
            r#"[{"Key":"KeyState","Values":["Enabled","Disabled"]},{"Key":"KeyState","Values":["PendingDeletion"]}]"#,
            "00001 00002 00003 00005 00006 00007 of 6",
        ),
        (
            r#"[{"Key":"KeySpec","Values":["Aliyun_AES_256"]},{"Key":"KeyState","Values":["Disabled"]}]"#,
            "00002 of 1",
        ),
        (
            r#"[{"Key":"KeySpec","Values":["EC_P256"]},{"Key":"KeyState","Values":["Disabled"]}]"#,
            " of 0",
        ),
        (r#"[{"Key":"CreatorType","Values":["Service"]}]"#, " of 0"),
        (r#"[{"Key":"DKMSInstanceId","Values":["kst-1"]}]"#, " of 0"),
        (
            r#"[{"Key":"keyId","Values":["key-hzz000000000000000002","x"]}]"#,
            "00002 of 1",
        ),
        (
            r#"[{"Key":"AliasName","Values":["alias/orders"]}]"#,
            "00001 of 1",
        ),
        (
            r#"[{"Key":"AliasName","Values":["alias/orders"]},{"Key":"KeyState","Values":["Disabled"]}]"#,
            " of 0",
        ),
        (
            r#"[{"Key":"AliasName","Values":["alias/unknown"]}]"#,
            " of 0",
        ),
    ] {
        assert_eq!(ids(&[("Filters", filters)]), expected, "{filters}");
    }
    session.ok("EnableKey", &[("KeyId", "key-hzz000000000000000002")]);
    assert_eq!(
        ids(&[("Filters", r#"[{"Key":"KeyState","Values":["Enabled"]}]"#)]),
        "00001 00002 00005 00006 00007 of 5"
    );
    for (name, value) in [
        ("PageSize", "0"),
        ("PageSize", "101"),
        ("PageNumber", "0"),
        ("Filters", "x"),
    ] {
        assert_eq!(
            session.verdict("ListKeys", &[(name, value)]),
            INVALID,
            "{name} {value}"
        );
    }
}

/// The page *`ListKeys`* (2025): the keys `Creator`, `TagKey` and `TagValue`.
#[test]
fn keys_are_listed_by_creator_and_tags() {
    let session = Session::with_keys();
    let tagged = |tags: &str| create(&session, &[("Tags", tags)]);
    let [a, b, c] = [
        r#"[{"TagKey":"stage","TagValue":"prod"},{"TagKey":"unit","TagValue":"billing"}]"#,
        r#"[{"TagKey":"stage","TagValue":"beta"}]"#,
        r#"[{"TagKey":"unit","TagValue":"prod"}]"#,
    ]
    .map(tagged);
    let [a, b, c] = [&*a, &*b, &*c];
    let listed = |filters: &str, more: &[(&str, &str)]| {
        let parameters = [&[("Filters", filters)], more].concat();
        let reply = session.ok("ListKeys", &parameters);
        let keys = reply["Keys"]["Key"].as_array().unwrap().iter();
        let mut ids: Vec<_> = keys.map(|key| text(&key["KeyId"])).collect();
        ids.sort_unstable();
        (ids, reply["TotalCount"].as_u64().unwrap())
    };
    for (filters, expected) in [
        (r#"[{"Key":"TagKey","Values":["stage"]}]"#, vec![a, b]),
        (
            r#"[{"Key":"TagKey","Values":["stage","unit"]}]"#,
            vec![a, b, c],
        ),
        (r#"[{"Key":"TagValue","Values":["prod"]}]"#, vec![a, c]),
        (
            r#"[{"Key":"TagKey","Values":["stage"]},{"Key":"TagValue","Values":["beta","billing"]}]"#,
            vec![a, b],
        ),
        (
            r#"[{"Key":"TagKey","Values":["unit"]},{"Key":"KeyState","Values":["Disabled"]}]"#,
            vec![],
        ),
        (r#"[{"Key":"TagKey","Values":["Stage"]}]"#, vec![]),
        (r#"[{"Key":"TagKey","Values":["sta"]}]"#, vec![]),
    ] {
        let mut expected: Vec<_> = expected.into_iter().map(str::to_owned).collect();
        expected.sort_unstable();
        let total = expected.len() as u64;
        assert_eq!(listed(filters, &[]), (expected, total), "{filters}");
    }
    let of_tag = r#"[{"Key":"TagKey","Values":["stage"]}]"#;
    let second = [("PageSize", "1"), ("PageNumber", "2")];
    assert_eq!(listed(of_tag, &second).1, 2);
    session.ok(
        "UntagResource",
        &[("KeyId", a), ("TagKeys", r#"["stage"]"#)],
    );
    assert_eq!(listed(of_tag, &[]), (vec![b.to_owned()], 1));
    // A key of a fixture without a creator was created by the account.
    session.load(
        br#"{"Keys":{"Key":[{"KeyId":"k-other","Creator":"2000000000000000"},{"KeyId":"k-own"}]}}"#,
    );
    let of_creator = |creator: &str| {
        let filters = format!(r#"[{{"Key":"Creator","Values":["{creator}"]}}]"#);
        listed(&filters, &[("PageSize", "100")])
    };
    assert_eq!(
        of_creator("2000000000000000"),
        (vec!["k-other".to_owned()], 1)
    );
    let own = of_creator("1000000000000000");
    assert_eq!(own.1, 11);
    assert!(own.0.contains(&"k-own".to_owned()));
    assert_eq!(of_creator("3000000000000000"), (vec![], 0));
}
