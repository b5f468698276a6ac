//! Checks a request in the order of the real service and runs its operation.

use std::fmt::{self, Display};
use std::sync::Arc;

use super::error::{ApiError, UNSUPPORTED};
use super::parameter::Arguments;
use super::protocol::{Api3, Call};
use super::request::Request;
use super::{product, region, reply, signature};
use crate::clouds::api::{CloudRequest, RequestProperties};
use crate::clouds::context::{AuthMode, Context};
use crate::clouds::description::{ErrorSample, ErrorValues};
use crate::clouds::outcome::{Outcome, Verdict, reason};
use crate::clouds::service::{Known, Service, permissions};
use crate::clouds::tencent::settings::Settings;
use crate::http::wire::WireReply;
use crate::model::{Cloud, Scope};

/// A request with the settings of the cloud.
pub(crate) struct Api3Request {
    pub request: Request,
    pub settings: Arc<Settings>,
}

impl RequestProperties for Api3Request {
    fn cloud(&self) -> Cloud {
        Cloud::Tencent
    }

    fn action(&self) -> Option<&'static str> {
        self.request.known_action()
    }

    fn secret_name(&self) -> Option<&str> {
        self.request.text("SecretName")
    }

    fn access_key_id(&self) -> Option<&str> {
        signature::secret_id(&self.request)
    }

    fn region(&self) -> Option<String> {
        let request = &self.request;
        let action = request.common("Action").unwrap_or_default();
        let service = request.services.of_action(action);
        region_of(request, service, &self.settings).ok()
    }
}

impl CloudRequest for Api3Request {
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
        match self.request.unsigned_caller() {
            Some(caller) => caller.account,
            None => signature::account_key_id(&self.request, mode),
        }
    }

    fn reply_with(&self, error: Arc<ErrorSample>, context: &Context) -> WireReply {
        let request = &self.request;
        let error = error.for_request(|| {
            let secret_id = self.account_key_id(context.auth.mode);
            let action = request.common("Action").unwrap_or_default();
            let service = request.services.of_action(action);
            let scope = Scope {
                cloud: Cloud::Tencent,
                account: context.auth.credentials.account_of(secret_id),
                region: (self.region())
                    .unwrap_or_else(|| self.settings.default_region().to_owned()),
            };
            ErrorValues {
                id: context.request_id.to_owned(),
                action: action.to_owned(),
                version: request.common("Version").unwrap_or_default().to_owned(),
                resource: (service.resource_of)(request, &scope),
                scope,
                time: context.now,
            }
        });
        let language = request.language();
        reply::failure(&ApiError::Ordered(error), language, context.request_id)
    }

    /// The status is always 200: clients look for errors only in the body.
    fn answer(self: Box<Self>, context: &Context) -> (WireReply, Outcome) {
        let Self {
            mut request,
            settings,
        } = *self;
        // Read before anything can fail, so that every error has the requested language.
        let language = request.language();
        let secret_name = request.text("SecretName").map(str::to_owned);
        let mut outcome = Outcome::new();
        let reply = match answer(&mut request, context, &settings, &mut outcome) {
            Ok(body) => reply::success(body),
            Err(error) => {
                if let ApiError::InternalError(cause) = &error {
                    tracing::error!(request_id = context.request_id, %cause, "internal failure");
                }
                if request.services.is_not_found(error.code()) {
                    outcome.not_found = secret_name;
                }
                outcome.code = error.code();
                if outcome.reason.is_none() && context.is_logged {
                    outcome.reason = Some(reason(message_for_log(&error, &request)));
                }
                reply::failure(&error, language, context.request_id)
            }
        };
        (reply, outcome)
    }
}

