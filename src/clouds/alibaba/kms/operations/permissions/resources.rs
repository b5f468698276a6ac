//! The table of the resources for which operations need permissions.
//!
//! The vendor's page *Use RAM to control access to KMS resources* has the actions and resources of most operations; the
//! others are an assumption.

use crate::clouds::service::permissions::PermissionRow;

/// The resources of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resources {
    /// No permission is needed.
    NoPermission,
    /// The operation has no resource: `*`.
    WithoutResource,
    /// All secrets, keys or aliases of the scope.
    AllOf(&'static str),
    Secret,
    /// All secrets, and the key that will encrypt the new one.
    NewSecret,
    /// A secret, and the key that encrypts its values. This action is needed for the key.
    SecretWithKey(&'static str),
    /// Each secret of a batch.
    Secrets,
    Key,
    /// The key that encrypted the ciphertext.
    KeyOfCiphertext,
    /// The key that encrypted the ciphertext, and the one that encrypts it again.
    ReEncryption,
    /// The key of `SetDeletionProtection`.
    ProtectedKey,
    /// An alias, and the key in the request.
    AliasAndKey,
    /// An alias, and the key that it names.
    AliasOfKey,
    SecretOrKey,
    SecretsOrKeys,
}

use Resources::{
    AliasAndKey, AliasOfKey, AllOf, Key, KeyOfCiphertext, NewSecret, NoPermission, ProtectedKey,
    ReEncryption, Secret, SecretOrKey, SecretWithKey, Secrets, SecretsOrKeys, WithoutResource,
};

/// The resources of each operation, in the order of the table of operations.
static RESOURCES: &[(&str, Resources)] = &[
    ("CreateSecret", NewSecret),
    ("DescribeSecret", Secret),
    ("ListSecrets", AllOf("secret")),
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
    ("GetRandomPassword", WithoutResource),
    ("SetSecretPolicy", Secret),
    ("GetSecretPolicy", Secret),
    ("TagResource", SecretOrKey),
    ("UntagResource", SecretOrKey),
    ("TagResources", SecretsOrKeys),
    ("UntagResources", SecretsOrKeys),
    ("ListTagResources", SecretsOrKeys),
    ("ListResourceTags", Key),
    ("CreateKey", AllOf("key")),
    ("DescribeKey", Key),
    ("ListKeys", AllOf("key")),
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
    ("ListAliases", AllOf("alias")),
    ("ListAliasesByKeyId", Key),
    ("ListKeyVersions", Key),
    ("DescribeKeyVersion", Key),
    ("CreateKeyVersion", Key),
    ("UpdateRotationPolicy", Key),
    ("SetKeyPolicy", Key),
    ("GetKeyPolicy", Key),
    ("ListKmsInstances", WithoutResource),
    ("GetKmsInstance", WithoutResource),
    ("GetDefaultKmsInstance", WithoutResource),
    ("GetKmsInstanceQuotaInfos", WithoutResource),
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
    ("DescribeRegions", NoPermission),
    ("DescribeAccountKmsStatus", WithoutResource),
    ("OpenKmsService", WithoutResource),
];

/// The resources of an operation, by default none.
pub(super) fn resources_of(action: &str) -> Resources {
    let mut all = RESOURCES.iter();
    let found = all.find(|(listed, _)| *listed == action);
    found.map_or(WithoutResource, |(_, resources)| *resources)
}

/// The action for each secret of `BatchGetSecretValue`, which is not in the vendor's lists of actions.
pub(super) const VALUE: &str = "kms:GetSecretValue";

/// The actions and resources of an operation, for documents.
pub(crate) fn row(action: &'static str) -> PermissionRow {
    let own = format!("kms:{action}");
    let (actions, resources) = match resources_of(action) {
        NoPermission => (String::new(), String::new()),
        WithoutResource => (own, "*".to_owned()),
        AllOf(kind) => (own, kind.to_owned()),
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
    PermissionRow {
        action,
        actions,
        resources,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clouds::alibaba::kms::operations::{SUPPORTED, names};

    #[test]
    fn the_resources_of_each_operation_are_listed_once() {
        for operation in SUPPORTED {
            let rows = RESOURCES
                .iter()
                .filter(|(action, _)| *action == operation.action);
            assert_eq!(rows.count(), 1, "{}", operation.action);
        }
        for (action, _) in RESOURCES {
            assert!(names::ALL.contains(action), "{action}");
        }
    }
}
