//! Tokens of OpenID Connect, which both clouds exchange for temporary keys.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use kms_emulator::clouds::auth::oidc::Issuers;
use kms_emulator::clouds::context::AuthMode;
use kms_emulator::emulator::Emulator;
use kms_emulator::emulator::clock::FixedClock;
use kms_emulator::model::Cloud;
use kms_emulator::store::Store;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384,
    RSA_PKCS1_SHA512, RsaEncoding, RsaKeyPair,
};
use serde_json::{Value, json};

use crate::support::{TestRequest, emulator_on, hint_of, now};
use crate::tencent::session::request;

pub const ISSUER: &str = "https://issuer.example";

static ELLIPTIC_KEY: LazyLock<EcdsaKeyPair> = LazyLock::new(|| {
    let (algorithm, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
    let key = EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
    EcdsaKeyPair::from_pkcs8(algorithm, key.as_ref(), &random).unwrap()
});

/// The claims of a token that is valid for both clouds.
pub fn claims() -> Value {
    let exp = (now() + TimeDelta::minutes(10)).timestamp();
    json!({
        "iss": ISSUER, "sub": "system:serviceaccount:default:app",
        "aud": ["sts.aliyuncs.com", "sts.cloud.tencent.com"], "exp": exp, "iat": now().timestamp()
    })
}

/// A token, signed by the RSA key of the tests.
pub fn token(claims: &Value) -> String {
    token_with("RS256", claims)
}

/// A token that is signed by an algorithm: by the RSA key of the tests, or an elliptic key.
pub fn token_with(algorithm: &str, claims: &Value) -> String {
    let key = &algorithm[..2];
    let header = json!({"alg": algorithm, "kid": key, "typ": "JWT"});
    signed_token(&header, claims, algorithm)
}

/// A token with this header, signed by an algorithm.
fn signed_token(header: &Value, claims: &Value, algorithm: &str) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(header), part(claims));
    let signature = match algorithm {
        "RS256" => rsa_signature(&RSA_PKCS1_SHA256, &signed),
        "RS384" => rsa_signature(&RSA_PKCS1_SHA384, &signed),
        "RS512" => rsa_signature(&RSA_PKCS1_SHA512, &signed),
        "ES256" => {
            let signature = ELLIPTIC_KEY.sign(&SystemRandom::new(), signed.as_bytes());
            signature.unwrap().as_ref().to_vec()
        }
        other => panic!("{other}"),
    };
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn rsa_signature(padding: &'static dyn RsaEncoding, message: &str) -> Vec<u8> {
    let key = pem::parse(include_bytes!("../keys/rsa.pem")).unwrap();
    let key = RsaKeyPair::from_pkcs8(key.contents()).unwrap();
    let mut signature = vec![0; key.public().modulus_len()];
    let random = SystemRandom::new();
    key.sign(padding, &random, message.as_bytes(), &mut signature)
        .unwrap();
    signature
}

/// The keys as a key set. The modulus is that of `tests/keys/rsa.pub.pem`.
pub fn key_set() -> Value {
    let pem = pem::parse(include_bytes!("../keys/rsa.pub.pem")).unwrap();
    // The modulus of 256 bytes is followed by the exponent, an integer of three bytes.
    let der = pem.contents();
    let modulus = &der[der.len() - 5 - 256..der.len() - 5];
    // An uncompressed point: 4, x and y.
    let point = ELLIPTIC_KEY.public_key().as_ref();
    json!({"keys": [
        {"kty": "OKP", "kid": "RS", "crv": "Ed25519", "x": "AA"},
        {"kty": "RSA", "kid": "RS", "use": "sig", "n": URL_SAFE_NO_PAD.encode(modulus), "e": "AQAB"},
        {
            "kty": "EC", "kid": "ES", "crv": "P-256", "alg": "ES256",
            "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..])
        },
    ]})
}

/// An emulator that accepts the tokens of the issuer, whose key set is at this place.
pub fn with_keys_at(place: &str) -> (Arc<FixedClock>, Emulator) {
    let clock = Arc::new(FixedClock::new(now()));
    let store = Store::in_memory().unwrap();
    let mut emulator = emulator_on(store, Arc::clone(&clock), AuthMode::Strict);
    let issuers = Issuers::new(&[format!("{ISSUER},jwks={place}")]).unwrap();
    emulator.auth.credentials.set_oidc_issuers(issuers);
    (clock, emulator)
}

