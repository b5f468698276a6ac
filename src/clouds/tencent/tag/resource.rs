//! Secrets as resources: `qcs::ssm:<region>:uin/<uin>:secret/creatorUin/<uin>/<name>`, the description in six
//! segments, and `creatorUin/<uin>/<name>`, the id.

use super::errors::NOT_FOUND;
use crate::clouds::tencent::api3::error::ApiError;
use crate::clouds::tencent::api3::parameter::{Text, TextRule};
use crate::clouds::tencent::api3::protocol::Call;
use crate::clouds::tencent::api3::request::Request;
use crate::model::{Scope, Secret, Tag};
use crate::store::{ReadTransaction, SecretId};

/// The service type and the resource prefix of secrets.
pub(super) const SERVICE_TYPE: &str = "ssm";
pub(super) const RESOURCE_PREFIX: &str = "secret";

/// The longest description that the text of an error repeats, in characters.
const MAX_SHOWN_CHARACTERS: usize = 256;

/// The resource whose tags an operation changes.
pub(super) const RESOURCE: Text = Text {
    name: "Resource",
    rule: TextRule::Any,
    required: true,
    sensitive: false,
    help: "The secret in six segments: `qcs::ssm:<region>:uin/<uin>:secret/creatorUin/<uin>/<name>`. The account may be empty: `uin/`.",
};

/// The resource that a request names, for the text of an error. `*` if it names none.
pub(super) fn named_by(request: &Request, _: &Scope) -> String {
    let resource = request.text("Resource").unwrap_or_default();
    if (1..=MAX_SHOWN_CHARACTERS).contains(&resource.chars().count()) {
        resource.to_owned()
    } else {
        "*".to_owned()
    }
}

/// The id of a secret as a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ResourceId<'a> {
    /// The account that created the secret.
    pub creator: &'a str,
    pub name: &'a str,
}

impl<'a> ResourceId<'a> {
    /// Parses `creatorUin/<uin>/<name>`.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let (creator, name) = text.strip_prefix("creatorUin/")?.split_once('/')?;
        (is_number(creator) && !name.is_empty()).then_some(Self { creator, name })
    }
}

/// A secret in six segments.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Resource {
    region: String,
    /// The account, if it is given.
    account: Option<String>,
    creator: String,
    name: String,
}

impl Resource {
    /// Parses the description of a secret in six segments.
    ///
    /// # Errors
    ///
    /// `InvalidParameterValue.ResourceDescriptionError`.
    pub(super) fn parse(text: &str) -> Result<Self, ApiError> {
        Self::segments(text).ok_or_else(|| (&NOT_FOUND).into())
    }

    pub(super) fn segments(text: &str) -> Option<Self> {
        let mut segments = text.splitn(6, ':');
        let mut next = || segments.next();
        // The second segment, the project, is always empty.
        let (Some("qcs"), Some(""), Some(SERVICE_TYPE)) = (next(), next(), next()) else {
            return None;
        };
        let (region, account, resource) = (next()?, next()?, next()?);
        let account = account.strip_prefix("uin/")?;
        let (prefix, id) = resource.split_once('/')?;
        let ResourceId { creator, name } = ResourceId::parse(id)?;
        let is_valid = prefix == RESOURCE_PREFIX && (account.is_empty() || is_number(account));
        is_valid.then(|| Self {
            region: region.to_owned(),
            account: (!account.is_empty()).then(|| account.to_owned()),
            creator: creator.to_owned(),
            name: name.to_owned(),
        })
    }

    /// The description with an account: this one, if it has none.
    pub(super) fn with_account(&self, account: &str) -> String {
        let Self {
            region,
            creator,
            name,
            ..
        } = self;
        let account = self.account.as_deref().unwrap_or(account);
        format!("qcs::ssm:{region}:uin/{account}:secret/creatorUin/{creator}/{name}")
    }

    /// Changes the tags of the secret.
    ///
    /// # Errors
    ///
    /// `InvalidParameterValue.ResourceDescriptionError` if the account of the request has no such secret, and
    /// those of `change`.
    pub(super) fn change_tags(
        &self,
        call: &Call,
        change: impl FnOnce(&mut Vec<Tag>) -> Result<(), ApiError> + Send,
    ) -> Result<(), ApiError> {
        call.write(|store| {
            let (id, secret) = self.find(store, call)?;
            let mut after = secret.clone();
            change(&mut after.tags)?;
            store.update_secret(id, &secret, &after)?;
            Ok(())
        })
    }

    fn find(&self, store: &ReadTransaction, call: &Call) -> Result<(SecretId, Secret), ApiError> {
        let account = &call.scope.account;
        let is_own = self.account.as_ref().is_none_or(|given| given == account);
        let found = if is_own {
            find(store, call, &self.region, &self.creator, &self.name)?
        } else {
            None
        };
        found.ok_or_else(|| {
            call.context.notes.absent_secret(&self.name);
            (&NOT_FOUND).into()
        })
    }
}

/// The secret of the account with this name, if this account created it.
pub(super) fn find(
    store: &ReadTransaction,
    call: &Call,
    region: &str,
    creator: &str,
    name: &str,
) -> Result<Option<(SecretId, Secret)>, ApiError> {
    let scope = Scope {
        region: region.to_owned(),
        ..call.scope.clone()
    };
    let found = store.secret(&scope, name)?;
    Ok(found.filter(|(_, secret)| secret.creator.as_ref().unwrap_or(&scope.account) == creator))
}

fn is_number(text: &str) -> bool {
    (1..=20).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_has_six_segments() {
        let parsed = |account: Option<&str>| Resource {
            region: "ap-guangzhou".to_owned(),
            account: account.map(str::to_owned),
            creator: "1000000000000000".to_owned(),
            name: "db".to_owned(),
        };
        for (account, parsed) in [
            ("uin/2000000000000000", parsed(Some("2000000000000000"))),
            ("uin/", parsed(None)),
        ] {
            let text =
                format!("qcs::ssm:ap-guangzhou:{account}:secret/creatorUin/1000000000000000/db");
            assert_eq!(Resource::segments(&text), Some(parsed));
        }
        for text in [
            "",
            "db",
            "creatorUin/1/db",
            "qcs::ssm:ap-guangzhou:uin/1:secret/creatorUin/1/",
            "qcs::ssm:ap-guangzhou:uin/1:secret/creatorUin/x/db",
            "qcs::ssm:ap-guangzhou:uin/1:secret/creatorUin//db",
            "qcs::ssm:ap-guangzhou:uin/1:secret/db",
            "qcs::ssm:ap-guangzhou:uin/x:secret/creatorUin/1/db",
            "qcs::ssm:ap-guangzhou:uid/1:secret/creatorUin/1/db",
            "qcs::ssm:ap-guangzhou:secret/creatorUin/1/db",
            "qcs::ssm:ap-guangzhou:uin/1:key/creatorUin/1/db",
            "qcs::cvm:ap-guangzhou:uin/1:instance/ins-1",
            "qcs:project:ssm:ap-guangzhou:uin/1:secret/creatorUin/1/db",
            "acs::ssm:ap-guangzhou:uin/1:secret/creatorUin/1/db",
        ] {
            assert_eq!(Resource::segments(text), None, "{text}");
        }
    }
}
