//! The permissions that operations need.
//!
//! The vendor's page *Use RAM to control access to KMS resources* has the actions and resources of most operations; the
//! others are an assumption.

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
use crate::clouds::auth::policy::Access;
use crate::clouds::permissions::AccessRow;
use crate::model::{CreatorType, SecretType, Tag};
use crate::store::ReadTransaction;

/// The resources of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Target {
    /// No permission is needed.
    Open,
    /// An operation without a resource.
    All,
    /// All secrets, keys or aliases.
    Container(&'static str),
    Secret,
    /// A secret to create, and the key that will encrypt it.
    NewSecret,
    /// A secret, and the key that encrypts its values, for which `kms:…` is needed too.
    SecretWithKey(&'static str),
    Secrets,
    Key,
    /// The key that has encrypted the ciphertext.
    KeyOfCiphertext,
    /// That key, and the one that encrypts again.
    ReEncryption,
    ProtectedKey,
    AliasAndKey,
    /// An alias, and the key that it is of.
    AliasOfKey,
    SecretOrKey,
    SecretsOrKeys,
}

use Target::{
    AliasAndKey, AliasOfKey, All, Container, Key, KeyOfCiphertext, NewSecret, Open, ProtectedKey,
    ReEncryption, Secret, SecretOrKey, SecretWithKey, Secrets, SecretsOrKeys,
};

/// The resources of each operation, in the order of the table of operations.
static TARGETS: &[(&str, Target)] = &[
    ("CreateSecret", NewSecret),
    ("DescribeSecret", Secret),
    ("ListSecrets", Container("secret")),
    ("GetSecretValue", SecretWithKey("kms:Decrypt")),
    ("BatchGetSecretValue", Secrets),
    ("PutSecretValue", SecretWithKey("kms:GenerateDataKey")),
    ("ListSecretVersionIds", Secret),
    ("UpdateSecret", Secret),
    ("UpdateSecretVersionStage", Secret),
    ("UpdateSecretRotationPolicy", Secret),
    ("RotateSecret", Secret),
    ("DeleteSecret", Secret),
    ("RestoreSecret", Secret),
    ("GetRandomPassword", All),
    ("SetSecretPolicy", Secret),
    ("GetSecretPolicy", Secret),
    ("TagResource", SecretOrKey),
    ("UntagResource", SecretOrKey),
    ("TagResources", SecretsOrKeys),
    ("UntagResources", SecretsOrKeys),
    ("ListTagResources", SecretsOrKeys),
    ("ListResourceTags", Key),
    ("CreateKey", Container("key")),
    ("DescribeKey", Key),
    ("ListKeys", Container("key")),
    ("EnableKey", Key),
    ("DisableKey", Key),
    ("ScheduleKeyDeletion", Key),
    ("CancelKeyDeletion", Key),
    ("UpdateKeyDescription", Key),
    ("SetDeletionProtection", ProtectedKey),
    ("Encrypt", Key),
    ("Decrypt", KeyOfCiphertext),
    ("ReEncrypt", ReEncryption),
    ("GenerateDataKey", Key),
    ("GenerateDataKeyWithoutPlaintext", Key),
    ("CreateAlias", AliasAndKey),
    ("UpdateAlias", AliasAndKey),
    ("DeleteAlias", AliasOfKey),
    ("ListAliases", Container("alias")),
    ("ListAliasesByKeyId", Key),
    ("ListKeyVersions", Key),
    ("DescribeKeyVersion", Key),
    ("CreateKeyVersion", Key),
    ("UpdateRotationPolicy", Key),
    ("SetKeyPolicy", Key),
    ("GetKeyPolicy", Key),
    ("ListKmsInstances", All),
    ("GetKmsInstance", All),
    ("GetDefaultKmsInstance", All),
    ("GetKmsInstanceQuotaInfos", All),
    ("GetPublicKey", Key),
    ("AsymmetricSign", Key),
    ("AsymmetricVerify", Key),
    ("AsymmetricEncrypt", Key),
    ("AsymmetricDecrypt", Key),
    ("GenerateMac", Key),
    ("VerifyMac", Key),
    ("GenerateAndExportDataKey", Key),
    ("ExportDataKey", KeyOfCiphertext),
    ("GetParametersForImport", Key),
    ("ImportKeyMaterial", Key),
    ("DeleteKeyMaterial", Key),
    ("DescribeRegions", Open),
    ("DescribeAccountKmsStatus", All),
    ("OpenKmsService", All),
];

/// The resources of an operation. One that is not listed has none.
fn target(action: &str) -> Target {
    let mut targets = TARGETS.iter();
    let found = targets.find(|(listed, _)| *listed == action);
    found.map_or(All, |(_, target)| *target)
}

/// The action for the values of secrets. The vendor's lists of actions have none for `BatchGetSecretValue`.
const VALUE: &str = "kms:GetSecretValue";

/// The actions and resources of an operation, for documents.
pub(crate) fn row(action: &'static str) -> AccessRow {
    let own = format!("kms:{action}");
    let (actions, resources) = match target(action) {
        Open => (String::new(), String::new()),
        All => (own, "*".to_owned()),
        Container(kind) => (own, kind.to_owned()),
        Secret => (own, "secret/NAME".to_owned()),
        Secrets => (VALUE.to_owned(), "secret/NAME of each secret".to_owned()),
        NewSecret => (
            format!("{own}, kms:GenerateDataKey"),
            "secret; key/ID of `EncryptionKeyId`".to_owned(),
        ),
        SecretWithKey(other) => (
            format!("{own}, {other}"),
            "secret/NAME; key/ID that encrypts the secret".to_owned(),
        ),
        Key | KeyOfCiphertext | ProtectedKey => (own, "key/ID".to_owned()),
        ReEncryption => (
            "kms:ReEncryptFrom, kms:ReEncryptTo".to_owned(),
            "key/ID of the ciphertext; key/ID that encrypts again".to_owned(),
        ),
        AliasAndKey | AliasOfKey => (own, "alias/NAME; key/ID".to_owned()),
        SecretOrKey | SecretsOrKeys => (own, "secret/NAME or key/ID".to_owned()),
    };
    AccessRow {
        action,
        actions,
        resources,
    }
}

/// The permissions that a request needs.
///
/// # Errors
///
/// Those of the operation for an invalid name of a resource.
pub(in crate::clouds::alibaba::kms) fn needed(
    arguments: &Arguments,
    call: &Call,
    action: &'static str,
) -> Result<Vec<Access>, ApiError> {
    call.read(|store| {
        let request = Request {
            arguments,
            call,
            store,
        };
        request.needed(action)
    })
}

struct Request<'a> {
    arguments: &'a Arguments<'a>,
    call: &'a Call<'a>,
    store: &'a ReadTransaction<'a>,
}

