//! Clients that go too far, and those that just do not.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use kms_emulator::clouds::context::AuthMode;
use kms_emulator::server::Limits;

use crate::deadline::{PATIENCE, connect, read_to_close};
use crate::process::Running;
use crate::support::{RawReply, TestServer};

const GET: &str = "GET /?Action=ListSecrets HTTP/1.1\r\nHost: localhost\r\n";

fn server(limits: Limits) -> TestServer {
    TestServer::with(AuthMode::Lenient, limits, None)
}

fn assert_refused(reply: &RawReply, status: u16, code: &str) {
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
fn as_many_headers_as_may_be_are_read_and_one_more_is_refused() {
    for (most, limits) in [
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
        assert_eq!(server.send(with_headers(most).as_bytes()).status, 200);
        let mut connection = server.connect();
        let request = with_headers(most + 1);
        // What follows is not read any more.
        connection
            .write_all((request + GET + "\r\n").as_bytes())
            .unwrap();
        let reply = RawReply::read(&mut connection);
        assert_refused(&reply, 431, "RequestHeaderFieldsTooLarge");
        assert!(read_to_close(&mut connection).is_empty());
    }
}

#[test]
fn as_many_bytes_of_headers_as_may_be_are_read_and_one_more_is_refused() {
    let few = Limits {
        header_bytes: 100,
        ..Limits::default()
    };
    for (most, limits) in [(64 * 1024, Limits::default()), (100, few)] {
        let server = server(limits);
        let header = |bytes: usize| {
            format!(
                "X: {}\r\n",
                "a".repeat(bytes - "Host: localhost\r\nX: \r\n".len())
            )
        };
        // The request line does not count, not even one that is too long for the library.
        for query in [
            String::new(),
            format!("&a={}", "b".repeat(70_000)),
            "&a=\"".to_owned(),
        ] {
            let line = GET.replace(" HTTP", &format!("{query} HTTP"));
            let request = format!("{line}{}\r\n", header(most));
            assert_eq!(server.send(request.as_bytes()).status, 200, "{most}");
            let request = format!("{line}{}\r\n", header(most + 1));
            let reply = server.send(request.as_bytes());
            assert_refused(&reply, 431, "RequestHeaderFieldsTooLarge");
        }
        // Before the end of the headers, too.
        let reply = server.send(format!("{GET}{}", header(most + 3)).as_bytes());
        assert_refused(&reply, 431, "RequestHeaderFieldsTooLarge");
    }
}

#[test]
fn a_refused_client_reads_the_answer_however_much_it_sends() {
    let server = server(Limits::default());
    let reply = server.send(format!("{GET}X: {}", "a".repeat(4_000_000)).as_bytes());
    assert_refused(&reply, 431, "RequestHeaderFieldsTooLarge");
}

#[test]
fn earlier_requests_of_a_connection_are_answered_before_one_is_refused() {
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
fn what_the_server_tells_itself_cannot_be_told_by_a_client() {
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
fn a_body_may_be_as_long_as_it_may_be_and_no_longer() {
    let server = server(Limits {
        body_bytes: 100,
        ..Limits::default()
    });
    // A long query travels with the body, but is none.
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
fn a_request_that_takes_too_long_is_told_so() {
    let server = server(Limits {
        request_timeout: Some(Duration::from_secs(3)),
        ..Limits::default()
    });
    let form =
        "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    // All at once, because each takes as long as a request may.
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
        assert_refused(&reply, 408, "RequestTimeout");
        assert!(read_to_close(&mut connection).is_empty());
    }
}

#[test]
fn a_later_request_of_a_connection_has_all_the_time_of_the_first() {
    let server = server(Limits {
        request_timeout: Some(Duration::from_secs(5)),
        // Shorter: that is the time between two requests.
        keep_alive: Some(Duration::from_secs(3)),
        ..Limits::default()
    });
    let mut connection = server.connect();
    let complete = format!("{GET}\r\n");
    connection.write_all(complete.as_bytes()).unwrap();
    assert_eq!(RawReply::read(&mut connection).status, 200);
    // One and a half, at once or one after the other: the deadline is that of the second.
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
        assert_refused(&RawReply::read(&mut reader), 408, "RequestTimeout");
        assert!(read_to_close(&mut reader).is_empty());
    }
}

#[test]
fn who_says_nothing_is_hung_up_on_without_a_word() {
    // No bytes of a request are sent, so that a short time cannot be too short for a slow machine.
    let silent = server(Limits {
        request_timeout: Some(Duration::from_millis(100)),
        keep_alive: Some(PATIENCE * 2),
        ..Limits::default()
    });
    assert!(read_to_close(&mut silent.connect()).is_empty());
    let mut connection = silent.connect();
    connection.write_all(b"\r\n\r\n").unwrap();
    assert!(read_to_close(&mut connection).is_empty());
    // Between two requests it is the time that a connection is kept. The HTTP library counts it from
    // a clock that is up to half a second late, more on a loaded machine, and never closes a
    // connection whose time is over when it is set.
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
fn without_a_time_to_keep_it_a_connection_is_closed_after_its_answer() {
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

/// Whether nothing has come yet.
fn waits(connection: &TcpStream) -> bool {
    connection.set_nonblocking(true).unwrap();
    let peeked = connection.peek(&mut [0]);
    connection.set_nonblocking(false).unwrap();
    matches!(peeked, Err(error) if error.kind() == io::ErrorKind::WouldBlock)
}

/// Limits under which a connection stays as long as its client wants.
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

/// A connection on which a request is answered for as long as it is open: the journal is followed.
fn busy(server: &TestServer) -> TcpStream {
    let mut listener = server.connect();
    listener
        .write_all(b"GET /_emulator/journal/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    listener.read_exact(&mut [0; 15]).unwrap();
    listener
}

#[test]
fn connections_above_the_most_wait_while_requests_are_answered_on_the_others() {
    let server = server(patient(3));
    let mut inside: Vec<_> = (0..3).map(|_| busy(&server)).collect();
    let mut outside = server.connect();
    outside.write_all(format!("{GET}\r\n").as_bytes()).unwrap();
    assert!(waits(&outside));
    drop(inside.remove(0));
    assert_eq!(RawReply::read(&mut outside).status, 200);
}

#[test]
fn the_longest_silent_connection_is_closed_for_a_new_one() {
    let server = server(patient(3));
    let _busy = busy(&server);
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
}

#[test]
fn a_connection_that_is_silent_in_the_middle_of_a_request_gives_its_place_away() {
    let server = server(patient(1));
    let head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n";
    for sent in [GET, head, &format!("{head}half")] {
        let mut silent = server.connect();
        // Else the other one may be let in first.
        assert_eq!(ask(&mut silent), 200);
        silent.write_all(sent.as_bytes()).unwrap();
        assert_eq!(ask(&mut server.connect()), 200, "{sent}");
        read_to_close(&mut silent);
    }
}

#[test]
fn a_silent_connection_gives_its_place_to_one_with_a_request() {
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
fn a_listener_to_the_journal_is_not_idle() {
    let server = server(patient(2));
    let mut listener = server.connect();
    listener
        .write_all(b"GET /_emulator/journal/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    listener.read_exact(&mut [0; 15]).unwrap();
    for _ in 0..3 {
        assert_eq!(ask(&mut server.connect()), 200);
    }
    let mut line = String::new();
    let mut reader = BufReader::new(listener);
    while !line.starts_with("event: request") {
        line.clear();
        assert!(reader.read_line(&mut line).unwrap() > 0);
    }
}

#[test]
fn a_server_with_waiting_connections_ends_at_once() {
    let server = server(patient(1));
    let mut inside = server.connect();
    assert_eq!(ask(&mut inside), 200);
    inside.write_all(GET.as_bytes()).unwrap();
    let mut outside = server.connect();
    outside.write_all(format!("{GET}\r\n").as_bytes()).unwrap();
    drop(server);
    read_to_close(&mut outside);
}

/// Stores as many secrets of 30,000 bytes.
fn fill(server: &TestServer, secrets: usize) {
    let mut connection = server.connect();
    let value = "v".repeat(30_000);
    for number in 0..secrets {
        let request = format!(
            "GET /?Action=CreateSecret&SecretName=large-{number}&VersionId=1&SecretData={value} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        );
        connection.write_all(request.as_bytes()).unwrap();
        assert_eq!(RawReply::read(&mut connection).status, 200);
    }
}

const STATE: &[u8] = b"GET /_emulator/state?values=true HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// Whether the server has reset a connection, from which nothing was read.
fn is_reset(connection: &TcpStream) -> bool {
    let error = connection.take_error().unwrap();
    error.is_some_and(|error| error.kind() == io::ErrorKind::ConnectionReset)
}

#[test]
fn a_connection_whose_client_does_not_read_is_closed_after_the_write_timeout() {
    let server = server(Limits {
        write_timeout: Some(Duration::from_millis(300)),
        ..patient(1)
    });
    // More than the kernel takes for a client.
    fill(&server, 400);
    let mut stuck = server.connect();
    stuck.write_all(STATE).unwrap();
    // It has the only place until then.
    while waits(&stuck) {
        std::thread::yield_now();
    }
    assert_eq!(ask(&mut server.connect()), 200);
    assert!(is_reset(&stuck));
}

#[test]
fn a_large_reply_is_read_whole() {
    let server = server(Limits {
        write_timeout: Some(Duration::from_secs(5)),
        ..Limits::default()
    });
    fill(&server, 100);
    let mut connection = server.connect();
    connection.write_all(STATE).unwrap();
    let state = RawReply::read(&mut BufReader::with_capacity(1 << 20, &mut connection));
    assert_eq!(state.body.matches("large-").count(), 100);
    // The connection goes on.
    assert_eq!(ask(&mut connection), 200);
}

#[test]
fn a_listener_that_does_not_read_is_closed_after_the_write_timeout() {
    let server = server(Limits {
        write_timeout: Some(Duration::from_millis(300)),
        ..patient(10)
    });
    let mut listener = server.connect();
    listener
        .write_all(b"GET /_emulator/journal/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    while waits(&listener) {
        std::thread::yield_now();
    }
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
    panic!("the listener is still connected");
}

#[test]
fn the_limits_that_are_set_hold() {
    let server = Running::with(&[
        "--max-headers",
        "2",
        "--max-header-bytes",
        "50",
        "--max-body-bytes",
        "30",
        "--request-timeout",
        "3",
        "--write-timeout",
        "3",
        "--keep-alive",
        "0",
        "--max-connections",
        "1",
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
