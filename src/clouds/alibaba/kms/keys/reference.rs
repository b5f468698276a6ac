//! References to keys, by id, alias or ARN.

use crate::clouds::alibaba::kms::errors::{
    ALIAS_NOT_FOUND, KEY_DISABLED, KEY_NOT_FOUND, KEY_PENDING_DELETION, KEY_PENDING_IMPORT,
    KEY_VERSION_NOT_FOUND,
};
use crate::clouds::alibaba::kms::{policy, resource};
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::parameter::{Parsed, Required};
use crate::clouds::alibaba::rpc::protocol::Call;
use crate::model::{Cmk, CmkVersion, KeyState, Scope};
use crate::store::{CmkId, ReadTransaction, StoreError};

/// The prefix of aliases.
pub(crate) const ALIAS_PREFIX: &str = "alias/";

/// The prefix of the ARNs of keys and aliases.
pub(crate) const ARN_PREFIX: &str = "acs:kms:";

/// The prefix of the aliases of service keys.
pub(crate) const SERVICE_ALIAS_PREFIX: &str = "alias/acs";

const MAX_ID_CHARACTERS: usize = 192;
const MAX_ALIAS_CHARACTERS: usize = 255;

const fn key_id(name: &'static str, help: &'static str) -> Parsed<KeyReference> {
    Parsed {
        name,
        rule: "an id, `alias/<name>`, or `acs:kms:<region>:<account>:key/<id>` or `…:alias/<name>`",
        help,
        parse: KeyReference::parse,
    }
}

/// The key of an operation.
pub(crate) const KEY_ID: Required<Parsed<KeyReference>> =
    Required(key_id("KeyId", "The id, an alias or the ARN of the key."));

/// The key that encrypts again.
pub(crate) const DESTINATION_KEY_ID: Required<Parsed<KeyReference>> = Required(key_id(
    "DestinationKeyId",
    "The id, an alias or the ARN of the symmetric key that encrypts.",
));

/// The key pair whose public key has encrypted.
pub(crate) const SOURCE_KEY_ID: Parsed<KeyReference> = key_id(
    "SourceKeyId",
    "The id, an alias or the ARN of the key pair that decrypts; only for data that a public key has encrypted.",
);

/// The key of a new secret.
pub(crate) const ENCRYPTION_KEY_ID: Parsed<KeyReference> = key_id(
    "EncryptionKeyId",
    "The id, an alias or the ARN of the enabled, symmetric key that encrypts the secret. Without it, the secret is encrypted with the key of the service, `alias/acs/kms`.",
);

/// A reference to a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyReference {
    /// Region and account of an ARN.
    region_and_account: Option<(String, String)>,
    name: KeyName,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum KeyName {
    Id(String),
    Alias(String),
}

impl KeyReference {
    /// Parses an id, an alias or an ARN.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let Some(rest) = text.strip_prefix(ARN_PREFIX) else {
            let name = if is_alias(text) {
                KeyName::Alias(text.to_owned())
            } else if text.starts_with(ALIAS_PREFIX) {
                return None;
            } else {
                KeyName::Id(checked_id(text)?)
            };
            return Some(Self {
                region_and_account: None,
                name,
            });
        };
        let (region, rest) = rest.split_once(':')?;
        let (account, resource) = rest.split_once(':')?;
        let name = match resource.strip_prefix("key/") {
            Some(id) => KeyName::Id(checked_id(id)?),
            None if is_alias(resource) => KeyName::Alias(resource.to_owned()),
            None => return None,
        };
        Some(Self {
            region_and_account: Some((region.to_owned(), account.to_owned())),
            name,
        })
    }

    /// The id or alias.
    pub(crate) fn name(&self) -> &str {
        match &self.name {
            KeyName::Id(name) | KeyName::Alias(name) => name,
        }
    }

    /// The alias, if it is one.
    pub(crate) fn alias(&self) -> Option<&str> {
        match &self.name {
            KeyName::Id(_) => None,
            KeyName::Alias(name) => Some(name),
        }
    }

    /// The key with this id or alias in a scope. Region and account of an ARN are ignored.
    pub(crate) fn find_in(
        &self,
        store: &ReadTransaction,
        scope: &Scope,
    ) -> Result<Option<(CmkId, Cmk)>, StoreError> {
        match &self.name {
            KeyName::Id(key_id) => store.cmk(scope, key_id),
            KeyName::Alias(name) => store.cmk_of_alias(scope, name),
        }
    }

    /// The ARN. `scope` has the region and account of a reference without them.
    pub(crate) fn arn(&self, scope: &Scope) -> String {
        let resource = match &self.name {
            KeyName::Id(key_id) => format!("key/{key_id}"),
            KeyName::Alias(name) => name.clone(),
        };
        match &self.region_and_account {
            Some((region, account)) => format!("acs:kms:{region}:{account}:{resource}"),
            None => resource::arn(scope, &resource),
        }
    }
}

fn checked_id(text: &str) -> Option<String> {
    let length = text.chars().count();
    (1..=MAX_ID_CHARACTERS)
        .contains(&length)
        .then(|| text.to_owned())
}

/// Whether a text can be the name of an alias.
pub(crate) fn is_alias(text: &str) -> bool {
    let Some(name) = text.strip_prefix(ALIAS_PREFIX) else {
        return false;
    };
    let is_allowed =
        |character: char| character.is_ascii_alphanumeric() || "_-/".contains(character);
    !name.is_empty() && text.len() <= MAX_ALIAS_CHARACTERS && name.chars().all(is_allowed)
}

