//! Access keys, temporary keys and the tokens to obtain them, policies, RSA public keys, used nonces, and the rate
//! limit.

pub mod credentials;
pub mod issued;
pub(crate) mod lookup;
pub mod nonces;
pub mod oidc;
pub mod policy;
pub mod rate_limit;
pub mod rsa_key;
