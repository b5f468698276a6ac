//! Access keys: who may sign, with which secret, for which account.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};

/// The secret half of an access key. It has no way to be printed.
#[derive(Clone)]
pub struct SecretKey(String);

impl SecretKey {
    /// Wraps `secret`.
    #[must_use]
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    /// Whether it is the one that anybody can guess, since servers have it unless told otherwise.
    #[must_use]
    pub fn is_well_known(&self) -> bool {
        self.0 == "test"
    }

    /// The secret, for a signature to be made with.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

/// A configured access key.
#[derive(Debug, Clone)]
pub struct AccessKey {
    /// Its secret half.
    pub secret: SecretKey,
    /// The account it acts for: 16 digits.
    pub account: String,
}

/// The access keys and the account of everybody else. Keys come and go while requests are served.
#[derive(Debug)]
pub struct Credentials {
    default_account: String,
    /// Read by every request, and changed seldom.
    keys: ArcSwap<HashMap<String, AccessKey>>,
}

/// The access keys of a moment.
pub struct Keys(Guard<Arc<HashMap<String, AccessKey>>>);

impl Keys {
    /// The key of this id.
    #[must_use]
    pub fn get(&self, access_key_id: &str) -> Option<&AccessKey> {
        self.0.get(access_key_id)
    }
}

impl Credentials {
    /// No keys yet; `default_account` serves whoever cannot be told apart.
    #[must_use]
    pub fn new(default_account: impl Into<String>) -> Self {
        Self {
            default_account: default_account.into(),
            keys: ArcSwap::default(),
        }
    }

    /// Adds a key for `account`, or for the default account.
    pub fn add(&self, access_key_id: &str, secret: SecretKey, account: Option<String>) {
        let account = account.unwrap_or_else(|| self.default_account.clone());
        let key = AccessKey { secret, account };
        self.keys.rcu(|keys| {
            let mut keys = HashMap::clone(keys);
            keys.insert(access_key_id.to_owned(), key.clone());
            keys
        });
    }

    /// Removes the keys of an account.
    pub fn remove_account(&self, account: &str) {
        self.keys.rcu(|keys| {
            let mut keys = HashMap::clone(keys);
            keys.retain(|_, key| key.account != account);
            keys
        });
    }

    /// The access keys as they are now.
    #[must_use]
    pub fn keys(&self) -> Keys {
        Keys(self.keys.load())
    }

    /// An access key id that signs for an account, with its secret: the first by name.
    #[must_use]
    pub fn key_of(&self, account: &str) -> Option<(String, SecretKey)> {
        let keys = self.keys();
        let of_account = keys.0.iter().filter(|(_, key)| key.account == account);
        let (id, key) = of_account.min_by_key(|(id, _)| *id)?;
        Some((id.clone(), key.secret.clone()))
    }

    /// The ids of the known access keys with their accounts, sorted by account.
    #[must_use]
    pub fn accounts(&self) -> Vec<(String, String)> {
        let keys = self.keys();
        let pairs = keys.0.iter();
        let mut pairs: Vec<_> = pairs
            .map(|(id, key)| (key.account.clone(), id.clone()))
            .collect();
        pairs.sort_unstable();
        pairs
    }

    /// The account of requests that name none.
    #[must_use]
    pub fn default_account(&self) -> &str {
        &self.default_account
    }

    /// The account that a request with this access key id works on: the known key's; for an
    /// unknown id that looks like an account number, that account, so that parallel tests
    /// get worlds of their own for the asking; otherwise the default one.
    #[must_use]
    pub fn account_of(&self, access_key_id: Option<&str>) -> String {
        match access_key_id {
            Some(id) => match self.keys().get(id) {
                Some(key) => key.account.clone(),
                None if is_account(id) => id.to_owned(),
                None => self.default_account.clone(),
            },
            None => self.default_account.clone(),
        }
    }
}

/// What the access key id of a tenant begins with; the tenant's account follows.
const TENANT_PREFIX: &str = "LTAItenant";

/// The access key id of the tenant that has this account.
#[must_use]
pub fn tenant_key_id(account: &str) -> String {
    format!("{TENANT_PREFIX}{account}")
}

/// Whether an access key id is that of a tenant, there or dropped. Nobody else's account is a
/// dropped tenant's to work on, however leniently keys are checked.
#[must_use]
pub fn is_of_a_tenant(access_key_id: &str) -> bool {
    access_key_id
        .strip_prefix(TENANT_PREFIX)
        .is_some_and(is_account)
}

/// Whether `text` is an account number: 16 decimal digits.
#[must_use]
pub fn is_account(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials() -> Credentials {
        let credentials = Credentials::new("1000000000000000");
        credentials.add("plain", SecretKey::new("s"), None);
        credentials.add("own", SecretKey::new("s"), Some("2000000000000000".into()));
        credentials.add("3000000000000000", SecretKey::new("s"), None);
        credentials
    }

    #[test]
    fn an_access_key_chooses_the_account() {
        let credentials = credentials();
        for (id, account) in [
            (None, "1000000000000000"),
            (Some("plain"), "1000000000000000"),
            (Some("own"), "2000000000000000"),
            (Some("unknown"), "1000000000000000"),
            (Some("4000000000000000"), "4000000000000000"),
            (Some("3000000000000000"), "1000000000000000"),
            (Some("400000000000000"), "1000000000000000"),
            (Some("４000000000000"), "1000000000000000"),
        ] {
            assert_eq!(credentials.account_of(id), account, "{id:?}");
        }
    }

    #[test]
    fn a_secret_key_cannot_be_printed() {
        let credentials = Credentials::new("1000000000000000");
        credentials.add("id", SecretKey::new("hunter2"), None);
        assert!(!format!("{credentials:?}").contains("hunter2"));
    }
}
