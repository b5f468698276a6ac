//! Many clients at the same time: slow, silent, listening and fast ones. Each part has a limited number of
//! clients and a limited time.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::client::{Client, Outcome};
use crate::kinds::MB;
use crate::requests::{
    FORM, JSON, Signed, alibaba_acs, alibaba_form, alibaba_query, control, http,
};
use crate::server::Server;
use crate::shapes::{counted, fixture, repeated};

const MEGABYTE: u64 = MB as u64;
/// A reply that takes longer counts as missing.
const PATIENCE: Duration = Duration::from_mins(1);
const REST: Duration = Duration::from_secs(10);

type Part = (&'static str, fn());

const PARTS: &[Part] = &[
    ("400 clients with 1,024 open files", open_files),
    ("20 clients that never read", never_reading),
    ("600 idle listeners", idle_listeners),
    ("10,000 rotations due at once", due_rotations),
    ("4,000 secrets created over 400 connections", many_creates),
    ("silent connections", silent_connections),
    ("openapi.json 2,000 times", documents),
    ("four wrong signatures at once", wrong_signatures),
    ("a listener and a large request", large_request_and_listener),
    ("unknown names", unknown_names),
    ("10,000 fault rules", fault_rules),
];

/// Runs the parts whose names contain all texts of `filter`.
pub fn run(filter: &[String]) {
    println!("\nMany clients at once, each part with its own server:");
    for (name, part) in PARTS {
        if filter.iter().all(|text| name.contains(&**text)) {
            println!("\n{name}");
            part();
        }
    }
}

fn check(holds: bool, bound: &str) {
    println!("  {:<6} {bound}", if holds { "holds" } else { "BROKEN" });
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// Reads a complete reply and returns its status; absent if there was none.
async fn exchange(stream: &mut TcpStream, request: &[u8]) -> Option<u16> {
    let work = async {
        stream.write_all(request).await.ok()?;
        let mut bytes = Vec::new();
        let mut head: Option<(u16, usize)> = None;
        let mut chunk = vec![0; 16 * 1024];
        loop {
            let count = stream
                .read(&mut chunk)
                .await
                .ok()
                .filter(|count| *count > 0)?;
            bytes.extend_from_slice(&chunk[..count]);
            if head.is_none()
                && let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n")
            {
                let text = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
                let length = text
                    .lines()
                    .find_map(|line| line.strip_prefix("content-length: "));
                let length: usize = length.map_or(Some(0), |length| length.parse().ok())?;
                head = Some((text.split(' ').nth(1)?.parse().ok()?, end + 4 + length));
            }
            if let Some((status, length)) = head
                && bytes.len() >= length
            {
                return Some(status);
            }
        }
    };
    timeout(PATIENCE, work).await.ok().flatten()
}

/// Sends `count` requests on each of `connections` at the same time. Returns the number of replies by
/// status; the status of a missing reply is 0.
fn load(
    address: SocketAddr,
    connections: usize,
    count: usize,
    request: impl Fn(usize, usize) -> Vec<u8> + Copy,
) -> BTreeMap<u16, usize> {
    runtime().block_on(async {
        let clients = (0..connections).map(|connection| async move {
            let mut statuses = Vec::new();
            let mut stream = TcpStream::connect(address).await.ok();
            for number in 0..count {
                let request = request(connection, number);
                let status = match &mut stream {
                    Some(open) => exchange(open, &request).await,
                    None => None,
                };
                if status.is_none() {
                    stream = TcpStream::connect(address).await.ok();
                }
                statuses.push(status.unwrap_or(0));
            }
            statuses
        });
        let mut counts = BTreeMap::new();
        for status in futures_util::future::join_all(clients).await.concat() {
            *counts.entry(status).or_insert(0) += 1;
        }
        counts
    })
}

/// Requests `health` repeatedly, each time on a new connection.
struct Prober {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<Vec<Duration>>,
}

impl Prober {
    fn start(address: SocketAddr) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || {
            let request = control("GET", "health", "");
            let mut times = Vec::new();
            while !stopped.load(Ordering::SeqCst) {
                let start = Instant::now();
                Client::new(address).send(&request, || start.elapsed() > PATIENCE);
                times.push(start.elapsed());
                std::thread::sleep(Duration::from_millis(20));
            }
            times
        });
        Self { stop, thread }
    }

    /// Prints the longest time, and whether it is below a second. Other load on the machine increases it.
    fn report(self) {
        self.stop.store(true, Ordering::SeqCst);
        let mut times = self.thread.join().unwrap_or_default();
        times.sort();
        let most = times.last().copied().unwrap_or_default();
        let median = times.get(times.len() / 2).copied().unwrap_or_default();
        check(
            most < Duration::from_secs(1),
            &format!(
                "health meanwhile takes at most 1 s: {} requests, median {:.0} ms, longest {:.0} ms",
                times.len(),
                median.as_secs_f64() * 1e3,
                most.as_secs_f64() * 1e3
            ),
        );
    }
}

