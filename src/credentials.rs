//! Access keys: who may sign, with which secret, for which account.

use std::collections::HashMap;
use std::fmt;

/// The secret half of an access key. It has no way to be printed.
#[derive(Clone)]
pub struct SecretKey(String);

impl SecretKey {
    /// Wraps `secret`.
    #[must_use]
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
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

/// The configured access keys and the account of everybody else.
#[derive(Debug, Clone)]
pub struct Credentials {
    default_account: String,
    keys: HashMap<String, AccessKey>,
}

impl Credentials {
    /// No keys yet; `default_account` serves whoever cannot be told apart.
    #[must_use]
    pub fn new(default_account: impl Into<String>) -> Self {
        Self {
            default_account: default_account.into(),
            keys: HashMap::new(),
        }
    }

    /// Adds a key for `account`, or for the default account.
    pub fn add(&mut self, access_key_id: String, secret: SecretKey, account: Option<String>) {
        let account = account.unwrap_or_else(|| self.default_account.clone());
        self.keys
            .insert(access_key_id, AccessKey { secret, account });
    }

    /// The configured key of this id.
    #[must_use]
    pub fn key(&self, access_key_id: &str) -> Option<&AccessKey> {
        self.keys.get(access_key_id)
    }

    /// The account that a request with this access key id works on: the configured key's; for an
    /// unconfigured id that looks like an account number, that account, so that parallel tests
    /// get worlds of their own for the asking; otherwise the default one.
    #[must_use]
    pub fn account_of<'a>(&'a self, access_key_id: Option<&'a str>) -> &'a str {
        match access_key_id {
            Some(id) => match self.keys.get(id) {
                Some(key) => &key.account,
                None if is_account(id) => id,
                None => &self.default_account,
            },
            None => &self.default_account,
        }
    }
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
        let mut credentials = Credentials::new("1000000000000000");
        credentials.add("plain".into(), SecretKey::new("s"), None);
        credentials.add(
            "own".into(),
            SecretKey::new("s"),
            Some("2000000000000000".into()),
        );
        credentials.add("3000000000000000".into(), SecretKey::new("s"), None);
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
        let mut credentials = Credentials::new("1000000000000000");
        credentials.add("id".into(), SecretKey::new("hunter2"), None);
        assert!(!format!("{credentials:?}").contains("hunter2"));
    }
}
