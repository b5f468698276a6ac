//! Request framing: rewriter and HTTP library must agree on the beginning and end of each request of
//! a connection.

mod check;

use std::io::{Read, Write};

use kms_emulator::clouds::context::AuthMode;
use kms_emulator::server::Limits;
use proptest::prelude::*;

use self::check::{TOKENS, check};
use crate::support::{RawReply, TestServer};

const GET: &str = "GET /?Action=ListSecrets HTTP/1.1\r\nHost: localhost\r\n\r\n";

fn with(limits: Limits) -> TestServer {
    TestServer::with(AuthMode::Lenient, limits, None)
}

/// Splits received text into replies, each beginning with its status.
fn split(received: &str) -> Vec<&str> {
    let begins_with_status = |text: &&str| text.starts_with(|first: char| first.is_ascii_digit());
    let replies = received.split("HTTP/1.1 ");
    replies.filter(begins_with_status).collect()
}

/// All that the server sends until it closes the connection.
fn replies(server: &TestServer, sent: &[u8]) -> String {
    let mut connection = server.connect();
    let _ = connection.write_all(sent);
    let mut received = Vec::new();
    let _ = connection.read_to_end(&mut received);
    String::from_utf8_lossy(&received).into_owned()
}

#[test]
fn invalid_request_head_gets_400_and_the_connection_is_closed() {
    let server = with(Limits::default());
    let many = "X: y\r\n".repeat(61);
    for head in [
        // Line ends.
        "GET / HTTP/1.1\nHost: localhost\n\n".to_owned(),
        "GET / HTTP/1.1\r\nHost: localhost\n\r\n".to_owned(),
        format!("GET / HTTP/1.1\r\nHost: localhost\r\nA: b\n\r\n{many}\r\n"),
        "GET / HTTP/1.1\r\nHost: localhost\r\n\n".to_owned(),
        "\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(),
        "\r\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nHost: localhost\r\nA: b\rC: d\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nHost: localhost\r\r\n\r\n".to_owned(),
        // The request line.
        "GET  / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(),
        "GET / HTTP/1.1 \r\nHost: localhost\r\n\r\n".to_owned(),
        " GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(),
        "GET\t/ HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(),
        "GET /\r\nHost: localhost\r\n\r\n".to_owned(),
        "GET /\r\n\r\n".to_owned(),
        "GET / HTTP/1.2\r\nHost: localhost\r\n\r\n".to_owned(),
        "GET / HTTP/2.0\r\nHost: localhost\r\n\r\n".to_owned(),
        "GET / http/1.1\r\nHost: localhost\r\n\r\n".to_owned(),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
        "G(T / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(),
        "#GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(),
        "GET localhost HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(),
        "GET * HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(),
        "GET /?a\0b HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(),
        "GET /a#b HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(),
        "GET ftp://localhost/ HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(),
        "GET http://localhost:80@evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n".to_owned(),
        // Header lines.
        "GET / HTTP/1.1\r\nHost: localhost\r\nA: b\r\n c\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\n Host: localhost\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nHost : localhost\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nHost: localhost\r\nA\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nHost: localhost\r\n: b\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nHost: localhost\r\nA: b\0c\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nHost: localhost\r\nA\0: b\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nHost: localhost\r\nÄ: b\r\n\r\n".to_owned(),
        // Host.
        "GET / HTTP/1.1\r\n\r\n".to_owned(),
        "GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n".to_owned(),
    ] {
        assert_is_malformed(&server, &head);
    }
}

#[test]
fn ambiguous_body_length_gets_400_and_the_connection_is_closed() {
    let server = with(Limits::default());
    for headers in [
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 5\r\nContent-Length: 5",
        "Content-Length: 5, 5",
        "Content-Length: +5",
        "Content-Length: -1",
        "Content-Length: 0x5",
        "Content-Length: 5 5",
        "Content-Length:",
        "Content-Length: 18446744073709551616",
        "Content-Length: 18446744073709551615",
        "Content-Length: \u{665}",
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked, chunked",
        "Transfer-Encoding: gzip, chunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding: chunked;q=1",
        "Transfer-Encoding:",
        "Transfer-Encoding: \u{b}chunked",
    ] {
        let head = format!("POST / HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n");
        assert_is_malformed(&server, &head);
    }
    for head in [
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.0\r\n\r\n",
    ] {
        assert_is_malformed(&server, head);
    }
}

