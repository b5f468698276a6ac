//! The members of replies with random values, which recorded exchanges cannot have. The source is the model of
//! `alibabacloud_kms20160120` 3.3.1, in the types of the vendor's metadata.

use serde_json::{Map, Value, json};

use super::key_pairs::{DECRYPTER, SIGNER};
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

#[test]
fn replies_have_the_members_and_types_of_the_model() {
    let session = Session::with_keys();
    let ciphertext = encrypt(&session, KEY, "aGk=", "");
    let external = create(&session, &[("Origin", "EXTERNAL")]);
    let generate = [
        "CiphertextBlob",
        "KeyId",
        "KeyVersionId",
        "Plaintext",
        "RequestId",
    ];
    let encrypted = ["CiphertextBlob", "KeyId", "KeyVersionId", "RequestId"];
    let pair = ("KeyVersionId", "00000005-0000-4000-8000-000000000000");
    let decrypter = [
        ("KeyId", DECRYPTER),
        ("KeyVersionId", "00000006-0000-4000-8000-000000000000"),
        ("Algorithm", "RSAES_OAEP_SHA_256"),
    ];
    let sealed = [
        decrypter[0],
        decrypter[1],
        decrypter[2],
        ("Plaintext", "aGk="),
    ];
    let sealed = text(&session.ok("AsymmetricEncrypt", &sealed)["CiphertextBlob"]);
    let public_key = text(&session.ok("GetPublicKey", &decrypter[..2])["PublicKey"]);
    let public_key: String = public_key
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    let wrapping = [
        ("PublicKeyBlob", &*public_key),
        ("WrappingKeySpec", "RSA_2048"),
        ("WrappingAlgorithm", "RSAES_OAEP_SHA_256"),
    ];
    let digest = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
    let signing = [
        ("KeyId", SIGNER),
        pair,
        ("Algorithm", "RSA_PSS_SHA_256"),
        ("Digest", digest),
    ];
    let signature = text(&session.ok("AsymmetricSign", &signing)["Value"]);
    for (action, parameters, members) in [
        (
            "Encrypt",
            vec![("KeyId", KEY), ("Plaintext", "aGk=")],
            of_texts(&encrypted),
        ),
        (
            "Decrypt",
            vec![("CiphertextBlob", &*ciphertext)],
            of_texts(&["KeyId", "KeyVersionId", "Plaintext", "RequestId"]),
        ),
        (
            "ReEncrypt",
            vec![("CiphertextBlob", &*ciphertext), ("DestinationKeyId", KEY)],
            of_texts(&encrypted),
        ),
        ("GenerateDataKey", vec![("KeyId", KEY)], of_texts(&generate)),
        (
            "GenerateDataKeyWithoutPlaintext",
            vec![("KeyId", KEY)],
            of_texts(&encrypted),
        ),
        (
            "GenerateAndExportDataKey",
            vec![("KeyId", KEY), wrapping[0], wrapping[1], wrapping[2]],
            of_texts(&[
                "CiphertextBlob",
                "ExportedDataKey",
                "KeyId",
                "KeyVersionId",
                "RequestId",
            ]),
        ),
        (
            "ExportDataKey",
            vec![
                ("CiphertextBlob", &*ciphertext),
                wrapping[0],
                wrapping[1],
                wrapping[2],
            ],
            of_texts(&["ExportedDataKey", "KeyId", "KeyVersionId", "RequestId"]),
        ),
        (
            "AsymmetricEncrypt",
            vec![
                decrypter[0],
                decrypter[1],
                decrypter[2],
                ("Plaintext", "aGk="),
            ],
            of_texts(&encrypted),
        ),
        (
            "AsymmetricDecrypt",
            vec![
                decrypter[0],
                decrypter[1],
                decrypter[2],
                ("CiphertextBlob", &*sealed),
            ],
            of_texts(&["KeyId", "KeyVersionId", "Plaintext", "RequestId"]),
        ),
        (
            "AsymmetricSign",
            signing.to_vec(),
            of_texts(&["KeyId", "KeyVersionId", "RequestId", "Value"]),
        ),
        (
            "AsymmetricVerify",
            [&signing[..], &[("Value", &*signature)]].concat(),
            json!({"KeyId": "", "KeyVersionId": "", "RequestId": "", "Value": false}),
        ),
        (
            "GetParametersForImport",
            vec![
                ("KeyId", &*external),
                ("WrappingKeySpec", "RSA_2048"),
                ("WrappingAlgorithm", "RSAES_PKCS1_V1_5"),
            ],
            of_texts(&[
                "ImportToken",
                "KeyId",
                "PublicKey",
                "RequestId",
                "TokenExpireTime",
            ]),
        ),
        (
            "CreateKeyVersion",
            vec![("KeyId", KEY)],
            json!({
                "KeyVersion": of_texts(&["CreationDate", "KeyId", "KeyVersionId"]),
                "RequestId": "",
            }),
        ),
        (
            "CreateKey",
            vec![
                ("DKMSInstanceId", "kst-a"),
                ("EnableAutomaticRotation", "true"),
                ("RotationInterval", "365d"),
            ],
            json!({
                "KeyMetadata": of_texts(&[
                    "Arn", "AutomaticRotation", "CreationDate", "Creator", "DKMSInstanceId", "DeleteDate", "Description",
                    "KeyId", "KeySpec", "KeyState", "KeyUsage", "LastRotationDate", "MaterialExpireTime",
                    "NextRotationDate", "Origin", "PrimaryKeyVersion", "ProtectionLevel", "RotationInterval",
                ]),
                "RequestId": "",
            }),
        ),
        (
            "DeleteAlias",
            vec![("AliasName", "alias/orders")],
            of_texts(&["RequestId"]),
        ),
    ] {
        let reply = session.ok(action, &parameters);
        assert_eq!(shape(&reply), members, "{action}");
    }
}
