//! Imported key material.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;

use super::key_pairs::openssl;
use super::{INVALID, create, decrypt, describe, encrypt, text};
use crate::alibaba::session::Session;
use crate::support::now;

fn import(session: &Session, key: &str, material: &[u8], more: &[(&str, &str)]) -> String {
    let asked = [
        ("KeyId", key),
        ("WrappingAlgorithm", "RSAES_OAEP_SHA_256"),
        ("WrappingKeySpec", "RSA_2048"),
    ];
    let parameters = session.ok("GetParametersForImport", &asked);
    assert_eq!(parameters["TokenExpireTime"], "2026-01-03T03:04:05Z");
    let public_key = STANDARD.decode(text(&parameters["PublicKey"])).unwrap();
    let arguments = [
        "pkeyutl",
        "-encrypt",
        "-pubin",
        "-keyform",
        "DER",
        "-inkey",
        "key",
        "-in",
        "material",
        "-pkeyopt",
        "rsa_padding_mode:oaep",
        "-pkeyopt",
        "rsa_oaep_md:sha256",
    ];
    let encrypted = STANDARD.encode(openssl(
        &arguments,
        &[("key", &public_key), ("material", material)],
    ));
    let token = text(&parameters["ImportToken"]);
    let mut request = vec![
        ("KeyId", key),
        ("EncryptedKeyMaterial", &*encrypted),
        ("ImportToken", &*token),
    ];
    request.extend(more);
    session.verdict("ImportKeyMaterial", &request)
}

/// The pages *`ImportKeyMaterial`*, *`DeleteKeyMaterial`* and *Import key material*.
#[test]
fn material_is_imported_expires_and_is_imported_again() {
    let session = Session::new();
    let key = create(&session, &[("Origin", "EXTERNAL")]);
    let state = || describe(&session, &key)["KeyState"].clone();
    assert_eq!(state(), "PendingImport");
    let material = [9; 32];
    assert_eq!(
        import(&session, &key, &[9; 31], &[]),
        "400 InvalidKeyMaterial"
    );
    assert_eq!(
        import(&session, &key, &material, &[("KeyMaterialExpireUnix", "1")]),
        INVALID
    );
    let expiry = (now() + TimeDelta::hours(1)).timestamp().to_string();
    assert_eq!(
        import(
            &session,
            &key,
            &material,
            &[("KeyMaterialExpireUnix", &expiry)]
        ),
        "OK"
    );
    assert_eq!(state(), "Enabled");
    assert_eq!(
        describe(&session, &key)["MaterialExpireTime"],
        "2026-01-02T04:04:05Z"
    );
    let ciphertext = encrypt(&session, &key, "aGk=", "");
    session.advance(TimeDelta::hours(1));
    assert_eq!(state(), "PendingImport");
    assert_eq!(
        decrypt(&session, &ciphertext, ""),
        Err("409 Rejected.PendingImport".to_owned())
    );
    session.clock.set(now());
    assert_eq!(
        import(&session, &key, &[8; 32], &[]),
        "400 InvalidKeyMaterial"
    );
    assert_eq!(
        import(&session, &key, &material, &[("KeyMaterialExpireUnix", "0")]),
        "OK"
    );
    assert_eq!(decrypt(&session, &ciphertext, ""), Ok("aGk=".to_owned()));
    session.ok("DeleteKeyMaterial", &[("KeyId", &key)]);
    assert_eq!(state(), "PendingImport");
    session.ok(
        "ScheduleKeyDeletion",
        &[("KeyId", &key), ("PendingWindowInDays", "7")],
    );
    session.ok("CancelKeyDeletion", &[("KeyId", &key)]);
    assert_eq!(state(), "PendingImport");
}

#[test]
fn a_token_of_an_import_expires_after_a_day_and_belongs_to_its_key() {
    let session = Session::new();
    let [key, other] = [(); 2].map(|()| create(&session, &[("Origin", "EXTERNAL")]));
    let asked = [
        ("KeyId", &*key),
        ("WrappingAlgorithm", "RSAES_PKCS1_V1_5"),
        ("WrappingKeySpec", "RSA_2048"),
    ];
    let token = text(&session.ok("GetParametersForImport", &asked)["ImportToken"]);
    let verdict = |key: &str| {
        session.verdict(
            "ImportKeyMaterial",
            &[
                ("KeyId", key),
                ("EncryptedKeyMaterial", "AAAA"),
                ("ImportToken", &token),
            ],
        )
    };
    assert_eq!(verdict(&other), "400 InvalidImportToken");
    assert_eq!(verdict(&key), "400 InvalidKeyMaterial");
    session.advance(TimeDelta::days(1) + TimeDelta::seconds(1));
    assert_eq!(verdict(&key), "400 ExpiredImportToken");
}
