//! Access keys with their secrets and accounts.

use std::collections::{HashMap, VecDeque};
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::{ArcSwap, Guard};
use chrono::{DateTime, SecondsFormat, Utc};

use super::issued::{IssuedKey, IssuedKeys, Principal, Restrictions, Session};
use super::oidc::Issuers;
use super::policy::Policies;
use super::rsa_key::RsaPublicKey;
use crate::clouds::hint::Hint;
use crate::model::{Cloud, SecretKey, is_account};

/// An access key.
#[derive(Debug, Clone)]
pub struct AccessKey {
    /// The key that signatures are verified with.
    pub key: VerificationKey,
    /// The account: 16 digits.
    pub account: String,
    /// The session of a temporary key.
    pub session: Option<Session>,
}

/// The key that the signatures of an access key are verified with.
#[derive(Debug, Clone)]
pub enum VerificationKey {
    /// A secret, which the client has too.
    Secret(SecretKey),
    /// The public key of a client with a private key.
    Rsa(RsaPublicKey),
}

impl AccessKey {
    /// The secret, if the key has one.
    #[must_use]
    pub fn secret(&self) -> Option<&SecretKey> {
        match &self.key {
            VerificationKey::Secret(secret) => Some(secret),
            VerificationKey::Rsa(_) => None,
        }
    }
}

/// The access keys and the default account. Keys are added and removed while requests are served.
#[derive(Debug)]
pub struct Credentials {
    default_account: String,
    /// The configured keys and those of tenants. Read by every request and rarely changed.
    keys: ArcSwap<HashMap<String, AccessKey>>,
    issued: IssuedKeys,
    oidc_issuers: Issuers,
    policies: Policies,
    /// The accounts of the last removed tenants, the latest at the end.
    removed_tenants: Mutex<VecDeque<(String, Removal)>>,
}

/// The maximum number of removed tenants that are kept for explanations.
const MAX_REMOVED_TENANTS: usize = 500;

/// The reason and time of a tenant's removal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Removal {
    /// It expired.
    Expired(DateTime<Utc>),
    /// A client deleted it.
    Deleted(DateTime<Utc>),
}

/// The access keys at one time.
pub struct Keys<'c> {
    permanent: Guard<Arc<HashMap<String, AccessKey>>>,
    issued: &'c IssuedKeys,
}

/// An access key that was found.
pub enum FoundKey<'k> {
    /// A configured key, or the key of a tenant.
    Permanent(&'k AccessKey),
    /// A temporary key.
    Issued(Arc<AccessKey>),
}

impl Deref for FoundKey<'_> {
    type Target = AccessKey;

    fn deref(&self) -> &AccessKey {
        match self {
            Self::Permanent(key) => key,
            Self::Issued(key) => key,
        }
    }
}

impl Keys<'_> {
    /// The key with this id.
    #[must_use]
    pub fn get(&self, access_key_id: &str) -> Option<FoundKey<'_>> {
        let permanent = self.permanent.get(access_key_id);
        let issued = || self.issued.get(access_key_id).map(FoundKey::Issued);
        permanent.map(FoundKey::Permanent).or_else(issued)
    }
}

impl Credentials {
    /// No keys; `default_account` is the account of requests without a known key.
    #[must_use]
    pub fn new(default_account: impl Into<String>) -> Self {
        Self {
            default_account: default_account.into(),
            keys: ArcSwap::default(),
            issued: IssuedKeys::default(),
            oidc_issuers: Issuers::default(),
            policies: Policies::default(),
            removed_tenants: Mutex::default(),
        }
    }

    /// Adds a key with a secret for `account`, or for the default account.
    pub fn add(&self, access_key_id: &str, secret: SecretKey, account: Option<String>) {
        self.insert(access_key_id, VerificationKey::Secret(secret), account);
    }

