//! Requests and replies as plain values, and the encodings of their parts.

pub mod form;
pub(crate) mod headers;
pub mod host;
pub mod json;
pub(crate) mod percent;
pub(crate) mod public_authorities;
pub mod shown;
pub mod wire;
