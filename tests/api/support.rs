//! Test emulators and servers, and signers that are independent of the code under test.

use bytes::Bytes;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use kms_emulator::clouds::auth::credentials::Credentials;
use kms_emulator::clouds::auth::nonces::Nonces;
use kms_emulator::clouds::auth::rsa_key::RsaPublicKey;
use kms_emulator::clouds::context::{Auth, AuthMode};
use kms_emulator::emulator::Emulator;
use kms_emulator::emulator::clock::{Clock, FixedClock};
use kms_emulator::emulator::ids::RequestIds;
use kms_emulator::fixtures::baseline::Baseline;
use kms_emulator::fixtures::{Defaults, Progress};
use kms_emulator::http::wire::{WireReply, WireRequest};
use kms_emulator::model::SecretKey;
use kms_emulator::router::{self, Served};
use kms_emulator::server::startup::Startup;
use kms_emulator::server::tls::Tls;
use kms_emulator::server::{self, Limits, Server, Stopper};
use kms_emulator::store::Store;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use sm3::Sm3;

use crate::deadline::{self, PATIENCE, read_some, receive};

/// The time at which the clock of test emulators is stopped.
pub const NOW: &str = "2026-01-02T03:04:05Z";
pub const FORM: &str = "application/x-www-form-urlencoded";
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

pub fn now() -> DateTime<Utc> {
    NOW.parse().unwrap()
}

pub fn fixture(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("fixtures")
        .join(path)
}

pub const ACCOUNT: &str = "1000000000000000";

pub fn defaults() -> Defaults {
    Defaults {
        account: ACCOUNT.into(),
        ..Defaults::default()
    }
}

/// The fixtures of the repository that tests load.
pub fn seeds() -> Vec<PathBuf> {
    ["seed.json", "seed-keys.json", "seed-tencent.json"]
        .map(fixture)
        .into()
}

/// An emulator with the seeds, the access key `test:test` and a stopped clock.
pub fn emulator(mode: AuthMode) -> Emulator {
    let store = Store::in_memory().unwrap();
    let mut emulator = emulator_on(store, FixedClock::new(now()), mode);
    emulator.fixtures = Baseline::load(
        &emulator.store,
        seeds(),
        emulator.defaults(),
        &Progress::default(),
    )
    .unwrap();
    emulator
}

/// An emulator with this store and the access key `test:test`.
pub fn emulator_on(store: Store, clock: impl Clock + 'static, mode: AuthMode) -> Emulator {
    let credentials = Credentials::new(ACCOUNT);
    credentials.add("test", SecretKey::new("test"), None);
    let auth = Auth {
        mode,
        credentials,
        nonces: Nonces::default(),
    };
    let mut emulator = Emulator::new(store, clock, auth);
    emulator.request_ids = RequestIds::sequential();
    emulator
}

