//! The descriptions of the clouds' operations, from which the explorer builds its forms.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::endpoint::{Call, Endpoint, Json, NoBody};
use super::error::ControlError;
use crate::clouds;
use crate::clouds::description::OperationDescription;
use crate::emulator::values::CloudName;

/// Lists operations.
pub(super) struct List;

/// Selects operations.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Filter {
    /// Only operations of this cloud.
    cloud: Option<CloudName>,
}

/// A list of operations.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Operations {
    /// The operations, in the order of the documentation.
    operations: Vec<Operation>,
}

/// An operation of a cloud.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Operation {
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
        let clouds = clouds::with_default_settings().all().into_iter();
        let operations = clouds
            .map(|cloud| (CloudName::from(cloud.cloud()), cloud.operations()))
            .filter(|(cloud, _)| filter.cloud.is_none_or(|wanted| wanted == *cloud))
            .flat_map(|(cloud, operations)| {
                let operations = operations.into_iter();
                operations.map(move |description| Operation { cloud, description })
            });
        Ok(Json(Operations {
            operations: operations.collect(),
        }))
    }
}
