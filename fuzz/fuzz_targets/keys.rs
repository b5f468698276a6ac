//! No sequence of operations on keys fails with 5xx. Only a ciphertext that was not changed decrypts, in the context
//! that it was encrypted in, and to the data that was encrypted.

#![no_main]

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use form_urlencoded::Serializer;
use kms_emulator::clouds::auth::credentials::Credentials;
use kms_emulator::clouds::auth::nonces::Nonces;
use kms_emulator::clouds::context::{Auth, AuthMode};
use kms_emulator::clouds::description::OperationDescription;
use kms_emulator::clouds::{self, CloudApi};
use kms_emulator::emulator::Emulator;
use kms_emulator::emulator::clock::{Clock, FixedClock};
use kms_emulator::fixtures::{self, Defaults, Progress};
use kms_emulator::http::wire::WireRequest;
use kms_emulator::router;
use kms_emulator::store::Store;
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const MAX_STEPS: usize = 16;

#[derive(Arbitrary, Debug)]
enum Step<'a> {
    Encrypt {
        key: u8,
        plaintext: Plaintext<'a>,
        context: Context,
    },
    GenerateDataKey {
        key: u8,
        bytes: u16,
        context: Context,
    },
    /// Encrypts a ciphertext again.
    ReEncrypt {
        ciphertext: u8,
        key: u8,
        context: Context,
    },
    /// Decrypts a ciphertext, perhaps with a changed byte or in another context.
    Decrypt {
        ciphertext: u8,
        change: Option<(u16, u8)>,
        context: Option<Context>,
    },
    /// Any operation on keys, with some of its parameters.
    Any {
        action: u8,
        parameters: Vec<(u8, Text<'a>)>,
        xml: bool,
    },
    /// Advances the clock.
    Wait { hours: u16 },
}

/// Data to encrypt, also of the greatest length.
#[derive(Arbitrary, Debug)]
enum Plaintext<'a> {
    Text(&'a str),
    Zeros(u16),
}

/// A context of at most two pairs.
#[derive(Arbitrary, Debug, Clone, PartialEq, Eq)]
struct Context(Option<(char, char)>, Option<(char, char)>);

/// The value of a parameter. Most are valid for some parameter, because most others are rejected early.
#[derive(Arbitrary, Debug)]
enum Text<'a> {
    Key(u8),
    Version(u8),
    Ciphertext(u8),
    Known(u8),
    Number(u16),
    Any(&'a str),
}

/// Values of parameters. RSA keys are in the seed: creating one takes too long.
const KNOWN: [&str; 26] = [
    "true",
    "7d",
    "{\"a\":\"b\"}",
    "[{\"TagKey\":\"env\",\"TagValue\":\"prod\"}]",
    "[\"env\"]",
    "[{\"Key\":\"KeyState\",\"Values\":[\"Enabled\"]}]",
    "alias/orders",
    "alias/new",
    "default",
    "Aliyun_SM4",
    "EC_P256",
    "EC_P256K",
    "EC_SM2",
    "HMAC_SM3",
    "HMAC_SHA_512",
    "ENCRYPT/DECRYPT",
    "EXTERNAL",
    "RSA_2048",
    "RSAES_OAEP_SHA_256",
    "RSA_PSS_SHA_256",
    "ECDSA_SHA_256",
    "SM2DSA",
    "SM2PKE",
    "AES_128",
    "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=",
    "key",
];

impl Context {
    fn pairs(&self) -> BTreeMap<String, String> {
        [self.0, self.1]
            .into_iter()
            .flatten()
            .map(|(key, value)| (key.to_string(), value.to_string()))
            .collect()
    }

    fn text(&self) -> String {
        serde_json::to_string(&self.pairs()).unwrap()
    }
}

impl Plaintext<'_> {
    fn text(&self) -> String {
        match self {
            Self::Text(text) => (*text).to_owned(),
            Self::Zeros(count) => "A".repeat(usize::from(*count)),
        }
    }
}

/// A ciphertext with what it was made from. A data key without its plaintext has none.
struct Ciphertext {
    blob: String,
    plaintext: Option<String>,
    context: Context,
}

static OPERATIONS: LazyLock<Vec<OperationDescription>> = LazyLock::new(|| {
    let mut operations = clouds::with_default_settings().alibaba.operations();
    operations.retain(|operation| {
        let has = |name: &str| operation.parameters.iter().any(|known| known.name == name);
        let name = operation.action;
        name.contains("Key") || name.contains("Alias") || has("KeyId") || has("ResourceType")
    });
    operations
});

struct Account {
    emulator: Emulator,
    clock: Arc<FixedClock>,
    ciphertexts: Vec<Ciphertext>,
}

impl Account {
    fn new() -> Self {
        let store = Store::in_memory().unwrap();
        let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/seed-keys.json");
        let defaults = Defaults {
            account: "1000000000000000".into(),
            ..Defaults::default()
        };
        fixtures::load(&store, &vec![seed].into(), &defaults, &Progress::default()).unwrap();
        let auth = Auth {
            mode: AuthMode::Lenient,
            credentials: Credentials::new("1000000000000000"),
            nonces: Nonces::default(),
        };
        let start: DateTime<Utc> = "2026-01-02T03:04:05Z".parse().unwrap();
        let clock = Arc::new(FixedClock::new(start));
        Self {
            emulator: Emulator::new(store, Arc::clone(&clock), auth),
            clock,
            ciphertexts: Vec::new(),
        }
    }

