//! The server as an HTTP proxy for the hosts of the clouds.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use kms_emulator::clouds::context::AuthMode;
use kms_emulator::server::Limits;
use kms_emulator::server::startup::Startup;
use kms_emulator::server::tls::{Identity, Tls, parse_name};
use kms_emulator::store::Store;
use rustls::pki_types::ServerName;
use rustls::{ClientConnection, StreamOwned};
use serde_json::Value;

use crate::support::{RawReply, TestServer, emulator};
use crate::tls::trusting;

const NAMES: [&str; 2] = ["kms.example.test", "*.wild.test"];

fn identity() -> (Tls, String) {
    let names = NAMES.map(|name| parse_name(name).unwrap()).to_vec();
    let tls = Tls::new(Identity::OwnAuthority, &names, &Store::in_memory().unwrap()).unwrap();
    let ca = tls.ca_pem().unwrap().to_owned();
    (tls, ca)
}

fn finish(startup: &Startup, tls: Tls) {
    let mut emulator = emulator(AuthMode::Lenient);
    emulator.host_names = tls.names().to_vec();
    startup.finish(Arc::new(emulator), Some(tls));
}

/// A server with its own certificate authority, and the authority's certificate.
fn server(limits: Limits) -> (TestServer, String) {
    let (tls, ca) = identity();
    let (server, startup) = TestServer::starting(limits);
    finish(&startup, tls);
    (server, ca)
}

fn list(host: &str) -> String {
    format!("GET /?Action=ListSecrets HTTP/1.1\r\nHost: {host}\r\n\r\n")
}

fn connect_to(authority: &str) -> String {
    format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n\r\n")
}

/// Reads the head of a reply that has no body.
fn head(connection: &mut impl Read) -> String {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        assert_eq!(
            connection.read(&mut byte).unwrap(),
            1,
            "closed after {bytes:?}"
        );
        bytes.push(byte[0]);
    }
    String::from_utf8(bytes).unwrap()
}

/// Reads until the server closes the connection.
fn rest(connection: &mut impl Read) -> Vec<u8> {
    let mut rest = Vec::new();
    match connection.read_to_end(&mut rest) {
        Err(error) if error.kind() != io::ErrorKind::ConnectionReset => panic!("{error}"),
        _ => rest,
    }
}

fn tunnel(server: &TestServer, authority: &str) -> TcpStream {
    let mut connection = server.connect();
    connection
        .write_all(connect_to(authority).as_bytes())
        .unwrap();
    let head = head(&mut connection);
    assert!(head.starts_with("HTTP/1.1 200 "), "{authority}: {head}");
    connection
}

fn session(host: &str, ca: &str) -> ClientConnection {
    let name = ServerName::try_from(host.to_owned()).unwrap();
    ClientConnection::new(Arc::new(trusting(ca)), name).unwrap()
}

fn assert_rejected(reply: &RawReply, status: u16, code: &str) {
    assert_eq!(
        (reply.status, &reply.json()["code"]),
        (status, &code.into()),
        "{reply:?}"
    );
    assert!(reply.json()["message"].is_string(), "{reply:?}");
    assert!(reply.head.contains("\r\nconnection: close"), "{reply:?}");
}

#[test]
fn tunnel_to_a_host_of_a_cloud_ends_at_the_tls_of_the_server() {
    let (server, ca) = server(Limits::default());
    for host in [
        "kms.cn-hangzhou.aliyuncs.com",
        "kms-vpc.cn-hangzhou.aliyuncs.com",
        "KMS.aliyuncs.com",
        "kst-hzz62f1cb66fa42qo.cryptoservice.kms.aliyuncs.com",
        "sts.aliyuncs.com",
        "localhost",
        "cn-hangzhou.localhost",
        "host.docker.internal",
        "kms.example.test",
        "a.wild.test",
        "127.0.0.1",
    ] {
        let connection = tunnel(&server, &format!("{host}:443"));
        let mut connection = StreamOwned::new(session(host, &ca), connection);
        // Twice, because the connection stays open.
        for _ in 0..2 {
            connection.write_all(list(host).as_bytes()).unwrap();
            let reply = RawReply::read(&mut connection);
            assert_eq!(reply.json()["TotalCount"], 8, "{host}: {reply:?}");
        }
    }
    let host = "ssm.tencentcloudapi.com";
    let connection = tunnel(&server, "ssm.tencentcloudapi.com:443");
    let mut connection = StreamOwned::new(session(host, &ca), connection);
    connection.write_all(list(host).as_bytes()).unwrap();
    let reply = RawReply::read(&mut connection);
    assert!(reply.json()["Response"].is_object(), "{reply:?}");
}

