//! The coverage report: which operations, parameters and error codes were used.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::endpoint::{Call, Endpoint, Json, NoBody, NoParameters};
use super::error::ControlError;
use crate::clouds::description::ParameterDescription;
use crate::clouds::{self, CredentialResource};
use crate::emulator::coverage::{Used, UsedOperation};
use crate::emulator::values::CloudName;
use crate::model::Cloud;

/// The coverage of each cloud since the start or the last clear.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CoverageReport {
    /// The clouds.
    clouds: Vec<CloudCoverage>,
}

/// The coverage of a cloud.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct CloudCoverage {
    /// The cloud.
    cloud: CloudName,
    /// Supported operations, and resources of credential sources, that were requested.
    operations: Vec<OperationCoverage>,
    /// Supported operations, and resources of credential sources, that were not requested.
    unused_operations: Vec<&'static str>,
    /// Operations of the real service that were requested and are not supported, with the number of
    /// requests.
    unsupported_operations: BTreeMap<&'static str, u64>,
    /// Requested names that are no operations of the real service, with the number of requests.
    unknown_operations: BTreeMap<String, u64>,
    /// The number of replies by error code; `OK` = success.
    codes: BTreeMap<&'static str, u64>,
}

/// The coverage of an operation.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct OperationCoverage {
    /// The name of the operation.
    action: &'static str,
    /// The number of requests.
    requests: u64,
    /// The number of replies by error code; `OK` = success.
    codes: BTreeMap<&'static str, u64>,
    /// Parameters that were sent.
    parameters: Vec<&'static str>,
    /// Parameters that were not sent.
    unused_parameters: Vec<&'static str>,
    /// Parameters that were sent and had no effect, such as those that the operation does not have.
    unsupported_parameters: Vec<String>,
}

impl OperationCoverage {
    fn of(action: &'static str, described: &[ParameterDescription], used: &UsedOperation) -> Self {
        let (mut parameters, mut unused_parameters) = (Vec::new(), Vec::new());
        for (index, parameter) in described.iter().enumerate().take(64) {
            if used.parameters & 1 << index == 0 {
                unused_parameters.push(parameter.name);
            } else {
                parameters.push(parameter.name);
            }
        }
        Self {
            action,
            requests: used.codes.values().sum(),
            codes: used.codes.clone(),
            parameters,
            unused_parameters,
            unsupported_parameters: used.unknown_parameters.iter().cloned().collect(),
        }
    }
}

impl CloudCoverage {
    fn of(cloud: Cloud, used: &Used) -> Self {
        let known = clouds::with_default_settings();
        let resources = known.get(cloud).credential_resources().iter();
        let mut supported = known.get(cloud).operations();
        supported.extend(resources.map(CredentialResource::describe));
        let mut report = Self {
            cloud: cloud.into(),
            operations: Vec::new(),
            unused_operations: Vec::new(),
            unsupported_operations: BTreeMap::new(),
            unknown_operations: BTreeMap::new(),
            codes: BTreeMap::new(),
        };
        for description in &supported {
            match used.operations.get(&(cloud, description.action)) {
                Some(used) => report.operations.push(OperationCoverage::of(
                    description.action,
                    &description.parameters,
                    used,
                )),
                None => report.unused_operations.push(description.action),
            }
        }
        for ((of, action), used) in &used.operations {
            if *of != cloud {
                continue;
            }
            for (code, count) in &used.codes {
                *report.codes.entry(code).or_default() += count;
            }
            let is_supported = supported.iter().any(|known| known.action == *action);
            if !is_supported {
                let requests = used.codes.values().sum();
                report.unsupported_operations.insert(action, requests);
            }
        }
        for ((of, code), count) in &used.codes {
            if *of == cloud {
                *report.codes.entry(code).or_default() += count;
            }
        }
        for ((of, name), count) in &used.unknown_actions {
            if *of == cloud {
                report.unknown_operations.insert(name.clone(), *count);
            }
        }
        report
    }
}

impl CoverageReport {
    fn of(used: &Used) -> Self {
        let clouds = clouds::with_default_settings().all();
        Self {
            clouds: clouds
                .map(|cloud| CloudCoverage::of(cloud.cloud(), used))
                .into(),
        }
    }
}

/// Returns the report.
pub(super) struct Report;

impl Endpoint for Report {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/coverage";
    const SUMMARY: &'static str = "Reports which operations and parameters were used, which unsupported ones were requested, and \
         which error codes were returned.";
    type Parameters = NoParameters;
    type Body = NoBody;
    type Reply = Json<CoverageReport>;

    fn run(call: &Call, _: NoParameters, _: NoBody) -> Result<Self::Reply, ControlError> {
        Ok(Json(CoverageReport::of(&call.emulator.coverage.used())))
    }
}

/// Returns the report and starts a new one.
pub(super) struct Clear;

impl Endpoint for Clear {
    const METHOD: &'static str = "DELETE";
    const PATH: &'static str = "/_emulator/coverage";
    const SUMMARY: &'static str = "Returns the report, and starts a new one.";
    type Parameters = NoParameters;
    type Body = NoBody;
    type Reply = Json<CoverageReport>;

    fn run(call: &Call, _: NoParameters, _: NoBody) -> Result<Self::Reply, ControlError> {
        Ok(Json(CoverageReport::of(&call.emulator.coverage.take())))
    }
}
