//! Every request gets a well-formed reply in the requested format, and no 500.

#![no_main]

use bytes::Bytes;
use std::path::Path;
use std::sync::LazyLock;

use kms_emulator::clouds::auth::credentials::Credentials;
use kms_emulator::clouds::auth::nonces::Nonces;
use kms_emulator::clouds::auth::rsa_key::RsaPublicKey;
use kms_emulator::clouds::context::{Auth, AuthMode};
use kms_emulator::clouds::description::{OperationDescription, ParameterDescription, ValueType};
use kms_emulator::clouds::{self, CloudApi};
use kms_emulator::emulator::Emulator;
use kms_emulator::emulator::clock::SystemClock;
use kms_emulator::fixtures::{self, Defaults, Progress};
use kms_emulator::http::wire::WireRequest;
use kms_emulator::model::SecretKey;
use kms_emulator::router;
use kms_emulator::store::Store;
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
enum Input<'a> {
    /// Arbitrary parts.
    Request {
        query: &'a str,
        authorization: Option<&'a str>,
        json: bool,
        body: Option<&'a [u8]>,
    },
    /// `ListSecrets` with these parameters.
    List {
        filters: &'a str,
        page_number: &'a str,
        page_size: &'a str,
        fetch_tags: &'a str,
        xml: bool,
    },
    /// `ListSecrets` with these filters.
    Filters(Vec<(Key, Vec<&'a str>)>),
    /// Any operation on a few secrets, with some of its parameters. Most values are valid, because most
    /// others are rejected early.
    Operation {
        action: u8,
        parameters: Vec<(u8, Value<'a>)>,
        xml: bool,
    },
    /// An invalid signature in the `Authorization` header, by any algorithm and for either key.
    Acs {
        algorithm: u8,
        is_rsa: bool,
        fields: &'a str,
        digest: &'a str,
    },
    /// An invalid signature.
    Signed {
        is_rsa: bool,
        parameters: Vec<(&'a str, &'a str)>,
        xml: bool,
    },
}

#[derive(Arbitrary, Debug)]
enum Key {
    SecretName,
    Description,
    TagKey,
    TagValue,
    SecretType,
}

#[derive(Arbitrary, Debug)]
enum Value<'a> {
    Name(bool),
    Small(u8),
    Flag(bool),
    Json(u8),
    Any(&'a str),
}

const ALGORITHMS: [&str; 6] = [
    "ACS3-HMAC-SHA256",
    "ACS3-HMAC-SM3",
    "ACS3-RSA-SHA256",
    "ACS4-HMAC-SHA256",
    "ACS4-HMAC-SM3",
    "ACS3-",
];

/// Valid JSON parameters.
const JSON: [&str; 8] = [
    r#"[{"TagKey":"env","TagValue":"prod"}]"#,
    r#"["ACSCurrent","Mine"]"#,
    r#"["env"]"#,
    r#"[{"SecretName":"fuzz/0"},{"SecretName":"fuzz/1","VersionId":"1"}]"#,
    r#"{"Accounts":[{"AccountName":"a","AccountPassword":"p"}]}"#,
    r#"{"SecretSubType":"SingleUser","DBInstanceId":"rm-1"}"#,
    r#"{"Version":"1","Statement":[{"Effect":"Allow","Principal":{"RAM":["acs:ram::1000000000000000:*"]},"Action":["kms:*"],"Resource":["*"]}]}"#,
    r#"{"a":"b"}"#,
];

impl Value<'_> {
    fn text(&self) -> String {
        match self {
            Self::Name(second) => format!("fuzz/{}", u8::from(*second)),
            Self::Small(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
            Self::Json(index) => JSON[usize::from(*index) % JSON.len()].to_owned(),
            Self::Any(text) => (*text).to_owned(),
        }
    }
}

static OPERATIONS: LazyLock<Vec<OperationDescription>> =
    LazyLock::new(|| clouds::with_default_settings().alibaba.operations());

static EMULATOR: LazyLock<Emulator> = LazyLock::new(|| {
    let store = Store::in_memory().unwrap();
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/seed.json");
    let defaults = Defaults {
        account: "1000000000000000".into(),
        ..Defaults::default()
    };
    fixtures::load(&store, &vec![seed].into(), &defaults, &Progress::default()).unwrap();
    let credentials = Credentials::new("1000000000000000");
    credentials.add("test", SecretKey::new("test"), None);
    let key = include_bytes!("../../tests/keys/rsa.pub.pem");
    credentials.add_rsa("rsa", RsaPublicKey::from_pem(key).unwrap(), None);
    let auth = Auth {
        mode: AuthMode::Lenient,
        credentials,
        nonces: Nonces::default(),
    };
    Emulator::new(store, SystemClock, auth)
});

fuzz_target!(|input: Input| {
    let authorization;
    let mut headers = vec![("host", "127.0.0.1")];
    let mut body: Option<&[u8]> = Some(b"");
    let form = |pairs: &[(&str, &str)]| -> String {
        let escaped = |text: &str| {
            text.bytes()
                .map(|byte| format!("%{byte:02X}"))
                .collect::<String>()
        };
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)))
            .collect();
        pairs.join("&")
    };
    let query = match &input {
        Input::Request {
            query,
            authorization,
            json,
            body: sent,
        } => {
            headers.extend(authorization.map(|value| ("authorization", value)));
            headers.push((
                "content-type",
                if *json {
                    "application/json"
                } else {
                    "application/x-www-form-urlencoded"
                },
            ));
            body = *sent;
            (*query).to_owned()
        }
        Input::List {
            filters,
            page_number,
            page_size,
            fetch_tags,
            xml,
        } => form(&[
            ("Action", "ListSecrets"),
            ("Filters", filters),
            ("PageNumber", page_number),
            ("PageSize", page_size),
            ("FetchTags", fetch_tags),
            ("Format", if *xml { "XML" } else { "JSON" }),
        ]),
        Input::Filters(pairs) => {
            let pairs: Vec<_> = pairs
                .iter()
                .map(|(key, values)| serde_json::json!({"Key": format!("{key:?}"), "Values": values}))
                .collect();
            form(&[
                ("Action", "ListSecrets"),
                ("Filters", &serde_json::Value::Array(pairs).to_string()),
            ])
        }
        Input::Operation {
            action,
            parameters,
            xml,
        } => {
            let operation = &OPERATIONS[usize::from(*action) % OPERATIONS.len()];
            let mut pairs = vec![
                ("Action".to_owned(), operation.action.to_owned()),
                (
                    "Format".to_owned(),
                    if *xml { "XML" } else { "JSON" }.to_owned(),
                ),
            ];
            if !operation.parameters.is_empty() {
                pairs.extend(parameters.iter().map(|(index, value)| {
                    let index = usize::from(*index) % operation.parameters.len();
                    let ParameterDescription {
                        name, value_type, ..
                    } = &operation.parameters[index];
                    let name = match value_type {
                        ValueType::List => format!("{name}.1"),
                        ValueType::TagList => format!("{name}.1.Key"),
                        _ => (*name).to_owned(),
                    };
                    (name, value.text())
                }));
            }
            let pairs: Vec<_> = pairs
                .iter()
                .map(|(name, value)| (&**name, &**value))
                .collect();
            form(&pairs)
        }
        Input::Acs {
            algorithm,
            is_rsa,
            fields,
            digest,
        } => {
            let algorithm = ALGORITHMS[usize::from(*algorithm) % ALGORITHMS.len()];
            let key = if *is_rsa { "rsa" } else { "test" };
            let scope = match algorithm.starts_with("ACS4") {
                true => "/20260102/cn-hangzhou/Kms/aliyun_v4_request",
                false => "",
            };
            authorization = format!(
                "{algorithm} Credential={key}{scope},SignedHeaders=host,Signature=00,{fields}"
            );
            headers.push(("authorization", &authorization));
            headers.push(("x-acs-content-sm3", *digest));
            headers.push(("x-acs-content-sha256", *digest));
            form(&[("Action", "ListSecrets")])
        }
        Input::Signed {
            is_rsa,
            parameters,
            xml,
        } => {
            let (key, method) = match is_rsa {
                true => ("rsa", "SHA256withRSA"),
                false => ("test", "HMAC-SHA1"),
            };
            let mut pairs = vec![
                ("Action", "ListSecrets"),
                ("AccessKeyId", key),
                ("SignatureMethod", method),
                ("Signature", "x"),
            ];
            pairs.extend(parameters);
            pairs.push(("Format", if *xml { "XML" } else { "JSON" }));
            form(&pairs)
        }
    };
    let reply = router::handle(
        &EMULATOR,
        &WireRequest::new(
            "POST",
            "/",
            &query,
            headers,
            body.map(Bytes::copy_from_slice).ok_or(Bytes::new()),
        ),
    );

    assert_ne!(reply.status, 500, "{input:?}");
    for (name, value) in &reply.headers {
        let is_printable = value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        assert!(is_printable, "{name}: {value}");
    }
    let content_type = &reply
        .headers
        .iter()
        .find(|(name, _)| *name == "content-type")
        .unwrap()
        .1;
    if content_type.starts_with("application/json") {
        serde_json::from_slice::<serde_json::Value>(&reply.body).unwrap();
    } else {
        let text = std::str::from_utf8(&reply.body).unwrap();
        let forbidden = |character| matches!(character, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}');
        assert!(!text.contains(forbidden), "{text}");
        let mut reader = quick_xml::Reader::from_str(text);
        while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
    }
});
