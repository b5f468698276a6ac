//! The reply of `ListAliases` and `ListAliasesByKeyId`.

use schemars::JsonSchema;
use serde::Serialize;

use super::page::PageParameters;
use crate::clouds::alibaba::kms::keys::reference::KeyReference;
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::protocol::Call;
use crate::store::AliasRow;

/// A page of aliases.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct AliasListResponse {
    /// The aliases of the page.
    aliases: AliasList,
    /// The id of the request.
    request_id: String,
    /// The number of the page.
    page_number: u32,
    /// The number of items on a full page.
    page_size: u32,
    /// The number of aliases on all pages.
    total_count: u64,
}

/// A list of aliases.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct AliasList {
    /// The aliases.
    alias: Vec<ListedAlias>,
}

/// An alias in a list.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct ListedAlias {
    /// The id of the key.
    key_id: String,
    /// The alias.
    alias_name: String,
    /// Its ARN.
    alias_arn: String,
}

impl AliasListResponse {
    /// A page of the aliases of the account, or of one key.
    pub(super) fn read(
        call: &Call,
        key: Option<&KeyReference>,
        page: PageParameters,
    ) -> Result<Self, ApiError> {
        let found = call.read(|store| {
            let key_id = match key {
                None => None,
                Some(key) => Some(call.find_key(store, key)?.1.key_id),
            };
            Ok(store.list_aliases(&call.scope, key_id.as_deref(), page.request())?)
        })?;
        let alias = |row: AliasRow| ListedAlias {
            alias_arn: call.arn_of(&row.alias.name),
            alias_name: row.alias.name,
            key_id: row.key_id,
        };
        Ok(Self {
            aliases: AliasList {
                alias: found.items.into_iter().map(alias).collect(),
            },
            request_id: call.request_id(),
            page_number: page.number,
            page_size: page.size,
            total_count: found.total,
        })
    }
}