/// An emulator that accepts the tokens of the issuer, whose key set is in the file.
pub fn with_key_set() -> (Arc<FixedClock>, Emulator, tempfile::NamedTempFile) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(key_set().to_string().as_bytes()).unwrap();
    let (clock, emulator) = with_keys_at(file.path().to_str().unwrap());
    (clock, emulator, file)
}

/// The reply to an exchange of a token: `OK` or the code of the error, and the hint.
fn exchange(cloud: Cloud, token: &str, emulator: &Emulator) -> (String, String) {
    let request = match cloud {
        Cloud::Alibaba => {
            let mut request = TestRequest::get("Action=AssumeRoleWithOIDC&Version=2015-04-01");
            for (name, value) in [
                (
                    "OIDCProviderArn",
                    "acs:ram::2000000000000000:oidc-provider/cluster",
                ),
                ("RoleArn", "acs:ram::2000000000000000:role/reader"),
                ("RoleSessionName", "test"),
                ("OIDCToken", token),
            ] {
                request.add_to_query(name, value);
            }
            request
        }
        Cloud::Tencent => request(
            "AssumeRoleWithWebIdentity",
            &json!({
                "ProviderId": "cluster", "RoleArn": "qcs::cam::uin/2000000000000000:roleName/reader",
                "RoleSessionName": "test", "WebIdentityToken": token
            }),
        ),
    };
    let reply = request.ask(emulator);
    let hint = hint_of(&reply).unwrap_or_default();
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    let error = body["Code"].as_str();
    let code = error.or_else(|| body["Response"]["Error"]["Code"].as_str());
    (code.unwrap_or("OK").to_owned(), hint)
}

#[test]
fn a_token_is_valid_between_the_times_that_it_names() {
    let (clock, emulator, _file) = with_key_set();
    let begin = now().timestamp() + 60;
    let malformed = "it is not a JSON Web Token";
    for (name, time, reason) in [
        ("nbf", json!(now().timestamp()), ""),
        ("nbf", json!(begin), "it is not valid before its nbf"),
        ("nbf", json!("soon"), malformed),
        // The first second of the year 10000: replies have years of four digits.
        ("exp", json!(253_402_300_799_u64), ""),
        ("exp", json!(253_402_300_800_u64), malformed),
        ("exp", json!(1e30), malformed),
        ("exp", json!(-1e30), malformed),
        ("iat", json!(1e30), malformed),
    ] {
        let mut claims = claims();
        claims[name] = time.clone();
        for cloud in [Cloud::Alibaba, Cloud::Tencent] {
            let (code, hint) = exchange(cloud, &token(&claims), &emulator);
            assert!(hint.contains(reason), "{name} {time}: {hint}");
            let expected = match (reason, cloud) {
                ("", _) => "OK",
                (_, Cloud::Alibaba) => "AuthenticationFail.OIDCToken.Invalid",
                (_, Cloud::Tencent) => "InvalidParameter.WebIdentityTokenError",
            };
            assert_eq!(code, expected, "{name} {time}");
        }
    }
    let mut later = claims();
    later["nbf"] = begin.into();
    clock.set(now() + TimeDelta::seconds(60));
    let (code, _) = exchange(Cloud::Alibaba, &token(&later), &emulator);
    assert_eq!(code, "OK");
}

#[test]
fn a_token_of_alibaba_cloud_is_rejected_if_it_was_issued_before_the_limit() {
    let clock = Arc::new(FixedClock::new(now()));
    let store = Store::in_memory().unwrap();
    let mut emulator = emulator_on(store, Arc::clone(&clock), AuthMode::Strict);
    let issuers = Issuers::new(&[format!("{ISSUER},issuance-limit=12")]).unwrap();
    emulator.auth.credentials.set_oidc_issuers(issuers);
    let limit = now() - TimeDelta::hours(12);
    let mut claims = claims();
    for (issued, alibaba) in [
        (limit, "OK"),
        (
            limit - TimeDelta::seconds(1),
            "AuthenticationFail.OIDCToken.Expired",
        ),
        (now() + TimeDelta::hours(1), "OK"),
    ] {
        claims["iat"] = issued.timestamp().into();
        let token = token(&claims);
        assert_eq!(
            exchange(Cloud::Alibaba, &token, &emulator).0,
            alibaba,
            "{issued}"
        );
        // Its identity providers have no limit.
        assert_eq!(
            exchange(Cloud::Tencent, &token, &emulator).0,
            "OK",
            "{issued}"
        );
    }
    claims.as_object_mut().unwrap().remove("iat");
    assert_eq!(exchange(Cloud::Alibaba, &token(&claims), &emulator).0, "OK");
    for setting in ["0", "169", "", "-1", "x", "12,issuance-limit=13"] {
        let setting = format!("{ISSUER},issuance-limit={setting}");
        assert!(
            Issuers::new(std::slice::from_ref(&setting)).is_err(),
            "{setting}"
        );
    }
}

