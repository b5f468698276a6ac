//! Emulators and fixtures with secrets, and the queries to measure.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use chrono::DateTime;
use kms_emulator::clouds::auth::credentials::Credentials;
use kms_emulator::clouds::auth::nonces::Nonces;
use kms_emulator::clouds::context::{Auth, AuthMode};
use kms_emulator::emulator::Emulator;
use kms_emulator::emulator::clock::SystemClock;
use kms_emulator::fixtures::Progress;
use kms_emulator::fixtures::baseline::Baseline;
use kms_emulator::model::SecretKey;
use kms_emulator::model::{Cloud, Rotation, Scope, Secret, SecretType, State, Tag};
use kms_emulator::store::{Store, StoreError};
use serde_json::json;
use tempfile::TempDir;

use crate::requests::region;

pub const ACCOUNT: &str = "1000000000000000";

/// An emulator with default settings.
pub fn emulator(store: Store) -> Emulator {
    let credentials = Credentials::new(ACCOUNT);
    credentials.add("test", SecretKey::new("test"), None);
    let auth = Auth {
        mode: AuthMode::Lenient,
        credentials,
        nonces: Nonces::default(),
    };
    Emulator::new(store, SystemClock, auth)
}

/// A store in memory with secrets.
pub fn filled(cloud: Cloud, count: u64) -> Store {
    let store = Store::in_memory().expect("memory for a database");
    fill(&store, cloud, count);
    store
}

/// A directory on the disk of the project: the one for temporary files may be in memory.
pub fn directory() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a writable directory")
}

/// An emulator with a database file and secrets of Alibaba Cloud: as many of [`fill`] as of a fixture.
pub fn on_disk(directory: &Path, count: u64) -> Emulator {
    let store = Store::open(&directory.join("kms.db")).expect("a database file");
    fill(&store, Cloud::Alibaba, count);
    let mut emulator = emulator(store);
    load_fixture(&mut emulator, directory, ACCOUNT, count);
    emulator
}

/// Loads a fixture with secrets of Alibaba Cloud that have two tags and a value.
pub fn load_fixture(emulator: &mut Emulator, directory: &Path, account: &str, count: u64) {
    let path = directory.join("fixture.json");
    write_fixture(&path, account, count);
    let defaults = emulator.defaults();
    emulator.fixtures = Baseline::load(&emulator.store, vec![path], defaults, &Progress::default())
        .expect("a valid fixture");
}

/// Writes a fixture with secrets `db/0`, `db/1` and so on.
pub fn write_fixture(path: &Path, account: &str, count: u64) {
    let file = File::create(path).expect("a writable file");
    let mut file = BufWriter::new(file);
    let mut write = |text: String| file.write_all(text.as_bytes()).expect("a writable file");
    write(format!(
        r#"{{"Account":"{account}","SecretList":{{"Secret":["#
    ));
    for number in 0..count {
        let secret = json!({
            "SecretName": format!("db/{number}"),
            "CreateTime": "2024-01-01T00:00:00Z",
            "Tags": {"Tag": [{"TagKey": "env", "TagValue": "prod"}, {"TagKey": "team", "TagValue": "a"}]},
            "Versions": [{"VersionId": "v1", "SecretData": "correct horse battery staple"}],
        });
        let separator = if number == 0 { "" } else { "," };
        write(format!("{separator}{secret}"));
    }
    write("]}}".to_owned());
    file.flush().expect("a writable file");
}

/// Adds secrets with two tags each. On Alibaba Cloud a quarter has another type; on Tencent Cloud one
/// quarter each has two other states.
pub fn fill(store: &Store, cloud: Cloud, count: u64) {
    let scope = Scope {
        cloud,
        account: ACCOUNT.into(),
        region: region(cloud).into(),
    };
    store
        .write(|store| {
            for number in 0..count {
                store.create_secret(&scope, &secret(cloud, number), &[])?;
            }
            Ok::<(), StoreError>(())
        })
        .expect("secrets can be stored");
}

