//! Policies of access keys, roles and accounts, in the clouds' own policy languages.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::endpoint::{Call, Endpoint, Json, JsonBody, NoBody, NoParameters};
use super::error::{ControlError, ErrorCode};
use crate::clouds::auth::policy::{self, Attachment, MAX_POLICIES, Target};
use crate::emulator::values::CloudName;
use crate::model::is_account;

/// The maximum length of the name of a policy.
const MAX_NAME_CHARACTERS: usize = 128;

/// The maximum length of an access key id, a resource name of a role, or an account.
const MAX_TARGET_CHARACTERS: usize = 256;

/// The maximum number of callers that a policy is attached to.
const MAX_TARGETS: usize = 100;

fn not_found() -> ControlError {
    ControlError::new(
        ErrorCode::PolicyNotFound,
        "path",
        "there is no policy with this id",
    )
}

/// The id of a policy.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyId {
    /// The id of the policy.
    id: u64,
}

/// A policy to attach.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PolicyRequest {
    /// The policy, as shown in the console of the cloud: `Version` `1` of Alibaba Cloud RAM, or `version` `2.0` of
    /// Tencent Cloud CAM.
    policy: Map<String, Value>,
    /// The name that the journal shows. The default is `policy-ID`.
    #[serde(default)]
    #[schemars(length(min = 1, max = 128))]
    name: Option<String>,
    /// The ids of the access keys that the policy is attached to.
    #[serde(default)]
    access_key_ids: Vec<String>,
    /// The resource names of roles, such as `acs:ram::1000000000000000:role/reader`.
    #[serde(default)]
    roles: Vec<String>,
    /// Accounts: all of their access keys and roles. Without any caller, the default account.
    #[serde(default)]
    accounts: Vec<String>,
}

impl PolicyRequest {
    /// The callers that the policy is attached to.
    fn targets(&self) -> Result<Vec<Target>, ControlError> {
        let access_key: fn(String) -> Target = Target::AccessKey;
        let lists = [
            ("access_key_ids", &self.access_key_ids, access_key),
            ("roles", &self.roles, Target::Role),
            ("accounts", &self.accounts, Target::Account),
        ];
        let mut targets = Vec::new();
        for (name, texts, target) in lists {
            for (index, text) in texts.iter().enumerate() {
                let place = format!("body.{name}[{index}]");
                if !(1..=MAX_TARGET_CHARACTERS).contains(&text.chars().count()) {
                    let reason = format!("expected 1 to {MAX_TARGET_CHARACTERS} characters");
                    return Err(invalid(place, reason));
                }
                if name == "accounts" && !is_account(text) {
                    return Err(invalid(place, "an account number has 16 digits"));
                }
                targets.push(target(text.clone()));
            }
        }
        if targets.len() > MAX_TARGETS {
            let reason = format!("a policy is attached to at most {MAX_TARGETS} callers");
            return Err(invalid("body", reason));
        }
        Ok(targets)
    }
}

fn invalid(place: impl Into<String>, reason: impl Into<String>) -> ControlError {
    ControlError::new(ErrorCode::InvalidBody, place, reason)
}

/// A policy that is attached to callers.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct AttachedPolicy {
    /// The id, from 1.
    id: u64,
    /// The name that the journal shows.
    name: String,
    /// The cloud to whose requests it applies.
    cloud: CloudName,
    /// The ids of the access keys that it is attached to.
    access_key_ids: Vec<String>,
    /// The resource names of the roles.
    roles: Vec<String>,
    /// The accounts.
    accounts: Vec<String>,
    /// The condition keys in the policy that the emulator does not support. Their conditions are evaluated as for a
    /// request without the key.
    unknown_condition_keys: Vec<String>,
    /// The policy, as it was sent.
    policy: Value,
}

impl From<Arc<Attachment>> for AttachedPolicy {
    fn from(attached: Arc<Attachment>) -> Self {
        let of_kind = |select: fn(&Target) -> Option<&String>| {
            let names = attached.targets.iter().filter_map(select);
            names.cloned().collect()
        };
        Self {
            id: attached.id,
            name: attached.name.clone(),
            cloud: attached.policy.cloud.into(),
            access_key_ids: of_kind(Target::access_key_id),
            roles: of_kind(Target::role),
            accounts: of_kind(Target::account),
            unknown_condition_keys: attached.policy.unknown_keys.clone(),
            policy: attached.document.clone(),
        }
    }
}

/// Policies.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Policies {
    /// The policies, in the order in which they were attached.
    policies: Vec<AttachedPolicy>,
}

impl From<Vec<Arc<Attachment>>> for Policies {
    fn from(policies: Vec<Arc<Attachment>>) -> Self {
        Self {
            policies: policies.into_iter().map(AttachedPolicy::from).collect(),
        }
    }
}

