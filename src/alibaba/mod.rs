//! Alibaba Cloud KMS, version 2016-01-20, over RPC: one URL, an action by name, parameters from
//! wherever a client puts them.

mod error;
pub mod fixture;
pub mod operations;
mod parameter;
mod region;
mod reply;
mod request;
mod shapes;
mod signature;

use crate::context::{Context, Outcome};
use crate::model::{Cloud, Scope};
use crate::wire::{WireReply, WireRequest};

use error::ApiError;
use operations::Supported;
use reply::Format;
use request::Request;

/// The version of the API spoken here.
const VERSION: &str = "2016-01-20";

/// What an operation may use.
pub struct Call<'a> {
    context: &'a Context<'a>,
    scope: Scope,
}

/// Answers a request.
pub fn handle(wire: &WireRequest, context: &Context) -> (WireReply, Outcome) {
    // Known before anything can fail, so that every error comes in the format asked for.
    let format = Format::of(wire);
    let mut action = None;
    match answer(wire, context, format, &mut action) {
        Ok(body) => (
            reply::success(format, body, context.request_id),
            Outcome { action, code: "OK" },
        ),
        Err(error) => {
            if let ApiError::InternalFailure(cause) = &error {
                tracing::error!(request_id = context.request_id, %cause, "internal failure");
            }
            (
                reply::failure(format, &error, context.request_id),
                Outcome {
                    action,
                    code: error.code(),
                },
            )
        }
    }
}

fn answer(
    wire: &WireRequest,
    context: &Context,
    format: Format,
    action: &mut Option<&'static str>,
) -> Result<Vec<u8>, ApiError> {
    if !matches!(wire.method, "GET" | "POST") {
        return Err(ApiError::UnsupportedHttpMethod);
    }
    if wire.path != "/" {
        return Err(ApiError::ActionNotFound);
    }
    let request = Request::parse(wire)?;
    let name = request.action().ok_or(ApiError::MissingAction)?;
    if request.version().is_some_and(|version| version != VERSION) {
        return Err(ApiError::InvalidVersion);
    }
    let found = operations::find(name).ok_or(ApiError::ActionNotFound)?;
    *action = Some(found.action());
    let access_key_id = signature::authenticate(&request, context)?;
    let Supported::Yes(operation) = found else {
        return Err(ApiError::UnsupportedOperation);
    };
    let scope = Scope {
        cloud: Cloud::Alibaba,
        account: context
            .auth
            .credentials
            .account_of(access_key_id)
            .to_owned(),
        region: region::of_host(wire.header("host"), context.default_region),
    };
    (operation.run)(&request, &Call { context, scope }, format)
}
