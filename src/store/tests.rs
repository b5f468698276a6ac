use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::DateTime;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::model::{
    Attribute, Cloud, Condition, DataType, PageRequest, Rotation, Secret, SecretQuery, SecretType,
    SecretVersion, State, Tag,
};

fn scope(account: &str) -> Scope {
    Scope {
        cloud: Cloud::Alibaba,
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
        data: "s3cret".to_owned(),
        data_type: DataType::Text,
        stages: stages.iter().map(ToString::to_string).collect(),
    }
}

/// Removes a secret and says whether there was one.
fn remove(store: &WriteTransaction, name: &str) -> Result<bool, StoreError> {
    let Some((id, secret)) = store.secret(&scope("1"), name)? else {
        return Ok(false);
    };
    store.remove_secret(id, &secret)?;
    Ok(true)
}

fn put(store: &Store, scope: &Scope, secret: &Secret) {
    store
        .write(|store| store.replace_secret(scope, secret, &[]))
        .unwrap();
}

fn list(store: &Store, scope: &Scope, query: &SecretQuery) -> (Vec<Secret>, u64) {
    let page = store
        .read(|store| store.list_secrets(scope, query))
        .unwrap();
    (page.items, page.total)
}

fn everything(offset: u64, limit: u32) -> SecretQuery {
    SecretQuery {
        conditions: vec![],
        page: PageRequest { offset, limit },
        with_tags: true,
    }
}

fn names(secrets: &[Secret]) -> Vec<&str> {
    secrets.iter().map(|secret| secret.name.as_str()).collect()
}

fn assert_intact(store: &Store) {
    let fault = store
        .read(|store| Ok::<_, StoreError>(lists::check(store.connection)?))
        .unwrap();
    assert_eq!(fault, None);
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
fn a_secret_comes_back_as_it_was_stored() {
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
    assert_eq!(
        list(&store, &scope("1"), &everything(0, 10)),
        (vec![stored], 1)
    );
}

#[test]
fn replacing_leaves_nothing_of_the_secret_before() {
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
        .write(|store| store.replace_secret(&scope("1"), &before, &versions))
        .unwrap();
    store
        .write(|store| store.replace_secret(&scope("1"), &after, &versions[1..]))
        .unwrap();
    let by_tag = |key: &str| SecretQuery {
        conditions: vec![Condition {
            attribute: Attribute::TagKey,
            any_of: vec![key.to_owned()],
        }],
        ..everything(0, 10)
    };
    assert_eq!(list(&store, &scope("1"), &by_tag("before")), (vec![], 0));
    assert_eq!(
        list(&store, &scope("1"), &by_tag("after")),
        (vec![after], 1)
    );
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
    assert!(store.write(|store| remove(store, "s")).unwrap());
    assert!(!store.write(|store| remove(store, "s")).unwrap());
    let tables = [
        "secrets",
        "secret_versions",
        "version_stages",
        "secret_tags",
        "lists",
        "list_members",
        "list_markers",
    ];
    assert_eq!(tables.map(rows), [0; 7]);
}

#[test]
fn a_failed_change_changes_nothing() {
    let store = Store::in_memory().unwrap();
    put(&store, &scope("1"), &secret("kept", 0));
    let result: Result<(), StoreError> = store.write(|store| {
        store.replace_secret(&scope("1"), &secret("new", 1), &[])?;
        remove(store, "kept")?;
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
        let writer = store.writer.lock().unwrap();
        writer
            .pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0))
            .map(|v| format!("{v:?}"))
            .unwrap()
    };
    assert_eq!(pragma("journal_mode"), "Text(\"wal\")");
    assert_eq!(pragma("synchronous"), "Integer(2)");
    assert_eq!(pragma("foreign_keys"), "Integer(1)");
}

