//! `DryRun`: checks a request, and returns the result as an error.

use super::errors::{DRY_RUN, DRY_RUN_DENIED, DRY_RUN_INVALID};
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::parameter::{Arguments, Boolean};

/// Whether only to check the request.
pub(crate) const DRY_RUN_FLAG: Boolean = Boolean {
    name: "DryRun",
    default: false,
    help: "Whether only to check the request. The result is returned as an error.",
};

/// The result of a request that may have `DryRun`, which makes a success an error too. [`failed_check`] replaces errors.
pub(crate) fn checked<T>(is_dry_run: bool, result: Result<T, ApiError>) -> Result<T, ApiError> {
    match result {
        Ok(_) if is_dry_run => Err((&DRY_RUN).into()),
        result => result,
    }
}

/// The error of a request. With `DryRun` it is one of the codes for checks.
pub(super) fn failed_check(arguments: &Arguments, error: ApiError) -> ApiError {
    let is_dry_run = arguments.describe(DRY_RUN_FLAG.name) && DRY_RUN_FLAG.read(arguments);
    match error {
        error if !is_dry_run => error,
        ApiError::Operation(own) if *own == DRY_RUN => error,
        ApiError::NoPermission(_) => (&DRY_RUN_DENIED).into(),
        ApiError::Operation(_)
        | ApiError::MissingParameter(_)
        | ApiError::InvalidParameter(_)
        | ApiError::RejectedValue { .. } => (&DRY_RUN_INVALID).into(),
        error => error,
    }
}
