//! HTTP over a real socket: connections, encodings of queries and bodies, and reply headers.

use std::io::Write;

use kms_emulator::clouds::context::AuthMode;

use crate::support::{RawReply, TestRequest, TestServer};

const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

#[test]
fn unusual_requests_of_real_clients_are_accepted() {
    let server = TestServer::start(AuthMode::Lenient);
    let filters = "Filters=%5B%7B%22Key%22%3A+%22Description%22%2C+%22Values%22%3A%5B%22a%20*'()!%22%5D%7D%5D";
    for (what, request) in [
        ("a scheme in the host", "GET /?Action=ListSecrets HTTP/1.1\r\nHost: http://127.0.0.1:8080\r\n\r\n".to_owned()),
        ("header names in upper case", "GET / HTTP/1.1\r\nHOST: localhost\r\nX-ACS-ACTION: ListSecrets\r\n\r\n".to_owned()),
        ("raw punctuation", format!("GET /?Action=ListSecrets&{filters} HTTP/1.1\r\nHost: localhost\r\n\r\n")),
        ("an empty form", format!("POST /?Action=ListSecrets HTTP/1.1\r\nHost: localhost\r\n{FORM}Content-Length: 0\r\n\r\n")),
        ("no Content-Length", format!("POST /?Action=ListSecrets HTTP/1.1\r\nHost: localhost\r\n{FORM}\r\n")),
        (
            "a chunked form",
            format!("POST / HTTP/1.1\r\nHost: localhost\r\n{FORM}Transfer-Encoding: chunked\r\n\r\n6\r\nAction\r\nc\r\n=ListSecrets\r\n0\r\n\r\n"),
        ),
        (
            "a body of a type that carries no parameters",
            "POST /?Action=ListSecrets HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/octet-stream\r\nContent-Length: 2\r\n\r\n\u{1}\u{2}".to_owned(),
        ),
        ("HTTP/1.0", "GET /?Action=ListSecrets HTTP/1.0\r\n\r\n".to_owned()),
    ] {
        let reply = server.send(request.as_bytes());
        assert_eq!(reply.status, 200, "{what}: {reply:?}");
        assert!(reply.json()["SecretList"]["Secret"].is_array(), "{what}");
    }
}

#[test]
fn connection_serves_several_requests() {
    let server = TestServer::start(AuthMode::Lenient);
    let mut connection = server.connect();
    for page in 1..=9 {
        let request = format!(
            "GET /?Action=ListSecrets&PageSize=1&PageNumber={page} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        );
        connection.write_all(request.as_bytes()).unwrap();
        let reply = RawReply::read(&mut connection);
        assert_eq!(
            reply.json()["SecretList"]["Secret"]
                .as_array()
                .unwrap()
                .len(),
            usize::from(page <= 8)
        );
    }
}

#[test]
fn reply_has_its_request_id_and_no_cors_headers() {
    let server = TestServer::start(AuthMode::Lenient);
    let cross_site = server.send(
        b"GET /?Action=ListSecrets HTTP/1.1\r\nHost: localhost\r\nOrigin: http://elsewhere\r\n\r\n",
    );
    assert_eq!(
        (cross_site.status, &cross_site.json()["code"]),
        (403, &"CrossSiteRequest".into())
    );
    let reply = server.send(b"GET /?Action=ListSecrets HTTP/1.1\r\nHost: localhost\r\n\r\n");
    for header in [
        "cache-control: no-store",
        "content-security-policy: frame-ancestors 'none'",
        "cross-origin-resource-policy: same-origin",
        "x-content-type-options: nosniff",
    ] {
        for reply in [&cross_site, &reply] {
            assert!(
                reply.head.contains(&format!("\r\n{header}")),
                "{}",
                reply.head
            );
        }
    }
    let id = reply.json()["RequestId"].as_str().unwrap().to_owned();
    assert!(
        reply.head.contains(&format!("\r\nx-acs-request-id: {id}")),
        "{}",
        reply.head
    );
    assert!(
        reply
            .head
            .contains("\r\ncontent-type: application/json;charset=utf-8"),
        "{}",
        reply.head
    );
    assert!(!reply.head.contains("access-control-"), "{}", reply.head);
}

#[test]
fn error_for_an_unreadable_body_has_the_requested_format() {
    let server = TestServer::start(AuthMode::Lenient);
    let head = "POST /?Action=ListSecrets&Format=XML HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    let long = format!(
        "POST /?Action=ListSecrets&Format=XML HTTP/1.1\r\nHost: localhost\r\n{FORM}Content-Length: 99000000\r\n\r\n"
    );
    let mut too_long = long.into_bytes();
    too_long.resize(11 * 1024 * 1024, b'a');
    for request in [format!("{head}not a chunk\r\n").into_bytes(), too_long] {
        let reply = server.send(&request);
        assert_eq!(reply.status, 400);
        assert!(
            reply.body.contains(
                "<KMS><HttpStatus>400</HttpStatus><Code>ParseRequestParameterException</Code>"
            ),
            "{reply:?}"
        );
    }
}

