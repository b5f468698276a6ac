//! Credential sources, from which SDKs obtain temporary keys without an operation of a cloud's API: the metadata
//! services of virtual machines, and the credentials URI.
//!
//! Their requests are [`CloudRequest`]s, so fault rules, journal, coverage and the rate limit apply to them. The
//! operation of such a request is the path of its resource, such as `/latest/meta-data/region-id`.

pub(crate) mod metadata;
mod reply;
mod resource;

use std::sync::Arc;

use crate::clouds::api::{CloudRequest, RequestProperties};
use crate::clouds::context::{AuthMode, Context};
use crate::clouds::description::{ErrorDescription, ErrorSample, ErrorValues};
use crate::clouds::outcome::{OK, Outcome, Verdict};
use crate::clouds::shown_request::ShownRequest;
use crate::http::shown::shortened;
use crate::http::wire::{WireReply, WireRequest};
use crate::model::{Cloud, Scope};

pub(crate) use reply::SourceReply;
pub use resource::{CredentialResource, RejectedParameter};
pub(crate) use resource::{ROLE_PARAMETER, SourceDescription, SourceParameter, secret_text, text};

/// The requests per second for one resource, if the rate is limited.
const RATE_LIMIT: u32 = 30;

/// The error of a request above the rate limit.
const TOO_MANY_REQUESTS: ErrorDescription = ErrorDescription {
    code: "TooManyRequests",
    status: 429,
    message: "the rate limit of this resource is exceeded",
};

/// A request for a resource of a credential source.
pub(crate) trait SourceRequest: Send {
    /// The cloud that the keys are for.
    fn cloud(&self) -> Cloud;

    /// The path of the resource; absent if the source has none at the path of the request.
    fn resource(&self) -> Option<&'static str>;

    /// The path of the request.
    fn path(&self) -> &str;

    /// The methods of the resource, for the header `Allow`.
    fn methods(&self) -> &'static str;

    /// The parameters that the request has: one bit for each parameter of the resource, in its order.
    fn sent_parameters(&self) -> u64;

    /// The id of an access key, or the number of the account, for which the request is; absent for the default account.
    fn account_key_id(&self) -> Option<&str>;

    /// The region of the keys.
    fn region(&self) -> &str;

    /// Answers the request. Returns the reply and its code: [`OK`], or the code of an error.
    fn answer(&self, context: &Context, account: &str) -> (SourceReply, &'static str);
}

/// Handles a [`SourceRequest`] as a [`CloudRequest`].
pub(crate) struct CredentialRequest<R>(pub(crate) R);

impl<R: SourceRequest> CredentialRequest<R> {
    /// Adds the methods of the resource to the reply to a request with another one.
    fn with_methods(&self, mut reply: WireReply) -> WireReply {
        if reply.status == 405 {
            reply.headers.push(("allow", self.0.methods().into()));
        }
        reply
    }

    fn scope(&self, context: &Context) -> Scope {
        let account_key_id = self.0.account_key_id();
        Scope {
            cloud: self.0.cloud(),
            account: context.auth.credentials.account_of(account_key_id),
            region: self.0.region().to_owned(),
        }
    }
}

impl<R: SourceRequest> RequestProperties for CredentialRequest<R> {
    fn cloud(&self) -> Cloud {
        self.0.cloud()
    }

    fn action(&self) -> Option<&'static str> {
        self.0.resource()
    }

    fn secret_name(&self) -> Option<&str> {
        None
    }

    fn access_key_id(&self) -> Option<&str> {
        None
    }

    fn region(&self) -> Option<String> {
        Some(self.0.region().to_owned())
    }

    fn is_for_credential_source(&self) -> bool {
        true
    }
}

impl<R: SourceRequest> CloudRequest for CredentialRequest<R> {
    fn may_write(&self) -> bool {
        false
    }

    fn is_slow(&self) -> bool {
        false
    }

    fn unknown_action(&self) -> Option<String> {
        let is_unknown = self.0.resource().is_none();
        is_unknown.then(|| self.0.path().to_owned())
    }

    fn account_key_id(&self, _: AuthMode) -> Option<&str> {
        self.0.account_key_id()
    }

    fn answer(self: Box<Self>, context: &Context) -> (WireReply, Outcome) {
        let scope = self.scope(context);
        let resource = self.0.resource();
        let mut outcome = Outcome {
            action: resource,
            verdict: Verdict::Unsigned,
            parameters: self.0.sent_parameters(),
            ..Outcome::new()
        };
        if resource.is_none() {
            outcome.note_unknown_action(self.0.path());
        }
        let is_too_fast = resource
            .zip(context.rate_limiter)
            .is_some_and(|(resource, limiter)| {
                limiter.count(&scope, resource, "", context.now) > RATE_LIMIT
            });
        let (reply, code) = if is_too_fast {
            SourceReply::of_error(&TOO_MANY_REQUESTS)
        } else {
            self.0.answer(context, &scope.account)
        };
        outcome.scope = Some(scope);
        outcome.code = code;
        outcome.shown_body = reply.shown_body.filter(|_| code == OK);
        (self.with_methods(reply.wire), outcome)
    }

    fn reply_with(&self, error: Arc<ErrorSample>, context: &Context) -> WireReply {
        let error = error.for_request(|| ErrorValues {
            id: context.request_id.to_owned(),
            action: self.0.resource().unwrap_or_default().to_owned(),
            version: "latest".to_owned(),
            resource: self.0.resource().unwrap_or_default().to_owned(),
            scope: self.scope(context),
            time: context.now,
        });
        self.with_methods(SourceReply::error(error.status, error.code, &error.message).wire)
    }
}

/// A request for a credential source as it was received: its path has no secrets.
pub(crate) fn with_path(shown: ShownRequest, wire: &WireRequest) -> ShownRequest {
    let path: String = wire.path.chars().filter(char::is_ascii_graphic).collect();
    ShownRequest {
        path: shortened(path),
        ..shown
    }
}
