//! Checks a request of the instance API, and runs the operation of KMS.

use std::sync::Arc;

use super::error::{self, InstanceError};
use super::operations::{self, Reply};
use super::{API_NAME, CONTENT_TYPE, KEY_VERSION_ID, as_rpc, decode, signature};
use crate::clouds::alibaba::rpc::handler::{self, Authenticated};
use crate::clouds::alibaba::rpc::request::Request;
use crate::clouds::alibaba::settings::Settings;
use crate::clouds::api::{CloudRequest, RequestProperties};
use crate::clouds::context::{AuthMode, Context};
use crate::clouds::description::ErrorSample;
use crate::clouds::outcome::{Outcome, reason};
use crate::http::wire::{WireReply, WireRequest};
use crate::model::Cloud;

/// A request of the instance API.
pub(in crate::clouds::alibaba) struct InstanceRequest {
    wire: Arc<WireRequest>,
    /// The same request in the RPC protocol.
    request: Request,
    settings: Arc<Settings>,
}

impl InstanceRequest {
    pub(in crate::clouds::alibaba) fn new(wire: Arc<WireRequest>, settings: Arc<Settings>) -> Self {
        Self {
            request: as_rpc(&wire),
            wire,
            settings,
        }
    }

    fn name(&self) -> &str {
        self.wire.header(API_NAME).unwrap_or_default()
    }

    fn run(&mut self, context: &Context, outcome: &mut Outcome) -> Result<Reply, InstanceError> {
        let name = self.name().to_owned();
        let version = self.wire.header("x-kms-apiversion").unwrap_or_default();
        if version.is_empty() {
            return Err(InstanceError::MissingApiVersion);
        }
        if !operations::is_known(&name) {
            outcome.note_unknown_action(&name);
            return Err(InstanceError::InvalidApiName(name));
        }
        let wire = Arc::clone(&self.wire);
        let access_key_id = signature::authenticate(&wire, context, outcome)?;
        if operations::kms_action(&name).is_none() {
            outcome.note_unknown_action(&name);
            return Err(InstanceError::Unsupported);
        }
        let operation = decode(&name, &wire).ok_or(InstanceError::MalformedMessage)?;
        let caller = Some(Authenticated { access_key_id });
        let request = &mut self.request;
        let settings = &self.settings;
        let reply = handler::answer_with(
            request,
            caller,
            context,
            settings,
            outcome,
            |kms, arguments, call| operation.run(kms, arguments, call),
        );
        // The client sent no parameters of KMS.
        outcome.ignored.clear();
        Ok(reply?)
    }
}

impl RequestProperties for InstanceRequest {
    fn cloud(&self) -> Cloud {
        Cloud::Alibaba
    }

    fn action(&self) -> Option<&'static str> {
        self.request.known_action()
    }

    fn secret_name(&self) -> Option<&str> {
        self.request.parameter("SecretName")
    }

    fn access_key_id(&self) -> Option<&str> {
        signature::access_key_id(&self.wire)
    }

    fn region(&self) -> Option<String> {
        Some(handler::region_of(&self.request, &self.settings))
    }
}

impl CloudRequest for InstanceRequest {
    fn may_write(&self) -> bool {
        false
    }

    fn is_slow(&self) -> bool {
        // A private key may decrypt.
        matches!(self.name(), "Decrypt" | "Sign")
    }

    fn unknown_action(&self) -> Option<String> {
        let name = self.name();
        let is_unknown = operations::kms_action(name).is_none();
        is_unknown.then(|| name.to_owned())
    }

    fn account_key_id(&self, _: AuthMode) -> Option<&str> {
        signature::access_key_id(&self.wire)
    }

    fn answer(mut self: Box<Self>, context: &Context) -> (WireReply, Outcome) {
        let mut outcome = Outcome::new();
        let reply = match self.run(context, &mut outcome) {
            Ok(Reply {
                message,
                key_version_id,
            }) => {
                let mut reply = reply(200, message);
                if let Some(id) = key_version_id {
                    reply.headers.push((KEY_VERSION_ID, id.into()));
                }
                reply
            }
            Err(error) => {
                if let InstanceError::Kms(error) = &error {
                    handler::note_error(error, &self.request, context, &mut outcome);
                } else if context.is_logged {
                    outcome.reason = Some(reason(error.to_string()));
                }
                outcome.code = error.code();
                let text = error.to_string();
                let id = context.request_id;
                let message = error::message(error.status(), error.code(), &text, id);
                reply(error.status(), message)
            }
        };
        (reply, outcome)
    }

    fn reply_with(&self, error: Arc<ErrorSample>, context: &Context) -> WireReply {
        let id = self.account_key_id(context.auth.mode);
        let error = handler::completed(error, &self.request, id, context, &self.settings);
        let ErrorSample {
            status,
            code,
            message,
            ..
        } = &*error;
        let body = error::message(*status, code, message, context.request_id);
        reply(*status, body)
    }
}

fn reply(status: u16, message: Vec<u8>) -> WireReply {
    WireReply {
        status,
        headers: vec![("content-type", CONTENT_TYPE.into())],
        body: message.into(),
        ..WireReply::default()
    }
}
