//! The control API over sockets, and of the built program.

use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::time::Instant;

use kms_emulator::clouds::context::AuthMode;
use kms_emulator::server::Limits;
use serde_json::json;

use crate::deadline::{Finish, Killed, Lines, PATIENCE, connect, read_some, read_to_close};
use crate::process::{Running, program};
use crate::support::{RawReply, TestServer, emulator, fixture};

const LIST: &[u8] = b"GET /?Action=ListSecrets HTTP/1.1\r\nHost: localhost\r\n\r\n";

fn get(path: &str) -> Vec<u8> {
    format!("GET /_emulator/{path} HTTP/1.1\r\nHost: localhost\r\n\r\n").into_bytes()
}

fn post(path: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    // The headers of curl.
    format!("POST /_emulator/{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
}

#[test]
fn starting_server_reports_progress_and_delays_requests() {
    let (server, startup) = TestServer::starting(Limits::default());
    assert_eq!(server.send(&get("health")).json()["status"], "ok");
    let starting = server.send(&get("ready"));
    assert_eq!(starting.status, 503);
    assert_eq!(
        starting.json(),
        json!({"status": "starting", "step": "database", "loaded": 0, "secrets": null})
    );
    startup.progress().expect(3);
    startup.progress().step(1);
    assert_eq!(
        server.send(&get("ready")).json(),
        json!({"status": "starting", "step": "fixtures", "loaded": 1, "secrets": 3})
    );
    let mut waiting = server.connect();
    waiting.write_all(LIST).unwrap();
    startup.finish(Arc::new(emulator(AuthMode::Lenient)), None);
    assert_eq!(RawReply::read(&mut waiting).json()["TotalCount"], 8);
    assert_eq!(server.send(&get("ready")).status, 200);
}

/// Reads until what was received ends with this.
fn read_until(connection: &mut TcpStream, end: &str) -> String {
    let awaited = format!("{end:?}");
    let deadline = Instant::now() + PATIENCE;
    let mut received = Vec::new();
    let mut byte = [0];
    while !received.ends_with(end.as_bytes()) {
        // A timeout of single reads is not enough, because heartbeats arrive.
        assert!(
            Instant::now() < deadline,
            "waited {PATIENCE:?} for {awaited}"
        );
        let count = read_some(connection, &mut byte, &awaited, &received).unwrap();
        assert_eq!(count, 1, "closed: {:?}", String::from_utf8_lossy(&received));
        received.push(byte[0]);
    }
    String::from_utf8(received).unwrap()
}

#[test]
fn feed_sends_requests_as_they_arrive() {
    let server = TestServer::start(AuthMode::Lenient);
    let listen = |query: &str, header: &str| {
        let mut connection = server.connect();
        let head = format!(
            "GET /_emulator/journal/events?{query} HTTP/1.1\r\nHost: localhost\r\n{header}\r\n"
        );
        connection.write_all(head.as_bytes()).unwrap();
        let head = read_until(&mut connection, "\r\n:\n\n\r\n");
        assert!(head.contains("content-type: text/event-stream"), "{head}");
        connection
    };
    server.send(LIST);
    let mut all = listen("", "");
    let mut failures = listen("code=MissingParameter", "");
    let mut since_start = listen("after=0", "");
    let mut searching = listen("text=text%2Fxml%20probe%2F1", "");
    let first = read_until(&mut since_start, "\n\n\r\n");
    assert!(
        first.contains("\r\nid: 1\nevent: request\ndata: {"),
        "{first}"
    );
    server.send(LIST);
    assert!(read_until(&mut all, "\n\n\r\n").contains("\r\nid: 2\n"));
    server.send(b"GET /?Action=GetSecretValue HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let failed = read_until(&mut failures, "\n\n\r\n");
    assert!(failed.contains("\r\nid: 3\n"), "{failed}");
    let data = failed.split_once("data: ").unwrap().1;
    let entry: serde_json::Value = serde_json::from_str(data.trim()).unwrap();
    assert_eq!(entry["action"], "GetSecretValue");
    server.send(
        b"GET /?Action=ListSecrets&Format=XML HTTP/1.1\r\nHost: localhost\r\nUser-Agent: Probe/1.0\r\n\r\n",
    );
    let found = read_until(&mut searching, "\n\n\r\n");
    assert!(found.contains("\r\nid: 4\n"), "{found}");
    let mut again = listen("", "Last-Event-ID: 1\r\n");
    let missed = read_until(&mut again, "\n\n\r\n");
    assert_eq!(missed.matches("event: request").count(), 3, "{missed}");
    // A client that reconnects after the server was started again misses nothing.
    let mut restarted = listen("", "Last-Event-ID: 500\r\n");
    let missed = read_until(&mut restarted, "\n\n\r\n");
    assert!(missed.contains("\r\nid: 1\n"), "{missed}");
    // Calls of the control API are sent only to listeners with that source.
    let mut calls = listen("source=call", "");
    let mut after = listen("after=4", "");
    let body = r#"{"cloud":"alibaba","action":"ListSecrets"}"#;
    let call = format!(
        "POST /_emulator/call HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    assert_eq!(server.send(call.as_bytes()).status, 200);
    server.send(LIST);
    let made = read_until(&mut calls, "\n\n\r\n");
    assert!(made.contains("\r\nid: 5\n"), "{made}");
    assert!(made.contains(r#""source":"call""#), "{made}");
    let sent = read_until(&mut after, "\n\n\r\n");
    assert!(sent.contains("\r\nid: 6\n"), "{sent}");
    drop(server);
    // A server that stops ends the body.
    read_until(&mut all, "\r\n0\r\n\r\n");
}

#[test]
fn feed_sends_every_request_once_and_in_order() {
    let server = TestServer::start(AuthMode::Lenient);
    let mut listeners: Vec<_> = (0..3).map(|_| server.connect()).collect();
    let [early, filtered, late] = &mut listeners[..] else {
        unreachable!("there are three");
    };
    early.write_all(&get("journal/events")).unwrap();
    filtered
        .write_all(&get("journal/events?action=GetSecretValue"))
        .unwrap();
    for connection in [&mut *early, filtered] {
        read_until(connection, "\r\n:\n\n\r\n");
    }
    // The journal is full, and the event of one request is larger than a chunk of the feed.
    let mut connection = server.connect();
    for number in 1..=250 {
        let filters = match number {
            100 => "n".repeat(50_000),
            _ => "n".to_owned(),
        };
        let action = if number % 50 == 0 {
            "GetSecretValue"
        } else {
            "ListSecrets"
        };
        let request =
            format!("GET /?Action={action}&Filters={filters} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        connection.write_all(request.as_bytes()).unwrap();
        RawReply::read(&mut connection);
    }
    late.write_all(&get("journal/events?after=0")).unwrap();
    let ids = |connection: &mut TcpStream, last: u64| {
        let last = format!("id: {last}\n");
        let mut lines = BufReader::new(connection).lines();
        let mut ids = Vec::new();
        loop {
            let line = lines.next().unwrap().unwrap() + "\n";
            if let Some(id) = line.strip_prefix("id: ") {
                ids.push(id.trim().parse::<u64>().unwrap());
            }
            if line == last {
                return ids;
            }
        }
    };
    let all: Vec<u64> = (1..=250).collect();
    assert_eq!(ids(early, 250), all);
    assert_eq!(ids(late, 250), all);
    assert_eq!(ids(filtered, 250), [50, 100, 150, 200, 250]);
}

#[test]
fn feed_of_discarded_requests_does_not_delay_others() {
    let server = TestServer::start(AuthMode::Lenient);
    server.send(LIST);
    server.send(b"DELETE /_emulator/journal HTTP/1.1\r\nHost: localhost\r\n\r\n");
    let mut listeners = Vec::new();
    for _ in 0..8 {
        let mut connection = server.connect();
        connection
            .write_all(&get("journal/events?after=0"))
            .unwrap();
        read_until(&mut connection, "\r\n:\n\n\r\n");
        listeners.push(connection);
    }
    for _ in 0..8 {
        assert_eq!(server.send(&get("health")).status, 200);
    }
    server.send(LIST);
    for mut listener in listeners {
        assert!(read_until(&mut listener, "\n\n\r\n").contains("id: 2\n"));
    }
}

#[test]
fn head_request_has_no_body() {
    let server = TestServer::start(AuthMode::Lenient);
    let mut connection = server.connect();
    connection
        .write_all(
            b"HEAD /_emulator/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        )
        .unwrap();
    let received = String::from_utf8(read_to_close(&mut connection)).unwrap();
    assert!(received.starts_with("HTTP/1.1 200 OK\r\n"), "{received}");
    assert!(received.ends_with("\r\n\r\n"), "{received}");
}

#[test]
fn fault_rule_resets_a_connection() {
    let server = TestServer::start(AuthMode::Lenient);
    assert_eq!(
        server
            .send(&post("faults", r#"{"reset":true,"times":1}"#))
            .status,
        201
    );
    let mut connection = server.connect();
    connection.write_all(LIST).unwrap();
    let error = connection.read(&mut [0; 100]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    assert_eq!(server.send(LIST).status, 200);
}

#[test]
fn fault_rule_truncates_a_body() {
    let server = TestServer::start(AuthMode::Lenient);
    let whole = server.send(LIST).body;
    server.send(&post("faults", r#"{"truncate":25,"times":1}"#));
    let mut connection = server.connect();
    connection.write_all(LIST).unwrap();
    // The end may be an error or not. The test compares the announced and the received length.
    let received = String::from_utf8(read_to_close(&mut connection)).unwrap();
    let (head, body) = received.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
    assert!(
        head.contains(&format!("content-length: {}", whole.len())),
        "{head}"
    );
    assert_eq!(body, &whole[..25]);
}

#[test]
fn fault_rule_delays_a_reply() {
    let server = TestServer::start(AuthMode::Lenient);
    server.send(&post("faults", r#"{"latency":"50ms","times":1}"#));
    let begun = Instant::now();
    assert_eq!(server.send(LIST).status, 200);
    // No upper bound, because the machine may be slow.
    assert!(begun.elapsed().as_millis() >= 50);
}

#[test]
fn date_header_follows_the_clock() {
    let server = TestServer::start(AuthMode::Lenient);
    // The clock of the test is stopped in 2026.
    server.send(&post("clock/advance", r#"{"by":"365d"}"#));
    let reply = server.send(LIST);
    assert!(
        reply
            .head
            .contains("\r\ndate: sat, 02 jan 2027 03:04:05 gmt"),
        "{}",
        reply.head
    );
    assert_eq!(reply.head.matches("\r\ndate:").count(), 1);
}

#[test]
fn control_api_can_be_switched_off() {
    let server = Running::with(&["--no-control"]);
    for (path, answered) in [
        ("health", true),
        ("ready", true),
        ("journal", false),
        ("openapi.json", false),
    ] {
        let text = server.get(&format!("/_emulator/{path}"));
        assert_eq!(!text.contains("UnknownPath"), answered, "{path}: {text}");
    }
}

#[test]
fn control_api_can_have_a_separate_address() {
    let mut command = program();
    command.args(["--listen", "127.0.0.1:0", "--control-listen", "127.0.0.1:0"]);
    let mut child = Killed(command.stdout(Stdio::piped()).spawn().unwrap());
    let lines = Lines::of(child.0.stdout.take().unwrap());
    let address = |start: &str| {
        let line = lines.next("the addresses of the server").unwrap();
        let address = line.trim_end().strip_prefix(start);
        address.unwrap_or_else(|| panic!("{line}")).to_owned()
    };
    let clouds = address("kms-emulator listening on http://");
    let controls = address("kms-emulator controls listening on http://");
    let status = |address: &str, request: &[u8]| {
        let mut connection = connect(address);
        connection.write_all(request).unwrap();
        RawReply::read(&mut connection).status
    };
    for (address, request, expected) in [
        (&clouds, LIST.to_vec(), 200),
        (&clouds, get("journal"), 404),
        (&clouds, get("ready"), 200),
        (&controls, LIST.to_vec(), 404),
        (&controls, get("journal"), 200),
    ] {
        assert_eq!(
            status(address, &request),
            expected,
            "{}",
            String::from_utf8_lossy(&request)
        );
    }
}

#[test]
fn server_on_loopback_answers_only_names_of_this_machine() {
    let server = Running::with(&["--tls-name", "kms.test"]);
    for (host, status) in [("localhost", 200), ("kms.test", 200), ("evil.example", 403)] {
        let mut connection = connect(&server.address);
        let request = format!("GET /?Action=ListSecrets HTTP/1.1\r\nHost: {host}\r\n\r\n");
        connection.write_all(request.as_bytes()).unwrap();
        assert_eq!(RawReply::read(&mut connection).status, status, "{host}");
    }
}

#[test]
fn help_describes_the_control_api() {
    let help = run(&["--help"]);
    let help = text(&help.stdout);
    for word in [
        "/_emulator/openapi.json",
        "export",
        "import",
        "fixtures",
        "--control-listen",
    ] {
        assert!(help.contains(word), "{word}: {help}");
    }
}

#[test]
fn token_and_journal_size_are_settings() {
    let server = Running::with(&["--control-token", "sesame", "--journal", "1"]);
    assert!(server.get("/_emulator/journal").contains("Unauthorized"));
    for _ in 0..2 {
        server.get("/?Action=ListSecrets");
    }
    let mut connection = connect(&server.address);
    connection
        .write_all(b"GET /_emulator/journal HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer sesame\r\n\r\n")
        .unwrap();
    assert_eq!(RawReply::read(&mut connection).json()["count"], 1);
    let none = Running::with(&["--journal", "0"]);
    none.get("/?Action=ListSecrets");
    assert!(none.get("/_emulator/journal").starts_with(r#"{"count":0"#));
}

fn run(arguments: &[&str]) -> Output {
    program().args(arguments).finish()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn commands_import_export_and_check_fixtures() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let (database, file) = (path("kms.db"), path("export.json"));
    let seed = fixture("seed.json");
    let seed = seed.to_str().unwrap();

    let imported = run(&[
        "import",
        "--database",
        &database,
        seed,
        fixture("seed-tencent.json").to_str().unwrap(),
    ]);
    assert!(imported.status.success());
    assert_eq!(text(&imported.stdout), "17 secrets loaded\n");
    let exported = run(&[
        "export",
        "--database",
        &database,
        "--values",
        "--output",
        &file,
    ]);
    assert!(exported.status.success(), "{}", text(&exported.stderr));
    let checked = run(&["fixtures", "check", &file]);
    assert_eq!(text(&checked.stdout), "17 secrets can be loaded\n");

    // Export the database into which the export was imported.
    let again = path("again.db");
    assert!(
        run(&["import", "--database", &again, &file])
            .status
            .success()
    );
    let printed = run(&["export", "--database", &again, "--values"]);
    assert_eq!(text(&printed.stdout), fs::read_to_string(&file).unwrap());
    let part = run(&["export", "--database", &again, "--cloud", "tencent"]);
    assert!(text(&part.stdout).contains("SecretMetadatas"));
    assert!(!text(&part.stdout).contains("SecretList"));
    assert!(!text(&part.stdout).contains("Versions"));

    // A running server reads the same database.
    let server = Running::with(&["--database", &again]);
    assert!(
        server
            .get("/?Action=ListSecrets")
            .contains(r#""TotalCount":8"#)
    );
}

#[test]
fn failed_commands_report_one_line() {
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let (database, broken) = (path("kms.db"), path("broken.json"));
    fs::write(
        &broken,
        r#"{"SecretList":{"Secret":[{"Description":"a"}]}}"#,
    )
    .unwrap();
    for (arguments, code, told) in [
        (
            vec!["fixtures", "check", &*broken],
            2,
            "SecretList.Secret[0]",
        ),
        (vec!["fixtures", "check", "nowhere.json"], 2, "nowhere.json"),
        (
            vec!["import", "--database", &database, &broken],
            2,
            "SecretList.Secret[0]",
        ),
        (
            vec!["export", "--database", &database],
            1,
            "there is no database",
        ),
        (vec!["export"], 2, "--database"),
        (
            vec!["export", "--database", &database, "--cloud", "azure"],
            2,
            "expected `alibaba` or `tencent`",
        ),
        (
            vec!["import", "--database", &database, "--account", "7", &broken],
            2,
            "16 digits",
        ),
        (
            vec![
                "import",
                "--database",
                &database,
                "--region",
                "BAD REGION",
                &broken,
            ],
            2,
            "--region",
        ),
        (
            vec!["export", "--database", &database, "--account", "12"],
            2,
            "16 digits",
        ),
        (
            vec!["--no-control", "--control-listen", "127.0.0.1:0"],
            2,
            "--control-listen",
        ),
        (
            vec!["--control-listen", "nowhere"],
            2,
            "--control-listen (KMS_EMULATOR_CONTROL_LISTEN): `nowhere`",
        ),
    ] {
        let output = run(&arguments);
        let error = text(&output.stderr);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {error}");
        // The argument parser adds suggestions.
        let is_usage = error.starts_with("error: ");
        assert!(is_usage || error.lines().count() == 1, "{error}");
        assert!(error.contains(told), "{arguments:?}: {error}");
    }
    assert!(
        !std::path::Path::new(&database).exists(),
        "nothing was made"
    );
}
