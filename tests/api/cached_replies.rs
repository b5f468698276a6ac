//! Repeated reads: the second and later ones may be answered from the cache of replies.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use chrono::TimeDelta;
use kms_emulator::store::Store;
use serde_json::{Value, json};

use crate::alibaba::session::Session;
use crate::support::{TestRequest, now};
use crate::tencent;

/// The number of equal requests after which the cache has stored a reply and used it.
const REPEATED: usize = 4;

const LIST: &str = "Action=ListSecrets&FetchTags=true&PageSize=5";
const VALUE: &str = "Action=GetSecretValue&SecretName=a";

/// The repeated reads of both clouds.
fn reads() -> Vec<TestRequest> {
    let of_tencent = [
        ("ListSecrets", json!({"Limit": 5})),
        (
            "GetSecretValue",
            json!({"SecretName": "t", "VersionId": "v1"}),
        ),
    ];
    let of_alibaba = [LIST, VALUE]
        .into_iter()
        .flat_map(|query| [query.to_owned(), format!("{query}&Format=XML")]);
    of_alibaba
        .map(|query| TestRequest::get(&query))
        .chain(
            of_tencent.map(|(action, parameters)| tencent::session::request(action, &parameters)),
        )
        .collect()
}

/// The bodies of some equal requests, without request ids, which must differ.
fn repeated(session: &Session, request: &TestRequest) -> Vec<String> {
    let mut ids = Vec::new();
    let bodies = (0..REPEATED).map(|_| {
        let reply = request.ask(&session.emulator);
        let body = String::from_utf8(reply.body.to_vec()).unwrap();
        let start = body.find("RequestId").unwrap();
        let length = "00000000-0000-4000-8000-000000000001".len();
        let start = start + body[start..].find("0000").unwrap();
        ids.push(body[start..start + length].to_owned());
        body.replace(&ids[ids.len() - 1], "{id}")
    });
    let bodies = bodies.collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), REPEATED, "{ids:?}");
    bodies
}

