//! `OpenKmsService`: activates the service for an account.

use crate::clouds::alibaba::kms::errors::OPENED;
use crate::clouds::alibaba::kms::shapes::EmptyResponse;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::Arguments;
use crate::clouds::alibaba::rpc::protocol::{Call, Rpc};
use crate::clouds::service::{Operation, Parameter};

/// Always `Forbidden.Opened` (400): the service is active in every account.
pub(super) struct OpenKmsService;

impl Operation<Rpc> for OpenKmsService {
    const ACTION: &'static str = "OpenKmsService";
    const SUMMARY: &'static str = "Activates the service. It is active in every account.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-openkmsservice";
    const EVIDENCE: &'static str = "documented";
    const DIFFERENCES: &'static str = "Always `Forbidden.Opened`.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[];
    const ERRORS: &'static [&'static ErrorDescription] = &[&OPENED];
    type Response = EmptyResponse;

    fn parse(_: &Arguments, _: &Call) -> Result<Self, ApiError> {
        Ok(Self)
    }

    fn run(self, _: &Call) -> Result<EmptyResponse, ApiError> {
        Err((&OPENED).into())
    }
}
