//! Imported key material.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;

use super::key_pairs::openssl;
use super::{INVALID, create, decrypt, describe, encrypt, text};
use crate::alibaba::session::Session;
use crate::support::now;

/// Encrypts material with a new public key by OpenSSL: the parameters of the import.
fn wrapped(
    session: &Session,
    key: &str,
    (spec, algorithm): (&str, &str),
    material: &[u8],
) -> (String, String) {
    let asked = [
        ("KeyId", key),
        ("WrappingAlgorithm", algorithm),
        ("WrappingKeySpec", spec),
    ];
    let parameters = session.ok("GetParametersForImport", &asked);
    assert_eq!(parameters["TokenExpireTime"], "2026-01-03T03:04:05Z");
    let public_key = STANDARD.decode(text(&parameters["PublicKey"])).unwrap();
    let mut arguments = vec!["pkeyutl", "-encrypt", "-pubin", "-keyform", "DER"];
    arguments.extend(["-inkey", "key", "-in", "material"]);
    arguments.extend(match algorithm {
        "RSAES_OAEP_SHA_256" | "RSAES_OAEP_SHA_256_AES_256_ECB_PKCS7_PAD" => &[
            "-pkeyopt",
            "rsa_padding_mode:oaep",
            "-pkeyopt",
            "rsa_oaep_md:sha256",
        ][..],
        "RSAES_OAEP_SHA_1" => &["-pkeyopt", "rsa_padding_mode:oaep"],
        _ => &[],
    });
    let encrypted = openssl(&arguments, &[("key", &public_key), ("material", material)]);
    (STANDARD.encode(encrypted), text(&parameters["ImportToken"]))
}

fn import_with(
    session: &Session,
    key: &str,
    wrapping: (&str, &str),
    material: &[u8],
    more: &[(&str, &str)],
) -> String {
    let (encrypted, token) = wrapped(session, key, wrapping, material);
    let mut request = vec![
        ("KeyId", key),
        ("EncryptedKeyMaterial", &*encrypted),
        ("ImportToken", &*token),
    ];
    request.extend(more);
    session.verdict("ImportKeyMaterial", &request)
}

const OAEP: (&str, &str) = ("RSA_2048", "RSAES_OAEP_SHA_256");

fn import(session: &Session, key: &str, material: &[u8], more: &[(&str, &str)]) -> String {
    import_with(session, key, OAEP, material, more)
}

/// The table of the page `GetParametersForImport`.
#[test]
fn material_is_encrypted_with_each_documented_algorithm() {
    let session = Session::new();
    for (spec, algorithm) in [
        ("RSA_2048", "RSAES_PKCS1_V1_5"),
        ("RSA_2048", "RSAES_OAEP_SHA_1"),
        ("RSA_2048", "RSAES_OAEP_SHA_256"),
        ("EC_SM2", "SM2PKE"),
    ] {
        let key = create(
            &session,
            &[("Origin", "EXTERNAL"), ("KeySpec", "Aliyun_SM4")],
        );
        let wrapping = (spec, algorithm);
        assert_eq!(
            import_with(&session, &key, wrapping, &[7; 16], &[]),
            "OK",
            "{algorithm}"
        );
        let ciphertext = encrypt(&session, &key, "aGk=", "");
        assert_eq!(decrypt(&session, &ciphertext, ""), Ok("aGk=".to_owned()));
    }
    let key = create(&session, &[("Origin", "EXTERNAL")]);
    for (spec, algorithm) in [
        ("RSA_2048", "SM2PKE"),
        ("EC_SM2", "RSAES_OAEP_SHA_256"),
        ("RSA_4096", "RSAES_OAEP_SHA_256"),
        ("RSA_2048", "rsaes_oaep_sha_256"),
    ] {
        let parameters = [
            ("KeyId", &*key),
            ("WrappingKeySpec", spec),
            ("WrappingAlgorithm", algorithm),
        ];
        let result = session.verdict("GetParametersForImport", &parameters);
        assert_eq!(result, INVALID, "{spec} {algorithm}");
    }
}

