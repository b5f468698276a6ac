//! Work with a version of a key pair.

use crate::clouds::alibaba::kms::errors::{
    ALIAS_NOT_FOUND, DRY_RUN, DRY_RUN_DENIED, DRY_RUN_INVALID, KEY_DISABLED, KEY_NOT_FOUND,
    KEY_PENDING_DELETION, KEY_PENDING_IMPORT, KEY_VERSION_NOT_FOUND, UNSUPPORTED,
    UNSUPPORTED_FOR_KEY,
};
use crate::clouds::alibaba::kms::keys::pair::Pair;
use crate::clouds::alibaba::kms::keys::reference::KeyReference;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::protocol::Call;
use crate::model::KeyUsage;

/// The errors of operations with key pairs.
pub(super) const PAIR_ERRORS: &[&ErrorDescription] = &[
    &UNSUPPORTED,
    &UNSUPPORTED_FOR_KEY,
    &KEY_NOT_FOUND,
    &ALIAS_NOT_FOUND,
    &KEY_VERSION_NOT_FOUND,
    &KEY_DISABLED,
    &KEY_PENDING_DELETION,
    &KEY_PENDING_IMPORT,
    &DRY_RUN,
    &DRY_RUN_INVALID,
    &DRY_RUN_DENIED,
];

/// The result of work with a key pair.
pub(super) struct PairOutput<T> {
    pub key_id: String,
    pub version_id: String,
    pub output: T,
}

impl Call<'_> {
    /// Does work with a version of a key pair for a use; any use without one.
    pub(super) fn with_pair<T>(
        &self,
        key: &KeyReference,
        version_id: &str,
        action: &str,
        usage: Option<KeyUsage>,
        work: impl FnOnce(&Pair) -> Result<T, ApiError>,
    ) -> Result<PairOutput<T>, ApiError> {
        let (cmk, version) = self.read(|store| {
            let (id, cmk) = self.find_usable_key(store, key, action)?;
            let version = store.cmk_version(id, version_id)?;
            Ok((cmk, version.ok_or(&KEY_VERSION_NOT_FOUND)?))
        })?;
        let output = work(&Pair::new(&cmk, &version, usage)?)?;
        Ok(PairOutput {
            key_id: cmk.key_id,
            version_id: version.version_id,
            output,
        })
    }
}