#[test]
fn tunnel_to_the_api_of_another_product_gets_an_error_of_its_cloud() {
    let (server, ca) = server(Limits::default());
    for (host, pointer, code) in [
        ("ecs.cn-hangzhou.aliyuncs.com", "/Code", "InvalidVersion"),
        (
            "cvm.tencentcloudapi.com",
            "/Response/Error/Code",
            "NoSuchProduct",
        ),
    ] {
        let connection = tunnel(&server, &format!("{host}:443"));
        let mut connection = StreamOwned::new(session(host, &ca), connection);
        connection.write_all(list(host).as_bytes()).unwrap();
        let reply = RawReply::read(&mut connection).json();
        assert_eq!(
            reply.pointer(pointer).and_then(Value::as_str),
            Some(code),
            "{reply}"
        );
    }
}

#[test]
fn plain_http_in_a_tunnel_is_answered() {
    let (server, _) = server(Limits::default());
    for authority in [server.address.to_string(), "localhost:443".to_owned()] {
        let mut connection = tunnel(&server, &authority);
        connection.write_all(list("localhost").as_bytes()).unwrap();
        let reply = RawReply::read(&mut connection);
        assert_eq!(reply.json()["TotalCount"], 8, "{authority}");
    }
}

#[test]
fn tunnel_to_another_host_or_port_is_rejected() {
    let (server, _) = server(Limits::default());
    let other_port = format!("localhost:{}", server.address.port() ^ 1);
    for authority in [
        "example.com:443",
        "kms.oss-cn-hangzhou.aliyuncs.com:443",
        "kms.cn-hangzhou.aliyuncs.com:80",
        "kms.cn-hangzhou.aliyuncs.com:22",
        "kms.cn-hangzhou.aliyuncs.com",
        "kms.cn-hangzhou.aliyuncs.com:",
        "kms.cn-hangzhou.aliyuncs.com:443443",
        "localhost:443@example.com:443",
        "example.com@localhost:443",
        "b.a.wild.test:443",
        "192.0.2.1:443",
        "169.254.169.254:443",
        "[2001:db8::1]:443",
        "0.0.0.0:443",
        other_port.as_str(),
    ] {
        let mut connection = server.connect();
        // The second request is not read.
        let sent = connect_to(authority) + &list("localhost");
        connection.write_all(sent.as_bytes()).unwrap();
        let reply = RawReply::read(&mut connection);
        assert_rejected(&reply, 403, "ProxyTargetNotAllowed");
        assert!(rest(&mut connection).is_empty(), "{authority}");
    }
}

#[test]
fn connect_is_accepted_only_as_the_first_request_of_a_connection() {
    let (server, ca) = server(Limits::default());
    let host = "kms.cn-hangzhou.aliyuncs.com";
    let ask = connect_to(&format!("{host}:443"));
    let mut connection = server.connect();
    connection
        .write_all((list("localhost") + &ask).as_bytes())
        .unwrap();
    let replies = String::from_utf8(rest(&mut connection)).unwrap();
    assert!(replies.starts_with("HTTP/1.1 200 "), "{replies}");
    assert!(replies.contains("HTTP/1.1 403 "), "{replies}");
    assert!(replies.contains("ProxyTargetNotAllowed"), "{replies}");
    // CONNECT is rejected inside a tunnel too.
    let mut connection = tunnel(&server, &format!("{host}:443"));
    connection.write_all(ask.as_bytes()).unwrap();
    assert_rejected(
        &RawReply::read(&mut connection),
        403,
        "ProxyTargetNotAllowed",
    );
    let mut connection = StreamOwned::new(session(host, &ca), tunnel(&server, "localhost:443"));
    connection.write_all(ask.as_bytes()).unwrap();
    assert_rejected(
        &RawReply::read(&mut connection),
        403,
        "ProxyTargetNotAllowed",
    );
}

