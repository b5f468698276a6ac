//! A request of either cloud, parsed once for all that decide about it.

use std::borrow::Cow;
use std::sync::Arc;

use crate::clouds::alibaba;
use crate::clouds::context::{Context, Outcome};
use crate::clouds::description::ErrorSample;
use crate::clouds::tencent;
use crate::emulator::faults::Subject;
use crate::http::wire::{WireReply, WireRequest};
use crate::model::Cloud;

/// A request with its parameters decoded.
pub(crate) enum Parsed<'w> {
    Alibaba(alibaba::Request<'w>),
    Tencent(tencent::Request<'w>),
}

impl<'w> Parsed<'w> {
    /// Parses a request as one of the cloud that it is for. A request that is recognized as neither
    /// cloud's is answered by Alibaba Cloud's API.
    pub(crate) fn new(wire: &'w WireRequest<'w>) -> Self {
        if tencent::speaks(wire) {
            Self::Tencent(tencent::Request::parse(wire))
        } else {
            Self::Alibaba(alibaba::Request::parse(wire))
        }
    }

    /// Whether the operation changes something.
    pub(crate) fn may_write(&self) -> bool {
        match self {
            Self::Alibaba(request) => request.may_write(),
            Self::Tencent(request) => request.may_write(),
        }
    }

    /// Verifies the request, runs the operation and prints the reply.
    pub(crate) fn answer(self, context: &Context) -> (WireReply, Outcome) {
        match self {
            Self::Alibaba(request) => alibaba::handle(request, context),
            Self::Tencent(request) => tencent::handle(request, context),
        }
    }

    /// Answers with an error.
    pub(crate) fn refuse(&self, error: Arc<ErrorSample>, request_id: &str) -> WireReply {
        match self {
            Self::Alibaba(request) => alibaba::refuse(request, error, request_id),
            Self::Tencent(request) => tencent::refuse(request, error, request_id),
        }
    }
}

impl Subject for Parsed<'_> {
    fn cloud(&self) -> Cloud {
        match self {
            Self::Alibaba(_) => Cloud::Alibaba,
            Self::Tencent(_) => Cloud::Tencent,
        }
    }

    fn action(&self) -> Option<&'static str> {
        match self {
            Self::Alibaba(request) => request.known_action(),
            Self::Tencent(request) => request.known_action(),
        }
    }

    fn secret_name(&self) -> Option<&str> {
        match self {
            Self::Alibaba(request) => request.parameter("SecretName"),
            Self::Tencent(request) => request.text("SecretName"),
        }
    }

    fn access_key_id(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Alibaba(request) => request.access_key_id().map(Cow::Borrowed),
            Self::Tencent(request) => request.access_key_id(),
        }
    }
}
