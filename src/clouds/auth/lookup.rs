//! Finds the access key of a signed request.

use super::credentials::{AccessKey, Keys, is_of_a_tenant};
use crate::clouds::context::AuthMode;
use crate::clouds::diagnosis::{self, Mistake};

/// An unknown key that is rejected in every mode in which it is unknown.
#[derive(Debug)]
pub(crate) struct UnknownKey;

/// The key with this id, if there is one. A mistake that makes the id unknown is given to `note`.
///
/// # Errors
///
/// For an id with white space around it, unless checks are off, and for the key of a deleted tenant.
pub(crate) fn find<'k>(
    keys: &'k Keys,
    id: &str,
    mode: AuthMode,
    note: impl FnOnce(Mistake),
) -> Result<Option<&'k AccessKey>, UnknownKey> {
    let key = keys.get(id);
    if key.is_some() {
        return Ok(key);
    }
    let is_known = |id: &str| keys.get(id).is_some();
    if mode != AuthMode::Off
        && let Some(mistake) = diagnosis::wrong_key_id(id, is_known)
    {
        note(mistake);
        if mistake == Mistake::KeyIdWhiteSpace {
            return Err(UnknownKey);
        }
    }
    if is_of_a_tenant(id) {
        return Err(UnknownKey);
    }
    Ok(None)
}