impl Request<'_> {
    fn needed(&self, action: &str) -> Result<Vec<Access>, ApiError> {
        let own = format!("kms:{action}");
        Ok(match target(action) {
            Open => Vec::new(),
            All => vec![Access {
                action: own,
                resource: "*".to_owned(),
                ..Access::default()
            }],
            Container(kind) => vec![self.container(own, kind)?],
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

    fn container(&self, action: String, kind: &str) -> Result<Access, ApiError> {
        Ok(Access {
            action,
            resource: self.call.arn_of(kind),
            request_tags: self.request_tags()?,
            ..Access::default()
        })
    }

    fn alias(&self, action: String, name: &str) -> Access {
        Access {
            action,
            resource: self.call.arn_of(name),
            ..Access::default()
        }
    }

    fn secret(&self, action: String, secret: &SecretReference) -> Result<Access, ApiError> {
        let elsewhere = self.call.elsewhere(secret);
        let scope = elsewhere.as_ref().unwrap_or(&self.call.scope);
        let mut access = Access {
            action,
            resource: secret.arn(&self.call.scope),
            request_tags: self.request_tags()?,
            ..Access::default()
        };
        if let Some((id, found)) = self.store.secret(scope, secret.name())? {
            access.tags = found.tags;
            // The policy of another account's secret is compared when the secret is read.
            if scope.account == self.call.scope.account {
                access.resource_policy = self.store.policy(id)?;
            }
        }
        Ok(access)
    }

    fn key(&self, action: String, key: &KeyReference) -> Result<Access, ApiError> {
        let found = self.call.locate(self.store, key)?;
        let mut access = Access {
            action,
            resource: key.arn(&self.call.scope),
            request_tags: self.request_tags()?,
            ..Access::default()
        };
        if let Some((id, cmk)) = found {
            access.resource = self.call.key_arn(key, &cmk.key_id);
            access.tags = self.store.cmk_tags(id)?;
            let owner = self.call.owner_of(key);
            if owner.is_none_or(|owner| owner.account == self.call.scope.account) {
                access.resource_policy = self.store.cmk_policy(id)?;
            }
        }
        Ok(access)
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

    /// Nothing for a key of a service, which the service uses for everyone.
    fn user_key(
        &self,
        action: &str,
        key: Option<KeyReference>,
    ) -> Result<Option<Access>, ApiError> {
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

    /// Nothing for an invalid ciphertext, for which the operation has its own error.
    fn key_of_ciphertext(&self, action: &str) -> Result<Vec<Access>, ApiError> {
        let blob = CIPHERTEXT_BLOB.find(self.arguments)?.unwrap_or_default();
        let Some(ciphertext) = Ciphertext::parse(&blob) else {
            return Ok(Vec::new());
        };
        let scope = &self.call.scope;
        let found = self.store.cmks_of_version(scope, ciphertext.version_id)?;
        let keys = found.iter();
        let keys = keys.filter_map(|(cmk, _)| KeyReference::parse(&cmk.key_id));
        keys.map(|key| self.key(action.to_owned(), &key)).collect()
    }

    fn listed(&self, action: &str) -> Result<Vec<Access>, ApiError> {
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
                    // The operation does not find it.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clouds::alibaba::kms::operations::{SUPPORTED, names};

    #[test]
    fn the_resources_of_each_operation_are_listed_once() {
        for operation in SUPPORTED {
            let rows = TARGETS
                .iter()
                .filter(|(action, _)| *action == operation.action);
            assert_eq!(rows.count(), 1, "{}", operation.action);
        }
        for (action, _) in TARGETS {
            assert!(names::ALL.contains(action), "{action}");
        }
    }
}
