use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::DateTime;

use super::*;
use crate::model::{
    Cloud, Condition, DataType, Encryption, KmsInstance, ListedSecret, PageRequest, PartCondition,
    Rotation, Scope, ScopeSelection, Secret, SecretQuery, SecretType, SecretVersion, SortOrder,
    State, StateName, Tag,
};

mod group_commits;
mod pages;

/// The tables with the secrets of scopes.
const TABLES: [&str; 9] = [
    "secrets",
    "secret_versions",
    "version_stages",
    "secret_tags",
    "lists",
    "list_members",
    "list_markers",
    "list_blocks",
    "secret_names",
];

fn scope(account: &str) -> Scope {
    scope_on(Cloud::Alibaba, account)
}

fn scope_on(cloud: Cloud, account: &str) -> Scope {
    Scope {
        cloud,
        account: account.to_owned(),
        region: "cn-hangzhou".to_owned(),
    }
}

fn secret(name: &str, created_at: i64) -> Secret {
    let created_at = DateTime::from_timestamp(created_at, 0).unwrap();
    Secret {
        name: name.to_owned(),
        secret_type: SecretType::Generic,
        description: String::new(),
        created_at,
        updated_at: created_at,
        state: State::Enabled,
        encryption_key_id: None,
        dkms_instance_id: None,
        associated_instance_ids: Vec::new(),
        owing_service: None,
        creator: None,
        extended_config: None,
        rotation: Rotation::default(),
        tags: Vec::new(),
    }
}

fn version(version_id: &str, stages: &[&str]) -> SecretVersion {
    SecretVersion {
        version_id: version_id.to_owned(),
        created_at: DateTime::UNIX_EPOCH,
        data: "s3cret".into(),
        data_type: DataType::Text,
        stages: stages.iter().map(ToString::to_string).collect(),
    }
}

/// Removes a secret. Returns whether it existed.
fn remove(store: &WriteTransaction, scope: &Scope, name: &str) -> Result<bool, StoreError> {
    let Some((id, secret)) = store.secret(scope, name)? else {
        return Ok(false);
    };
    store.remove_secret(id, &secret)?;
    Ok(true)
}

fn with_versions(secret: &Secret, versions: &[SecretVersion]) -> StoredSecret {
    StoredSecret {
        secret: secret.clone(),
        versions: versions.to_vec(),
        policy: None,
    }
}

fn put(store: &Store, scope: &Scope, secret: &Secret) {
    store
        .write(|store| store.replace_secrets(scope, &[with_versions(secret, &[])]))
        .unwrap();
}

fn list(store: &Store, scope: &Scope, query: &SecretQuery) -> (Vec<ListedSecret>, u64) {
    let page = store
        .read(|store| store.list_secrets(scope, query))
        .unwrap();
    (page.items, page.total)
}

fn everything(offset: u64, limit: u32) -> SecretQuery {
    SecretQuery {
        conditions: vec![],
        parts: vec![],
        order: SortOrder::OldestFirst,
        page: PageRequest { offset, limit },
        with_tags: true,
        with_details: false,
    }
}

fn find(store: &Store, scope: &Scope, name: &str) -> Option<Secret> {
    let found = store.read(|store| store.secret(scope, name)).unwrap();
    found.map(|(_, secret)| secret)
}

/// A secret as the result of a query.
fn listed(secret: Secret, query: &SecretQuery) -> ListedSecret {
    let tags = secret.tags.clone();
    let mut listed = ListedSecret::new(secret, query.with_details);
    if query.with_tags {
        listed.tags = tags;
    }
    listed
}

fn names(secrets: &[ListedSecret]) -> Vec<&str> {
    secrets.iter().map(|secret| secret.name.as_str()).collect()
}

fn assert_intact(store: &Store) {
    let faults = store
        .read(|store| {
            let faults = [
                lists::check(store.connection)?,
                names::check(store.connection)?,
            ];
            Ok::<_, StoreError>(faults)
        })
        .unwrap();
    assert_eq!(faults, [None, None]);
}

