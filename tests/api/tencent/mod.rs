//! Tests of the Tencent Cloud API.

mod clients;
mod fixtures;
mod gateway;
mod life_cycle;
mod limits;
mod list_secrets;
mod product_secrets;
pub mod session;
mod signature;
mod states;
mod sts;
mod tags;