#[test]
fn query_may_contain_unencoded_characters() {
    let server = TestServer::start(AuthMode::Lenient);
    let mut connection = server.connect();
    for (filters, total) in [
        (r#"[{"Key":"TagKey","Values":["team"]}]"#, 3),
        (
            r#"[{"Key":"Description","Values":["Client certificate, PKCS#12"]}]"#,
            1,
        ),
        (r#"[{"Key":"Description","Values":["数据库<1>"]}]"#, 0),
    ] {
        // On one connection, because a rewritten request must not affect the next one.
        let request = format!(
            "GET /?Action=ListSecrets&Filters={filters} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        );
        connection.write_all(request.as_bytes()).unwrap();
        assert_eq!(
            RawReply::read(&mut connection).json()["TotalCount"],
            total,
            "{filters}"
        );
        connection
            .write_all(b"GET /?Action=ListSecrets HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .unwrap();
        assert_eq!(RawReply::read(&mut connection).json()["TotalCount"], 8);
    }
}

#[test]
fn long_query_is_read_and_its_signature_is_checked() {
    let server = TestServer::start(AuthMode::Strict);
    let value = "密".repeat(30_720 / 3);
    for (secret, status, code) in [
        ("test", 200, None),
        ("wrong", 400, Some("IncompleteSignature")),
    ] {
        let mut request = TestRequest::get("Action=CreateSecret&SecretName=long&VersionId=1");
        request.method = "POST".into();
        request.add_to_query("SecretData", &value);
        let query = request.sign_v1(secret, &[]).query;
        assert!(query.len() > 90_000);
        let reply =
            server.send(format!("POST /?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes());
        assert_eq!(
            (reply.status, reply.json()["Code"].as_str()),
            (status, code)
        );
    }
}

#[test]
fn megabyte_of_filters_gets_a_documented_error() {
    let server = TestServer::start(AuthMode::Lenient);
    for (format, code) in [
        ("JSON", r#""Code":"InvalidParameter""#),
        ("XML", "<Code>InvalidParameter</Code>"),
    ] {
        let filters = "%5B".repeat(350_000);
        let query = format!("Action=ListSecrets&Filters={filters}&Format={format}");
        let reply =
            server.send(format!("GET /?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n").as_bytes());
        assert_eq!(reply.status, 400);
        assert!(reply.body.contains(code), "{reply:?}");
    }
    for filters in ["a".repeat(1_000_000), "[".repeat(1_000_000)] {
        let body = format!("Action=ListSecrets&Filters={filters}");
        let request = format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\n{FORM}Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let reply = server.send(request.as_bytes());
        assert_eq!(
            (reply.status, &reply.json()["Code"]),
            (400, &"InvalidParameter".into())
        );
    }
}

#[test]
fn upgrade_to_http2_is_ignored_and_the_connection_stays_open() {
    let server = TestServer::start(AuthMode::Lenient);
    // Java's `HttpClient` sends these headers.
    let upgrade = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAB\r\n";
    let mut connection = server.connect();
    for (head, body) in [
        ("GET /?Action=ListSecrets", ""),
        ("POST /?Action=ListSecrets", "a=b"),
        ("GET /_emulator/health", ""),
    ] {
        let length = body.len();
        let request = format!(
            "{head} HTTP/1.1\r\nHost: localhost\r\n{upgrade}Content-Length: {length}\r\n\r\n{body}"
        );
        connection.write_all(request.as_bytes()).unwrap();
        let reply = RawReply::read(&mut connection);
        assert_eq!(reply.status, 200, "{reply:?}");
        assert!(!reply.head.contains("upgrade"), "{}", reply.head);
    }
}

#[test]
fn connect_is_rejected_without_tls_and_websocket_upgrade_is_ignored() {
    let server = TestServer::start(AuthMode::Lenient);
    // A tunnel needs TLS.
    let reply = server
        .send(b"CONNECT kms.cn-hangzhou.aliyuncs.com:443 HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_eq!(
        (reply.status, &reply.json()["code"]),
        (403, &"ProxyTargetNotAllowed".into())
    );
    let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
    let reply = server.send(
        format!("GET /?Action=ListSecrets HTTP/1.1\r\nHost: localhost\r\n{upgrade}\r\n").as_bytes(),
    );
    assert_eq!(reply.json()["TotalCount"], 8);
}

#[test]
fn format_in_an_unencoded_query_applies_to_the_error_for_an_invalid_body() {
    let server = TestServer::start(AuthMode::Lenient);
    let head = "POST /?Action=ListSecrets&Format=XML&A=\" HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    let reply = server.send(format!("{head}not a chunk\r\n").as_bytes());
    assert!(
        reply
            .body
            .contains("<Code>ParseRequestParameterException</Code>"),
        "{reply:?}"
    );
}

#[test]
fn unknown_path_gets_404() {
    let server = TestServer::start(AuthMode::Lenient);
    let reply = server.send(b"GET /secrets?Action=ListSecrets HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assert_eq!(
        (reply.status, &reply.json()["Code"]),
        (404, &"InvalidAction.NotFound".into())
    );
}
