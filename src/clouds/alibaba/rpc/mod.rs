//! The RPC protocol: one URL, an operation by name, parameters in query, form or JSON, replies in JSON or
//! XML.

pub(crate) mod error;
pub(crate) mod handler;
pub(crate) mod parameter;
mod product;
pub(crate) mod protocol;
pub(crate) mod region;
pub(crate) mod reply;
pub(crate) mod request;
pub(crate) mod signature;
pub(crate) mod signer;