#[test]
fn a_file_of_a_newer_version_or_another_program_is_refused_and_left_alone() {
    let directory = tempfile::tempdir().unwrap();
    let newer = directory.path().join("newer.db");
    drop(Store::open(&newer).unwrap());
    Connection::open(&newer)
        .unwrap()
        .pragma_update(None, "user_version", 1000)
        .unwrap();
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
            "it was written by a newer kms-emulator (schema 1000, this one knows 1)",
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
                        // Secrets come and go in pairs.
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
                            store.replace_secret(
                                &scope("1"),
                                &secret(&format!("{round}{half}"), round),
                                &[],
                            )?;
                            if round % 3 == 2 {
                                remove(store, &format!("{}{half}", round - 1))?;
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

/// A change or a question.
#[derive(Debug, Clone)]
enum Step {
    Replace(Box<Secret>),
    /// Gives a secret what another has: description, tags, state.
    Update(String, Box<Secret>),
    Remove(String),
    /// Ends the recovery windows up to this second.
    Purge(i64),
    List(SecretQuery),
}

fn some_name() -> impl Strategy<Value = String> {
    "[a-d][a-d0-3]{0,2}"
}

fn some_word() -> impl Strategy<Value = String> {
    select(vec!["env", "team", "prod", "dev"]).prop_map(str::to_owned)
}

prop_compose! {
    fn some_secret()(
        name in some_name(),
        created_at in 0..20_i64,
        secret_type in select(SecretType::ALL.to_vec()),
        description in select(vec!["", "text", "other"]),
        instance in proptest::option::of(select(vec!["kst-1", "kst-2"])),
        creator in proptest::option::of(select(vec!["me", "you"])),
        pending in any::<bool>(),
        tags in proptest::collection::btree_map(some_word(), some_word(), 0..4),
    ) -> Secret {
        let base = secret(&name, created_at);
        Secret {
            secret_type,
            description: description.to_owned(),
            dkms_instance_id: instance.map(str::to_owned),
            creator: creator.map(str::to_owned),
            state: if pending { State::PendingDeletion { planned_delete_at: base.created_at } } else { State::Enabled },
            tags: tags.into_iter().map(|(key, value)| Tag { key, value }).collect(),
            ..base
        }
    }
}

fn some_condition() -> impl Strategy<Value = Condition> {
    let condition = |attribute, values: BoxedStrategy<String>| {
        proptest::collection::vec(values, 1..4)
            .prop_map(move |any_of| Condition { attribute, any_of })
    };
    let of = |values: Vec<&'static str>| select(values).prop_map(str::to_owned).boxed();
    prop_oneof![
        condition(Attribute::Name, some_name().boxed()),
        condition(
            Attribute::Type,
            select(SecretType::ALL.map(SecretType::name).to_vec())
                .prop_map(str::to_owned)
                .boxed()
        ),
        condition(Attribute::TagKey, some_word().boxed()),
        condition(Attribute::TagValue, some_word().boxed()),
        condition(Attribute::Description, of(vec!["text", "other", "none"])),
        condition(Attribute::InstanceId, of(vec!["kst-1", "kst-2"])),
        condition(Attribute::Creator, of(vec!["me", "you"])),
    ]
}

prop_compose! {
    fn some_query()(
        conditions in proptest::collection::vec(some_condition(), 0..3),
        offset in prop_oneof![0..30_u64, Just(u64::from(u32::MAX) * 100)],
        limit in 1..8_u32,
        with_tags in any::<bool>(),
    ) -> SecretQuery {
        SecretQuery { conditions, page: PageRequest { offset, limit }, with_tags }
    }
}

fn some_step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => some_secret().prop_map(|secret| Step::Replace(Box::new(secret))),
        3 => (some_name(), some_secret()).prop_map(|(name, secret)| Step::Update(name, Box::new(secret))),
        1 => some_name().prop_map(Step::Remove),
        1 => (0..25_i64).prop_map(Step::Purge),
        3 => some_query().prop_map(Step::List),
    ]
}

