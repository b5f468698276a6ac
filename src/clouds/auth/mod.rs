//! Access keys, used nonces, and the rate limit.

pub mod credentials;
pub(crate) mod lookup;
pub mod nonces;
pub mod rate_limit;
