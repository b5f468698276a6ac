//! Alibaba Cloud KMS, version 2016-01-20, over RPC: one URL, an action by name, parameters from
//! wherever a client puts them.

mod error;
pub mod fixture;
mod managed;
pub mod operations;
mod parameter;
mod password;
mod region;
mod reply;
mod request;
mod resource;
mod shapes;
mod signature;
mod tags;
mod versions;

pub use managed::rotate_overdue;

use chrono::{DateTime, SubsecRound, Utc};

use crate::context::{Context, Outcome};
use crate::model::{Cloud, Scope};
use crate::store::{ReadTransaction, WriteTransaction};
use crate::wire::{WireReply, WireRequest};

use error::ApiError;
use operations::Supported;
use reply::Format;
use request::Request;

/// The version of the API spoken here.
const VERSION: &str = "2016-01-20";

/// How many requests a second are answered, where that is limited: of each action, in each region,
/// for each access key. The vendor names no number for secrets; the other cloud's for lists is 30.
const MOST_PER_SECOND: u32 = 30;

/// What an operation may use.
pub struct Call<'a> {
    context: &'a Context<'a>,
    scope: Scope,
}

impl Call<'_> {
    /// Lets `work` read from one snapshot of the store.
    fn read<T>(
        &self,
        work: impl FnOnce(&ReadTransaction) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        self.context.store.read(work)
    }

    /// Lets `work` change the store: entirely, or, if it answers an error, not at all.
    fn write<T>(
        &self,
        work: impl FnOnce(&WriteTransaction) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        self.context.store.write(work)
    }

    /// The moment the request arrived, to the second.
    fn now(&self) -> DateTime<Utc> {
        self.context.now.trunc_subsecs(0)
    }

    fn request_id(&self) -> String {
        self.context.request_id.to_owned()
    }
}

/// Whether the request asks for an operation that changes something, as far as a glance tells: the
/// answer then waits for the disk.
#[must_use]
pub fn may_write(wire: &WireRequest) -> bool {
    let writes = |action: &str| matches!(operations::find(action), Some(Supported::Yes(operation)) if operation.writes);
    wire.header("x-acs-action").is_some_and(writes)
        || request::glance(wire, "Action").is_some_and(|action| writes(&action))
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
    let found_action = found.action();
    *action = Some(found_action);
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
    if let Some(limiter) = context.rate_limiter
        && limiter.count(
            &scope,
            found_action,
            access_key_id.unwrap_or_default(),
            context.now,
        ) > MOST_PER_SECOND
    {
        return Err(ApiError::Throttling);
    }
    (operation.run)(&request, &Call { context, scope }, format)
}