/// The same by looking at every secret.
fn naive_list(secrets: &BTreeMap<String, Secret>, query: &SecretQuery) -> (Vec<Secret>, u64) {
    let value_is = |secret: &Secret, attribute, value: &String| match attribute {
        Attribute::Name => secret.name == *value,
        Attribute::Type => secret.secret_type.name() == value,
        Attribute::TagKey => secret.tags.iter().any(|tag| tag.key == *value),
        Attribute::TagValue => secret.tags.iter().any(|tag| tag.value == *value),
        Attribute::Description => secret.description == *value,
        Attribute::InstanceId => secret.dkms_instance_id.as_ref() == Some(value),
        Attribute::Creator => secret.creator.as_ref() == Some(value),
    };
    let meets = |secret: &Secret| {
        let met = |condition: &Condition| {
            condition
                .any_of
                .iter()
                .any(|value| value_is(secret, condition.attribute, value))
        };
        query.conditions.iter().all(met)
    };
    let mut matching: Vec<_> = secrets
        .values()
        .filter(|secret| meets(secret))
        .cloned()
        .collect();
    matching.sort_by(|a, b| (a.created_at, &a.name).cmp(&(b.created_at, &b.name)));
    let total = matching.len() as u64;
    let offset = usize::try_from(query.page.offset).unwrap();
    let mut page: Vec<_> = matching
        .into_iter()
        .skip(offset)
        .take(query.page.limit as usize)
        .collect();
    if !query.with_tags {
        for secret in &mut page {
            secret.tags.clear();
        }
    }
    (page, total)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_page_of_any_query_is_what_a_look_at_every_secret_finds(
        steps in proptest::collection::vec(some_step(), 1..120),
    ) {
        let store = Store::in_memory().unwrap();
        let mut model = BTreeMap::new();
        let mut asked = Vec::new();
        for step in steps {
            match step {
                Step::Replace(secret) => {
                    put(&store, &scope("1"), &secret);
                    model.insert(secret.name.clone(), *secret);
                }
                Step::Update(name, like) => {
                    let changed = store.write(|store| {
                        let Some((id, before)) = store.secret(&scope("1"), &name)? else { return Ok::<_, StoreError>(None) };
                        let after = Secret {
                            description: like.description.clone(),
                            tags: like.tags.clone(),
                            state: like.state,
                            updated_at: like.updated_at,
                            ..before.clone()
                        };
                        store.update_secret(id, &before, &after)?;
                        Ok(Some((before, after)))
                    }).unwrap();
                    prop_assert_eq!(changed.as_ref().map(|(before, _)| before), model.get(&name));
                    if let Some((_, after)) = changed {
                        model.insert(name, after);
                    }
                }
                Step::Purge(seconds) => {
                    let now = DateTime::from_timestamp(seconds, 0).unwrap();
                    store.write(|store| {
                        let mut last = None;
                        while let Some(due) = store.due(now)? {
                            assert!(last <= Some(due.at), "in order of their times");
                            last = Some(due.at);
                            store.remove_secret(due.id, &due.secret)?;
                        }
                        Ok::<_, StoreError>(())
                    }).unwrap();
                    model.retain(|_, secret| match secret.state {
                        State::Enabled => true,
                        State::PendingDeletion { planned_delete_at } => planned_delete_at > now,
                    });
                    prop_assert!(!store.has_due(now));
                }
                Step::Remove(name) => {
                    let removed = store.write(|store| remove(store, &name)).unwrap();
                    prop_assert_eq!(removed, model.remove(&name).is_some());
                }
                Step::List(query) => {
                    prop_assert_eq!(list(&store, &scope("1"), &query), naive_list(&model, &query));
                    asked.push(query);
                }
            }
        }
        // What was remembered of a query is good for its other pages, and for no other moment.
        for query in asked {
            for offset in [0, 1, query.page.offset] {
                let page = PageRequest { offset, ..query.page };
                let query = SecretQuery { page, ..query.clone() };
                prop_assert_eq!(list(&store, &scope("1"), &query), naive_list(&model, &query));
            }
        }
        let fault = store.read(|store| Ok::<_, StoreError>(lists::check(store.connection)?)).unwrap();
        prop_assert_eq!(fault, None);
        let mut union = Vec::new();
        for page in 0.. {
            let (secrets, total) = list(&store, &scope("1"), &everything(page * 3, 3));
            prop_assert_eq!(total, model.len() as u64);
            if secrets.is_empty() {
                break;
            }
            union.extend(secrets);
        }
        prop_assert_eq!(union, naive_list(&model, &everything(0, u32::MAX)).0);
    }
}
