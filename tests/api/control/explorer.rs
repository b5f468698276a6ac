//! Which requests get the explorer's page, and its headers.

use kms_emulator::emulator::Emulator;
use kms_emulator::http::wire::WireReply;
use kms_emulator::model::SecretKey;
use kms_emulator::router::{self, Served};
use quick_xml::escape::unescape;
use serde_json::Value;
use std::sync::Arc;

use super::Controlled;
use crate::support::TestRequest;

/// The headers with which Chromium requests a page.
const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8";

fn header<'r>(reply: &'r WireReply, name: &str) -> Option<&'r str> {
    let mut headers = reply.headers.iter();
    let (_, value) = headers.find(|(known, _)| *known == name)?;
    Some(value)
}

fn is_page(reply: &WireReply) -> bool {
    reply.status == 200 && header(reply, "content-type") == Some("text/html; charset=utf-8")
}

fn browse(emulator: &Emulator, query: &str) -> WireReply {
    TestRequest::get(query)
        .header("Accept", BROWSER)
        .ask(emulator)
}

#[test]
fn browser_without_an_operation_gets_the_page() {
    let server = Controlled::new();
    assert!(is_page(&browse(&server.emulator, "")));
    assert!(is_page(&browse(&server.emulator, "utm_source=readme")));
    let body = String::from_utf8(browse(&server.emulator, "").body.to_vec()).unwrap();
    assert!(body.starts_with("<!doctype html>"));
    // The files that the page loads exist.
    let mut files = 0;
    for part in body
        .split(['"', '\''])
        .filter(|part| part.starts_with("/_emulator/"))
    {
        let mut request = TestRequest::get("");
        request.path = part.to_owned();
        assert_eq!(request.ask(&server.emulator).status, 200, "{part}");
        files += 1;
    }
    assert_eq!(files, 3);
}

#[test]
fn page_contains_the_settings_unless_there_is_a_token() {
    let mut server = Controlled::new();
    let settings = |emulator: &Emulator| {
        let html = String::from_utf8(browse(emulator, "").body.to_vec()).unwrap();
        let (_, behind) = html.split_once(r#"<meta name="settings" content=""#)?;
        let (content, _) = behind.split_once('"').unwrap();
        serde_json::from_str::<Value>(&unescape(content).unwrap()).ok()
    };
    assert_eq!(
        settings(&server.emulator),
        Some(server.ok("GET", "settings", ""))
    );
    server.emulator.control_token = Some(SecretKey::new("hush"));
    assert_eq!(settings(&server.emulator), None);
    assert!(is_page(&browse(&server.emulator, "")));
}

#[test]
fn other_requests_do_not_get_the_page() {
    let server = Controlled::new();
    // The `Accept` headers of clients and HTTP libraries. The official SDKs have their own tests.
    let accepted = [
        "*/*",
        "application/json",
        "identity",
        "text/json,application/json",
        "text/html, image/gif, image/jpeg, */*; q=0.2",
    ];
    for accept in accepted {
        for query in [
            "Action=ListSecrets",
            "Version=2016-01-20",
            "Format=XML",
            "SecretId=a",
        ] {
            let reply = TestRequest::get(query)
                .header("Accept", accept)
                .ask(&server.emulator);
            assert!(!is_page(&reply), "{accept} {query}");
        }
    }
    for header in [
        "x-acs-action",
        "X-Acs-Version",
        "X-TC-Action",
        "Authorization",
    ] {
        let request = TestRequest::get("")
            .header("Accept", BROWSER)
            .header(header, "x");
        assert!(!is_page(&request.ask(&server.emulator)), "{header}");
    }
    for accept in ["*/*", "application/json", "text/*", "text/html2"] {
        let request = TestRequest::get("").header("Accept", accept);
        assert!(!is_page(&request.ask(&server.emulator)), "{accept}");
    }
    let mut post = TestRequest::get("").header("Accept", BROWSER);
    post.method = "POST".into();
    assert!(!is_page(&post.ask(&server.emulator)));
    assert!(!is_page(&browse(
        &server.emulator,
        "Action=ListSecrets&Format=XML"
    )));
}

#[test]
fn page_is_part_of_the_control_api_but_needs_no_token() {
    let mut server = Controlled::new();
    let closed = Served {
        control: false,
        ..Served::default()
    };
    TestRequest::get("")
        .header("Accept", BROWSER)
        .with_wire(|wire| {
            let emulator = &server.emulator;
            let reply = router::answer(
                emulator,
                router::plan(emulator, Arc::new(wire.clone()), closed),
            );
            assert!(!is_page(&reply));
        });
    server.emulator.control_token = Some(SecretKey::new("hush"));
    assert!(is_page(&browse(&server.emulator, "")));
    assert_eq!(server.ask("GET", "settings", "").0, 401);
}

#[test]
fn page_loads_nothing_from_other_hosts_and_runs_no_inline_scripts() {
    let server = Controlled::new();
    let reply = browse(&server.emulator, "");
    let policy = header(&reply, "content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"));
    assert!(!policy.contains("unsafe"));
    assert_eq!(header(&reply, "x-content-type-options"), Some("nosniff"));
    let html = String::from_utf8(reply.body.to_vec()).unwrap();
    for inline in ["<style", "style=", "onclick", "onload", "http:", "https:"] {
        assert!(!html.contains(inline), "{inline}");
    }
}

#[test]
fn files_of_the_page_have_media_types_and_others_do_not_exist() {
    let server = Controlled::new();
    for (path, media_type) in [
        ("main.js", Some("text/javascript; charset=utf-8")),
        ("style.css", Some("text/css; charset=utf-8")),
        ("icon.svg", Some("image/svg+xml")),
        ("mod.rs", None),
        ("../mod.rs", None),
        ("dom.js", None),
        ("", None),
    ] {
        let reply = server.raw("GET", &format!("explorer/{path}"), "");
        assert_eq!(
            reply.status,
            if media_type.is_some() { 200 } else { 404 },
            "{path}"
        );
        if media_type.is_some() {
            assert_eq!(header(&reply, "content-type"), media_type);
        }
    }
}
