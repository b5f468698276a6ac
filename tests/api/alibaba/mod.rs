//! Tests of the Alibaba Cloud API.

mod authentication;
mod evidence;
mod instance;
mod key_states;
mod keys;
mod life_cycle;
mod limits;
mod other_products;
mod seed_values;
pub mod session;
mod signature;
mod states;
mod sts;
