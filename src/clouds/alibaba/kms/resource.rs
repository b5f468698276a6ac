//! References to secrets, by name or ARN.

use std::collections::BTreeMap;

use crate::clouds::alibaba::kms::errors::IN_DELETE_PERIOD;
use crate::clouds::alibaba::kms::policy;
use crate::clouds::alibaba::rpc::error::{ApiError, ErrorDescription};
use crate::clouds::alibaba::rpc::parameter::{Parsed, Required, TextRule};
use crate::clouds::alibaba::rpc::protocol::Call;
use crate::clouds::alibaba::rpc::request::Request;
use crate::clouds::hint::Hint;
use crate::model::{Scope, Secret, State};
use crate::store::{ReadTransaction, SecretId};

const MAX_NAME_CHARACTERS: usize = 192;

/// The rule for the name of a new secret, and for names in filters: the page of `ListSecrets` itself
/// filters by `$Val1`. Fixtures may have other names.
pub(super) const NAME_RULE: TextRule = TextRule::Plain(MAX_NAME_CHARACTERS, "_/+=.@-$");

/// The name or ARN of an existing secret. The vendor's pages of 2026-01 allow both in every operation
/// on one secret, except for those on tags.
pub(super) const SECRET_NAME_OR_ARN: Required<Parsed<SecretReference>> = Required(Parsed {
    name: "SecretName",
    rule: "a name, or `acs:kms:<region>:<account>:secret/<name>`",
    help: "The name or the ARN of the secret.",
    parse: SecretReference::parse,
});

/// A reference to a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SecretReference {
    /// Region and account of an ARN.
    region_and_account: Option<(String, String)>,
    name: String,
}

impl SecretReference {
    /// The name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The ARN. `scope` has the region and account of a reference without them.
    pub(super) fn arn(&self, scope: &Scope) -> String {
        let resource = format!("secret/{}", self.name);
        match &self.region_and_account {
            Some((region, account)) => format!("acs:kms:{region}:{account}:{resource}"),
            None => arn(scope, &resource),
        }
    }

    /// Parses a name or an ARN.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (place, name) = match text.strip_prefix("acs:kms:") {
            None => (None, text),
            Some(rest) => {
                let (region, rest) = rest.split_once(':')?;
                let (account, rest) = rest.split_once(':')?;
                let name = rest.strip_prefix("secret/")?;
                (Some((region.to_owned(), account.to_owned())), name)
            }
        };
        let length = name.chars().count();
        (1..=MAX_NAME_CHARACTERS).contains(&length).then(|| Self {
            region_and_account: place,
            name: name.to_owned(),
        })
    }
}

/// The ARN of the resource that a request names, for the text of an error. `secret/*` if it names none.
pub(super) fn named_by(request: &Request, scope: &Scope) -> String {
    let first_of_list = || {
        let list = request.parameter("ResourceId")?;
        let list: Vec<String> = serde_json::from_str(list).ok()?;
        list.into_iter().next()
    };
    let first_of_batch = || {
        let list = request.parameter("SecretsList")?;
        let list: Vec<BTreeMap<String, String>> = serde_json::from_str(list).ok()?;
        list.into_iter().next()?.remove("SecretName")
    };
    let parameter = |name| request.parameter(name).map(str::to_owned);
    let secret = parameter("SecretName")
        .or_else(|| parameter("ResourceId.1"))
        .or_else(first_of_list)
        .or_else(first_of_batch);
    if let Some(reference) = secret.as_deref().and_then(SecretReference::parse) {
        return reference.arn(scope);
    }
    let key = request.parameter("KeyId");
    match key.filter(|key| key.chars().count() <= MAX_NAME_CHARACTERS) {
        Some(key) if key.starts_with("acs:kms:") => key.to_owned(),
        Some(key) => arn(scope, &format!("key/{key}")),
        None => arn(scope, "secret/*"),
    }
}

/// The ARN of a resource in a scope.
pub(super) fn arn(scope: &Scope, resource: &str) -> String {
    format!("acs:kms:{}:{}:{resource}", scope.region, scope.account)
}

impl From<String> for SecretReference {
    fn from(name: String) -> Self {
        Self {
            region_and_account: None,
            name,
        }
    }
}

