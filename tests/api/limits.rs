//! Limits of headers, bodies, times and connections: requests at the limit, and just above it.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use kms_emulator::clouds::context::AuthMode;
use kms_emulator::server::Limits;

use crate::deadline::{PATIENCE, connect, eventually, read_to_close};
use crate::process::Running;
use crate::support::{RawReply, TestServer};

const GET: &str = "GET /?Action=ListSecrets HTTP/1.1\r\nHost: localhost\r\n";

fn server(limits: Limits) -> TestServer {
    TestServer::with(AuthMode::Lenient, limits, None)
}

fn assert_rejected(reply: &RawReply, status: u16, code: &str) {
    assert_eq!(
        (reply.status, &reply.json()["code"]),
        (status, &code.into())
    );
    assert!(reply.json()["message"].is_string(), "{reply:?}");
    assert!(reply.head.contains("\r\nconnection: close"), "{reply:?}");
    assert!(
        reply.head.contains("\r\ncontent-type: application/json"),
        "{reply:?}"
    );
}

fn with_headers(count: usize) -> String {
    let mut request = GET.to_owned();
    for number in 1..count {
        write!(request, "X-{number}: v\r\n").unwrap();
    }
    request + "\r\n"
}

#[test]
fn request_with_more_than_the_maximum_number_of_headers_is_rejected() {
    for (maximum, limits) in [
        (96, Limits::default()),
        (
            3,
            Limits {
                headers: 3,
                ..Limits::default()
            },
        ),
    ] {
        let server = server(limits);
        assert_eq!(server.send(with_headers(maximum).as_bytes()).status, 200);
        let mut connection = server.connect();
        let request = with_headers(maximum + 1);
        // The second request is not read.
        connection
            .write_all((request + GET + "\r\n").as_bytes())
            .unwrap();
        let reply = RawReply::read(&mut connection);
        assert_rejected(&reply, 431, "RequestHeaderFieldsTooLarge");
        assert!(read_to_close(&mut connection).is_empty());
    }
}

#[test]
fn request_with_more_than_the_maximum_header_bytes_is_rejected() {
    let few = Limits {
        header_bytes: 100,
        ..Limits::default()
    };
    for (maximum, limits) in [(64 * 1024, Limits::default()), (100, few)] {
        let server = server(limits);
        let header = |bytes: usize| {
            format!(
                "X: {}\r\n",
                "a".repeat(bytes - "Host: localhost\r\nX: \r\n".len())
            )
        };
        // The request line does not count, even if it is too long for the HTTP library.
        for query in [
            String::new(),
            format!("&a={}", "b".repeat(70_000)),
            "&a=\"".to_owned(),
        ] {
            let line = GET.replace(" HTTP", &format!("{query} HTTP"));
            let request = format!("{line}{}\r\n", header(maximum));
            assert_eq!(server.send(request.as_bytes()).status, 200, "{maximum}");
            let request = format!("{line}{}\r\n", header(maximum + 1));
            let reply = server.send(request.as_bytes());
            assert_rejected(&reply, 431, "RequestHeaderFieldsTooLarge");
        }
        // The limit also applies before the end of the headers has arrived.
        let reply = server.send(format!("{GET}{}", header(maximum + 3)).as_bytes());
        assert_rejected(&reply, 431, "RequestHeaderFieldsTooLarge");
    }
}

#[test]
fn client_that_sends_megabytes_of_headers_can_read_the_rejection() {
    let server = server(Limits::default());
    let reply = server.send(format!("{GET}X: {}", "a".repeat(4_000_000)).as_bytes());
    assert_rejected(&reply, 431, "RequestHeaderFieldsTooLarge");
}

#[test]
fn pipelined_requests_before_a_rejected_one_are_answered() {
    let server = server(Limits {
        headers: 3,
        ..Limits::default()
    });
    let mut connection = server.connect();
    let requests = with_headers(1) + &with_headers(2) + &with_headers(4);
    connection.write_all(requests.as_bytes()).unwrap();
    let everything = read_to_close(&mut connection);
    let text = String::from_utf8(everything).unwrap();
    let statuses: Vec<_> = text
        .match_indices("HTTP/1.1 ")
        .map(|(at, _)| &text[at + 9..at + 12])
        .collect();
    assert_eq!(statuses, ["200", "200", "431"]);
}

#[test]
fn internal_headers_sent_by_a_client_are_ignored() {
    let server = server(Limits::default());
    for header in [
        "X-Kms-Emulator-Refused: 431",
        "x-kms-emulator-refused:408",
        "X-KMS-Emulator-Query-Length: 5",
    ] {
        let body = "Action=ListSecrets";
        let request = format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\n{header}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        assert_eq!(server.send(request.as_bytes()).status, 200, "{header}");
        let request = format!("{GET}{header}\r\n\r\n");
        assert_eq!(server.send(request.as_bytes()).status, 200, "{header}");
    }
}

