//! Compares every page of random queries with a check of all secrets, after random changes.

use proptest::prelude::*;
use proptest::sample::select;

use super::*;

/// A change or a query.
#[derive(Debug, Clone)]
enum Step {
    /// Stores secrets together; several may have the same name.
    Replace(Vec<Secret>),
    /// Sets description, tags and state of a secret to those of another.
    Update(String, Box<Secret>),
    Remove(String),
    /// Deletes the secrets that are due at this time, in seconds since 1970.
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
        associated in proptest::sample::subsequence(vec!["cdb-1".to_owned(), "cdb-2".to_owned()], 0..3),
        product in proptest::option::of(select(vec!["Mysql", "Cvm"])),
        key in proptest::option::of(Just("key")),
        creator in proptest::option::of(select(vec!["me", "you"])),
        state in 0..6,
        tags in proptest::collection::btree_map(some_word(), some_word(), 0..4),
    ) -> Secret {
        let base = secret(&name, created_at);
        Secret {
            secret_type,
            description: description.to_owned(),
            dkms_instance_id: instance.map(str::to_owned),
            associated_instance_ids: associated,
            owing_service: product.map(str::to_owned),
            encryption_key_id: key.map(str::to_owned),
            creator: creator.map(str::to_owned),
            state: match state {
                0 => State::Disabled,
                1 => State::Creating,
                2 => State::Failed,
                3 => State::PendingDeletion { planned_delete_at: base.created_at },
                _ => State::Enabled,
            },
            tags: tags.into_iter().map(|(key, value)| Tag { key, value }).collect(),
            ..base
        }
    }
}

/// A condition that a client of this cloud can request.
fn some_condition(cloud: Cloud) -> BoxedStrategy<Condition> {
    fn some<T: std::fmt::Debug + 'static>(
        value: impl Strategy<Value = T> + 'static,
        condition: fn(Vec<T>) -> Condition,
    ) -> BoxedStrategy<Condition> {
        let values = proptest::collection::vec(value, 0..4);
        values.prop_map(condition).boxed()
    }
    let of = |texts: &'static [&'static str]| select(texts).prop_map(str::to_owned);
    let common = prop_oneof![
        some(some_name(), Condition::Name),
        some(select(SecretType::ALL.to_vec()), Condition::Type),
        some(some_word(), Condition::TagKey),
        some(
            of(&["kst-1", "kst-2", "cdb-1", "cdb-2"]),
            Condition::InstanceId
        ),
    ];
    match cloud {
        Cloud::Alibaba => prop_oneof![
            common,
            some(some_word(), Condition::TagValue),
            some(of(&["text", "other", "none", ""]), Condition::Description),
            some(of(&["me", "you"]), Condition::Creator),
        ]
        .boxed(),
        Cloud::Tencent => {
            let states = [
                StateName::Enabled,
                StateName::Disabled,
                StateName::PendingDeletion,
                StateName::Creating,
                StateName::Failed,
            ];
            let tag = (some_word(), some_word()).prop_map(|(key, value)| Tag { key, value });
            prop_oneof![
                common,
                some(select(states.to_vec()), Condition::State),
                some(tag, Condition::Tag),
                some(of(&["Mysql", "Cvm", "Cam"]), Condition::OwingService),
                some(
                    select(vec![Encryption::Kms, Encryption::Software]),
                    Condition::Encryption
                ),
            ]
            .boxed()
        }
    }
}

prop_compose! {
    fn some_part()(
        is_name in any::<bool>(),
        parts in proptest::collection::vec(
            prop_oneof![
                "[a-d0-3]{1,3}".boxed(),
                select(vec!["t", "te", "text", "the"]).prop_map(str::to_owned).boxed(),
            ],
            1..3,
        ),
    ) -> PartCondition {
        if is_name { PartCondition::Name(parts) } else { PartCondition::Description(parts) }
    }
}

prop_compose! {
    fn some_query(cloud: Cloud)(
        conditions in proptest::collection::vec(some_condition(cloud), 0..3),
        parts in proptest::collection::vec(some_part(), 0..2),
        order in select(vec![SortOrder::OldestFirst, SortOrder::NewestFirst]),
        offset in prop_oneof![0..30_u64, Just(u64::from(u32::MAX) * 100)],
        limit in 1..8_u32,
        with_tags in any::<bool>(),
        with_details in any::<bool>(),
    ) -> SecretQuery {
        SecretQuery { conditions, parts, order, page: PageRequest { offset, limit }, with_tags, with_details }
    }
}

fn some_step(cloud: Cloud) -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => proptest::collection::vec(some_secret(), 1).prop_map(Step::Replace),
        1 => proptest::collection::vec(some_secret(), 2..12).prop_map(Step::Replace),
        3 => (some_name(), some_secret()).prop_map(|(name, secret)| Step::Update(name, Box::new(secret))),
        1 => some_name().prop_map(Step::Remove),
        1 => (0..25_i64).prop_map(Step::Purge),
        3 => some_query(cloud).prop_map(Step::List),
    ]
}

prop_compose! {
    fn some_history()(cloud in select(vec![Cloud::Alibaba, Cloud::Tencent]))(
        steps in proptest::collection::vec(some_step(cloud), 1..120),
        cloud in Just(cloud),
    ) -> (Cloud, Vec<Step>) {
        (cloud, steps)
    }
}

/// The secrets of a scope by name, each with its sequence number.
type Model = BTreeMap<String, (usize, Secret)>;

