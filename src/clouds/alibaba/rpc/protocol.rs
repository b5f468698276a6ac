//! The parts that all operations share: reading of parameters and printing of replies.

use serde::Serialize;

use super::error::ApiError;
use super::parameter::arguments::Arguments;
use super::reply;
use super::request::Request;
use crate::clouds::alibaba::settings::Settings;
use crate::clouds::description::ErrorDescription;
use crate::clouds::draft::Format;
use crate::clouds::service::{self, Parameter, Protocol};

/// The RPC protocol.
pub struct Rpc;

/// The context of a call to an operation.
pub(crate) type Call<'a> = service::Call<'a, Rpc>;

impl Protocol for Rpc {
    type Parameter = dyn Parameter;
    type Arguments<'r> = Arguments<'r>;
    type Request = Request;
    type Error = ApiError;
    type Settings = Settings;
    type Format = Format;

    // Not documented for secrets; Tencent Cloud documents 30 for lists.
    const RATE_LIMIT: u32 = 30;

    fn print(response: &impl Serialize, format: Format) -> Result<Vec<u8>, ApiError> {
        reply::print(response, format)
    }

    fn own_error(error: &ApiError) -> Option<&'static ErrorDescription> {
        match error {
            ApiError::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }
}
