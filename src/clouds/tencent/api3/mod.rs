//! The protocol API 3.0: requests, errors and signatures.
pub(crate) mod error;
pub(crate) mod parameter;
pub(crate) mod region;
pub(crate) mod reply;
pub(crate) mod request;
pub(crate) mod signature;
pub(crate) mod signer;
