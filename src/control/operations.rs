//! The descriptions of the clouds' operations and credential sources, from which the explorer builds its forms.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::endpoint::{Call, Endpoint, Json, NoBody};
use super::error::ControlError;
use crate::clouds::description::OperationDescription;
use crate::clouds::{self, CredentialResource};
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
    /// The operations of each cloud in the order of the documentation, then the resources of its credential sources.
    operations: Vec<Operation>,
}

/// An operation of a cloud, or a resource of a credential source.
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
    const SUMMARY: &'static str = "Lists the supported operations, and the resources of credential sources, with their parameters, errors and replies.";
    type Parameters = Filter;
    type Body = NoBody;
    type Reply = Json<Operations>;

    fn run(_: &Call, filter: Filter, _: NoBody) -> Result<Self::Reply, ControlError> {
        let clouds = clouds::with_default_settings().all().into_iter();
        let clouds = clouds.filter(|cloud| {
            filter
                .cloud
                .is_none_or(|wanted| wanted == cloud.cloud().into())
        });
        let operations = clouds.flat_map(|cloud| {
            let resources = cloud.credential_resources().iter();
            let resources = resources.map(CredentialResource::describe);
            let operations = cloud.operations().into_iter().chain(resources);
            operations.map(move |description| Operation {
                cloud: cloud.cloud().into(),
                description,
            })
        });
        Ok(Json(Operations {
            operations: operations.collect(),
        }))
    }
}
