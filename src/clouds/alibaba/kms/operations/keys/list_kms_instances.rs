//! `ListKmsInstances`: the KMS instances of the account in the region.

use schemars::JsonSchema;
use serde::Serialize;

use super::page::{PAGE_NUMBER, PageParameters, page_size};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Integer, Optional, Text, TextRule};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};
use crate::model::KmsInstance;

const FILTERS: Text = Text {
    name: "Filters",
    rule: TextRule::Characters(8192),
    sensitive: false,
    help: "Conditions, as JSON. They have no effect.",
};

const INSTANCE_PAGE_SIZE: Integer = page_size(20);

/// Lists the KMS instances, sorted by id.
pub(crate) struct ListKmsInstances {
    page: PageParameters,
}

impl Operation<Rpc> for ListKmsInstances {
    const ACTION: &'static str = "ListKmsInstances";
    const SUMMARY: &'static str = "Lists the KMS instances of the account in the region.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listkmsinstances";
    const EVIDENCE: &'static str =
        "documented, SDK 3.3.1; order, that `Filters` have no effect: assumption";
    const DIFFERENCES: &'static str =
        "Instances come from fixtures and `--kms-instance`. `Filters` have no effect.";
    const PARAMETERS: &'static [&'static dyn Parameter] =
        &[&FILTERS, &PAGE_NUMBER, &INSTANCE_PAGE_SIZE];
    const ERRORS: &'static [&'static ErrorDescription] = &[];
    type Response = ListKmsInstancesResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        FILTERS.find(arguments)?;
        Ok(Self {
            page: PageParameters::read_with(&INSTANCE_PAGE_SIZE, arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<ListKmsInstancesResponse, ApiError> {
        let instances = call.read(|store| Ok(store.kms_instances(&call.scope)?))?;
        let page = self.page.request();
        let total_count = instances.len() as u64;
        let skipped = usize::try_from(page.offset).unwrap_or(usize::MAX);
        let instance = |instance: KmsInstance| ListedInstance {
            kms_instance_arn: call.arn_of(&format!("keystore/{}", instance.instance_id)),
            kms_instance_id: instance.instance_id,
        };
        let instances = instances
            .into_iter()
            .skip(skipped)
            .take(page.limit as usize);
        Ok(ListKmsInstancesResponse {
            kms_instances: InstanceList {
                kms_instance: instances.map(instance).collect(),
            },
            request_id: call.request_id(),
            page_number: self.page.number,
            page_size: self.page.size,
            total_count,
        })
    }
}

/// The reply to `ListKmsInstances`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListKmsInstancesResponse {
    /// The instances of the page.
    kms_instances: InstanceList,
    /// The id of the request.
    request_id: String,
    /// The number of the page.
    page_number: u32,
    /// The number of items on a full page.
    page_size: u32,
    /// The number of instances on all pages.
    total_count: u64,
}

/// A list of KMS instances.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct InstanceList {
    /// The instances.
    kms_instance: Vec<ListedInstance>,
}

/// A KMS instance in a list.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct ListedInstance {
    /// The id of the instance.
    kms_instance_id: String,
    /// Its ARN.
    kms_instance_arn: String,
}
