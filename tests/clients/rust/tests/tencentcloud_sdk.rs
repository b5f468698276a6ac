//! tencentcloud-sdk, a typed SDK of the community for Tencent Cloud. It signs with TC3.
//!
//! Its transport trusts only the public authorities compiled into it, so it uses plain HTTP, which it allows for numeric
//! loopback addresses.

use client_tests::{Account, address};
use serde_json::{Value, json};
use tencentcloud_sdk::ssm::v20190923::{Client, models::*};
use tencentcloud_sdk::{
    Client as CoreClient, CommonClient, Credentials, Endpoint, SdkError, ServiceError,
};

fn core(id: &str, key: &str) -> CoreClient {
    let endpoint = Endpoint::loopback_http(&format!("http://{}/", address())).expect("an endpoint");
    CoreClient::builder()
        .credentials(Credentials::new(id, key).expect("credentials"))
        .region("ap-guangzhou")
        .endpoint("ssm", endpoint)
        .build()
        .expect("a client")
}

async fn connect() -> (Account, Client) {
    let account = Account::new().await;
    let client = Client::new(core(&account.key_id, &account.secret));
    (account, client)
}

async fn create(client: &Client, name: &str) {
    let request = CreateSecretRequest {
        secret_name: Some(name.into()),
        version_id: Some("v1".into()),
        secret_string: Some("first".into()),
        tags: Some(vec![Tag {
            tag_key: Some("team".into()),
            tag_value: Some("shop".into()),
        }]),
        ..Default::default()
    };
    let created = client.create_secret(&request).await.expect("a secret").data;
    assert_eq!(created.secret_name.as_deref(), Some(name));
}

fn read(name: &str, version: &str) -> GetSecretValueRequest {
    GetSecretValueRequest {
        secret_name: Some(name.into()),
        version_id: Some(version.into()),
        ..Default::default()
    }
}

fn refusal<T>(result: Result<T, SdkError>) -> ServiceError {
    match result {
        Err(SdkError::Service(error)) => {
            assert!(error.request_id.is_some());
            error
        }
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("the request succeeded"),
    }
}

#[tokio::test]
async fn text_and_binary_values_are_read() {
    let (_account, client) = connect().await;
    create(&client, "app-password").await;
    let put = PutSecretValueRequest {
        secret_name: Some("app-password".into()),
        version_id: Some("v2".into()),
        secret_binary: Some("AAEC/w==".into()),
        ..Default::default()
    };
    client.put_secret_value(&put).await.expect("a version");

    let text = client
        .get_secret_value(&read("app-password", "v1"))
        .await
        .expect("a value")
        .data;
    assert_eq!(
        (text.secret_string.as_deref(), text.version_id.as_deref()),
        (Some("first"), Some("v1"))
    );
    let binary = client
        .get_secret_value(&read("app-password", "v2"))
        .await
        .expect("a value")
        .data;
    assert_eq!(binary.secret_binary.as_deref(), Some("AAEC/w=="));
}

#[tokio::test]
async fn first_version_has_the_documented_default_id() {
    let (_account, client) = connect().await;
    let request = CreateSecretRequest {
        secret_name: Some("app-password".into()),
        secret_string: Some("first".into()),
        ..Default::default()
    };
    let created = client.create_secret(&request).await.expect("a secret").data;
    assert_eq!(created.version_id.as_deref(), Some("SSM_Current"));
    let read = client
        .get_secret_value(&read("app-password", "SSM_Current"))
        .await
        .expect("a value")
        .data;
    assert_eq!(read.secret_string.as_deref(), Some("first"));
}

#[tokio::test]
async fn versions_are_listed_and_deleted() {
    let (_account, client) = connect().await;
    create(&client, "app-password").await;
    let list = ListSecretVersionIdsRequest {
        secret_name: Some("app-password".into()),
    };
    let versions = client
        .list_secret_version_ids(&list)
        .await
        .expect("versions")
        .data
        .versions
        .expect("versions");
    assert_eq!(versions.len(), 1);
    assert_eq!(versions[0].version_id.as_deref(), Some("v1"));
    assert!(versions[0].create_time.is_some());

    let delete = DeleteSecretVersionRequest {
        secret_name: Some("app-password".into()),
        version_id: Some("v1".into()),
    };
    client
        .delete_secret_version(&delete)
        .await
        .expect("a reply");
    let error = refusal(client.get_secret_value(&read("app-password", "v1")).await);
    assert_eq!(error.code, "ResourceNotFound");
}

#[tokio::test]
async fn secret_is_described_and_updated() {
    let (account, client) = connect().await;
    create(&client, "app-password").await;
    let name = || Some("app-password".to_owned());
    let update = UpdateDescriptionRequest {
        secret_name: name(),
        description: Some("of the shop".into()),
    };
    client.update_description(&update).await.expect("a reply");
    let change = UpdateSecretRequest {
        secret_name: name(),
        version_id: Some("v1".into()),
        secret_string: Some("changed".into()),
        ..Default::default()
    };
    client.update_secret(&change).await.expect("a reply");

    let described = client
        .describe_secret(&DescribeSecretRequest {
            secret_name: name(),
        })
        .await
        .expect("a reply")
        .data;
    assert_eq!(described.description.as_deref(), Some("of the shop"));
    assert_eq!(described.status.as_deref(), Some("Enabled"));
    assert_eq!(
        described.create_uin.map(|uin| uin.to_string()),
        Some(account.account)
    );
    let value = client
        .get_secret_value(&read("app-password", "v1"))
        .await
        .expect("a value")
        .data;
    assert_eq!(value.secret_string.as_deref(), Some("changed"));
}

