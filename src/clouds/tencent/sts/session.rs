//! The sessions in which roles are assumed, and their keys.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::errors::{OVER_TIME, PARAM_ERROR};
use super::role::Role;
use crate::clouds::auth::credentials::Credentials;
use crate::clouds::auth::issued::{IssuedKey, Principal, Restrictions};
use crate::clouds::auth::policy::Policy;
use crate::clouds::tencent::api3::error::ApiError;
use crate::clouds::tencent::api3::parameter::{Arguments, Text, TextRule, Uint64};
use crate::clouds::tencent::api3::protocol::Call;
use crate::model::Cloud;

pub(super) const ROLE_SESSION_NAME: Text = Text {
    name: "RoleSessionName",
    rule: TextRule::Any,
    required: true,
    sensitive: false,
    help: "The name of the session, part of the caller's identity: 2 to 128 ASCII letters, digits and `_+=,.@-`.",
};

/// The default lifetime of a key for a role, in seconds.
pub(super) const DEFAULT_SECONDS: u32 = 7200;

/// The maximum lifetime of a key for a role, in seconds.
pub(super) const MAX_SECONDS: u32 = 43_200;

/// A session of a role.
#[derive(Debug)]
pub(crate) struct RoleSession {
    pub(super) role: Role,
    name: String,
}

impl RoleSession {
    /// Reads the role and the name of the session.
    ///
    /// # Errors
    ///
    /// Those of [`Role::read`], and `InvalidParameter.ParamError` for another name.
    pub(super) fn read(arguments: &Arguments, call: &Call) -> Result<Self, ApiError> {
        let role = Role::read(arguments, call)?;
        let name = ROLE_SESSION_NAME.read(arguments)?;
        if !is_session_name(&name) {
            return Err((&PARAM_ERROR).into());
        }
        Ok(Self { role, name })
    }

    /// A session of a role in an account; absent if no role can have this name.
    pub(crate) fn new(account: &str, role: &str, session: &str) -> Option<Self> {
        let role = Role::named(account, role)?;
        is_session_name(session).then(|| Self {
            role,
            name: session.to_owned(),
        })
    }

    /// Issues a key for the session, to a caller of the account `requester`.
    pub(crate) fn issue(
        &self,
        credentials: &Credentials,
        requester: &str,
        expires_at: DateTime<Utc>,
    ) -> IssuedKey {
        let principal = self.principal(requester);
        credentials.issue(Cloud::Tencent, &self.role.account, principal, expires_at)
    }

    /// Issues a key for the session that a request begins.
    pub(super) fn begin(
        &self,
        call: &Call,
        seconds: u32,
        policy: Option<Arc<Policy>>,
    ) -> IssuedKey {
        let account = &self.role.account;
        let expires_at = end(call, account, seconds);
        let restrictions = Restrictions {
            policy,
            ..Restrictions::default()
        };
        let principal = self.principal(&call.scope.account);
        let credentials = &call.context.auth.credentials;
        credentials.issue_restricted(Cloud::Tencent, account, principal, expires_at, restrictions)
    }

    fn principal(&self, requester: &str) -> Principal {
        let Role { account, arn, id } = &self.role;
        Principal {
            arn: format!("qcs::sts:{account}:assumed-role/{id}"),
            id: format!("{id}:{}", self.name),
            role: arn.clone(),
            requester: requester.to_owned(),
        }
    }
}

/// Reads a lifetime in seconds.
///
/// # Errors
///
/// `InvalidParameter.ParamError` for 0, `InvalidParameter.OverTimeError` for a longer lifetime than the maximum.
pub(super) fn seconds(parameter: &Uint64, arguments: &Arguments) -> Result<u32, ApiError> {
    match parameter.any(arguments) {
        Some(0) => Err((&PARAM_ERROR).into()),
        _ => parameter.read(arguments).map_err(|_| (&OVER_TIME).into()),
    }
}

/// The time after a number of seconds by the clock of an account.
pub(super) fn end(call: &Call, account: &str, seconds: u32) -> DateTime<Utc> {
    (call.context.now_in)(account) + TimeDelta::seconds(seconds.into())
}

/// The documented regular expression is `[\w+=,.@_-]*`.
fn is_session_name(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    (2..=128).contains(&text.len()) && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_name_has_2_to_128_of_the_documented_characters() {
        for (text, is_valid) in [
            ("ab", true),
            // The form that SDKs generate.
            ("tencentcloud-python-sdk-1764405000000000.5", true),
            ("a+b=c,d.e@f_g-H1", true),
            (&*"a".repeat(128), true),
            (&*"a".repeat(129), false),
            ("a", false),
            ("", false),
            ("a b", false),
            ("a/b", false),
            ("密码", false),
        ] {
            assert_eq!(is_session_name(text), is_valid, "{text}");
        }
    }
}
