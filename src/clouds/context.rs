//! What one request may use.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::Serialize;

use crate::clouds::auth::credentials::Credentials;
use crate::clouds::auth::nonces::Nonces;
use crate::clouds::auth::rate_limit::RateLimiter;
use crate::clouds::notes::Notes;
use crate::store::Store;

/// The surroundings of one request: everything is read from here, nothing from globals.
pub struct Context<'a> {
    /// The secrets.
    pub store: &'a Store,
    /// Who may sign, and how strictly that is checked.
    pub auth: &'a Auth,
    /// Whether outcomes carry details that only the log shows.
    pub is_logged: bool,
    /// Counts requests, where only so many are answered.
    pub rate_limiter: Option<&'a RateLimiter>,
    /// The moment the request arrived; one for the whole request.
    pub now: DateTime<Utc>,
    /// The id of the request.
    pub request_id: &'a str,
    /// Takes notes for hint and log.
    pub notes: &'a Notes,
}

/// How requests are authenticated.
#[derive(Debug)]
pub struct Auth {
    /// How much is checked.
    pub mode: AuthMode,
    /// The keys that may sign.
    pub credentials: Credentials,
    /// The nonces used so far.
    pub nonces: Nonces,
}

/// How much of a request's signature is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuthMode {
    /// Nothing.
    Off,
    /// Signatures made with a configured key; unsigned requests and unknown keys are let in.
    Lenient,
    /// Only configured keys, with a right signature and a fresh time stamp: within 15 minutes and with
    /// a new nonce on Alibaba Cloud, within 300 seconds, unless set otherwise, on Tencent Cloud.
    Strict,
}