/// The expected page, found by checking every secret.
fn naive_list(cloud: Cloud, secrets: &Model, query: &SecretQuery) -> (Vec<ListedSecret>, u64) {
    let meets_one = |secret: &Secret, condition: &Condition| match condition {
        Condition::Name(names) => names.contains(&secret.name),
        Condition::Type(types) => types.contains(&secret.secret_type),
        Condition::TagKey(keys) => keys
            .iter()
            .any(|key| secret.tags.iter().any(|tag| tag.key == *key)),
        Condition::TagValue(values) => values
            .iter()
            .any(|value| secret.tags.iter().any(|tag| tag.value == *value)),
        Condition::Tag(tags) => tags.iter().any(|tag| secret.tags.contains(tag)),
        Condition::Description(texts) => texts
            .iter()
            .any(|text| !text.is_empty() && secret.description == *text),
        Condition::InstanceId(ids) => ids.iter().any(|id| {
            secret.dkms_instance_id.as_ref() == Some(id)
                || secret.associated_instance_ids.contains(id)
        }),
        Condition::Creator(creators) => creators
            .iter()
            .any(|creator| secret.creator.as_ref() == Some(creator)),
        Condition::State(states) => states.iter().any(|state| secret.state.name() == *state),
        Condition::OwingService(services) => services
            .iter()
            .any(|service| secret.owing_service.as_ref() == Some(service)),
        Condition::Encryption(encryptions) => encryptions
            .iter()
            .any(|encryption| secret.encryption() == *encryption),
    };
    let meets = |secret: &Secret| {
        let mut conditions = query.conditions.iter();
        let mut parts = query.parts.iter();
        let has_part = |condition: &PartCondition| match condition {
            PartCondition::Name(parts) => parts.iter().any(|part| secret.name.contains(part)),
            PartCondition::Description(parts) => {
                parts.iter().any(|part| secret.description.contains(part))
            }
        };
        conditions.all(|condition| meets_one(secret, condition)) && parts.all(has_part)
    };
    let mut matching: Vec<_> = secrets
        .values()
        .filter(|(_, secret)| meets(secret))
        .cloned()
        .collect();
    match cloud {
        Cloud::Alibaba => matching.sort_by_key(|(_, a)| (a.created_at, a.name.clone())),
        Cloud::Tencent => matching.sort_by_key(|(number, a)| (a.created_at, *number)),
    }
    if query.order == SortOrder::NewestFirst {
        matching.reverse();
    }
    let matching = matching
        .into_iter()
        .map(|(_, secret)| secret)
        .collect::<Vec<_>>();
    let total = matching.len() as u64;
    let offset = usize::try_from(query.page.offset).unwrap();
    let page = matching
        .into_iter()
        .skip(offset)
        .take(query.page.limit as usize)
        .map(|secret| listed(secret, query))
        .collect();
    (page, total)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_page_of_every_query_equals_a_check_of_all_secrets(
        (cloud, steps) in some_history(),
    ) {
        let store = Store::in_memory().unwrap();
        let scope = &scope_on(cloud, "1");
        let mut model = Model::new();
        let mut stored = 0;
        let mut queries = Vec::new();
        for step in steps {
            match step {
                Step::Replace(secrets) => {
                    let together: Vec<_> = secrets.iter().map(|secret| with_versions(secret, &[])).collect();
                    store.write(|store| store.replace_secrets(scope, &together)).unwrap();
                    for secret in secrets {
                        stored += 1;
                        model.insert(secret.name.clone(), (stored, secret));
                    }
                }
                Step::Update(name, like) => {
                    let changed = store.write(|store| {
                        let Some((id, before)) = store.secret(scope, &name)? else { return Ok::<_, StoreError>(None) };
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
                    let known = model.get_mut(&name);
                    prop_assert_eq!(changed.as_ref().map(|(before, _)| before), known.as_ref().map(|known| &known.1));
                    if let (Some((_, after)), Some(known)) = (changed, known) {
                        known.1 = after;
                    }
                }
                Step::Purge(seconds) => {
                    let now = DateTime::from_timestamp(seconds, 0).unwrap();
                    store.write(|store| {
                        let mut last = None;
                        while let Some(due) = store.due(now)? {
                            assert!(last <= Some(due.at), "ordered by time");
                            last = Some(due.at);
                            match due.work {
                                DueWork::Deletion(id, secret) => store.remove_secret(id, &secret)?,
                                other => panic!("unexpected {other:?}"),
                            }
                        }
                        Ok::<_, StoreError>(())
                    }).unwrap();
                    model.retain(|_, (_, secret)| secret.state.planned_delete_at().is_none_or(|at| at > now));
                    prop_assert!(!store.has_due(now));
                }
                Step::Remove(name) => {
                    let removed = store.write(|store| remove(store, scope, &name)).unwrap();
                    prop_assert_eq!(removed, model.remove(&name).is_some());
                }
                Step::List(query) => {
                    prop_assert_eq!(list(&store, scope, &query), naive_list(cloud, &model, &query));
                    queries.push(query);
                }
            }
        }
        // Cached results are used for other pages, but not after changes.
        for query in queries {
            for offset in [0, 1, query.page.offset] {
                let page = PageRequest { offset, ..query.page };
                let query = SecretQuery { page, ..query.clone() };
                prop_assert_eq!(list(&store, scope, &query), naive_list(cloud, &model, &query));
            }
        }
        let fault = store.read(|store| Ok::<_, StoreError>(lists::check(store.connection)?)).unwrap();
        prop_assert_eq!(fault, None);
        let mut union = Vec::new();
        for page in 0.. {
            let (secrets, total) = list(&store, scope, &everything(page * 3, 3));
            prop_assert_eq!(total, model.len() as u64);
            if secrets.is_empty() {
                break;
            }
            union.extend(secrets);
        }
        prop_assert_eq!(union, naive_list(cloud, &model, &everything(0, u32::MAX)).0);
    }
}
