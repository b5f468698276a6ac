//! The policy of a secret: the documented elements of a JSON document that is stored as it is.
//!
//! The vendor's pages: `SetSecretPolicy` (2024, 2025) and *Overview of secret policies*.

use serde::Deserialize;

use crate::clouds::auth::policy;

/// The maximum number of bytes of a policy.
const MAX_BYTES: usize = 32_768;

/// The maximum number of characters of a `Sid`. The page names its characters too, but its own sample has spaces.
const MAX_SID_CHARACTERS: usize = 128;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Document {
    version: String,
    statement: Vec<Statement>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    #[serde(default)]
    sid: String,
    effect: Effect,
    principal: Principal,
    action: OneOrMany,
    resource: OneOrMany,
}

#[derive(Deserialize)]
enum Effect {
    Allow,
    Deny,
}

#[derive(Deserialize)]
struct Principal {
    #[serde(rename = "RAM")]
    ram: OneOrMany,
}

/// A text, or a list of texts.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn as_slice(&self) -> &[String] {
        match self {
            Self::One(text) => std::slice::from_ref(text),
            Self::Many(texts) => texts,
        }
    }
}

impl Statement {
    fn is_valid(&self) -> bool {
        let principals = self.principal.ram.as_slice();
        let actions = self.action.as_slice();
        self.sid.chars().count() <= MAX_SID_CHARACTERS
            && !principals.is_empty()
            && !actions.is_empty()
            && actions.iter().all(|action| action.starts_with("kms:"))
            && self.resource.as_slice() == ["*"]
    }
}

/// The prefix of the principals of accounts, RAM users and RAM roles, before the number of the account.
const PRINCIPAL: &str = "acs:ram::";

impl Statement {
    /// Whether the statement is for a user or role of an account, and for an action.
    fn is_for(&self, account: &str, action: &str) -> bool {
        let mut principals = self.principal.ram.as_slice().iter();
        let mut actions = self.action.as_slice().iter();
        let is_of_account = |principal: &String| {
            let rest = principal.strip_prefix(PRINCIPAL);
            rest.is_some_and(|rest| rest.split(':').next() == Some(account))
        };
        let matches = |pattern: &String| match pattern.strip_suffix('*') {
            Some(beginning) => action.starts_with(beginning),
            None => *pattern == action,
        };
        principals.any(is_of_account) && actions.any(matches)
    }
}

/// Whether a policy allows an account other than the owner to do an action, such as `kms:GetSecretValue`: a
/// statement allows it and none denies it. Conditions are not evaluated, and users and roles of the account are not
/// distinguished.
pub(super) fn allows(policy: &str, account: &str, action: &str) -> bool {
    let Ok(document) = serde_json::from_str::<Document>(policy) else {
        return false;
    };
    let has = |is_effect: fn(&Effect) -> bool| {
        let mut statements = document.statement.iter();
        statements
            .any(|statement| is_effect(&statement.effect) && statement.is_for(account, action))
    };
    has(|effect| matches!(effect, Effect::Allow)) && !has(|effect| matches!(effect, Effect::Deny))
}

/// Checks a policy and returns it unchanged; `None` if an element is absent or invalid, or a request could not be checked
/// with the policy.
pub(super) fn parse(text: &str) -> Option<String> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let document: Document = serde_json::from_str(text).ok()?;
    let is_valid = document.version == "1"
        && !document.statement.is_empty()
        && document.statement.iter().all(Statement::is_valid)
        && policy::parse_resource_policy(text).is_ok();
    is_valid.then(|| text.to_owned())
}