fn session() -> Session {
    let session = Session::new();
    for name in ["a", "b"] {
        session.create(name);
    }
    session.ok(
        "TagResource",
        &[
            ("SecretName", "b"),
            ("Tags", r#"[{"TagKey":"k","TagValue":"v"}]"#),
        ],
    );
    let create = json!({"SecretName": "t", "VersionId": "v1", "SecretString": "one"});
    tencent_ok(&session, "CreateSecret", &create);
    session
}

fn tencent_ok(session: &Session, action: &str, parameters: &Value) {
    let reply = tencent::session::request(action, parameters).ask(&session.emulator);
    let body: Value = serde_json::from_slice(&reply.body).unwrap();
    assert_eq!(body["Response"]["Error"], Value::Null, "{action}: {body}");
}

#[test]
fn a_repeated_read_has_the_same_reply_with_its_own_request_id() {
    let session = session();
    for request in reads() {
        let bodies = repeated(&session, &request);
        assert!(
            bodies.windows(2).all(|pair| pair[0] == pair[1]),
            "{bodies:?}"
        );
    }
}

#[test]
fn every_change_is_in_the_next_reply() {
    let session = session();
    let control = |method: &str, path: &str, body: &str| {
        let wire = kms_emulator::http::wire::WireRequest::new(
            method,
            &format!("/_emulator/{path}"),
            "",
            [("host", "127.0.0.1:8080")],
            Ok(bytes::Bytes::copy_from_slice(body.as_bytes())),
        );
        let reply = kms_emulator::router::handle(&session.emulator, &wire);
        assert!(reply.status < 300, "{path}: {:?}", reply.body);
    };
    let ok = |action: &str, parameters: &[(&str, &str)]| {
        session.ok(action, parameters);
    };
    let [lists, xml_lists, values, _, tencent_lists, tencent_values] =
        <[TestRequest; 6]>::try_from(reads()).ok().unwrap();
    // Each change alters the replies to the request next to it.
    let changes: [(&str, &TestRequest, &dyn Fn()); 16] = [
        ("CreateSecret", &lists, &|| session.create("c")),
        ("PutSecretValue", &values, &|| session.put("a", "v2")),
        ("UpdateSecretVersionStage", &values, &|| {
            ok(
                "UpdateSecretVersionStage",
                &[
                    ("SecretName", "a"),
                    ("VersionStage", "ACSCurrent"),
                    ("RemoveFromVersion", "v2"),
                    ("MoveToVersion", "v1"),
                ],
            );
        }),
        ("UpdateSecret", &lists, &|| {
            session.advance(TimeDelta::seconds(5));
            ok("UpdateSecret", &[("SecretName", "a"), ("Description", "x")]);
        }),
        ("TagResource", &xml_lists, &|| {
            ok(
                "TagResource",
                &[
                    ("SecretName", "a"),
                    ("Tags", r#"[{"TagKey":"n","TagValue":"1"}]"#),
                ],
            );
        }),
        ("UntagResource", &lists, &|| {
            ok(
                "UntagResource",
                &[("SecretName", "a"), ("TagKeys", r#"["n"]"#)],
            );
        }),
        ("DeleteSecret", &lists, &|| {
            ok(
                "DeleteSecret",
                &[("SecretName", "b"), ("RecoveryWindowInDays", "7")],
            );
        }),
        ("PUT snapshots", &lists, &|| {
            control("PUT", "snapshots/s", "");
            ok("RestoreSecret", &[("SecretName", "b")]);
        }),
        ("POST restore", &lists, &|| {
            control("POST", "snapshots/s/restore", "");
        }),
        ("end of the recovery window", &lists, &|| {
            session.advance(TimeDelta::days(8));
        }),
        ("POST state", &lists, &|| {
            control("POST", "state", r#"[{"SecretName":"d"}]"#);
        }),
        ("PutSecretValue of Tencent Cloud", &tencent_lists, &|| {
            session.advance(TimeDelta::seconds(5));
            let create = json!({"SecretName": "u", "VersionId": "v1", "SecretString": "one"});
            tencent_ok(&session, "CreateSecret", &create);
        }),
        ("UpdateSecret of Tencent Cloud", &tencent_values, &|| {
            let update = json!({"SecretName": "t", "VersionId": "v1", "SecretString": "two"});
            tencent_ok(&session, "UpdateSecret", &update);
        }),
        ("DisableSecret of Tencent Cloud", &tencent_lists, &|| {
            tencent_ok(&session, "DisableSecret", &json!({"SecretName": "t"}));
        }),
        ("POST reset", &lists, &|| {
            control("POST", "reset", r#"{"cloud":"alibaba"}"#);
        }),
        ("POST reset of all", &tencent_lists, &|| {
            control("POST", "reset", "");
        }),
    ];
    for (change, request, apply) in changes {
        let before = repeated(&session, request).pop();
        apply();
        let after = repeated(&session, request);
        assert!(
            after.iter().all(|body| Some(body) != before.as_ref()),
            "{change}: {before:?}"
        );
    }
}

/// The number of changes while other threads read.
const CHANGES: u64 = 150;

#[test]
fn no_reply_is_older_than_an_acknowledged_change_while_a_thread_writes() {
    let directory = tempfile::tempdir().unwrap();
    let on_file = Store::open(&directory.path().join("kms.db")).unwrap();
    for store in [Store::in_memory().unwrap(), on_file] {
        let session = Session::on(store, now());
        let acknowledged = AtomicU64::new(0);
        let total = || {
            let reply = TestRequest::get("Action=ListSecrets&PageSize=1").ask(&session.emulator);
            let body: Value = serde_json::from_slice(&reply.body).unwrap();
            body["TotalCount"].as_u64().unwrap()
        };
        thread::scope(|threads| {
            for _ in 0..3 {
                threads.spawn(|| {
                    let mut last = 0;
                    while last < CHANGES {
                        let acknowledged = acknowledged.load(Ordering::SeqCst);
                        let found = total();
                        assert!(found >= acknowledged, "{found} of {acknowledged}");
                        assert!(found >= last, "{found} after {last}");
                        last = found;
                    }
                });
            }
            for number in 1..=CHANGES {
                session.create(&number.to_string());
                acknowledged.store(number, Ordering::SeqCst);
            }
        });
    }
}
