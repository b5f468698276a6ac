//! Checks a request in the order of the real service and runs its operation.

use std::fmt::{self, Display};
use std::sync::Arc;

use super::error::ApiError;
use super::parameter::Arguments;
use super::protocol::{Call, Rpc};
use super::reply::{self, Envelope, Form};
use super::request::Request;
use super::{product, region, signature};
use crate::clouds::alibaba::settings::Settings;
use crate::clouds::api::{CloudRequest, RequestProperties};
use crate::clouds::context::{AuthMode, Context};
use crate::clouds::description::{ErrorSample, ErrorValues};
use crate::clouds::hint::Hint;
use crate::clouds::outcome::{Outcome, Verdict, reason};
use crate::clouds::service::{Known, Service, SupportedOperation, permissions};
use crate::http::host;
use crate::http::wire::WireReply;
use crate::model::{Cloud, Scope};

/// A request with the settings of the cloud.
pub(crate) struct RpcRequest {
    pub request: Request,
    pub settings: Arc<Settings>,
}

impl RequestProperties for RpcRequest {
    fn cloud(&self) -> Cloud {
        Cloud::Alibaba
    }

    fn action(&self) -> Option<&'static str> {
        self.request.known_action()
    }

    fn secret_name(&self) -> Option<&str> {
        self.request.parameter("SecretName")
    }

    fn access_key_id(&self) -> Option<&str> {
        signature::access_key_id(&self.request)
    }

    fn region(&self) -> Option<String> {
        Some(region_of(&self.request, &self.settings))
    }
}

impl CloudRequest for RpcRequest {
    fn may_write(&self) -> bool {
        self.request.operation().is_some_and(Known::writes)
    }

    fn is_slow(&self) -> bool {
        self.request.operation().is_some_and(Known::is_slow)
    }

    fn unknown_action(&self) -> Option<String> {
        unknown_action(&self.request)
    }

    fn account_key_id(&self, mode: AuthMode) -> Option<&str> {
        let request = &self.request;
        match request.unsigned_caller() {
            Some(caller) => caller.account,
            None => signature::account_key_id(request, mode),
        }
    }

    fn reply_with(&self, error: Arc<ErrorSample>, context: &Context) -> WireReply {
        let request = &self.request;
        let access_key_id = self.account_key_id(context.auth.mode);
        let error = completed(error, request, access_key_id, context, &self.settings);
        failure(request, &ApiError::Ordered(error), context)
    }

    fn answer(self: Box<Self>, context: &Context) -> (WireReply, Outcome) {
        let Self {
            mut request,
            settings,
        } = *self;
        let mut outcome = Outcome::new();
        let body = answer(&mut request, context, &settings, &mut outcome);
        let reply = match body {
            Ok(body) => reply::success(request.format(), body, context.request_id),
            Err(error) => {
                note_error(&error, &request, context, &mut outcome);
                failure(&request, &error, context)
            }
        };
        (reply, outcome)
    }
}

/// The product of a request that is for one that is not emulated.
fn other_product(request: &Request) -> Option<String> {
    let version = request.version().unwrap_or_default();
    product::other(request.wire.header("host"), version, request.services)
}

/// The error of a fault rule, completed with the values of a request.
pub(in crate::clouds::alibaba) fn completed(
    error: Arc<ErrorSample>,
    request: &Request,
    access_key_id: Option<&str>,
    context: &Context,
    settings: &Settings,
) -> Arc<ErrorSample> {
    error.for_request(|| {
        let scope = scope_of(request, access_key_id, context, settings);
        ErrorValues {
            id: context.request_id.to_owned(),
            action: request.action().unwrap_or_default().to_owned(),
            version: request.version().unwrap_or_default().to_owned(),
            resource: (request.service().resource_of)(request, &scope),
            scope,
            time: context.now,
        }
    })
}

fn failure(request: &Request, error: &ApiError, context: &Context) -> WireReply {
    let form = Form {
        format: request.format(),
        envelope: match other_product(request) {
            Some(_) => &Envelope::OF_GATEWAY,
            None => &request.service().envelope,
        },
        action: None,
    };
    let mut host = host::name_of(request.wire.header("host").unwrap_or_default());
    if host.is_empty() {
        host = format!("{}.aliyuncs.com", request.service().hosts[0]);
    }
    reply::failure(form, error, context.request_id, &host)
}

/// Records the code of an error, and its hint and reason for the log.
pub(in crate::clouds::alibaba) fn note_error(
    error: &ApiError,
    request: &Request,
    context: &Context,
    outcome: &mut Outcome,
) {
    match error {
        ApiError::InternalFailure(cause) => {
            tracing::error!(request_id = context.request_id, %cause, "internal failure");
        }
        ApiError::Operation(error) if request.services.is_not_found(error.code) => {
            outcome.not_found = request.parameter("SecretName").map(str::to_owned);
        }
        ApiError::RejectedValue { hint, .. } => outcome.hint = Some((**hint).clone()),
        _ => {}
    }
    outcome.code = error.code();
    if outcome.reason.is_none() && context.is_logged {
        outcome.reason = Some(reason(message_for_log(error, request)));
    }
}

/// The caller of a request whose signature was checked already, in another protocol.
pub(in crate::clouds::alibaba) struct Authenticated<'k> {
    /// The id of the access key, if it has one.
    pub access_key_id: Option<&'k str>,
}

