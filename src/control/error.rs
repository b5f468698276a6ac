//! What the controls answer when they cannot do what is asked.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::fixture::ParseError;
use crate::fixtures::ExportError;
use crate::http::wire::WireReply;
use crate::store::StoreError;

/// An error: a code to compare, a sentence to read, and the place of the fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Error")]
pub struct ControlError {
    /// What is wrong, for programs.
    pub code: ErrorCode,
    /// What is wrong, for people.
    pub message: String,
    /// Where it is wrong: `path`, `query`, `header Host`, or a member of the body such as
    /// `body.match.nth`.
    pub place: String,
}

/// Declares the codes with their statuses.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $status:expr;)*) => {
        /// What is wrong, for programs.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
        pub enum ErrorCode {
            $($(#[$doc])* $name,)*
        }

        impl ErrorCode {
            /// The HTTP status that it comes with.
            #[must_use]
            pub fn status(self) -> u16 {
                match self {
                    $(Self::$name => $status,)*
                }
            }
        }
    };
}

codes! {
    /// A parameter of the query or the path is unknown, missing or malformed.
    InvalidParameter = 400;
    /// The body is not what it should be.
    InvalidBody = 400;
    /// A fixture has a mistake.
    InvalidFixture = 400;
    /// The controls are protected by a token, and the request has none or another one.
    Unauthorized = 401;
    /// The host asked for is not known to be this machine's.
    HostNotAllowed = 403;
    /// A web page of another site sends the request.
    CrossSiteRequest = 403;
    /// There is no such control, or it is not served at this address.
    UnknownPath = 404;
    /// There is no snapshot of this name.
    SnapshotNotFound = 404;
    /// There is no tenant of this account.
    TenantNotFound = 404;
    /// There is no fault of this number.
    FaultNotFound = 404;
    /// No access key is known that signs for the account.
    AccessKeyNotFound = 404;
    /// The journal has no request of this id any more.
    RequestNotFound = 404;
    /// This server has no certificate authority of its own.
    NoAuthority = 404;
    /// The control does not answer to this method.
    MethodNotAllowed = 405;
    /// The clock would show a time before 1970 or behind the year 9998.
    ClockOutOfRange = 409;
    /// There are as many faults as there can be.
    TooManyFaults = 409;
    /// The body is longer than the server reads.
    BodyTooLarge = 413;
    /// The store failed; the log has the cause.
    StoreFailed = 500;
    /// The fixtures given at the start cannot be loaded any more; the log has the cause.
    FixturesFailed = 500;
    /// The server is still starting.
    NotReady = 503;
}

impl ControlError {
    /// An error at a place.
    pub fn new(code: ErrorCode, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            place: place.into(),
        }
    }

    /// A mistake in a fixture that was sent.
    #[must_use]
    pub fn of_fixture(mistake: ParseError) -> Self {
        let place = match mistake.place.trim_start_matches('.') {
            "" => "body".to_owned(),
            place if place.starts_with('[') => format!("body{place}"),
            place => format!("body.{place}"),
        };
        Self::new(ErrorCode::InvalidFixture, place, mistake.reason)
    }
}

impl From<StoreError> for ControlError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "a control failed");
        Self::new(
            ErrorCode::StoreFailed,
            "store",
            "the store failed; see the log",
        )
    }
}

impl From<ExportError> for ControlError {
    fn from(error: ExportError) -> Self {
        tracing::error!(%error, "an export failed");
        Self::new(
            ErrorCode::StoreFailed,
            "store",
            "the store failed; see the log",
        )
    }
}

impl From<ControlError> for WireReply {
    fn from(error: ControlError) -> Self {
        let mut headers = vec![("content-type", "application/json".into())];
        match error.code {
            ErrorCode::Unauthorized => headers.push(("www-authenticate", "Bearer".into())),
            // The place names the methods that are allowed.
            ErrorCode::MethodNotAllowed => {
                let allowed = error.place.trim_start_matches("method, not ");
                headers.push(("allow", allowed.to_owned().into()));
            }
            _ => {}
        }
        Self {
            status: error.code.status(),
            headers,
            // Three texts: this prints always.
            body: serde_json::to_vec(&error).unwrap_or_default().into(),
            ..Self::default()
        }
    }
}
