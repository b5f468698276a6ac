//! `ListTagResources`: the tags of secrets or keys.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemars::JsonSchema;
use serde::Serialize;

use super::tag_resources::{REGION_ID, RESOURCE_ID, RESOURCE_TYPE, ResourceType, TAG, find_key};
use crate::clouds::alibaba::kms::errors::{DUPLICATE_TAG_KEY, RESOURCE_ID_NOT_FOUND};
use crate::clouds::alibaba::kms::tags;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Optional, Parsed};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::Tag;
use crate::store::{TagCursor, TagRow};

/// The maximum number of rows in a reply.
const PAGE_SIZE: u32 = 200;

const NEXT_TOKEN: Parsed<TagCursor> = Parsed {
    name: "NextToken",
    rule: "the `NextToken` of the previous reply",
    help: "The token of the next page, from the previous reply.",
    parse: parse_token,
};

fn parse_token(text: &str) -> Option<TagCursor> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    let (created_at, rest) = text.split_once(' ')?;
    let (position, name) = rest.split_once(' ')?;
    Some(TagCursor {
        created_at: created_at.parse().ok()?,
        name: name.to_owned(),
        position: position.parse().ok()?,
    })
}

fn token(cursor: &TagCursor) -> String {
    URL_SAFE_NO_PAD.encode(format!(
        "{} {} {}",
        cursor.created_at, cursor.position, cursor.name
    ))
}

/// Lists the tags of the given secrets or keys, or of those that have the given tags. A tag without a
/// value matches its key.
pub(super) struct ListTagResources {
    resource_type: ResourceType,
    names: Option<Vec<String>>,
    tags: Vec<Tag>,
    after: Option<TagCursor>,
}

impl Operation<Rpc> for ListTagResources {
    const ACTION: &'static str = "ListTagResources";
    const SUMMARY: &'static str = "Lists the tags of secrets or keys.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listtagresources";
    const EVIDENCE: &'static str =
        "documented, SDK; order, tags of the resources found: assumption";
    const DIFFERENCES: &'static str = "`RegionId` is optional and ignored.";
    const PARAMETERS: &'static [&'static dyn Parameter] =
        &[&REGION_ID, &RESOURCE_TYPE, &RESOURCE_ID, &TAG, &NEXT_TOKEN];
    const ERRORS: &'static [&'static ErrorDescription] =
        &[&DUPLICATE_TAG_KEY, &RESOURCE_ID_NOT_FOUND];
    type Response = ListTagResourcesResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        REGION_ID.find(arguments)?;
        let operation = Self {
            resource_type: RESOURCE_TYPE.read(arguments)?,
            names: RESOURCE_ID.find(arguments)?,
            tags: TAG.find(arguments)?.unwrap_or_default(),
            after: NEXT_TOKEN.find(arguments)?,
        };
        if tags::has_duplicate(&operation.tags) {
            return Err((&DUPLICATE_TAG_KEY).into());
        }
        Ok(operation)
    }

    fn run(self, call: &Call) -> Result<ListTagResourcesResponse, ApiError> {
        let after = self.after.as_ref();
        let mut rows = match &self.names {
            Some(names) => self.rows_of(call, names)?,
            None => call.read(|store| {
                let limit = PAGE_SIZE + 1;
                Ok(match self.resource_type {
                    ResourceType::Secret => store.tags(&call.scope, &self.tags, after, limit)?,
                    ResourceType::Key => {
                        store.tags_of_cmks(&call.scope, &self.tags, after, limit)?
                    }
                })
            })?,
        };
        let page_size = PAGE_SIZE as usize;
        let next_token = if rows.len() > page_size {
            rows.truncate(page_size);
            rows.last()
                .map(|row| token(&row.cursor))
                .unwrap_or_default()
        } else {
            String::new()
        };
        let tag_resource = rows
            .into_iter()
            .map(|row| TaggedResource {
                resource_id: row.cursor.name,
                resource_type: match self.resource_type {
                    ResourceType::Secret => "secret",
                    ResourceType::Key => "key",
                },
                tag_key: row.tag.key,
                tag_value: row.tag.value,
            })
            .collect();
        Ok(ListTagResourcesResponse {
            next_token,
            tag_resources: TagResourceList { tag_resource },
            request_id: call.request_id(),
        })
    }
}

impl ListTagResources {
    fn rows_of(&self, call: &Call, names: &[String]) -> Result<Vec<TagRow>, ApiError> {
        let mut rows = call.read(|store| {
            let mut rows = Vec::new();
            for name in names {
                let of_one: Vec<_> = match self.resource_type {
                    ResourceType::Secret => {
                        let reference = name.clone().into();
                        let (_, secret) = call.find(store, &reference, &RESOURCE_ID_NOT_FOUND)?;
                        TagRow::all_of(secret).collect()
                    }
                    ResourceType::Key => {
                        let (id, cmk) = find_key(call, store, name)?;
                        TagRow::all(cmk.created_at, cmk.key_id, store.cmk_tags(id)?).collect()
                    }
                };
                if self.tags.iter().all(|filter| has(&of_one, filter)) {
                    rows.extend(of_one);
                }
            }
            Ok(rows)
        })?;
        rows.sort_by(|a, b| a.cursor.cmp(&b.cursor));
        rows.dedup_by(|a, b| a.cursor == b.cursor);
        rows.retain(|row| self.after.as_ref().is_none_or(|after| row.cursor > *after));
        Ok(rows)
    }
}

fn has(rows: &[TagRow], filter: &Tag) -> bool {
    let mut tags = rows.iter().map(|row| &row.tag);
    tags.any(|tag| tag.key == filter.key && (filter.value.is_empty() || tag.value == filter.value))
}

/// The reply to `ListTagResources`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListTagResourcesResponse {
    /// The token of the next page; empty on the last page.
    next_token: String,
    /// The tags of the page.
    tag_resources: TagResourceList,
    /// The id of the request.
    request_id: String,
}

/// A list of resources with a tag each.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct TagResourceList {
    /// The rows.
    tag_resource: Vec<TaggedResource>,
}

/// A tag of a resource.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct TaggedResource {
    /// The name of the secret, or the id of the key.
    resource_id: String,
    /// The type of the resource: `secret` or `key`.
    resource_type: &'static str,
    /// The key of the tag.
    tag_key: String,
    /// The value of the tag.
    tag_value: String,
}