/// Compares the peak memory, and the memory ten seconds later, with that at the start.
fn memory(server: &Server, start: u64, bound: u64) {
    let peak = server.peak().saturating_sub(start) / MEGABYTE;
    check(
        peak <= bound,
        &format!("peak memory is at most {bound} MB above the start: {peak} MB"),
    );
    std::thread::sleep(REST);
    let kept = server.resident().saturating_sub(start) / MEGABYTE;
    let anonymous = server.anonymous() / MEGABYTE;
    check(
        kept <= 16,
        &format!(
            "memory is back to within 16 MB of the start ten seconds later: {kept} MB above, {anonymous} MB private"
        ),
    );
}

/// Sends ordinary requests, and returns the memory to compare with.
fn start_of(server: &Server) -> u64 {
    let list = alibaba_query("ListSecrets", Signed::Valid, "");
    load(server.address, 8, 50, |_, _| list.clone());
    server.settle();
    server.reset_peak();
    server.resident()
}

/// Imports `count` secrets with values of `value` bytes.
fn import(server: &Server, count: usize, value: usize) {
    let value = "v".repeat(value);
    let mut client = Client::new(server.address);
    let secret = |text: &mut String, n: usize| {
        let _ = write!(
            text,
            r#"{{"SecretName":"s{n}","CreateTime":"2024-01-01T00:00:00Z","Versions":[{{"VersionId":"v1","SecretData":"{value}","VersionStages":["ACSCurrent"]}}]}},"#
        );
    };
    let mut one = String::new();
    secret(&mut one, count);
    let body = fixture(count * one.len(), secret);
    let outcome = client.request(&control("POST", "state", &body));
    if outcome != Outcome::Status(200) {
        println!("  the secrets could not be imported: {outcome}");
    }
}

fn open_files() {
    let server = Server::start_with_open_files(1_024, &[]);
    import(&server, 2_000, 100);
    let start = start_of(&server);
    let prober = Prober::start(server.address);
    let statuses = load(server.address, 400, 2, |_, _| control("GET", "state", ""));
    check(
        statuses.get(&200) == Some(&800),
        &format!("800 of 800 replies have status 200: {statuses:?}"),
    );
    prober.report();
    let threads = server.threads();
    check(
        threads <= 64,
        &format!("there are at most 64 threads: {threads}"),
    );
    memory(&server, start, 256);
    let files = server.open_files();
    check(
        files <= 128,
        &format!("at most 128 files are open after ten seconds: {files}"),
    );
}

fn never_reading() {
    const CLIENTS: usize = 20;
    const REPLY: u64 = 9;
    const LONGEST: Duration = Duration::from_secs(90);
    let server = Server::start(&["--max-connections", "20"]);
    let idle = server.open_sockets();
    import(&server, 290, 30_000);
    let request = control("GET", "state?values=true", "");
    // One that is read: what the first export needs once is not memory of these.
    Client::new(server.address).request(&request);
    let start = start_of(&server);
    // Those of an ordinary client may still be closing.
    wait_until(|| server.open_sockets() <= idle);
    let streams: Vec<_> = (0..CLIENTS)
        .filter_map(|_| {
            use std::io::Write as _;
            let mut stream = std::net::TcpStream::connect(server.address).ok()?;
            stream.write_all(&request).ok()?;
            Some(stream)
        })
        .collect();
    let started = Instant::now();
    // The first byte of a reply arrives when the reply is complete in the server. It is not consumed.
    let has_reply = |stream: &std::net::TcpStream| {
        let _ = stream.set_read_timeout(Some(PATIENCE));
        stream.peek(&mut [0]).is_ok_and(|count| count > 0)
    };
    let replies = streams.iter().filter(|stream| has_reply(stream)).count();
    check(
        replies == CLIENTS,
        &format!(
            "{replies} of {CLIENTS} replies of {REPLY} MB were rendered after {:.1} s, none is read",
            started.elapsed().as_secs_f64()
        ),
    );
    let mut client = Client::new(server.address);
    let outcome = client.send(&control("GET", "health", ""), || {
        started.elapsed() > LONGEST
    });
    let waited = started.elapsed();
    check(
        outcome == Outcome::Status(200) && waited < Duration::from_secs(45),
        &format!(
            "another client gets a reply within 45 s: {outcome} after {:.1} s, with all connections in use",
            waited.as_secs_f64()
        ),
    );
    drop(client);
    // The server has closed the connections: the clients are still connected.
    wait_until(|| server.open_sockets() <= idle);
    check(
        server.open_sockets() <= idle,
        &format!(
            "the write timeout has closed all of them after {:.1} s",
            started.elapsed().as_secs_f64()
        ),
    );
    // Each reply once, and the memory to render those of the same time.
    memory(&server, start, 256);
    drop(streams);
}