/// Checks a request in the order of the real service, and runs its operation.
fn answer(
    request: &mut Request,
    context: &Context,
    settings: &Settings,
    outcome: &mut Outcome,
) -> Result<Vec<u8>, ApiError> {
    if !matches!(&*request.wire.method, "GET" | "POST") {
        return Err(ApiError::UnsupportedProtocol);
    }
    request.check()?;
    let unsigned = request.unsigned_caller();
    let unsigned = unsigned.map(|caller| caller.account.map(str::to_owned));
    let parameters = request.take_parameters();
    let request = &*request;
    let action = request.required("Action")?;
    let secret_id = if let Some(account) = &unsigned {
        outcome.verdict = Verdict::Unsigned;
        account.as_deref()
    } else {
        signature::authenticate(request, context, settings, outcome)?
    };
    let (service, operation) = find(request, action).inspect_err(|_| {
        if let Some(name) = unknown_action(request) {
            outcome.note_unknown_action(&name);
        }
    })?;
    outcome.action = Some(operation.action());
    let scope = Scope {
        cloud: Cloud::Tencent,
        account: context.auth.credentials.account_of(secret_id),
        region: region_of(request, service, settings)?,
    };
    outcome.scope = Some(scope.clone());
    let Known::Supported(operation) = operation else {
        return Err((&UNSUPPORTED).into());
    };
    let call = Call {
        context,
        scope,
        settings,
        format: (),
        access_key_id: secret_id,
    };
    if let Some(count) = operation.count_over_limit(&call) {
        return Err(ApiError::RequestLimitExceeded {
            count,
            limit: operation.rate_limit,
        });
    }
    let parameters = parameters?;
    if context.is_logged {
        let name = parameters.members.get("SecretName");
        outcome.secret_name = name.and_then(|name| name.as_str()).map(str::to_owned);
    }
    for name in parameters.members.keys() {
        let shown = |name| request.shown_name(name);
        outcome.note_parameter(name, shown, operation.parameters);
    }
    let arguments = Arguments::new(parameters, operation.parameters)?;
    let client = request.wire.client;
    permissions::check(
        service.access_control.as_ref(),
        operation,
        &arguments,
        &call,
        client,
        outcome,
    )?;
    operation.run(&arguments, &call)
}

/// The service of a request, and its operation of this name.
fn find(
    request: &Request,
    action: &str,
) -> Result<(&'static Service<Api3>, Known<Api3>), ApiError> {
    let service = product::service_of(request)?;
    let operation = service
        .find(action)
        .ok_or_else(|| ApiError::InvalidAction {
            action: action.to_owned(),
            product: service.product,
            version: service.version,
        })?;
    Ok((service, operation))
}

/// The name of the requested operation, if the real service does not have it; with product and version, if no service
/// of the emulator has them.
fn unknown_action(request: &Request) -> Option<String> {
    let action = request.common("Action")?;
    let error = find(request, action).err()?;
    let product = match &error {
        ApiError::NoSuchProduct(product) => product,
        ApiError::NoSuchVersion { product, .. } => *product,
        _ => return Some(action.to_owned()),
    };
    let version = request.common("Version").unwrap_or_default();
    Some(format!("{product} {version} {action}"))
}

/// The message of an error for the log. A name that no operation has is masked, because it may be a value
/// that was sent in the wrong place.
fn message_for_log(error: &ApiError, request: &Request) -> impl Display {
    fmt::from_fn(move |f| match error {
        ApiError::UnknownParameter(name) => {
            ApiError::UnknownParameter(request.shown_name(name).to_owned()).fmt(f)
        }
        other => other.fmt(f),
    })
}

/// The region of a request; by default the first offered one.
///
/// # Errors
///
/// `UnsupportedRegion` for a region that is not offered, `InvalidParameterValue` for an unknown one.
fn region_of(
    request: &Request,
    service: &Service<Api3>,
    settings: &Settings,
) -> Result<String, ApiError> {
    let Some(region) = request.common("Region") else {
        return Ok(settings.default_region().to_owned());
    };
    let is_known = region::is_known(region);
    let is_offered = settings.regions.iter().any(|offered| offered == region);
    if is_offered || (service.is_global && is_known) {
        Ok(region.to_owned())
    } else if is_known {
        Err(ApiError::UnsupportedRegion)
    } else {
        Err(ApiError::InvalidRegion(request.name_of_region()))
    }
}