impl Call<'_> {
    /// The ARN of a secret of this name.
    pub(crate) fn arn(&self, name: &str) -> String {
        arn(&self.scope, &format!("secret/{name}"))
    }

    /// The ARN of a resource, such as `key/<id>`.
    pub(crate) fn arn_of(&self, resource: &str) -> String {
        arn(&self.scope, resource)
    }

    /// The secret of a reference, or the error `absent`. A secret of another region or account is not found.
    pub(crate) fn find(
        &self,
        store: &ReadTransaction,
        reference: &SecretReference,
        absent: &'static ErrorDescription,
    ) -> Result<(SecretId, Secret), ApiError> {
        let Some(elsewhere) = self.elsewhere(reference) else {
            return self.find_here(store, &reference.name, absent);
        };
        let is_there = store.secret(&elsewhere, &reference.name)?.is_some();
        self.note_absent(
            reference,
            is_there.then_some((&elsewhere, Unreachable::Operation)),
        );
        Err(absent.into())
    }

    /// The same, but a secret of another account in the region of the request is found by its ARN if its policy
    /// allows the account of the request to do `action`.
    pub(crate) fn find_shared(
        &self,
        store: &ReadTransaction,
        reference: &SecretReference,
        action: &str,
        absent: &'static ErrorDescription,
    ) -> Result<(SecretId, Secret), ApiError> {
        let elsewhere = self.elsewhere(reference);
        let Some(owner) = elsewhere.filter(|scope| scope.region == self.scope.region) else {
            return self.find(store, reference, absent);
        };
        let Some((id, secret)) = store.secret(&owner, &reference.name)? else {
            self.note_absent(reference, None);
            return Err(absent.into());
        };
        let policy = store.policy(id)?;
        if policy.is_some_and(|policy| policy::allows(&policy, &self.scope.account, action)) {
            self.context.notes.reads_elsewhere();
            return Ok((id, secret));
        }
        self.note_absent(reference, Some((&owner, Unreachable::Policy(action))));
        Err(absent.into())
    }

    /// The same as [`Self::find`] for a secret that must not be planned to be deleted.
    pub(crate) fn find_in_use(
        &self,
        store: &ReadTransaction,
        reference: &SecretReference,
        absent: &'static ErrorDescription,
    ) -> Result<(SecretId, Secret), ApiError> {
        in_use(self.find(store, reference, absent)?)
    }

    /// The same as [`Self::find_shared`] for a secret that must not be planned to be deleted.
    pub(crate) fn find_shared_in_use(
        &self,
        store: &ReadTransaction,
        reference: &SecretReference,
        action: &str,
        absent: &'static ErrorDescription,
    ) -> Result<(SecretId, Secret), ApiError> {
        in_use(self.find_shared(store, reference, action, absent)?)
    }

    fn find_here(
        &self,
        store: &ReadTransaction,
        name: &str,
        absent: &'static ErrorDescription,
    ) -> Result<(SecretId, Secret), ApiError> {
        let found = store.secret(&self.scope, name)?;
        if found.is_none() {
            self.context.notes.absent_secret(name);
        }
        found.ok_or_else(|| absent.into())
    }

    /// The scope that an ARN names, if it is not that of the request.
    pub(crate) fn elsewhere(&self, reference: &SecretReference) -> Option<Scope> {
        let (region, account) = reference.region_and_account.as_ref()?;
        self.other_scope(region, account)
    }

    /// The scope of this region and account, if it is not that of the request.
    pub(crate) fn other_scope(&self, region: &str, account: &str) -> Option<Scope> {
        let is_here = *region == self.scope.region && *account == self.scope.account;
        // The store has hidden scopes, whose accounts are not numbers.
        let is_number = account.bytes().all(|byte| byte.is_ascii_digit());
        (!is_here).then(|| Scope {
            cloud: self.scope.cloud,
            account: if is_number {
                account.to_owned()
            } else {
                String::new()
            },
            region: region.to_owned(),
        })
    }

    /// Notes for the hint that the secret of an ARN was not found; `there` is where it exists and why it cannot
    /// be reached.
    fn note_absent(&self, reference: &SecretReference, there: Option<(&Scope, Unreachable)>) {
        let Some((there, reason)) = there else {
            self.context.notes.absent_secret(&reference.name);
            return;
        };
        let secret = reference.name.clone();
        let (account, region) = (there.account.clone(), there.region.clone());
        let (own_account, own_region) = (self.scope.account.clone(), self.scope.region.clone());
        self.context.notes.hint(match reason {
            Unreachable::Operation => Hint::SecretOutOfReach {
                secret,
                account,
                region,
                own_account,
                own_region,
            },
            Unreachable::Policy(action) => Hint::SecretPolicy {
                secret,
                account,
                region,
                action: action.to_owned(),
                own_account,
                own_region,
            },
        });
    }
}

/// Why a secret of another scope cannot be reached.
enum Unreachable<'a> {
    /// The operation is for secrets of the request's own scope, or not for other regions.
    Operation,
    /// The policy of the secret does not allow this action.
    Policy(&'a str),
}

fn in_use((id, secret): (SecretId, Secret)) -> Result<(SecretId, Secret), ApiError> {
    if secret.state != State::Enabled {
        return Err((&IN_DELETE_PERIOD).into());
    }
    Ok((id, secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_a_name_or_an_arn() {
        let reference = |place: Option<(&str, &str)>, name: &str| SecretReference {
            region_and_account: place
                .map(|(region, account)| (region.to_owned(), account.to_owned())),
            name: name.to_owned(),
        };
        for (text, expected) in [
            ("db/password", Some(reference(None, "db/password"))),
            ("acs/ram/user/a", Some(reference(None, "acs/ram/user/a"))),
            (
                "acs:kms:cn-hangzhou:1234567890123456:secret/acs/ecs/a",
                Some(reference(
                    Some(("cn-hangzhou", "1234567890123456")),
                    "acs/ecs/a",
                )),
            ),
            ("acs:kms:cn-hangzhou:1234567890123456:key/a", None),
            ("acs:kms:cn-hangzhou:1234567890123456:secret/", None),
            ("acs:kms:cn-hangzhou", None),
        ] {
            assert_eq!(SecretReference::parse(text), expected, "{text}");
        }
        assert!(SecretReference::parse(&"n".repeat(192)).is_some());
        assert!(SecretReference::parse(&"n".repeat(193)).is_none());
    }
}