/// Checks a request in the order of the real service, and runs its operation.
fn answer(
    request: &mut Request,
    context: &Context,
    settings: &Settings,
    outcome: &mut Outcome,
) -> Result<Vec<u8>, ApiError> {
    answer_with(
        request,
        None,
        context,
        settings,
        outcome,
        |operation, arguments, call| operation.run(arguments, call),
    )
}

/// Checks a request in the order of the real service, and does the work of its operation with `run`. The signature is
/// not checked if `authenticated` has the caller.
pub(in crate::clouds::alibaba) fn answer_with<T>(
    request: &mut Request,
    authenticated: Option<Authenticated>,
    context: &Context,
    settings: &Settings,
    outcome: &mut Outcome,
    run: impl FnOnce(&SupportedOperation<Rpc>, &Arguments, &Call) -> Result<T, ApiError>,
) -> Result<T, ApiError> {
    if other_product(request).is_some() {
        note_unknown_action(request, outcome);
        outcome.hint = Some(Hint::NoEndpoints);
        return Err(ApiError::InvalidVersion);
    }
    if !matches!(&*request.wire.method, "GET" | "POST") {
        return Err(ApiError::UnsupportedHttpMethod);
    }
    if request.wire.path != "/" {
        return Err(ApiError::ActionNotFound);
    }
    request.check()?;
    let request = &*request;
    if context.is_logged {
        outcome.secret_name = request.parameter("SecretName").map(str::to_owned);
    }
    let (service, operation) =
        find(request).inspect_err(|_| note_unknown_action(request, outcome))?;
    outcome.action = Some(operation.action());
    if !operation.allows(&request.wire.method) {
        return Err(ApiError::UnsupportedHttpMethod);
    }
    let access_key_id = if let Some(caller) = authenticated {
        caller.access_key_id
    } else if let Some(caller) = request.unsigned_caller() {
        outcome.verdict = Verdict::Unsigned;
        caller.account
    } else {
        signature::authenticate(request, context, settings, outcome).map_err(|error| {
            if service.envelope.has_gateway_errors {
                error.of_gateway()
            } else {
                error
            }
        })?
    };
    let Known::Supported(operation) = operation else {
        return Err(ApiError::UnsupportedOperation);
    };
    let scope = scope_of(request, access_key_id, context, settings);
    outcome.scope = Some(scope.clone());
    let call = Call {
        context,
        scope,
        settings,
        format: Form {
            format: request.format(),
            envelope: &service.envelope,
            action: Some(operation.action),
        },
        access_key_id,
    };
    if operation.count_over_limit(&call).is_some() {
        return Err(ApiError::Throttling);
    }
    for parameter in request.parameters() {
        if !parameter.is_common() {
            let shown = |name| request.shown_name(name);
            outcome.note_parameter(&parameter.name, shown, operation.parameters);
        }
    }
    let arguments = Arguments::new(request, operation.parameters);
    let client = request.wire.client;
    let access_control = service.access_control.as_ref();
    let allowed = permissions::check(
        access_control,
        operation,
        &arguments,
        &call,
        client,
        outcome,
    );
    let body = allowed.and_then(|()| run(operation, &arguments, &call));
    body.map_err(|error| match service.dry_run_error {
        Some(dry_run_error) => dry_run_error(&arguments, error),
        None => error,
    })
}

/// The name of the requested operation, if the real service does not have it; with product and version, if no service
/// of the emulator has them.
fn unknown_action(request: &Request) -> Option<String> {
    if let Some(product) = other_product(request) {
        let version = request.version().unwrap_or("-");
        let action = request.action().unwrap_or("-");
        return Some(format!("{product} {version} {action}"));
    }
    let action = request.action()?;
    if request.known_service().is_none() {
        let version = request.version().unwrap_or_default();
        let product = product::of(request.wire.header("host"), version);
        return Some(format!("{product} {version} {action}"));
    }
    let is_unknown = request.operation().is_none();
    is_unknown.then(|| action.to_owned())
}

fn note_unknown_action(request: &Request, outcome: &mut Outcome) {
    if let Some(name) = unknown_action(request) {
        outcome.note_unknown_action(&name);
    }
}

/// The service of a request, and its operation.
fn find(request: &Request) -> Result<(&'static Service<Rpc>, Known<Rpc>), ApiError> {
    request.action().ok_or(ApiError::MissingAction)?;
    let service = request.known_service().ok_or(ApiError::InvalidVersion)?;
    let operation = request.operation().ok_or(ApiError::ActionNotFound)?;
    Ok((service, operation))
}

fn scope_of(
    request: &Request,
    access_key_id: Option<&str>,
    context: &Context,
    settings: &Settings,
) -> Scope {
    Scope {
        cloud: Cloud::Alibaba,
        account: context.auth.credentials.account_of(access_key_id),
        region: region_of(request, settings),
    }
}

/// The region that the host of a request selects.
pub(in crate::clouds::alibaba) fn region_of(request: &Request, settings: &Settings) -> String {
    region::of_host(
        request.wire.header("host"),
        request.services,
        &settings.default_region,
    )
}

/// The message of an error for the log. A name that no operation has is masked, because it may be a value
/// that was sent in the wrong place.
fn message_for_log(error: &ApiError, request: &Request) -> impl Display {
    fmt::from_fn(move |f| match error {
        ApiError::InvalidParameter(name) => {
            ApiError::InvalidParameter(request.shown_name(name).to_owned()).fmt(f)
        }
        other => other.fmt(f),
    })
}
