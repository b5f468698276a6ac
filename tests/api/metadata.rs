//! The sources from which SDKs obtain temporary keys: the metadata services of virtual machines, and the credentials
//! URI.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta};
use kms_emulator::clouds::context::AuthMode;
use kms_emulator::emulator::Emulator;
use kms_emulator::http::wire::WireReply;
use serde_json::{Value, json};

use crate::control::Controlled;
use crate::support::{ACCOUNT, NOW, TestRequest, emulator, now};
use crate::tencent::session::request;

fn get(path: &str) -> TestRequest {
    TestRequest {
        path: path.to_owned(),
        ..TestRequest::get("")
    }
}

fn text(reply: &WireReply) -> String {
    String::from_utf8(reply.body.to_vec()).unwrap()
}

/// The status and the body of a reply.
fn read(path: &str, emulator: &Emulator) -> (u16, String) {
    let reply = get(path).ask(emulator);
    (reply.status, text(&reply))
}

fn json_of(path: &str, emulator: &Emulator) -> Value {
    let (status, text) = read(path, emulator);
    assert_eq!(status, 200, "{text}");
    serde_json::from_str(&text).unwrap()
}

/// A list of the secrets of Alibaba Cloud, signed with a key of these three parts.
fn list_of_alibaba(key: [&str; 3], emulator: &Emulator) -> (u16, Value) {
    let [id, secret, token] = key;
    let list = TestRequest::get("Action=ListSecrets&Version=2016-01-20&PageSize=100");
    let mut list = list;
    list.add_to_query("SecurityToken", token);
    let reply = list
        .sign_v1(secret, &[("AccessKeyId", id), ("SignatureNonce", id)])
        .ask(emulator);
    (reply.status, serde_json::from_slice(&reply.body).unwrap())
}

fn parts<'v>(value: &'v Value, names: [&str; 3]) -> [&'v str; 3] {
    names.map(|name| value[name].as_str().unwrap())
}

const ALIBABA: [&str; 3] = ["AccessKeyId", "AccessKeySecret", "SecurityToken"];

#[test]
fn metadata_of_ecs_has_the_key_of_a_role_that_lists_secrets() {
    let emulator = emulator(AuthMode::Strict);
    let roles = "/latest/meta-data/ram/security-credentials/";
    let (status, role) = read(roles, &emulator);
    assert_eq!((status, &*role), (200, "kms-emulator"));
    for role in [&*role, "Another.role-1"] {
        let key = json_of(&format!("{roles}{role}"), &emulator);
        assert_eq!(key["Code"], "Success");
        assert_eq!(key["LastUpdated"], NOW);
        assert_eq!(key["Expiration"], "2026-01-02T09:04:05Z");
        let (status, listed) = list_of_alibaba(parts(&key, ALIBABA), &emulator);
        assert_eq!((status, &listed["TotalCount"]), (200, &json!(8)));
    }
    for role in ["a%20b", "a/b", &"r".repeat(129)] {
        assert_eq!(read(&format!("{roles}{role}"), &emulator).0, 404, "{role}");
    }
}

#[test]
fn metadata_of_ecs_describes_the_machine() {
    let emulator = emulator(AuthMode::Strict);
    for (path, expected) in [
        ("meta-data/region-id", "cn-hangzhou"),
        ("meta-data/zone-id", "cn-hangzhou-a"),
        ("meta-data/owner-account-id", ACCOUNT),
        ("meta-data/region-id/", "cn-hangzhou"),
        ("meta-data/ram", "security-credentials/"),
        ("meta-data/ram/", "security-credentials/"),
        ("meta-data/ram/security-credentials", "kms-emulator"),
        (
            "meta-data/",
            "instance-id\nowner-account-id\nram/\nregion-id\nzone-id",
        ),
    ] {
        let answered = read(&format!("/latest/{path}"), &emulator);
        assert_eq!(answered, (200, expected.to_owned()), "{path}");
    }
    let document = json_of("/latest/dynamic/instance-identity/document", &emulator);
    assert_eq!(document["region-id"], "cn-hangzhou");
    assert_eq!(document["owner-account-id"], ACCOUNT);
    for path in [
        "",
        "meta-data/unknown",
        "user-data",
        "api/token",
        "meta-data/ram/other",
    ] {
        assert_eq!(read(&format!("/latest/{path}"), &emulator).0, 404, "{path}");
    }
}