#[test]
fn secrets_are_listed_by_creation_time_then_name() {
    let store = Store::in_memory().unwrap();
    for (name, created_at) in [("b", 20), ("z", 10), ("a", 20), ("old", -5)] {
        put(&store, &scope("1"), &secret(name, created_at));
    }
    let (secrets, total) = list(&store, &scope("1"), &everything(0, 10));
    assert_eq!(names(&secrets), ["old", "z", "a", "b"]);
    assert_eq!(total, 4);
}

#[test]
fn a_scope_sees_only_its_own_secrets() {
    let store = Store::in_memory().unwrap();
    put(&store, &scope("1"), &secret("one", 0));
    put(&store, &scope("2"), &secret("two", 0));
    let elsewhere = Scope {
        region: "cn-beijing".to_owned(),
        ..scope("1")
    };
    put(&store, &elsewhere, &secret("three", 0));
    assert_eq!(
        names(&list(&store, &scope("1"), &everything(0, 10)).0),
        ["one"]
    );
    assert_eq!(
        names(&list(&store, &scope("2"), &everything(0, 10)).0),
        ["two"]
    );
    assert_eq!(
        names(&list(&store, &elsewhere, &everything(0, 10)).0),
        ["three"]
    );
    assert_eq!(list(&store, &scope("4"), &everything(0, 10)), (vec![], 0));
    let counts = store.read(|store| store.count_secrets()).unwrap();
    let counts: Vec<_> = counts
        .iter()
        .map(|count| (&*count.account, &*count.region, count.secrets))
        .collect();
    assert_eq!(
        counts,
        [
            ("1", "cn-beijing", 1),
            ("1", "cn-hangzhou", 1),
            ("2", "cn-hangzhou", 1)
        ]
    );
}

#[test]
fn a_part_longer_than_every_text_finds_nothing_but_the_other_parts_do() {
    let store = Store::in_memory().unwrap();
    put(&store, &scope("1"), &secret("one", 0));
    let long = "one".repeat(64 * 1024);
    for (parts, expected) in [(vec![&*long], 0), (vec![&long, "one"], 1)] {
        let parts: Vec<_> = parts.into_iter().map(str::to_owned).collect();
        let query = SecretQuery {
            parts: vec![PartCondition::Name(parts.clone())],
            ..everything(0, 10)
        };
        assert_eq!(list(&store, &scope("1"), &query).1, expected);
        let found = store
            .read(|store| store.text_with_part(&scope("1"), PartCondition::Name(parts)))
            .unwrap();
        assert_eq!(found.is_some(), expected == 1);
    }
}

#[test]
fn a_secret_is_read_as_it_was_stored() {
    let store = Store::in_memory().unwrap();
    let stored = Secret {
        secret_type: SecretType::RamCredentials,
        description: "密码 \u{1} 'quoted'".to_owned(),
        updated_at: DateTime::from_timestamp(99, 0).unwrap(),
        state: State::PendingDeletion {
            planned_delete_at: DateTime::from_timestamp(1000, 0).unwrap(),
        },
        encryption_key_id: Some("key".to_owned()),
        dkms_instance_id: Some("kst".to_owned()),
        owing_service: Some("ecs".to_owned()),
        creator: Some("me".to_owned()),
        tags: vec![
            Tag {
                key: "z".to_owned(),
                value: "same".to_owned(),
            },
            Tag {
                key: "a".to_owned(),
                value: "same".to_owned(),
            },
        ],
        ..secret("whole", 42)
    };
    put(&store, &scope("1"), &stored);
    assert_eq!(find(&store, &scope("1"), "whole"), Some(stored.clone()));
    for with_tags in [false, true] {
        for with_details in [false, true] {
            let query = SecretQuery {
                with_tags,
                with_details,
                ..everything(0, 10)
            };
            let expected = (vec![listed(stored.clone(), &query)], 1);
            assert_eq!(list(&store, &scope("1"), &query), expected);
        }
    }
}