impl Call<'_> {
    /// The key of a reference in the scope of the request.
    pub(crate) fn find_key(
        &self,
        store: &ReadTransaction,
        reference: &KeyReference,
    ) -> Result<(CmkId, Cmk), ApiError> {
        self.find_shared_key(store, reference, None)
    }

    /// The key of a reference. A key of another account in the region of the request is found by its ARN if its
    /// policy allows the account of the request to do `action`.
    pub(crate) fn find_shared_key(
        &self,
        store: &ReadTransaction,
        reference: &KeyReference,
        action: Option<&str>,
    ) -> Result<(CmkId, Cmk), ApiError> {
        let absent = match reference.alias() {
            None => &KEY_NOT_FOUND,
            Some(_) => &ALIAS_NOT_FOUND,
        };
        let found = self.locate(store, reference)?.ok_or(absent)?;
        if let Some(scope) = self.owner_of(reference) {
            let is_same_region = scope.region == self.scope.region;
            let Some(action) = action.filter(|_| is_same_region) else {
                return Err(absent.into());
            };
            let policy = store.cmk_policy(found.0)?.unwrap_or_default();
            if !policy::allows(&policy, &self.scope.account, action) {
                return Err(absent.into());
            }
        }
        Ok(found)
    }

    /// The key of a reference, also one of another account.
    pub(crate) fn locate(
        &self,
        store: &ReadTransaction,
        reference: &KeyReference,
    ) -> Result<Option<(CmkId, Cmk)>, ApiError> {
        let owner = self.owner_of(reference);
        Ok(reference.find_in(store, owner.as_ref().unwrap_or(&self.scope))?)
    }

    /// The same as [`Self::find_shared_key`] for a key that must be enabled.
    pub(crate) fn find_usable_key(
        &self,
        store: &ReadTransaction,
        reference: &KeyReference,
        action: &str,
    ) -> Result<(CmkId, Cmk), ApiError> {
        let (id, cmk) = self.find_shared_key(store, reference, Some(action))?;
        check_enabled(&cmk)?;
        Ok((id, cmk))
    }

    /// The scope of the key that a reference names, if it is not that of the request.
    pub(crate) fn owner_of(&self, reference: &KeyReference) -> Option<Scope> {
        let (region, account) = reference.region_and_account.as_ref()?;
        self.other_scope(region, account)
    }

    /// The alias in a reference to a key of the scope of the request.
    pub(crate) fn own_alias<'r>(&self, reference: &'r KeyReference) -> Option<&'r str> {
        let alias = reference.alias();
        alias.filter(|_| self.owner_of(reference).is_none())
    }

    /// The ARN of the key with this id that a reference names.
    pub(crate) fn key_arn(&self, reference: &KeyReference, key_id: &str) -> String {
        match &reference.region_and_account {
            Some((region, account)) => format!("acs:kms:{region}:{account}:key/{key_id}"),
            None => self.arn_of(&format!("key/{key_id}")),
        }
    }
}

/// The newest version of a key.
pub(crate) fn primary_version(store: &ReadTransaction, id: CmkId) -> Result<CmkVersion, ApiError> {
    let version = store.primary_version(id)?;
    version.ok_or_else(|| (&KEY_VERSION_NOT_FOUND).into())
}

/// Checks that a key can be used.
pub(crate) fn check_enabled(cmk: &Cmk) -> Result<(), ApiError> {
    match cmk.state {
        KeyState::Enabled => Ok(()),
        KeyState::Disabled => Err((&KEY_DISABLED).into()),
        KeyState::PendingDeletion { .. } => Err((&KEY_PENDING_DELETION).into()),
        KeyState::PendingImport => Err((&KEY_PENDING_IMPORT).into()),
    }
}

/// Checks that a key is not planned to be deleted.
pub(crate) fn check_kept(cmk: &Cmk) -> Result<(), ApiError> {
    match cmk.state {
        KeyState::PendingDeletion { .. } => Err((&KEY_PENDING_DELETION).into()),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_an_id_an_alias_or_an_arn() {
        let reference = |place: Option<(&str, &str)>, name| KeyReference {
            region_and_account: place
                .map(|(region, account)| (region.to_owned(), account.to_owned())),
            name,
        };
        let id = |text: &str| KeyName::Id(text.to_owned());
        let alias = |text: &str| KeyName::Alias(text.to_owned());
        let place = Some(("cn-hangzhou", "1234567890123456"));
        for (text, expected) in [
            (
                "key-hzz62f1cb66fa42qo0000",
                Some(reference(None, id("key-hzz62f1cb66fa42qo0000"))),
            ),
            (
                "alias/a/b_c-1",
                Some(reference(None, alias("alias/a/b_c-1"))),
            ),
            ("alias/", None),
            ("alias/a b", None),
            (
                "acs:kms:cn-hangzhou:1234567890123456:key/k",
                Some(reference(place, id("k"))),
            ),
            (
                "acs:kms:cn-hangzhou:1234567890123456:alias/k",
                Some(reference(place, alias("alias/k"))),
            ),
            ("acs:kms:cn-hangzhou:1234567890123456:secret/k", None),
            ("acs:kms:cn-hangzhou:1234567890123456:key/", None),
            ("acs:kms:cn-hangzhou", None),
        ] {
            assert_eq!(KeyReference::parse(text), expected, "{text}");
        }
        assert!(is_alias(&format!("alias/{}", "a".repeat(249))));
        assert!(!is_alias(&format!("alias/{}", "a".repeat(250))));
        assert!(KeyReference::parse(&"k".repeat(193)).is_none());
    }
}
