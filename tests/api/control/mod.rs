//! The control API, called in this process.

mod call;
mod call_credential_sources;
mod clock;
mod differences;
mod explorer;
mod fault_errors;
mod faults;
mod guard;
mod ignored;
mod journal;
mod keys;
mod openapi;
mod privacy;
mod served;
mod state;
mod tenant_clocks;
mod tenants;

use std::iter;
use std::sync::Arc;

use bytes::Bytes;
use chrono::Utc;
use kms_emulator::clouds::context::AuthMode;
use kms_emulator::emulator::Emulator;
use kms_emulator::emulator::clock::FixedClock;
use kms_emulator::http::wire::{WireReply, WireRequest};
use kms_emulator::router::{self, Served};
use serde_json::{Value, json};

use crate::alibaba::session;
use crate::support::{TestRequest, emulator, emulator_on, hint_of, now};
use crate::tencent;

/// The parameters of a managed secret that is rotated every seven days, without its name.
const RDS: [(&str, &str); 6] = {
    let [version, secret_type, value, config] = session::RDS;
    let rotation = ("EnableAutomaticRotation", "true");
    [
        version,
        secret_type,
        value,
        config,
        rotation,
        ("RotationInterval", "7d"),
    ]
};

/// An emulator with functions that call its control API.
pub struct Controlled {
    pub emulator: Emulator,
    pub clock: Arc<FixedClock>,
}

impl Controlled {
    /// With the shipped seeds.
    pub fn new() -> Self {
        Self::with(emulator(AuthMode::Lenient))
    }

    /// Without any secret.
    pub fn empty() -> Self {
        let clock = Arc::new(FixedClock::new(now()));
        let store = kms_emulator::store::Store::in_memory().unwrap();
        let emulator = emulator_on(store, Arc::clone(&clock), AuthMode::Lenient);
        Self { emulator, clock }
    }

    pub fn with(emulator: Emulator) -> Self {
        Self {
            emulator,
            clock: Arc::new(FixedClock::new(Utc::now())),
        }
    }

    /// Sends a request with a wrong signature. Returns its `mismatch` in the journal, and the hint of the reply.
    pub fn mismatch(&self, request: &TestRequest) -> (Value, String) {
        let hint = hint_of(&request.ask(&self.emulator)).unwrap_or_default();
        let mut listed = self.ok("GET", "journal", "");
        (listed["requests"][0]["mismatch"].take(), hint)
    }

    /// Asserts that journal and hint name the mistake in the signature of a request, without the secret.
    #[track_caller]
    pub fn assert_mistake(&self, request: &TestRequest, mistake: &str, secret: &str) {
        let (mismatch, hint) = self.mismatch(request);
        assert_eq!(mismatch["mistake"], mistake, "{mismatch}");
        let diagnosis = mismatch["diagnosis"].as_str().unwrap();
        assert!(
            diagnosis.starts_with(&hint) && !hint.is_empty(),
            "{hint}: {diagnosis}"
        );
        assert!(!mismatch.to_string().contains(secret), "{mismatch}");
    }

    /// Status and body of a reply of the control API.
    pub fn ask(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let reply = self.raw(method, path, body);
        let body = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
        (reply.status, body)
    }

    pub fn raw(&self, method: &str, path: &str, body: &str) -> WireReply {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let path = format!("/_emulator/{path}");
        router::handle(
            &self.emulator,
            &WireRequest::new(
                method,
                &path,
                query,
                [],
                Ok(Bytes::copy_from_slice(body.as_bytes())),
            ),
        )
    }

    /// The body of a successful reply.
    #[track_caller]
    pub fn ok(&self, method: &str, path: &str, body: &str) -> Value {
        let (status, answer) = self.ask(method, path, body);
        assert!(status < 300, "{method} {path} {body}: {status} {answer}");
        answer
    }

