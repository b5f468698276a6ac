//! The list of an account's secrets, page by page.

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::cli::remote::{Client, CloudError, RequestError};
use crate::model::Cloud;

/// The number of secrets in a full page: the maximum of Alibaba Cloud, and the limit that clients of Tencent Cloud send.
const PAGE_SIZE: usize = 100;

/// The default page size of Tencent Cloud, which is valid whatever the maximum is.
const SMALL_PAGE: usize = 20;

/// The kinds of secrets on Tencent Cloud, which lists one kind at a time: those of the user, and those of cloud
/// products.
const TENCENT_KINDS: usize = 5;

/// The reason why a list could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ListError {
    /// A request has no reply.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The cloud rejected a request.
    #[error("{}: {}", .0.code, .0.message)]
    Rejected(CloudError),
    /// A reply does not have the documented form.
    #[error("the reply to ListSecrets has no list of secrets")]
    Unexpected,
}

/// A page of the list.
#[derive(Debug)]
pub(crate) struct ListedPage {
    /// The number of secrets of this kind.
    pub total: usize,
    /// The secrets of the page.
    pub secrets: Vec<Value>,
}

/// How many kinds of secrets are listed separately.
pub(crate) fn kinds(cloud: Cloud) -> usize {
    match cloud {
        Cloud::Alibaba => 1,
        Cloud::Tencent => TENCENT_KINDS,
    }
}

/// The page that begins after `offset` secrets of a kind.
pub(crate) fn page(
    client: &mut Client,
    kind: usize,
    offset: usize,
) -> Result<ListedPage, ListError> {
    let parameters = |size: usize| match client.account().cloud {
        Cloud::Alibaba => json!({
            "PageNumber": offset / PAGE_SIZE + 1,
            "PageSize": size,
            "FetchTags": true,
        }),
        // The oldest first, so that secrets that are created in the meantime do not move others.
        Cloud::Tencent => json!({
            "Offset": offset,
            "Limit": size,
            "OrderType": 1,
            "SecretType": kind,
        }),
    };
    let [usual, small] = [PAGE_SIZE, SMALL_PAGE].map(parameters);
    let cloud = client.account().cloud;
    let mut reply = client.read("ListSecrets", &members(usual))?;
    let is_invalid = |error: &CloudError| error.code.starts_with("InvalidParameter");
    if cloud == Cloud::Tencent && reply.error().as_ref().is_some_and(is_invalid) {
        reply = client.read("ListSecrets", &members(small))?;
    }
    match reply.error() {
        // A region may not have the kinds of cloud products.
        Some(error) if kind > 0 && is_invalid(&error) => {
            return Ok(ListedPage {
                total: 0,
                secrets: Vec::new(),
            });
        }
        Some(error) => return Err(ListError::Rejected(error)),
        None => {}
    }
    let mut body = reply.json();
    let total = body["TotalCount"].as_u64().unwrap_or_default();
    let list = match cloud {
        Cloud::Alibaba => body.pointer_mut("/SecretList/Secret"),
        Cloud::Tencent => body.get_mut("SecretMetadatas"),
    };
    let secrets = match list.map(Value::take) {
        Some(Value::Array(secrets)) => secrets,
        None | Some(Value::Null) if total == 0 => Vec::new(),
        _ => return Err(ListError::Unexpected),
    };
    Ok(ListedPage {
        total: usize::try_from(total).unwrap_or(usize::MAX),
        secrets,
    })
}

/// All secrets, in the order of the list. `progress` gets the numbers of secrets read and of all.
pub(crate) fn all(
    client: &mut Client,
    mut progress: impl FnMut(usize, usize),
) -> Result<Vec<Value>, ListError> {
    let cloud = client.account().cloud;
    let mut secrets = Vec::new();
    for kind in 0..kinds(cloud) {
        let mut offset = 0;
        loop {
            let page = page(client, kind, offset)?;
            offset += page.secrets.len();
            let is_last = page.secrets.is_empty() || offset >= page.total;
            secrets.extend(page.secrets);
            progress(
                secrets.len(),
                secrets.len() + page.total.saturating_sub(offset),
            );
            if is_last {
                break;
            }
        }
    }
    Ok(in_order(cloud, secrets))
}

/// Each secret once, in the order in which the cloud lists them by default.
pub(crate) fn in_order(cloud: Cloud, mut secrets: Vec<Value>) -> Vec<Value> {
    // After a deletion or creation between two requests, pages can overlap.
    let mut names = HashSet::new();
    secrets.retain(|secret| names.insert(name(secret).to_owned()));
    if cloud == Cloud::Tencent {
        secrets.reverse();
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret["CreateTime"].as_i64()));
    }
    secrets
}

/// The name of a listed secret.
pub(crate) fn name(secret: &Value) -> &str {
    secret["SecretName"].as_str().unwrap_or_default()
}

/// The members of an object.
pub(crate) fn members(object: Value) -> Map<String, Value> {
    match object {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

/// The text of a fixture with these secrets.
pub(crate) fn fixture(cloud: Cloud, secrets: &[Value]) -> String {
    let fixture = match cloud {
        Cloud::Alibaba => json!({ "SecretList": { "Secret": secrets } }),
        Cloud::Tencent => json!({ "SecretMetadatas": secrets }),
    };
    format!("{fixture:#}\n")
}
