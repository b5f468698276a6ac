//! `DryRun`: checks a request, and returns the result as an error.

use super::errors::{DRY_RUN, DRY_RUN_INVALID};
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::parameter::Boolean;

/// Whether only to check the request.
pub(crate) const DRY_RUN_FLAG: Boolean = Boolean {
    name: "DryRun",
    default: false,
    help: "Whether only to check the request. The result is returned as an error.",
};

/// The result of a request that is perhaps only checked.
pub(crate) fn checked<T>(is_dry_run: bool, result: Result<T, ApiError>) -> Result<T, ApiError> {
    match result {
        Ok(_) if is_dry_run => Err((&DRY_RUN).into()),
        Err(ApiError::Refused(_) | ApiError::InvalidParameter(_)) if is_dry_run => {
            Err((&DRY_RUN_INVALID).into())
        }
        result => result,
    }
}
