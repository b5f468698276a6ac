//! The protocol API 3.0: one URL, an operation by name, common parameters in headers or among the others,
//! replies in JSON.

pub(crate) mod error;
pub(crate) mod error_samples;
pub(crate) mod handler;
pub(crate) mod parameter;
mod product;
pub(crate) mod protocol;
pub(crate) mod region;
pub(crate) mod reply;
pub(crate) mod request;
pub(crate) mod signature;
pub(crate) mod signer;
