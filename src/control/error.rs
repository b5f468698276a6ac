//! The errors of the control API.

use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::fixture::ParseError;
use crate::fixtures::ExportError;
use crate::http::wire::WireReply;
use crate::store::StoreError;

/// An error: a code for programs, a message for people, and the place of the mistake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Error")]
pub struct ControlError {
    /// The code, for programs.
    pub code: ErrorCode,
    /// The explanation, for people.
    pub message: String,
    /// The place of the mistake: `path`, `query`, `header Host`, or a member of the body such as
    /// `body.match.nth`.
    pub place: String,
}

/// Declares the codes with their statuses.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $status:expr;)*) => {
        /// The code of an error.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
        pub enum ErrorCode {
            $($(#[$doc])* $name,)*
        }

        impl ErrorCode {
            /// The HTTP status of the reply.
            #[must_use]
            pub fn status(self) -> u16 {
                match self {
                    $(Self::$name => $status,)*
                }
            }

            /// The code as text.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }
        }
    };
}

codes! {
    /// A parameter of the query or the path is unknown, missing or malformed.
    InvalidParameter = 400;
    /// The body is not valid.
    InvalidBody = 400;
    /// A fixture is not valid.
    InvalidFixture = 400;
    /// The control API requires a token, and the request has no token or a wrong one.
    Unauthorized = 401;
    /// The host name is not one of this machine.
    HostNotAllowed = 403;
    /// A web page of another site sent the request.
    CrossSiteRequest = 403;
    /// The control API has no such path, or is not served at this address.
    UnknownPath = 404;
    /// There is no snapshot with this name.
    SnapshotNotFound = 404;
    /// There is no tenant with this account.
    TenantNotFound = 404;
    /// The tenant does not have its own clock.
    ClockNotFound = 404;
    /// There is no fault rule with this number.
    FaultNotFound = 404;
    /// There is no policy with this id.
    PolicyNotFound = 404;
    /// The server has no access key of the account.
    AccessKeyNotFound = 404;
    /// The journal does not contain a request with this id.
    RequestNotFound = 404;
    /// The server has no certificate authority, because it was started with `--tls-cert`.
    NoAuthority = 404;
    /// The path has no such method.
    MethodNotAllowed = 405;
    /// The clock would show a time before 1970 or after the year 9998.
    ClockOutOfRange = 409;
    /// The maximum number of fault rules is reached.
    TooManyFaults = 409;
    /// The maximum number of policies is reached.
    TooManyPolicies = 409;
    /// The body is larger than the server accepts.
    BodyTooLarge = 413;
    /// The store failed; the log has the reason.
    StoreFailed = 500;
    /// The start-up fixtures cannot be loaded again; the log has the reason.
    FixturesFailed = 500;
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

    /// The error for a mistake in the fixture of a request.
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
        tracing::error!(%error, "a request of the control API failed");
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
            // Serialization cannot fail: the object has three texts.
            body: serde_json::to_vec(&error).unwrap_or_default().into(),
            ..Self::default()
        }
    }
}
