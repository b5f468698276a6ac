//! The service that a request is for.
//!
//! Services can have the same version: `tag` and `sts` do. The real gateway identifies the product by its host. All
//! products of the emulator can have one address, so the scope of a TC3 signature and the operation are read too.

use super::error::ApiError;
use super::protocol::Api3;
use super::request::Request;
use super::signature;
use crate::clouds::service::Service;
use crate::http::host;

const CLOUD: &str = ".tencentcloudapi.com";

/// The maximum length of a product's name.
const MAX_NAME: usize = 32;

/// The service that a request is for.
///
/// # Errors
///
/// `NoSuchProduct` for a product that is not emulated, `NoSuchVersion` for a product without this version.
pub(crate) fn service_of(request: &Request) -> Result<&'static Service<Api3>, ApiError> {
    let version = request.common("Version");
    let host = host::name_of(request.wire.header("host").unwrap_or_default());
    let services = request.services.0;
    let known = |name: &str| services.iter().find(|service| service.product == name);
    let scope = signature::scope_service(request).filter(|name| is_name(name));
    let label = host.split_once('.').map(|(label, _)| label);
    if let Some(product) = label.filter(|_| host.ends_with(CLOUD)) {
        let service = known(product).ok_or_else(|| no_such_product(product))?;
        return with_version(service, version);
    }
    if let Some(service) = scope.and_then(known).or_else(|| label.and_then(known)) {
        return with_version(service, version);
    }
    let action = request.common("Action").unwrap_or_default();
    let with_action = || services.iter().find(|known| known.find(action).is_some());
    let Some(version) = version else {
        return Ok(with_action().unwrap_or(&services[0]));
    };
    let of_version = || services.iter().filter(|known| known.version == version);
    let service = of_version().find(|known| known.find(action).is_some());
    if let Some(service) = service.or_else(|| of_version().next()) {
        return Ok(service);
    }
    match (with_action(), scope) {
        (None, Some(product)) => Err(no_such_product(product)),
        (service, _) => with_version(service.unwrap_or(&services[0]), Some(version)),
    }
}

/// The service, if it has the version.
fn with_version(
    service: &'static Service<Api3>,
    version: Option<&str>,
) -> Result<&'static Service<Api3>, ApiError> {
    match version {
        Some(version) if version != service.version => Err(ApiError::NoSuchVersion {
            version: version.to_owned(),
            product: service.product,
        }),
        _ => Ok(service),
    }
}

fn no_such_product(product: &str) -> ApiError {
    ApiError::NoSuchProduct(product.to_owned())
}

/// Whether a text can be the name of a product. Some SDKs put the beginning of the endpoint into the scope, such
/// as `127` or `localhost:8080`.
fn is_name(text: &str) -> bool {
    text.len() <= MAX_NAME
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}
