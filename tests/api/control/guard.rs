//! Which sites and hosts may send which requests, at each kind of address.

use bytes::Bytes;
use kms_emulator::clouds::context::AuthMode;
use kms_emulator::emulator::Emulator;
use kms_emulator::emulator::guard::AllowedOrigins;
use kms_emulator::http::wire::{WireReply, WireRequest};
use kms_emulator::model::SecretKey;
use kms_emulator::router::{self, Served};
use serde_json::Value;

use super::through;
use crate::support::{TestRequest, emulator};

/// Status and code of a reply of a cloud or of the control API.
fn ask(emulator: &Emulator, target: &str, method: &str, headers: &[(&str, &str)]) -> (u16, String) {
    ask_with_body(emulator, target, method, headers, "")
}

fn ask_with_body(
    emulator: &Emulator,
    target: &str,
    method: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> (u16, String) {
    status_and_code(&with_body(emulator, target, method, headers, body))
}

fn status_and_code(reply: &WireReply) -> (u16, String) {
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let code = body["code"]
        .as_str()
        .or(body["Code"].as_str())
        .unwrap_or("OK");
    (reply.status, code.to_owned())
}

fn with_body(
    emulator: &Emulator,
    target: &str,
    method: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> WireReply {
    at(emulator, Served::default(), target, method, headers, body)
}

fn at(
    emulator: &Emulator,
    served: Served,
    target: &str,
    method: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> WireReply {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    through(
        emulator,
        served,
        &WireRequest::new(
            method,
            path,
            query,
            headers.to_vec(),
            Ok(Bytes::copy_from_slice(body.as_bytes())),
        ),
    )
}

fn state_request() -> WireRequest {
    WireRequest::new(
        "GET",
        "/_emulator/state",
        "values=true",
        [],
        Ok(Bytes::new()),
    )
}

#[test]
fn only_hosts_that_an_attacker_cannot_register_are_accepted_at_every_address() {
    let mut emulator = emulator(AuthMode::Lenient);
    emulator.host_names = vec!["kms.test".into()];
    let refused = (403, "HostNotAllowed".to_owned());
    let answered = (200, "OK".to_owned());
    for target in [
        "/?Action=ListSecrets",
        "/_emulator/health",
        "/_emulator/ready",
        "/_emulator/journal",
        "/_emulator/state?values=true",
        "/_emulator/explorer/",
    ] {
        for (host, expected) in [
            ("localhost:8080", &answered),
            ("kms.test", &answered),
            ("kms.cn-hangzhou.aliyuncs.com", &answered),
            ("192.0.2.1", &answered),
            ("container", &answered),
            ("evil.example", &refused),
            ("bucket.oss-cn-hangzhou.aliyuncs.com", &refused),
            ("[127.0.0.1]evil.example", &refused),
            ("localhost:80@evil.example", &refused),
        ] {
            if target.ends_with("explorer/") && *expected == answered {
                continue;
            }
            assert_eq!(
                ask(&emulator, target, "GET", &[("host", host)]),
                *expected,
                "{target} {host}"
            );
        }
    }
}

/// Requests that a web page can send: method, target and form body.
fn attacks() -> Vec<(&'static str, String, String)> {
    let create = "SecretName=new&VersionId=v1&SecretData=x";
    let delete = "SecretName=db%2Fpassword&ForceDeleteWithoutRecovery=true";
    let tencent = "Version=2019-09-23&SecretName=new&VersionId=v1&SecretString=x";
    let forms = [
        "Action=ListSecrets".to_owned(),
        format!("Action=CreateSecret&{create}"),
        format!("Acti%6fn=CreateSecret&{create}"),
        format!("%41%63%74%69%6f%6e=CreateSecre%74&{create}"),
        format!("{create}&Action=CreateSecret&Action=CreateSecret"),
        format!("Acti%6fn=DeleteSecret&{delete}"),
        format!("Action=CreateSecret&{create}&AccessKeyId=me&Signature=x"),
        format!("Action=CreateSecret&{tencent}"),
        format!("Acti%6fn=CreateSecret&{tencent}"),
    ];
    let mut attacks = Vec::new();
    for form in forms {
        attacks.push(("GET", format!("/?{form}"), String::new()));
        attacks.push(("POST", format!("/?{form}"), String::new()));
        attacks.push(("POST", "/".to_owned(), form));
    }
    for path in [
        "health",
        "ready",
        "journal",
        "journal/events",
        "state",
        "openapi.json",
    ] {
        attacks.push(("GET", format!("/_emulator/{path}"), String::new()));
    }
    attacks.push(("POST", "/_emulator/reset".to_owned(), "{}".to_owned()));
    attacks.push(("DELETE", "/_emulator/faults".to_owned(), String::new()));
    attacks.push((
        "GET",
        "/_emulator/explorer/main.js".to_owned(),
        String::new(),
    ));
    attacks
}

fn send(
    emulator: &Emulator,
    (method, target, body): &(&str, String, String),
    headers: &[(&str, &str)],
) -> (u16, String) {
    let mut headers = headers.to_vec();
    headers.push(("content-type", "application/x-www-form-urlencoded"));
    ask_with_body(emulator, target, method, &headers, body)
}

#[test]
fn page_of_another_site_or_port_can_neither_write_nor_read() {
    let emulator = emulator(AuthMode::Lenient);
    let before = router::handle(&emulator, &state_request()).body;
    let host = ("host", "localhost:8080");
    for headers in [
        [("sec-fetch-site", "cross-site"), host],
        [("sec-fetch-site", "same-site"), host],
        [("origin", "https://evil.example"), host],
        [("origin", "http://localhost:3000"), host],
        [("origin", "null"), host],
        [("referer", "http://evil.example/page"), host],
    ] {
        for attack in attacks() {
            assert_eq!(
                send(&emulator, &attack, &headers),
                (403, "CrossSiteRequest".to_owned()),
                "{attack:?} {headers:?}"
            );
        }
    }
    assert_eq!(router::handle(&emulator, &state_request()).body, before);
}

#[test]
fn signature_with_the_default_key_does_not_allow_a_page_of_another_site() {
    let emulator = emulator(AuthMode::Lenient);
    emulator
        .auth
        .credentials
        .add("mine", SecretKey::new("private"), None);
    let cross_site = |id: &str, secret: &str| {
        let mut request =
            TestRequest::get("Action=ListSecrets").sign_v1(secret, &[("AccessKeyId", id)]);
        request = request
            .header("Host", "localhost")
            .header("Sec-Fetch-Site", "cross-site");
        request.ask(&emulator).status
    };
    assert_eq!(cross_site("test", "test"), 403);
    assert_eq!(cross_site("unknown", "test"), 403);
    assert_eq!(cross_site("mine", "private"), 200);
    assert_eq!(
        cross_site("mine", "guessed"),
        400,
        "its signature is checked"
    );
}

#[test]
fn browser_without_origin_headers_can_only_read() {
    let emulator = emulator(AuthMode::Lenient);
    let headers = [
        ("user-agent", "Mozilla/5.0 (X11; Linux x86_64)"),
        ("host", "kms:8080"),
    ];
    let create = "Acti%6fn=CreateSecret&SecretName=a&VersionId=v1&SecretData=x";
    let reply = ask(&emulator, &format!("/?{create}"), "GET", &headers);
    assert_eq!(reply, (403, "CrossSiteRequest".to_owned()));
    assert_eq!(ask(&emulator, "/_emulator/reset", "POST", &headers).0, 403);
    assert_eq!(
        ask(&emulator, "/?Action=ListSecrets", "GET", &headers).0,
        200
    );
    assert_eq!(ask(&emulator, "/_emulator/journal", "GET", &headers).0, 200);
    let said = with_body(&emulator, &format!("/?{create}"), "GET", &headers, "");
    assert!(String::from_utf8_lossy(&said.body).contains("--allow-origin"));
}

#[test]
fn page_of_this_server_can_do_everything() {
    let emulator = emulator(AuthMode::Lenient);
    let own = [
        ("sec-fetch-site", "same-origin"),
        ("origin", "http://localhost:8080"),
        ("host", "localhost:8080"),
    ];
    let create = "/?Action=CreateSecret&SecretName=a&VersionId=v1&SecretData=x";
    assert_eq!(ask(&emulator, create, "GET", &own).0, 200);
    assert_eq!(ask(&emulator, "/_emulator/reset", "POST", &own).0, 200);
}

#[test]
fn link_on_another_site_opens_only_the_explorer() {
    let emulator = emulator(AuthMode::Lenient);
    let link = [
        ("host", "localhost:8080"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
        ("accept", "text/html"),
    ];
    assert_eq!(ask(&emulator, "/", "GET", &link).0, 200);
    assert_eq!(
        ask(&emulator, "/_emulator/explorer/index.html", "GET", &link).0,
        200
    );
    assert_eq!(ask(&emulator, "/?Action=ListSecrets", "GET", &link).0, 403);
    assert_eq!(ask(&emulator, "/_emulator/state", "GET", &link).0, 403);
    let mut frame = link;
    frame[3].1 = "iframe";
    assert_eq!(ask(&emulator, "/", "GET", &frame).0, 403);
}

#[test]
fn pages_of_allowed_origins_may_read_replies() {
    let mut emulator = emulator(AuthMode::Lenient);
    emulator.allowed_origins = AllowedOrigins::new(&["https://app.example".to_owned()]).unwrap();
    let headers = [
        ("host", "localhost:8080"),
        ("sec-fetch-site", "cross-site"),
        ("origin", "https://app.example"),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "x-acs-action"),
    ];
    for (method, status) in [("OPTIONS", 204), ("POST", 200)] {
        let reply = with_body(&emulator, "/?Action=ListSecrets", method, &headers, "");
        let header = |name: &str| {
            let mut headers = reply.headers.iter();
            headers
                .find(|(key, _)| *key == name)
                .map(|(_, value)| &**value)
        };
        assert_eq!(reply.status, status);
        assert_eq!(
            header("access-control-allow-origin"),
            Some("https://app.example")
        );
        assert_eq!(header("vary"), Some("origin"));
        if method == "OPTIONS" {
            assert_eq!(header("access-control-allow-headers"), Some("x-acs-action"));
        }
    }
    let mut other = headers;
    other[2].1 = "https://other.example";
    for method in ["OPTIONS", "POST"] {
        let reply = with_body(&emulator, "/?Action=ListSecrets", method, &other, "");
        assert_eq!(reply.status, 403);
        let allows = |(name, _): &(&str, _)| name.starts_with("access-control-");
        assert!(
            !reply
                .headers
                .iter()
                .any(|(name, value)| allows(&(*name, value)))
        );
    }
}

#[test]
fn control_api_requires_the_token() {
    let mut emulator = emulator(AuthMode::Lenient);
    emulator.control_token = Some(SecretKey::new("open sesame"));
    let with = |token: &str| {
        let header = format!("Bearer {token}");
        let headers = [("authorization", &*header)];
        ask(&emulator, "/_emulator/journal", "GET", &headers)
    };
    assert_eq!(with("open sesame"), (200, "OK".into()));
    let refused = (401, "Unauthorized".to_owned());
    assert_eq!(with("open"), refused);
    assert_eq!(ask(&emulator, "/_emulator/journal", "GET", &[]), refused);
    emulator.authority = Some("a certificate".into());
    for open in
        ["health", "ready", "ca.pem", "ca-bundle.pem"].map(|name| format!("/_emulator/{name}"))
    {
        let open = &*open;
        assert_eq!(ask(&emulator, open, "GET", &[]).0, 200, "{open}");
    }
    assert_eq!(ask(&emulator, "/?Action=ListSecrets", "GET", &[]).0, 200);
}

#[test]
fn address_serves_only_its_apis() {
    let emulator = emulator(AuthMode::Lenient);
    let clouds = Served {
        control: false,
        ..Served::default()
    };
    let control = Served {
        clouds: false,
        ..Served::default()
    };
    for (served, target, status) in [
        (clouds, "/?Action=ListSecrets", 200),
        (clouds, "/_emulator/health", 200),
        (clouds, "/_emulator/ready", 200),
        (clouds, "/_emulator/journal", 404),
        (clouds, "/_emulator/openapi.json", 404),
        (control, "/_emulator/journal", 200),
        (control, "/?Action=ListSecrets", 404),
    ] {
        assert_eq!(
            status_and_code(&at(&emulator, served, target, "GET", &[], "")).0,
            status,
            "{target}"
        );
    }
}

#[test]
fn due_work_is_not_done_for_a_rejected_request() {
    let server = super::Controlled::empty();
    server.create("a");
    server.alibaba(
        "DeleteSecret",
        &[("SecretName", "a"), ("RecoveryWindowInDays", "7")],
    );
    server
        .clock
        .set(crate::support::now() + chrono::TimeDelta::days(8));
    let held = || {
        let counts = server.emulator.store.read(|store| store.count_secrets());
        let counts: Result<_, kms_emulator::store::StoreError> = counts;
        counts
            .unwrap()
            .iter()
            .map(|scope| scope.secrets)
            .sum::<u64>()
    };
    let from = |host| {
        ask(
            &server.emulator,
            "/?Action=ListSecrets",
            "GET",
            &[("host", host)],
        )
        .0
    };
    assert_eq!((from("evil.example"), held()), (403, 1));
    assert_eq!((from("localhost"), held()), (200, 0));
}
