//! Signed requests, and their execution without HTTP.

use std::fmt::Write;
use std::hint::black_box;
use std::time::Instant;

use bytes::Bytes;
use kms_emulator::clouds;
use kms_emulator::clouds::draft::{Draft, Extras, Format, Language, Method, Signed};
use kms_emulator::emulator::Emulator;
use kms_emulator::model::{Cloud, SecretKey};
use kms_emulator::router;
use serde_json::{Map, Value, json};

/// The number of secrets on a page.
pub const PAGE_SIZE: u64 = 10;

/// The number of [`uncached_requests`]: about a hundred times as many as the cache has replies.
const UNCACHED: u32 = 10_000;

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

/// A request for a page of the list, counted from 1, with the signature that the SDKs of the cloud use: V1 or
/// TC3.
pub fn list_page(cloud: Cloud, page_size: u64, page: u64) -> Signed {
    let parameters = match cloud {
        Cloud::Alibaba => json!({"PageSize": page_size, "PageNumber": page}),
        Cloud::Tencent => json!({"Limit": page_size, "Offset": (page - 1) * page_size}),
    };
    let parameters = parameters.as_object().expect("an object");
    match cloud {
        Cloud::Alibaba => signed(cloud, "ListSecrets", parameters),
        Cloud::Tencent => sign(
            cloud,
            "ListSecrets",
            parameters,
            Method::Post,
            "TC3-HMAC-SHA256",
        ),
    }
}

/// A request that creates a secret of Alibaba Cloud.
pub fn create(name: &str) -> Signed {
    let parameters = json!({
        "SecretName": name,
        "VersionId": "v1",
        "SecretData": "correct horse battery staple",
        "Tags": r#"[{"TagKey":"env","TagValue":"prod"}]"#,
    });
    let parameters = parameters.as_object().expect("an object");
    signed(Cloud::Alibaba, "CreateSecret", parameters)
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

/// Different requests for some pages in turn, because the reply to a repeated request is cached. On Alibaba Cloud each
/// text of `FetchTags` but `true` is read as false; on Tencent Cloud `ProductName` has no effect without `SecretType` 1.
pub fn different_requests(
    cloud: Cloud,
    query: &str,
    pages: impl Iterator<Item = u64> + Clone,
    count: u32,
) -> impl Iterator<Item = Signed> {
    let ignored = match cloud {
        Cloud::Alibaba => "FetchTags",
        Cloud::Tencent => "ProductName",
    };
    let query = object(query);
    pages.cycle().zip(0..count).map(move |(number, variant)| {
        let mut query = query.clone();
        query.insert(ignored.into(), format!("no {variant}").into());
        page(cloud, &Value::Object(query).to_string(), number)
    })
}

/// The bytes of so many different requests for some pages that no request is repeated before others evict its reply
/// from the cache.
pub fn uncached_requests(
    cloud: Cloud,
    query: &str,
    pages: impl Iterator<Item = u64> + Clone,
) -> Vec<Bytes> {
    different_requests(cloud, query, pages, UNCACHED)
        .map(|request| http_bytes(&request))
        .collect()
}

pub fn object(json: &str) -> Map<String, Value> {
    serde_json::from_str(json).expect("a JSON object")
}

/// The bytes of a request.
pub fn http_bytes(request: &Signed) -> Bytes {
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
    (text + "\r\n" + &request.body).into()
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
/// so that it depends on the page and not on other load. Each run requests all pages, because the reply to a
/// repeated request is cached.
pub fn slowest_page(emulator: &Emulator, cloud: Cloud, query: &str, last: u64) -> (u64, f64) {
    let mut pages: Vec<_> = (1..=last)
        .step_by(crate::index((last / 1_000).max(1)))
        .map(|number| (number, page(cloud, query, number), f64::MAX))
        .collect();
    for _ in 0..30 {
        for (_, request, fastest) in &mut pages {
            let wire = request.to_wire();
            let start = Instant::now();
            black_box(router::handle(emulator, &wire));
            *fastest = fastest.min(start.elapsed().as_secs_f64() * 1e6);
        }
    }
    pages
        .into_iter()
        .map(|(number, _, time)| (number, time))
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
        .expect("there is a first page")
}