    /// The body of a success.
    fn call(&self, action: &str, parameters: &[(&str, &str)]) -> Option<Value> {
        let mut form = Serializer::new(String::new());
        form.append_pair("Action", action);
        form.append_pair("Version", "2016-01-20");
        form.extend_pairs(parameters);
        let headers = vec![
            ("host", "127.0.0.1"),
            ("content-type", "application/x-www-form-urlencoded"),
        ];
        let body = Bytes::from(form.finish());
        let request = WireRequest::new("POST", "/", "", headers, Ok(body));
        let reply = router::handle(&self.emulator, &request);
        assert!(reply.status < 500, "{action} {parameters:?}: {reply:?}");
        let body = serde_json::from_slice(&reply.body).ok();
        body.filter(|_| reply.status == 200)
    }

    fn ciphertext(&self, index: u8) -> Option<&Ciphertext> {
        let count = self.ciphertexts.len().max(1);
        self.ciphertexts.get(usize::from(index) % count)
    }

    fn text(&self, text: &Text) -> String {
        match text {
            Text::Key(number) => key(*number),
            Text::Version(number) => format!("{:08}-0000-4000-8000-000000000000", number % 9),
            Text::Ciphertext(index) => self
                .ciphertext(*index)
                .map_or_else(String::new, |ciphertext| ciphertext.blob.clone()),
            Text::Known(index) => KNOWN[usize::from(*index) % KNOWN.len()].to_owned(),
            Text::Number(number) => number.to_string(),
            Text::Any(text) => (*text).to_owned(),
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Encrypt {
                key: number,
                plaintext,
                context,
            } => {
                let (key, plaintext) = (key(*number), plaintext.text());
                let parameters = [
                    ("KeyId", &*key),
                    ("Plaintext", &plaintext),
                    ("EncryptionContext", &context.text()),
                ];
                let reply = self.call("Encrypt", &parameters);
                self.keep(reply, Some(plaintext), context);
            }
            Step::GenerateDataKey {
                key: number,
                bytes,
                context,
            } => {
                let parameters = [
                    ("KeyId", &*key(*number)),
                    ("NumberOfBytes", &bytes.to_string()),
                    ("EncryptionContext", &context.text()),
                ];
                let reply = self.call("GenerateDataKey", &parameters);
                let plaintext = reply.as_ref().map(|reply| text_of(reply, "Plaintext"));
                self.keep(reply, plaintext, context);
            }
            Step::ReEncrypt {
                ciphertext,
                key: number,
                context,
            } => {
                let Some(source) = self.ciphertext(*ciphertext) else {
                    return;
                };
                let plaintext = source.plaintext.clone();
                let parameters = [
                    ("CiphertextBlob", &*source.blob),
                    ("SourceEncryptionContext", &source.context.text()),
                    ("DestinationKeyId", &key(*number)),
                    ("DestinationEncryptionContext", &context.text()),
                ];
                let reply = self.call("ReEncrypt", &parameters);
                self.keep(reply, plaintext, context);
            }
            Step::Decrypt {
                ciphertext,
                change,
                context,
            } => self.decrypt(*ciphertext, *change, context.as_ref()),
            Step::Any {
                action,
                parameters,
                xml,
            } => {
                let operation = &OPERATIONS[usize::from(*action) % OPERATIONS.len()];
                let count = operation.parameters.len().max(1);
                let mut pairs = vec![("Format", if *xml { "XML" } else { "JSON" }.to_owned())];
                for (index, value) in parameters {
                    let parameter = operation.parameters.get(usize::from(*index) % count);
                    let value = self.text(value);
                    let is_slow = operation.action == "CreateKey" && value.starts_with("RSA");
                    pairs.extend(
                        parameter
                            .filter(|_| !is_slow)
                            .map(|known| (known.name, value)),
                    );
                }
                let pairs: Vec<_> = pairs
                    .iter()
                    .map(|(name, value)| (*name, &**value))
                    .collect();
                self.call(operation.action, &pairs);
            }
            Step::Wait { hours } => {
                self.clock
                    .set(self.clock.now() + TimeDelta::hours((*hours).into()));
            }
        }
    }

    fn keep(&mut self, reply: Option<Value>, plaintext: Option<String>, context: &Context) {
        self.ciphertexts.extend(reply.map(|reply| Ciphertext {
            blob: text_of(&reply, "CiphertextBlob"),
            plaintext,
            context: context.clone(),
        }));
    }

    fn decrypt(&self, index: u8, change: Option<(u16, u8)>, context: Option<&Context>) {
        let Some(ciphertext) = self.ciphertext(index) else {
            return;
        };
        let mut blob = ciphertext.blob.clone().into_bytes();
        if let Some((position, byte)) = change {
            // Only characters of Base64, because all others are rejected before anything is decrypted.
            let position = usize::from(position) % blob.len();
            blob[position] = b"ABCDabcd0123+/=Z"[usize::from(byte) % 16];
        }
        let blob = String::from_utf8(blob).unwrap();
        let context = context.unwrap_or(&ciphertext.context);
        let parameters = [
            ("CiphertextBlob", &*blob),
            ("EncryptionContext", &context.text()),
        ];
        let Some(reply) = self.call("Decrypt", &parameters) else {
            return;
        };
        assert_eq!(blob, ciphertext.blob, "a changed ciphertext was decrypted");
        assert_eq!(
            context.pairs(),
            ciphertext.context.pairs(),
            "decrypted in another context"
        );
        if let Some(plaintext) = &ciphertext.plaintext {
            assert_eq!(text_of(&reply, "Plaintext"), *plaintext);
        }
    }
}

fn key(number: u8) -> String {
    format!("key-hzz{:018}", number % 9)
}

fn text_of(reply: &Value, member: &str) -> String {
    reply[member].as_str().unwrap().to_owned()
}

fuzz_target!(|steps: Vec<Step>| {
    let mut account = Account::new();
    for step in steps.iter().take(MAX_STEPS) {
        account.step(step);
    }
});
