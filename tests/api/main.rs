//! Tests from outside: whole requests in, whole replies out, in the process, over sockets and
//! against the built program.

mod authentication;
mod durability;
mod exchanges;
mod life_cycle;
mod limits;
mod process;
mod readme;
mod session;
mod states;
mod support;
mod transport;
