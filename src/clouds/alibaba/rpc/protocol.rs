//! The parts that all operations share: parsing parameters and serializing replies.

use serde::Serialize;

use super::error::ApiError;
use super::parameter::arguments::Arguments;
use super::reply::{self, Envelope, Form};
use super::request::Request;
use crate::clouds::alibaba::settings::Settings;
use crate::clouds::description::ErrorDescription;
use crate::clouds::reply_cache::Key;
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
    type Format = Form;
    type Envelope = Envelope;

    // Not documented for secrets; Tencent Cloud documents 30 for lists.
    const RATE_LIMIT: u32 = 30;

    fn add_to_key(arguments: &Arguments, form: Form, key: &mut Key) {
        key.add(&[form.format as u8]);
        for (name, value) in arguments.all() {
            key.add(name.as_bytes());
            key.add(value.as_bytes());
        }
    }

    fn print(response: &impl Serialize, form: Form) -> Result<Vec<u8>, ApiError> {
        reply::print(response, form)
    }

    fn own_error(error: &ApiError) -> Option<&'static ErrorDescription> {
        match error {
            ApiError::Operation(error) => Some(error),
            _ => None,
        }
    }
}