#[test]
fn replacing_a_secret_removes_all_rows_of_the_old_one() {
    let store = Store::in_memory().unwrap();
    let tag = |key: &str| {
        vec![Tag {
            key: key.to_owned(),
            value: String::new(),
        }]
    };
    let versions = [
        version("v1", &["ACSPrevious"]),
        version("v2", &["ACSCurrent"]),
    ];
    let before = Secret {
        tags: tag("before"),
        ..secret("s", 1)
    };
    let after = Secret {
        tags: tag("after"),
        ..secret("s", 2)
    };
    store
        .write(|store| store.replace_secrets(&scope("1"), &[with_versions(&before, &versions)]))
        .unwrap();
    store
        .write(|store| store.replace_secrets(&scope("1"), &[with_versions(&after, &versions[1..])]))
        .unwrap();
    let by_tag = |key: &str| SecretQuery {
        conditions: vec![Condition::TagKey(vec![key.to_owned()])],
        ..everything(0, 10)
    };
    assert_eq!(list(&store, &scope("1"), &by_tag("before")), (vec![], 0));
    let query = by_tag("after");
    let expected = (vec![listed(after, &query)], 1);
    assert_eq!(list(&store, &scope("1"), &query), expected);
    let rows = |table: &str| {
        store
            .read(|store| {
                let sql = format!("SELECT count(*) FROM {table}");
                Ok::<_, StoreError>(
                    store
                        .connection
                        .query_row(&sql, [], |row| row.get::<_, u64>(0))?,
                )
            })
            .unwrap()
    };
    assert_eq!(
        ["secret_versions", "version_stages", "secret_tags"].map(rows),
        [1, 1, 1]
    );
    assert!(
        store
            .write(|store| remove(store, &scope("1"), "s"))
            .unwrap()
    );
    assert!(
        !store
            .write(|store| remove(store, &scope("1"), "s"))
            .unwrap()
    );
    assert_eq!(TABLES.map(rows), [0; 9]);
}

#[test]
fn a_failed_change_changes_nothing() {
    let store = Store::in_memory().unwrap();
    put(&store, &scope("1"), &secret("kept", 0));
    let result: Result<(), StoreError> = store.write(|store| {
        store.replace_secrets(&scope("1"), &[with_versions(&secret("new", 1), &[])])?;
        remove(store, &scope("1"), "kept")?;
        Err(StoreError::Sqlite(rusqlite::Error::InvalidQuery))
    });
    assert!(result.is_err());
    assert_eq!(
        names(&list(&store, &scope("1"), &everything(0, 10)).0),
        ["kept"]
    );
    assert_intact(&store);
}

#[test]
fn what_a_failed_change_read_is_not_cached() {
    let store = Store::in_memory().unwrap();
    let tagged = |name| {
        let tag = Tag {
            key: "a".to_owned(),
            value: String::new(),
        };
        let secret = Secret {
            tags: vec![tag],
            ..secret(name, 1)
        };
        with_versions(&secret, &[])
    };
    // Two keys: the ids of the matching secrets are cached.
    let query = SecretQuery {
        conditions: vec![Condition::TagKey(vec!["a".to_owned(), "b".to_owned()])],
        ..everything(0, 10)
    };
    let failed: Result<(), StoreError> = store.write(|store| {
        store.replace_secrets(&scope("1"), &[tagged("x"), tagged("y")])?;
        assert_eq!(store.list_secrets(&scope("1"), &query)?.total, 2);
        Err(StoreError::Sqlite(rusqlite::Error::InvalidQuery))
    });
    assert!(failed.is_err());
    // The scope has the same number of changes again.
    store
        .write(|store| store.replace_secrets(&scope("1"), &[tagged("z")]))
        .unwrap();
    assert_eq!(names(&list(&store, &scope("1"), &query).0), ["z"]);
}

#[test]
fn a_file_keeps_its_secrets() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("kms.db");
    put(&Store::open(&path).unwrap(), &scope("1"), &secret("s", 1));
    let store = Store::open(&path).unwrap();
    assert_eq!(
        names(&list(&store, &scope("1"), &everything(0, 10)).0),
        ["s"]
    );
    let pragma = |name: &str| -> String {
        store.writer.with_connection(|writer| {
            writer
                .pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0))
                .map(|v| format!("{v:?}"))
                .unwrap()
        })
    };
    assert_eq!(pragma("journal_mode"), "Text(\"wal\")");
    assert_eq!(pragma("synchronous"), "Integer(2)");
    assert_eq!(pragma("foreign_keys"), "Integer(1)");
}

