//! The members of replies with random values, which recorded exchanges cannot have. The source is the model of
//! `alibabacloud_kms20160120` 3.3.1, in the types of the vendor's metadata.

use serde_json::{Map, Value, json};

use super::key_pairs::{DECRYPTER, DIGEST, SIGNER};
use super::{KEY, create, encrypt, text};
use crate::alibaba::session::Session;

/// The value with every text empty and every number 0.
fn shape(value: &Value) -> Value {
    match value {
        Value::String(_) => "".into(),
        Value::Number(_) => 0.into(),
        Value::Bool(_) => false.into(),
        Value::Array(items) => items.iter().map(shape).collect(),
        Value::Object(members) => {
            let members = members.iter();
            let members: Map<_, _> = members
                .map(|(name, value)| (name.clone(), shape(value)))
                .collect();
            members.into()
        }
        Value::Null => Value::Null,
    }
}

fn of_texts(members: &[&str]) -> Value {
    let members = members.iter().map(|name| ((*name).to_owned(), "".into()));
    let members: Map<_, _> = members.collect();
    members.into()
}

#[track_caller]
fn check(session: &Session, action: &str, parameters: &[(&str, &str)], members: &Value) {
    let reply = session.ok(action, parameters);
    assert_eq!(&shape(&reply), members, "{action}");
}

const ENCRYPTED: [&str; 4] = ["CiphertextBlob", "KeyId", "KeyVersionId", "RequestId"];
const DECRYPTED: [&str; 4] = ["KeyId", "KeyVersionId", "Plaintext", "RequestId"];

#[test]
fn replies_of_symmetric_keys_have_the_members_and_types_of_the_model() {
    let session = Session::with_keys();
    let ciphertext = encrypt(&session, KEY, "aGk=", "");
    let key = ("KeyId", KEY);
    let blob = ("CiphertextBlob", &*ciphertext);
    let encrypted = of_texts(&ENCRYPTED);
    check(
        &session,
        "Encrypt",
        &[key, ("Plaintext", "aGk=")],
        &encrypted,
    );
    check(&session, "Decrypt", &[blob], &of_texts(&DECRYPTED));
    check(
        &session,
        "ReEncrypt",
        &[blob, ("DestinationKeyId", KEY)],
        &encrypted,
    );
    check(
        &session,
        "GenerateDataKeyWithoutPlaintext",
        &[key],
        &encrypted,
    );
    let data_key = [
        "CiphertextBlob",
        "KeyId",
        "KeyVersionId",
        "Plaintext",
        "RequestId",
    ];
    check(&session, "GenerateDataKey", &[key], &of_texts(&data_key));
    let version = of_texts(&["CreationDate", "KeyId", "KeyVersionId"]);
    let version = json!({"KeyVersion": version, "RequestId": ""});
    check(&session, "CreateKeyVersion", &[key], &version);
    check(
        &session,
        "DeleteAlias",
        &[("AliasName", "alias/orders")],
        &of_texts(&["RequestId"]),
    );
    let external = create(&session, &[("Origin", "EXTERNAL")]);
    let asked = [
        ("KeyId", &*external),
        ("WrappingKeySpec", "RSA_2048"),
        ("WrappingAlgorithm", "RSAES_PKCS1_V1_5"),
    ];
    let import = [
        "ImportToken",
        "KeyId",
        "PublicKey",
        "RequestId",
        "TokenExpireTime",
    ];
    check(
        &session,
        "GetParametersForImport",
        &asked,
        &of_texts(&import),
    );
    let new = [
        ("DKMSInstanceId", "kst-hzz6666666666666666aa"),
        ("EnableAutomaticRotation", "true"),
        ("RotationInterval", "365d"),
    ];
    let metadata = of_texts(&METADATA);
    check(
        &session,
        "CreateKey",
        &new,
        &json!({"KeyMetadata": metadata, "RequestId": ""}),
    );
}

#[rustfmt::skip]
const METADATA: [&str; 18] = [
    "Arn", "AutomaticRotation", "CreationDate", "Creator", "DKMSInstanceId", "DeleteDate", "Description", "KeyId", "KeySpec",
    "KeyState", "KeyUsage", "LastRotationDate", "MaterialExpireTime", "NextRotationDate", "Origin", "PrimaryKeyVersion",
    "ProtectionLevel", "RotationInterval",
];

#[test]
fn replies_of_key_pairs_have_the_members_and_types_of_the_model() {
    let session = Session::with_keys();
    let [key, version, algorithm] = [
        ("KeyId", DECRYPTER),
        ("KeyVersionId", "00000006-0000-4000-8000-000000000000"),
        ("Algorithm", "RSAES_OAEP_SHA_256"),
    ];
    let plaintext = [key, version, algorithm, ("Plaintext", "aGk=")];
    check(
        &session,
        "AsymmetricEncrypt",
        &plaintext,
        &of_texts(&ENCRYPTED),
    );
    let sealed = text(&session.ok("AsymmetricEncrypt", &plaintext)["CiphertextBlob"]);
    let sealed = [key, version, algorithm, ("CiphertextBlob", &*sealed)];
    check(
        &session,
        "AsymmetricDecrypt",
        &sealed,
        &of_texts(&DECRYPTED),
    );
    let public_key = text(&session.ok("GetPublicKey", &[key, version])["PublicKey"]);
    let lines = public_key.lines().filter(|line| !line.starts_with('-'));
    let public_key: String = lines.collect();
    let [blob, spec, wrapping] = [
        ("PublicKeyBlob", &*public_key),
        ("WrappingKeySpec", "RSA_2048"),
        ("WrappingAlgorithm", "RSAES_OAEP_SHA_256"),
    ];
    let generated = [
        "CiphertextBlob",
        "ExportedDataKey",
        "KeyId",
        "KeyVersionId",
        "RequestId",
    ];
    let parameters = [("KeyId", KEY), blob, spec, wrapping];
    check(
        &session,
        "GenerateAndExportDataKey",
        &parameters,
        &of_texts(&generated),
    );
    let ciphertext = encrypt(&session, KEY, "aGk=", "");
    let parameters = [("CiphertextBlob", &*ciphertext), blob, spec, wrapping];
    check(
        &session,
        "ExportDataKey",
        &parameters,
        &of_texts(&generated[1..]),
    );
    let signing = [
        ("KeyId", SIGNER),
        ("KeyVersionId", "00000005-0000-4000-8000-000000000000"),
        ("Algorithm", "RSA_PSS_SHA_256"),
        ("Digest", DIGEST),
    ];
    let signed = ["KeyId", "KeyVersionId", "RequestId", "Value"];
    check(&session, "AsymmetricSign", &signing, &of_texts(&signed));
    let signature = text(&session.ok("AsymmetricSign", &signing)["Value"]);
    let verified = json!({"KeyId": "", "KeyVersionId": "", "RequestId": "", "Value": false});
    let parameters = [&signing[..], &[("Value", &*signature)]].concat();
    check(&session, "AsymmetricVerify", &parameters, &verified);
}
