//! `DescribeResourceTagsByResourceIds`: lists the tags of some resources.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::shapes::{self, LIMIT, OFFSET, TagResource};
use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, Text, TextRule, Texts, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::api3::region;
use crate::clouds::tencent::tag::errors::{
    OFFSET_INVALID, REGION_INVALID, RESOURCE_ID_INVALID, RESOURCE_PREFIX_INVALID,
    SERVICE_TYPE_INVALID,
};
use crate::clouds::tencent::tag::resource::{self, RESOURCE_PREFIX, ResourceId, SERVICE_TYPE};
use crate::model::Scope;

const SERVICE: Text = Text {
    name: "ServiceType",
    rule: TextRule::Any,
    required: true,
    sensitive: false,
    help: "The service of the resources: `ssm`. Other services have no resources here.",
};

const PREFIX: Text = Text {
    name: "ResourcePrefix",
    rule: TextRule::Any,
    required: true,
    sensitive: false,
    help: "The kind of the resources: `secret`.",
};

const RESOURCE_IDS: Texts = Texts {
    name: "ResourceIds",
    max_items: 50,
    help: "The ids of the resources: `creatorUin/<uin>/<name>`.",
};

const REGION: Text = Text {
    name: "ResourceRegion",
    rule: TextRule::Any,
    required: true,
    sensitive: false,
    help: "The region of the resources.",
};

const CATEGORY: Text = Text {
    name: "Category",
    rule: TextRule::Any,
    required: false,
    sensitive: false,
    help: "`Custom`, `System` or `All`, the default. The emulator has no tags of the system.",
};

/// The resources that a request names, in six segments.
pub(in crate::clouds::tencent::tag) fn resources(
    arguments: &Arguments,
    scope: &Scope,
) -> Vec<String> {
    let text = |parameter: &Text| arguments.find_text(parameter.name).unwrap_or_default();
    let (service, region, prefix) = (text(&SERVICE), text(&REGION), text(&PREFIX));
    let account = &scope.account;
    let ids = RESOURCE_IDS.read(arguments).unwrap_or_default();
    ids.iter()
        .map(|id| format!("qcs::{service}:{region}:uin/{account}:{prefix}/{id}"))
        .collect()
}

/// Lists the tags of some secrets.
pub(super) struct DescribeResourceTagsByResourceIds {
    service: String,
    prefix: String,
    ids: Vec<String>,
    region: String,
    page: (u32, u32),
    has_custom: bool,
}

impl Operation<Api3> for DescribeResourceTagsByResourceIds {
    const ACTION: &'static str = "DescribeResourceTagsByResourceIds";
    const SUMMARY: &'static str = "Lists the tags of some secrets.";
    const PAGE: &'static str = "https://console.cloud.tencent.com/api/explorer?Product=tag&Version=2018-08-13&Action=DescribeResourceTagsByResourceIds";
    const EVIDENCE: &'static str = "documented, SDK; error texts, the order of the tags, a limit of 0, an unknown resource: assumption";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[
        &SERVICE,
        &PREFIX,
        &RESOURCE_IDS,
        &REGION,
        &OFFSET,
        &LIMIT,
        &CATEGORY,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = &[
        &SERVICE_TYPE_INVALID,
        &RESOURCE_PREFIX_INVALID,
        &RESOURCE_ID_INVALID,
        &REGION_INVALID,
        &OFFSET_INVALID,
    ];
    type Response = DescribeResourceTagsByResourceIdsResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let has_custom = match CATEGORY.find(arguments)?.as_deref() {
            None | Some("All" | "Custom") => true,
            Some("System") => false,
            Some(other) => return Err(CATEGORY.invalid(other)),
        };
        let operation = Self {
            service: SERVICE.read(arguments)?,
            prefix: PREFIX.read(arguments)?,
            ids: RESOURCE_IDS.read(arguments)?,
            region: REGION.read(arguments)?,
            page: shapes::page(arguments)?,
            has_custom,
        };
        operation.check()?;
        Ok(operation)
    }

    fn run(self, call: &Call) -> Result<DescribeResourceTagsByResourceIdsResponse, ApiError> {
        let mut tags = Vec::new();
        if self.service == SERVICE_TYPE && self.has_custom {
            call.read(|store| {
                let mut read = HashSet::new();
                for id in &self.ids {
                    let Some(ResourceId { creator, name }) = ResourceId::parse(id) else {
                        return Err((&RESOURCE_ID_INVALID).into());
                    };
                    let found = resource::find(store, call, &self.region, creator, name)?;
                    let Some((_, secret)) = found.filter(|_| read.insert(id)) else {
                        continue;
                    };
                    let of_secret = secret.tags.into_iter();
                    tags.extend(of_secret.map(|tag| TagResource::new(creator, name, tag)));
                }
                Ok(())
            })?;
        }
        let (offset, limit) = self.page;
        Ok(DescribeResourceTagsByResourceIdsResponse {
            total_count: tags.len(),
            offset,
            limit,
            tags: tags
                .into_iter()
                .skip(offset as usize)
                .take(limit as usize)
                .collect(),
            request_id: call.request_id(),
        })
    }
}

impl DescribeResourceTagsByResourceIds {
    /// Checks the parts of the resources' description.
    fn check(&self) -> Result<(), ApiError> {
        if self.service.is_empty() {
            return Err((&SERVICE_TYPE_INVALID).into());
        }
        let is_of_ssm = self.service == SERVICE_TYPE;
        if self.prefix.is_empty() || (is_of_ssm && self.prefix != RESOURCE_PREFIX) {
            return Err((&RESOURCE_PREFIX_INVALID).into());
        }
        // Resources of a service without regions have an empty one.
        let is_without = self.region.is_empty() && !is_of_ssm;
        if !is_without && !region::is_known(&self.region) {
            return Err((&REGION_INVALID).into());
        }
        if self.ids.iter().any(String::is_empty) {
            return Err((&RESOURCE_ID_INVALID).into());
        }
        Ok(())
    }
}

/// The reply to `DescribeResourceTagsByResourceIds`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeResourceTagsByResourceIdsResponse {
    /// The number of tags, without offset and limit.
    total_count: usize,
    /// The number of skipped tags.
    offset: u32,
    /// The maximum number of returned tags.
    limit: u32,
    /// The tags.
    tags: Vec<TagResource>,
    /// The id of the request.
    request_id: String,
}
