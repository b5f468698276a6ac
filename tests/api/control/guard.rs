//! Who may ask for what, through which door.

use kms_emulator::context::AuthMode;
use kms_emulator::emulator::{Door, Emulator};
use kms_emulator::wire::WireRequest;
use serde_json::Value;

use super::through;
use crate::support::emulator;

const LOOPBACK: Door = Door {
    loopback: true,
    clouds: true,
    controls: true,
};

/// The status and the code of the answer, of whatever dialect.
fn ask(
    emulator: &Emulator,
    door: Door,
    target: &str,
    method: &str,
    headers: &[(&str, &str)],
) -> (u16, String) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let reply = through(
        emulator,
        door,
        &WireRequest {
            method,
            path,
            query,
            headers: headers.to_vec(),
            body: Ok(b""),
        },
    );
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let code = body["code"]
        .as_str()
        .or(body["Code"].as_str())
        .unwrap_or("OK");
    (reply.status, code.to_owned())
}

#[test]
fn on_a_loopback_address_only_this_machines_names_are_answered() {
    let mut emulator = emulator(AuthMode::Lenient);
    emulator.names = vec!["kms.test".into()];
    let refused = (403, "HostNotAllowed".to_owned());
    let answered = (200, "OK".to_owned());
    for target in [
        "/?Action=ListSecrets",
        "/_emulator/ready",
        "/_emulator/journal",
    ] {
        for (host, expected) in [
            ("localhost:8080", &answered),
            ("kms.test", &answered),
            ("kms.cn-hangzhou.aliyuncs.com", &answered),
            ("evil.example", &refused),
        ] {
            let headers = [("host", host)];
            assert_eq!(
                ask(&emulator, LOOPBACK, target, "GET", &headers),
                *expected,
                "{target} {host}"
            );
            assert_eq!(
                ask(&emulator, Door::default(), target, "GET", &headers),
                answered,
                "elsewhere any name will do"
            );
        }
    }
}

#[test]
fn a_strangers_page_changes_nothing() {
    let emulator = emulator(AuthMode::Lenient);
    let create = "/?Action=CreateSecret&SecretName=a&VersionId=v1&SecretData=x";
    let claimed =
        "/?Action=CreateSecret&SecretName=a&VersionId=v1&SecretData=x&AccessKeyId=me&Signature=x";
    let refused = (403, "CrossSiteRequest".to_owned());
    let origin = [
        ("origin", "https://evil.example"),
        ("host", "localhost:8080"),
    ];
    let fetched = [("sec-fetch-site", "cross-site"), ("host", "localhost:8080")];
    for headers in [&origin[..], &fetched[..]] {
        for (target, method) in [
            (create, "GET"),
            (create, "POST"),
            (claimed, "GET"),
            ("/_emulator/reset", "POST"),
            ("/_emulator/faults", "DELETE"),
            ("/_emulator/journal/events", "GET"),
        ] {
            assert_eq!(
                ask(&emulator, LOOPBACK, target, method, headers),
                refused,
                "{method} {target}"
            );
        }
        // It may ask, and its browser will not let it read the answer.
        assert_eq!(
            ask(&emulator, LOOPBACK, "/?Action=ListSecrets", "GET", headers).0,
            200
        );
    }
    let own = [
        ("sec-fetch-site", "same-origin"),
        ("origin", "http://localhost:8080"),
        ("host", "localhost:8080"),
    ];
    assert_eq!(
        ask(&emulator, LOOPBACK, "/_emulator/reset", "POST", &own).0,
        200
    );
    assert_eq!(ask(&emulator, LOOPBACK, create, "GET", &own).0, 200);
}

#[test]
fn a_token_protects_the_controls() {
    let mut emulator = emulator(AuthMode::Lenient);
    emulator.control_token = Some(kms_emulator::credentials::SecretKey::new("open sesame"));
    let with = |token: &str| {
        let header = format!("Bearer {token}");
        let headers = [("authorization", &*header)];
        ask(
            &emulator,
            Door::default(),
            "/_emulator/journal",
            "GET",
            &headers,
        )
    };
    assert_eq!(with("open sesame"), (200, "OK".into()));
    let refused = (401, "Unauthorized".to_owned());
    assert_eq!(with("open"), refused);
    assert_eq!(
        ask(&emulator, Door::default(), "/_emulator/journal", "GET", &[]),
        refused
    );
    for open in ["/_emulator/health", "/_emulator/ready"] {
        assert_eq!(
            ask(&emulator, Door::default(), open, "GET", &[]).0,
            200,
            "{open}"
        );
    }
    assert_eq!(
        ask(
            &emulator,
            Door::default(),
            "/?Action=ListSecrets",
            "GET",
            &[]
        )
        .0,
        200
    );
}

#[test]
fn a_door_serves_what_it_is_for() {
    let emulator = emulator(AuthMode::Lenient);
    let clouds = Door {
        controls: false,
        ..Door::default()
    };
    let controls = Door {
        clouds: false,
        ..Door::default()
    };
    for (door, target, status) in [
        (clouds, "/?Action=ListSecrets", 200),
        (clouds, "/_emulator/health", 200),
        (clouds, "/_emulator/ready", 200),
        (clouds, "/_emulator/journal", 404),
        (clouds, "/_emulator/openapi.json", 404),
        (controls, "/_emulator/journal", 200),
        (controls, "/?Action=ListSecrets", 404),
    ] {
        assert_eq!(
            ask(&emulator, door, target, "GET", &[]).0,
            status,
            "{target}"
        );
    }
}

#[test]
fn nothing_is_done_for_who_is_refused() {
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
            LOOPBACK,
            "/?Action=ListSecrets",
            "GET",
            &[("host", host)],
        )
        .0
    };
    assert_eq!((from("evil.example"), held()), (403, 1));
    assert_eq!((from("localhost"), held()), (200, 0));
}
