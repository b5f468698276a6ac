//! `DescribeRegions`: the regions of the service.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

/// The public regions of the vendor's page *Endpoints*.
pub(crate) const REGIONS: [&str; 27] = [
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-southeast-1",
    "ap-southeast-3",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "cn-beijing",
    "cn-chengdu",
    "cn-guangzhou",
    "cn-hangzhou",
    "cn-heyuan",
    "cn-hongkong",
    "cn-huhehaote",
    "cn-nanjing",
    "cn-qingdao",
    "cn-shanghai",
    "cn-shenzhen",
    "cn-wulanchabu",
    "cn-zhangjiakou",
    "cn-zhengzhou-jva",
    "eu-central-1",
    "eu-west-1",
    "me-central-1",
    "me-east-1",
    "us-east-1",
    "us-west-1",
];

/// Lists the regions of the real service, and the default region of the emulator.
pub(super) struct DescribeRegions;

impl Operation<Rpc> for DescribeRegions {
    const ACTION: &'static str = "DescribeRegions";
    const SUMMARY: &'static str = "Lists the regions.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-describeregions";
    const EVIDENCE: &'static str = "documented";
    const DIFFERENCES: &'static str = "A fixed list of regions, and the default region.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[];
    const ERRORS: &'static [&'static ErrorDescription] = &[];
    type Response = DescribeRegionsResponse;

    fn parse(_: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self)
    }

    fn run(self, call: &Call) -> Result<DescribeRegionsResponse, ApiError> {
        let mut ids: Vec<&str> = REGIONS.to_vec();
        let default_region = call.settings.default_region.as_str();
        if !ids.contains(&default_region) {
            ids.push(default_region);
        }
        let region = ids.into_iter().map(|id| Region {
            region_id: id.to_owned(),
        });
        Ok(DescribeRegionsResponse {
            regions: Regions {
                region: region.collect(),
            },
            request_id: call.request_id(),
        })
    }
}

/// The reply to `DescribeRegions`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeRegionsResponse {
    /// The regions.
    regions: Regions,
    /// The id of the request.
    request_id: String,
}

/// A list of regions.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct Regions {
    /// The regions.
    region: Vec<Region>,
}

/// A region.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct Region {
    /// Its id.
    region_id: String,
}
