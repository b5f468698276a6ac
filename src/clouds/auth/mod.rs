//! Access keys, the nonces that were used, and the number of requests that a key may send.

pub mod credentials;
pub mod nonces;
pub mod rate_limit;
