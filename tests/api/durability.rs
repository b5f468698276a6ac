//! Writes are atomic and isolated, and acknowledged writes survive the end of the process at any
//! time.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::deadline::{PATIENCE, eventually, wait};
use crate::process::Running;
use crate::support::TestRequest;

/// A client with its own connection.
struct Client {
    agent: ureq::Agent,
    address: String,
}

impl Client {
    fn of(server: &Running) -> Self {
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .build();
        Self {
            agent: agent.into(),
            address: server.address.clone(),
        }
    }

    /// The body of the reply, or `None` when the connection ended without one.
    fn call(&self, action: &str, parameters: &[(&str, &str)]) -> Option<Value> {
        let mut request = TestRequest::get(&format!("Action={action}"));
        for (name, value) in parameters {
            request.add_to_query(name, value);
        }
        let url = format!("http://{}/?{}", self.address, request.query);
        let mut reply = self.agent.get(url).call().ok()?;
        let text = reply.body_mut().read_to_string().ok()?;
        serde_json::from_str(&text).ok()
    }

    /// The body of a successful reply.
    #[track_caller]
    fn ok(&self, action: &str, parameters: &[(&str, &str)]) -> Value {
        let reply = self.call(action, parameters).expect("an answer");
        assert!(
            reply.get("Code").is_none(),
            "{action} {parameters:?}: {reply}"
        );
        reply
    }
}

/// Checks the invariants of a secret's versions and returns them.
fn versions(client: &Client, name: &str) -> Vec<(String, Vec<String>)> {
    let listed = client.ok(
        "ListSecretVersionIds",
        &[("SecretName", name), ("IncludeDeprecated", "true")],
    );
    let versions: Vec<(String, Vec<String>)> = listed["VersionIds"]["VersionId"]
        .as_array()
        .unwrap()
        .iter()
        .map(|version| {
            let id = version["VersionId"].as_str().unwrap().to_owned();
            let stages = serde_json::from_value(version["VersionStages"]["VersionStage"].clone());
            (id, stages.unwrap())
        })
        .collect();
    assert!((1..=10).contains(&versions.len()), "{versions:?}");
    let labels: Vec<&String> = versions.iter().flat_map(|(_, stages)| stages).collect();
    let distinct: BTreeSet<_> = labels.iter().collect();
    assert_eq!(
        distinct.len(),
        labels.len(),
        "each label once: {versions:?}"
    );
    assert_eq!(
        labels
            .iter()
            .filter(|label| **label == "ACSCurrent")
            .count(),
        1,
        "{versions:?}"
    );
    assert!(labels.len() <= 8, "{versions:?}");
    versions
}

