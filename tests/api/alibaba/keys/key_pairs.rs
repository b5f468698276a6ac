//! Signatures and encryption with key pairs, and data keys for callers, checked with OpenSSL.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use kms_emulator::fixtures;
use kms_emulator::model::ScopeSelection;
use kms_emulator::store::Store;
use serde_json::json;

use super::{INVALID, KEY, create, decrypt, text};
use crate::alibaba::session::Session;
use crate::support::now;

pub(super) const SIGNER: &str = "key-hzz000000000000000005";
pub(super) const DECRYPTER: &str = "key-hzz000000000000000006";

pub(super) fn version_of(session: &Session, key: &str) -> String {
    let versions = session.ok("ListKeyVersions", &[("KeyId", key)]);
    text(&versions["KeyVersions"]["KeyVersion"][0]["KeyVersionId"])
}

/// Runs OpenSSL with files of these names and contents, and returns its output.
pub(super) fn openssl(arguments: &[&str], files: &[(&str, &[u8])]) -> Vec<u8> {
    let directory = tempfile::tempdir().unwrap();
    for (name, content) in files {
        std::fs::write(directory.path().join(name), content).unwrap();
    }
    let output = std::process::Command::new("openssl")
        .args(arguments)
        .current_dir(directory.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
    output.stdout
}

/// Checks a signature of [`DIGEST`] with OpenSSL.
fn verify_with_openssl(public_key: &str, signature: &str, options: &[&str]) {
    let mut arguments = vec![
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "key",
        "-in",
        "digest",
        "-sigfile",
        "signature",
    ];
    arguments.extend(options.iter().flat_map(|option| ["-pkeyopt", option]));
    let files = [
        ("key", public_key.as_bytes()),
        ("digest", &STANDARD.decode(DIGEST).unwrap()),
        ("signature", &STANDARD.decode(signature).unwrap()),
    ];
    openssl(&arguments, &files);
}

/// The digest of `hello`.
pub(super) const DIGEST: &str = "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";

#[test]
fn openssl_verifies_signatures() {
    let session = Session::with_keys();
    let pss = [
        "rsa_padding_mode:pss",
        "rsa_pss_saltlen:32",
        "digest:sha256",
    ];
    let pkcs1 = ["rsa_padding_mode:pkcs1", "digest:sha256"];
    for (parameters, algorithm, options) in [
        ([("KeySpec", "RSA_2048")], "RSA_PSS_SHA_256", &pss[..]),
        ([("KeySpec", "RSA_3072")], "RSA_PKCS1_SHA_256", &pkcs1[..]),
        ([("KeySpec", "EC_P256")], "ECDSA_SHA_256", &[]),
        ([("KeySpec", "EC_P256K")], "ECDSA_SHA_256", &[]),
    ] {
        let key = create(&session, &parameters);
        let version = version_of(&session, &key);
        let common = [("KeyId", &*key), ("KeyVersionId", &*version)];
        let public_key = text(&session.ok("GetPublicKey", &common)["PublicKey"]);
        assert!(
            public_key.starts_with("-----BEGIN PUBLIC KEY-----\n"),
            "{public_key}"
        );
        let sign = [
            common[0],
            common[1],
            ("Algorithm", algorithm),
            ("Digest", DIGEST),
        ];
        let signature = text(&session.ok("AsymmetricSign", &sign)["Value"]);
        verify_with_openssl(&public_key, &signature, options);
        let verify = |signature: &str, digest: &str| {
            let parameters = [
                common[0],
                common[1],
                ("Algorithm", algorithm),
                ("Digest", digest),
                ("Value", signature),
            ];
            session.ok("AsymmetricVerify", &parameters)["Value"].clone()
        };
        assert_eq!(verify(&signature, DIGEST), true, "{algorithm}");
        assert_eq!(
            verify(&signature, &STANDARD.encode([7; 32])),
            false,
            "{algorithm}"
        );
        assert_eq!(verify("AAAA", DIGEST), false, "{algorithm}");
        let long = STANDARD.encode([7; 31]);
        let other = [
            common[0],
            common[1],
            ("Algorithm", algorithm),
            ("Digest", &*long),
        ];
        assert_eq!(
            session.verdict("AsymmetricSign", &other),
            INVALID,
            "{algorithm}"
        );
    }
}

#[test]
fn openssl_and_a_key_pair_encrypt_for_each_other() {
    let session = Session::with_keys();
    let common = [
        ("KeyId", DECRYPTER),
        ("KeyVersionId", "00000006-0000-4000-8000-000000000000"),
    ];
    let public_key = text(&session.ok("GetPublicKey", &common)["PublicKey"]);
    for (algorithm, digest, longest) in [
        ("RSAES_OAEP_SHA_256", "sha256", 190),
        ("RSAES_OAEP_SHA_1", "sha1", 214),
    ] {
        let options = [
            "rsa_padding_mode:oaep".to_owned(),
            format!("rsa_oaep_md:{digest}"),
            format!("rsa_mgf1_md:{digest}"),
        ];
        let mut arguments = vec![
            "pkeyutl", "-encrypt", "-pubin", "-inkey", "key", "-in", "text",
        ];
        arguments.extend(options.iter().flat_map(|option| ["-pkeyopt", &**option]));
        let ciphertext = STANDARD.encode(openssl(
            &arguments,
            &[("key", public_key.as_bytes()), ("text", b"hello")],
        ));
        let with = |name, value: &str| -> Vec<(&'static str, String)> {
            common
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned()))
                .chain([
                    ("Algorithm", algorithm.to_owned()),
                    (name, value.to_owned()),
                ])
                .collect()
        };
        let call = |action, parameters: &[(&'static str, String)]| {
            let parameters: Vec<_> = parameters
                .iter()
                .map(|(name, value)| (*name, &**value))
                .collect();
            session.call(action, &parameters)
        };
        let (_, decrypted) = call("AsymmetricDecrypt", &with("CiphertextBlob", &ciphertext));
        assert_eq!(decrypted["Plaintext"], "aGVsbG8=", "{decrypted}");
        let text_of = |length| STANDARD.encode(vec![7; length]);
        let (_, encrypted) = call("AsymmetricEncrypt", &with("Plaintext", &text_of(longest)));
        let (_, decrypted) = call(
            "AsymmetricDecrypt",
            &with("CiphertextBlob", &text(&encrypted["CiphertextBlob"])),
        );
        assert_eq!(decrypted["Plaintext"], text_of(longest), "{decrypted}");
        assert_eq!(
            call(
                "AsymmetricEncrypt",
                &with("Plaintext", &text_of(longest + 1))
            )
            .1["Code"],
            "InvalidParameter"
        );
        assert_eq!(
            call("AsymmetricDecrypt", &with("CiphertextBlob", &text_of(256))).1["Code"],
            "InvalidParameter"
        );
    }
    let sm2 = [
        common[0],
        common[1],
        ("Algorithm", "SM2PKE"),
        ("Plaintext", "aGk="),
    ];
    assert_eq!(session.verdict("AsymmetricEncrypt", &sm2), INVALID);
}

