//! Decides which part answers a request.

pub mod guard;
pub mod startup;
