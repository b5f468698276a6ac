//! HTTP errors: requests that are rejected before they are parsed, and the replies to them.

use std::cell::Cell;
use std::rc::Rc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};

use super::rewriter::REFUSED;

/// The reason why a request is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RequestError {
    /// A line ends in LF without CR.
    BareLineFeed,
    /// The request line is not valid.
    RequestLine,
    /// The request target is not valid.
    Target,
    /// A header line is not valid.
    HeaderLine,
    /// The length of the body is not valid.
    ContentLength,
    /// The body is encoded in a way that is not supported.
    TransferEncoding,
    /// There is no Host header, or more than one.
    Host,
    /// The target names another host than the Host header.
    OtherHost,
    /// The target is too long.
    TooLongTarget,
    /// The request has too many headers, or too long ones.
    TooLargeHeaders,
    /// The request timeout was exceeded.
    TooSlow,
    /// A CONNECT request for a target that is not offered.
    NoTunnel,
    /// The target has a host that this server does not emulate.
    ForeignTarget,
}

const ALL: [RequestError; 13] = [
    RequestError::BareLineFeed,
    RequestError::RequestLine,
    RequestError::Target,
    RequestError::HeaderLine,
    RequestError::ContentLength,
    RequestError::TransferEncoding,
    RequestError::Host,
    RequestError::OtherHost,
    RequestError::TooLongTarget,
    RequestError::TooLargeHeaders,
    RequestError::TooSlow,
    RequestError::NoTunnel,
    RequestError::ForeignTarget,
];

/// Tells the reader of a body that the connection ended because of the request timeout.
#[derive(Debug, Clone, Default)]
pub(super) struct TooSlow(Rc<Cell<bool>>);

impl TooSlow {
    pub(super) fn set(&self) {
        self.0.set(true);
    }
}

impl RequestError {
    /// Its number in the header that the rewriter adds.
    pub(super) fn number(self) -> u8 {
        self as u8
    }

    fn status_code_and_message(self) -> (StatusCode, &'static str, &'static str) {
        let malformed = |message| (StatusCode::BAD_REQUEST, "MalformedRequest", message);
        let forbidden = |message| (StatusCode::FORBIDDEN, "ProxyTargetNotAllowed", message);
        match self {
            Self::BareLineFeed => malformed("A line ends in LF without CR."),
            Self::RequestLine => {
                malformed("The first line is not a request line of HTTP/1.0 or HTTP/1.1.")
            }
            Self::Target => malformed("The request target is not valid."),
            Self::HeaderLine => malformed("A header line is not valid."),
            Self::ContentLength => malformed(
                "Content-Length must be one decimal number; HTTP/1.0 requires it with POST.",
            ),
            Self::TransferEncoding => malformed(
                "Transfer-Encoding must be chunked, in HTTP/1.1 and without Content-Length.",
            ),
            Self::Host => malformed("There must be exactly one Host header."),
            Self::OtherHost => {
                malformed("The request target and the Host header name different hosts.")
            }
            Self::TooLongTarget => (
                StatusCode::URI_TOO_LONG,
                "RequestTargetTooLong",
                "The request target is too long.",
            ),
            Self::TooLargeHeaders => (
                StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
                "RequestHeaderFieldsTooLarge",
                "The request has too many headers, or too long ones.",
            ),
            Self::TooSlow => (
                StatusCode::REQUEST_TIMEOUT,
                "RequestTimeout",
                "The request did not arrive in time.",
            ),
            Self::NoTunnel => forbidden(
                "CONNECT is accepted only as the first request of a connection without TLS, for the hosts that this server emulates (--tls-name adds one), on port 443 and the server's own port.",
            ),
            Self::ForeignTarget => forbidden(
                "As an HTTP proxy this server serves only the hosts that it emulates; --tls-name adds one.",
            ),
        }
    }

    /// The reply. The connection is closed after it.
    pub(super) fn respond(self) -> HttpResponse {
        let (status, code, message) = self.status_code_and_message();
        tracing::info!(status = status.as_u16(), code, message, "request rejected");
        HttpResponse::build(status)
            .force_close()
            .content_type("application/json")
            .body(format!(r#"{{"code":"{code}","message":"{message}"}}"#))
    }
}

/// The error, if [`Rewriter`](super::rewriter::Rewriter) has replaced the request by one for it.
pub(super) fn of_head(request: &HttpRequest) -> Option<RequestError> {
    // Such a request has exactly two headers.
    if request.headers().len() != 2 {
        return None;
    }
    let number: u8 = request
        .headers()
        .get(REFUSED)?
        .to_str()
        .ok()?
        .parse()
        .ok()?;
    ALL.into_iter().find(|error| error.number() == number)
}

/// The reason why a body ended early, if it was the request timeout.
pub(super) fn of_body(request: &HttpRequest) -> Option<RequestError> {
    let too_slow: &TooSlow = request.conn_data()?;
    too_slow.0.get().then_some(RequestError::TooSlow)
}
