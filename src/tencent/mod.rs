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
mod tags;

pub use region::is_known as is_known_region;
pub use request::speaks;
pub use settings::{Search, Settings};

use chrono::{DateTime, SubsecRound, Utc};

use crate::context::{Context, Outcome};
use crate::model::{Cloud, Scope};
use crate::store::{ReadTransaction, WriteTransaction};
use crate::wire::{WireReply, WireRequest};

use error::{ApiError, UNSUPPORTED};
use operations::Supported;
use reply::Language;
use request::Request;

/// The version of the API spoken here.
const VERSION: &str = "2019-09-23";

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

/// Answers a request. The status is always 200: clients look for errors in the body alone.
pub fn handle(wire: &WireRequest, context: &Context) -> (WireReply, Outcome) {
    // Known before anything can fail, so that every error comes in the language asked for.
    let language = Language::of(wire);
    let mut action = None;
    match answer(wire, context, &mut action) {
        Ok(body) => (reply::success(body), Outcome { action, code: "OK" }),
        Err(error) => {
            if let ApiError::InternalError(cause) = &error {
                tracing::error!(request_id = context.request_id, %cause, "internal failure");
            }
            (
                reply::failure(&error, language, context.request_id),
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
    action: &mut Option<&'static str>,
) -> Result<Vec<u8>, ApiError> {
    if !matches!(wire.method, "GET" | "POST") {
        return Err(ApiError::UnsupportedProtocol);
    }
    let request = Request::parse(wire)?;
    let name = request.required("Action")?;
    let secret_id = signature::authenticate(&request, context)?;
    if let Some(version) = request.common("Version")
        && version != VERSION
    {
        return Err(ApiError::NoSuchVersion(version.into_owned()));
    }
    let found = operations::find(&name);
    let found = found.ok_or_else(|| ApiError::InvalidAction(name.clone().into_owned()))?;
    *action = Some(found.action());
    let scope = Scope {
        cloud: Cloud::Tencent,
        account: context
            .auth
            .credentials
            .account_of(secret_id.as_deref())
            .to_owned(),
        region: region::of(&request, context.tencent)?,
    };
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
    (operation.run)(request.parameters()?, &Call { context, scope })
}
