//! The service SSM, version 2019-09-23.
pub(crate) mod details;
pub mod fixture;
pub mod operations;
pub(crate) mod resource;
pub(crate) mod settings;
pub(crate) mod shapes;
pub(crate) mod tags;
