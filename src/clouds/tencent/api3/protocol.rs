//! The parts that all operations share: parsing parameters and serializing replies.

use serde::Serialize;

use super::error::ApiError;
use super::parameter::{Arguments, TypedParameter};
use super::reply;
use super::request::Request;
use crate::clouds::description::ErrorDescription;
use crate::clouds::reply_cache::Key;
use crate::clouds::service::{self, Protocol};
use crate::clouds::tencent::settings::Settings;

/// The protocol API 3.0.
pub struct Api3;

/// The context of a call to an operation.
pub(crate) type Call<'a> = service::Call<'a, Api3>;

impl Protocol for Api3 {
    type Parameter = dyn TypedParameter;
    type Arguments<'r> = Arguments;
    type Request = Request;
    type Error = ApiError;
    type Settings = Settings;
    type Format = ();
    type Envelope = ();

    const RATE_LIMIT: u32 = 20;

    fn add_to_key(arguments: &Arguments, (): (), key: &mut Key) {
        for (name, value) in arguments.all() {
            key.add(name.as_bytes());
            key.add(value.as_bytes());
        }
    }

    fn print(response: &impl Serialize, (): ()) -> Result<Vec<u8>, ApiError> {
        reply::print(response)
    }

    fn own_error(error: &ApiError) -> Option<&'static ErrorDescription> {
        match error {
            ApiError::Operation(error) => Some(error),
            _ => None,
        }
    }
}
