//! Parsed policies, in the same form for both clouds.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::attached::Target;
use super::condition::Condition;
use super::pattern::Pattern;
use super::request_context::RequestContext;
use crate::model::{Cloud, is_account};

/// A parsed policy.
#[derive(Debug)]
pub struct Policy {
    /// The cloud to whose requests it applies.
    pub cloud: Cloud,
    pub(super) statements: Vec<Statement>,
    /// The condition keys that the emulator does not support, sorted. Requests never have them.
    pub unknown_keys: Vec<String>,
}

impl Policy {
    /// Whether any statement has principals.
    pub(crate) fn has_principals(&self) -> bool {
        let mut statements = self.statements.iter();
        statements.any(|statement| statement.principals.is_some())
    }

    /// The first role of `targets` that is not one of the policy's cloud, and the form of those. The policy would never
    /// apply to its sessions.
    #[must_use]
    pub fn other_role<'t>(&self, targets: &'t [Target]) -> Option<(&'t str, &'static str)> {
        let (start, kinds, form): (_, &[&str], _) = match self.cloud {
            Cloud::Alibaba => ("acs:ram::", &["role/"], "acs:ram::ACCOUNT:role/NAME"),
            Cloud::Tencent => (
                "qcs::cam::uin/",
                &["role/", "roleName/"],
                "qcs::cam::uin/ACCOUNT:roleName/NAME",
            ),
        };
        let is_own = |role: &str| {
            let parts = role
                .strip_prefix(start)
                .and_then(|rest| rest.split_once(':'));
            parts.is_some_and(|(account, name)| {
                is_account(account) && kinds.iter().any(|kind| name.starts_with(kind))
            })
        };
        let mut roles = targets.iter().filter_map(Target::role);
        let other = roles.find(|role| !is_own(role))?;
        Some((other, form))
    }
}

/// The effect of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Effect {
    /// Allows a request, unless another statement denies it.
    Allow,
    /// Denies a request.
    Deny,
}

/// A statement of a policy.
#[derive(Debug)]
pub(super) struct Statement {
    /// The identifier, if it has one.
    pub sid: Option<String>,
    pub effect: Effect,
    /// The callers that it applies to; absent = any.
    pub principals: Option<Vec<Pattern>>,
    pub actions: Actions,
    pub resources: Vec<Pattern>,
    pub conditions: Vec<Condition>,
}

/// The actions of a statement.
#[derive(Debug)]
pub(super) enum Actions {
    /// These.
    Only(Vec<Pattern>),
    /// All except these.
    Except(Vec<Pattern>),
}

impl Statement {
    /// Whether the statement applies to a request.
    pub(super) fn applies(&self, request: &RequestContext) -> bool {
        let permission = request.permission;
        let any =
            |patterns: &[Pattern], text: &str| patterns.iter().any(|pattern| pattern.matches(text));
        let is_for_action = match &self.actions {
            Actions::Only(actions) => any(actions, &permission.action),
            Actions::Except(actions) => !any(actions, &permission.action),
        };
        is_for_action
            && any(&self.resources, &permission.resource)
            && self.names_caller(request)
            && self
                .conditions
                .iter()
                .all(|condition| condition.is_met(request))
    }

    fn names_caller(&self, request: &RequestContext) -> bool {
        self.principals.is_none() || self.names(request, |_| true)
    }

    /// Whether a principal is the user or role of the request, not the whole account.
    pub(super) fn names_identity(&self, request: &RequestContext) -> bool {
        let is_account =
            |text: &str| text == "*" || text.ends_with(":*") || text.ends_with(":root");
        self.names(request, |principal| !is_account(principal.text()))
    }

    fn names(&self, request: &RequestContext, counts: impl Fn(&Pattern) -> bool) -> bool {
        let mut principals = self.principals.iter().flatten();
        principals.any(|principal| {
            let mut names = request.caller.names.iter();
            counts(principal) && names.any(|name| principal.matches(name))
        })
    }
}
