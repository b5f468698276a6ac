//! `DescribeResourceTags`: lists the tags of resources.

use schemars::JsonSchema;
use serde::Serialize;

use super::shapes::{self, LIMIT, OFFSET, TagResource};
use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, Text, TextRule, TypedParameter, Uint64};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::tag::errors::OFFSET_INVALID;
use crate::clouds::tencent::tag::resource::{self, RESOURCE_PREFIX, ResourceId, SERVICE_TYPE};
use crate::model::Scope;

const CREATE_UIN: Uint64 = Uint64 {
    name: "CreateUin",
    minimum: 0,
    maximum: None,
    default: 0,
    help: "The account that created the resources; 0 selects all.",
};

const REGION: Text = Text {
    name: "ResourceRegion",
    rule: TextRule::Any,
    required: false,
    sensitive: false,
    help: "The region of the resources; the default region of the server if it is absent.",
};

const SERVICE: Text = Text {
    name: "ServiceType",
    rule: TextRule::Any,
    required: false,
    sensitive: false,
    help: "The service of the resources: `ssm`. Other services have no resources here.",
};

const PREFIX: Text = Text {
    name: "ResourcePrefix",
    rule: TextRule::Any,
    required: false,
    sensitive: false,
    help: "The kind of the resources: `secret`.",
};

const RESOURCE_ID: Text = Text {
    name: "ResourceId",
    rule: TextRule::Any,
    required: false,
    sensitive: false,
    help: "The id of one resource: `creatorUin/<uin>/<name>`, or the name of a secret.",
};

const COS_RESOURCE_ID: Uint64 = Uint64 {
    name: "CosResourceId",
    minimum: 0,
    maximum: Some(1),
    default: 0,
    help: "1: `ResourceId` is a bucket; buckets do not exist here.",
};

/// The resource that a request names, in six segments; absent if it lists all.
pub(in crate::clouds::tencent::tag) fn resource(
    arguments: &Arguments,
    scope: &Scope,
) -> Option<String> {
    let id = arguments.find_text(RESOURCE_ID.name)?;
    let text = |parameter: &Text, default| arguments.find_text(parameter.name).unwrap_or(default);
    let service = text(&SERVICE, SERVICE_TYPE);
    let region = text(&REGION, &scope.region);
    let prefix = text(&PREFIX, RESOURCE_PREFIX);
    let account = &scope.account;
    let is_name = service == SERVICE_TYPE && ResourceId::parse(id).is_none();
    let id = if is_name {
        format!("creatorUin/{account}/{id}")
    } else {
        id.to_owned()
    };
    Some(format!(
        "qcs::{service}:{region}:uin/{account}:{prefix}/{id}"
    ))
}

/// Lists the tags of secrets.
pub(super) struct DescribeResourceTags {
    creator: Option<String>,
    region: Option<String>,
    resource_id: Option<String>,
    page: (u32, u32),
    can_match: bool,
}

impl Operation<Api3> for DescribeResourceTags {
    const ACTION: &'static str = "DescribeResourceTags";
    const SUMMARY: &'static str = "Lists the tags of the secrets of a region, or of one secret.";
    const PAGE: &'static str = "https://console.cloud.tencent.com/api/explorer?Product=tag&Version=2018-08-13&Action=DescribeResourceTags";
    const EVIDENCE: &'static str =
        "documented, SDK; the order of the tags, an absent region, a limit of 0: assumption";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[
        &CREATE_UIN,
        &REGION,
        &SERVICE,
        &PREFIX,
        &RESOURCE_ID,
        &OFFSET,
        &LIMIT,
        &COS_RESOURCE_ID,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = &[&OFFSET_INVALID];
    type Response = DescribeResourceTagsResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let is_bucket = COS_RESOURCE_ID.read(arguments)? == 1;
        let resource_id = RESOURCE_ID.find(arguments)?;
        if is_bucket && resource_id.is_none() {
            return Err(ApiError::MissingParameter(RESOURCE_ID.name.to_owned()));
        }
        let is = |text: Option<String>, own: &str| text.is_none_or(|text| text == own);
        let service = is(SERVICE.find(arguments)?, SERVICE_TYPE);
        let prefix = is(PREFIX.find(arguments)?, RESOURCE_PREFIX);
        let creator = CREATE_UIN.any(arguments).filter(|uin| *uin != 0);
        Ok(Self {
            creator: creator.map(|uin| uin.to_string()),
            region: REGION.find(arguments)?,
            resource_id,
            page: shapes::page(arguments)?,
            can_match: service && prefix && !is_bucket,
        })
    }

    fn run(self, call: &Call) -> Result<DescribeResourceTagsResponse, ApiError> {
        let (offset, limit) = self.page;
        let (total_count, rows) = if self.can_match {
            self.select(call)?
        } else {
            (0, Vec::new())
        };
        Ok(DescribeResourceTagsResponse {
            total_count,
            offset,
            limit,
            rows,
            request_id: call.request_id(),
        })
    }
}

impl DescribeResourceTags {
    /// The number of tags, and a page of them.
    fn select(self, call: &Call) -> Result<(u64, Vec<TagResource>), ApiError> {
        let (offset, limit) = self.page;
        let account = &call.scope.account;
        let region = self.region.as_ref().unwrap_or(&call.scope.region);
        let Some(id) = &self.resource_id else {
            let scope = Scope {
                region: region.clone(),
                ..call.scope.clone()
            };
            let creator = self.creator.as_deref();
            let page = call.read(|store| Ok(store.tag_page(&scope, creator, offset, limit)?))?;
            let rows = page.tags.into_iter();
            let rows = rows.map(|found| {
                let creator = found.creator.as_ref().unwrap_or(account);
                TagResource::new(creator, &found.name, found.tag)
            });
            return Ok((page.total, rows.collect()));
        };
        let ResourceId { creator, name } = ResourceId::parse(id).unwrap_or(ResourceId {
            creator: self.creator.as_ref().unwrap_or(account),
            name: id,
        });
        if self.creator.as_ref().is_some_and(|given| given != creator) {
            return Ok((0, Vec::new()));
        }
        let found = call.read(|store| resource::find(store, call, region, creator, name))?;
        let tags = found.map(|(_, secret)| secret.tags).unwrap_or_default();
        let total = tags.len() as u64;
        let rows = tags.into_iter().skip(offset as usize).take(limit as usize);
        let rows = rows.map(|tag| TagResource::new(creator, name, tag));
        Ok((total, rows.collect()))
    }
}

/// The reply to `DescribeResourceTags`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeResourceTagsResponse {
    /// The number of tags, without offset and limit.
    total_count: u64,
    /// The number of skipped tags.
    offset: u32,
    /// The maximum number of returned tags.
    limit: u32,
    /// The tags.
    rows: Vec<TagResource>,
    /// The id of the request.
    request_id: String,
}
