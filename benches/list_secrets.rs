//! How fast it is: against a bare actix-web handler, and from page to page of `ListSecrets`.
//!
//! ```sh
//! cargo bench                      # all tables, up to 1,000,000 secrets
//! cargo bench -- throughput        # the first one
//! cargo bench -- served 1000000    # the second one, at this size
//! cargo bench -- pages 1000 100000 # the third one, at these sizes
//! cargo bench -- resets 1000000    # the fourth one, beside so many secrets of another account
//! ```
//!
//! Both faces are measured: `cargo bench -- tencent pages` measures the second one alone, `alibaba` the
//! first.
//!
//! All tables are ratios taken in one run on one machine: figures in microseconds belong to the
//! machine they were taken on.

use bytes::Bytes;
use std::fs::File;
use std::hint::black_box;
use std::net::{SocketAddr, TcpListener};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::DateTime;
use hmac::{Hmac, KeyInit, Mac};
use kms_emulator::clouds::auth::credentials::Credentials;
use kms_emulator::clouds::auth::nonces::Nonces;
use kms_emulator::clouds::context::{Auth, AuthMode};
use kms_emulator::emulator::Emulator;
use kms_emulator::emulator::clock::SystemClock;
use kms_emulator::emulator::journal::Journal;
use kms_emulator::fixtures::Progress;
use kms_emulator::fixtures::baseline::StartFixtures;
use kms_emulator::http::wire::WireRequest;
use kms_emulator::model::SecretKey;
use kms_emulator::model::{Cloud, Rotation, Scope, Secret, SecretType, State, Tag};
use kms_emulator::router::{self, Served};
use kms_emulator::server::startup::Startup;
use kms_emulator::server::{self, Limits, Server};
use kms_emulator::store::{Store, StoreError};
use mimalloc::MiMalloc;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// The host that requests are signed for.
const HOST: &str = "127.0.0.1:8080";

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let (clouds, arguments): (Vec<_>, Vec<_>) = arguments
        .iter()
        .partition(|argument| Cloud::from_name(argument).is_some());
    let clouds: Vec<Cloud> = if clouds.is_empty() {
        vec![Cloud::Alibaba, Cloud::Tencent]
    } else {
        clouds
            .into_iter()
            .filter_map(|name| Cloud::from_name(name))
            .collect()
    };
    let (tables, sizes): (Vec<_>, Vec<_>) = arguments
        .into_iter()
        .partition(|argument| argument.parse::<u64>().is_err());
    let wanted = |table: &str| tables.is_empty() || tables.iter().any(|wanted| *wanted == table);
    let sizes: Vec<u64> = sizes.iter().filter_map(|size| size.parse().ok()).collect();
    start_log();
    if wanted("throughput") {
        throughput();
    }
    let sizes = if sizes.is_empty() {
        &[1_000, 100_000, 1_000_000]
    } else {
        &sizes[..]
    };
    if wanted("served") {
        served(&clouds, sizes);
    }
    if wanted("pages") {
        pages(&clouds, sizes);
    }
    if wanted("resets") {
        resets(sizes);
    }
}

/// Logs as the program does by default, to where nothing is kept.
fn start_log() {
    let nowhere = File::options()
        .write(true)
        .open("/dev/null")
        .expect("/dev/null can be written to");
    tracing_subscriber::fmt()
        .with_env_filter("warn,kms_emulator=info")
        .with_target(false)
        .with_ansi(false)
        .with_writer(Arc::new(nowhere))
        .init();
}

fn scope(cloud: Cloud) -> Scope {
    let region = match cloud {
        Cloud::Alibaba => "cn-hangzhou",
        Cloud::Tencent => "ap-guangzhou",
    };
    Scope {
        cloud,
        account: "1000000000000000".into(),
        region: region.into(),
    }
}

fn emulator(store: Store) -> Emulator {
    let credentials = Credentials::new("1000000000000000");
    credentials.add("test", SecretKey::new("test"), None);
    let auth = Auth {
        mode: AuthMode::Lenient,
        credentials,
        nonces: Nonces::default(),
    };
    Emulator::new(store, SystemClock, auth)
}