#[test]
fn emptied_scopes_are_hidden_at_once_and_garbage_collected_completely() {
    let store = Store::in_memory().unwrap();
    let counts = || {
        let count = |account: &str| store.read(|store| store.count_secrets_of(&scope(account)));
        Ok::<(u64, u64), StoreError>((count("1")?, count("2")?))
    };
    for account in ["1", "2"] {
        for number in 0..40 {
            put(
                &store,
                &scope(account),
                &secret(&number.to_string(), number),
            );
        }
    }
    let one = ScopeSelection::of_account("1");
    let emptied: Result<u64, StoreError> = store.write(|store| store.empty(&one));
    assert_eq!(emptied.unwrap(), 40);
    assert_eq!(counts().unwrap(), (0, 40));
    // The names can be used again.
    put(&store, &scope("1"), &secret("7", 7));
    let mut rounds = 0;
    while store.write(|store| store.collect_garbage(7)).unwrap() {
        rounds += 1;
    }
    assert!(rounds > 10, "{rounds}");
    assert_eq!(counts().unwrap(), (1, 40));

    let all: Result<u64, StoreError> = store.write(|store| store.empty(&ScopeSelection::default()));
    assert_eq!(all.unwrap(), 41);
    while store.write(|store| store.collect_garbage(1_000)).unwrap() {}
    let left: Result<Vec<(String, i64)>, StoreError> = store.read(|store| {
        let count = |table: &str| {
            let sql = format!("SELECT count(*) FROM {table}");
            Ok((
                table.to_owned(),
                store.connection.query_row(&sql, [], |row| row.get(0))?,
            ))
        };
        ["scopes"].into_iter().chain(TABLES).map(count).collect()
    });
    for (table, rows) in left.unwrap() {
        assert_eq!(rows, 0, "{table}");
    }
}

#[test]
fn a_spare_replaces_an_emptied_scope() {
    let store = Store::in_memory().unwrap();
    let here = scope("1");
    put(&store, &here, &secret("old", 1));
    let used = |store: &WriteTransaction| {
        store.empty(&ScopeSelection::of_account("1"))?;
        store.use_spare(&here, &here)
    };
    let make: Result<(), StoreError> = store.write(|store| {
        let place = store.begin_spare(&here)?;
        store.replace_secrets(&place, &[with_versions(&secret("new", 2), &[])])
    });
    make.unwrap();
    let found: Result<_, StoreError> = store.write(used);
    assert!(!found.unwrap(), "the spare is not finished");
    let finished: Result<(), StoreError> = store.write(|store| store.finish_spare(&here));
    finished.unwrap();
    assert_eq!(store.read(|store| store.has_spare(&here)).ok(), Some(true));
    let scopes: Result<_, StoreError> =
        store.read(|store| store.scopes(&ScopeSelection::default()));
    assert_eq!(scopes.unwrap(), [], "the spare is hidden");
    let found: Result<_, StoreError> = store.write(used);
    assert!(found.unwrap());
    let (names, total) = list(&store, &here, &everything(0, 10));
    assert_eq!((names[0].name.as_str(), total), ("new", 1));
    assert_eq!(store.read(|store| store.has_spare(&here)).ok(), Some(false));
}