#[test]
fn concurrent_writers_lose_no_update_and_break_no_invariant() {
    const WRITERS: usize = 8;
    const ROUNDS: usize = 15;
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("kms.db");
    for database in [
        &["--log", "warn"][..],
        &["--log", "warn", "--database", file.to_str().unwrap()],
    ] {
        let server = Running::with(database);
        let secret = ("SecretName", "shared");
        Client::of(&server).ok(
            "CreateSecret",
            &[secret, ("VersionId", "first"), ("SecretData", "x")],
        );
        let created = AtomicUsize::new(0);
        std::thread::scope(|threads| {
            for writer in 0..WRITERS {
                let (server, created) = (&server, &created);
                threads.spawn(move || {
                    let client = Client::of(server);
                    for round in 0..ROUNDS {
                        let id = format!("w{writer}-{round}");
                        client.ok(
                            "PutSecretValue",
                            &[secret, ("VersionId", &id), ("SecretData", &id)],
                        );
                        // The call fails if the version was already removed as the oldest one.
                        client.call(
                            "UpdateSecretVersionStage",
                            &[secret, ("VersionStage", "Mine"), ("MoveToVersion", &id)],
                        );
                        // Two tags per writer make 16, below the limit of 20.
                        let tags =
                            json!([{"TagKey": format!("w{writer}-{}", round % 2), "TagValue": id}]);
                        client.ok("TagResource", &[secret, ("Tags", &tags.to_string())]);
                        versions(&client, "shared");
                        let won = client.call(
                            "CreateSecret",
                            &[
                                ("SecretName", &format!("raced/{round}")),
                                ("VersionId", &id),
                                ("SecretData", &id),
                            ],
                        );
                        if won.unwrap().get("Code").is_none() {
                            created.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                });
            }
        });
        assert_eq!(
            created.load(Ordering::Relaxed),
            ROUNDS,
            "each name was created once"
        );
        let client = Client::of(&server);
        assert_eq!(versions(&client, "shared").len(), 10);
        let described = client.ok("DescribeSecret", &[secret, ("FetchTags", "true")]);
        let tags: BTreeSet<(String, String)> = described["Tags"]["Tag"]
            .as_array()
            .unwrap()
            .iter()
            .map(|tag| {
                (
                    tag["TagKey"].as_str().unwrap().to_owned(),
                    tag["TagValue"].as_str().unwrap().to_owned(),
                )
            })
            .collect();
        let expected = (0..WRITERS)
            .flat_map(|writer| {
                [ROUNDS - 2, ROUNDS - 1].map(|round| {
                    (
                        format!("w{writer}-{}", round % 2),
                        format!("w{writer}-{round}"),
                    )
                })
            })
            .collect();
        assert_eq!(tags, expected);
        let listed = client.ok("ListSecrets", &[("PageSize", "100")]);
        assert_eq!(listed["TotalCount"], ROUNDS + 1);
    }
}

/// Acknowledged writes: for each secret its last version, or `None` if it was deleted.
type Acknowledged = Vec<(String, Option<String>)>;

#[test]
fn acknowledged_writes_survive_sigkill() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("kms.db");
    let arguments = ["--log", "warn", "--database", file.to_str().unwrap()];
    let mut all: Acknowledged = Vec::new();
    for generation in 0..5 {
        let mut server = Running::with(&arguments);
        let enough = AtomicUsize::new(0);
        let written: Vec<Acknowledged> = std::thread::scope(|threads| {
            // So many that changes wait for each other and are committed together.
            let writers: Vec<_> = (0..16)
                .map(|writer| {
                    let (client, enough) = (Client::of(&server), &enough);
                    threads
                        .spawn(move || write(&client, &format!("g{generation}/w{writer}"), enough))
                })
                .collect();
            // The process is killed after a number of writes, which differs in each round.
            let (wanted, done) = (160 + generation * 7, || enough.load(Ordering::Acquire));
            let reached = eventually(|| done() >= wanted);
            // Writers continue until their connections fail.
            server.signal("KILL");
            let count = done();
            assert!(
                reached,
                "waited {PATIENCE:?} for {wanted} writes; {count} were acknowledged"
            );
            writers
                .into_iter()
                .map(|writer| writer.join().unwrap())
                .collect()
        });
        wait(&mut server.child, "the end of a server after SIGKILL");
        all.extend(written.into_iter().flatten());
        check_file(&file);
        let server = Running::with(&arguments);
        check(&Client::of(&server), &all);
    }
    assert!(all.len() > 50, "only {} secrets were written", all.len());
}

/// Creates secrets, adds versions and deletes some secrets, until the server is gone. Some requests fail, while
/// those of other writers succeed.
fn write(client: &Client, prefix: &str, acknowledgements: &AtomicUsize) -> Acknowledged {
    let mut done = Acknowledged::new();
    for number in 0.. {
        let name = format!("{prefix}/{number}");
        let secret = ("SecretName", &*name);
        let mut steps = vec![("CreateSecret", "v1"), ("PutSecretValue", "v2")];
        if number % 3 == 0 {
            steps.push(("DeleteSecret", ""));
        }
        for (action, id) in steps {
            let force = ("ForceDeleteWithoutRecovery", "true");
            let data = format!("{name} {id}");
            let reply = client.call(
                action,
                &[secret, ("VersionId", id), ("SecretData", &data), force],
            );
            let Some(reply) = reply else { return done };
            assert!(reply.get("Code").is_none(), "{reply}");
            let state = (action != "DeleteSecret").then(|| id.to_owned());
            match done.last_mut() {
                Some((last, known)) if *last == name => *known = state,
                _ => done.push((name.clone(), state)),
            }
            acknowledgements.fetch_add(1, Ordering::Release);
        }
        let version = ("VersionId", "v3");
        let refused = client.call(
            "PutSecretValue",
            &[("SecretName", "absent"), version, ("SecretData", "x")],
        );
        let Some(refused) = refused else { return done };
        assert_eq!(refused["Code"], "Forbidden.ResourceNotFound", "{refused}");
    }
    done
}

fn check(client: &Client, acknowledged: &Acknowledged) {
    let mut known = BTreeSet::new();
    for (name, state) in acknowledged {
        let secret = ("SecretName", &**name);
        // A deletion that was not acknowledged may still have happened.
        let Some(id) = state else {
            let reply = client.call("GetSecretValue", &[secret]).unwrap();
            assert_eq!(reply["Code"], "Forbidden.ResourceNotFound", "{name}");
            continue;
        };
        let reply = client
            .call("GetSecretValue", &[secret, ("VersionId", id)])
            .unwrap();
        if reply.get("Code").is_none() {
            assert_eq!(reply["SecretData"], format!("{name} {id}"));
            versions(client, name);
            known.insert(name.clone());
        } else {
            let number: u32 = name.rsplit('/').next().unwrap().parse().unwrap();
            assert!(
                id == "v2" && number.is_multiple_of(3),
                "{name} {id}: {reply}"
            );
        }
    }
    let mut listed = BTreeSet::new();
    for page in 1.. {
        let reply = client.ok(
            "ListSecrets",
            &[("PageSize", "100"), ("PageNumber", &page.to_string())],
        );
        let names = reply["SecretList"]["Secret"].as_array().unwrap();
        if names.is_empty() {
            assert_eq!(reply["TotalCount"], listed.len());
            break;
        }
        listed.extend(
            names
                .iter()
                .map(|secret| secret["SecretName"].as_str().unwrap().to_owned()),
        );
    }
    assert!(known.is_subset(&listed), "{:?}", known.difference(&listed));
}

fn check_file(path: &Path) {
    let connection = rusqlite::Connection::open(path).unwrap();
    let found: String = connection
        .pragma_query_value(None, "integrity_check", |row| row.get(0))
        .unwrap();
    assert_eq!(found, "ok");
    let broken: Option<String> = connection
        .prepare("PRAGMA foreign_key_check")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .next()
        .transpose()
        .unwrap();
    assert_eq!(broken, None);
}
