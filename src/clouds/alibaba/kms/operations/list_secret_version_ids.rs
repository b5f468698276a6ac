//! `ListSecretVersionIds`: the versions of a secret, page by page.

use schemars::JsonSchema;
use serde::Serialize;

use super::list_secrets::PAGE_NUMBER;
use crate::clouds::alibaba::kms::errors::NOT_FOUND;
use crate::clouds::alibaba::kms::resource::{SECRET_NAME_OR_ARN, SecretReference};
use crate::clouds::alibaba::kms::shapes::{Time, VersionStages};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Arguments, Boolean, Integer};
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

const INCLUDE_DEPRECATED: Boolean = Boolean {
    name: "IncludeDeprecated",
    default: false,
    help: "Whether to also list versions without a stage.",
};

const PAGE_SIZE: Integer = Integer {
    name: "PageSize",
    minimum: 1,
    maximum: 100,
    default: 20,
    help: "The number of versions on a page.",
};

/// Lists versions, oldest first.
pub(super) struct ListSecretVersionIds {
    secret: SecretReference,
    include_deprecated: bool,
    page_number: u32,
    page_size: u32,
}

impl Operation<Rpc> for ListSecretVersionIds {
    const ACTION: &'static str = "ListSecretVersionIds";
    const SUMMARY: &'static str = "Lists the versions of a secret, without their values.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listsecretversionids";
    const EVIDENCE: &'static str =
        "documented, SDK; a secret of another account: documented; default page size: assumption";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[
        &SECRET_NAME_OR_ARN,
        &INCLUDE_DEPRECATED,
        &PAGE_NUMBER,
        &PAGE_SIZE,
    ];
    const ERRORS: &'static [&'static ErrorDescription] = &[&NOT_FOUND];
    type Response = ListSecretVersionIdsResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            secret: SECRET_NAME_OR_ARN.read(arguments)?,
            include_deprecated: INCLUDE_DEPRECATED.read(arguments),
            page_number: PAGE_NUMBER.read(arguments)?,
            page_size: PAGE_SIZE.read(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<ListSecretVersionIdsResponse, ApiError> {
        let (secret, mut versions) = call.read(|store| {
            let (id, secret) =
                call.find_shared(store, &self.secret, "kms:ListSecretVersionIds", &NOT_FOUND)?;
            Ok((secret, store.versions(id)?))
        })?;
        versions.retain(|version| self.include_deprecated || !version.stages.is_empty());
        let total_count = versions.len();
        let page_size = self.page_size as usize;
        let passed = (self.page_number as usize - 1).saturating_mul(page_size);
        let version_id = versions
            .into_iter()
            .skip(passed)
            .take(page_size)
            .map(|version| ListedVersion {
                version_id: version.version_id,
                create_time: Time(version.created_at),
                version_stages: VersionStages {
                    version_stage: version.stages,
                },
            })
            .collect();
        Ok(ListSecretVersionIdsResponse {
            version_ids: VersionIds { version_id },
            secret_name: secret.name,
            page_number: self.page_number,
            page_size: self.page_size,
            total_count,
            request_id: call.request_id(),
        })
    }
}

/// The reply to `ListSecretVersionIds`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ListSecretVersionIdsResponse {
    /// The versions of the page.
    version_ids: VersionIds,
    /// The name of the secret.
    secret_name: String,
    /// The number of the page.
    page_number: u32,
    /// The number of versions on a full page.
    page_size: u32,
    /// The number of versions on all pages.
    total_count: usize,
    /// The id of the request.
    request_id: String,
}

/// A list of versions.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct VersionIds {
    /// The versions.
    version_id: Vec<ListedVersion>,
}

/// A version in a list.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct ListedVersion {
    /// Its id.
    version_id: String,
    /// When it was created.
    create_time: Time,
    /// Its stages.
    version_stages: VersionStages,
}
