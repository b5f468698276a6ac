//! Signed requests, and their execution without HTTP.

use std::fmt::Write;
use std::hint::black_box;
use std::time::Instant;

use kms_emulator::clouds;
use kms_emulator::clouds::draft::{Draft, Extras, Format, Language, Method, Signed};
use kms_emulator::emulator::Emulator;
use kms_emulator::model::{Cloud, SecretKey};
use kms_emulator::router;
use serde_json::{Map, Value};

/// The number of secrets on a page.
pub const PAGE_SIZE: u64 = 10;

pub fn region(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Alibaba => "cn-hangzhou",
        Cloud::Tencent => "ap-guangzhou",
    }
}

/// A request with the V1 signature, which classic SDKs use: all parameters are in the query.
pub fn signed(cloud: Cloud, action: &str, parameters: &Map<String, Value>) -> Signed {
    let signature_method = match cloud {
        Cloud::Alibaba => "HMAC-SHA1",
        Cloud::Tencent => "HmacSHA1",
    };
    sign(cloud, action, parameters, Method::Get, signature_method)
}

/// A list request with the signature TC3, which SDKs of Tencent Cloud use by default.
pub fn tc3_list() -> Signed {
    let parameters = object(r#"{"Limit":10}"#);
    let method = "TC3-HMAC-SHA256";
    sign(
        Cloud::Tencent,
        "ListSecrets",
        &parameters,
        Method::Post,
        method,
    )
}

fn sign(
    cloud: Cloud,
    action: &str,
    parameters: &Map<String, Value>,
    method: Method,
    signature_method: &str,
) -> Signed {
    let draft = Draft {
        action,
        parameters,
        method,
        host: "127.0.0.1:8080",
        region: region(cloud),
        time: "2026-01-02T03:04:05Z".parse().expect("a valid time"),
        nonce: 1,
        key: ("test", &SecretKey::new("test")),
        format: Format::Json,
        language: Language::English,
        extras: Extras::default(),
    };
    clouds::with_default_settings()
        .get(cloud)
        .sign(&draft, Some(signature_method))
        .expect("the cloud has this signature method")
}

/// The request for a page of a query of [`data::queries`](crate::data::queries), counted from 1.
pub fn page(cloud: Cloud, query: &str, page: u64) -> Signed {
    let mut parameters = object(query);
    match cloud {
        Cloud::Alibaba => {
            parameters.insert("PageNumber".into(), page.into());
        }
        Cloud::Tencent => {
            parameters.insert("Limit".into(), PAGE_SIZE.into());
            parameters.insert("Offset".into(), ((page - 1) * PAGE_SIZE).into());
        }
    }
    signed(cloud, "ListSecrets", &parameters)
}

pub fn object(json: &str) -> Map<String, Value> {
    serde_json::from_str(json).expect("a JSON object")
}

/// The bytes of a request.
pub fn http_text(request: &Signed) -> String {
    let mut text = format!("{} /", request.method.name());
    if !request.query.is_empty() {
        text = text + "?" + &request.query;
    }
    text += " HTTP/1.1\r\naccept: */*\r\n";
    for (name, value) in &request.headers {
        write!(text, "{name}: {value}\r\n").expect("a String accepts all text");
    }
    if !request.body.is_empty() {
        write!(text, "content-length: {}\r\n", request.body.len())
            .expect("a String accepts all text");
    }
    text + "\r\n" + &request.body
}

/// The total of a query.
pub fn total(emulator: &Emulator, cloud: Cloud, query: &str) -> u64 {
    let reply = router::handle(emulator, &page(cloud, query, 1).to_wire());
    assert_eq!(reply.status, 200);
    let body: Value = serde_json::from_slice(&reply.body).expect("a JSON reply");
    let reply = match cloud {
        Cloud::Alibaba => &body,
        Cloud::Tencent => &body["Response"],
    };
    reply["TotalCount"].as_u64().expect("a number")
}

/// The slowest of a thousand pages, and its time in microseconds. The time is the minimum of several runs,
/// so that it depends on the page and not on other load.
pub fn slowest_page(emulator: &Emulator, cloud: Cloud, query: &str, last: u64) -> (u64, f64) {
    let time = |number: u64| {
        let request = page(cloud, query, number);
        let run = || {
            let wire = request.to_wire();
            let start = Instant::now();
            black_box(router::handle(emulator, &wire));
            start.elapsed().as_secs_f64() * 1e6
        };
        (number, (0..30).map(|_| run()).fold(f64::MAX, f64::min))
    };
    (1..=last)
        .step_by(crate::index((last / 1_000).max(1)))
        .map(time)
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
        .expect("there is a first page")
}
