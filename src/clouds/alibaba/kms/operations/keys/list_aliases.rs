//! `ListAliases`: the aliases of the account in the region, page by page.

use super::alias_list::AliasListResponse;
use super::page::{PAGE_NUMBER, PAGE_SIZE, PageParameters};
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

/// Lists aliases, oldest first.
pub(crate) struct ListAliases {
    page: PageParameters,
}

impl Operation<Rpc> for ListAliases {
    const ACTION: &'static str = "ListAliases";
    const SUMMARY: &'static str = "Lists the aliases of the account in the region, page by page.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-listaliases";
    const EVIDENCE: &'static str = "documented, SDK; order: assumption";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[&PAGE_NUMBER, &PAGE_SIZE];
    const ERRORS: &'static [&'static ErrorDescription] = &[];
    type Response = AliasListResponse;

    fn parse(arguments: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self {
            page: PageParameters::read(arguments)?,
        })
    }

    fn run(self, call: &Call) -> Result<AliasListResponse, ApiError> {
        AliasListResponse::read(call, None, self.page)
    }
}