/// The page *Import key material into an asymmetric key* (2026): a private key in PKCS #8.
#[test]
fn private_keys_are_imported() {
    let session = Session::with_keys();
    for (spec, usage, curve, algorithm, wrapping) in [
        ("EC_P256", "SIGN/VERIFY", "P-256", "ECDSA_SHA_256", OAEP),
        (
            "EC_P256K",
            "SIGN/VERIFY",
            "secp256k1",
            "ECDSA_SHA_256",
            OAEP,
        ),
        (
            "EC_SM2",
            "SIGN/VERIFY",
            "SM2",
            "SM2DSA",
            ("EC_SM2", "SM2PKE"),
        ),
    ] {
        let more = [
            ("Origin", "EXTERNAL"),
            ("KeySpec", spec),
            ("KeyUsage", usage),
        ];
        let key = create(&session, &more);
        let version = text(
            &session.ok("ListKeyVersions", &[("KeyId", &key)])["KeyVersions"]["KeyVersion"][0]["KeyVersionId"],
        );
        let digest = STANDARD.encode([1; 32]);
        let sign = [
            ("KeyId", &*key),
            ("KeyVersionId", &version),
            ("Algorithm", algorithm),
            ("Digest", &digest),
        ];
        assert_eq!(
            session.verdict("AsymmetricSign", &sign),
            "409 Rejected.PendingImport"
        );
        let option = format!("ec_paramgen_curve:{curve}");
        let generate = ["genpkey", "-algorithm", "EC", "-pkeyopt", &option];
        let pem = openssl(&generate, &[]);
        let convert = [
            "pkcs8", "-topk8", "-nocrypt", "-in", "key", "-outform", "DER",
        ];
        let private_key = openssl(&convert, &[("key", &pem)]);
        assert_eq!(
            import_with(&session, &key, wrapping, &[9; 32], &[]),
            "400 InvalidKeyMaterial"
        );
        assert_eq!(
            import_with(&session, &key, wrapping, &private_key, &[]),
            "OK",
            "{spec}"
        );
        let value = text(&session.ok("AsymmetricSign", &sign)["Value"]);
        let verify = [sign[0], sign[1], sign[2], sign[3], ("Value", &value)];
        assert_eq!(session.ok("AsymmetricVerify", &verify)["Value"], true);
        let arguments = ["pkey", "-inform", "DER", "-in", "key", "-pubout"];
        let public_key = openssl(&arguments, &[("key", &private_key)]);
        let of_key = session.ok(
            "GetPublicKey",
            &[("KeyId", &key), ("KeyVersionId", &version)],
        );
        let body = |pem: &str| {
            pem.lines()
                .filter(|line| !line.starts_with('-'))
                .collect::<String>()
        };
        let expected = body(std::str::from_utf8(&public_key).unwrap());
        assert_eq!(body(&text(&of_key["PublicKey"])), expected, "{spec}");
    }
}

/// The page *Import key material into an asymmetric key* (2023), and `antchain-bridge`, whose programs import keys for
/// Ethereum: RSA encrypts a key of AES, and that key the private key, which is too long for RSA.
#[test]
fn private_keys_are_imported_with_a_key_of_aes() {
    let session = Session::new();
    for (spec, algorithm, generate) in [
        (
            "RSA_2048",
            "RSA_PSS_SHA_256",
            &["genpkey", "-algorithm", "RSA"][..],
        ),
        (
            "RSA_4096",
            "RSA_PKCS1_SHA_256",
            &[
                "genpkey",
                "-algorithm",
                "RSA",
                "-pkeyopt",
                "rsa_keygen_bits:4096",
            ],
        ),
        (
            "EC_P256K",
            "ECDSA_SHA_256",
            &[
                "genpkey",
                "-algorithm",
                "EC",
                "-pkeyopt",
                "ec_paramgen_curve:secp256k1",
            ],
        ),
    ] {
        let pem = openssl(generate, &[]);
        let private_key = pkcs8(&pem);
        let key = create(&session, &[("Origin", "EXTERNAL"), ("KeySpec", spec)]);
        let secret = [7; 32];
        let wrapping = ("RSA_2048", "RSAES_OAEP_SHA_256_AES_256_ECB_PKCS7_PAD");
        let (wrapped_secret, token) = wrapped(&session, &key, wrapping, &secret);
        let import = |material: &[u8], cut: usize| {
            let mut encrypted = STANDARD.decode(&wrapped_secret).unwrap();
            let hex = hex::encode(secret);
            let arguments = ["enc", "-aes-256-ecb", "-K", &hex, "-in", "material"];
            encrypted.extend(openssl(&arguments, &[("material", material)]));
            let length = encrypted.len();
            let encrypted = STANDARD.encode(&encrypted[..length - cut]);
            let parameters = [
                ("KeyId", &*key),
                ("EncryptedKeyMaterial", &*encrypted),
                ("ImportToken", &*token),
            ];
            session.verdict("ImportKeyMaterial", &parameters)
        };
        assert_eq!(import(&[9; 40], 0), "400 InvalidKeyMaterial", "{spec}");
        assert_eq!(import(&private_key, 1), "400 InvalidKeyMaterial", "{spec}");
        assert_eq!(import(&private_key, 16), "400 InvalidKeyMaterial", "{spec}");
        assert_eq!(import(&private_key, 0), "OK", "{spec}");
        check_signature(&session, &key, algorithm, &pem);
    }
}

