//! How a secret is called: by its name, or by its ARN.

use crate::clouds::alibaba::kms::errors::IN_DELETE_PERIOD;
use crate::clouds::alibaba::rpc::error::{ApiError, Refusal};
use crate::clouds::alibaba::rpc::parameter::{Parsed, Required, TextRule};
use crate::clouds::alibaba::rpc::protocol::Call;
use crate::model::{Secret, State};
use crate::store::{ReadTransaction, SecretId};

const MOST_NAME_CHARACTERS: usize = 192;

/// The rule for the name of a new secret, and for names in filters: the page of `ListSecrets` itself
/// filters by `$Val1`. Fixtures may have other names.
pub const NAME_RULE: TextRule = TextRule::Plain(MOST_NAME_CHARACTERS, "_/+=.@-$");

/// The name or ARN of an existing secret. The vendor's pages of 2026-01 allow both in every operation
/// on one secret, except for those on tags.
pub const SECRET_NAME_OR_ARN: Required<Parsed<SecretReference>> = Required(Parsed {
    name: "SecretName",
    rule: "a name, or `acs:kms:<region>:<account>:secret/<name>`",
    help: "The name or the ARN of the secret.",
    parse: SecretReference::parse,
});

/// What a client calls a secret by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretReference {
    /// Region and account, where it was an ARN.
    place: Option<(String, String)>,
    name: String,
}

impl SecretReference {
    /// Reads a name or an ARN.
    pub fn parse(text: &str) -> Option<Self> {
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
        (1..=MOST_NAME_CHARACTERS).contains(&length).then(|| Self {
            place,
            name: name.to_owned(),
        })
    }
}

impl From<String> for SecretReference {
    fn from(name: String) -> Self {
        Self { place: None, name }
    }
}

impl Call<'_> {
    /// The ARN of a secret of this name.
    pub(crate) fn arn(&self, name: &str) -> String {
        format!(
            "acs:kms:{}:{}:secret/{name}",
            self.scope.region, self.scope.account
        )
    }

    /// The secret that is meant, or the error `absent`. What is in another region or account is
    /// not found.
    pub(crate) fn find(
        &self,
        store: &ReadTransaction,
        reference: &SecretReference,
        absent: &'static Refusal,
    ) -> Result<(SecretId, Secret), ApiError> {
        if let Some((region, account)) = &reference.place
            && (*region != self.scope.region || *account != self.scope.account)
        {
            return Err(absent.into());
        }
        store
            .secret(&self.scope, &reference.name)?
            .ok_or_else(|| absent.into())
    }

    /// The same for what must not be planned to be deleted.
    pub(crate) fn find_in_use(
        &self,
        store: &ReadTransaction,
        reference: &SecretReference,
        absent: &'static Refusal,
    ) -> Result<(SecretId, Secret), ApiError> {
        let (id, secret) = self.find(store, reference, absent)?;
        if secret.state != State::Enabled {
            return Err((&IN_DELETE_PERIOD).into());
        }
        Ok((id, secret))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_called_by_name_or_by_arn() {
        let reference = |place: Option<(&str, &str)>, name: &str| SecretReference {
            place: place.map(|(region, account)| (region.to_owned(), account.to_owned())),
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
