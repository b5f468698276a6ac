//! Calls by action and parameters, to an emulator whose clock the test moves.

use std::fs;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use kms_emulator::clouds::context::AuthMode;
use kms_emulator::emulator::Emulator;
use kms_emulator::emulator::clock::{Clock, FixedClock};
use kms_emulator::fixtures;
use kms_emulator::http::wire::WireReply;
use kms_emulator::model::{Cloud, Scope};
use kms_emulator::store::{Store, WriteTransaction};
use serde_json::Value;

use crate::support::{ACCOUNT, TestRequest, emulator_on, fixture, now};

/// The parameters of a managed secret, without its name.
pub const RDS: [(&str, &str); 4] = [
    ("VersionId", "v1"),
    ("SecretType", "Rds"),
    (
        "SecretData",
        r#"{"Accounts":[{"AccountName":"app","AccountPassword":"one"}]}"#,
    ),
    (
        "ExtendedConfig",
        r#"{"SecretSubType":"SingleUser","DBInstanceId":"rm-1"}"#,
    ),
];

pub struct Session {
    pub clock: Arc<FixedClock>,
    pub emulator: Emulator,
}

impl Session {
    /// A session without secrets.
    pub fn new() -> Self {
        Self::on(Store::in_memory().unwrap(), now())
    }

    pub fn on(store: Store, time: DateTime<Utc>) -> Self {
        let clock = Arc::new(FixedClock::new(time));
        let emulator = emulator_on(store, Arc::clone(&clock), AuthMode::Lenient);
        Self { clock, emulator }
    }

    /// A session with the keys of `fixtures/seed-keys.json`.
    pub fn with_keys() -> Self {
        let session = Self::new();
        session.load_keys();
        session
    }

    pub fn load_keys(&self) {
        self.load(&fs::read(fixture("seed-keys.json")).unwrap());
    }

    /// A session with KMS instances of these ids.
    pub fn with_instances(ids: &[&str]) -> Self {
        let session = Self::new();
        let ids = ids
            .iter()
            .map(|id| serde_json::json!({"KmsInstanceId": id}));
        let list = serde_json::json!({"KmsInstances": {"KmsInstance": ids.collect::<Vec<_>>()}});
        session.load(list.to_string().as_bytes());
        session
    }

    /// The scope of requests that select no other.
    pub fn scope() -> Scope {
        Scope {
            cloud: Cloud::Alibaba,
            account: ACCOUNT.to_owned(),
            region: "cn-hangzhou".to_owned(),
        }
    }

    /// Loads a fixture file.
    pub fn load(&self, file: &[u8]) {
        let defaults = self.emulator.defaults();
        let files = fixtures::parse(file, &defaults).unwrap();
        let add = |store: &WriteTransaction| {
            let mut files = files.iter();
            files.try_for_each(|file| fixtures::add(store, file, &defaults.scope(file)))
        };
        self.emulator.store.write(add).unwrap();
    }

    pub fn advance(&self, time: TimeDelta) {
        self.clock.set(self.clock.now() + time);
    }

    pub fn reply(&self, action: &str, parameters: &[(&str, &str)]) -> WireReply {
        let mut request = TestRequest::post(&format!("Action={action}&Version=2016-01-20"));
        for (name, value) in parameters {
            request.add_to_query(name, value);
        }
        request.ask(&self.emulator)
    }

    /// The status and the body of the reply.
    pub fn call(&self, action: &str, parameters: &[(&str, &str)]) -> (u16, Value) {
        let reply = self.reply(action, parameters);
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        if reply.status != 200 {
            assert_eq!(body["HttpStatus"], reply.status, "{body}");
        }
        (reply.status, body)
    }

    /// The body of a success.
    #[track_caller]
    pub fn ok(&self, action: &str, parameters: &[(&str, &str)]) -> Value {
        let (status, body) = self.call(action, parameters);
        assert_eq!(status, 200, "{action} {parameters:?}: {body}");
        body
    }

    /// `OK`, or the status and the code of the error.
    pub fn verdict(&self, action: &str, parameters: &[(&str, &str)]) -> String {
        match self.call(action, parameters) {
            (200, _) => "OK".to_owned(),
            (status, body) => format!("{status} {}", body["Code"].as_str().unwrap_or_default()),
        }
    }

    pub fn create(&self, name: &str) {
        self.ok(
            "CreateSecret",
            &[
                ("SecretName", name),
                ("VersionId", "v1"),
                ("SecretData", "one"),
            ],
        );
    }

    pub fn put(&self, name: &str, version_id: &str) {
        self.ok(
            "PutSecretValue",
            &[
                ("SecretName", name),
                ("VersionId", version_id),
                ("SecretData", version_id),
            ],
        );
    }

    /// Creates a managed secret.
    pub fn create_rds(&self, name: &str, more: &[(&str, &str)]) -> Value {
        let mut parameters = vec![("SecretName", name)];
        parameters.extend(RDS);
        parameters.extend(more);
        self.ok("CreateSecret", &parameters)
    }

    /// The versions of a secret with their stages, including versions without one.
    pub fn versions(&self, name: &str) -> Vec<(String, Vec<String>)> {
        let reply = self.ok(
            "ListSecretVersionIds",
            &[("SecretName", name), ("IncludeDeprecated", "true")],
        );
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        reply["VersionIds"]["VersionId"]
            .as_array()
            .unwrap()
            .iter()
            .map(|version| {
                let stages = version["VersionStages"]["VersionStage"].as_array().unwrap();
                (
                    text(&version["VersionId"]),
                    stages.iter().map(text).collect(),
                )
            })
            .collect()
    }
}
