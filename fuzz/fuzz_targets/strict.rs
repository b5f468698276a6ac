//! In strict mode, a signed request is rejected or has the same effect, if parameters are added, moved or
//! repeated without a new signature.
//!
//! Without changes of parts that the signatures do not cover by design: the host with V1, and with TC3 the
//! headers that are not in `SignedHeaders`, such as `X-TC-Action`.

#![no_main]

use bytes::Bytes;
use std::path::Path;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use kms_emulator::clouds::auth::credentials::Credentials;
use kms_emulator::clouds::auth::nonces::Nonces;
use kms_emulator::clouds::auth::rsa_key::RsaPublicKey;
use kms_emulator::clouds::context::{Auth, AuthMode};
use kms_emulator::clouds::draft::{Draft, Extras, Format, Language, Method, Signed, StepName};
use kms_emulator::clouds::{self, CloudApi};
use kms_emulator::emulator::Emulator;
use kms_emulator::emulator::clock::FixedClock;
use kms_emulator::fixtures::{self, Defaults, Progress};
use kms_emulator::http::wire::WireRequest;
use kms_emulator::model::SecretKey;
use kms_emulator::router;
use kms_emulator::store::Store;
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Map, Value, json};

#[derive(Arbitrary, Debug)]
struct Input<'a> {
    is_tencent: bool,
    /// Whether an ACS3 request is signed with the RSA key instead.
    is_rsa: bool,
    get: bool,
    method: u8,
    action: u8,
    changes: Vec<Change<'a>>,
}

/// A change by an attacker without the key.
#[derive(Arbitrary, Debug)]
enum Change<'a> {
    /// Adds a parameter to the query, at the beginning or the end.
    Query {
        name: u8,
        value: Text<'a>,
        first: bool,
    },
    /// Adds a parameter to the body.
    Form {
        name: u8,
        value: Text<'a>,
        first: bool,
    },
    /// Replaces the body with JSON.
    Json {
        name: u8,
        value: Text<'a>,
    },
    /// Replaces the content type.
    ContentType(u8),
    /// Adds a header, at the beginning or the end.
    Header {
        name: u8,
        value: Text<'a>,
        first: bool,
    },
    QueryToBody,
    BodyToQuery,
    Copy,
    OtherMethod,
}

#[derive(Arbitrary, Debug)]
enum Text<'a> {
    Known(u8),
    Any(&'a str),
}

const NAMES: [&str; 16] = [
    "Action",
    "Acti%6fn",
    "Version",
    "SecretName",
    "SecretNam%65",
    "PageSize",
    "PageNumber",
    "Filters",
    "Limit",
    "Offset",
    "Format",
    "Language",
    "Timestamp",
    "SignatureNonce",
    "Signature",
    "SecretId",
];
const HEADERS: [&str; 9] = [
    "x-acs-action",
    "x-acs-version",
    "x-acs-date",
    "x-acs-content-sha256",
    "x-acs-content-sm3",
    "x-acs-security-token",
    "authorization",
    "accept",
    "x-acs-region-id",
];
const VALUES: [&str; 10] = [
    "ListSecrets",
    "DescribeSecret",
    "GetSecretValue",
    "DeleteSecret",
    "shop/db/password",
    "1",
    "2",
    "XML",
    "zh-CN",
    "[]",
];
const TYPES: [&str; 4] = [
    "application/json",
    "application/x-www-form-urlencoded",
    "text/plain",
    "",
];

fn pick<'a>(from: &[&'a str], index: u8) -> &'a str {
    from[usize::from(index) % from.len()]
}

impl Text<'_> {
    fn encoded(&self) -> String {
        let text = self.plain();
        text.bytes().map(|byte| format!("%{byte:02X}")).collect()
    }

    fn plain(&self) -> &str {
        match self {
            Self::Known(index) => pick(&VALUES, *index),
            Self::Any(text) => text,
        }
    }
}

/// Two emulators with the same secrets, because each accepts a nonce only once.
static EMULATORS: LazyLock<[Emulator; 2]> = LazyLock::new(|| [emulator(), emulator()]);

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_323_045, 0).unwrap()
}

fn emulator() -> Emulator {
    let credentials = Credentials::new("1000000000000000");
    credentials.add("test", SecretKey::new("test"), None);
    let key = include_bytes!("../../tests/keys/rsa.pub.pem");
    credentials.add_rsa("rsa", RsaPublicKey::from_pem(key).unwrap(), None);
    let auth = Auth {
        mode: AuthMode::Strict,
        credentials,
        nonces: Nonces::default(),
    };
    let emulator = Emulator::new(Store::in_memory().unwrap(), FixedClock::new(now()), auth);
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures");
    let paths = ["seed.json", "seed-tencent.json"].map(|file| fixtures.join(file));
    let defaults = Defaults {
        account: "1000000000000000".into(),
        ..Defaults::default()
    };
    fixtures::load(
        &emulator.store,
        &paths.to_vec().into(),
        &defaults,
        &Progress::default(),
    )
    .unwrap();
    emulator
}

