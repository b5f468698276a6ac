//! `ListAliasesByKeyId`: the aliases of a key, page by page.

use super::alias_list::AliasListResponse;
use super::page::{PAGE_NUMBER, PAGE_SIZE, PageParameters};
use crate::clouds::alibaba::kms::errors::{ALIAS_NOT_FOUND, KEY_NOT_FOUND};
use crate::clouds::alibaba::kms::keys::reference::{KEY_ID, KeyReference};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

/// Lists the aliases of a key, oldest first.
pub(crate) struct ListAliasesByKeyId {
    key: KeyReference,
    page: PageParameters,
}

impl Operation<Rpc> for ListAliasesByKeyId {
    const ACTION: &'static str = "ListAliasesByKeyId";
    const SUMMARY: &'static str = "Lists the aliases of a key, page by page.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listaliasesbykeyid";
    const EVIDENCE: &'static str = "documented, SDK; order: assumption";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&KEY_ID, &PAGE_NUMBER, &PAGE_SIZE];
    const ERRORS: &'static [&'static ErrorDescription] = &[&KEY_NOT_FOUND, &ALIAS_NOT_FOUND];
    type Response = AliasListResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            key: KEY_ID.read(arguments)?,
            page: PageParameters::read(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<AliasListResponse, ApiError> {
        AliasListResponse::read(call, Some(&self.key), self.page)
    }
}
