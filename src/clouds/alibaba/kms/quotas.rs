//! The default quotas of an account in a region, which `--alibaba-quotas` applies. The vendor's page: *Limits*, 2025.

use super::errors::TOO_MANY_RESOURCES;
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::protocol::Call;
use crate::store::ReadTransaction;

const KEYS: u64 = 200;
const ALIASES: u64 = 300;
const KEY_VERSIONS: u64 = 10_000;

impl Call<'_> {
    /// Checks that the account can have another key.
    ///
    /// # Errors
    ///
    /// `Rejected.LimitExceeded`.
    pub(crate) fn check_key_quota(&self, store: &ReadTransaction) -> Result<(), ApiError> {
        self.check_quota(KEYS, || Ok(store.count_user_cmks(&self.scope)?))?;
        self.check_key_version_quota(store)
    }

    /// Checks that the account can have another version of a key.
    ///
    /// # Errors
    ///
    /// `Rejected.LimitExceeded`.
    pub(crate) fn check_key_version_quota(&self, store: &ReadTransaction) -> Result<(), ApiError> {
        self.check_quota(KEY_VERSIONS, || {
            Ok(store.count_user_cmk_versions(&self.scope)?)
        })
    }

    /// Checks that the account can have another alias.
    ///
    /// # Errors
    ///
    /// `Rejected.LimitExceeded`.
    pub(crate) fn check_alias_quota(&self, store: &ReadTransaction) -> Result<(), ApiError> {
        self.check_quota(ALIASES, || Ok(store.count_user_aliases(&self.scope)?))
    }

    fn check_quota(
        &self,
        quota: u64,
        used: impl FnOnce() -> Result<u64, ApiError>,
    ) -> Result<(), ApiError> {
        if self.settings.applies_quotas && used()? >= quota {
            return Err((&TOO_MANY_RESOURCES).into());
        }
        Ok(())
    }
}
