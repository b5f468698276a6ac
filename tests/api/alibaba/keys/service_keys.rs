//! Service keys. Sources: the pages *Key management FAQs* (2026), *Manage a key alias* and `ListKeys`.

use serde_json::Value;

use super::{INVALID, create, decrypt, describe, encrypt, text};
use crate::alibaba::session::Session;

const UNSUPPORTED: &str = "400 Rejected.UnsupportedOperation";
const NOT_EXTERNAL: &str = "400 Unsupported.Origin";

fn aliases(session: &Session) -> Vec<String> {
    let reply = session.ok("ListAliases", &[]);
    let aliases = reply["Aliases"]["Alias"].as_array().unwrap().iter();
    aliases.map(|alias| text(&alias["AliasName"])).collect()
}

fn listed(session: &Session, creator_type: &str) -> Value {
    let filters = format!(r#"[{{"Key":"CreatorType","Values":["{creator_type}"]}}]"#);
    session.ok("ListKeys", &[("Filters", &filters)])["TotalCount"].clone()
}

#[test]
fn a_secret_without_a_key_creates_the_key_of_the_service_once() {
    let session = Session::new();
    assert!(aliases(&session).is_empty());
    session.create("a");
    session.create("b");
    assert_eq!(aliases(&session), ["alias/acs/kms"]);
    assert_eq!(
        (listed(&session, "Service"), listed(&session, "User")),
        (1.into(), 0.into())
    );
    let key = describe(&session, "alias/acs/kms");
    assert_eq!(key["KeySpec"], "Aliyun_AES_256");
    assert_eq!(key["KeyState"], "Enabled");
    assert_eq!(key["Creator"], "1000000000000000");
    // Terraform would replace the secret if the reply had a key that its configuration does not have.
    let secret = session.ok("DescribeSecret", &[("SecretName", "a")]);
    assert_eq!(secret.get("EncryptionKeyId"), None);
    // Each region of each account has its key.
    let other = [("AccessKeyId", "2000000000000000"), ("Signature", "x")];
    assert_eq!(session.ok("ListKeys", &other)["TotalCount"], 0);
}

#[test]
fn a_request_for_a_new_secret_that_is_rejected_creates_no_key() {
    let session = Session::new();
    let parameters = [
        ("SecretName", "acs/a"),
        ("VersionId", "v"),
        ("SecretData", "x"),
    ];
    assert_eq!(session.verdict("CreateSecret", &parameters), INVALID);
    assert!(aliases(&session).is_empty());
}

#[test]
fn a_dry_run_and_a_rejected_request_create_no_key_of_a_service() {
    let session = Session::with_keys();
    session.create("exists");
    let before = aliases(&session);
    let ciphertext = encrypt(&session, super::KEY, "aGk=", "");
    let alias = ("KeyId", "alias/acs/oss");
    let dry = ("DryRun", "true");
    let pair = [
        ("KeyId", "key-hzz000000000000000006"),
        ("KeyVersionId", "00000006-0000-4000-8000-000000000000"),
    ];
    let public_key = text(&session.ok("GetPublicKey", &pair)["PublicKey"]);
    let lines = public_key.lines().filter(|line| !line.starts_with('-'));
    let public_key: String = lines.collect();
    let export = [
        ("PublicKeyBlob", &*public_key),
        ("WrappingKeySpec", "RSA_2048"),
        ("WrappingAlgorithm", "RSAES_OAEP_SHA_256"),
    ];
    let destination = ("DestinationKeyId", "alias/acs/oss");
    let is_checked = "400 DryRunOperationError";
    for (action, parameters, result) in [
        (
            "Encrypt",
            vec![alias, dry, ("Plaintext", "aGk=")],
            is_checked,
        ),
        ("GenerateDataKey", vec![alias, dry], is_checked),
        (
            "GenerateDataKeyWithoutPlaintext",
            vec![alias, dry],
            is_checked,
        ),
        (
            "GenerateAndExportDataKey",
            [&[alias, dry][..], &export].concat(),
            is_checked,
        ),
        (
            "ReEncrypt",
            vec![destination, dry, ("CiphertextBlob", &ciphertext)],
            is_checked,
        ),
        (
            "ReEncrypt",
            vec![destination, ("CiphertextBlob", "AAAA")],
            INVALID,
        ),
        (
            "CreateSecret",
            vec![
                ("SecretName", "exists"),
                ("VersionId", "v"),
                ("SecretData", "x"),
                ("EncryptionKeyId", "alias/acs/oss"),
            ],
            "409 Rejected.ResourceExist",
        ),
        (
            "CreateSecret",
            vec![
                ("SecretName", "s"),
                ("VersionId", "v"),
                ("SecretData", "x"),
                ("EncryptionKeyId", "alias/acs/oss"),
                ("DKMSInstanceId", "kst-x"),
            ],
            "403 Forbidden.DKMSInstanceNotFound",
        ),
    ] {
        assert_eq!(session.verdict(action, &parameters), result, "{action}");
        assert_eq!(aliases(&session), before, "{action}");
    }
    session.ok("GenerateDataKey", &[alias]);
    assert!(aliases(&session).contains(&"alias/acs/oss".to_owned()));
}

#[test]
fn a_key_of_a_service_is_created_when_a_request_first_uses_it() {
    // The alias that clients of MSE and Nacos use by default.
    let key = [("KeyId", "alias/acs/mse")];
    let session = Session::new();
    let not_found = "404 Forbidden.AliasNotFound";
    assert_eq!(session.verdict("DescribeKey", &key), not_found);
    let reply = session.ok("GenerateDataKey", &[key[0], ("KeySpec", "AES_128")]);
    let ciphertext = text(&reply["CiphertextBlob"]);
    assert_eq!(
        decrypt(&session, &ciphertext, ""),
        Ok(text(&reply["Plaintext"]))
    );
    let again = encrypt(
        &session,
        "acs:kms:cn-hangzhou:1000000000000000:alias/acs/mse",
        "aGk=",
        "",
    );
    assert_eq!(decrypt(&session, &again, ""), Ok("aGk=".to_owned()));
    assert_eq!(aliases(&session), ["alias/acs/mse"]);
    let moved = [
        ("CiphertextBlob", &*ciphertext),
        ("DestinationKeyId", "alias/acs/oss"),
    ];
    session.ok("ReEncrypt", &moved);
    for alias in [
        "alias/acs/unknown",
        "alias/acs",
        "alias/acs/mse/x",
        "acs:kms:cn-hangzhou:2000000000000000:alias/acs/ecs",
        "acs:kms:cn-beijing:1000000000000000:alias/acs/ecs",
    ] {
        let parameters = [("KeyId", alias), ("Plaintext", "aGk=")];
        assert_eq!(
            session.verdict("Encrypt", &parameters),
            not_found,
            "{alias}"
        );
    }
    assert_eq!(aliases(&session), ["alias/acs/mse", "alias/acs/oss"]);
}

/// An operation, its parameters, and the expected result.
type Row = (
    &'static str,
    &'static [(&'static str, &'static str)],
    &'static str,
);

/// Requests that change a key. `{key}` is the key of the service, `{user}` one of the user, which has `alias/mine`.
#[rustfmt::skip]
const CHANGES: &[Row] = &[
    ("ScheduleKeyDeletion", &[("KeyId", "{key}"), ("PendingWindowInDays", "7")], UNSUPPORTED),
    ("CancelKeyDeletion", &[("KeyId", "{key}")], UNSUPPORTED),
    ("DisableKey", &[("KeyId", "{key}")], UNSUPPORTED),
    ("EnableKey", &[("KeyId", "{key}")], UNSUPPORTED),
    ("UpdateKeyDescription", &[("KeyId", "{key}"), ("Description", "d")], UNSUPPORTED),
    ("SetDeletionProtection", &[("KeyId", "{key}"), ("EnableDeletionProtection", "true")], UNSUPPORTED),
    ("CreateKeyVersion", &[("KeyId", "{key}")], UNSUPPORTED),
    ("UpdateRotationPolicy", &[("KeyId", "{key}"), ("EnableAutomaticRotation", "true"), ("RotationInterval", "365d")], UNSUPPORTED),
    ("SetKeyPolicy", &[("KeyId", "{key}"), ("Policy", r#"{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":["acs:ram::1000000000000000:*"]},"Action":["kms:*"],"Resource":["*"]}]}"#)], UNSUPPORTED),
    ("CreateAlias", &[("KeyId", "{key}"), ("AliasName", "alias/other")], UNSUPPORTED),
    ("UpdateAlias", &[("KeyId", "{key}"), ("AliasName", "alias/mine")], UNSUPPORTED),
    ("CreateAlias", &[("KeyId", "{user}"), ("AliasName", "alias/acs/ecs")], INVALID),
    ("UpdateAlias", &[("KeyId", "{user}"), ("AliasName", "alias/acs/kms")], INVALID),
    ("DeleteAlias", &[("AliasName", "alias/acs/kms")], INVALID),
    ("TagResource", &[("KeyId", "{key}"), ("Tags", r#"[{"TagKey":"k"}]"#)], UNSUPPORTED),
    ("UntagResource", &[("KeyId", "{key}"), ("TagKeys", r#"["k"]"#)], UNSUPPORTED),
    ("TagResources", &[("ResourceType", "key"), ("ResourceId.1", "{key}"), ("Tag.1.Key", "k")], UNSUPPORTED),
    ("UntagResources", &[("ResourceType", "key"), ("ResourceId.1", "{key}"), ("TagKey.1", "k")], UNSUPPORTED),
    ("GetParametersForImport", &[("KeyId", "{key}"), ("WrappingKeySpec", "RSA_2048"), ("WrappingAlgorithm", "RSAES_PKCS1_V1_5")], NOT_EXTERNAL),
    ("DeleteKeyMaterial", &[("KeyId", "{key}")], NOT_EXTERNAL),
];

#[test]
fn a_key_of_a_service_cannot_be_changed() {
    let session = Session::new();
    session.create("a");
    let id = text(&describe(&session, "alias/acs/kms")["KeyId"]);
    let user_key = create(&session, &[]);
    let alias = [("KeyId", &*user_key), ("AliasName", "alias/mine")];
    session.ok("CreateAlias", &alias);
    let before = (describe(&session, &id), aliases(&session));
    for (action, parameters, result) in CHANGES {
        let filled: Vec<_> = parameters
            .iter()
            .map(|(_, value)| value.replace("{key}", &id).replace("{user}", &user_key))
            .collect();
        let names = parameters.iter().map(|(name, _)| *name);
        let parameters: Vec<_> = names.zip(filled.iter().map(|value| &**value)).collect();
        assert_eq!(session.verdict(action, &parameters), *result, "{action}");
    }
    assert_eq!((describe(&session, &id), aliases(&session)), before);
    for action in [
        "ListKeyVersions",
        "ListAliasesByKeyId",
        "ListResourceTags",
        "GetKeyPolicy",
    ] {
        session.ok(action, &[("KeyId", &id)]);
    }
}

#[test]
fn a_fixture_can_have_keys_of_services() {
    let session = Session::new();
    session.load(
        br#"{"Keys":{"Key":[{"KeyId":"k","CreatorType":"Service","Aliases":[{"AliasName":"alias/acs/ecs"}]}]}}"#,
    );
    encrypt(&session, "alias/acs/ecs", "aGk=", "");
    assert_eq!(aliases(&session), ["alias/acs/ecs"]);
    assert_eq!(
        session.verdict("DisableKey", &[("KeyId", "k")]),
        UNSUPPORTED
    );
}
