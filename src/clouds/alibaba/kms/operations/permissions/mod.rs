//! The permissions that requests need: actions on the resources that they name.

mod resources;

pub(crate) use resources::row;

use resources::Resources::{
    AliasAndKey, AliasOfKey, AllOf, Key, KeyOfCiphertext, NewSecret, NoPermission, ProtectedKey,
    ReEncryption, Secret, SecretOrKey, SecretWithKey, Secrets, SecretsOrKeys, WithoutResource,
};
use resources::{VALUE, resources_of};

use super::batch_get_secret_value::SECRETS_LIST;
use super::keys::alias_name::ALIAS_NAME;
use super::keys::set_deletion_protection::{OPTIONAL_KEY_ID, PROTECTED_RESOURCE_ARN};
use super::tag_resource::{TAGS, Tagged, selected};
use super::tag_resources::{RESOURCE_ID, RESOURCE_TYPE, ResourceType, TAG};
use crate::clouds::alibaba::kms::keys::cipher::Ciphertext;
use crate::clouds::alibaba::kms::keys::encryption::CIPHERTEXT_BLOB;
use crate::clouds::alibaba::kms::keys::reference::{
    DESTINATION_KEY_ID, ENCRYPTION_KEY_ID, KEY_ID, KeyReference, SERVICE_ALIAS_PREFIX,
    SOURCE_KEY_ID,
};
use crate::clouds::alibaba::kms::resource::{SECRET_NAME_OR_ARN, SecretReference};
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::parameter::{Arguments, Optional};
use crate::clouds::alibaba::rpc::protocol::Call;
use crate::clouds::auth::policy::Permission;
use crate::model::{CreatorType, SecretType, Tag};
use crate::store::ReadTransaction;

/// The permissions that a request needs.
///
/// # Errors
///
/// Those of the operation for an invalid name of a resource.
pub(in crate::clouds::alibaba::kms) fn needed(
    arguments: &Arguments,
    call: &Call,
    action: &'static str,
) -> Result<Vec<Permission>, ApiError> {
    call.read(|store| {
        let request = Request {
            arguments,
            call,
            store,
        };
        request.needed(action)
    })
}

/// A request whose permissions are collected.
struct Request<'a> {
    arguments: &'a Arguments<'a>,
    call: &'a Call<'a>,
    store: &'a ReadTransaction<'a>,
}

