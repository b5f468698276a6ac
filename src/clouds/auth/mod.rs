//! Access keys, used nonces, and the rate limit.

pub mod credentials;
pub mod nonces;
pub mod rate_limit;
