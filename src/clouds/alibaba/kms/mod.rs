//! The service Kms, version 2016-01-20.
pub mod fixture;
pub(crate) mod managed;
pub mod operations;
pub(crate) mod password;
pub(crate) mod policy;
pub(crate) mod resource;
pub(crate) mod settings;
pub(crate) mod shapes;
pub(crate) mod tags;
pub(crate) mod versions;