/// Adds `count` secrets, each with two tags: on the first cloud a quarter of another type, on the
/// second a quarter in each of two other states.
fn fill(store: &Store, cloud: Cloud, count: u64) {
    let scope = scope(cloud);
    store
        .write(|store| {
            for number in 0..count {
                store.create_secret(&scope, &secret(cloud, number), &[])?;
            }
            Ok::<(), StoreError>(())
        })
        .expect("the store takes it");
}

fn secret(cloud: Cloud, number: u64) -> Secret {
    let seconds = 1_600_000_000 + i64::try_from(number / 3).expect("few enough");
    let at = DateTime::from_timestamp(seconds, 0).expect("in this century");
    let scattered = number * 7_919 % 10_000_000;
    let (name, secret_type, state) = match cloud {
        Cloud::Alibaba => (
            format!("app/{scattered:07}/password"),
            if number.is_multiple_of(4) {
                SecretType::Rds
            } else {
                SecretType::Generic
            },
            State::Enabled,
        ),
        Cloud::Tencent => (
            format!("app-{scattered:07}-password"),
            SecretType::Generic,
            match number % 4 {
                0 => State::Disabled,
                1 => State::PendingDeletion {
                    planned_delete_at: DateTime::from_timestamp(4_000_000_000, 0)
                        .expect("in the next century"),
                },
                _ => State::Enabled,
            },
        ),
    };
    Secret {
        name,
        secret_type,
        description: String::new(),
        created_at: at,
        updated_at: at,
        state,
        encryption_key_id: (cloud == Cloud::Tencent).then(String::new),
        dkms_instance_id: None,
        associated_instance_ids: Vec::new(),
        owing_service: None,
        creator: None,
        extended_config: None,
        rotation: Rotation::default(),
        tags: vec![
            Tag {
                key: "env".into(),
                value: ["prod", "staging", "test"][usize::try_from(number % 3).expect("below 3")]
                    .into(),
            },
            Tag {
                key: "team".into(),
                value: format!("team-{}", number % 50),
            },
        ],
    }
}

/// A query that lists, signed as the V1 SDKs sign.
fn signed_query(parameters: &[(&str, &str)]) -> String {
    signed("ListSecrets", parameters)
}

