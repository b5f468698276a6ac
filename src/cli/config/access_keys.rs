//! The values of `--access-key` and `--rsa-key`.

use std::path::Path;

use super::error::{ConfigError, invalid};
use super::secrets;
use crate::clouds::auth::credentials::Credentials;
use crate::clouds::auth::rsa_key::RsaPublicKey;
use crate::model::{SecretKey, is_account};

/// The first access key, which clients sign with.
pub(super) fn first_key(access_keys: &[String]) -> (String, SecretKey) {
    let first = access_keys.iter().find(|key| !key.is_empty());
    let mut parts = first.map_or("test:test", String::as_str).splitn(3, ':');
    let mut part = || parts.next().unwrap_or_default();
    (part().to_owned(), SecretKey::new(part()))
}

/// Checks the values of `--access-key` and `--rsa-key`, and reads the files of the latter.
pub(super) fn credentials(
    access_keys: &[String],
    rsa_keys: &[String],
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
            Some((secret, account)) => (secret, Some(account)),
            None => (rest, None),
        };
        if id.is_empty() || secret.is_empty() {
            return Err(wrong("an access key has an id and a secret"));
        }
        let account = checked(id, account, &credentials).map_err(|reason| wrong(&reason))?;
        credentials.add(id, SecretKey::new(secret), account);
    }
    for key in rsa_keys.iter().filter(|key| !key.is_empty()) {
        let wrong = |reason: &str| invalid("--rsa-key", "KMS_EMULATOR_RSA_KEYS", reason);
        let (id, file, account) =
            split(key).ok_or_else(|| wrong("an RSA key is ID:FILE or ID:FILE:ACCOUNT"))?;
        let account = checked(id, account, &credentials).map_err(|reason| wrong(&reason))?;
        let text = secrets::read_file(Path::new(file))
            .map_err(|error| wrong(&format!("`{file}`: {error}")))?;
        let key =
            RsaPublicKey::from_pem(&text).map_err(|error| wrong(&format!("`{file}`: {error}")))?;
        credentials.add_rsa(id, key, account);
    }
    Ok(credentials)
}

/// Splits `ID:FILE` or `ID:FILE:ACCOUNT`. The path may have colons, unless digits follow the last one.
fn split(key: &str) -> Option<(&str, &str, Option<&str>)> {
    let (id, rest) = key.split_once(':')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (file, account) = match rest.rsplit_once(':') {
        Some((file, account)) if is_number(account) => (file, Some(account)),
        _ => (rest, None),
    };
    (!id.is_empty() && !file.is_empty()).then_some((id, file, account))
}

/// Checks the account of a key, and that the key is new.
fn checked(
    id: &str,
    account: Option<&str>,
    credentials: &Credentials,
) -> Result<Option<String>, String> {
    if account.is_some_and(|account| !is_account(account)) {
        return Err(format!(
            "the account of access key `{id}` is not a number of 16 digits"
        ));
    }
    if credentials.keys().get(id).is_some() {
        return Err(format!("access key `{id}` is given twice"));
    }
    Ok(account.map(str::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_rsa_key_has_an_id_a_file_and_perhaps_an_account() {
        for (text, expected) in [
            ("id:key.pem", Some(("id", "key.pem", None))),
            (
                "id:/a/key.pem:2000000000000000",
                Some(("id", "/a/key.pem", Some("2000000000000000"))),
            ),
            ("id:/a:b/key.pem", Some(("id", "/a:b/key.pem", None))),
            ("id:key.pem:12", Some(("id", "key.pem", Some("12")))),
            ("id", None),
            ("id:", None),
            (":key.pem", None),
            ("id::12", None),
        ] {
            assert_eq!(split(text), expected, "{text}");
        }
    }
}
