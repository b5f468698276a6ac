//! Rates of operations that encrypt and decrypt.

use kms_emulator::model::Cloud;
use serde_json::Value;

use super::Row;
use super::rates::{Served, call_with, of_bare};

/// 32 bytes in Base64.
const PLAINTEXT: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const CONTEXT: &str = r#"{"tenant":"42"}"#;

/// Encryption, decryption and data keys with a new key. Their replies are not cached.
pub(super) fn rows(served: &Served) -> Vec<Row> {
    let member = |action: &str, parameters: &[(&str, &str)], path: &str| {
        let body = served.call(&call_with(Cloud::Alibaba, action, parameters));
        let reply: Value = serde_json::from_slice(&body).expect("a reply in JSON");
        reply
            .pointer(path)
            .and_then(Value::as_str)
            .expect("the member")
            .to_owned()
    };
    let key = member("CreateKey", &[], "/KeyMetadata/KeyId");
    let encrypt = [
        ("KeyId", &*key),
        ("Plaintext", PLAINTEXT),
        ("EncryptionContext", CONTEXT),
    ];
    let ciphertext = member("Encrypt", &encrypt, "/CiphertextBlob");
    let decrypt = [
        ("CiphertextBlob", &*ciphertext),
        ("EncryptionContext", CONTEXT),
    ];
    let generate = [("KeyId", &*key), ("KeySpec", "AES_256")];
    [
        ("Encrypt", &encrypt[..]),
        ("Decrypt", &decrypt),
        ("GenerateDataKey", &generate),
    ]
    .map(|(action, parameters)| {
        let request = call_with(Cloud::Alibaba, action, parameters);
        of_bare(format!("V1, {action}"), &[0.5], served.repeated(&request))
    })
    .into()
}
