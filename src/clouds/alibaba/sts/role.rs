//! Roles, and the sessions in which they are assumed. Any role exists, and trusts any caller.

use std::fmt::{self, Display};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::errors::{LONG_POLICY, WRONG_DURATION, WRONG_POLICY};
use crate::clouds::alibaba::rpc::error::ApiError;
use crate::clouds::alibaba::rpc::parameter::{Arguments, Integer, Json, Optional, Parsed};
use crate::clouds::alibaba::rpc::protocol::Call;
use crate::clouds::alibaba::rpc::request::Request;
use crate::clouds::auth::credentials::Credentials as AccessKeys;
use crate::clouds::auth::issued::{IssuedKey, Principal, Restrictions};
use crate::clouds::auth::policy::{self, Permission, Policy, PolicyError};
use crate::clouds::digest;
use crate::clouds::hint::Hint;
use crate::clouds::service::permissions::PermissionRow;
use crate::model::{Cloud, Scope, is_account};

/// The resource name of a role, as the client sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RoleArn {
    pub account: String,
    pub name: String,
}

impl RoleArn {
    /// Parses `acs:ram::ACCOUNT:role/NAME`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (account, name) = resource(text, "role")?;
        Some(Self {
            account: account.to_owned(),
            name: name.to_owned(),
        })
    }
}

impl Display for RoleArn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "acs:ram::{}:role/{}", self.account, self.name)
    }
}

/// The account and the name in `acs:ram::ACCOUNT:KIND/NAME`.
pub(super) fn resource<'t>(text: &'t str, kind: &str) -> Option<(&'t str, &'t str)> {
    let (account, resource) = text.strip_prefix("acs:ram::")?.split_once(':')?;
    let name = resource.strip_prefix(kind)?.strip_prefix('/')?;
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let is_name = (1..=128).contains(&name.len()) && name.bytes().all(allowed);
    (is_account(account) && is_name).then_some((account, name))
}

/// The permissions that a request needs. `GetCallerIdentity` needs none; for an invalid role, the operation has its own
/// error.
///
/// # Errors
///
/// None.
#[expect(
    clippy::unnecessary_wraps,
    reason = "the type of `AccessControl::needed`"
)]
pub(super) fn needed(
    arguments: &Arguments,
    _: &Call,
    action: &'static str,
) -> Result<Vec<Permission>, ApiError> {
    if action == IDENTITY {
        return Ok(Vec::new());
    }
    let role = ROLE_ARN.find(arguments).ok().flatten();
    let permission = role.map(|role| Permission {
        action: format!("sts:{action}"),
        resource: role.to_string(),
        ..Permission::default()
    });
    Ok(permission.into_iter().collect())
}

/// The operation that needs no permission.
const IDENTITY: &str = "GetCallerIdentity";

/// The action and resource of an operation, for documents.
pub(super) fn permission_row(action: &'static str) -> PermissionRow {
    let (actions, resources) = match action {
        "AssumeRole" => ("sts:AssumeRole", "acs:ram::ACCOUNT:role/NAME"),
        _ => ("", ""),
    };
    PermissionRow {
        action,
        actions: actions.to_owned(),
        resources: resources.to_owned(),
    }
}

/// The resource that a request names.
pub(super) fn named_by(request: &Request, _: &Scope) -> String {
    request.parameter("RoleArn").unwrap_or("*").to_owned()
}

pub(super) const ROLE_ARN: Parsed<RoleArn> = Parsed {
    name: "RoleArn",
    rule: "`acs:ram::ACCOUNT:role/NAME`",
    help: "The role. The account has 16 digits; the role need not exist.",
    parse: RoleArn::parse,
};

pub(super) const ROLE_SESSION_NAME: Parsed<String> = Parsed {
    name: "RoleSessionName",
    rule: "2 to 64 ASCII letters, digits and `.@-_`",
    help: "The name of the session, part of the caller's identity.",
    parse: session_name,
};

fn session_name(text: &str) -> Option<String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".@-_".contains(&byte);
    let is_name = (2..=64).contains(&text.len()) && text.bytes().all(allowed);
    is_name.then(|| text.to_owned())
}

pub(super) const DURATION_SECONDS: Integer = Integer {
    name: "DurationSeconds",
    minimum: 900,
    maximum: 43_200,
    default: 3600,
    help: "The lifetime of the key.",
};

pub(super) const POLICY: Json<Result<Policy, PolicyError>> = Json {
    name: "Policy",
    help: "A policy of at most 2,048 characters. Requests with the key need its permission too.",
    max_items: None,
    sensitive: false,
    keys: Vec::new,
    parse: |text| Some(policy(text)),
};

const MAX_POLICY_CHARACTERS: usize = 2048;

fn policy(text: &str) -> Result<Policy, PolicyError> {
    let (policy, _) = policy::parse_text(text)?;
    if policy.cloud == Cloud::Alibaba {
        Ok(policy)
    } else {
        Err(PolicyError {
            place: String::new(),
            reason: "it is a policy of Tencent Cloud".to_owned(),
        })
    }
}

/// Reads `DurationSeconds` and `Policy`.
pub(super) fn lifetime_and_policy(
    arguments: &Arguments,
    call: &Call,
) -> Result<(TimeDelta, Option<Arc<Policy>>), ApiError> {
    let seconds = DURATION_SECONDS
        .read(arguments)
        .map_err(|_| &WRONG_DURATION)?;
    if POLICY_LENGTH.find(arguments).is_err() {
        return Err((&LONG_POLICY).into());
    }
    let policy = POLICY.find(arguments).map_err(|_| &WRONG_POLICY)?;
    let policy = policy.transpose().map_err(|error| {
        call.context.notes.hint(Hint::PolicyRejected {
            error: error.to_string(),
        });
        &WRONG_POLICY
    })?;
    Ok((TimeDelta::seconds(seconds.into()), policy.map(Arc::new)))
}

