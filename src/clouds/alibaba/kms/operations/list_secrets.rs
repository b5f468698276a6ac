//! `ListSecrets`: the secrets of the account in the region, page by page.

mod filters;

use schemars::JsonSchema;
use serde::Serialize;

use self::filters::Filters;
use crate::clouds::alibaba::kms::shapes::{Tags, Time, planned_delete_time};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Boolean, Integer, Json, Optional};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::alibaba::settings::{FilterMatch, FilterValues};
use crate::clouds::hint::Hint;
use crate::clouds::service::{Operation, Parameter};
use crate::model::{self, Condition, PageRequest, PartCondition, SecretQuery, SortOrder};
use crate::store::ReadTransaction;

pub(super) const FETCH_TAGS: Boolean = Boolean {
    name: "FetchTags",
    default: false,
    help: "Whether to return the tags of each secret: `true` or `false`.",
};

const FILTERS: Json<Filters> = Json {
    name: "Filters",
    help: "Objects with a `Key` and its `Values`. A secret is listed if it has one of the values of every key.",
    max_items: Some(filters::MAX_PAIRS),
    sensitive: false,
    keys: filters::keys,
    parse: filters::parse,
};

pub(super) const PAGE_NUMBER: Integer = Integer {
    name: "PageNumber",
    minimum: 1,
    maximum: i32::MAX.cast_unsigned(),
    default: 1,
    help: "The page to return, counted from 1.",
};

const PAGE_SIZE: Integer = Integer {
    name: "PageSize",
    minimum: 1,
    maximum: 100,
    default: 10,
    help: "The number of secrets on a page.",
};

/// The maximum number of secrets that a filter by tags finds.
const MAX_TAGGED: u64 = 4_000;

/// Lists secrets, oldest first. Secrets of the same second are ordered by name.
///
/// `InvalidParameter` (400) for an invalid page or filter.
pub(super) struct ListSecrets {
    fetch_tags: bool,
    filters: Filters,
    page_number: u32,
    page_size: u32,
}