#[test]
fn sm2_signs_and_encrypts() {
    let session = Session::new();
    let signer = create(&session, &[("KeySpec", "EC_SM2")]);
    let version = version_of(&session, &signer);
    let common = [
        ("KeyId", &*signer),
        ("KeyVersionId", &*version),
        ("Algorithm", "SM2DSA"),
        ("Digest", DIGEST),
    ];
    let signature = text(&session.ok("AsymmetricSign", &common)["Value"]);
    let mut verify = common.to_vec();
    verify.push(("Value", &signature));
    assert_eq!(session.ok("AsymmetricVerify", &verify)["Value"], true);
    let pair = create(
        &session,
        &[("KeySpec", "EC_SM2"), ("KeyUsage", "ENCRYPT/DECRYPT")],
    );
    let version = version_of(&session, &pair);
    let common = [
        ("KeyId", &*pair),
        ("KeyVersionId", &*version),
        ("Algorithm", "SM2PKE"),
    ];
    let encrypted = session.ok(
        "AsymmetricEncrypt",
        &[common[0], common[1], common[2], ("Plaintext", "aGk=")],
    );
    let ciphertext = text(&encrypted["CiphertextBlob"]);
    let decrypted = session.ok(
        "AsymmetricDecrypt",
        &[
            common[0],
            common[1],
            common[2],
            ("CiphertextBlob", &ciphertext),
        ],
    );
    assert_eq!(decrypted["Plaintext"], "aGk=");
}