/// Signs an ACS3 request again, with the RSA key.
fn sign_with_rsa(signed: &mut Signed) {
    static KEY: LazyLock<RsaKeyPair> = LazyLock::new(|| {
        let key = pem::parse(include_bytes!("../../tests/keys/rsa.pem")).unwrap();
        RsaKeyPair::from_pkcs8(key.contents()).unwrap()
    });
    let text = signed
        .steps
        .iter()
        .find(|step| step.step == StepName::StringToSign);
    let text = text.unwrap().text.replace("HMAC", "RSA");
    let mut signature = vec![0; KEY.public().modulus_len()];
    let random = SystemRandom::new();
    KEY.sign(&RSA_PKCS1_SHA256, &random, text.as_bytes(), &mut signature)
        .unwrap();
    for (name, value) in &mut signed.headers {
        if *name == "authorization" {
            let (fields, _) = value.rsplit_once('=').unwrap();
            let fields = fields.replace("HMAC", "RSA").replace("=test,", "=rsa,");
            *value = format!("{fields}={}", hex::encode(&signature));
        }
    }
}

/// A changeable request.
#[derive(Clone)]
struct Request {
    method: &'static str,
    query: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Request {
    /// The reply without parts that differ between all replies.
    fn ask(&self, emulator: &Emulator) -> (bool, Value) {
        let reply = router::handle(
            &emulator,
            &WireRequest::new(
                self.method,
                "/",
                &self.query,
                self.headers.iter().map(|(name, value)| (&**name, &**value)),
                Ok(Bytes::copy_from_slice(self.body.as_bytes())),
            ),
        );
        let Ok(mut body) = serde_json::from_slice::<Value>(&reply.body) else {
            return (reply.status == 200, Value::Null);
        };
        let is_refused = reply.status != 200 || body["Response"]["Error"].is_object();
        if let Some(members) = body.as_object_mut() {
            members.remove("RequestId");
            if let Some(Value::Object(response)) = members.get_mut("Response") {
                response.remove("RequestId");
            }
        }
        (!is_refused, body)
    }

    fn change(&mut self, change: &Change) {
        let add = |text: &mut String, pair: String, first: bool| {
            if text.is_empty() {
                *text = pair;
            } else if first {
                *text = format!("{pair}&{text}");
            } else {
                text.push_str(&format!("&{pair}"));
            }
        };
        match change {
            Change::Query { name, value, first } => {
                let pair = format!("{}={}", pick(&NAMES, *name), value.encoded());
                add(&mut self.query, pair, *first);
            }
            Change::Form { name, value, first } => {
                let pair = format!("{}={}", pick(&NAMES, *name), value.encoded());
                add(&mut self.body, pair, *first);
            }
            Change::Json { name, value } => {
                self.body = json!({pick(&NAMES, *name): value.plain()}).to_string();
            }
            Change::ContentType(index) => {
                self.headers.retain(|(name, _)| name != "content-type");
                self.headers
                    .push(("content-type".into(), pick(&TYPES, *index).into()));
            }
            Change::Header { name, value, first } => {
                let header = (pick(&HEADERS, *name).to_owned(), value.plain().to_owned());
                let place = if *first { 0 } else { self.headers.len() };
                self.headers.insert(place, header);
            }
            Change::QueryToBody => {
                let query = std::mem::take(&mut self.query);
                add(&mut self.body, query, true);
            }
            Change::BodyToQuery => {
                let body = std::mem::take(&mut self.body);
                add(&mut self.query, body, false);
            }
            Change::Copy => {
                let query = self.query.clone();
                add(&mut self.query, query, false);
            }
            Change::OtherMethod => {
                self.method = if self.method == "GET" { "POST" } else { "GET" };
            }
        }
    }
}

fuzz_target!(|input: Input| {
    static NONCE: AtomicU64 = AtomicU64::new(1);
    let (action, parameters) = match input.action % 3 {
        0 => ("ListSecrets", json!({})),
        1 => ("DescribeSecret", json!({"SecretName": "shop/db/password"})),
        _ => (
            "GetSecretValue",
            json!({"SecretName": "shop/db/password", "VersionId": "v1"}),
        ),
    };
    let parameters: Map<String, Value> = serde_json::from_value(parameters).unwrap();
    let secret = SecretKey::new("test");
    let draft = Draft {
        action,
        parameters: &parameters,
        method: if input.get { Method::Get } else { Method::Post },
        host: "localhost",
        region: if input.is_tencent {
            "ap-guangzhou"
        } else {
            "cn-hangzhou"
        },
        time: now(),
        nonce: NONCE.fetch_add(1, Ordering::Relaxed),
        key: ("test", &secret),
        format: Format::Json,
        language: Language::English,
        extras: Extras::default(),
    };
    let clouds = clouds::with_default_settings();
    let cloud: &dyn CloudApi = if input.is_tencent {
        &clouds.tencent
    } else {
        &clouds.alibaba
    };
    let methods = cloud.signature_methods();
    let method = methods[usize::from(input.method) % methods.len()];
    let Ok(mut signed) = cloud.sign(&draft, Some(method)) else {
        return;
    };
    if input.is_rsa && method == "ACS3-HMAC-SHA256" {
        sign_with_rsa(&mut signed);
    }
    let headers = signed.headers.iter();
    let original = Request {
        method: signed.method.name(),
        query: signed.query.clone(),
        headers: headers
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
        body: signed.body.clone(),
    };
    let mut changed = original.clone();
    for change in &input.changes {
        changed.change(change);
    }
    let (_, expected) = original.ask(&EMULATORS[0]);
    let (is_answered, found) = changed.ask(&EMULATORS[1]);
    assert!(
        !is_answered || found == expected,
        "{input:?}: {found} instead of {expected}"
    );
});
