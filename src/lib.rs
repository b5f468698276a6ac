//! kms-emulator: a local stand-in for a cloud secrets manager.

pub mod model;
pub mod store;
