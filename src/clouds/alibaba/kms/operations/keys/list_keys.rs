//! `ListKeys`: the keys of the account in the region, page by page.

use schemars::JsonSchema;
use serde::Serialize;

use super::filters;
use super::page::{PAGE_NUMBER, PAGE_SIZE, PageParameters};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Json, Optional};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::KeyCondition;

const FILTERS: Json<Vec<KeyCondition>> = Json {
    name: "Filters",
    help: "Objects with a `Key` and its `Values`. A key is listed if it has one of the values of every `Key`.",
    max_items: Some(filters::MAX_PAIRS),
    sensitive: false,
    keys: filters::keys,
    parse: filters::parse,
};

/// Lists keys, oldest first. Keys of the same second are ordered by id.
pub(crate) struct ListKeys {
    conditions: Vec<KeyCondition>,
    page: PageParameters,
}

impl Operation<Rpc> for ListKeys {
    const ACTION: &'static str = "ListKeys";
    const SUMMARY: &'static str = "Lists the keys of the account in the region, page by page.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listkeys";
    const EVIDENCE: &'static str = "documented, SDK 3.3.1; AND between keys, OR between values: documented; order, `TagKey` and `TagValue` of different tags: assumption";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&FILTERS, &PAGE_NUMBER, &PAGE_SIZE];
    const ERRORS: &'static [&'static ErrorDescription] = &[];
    type Response = ListKeysResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            conditions: FILTERS.find(arguments)?.unwrap_or_default(),
            page: PageParameters::read(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<ListKeysResponse, ApiError> {
        let page = self.page.request();
        let found =
            call.read(|store| Ok(store.list_cmks(&call.scope, &self.conditions, page)?))?;
        let key = |key_id: String| ListedKey {
            key_arn: call.arn_of(&format!("key/{key_id}")),
            key_id,
        };
        Ok(ListKeysResponse {
            keys: KeyList {
                key: found.items.into_iter().map(key).collect(),
            },
            request_id: call.request_id(),
            page_number: self.page.number,
            page_size: self.page.size,
            total_count: found.total,
        })
    }
}

/// The reply to `ListKeys`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListKeysResponse {
    /// The keys of the page.
    keys: KeyList,
    /// The id of the request.
    request_id: String,
    /// The number of the page.
    page_number: u32,
    /// The number of items on a full page.
    page_size: u32,
    /// The number of keys on all pages.
    total_count: u64,
}

/// A list of keys.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct KeyList {
    /// The keys.
    key: Vec<ListedKey>,
}

/// A key in a list.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct ListedKey {
    /// The id of the key.
    key_id: String,
    /// Its ARN.
    key_arn: String,
}