impl Request<'_> {
    fn needed(&self, action: &str) -> Result<Vec<Permission>, ApiError> {
        let own = format!("kms:{action}");
        Ok(match resources_of(action) {
            NoPermission => Vec::new(),
            WithoutResource => vec![Permission {
                action: own,
                resource: "*".to_owned(),
                ..Permission::default()
            }],
            AllOf(kind) => vec![self.container(own, kind)?],
            Secret => vec![self.secret(own, &self.named_secret()?)?],
            NewSecret => {
                let secret = self.container(own, "secret")?;
                let key = ENCRYPTION_KEY_ID.find(self.arguments)?;
                let key = self.user_key("kms:GenerateDataKey", key)?;
                [secret].into_iter().chain(key).collect()
            }
            SecretWithKey(other) => {
                let secret = self.named_secret()?;
                let key = self.user_key(other, self.key_of(&secret)?)?;
                let secret = self.secret(own, &secret)?;
                [secret].into_iter().chain(key).collect()
            }
            Secrets => {
                let secrets = SECRETS_LIST.read(self.arguments)?;
                let secrets = secrets.iter();
                secrets
                    .map(|(_, request)| self.secret(VALUE.to_owned(), &request.secret))
                    .collect::<Result<_, _>>()?
            }
            Key => vec![self.key(own, &KEY_ID.read(self.arguments)?)?],
            KeyOfCiphertext => self.key_of_ciphertext(&own)?,
            ReEncryption => {
                let to = DESTINATION_KEY_ID.read(self.arguments)?;
                let from = "kms:ReEncryptFrom";
                let mut needed = match SOURCE_KEY_ID.find(self.arguments)? {
                    None => self.key_of_ciphertext(from)?,
                    Some(pair) => vec![self.key(from.to_owned(), &pair)?],
                };
                needed.push(self.key("kms:ReEncryptTo".to_owned(), &to)?);
                needed
            }
            ProtectedKey => {
                let key = match PROTECTED_RESOURCE_ARN.find(self.arguments)? {
                    None => OPTIONAL_KEY_ID.find(self.arguments)?,
                    key => key,
                };
                let key = key.map(|key| self.key(own, &key)).transpose()?;
                key.into_iter().collect()
            }
            AliasAndKey => {
                let name = ALIAS_NAME.read(self.arguments)?;
                let key = KEY_ID.read(self.arguments)?;
                vec![self.alias(own.clone(), &name), self.key(own, &key)?]
            }
            AliasOfKey => {
                let name = ALIAS_NAME.read(self.arguments)?;
                let alias = self.alias(own.clone(), &name);
                let key = KeyReference::parse(&name);
                let key = key.map(|key| self.key(own, &key)).transpose()?;
                [alias].into_iter().chain(key).collect()
            }
            SecretOrKey => match selected(self.arguments)? {
                Tagged::Secret(secret) => vec![self.secret(own, &secret)?],
                Tagged::Key(key) => vec![self.key(own, &key)?],
                Tagged::Certificate => Vec::new(),
            },
            SecretsOrKeys => self.listed(&own)?,
        })
    }

    fn named_secret(&self) -> Result<SecretReference, ApiError> {
        SECRET_NAME_OR_ARN.read(self.arguments)
    }

    fn container(&self, action: String, kind: &str) -> Result<Permission, ApiError> {
        Ok(Permission {
            action,
            resource: self.call.arn_of(kind),
            request_tags: self.request_tags()?,
            ..Permission::default()
        })
    }

    fn alias(&self, action: String, name: &str) -> Permission {
        Permission {
            action,
            resource: self.call.arn_of(name),
            ..Permission::default()
        }
    }

    fn secret(&self, action: String, secret: &SecretReference) -> Result<Permission, ApiError> {
        let elsewhere = self.call.elsewhere(secret);
        let scope = elsewhere.as_ref().unwrap_or(&self.call.scope);
        let mut permission = Permission {
            action,
            resource: secret.arn(&self.call.scope),
            request_tags: self.request_tags()?,
            ..Permission::default()
        };
        if let Some((id, found)) = self.store.secret(scope, secret.name())? {
            permission.tags = found.tags;
            // The operation evaluates the policy of another account's secret.
            if scope.account == self.call.scope.account {
                permission.resource_policy = self.store.policy(id)?;
            }
        }
        Ok(permission)
    }

    fn key(&self, action: String, key: &KeyReference) -> Result<Permission, ApiError> {
        let found = self.call.locate(self.store, key)?;
        let mut permission = Permission {
            action,
            resource: key.arn(&self.call.scope),
            request_tags: self.request_tags()?,
            ..Permission::default()
        };
        if let Some((id, cmk)) = found {
            permission.resource = self.call.key_arn(key, &cmk.key_id);
            permission.tags = self.store.cmk_tags(id)?;
            let owner = self.call.owner_of(key);
            if owner.is_none_or(|owner| owner.account == self.call.scope.account) {
                permission.resource_policy = self.store.cmk_policy(id)?;
            }
        }
        Ok(permission)
    }

    /// The key that encrypts a generic secret.
    fn key_of(&self, secret: &SecretReference) -> Result<Option<KeyReference>, ApiError> {
        let elsewhere = self.call.elsewhere(secret);
        let scope = elsewhere.as_ref().unwrap_or(&self.call.scope);
        let found = self.store.secret(scope, secret.name())?;
        let generic = found.filter(|(_, found)| found.secret_type == SecretType::Generic);
        let key = generic.and_then(|(_, found)| found.encryption_key_id);
        let key = key.as_deref().and_then(KeyReference::parse);
        Ok(key.and_then(|key| KeyReference::parse(&key.arn(scope))))
    }

    /// The permission for a key that encrypts a secret. None is needed for a service key.
    fn user_key(
        &self,
        action: &str,
        key: Option<KeyReference>,
    ) -> Result<Option<Permission>, ApiError> {
        let Some(key) = key else { return Ok(None) };
        let of_service = match self.call.locate(self.store, &key)? {
            Some((_, cmk)) => cmk.creator_type == CreatorType::Service,
            None => key
                .alias()
                .is_some_and(|alias| alias.starts_with(SERVICE_ALIAS_PREFIX)),
        };
        if of_service {
            return Ok(None);
        }
        self.key(action.to_owned(), &key).map(Some)
    }

    /// The permission for the key that encrypted a ciphertext. None for an invalid ciphertext, because the operation then
    /// returns its own error.
    fn key_of_ciphertext(&self, action: &str) -> Result<Vec<Permission>, ApiError> {
        let Some(blob) = CIPHERTEXT_BLOB.find(self.arguments)? else {
            return self.key_instead_of_ciphertext(action);
        };
        let Some(ciphertext) = Ciphertext::parse(&blob) else {
            return Ok(Vec::new());
        };
        let scope = &self.call.scope;
        let found = self.store.cmks_of_version(scope, ciphertext.version_id)?;
        let keys = found.iter();
        let keys = keys.filter_map(|(cmk, _)| KeyReference::parse(&cmk.key_id));
        keys.map(|key| self.key(action.to_owned(), &key)).collect()
    }

    /// The permission for the key that a request of the instance API names. A request of KMS without a ciphertext is
    /// rejected later.
    fn key_instead_of_ciphertext(&self, action: &str) -> Result<Vec<Permission>, ApiError> {
        let mut all = self.arguments.all();
        let named = all.find(|(name, _)| *name == KEY_ID.0.name);
        let key = named.and_then(|(_, key)| KeyReference::parse(key));
        let key = key
            .map(|key| self.key(action.to_owned(), &key))
            .transpose()?;
        Ok(key.into_iter().collect())
    }

    /// The permissions for the resources that a tagging operation lists.
    fn listed(&self, action: &str) -> Result<Vec<Permission>, ApiError> {
        let resource_type = RESOURCE_TYPE.read(self.arguments)?;
        let names = RESOURCE_ID.find(self.arguments)?;
        let Some(names) = names.filter(|names| !names.is_empty()) else {
            let kind = match resource_type {
                ResourceType::Secret => "secret",
                ResourceType::Key => "key",
            };
            return Ok(vec![self.container(action.to_owned(), kind)?]);
        };
        let mut needed = Vec::new();
        for name in names {
            let action = action.to_owned();
            needed.push(match resource_type {
                ResourceType::Secret => self.secret(action, &name.into())?,
                ResourceType::Key => match KeyReference::parse(&name) {
                    Some(key) => self.key(action, &key)?,
                    // The operation returns an error, because it does not find the key.
                    None => continue,
                },
            });
        }
        Ok(needed)
    }

    /// The tags of a request that creates or tags a resource.
    fn request_tags(&self) -> Result<Vec<Tag>, ApiError> {
        if self.arguments.describe(TAGS.0.name) {
            return Ok(TAGS.0.find(self.arguments)?.unwrap_or_default());
        }
        if self.arguments.describe(TAG.name) {
            return Ok(TAG.find(self.arguments)?.unwrap_or_default());
        }
        Ok(Vec::new())
    }
}
