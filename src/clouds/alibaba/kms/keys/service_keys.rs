//! Service keys: the keys of products such as OSS, with the aliases `alias/acs/<code of the product>`. A product
//! creates its key when it first needs one. Users can use the key, but not change it.

use super::material;
use super::reference::{KeyReference, SERVICE_ALIAS_PREFIX};
use crate::clouds::alibaba::kms::dry_run::checked;
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
    /// Runs `work`, which encrypts with a key. If it is a service key that does not exist, it is created: the products
    /// are not emulated, so the first request that uses the key creates it. An error or `DryRun` creates nothing.
    pub(crate) fn encrypt_with<T: Send>(
        &self,
        key: &KeyReference,
        is_dry_run: bool,
        work: impl FnOnce(&ReadTransaction) -> Result<T, ApiError> + Send,
    ) -> Result<T, ApiError> {
        let alias = self.service_alias(key);
        let exists = match alias {
            None => true,
            Some(alias) => self.read(|store| Ok(store.alias(&self.scope, alias)?.is_some()))?,
        };
        if exists {
            return checked(is_dry_run, self.read(work));
        }
        self.write(|store| {
            self.ensure_named_service_key(store, key)?;
            checked(is_dry_run, work(store))
        })
    }

    /// Creates a service key if a reference names it by its alias, and it does not exist.
    pub(crate) fn ensure_named_service_key(
        &self,
        store: &WriteTransaction,
        reference: &KeyReference,
    ) -> Result<(), ApiError> {
        match self.service_alias(reference) {
            Some(alias) => self.ensure_service_key(store, alias),
            None => Ok(()),
        }
    }

    /// The alias of the service key that a reference names.
    fn service_alias<'r>(&self, reference: &'r KeyReference) -> Option<&'r str> {
        self.own_alias(reference).filter(|alias| is_known(alias))
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