#[test]
fn files_of_newer_and_unreleased_versions_and_other_programs_are_rejected_unchanged() {
    let directory = tempfile::tempdir().unwrap();
    let with_schema = |name: &str, version: i32| {
        let path = directory.path().join(name);
        drop(Store::open(&path).unwrap());
        Connection::open(&path)
            .unwrap()
            .pragma_update(None, "user_version", version)
            .unwrap();
        path
    };
    let newer = with_schema("newer.db", 1000);
    let unreleased = with_schema("unreleased.db", 7);
    let foreign = directory.path().join("foreign.db");
    Connection::open(&foreign)
        .unwrap()
        .execute_batch("CREATE TABLE theirs (x)")
        .unwrap();
    let text = directory.path().join("text.db");
    std::fs::write(
        &text,
        "not a database at all, and longer than a header of a hundred bytes would be".repeat(9),
    )
    .unwrap();
    for (path, message) in [
        (
            &newer,
            "it was written by a newer kms-emulator (schema 1000, this one supports 12)",
        ),
        (
            &unreleased,
            "it was written by a kms-emulator before 0.1.0 (schema 7, this one reads 8 and later)",
        ),
        (&foreign, "it is not a kms-emulator database"),
        (&text, "file is not a database"),
    ] {
        let before = std::fs::read(path).unwrap();
        let error = Store::open(path).err().unwrap();
        assert!(error.to_string().contains(message), "{error}");
        assert_eq!(std::fs::read(path).unwrap(), before);
        assert!(!path.with_extension("db-wal").exists());
    }
}

/// Creates a file of schema 10 with these secrets in scope 1. In it, lists have no blocks, and the last marker of a level of
/// a list has the number of members of its range.
fn file_of_schema_10(path: &Path, secrets: &[StoredSecret]) -> Connection {
    let store = Store::open(path).unwrap();
    store
        .write(|store| store.replace_secrets(&scope("1"), secrets))
        .unwrap();
    drop(store);
    let old = Connection::open(path).unwrap();
    old.execute_batch(
        "DROP TABLE list_blocks;
         ALTER TABLE list_markers DROP COLUMN block_id;
         CREATE INDEX secrets_in_list_order ON secrets
             (scope_id, created_at, name, secret_type, updated_at, state, planned_delete_at, owing_service);
         UPDATE list_markers
         SET count = (SELECT total FROM lists WHERE lists.list_id = list_markers.list_id) - ~count
         WHERE count < 0;
         PRAGMA user_version = 10;",
    )
    .unwrap();
    old
}

#[test]
fn migrations_replace_the_counts_of_the_last_ranges_of_lists_and_store_their_blocks() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("kms.db");
    let tag = Tag {
        key: "k".to_owned(),
        value: "v".to_owned(),
    };
    // The lists of this tag have other markers than the list of all secrets.
    let secrets: Vec<_> = (0..40)
        .map(|number| Secret {
            tags: if number % 3 == 1 {
                vec![tag.clone()]
            } else {
                Vec::new()
            },
            ..secret(&format!("{number:02}"), number)
        })
        .map(|secret| with_versions(&secret, &[]))
        .collect();
    drop(file_of_schema_10(&path, &secrets));
    let store = Store::open(&path).unwrap();
    put(&store, &scope("1"), &secret("40", 40));
    assert_intact(&store);
    assert_eq!(
        names(&list(&store, &scope("1"), &everything(38, 9)).0),
        ["38", "39", "40"]
    );
}

#[test]
fn a_file_is_not_migrated_while_another_connection_has_it_open() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("kms.db");
    let old = file_of_schema_10(&path, &[with_versions(&secret("s", 1), &[])]);
    let error = Store::open(&path).err().unwrap();
    assert_eq!(
        error.to_string(),
        "an older kms-emulator wrote it (schema 10, this one migrates it to 12), and another process has it open: \
         stop that process first"
    );
    let version = old.pragma_query_value(None, "user_version", |row| row.get(0));
    assert_eq!(version, Ok(10));
    drop(old);
    assert_intact(&Store::open(&path).unwrap());
}

#[test]
fn a_migration_creates_the_instances_that_secrets_name() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("kms.db");
    let in_instance = Secret {
        dkms_instance_id: Some("kst".to_owned()),
        ..secret("a", 1)
    };
    let old = file_of_schema_10(&path, &[with_versions(&in_instance, &[])]);
    old.execute_batch("DROP TABLE kms_instances; PRAGMA user_version = 9;")
        .unwrap();
    drop(old);
    let store = Store::open(&path).unwrap();
    let instance = KmsInstance {
        instance_id: "kst".to_owned(),
        is_default: false,
        details: r#"{"InstanceId":"kst"}"#.to_owned(),
    };
    let found = store.read(|store| store.kms_instances(&scope("1")));
    assert_eq!(found.unwrap(), [instance]);
}