#[test]
fn body_longer_than_the_maximum_is_rejected() {
    let server = server(Limits {
        body_bytes: 100,
        ..Limits::default()
    });
    // A long query is passed to the HTTP library in the body, but does not count.
    for query in [String::new(), format!("?q={}", "b".repeat(70_000))] {
        for (length, status) in [(100, 200), (101, 400)] {
            let body = format!("Action=ListSecrets&a={}", "b".repeat(length - 21));
            let request = format!(
                "POST /{query} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            );
            let reply = server.send(request.as_bytes());
            assert_eq!(reply.status, status, "{reply:?}");
        }
    }
}

#[test]
fn incomplete_request_gets_408_after_the_request_timeout() {
    let server = server(Limits {
        request_timeout: Some(Duration::from_secs(3)),
        ..Limits::default()
    });
    let form =
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    // In parallel, because each waits for the whole timeout.
    let connections = [
        GET.to_owned(),
        "GET".to_owned(),
        format!("{form}Content-Length: 18\r\n\r\nAction="),
        format!("{form}Transfer-Encoding: chunked\r\n\r\n7\r\nAction=\r\n"),
        format!("{form}Transfer-Encoding: chunked\r\n\r\n7\r\nAction=\r\n0\r\n"),
    ]
    .map(|started| {
        let mut connection = server.connect();
        connection.write_all(started.as_bytes()).unwrap();
        connection
    });
    for mut connection in connections {
        let reply = RawReply::read(&mut connection);
        assert_rejected(&reply, 408, "RequestTimeout");
        assert!(read_to_close(&mut connection).is_empty());
    }
}

#[test]
fn request_timeout_starts_again_with_each_request_of_a_connection() {
    let server = server(Limits {
        request_timeout: Some(Duration::from_secs(5)),
        // Shorter, but only counts while no request is in progress.
        keep_alive: Some(Duration::from_secs(3)),
        ..Limits::default()
    });
    let mut connection = server.connect();
    let complete = format!("{GET}\r\n");
    connection.write_all(complete.as_bytes()).unwrap();
    assert_eq!(RawReply::read(&mut connection).status, 200);
    // A request and a half, in one write or in two: the timeout of the second request applies.
    for at_once in [true, false] {
        let mut connection = server.connect();
        let (first, second) = if at_once {
            (format!("{complete}{GET}"), "")
        } else {
            (complete.clone(), GET)
        };
        connection.write_all(first.as_bytes()).unwrap();
        let mut reader = BufReader::new(connection.try_clone().unwrap());
        assert_eq!(RawReply::read(&mut reader).status, 200);
        connection.write_all(second.as_bytes()).unwrap();
        assert_rejected(&RawReply::read(&mut reader), 408, "RequestTimeout");
        assert!(read_to_close(&mut reader).is_empty());
    }
}

#[test]
fn idle_connection_is_closed_without_a_response() {
    // The timeout may be short because no bytes of a request are sent.
    let silent = server(Limits {
        request_timeout: Some(Duration::from_millis(100)),
        keep_alive: Some(PATIENCE * 2),
        ..Limits::default()
    });
    assert!(read_to_close(&mut silent.connect()).is_empty());
    let mut connection = silent.connect();
    connection.write_all(b"\r\n\r\n").unwrap();
    assert!(read_to_close(&mut connection).is_empty());
    // Between two requests, the keep-alive timeout applies. The HTTP library measures it with a
    // clock that is up to half a second late, or more on a loaded machine, and never closes a
    // connection whose timeout has already passed when it is set.
    let idle = server(Limits {
        request_timeout: Some(PATIENCE * 2),
        keep_alive: Some(Duration::from_secs(3)),
        ..Limits::default()
    });
    let mut connection = idle.connect();
    connection
        .write_all(format!("{GET}\r\n").as_bytes())
        .unwrap();
    assert_eq!(RawReply::read(&mut connection).status, 200);
    assert!(read_to_close(&mut connection).is_empty());
}

#[test]
fn connection_is_closed_after_the_reply_if_keep_alive_is_off() {
    let server = server(Limits {
        keep_alive: None,
        request_timeout: None,
        ..Limits::default()
    });
    let mut connection = server.connect();
    connection
        .write_all(format!("{GET}\r\n").as_bytes())
        .unwrap();
    assert_eq!(RawReply::read(&mut connection).status, 200);
    assert!(read_to_close(&mut connection).is_empty());
}

/// Whether no bytes have arrived yet.
fn waits(connection: &TcpStream) -> bool {
    connection.set_nonblocking(true).unwrap();
    let peeked = connection.peek(&mut [0]);
    connection.set_nonblocking(false).unwrap();
    matches!(peeked, Err(error) if error.kind() == io::ErrorKind::WouldBlock)
}

/// Limits with timeouts that no test reaches.
fn patient(connections: u32) -> Limits {
    Limits {
        connections,
        keep_alive: Some(Duration::from_mins(1)),
        request_timeout: Some(Duration::from_mins(1)),
        ..Limits::default()
    }
}

fn ask(connection: &mut TcpStream) -> u16 {
    connection
        .write_all(format!("{GET}\r\n").as_bytes())
        .unwrap();
    RawReply::read(connection).status
}

/// Gives the server time to do what the test says it does not do, without a sleep: other requests are answered.
fn answer_others() {
    let other = server(Limits::default());
    let mut connection = other.connect();
    for _ in 0..100 {
        assert_eq!(ask(&mut connection), 200);
    }
}

/// A connection with a reply in progress: the event stream of the journal.
fn busy(server: &TestServer) -> TcpStream {
    let mut listener = server.connect();
    listener
        .write_all(b"GET /_emulator/journal/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    listener.read_exact(&mut [0; 15]).unwrap();
    listener
}

#[test]
fn connection_above_the_maximum_waits_while_all_others_are_busy() {
    let server = server(patient(3));
    let mut accepted: Vec<_> = (0..3).map(|_| busy(&server)).collect();
    let mut waiting = server.connect();
    waiting.write_all(format!("{GET}\r\n").as_bytes()).unwrap();
    answer_others();
    assert!(waits(&waiting));
    drop(accepted.remove(0));
    assert_eq!(RawReply::read(&mut waiting).status, 200);
}

#[test]
fn connection_idle_for_longest_is_closed_for_a_new_one() {
    let server = server(patient(3));
    let busy = busy(&server);
    let [mut first, mut second] = [(); 2].map(|()| server.connect());
    assert_eq!(ask(&mut first), 200);
    assert_eq!(ask(&mut second), 200);
    let mut third = server.connect();
    assert_eq!(ask(&mut third), 200);
    assert!(read_to_close(&mut first).is_empty());
    assert_eq!(ask(&mut second), 200);
    let mut fourth = server.connect();
    assert_eq!(ask(&mut fourth), 200);
    assert!(read_to_close(&mut third).is_empty());
    assert_eq!(ask(&mut second), 200);
    assert_has_events(busy, 6);
}

/// Reads this number of events from the event stream of the journal.
fn assert_has_events(stream: TcpStream, count: usize) {
    let mut lines = BufReader::new(stream).lines();
    for _ in 0..count {
        assert!(
            lines.any(|line| line.unwrap().starts_with("event: request")),
            "the event stream ended"
        );
    }
}

#[test]
fn connection_idle_within_a_request_is_closed_for_a_new_one() {
    let server = server(patient(1));
    let head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n";
    for sent in [GET, head, &format!("{head}half")] {
        let mut silent = server.connect();
        // Ensures that this connection is accepted before the next one.
        assert_eq!(ask(&mut silent), 200);
        silent.write_all(sent.as_bytes()).unwrap();
        assert_eq!(ask(&mut server.connect()), 200, "{sent}");
        read_to_close(&mut silent);
    }
}

#[test]
fn connection_that_sent_no_request_is_closed_for_one_that_did() {
    let server = server(patient(1));
    let mut silent = server.connect();
    assert_eq!(ask(&mut silent), 200);
    let mut blank = server.connect();
    blank.write_all(b"\r\n").unwrap();
    assert!(read_to_close(&mut silent).is_empty());
    assert_eq!(ask(&mut server.connect()), 200);
    assert!(read_to_close(&mut blank).is_empty());
}

#[test]
fn journal_event_stream_is_not_idle() {
    let server = server(patient(2));
    let listener = busy(&server);
    let mut others = Vec::new();
    for _ in 0..3 {
        let mut other = server.connect();
        assert_eq!(ask(&mut other), 200);
        others.push(other);
    }
    assert_has_events(listener, 3);
}

#[test]
fn server_with_waiting_connections_shuts_down() {
    let server = server(patient(1));
    let _accepted = busy(&server);
    let mut waiting = server.connect();
    waiting.write_all(format!("{GET}\r\n").as_bytes()).unwrap();
    answer_others();
    assert!(waits(&waiting));
    drop(server);
    read_to_close(&mut waiting);
}

/// Creates this number of secrets with 30,000 bytes each.
fn fill(connection: &mut TcpStream, secrets: usize) {
    let value = "v".repeat(30_000);
    for number in 0..secrets {
        let request = format!(
            "GET /?Action=CreateSecret&SecretName=large-{number}&VersionId=1&SecretData={value} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        );
        connection.write_all(request.as_bytes()).unwrap();
        assert_eq!(RawReply::read(connection).status, 200);
    }
}

const STATE: &[u8] = b"GET /_emulator/state?values=true HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// Whether the server has reset a connection that the test has not read from.
fn is_reset(connection: &TcpStream) -> bool {
    let error = connection.take_error().unwrap();
    error.is_some_and(|error| error.kind() == io::ErrorKind::ConnectionReset)
}

#[test]
fn connection_of_a_client_that_does_not_read_is_closed_after_the_write_timeout() {
    let server = server(Limits {
        write_timeout: Some(Duration::from_millis(300)),
        ..patient(1)
    });
    // More than the socket buffers of the kernel hold.
    fill(&mut server.connect(), 400);
    let mut stuck = server.connect();
    stuck.write_all(STATE).unwrap();
    // The maximum is one connection, so the next one is accepted only after this one is closed.
    assert!(eventually(|| !waits(&stuck)));
    assert_eq!(ask(&mut server.connect()), 200);
    assert!(is_reset(&stuck));
}

#[test]
fn large_reply_arrives_completely() {
    let server = server(Limits {
        write_timeout: Some(Duration::from_secs(5)),
        ..Limits::default()
    });
    fill(&mut server.connect(), 100);
    let mut connection = server.connect();
    connection.write_all(STATE).unwrap();
    let state = RawReply::read(&mut BufReader::with_capacity(1 << 20, &mut connection));
    assert_eq!(state.body.matches("large-").count(), 100);
    // The connection stays open.
    assert_eq!(ask(&mut connection), 200);
}

#[test]
fn event_stream_that_is_not_read_is_closed_after_the_write_timeout() {
    let server = server(Limits {
        write_timeout: Some(Duration::from_millis(300)),
        ..patient(10)
    });
    let mut listener = server.connect();
    listener
        .write_all(b"GET /_emulator/journal/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    assert!(eventually(|| !waits(&listener)));
    let mut connection = server.connect();
    let filters = format!(
        "[{{\"Key\":\"SecretName\",\"Values\":[\"{}\"]}}]",
        "n".repeat(30_000)
    );
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("Action", "ListSecrets")
        .append_pair("Filters", &filters)
        .finish();
    let request = format!(
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    for _ in 0..5000 {
        if is_reset(&listener) {
            return;
        }
        connection.write_all(request.as_bytes()).unwrap();
        RawReply::read(&mut connection);
    }
    panic!("the event stream is still open");
}

#[test]
fn limits_from_flags_are_enforced() {
    let server = Running::with(&[
        "--max-headers",
        "2",
        "--max-header-bytes",
        "50",
        "--max-body-bytes",
        "30",
        "--request-timeout",
        "3",
        "--keep-alive",
        "0",
    ]);
    let ask = |request: &str| {
        let mut connection = connect(&server.address);
        connection.write_all(request.as_bytes()).unwrap();
        let reply = RawReply::read(&mut connection);
        assert!(read_to_close(&mut connection).is_empty());
        reply.status
    };
    assert_eq!(ask(&with_headers(2)), 200);
    assert_eq!(ask(&with_headers(3)), 431);
    assert_eq!(ask(&format!("{GET}X: {}\r\n\r\n", "a".repeat(50))), 431);
    assert_eq!(ask(GET), 408);
    let long = "a".repeat(31);
    assert_eq!(
        ask(&format!(
            "POST /?Action=ListSecrets HTTP/1.1\r\nHost: localhost\r\nContent-Length: 31\r\n\r\n{long}"
        )),
        400
    );
}

#[test]
fn maximum_of_connections_from_a_flag_is_enforced() {
    let server = Running::with(&["--max-connections", "1"]);
    let mut first = connect(&server.address);
    assert_eq!(ask(&mut first), 200);
    assert_eq!(ask(&mut connect(&server.address)), 200);
    assert!(read_to_close(&mut first).is_empty());
}

#[test]
fn write_timeout_from_a_flag_is_enforced() {
    let server = Running::with(&["--max-connections", "1", "--write-timeout", "1"]);
    fill(&mut connect(&server.address), 400);
    let mut stuck = connect(&server.address);
    stuck.write_all(STATE).unwrap();
    assert!(eventually(|| !waits(&stuck)));
    assert_eq!(ask(&mut connect(&server.address)), 200);
    assert!(is_reset(&stuck));
}
