//! The clouds: each is a protocol and the services that are reached through it.

pub mod alibaba;
pub mod auth;
pub mod cause;
pub mod context;
pub mod description;
pub mod digest;
pub mod draft;
pub(crate) mod parsed;
pub mod tencent;
