//! `ListSecretVersionIds`: lists the versions of a secret, without paging.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::errors::NOT_FOUND;
use crate::clouds::tencent::ssm::resource::SECRET_NAME;
use crate::clouds::tencent::ssm::shapes;

/// Lists the versions of a secret, the latest first.
pub(super) struct ListSecretVersionIds {
    name: String,
}

impl Operation<Api3> for ListSecretVersionIds {
    const ACTION: &'static str = "ListSecretVersionIds";
    const SUMMARY: &'static str = "Lists the versions of a secret.";
    const PAGE: &'static str = "https://www.tencentcloud.com/document/product/1078/38647";
    const EVIDENCE: &'static str = "documented; order: assumption that fits the vendor's samples";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[&SECRET_NAME];
    const ERRORS: &'static [&'static ErrorDescription] = &[&NOT_FOUND];
    const RATE_LIMIT: u32 = 300;
    type Response = ListSecretVersionIdsResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let name = SECRET_NAME.read(arguments)?;
        Ok(Self { name })
    }

    fn run(self, call: &Call) -> Result<ListSecretVersionIdsResponse, ApiError> {
        let versions = call.read(|store| {
            let (id, _) = call.find(store, &self.name)?;
            Ok(store.versions(id)?)
        })?;
        let latest_first = versions.into_iter().rev();
        Ok(ListSecretVersionIdsResponse {
            secret_name: self.name,
            versions: latest_first
                .map(|version| ListedVersion {
                    version_id: version.version_id,
                    create_time: shapes::time(version.created_at),
                })
                .collect(),
            request_id: call.request_id(),
        })
    }
}

/// The reply to `ListSecretVersionIds`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListSecretVersionIdsResponse {
    /// The name of the secret.
    secret_name: String,
    /// The versions.
    versions: Vec<ListedVersion>,
    /// The id of the request.
    request_id: String,
}

/// A version of the list.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct ListedVersion {
    /// The id of the version.
    version_id: String,
    /// When it was created, in Unix seconds.
    create_time: u64,
}