/// RFC 7515, section 4.1.11: a recipient rejects a token with a critical extension that it does not understand.
#[test]
fn a_token_with_a_critical_extension_or_without_an_algorithm_is_rejected() {
    let (_, with_keys, _file) = with_key_set();
    let without_keys = crate::support::emulator(AuthMode::Strict);
    let [wrong, _] = codes(Cloud::Alibaba);
    let invalid = "AuthenticationFail.OIDCToken.Invalid";
    for (header, code) in [
        (json!({"alg": "RS256", "crit": ["exp"], "exp": 1}), invalid),
        (json!({"alg": "RS256", "crit": []}), invalid),
        (json!({"alg": "RS256", "crit": null}), invalid),
        (
            json!({"alg": "RS256", "b64": false, "crit": ["b64"]}),
            invalid,
        ),
        (json!({"typ": "JWT"}), invalid),
        (json!({"alg": 1}), invalid),
        (json!({"alg": "RS256"}), "OK"),
    ] {
        let token = signed_token(&header, &claims(), "RS256");
        for emulator in [&with_keys, &without_keys] {
            assert_eq!(
                exchange(Cloud::Alibaba, &token, emulator).0,
                code,
                "{header}"
            );
        }
        let (unsigned, _) = token.rsplit_once('.').unwrap();
        let unsigned = exchange(Cloud::Alibaba, &format!("{unsigned}."), &with_keys).0;
        assert_ne!(unsigned, "OK", "{header}");
    }
    // Without the keys of the issuer, a test may send a token that is not signed.
    let unsigned = signed_token(&json!({"alg": "none"}), &claims(), "RS256");
    assert_eq!(exchange(Cloud::Alibaba, &unsigned, &without_keys).0, "OK");
    // "HS256" would be the key of the issuer as the secret of an HMAC.
    for algorithm in ["none", "HS256", "rs256", "RS1", "PS256", "ES384"] {
        let token = signed_token(&json!({"alg": algorithm}), &claims(), "RS256");
        assert_eq!(
            exchange(Cloud::Alibaba, &token, &with_keys).0,
            wrong,
            "{algorithm}"
        );
    }
}

#[test]
fn one_of_several_audiences_is_enough() {
    let (_, emulator, _file) = with_key_set();
    for (audience, is_accepted) in [
        (json!(["other", "sts.aliyuncs.com"]), true),
        (json!("sts.aliyuncs.com"), true),
        (json!(["other"]), false),
        (json!([]), false),
        (json!("sts.aliyuncs.com other"), false),
    ] {
        let mut claims = claims();
        claims["aud"] = audience.clone();
        let code = exchange(Cloud::Alibaba, &token(&claims), &emulator).0;
        let refused = "AuthenticationFail.OIDCToken.AudienceNotMatch";
        assert_eq!(code, if is_accepted { "OK" } else { refused }, "{audience}");
    }
}

/// The code for a token with a wrong signature, and for one whose keys cannot be read.
fn codes(cloud: Cloud) -> [&'static str; 2] {
    match cloud {
        Cloud::Alibaba => [
            "AuthenticationFail.OIDCToken.SignatureInvalid",
            "AuthenticationFail.OIDCToken.IssuerConfigurationBroken",
        ],
        Cloud::Tencent => ["InvalidParameter.WebIdentityTokenError"; 2],
    }
}

const CLOUDS: [Cloud; 2] = [Cloud::Alibaba, Cloud::Tencent];