/// `antchain-bridge`: SM2 encrypts a key of SM4 as a point, a digest and the data, without DER; the key of SM4 encrypts
/// the number of the private key.
#[test]
fn keys_of_sm2_are_imported_with_a_key_of_sm4() {
    let session = Session::new();
    let pem = openssl(
        &[
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:SM2",
        ],
        &[],
    );
    let private_key = pkcs8(&pem);
    // Version 1 and an octet string: the number.
    let start = private_key
        .windows(5)
        .position(|bytes| bytes == [2, 1, 1, 4, 32])
        .unwrap();
    let number = &private_key[start + 5..start + 37];
    let key = create(&session, &[("Origin", "EXTERNAL"), ("KeySpec", "EC_SM2")]);
    let (encrypted, token) = wrapped(&session, &key, ("EC_SM2", "SM2PKE_SM4_ECB"), &[7; 16]);
    let secret = bare(&STANDARD.decode(encrypted).unwrap());
    let hex = hex::encode([7; 16]);
    let arguments = ["enc", "-sm4-ecb", "-nopad", "-K", &hex, "-in", "material"];
    let material = openssl(&arguments, &[("material", number)]);
    let verdict = |encrypted: &[u8]| {
        let encrypted = STANDARD.encode(encrypted);
        let parameters = [
            ("KeyId", &*key),
            ("EncryptedKeyMaterial", &*encrypted),
            ("ImportToken", &*token),
        ];
        session.verdict("ImportKeyMaterial", &parameters)
    };
    let whole = [&*secret, &*material].concat();
    assert_eq!(verdict(&whole[..whole.len() - 1]), "400 InvalidKeyMaterial");
    assert_eq!(verdict(&whole[..100]), "400 InvalidKeyMaterial");
    assert_eq!(verdict(&whole), "OK");
    check_signature(&session, &key, "SM2DSA", &pem);
}

fn pkcs8(pem: &[u8]) -> Vec<u8> {
    let convert = [
        "pkcs8", "-topk8", "-nocrypt", "-in", "key", "-outform", "DER",
    ];
    openssl(&convert, &[("key", pem)])
}

/// A ciphertext of SM2 in DER without it: the point, the digest and the data, one after the other.
fn bare(der: &[u8]) -> Vec<u8> {
    let mut rest = &der[2..];
    let mut bare = vec![4];
    for length in [32, 32, 32, 16] {
        let (value, more) = rest[2..].split_at(rest[1].into());
        let digits = value.len().saturating_sub(length);
        bare.resize(bare.len() + length - (value.len() - digits), 0);
        bare.extend(&value[digits..]);
        rest = more;
    }
    bare
}

/// Checks that a key has the public key of a private key in PEM, and signs.
#[track_caller]
fn check_signature(session: &Session, key: &str, algorithm: &str, pem: &[u8]) {
    let versions = session.ok("ListKeyVersions", &[("KeyId", key)]);
    let version = text(&versions["KeyVersions"]["KeyVersion"][0]["KeyVersionId"]);
    let of_key = session.ok(
        "GetPublicKey",
        &[("KeyId", key), ("KeyVersionId", &version)],
    );
    let expected = openssl(&["pkey", "-in", "key", "-pubout"], &[("key", pem)]);
    assert_eq!(text(&of_key["PublicKey"]).into_bytes(), expected);
    let digest = STANDARD.encode([1; 32]);
    let sign = [
        ("KeyId", key),
        ("KeyVersionId", &*version),
        ("Algorithm", algorithm),
        ("Digest", &*digest),
    ];
    let value = text(&session.ok("AsymmetricSign", &sign)["Value"]);
    let verify = [sign[0], sign[1], sign[2], sign[3], ("Value", &*value)];
    assert_eq!(session.ok("AsymmetricVerify", &verify)["Value"], true);
}

/// The rows of *Impact of CMK states* for keys with the origin `EXTERNAL`.
#[test]
fn imports_depend_on_the_state_of_the_key() {
    for (state, results) in [
        ("Enabled", ["OK", "OK", "OK"]),
        ("Disabled", ["OK", "OK", "OK"]),
        (
            "PendingDeletion",
            ["OK", "409 Rejected.StateModifiedFailed", "OK"],
        ),
        ("PendingImport", ["OK", "OK", "OK"]),
    ] {
        let session = Session::new();
        let key = create(&session, &[("Origin", "EXTERNAL")]);
        let key = ("KeyId", &*key);
        let (encrypted, token) = wrapped(&session, key.1, OAEP, &[9; 32]);
        let material = [
            key,
            ("EncryptedKeyMaterial", &*encrypted),
            ("ImportToken", &*token),
        ];
        if state != "PendingImport" {
            session.ok("ImportKeyMaterial", &material);
        }
        match state {
            "Disabled" => drop(session.ok("DisableKey", &[key])),
            "PendingDeletion" => {
                session.ok("ScheduleKeyDeletion", &[key, ("PendingWindowInDays", "7")]);
            }
            _ => {}
        }
        let asked = [
            key,
            ("WrappingAlgorithm", "RSAES_OAEP_SHA_1"),
            ("WrappingKeySpec", "RSA_2048"),
        ];
        assert_eq!(describe(&session, key.1)["KeyState"], state);
        let verdicts = [
            session.verdict("GetParametersForImport", &asked),
            session.verdict("ImportKeyMaterial", &material),
            session.verdict("DeleteKeyMaterial", &[key]),
        ];
        assert_eq!(verdicts, results, "{state}");
    }
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
    for never in ["253402300800", "8210266876799"] {
        assert_eq!(
            import(
                &session,
                &key,
                &material,
                &[("KeyMaterialExpireUnix", never)]
            ),
            INVALID,
            "a time after the year 9999"
        );
    }
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