/// Waits until a condition holds, at most a minute.
fn wait_until(holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() && start.elapsed() < PATIENCE {
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// The CPU time of a list request while clients listen to the journal.
fn idle_listeners() {
    const LISTENERS: usize = 600;
    const REQUESTS: usize = 50;
    let list = alibaba_query("ListSecrets", Signed::Valid, "");
    let mut base = None;
    for (name, target) in [
        ("without listeners", None),
        (
            "with 600 that get no events",
            Some("journal/events?action=Nothing"),
        ),
        (
            "with 600 that get an event for each request",
            Some("journal/events"),
        ),
    ] {
        let server = Server::start(&[]);
        start_of(&server);
        let listeners = target.map(|target| Listeners::start(server.address, LISTENERS, target));
        server.settle();
        let begin = server.cpu_time();
        let started = Instant::now();
        let statuses = load(server.address, 8, REQUESTS, |_, _| list.clone());
        let took = started.elapsed().as_secs_f64();
        let spent = server.cpu_time_since(begin).as_secs_f64();
        let (took, spent) = (took * 1e6 / 400.0, spent * 1e6 / 400.0);
        let (first_took, first_spent) = *base.get_or_insert((took, spent));
        let connected = listeners.map_or(0, Listeners::stop);
        check(
            spent < 3.0 * first_spent
                || (target == Some("journal/events") && spent < 20.0 * first_spent),
            &format!(
                "a list {name} ({connected} connected): {spent:.0} µs of CPU time ({:.1} times), {took:.0} µs of real time ({:.1} times), {statuses:?}",
                spent / first_spent,
                took / first_took,
            ),
        );
    }
}

/// Clients on a thread that listen to the journal and read the events.
struct Listeners {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<usize>,
}

impl Listeners {
    fn start(address: SocketAddr, count: usize, target: &'static str) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let (ready, connected) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            runtime().block_on(async {
                let mut readers = Vec::new();
                for _ in 0..count {
                    let Ok(mut stream) = TcpStream::connect(address).await else {
                        continue;
                    };
                    let mut chunk = [0; 4 * 1024];
                    let started = stream.write_all(&control("GET", target, "")).await;
                    // After the head of the reply, the client gets events.
                    if started.is_ok() && stream.read(&mut chunk).await.is_ok_and(|count| count > 0)
                    {
                        readers.push(tokio::spawn(async move {
                            while stream.read(&mut chunk).await.is_ok_and(|count| count > 0) {}
                        }));
                    }
                }
                let _ = ready.send(());
                while !stopped.load(Ordering::SeqCst) {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
                readers
                    .iter()
                    .filter(|reader| !reader.is_finished())
                    .count()
            })
        });
        let _ = connected.recv_timeout(PATIENCE);
        Self { stop, thread }
    }

    /// Returns the number of clients that are still connected.
    fn stop(self) -> usize {
        self.stop.store(true, Ordering::SeqCst);
        self.thread.join().unwrap_or(0)
    }
}