/// `Policy`, of which only the length is checked.
const POLICY_LENGTH: Parsed<()> = Parsed {
    name: POLICY.name,
    rule: "",
    help: "",
    parse: |text| (text.chars().count() <= MAX_POLICY_CHARACTERS).then_some(()),
};

/// A session of a role.
#[derive(Debug)]
pub(crate) struct RoleSession {
    pub(super) role: RoleArn,
    pub(super) name: String,
}

impl RoleSession {
    /// A session of a role in an account; absent if the role cannot have this name.
    #[must_use]
    pub(crate) fn new(account: &str, role: &str, session: &str) -> Option<Self> {
        Some(Self {
            role: RoleArn::parse(&format!("acs:ram::{account}:role/{role}"))?,
            name: session_name(session)?,
        })
    }

    /// A session of the role that the server itself issues keys for.
    #[must_use]
    pub(crate) fn of_emulator(account: &str) -> Self {
        Self {
            role: RoleArn {
                account: account.to_owned(),
                name: "kms-emulator".to_owned(),
            },
            name: "kms-emulator".to_owned(),
        }
    }

    /// Issues a key for the session to a caller of the account `requester`.
    #[must_use]
    pub(crate) fn issue(
        &self,
        credentials: &AccessKeys,
        requester: &str,
        expires_at: DateTime<Utc>,
    ) -> IssuedKey {
        let account = &self.role.account;
        let principal = self.principal(requester);
        credentials.issue(Cloud::Alibaba, account, principal, expires_at)
    }

    /// Issues a key for the session that a request begins.
    pub(super) fn begin(
        &self,
        call: &Call,
        lifetime: TimeDelta,
        policy: Option<Arc<Policy>>,
    ) -> IssuedKey {
        let account = &self.role.account;
        let expires_at = (call.context.now_in)(account) + lifetime;
        let restrictions = Restrictions {
            policy,
            ..Restrictions::default()
        };
        let principal = self.principal(&call.scope.account);
        let credentials = &call.context.auth.credentials;
        credentials.issue_restricted(Cloud::Alibaba, account, principal, expires_at, restrictions)
    }

    fn principal(&self, requester: &str) -> Principal {
        let RoleArn { account, name } = &self.role;
        Principal {
            arn: format!("acs:ram::{account}:assumed-role/{name}/{}", self.name),
            id: self.id(),
            role: self.role.to_string(),
            requester: requester.to_owned(),
        }
    }

    /// The id of the role, and the name of the session.
    pub(super) fn id(&self) -> String {
        format!("{}:{}", id_of(&self.role.to_string()), self.name)
    }
}

/// The id of a role or user: 18 digits, always the same for the same resource.
pub(super) fn id_of(arn: &str) -> String {
    let number = digest::number_of(arn, 8) % 100_000_000_000_000_000;
    format!("3{number:017}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_has_an_account_and_a_name() {
        let long = format!("acs:ram::1000000000000000:role/{}", "r".repeat(129));
        for (text, expected) in [
            (
                "acs:ram::1000000000000000:role/reader",
                Some(("1000000000000000", "reader")),
            ),
            (
                "acs:ram::1000000000000000:role/My.role-1_x",
                Some(("1000000000000000", "My.role-1_x")),
            ),
            ("acs:ram::1000000000000000:role/", None),
            ("acs:ram::1000000000000000:role/a b", None),
            ("acs:ram::1000000000000000:role/a/b", None),
            ("acs:ram::1000000000000000:user/a", None),
            ("acs:ram::100000000000000:role/a", None),
            ("acs:ram:cn-hangzhou:1000000000000000:role/a", None),
            ("acs:ram::１000000000000000:role/a", None),
            ("ACS:RAM::1000000000000000:role/a", None),
            (&long, None),
            ("", None),
        ] {
            let parsed = RoleArn::parse(text);
            let parsed = parsed.as_ref().map(|role| (&*role.account, &*role.name));
            assert_eq!(parsed, expected, "{text}");
        }
    }

    #[test]
    fn a_session_name_has_2_to_64_plain_characters() {
        for (text, is_valid) in [
            ("ab", true),
            ("a.b@c-d_E1", true),
            (&*"a".repeat(64), true),
            (&*"a".repeat(65), false),
            ("a", false),
            ("a b", false),
            ("abc*", false),
            ("密码", false),
        ] {
            assert_eq!(session_name(text).is_some(), is_valid, "{text}");
        }
    }

    #[test]
    fn a_policy_has_statements_with_effect_and_action() {
        for (text, is_valid) in [
            (
                r#"{"Version":"1","Statement":[{"Effect":"Allow","Action":"kms:*","Resource":"*"}]}"#,
                true,
            ),
            (r#"{"Version":"1","Statement":[]}"#, true),
            (r#"{"Version":"1","Statement":[{"Effect":"Allow"}]}"#, false),
            (
                r#"{"Version":"1","Statement":[{"Effect":"No","Action":"*"}]}"#,
                false,
            ),
            (r#"{"Version":"2","Statement":[]}"#, false),
            (r#"{"Statement":[]}"#, false),
            ("[]", false),
            ("{", false),
        ] {
            assert_eq!(policy(text).is_ok(), is_valid, "{text}");
        }
    }

    #[test]
    fn an_id_has_18_digits_and_depends_only_on_the_name() {
        let [one, same, other] = ["a", "a", "b"].map(id_of);
        assert_eq!(one, same);
        assert_ne!(one, other);
        assert!(one.len() == 18 && one.bytes().all(|byte| byte.is_ascii_digit()));
    }
}
