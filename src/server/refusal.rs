//! Requests that go too far to be read.

use std::cell::Cell;
use std::rc::Rc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::rewriter::REFUSED;

/// Why a request is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It has too many headers, or too long ones.
    TooLargeHeaders,
    /// It took too long to arrive.
    TooSlow,
}

/// Says to who answers a request that its connection ended because it took too long to arrive.
#[derive(Debug, Clone, Default)]
pub(super) struct TooSlow(Rc<Cell<bool>>);

impl TooSlow {
    pub(super) fn set(&self) {
        self.0.set(true);
    }
}

impl Refusal {
    pub(super) fn status(self) -> u16 {
        match self {
            Self::TooLargeHeaders => 431,
            Self::TooSlow => 408,
        }
    }

    fn code_and_message(self) -> (&'static str, &'static str) {
        match self {
            Self::TooLargeHeaders => (
                "RequestHeaderFieldsTooLarge",
                "The request has too many headers, or too long ones.",
            ),
            Self::TooSlow => (
                "RequestTimeout",
                "The request did not arrive in the time it may take.",
            ),
        }
    }

    /// The answer, after which the connection is closed.
    pub(super) fn respond(self) -> HttpResponse {
        let (code, message) = self.code_and_message();
        tracing::info!(status = self.status(), code, "request refused");
        let status = StatusCode::from_u16(self.status()).unwrap_or(StatusCode::BAD_REQUEST);
        HttpResponse::build(status)
            .force_close()
            .content_type("application/json")
            .body(format!(r#"{{"code":"{code}","message":"{message}"}}"#))
    }
}

/// Whether this is what [`Rewriter`](super::rewriter::Rewriter) put in the place of a request.
pub(super) fn of_head(request: &HttpRequest) -> Option<Refusal> {
    // There is not more to it.
    if request.headers().len() != 2 {
        return None;
    }
    let status = request.headers().get(REFUSED)?.as_bytes();
    [Refusal::TooLargeHeaders, Refusal::TooSlow]
        .into_iter()
        .find(|refusal| refusal.status().to_string().as_bytes() == status)
}

/// Why the rest of a body that has not arrived will not.
pub(super) fn of_body(request: &HttpRequest) -> Option<Refusal> {
    let too_slow: &TooSlow = request.conn_data()?;
    too_slow.0.get().then_some(Refusal::TooSlow)
}
