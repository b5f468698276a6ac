//! `ListKeyVersions`: the versions of a key, page by page.

use schemars::JsonSchema;
use serde::Serialize;

use super::key_version::KeyVersion;
use super::page::{PAGE_NUMBER, PAGE_SIZE, PageParameters};
use crate::clouds::alibaba::kms::errors::{ALIAS_NOT_FOUND, KEY_NOT_FOUND};
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

/// Lists the versions of a key, oldest first.
pub(crate) struct ListKeyVersions {
    key: KeyReference,
    page: PageParameters,
}

impl Operation<Rpc> for ListKeyVersions {
    const ACTION: &'static str = "ListKeyVersions";
    const SUMMARY: &'static str = "Lists the versions of a key, page by page.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listkeyversions";
    const EVIDENCE: &'static str = "documented, SDK; order: assumption";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&KEY_ID, &PAGE_NUMBER, &PAGE_SIZE];
    const ERRORS: &'static [&'static ErrorDescription] = &[&KEY_NOT_FOUND, &ALIAS_NOT_FOUND];
    type Response = ListKeyVersionsResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            key: KEY_ID.read(arguments)?,
            page: PageParameters::read(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<ListKeyVersionsResponse, ApiError> {
        let (key_id, found) = call.read(|store| {
            let (id, cmk) = call.find_shared_key(store, &self.key, Some("kms:ListKeyVersions"))?;
            Ok((
                cmk.key_id,
                store.list_cmk_versions(id, self.page.request())?,
            ))
        })?;
        let versions = found.items.into_iter();
        Ok(ListKeyVersionsResponse {
            key_versions: KeyVersionList {
                key_version: versions
                    .map(|version| KeyVersion::new(&key_id, version))
                    .collect(),
            },
            request_id: call.request_id(),
            page_number: self.page.number,
            page_size: self.page.size,
            total_count: found.total,
        })
    }
}

/// The reply to `ListKeyVersions`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ListKeyVersionsResponse {
    /// The versions of the page.
    key_versions: KeyVersionList,
    /// The id of the request.
    request_id: String,
    /// The number of the page.
    page_number: u32,
    /// The number of items on a full page.
    page_size: u32,
    /// The number of versions on all pages.
    total_count: u64,
}

/// A list of versions.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "PascalCase")]
struct KeyVersionList {
    /// The versions.
    key_version: Vec<KeyVersion>,
}
