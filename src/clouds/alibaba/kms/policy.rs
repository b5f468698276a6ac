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
    check(text).ok().map(|()| text.to_owned())
}

/// Checks a policy.
///
/// # Errors
///
/// The reason, which quotes nothing of the policy.
pub(super) fn check(text: &str) -> Result<(), String> {
    if text.len() > MAX_BYTES {
        return Err(format!("more than {MAX_BYTES} bytes"));
    }
    let not_json = || "not JSON".to_owned();
    let invalid = |element: &str| format!("`{element}` is not valid");
    let mut json = serde_json::Deserializer::from_str(text);
    let document: Document = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        match &*error.path().to_string() {
            _ if !error.inner().is_data() => not_json(),
            "." => "`Version` or `Statement` is not valid".to_owned(),
            element => invalid(element),
        }
    })?;
    json.end().map_err(|_| not_json())?;
    if document.version != "1" {
        return Err(invalid("Version"));
    }
    if document.statement.is_empty() {
        return Err(invalid("Statement"));
    }
    let mut statements = document.statement.iter();
    if let Some(index) = statements.position(|statement| !statement.is_valid()) {
        return Err(invalid(&format!("Statement[{index}]")));
    }
    policy::parse_resource_policy(text)
        .map(drop)
        .map_err(|error| {
            // The rest of the place has names of the document.
            let statement = error.place.split('.').next().unwrap_or_default();
            if statement.starts_with("Statement[") {
                invalid(statement)
            } else {
                "an element of the document is unknown".to_owned()
            }
        })
}