#[test]
fn a_token_of_the_metadata_of_ecs_expires_by_the_clock() {
    let session = Controlled::empty();
    let new_token = |ttl: &str| {
        let request = TestRequest {
            method: "PUT".to_owned(),
            ..get("/latest/api/token")
        };
        let request = request.header("X-aliyun-ecs-metadata-token-ttl-seconds", ttl);
        let reply = request.ask(&session.emulator);
        (reply.status, text(&reply))
    };
    for ttl in ["0", "21601", "-1", "x", ""] {
        assert_eq!(new_token(ttl).0, 400, "{ttl}");
    }
    assert_eq!(new_token("21600").0, 200);
    let (status, token) = new_token("60");
    assert_eq!(status, 200);
    let status = |token: &str| {
        let request = get("/latest/meta-data/region-id");
        let request = request.header("X-aliyun-ecs-metadata-token", token);
        request.ask(&session.emulator).status
    };
    session.clock.set(now() + TimeDelta::seconds(59));
    assert_eq!(status(&token), 200);
    assert_eq!(status("made-up"), 403);
    session.clock.set(now() + TimeDelta::seconds(60));
    assert_eq!(status(&token), 403);
    // A token is optional.
    assert_eq!(
        read("/latest/meta-data/region-id", &session.emulator).0,
        200
    );
}

#[test]
fn other_methods_have_no_metadata() {
    let emulator = emulator(AuthMode::Lenient);
    for path in [
        "/latest/meta-data/region-id",
        "/latest/meta-data/cam/security-credentials/",
    ] {
        for method in ["POST", "PUT", "DELETE", "OPTIONS"] {
            let request = TestRequest {
                method: method.to_owned(),
                ..get(path)
            };
            assert_eq!(request.ask(&emulator).status, 405, "{method} {path}");
        }
    }
}