fn due_rotations() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let database = directory.path().join("kms.db");
    let database = database.to_str().expect("a UTF-8 path");
    let server = Server::start(&["--database", database]);
    let mut client = Client::new(server.address);
    let secret = |text: &mut String, n: usize| {
        let _ = write!(
            text,
            r#"{{"SecretName":"s{n}","SecretType":"Rds","CreateTime":"2024-01-01T00:00:00Z","RotationInterval":"604800s","NextRotationDate":"2030-01-01T00:00:00Z","ExtendedConfig":"{{\"SecretSubType\":\"SingleUser\",\"DBInstanceId\":\"rm-1\"}}","Versions":[{{"VersionId":"v1","SecretData":"{{\"Accounts\":[{{\"AccountName\":\"app\",\"AccountPassword\":\"one\"}}]}}","VersionStages":["ACSCurrent"]}}]}},"#
        );
    };
    let mut one = String::new();
    secret(&mut one, 10_000);
    let body = fixture(10_000 * one.len(), secret);
    let imported = client.request(&control("POST", "state", &body));
    let start = start_of(&server);
    println!("  imported: {imported}");
    let prober = Prober::start(server.address);
    let list = alibaba_query("ListSecrets", Signed::Valid, "");
    let address = server.address;
    let lister = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(100));
        let started = Instant::now();
        let outcome = Client::new(address).request(&list);
        (outcome, started.elapsed())
    });
    let begin = server.cpu_time();
    let started = Instant::now();
    let moved = client.send(
        &control(
            "PUT",
            "clock",
            r#"{"now":"2031-01-01T00:00:00Z","frozen":true}"#,
        ),
        || started.elapsed() > Duration::from_mins(2),
    );
    client.request(&alibaba_query(
        "ListSecretVersionIds",
        Signed::Valid,
        "SecretName=s9999",
    ));
    let is_unchanged = String::from_utf8_lossy(&client.body).contains("\"TotalCount\":1,");
    check(!is_unchanged, "the last secret has more than one version");
    println!(
        "  the clock is set: {moved} after {:.1} s, {:.1} s of CPU time",
        started.elapsed().as_secs_f64(),
        server.cpu_time_since(begin).as_secs_f64()
    );
    prober.report();
    if let Ok((outcome, waited)) = lister.join() {
        println!(
            "  a list request meanwhile: {outcome} after {:.1} s",
            waited.as_secs_f64()
        );
    }
    memory(&server, start, 128);
}

fn many_creates() {
    let server = Server::start(&[]);
    let start = start_of(&server);
    let prober = Prober::start(server.address);
    let started = Instant::now();
    let statuses = load(server.address, 400, 10, |connection, number| {
        let form =
            format!("SecretName=c{connection}-{number}&VersionId=v1&SecretData=correct+horse");
        alibaba_form("CreateSecret", Signed::Valid, &form)
    });
    check(
        statuses.get(&200) == Some(&4_000),
        &format!(
            "4,000 of 4,000 replies have status 200: {statuses:?} in {:.1} s",
            started.elapsed().as_secs_f64()
        ),
    );
    prober.report();
    let (threads, files) = (server.threads(), server.open_files());
    check(
        threads <= 64,
        &format!("there are at most 64 threads: {threads}, with {files} open files"),
    );
    memory(&server, start, 64);
    let files = server.open_files();
    check(
        files <= 128,
        &format!("at most 128 files are open after ten seconds: {files}"),
    );
}

fn silent_connections() {
    use std::io::{Read as _, Write as _};
    for (name, first) in [
        ("that started nothing", String::new()),
        ("that started half a head", "GET /_emulator/health HTTP/1.1\r\nHost: lo".to_owned()),
        (
            "that started half a body",
            "POST /?Action=ListSecrets HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc".to_owned(),
        ),
        (
            "kept after a reply",
            "GET /_emulator/health HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(),
        ),
    ] {
        // Without timeouts, so that only the connection limit closes connections.
        let server = Server::start(&[
            "--max-connections",
            "50",
            "--request-timeout",
            "0",
            "--keep-alive",
            "3600",
        ]);
        let streams: Vec<_> = (0..50)
            .filter_map(|_| {
                let mut stream = std::net::TcpStream::connect(server.address).ok()?;
                stream.write_all(first.as_bytes()).ok()?;
                if first.ends_with("\r\n\r\n") {
                    stream
                        .set_read_timeout(Some(Duration::from_secs(10)))
                        .ok()?;
                    let _ = stream.read(&mut [0; 1_024]);
                }
                Some(stream)
            })
            .collect();
        std::thread::sleep(Duration::from_millis(300));
        let started = Instant::now();
        let outcome = Client::new(server.address).send(&control("GET", "health", ""), || {
            started.elapsed() > Duration::from_secs(15)
        });
        check(
            outcome == Outcome::Status(200),
            &format!(
                "a client gets a reply beside {} connections {name}: {outcome} after {:.1} s",
                streams.len(),
                started.elapsed().as_secs_f64()
            ),
        );
    }
}

fn documents() {
    let request = control("GET", "openapi.json", "");
    for connections in [1, 32] {
        let server = Server::start(&[]);
        let start = start_of(&server);
        let begin = server.cpu_time();
        let statuses = load(server.address, connections, 2_000 / connections, |_, _| {
            request.clone()
        });
        let spent = server.cpu_time_since(begin).as_secs_f64() * 1e3;
        let count: usize = statuses.values().sum();
        let each = spent / f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        check(
            each < 1.0,
            &format!(
                "a document takes less than 1 ms of CPU time over {connections} connections: {each:.2} ms, {statuses:?}"
            ),
        );
        memory(&server, start, 32);
    }
}

