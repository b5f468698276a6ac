//! The region a request is for: a common parameter names it.

use super::error::ApiError;
use super::request::Request;
use super::settings::Settings;

/// The regions of the cloud; secrets are offered in some of them. From the vendor's page *Common
/// Params* of several products.
const KNOWN: [&str; 27] = [
    "ap-bangkok",
    "ap-beijing",
    "ap-beijing-fsi",
    "ap-chengdu",
    "ap-chongqing",
    "ap-guangzhou",
    "ap-guangzhou-open",
    "ap-hongkong",
    "ap-jakarta",
    "ap-mumbai",
    "ap-nanjing",
    "ap-osaka",
    "ap-seoul",
    "ap-shanghai",
    "ap-shanghai-fsi",
    "ap-shenzhen",
    "ap-shenzhen-fsi",
    "ap-singapore",
    "ap-taipei",
    "ap-tokyo",
    "eu-frankfurt",
    "eu-moscow",
    "na-ashburn",
    "na-siliconvalley",
    "na-toronto",
    "sa-saopaulo",
    "me-saudi-arabia",
];

/// Whether the cloud has a region of this name, whatever is offered there.
#[must_use]
pub fn is_known(region: &str) -> bool {
    KNOWN.contains(&region)
}

/// The region of a request; the first one offered where it names none.
///
/// # Errors
///
/// `UnsupportedRegion` for one that is not offered, `InvalidParameterValue` for what is no region.
pub(super) fn of(request: &Request, settings: &Settings) -> Result<String, ApiError> {
    let Some(region) = request.common("Region") else {
        return Ok(settings.regions.first().cloned().unwrap_or_default());
    };
    if settings.regions.iter().any(|offered| *offered == region) {
        Ok(region.into_owned())
    } else if is_known(&region) {
        Err(ApiError::UnsupportedRegion)
    } else {
        Err(ApiError::InvalidRegion(request.name_of_region()))
    }
}