    /// The account of a new tenant whose own clock is frozen at a time.
    pub fn tenant_frozen_at(&self, now: &str) -> String {
        let tenant = self.ok("POST", "tenants", r#"{"clock":true}"#);
        let account = tenant["account"].as_str().unwrap();
        let clock = json!({"now": now, "frozen": true});
        self.ok(
            "PUT",
            &format!("clock?account={account}"),
            &clock.to_string(),
        );
        account.to_owned()
    }

    /// The status, the code and the place of an error.
    pub fn error(&self, method: &str, path: &str, body: &str) -> (u16, String, String) {
        let (status, answer) = self.ask(method, path, body);
        assert!(!answer["message"].as_str().unwrap().is_empty());
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        (status, text("code"), text("place"))
    }

    /// Status and body of a reply of Alibaba Cloud.
    pub fn alibaba(&self, action: &str, parameters: &[(&str, &str)]) -> (u16, Value) {
        let mut request = alibaba(action, parameters);
        request.method = "POST".into();
        let reply = request.ask(&self.emulator);
        (reply.status, serde_json::from_slice(&reply.body).unwrap())
    }

    /// The content of `Response` in a reply of Tencent Cloud.
    pub fn tencent(&self, action: &str, parameters: &Value) -> Value {
        let reply = tencent::session::request(action, parameters).ask(&self.emulator);
        let mut body: Value = serde_json::from_slice(&reply.body).unwrap();
        body["Response"].take()
    }

    pub fn create(&self, name: &str) {
        let (status, body) = self.alibaba(
            "CreateSecret",
            &[
                ("SecretName", name),
                ("VersionId", "v1"),
                ("SecretData", "hunter2"),
            ],
        );
        assert_eq!(status, 200, "{body}");
    }

    /// A managed secret that is rotated every seven days.
    pub fn create_rds(&self, name: &str) {
        let parameters: Vec<_> = iter::once(("SecretName", name)).chain(RDS).collect();
        let (status, body) = self.alibaba("CreateSecret", &parameters);
        assert_eq!(status, 200, "{body}");
    }

    /// The names of all secrets of Alibaba Cloud, listed with a key or without one.
    pub fn names(&self, access_key_id: Option<&str>) -> Vec<String> {
        let mut request = alibaba("ListSecrets", &[("PageSize", "100")]);
        if let Some(id) = access_key_id {
            request.add_to_query("AccessKeyId", id);
            request.add_to_query("Signature", "unchecked");
        }
        let reply = request.ask(&self.emulator);
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        let secrets = body["SecretList"]["Secret"].as_array();
        let secrets = secrets.unwrap_or_else(|| panic!("{body}")).iter();
        secrets
            .map(|secret| secret["SecretName"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// An unsigned request to Alibaba Cloud.
pub fn alibaba(action: &str, parameters: &[(&str, &str)]) -> TestRequest {
    let mut request = TestRequest::get(&format!("Action={action}&Version=2016-01-20"));
    for (name, value) in parameters {
        request.add_to_query(name, value);
    }
    request
}

/// The reply at an address that serves only some APIs.
pub fn through(emulator: &Emulator, served: Served, wire: &WireRequest) -> WireReply {
    router::answer(
        emulator,
        router::plan(emulator, Arc::new(wire.clone()), served),
    )
}

#[test]
fn health_readiness_and_metrics_report_the_state_of_the_server() {
    let server = Controlled::new();
    let health = server.ok("GET", "health", "");
    assert_eq!(health["status"], "ok");
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
    let ready = server.ok("GET", "ready", "");
    assert_eq!(ready["status"], "ready");
    assert_eq!(ready["scopes"][0]["cloud"], "alibaba");
    assert_eq!(ready["scopes"][0]["account"], "1000000000000000");
    assert_eq!(ready["scopes"][0]["region"], "cn-hangzhou");
    assert_eq!(ready["scopes"][0]["secrets"], 8);
    assert_eq!(ready["scopes"][1]["secrets"], 9);

    server.alibaba("ListSecrets", &[]);
    server.alibaba("DescribeSecret", &[("SecretName", "absent")]);
    server.tencent("ListSecrets", &serde_json::json!({}));
    let metrics = server.raw("GET", "metrics", "");
    let text = String::from_utf8(metrics.body.to_vec()).unwrap();
    for line in [
        r#"kms_emulator_requests_total{cloud="alibaba",action="ListSecrets",code="OK"} 1"#,
        r#"kms_emulator_requests_total{cloud="alibaba",action="DescribeSecret",code="Forbidden.ResourceNotFound"} 1"#,
        r#"kms_emulator_requests_total{cloud="tencent",action="ListSecrets",code="OK"} 1"#,
        r#"kms_emulator_request_duration_seconds_count{cloud="alibaba"} 2"#,
        r#"kms_emulator_secrets{cloud="alibaba",account="1000000000000000",region="cn-hangzhou"} 8"#,
    ] {
        assert!(text.contains(&format!("{line}\n")), "{line}: {text}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "it is a table")]
fn errors_have_a_code_a_message_and_a_place() {
    let server = Controlled::new();
    for (method, path, body, status, code, place) in [
        ("GET", "nowhere", "", 404, "UnknownPath", "path"),
        ("GET", "", "", 404, "UnknownPath", "path"),
        (
            "PATCH",
            "clock",
            "",
            405,
            "MethodNotAllowed",
            "method, not GET, PUT, DELETE",
        ),
        ("GET", "clock?x=1", "", 400, "InvalidParameter", "query.x"),
        (
            "GET",
            "journal?limit=many",
            "",
            400,
            "InvalidParameter",
            "query.limit",
        ),
        (
            "GET",
            "state?account=7",
            "",
            400,
            "InvalidParameter",
            "query.account",
        ),
        ("POST", "clock/advance", "", 400, "InvalidBody", "body"),
        ("POST", "clock/advance", "{", 400, "InvalidBody", "body"),
        // Derived code would accept an array of the members' values.
        ("POST", "tenants", "[null,null]", 400, "InvalidBody", "body"),
        (
            "POST",
            "faults",
            r#"{"match":[null,null],"reset":true}"#,
            400,
            "InvalidBody",
            "body.match",
        ),
        (
            "POST",
            "clock/advance",
            r#"{"by":7}"#,
            400,
            "InvalidBody",
            "body.by",
        ),
        (
            "POST",
            "clock/advance",
            r#"{"by":"soon"}"#,
            400,
            "InvalidBody",
            "body.by",
        ),
        (
            "POST",
            "reset",
            r#"{"acount":"x"}"#,
            400,
            "InvalidBody",
            "body.acount",
        ),
        (
            "POST",
            "reset",
            r#"{"account":"x"}"#,
            400,
            "InvalidBody",
            "body.account",
        ),
        (
            "POST",
            "state",
            r#"{"SecretList":{"Secret":[{"CreateTime":"2024-01-01T00:00:00Z"}]}}"#,
            400,
            "InvalidFixture",
            "body.SecretList.Secret[0]",
        ),
        (
            "POST",
            "state",
            r#"[{"SecretList":{"Secret":[]}},{"SecretList":7}]"#,
            400,
            "InvalidFixture",
            "body[1].SecretList",
        ),
        (
            "DELETE",
            "snapshots/none",
            "",
            404,
            "SnapshotNotFound",
            "path",
        ),
        (
            "PUT",
            "snapshots/a%20b",
            "",
            400,
            "InvalidParameter",
            "path.name",
        ),
        (
            "DELETE",
            "tenants/9000000000000000",
            "",
            404,
            "TenantNotFound",
            "path",
        ),
        ("DELETE", "faults/7", "", 404, "FaultNotFound", "path"),
        ("GET", "journal/none", "", 404, "RequestNotFound", "path"),
        ("GET", "ca.pem", "", 404, "NoAuthority", "path"),
        ("GET", "ca-bundle.pem", "", 404, "NoAuthority", "path"),
    ] {
        assert_eq!(
            server.error(method, path, body),
            (status, code.to_owned(), place.to_owned()),
            "{method} {path} {body}"
        );
    }
    let reply = server.raw("PATCH", "clock", "");
    assert!(
        reply
            .headers
            .contains(&("allow", "GET, PUT, DELETE".into()))
    );
}
