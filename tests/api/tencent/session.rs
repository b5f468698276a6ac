//! A client of an emulator in this process, whose clock the test sets.

use std::sync::Arc;

use chrono::TimeDelta;
use kms_emulator::clouds::context::AuthMode;
use kms_emulator::emulator::Emulator;
use kms_emulator::emulator::clock::{Clock, FixedClock};
use kms_emulator::store::Store;
use serde_json::{Value, json};

use crate::support::{ACCOUNT, TestRequest, emulator_on, now};

pub struct Session {
    pub clock: Arc<FixedClock>,
    pub emulator: Emulator,
}

impl Session {
    /// An emulator without secrets.
    pub fn new() -> Self {
        let clock = Arc::new(FixedClock::new(now()));
        let store = Store::in_memory().unwrap();
        let emulator = emulator_on(store, Arc::clone(&clock), AuthMode::Lenient);
        Self { clock, emulator }
    }

    pub fn advance(&self, time: TimeDelta) {
        self.clock.set(self.clock.now() + time);
    }

    /// The `Response` of the reply.
    pub fn call(&self, action: &str, parameters: &Value) -> Value {
        self.ask(&request(action, parameters))
    }

    pub fn ask(&self, request: &TestRequest) -> Value {
        let mut reply = request.ask(&self.emulator);
        assert_eq!(reply.status, 200);
        reply.headers.retain(|(name, _)| *name != "x-emulator-hint");
        assert_eq!(reply.headers, [("content-type", "application/json".into())]);
        let mut body: Value = serde_json::from_slice(&reply.body).unwrap();
        assert_eq!(body.as_object().unwrap().len(), 1, "{body}");
        let response = body["Response"].take();
        assert!(response["RequestId"].is_string(), "{response}");
        response
    }

    /// The `Response` of a successful reply.
    #[track_caller]
    pub fn ok(&self, action: &str, parameters: &Value) -> Value {
        let response = self.call(action, parameters);
        assert_eq!(response["Error"], Value::Null, "{action} {parameters}");
        response
    }

    /// `OK`, or the code of the error.
    pub fn verdict(&self, action: &str, parameters: &Value) -> String {
        let response = self.call(action, parameters);
        response["Error"]["Code"]
            .as_str()
            .unwrap_or("OK")
            .to_owned()
    }

    /// The code and the text of an error.
    #[track_caller]
    pub fn error(&self, request: &TestRequest) -> (String, String) {
        let error = self.ask(request)["Error"].take();
        let text = |name: &str| error[name].as_str().unwrap().to_owned();
        (text("Code"), text("Message"))
    }

    /// The body of the reply of a control.
    #[track_caller]
    pub fn control(&self, method: &str, path: &str, body: &str) -> String {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let request = TestRequest {
            method: method.into(),
            path: format!("/_emulator/{path}"),
            query: query.into(),
            body: body.into(),
            ..TestRequest::default()
        };
        let reply = request.ask(&self.emulator);
        let text = String::from_utf8(reply.body.to_vec()).unwrap();
        assert_eq!(reply.status, 200, "{text}");
        text
    }

    pub fn create(&self, name: &str) {
        self.ok(
            "CreateSecret",
            &json!({"SecretName": name, "VersionId": "v1", "SecretString": "one"}),
        );
    }

    pub fn disable(&self, name: &str) {
        self.ok("DisableSecret", &json!({"SecretName": name}));
    }

    /// The names and the total of a list.
    pub fn list(&self, parameters: &Value) -> (Vec<String>, u64) {
        let response = self.ok("ListSecrets", parameters);
        let listed = response["SecretMetadatas"].as_array().unwrap().iter();
        let names = listed.map(|secret| secret["SecretName"].as_str().unwrap().to_owned());
        (names.collect(), response["TotalCount"].as_u64().unwrap())
    }
}

/// An unsigned request.
pub fn request(action: &str, parameters: &Value) -> TestRequest {
    TestRequest {
        method: "POST".into(),
        path: "/".into(),
        body: parameters.to_string(),
        ..TestRequest::default()
    }
    .header("Content-Type", "application/json")
    .header("X-TC-Action", action)
    .header("X-TC-Version", version_of(action))
}

/// The version of the service that has the operation.
fn version_of(action: &str) -> &'static str {
    match action {
        _ if action.contains("ResourceTag") => "2018-08-13",
        "AssumeRole"
        | "AssumeRoleWithSAML"
        | "AssumeRoleWithWebIdentity"
        | "GetCallerIdentity"
        | "GetFederationToken"
        | "GetSessionToken"
        | "QueryApiKey" => "2018-08-13",
        _ => "2019-09-23",
    }
}

/// The secret with this name in six segments.
pub fn resource(name: &str) -> String {
    format!(
        "qcs::ssm:ap-guangzhou:uin/{ACCOUNT}:secret/{}",
        resource_id(name)
    )
}

/// The id of the secret with this name as a resource.
pub fn resource_id(name: &str) -> String {
    format!("creatorUin/{ACCOUNT}/{name}")
}
