//! Tests of the Tencent Cloud API.

mod clients;
mod fixtures;
mod gateway;
mod life_cycle;
mod limits;
mod list_secrets;
pub mod session;
mod signature;
mod states;
mod tags;