/// A session with a key pair that OpenSSL has generated.
fn with_pair(spec: &str, usage: &str, generate: &[&str]) -> Session {
    with_material(spec, usage, &private_key(generate))
}

fn private_key(generate: &[&str]) -> Vec<u8> {
    let key = openssl(&[&["genpkey"], generate].concat(), &[]);
    let arguments = [
        "pkcs8", "-topk8", "-nocrypt", "-in", "key", "-outform", "DER",
    ];
    openssl(&arguments, &[("key", &key)])
}

/// A session with a key pair that has this private key.
fn with_material(spec: &str, usage: &str, material: &[u8]) -> Session {
    let key = json!({
        "KeyId": "pair",
        "KeySpec": spec,
        "KeyUsage": usage,
        "PrimaryKeyVersion": "v1",
        "KeyMaterial": STANDARD.encode(material),
    });
    let session = Session::new();
    session.load(json!({"Keys": {"Key": [key]}}).to_string().as_bytes());
    session
}

/// Fixtures are loaded at each start, so only the encoding of private keys is checked then.
#[test]
fn a_damaged_private_key_is_an_error_when_it_is_used() {
    let p256 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
    for (spec, generate, algorithm) in [
        ("RSA_2048", &["-algorithm", "RSA"][..], "RSA_PSS_SHA_256"),
        ("EC_P256", &p256, "ECDSA_SHA_256"),
        ("EC_SM2", &["-algorithm", "SM2"], "SM2DSA"),
    ] {
        let mut material = private_key(generate);
        let middle = material.len() / 2;
        material[middle] ^= 1;
        let session = with_material(spec, "SIGN/VERIFY", &material);
        let sign = [
            PAIR[0],
            PAIR[1],
            ("Algorithm", algorithm),
            ("Digest", DIGEST),
        ];
        let no_version = "404 Forbidden.KeyVersionNotFound";
        assert_eq!(
            session.verdict("AsymmetricSign", &sign),
            no_version,
            "{spec}"
        );
        assert_eq!(session.verdict("GetPublicKey", &PAIR), no_version, "{spec}");
    }
}

const PAIR: [(&str, &str); 2] = [("KeyId", "pair"), ("KeyVersionId", "v1")];

#[test]
fn openssl_verifies_signatures_with_its_own_keys() {
    let rsa = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:4096"];
    let p256 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
    for (spec, generate, algorithm, options) in [
        (
            "RSA_4096",
            &rsa[..],
            "RSA_PSS_SHA_256",
            &[
                "rsa_padding_mode:pss",
                "rsa_pss_saltlen:32",
                "digest:sha256",
            ][..],
        ),
        (
            "RSA_4096",
            &rsa,
            "RSA_PKCS1_SHA_256",
            &["rsa_padding_mode:pkcs1", "digest:sha256"],
        ),
        ("EC_P256", &p256, "ECDSA_SHA_256", &[]),
        ("EC_SM2", &["-algorithm", "SM2"], "SM2DSA", &[]),
    ] {
        let [session, other] = [(); 2].map(|()| with_pair(spec, "SIGN/VERIFY", generate));
        let sign = [
            PAIR[0],
            PAIR[1],
            ("Algorithm", algorithm),
            ("Digest", DIGEST),
        ];
        let signature = text(&session.ok("AsymmetricSign", &sign)["Value"]);
        let verify = [sign[0], sign[1], sign[2], sign[3], ("Value", &*signature)];
        assert_eq!(session.ok("AsymmetricVerify", &verify)["Value"], true);
        assert_eq!(
            other.ok("AsymmetricVerify", &verify)["Value"],
            false,
            "{algorithm}"
        );
        let public_key = text(&session.ok("GetPublicKey", &PAIR)["PublicKey"]);
        verify_with_openssl(&public_key, &signature, options);
    }
}

