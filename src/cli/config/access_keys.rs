//! The values of `--access-key`.

use super::error::{ConfigError, invalid};
use crate::clouds::auth::credentials::Credentials;
use crate::model::{SecretKey, is_account};

/// The first access key, which clients sign with.
pub(super) fn first_key(access_keys: &[String]) -> (String, SecretKey) {
    let first = access_keys.iter().find(|key| !key.is_empty());
    let mut parts = first.map_or("test:test", String::as_str).splitn(3, ':');
    let mut part = || parts.next().unwrap_or_default();
    (part().to_owned(), SecretKey::new(part()))
}

/// Checks the values of `--access-key`.
pub(super) fn credentials(
    access_keys: &[String],
    default_account: &str,
) -> Result<Credentials, ConfigError> {
    let credentials = Credentials::new(default_account);
    let given: Vec<_> = access_keys
        .iter()
        .map(String::as_str)
        .filter(|key| !key.is_empty())
        .collect();
    for key in if given.is_empty() {
        vec!["test:test"]
    } else {
        given
    } {
        let wrong = |reason: &str| invalid("--access-key", "KMS_EMULATOR_ACCESS_KEYS", reason);
        let (id, rest) = key
            .split_once(':')
            .ok_or_else(|| wrong("an access key is ID:SECRET or ID:SECRET:ACCOUNT"))?;
        let (secret, account) = match rest.split_once(':') {
            Some((secret, account)) => (secret, Some(account.to_owned())),
            None => (rest, None),
        };
        if id.is_empty() || secret.is_empty() {
            return Err(wrong("an access key has an id and a secret"));
        }
        if account
            .as_deref()
            .is_some_and(|account| !is_account(account))
        {
            return Err(wrong(&format!(
                "the account of access key `{id}` is not a number of 16 digits"
            )));
        }
        if credentials.keys().get(id).is_some() {
            return Err(wrong(&format!("access key `{id}` is given twice")));
        }
        credentials.add(id, SecretKey::new(secret), account);
    }
    Ok(credentials)
}
