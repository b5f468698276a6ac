//! What is peculiar to the face of Alibaba Cloud.

mod authentication;
mod evidence;
mod life_cycle;
mod limits;
pub mod session;
mod signature;
mod states;