#[test]
fn a_signature_of_each_algorithm_is_verified() {
    let (_, emulator, _file) = with_key_set();
    let mut other = claims();
    other["sub"] = "other".into();
    for cloud in CLOUDS {
        for algorithm in ["RS256", "RS384", "RS512", "ES256"] {
            let token = token_with(algorithm, &claims());
            let (code, _) = exchange(cloud, &token, &emulator);
            assert_eq!(code, "OK", "{cloud:?} {algorithm}");
            let (_, signature) = token.rsplit_once('.').unwrap();
            let changed = token_with(algorithm, &other);
            let (changed, _) = changed.rsplit_once('.').unwrap();
            let (code, hint) = exchange(cloud, &format!("{changed}.{signature}"), &emulator);
            assert_eq!(code, codes(cloud)[0], "{cloud:?} {algorithm}");
            assert!(hint.contains("its signature was not made by"), "{hint}");
        }
    }
}

#[test]
fn a_key_does_not_verify_the_algorithm_of_another_kind_of_key() {
    let (_, emulator, _file) = with_key_set();
    for cloud in CLOUDS {
        for (algorithm, other) in [("RS256", "ES256"), ("ES256", "RS256"), ("RS384", "RS256")] {
            let token = token_with(algorithm, &claims());
            let (_, rest) = token.split_once('.').unwrap();
            let header = json!({"alg": other}).to_string();
            let token = format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header));
            let (code, _) = exchange(cloud, &token, &emulator);
            assert_eq!(code, codes(cloud)[0], "{cloud:?} {algorithm} {other}");
        }
    }
}

/// A server on this machine, with one reply to all requests.
struct KeyServer {
    address: SocketAddr,
    reply: Arc<Mutex<String>>,
}

impl KeyServer {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let reply = Arc::new(Mutex::new(String::new()));
        let shared = Arc::clone(&reply);
        thread::spawn(move || {
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let mut request = Vec::new();
                let mut bytes = [0; 1024];
                while !request.ends_with(b"\r\n\r\n") {
                    match connection.read(&mut bytes) {
                        Ok(0) | Err(_) => break,
                        Ok(length) => request.extend(&bytes[..length]),
                    }
                }
                let reply = shared.lock().unwrap().clone();
                // A client that has read enough may close the connection.
                let _ = connection.write_all(reply.as_bytes());
            }
        });
        Self { address, reply }
    }

    fn set(&self, status: &str, header: &str, body: &str) {
        *self.reply.lock().unwrap() = format!(
            "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{header}\r\n{body}",
            body.len()
        );
    }
}

#[test]
fn keys_are_read_from_a_url_on_this_machine_for_each_token() {
    let server = KeyServer::start();
    let (_, emulator) = with_keys_at(&format!("http://{}/keys", server.address));
    let valid = token(&claims());
    let keys = key_set().to_string();
    let redirect = format!("Location: http://{}/elsewhere\r\n", server.address);
    let too_long = format!("{}{keys}", " ".repeat(1024 * 1024));
    for cloud in CLOUDS {
        let no_key_set = Some("are not a JSON Web Key Set");
        let unread = Some("cannot be read: ");
        for (status, header, body, reason) in [
            ("200 OK", "", &*keys, None),
            (
                "200 OK",
                "Content-Type: application/jwk-set+json\r\n",
                &*keys,
                None,
            ),
            ("200 OK", "", "{}", no_key_set),
            ("200 OK", "", "<html>", no_key_set),
            ("200 OK", "", &*too_long, unread),
            ("404 Not Found", "", &*keys, unread),
            ("500 Internal Server Error", "", &*keys, unread),
            ("302 Found", &*redirect, "", no_key_set),
            ("200 OK", "", &*keys, None),
        ] {
            server.set(status, header, body);
            let (code, hint) = exchange(cloud, &valid, &emulator);
            if let Some(reason) = reason {
                assert_eq!(code, codes(cloud)[1], "{cloud:?} {status} {header}");
                let reason = format!("the keys of its issuer {reason}");
                assert!(hint.contains(&reason), "{hint}");
            } else {
                assert_eq!(code, "OK", "{cloud:?} {status} {header}");
            }
        }
    }
}

#[test]
fn keys_of_a_url_without_a_server_cannot_be_read() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let (_, emulator) = with_keys_at(&format!("http://{address}/keys"));
    for cloud in CLOUDS {
        let (code, _) = exchange(cloud, &token(&claims()), &emulator);
        assert_eq!(code, codes(cloud)[1]);
    }
}
