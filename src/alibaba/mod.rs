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
mod signer;
mod tags;
mod versions;

pub use managed::rotate_overdue;
pub use operations::REGIONS;
pub use region::of_host as region_of_host;
pub use reply::Format;
pub use request::COMMON;
pub use signer::{SignatureMethod, pairs_of, sign};

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};

use crate::context::{Context, MASK, Outcome};
use crate::description::ErrorSample;
use crate::model::{Cloud, Scope};
use crate::request_log;
use crate::store::{ReadTransaction, WriteTransaction};
use crate::wire::{WireReply, WireRequest};

use error::{ApiError, NOT_FOUND};
use operations::Supported;
use request::Request;

/// The version of the API spoken here.
pub const VERSION: &str = "2016-01-20";

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

/// A parameter of the operation; absent where the request cannot be read.
#[must_use]
pub fn parameter(wire: &WireRequest, name: &str) -> Option<String> {
    let request = Request::parse(wire).ok()?;
    request.parameter(name).map(str::to_owned)
}

/// The operation asked for, if the real service has such a one.
#[must_use]
pub fn action(wire: &WireRequest) -> Option<&'static str> {
    let request = Request::parse(wire).ok()?;
    Some(operations::find(request.action()?)?.action())
}

/// The id of the access key that a request is signed with.
#[must_use]
pub fn access_key_id(wire: &WireRequest) -> Option<String> {
    let request = Request::parse(wire).ok()?;
    signature::access_key_id(&request).map(str::to_owned)
}

/// The documented error of this code, as the operation `action` words it, if that has its own words.
#[must_use]
pub fn documented_error(code: &str, action: Option<&str>) -> Option<ErrorSample> {
    operations::sample(code, action).or_else(|| error::sample(code))
}

/// Answers a request with an error, whatever it asks for.
#[must_use]
pub fn refuse(wire: &WireRequest, error: Arc<ErrorSample>, request_id: &str) -> WireReply {
    reply::failure(Format::of(wire), &ApiError::Ordered(error), request_id)
}

/// The parameters of a request by name, without the common ones, to be shown to anybody; absent where
/// they cannot be read.
#[must_use]
pub fn shown_parameters(wire: &WireRequest) -> Option<Vec<(String, String)>> {
    let request = Request::parse(wire).ok()?;
    let own = request.parameters().iter();
    let own = own.filter(|parameter| !parameter.is_common());
    let shown = own.map(|parameter| {
        let value = if parameter.may_be_shown() {
            &*parameter.value
        } else {
            MASK
        };
        (parameter.name.clone().into_owned(), value.to_owned())
    });
    Some(shown.collect())
}

/// Answers a request.
pub fn handle(wire: &WireRequest, context: &Context) -> (WireReply, Outcome) {
    // Known before anything can fail, so that every error comes in the format asked for.
    let format = Format::of(wire);
    let mut outcome = Outcome::new();
    let reply = match answer(wire, context, format, &mut outcome) {
        Ok(body) => reply::success(format, body, context.request_id),
        Err(error) => {
            if let ApiError::InternalFailure(cause) = &error {
                tracing::error!(request_id = context.request_id, %cause, "internal failure");
            }
            if error.code() == NOT_FOUND.code {
                outcome.not_found = parameter(wire, "SecretName");
            }
            outcome.code = error.code();
            if outcome.reason.is_none() && request_log::is_enabled() {
                outcome.reason = Some(error.to_string());
            }
            reply::failure(format, &error, context.request_id)
        }
    };
    (reply, outcome)
}

fn answer(
    wire: &WireRequest,
    context: &Context,
    format: Format,
    outcome: &mut Outcome,
) -> Result<Vec<u8>, ApiError> {
    if !matches!(wire.method, "GET" | "POST") {
        return Err(ApiError::UnsupportedHttpMethod);
    }
    if wire.path != "/" {
        return Err(ApiError::ActionNotFound);
    }
    let request = Request::parse(wire)?;
    if request_log::is_enabled() {
        outcome.secret_name = request.parameter("SecretName").map(str::to_owned);
    }
    let name = request.action().ok_or(ApiError::MissingAction)?;
    if request.version().is_some_and(|version| version != VERSION) {
        return Err(ApiError::InvalidVersion);
    }
    let found = operations::find(name).ok_or_else(|| {
        outcome.note_unknown_action(name);
        ApiError::ActionNotFound
    })?;
    let action = found.action();
    outcome.action = Some(action);
    let access_key_id = signature::authenticate(&request, context, outcome)?;
    let Supported::Yes(operation) = found else {
        return Err(ApiError::UnsupportedOperation);
    };
    let scope = Scope {
        cloud: Cloud::Alibaba,
        account: context.auth.credentials.account_of(access_key_id),
        region: region::of_host(wire.header("host"), context.default_region),
    };
    outcome.scope = Some(scope.clone());
    if let Some(limiter) = context.rate_limiter
        && limiter.count(
            &scope,
            action,
            access_key_id.unwrap_or_default(),
            context.now,
        ) > MOST_PER_SECOND
    {
        return Err(ApiError::Throttling);
    }
    for parameter in request.parameters() {
        if !parameter.is_common() {
            let known = operation.parameters.iter();
            outcome.note_parameter(&parameter.name, known.map(|parameter| parameter.name()));
        }
    }
    (operation.run)(&request, &Call { context, scope }, format)
}