#[test]
fn only_the_unchanged_ciphertext_of_a_key_pair_is_decrypted() {
    let rsa = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
    for (spec, generate, algorithm, options) in [
        (
            "RSA_2048",
            &rsa[..],
            "RSAES_OAEP_SHA_256",
            &["rsa_padding_mode:oaep", "rsa_oaep_md:sha256"][..],
        ),
        ("EC_SM2", &["-algorithm", "SM2"], "SM2PKE", &[]),
    ] {
        let [session, other] = [(); 2].map(|()| with_pair(spec, "ENCRYPT/DECRYPT", generate));
        let public_key = text(&session.ok("GetPublicKey", &PAIR)["PublicKey"]);
        let mut arguments = vec![
            "pkeyutl", "-encrypt", "-pubin", "-inkey", "key", "-in", "text",
        ];
        arguments.extend(options.iter().flat_map(|option| ["-pkeyopt", option]));
        let files = [("key", public_key.as_bytes()), ("text", b"hello")];
        let ciphertext = openssl(&arguments, &files);
        let decrypt = |session: &Session, ciphertext: &[u8]| {
            let blob = STANDARD.encode(ciphertext);
            let parameters = [
                PAIR[0],
                PAIR[1],
                ("Algorithm", algorithm),
                ("CiphertextBlob", &blob),
            ];
            match session.call("AsymmetricDecrypt", &parameters) {
                (200, reply) => text(&reply["Plaintext"]),
                (status, reply) => format!("{status} {}", text(&reply["Code"])),
            }
        };
        assert_eq!(decrypt(&session, &ciphertext), "aGVsbG8=", "{algorithm}");
        assert_eq!(decrypt(&other, &ciphertext), INVALID, "{algorithm}");
        for index in [0, 1, ciphertext.len() / 2, ciphertext.len() - 1] {
            let mut changed = ciphertext.clone();
            changed[index] ^= 1;
            assert_eq!(
                decrypt(&session, &changed),
                INVALID,
                "{algorithm}, byte {index}"
            );
        }
    }
}

#[test]
fn key_pairs_survive_a_restart_and_an_export() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("kms.db");
    let session = Session::on(Store::open(&path).unwrap(), now());
    let key = create(&session, &[("KeySpec", "EC_P256")]);
    let version = version_of(&session, &key);
    let public_key = |session: &Session| {
        session.ok(
            "GetPublicKey",
            &[("KeyId", &key), ("KeyVersionId", &version)],
        )["PublicKey"]
            .clone()
    };
    let before = public_key(&session);
    let exported = session
        .emulator
        .store
        .read(|store| fixtures::export_text(store, &ScopeSelection::default(), true))
        .unwrap();
    drop(session);
    let session = Session::on(Store::open(&path).unwrap(), now());
    assert_eq!(public_key(&session), before);
    let copy = Session::new();
    copy.load(exported.as_bytes());
    assert_eq!(public_key(&copy), before);
}

#[test]
fn a_data_key_is_exported_to_the_caller() {
    let session = Session::with_keys();
    let private_key = openssl(&["genpkey", "-algorithm", "RSA"], &[]);
    let public_key = openssl(
        &["pkey", "-in", "key", "-pubout", "-outform", "DER"],
        &[("key", &private_key)],
    );
    let public_key = STANDARD.encode(public_key);
    let wrapping = [
        ("PublicKeyBlob", &*public_key),
        ("WrappingKeySpec", "RSA_2048"),
        ("WrappingAlgorithm", "RSAES_OAEP_SHA_256"),
    ];
    let generate = [
        ("KeyId", KEY),
        ("NumberOfBytes", "48"),
        wrapping[0],
        wrapping[1],
        wrapping[2],
    ];
    let generated = session.ok("GenerateAndExportDataKey", &generate);
    let ciphertext = text(&generated["CiphertextBlob"]);
    let exported = session.ok(
        "ExportDataKey",
        &[
            ("CiphertextBlob", &ciphertext),
            wrapping[0],
            wrapping[1],
            wrapping[2],
        ],
    );
    let plaintext = decrypt(&session, &ciphertext, "").unwrap();
    for reply in [generated, exported] {
        let wrapped = STANDARD.decode(text(&reply["ExportedDataKey"])).unwrap();
        let arguments = [
            "pkeyutl",
            "-decrypt",
            "-inkey",
            "key",
            "-in",
            "wrapped",
            "-pkeyopt",
            "rsa_padding_mode:oaep",
            "-pkeyopt",
            "rsa_oaep_md:sha256",
        ];
        let unwrapped = openssl(&arguments, &[("key", &private_key), ("wrapped", &wrapped)]);
        assert_eq!(STANDARD.encode(&unwrapped), plaintext);
        assert_eq!(unwrapped.len(), 48);
    }
}