#[test]
fn readers_see_whole_changes_while_one_thread_writes() {
    let directory = tempfile::tempdir().unwrap();
    for store in [
        Store::in_memory().unwrap(),
        Store::open(&directory.path().join("kms.db")).unwrap(),
    ] {
        let done = AtomicBool::new(false);
        std::thread::scope(|threads| {
            for _ in 0..3 {
                threads.spawn(|| {
                    while !done.load(Ordering::Relaxed) {
                        // Secrets are added and removed in pairs.
                        let (secrets, total) = list(&store, &scope("1"), &everything(0, 100));
                        assert_eq!(secrets.len() as u64, total);
                        assert_eq!(total % 2, 0);
                    }
                });
            }
            for round in 0..60 {
                store
                    .write(|store| {
                        for half in ["a", "b"] {
                            store.replace_secrets(
                                &scope("1"),
                                &[with_versions(
                                    &secret(&format!("{round}{half}"), round),
                                    &[],
                                )],
                            )?;
                            if round % 3 == 2 {
                                remove(store, &scope("1"), &format!("{}{half}", round - 1))?;
                            }
                        }
                        Ok::<(), StoreError>(())
                    })
                    .unwrap();
            }
            done.store(true, Ordering::Relaxed);
        });
        assert_intact(&store);
    }
}

#[test]
fn a_list_is_not_mixed_with_a_commit_between_the_begin_of_a_transaction_and_its_first_read() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(&directory.path().join("kms.db")).unwrap();
    let add = |name: &str| put(&store, &scope("1"), &secret(name, 0));
    add("a");
    for _ in 0..2 {
        assert_eq!(list(&store, &scope("1"), &everything(0, 100)).1, 1);
    }
    let page = store.read(|read| {
        std::thread::scope(|threads| threads.spawn(|| add("b")).join()).unwrap();
        read.list_secrets(&scope("1"), &everything(0, 100))
    });
    let page = page.unwrap();
    assert_eq!((page.items.len(), page.total), (2, 2));
}

#[test]
fn shared_lock_and_counts_do_not_wait_for_the_writer() {
    let store = Store::in_memory().unwrap();
    assert!(store.try_share().is_some());
    store
        .write(|_| {
            std::thread::scope(|threads| {
                let other =
                    threads.spawn(|| (store.try_share().is_some(), store.count_secrets_now()));
                let (is_shared, counts) = other.join().unwrap();
                assert!(!is_shared);
                assert_eq!(counts.unwrap(), []);
            });
            Ok::<_, StoreError>(())
        })
        .unwrap();
    assert!(store.try_share().is_some());
}

#[test]
fn a_thread_with_the_shared_lock_can_read_and_write() {
    let store = Store::in_memory().unwrap();
    let shared = store.try_share().unwrap();
    let again = store.try_share().unwrap();
    assert_eq!(store.read(|store| store.count_secrets()).unwrap(), []);
    drop(again);
    assert_eq!(store.read(|store| store.count_secrets()).unwrap(), []);
    // Must not deadlock.
    store.write(|_| Ok::<_, StoreError>(())).unwrap();
    drop(shared);
    store.write(|_| Ok::<_, StoreError>(())).unwrap();
}

#[test]
fn closing_the_reader_of_a_thread_closes_its_connection() {
    let directory = tempfile::tempdir().unwrap();
    let store = Store::open(&directory.path().join("kms.db")).unwrap();
    let open = |store: &mut Store| {
        let readers = store.readers.iter_mut();
        readers.filter(|reader| reader.borrow().is_some()).count()
    };
    let mut store = store;
    std::thread::scope(|threads| {
        threads.spawn(|| {
            store.read(|store| store.count_secrets()).unwrap();
            store.close_reader();
        });
    });
    assert_eq!(open(&mut store), 0);
    store.read(|store| store.count_secrets()).unwrap();
    assert_eq!(open(&mut store), 1);
}
