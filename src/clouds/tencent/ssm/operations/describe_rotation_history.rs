//! `DescribeRotationHistory`: lists the versions before the current one.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::service::Operation;
use crate::clouds::tencent::api3::error::{ApiError, ErrorDescription};
use crate::clouds::tencent::api3::parameter::{Arguments, TypedParameter};
use crate::clouds::tencent::api3::protocol::{Api3, Call};
use crate::clouds::tencent::ssm::errors::{NOT_FOUND, ROTATION_FORBIDDEN};
use crate::clouds::tencent::ssm::managed::MAX_HISTORY;
use crate::clouds::tencent::ssm::resource::{CURRENT, SECRET_NAME};
use crate::clouds::tencent::ssm::shapes::{self, AccountInfo};

/// Lists the versions of a secret of a cloud product before the current one.
pub(super) struct DescribeRotationHistory {
    name: String,
}

impl Operation<Api3> for DescribeRotationHistory {
    const ACTION: &'static str = "DescribeRotationHistory";
    const SUMMARY: &'static str = "Lists the versions of a secret before the current one.";
    const PAGE: &'static str = "https://console.cloud.tencent.com/api/explorer?Product=ssm&Version=2019-09-23&Action=DescribeRotationHistory";
    const EVIDENCE: &'static str = "documented, SDK; the order of the versions, accounts before the current one, the code for other types: assumption";
    const PARAMETERS: &'static [&'static dyn TypedParameter] = &[&SECRET_NAME];
    const ERRORS: &'static [&'static ErrorDescription] = &[&NOT_FOUND, &ROTATION_FORBIDDEN];
    const RATE_LIMIT: u32 = 20;
    type Response = DescribeRotationHistoryResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        let name = SECRET_NAME.read(arguments)?;
        Ok(Self { name })
    }

    fn run(self, call: &Call) -> Result<DescribeRotationHistoryResponse, ApiError> {
        let (version_ids, account_info_list) = call.read(|store| {
            let (id, secret, details) = call.find_managed(store, &self.name)?;
            let versions = store.versions(id)?.into_iter().rev();
            let ids = versions.map(|version| version.version_id);
            let earlier: Vec<_> = ids.filter(|id| id != CURRENT).take(MAX_HISTORY).collect();
            Ok((earlier, shapes::accounts(store, id, &secret, &details)?))
        })?;
        Ok(DescribeRotationHistoryResponse {
            total_count: version_ids.len(),
            version_ids,
            account_info_list,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `DescribeRotationHistory`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DescribeRotationHistoryResponse {
    /// The ids of the versions, the latest first; at most 10.
    #[serde(rename = "VersionIDs")]
    version_ids: Vec<String>,
    /// The number of ids.
    total_count: usize,
    /// The accounts of the versions, the one in use first.
    account_info_list: Vec<AccountInfo>,
    /// The id of the request.
    request_id: String,
}
