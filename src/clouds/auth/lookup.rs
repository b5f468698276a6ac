//! Finds the access key of a signed request.

use super::credentials::{FoundKey, Keys, is_of_a_tenant};
use super::issued;
use crate::clouds::context::AuthMode;
use crate::clouds::diagnosis::{self, Mistake};
use crate::model::Cloud;

/// The error for an unknown key id that is rejected even in a mode that accepts unknown keys.
#[derive(Debug)]
pub(crate) struct UnknownKey;

/// The key with this id, if there is one. A mistake that makes the id unknown is given to `note`.
///
/// # Errors
///
/// For an id with white space around it, unless checks are off, for the key of a deleted tenant, and for a
/// temporary key that was revoked or that another cloud issued.
pub(crate) fn find<'k>(
    keys: &'k Keys,
    cloud: Cloud,
    id: &str,
    mode: AuthMode,
    note: impl FnOnce(Mistake),
) -> Result<Option<FoundKey<'k>>, UnknownKey> {
    if let Some(key) = keys.get(id) {
        let issuer = key.session.as_ref().map(|session| session.cloud);
        return if issuer.is_none_or(|issuer| issuer == cloud) {
            Ok(Some(key))
        } else {
            Err(UnknownKey)
        };
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
    if is_of_a_tenant(id) || issued::is_of_form(id) {
        return Err(UnknownKey);
    }
    Ok(None)
}