    /// Adds an RSA public key for `account`, or for the default account.
    pub fn add_rsa(&self, access_key_id: &str, key: RsaPublicKey, account: Option<String>) {
        self.insert(access_key_id, VerificationKey::Rsa(key), account);
    }

    fn insert(&self, access_key_id: &str, key: VerificationKey, account: Option<String>) {
        let account = account.unwrap_or_else(|| self.default_account.clone());
        let key = AccessKey {
            key,
            account,
            session: None,
        };
        self.keys.rcu(|keys| {
            let mut keys = HashMap::clone(keys);
            keys.insert(access_key_id.to_owned(), key.clone());
            keys
        });
    }

    /// Accepts only tokens of these issuers.
    pub fn set_oidc_issuers(&mut self, issuers: Issuers) {
        self.oidc_issuers = issuers;
    }

    /// The issuers whose tokens are exchanged for temporary keys.
    #[must_use]
    pub fn oidc_issuers(&self) -> &Issuers {
        &self.oidc_issuers
    }

    /// Issues a temporary key of a cloud for an account.
    pub fn issue(
        &self,
        cloud: Cloud,
        account: &str,
        principal: Principal,
        expires_at: DateTime<Utc>,
    ) -> IssuedKey {
        self.issue_restricted(
            cloud,
            account,
            principal,
            expires_at,
            Restrictions::default(),
        )
    }

    /// Issues a temporary key with restrictions.
    pub fn issue_restricted(
        &self,
        cloud: Cloud,
        account: &str,
        principal: Principal,
        expires_at: DateTime<Utc>,
        restrictions: Restrictions,
    ) -> IssuedKey {
        if restrictions.policy.is_some() {
            self.policies.note_session_policy();
        }
        self.issued
            .issue(cloud, account, principal, expires_at, restrictions)
    }

    /// The policies of access keys, roles and accounts.
    #[must_use]
    pub fn policies(&self) -> &Policies {
        &self.policies
    }

    /// Revokes the temporary keys of a cloud and an account, each of them or all.
    pub fn revoke_issued(&self, cloud: Option<Cloud>, account: Option<&str>) {
        self.issued.revoke(cloud, account);
    }

    /// Removes the keys of a tenant's account, and records the reason.
    pub fn remove_tenant(&self, account: &str, removal: Removal) {
        self.revoke_issued(None, Some(account));
        self.policies.remove_account(account, |id| {
            self.keys()
                .get(id)
                .is_some_and(|key| key.account == account)
        });
        self.keys.rcu(|keys| {
            let mut keys = HashMap::clone(keys);
            keys.retain(|_, key| key.account != account);
            keys
        });
        let mut removed = self.removed_tenants();
        if removed.len() >= MAX_REMOVED_TENANTS {
            removed.pop_front();
        }
        removed.push_back((account.to_owned(), removal));
    }

    /// The reason why the key of a tenant is unknown; `None` for a known key and for a key that does not
    /// belong to a tenant.
    #[must_use]
    pub fn explain_unknown_tenant(&self, access_key_id: &str) -> Option<Hint> {
        let account = access_key_id.strip_prefix(TENANT_PREFIX)?;
        if !is_account(account) || self.keys().get(access_key_id).is_some() {
            return None;
        }
        let removed = self.removed_tenants();
        let removal = removed.iter().rev().find(|(known, _)| known == account);
        let time = |time: &DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
        let access_key_id = access_key_id.to_owned();
        Some(match removal.map(|(_, removal)| removal) {
            Some(Removal::Expired(at)) => Hint::TenantExpired {
                access_key_id,
                time: time(at),
            },
            Some(Removal::Deleted(at)) => Hint::TenantDeleted {
                access_key_id,
                time: time(at),
            },
            None => Hint::TenantUnknown { access_key_id },
        })
    }