/// A request to an emulator in this process.
#[derive(Debug, Clone, Default)]
pub struct TestRequest {
    pub method: String,
    pub path: String,
    pub query: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl TestRequest {
    pub fn get(query: &str) -> Self {
        Self {
            method: "GET".into(),
            path: "/".into(),
            query: query.into(),
            ..Self::default()
        }
    }

    /// A POST with all parameters in the query, as most SDKs send it.
    pub fn post(query: &str) -> Self {
        Self {
            method: "POST".into(),
            ..Self::get(query)
        }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub fn ask(&self, emulator: &Emulator) -> WireReply {
        self.with_wire(|wire| router::handle(emulator, wire))
    }

    /// Calls `work` with the request as the router receives it.
    pub fn with_wire<T>(&self, work: impl FnOnce(&WireRequest) -> T) -> T {
        work(&WireRequest::new(
            &self.method,
            &self.path,
            &self.query,
            self.headers.iter().map(|(name, value)| (&**name, &**value)),
            Ok(Bytes::copy_from_slice(self.body.as_bytes())),
        ))
    }

    /// The status and error code of the reply; `OK` if it succeeded.
    pub fn verdict(&self, emulator: &Emulator) -> (u16, String) {
        let reply = self.ask(emulator);
        let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
        (
            reply.status,
            body["Code"].as_str().unwrap_or("OK").to_owned(),
        )
    }

    fn has_form(&self) -> bool {
        self.value_of("content-type") == Some(FORM)
    }

    /// Adds the parameters of a V1 signature; `overrides` replaces default values.
    pub fn sign_v1(mut self, secret: &str, overrides: &[(&str, &str)]) -> Self {
        let defaults = [
            ("AccessKeyId", "test"),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureVersion", "1.0"),
            ("SignatureNonce", "5dc73ed0bcd0d76fc54b121c966d6490"),
            ("Timestamp", NOW),
        ];
        for (name, value) in defaults {
            let value = overrides
                .iter()
                .find(|(other, _)| *other == name)
                .map_or(value, |(_, value)| value);
            self.add_to_query(name, value);
        }
        let method = overrides
            .iter()
            .find(|(name, _)| *name == "SignatureMethod")
            .map(|(_, value)| *value);
        let form = if self.has_form() {
            self.body.as_bytes()
        } else {
            b""
        };
        let pairs =
            form_urlencoded::parse(self.query.as_bytes()).chain(form_urlencoded::parse(form));
        let string_to_sign = format!("{}&%2F&{}", self.method, encode(&canonical(pairs)));
        let key = format!("{secret}&");
        let signature = match method {
            Some("HMAC-SHA256") => mac::<Hmac<Sha256>>(key.as_bytes(), &string_to_sign),
            _ => mac::<Hmac<Sha1>>(key.as_bytes(), &string_to_sign),
        };
        self.add_to_query("Signature", &STANDARD.encode(signature));
        self
    }

    /// Adds the headers of an ACS3 signature.
    pub fn sign_acs3(mut self, access_key_id: &str, secret: &str, date: &str, nonce: &str) -> Self {
        let digest = hex::encode(Sha256::digest(self.body.as_bytes()));
        for (name, value) in [
            ("Host", "127.0.0.1:8080"),
            ("x-acs-content-sha256", &digest),
            ("x-acs-date", date),
            ("x-acs-signature-nonce", nonce),
        ] {
            self = self.header(name, value);
        }
        let mut signed: Vec<(String, &str)> = self
            .headers
            .iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), &**value))
            .collect();
        signed.sort();
        let lines: String = signed
            .iter()
            .flat_map(|(name, value)| [name, ":", value, "\n"])
            .collect();
        let names = signed
            .iter()
            .map(|(name, _)| &**name)
            .collect::<Vec<_>>()
            .join(";");
        let query = canonical(form_urlencoded::parse(self.query.as_bytes()));
        let canonical_request = format!("{}\n/\n{query}\n{lines}\n{names}\n{digest}", self.method);
        let string_to_sign = format!(
            "ACS3-HMAC-SHA256\n{}",
            hex::encode(Sha256::digest(canonical_request.as_bytes()))
        );
        let signature = hex::encode(mac::<Hmac<Sha256>>(secret.as_bytes(), &string_to_sign));
        let authorization = format!(
            "ACS3-HMAC-SHA256 Credential={access_key_id},SignedHeaders={names},Signature={signature}"
        );
        self.header("Authorization", &authorization)
    }

    /// Adds the headers of a TC3 signature of Tencent Cloud.
    pub fn sign_tc3(mut self, secret_id: &str, secret: &str, time: DateTime<Utc>) -> Self {
        let timestamp = time.timestamp().to_string();
        for (name, value) in [
            ("Content-Type", "application/json"),
            ("Host", "ssm.tencentcloudapi.com"),
            ("X-TC-Version", "2019-09-23"),
            ("X-TC-Timestamp", &timestamp),
        ] {
            if self.value_of(name).is_none() {
                self = self.header(name, value);
            }
        }
        let payload = if self.method == "GET" { "" } else { &self.body };
        let canonical_request = format!(
            "{}\n/\n{}\ncontent-type:{}\nhost:{}\n\ncontent-type;host\n{}",
            self.method,
            self.query,
            self.value_of("Content-Type").unwrap(),
            self.value_of("Host").unwrap(),
            hex::encode(Sha256::digest(payload.as_bytes()))
        );
        let timestamp = self.value_of("X-TC-Timestamp").unwrap();
        let date = time.format("%Y-%m-%d").to_string();
        let service = product_of(self.value_of("Host").unwrap());
        let string_to_sign = format!(
            "TC3-HMAC-SHA256\n{timestamp}\n{date}/{service}/tc3_request\n{}",
            hex::encode(Sha256::digest(canonical_request.as_bytes()))
        );
        let key = [&date, service, "tc3_request"]
            .iter()
            .fold(format!("TC3{secret}").into_bytes(), |key, part| {
                mac::<Hmac<Sha256>>(&key, part)
            });
        let signature = hex::encode(mac::<Hmac<Sha256>>(&key, &string_to_sign));
        let authorization = format!(
            "TC3-HMAC-SHA256 Credential={secret_id}/{date}/{service}/tc3_request, SignedHeaders=content-type;host, Signature={signature}"
        );
        self.header("Authorization", &authorization)
    }

    /// Adds the parameters of a v1 signature of Tencent Cloud: to the query of a GET, or to the form.
    pub fn sign_tc_v1(mut self, secret_id: &str, secret: &str, time: DateTime<Utc>) -> Self {
        if self.value_of("Host").is_none() {
            self = self.header("Host", "ssm.tencentcloudapi.com");
        }
        let host = self.value_of("Host").unwrap().to_owned();
        let mut parameters = if self.method == "GET" {
            std::mem::take(&mut self.query)
        } else {
            std::mem::take(&mut self.body)
        };
        let timestamp = time.timestamp().to_string();
        parameters.extend(["&Nonce=11886&SecretId=", secret_id]);
        parameters.extend(["&SignatureMethod=HmacSHA256&Timestamp=", &timestamp]);
        let mut pairs: Vec<_> = form_urlencoded::parse(parameters.as_bytes()).collect();
        pairs.sort();
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let string_to_sign = format!("{}{host}/?{}", self.method, pairs.join("&"));
        let signature = STANDARD.encode(mac::<Hmac<Sha256>>(secret.as_bytes(), &string_to_sign));
        parameters.extend(["&Signature=", &encode(&signature)]);
        if self.method == "GET" {
            self.query = parameters;
        } else {
            self.body = parameters;
        }
        self
    }

    /// The value of a header.
    pub fn value_of(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| &**value)
    }

    pub fn add_to_query(&mut self, name: &str, value: &str) {
        if !self.query.is_empty() {
            self.query.push('&');
        }
        self.query.extend([name, "=", &encode(value)]);
    }
}

