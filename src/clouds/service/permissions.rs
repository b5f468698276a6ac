//! Access control: checks that the policies of a caller allow its requests.

use super::operation::SupportedOperation;
use super::protocol::{Call, Protocol};
use crate::clouds::auth::credentials::AccessKey;
use crate::clouds::auth::policy::{
    ApplicablePolicies, Caller, Decision, Permission, RequestContext, decide,
};
use crate::clouds::outcome::Outcome;
use crate::http::wire::Client;

/// Finds the permissions that a request needs; none for an operation without access control.
type Needed<P> = for<'r> fn(
    &'r <P as Protocol>::Arguments<'r>,
    &Call<P>,
    &'static str,
) -> Result<Vec<Permission>, <P as Protocol>::Error>;

/// The access control of a service.
pub struct AccessControl<P: Protocol> {
    /// Finds the permissions that a request needs.
    pub(crate) needed: Needed<P>,
    /// The error for a request without a permission, given the decision and the request id.
    pub(crate) error: fn(&Decision, &str) -> P::Error,
    /// Describes the actions and resources of an operation, for documents.
    pub(crate) row: fn(&'static str) -> PermissionRow,
}

/// The permissions that an operation needs: a row of the tables in `docs/permissions.md`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PermissionRow {
    /// The operation.
    pub action: &'static str,
    /// The actions, separated by commas; empty if no permission is needed.
    pub actions: String,
    /// The resources, without the common beginning of resource names.
    pub resources: String,
}

/// Checks that the caller of an operation has the permissions that the request needs, and records the decision in
/// `outcome`: the first one that denies the request, or else the first one.
///
/// # Errors
///
/// The error of the service for a missing permission, and for a parameter that is not a valid name of a resource.
pub(crate) fn check<'r, P: Protocol>(
    access_control: Option<&AccessControl<P>>,
    operation: &SupportedOperation<P>,
    arguments: &'r P::Arguments<'r>,
    call: &Call<P>,
    client: Client,
    outcome: &mut Outcome,
) -> Result<(), P::Error> {
    let Some(access_control) = access_control else {
        return Ok(());
    };
    let credentials = &call.context.auth.credentials;
    let policies = credentials.policies();
    // The caller of an operation without a signature is unknown.
    if policies.are_off() || operation.unsigned.is_some() {
        return Ok(());
    }
    let keys = credentials.keys();
    let key = call.access_key_id.and_then(|id| keys.get(id));
    let session = key
        .as_deref()
        .and_then(|key: &AccessKey| key.session.as_ref());
    let restrictions = session.map(|session| &session.restrictions);
    // A federated user has the policies of the key that issued its key.
    let issuer = restrictions.and_then(|restrictions| restrictions.access_key_id.as_deref());
    let caller = Caller::new(
        call.scope.cloud,
        &call.scope.account,
        issuer.or(call.access_key_id),
        session.map(|session| &session.principal),
    );
    let applicable = ApplicablePolicies {
        identity: policies.of(call.scope.cloud, &caller),
        session: restrictions.and_then(|restrictions| restrictions.policy.clone()),
    };
    if !applicable.any() {
        return Ok(());
    }
    for permission in (access_control.needed)(arguments, call, operation.action)? {
        let request = RequestContext {
            caller: &caller,
            permission: &permission,
            now: call.context.now,
            client,
        };
        let decision = decide(&applicable, &request);
        if !decision.allowed {
            outcome.hint = Some(decision.hint());
            let error = (access_control.error)(&decision, call.context.request_id);
            outcome.permission = Some(Box::new(decision));
            return Err(error);
        }
        outcome.permission.get_or_insert_with(|| Box::new(decision));
    }
    Ok(())
}
