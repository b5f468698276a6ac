//! What operations share: how their parameters are read, and their replies printed.

use serde::Serialize;

use super::error::ApiError;
use super::parameter::Arguments;
use super::reply;
use crate::clouds::alibaba::settings::Settings;
use crate::clouds::description::ErrorDescription;
use crate::clouds::draft::Format;
use crate::clouds::service::{self, Parameter, Protocol};

/// The protocol.
pub struct Rpc;

/// What an operation may use.
pub type Call<'a> = service::Call<'a, Rpc>;

impl Protocol for Rpc {
    type Parameter = dyn Parameter;
    type Arguments<'r> = Arguments<'r>;
    type Error = ApiError;
    type Settings = Settings;
    type Format = Format;

    // The vendor names no number for secrets; Tencent Cloud's for lists is 30.
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