fn wrong_signatures() {
    let server = Server::start(&[]);
    let start = start_of(&server);
    let form = counted("", |text, n| _ = write!(text, "p{n}=1&"), "", 620_000);
    let request = alibaba_form("ListSecrets", Signed::Invalid, &form);
    let prober = Prober::start(server.address);
    let begin = server.cpu_time();
    let started = Instant::now();
    let statuses = load(server.address, 4, 1, |_, _| request.clone());
    println!(
        "  statuses {statuses:?} after {:.1} s, {:.1} s of CPU time",
        started.elapsed().as_secs_f64(),
        server.cpu_time_since(begin).as_secs_f64()
    );
    if statuses.contains_key(&0) {
        println!("  the server was still busy after a minute");
        prober.report();
        return;
    }
    prober.report();
    memory(&server, start, 64);
}

fn large_request_and_listener() {
    let server = Server::start(&[]);
    let start = start_of(&server);
    let listener = std::net::TcpStream::connect(server.address).ok();
    if let Some(mut stream) = listener.as_ref().and_then(|stream| stream.try_clone().ok()) {
        use std::io::{Read as _, Write as _};
        let _ = stream.write_all(&control("GET", "journal/events", ""));
        std::thread::spawn(move || {
            let mut chunk = vec![0; 64 * 1024];
            while stream.read(&mut chunk).is_ok_and(|count| count > 0) {}
        });
    }
    let json = repeated(r#"{"Filters":[1"#, ",1", "]}", 10 * MB - 1_024);
    let requests = [
        alibaba_acs(3, "ListSecrets", Signed::Valid, JSON, &json),
        alibaba_form(
            "ListSecrets",
            Signed::No,
            &repeated("", "a=&", "", 10 * MB - 1_024),
        ),
    ];
    let prober = Prober::start(server.address);
    for request in &requests {
        let started = Instant::now();
        let outcome = Client::new(server.address).request(request);
        println!(
            "  10 MB: {outcome} after {:.1} s",
            started.elapsed().as_secs_f64()
        );
    }
    server.settle();
    prober.report();
    memory(&server, start, 96);
}

/// Coverage and metrics store unknown names from requests.
fn unknown_names() {
    let server = Server::start(&[]);
    let start = start_of(&server);
    let mut client = Client::new(server.address);
    for number in 0..10 {
        let action = repeated(&format!("Action=A{number}"), "x", "", 5 * MB);
        client.request(&http("POST", "/", &[("Content-Type", FORM)], &action));
        let name = repeated(&format!("Action=ListSecrets&n{number}"), "x", "=1", 5 * MB);
        client.request(&http("POST", "/", &[("Content-Type", FORM)], &name));
    }
    client.request(&control("DELETE", "journal", ""));
    server.settle();
    std::thread::sleep(REST);
    let kept = server.resident().saturating_sub(start) / MEGABYTE;
    check(
        kept <= 16,
        &format!(
            "20 unknown names of 5 MB need no memory after the journal is cleared: {kept} MB above the start"
        ),
    );
    let report = client.request(&control("GET", "coverage", ""));
    let length = client.body.len() / MB;
    check(
        length < 1,
        &format!("the coverage report has less than 1 MB: {report}, {length} MB"),
    );
}

fn fault_rules() {
    let server = Server::start(&[]);
    let start = start_of(&server);
    let rule = r#"{"match":{"secret":"*a*a*a*a*b"},"error":"Rejected.Throttling"}"#;
    let begin = server.cpu_time();
    let statuses = load(server.address, 4, 2_500, |_, _| {
        control("POST", "faults", rule)
    });
    println!(
        "  rules added: {statuses:?}, {:.1} s of CPU time",
        server.cpu_time_since(begin).as_secs_f64()
    );
    let prober = Prober::start(server.address);
    let form = format!("SecretName={}", "a".repeat(10_000));
    let request = alibaba_form("GetSecretValue", Signed::No, &form);
    let begin = server.cpu_time();
    let started = Instant::now();
    let outcome =
        Client::new(server.address).send(&request, || started.elapsed() > Duration::from_mins(1));
    let spent = server.cpu_time_since(begin);
    check(
        outcome != Outcome::GaveUp && spent < Duration::from_millis(100),
        &format!(
            "a request with a name of 10 kB takes at most 100 ms of CPU time: {outcome}, {:.0} ms",
            spent.as_secs_f64() * 1e3
        ),
    );
    prober.report();
    if outcome != Outcome::GaveUp {
        memory(&server, start, 64);
    }
}