fn assert_is_malformed(server: &TestServer, head: &str) {
    // The last request must not be answered.
    let received = replies(server, format!("{GET}{head}{GET}").as_bytes());
    let replies = split(&received);
    assert_eq!(replies.len(), 2, "{head:?}: {received}");
    assert!(replies[0].starts_with("200"), "{head:?}: {received}");
    assert!(replies[1].starts_with("400"), "{head:?}: {received}");
    assert!(
        replies[1].contains(r#"{"code":"MalformedRequest","#),
        "{head:?}: {received}"
    );
    assert!(replies[1].contains("connection: close"), "{received}");
}

#[test]
fn invalid_chunked_body_gets_400_and_the_connection_is_closed() {
    let server = with(Limits::default());
    let trailers = "T: u\r\n".repeat(97);
    for body in [
        "oops\r\n".to_owned(),
        "\r\n".to_owned(),
        "5\nhello\r\n0\r\n\r\n".to_owned(),
        "5\r\r\nhello\r\n0\r\n\r\n".to_owned(),
        "5\r\nhello\n0\r\n\r\n".to_owned(),
        "5\r\nhelloo\r\n0\r\n\r\n".to_owned(),
        "5\r\nhello0\r\n\r\n".to_owned(),
        "+5\r\nhello\r\n0\r\n\r\n".to_owned(),
        "0x5\r\nhello\r\n0\r\n\r\n".to_owned(),
        " 5\r\nhello\r\n0\r\n\r\n".to_owned(),
        "5 5\r\nhello\r\n0\r\n\r\n".to_owned(),
        "10000000000000005\r\nhello\r\n0\r\n\r\n".to_owned(),
        "5;a\0\r\nhello\r\n0\r\n\r\n".to_owned(),
        "5;a\nb\r\nhello\r\n0\r\n\r\n".to_owned(),
        format!("5;{}\r\nhello\r\n0\r\n\r\n", "a".repeat(2000)),
        "0\n\n".to_owned(),
        "0\r\n\n".to_owned(),
        "0\r\nT: u\n\r\n".to_owned(),
        "0\r\nT\r\n\r\n".to_owned(),
        "0\r\n u: v\r\n\r\n".to_owned(),
        format!("0\r\n{trailers}\r\n"),
        format!("0\r\nT: {}\r\n\r\n", "u".repeat(70_000)),
    ] {
        let head = "POST /?Action=ListSecrets HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
        let received = replies(&server, format!("{head}{body}{GET}").as_bytes());
        let replies = split(&received);
        assert_eq!(replies.len(), 1, "{body:?}: {received}");
        assert!(replies[0].starts_with("400"), "{body:?}: {received}");
        assert!(
            replies[0].contains("ParseRequestParameterException"),
            "{body:?}: {received}"
        );
    }
}

#[test]
fn chunk_extensions_and_trailers_are_ignored() {
    let server = with(Limits::default());
    let form = "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n";
    let mut connection = server.connect();
    for body in [
        "12\r\nAction=ListSecrets\r\n0\r\n\r\n",
        "12;a=b;c=\"d\"\r\nAction=ListSecrets\r\n0;e\r\nT: u\r\nContent-Length: 5\r\n\r\n",
        "006 \r\nAction\r\n00C\t;x\r\n=ListSecrets\r\n000\r\n\r\n",
    ] {
        let request = format!("\r\nPOST / HTTP/1.1\r\nHost: localhost\r\n{form}\r\n{body}");
        connection.write_all(request.as_bytes()).unwrap();
        let reply = RawReply::read(&mut connection);
        assert_eq!(reply.json()["TotalCount"], 8, "{body:?}: {reply:?}");
    }
}

#[test]
fn header_limit_applies_with_every_kind_of_line_end() {
    let server = with(Limits {
        headers: 10,
        ..Limits::default()
    });
    for (line_end, last, status) in [
        ("\r\n", "\r\n", 431),
        ("\n", "\n", 400),
        ("\r\n", "\n", 431),
        ("\n", "\r\n", 400),
        ("\r", "\r\n", 400),
    ] {
        for count in [10, 62] {
            let headers = format!("X: y{line_end}").repeat(count);
            let request = format!(
                "GET /?Action=ListSecrets HTTP/1.1{line_end}Host: localhost{line_end}{headers}{last}\r\n\r\n"
            );
            let received = replies(&server, request.as_bytes());
            assert!(
                received.starts_with(&format!("HTTP/1.1 {status}")),
                "{line_end:?} {last:?}: {received}"
            );
            assert!(!received.contains("HTTP/1.1 200"), "{received}");
        }
    }
    // A bare LF after the request line must not hide the headers from the limit.
    let request = format!(
        "GET /?Action=ListSecrets HTTP/1.1\n\r\n{}\r\n",
        "X: y\r\n".repeat(62)
    );
    assert!(replies(&server, request.as_bytes()).starts_with("HTTP/1.1 400"));
}

/// Streams of bytes similar to requests.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let token = prop::sample::select(&TOKENS[..]);
    let piece = prop_oneof![
        9 => token.prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..4),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]
    #[test]
    fn rewriter_and_library_agree_on_every_request(
        stream in stream(),
        cuts in prop::collection::vec(1..20_usize, 0..12),
        headers in prop::sample::select(vec![2_u16, 96]),
    ) {
        let mut pieces = Vec::new();
        let mut rest = &*stream;
        for cut in cuts {
            let (piece, other) = rest.split_at(cut.min(rest.len()));
            pieces.push(piece);
            rest = other;
        }
        pieces.push(rest);
        check(Limits { headers, ..Limits::default() }, &pieces);
    }
}