#[tokio::test]
async fn secrets_are_listed_in_pages_and_by_tag() {
    let (account, client) = connect().await;
    for name in ["app-1", "app-2", "app-3"] {
        create(&client, name).await;
    }
    let other = json!({"SecretName": "other", "VersionId": "v1", "SecretString": "value"});
    account.call("tencent", "CreateSecret", other).await;

    let mut pages = Vec::new();
    for offset in [0, 3, 6] {
        // 1: in the order of creation
        let page = ListSecretsRequest {
            offset: Some(offset),
            limit: Some(3),
            order_type: Some(1),
            ..Default::default()
        };
        let page = client.list_secrets(&page).await.expect("a page").data;
        assert_eq!(page.total_count, Some(4));
        pages.push(names(page));
    }
    assert_eq!(
        json!(pages),
        json!([["app-1", "app-2", "app-3"], ["other"], []])
    );

    let tag = TagFilter {
        tag_key: Some("team".into()),
        tag_value: Some(vec!["shop".into()]),
    };
    let tagged = ListSecretsRequest {
        order_type: Some(1),
        tag_filters: Some(vec![tag]),
        ..Default::default()
    };
    let tagged = client.list_secrets(&tagged).await.expect("a page").data;
    assert_eq!(names(tagged), ["app-1", "app-2", "app-3"]);
}

fn names(page: ListSecretsResponse) -> Vec<String> {
    page.secret_metadatas
        .expect("a list")
        .into_iter()
        .map(|secret| secret.secret_name.expect("a name"))
        .collect()
}

#[tokio::test]
async fn disabled_secret_cannot_be_read_until_it_is_enabled() {
    let (_account, client) = connect().await;
    create(&client, "app-password").await;
    let name = || Some("app-password".to_owned());
    client
        .disable_secret(&DisableSecretRequest {
            secret_name: name(),
        })
        .await
        .expect("a reply");
    let error = refusal(client.get_secret_value(&read("app-password", "v1")).await);
    assert_eq!(error.code, "ResourceUnavailable.ResourceDisabled");

    client
        .enable_secret(&EnableSecretRequest {
            secret_name: name(),
        })
        .await
        .expect("a reply");
    client
        .get_secret_value(&read("app-password", "v1"))
        .await
        .expect("a value");
}

#[tokio::test]
async fn secret_pending_deletion_cannot_be_read_until_it_is_restored() {
    let (_account, client) = connect().await;
    create(&client, "app-password").await;
    let name = || Some("app-password".to_owned());
    client
        .disable_secret(&DisableSecretRequest {
            secret_name: name(),
        })
        .await
        .expect("a reply");
    let delete = DeleteSecretRequest {
        secret_name: name(),
        recovery_window_in_days: Some(7),
        ..Default::default()
    };
    let deleted = client.delete_secret(&delete).await.expect("a reply").data;
    assert!(deleted.delete_time > Some(0));
    let error = refusal(client.get_secret_value(&read("app-password", "v1")).await);
    assert_eq!(error.code, "ResourceUnavailable.ResourcePendingDeleted");

    client
        .restore_secret(&RestoreSecretRequest {
            secret_name: name(),
        })
        .await
        .expect("a reply");
    client
        .enable_secret(&EnableSecretRequest {
            secret_name: name(),
        })
        .await
        .expect("a reply");
    client
        .get_secret_value(&read("app-password", "v1"))
        .await
        .expect("a value");
}

#[tokio::test]
async fn service_is_described() {
    let (_account, client) = connect().await;
    let regions = client
        .get_regions(&GetRegionsRequest {})
        .await
        .expect("regions")
        .data
        .regions
        .expect("regions");
    assert!(regions.contains(&"ap-guangzhou".to_owned()));
    let status = client
        .get_service_status(&GetServiceStatusRequest {})
        .await
        .expect("a status")
        .data;
    assert_eq!(status.service_enabled, Some(true));
}

#[tokio::test]
async fn common_client_decodes_any_operation() {
    let (account, _client) = connect().await;
    let common = CommonClient::new(core(&account.key_id, &account.secret), "ssm", "2019-09-23")
        .expect("a client");
    let reply = common
        .call::<_, Value>("ListSecrets", &json!({"Limit": 10}))
        .await
        .expect("a list");
    assert_eq!(reply.data["TotalCount"], 0);
    assert_eq!(
        refusal(common.call::<_, Value>("GetSecret", &json!({})).await).code,
        "InvalidAction"
    );
}

#[tokio::test]
async fn errors_have_the_code_of_the_service() {
    let (account, client) = connect().await;
    assert_eq!(
        refusal(client.get_secret_value(&read("absent", "v1")).await).code,
        "ResourceNotFound"
    );
    let client = Client::new(core(&account.key_id, "wrong"));
    let error = refusal(client.get_secret_value(&read("absent", "v1")).await);
    assert_eq!(error.code, "AuthFailure.SignatureFailure");
    let client = Client::new(core("AKIDunknown", "wrong"));
    let error = refusal(client.get_secret_value(&read("absent", "v1")).await);
    assert_eq!(error.code, "AuthFailure.SecretIdNotFound");
}

// The SDK sends each request once: a program repeats it itself.
#[tokio::test]
async fn throttled_request_succeeds_when_repeated() {
    let (account, client) = connect().await;
    create(&client, "app-password").await;
    account
        .fail("GetSecretValue", "RequestLimitExceeded", 2)
        .await;
    for _ in 0..2 {
        let error = refusal(client.get_secret_value(&read("app-password", "v1")).await);
        assert_eq!(error.code, "RequestLimitExceeded");
    }
    client
        .get_secret_value(&read("app-password", "v1"))
        .await
        .expect("a value");
}
