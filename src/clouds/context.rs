//! The context in which a request is handled.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::auth::credentials::Credentials;
use crate::clouds::auth::nonces::Nonces;
use crate::clouds::auth::rate_limit::RateLimiter;
use crate::clouds::notes::Notes;
use crate::clouds::reply_cache::ReplyCache;
use crate::model::FilterMatch;
use crate::store::Store;

/// The context of a request. Handlers use no global state.
pub struct Context<'a> {
    /// The secrets and keys.
    pub store: &'a Store,
    /// The cached replies to reads.
    pub replies: &'a ReplyCache,
    /// How requests are authenticated.
    pub auth: &'a Auth,
    /// The certificate of the server's certificate authority, in PEM, if there is one.
    pub authority: Option<&'a str>,
    /// Whether to collect details that only the log uses.
    pub is_logged: bool,
    /// The rate limiter, if the rate is limited.
    pub rate_limiter: Option<&'a RateLimiter>,
    /// How filters match on Alibaba Cloud, if the tenant has its own setting.
    pub alibaba_filter_match: Option<FilterMatch>,
    /// The time at which the request arrived, by the clock of its account. All of the request uses this time.
    pub now: DateTime<Utc>,
    /// The time by the clock of another account.
    pub now_in: &'a (dyn Fn(&str) -> DateTime<Utc> + Sync),
    /// The id of the request.
    pub request_id: &'a str,
    /// Takes notes for hint and log.
    pub notes: &'a Notes,
}

/// How requests are authenticated.
#[derive(Debug)]
pub struct Auth {
    /// The mode of authentication.
    pub mode: AuthMode,
    /// The access keys.
    pub credentials: Credentials,
    /// The used nonces.
    pub nonces: Nonces,
}

/// The mode of authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuthMode {
    /// No checks.
    Off,
    /// Signatures of configured keys are checked; unsigned requests and unknown keys are accepted.
    Lenient,
    /// Only configured keys with a correct signature and a fresh time stamp are accepted: on Alibaba Cloud
    /// within 15 minutes and with a new nonce, on Tencent Cloud within 300 seconds by default.
    Strict,
}
