//! Calls of credential sources, whose requests are not signed.

use super::addresses::Addresses;
use super::{CallRequest, CallResult, SentRequest, send};
use crate::clouds::{CloudApi, CredentialResource};
use crate::control::endpoint::Call;
use crate::control::error::{ControlError, ErrorCode};
use crate::http::wire::WireRequest;

/// The resource that an action names; absent if the action is the name of an operation.
pub(super) fn resource_of(
    cloud: &dyn CloudApi,
    action: &str,
) -> Result<Option<&'static CredentialResource>, ControlError> {
    let resource = cloud.credential_resource(action);
    if resource.is_none() && action.starts_with('/') {
        let message =
            "no credential source of the cloud has this path; /_emulator/operations lists them";
        return Err(invalid("action", message));
    }
    Ok(resource)
}

pub(super) fn call(
    call: &Call,
    cloud: &dyn CloudApi,
    resource: &CredentialResource,
    request_body: &CallRequest,
) -> Result<CallResult, ControlError> {
    check_options(request_body)?;
    let request_to = |host: &str| {
        let request = resource.request(&request_body.parameters, host);
        request.map_err(|error| invalid(&format!("parameters.{}", error.name), error.reason))
    };
    let mut addresses = Addresses::of_source(call, cloud, resource, request_body.https);
    let mut wire = request_to(&addresses.host)?;
    // Some paths are resources of both clouds; the host selects the cloud.
    if let Some(host) = resource.host()
        && call.emulator.clouds.of_request(&wire).cloud() != cloud.cloud()
    {
        addresses.set_host(host);
        wire = request_to(host)?;
    }
    let url = addresses.url(&wire);
    let in_browser = addresses.in_browser.is_some() && is_for_browsers(&wire);
    let result = CallResult {
        browser_url: in_browser.then(|| url.clone()),
        ..CallResult::new(SentRequest::new(&wire, url), addresses.curl(&wire))
    };
    Ok(result.with(send(call, request_body, &wire)))
}

/// Whether a browser sends this request for a URL: it adds no headers but `Host`.
fn is_for_browsers(wire: &WireRequest) -> bool {
    wire.method == "GET" && wire.headers.len() == 1
}

/// Rejects members of the body that requests for credential sources do not have.
fn check_options(request_body: &CallRequest) -> Result<(), ControlError> {
    let options = [
        ("account", request_body.account.is_some()),
        ("region", request_body.region.is_some()),
        ("method", request_body.method.is_some()),
        ("format", request_body.format.is_some()),
        ("signature", request_body.signature.is_some()),
    ];
    match options.into_iter().find(|(_, is_given)| *is_given) {
        Some((name, _)) => Err(invalid(name, "does not apply to a credential source")),
        None => Ok(()),
    }
}

fn invalid(place: &str, message: &str) -> ControlError {
    ControlError::new(ErrorCode::InvalidBody, format!("body.{place}"), message)
}