fn secret(cloud: Cloud, number: u64) -> Secret {
    let seconds = 1_600_000_000 + i64::try_from(number / 3).expect("a small number");
    let at = DateTime::from_timestamp(seconds, 0).expect("a valid time");
    let scattered = number * 7_919 % 10_000_000;
    let (name, secret_type, state) = match cloud {
        Cloud::Alibaba => (
            format!("app/{scattered:07}/password"),
            if number.is_multiple_of(4) {
                SecretType::Rds
            } else {
                SecretType::Generic
            },
            State::Enabled,
        ),
        Cloud::Tencent => (
            format!("app-{scattered:07}-password"),
            SecretType::Generic,
            match number % 4 {
                0 => State::Disabled,
                1 => State::PendingDeletion {
                    planned_delete_at: DateTime::from_timestamp(4_000_000_000, 0)
                        .expect("a valid time"),
                },
                _ => State::Enabled,
            },
        ),
    };
    let environment = match number % 3 {
        0 => "prod",
        1 => "staging",
        _ => "test",
    };
    Secret {
        name,
        secret_type,
        description: String::new(),
        created_at: at,
        updated_at: at,
        state,
        encryption_key_id: (cloud == Cloud::Tencent).then(String::new),
        dkms_instance_id: None,
        associated_instance_ids: Vec::new(),
        owing_service: None,
        creator: None,
        extended_config: None,
        rotation: Rotation::default(),
        tags: vec![
            Tag {
                key: "env".into(),
                value: environment.into(),
            },
            Tag {
                key: "team".into(),
                value: format!("team-{}", number % 50),
            },
        ],
    }
}

/// The queries of a cloud: a name for the table, and the parameters in JSON.
pub fn queries(cloud: Cloud) -> &'static [(&'static str, &'static str)] {
    match cloud {
        Cloud::Alibaba => &ALIBABA,
        Cloud::Tencent => &TENCENT,
    }
}

const ALIBABA: [(&str, &str); 7] = [
    ("no filter", "{}"),
    (
        "by type",
        r#"{"Filters":"[{\"Key\":\"SecretType\",\"Values\":[\"Rds\"]}]"}"#,
    ),
    (
        "by tag key",
        r#"{"Filters":"[{\"Key\":\"TagKey\",\"Values\":[\"env\"]}]"}"#,
    ),
    (
        "by tag value",
        r#"{"Filters":"[{\"Key\":\"TagValue\",\"Values\":[\"prod\"]}]"}"#,
    ),
    (
        "by two values",
        r#"{"Filters":"[{\"Key\":\"TagValue\",\"Values\":[\"prod\",\"test\"]}]"}"#,
    ),
    (
        "by two keys",
        r#"{"Filters":"[{\"Key\":\"TagValue\",\"Values\":[\"prod\"]},{\"Key\":\"SecretType\",\"Values\":[\"Rds\"]}]"}"#,
    ),
    (
        "by name",
        r#"{"Filters":"[{\"Key\":\"SecretName\",\"Values\":[\"app/0007919/password\"]}]"}"#,
    ),
];

const TENCENT: [(&str, &str); 11] = [
    ("newest first", r#"{"OrderType":0}"#),
    ("oldest first", r#"{"OrderType":1}"#),
    ("enabled", r#"{"State":1}"#),
    ("enabled, old", r#"{"State":1,"OrderType":1}"#),
    ("disabled", r#"{"State":2}"#),
    ("pending", r#"{"State":3}"#),
    (
        "by tag",
        r#"{"TagFilters":[{"TagKey":"env","TagValue":["prod"]}]}"#,
    ),
    (
        "by two tags",
        r#"{"TagFilters":[{"TagKey":"env","TagValue":["prod"]},{"TagKey":"team","TagValue":["team-7"]}]}"#,
    ),
    ("few names", r#"{"SearchSecretName":"-0007919-"}"#),
    ("some names", r#"{"SearchSecretName":"791"}"#),
    ("all names", r#"{"SearchSecretName":"password"}"#),
];