    fn removed_tenants(&self) -> std::sync::MutexGuard<'_, VecDeque<(String, Removal)>> {
        self.removed_tenants
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The current access keys.
    #[must_use]
    pub fn keys(&self) -> Keys<'_> {
        Keys {
            permanent: self.keys.load(),
            issued: &self.issued,
        }
    }

    /// The permanent access key of an account, with its secret; the first by name if there are several.
    #[must_use]
    pub fn key_of(&self, account: &str) -> Option<(String, SecretKey)> {
        let keys = self.keys.load();
        let of_account = keys.iter().filter(|(_, key)| key.account == account);
        let with_secret = of_account.filter_map(|(id, key)| Some((id, key.secret()?)));
        let (id, secret) = with_secret.min_by_key(|(id, _)| *id)?;
        Some((id.clone(), secret.clone()))
    }

    /// The permanent access keys with their ids, sorted by account and id.
    #[must_use]
    pub fn all(&self) -> Vec<(String, AccessKey)> {
        let keys = self.keys.load();
        let mut all: Vec<_> = keys
            .iter()
            .map(|(id, key)| (id.clone(), key.clone()))
            .collect();
        all.sort_unstable_by(|(id, key), (other_id, other)| {
            (&key.account, id).cmp(&(&other.account, other_id))
        });
        all
    }

    /// The default account.
    #[must_use]
    pub fn default_account(&self) -> &str {
        &self.default_account
    }

    /// The account of a request: that of a known key; for an unknown id that has the form of an account
    /// number, that account, so that parallel tests can have their own accounts; otherwise the default
    /// account.
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

/// The prefix of a tenant's access key id, before the account number.
const TENANT_PREFIX: &str = "LTAItenant";

/// The access key id of the tenant with this account.
#[must_use]
pub fn tenant_key_id(account: &str) -> String {
    format!("{TENANT_PREFIX}{account}")
}

/// Whether an access key id has the form of a tenant's. Such a key is rejected if the tenant does not exist,
/// in every mode, so that a deleted tenant's client does not use another account.
#[must_use]
pub fn is_of_a_tenant(access_key_id: &str) -> bool {
    access_key_id
        .strip_prefix(TENANT_PREFIX)
        .is_some_and(is_account)
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
    fn access_key_chooses_the_account() {
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
    fn number_of_removed_tenants_kept_is_bounded() {
        let credentials = credentials();
        let account = |number: usize| format!("{:016}", 9_000_000_000_000_000 + number);
        let explain =
            |number: usize| credentials.explain_unknown_tenant(&tenant_key_id(&account(number)));
        credentials.add(&tenant_key_id(&account(0)), SecretKey::new("s"), None);
        assert_eq!(explain(0), None);
        for other in ["unknown", "4000000000000000", "LTAItenant1", ""] {
            assert_eq!(credentials.explain_unknown_tenant(other), None, "{other}");
        }
        let at = DateTime::UNIX_EPOCH;
        credentials.remove_tenant(&account(1), Removal::Deleted(at));
        let access_key_id = |number: usize| tenant_key_id(&account(number));
        let time = || "1970-01-01T00:00:00Z".to_owned();
        assert_eq!(
            explain(1),
            Some(Hint::TenantDeleted {
                access_key_id: access_key_id(1),
                time: time()
            })
        );
        for number in 2..MAX_REMOVED_TENANTS + 2 {
            credentials.remove_tenant(&account(number), Removal::Expired(at));
        }
        assert_eq!(credentials.removed_tenants().len(), MAX_REMOVED_TENANTS);
        assert_eq!(
            explain(2),
            Some(Hint::TenantExpired {
                access_key_id: access_key_id(2),
                time: time()
            })
        );
        assert_eq!(
            explain(1),
            Some(Hint::TenantUnknown {
                access_key_id: access_key_id(1)
            })
        );
    }

    #[test]
    fn secret_key_is_not_printed() {
        let credentials = Credentials::new("1000000000000000");
        credentials.add("id", SecretKey::new("hunter2"), None);
        assert!(!format!("{credentials:?}").contains("hunter2"));
    }
}