#[test]
fn tls_handshake_may_be_sent_before_the_reply_to_connect() {
    let (server, ca) = server(Limits::default());
    let host = "kms.cn-hangzhou.aliyuncs.com";
    let mut session = session(host, &ca);
    let mut sent = connect_to("kms.cn-hangzhou.aliyuncs.com:443").into_bytes();
    session.write_tls(&mut sent).unwrap();
    // CONNECT and the first message of the handshake in one write.
    let mut connection = server.connect();
    connection.write_all(&sent).unwrap();
    assert!(head(&mut connection).starts_with("HTTP/1.1 200 "));
    let mut connection = StreamOwned::new(session, connection);
    connection.write_all(list(host).as_bytes()).unwrap();
    assert_eq!(RawReply::read(&mut connection).json()["TotalCount"], 8);
}

#[test]
fn connect_requests_of_known_clients_are_accepted() {
    let (server, ca) = server(Limits::default());
    let host = "kms.cn-hangzhou.aliyuncs.com";
    for request in [
        // Python's http.client.
        "CONNECT kms.cn-hangzhou.aliyuncs.com:443 HTTP/1.0\r\n\r\n",
        // Go's net/http.
        "CONNECT kms.cn-hangzhou.aliyuncs.com:443 HTTP/1.1\r\nHost: kms.cn-hangzhou.aliyuncs.com:443\r\nUser-Agent: Go-http-client/1.1\r\n\r\n",
        // curl with a proxy password.
        "CONNECT kms.cn-hangzhou.aliyuncs.com:443 HTTP/1.1\r\nHost: kms.cn-hangzhou.aliyuncs.com:443\r\nProxy-Authorization: Basic eDp5\r\nUser-Agent: curl/8\r\nProxy-Connection: Keep-Alive\r\n\r\n",
    ] {
        let mut connection = server.connect();
        for byte in request.as_bytes() {
            connection.write_all(&[*byte]).unwrap();
        }
        assert!(
            head(&mut connection).starts_with("HTTP/1.1 200 "),
            "{request}"
        );
        let mut connection = StreamOwned::new(session(host, &ca), connection);
        connection.write_all(list(host).as_bytes()).unwrap();
        assert_eq!(RawReply::read(&mut connection).json()["TotalCount"], 8);
    }
}

