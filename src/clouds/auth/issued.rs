//! Temporary access keys that the server issued: for a role, or as the credentials of a metadata service.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SubsecRound, Utc};
use rand::Rng;
use rand::distr::{Alphanumeric, SampleString};

use super::credentials::{AccessKey, VerificationKey};
use super::policy::Policy;
use crate::clouds::digest;
use crate::model::{Cloud, SecretKey};

/// The maximum number of issued keys, which take about 7 MB. The oldest are discarded first.
const CAPACITY: usize = 10_000;

/// The length of an access key secret.
const SECRET_LENGTH: usize = 40;

/// The number of random bytes in a security token. It is not divisible by three, so that the token ends with
/// `=`: clients must encode it.
const TOKEN_BYTES: usize = 97;

/// The length of the random part of a key id.
const ID_LENGTH: usize = 19;

/// The part of a temporary key that permanent keys lack.
#[derive(Debug, Clone)]
pub struct Session {
    /// The cloud that issued the key. The key is not valid on the other one.
    pub cloud: Cloud,
    /// The token that requests must carry in addition to the signature.
    pub security_token: SecretKey,
    /// When the key expires, by the clock of its account.
    pub expires_at: DateTime<Utc>,
    /// The caller that the key authenticates.
    pub principal: Principal,
    /// The restrictions of its requests.
    pub restrictions: Restrictions,
}

/// The restrictions of the requests with a temporary key, in addition to the policies of its role.
#[derive(Debug, Clone, Default)]
pub struct Restrictions {
    /// The policy in the request that issued the key, which must allow them too.
    pub policy: Option<Arc<Policy>>,
    /// For a federated user: the permanent key that issued the key, whose policies apply.
    pub access_key_id: Option<String>,
}

/// The caller that a temporary key authenticates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The resource name of the session, as the cloud writes it.
    pub arn: String,
    /// The id of the session: the id of the role, and the name of the session.
    pub id: String,
    /// The resource name of the role.
    pub role: String,
    /// The account of the caller that the key was issued to.
    pub requester: String,
}

/// Why a request with a temporary key is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SessionError {
    /// It has no security token.
    MissingToken,
    /// It has the token of another key.
    WrongToken,
    /// The key has expired.
    Expired,
}

impl Session {
    /// Checks the security token of a request, and the time.
    ///
    /// # Errors
    ///
    /// For another token than that of the key, and after the key has expired.
    pub(crate) fn check(
        &self,
        security_token: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<(), SessionError> {
        let token = security_token.ok_or(SessionError::MissingToken)?;
        if !digest::equal(token, self.security_token.expose()) {
            return Err(SessionError::WrongToken);
        }
        if self.expires_at <= now {
            return Err(SessionError::Expired);
        }
        Ok(())
    }
}

/// A new temporary key, for the reply to a client.
#[derive(Debug, Clone)]
pub struct IssuedKey {
    /// The key id.
    pub access_key_id: String,
    /// The secret.
    pub secret: SecretKey,
    /// The token to send with requests.
    pub security_token: SecretKey,
    /// When the key expires, by the clock of its account.
    pub expires_at: DateTime<Utc>,
}

/// The temporary keys, in bounded memory. Expired keys are kept, because the clock may be set back.
#[derive(Debug, Default)]
pub(super) struct IssuedKeys {
    keys: RwLock<Issued>,
}

#[derive(Debug, Default)]
struct Issued {
    by_id: HashMap<String, Arc<AccessKey>>,
    in_order: VecDeque<String>,
}

impl IssuedKeys {
    /// Issues a key. Replies have the end of its lifetime in whole seconds, so it ends at a whole second.
    pub(super) fn issue(
        &self,
        cloud: Cloud,
        account: &str,
        principal: Principal,
        expires_at: DateTime<Utc>,
        restrictions: Restrictions,
    ) -> IssuedKey {
        let expires_at = expires_at.trunc_subsecs(0);
        let mut random = rand::rng();
        let mut token = [0; TOKEN_BYTES];
        random.fill_bytes(&mut token);
        let issued = IssuedKey {
            access_key_id: format!(
                "{}{}",
                prefix(cloud),
                Alphanumeric.sample_string(&mut random, ID_LENGTH)
            ),
            secret: SecretKey::new(Alphanumeric.sample_string(&mut random, SECRET_LENGTH)),
            security_token: SecretKey::new(STANDARD.encode(token)),
            expires_at,
        };
        let key = AccessKey {
            key: VerificationKey::Secret(issued.secret.clone()),
            account: account.to_owned(),
            session: Some(Session {
                cloud,
                security_token: issued.security_token.clone(),
                expires_at,
                principal,
                restrictions,
            }),
        };
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        if keys.in_order.len() >= CAPACITY
            && let Some(oldest) = keys.in_order.pop_front()
        {
            keys.by_id.remove(&oldest);
        }
        keys.in_order.push_back(issued.access_key_id.clone());
        keys.by_id
            .insert(issued.access_key_id.clone(), Arc::new(key));
        issued
    }