/// Lists the policies.
pub(super) struct List;

impl Endpoint for List {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/policies";
    const SUMMARY: &'static str = "Lists the policies of access keys, roles and accounts.";
    type Parameters = NoParameters;
    type Body = NoBody;
    type Reply = Json<Policies>;

    fn run(call: &Call, _: NoParameters, _: NoBody) -> Result<Self::Reply, ControlError> {
        Ok(Json(call.emulator.auth.credentials.policies().all().into()))
    }
}

/// Attaches a policy.
pub(super) struct Attach;

impl Endpoint for Attach {
    const METHOD: &'static str = "POST";
    const PATH: &'static str = "/_emulator/policies";
    const SUMMARY: &'static str = "Attaches a policy of Alibaba Cloud RAM or Tencent Cloud CAM to access keys, roles or accounts. Requests of a \
         caller with a policy are denied unless a statement allows them.";
    const STATUS: u16 = 201;
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::TooManyPolicies];
    type Parameters = NoParameters;
    type Body = JsonBody<PolicyRequest>;
    type Reply = Json<AttachedPolicy>;

    fn run(
        call: &Call,
        _: NoParameters,
        JsonBody(request): JsonBody<PolicyRequest>,
    ) -> Result<Self::Reply, ControlError> {
        if let Some(name) = &request.name
            && !(1..=MAX_NAME_CHARACTERS).contains(&name.chars().count())
        {
            let reason = format!("expected 1 to {MAX_NAME_CHARACTERS} characters");
            return Err(invalid("body.name", reason));
        }
        let mut targets = request.targets()?;
        let credentials = &call.emulator.auth.credentials;
        if targets.is_empty() {
            let account = credentials.default_account().to_owned();
            targets.push(Target::Account(account));
        }
        let document = Value::Object(request.policy);
        let policy = policy::parse(&document).map_err(|error| {
            let place = match &*error.place {
                "" => "body.policy".to_owned(),
                place => format!("body.policy.{place}"),
            };
            invalid(place, error.reason)
        })?;
        if let Some((role, form)) = policy.other_role(&targets) {
            let index = request.roles.iter().position(|other| other == role);
            let place = format!("body.roles[{}]", index.unwrap_or_default());
            return Err(invalid(place, format!("expected `{form}`")));
        }
        let policies = credentials.policies();
        let attached = policies.attach(request.name, targets, policy, document);
        let attached = attached.ok_or_else(|| {
            ControlError::new(
                ErrorCode::TooManyPolicies,
                "body",
                format!("the maximum of {MAX_POLICIES} policies is reached"),
            )
        })?;
        Ok(Json(attached.into()))
    }
}

/// Removes all policies.
pub(super) struct Clear;

impl Endpoint for Clear {
    const METHOD: &'static str = "DELETE";
    const PATH: &'static str = "/_emulator/policies";
    const SUMMARY: &'static str = "Removes all policies, and returns them.";
    type Parameters = NoParameters;
    type Body = NoBody;
    type Reply = Json<Policies>;

    fn run(call: &Call, _: NoParameters, _: NoBody) -> Result<Self::Reply, ControlError> {
        let policies = call.emulator.auth.credentials.policies();
        Ok(Json(policies.remove(|_| true).into()))
    }
}

/// Returns a policy.
pub(super) struct Read;

impl Endpoint for Read {
    const METHOD: &'static str = "GET";
    const PATH: &'static str = "/_emulator/policies/{id}";
    const SUMMARY: &'static str = "Returns a policy.";
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::PolicyNotFound];
    type Parameters = PolicyId;
    type Body = NoBody;
    type Reply = Json<AttachedPolicy>;

    fn run(call: &Call, parameters: PolicyId, _: NoBody) -> Result<Self::Reply, ControlError> {
        let mut all = call.emulator.auth.credentials.policies().all().into_iter();
        let policy = all.find(|attached| attached.id == parameters.id);
        Ok(Json(policy.ok_or_else(not_found)?.into()))
    }
}

/// Removes a policy.
pub(super) struct Remove;

impl Endpoint for Remove {
    const METHOD: &'static str = "DELETE";
    const PATH: &'static str = "/_emulator/policies/{id}";
    const SUMMARY: &'static str = "Removes a policy, and returns it.";
    const ERRORS: &'static [ErrorCode] = &[ErrorCode::PolicyNotFound];
    type Parameters = PolicyId;
    type Body = NoBody;
    type Reply = Json<AttachedPolicy>;

    fn run(call: &Call, parameters: PolicyId, _: NoBody) -> Result<Self::Reply, ControlError> {
        let policies = call.emulator.auth.credentials.policies();
        let mut removed = policies.remove(|attached| attached.id == parameters.id);
        Ok(Json(removed.pop().ok_or_else(not_found)?.into()))
    }
}
