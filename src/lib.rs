//! kms-emulator: a local stand-in for a cloud secrets manager.

pub mod alibaba;
pub mod clock;
pub mod context;
pub mod credentials;
pub mod description;
pub mod digest;
pub mod emulator;
pub mod ids;
pub mod model;
pub mod nonces;
pub mod store;
pub mod wire;
