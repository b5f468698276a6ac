//! Access keys, temporary keys, RSA public keys, used nonces, and the rate limit.

pub mod credentials;
pub mod issued;
pub(crate) mod lookup;
pub mod nonces;
pub mod rate_limit;
pub mod rsa_key;
