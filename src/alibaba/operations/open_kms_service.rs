//! `OpenKmsService`: orders the service for an account.

use super::Operation;
use crate::alibaba::Call;
use crate::alibaba::error::{ApiError, OPENED, Refusal};
use crate::alibaba::parameter::{Arguments, Parameter};
use crate::alibaba::shapes::Done;

/// Answers `Forbidden.Opened` (400): every account has the service already.
pub struct OpenKmsService;

impl Operation for OpenKmsService {
    const ACTION: &'static str = "OpenKmsService";
    const SUMMARY: &'static str = "Orders the service, which every account has already.";
    const PAGE: &'static str = "https://www.alibabacloud.com/help/en/kms/key-management-service/developer-reference/api-kms-2016-01-20-openkmsservice";
    const EVIDENCE: &'static str = "documented; text: choice";
    const DIFFERENCES: &'static str = "Always `Forbidden.Opened`.";
    const PARAMETERS: &'static [&'static dyn Parameter] = &[];
    const ERRORS: &'static [&'static Refusal] = &[&OPENED];
    type Response = Done;

    fn parse(_: &Arguments) -> Result<Self, ApiError> {
        Ok(Self)
    }

    fn run(self, _: &Call) -> Result<Done, ApiError> {
        Err((&OPENED).into())
    }
}
