//! The keys that encrypt secrets: the parameter `EncryptionKeyId`.

use super::encryption::check_cipher;
use super::reference::{ENCRYPTION_KEY_ID, KeyReference, check_enabled};
use crate::clouds::alibaba::kms::errors::KEY_NOT_FOUND;
use crate::clouds::alibaba::kms::resource::SecretReference;
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::parameter::invalid;
use crate::clouds::alibaba::rpc::protocol::Call;
use crate::model::{Cmk, Secret};
use crate::store::ReadTransaction;

impl Call<'_> {
    /// The key for a new secret: an enabled, symmetric key of the scope and of the KMS instance of the secret.
    ///
    /// # Errors
    ///
    /// Those of `GenerateDataKey` for a key that cannot encrypt; `InvalidParameter` for a key of another instance.
    pub(crate) fn key_for_secret(
        &self,
        store: &ReadTransaction,
        reference: &KeyReference,
        dkms_instance_id: Option<&str>,
    ) -> Result<Cmk, ApiError> {
        let (_, cmk) = self.find_key(store, reference)?;
        check_enabled(&cmk)?;
        check_cipher(&cmk)?;
        if cmk.dkms_instance_id.as_deref() != dkms_instance_id {
            return Err(invalid(ENCRYPTION_KEY_ID.name));
        }
        Ok(cmk)
    }

    /// Checks that the key of a secret can be used. `reference` names the secret.
    ///
    /// # Errors
    ///
    /// Those of `GenerateDataKey` for a key that does not exist or is not enabled.
    pub(crate) fn check_key_of_secret(
        &self,
        store: &ReadTransaction,
        reference: &SecretReference,
        secret: &Secret,
    ) -> Result<(), ApiError> {
        // In a fixture, it can be any text.
        let text = secret.encryption_key_id.as_deref();
        let Some(key) = text.and_then(KeyReference::parse) else {
            return Ok(());
        };
        let elsewhere = self.elsewhere(reference);
        let owner = elsewhere.as_ref().unwrap_or(&self.scope);
        let found = key.find_in(store, owner)?;
        let (_, cmk) = found.ok_or(&KEY_NOT_FOUND)?;
        check_enabled(&cmk)
    }
}