fn signed(action: &str, parameters: &[(&str, &str)]) -> String {
    let mut pairs = vec![
        ("AccessKeyId", "test"),
        ("Action", action),
        ("Format", "JSON"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureNonce", "5dc73ed0bcd0d76fc54b121c966d6490"),
        ("SignatureVersion", "1.0"),
        ("Timestamp", "2026-01-02T03:04:05Z"),
        ("Version", "2016-01-20"),
    ];
    pairs.extend(parameters);
    pairs.sort_unstable();
    let encode = |text: &str| utf8_percent_encode(text, RESERVED).to_string();
    let query: Vec<_> = pairs
        .iter()
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    let query = query.join("&");
    let mut mac = Hmac::<Sha1>::new_from_slice(b"test&").expect("a key of any length");
    mac.update(format!("GET&%2F&{}", encode(&query)).as_bytes());
    format!(
        "{query}&Signature={}",
        encode(&STANDARD.encode(mac.finalize().into_bytes()))
    )
}

/// A query of the second cloud, signed as its SDKs sign with v1.
fn signed_tencent(parameters: &str) -> String {
    let common =
        "Action=ListSecrets&Nonce=11886&SecretId=test&Timestamp=1767323045&Version=2019-09-23";
    let mut pairs: Vec<&str> = common.split('&').chain(parameters.split('&')).collect();
    pairs.sort_unstable();
    let query = pairs.join("&");
    let mut mac = Hmac::<Sha1>::new_from_slice(b"test").expect("a key of any length");
    mac.update(format!("GET{HOST}/?{query}").as_bytes());
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    format!(
        "{query}&Signature={}",
        utf8_percent_encode(&signature, RESERVED)
    )
}

/// A list of the second cloud as its SDKs ask for it by default: JSON, signed with TC3.
fn tc3_request(body: &str) -> String {
    let mac = |key: &[u8], text: &str| {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key of any length");
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    };
    let hash = |text: &str| hex::encode(Sha256::digest(text.as_bytes()));
    let canonical_request = format!(
        "POST\n/\n\ncontent-type:application/json\nhost:{HOST}\n\ncontent-type;host\n{}",
        hash(body)
    );
    let string_to_sign = format!(
        "TC3-HMAC-SHA256\n1767323045\n2026-01-02/ssm/tc3_request\n{}",
        hash(&canonical_request)
    );
    let key = ["2026-01-02", "ssm", "tc3_request"]
        .iter()
        .fold(b"TC3test".to_vec(), |key, part| mac(&key, part));
    let signature = hex::encode(mac(&key, &string_to_sign));
    format!(
        "POST / HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\nX-TC-Action: ListSecrets\r\n\
         X-TC-Version: 2019-09-23\r\nX-TC-Timestamp: 1767323045\r\nAuthorization: TC3-HMAC-SHA256 \
         Credential=test/2026-01-02/ssm/tc3_request, SignedHeaders=content-type;host, Signature={signature}\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// A request without a body, as it reaches the emulator.
fn wire(query: &str) -> WireRequest {
    WireRequest::new("GET", "/", query, [("host", HOST)], Ok(Bytes::new()))
}

// ---- throughput -------------------------------------------------------------------------------

const CONNECTIONS: usize = 32;
const ROUND: Duration = Duration::from_secs(2);
const ROUNDS: usize = 5;

/// Requests per second of the emulator and of a handler that returns the same bytes at once.
#[expect(clippy::too_many_lines, reason = "a list of contenders")]
fn throughput() {
    let store = Store::in_memory().expect("memory for a database");
    fill(&store, Cloud::Alibaba, 1_000);
    let emulator = Arc::new(emulator(store));
    let query = signed_query(&[]);
    let reply = router::handle(&emulator, &wire(&query));
    assert_eq!(reply.status, 200);
    let body = reply.body;

    let bare = start(move |listener| {
        let body = body.clone();
        let bare = move || {
            let body = body.clone();
            async move {
                HttpResponse::Ok()
                    .insert_header(("content-type", "application/json;charset=utf-8"))
                    .insert_header(("x-acs-request-id", "58b766d1-b804-46c4-86d4-e9d3ac26bb62"))
                    .body(body)
            }
        };
        HttpServer::new(move || App::new().default_service(web::to(bare.clone())))
            .listen(listener)
            .expect("a free port")
            .disable_signals()
            .run()
    });
    let on_worker = serve(Arc::clone(&emulator));
    let [without_journal, long_journal] = [0, 1_000].map(|capacity| {
        let store = Store::in_memory().expect("memory for a database");
        fill(&store, Cloud::Alibaba, 1_000);
        let mut emulator = self::emulator(store);
        emulator.journal = Arc::new(Journal::new(capacity));
        serve(Arc::new(emulator))
    });
    let tencent = {
        let store = Store::in_memory().expect("memory for a database");
        fill(&store, Cloud::Tencent, 1_000);
        serve(Arc::new(self::emulator(store)))
    };
    let through_pool = start(move |listener| {
        HttpServer::new(move || {
            let emulator = Arc::clone(&emulator);
            App::new().default_service(web::to(move |request: HttpRequest| {
                let emulator = Arc::clone(&emulator);
                async move {
                    let query = request.query_string().to_owned();
                    let reply = web::block(move || {
                        let wire = wire(&query);
                        router::handle(&emulator, &wire)
                    });
                    HttpResponse::Ok().body(reply.await.expect("it does not panic").body)
                }
            }))
        })
        .listen(listener)
        .expect("a free port")
        .disable_signals()
        .run()
    });

    let directory = tempfile::tempdir().expect("a directory for temporary files");
    let on_disk = {
        let store = Store::open(&directory.path().join("kms.db")).expect("a file for a database");
        fill(&store, Cloud::Alibaba, 1_000);
        let emulator = Arc::new(self::emulator(store));
        assert_eq!(ask_once(&emulator, &create_query("read")), 200);
        serve(emulator)
    };
    let list = request(&query);
    let tc3_list = tc3_request(r#"{"Limit":10}"#);
    let read = request(&signed("GetSecretValue", &[("SecretName", "read")]));
    let created = AtomicU64::new(0);
    let create = |_: usize, _: usize| {
        let number = created.fetch_add(1, Ordering::Relaxed);
        request(&create_query(&format!("new/{number}")))
    };
    let contenders: [(&str, SocketAddr, Next); 8] = [
        ("bare actix-web handler", bare, &|_, _| list.clone()),
        ("emulator, on the worker", on_worker, &|_, _| list.clone()),
        ("  without the journal", without_journal, &|_, _| {
            list.clone()
        }),
        ("  a journal of 1,000", long_journal, &|_, _| list.clone()),
        ("emulator, through a pool", through_pool, &|_, _| {
            list.clone()
        }),
        ("Tencent Cloud, TC3", tencent, &|_, _| tc3_list.clone()),
        ("GetSecretValue, on disk", on_disk, &|_, _| read.clone()),
        ("CreateSecret, on disk", on_disk, &create),
    ];
    let mut rates = [const { Vec::new() }; 8];
    // Turn by turn, so that a noisy moment hits all alike.
    for _ in 0..ROUNDS {
        for ((_, address, next), rates) in contenders.iter().zip(&mut rates) {
            rates.push(load(*address, next));
        }
    }
    println!(
        "First pages of 1,000 secrets unless it says otherwise, V1 signature verified, {CONNECTIONS} connections"
    );
    println!("{:<26} {:>12} {:>8}", "", "requests/s", "of bare");
    let medians = rates.map(median);
    for ((name, ..), rate) in contenders.iter().zip(medians) {
        println!(
            "{name:<26} {rate:>12.0} {:>7.1}%",
            rate / medians[0] * 100.0
        );
    }
    println!();
}

fn create_query(name: &str) -> String {
    let parameters = [
        ("SecretName", name),
        ("VersionId", "v1"),
        ("SecretData", "correct horse battery staple"),
        ("Tags", r#"[{"TagKey":"env","TagValue":"prod"}]"#),
    ];
    signed("CreateSecret", &parameters)
}

/// The status of the reply.
fn ask_once(emulator: &Emulator, query: &str) -> u16 {
    let wire = wire(query);
    router::handle(emulator, &wire).status
}

/// Makes the request for a connection and a number.
type Next<'a> = &'a dyn Fn(usize, usize) -> String;

fn serve(emulator: Arc<Emulator>) -> SocketAddr {
    start(move |listener| {
        Server::start(
            Arc::new(Startup::done(emulator)),
            vec![(listener, Served::default())],
            Limits::default(),
        )
        .expect("a free port")
        .run()
    })
}

/// Runs a server on a thread of its own, for as long as the program runs.
fn start<F: Future<Output = std::io::Result<()>>>(
    serve: impl FnOnce(TcpListener) -> F + Send + 'static,
) -> SocketAddr {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        actix_web::rt::System::new().block_on(async {
            let listener = server::bind(([127, 0, 0, 1], 0).into()).expect("a free port");
            sender
                .send(listener.local_addr().expect("it is bound"))
                .expect("somebody waits");
            serve(listener).await
        })
    });
    receiver.recv().expect("the server starts")
}

fn request(query: &str) -> String {
    format!("GET /?{query} HTTP/1.1\r\nHost: {HOST}\r\nAccept: */*\r\n\r\n")
}

/// Asks on many connections and returns the requests per second.
fn load(address: SocketAddr, next: Next) -> f64 {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let start = Instant::now();
        let connections = (0..CONNECTIONS).map(|connection| async move {
            let mut stream = TcpStream::connect(address)
                .await
                .expect("the server listens");
            let mut buffer = vec![0; 16 * 1024];
            let mut count = 0;
            while start.elapsed() < ROUND {
                stream
                    .write_all(next(connection, count).as_bytes())
                    .await
                    .expect("the server reads");
                let (mut received, mut length) = (0, 0);
                while length == 0 || received < length {
                    received += stream
                        .read(&mut buffer[received..])
                        .await
                        .expect("the server answers");
                    if length == 0 {
                        length = reply_length(&buffer[..received]);
                    }
                }
                count += 1;
            }
            count
        });
        let counts = futures_util::future::join_all(connections).await;
        let count = u32::try_from(counts.iter().sum::<usize>()).expect("few enough");
        f64::from(count) / start.elapsed().as_secs_f64()
    })
}

/// The length of a whole reply. 0 while it is not known.
fn reply_length(received: &[u8]) -> usize {
    let text = String::from_utf8_lossy(received);
    let Some((head, _)) = text.split_once("\r\n\r\n") else {
        return 0;
    };
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .expect("it has a length");
    head.len() + 4 + length.parse::<usize>().expect("a number")
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

// ---- served -----------------------------------------------------------------------------------

/// What is asked for on each cloud: a name, and the `Filters` or the parameters.
fn rows(cloud: Cloud) -> &'static [(&'static str, &'static str)] {
    match cloud {
        Cloud::Alibaba => &ALIBABA,
        Cloud::Tencent => &TENCENT,
    }
}

const TENCENT: [(&str, &str); 11] = [
    ("newest first", "OrderType=0"),
    ("oldest first", "OrderType=1"),
    ("enabled", "State=1"),
    ("enabled, old", "State=1&OrderType=1"),
    ("disabled", "State=2"),
    ("pending", "State=3"),
    (
        "by tag",
        "TagFilters.0.TagKey=env&TagFilters.0.TagValue.0=prod",
    ),
    (
        "by two tags",
        "TagFilters.0.TagKey=env&TagFilters.0.TagValue.0=prod&TagFilters.1.TagKey=team&TagFilters.1.TagValue.0=team-7",
    ),
    ("few names", "SearchSecretName=-0007919-"),
    ("some names", "SearchSecretName=791"),
    ("all names", "SearchSecretName=password"),
];

const ALIBABA: [(&str, &str); 7] = [
    ("no filter", ""),
    ("by type", r#"[{"Key":"SecretType","Values":["Rds"]}]"#),
    ("by tag key", r#"[{"Key":"TagKey","Values":["env"]}]"#),
    ("by tag value", r#"[{"Key":"TagValue","Values":["prod"]}]"#),
    (
        "by two values",
        r#"[{"Key":"TagValue","Values":["prod","test"]}]"#,
    ),
    (
        "by two keys",
        r#"[{"Key":"TagValue","Values":["prod"]},{"Key":"SecretType","Values":["Rds"]}]"#,
    ),
    (
        "by name",
        r#"[{"Key":"SecretName","Values":["app/0007919/password"]}]"#,
    ),
];

fn page_query(cloud: Cloud, filter: &str, page: u64) -> String {
    match cloud {
        Cloud::Alibaba => signed_query(&[("Filters", filter), ("PageNumber", &page.to_string())]),
        Cloud::Tencent => signed_tencent(&format!("{filter}&Limit=10&Offset={}", (page - 1) * 10)),
    }
}

/// What a client gets: requests per second for the first page of 1,000 secrets, and for pages all
/// over the lists of many, and for the most costly of them alone.
fn served(clouds: &[Cloud], sizes: &[u64]) {
    const SMALL: u64 = 1_000;
    let fill_and_serve = |cloud: Cloud, size: u64| {
        let store = Store::in_memory().expect("memory for a database");
        fill(&store, cloud, size);
        let emulator = Arc::new(emulator(store));
        let address = serve(Arc::clone(&emulator));
        (emulator, address)
    };
    println!(
        "ListSecrets by page over HTTP, signature verified, {CONNECTIONS} connections: requests/s, and how many times as many the first page of {SMALL} secrets gets"
    );
    println!(
        "{:>9} {:<13} {:>12} {:>20} {:>20}",
        "secrets", "", "base", "all over", "worst of 1,000"
    );
    let sizes = sizes.iter().filter(|size| **size > SMALL);
    for (&cloud, &size) in clouds
        .iter()
        .flat_map(|cloud| sizes.clone().map(move |size| (cloud, size)))
    {
        let (_, small) = fill_and_serve(cloud, SMALL);
        let (emulator, large) = fill_and_serve(cloud, size);
        for (name, filter) in rows(cloud) {
            let last = ask(&emulator, cloud, filter, 1).div_ceil(10).max(1);
            let first = request(&page_query(cloud, filter, 1));
            let step = usize::try_from((last / 1_000).max(1)).expect("few enough");
            let all_over: Vec<_> = (1..=last)
                .step_by(step)
                .map(|page| request(&page_query(cloud, filter, page)))
                .collect();
            let (page, _) = worst(&emulator, cloud, filter, last);
            let worst = request(&page_query(cloud, filter, page));
            let mut rates = [const { Vec::new() }; 3];
            for _ in 0..ROUNDS {
                rates[0].push(load(small, &|_, _| first.clone()));
                // Each connection begins elsewhere.
                rates[1].push(load(large, &|connection, count| {
                    let begin = connection * all_over.len() / CONNECTIONS;
                    all_over[(begin + count) % all_over.len()].clone()
                }));
                rates[2].push(load(large, &|_, _| worst.clone()));
            }
            let [base, all_over, worst] = rates.map(median);
            let [all_over, worst] =
                [all_over, worst].map(|rate| format!("{rate:.0} ({:.2} x)", base / rate));
            println!("{size:>9} {name:<13} {base:>12.0} {all_over:>20} {worst:>20}");
        }
    }
    println!();
}

// ---- pages ------------------------------------------------------------------------------------

const REPETITIONS: u32 = 2_000;

/// What a page costs, from the request to the reply, without the socket: the first, a hundred from
/// the middle half, a hundred from the last tenth, and the most costly of a thousand. And what the very first
/// request cost, which opens a connection and, for two values or keys, looks for all that match.
fn pages(clouds: &[Cloud], sizes: &[u64]) {
    let directory = tempfile::tempdir().expect("a directory for temporary files");
    println!(
        "ListSecrets by page, signature verified, in µs, and as a multiple of the first page of the first size"
    );
    println!(
        "{:<8} {:>9} {:<13} {:>9} {:>15} {:>15} {:>15} {:>15} {:>9}",
        "store", "secrets", "", "matching", "first", "middle", "last", "worst", "at first"
    );
    let mut base = std::collections::HashMap::new();
    for (&cloud, &size) in clouds
        .iter()
        .flat_map(|cloud| sizes.iter().map(move |size| (cloud, size)))
    {
        for place in ["memory", "file"] {
            let store = match place {
                "memory" => Store::in_memory().expect("memory for a database"),
                _ => Store::open(&directory.path().join(format!("{size}.db")))
                    .expect("a file for a database"),
            };
            let start = Instant::now();
            fill(&store, cloud, size);
            let write = start.elapsed().as_secs_f64() * 1e6
                / f64::from(u32::try_from(size).expect("few enough"));
            let emulator = emulator(store);
            for (name, filter) in rows(cloud) {
                let asked = Instant::now();
                let total = ask(&emulator, cloud, filter, 1);
                let once = asked.elapsed().as_secs_f64() * 1e3;
                let last = total.div_ceil(10).max(1);
                let spread = |from: u64, to: u64| {
                    let step = ((to - from) / 100).max(1);
                    (from..=to).step_by(usize::try_from(step).expect("few enough"))
                };
                let costs = [
                    1..=1,
                    last / 4 + 1..=last - last / 4,
                    last - last / 10..=last,
                ]
                .map(|pages| {
                    cost(
                        &emulator,
                        cloud,
                        filter,
                        spread(*pages.start(), *pages.end()),
                    )
                });
                let base = *base.entry((cloud, place, name)).or_insert(costs[0]);
                let (_, worst) = worst(&emulator, cloud, filter, last);
                let [first, middle, end, worst] = [costs[0], costs[1], costs[2], worst]
                    .map(|cost| format!("{cost:.1} ({:.2} x)", cost / base));
                println!(
                    "{place:<8} {size:>9} {name:<13} {total:>9} {first:>15} {middle:>15} {end:>15} {worst:>15} {once:>6.1} ms"
                );
            }
            println!(
                "{place:<8} {size:>9} a secret stored, with its lists, one of many in a transaction: {write:.1} µs"
            );
        }
    }
}

/// Asks for a page and returns the total.
fn ask(emulator: &Emulator, cloud: Cloud, filter: &str, page: u64) -> u64 {
    let query = page_query(cloud, filter, page);
    let wire = wire(&query);
    let reply = router::handle(emulator, &wire);
    assert_eq!(reply.status, 200);
    let body: serde_json::Value = serde_json::from_slice(&reply.body).expect("a JSON reply");
    let reply = match cloud {
        Cloud::Alibaba => &body,
        Cloud::Tencent => &body["Response"],
    };
    reply["TotalCount"].as_u64().expect("a number")
}

/// What these pages cost on average: the least of several runs.
fn cost(emulator: &Emulator, cloud: Cloud, filter: &str, pages: impl Iterator<Item = u64>) -> f64 {
    let queries: Vec<String> = pages.map(|page| page_query(cloud, filter, page)).collect();
    let run = || {
        let start = Instant::now();
        for query in queries.iter().cycle().take(REPETITIONS as usize) {
            let wire = wire(query);
            black_box(router::handle(emulator, &wire));
        }
        start.elapsed().as_secs_f64() * 1e6 / f64::from(REPETITIONS)
    };
    (0..5).map(|_| run()).fold(f64::MAX, f64::min)
}

/// The most costly of a thousand pages from all over, and what it costs: the least of several runs, so that
/// what is found is the page's doing and not the machine's.
fn worst(emulator: &Emulator, cloud: Cloud, filter: &str, last: u64) -> (u64, f64) {
    let step = usize::try_from((last / 1_000).max(1)).expect("few enough");
    let cost = |page: u64| {
        let query = page_query(cloud, filter, page);
        let run = || {
            let wire = wire(&query);
            let start = Instant::now();
            black_box(router::handle(emulator, &wire));
            start.elapsed().as_secs_f64() * 1e6
        };
        (page, (0..30).map(|_| run()).fold(f64::MAX, f64::min))
    };
    (1..=last)
        .step_by(step)
        .map(cost)
        .max_by(|(_, a), (_, b)| a.total_cmp(b))
        .expect("there is a first page")
}

// ---- resets -----------------------------------------------------------------------------------

/// How many secrets are reset.
const RESET: u64 = 1_000;

/// The cost of a reset of an account with 1,000 secrets, beside the secrets of another account.
fn resets(sizes: &[u64]) {
    println!(
        "Milliseconds to reset an account of {RESET} secrets, beside those of another account"
    );
    println!(
        "{:<22} {:>12} {:>12} {:>12} {:>12}",
        "of the other account", "empty", "of smallest", "fixtures", "of smallest"
    );
    let mut smallest = None;
    for &size in sizes {
        let (empty, fixtures) = reset_costs(size);
        let (first_empty, first_fixtures) = *smallest.get_or_insert((empty, fixtures));
        println!(
            "{size:<22} {empty:>12.2} {:>12.2} {fixtures:>12.2} {:>12.2}",
            empty / first_empty,
            fixtures / first_fixtures
        );
    }
    println!();
}

/// Of a reset to nothing, and of one back to the fixtures.
fn reset_costs(size: u64) -> (f64, f64) {
    let store = Store::in_memory().expect("memory for a database");
    fill(&store, Cloud::Alibaba, size);
    let directory = tempfile::tempdir().expect("a directory for temporary files");
    let path = directory.path().join("fixture.json");
    let secrets: Vec<_> = (0..RESET)
        .map(|number| {
            serde_json::json!({
                "SecretName": format!("db/{number}"),
                "CreateTime": "2024-01-01T00:00:00Z",
                "Tags": {"Tag": [{"TagKey": "env", "TagValue": "prod"}, {"TagKey": "team", "TagValue": "a"}]},
                "Versions": [{"VersionId": "v1", "SecretData": "correct horse battery staple"}],
            })
        })
        .collect();
    let fixture =
        serde_json::json!({"Account": "2000000000000000", "SecretList": {"Secret": secrets}});
    std::fs::write(&path, fixture.to_string()).expect("a file can be written");
    let mut emulator = emulator(store);
    let defaults = emulator.defaults();
    emulator.fixtures =
        StartFixtures::load(&emulator.store, vec![path], defaults, &Progress::default())
            .expect("the fixture is right");
    let reset = |fixtures: bool| {
        let body = format!(r#"{{"account":"2000000000000000","fixtures":{fixtures}}}"#);
        let start = Instant::now();
        let reply = router::handle(
            &emulator,
            &WireRequest::new(
                "POST",
                "/_emulator/reset",
                "",
                [],
                Ok(Bytes::copy_from_slice(body.as_bytes())),
            ),
        );
        assert_eq!(reply.status, 200);
        start.elapsed().as_secs_f64() * 1_000.0
    };
    let (mut empty, mut fixtures) = (Vec::new(), Vec::new());
    for _ in 0..9 {
        // What the housekeeper does in the meantime.
        emulator
            .fixtures
            .make_spares(&emulator.store)
            .expect("the fixture is still right");
        while emulator
            .store
            .write(|store| store.sweep(1_000))
            .expect("the store takes it")
        {}
        fixtures.push(reset(true));
        empty.push(reset(false));
    }
    (median(empty), median(fixtures))
}
