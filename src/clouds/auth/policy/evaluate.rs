//! Decides whether a request is allowed.
//!
//! A `Deny` statement that applies denies the request. Otherwise the session policy, if there is one, must allow it, and
//! the policies of the caller, if there are any, or on Alibaba Cloud the policy of the resource.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::attached::Attachment;
use super::document::{Effect, Policy, Statement};
use super::parse::parse_resource_policy;
use super::request_context::RequestContext;
use crate::clouds::hint::Hint;

/// The decision on a permission that a request needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// Whether the request is allowed.
    pub allowed: bool,
    /// The action, such as `kms:GetSecretValue`.
    pub action: String,
    /// The resource name.
    pub resource: String,
    /// The name of the policy that decided; absent if no statement allows the request.
    pub policy: Option<String>,
    /// The index of the statement in this policy, from 0.
    pub statement: Option<usize>,
    /// The `Sid` of the statement, if it has one.
    pub sid: Option<String>,
    /// The effect of the statement.
    pub effect: Option<Effect>,
    /// The decision in one sentence.
    pub explanation: String,
}

impl Decision {
    /// The hint for a denied request.
    pub(crate) fn hint(&self) -> Hint {
        let (explanation, action) = (self.explanation.clone(), self.action.clone());
        let resource = self.resource.clone();
        match (&self.policy, self.statement) {
            (Some(policy), Some(statement)) => Hint::PolicyDenies {
                explanation,
                policy: policy.clone(),
                statement: statement.to_string(),
                action,
                resource,
            },
            _ => Hint::PolicyLacksPermission {
                explanation,
                action,
                resource,
            },
        }
    }
}

/// The policies that apply to a request.
#[derive(Debug, Default)]
pub(crate) struct ApplicablePolicies {
    /// The policies of the caller. If there are none and there is no session policy, everything is allowed.
    pub identity: Vec<Arc<Attachment>>,
    /// The policy in the request that issued the temporary key of the caller.
    pub session: Option<Arc<Policy>>,
}

/// The names of the policies without a name.
const SESSION: &str = "session policy";
const RESOURCE: &str = "policy of the resource";

/// The maximum number of policies that an explanation names.
const MAX_SHOWN_POLICIES: usize = 3;

/// The maximum length of a resource name in a decision.
const MAX_SHOWN_CHARACTERS: usize = 512;

impl ApplicablePolicies {
    /// Whether any policy applies.
    pub(crate) fn any(&self) -> bool {
        !self.identity.is_empty() || self.session.is_some()
    }
}

/// Decides on one permission.
pub(crate) fn decide(policies: &ApplicablePolicies, request: &RequestContext) -> Decision {
    let decisions = Decisions { request };
    let identity = policies.identity.iter();
    let identity: Vec<_> = identity
        .map(|attached| (&*attached.name, &attached.policy))
        .collect();
    let session = policies.session.iter();
    let session: Vec<_> = session.map(|policy| (SESSION, &**policy)).collect();
    let resource = request.permission.resource_policy.as_deref();
    let resource = match resource.map(parse_resource_policy).transpose() {
        Ok(policy) => policy,
        Err(error) => return decisions.by_invalid_resource_policy(&error.to_string()),
    };
    let resource: Vec<_> = resource.iter().map(|policy| (RESOURCE, policy)).collect();
    let all = session.iter().chain(&identity).chain(&resource);
    if let Some(denied) = decisions.by_first(all.copied(), Effect::Deny, |_| true) {
        return denied;
    }
    let mut decision = None;
    if !session.is_empty() {
        match decisions.by_first(session.iter().copied(), Effect::Allow, |_| true) {
            Some(allowed) => decision = Some(allowed),
            None => return decisions.by_no_statement(&session),
        }
    }
    if !identity.is_empty() {
        let by_identity = decisions.by_first(identity.iter().copied(), Effect::Allow, |_| true);
        let by_resource = || {
            decisions.by_first(resource.iter().copied(), Effect::Allow, |statement| {
                statement.names_identity(request)
            })
        };
        match by_identity.or_else(by_resource) {
            Some(allowed) => decision = Some(allowed),
            None => return decisions.by_no_statement(&identity),
        }
    }
    decision.unwrap_or_else(|| decisions.by_no_statement(&[]))
}

/// Creates decisions on a permission.
struct Decisions<'a> {
    request: &'a RequestContext<'a>,
}

impl Decisions<'_> {
    /// The decision by the first statement with this effect that applies; absent if none applies.
    fn by_first<'p>(
        &self,
        policies: impl Iterator<Item = (&'p str, &'p Policy)>,
        effect: Effect,
        counts: impl Fn(&Statement) -> bool,
    ) -> Option<Decision> {
        for (name, policy) in policies {
            for (index, statement) in policy.statements.iter().enumerate() {
                if statement.effect == effect
                    && statement.applies(self.request)
                    && counts(statement)
                {
                    let sid = statement.sid.as_deref();
                    return Some(self.by_statement(name, index, sid, effect));
                }
            }
        }
        None
    }

    fn by_statement(
        &self,
        name: &str,
        index: usize,
        sid: Option<&str>,
        effect: Effect,
    ) -> Decision {
        let (verb, label) = match effect {
            Effect::Allow => ("allows", "Allow"),
            Effect::Deny => ("denies", "Deny"),
        };
        let named = sid.map_or_else(String::new, |sid| format!(", Sid `{sid}`"));
        let explanation = format!(
            "statement {index} ({label}{named}) of {} {verb} {}",
            shown(name),
            self.requested()
        );
        Decision {
            allowed: effect == Effect::Allow,
            policy: Some(name.to_owned()),
            statement: Some(index),
            sid: sid.map(str::to_owned),
            effect: Some(effect),
            ..self.denied(explanation)
        }
    }

    /// The denial of a request that no statement of these policies allows.
    fn by_no_statement(&self, policies: &[(&str, &Policy)]) -> Decision {
        let names = policies.iter().take(MAX_SHOWN_POLICIES);
        let names: Vec<_> = names.map(|(name, _)| shown(name)).collect();
        let more = match policies.len().saturating_sub(MAX_SHOWN_POLICIES) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let explanation = format!(
            "no statement of {}{more} allows {}",
            names.join(", "),
            self.requested()
        );
        self.denied(explanation)
    }

    fn by_invalid_resource_policy(&self, reason: &str) -> Decision {
        self.denied(format!(
            "the policy of the resource cannot be evaluated ({reason}), so {} is denied",
            self.requested()
        ))
    }

    fn denied(&self, explanation: String) -> Decision {
        Decision {
            allowed: false,
            action: self.request.permission.action.clone(),
            resource: self.shown_resource(),
            policy: None,
            statement: None,
            sid: None,
            effect: None,
            explanation,
        }
    }

    fn requested(&self) -> String {
        let action = &self.request.permission.action;
        format!("{action} on {}", self.shown_resource())
    }

    /// The beginning of the resource name, whose length the client may have chosen.
    fn shown_resource(&self) -> String {
        let characters = self.request.permission.resource.chars();
        characters.take(MAX_SHOWN_CHARACTERS).collect()
    }
}

fn shown(name: &str) -> String {
    match name {
        SESSION | RESOURCE => format!("the {name}"),
        name => format!("policy `{name}`"),
    }
}