impl Operation<Rpc> for ListSecrets {
    const ACTION: &'static str = "ListSecrets";
    const SUMMARY: &'static str = "Lists the secrets of the account in the region, page by page.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listsecrets";
    const EVIDENCE: &'static str = "documented, SDK; which values a filter accepts: documented, the newest pages accept more (`--alibaba-filter-values`); equality: documented, against an application of the vendor's staff (`--alibaba-filter-match`); creator is the account: documented; at most 4,000 secrets for filters by tags: documented; that `TotalCount` is at most 4,000 too: assumption; order, bounds, AND between keys: assumption";
    const PARAMETERS: &'static [&'static dyn Parameter] =
        &[&FETCH_TAGS, &FILTERS, &PAGE_NUMBER, &PAGE_SIZE];
    const ERRORS: &'static [&'static ErrorDescription] = &[];
    const IS_CACHED: bool = true;
    type Response = ListSecretsResponse;

    fn parse(arguments: &Arguments, call: &Call) -> Result<Self, ApiError> {
        let mut filters = FILTERS.find(arguments)?.unwrap_or_default();
        if let Some(ignored) = filters.ignored.take() {
            call.context.notes.ignored(ignored);
        }
        Ok(Self {
            fetch_tags: FETCH_TAGS.read(arguments),
            filters,
            page_number: PAGE_NUMBER.read(arguments)?,
            page_size: PAGE_SIZE.read(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<ListSecretsResponse, ApiError> {
        let Self {
            fetch_tags,
            filters,
            page_number,
            page_size,
        } = self;
        if let Some(hint) = filters.rejected
            && call.settings.filter_values == FilterValues::Possible
        {
            return Err(ApiError::RejectedValue {
                parameter: FILTERS.name,
                hint: Box::new(hint),
            });
        }
        let offset = u64::from(page_number - 1) * u64::from(page_size);
        let is_by_tag = filters
            .conditions
            .iter()
            .any(|condition| matches!(condition, Condition::TagKey(_) | Condition::TagValue(_)));
        let most = if is_by_tag { MAX_TAGGED } else { u64::MAX };
        let left = most.saturating_sub(offset).min(page_size.into());
        let filter_match = call.context.alibaba_filter_match;
        let (parts, conditions) = match filter_match.unwrap_or(call.settings.filter_match) {
            FilterMatch::Exact => (Vec::new(), filters.conditions),
            FilterMatch::Contains => with_parts(filters.conditions),
        };
        let query = SecretQuery {
            conditions,
            parts,
            order: SortOrder::OldestFirst,
            page: PageRequest {
                offset,
                limit: u32::try_from(left).unwrap_or(page_size),
            },
            with_tags: fetch_tags,
            with_details: false,
        };
        let page = call.read(|store| {
            let page = store.list_secrets(&call.scope, &query)?;
            if page.total == 0
                && let Some(hint) = hint_of_parts(store, call, &query.conditions)?
            {
                call.context.notes.hint(hint);
            }
            Ok(page)
        })?;
        Ok(ListSecretsResponse {
            secret_list: SecretList {
                secret: page
                    .items
                    .into_iter()
                    .map(|secret| ListedSecret::new(secret, fetch_tags))
                    .collect(),
            },
            request_id: call.request_id(),
            page_number,
            page_size,
            total_count: page.total.min(most),
        })
    }
}

/// The conditions on a part of a text that [`FilterMatch::Contains`] makes, and the others.
fn with_parts(conditions: Vec<Condition>) -> (Vec<PartCondition>, Vec<Condition>) {
    let (mut parts, mut others) = (Vec::new(), Vec::new());
    for condition in conditions {
        match condition {
            Condition::Name(values) => parts.push(PartCondition::Name(values)),
            Condition::Description(values) => parts.push(PartCondition::Description(values)),
            other => others.push(other),
        }
    }
    (parts, others)
}

/// Explains an empty list: a name or description contains a value of a condition that it does not equal.
fn hint_of_parts(
    store: &ReadTransaction,
    call: &Call,
    conditions: &[Condition],
) -> Result<Option<Hint>, ApiError> {
    for condition in conditions {
        let (key, values, part) = match condition {
            Condition::Name(values) => ("SecretName", values, PartCondition::Name(values.clone())),
            Condition::Description(values) => (
                "Description",
                values,
                PartCondition::Description(values.clone()),
            ),
            _ => continue,
        };
        let found = store.text_with_part(&call.scope, part)?;
        // A secret with the whole value exists if it is one of the values, but does not meet another condition.
        if let Some(found) = found.filter(|found| !values.contains(found)) {
            return Ok(Some(Hint::FilterPart {
                key: key.to_owned(),
                text: filters::shown(&found),
            }));
        }
    }
    Ok(None)
}

/// The reply to `ListSecrets`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListSecretsResponse {
    /// The secrets of the page.
    secret_list: SecretList,
    /// The id of the request.
    request_id: String,
    /// The number of the page.
    page_number: u32,
    /// The number of secrets on a full page.
    page_size: u32,
    /// The number of secrets on all pages.
    total_count: u64,
}

/// A list of secrets.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct SecretList {
    /// The secrets.
    secret: Vec<ListedSecret>,
}

/// A secret in a list.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct ListedSecret {
    /// The name of the secret.
    secret_name: String,
    /// Its type, such as `Generic`.
    secret_type: &'static str,
    /// When it was created.
    create_time: Time,
    /// When it was last changed.
    update_time: Time,
    /// When it will be deleted; only if that is planned.
    #[serde(skip_serializing_if = "Option::is_none")]
    planned_delete_time: Option<Time>,
    /// The cloud service that owns it, if any. The spelling is the vendor's.
    #[serde(skip_serializing_if = "Option::is_none")]
    owing_service: Option<String>,
    /// Its tags; only with `FetchTags`.
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Tags>,
}

impl ListedSecret {
    fn new(secret: model::ListedSecret, with_tags: bool) -> Self {
        Self {
            secret_name: secret.name,
            secret_type: secret.secret_type.name(),
            create_time: Time(secret.created_at),
            update_time: Time(secret.updated_at),
            planned_delete_time: planned_delete_time(secret.state),
            owing_service: secret.owing_service,
            tags: with_tags.then(|| secret.tags.into()),
        }
    }
}