/// The product in the scope of a TC3 signature for a host.
fn product_of(host: &str) -> &str {
    match host.split_once('.') {
        Some((product, "tencentcloudapi.com")) => product,
        _ => "ssm",
    }
}

pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

fn canonical<'a>(
    pairs: impl Iterator<Item = (std::borrow::Cow<'a, str>, std::borrow::Cow<'a, str>)>,
) -> String {
    let mut pairs: Vec<_> = pairs.collect();
    pairs.sort();
    let encoded: Vec<_> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    encoded.join("&")
}

fn mac<M: Mac + KeyInit>(key: &[u8], message: &str) -> Vec<u8> {
    let mut mac = <M as KeyInit>::new_from_slice(key).unwrap();
    mac.update(message.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// The hint in a reply, if there is one.
pub fn hint_of(reply: &WireReply) -> Option<String> {
    let mut headers = reply.headers.iter();
    let hint = headers.find(|(name, _)| *name == "x-emulator-hint");
    hint.map(|(_, value)| value.to_string())
}

/// A server on a free port, stopped on drop.
pub struct TestServer {
    pub address: SocketAddr,
    stopper: Option<Stopper>,
    /// The sender is dropped when the server has ended.
    ended: Receiver<()>,
}

impl TestServer {
    pub fn start(mode: AuthMode) -> Self {
        Self::with(mode, Limits::default(), None)
    }

    pub fn with(mode: AuthMode, limits: Limits, tls: Option<Tls>) -> Self {
        let (server, startup) = Self::starting(limits);
        startup.finish(Arc::new(emulator(mode)), tls);
        server
    }

    /// A server that accepts connections but has not finished its start.
    pub fn starting(limits: Limits) -> (Self, Arc<Startup>) {
        let (sender, receiver) = mpsc::channel();
        let (ending, ended) = mpsc::channel();
        let startup = Arc::new(Startup::default());
        let shared = Arc::clone(&startup);
        std::thread::spawn(move || {
            let _ending = ending;
            actix_web::rt::System::new().block_on(async {
                let listener = server::bind("127.0.0.1:0".parse().unwrap()).unwrap();
                let address = listener.local_addr().unwrap();
                let listeners = vec![(listener, Served::default())];
                let server = Server::start(shared, listeners, limits).unwrap();
                sender.send((address, server.stopper())).unwrap();
                server.run().await.unwrap();
            });
        });
        let (address, stopper) = receive(&receiver, "the start of a server").unwrap();
        let server = Self {
            address,
            stopper: Some(stopper),
            ended,
        };
        (server, startup)
    }

    /// Sends bytes on a new connection and reads the reply.
    pub fn send(&self, request: &[u8]) -> RawReply {
        let mut connection = self.connect();
        // The server may reply and close the connection before it has read everything.
        let _ = connection.write_all(request);
        RawReply::read(&mut connection)
    }

    pub fn connect(&self) -> TcpStream {
        deadline::connect(self.address)
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        if let Some(stopper) = self.stopper.take() {
            let stopped = actix_web::rt::System::new()
                .block_on(async { actix_web::rt::time::timeout(PATIENCE, stopper.stop()).await });
            // A panic during a panic would abort the test run.
            if !std::thread::panicking() {
                stopped.expect("the server to stop in time");
                receive(&self.ended, "the end of a server");
            }
        }
    }
}

/// A reply as received from a socket.
#[derive(Debug)]
pub struct RawReply {
    pub status: u16,
    /// Status line and headers, in lower case.
    pub head: String,
    pub body: String,
}

impl RawReply {
    pub fn read(connection: &mut impl Read) -> Self {
        let mut bytes = Vec::new();
        let mut chunk = [0; 4096];
        loop {
            let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
            if let Some(end) = end {
                let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
                let length = head
                    .lines()
                    .find_map(|line| line.strip_prefix("content-length: "))
                    .map_or(0, |length| length.trim().parse().unwrap());
                if bytes.len() >= end + 4 + length {
                    let body =
                        String::from_utf8(bytes[end + 4..end + 4 + length].to_vec()).unwrap();
                    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
                    return Self { status, head, body };
                }
            }
            let count = read_some(connection, &mut chunk, "a reply", &bytes).unwrap();
            assert!(
                count > 0,
                "connection closed after {:?}",
                String::from_utf8_lossy(&bytes)
            );
            bytes.extend_from_slice(&chunk[..count]);
        }
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// The V1 signature of a string to sign.
pub fn hmac_sha1_base64(key: &str, message: &str) -> String {
    STANDARD.encode(mac::<Hmac<Sha1>>(key.as_bytes(), message))
}

/// HMAC-SM3 in hexadecimal.
pub fn hmac_sm3_hex(key: &str, message: &str) -> String {
    hex::encode(mac::<Hmac<Sm3>>(key.as_bytes(), message))
}

/// The RSA public key of the tests.
pub fn rsa_public_key() -> RsaPublicKey {
    RsaPublicKey::from_pem(include_bytes!("../keys/rsa.pub.pem")).unwrap()
}

/// The signature of a text by the RSA private key of the tests.
pub fn rsa_signature(message: &str) -> Vec<u8> {
    let key = pem::parse(include_bytes!("../keys/rsa.pem")).unwrap();
    let key = RsaKeyPair::from_pkcs8(key.contents()).unwrap();
    let mut signature = vec![0; key.public().modulus_len()];
    let (padding, random) = (&RSA_PKCS1_SHA256, SystemRandom::new());
    key.sign(padding, &random, message.as_bytes(), &mut signature)
        .unwrap();
    signature
}

/// HMAC-SHA256 in hexadecimal.
pub fn hmac_sha256_hex(key: &str, message: &str) -> String {
    hex::encode(mac::<Hmac<Sha256>>(key.as_bytes(), message))
}

/// The TC3 signature of a string to sign, for the service `ssm`.
pub fn tc3_signature(secret: &str, date: &str, string_to_sign: &str) -> String {
    let key = format!("TC3{secret}").into_bytes();
    let parts = [date, "ssm", "tc3_request", string_to_sign];
    let signature = parts
        .iter()
        .fold(key, |key, part| mac::<Hmac<Sha256>>(&key, part));
    hex::encode(signature)
}
