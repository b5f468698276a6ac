//! Service keys: the keys of products such as OSS, with the aliases `alias/acs/<code of the product>`. A product
//! creates its key when it first needs one. Users can use the key, but not change it.

use super::material;
use super::reference::{KeyReference, SERVICE_ALIAS_PREFIX};
use crate::clouds::alibaba::kms::errors::UNSUPPORTED_FOR_KEY;
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::protocol::Call;
use crate::model::{Cmk, CreatorType, KeyAlias};
use crate::store::{CmkId, ReadTransaction, WriteTransaction};

/// The alias of the key that encrypts secrets without `EncryptionKeyId`.
pub(crate) const DEFAULT_ALIAS: &str = "alias/acs/kms";

/// The codes of the products whose aliases are on the vendor's pages and in its SDKs.
const SERVICES: &[&str] = &["acm", "ecs", "kms", "mse", "oos", "oss", "rds"];

impl Call<'_> {
    /// Creates a service key if a reference names it by its alias, and it does not exist. The products are not
    /// emulated, so the first request that uses the key creates it.
    pub(crate) fn create_service_key(&self, reference: &KeyReference) -> Result<(), ApiError> {
        let Some(alias) = self.own_alias(reference).filter(|alias| is_known(alias)) else {
            return Ok(());
        };
        if self.read(|store| Ok(store.alias(&self.scope, alias)?.is_some()))? {
            return Ok(());
        }
        self.write(|store| self.ensure_service_key(store, alias))
    }

    /// Creates the service key with this alias, unless it exists.
    pub(crate) fn ensure_service_key(
        &self,
        store: &WriteTransaction,
        alias: &str,
    ) -> Result<(), ApiError> {
        if store.alias(&self.scope, alias)?.is_some() {
            return Ok(());
        }
        let now = self.now();
        let cmk = Cmk {
            creator_type: CreatorType::Service,
            ..material::default_cmk(material::new_key_id(), now)
        };
        let version = material::new_version(cmk.spec, now);
        let id = store.create_cmk(&self.scope, &cmk, &[version])?;
        let alias = KeyAlias {
            name: alias.to_owned(),
            created_at: now,
        };
        Ok(store.add_alias(id, &cmk, &alias)?)
    }

    /// The same as [`Self::find_key`] for a key that the user manages.
    ///
    /// # Errors
    ///
    /// `Rejected.UnsupportedOperation` for the key of a service.
    pub(crate) fn find_user_key(
        &self,
        store: &ReadTransaction,
        reference: &KeyReference,
    ) -> Result<(CmkId, Cmk), ApiError> {
        let (id, cmk) = self.find_key(store, reference)?;
        check_user_key(&cmk)?;
        Ok((id, cmk))
    }
}

/// Checks that the user manages a key.
///
/// # Errors
///
/// `Rejected.UnsupportedOperation` for the key of a service.
pub(crate) fn check_user_key(cmk: &Cmk) -> Result<(), ApiError> {
    match cmk.creator_type {
        CreatorType::User => Ok(()),
        CreatorType::Service => Err((&UNSUPPORTED_FOR_KEY).into()),
    }
}

fn is_known(alias: &str) -> bool {
    let code = alias.strip_prefix(SERVICE_ALIAS_PREFIX);
    let code = code.and_then(|rest| rest.strip_prefix('/'));
    code.is_some_and(|code| SERVICES.contains(&code))
}
