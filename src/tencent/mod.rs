//! Tencent Cloud Secrets Manager (SSM), version 2019-09-23: API 3.0, one URL, an action by name,
//! common parameters in headers or among the others.

mod details;
mod error;
pub mod fixture;
pub mod operations;
mod parameter;
mod region;
mod reply;
mod request;
mod resource;
mod settings;
mod shapes;
mod signature;
mod signer;
mod tags;

pub use region::is_known as is_known_region;
pub use reply::Language;
pub use request::{COMMON, Request, speaks};
pub use settings::{Search, Settings};
pub use signer::{SignatureMethod, sign, unsigned_query};

use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};

use crate::context::{Context, MASK, Outcome, shortened};
use crate::description::ErrorSample;
use crate::json;
use crate::model::{Cloud, Scope};
use crate::request_log;
use crate::store::{ReadTransaction, WriteTransaction};
use crate::wire::{WireReply, WireRequest};

use error::{ApiError, NOT_FOUND, UNSUPPORTED};
use operations::Supported;

/// The version of the API spoken here.
pub const VERSION: &str = "2019-09-23";

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

    fn settings(&self) -> &Settings {
        self.context.tencent
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

/// The members of lists whose values may be shown.
const SHOWN_MEMBERS: [&str; 2] = ["TagKey", "TagValue"];

/// The codes that [`documented_error`] knows; some more than once.
pub fn documented_codes() -> impl Iterator<Item = &'static str> {
    operations::codes().chain(error::codes())
}

/// Answers a request with an error, whatever it asks for.
#[must_use]
pub fn refuse(request: &Request, error: Arc<ErrorSample>, request_id: &str) -> WireReply {
    reply::failure(&ApiError::Ordered(error), Language::of(request), request_id)
}

/// The parameters of a request by name, without the common ones, with sensitive values masked: texts
/// as they are, other values as JSON. Absent where they cannot be read.
#[must_use]
pub fn shown_parameters(wire: &WireRequest) -> Option<Vec<(String, String)>> {
    let mut request = Request::parse(wire);
    request.check().ok()?;
    let given = request.take_parameters().ok()?;
    let shown = given.members.into_iter().map(|(name, value)| {
        let value = match value {
            _ if !request::may_be_shown(&name) => MASK.to_owned(),
            serde_json::Value::String(text) => shortened(text),
            mut other => {
                json::mask(&mut other, &SHOWN_MEMBERS);
                shortened(other)
            }
        };
        (request::shown_name(&name).to_owned(), value)
    });
    Some(shown.collect())
}

/// Answers a request. The status is always 200: clients look for errors in the body alone.
pub fn handle(mut request: Request, context: &Context) -> (WireReply, Outcome) {
    // Known before anything can fail, so that every error comes in the language asked for.
    let language = Language::of(&request);
    let secret_name = request.text("SecretName").map(str::to_owned);
    let mut outcome = Outcome::new();
    let reply = match answer(&mut request, context, &mut outcome) {
        Ok(body) => reply::success(body),
        Err(error) => {
            if let ApiError::InternalError(cause) = &error {
                tracing::error!(request_id = context.request_id, %cause, "internal failure");
            }
            if matches!(error, ApiError::Refused(refusal) if *refusal == NOT_FOUND) {
                outcome.not_found = secret_name;
            }
            outcome.code = error.code();
            if outcome.reason.is_none() && request_log::is_enabled() {
                outcome.reason = Some(request_log::reason(error.to_be_logged()));
            }
            reply::failure(&error, language, context.request_id)
        }
    };
    (reply, outcome)
}

fn answer(
    request: &mut Request,
    context: &Context,
    outcome: &mut Outcome,
) -> Result<Vec<u8>, ApiError> {
    if !matches!(request.wire.method, "GET" | "POST") {
        return Err(ApiError::UnsupportedProtocol);
    }
    request.check()?;
    let given = request.take_parameters();
    let request = &*request;
    let name = request.required("Action")?;
    let secret_id = signature::authenticate(request, context, outcome)?;
    if let Some(version) = request.common("Version")
        && version != VERSION
    {
        return Err(ApiError::NoSuchVersion(version.into_owned()));
    }
    let found = operations::find(&name);
    let found = found.ok_or_else(|| {
        outcome.note_unknown_action(&name);
        ApiError::InvalidAction(name.clone().into_owned())
    })?;
    outcome.action = Some(found.action());
    let scope = Scope {
        cloud: Cloud::Tencent,
        account: context.auth.credentials.account_of(secret_id.as_deref()),
        region: region::of(request, context.tencent)?,
    };
    outcome.scope = Some(scope.clone());
    let Supported::Yes(operation) = found else {
        return Err((&UNSUPPORTED).into());
    };
    if let Some(limiter) = context.rate_limiter {
        let caller = secret_id.as_deref().unwrap_or_default();
        let count = limiter.count(&scope, operation.action, caller, context.now);
        if count > operation.rate_limit {
            return Err(ApiError::RequestLimitExceeded {
                count,
                limit: operation.rate_limit,
            });
        }
    }
    let given = given?;
    if request_log::is_enabled() {
        let name = given.members.get("SecretName");
        outcome.secret_name = name.and_then(|name| name.as_str()).map(str::to_owned);
    }
    for name in given.members.keys() {
        let known = operation.parameters.iter();
        let known = known.map(|parameter| parameter.name());
        outcome.note_parameter(name, request::shown_name(name), known);
    }
    (operation.run)(given, &Call { context, scope })
}