    pub(super) fn get(&self, access_key_id: &str) -> Option<Arc<AccessKey>> {
        if !is_of_form(access_key_id) {
            return None;
        }
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.by_id.get(access_key_id).cloned()
    }

    /// Removes keys of a cloud and an account, or of all.
    pub(super) fn revoke(&self, cloud: Option<Cloud>, account: Option<&str>) {
        let is_kept = |key: &AccessKey| {
            let issuer = key.session.as_ref().map(|session| session.cloud);
            cloud.is_some() && cloud != issuer
                || account.is_some_and(|account| account != key.account)
        };
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        let Issued { by_id, in_order } = &mut *keys;
        by_id.retain(|_, key| is_kept(key));
        in_order.retain(|id| by_id.contains_key(id));
    }
}

/// The beginning of the ids of temporary keys. The letters after the vendor's own prefix distinguish them from
/// keys that a client made up.
fn prefix(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Alibaba => "STS.NTemu",
        Cloud::Tencent => "AKIDTemu",
    }
}

/// Whether an access key id has the form of an issued key's. Such a key is rejected if it does not exist, in
/// every mode, so that a client whose key was revoked does not use another account.
pub(super) fn is_of_form(access_key_id: &str) -> bool {
    [Cloud::Alibaba, Cloud::Tencent].into_iter().any(|cloud| {
        let random = access_key_id.strip_prefix(prefix(cloud));
        random.is_some_and(|random| {
            random.len() == ID_LENGTH && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
    })
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    fn principal() -> Principal {
        Principal {
            arn: "acs:ram::1000000000000000:assumed-role/reader/test".to_owned(),
            id: "300000000000000001:test".to_owned(),
            role: "acs:ram::1000000000000000:role/reader".to_owned(),
            requester: "1000000000000000".to_owned(),
        }
    }

    fn issue(keys: &IssuedKeys, cloud: Cloud, account: &str) -> IssuedKey {
        let expires_at = DateTime::UNIX_EPOCH + TimeDelta::hours(1);
        keys.issue(
            cloud,
            account,
            principal(),
            expires_at,
            Restrictions::default(),
        )
    }

    #[test]
    fn issued_key_is_found_with_its_account() {
        let keys = IssuedKeys::default();
        for cloud in [Cloud::Alibaba, Cloud::Tencent] {
            let issued = issue(&keys, cloud, "1000000000000000");
            assert!(is_of_form(&issued.access_key_id));
            let key = keys.get(&issued.access_key_id).unwrap();
            assert_eq!(key.account, "1000000000000000");
            assert_eq!(key.session.as_ref().unwrap().cloud, cloud);
            assert_eq!(key.secret().unwrap().expose(), issued.secret.expose());
        }
        let other = issue(&IssuedKeys::default(), Cloud::Alibaba, "1").access_key_id;
        assert!(keys.get(&other).is_none());
    }

    #[test]
    fn only_ids_of_the_form_of_issued_keys_are_of_that_form() {
        for id in [
            "STS.NUgYrLnoC63mHtFkUL5MeF8r",
            "STS.NTemu",
            "STS.NTemu012345678901234567",
            "STS.NTemu01234567890123456789",
            "STS.NTemu01234567890123456-8",
            "AKIDTemu",
            "STS.id",
            "",
        ] {
            assert!(!is_of_form(id), "{id}");
        }
    }

    #[test]
    fn a_request_needs_the_token_of_its_key_until_the_key_expires() {
        let keys = IssuedKeys::default();
        let issued = issue(&keys, Cloud::Alibaba, "1");
        let key = keys.get(&issued.access_key_id).unwrap();
        let session = key.session.as_ref().unwrap();
        let other = issue(&keys, Cloud::Alibaba, "1");
        let right = Some(issued.security_token.expose());
        let before = issued.expires_at - TimeDelta::seconds(1);
        for (token, now, result) in [
            (right, before, Ok(())),
            (right, issued.expires_at, Err(SessionError::Expired)),
            (None, before, Err(SessionError::MissingToken)),
            (
                Some(other.security_token.expose()),
                before,
                Err(SessionError::WrongToken),
            ),
        ] {
            assert_eq!(session.check(token, now), result);
        }
    }

    #[test]
    fn a_key_expires_at_a_whole_second() {
        let keys = IssuedKeys::default();
        let end = DateTime::UNIX_EPOCH + TimeDelta::hours(1);
        let asked = end + TimeDelta::milliseconds(999);
        let issued = keys.issue(
            Cloud::Alibaba,
            "1",
            principal(),
            asked,
            Restrictions::default(),
        );
        assert_eq!(issued.expires_at, end);
        let key = keys.get(&issued.access_key_id).unwrap();
        let token = Some(issued.security_token.expose());
        let checked = key.session.as_ref().unwrap().check(token, end);
        assert_eq!(checked, Err(SessionError::Expired));
    }

    #[test]
    fn oldest_keys_are_discarded_at_the_limit() {
        let keys = IssuedKeys::default();
        let first = issue(&keys, Cloud::Alibaba, "1").access_key_id;
        let second = issue(&keys, Cloud::Alibaba, "1").access_key_id;
        for _ in 2..=CAPACITY {
            issue(&keys, Cloud::Alibaba, "1");
        }
        assert!(keys.get(&first).is_none());
        assert!(keys.get(&second).is_some());
        let keys = keys.keys.read().unwrap();
        assert_eq!(
            (keys.by_id.len(), keys.in_order.len()),
            (CAPACITY, CAPACITY)
        );
    }

    #[test]
    fn keys_of_a_cloud_and_account_are_revoked() {
        for (cloud, account, kept) in [
            (None, None, [false, false, false]),
            (Some(Cloud::Alibaba), None, [false, false, true]),
            (None, Some("2"), [true, false, true]),
            (Some(Cloud::Tencent), Some("2"), [true, true, true]),
        ] {
            let keys = IssuedKeys::default();
            let ids = [
                issue(&keys, Cloud::Alibaba, "1").access_key_id,
                issue(&keys, Cloud::Alibaba, "2").access_key_id,
                issue(&keys, Cloud::Tencent, "1").access_key_id,
            ];
            keys.revoke(cloud, account);
            assert_eq!(
                ids.map(|id| keys.get(&id).is_some()),
                kept,
                "{cloud:?} {account:?}"
            );
            assert_eq!(
                keys.keys.read().unwrap().in_order.len(),
                kept.iter().filter(|kept| **kept).count()
            );
        }
    }

    #[test]
    fn secret_and_token_are_not_printed() {
        let keys = IssuedKeys::default();
        let issued = issue(&keys, Cloud::Alibaba, "1");
        let printed = format!("{keys:?} {issued:?}");
        assert!(!printed.contains(issued.secret.expose()));
        assert!(!printed.contains(issued.security_token.expose()));
    }
}