/// RFC 9110, 15.5.6.
#[test]
fn error_for_another_method_names_the_allowed_ones() {
    for rule in [
        None,
        Some(r#"{"match":{"action":"ACTION"},"error":"MethodNotAllowed","status":405}"#),
    ] {
        for (path, allowed) in [
            ("/latest/meta-data/region-id", "GET, HEAD"),
            ("/latest/meta-data/placement/region", "GET, HEAD"),
            ("/latest/api/token", "PUT"),
        ] {
            let controlled = Controlled::empty();
            if let Some(rule) = rule {
                controlled.ok("POST", "faults", &rule.replace("ACTION", path));
            }
            let request = TestRequest {
                method: "DELETE".to_owned(),
                ..get(path)
            };
            let reply = request.ask(&controlled.emulator);
            assert_eq!(reply.status, 405, "{path}");
            let allow = reply.headers.iter().find(|(name, _)| *name == "allow");
            let allow = allow.map(|(_, value)| &**value);
            assert_eq!(allow, Some(allowed), "{path} {rule:?}");
        }
    }
    let emulator = emulator(AuthMode::Lenient);
    let request = TestRequest {
        method: "POST".to_owned(),
        ..get("/latest/unknown")
    };
    let reply = request.ask(&emulator);
    assert!(reply.headers.contains(&("allow", "GET, HEAD".into())));
    let found = get("/latest/meta-data/region-id").ask(&emulator);
    assert!(found.headers.iter().all(|(name, _)| *name != "allow"));
}

/// A list of the secrets of Tencent Cloud, signed with the key in a document.
fn list_of_tencent(key: &Value, emulator: &Emulator) -> Value {
    let [id, secret, token] = parts(key, ["TmpSecretId", "TmpSecretKey", "Token"]);
    let list = request("ListSecrets", &json!({"Limit": 100})).header("X-TC-Token", token);
    let reply = list.sign_tc3(id, secret, now()).ask(emulator);
    let mut body: Value = serde_json::from_slice(&reply.body).unwrap();
    body["Response"].take()
}

#[test]
fn metadata_of_cvm_has_the_key_of_a_role_that_lists_secrets() {
    let emulator = emulator(AuthMode::Strict);
    for directory in ["security-credentials", "service-role-security-credentials"] {
        for start in ["/latest/meta-data", "/meta-data"] {
            let roles = format!("{start}/cam/{directory}/");
            assert_eq!(read(&roles, &emulator), (200, "kms-emulator".to_owned()));
            let without_slash = roles.trim_end_matches('/');
            assert_eq!(read(without_slash, &emulator).1, "kms-emulator");
            let key = json_of(&format!("{roles}TKE_QCSRole"), &emulator);
            assert_eq!(key["Code"], "Success");
            let names: BTreeSet<_> = key
                .as_object()
                .unwrap()
                .keys()
                .map(|name| &**name)
                .collect();
            let expected = [
                "Code",
                "Expiration",
                "ExpiredTime",
                "TmpSecretId",
                "TmpSecretKey",
                "Token",
            ];
            assert_eq!(names, BTreeSet::from(expected));
            let expiration = key["Expiration"].as_str().unwrap();
            let expiration = DateTime::parse_from_rfc3339(expiration).unwrap();
            assert_eq!(key["ExpiredTime"], expiration.timestamp());
            assert_eq!(expiration, now() + TimeDelta::hours(6));
            assert_eq!(list_of_tencent(&key, &emulator)["TotalCount"], 6);
            for role in ["a%20b", "a/b", &"r".repeat(129)] {
                assert_eq!(read(&format!("{roles}{role}"), &emulator).0, 404, "{role}");
            }
        }
    }
}

#[test]
fn a_key_of_the_metadata_of_cvm_expires_by_the_clock() {
    let controlled = Controlled::empty();
    let path = "/latest/meta-data/cam/security-credentials/kms-emulator";
    let key = json_of(path, &controlled.emulator);
    let code = || {
        let listed = list_of_tencent(&key, &controlled.emulator);
        let code = listed["Error"]["Code"].as_str();
        code.unwrap_or("OK").to_owned()
    };
    controlled
        .clock
        .set(now() + TimeDelta::hours(6) - TimeDelta::seconds(1));
    assert_eq!(code(), "OK");
    controlled.clock.set(now() + TimeDelta::hours(6));
    assert_eq!(code(), "AuthFailure.TokenFailure");
}

#[test]
fn the_host_selects_the_metadata_service_for_paths_that_both_have() {
    let emulator = emulator(AuthMode::Strict);
    let at = |host: &str, path: &str| {
        let reply = get(path).header("Host", host).ask(&emulator);
        (reply.status, text(&reply))
    };
    for host in [
        "metadata.tencentyun.com",
        "METADATA.tencentyun.com:80",
        "169.254.0.23",
    ] {
        for (path, expected) in [
            ("/latest/meta-data/instance-id", "ins-kmsemu01"),
            ("/latest/meta-data/placement/region", "ap-guangzhou"),
            ("/meta-data/placement/zone", "ap-guangzhou-1"),
            ("/latest/meta-data/", "cam/\ninstance-id\nplacement/"),
            (
                "/latest/meta-data/cam/security-credentials/",
                "kms-emulator",
            ),
        ] {
            assert_eq!(at(host, path), (200, expected.to_owned()), "{host} {path}");
        }
        assert_eq!(at(host, "/latest/meta-data/unknown").0, 404);
        assert_eq!(
            at(host, "/latest/meta-data/ram/security-credentials/").0,
            404
        );
    }
    for host in ["100.100.100.200", "127.0.0.1:8080"] {
        let (status, id) = at(host, "/latest/meta-data/instance-id");
        assert_eq!((status, &id[..2]), (200, "i-"));
    }
}

#[test]
fn a_credentials_uri_has_a_key_of_the_account_or_tenant_that_it_names() {
    let controlled = Controlled::with(emulator(AuthMode::Strict));
    let issue = |query: &str| controlled.ok("GET", &format!("credentials{query}"), "");
    let listed = |key: &Value| list_of_alibaba(parts(key, ALIBABA), &controlled.emulator);
    let key = issue("");
    assert_eq!(key["Code"], "Success");
    assert_eq!(key["Expiration"], "2026-01-02T04:04:05Z");
    assert_eq!(listed(&key).1["TotalCount"], 8);
    let key = issue("?account=2000000000000000");
    assert_eq!(listed(&key).1["TotalCount"], 0);

    let tenant = controlled.ok("POST", "tenants", r#"{"start_fixtures":false}"#);
    let account = tenant["account"].as_str().unwrap();
    let key = issue(&format!("?tenant={account}"));
    assert_eq!(listed(&key).1["TotalCount"], 0);
    let key = issue(&format!("?account=1000000000000000&tenant={account}"));
    assert_eq!(listed(&key).1["TotalCount"], 0);
    controlled.ok("DELETE", &format!("tenants/{account}"), "");
    assert_eq!(
        (listed(&key).0, &listed(&key).1["Code"]),
        (404, &json!("InvalidAccessKeyId.NotFound"))
    );
    for (query, code) in [
        (format!("?tenant={account}"), "TenantNotFound"),
        ("?tenant=1000000000000000".to_owned(), "TenantNotFound"),
        ("?account=1".to_owned(), "InvalidParameter"),
        ("?account=".to_owned(), "InvalidParameter"),
        ("?other=1".to_owned(), "InvalidParameter"),
    ] {
        let (status, error, _) = controlled.error("GET", &format!("credentials{query}"), "");
        assert!(status >= 400, "{query}");
        assert_eq!(error, code, "{query}");
    }
}

#[test]
fn a_key_of_a_credentials_uri_expires_by_the_clock_of_the_tenant() {
    let controlled = Controlled::new();
    let account = controlled.tenant_frozen_at("2030-01-01");
    let key = controlled.ok("GET", &format!("credentials?tenant={account}"), "");
    assert_eq!(key["Expiration"], "2030-01-01T01:00:00Z");
    let status = || list_of_alibaba(parts(&key, ALIBABA), &controlled.emulator).0;
    assert_eq!(status(), 200);
    let advance = format!("clock/advance?account={account}");
    controlled.ok("POST", &advance, r#"{"by":"1h"}"#);
    assert_eq!(status(), 404);
}
