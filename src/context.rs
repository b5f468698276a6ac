//! What one request may use.

use chrono::{DateTime, Utc};

use crate::credentials::Credentials;
use crate::nonces::Nonces;
use crate::rate_limit::RateLimiter;
use crate::store::Store;
use crate::tencent;

/// The surroundings of one request: everything is read from here, nothing from globals.
pub struct Context<'a> {
    /// The secrets.
    pub store: &'a Store,
    /// Who may sign, and how strictly that is checked.
    pub auth: &'a Auth,
    /// The region of a request that names none.
    pub default_region: &'a str,
    /// What can be set of the second face.
    pub tencent: &'a tencent::Settings,
    /// Counts requests, where only so many are answered.
    pub rate_limiter: Option<&'a RateLimiter>,
    /// The moment the request arrived; one for the whole request.
    pub now: DateTime<Utc>,
    /// The id of the request.
    pub request_id: &'a str,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum AuthMode {
    /// Nothing.
    Off,
    /// Signatures made with a configured key; unsigned requests and unknown keys are let in.
    Lenient,
    /// Only configured keys, with a right signature and a fresh time stamp: within 15 minutes and with
    /// a new nonce on Alibaba Cloud, within 300 seconds, unless set otherwise, on Tencent Cloud.
    Strict,
}

/// The outcome of a request, for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The operation asked for, if there is such a one.
    pub action: Option<&'static str>,
    /// The error code answered, or `OK`.
    pub code: &'static str,
}
