//! aliyun-openapi-core-rust-sdk, a client of the community for all operations of Alibaba Cloud. It signs with V1.
//!
//! It takes the scheme from the endpoint, a proxy from `HTTPS_PROXY`, and the authority from `SSL_CERT_FILE`.

use aliyun_openapi_core_rust_sdk::client::{error::Error, rpc::RPClient};
use client_tests::{Account, address};
use serde_json::{Value, json};

/// The endpoints: the server itself, and the host of the cloud, for which the server is the proxy.
fn endpoints() -> [String; 3] {
    let address = address();
    [
        format!("http://{address}"),
        format!("https://{address}"),
        "https://kms.cn-hangzhou.aliyuncs.com".to_owned(),
    ]
}

async fn send(
    client: RPClient,
    method: &str,
    action: &str,
    query: &[(&str, &str)],
) -> Result<Value, Error> {
    client
        .version("2016-01-20")
        .request(method, action)
        .query(query.iter().copied())
        .json()
        .await
}

async fn refused(client: RPClient, action: &str, query: &[(&str, &str)]) -> String {
    match send(client, "POST", action, query).await {
        Err(Error::InvalidResponse {
            error_code,
            request_id,
            ..
        }) => {
            assert!(!request_id.is_empty());
            error_code
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn value_is_stored_replaced_and_read() {
    for endpoint in endpoints() {
        let account = Account::new().await;
        let client = RPClient::new(&account.key_id, &account.secret, &endpoint);
        let created = [
            ("SecretName", "app/password"),
            ("VersionId", "v1"),
            ("SecretData", "p@ss w+rd/~*é'()!"),
        ];
        send(client.clone(), "POST", "CreateSecret", &created)
            .await
            .expect(&endpoint);
        let put = [
            ("SecretName", "app/password"),
            ("VersionId", "v2"),
            ("SecretData", "second"),
        ];
        send(client.clone(), "POST", "PutSecretValue", &put)
            .await
            .expect(&endpoint);

        for method in ["GET", "POST"] {
            let current = send(client.clone(), method, "GetSecretValue", &put[..1])
                .await
                .expect(&endpoint);
            assert_eq!(
                (&current["SecretData"], &current["VersionId"]),
                (&json!("second"), &json!("v2"))
            );
            assert_eq!(
                current["VersionStages"],
                json!({"VersionStage": ["ACSCurrent"]})
            );
            let first = send(client.clone(), method, "GetSecretValue", &created[..2])
                .await
                .expect(&endpoint);
            assert_eq!(first["SecretData"], "p@ss w+rd/~*é'()!");
        }
    }
}

#[tokio::test]
async fn secrets_are_listed_in_pages() {
    let account = Account::new().await;
    let client = RPClient::new(&account.key_id, &account.secret, &endpoints()[0]);
    for name in ["app/1", "app/2", "app/3"] {
        let secret = json!({"SecretName": name, "VersionId": "v1", "SecretData": "value"});
        account.call("alibaba", "CreateSecret", secret).await;
    }
    let mut pages = Vec::new();
    for number in ["1", "2", "3"] {
        let page = [("PageNumber", number), ("PageSize", "2")];
        let page = send(client.clone(), "GET", "ListSecrets", &page)
            .await
            .expect("a page");
        assert_eq!(page["TotalCount"], 3);
        let listed = page["SecretList"]["Secret"].as_array().expect("a list");
        pages.push(
            listed
                .iter()
                .map(|secret| secret["SecretName"].clone())
                .collect::<Vec<_>>(),
        );
    }
    assert_eq!(json!(pages), json!([["app/1", "app/2"], ["app/3"], []]));
}

#[tokio::test]
async fn errors_have_the_code_of_the_service() {
    let account = Account::new().await;
    let secret = json!({"SecretName": "app/old", "VersionId": "v1", "SecretData": "value"});
    account.call("alibaba", "CreateSecret", secret).await;
    account
        .call(
            "alibaba",
            "DeleteSecret",
            json!({"SecretName": "app/old", "RecoveryWindowInDays": "7"}),
        )
        .await;

    for endpoint in endpoints() {
        let client = |id: &str, key: &str| RPClient::new(id, key, &endpoint);
        let own = || client(&account.key_id, &account.secret);
        let old = [("SecretName", "app/old")];
        assert_eq!(
            refused(own(), "GetSecretValue", &[("SecretName", "absent")]).await,
            "Forbidden.ResourceNotFound"
        );
        assert_eq!(
            refused(own(), "GetSecretValue", &old).await,
            "Rejected.ResourceInDeleteWindow"
        );
        assert_eq!(
            refused(own(), "GetSecret", &old).await,
            "InvalidAction.NotFound"
        );
        assert_eq!(
            refused(client(&account.key_id, "wrong"), "GetSecretValue", &old).await,
            "IncompleteSignature"
        );
        assert_eq!(
            refused(client("LTAIunknown", "wrong"), "GetSecretValue", &old).await,
            "InvalidAccessKeyId.NotFound"
        );
    }
}

// The client has no retries: a program repeats the request itself.
#[tokio::test]
async fn throttled_request_succeeds_when_repeated() {
    let account = Account::new().await;
    let secret = json!({"SecretName": "app/password", "VersionId": "v1", "SecretData": "first"});
    account.call("alibaba", "CreateSecret", secret).await;
    account
        .fail("GetSecretValue", "Rejected.Throttling", 2)
        .await;

    let client = RPClient::new(&account.key_id, &account.secret, &endpoints()[0]);
    let query = [("SecretName", "app/password")];
    for _ in 0..2 {
        assert_eq!(
            refused(client.clone(), "GetSecretValue", &query).await,
            "Rejected.Throttling"
        );
    }
    let read = send(client, "POST", "GetSecretValue", &query)
        .await
        .expect("a value");
    assert_eq!(read["SecretData"], "first");
}
