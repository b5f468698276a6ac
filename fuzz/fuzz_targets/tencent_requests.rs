//! Every request of the Tencent Cloud API gets the status 200 and a well-formed envelope, and no internal
//! error.

#![no_main]

use bytes::Bytes;
use std::path::Path;
use std::sync::LazyLock;

use kms_emulator::clouds::auth::credentials::Credentials;
use kms_emulator::clouds::auth::nonces::Nonces;
use kms_emulator::clouds::context::{Auth, AuthMode};
use kms_emulator::clouds::description::OperationDescription;
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
use serde_json::json;

#[derive(Arbitrary, Debug)]
enum Input<'a> {
    /// Arbitrary parts, with the common parameters in headers.
    Headers {
        get: bool,
        action: &'a str,
        query: &'a str,
        authorization: Option<&'a str>,
        timestamp: &'a str,
        region: Option<&'a str>,
        json: bool,
        body: Option<&'a [u8]>,
    },
    /// Arbitrary parts, with the common parameters among the others.
    Parameters { get: bool, parameters: &'a str },
    /// Any operation on a few secrets, with some of its parameters. Most values are valid, because most
    /// others are rejected early.
    Operation {
        action: u8,
        flattened: bool,
        parameters: Vec<(u8, Value<'a>)>,
    },
}

#[derive(Arbitrary, Debug)]
enum Value<'a> {
    Name(bool),
    Version(bool),
    Small(u8),
    Number(i64),
    Flag(bool),
    Base64,
    Tag(&'a str, &'a str),
    Filter(&'a str, Vec<&'a str>),
    Null,
    Any(&'a str),
}

impl Value<'_> {
    fn json(&self) -> serde_json::Value {
        match self {
            Self::Name(second) => format!("fuzz-{}", u8::from(*second)).into(),
            Self::Version(second) => format!("v{}", u8::from(*second)).into(),
            Self::Small(number) => (number % 8).into(),
            Self::Number(number) => (*number).into(),
            Self::Flag(flag) => (*flag).into(),
            Self::Base64 => "AAEC".into(),
            Self::Tag(key, value) => json!([{"TagKey": key, "TagValue": value}]),
            Self::Filter(key, values) => json!([{"TagKey": key, "TagValue": values}]),
            Self::Null => serde_json::Value::Null,
            Self::Any(text) => (*text).into(),
        }
    }
}

static OPERATIONS: LazyLock<Vec<OperationDescription>> =
    LazyLock::new(|| clouds::with_default_settings().tencent.operations());

static EMULATOR: LazyLock<Emulator> = LazyLock::new(|| {
    let store = Store::in_memory().unwrap();
    let seed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/seed-tencent.json");
    let defaults = Defaults {
        account: "1000000000000000".into(),
        ..Defaults::default()
    };
    fixtures::load(&store, &vec![seed].into(), &defaults, &Progress::default()).unwrap();
    let credentials = Credentials::new("1000000000000000");
    credentials.add("test", SecretKey::new("test"), None);
    let auth = Auth {
        mode: AuthMode::Lenient,
        credentials,
        nonces: Nonces::default(),
    };
    Emulator::new(store, SystemClock, auth)
});

/// `TagFilters.0.TagKey=…` for a list of objects.
fn flatten(name: &str, value: &serde_json::Value, pairs: &mut Vec<String>) {
    match value {
        serde_json::Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                flatten(&format!("{name}.{index}"), item, pairs);
            }
        }
        serde_json::Value::Object(members) => {
            for (member, item) in members {
                flatten(&format!("{name}.{member}"), item, pairs);
            }
        }
        serde_json::Value::Null => {}
        other => {
            let text = other
                .as_str()
                .map_or_else(|| other.to_string(), str::to_owned);
            let escaped: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
            pairs.push(format!("{name}={escaped}"));
        }
    }
}

fn ask(request: &WireRequest) {
    let reply = router::handle(&EMULATOR, request);
    assert_eq!(reply.status, 200);
    let (first, hints) = reply.headers.split_first().unwrap();
    assert_eq!(*first, ("content-type", "application/json".into()));
    for (name, value) in hints {
        assert_eq!(*name, "x-emulator-hint");
        assert!(
            value.bytes().all(|byte| matches!(byte, b' '..=b'~')),
            "{value}"
        );
    }
    let body: serde_json::Value = serde_json::from_slice(&reply.body).unwrap();
    let response = &body["Response"];
    assert!(response["RequestId"].is_string(), "{body}");
    assert_ne!(response["Error"]["Code"], "InternalError", "{body}");
}

fuzz_target!(|input: Input| {
    const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
    const JSON: (&str, &str) = ("content-type", "application/json");
    let host = ("host", "127.0.0.1:8080");
    let method = |get| if get { "GET" } else { "POST" };
    match &input {
        Input::Headers {
            get,
            action,
            query,
            authorization,
            timestamp,
            region,
            json,
            body,
        } => {
            let mut headers = vec![host, if *json { JSON } else { FORM }];
            headers.extend([("x-tc-action", *action), ("x-tc-timestamp", *timestamp)]);
            headers.extend(authorization.map(|value| ("authorization", value)));
            headers.extend(region.map(|value| ("x-tc-region", value)));
            ask(&WireRequest::new(
                method(*get),
                "/",
                query,
                headers,
                body.map(Bytes::copy_from_slice).ok_or(Bytes::new()),
            ));
        }
        Input::Parameters { get, parameters } => {
            let parameters = format!("Version=2019-09-23&{parameters}");
            let (query, body) = if *get {
                (&*parameters, "")
            } else {
                ("", &*parameters)
            };
            ask(&WireRequest::new(
                method(*get),
                "/",
                query,
                [host, FORM],
                Ok(Bytes::copy_from_slice(body.as_bytes())),
            ));
        }
        Input::Operation {
            action,
            flattened,
            parameters,
        } => {
            let operation = &OPERATIONS[usize::from(*action) % OPERATIONS.len()];
            let mut members = serde_json::Map::new();
            for (index, value) in parameters {
                let count = operation.parameters.len().max(1);
                if let Some(parameter) = operation.parameters.get(usize::from(*index) % count) {
                    members.insert(parameter.name.to_owned(), value.json());
                }
            }
            let mut headers = vec![host, ("x-tc-action", operation.action)];
            let mut pairs = Vec::new();
            for (name, value) in &members {
                flatten(name, value, &mut pairs);
            }
            let body = serde_json::Value::Object(members).to_string();
            headers.push(if *flattened { FORM } else { JSON });
            ask(&WireRequest::new(
                method(*flattened),
                "/",
                &pairs.join("&"),
                headers,
                Ok(Bytes::copy_from_slice(body.as_bytes())),
            ));
        }
    }
});