#[test]
fn limits_apply_to_connect_requests() {
    let (server, _) = server(Limits {
        request_timeout: Some(Duration::from_millis(300)),
        headers: 3,
        header_bytes: 200,
        ..Limits::default()
    });
    let line = "CONNECT localhost:443 HTTP/1.1\r\nHost: localhost:443\r\n";
    for (sent, status, code) in [
        (line.to_owned(), 408, "RequestTimeout"),
        ("CONN".to_owned(), 408, "RequestTimeout"),
        (
            format!("{line}{}\r\n", "X: y\r\n".repeat(3)),
            431,
            "RequestHeaderFieldsTooLarge",
        ),
        (
            format!("{line}X: {}", "a".repeat(2000)),
            431,
            "RequestHeaderFieldsTooLarge",
        ),
        (format!("{line}X: y\n\r\n\r\n"), 400, "MalformedRequest"),
        (format!("{line}X : y\r\n\r\n"), 400, "MalformedRequest"),
        (
            format!("{line}Content-Length: 5\r\n\r\nhello"),
            403,
            "ProxyTargetNotAllowed",
        ),
        (
            format!("{line}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            403,
            "ProxyTargetNotAllowed",
        ),
    ] {
        let reply = server.send(sent.as_bytes());
        assert_rejected(&reply, status, code);
    }
    // The method shares only its first letters with CONNECT.
    let reply = server.send(b"COPY /?Action=ListSecrets HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_eq!(reply.json()["Code"], "UnsupportedHTTPMethod");
    // A tunnel without traffic, or with an incomplete handshake, is closed.
    for started in [&b""[..], b"\x16\x03\x01\x02\x00\x01"] {
        let mut connection = tunnel(&server, "localhost:443");
        connection.write_all(started).unwrap();
        assert!(!rest(&mut connection).starts_with(b"HTTP"));
    }
}

#[test]
fn host_header_is_checked_inside_a_tunnel() {
    let (server, ca) = server(Limits::default());
    let connection = tunnel(&server, "kms.cn-hangzhou.aliyuncs.com:443");
    let session = session("kms.cn-hangzhou.aliyuncs.com", &ca);
    let mut connection = StreamOwned::new(session, connection);
    connection
        .write_all(list("evil.example").as_bytes())
        .unwrap();
    assert_eq!(RawReply::read(&mut connection).status, 403);
}

#[test]
fn tunnel_opened_during_the_start_is_answered_after_it() {
    let (tls, ca) = identity();
    let (server, startup) = TestServer::starting(Limits::default());
    let mut connection = server.connect();
    connection
        .write_all(connect_to("kms.example.test:443").as_bytes())
        .unwrap();
    let ready = server.send(b"GET /_emulator/ready HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_eq!(ready.status, 503);
    finish(&startup, tls);
    assert!(head(&mut connection).starts_with("HTTP/1.1 200 "));
    let mut connection = StreamOwned::new(session("kms.example.test", &ca), connection);
    connection
        .write_all(list("kms.example.test").as_bytes())
        .unwrap();
    assert_eq!(RawReply::read(&mut connection).status, 200);
}

#[test]
fn absolute_request_target_of_a_known_host_is_answered() {
    let (server, _) = server(Limits::default());
    let own = server.address.to_string();
    for (target, host) in [
        (
            "kms.cn-hangzhou.aliyuncs.com",
            "kms.cn-hangzhou.aliyuncs.com",
        ),
        (
            "KMS.cn-hangzhou.aliyuncs.com:80",
            "kms.cn-hangzhou.aliyuncs.com",
        ),
        ("localhost:8080", "localhost:8080"),
        ("cn-hangzhou.localhost", "cn-hangzhou.localhost"),
        ("kms.example.test", "kms.example.test"),
        ("a.wild.test", "a.wild.test:80"),
        (&own, &own),
        ("[::1]:8080", "[::1]:8080"),
    ] {
        let reply = server.send(
            format!("GET http://{target}/?Action=ListSecrets HTTP/1.1\r\nHost: {host}\r\nProxy-Connection: keep-alive\r\n\r\n").as_bytes(),
        );
        assert_eq!(reply.json()["TotalCount"], 8, "{target}: {reply:?}");
    }
    // An unencoded character in the query, and no Host header.
    let reply =
        server.send("GET http://localhost/?Action=ListSecrets&A=é HTTP/1.0\r\n\r\n".as_bytes());
    assert_eq!(reply.json()["TotalCount"], 8, "{reply:?}");
    // The target determines region and cloud.
    let reply =
        server.send(b"GET http://kms.eu-west-1.aliyuncs.com/?Action=ListSecrets HTTP/1.0\r\n\r\n");
    assert_eq!(reply.json()["TotalCount"], 0, "{reply:?}");
    let reply =
        server.send(b"GET http://ssm.tencentcloudapi.com/?Action=ListSecrets HTTP/1.0\r\n\r\n");
    assert!(reply.json()["Response"].is_object(), "{reply:?}");
}

#[test]
fn absolute_request_target_of_another_host_is_rejected() {
    let (server, _) = server(Limits::default());
    for (target, host, status, code) in [
        (
            "http://example.com/",
            "example.com",
            403,
            "ProxyTargetNotAllowed",
        ),
        (
            "http://example.com/",
            "localhost",
            403,
            "ProxyTargetNotAllowed",
        ),
        (
            "https://example.com/",
            "example.com",
            403,
            "ProxyTargetNotAllowed",
        ),
        (
            "http://192.0.2.1/",
            "192.0.2.1",
            403,
            "ProxyTargetNotAllowed",
        ),
        (
            "http://169.254.169.254/latest/",
            "169.254.169.254",
            403,
            "ProxyTargetNotAllowed",
        ),
        (
            "http://example.com/_emulator/health",
            "example.com",
            403,
            "ProxyTargetNotAllowed",
        ),
        (
            "http://kms.oss-cn-hangzhou.aliyuncs.com/",
            "kms.oss-cn-hangzhou.aliyuncs.com",
            403,
            "ProxyTargetNotAllowed",
        ),
        ("http://localhost/", "example.com", 400, "MalformedRequest"),
        ("http://localhost/", "127.0.0.1", 400, "MalformedRequest"),
        ("http://localhost/", "", 400, "MalformedRequest"),
        ("http://localhost/", "é", 400, "MalformedRequest"),
        (
            "http://localhost:80@example.com/",
            "localhost",
            400,
            "MalformedRequest",
        ),
        (
            "http://example.com@localhost/",
            "localhost",
            400,
            "MalformedRequest",
        ),
        ("http:///", "localhost", 400, "MalformedRequest"),
        ("http://", "localhost", 400, "MalformedRequest"),
        ("gopher://localhost/", "localhost", 400, "MalformedRequest"),
    ] {
        let reply = server.send(
            format!("POST {target} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 3\r\n\r\na=b")
                .as_bytes(),
        );
        assert_rejected(&reply, status, code);
    }
}
