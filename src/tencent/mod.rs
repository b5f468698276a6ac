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
pub use request::COMMON;
pub use request::speaks;
pub use settings::{Search, Settings};
pub use signer::{SignatureMethod, sign, unsigned_query};

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};

use crate::context::{Context, MASK, Outcome};
use crate::description::ErrorSample;
use crate::model::{Cloud, Scope};
use crate::request_log;
use crate::store::{ReadTransaction, WriteTransaction};
use crate::wire::{WireReply, WireRequest};

use error::{ApiError, NOT_FOUND, UNSUPPORTED};
use operations::Supported;
use request::Request;

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

/// Whether the request asks for an operation that changes something, as far as a glance tells: the
/// answer then waits for the disk.
#[must_use]
pub fn may_write(wire: &WireRequest) -> bool {
    request::glance(wire, "Action").is_some_and(
        |action| matches!(operations::find(&action), Some(Supported::Yes(operation)) if operation.writes),
    )
}

/// A parameter of the operation that is a text, wherever it stands; absent where the request cannot
/// be read.
#[must_use]
pub fn parameter(wire: &WireRequest, name: &str) -> Option<String> {
    let mut given = Request::parse(wire).ok()?.parameters().ok()?;
    match given.members.remove(name)? {
        serde_json::Value::String(text) => Some(text),
        _ => None,
    }
}

/// The operation asked for, if the real service has such a one.
#[must_use]
pub fn action(wire: &WireRequest) -> Option<&'static str> {
    let name = request::glance(wire, "Action")?;
    Some(operations::find(&name)?.action())
}

/// The id of the key that a request is signed with.
#[must_use]
pub fn access_key_id(wire: &WireRequest) -> Option<String> {
    let request = Request::parse(wire).ok()?;
    signature::secret_id(&request).map(Cow::into_owned)
}

/// The documented error of this code, as the operation `action` words it, if that has its own words.
#[must_use]
pub fn documented_error(code: &str, action: Option<&str>) -> Option<ErrorSample> {
    operations::sample(code, action).or_else(|| error::sample(code))
}

/// Answers a request with an error, whatever it asks for.
#[must_use]
pub fn refuse(wire: &WireRequest, error: Arc<ErrorSample>, request_id: &str) -> WireReply {
    reply::failure(&ApiError::Ordered(error), Language::of(wire), request_id)
}

/// The parameters of a request by name, without the common ones, to be shown to anybody: texts as they
/// are, other values as JSON. Absent where they cannot be read.
#[must_use]
pub fn shown_parameters(wire: &WireRequest) -> Option<Vec<(String, String)>> {
    let given = Request::parse(wire).ok()?.parameters().ok()?;
    let shown = given.members.into_iter().map(|(name, value)| {
        let value = match value {
            _ if !request::may_be_shown(&name) => MASK.to_owned(),
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        (name, value)
    });
    Some(shown.collect())
}

/// Answers a request. The status is always 200: clients look for errors in the body alone.
pub fn handle(wire: &WireRequest, context: &Context) -> (WireReply, Outcome) {
    // Known before anything can fail, so that every error comes in the language asked for.
    let language = Language::of(wire);
    let mut outcome = Outcome::new();
    let reply = match answer(wire, context, &mut outcome) {
        Ok(body) => reply::success(body),
        Err(error) => {
            if let ApiError::InternalError(cause) = &error {
                tracing::error!(request_id = context.request_id, %cause, "internal failure");
            }
            if matches!(error, ApiError::Refused(refusal) if *refusal == NOT_FOUND) {
                outcome.not_found = parameter(wire, "SecretName");
            }
            outcome.code = error.code();
            if outcome.reason.is_none() && request_log::is_enabled() {
                outcome.reason = Some(error.to_string());
            }
            reply::failure(&error, language, context.request_id)
        }
    };
    (reply, outcome)
}

fn answer(
    wire: &WireRequest,
    context: &Context,
    outcome: &mut Outcome,
) -> Result<Vec<u8>, ApiError> {
    if !matches!(wire.method, "GET" | "POST") {
        return Err(ApiError::UnsupportedProtocol);
    }
    let request = Request::parse(wire)?;
    let name = request.required("Action")?;
    let secret_id = signature::authenticate(&request, context, outcome)?;
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
        region: region::of(&request, context.tencent)?,
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
    let given = request.parameters()?;
    if request_log::is_enabled() {
        let name = given.members.get("SecretName");
        outcome.secret_name = name.and_then(|name| name.as_str()).map(str::to_owned);
    }
    for name in given.members.keys() {
        let known = operation.parameters.iter();
        outcome.note_parameter(name, known.map(|parameter| parameter.name()));
    }
    (operation.run)(given, &Call { context, scope })
}
