//! Alibaba Cloud KMS, version 2016-01-20, over RPC: one URL, an action by name, parameters from
//! wherever a client puts them.

mod error;
pub mod fixture;
mod managed;
pub mod operations;
mod parameter;
mod password;
mod policy;
mod region;
mod reply;
mod request;
mod resource;
mod settings;
mod shapes;
mod signature;
mod signer;
mod tags;
mod versions;

pub use managed::rotate_overdue;
pub use operations::REGIONS;
pub use region::of_host as region_of_host;
pub use reply::Format;
pub use request::{COMMON, Request};
pub use settings::{FilterValues, Settings};
pub use signer::{SignatureMethod, pairs_of, sign};

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};

use crate::context::{Context, Outcome};
use crate::description::ErrorSample;
use crate::model::{Cloud, Scope};
use crate::request_log;
use crate::store::{ReadTransaction, WriteTransaction};
use crate::wire::{WireReply, WireRequest};

use error::{ApiError, NOT_FOUND};
use operations::Supported;

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

/// The documented error of this code, as the operation `action` words it, if that has its own words.
#[must_use]
pub fn documented_error(code: &str, action: Option<&str>) -> Option<ErrorSample> {
    operations::sample(code, action).or_else(|| error::sample(code))
}

/// The codes that [`documented_error`] knows; some more than once.
pub fn documented_codes() -> impl Iterator<Item = &'static str> {
    operations::codes().chain(error::codes())
}

/// Answers a request with an error, whatever it asks for.
#[must_use]
pub fn refuse(request: &Request, error: Arc<ErrorSample>, request_id: &str) -> WireReply {
    reply::failure(Format::of(request), &ApiError::Ordered(error), request_id)
}

/// The parameters of a request by name, without the common ones, with sensitive values masked; absent
/// where they cannot be read.
#[must_use]
pub fn shown_parameters(wire: &WireRequest) -> Option<Vec<(String, String)>> {
    let mut request = Request::parse(wire);
    request.check().ok()?;
    let own = request.parameters().iter();
    let own = own.filter(|parameter| !parameter.is_common());
    Some(own.map(request::RawParameter::shown).collect())
}

/// Answers a request.
pub fn handle(mut request: Request, context: &Context) -> (WireReply, Outcome) {
    // Known before anything can fail, so that every error comes in the format asked for.
    let format = Format::of(&request);
    let mut outcome = Outcome::new();
    let reply = match answer(&mut request, context, format, &mut outcome) {
        Ok(body) => reply::success(format, body, context.request_id),
        Err(error) => {
            if let ApiError::InternalFailure(cause) = &error {
                tracing::error!(request_id = context.request_id, %cause, "internal failure");
            }
            if error.code() == NOT_FOUND.code {
                outcome.not_found = request.parameter("SecretName").map(str::to_owned);
            }
            if let ApiError::RejectedValue { parameter, reason } = &error {
                outcome.hint = Some(format!("{parameter}: {reason}"));
            }
            outcome.code = error.code();
            if outcome.reason.is_none() && request_log::is_enabled() {
                outcome.reason = Some(request_log::reason(error.to_be_logged()));
            }
            reply::failure(format, &error, context.request_id)
        }
    };
    (reply, outcome)
}

fn answer(
    request: &mut Request,
    context: &Context,
    format: Format,
    outcome: &mut Outcome,
) -> Result<Vec<u8>, ApiError> {
    let wire = request.wire;
    if !matches!(wire.method, "GET" | "POST") {
        return Err(ApiError::UnsupportedHttpMethod);
    }
    if wire.path != "/" {
        return Err(ApiError::ActionNotFound);
    }
    request.check()?;
    let request = &*request;
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
    let access_key_id = signature::authenticate(request, context, outcome)?;
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
            let known = known.map(|parameter| parameter.name());
            outcome.note_parameter(&parameter.name, parameter.shown_name(), known);
        }
    }
    (operation.run)(request, &Call { context, scope }, format)
}
