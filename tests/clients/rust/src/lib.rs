//! An account of the server for one test, with the requests to the control API that tests need.

use serde_json::{Value, json};

/// The host:port of the server.
pub fn address() -> String {
    std::env::var("KMS_EMULATOR_STRICT").expect("KMS_EMULATOR_STRICT is the host:port of a server")
}

/// An account with an access key for both clouds. It is deleted after its time to live.
pub struct Account {
    pub account: String,
    pub key_id: String,
    pub secret: String,
}

impl Account {
    pub async fn new() -> Self {
        let created = control("POST", "tenants", json!({"ttl": "10m"})).await;
        let text = |name: &str| created[name].as_str().expect(name).to_owned();
        Self {
            account: text("account"),
            key_id: text("access_key_id"),
            secret: text("access_key_secret"),
        }
    }

    /// Executes an operation in the account.
    pub async fn call(&self, cloud: &str, action: &str, parameters: Value) {
        let body = json!({
            "cloud": cloud, "action": action, "parameters": parameters, "account": self.account,
        });
        let result = control("POST", "call", body).await;
        let reply = result["reply"]["body"].as_str().expect("a body");
        assert!(!reply.contains("\"Code\""), "{action}: {reply}");
    }

    /// Lets the next requests for an operation fail with an error code.
    pub async fn fail(&self, action: &str, code: &str, times: u32) {
        let matched = json!({"access_key_id": self.key_id, "action": action});
        control(
            "POST",
            "faults",
            json!({"match": matched, "error": code, "times": times}),
        )
        .await;
    }
}

async fn control(method: &str, path: &str, body: Value) -> Value {
    let method = method.parse().expect("a method");
    let client = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    let url = format!("http://{}/_emulator/{path}", address());
    let reply = client
        .request(method, url)
        .json(&body)
        .send()
        .await
        .expect("a reply");
    let status = reply.status();
    let content = reply.text().await.expect("a body");
    assert!(status.is_success(), "{path}: {status} {content}");
    serde_json::from_str(&content).expect("JSON")
}
