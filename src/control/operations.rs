//! The operations of the clouds, described: what forms are made of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::values::CloudName;
use super::{Call, ControlError, Endpoint, Json, NoBody};
use crate::description::OperationDescription;
use crate::{alibaba, tencent};

/// Lists operations.
pub struct List;

/// Which operations are meant.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Only those of this cloud.
    cloud: Option<CloudName>,
}

/// Operations.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Operations {
    /// In the order of the documentation.
    operations: Vec<Operation>,
}

/// An operation of a cloud.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Operation {
    /// The cloud.
    cloud: CloudName,
    #[serde(flatten)]
    description: OperationDescription,
}

impl Endpoint for List {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/operations";
    const SUMMARY: &'static str =
        "Lists the supported operations with their parameters, errors and replies.";
    type Parameters = Filter;
    type Body = NoBody;
    type Reply = Json<Operations>;

    fn run(_: &Call, filter: Filter, _: NoBody) -> Result<Self::Reply, ControlError> {
        let of = |cloud: CloudName, all: Vec<OperationDescription>| {
            let is_meant = filter.cloud.is_none_or(|wanted| wanted == cloud);
            let all = all.into_iter().filter(move |_| is_meant);
            all.map(move |description| Operation { cloud, description })
        };
        let alibaba = of(CloudName::Alibaba, alibaba::operations::descriptions());
        let tencent = of(CloudName::Tencent, tencent::operations::descriptions());
        Ok(Json(Operations {
            operations: alibaba.chain(tencent).collect(),
        }))
    }
}
